package connectors_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
)

var _ = sends("devlake", sender{
	sign:        func(header http.Header, _ []byte, secret string) { header.Set("Authorization", "Bearer "+secret) },
	eventHeader: connectors.PathHeader,
	key:         true,
	bodyless:    "issue_close",
})

func devlake(t testing.TB, settings string) connectors.Receiver {
	t.Helper()
	s, err := connectors.SourceNamed("devlake")
	if err != nil {
		t.Fatal(err)
	}
	return receiverOf(t, s, json.RawMessage(settings))
}

func TestTheKeyOfDevLake(t *testing.T) {
	t.Parallel()
	r := devlake(t, "")
	basic := func(text string) string { return "Basic " + base64.StdEncoding.EncodeToString([]byte(text)) }
	for header, good := range map[string]bool{
		"Bearer right": true, "bearer right": true, "  Bearer   right ": true, basic("ci:right"): true, basic(":right"): true,
		"": false, "right": false, "Bearer": false, "Bearer ": false, "Bearer right right": false, "Bearer righ": false, "Bearer rightx": false,
		"Digest right": false, "Basic right": false, basic("right"): false, basic("ci:wrong"): false, basic("ci:"): false,
	} {
		err := r.Verify(http.Header{"Authorization": {header}}, nil, []string{"other", "right"})
		if (err == nil) != good || (!good && !errors.Is(err, evenkeel.ErrDenied)) {
			t.Errorf("%q: %v", header, err)
		}
	}
}

func TestDevLakeSettingsAreChecked(t *testing.T) {
	t.Parallel()
	s, err := connectors.SourceNamed("devlake")
	if err != nil {
		t.Fatal(err)
	}
	for settings, named := range map[string]string{
		`{"application":"Not A Slug"}`: "application", `{"time_zone":"Mars/Olympus"}`: "time_zone", `{"webhook":"a/b"}`: "webhook", `{"webhook":1}`: "webhook", `{"incident_types":"INCIDENT"}`: "incident_types",
	} {
		if _, err := s.Open(json.RawMessage(settings)); err == nil || !strings.Contains(err.Error(), named) {
			t.Errorf("%s: %v", settings, err)
		}
	}
	if called, ok := devlake(t, `{"webhook":"7"}`).(connectors.Callable); !ok || called.Called() != "7" {
		t.Error("the webhook's name is not told")
	}
}

// post reads a body that came to a place at an instant.
func post(t *testing.T, r connectors.Receiver, path, body, at string) []evenkeel.Event {
	t.Helper()
	events, err := r.Parse(http.Header{connectors.PathHeader: {path}, connectors.ArrivalHeader: {at}}, []byte(body))
	if err != nil {
		t.Fatal(err)
	}
	return events
}

// folded is what an incident is after some requests, in any order.
func folded(t *testing.T, events ...evenkeel.Event) *evenkeel.Incident {
	t.Helper()
	var observations []evenkeel.Observation
	for _, e := range events {
		o, err := e.Observe()
		if err != nil {
			t.Fatal(err)
		}
		observations = append(observations, o)
	}
	fields, _, err := evenkeel.Fold(observations)
	if err != nil {
		t.Fatal(err)
	}
	var incident evenkeel.Incident
	if err := json.Unmarshal(fields, &incident); err != nil {
		t.Fatal(err)
	}
	return &incident
}

// An issue that is opened, closed, opened again and closed again ends with the
// second closing; replay in another order changes nothing.
func TestIncidentsOfDevLakeOpenAndClose(t *testing.T) {
	t.Parallel()
	r := devlake(t, "")
	issue := `{"issueKey":"I-1","title":"t","type":"INCIDENT","status":"IN_PROGRESS","originalStatus":"open","createdDate":"2026-03-01T12:00:00Z"}`
	first := post(t, r, "issues", issue, "2026-03-01T12:00:05Z")[0]
	closed := post(t, r, "issue/I-1/close", "", "2026-03-01T13:00:00Z")[0]
	reopened := post(t, r, "issues", issue, "2026-03-01T14:00:00Z")[0]
	again := post(t, r, "issue/I-1/close", "", "2026-03-01T15:00:00Z")[0]
	for _, c := range []struct {
		events   []evenkeel.Event
		resolved string
	}{
		{[]evenkeel.Event{first}, "0001-01-01T00:00:00Z"},
		{[]evenkeel.Event{closed, first}, "2026-03-01T13:00:00Z"},
		{[]evenkeel.Event{first, closed, reopened}, "0001-01-01T00:00:00Z"},
		{[]evenkeel.Event{again, reopened, closed, first, closed}, "2026-03-01T15:00:00Z"},
	} {
		got := folded(t, c.events...)
		if text := got.ResolvedAt.Format("2006-01-02T15:04:05Z"); text != c.resolved || got.OpenedAt.IsZero() {
			t.Errorf("%d requests: resolved %s, want %s", len(c.events), text, c.resolved)
		}
	}
}

// A close that comes again is another delivery: its arrival tells it apart,
// because an issue may be closed twice.
func TestClosingsAreToldApart(t *testing.T) {
	t.Parallel()
	r := devlake(t, "")
	key := func(path, at string) string {
		_, key := r.Identify(http.Header{connectors.PathHeader: {path}, connectors.ArrivalHeader: {at}})
		return key
	}
	keys := []string{key("issue/I-1/close", "1"), key("issue/I-1/close", "2"), key("issue/I-2/close", "1"), key("deployments", "1"), key("deployments", "2")}
	if diff := cmp.Diff([]string{"I-1@1", "I-1@2", "I-2@1", "", ""}, keys); diff != "" {
		t.Error(diff)
	}
}

// The records of one deployment are one group, told apart by repository and
// commit, whichever form they come in and however often.
func TestCommitsOfOneDeploymentAreAGroup(t *testing.T) {
	t.Parallel()
	r := devlake(t, `{"webhook":"1"}`)
	const sha = "5f0c3a1de0b94c7f8a6b2d1c0e9f8a7b6c5d4e3f"
	newer := post(t, r, "deployments", `{"id":"9","startedDate":"2026-03-01T12:00:00Z","finishedDate":"2026-03-01T12:10:00Z","deploymentCommits":[{"repoUrl":"https://github.com/acme/a","commitSha":"`+sha+`"},{"repoUrl":"https://github.com/acme/b","commitSha":"`+sha+`"}]}`, "2026-03-01T12:11:00Z")
	older := post(t, r, "deployments", `{"pipeline_id":9,"repo_url":"git@github.com:acme/a.git","commit_sha":"`+sha+`","start_time":"2026-03-01T12:00:00Z","end_time":"2026-03-01T12:10:00Z"}`, "2026-03-01T12:11:00Z")
	keys := map[string]bool{}
	for _, e := range append(newer, older...) {
		keys[e.Payload.Key(e.Source, e.ID)] = true
		if d, ok := e.Payload.(*evenkeel.Deployment); !ok || d.Group != "devlake:1/9" {
			t.Errorf("%+v", e.Payload)
		}
	}
	if len(newer) != 2 || len(older) != 1 || len(keys) != 2 {
		t.Errorf("%d and %d records of %d names", len(newer), len(older), len(keys))
	}
}

func TestPlacesOfDevLakeAreKnown(t *testing.T) {
	t.Parallel()
	r := devlake(t, "")
	for path, named := range map[string]string{"": "path", "issue/I-1": "path", "issue//close": "path", "cicd_pipeline/A/finish": "path", "deployments/": "id", "/issues": "issueKey"} {
		_, err := r.Parse(http.Header{connectors.PathHeader: {path}}, []byte("{}"))
		if !errors.Is(err, evenkeel.ErrInvalid) || !strings.HasPrefix(err.Error(), named) && !strings.Contains(err.Error(), named+":") {
			t.Errorf("%q: %v, want one about %s", path, err, named)
		}
	}
	_, err := r.Parse(http.Header{connectors.PathHeader: {"issue/I-1/close"}}, nil)
	if !errors.Is(err, evenkeel.ErrInvalid) || !strings.Contains(err.Error(), connectors.ArrivalHeader) {
		t.Errorf("closed at no time: %v", err)
	}
}
