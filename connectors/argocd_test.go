package connectors_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"text/template"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/evenkeel-dev/evenkeel"
)

var _ = sends("argocd", sender{sign: bearer, key: true})

// argoConfigMap is the file that operators apply.
func argoConfigMap(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile("../deploy/argocd/notifications.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Data map[string]string `yaml:"data"`
	}
	if err := yaml.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	return file.Data
}

// argoRender is the body that the template makes of an Application. Argo CD
// brings sprig's functions along, of which the template uses toJson.
func argoRender(t *testing.T, app string) []byte {
	t.Helper()
	var read struct {
		Webhook map[string]struct {
			Method, Body string
		} `yaml:"webhook"`
	}
	if err := yaml.Unmarshal([]byte(argoConfigMap(t)["template.evenkeel"]), &read); err != nil {
		t.Fatal(err)
	}
	functions := template.FuncMap{"toJson": func(v any) (string, error) {
		text, err := json.Marshal(v)
		return string(text), err
	}}
	parsed, err := template.New("body").Funcs(functions).Parse(read.Webhook["evenkeel"].Body)
	if err != nil || read.Webhook["evenkeel"].Method != "POST" {
		t.Fatal(read, err)
	}
	var object map[string]any
	if err := json.Unmarshal([]byte(app), &object); err != nil {
		t.Fatal(err)
	}
	var body strings.Builder
	if err := parsed.Execute(&body, map[string]any{"app": object, "context": map[string]any{"argocdUrl": "https://argocd.acme.example"}}); err != nil {
		t.Fatal(err)
	}
	return []byte(body.String())
}

// argoSample is an Application as Kubernetes keeps it; PARTS stand for what differs.
const argoSample = `{
 "metadata": {"name": "checkout-prod", "namespace": "argocd", "labels": {"team": "payments", "evenkeel.dev/environment": "production"}},
 "spec": {"project": "payments", "destination": {"name": "prod-eu", "namespace": "checkout-prod"}, "source": {"repoURL": "https://github.com/Acme/fleet.git"}},
 "status": {
  "health": {"status": "Healthy", "lastTransitionTime": "2026-03-02T09:15:02Z"},
  "reconciledAt": "2026-03-02T09:15:02Z",
  "summary": {"images": ["ghcr.io/acme/checkout:main-4f1c9b27d3e85a6071829304a5b6c7d8e9f0a1b2"]},
  "operationState": {
   "operation": {"initiatedBy": {"automated": true}, "retry": {"limit": 5}, "sync": {"revision": "8f3a1c5e7b9d2f4060718293a4b5c6d7e8f90a1b", "prune": true}},
   "phase": "Succeeded", "message": "successfully synced \"all\" tasks <run>", "startedAt": "2026-03-02T09:14:05Z", "finishedAt": "2026-03-02T09:14:21Z",
   "syncResult": {
    "resources": [{"kind": "Deployment", "name": "checkout", "status": "Synced"}],
    "revision": "8f3a1c5e7b9d2f4060718293a4b5c6d7e8f90a1b",
    "source": {"repoURL": "https://github.com/Acme/fleet.git", "targetRevision": "main", "helm": {"parameters": [{"name": "token", "value": "SECRET"}]}}
   }
  }
 }
}`

// The template makes of an Application precisely what the fixtures hold, so the
// fixtures are what Argo CD sends.
func TestArgoTemplateMakesTheFixture(t *testing.T) {
	t.Parallel()
	rendered := argoRender(t, argoSample)
	var got, want any
	if err := json.Unmarshal(rendered, &got); err != nil {
		t.Fatalf("%v in\n%s", err, rendered)
	}
	for _, d := range deliveriesOf(t, "argocd") {
		if d.name == "healthy" {
			if err := json.Unmarshal(d.Body, &want); err != nil {
				t.Fatal(err)
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-fixture +template)\n%s", diff)
	}
	if strings.Contains(string(rendered), "SECRET") {
		t.Error("parameters of charts leave the cluster")
	}
}

// What an Application lacks at first leaves JSON behind that is read as well.
func TestArgoTemplateWithLittle(t *testing.T) {
	t.Parallel()
	s := sourceNamed(t, "argocd")
	const head = `{"metadata":{"name":"a","namespace":"argocd"},"spec":{"project":"default","destination":{"server":"https://kubernetes.default.svc"}},"status":`
	for status, want := range map[string]string{
		`{}`: "never synced",
		`{"operationState":{"operation":{"sync":{}},"phase":"Running","startedAt":"2026-03-02T09:14:05Z"}}`:                                                                                                        "",
		`{"operationState":{"operation":{"sync":{"dryRun":true}},"phase":"Succeeded","startedAt":"2026-03-02T09:14:05Z","finishedAt":"2026-03-02T09:14:05Z"}}`:                                                     "dry run",
		`{"operationState":{"operation":{"sync":{"resources":[{"name":"x"}]}},"phase":"Running","startedAt":"2026-03-02T09:14:05Z"}}`:                                                                              "chosen resources",
		`{"operationState":{"operation":{"initiatedBy":{"automated":true},"sync":{"autoHealAttemptsCount":2}},"phase":"Running","startedAt":"2026-03-02T09:14:05Z"}}`:                                              "by hand",
		`{"operationState":{"operation":{},"phase":"Error","startedAt":"2026-03-02T09:14:05Z","finishedAt":"2026-03-02T09:14:06Z","syncResult":{"revision":"","source":{"repoURL":""}}},"health":{},"summary":{}}`: "",
		`{"operationState":{"operation":{"sync":{}},"phase":"Failed","startedAt":"2026-03-02T09:14:05Z","finishedAt":"2026-03-02T09:14:06Z","syncResult":{"revision":"","revisions":["1.0.0","8f3a1c5e7b9d2f4060718293a4b5c6d7e8f90a1b"],` +
			`"source":{"repoURL":""},"sources":[{"repoURL":"https://charts","chart":"c"},{"repoURL":"https://github.com/acme/fleet"}]}}}`: "",
	} {
		body := argoRender(t, head+status+`}`)
		events, err := receiverOf(t, s, nil).Parse(nil, body)
		lawful(t, events, err)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v\n%s", status, err, body)
		}
	}
}

// Argo CD's own triggers fire once per revision; ours must tell of every sync.
func TestArgoTriggersFirePerSync(t *testing.T) {
	t.Parallel()
	var triggers []struct {
		When    string   `yaml:"when"`
		OncePer string   `yaml:"oncePer"`
		Send    []string `yaml:"send"`
	}
	data := argoConfigMap(t)
	if err := yaml.Unmarshal([]byte(data["trigger.evenkeel"]), &triggers); err != nil {
		t.Fatal(err)
	}
	whens := ""
	for _, one := range triggers {
		whens += one.When
		if !strings.Contains(one.OncePer, "operationState.startedAt") || strings.Contains(one.OncePer, "revision") || !slices.Equal(one.Send, []string{"evenkeel"}) {
			t.Errorf("%+v", one)
		}
	}
	for _, phase := range []string{"'Running'", "'Succeeded'", "'Failed'", "'Error'", "'Healthy'", "'Degraded'"} {
		if !strings.Contains(whens, phase) {
			t.Errorf("nothing fires for %s", phase)
		}
	}
	for _, name := range []string{"service.webhook.evenkeel", "subscriptions"} {
		var held any
		if err := yaml.Unmarshal([]byte(data[name]), &held); err != nil || held == nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestArgoSettingsAreChecked(t *testing.T) {
	t.Parallel()
	settingsNameTheMistake(t, "argocd", map[string]string{
		`{"until":"ready"}`:         "until",
		`{"instance":"a/b"}`:        "instance",
		`{"places":[{"name":"a"}]}`: "places[0].environment",
		`{"places":[{"namespace":"[","environment":"production"}]}`:    "places[0].namespace",
		`{"places":[{"application":"Not A Slug"}]}`:                    "places[0].application",
		`{"images":[{"repository":"github.com/acme/checkout"}]}`:       "images[0].image",
		`{"images":[{"image":"a","repository":"https://github.com"}]}`: "images[0].repository",
	})
}

// A sync is told four times at least, in whatever order; later health and later
// images move nothing.
func TestArgoStoriesEndTheSame(t *testing.T) {
	t.Parallel()
	tell := func(names ...string) []delivery { return fixtures(t, "argocd", names...) }
	health := func(d delivery, status, at string) delivery {
		return d.with(t, map[string]any{"health.status": status, "health.lastTransitionTime": at, "reconciledAt": at, "images": []any{"ghcr.io/acme/checkout:9.9.9"}})
	}
	healthy := tell("healthy")[0]
	const facts = `"commit":"8f3a1c5e7b9d2f4060718293a4b5c6d7e8f90a1b","environment":"production",`
	const rest = `"origin":"argocd:argocd.acme.example/checkout-prod","ref":"main","repository":"github.com/acme/fleet","started_at":"2026-03-02T09:14:05Z",`
	endTheSame(t, "argocd", map[string]story{
		"it becomes healthy": {
			append(tell("running", "succeeded_not_compared_yet", "succeeded_progressing", "two_versions_at_once", "healthy"),
				health(healthy, "Degraded", "2026-03-02T18:00:00Z"), health(healthy, "Healthy", "2026-03-02T19:00:00Z")),
			map[evenkeel.Kind]string{
				evenkeel.KindDeployment: `{"actor_kind":"system","artifact":"ghcr.io/acme/checkout:main-4f1c9b27d3e85a6071829304a5b6c7d8e9f0a1b2",` + facts + `"finished_at":"2026-03-02T09:15:02Z",` + rest +
					`"status":"success","version":"main-4f1c9b27d3e85a6071829304a5b6c7d8e9f0a1b2"}`,
				evenkeel.KindArtifact: `{"artifact":"ghcr.io/acme/checkout:main-4f1c9b27d3e85a6071829304a5b6c7d8e9f0a1b2","commit":"4f1c9b27d3e85a6071829304a5b6c7d8e9f0a1b2","repository":"github.com/acme/checkout"}`,
			},
		},
		"it becomes degraded": {
			tell("running", "succeeded_progressing", "degraded"),
			map[evenkeel.Kind]string{evenkeel.KindDeployment: `{"actor_kind":"system",` + facts + `"finished_at":"2026-03-02T09:24:21Z",` + rest + `"status":"failure"}`},
		},
		"it fails": {
			tell("running", "failed", "self_heal"),
			map[evenkeel.Kind]string{evenkeel.KindDeployment: `{"actor_kind":"system",` + facts + `"finished_at":"2026-03-02T09:14:21Z",` + rest + `"status":"failure"}`},
		},
	})
	// The rollback is another deployment, not another report of the first.
	ids := map[string]bool{}
	for _, d := range tell("healthy", "rollback") {
		events, err := d.parseAs(t, "argocd")
		if err != nil {
			t.Fatal(err)
		}
		ids[events[0].ID] = true
	}
	if len(ids) != 2 {
		t.Errorf("%v", ids)
	}
}
