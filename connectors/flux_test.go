package connectors_test

import (
	"os"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/evenkeel-dev/evenkeel"
)

var _ = sends("flux", sender{sign: hexSigner("X-Signature", "sha256=")})

func TestFluxSettingsAreChecked(t *testing.T) {
	t.Parallel()
	settingsNameTheMistake(t, "flux", map[string]string{
		`{"wait":"yes"}`:                                "wait",
		`{"instance":"a b"}`:                            "instance",
		`{"places":[{"name":"a"}]}`:                     "places[0].environment",
		`{"places":[{"repository":"acme"}]}`:            "places[0].repository",
		`{"places":[{"kind":"[","environment":"p"}]}`:   "places[0].kind",
		`{"images":[{"image":"a","repository":"A/B"}]}`: "images[0].repository",
	})
}

// The Provider and the Alert that operators apply name what the source reads.
func TestFluxManifestsFit(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../deploy/flux/evenkeel.yaml")
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]map[string]any{}
	documents := yaml.NewDecoder(strings.NewReader(string(text)))
	for {
		var one struct {
			Kind string         `yaml:"kind"`
			Spec map[string]any `yaml:"spec"`
		}
		if documents.Decode(&one) != nil {
			break
		}
		kinds[one.Kind] = one.Spec
	}
	meta, _ := kinds["Alert"]["eventMetadata"].(map[string]any)
	for _, name := range []string{"environment", "cluster", "repository"} {
		if meta[name] == nil {
			t.Errorf("the alert does not say %s", name)
		}
	}
	if kinds["Provider"]["type"] != "generic-hmac" || kinds["Alert"]["eventSeverity"] != "info" {
		t.Errorf("%v", kinds)
	}
}

func TestFluxStoriesEndTheSame(t *testing.T) {
	t.Parallel()
	tell := func(names ...string) []delivery { return fixtures(t, "flux", names...) }
	at := func(d delivery, when string) delivery { return d.with(t, map[string]any{"timestamp": when}) }
	applied, healthy, failed := tell("applied")[0], tell("healthy")[0], tell("health_check_failed")[0]
	const head = `{"actor_kind":"system","commit":"8f3a1c5e7b9d2f4060718293a4b5c6d7e8f90a1b","environment":"production","finished_at":"`
	const tail = `","origin":"flux:flux-system/checkout","ref":"main","repository":"github.com/acme/fleet","started_at":"2026-03-02T09:14:05Z","status":"`
	endTheSame(t, "flux", map[string]story{
		"one deployment, however often it is told": {
			append(tell("applied", "healthy", "repeated"), at(tell("repeated")[0], "2026-03-02T09:34:05Z"), at(healthy, "2026-03-02T21:00:00Z"), at(applied, "2026-03-03T10:00:00Z"), at(failed, "2026-03-04T10:00:00Z")),
			map[evenkeel.Kind]string{evenkeel.KindDeployment: head + "2026-03-02T09:14:47Z" + tail + `success"}`},
		},
		"a check that fails and then passes": {
			append(tell("applied", "health_check_failed"), at(healthy, "2026-03-02T09:30:00Z")),
			map[evenkeel.Kind]string{evenkeel.KindDeployment: head + "2026-03-02T09:30:00Z" + tail + `success"}`},
		},
		"a check that never passes": {
			append(tell("applied", "health_check_failed"), at(failed, "2026-03-02T09:29:10Z")),
			map[evenkeel.Kind]string{evenkeel.KindDeployment: head + "2026-03-02T09:29:10Z" + tail + `failure"}`},
		},
		"a release whose tests fail": {
			tell("helm_upgraded", "helm_test_failed", "helm_rolled_back"),
			map[evenkeel.Kind]string{evenkeel.KindDeployment: `{"actor_kind":"system","environment":"production","finished_at":"2026-03-02T09:20:00Z","origin":"flux:checkout/checkout","status":"failure","version":"1.4.2"}`},
		},
		"nothing was applied": {
			tell("repeated", "dependency_not_ready", "garbage_collected", "other_kind"), map[evenkeel.Kind]string{},
		},
	})
}
