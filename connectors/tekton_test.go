package connectors_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/evenkeel-dev/evenkeel"
)

var _ = sends("tekton", sender{sign: bearer, key: true})

// FuzzTekton reads any body.
func FuzzTekton(f *testing.F) { fuzzSource(f, "tekton") }

func TestTektonSettings(t *testing.T) {
	t.Parallel()
	settingsNameTheMistake(t, "tekton", map[string]string{
		`{"cluster":"a/b"}`:                        "cluster",
		`{"commit_names":[""]}`:                    "commit_names[0]",
		`{"repository_names":["url",""]}`:          "repository_names[1]",
		`{"deployments":[{"pipeline":"ci/x"}]}`:    "deployments[0].environment",
		`{"deployments":[{"environment":"prod"}]}`: "deployments[0].pipeline",
	})
}

func TestTektonTellsOneStory(t *testing.T) {
	t.Parallel()
	const made = `"commit":"1dc6aa69429bff4806ad6afe58d3d8f57e25973e"`
	const of = `"repository":"github.com/acme/checkout"`
	endTheSame(t, "tekton", map[string]story{
		"a pipeline": {
			fixtures(t, "tekton", "started", "running", "unknown", "successful"),
			map[evenkeel.Kind]string{
				evenkeel.KindBuild: `{` + made + `,"finished_at":"2026-03-02T09:21:34Z","pipeline":"ci/release","queued_at":"2026-03-02T09:14:03Z",` + of + `,"result":"success","started_at":"2026-03-02T09:14:05Z"}`,
			},
		},
		"a task of it that deploys": {
			fixtures(t, "tekton", "task_started", "task_running", "task_unknown", "task_failed", "task_no_rule"),
			map[evenkeel.Kind]string{
				evenkeel.KindDeployment: `{` + made + `,"environment":"production","finished_at":"2026-03-02T09:21:34Z","group":"pipelinerun:7b0d9c1e-5a43-4f43-9c42-6f1c2b7a9e01/production",` +
					`"origin":"tekton:ci/release",` + of + `,"started_at":"2026-03-02T09:19:28Z","status":"failure"}`,
			},
		},
	})
}

// TestTektonsSinkCarriesTheKey: the file to apply names an address with the key
// as its password, which Go, in which Tekton is written, sends as basic
// authentication.
func TestTektonsSinkCarriesTheKey(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../deploy/tekton/config-events.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Metadata struct{ Name string } `yaml:"metadata"`
		Data     map[string]string     `yaml:"data"`
	}
	if err := yaml.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	sink := file.Data["sink"]
	if file.Metadata.Name != "config-events" || file.Data["formats"] != "tektonv1" || !strings.Contains(sink, "https://evenkeel:KEY@") {
		t.Fatalf("%+v", file)
	}
	r := receiverOf(t, sourceNamed(t, "tekton"), nil)
	came := make(chan error, 1)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, request *http.Request) {
		body, err := io.ReadAll(request.Body)
		if err == nil {
			err = r.Verify(request.Header, body, []string{"KEY"})
		}
		came <- err
	}))
	defer server.Close()
	here := strings.Replace(sink, "https://evenkeel:KEY@evenkeel.example.com", strings.Replace(server.URL, "http://", "http://evenkeel:KEY@", 1), 1)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, here, strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	response, err := server.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if err := <-came; err != nil {
		t.Error(err)
	}
}
