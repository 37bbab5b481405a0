package server_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/evenkeel-dev/evenkeel/server/views"
)

// Figures beside DevLake's: one failed deployment here by an incident of the
// hour after it, there two, the second by an incident of another application.
func TestPeerAnswersAddUp(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.admin()
	var events []string
	for _, slug := range []string{"shop", "bank"} {
		if got := s.do("POST", "/api/v1/applications", admin, fmt.Sprintf(`{"slug":%q,"name":%q}`, slug, slug)); got.status != 200 {
			t.Fatalf("register = %d %s", got.status, got.text)
		}
		events = append(events, fmt.Sprintf(`{"kind":"deployment","id":%q,"application":%q,"environment":"production","status":"success","repository":"local/x","commit":%q,"finished_at":"2026-11-02T12:00:00Z"}`, slug, slug, devlakeSHA))
	}
	events = append(events,
		`{"kind":"deployment","id":"late","application":"bank","environment":"production","status":"success","repository":"local/x","commit":"`+devlakeSHA+`","finished_at":"2026-11-03T12:00:00Z"}`,
		`{"kind":"incident","id":"1","application":"bank","opened_at":"2026-11-03T13:00:00Z","resolved_at":"2026-11-03T14:00:00Z"}`,
		`{"kind":"deployment","id":"shop2","application":"shop","environment":"production","status":"success","repository":"local/x","commit":"`+devlakeSHA+`","finished_at":"2026-11-04T12:00:00Z"}`,
		`{"kind":"incident","id":"2","application":"bank","opened_at":"2026-11-08T13:00:00Z","resolved_at":"2026-11-08T14:00:00Z"}`)
	if got := s.do("POST", "/api/v1/events", admin, strings.Join(events, "\n"), "Content-Type", "application/x-ndjson"); got.status != 200 {
		t.Fatalf("events = %d %s", got.status, got.text)
	}
	got := s.do("GET", "/api/v1/peer?as=devlake-2023&from=2026-11-01&to=2026-11-22", admin, "")
	var view views.Peer
	if err := json.Unmarshal([]byte(got.text), &view); err != nil || got.status != 200 || got.header.Get("ETag") == "" {
		t.Fatalf("%v %d %s", err, got.status, got.text)
	}
	fail := view.Figures[2]
	if fail.Ours.Rows != 1 || fail.Theirs.Rows != 2 || len(fail.Lines) != 1 || fail.Lines[0].Reason != "incident_of_other_application" || len(fail.Lines[0].Evidence) != 1 {
		t.Errorf("fail rate %+v", fail)
	}
	explained := map[string]bool{}
	for _, note := range view.Reasons {
		explained[note.Code] = note.Text != ""
	}
	for _, f := range view.Figures {
		for _, line := range append(f.Lines, f.Rules...) {
			if !explained[line.Reason] {
				t.Errorf("%s: %s is not explained", f.Metric, line.Reason)
			}
		}
	}
	if bank := s.do("GET", "/api/v1/peer?as=devlake-2023&from=2026-11-01&to=2026-11-22&application=bank", admin, ""); !strings.Contains(bank.text, `"older_than_window"`) {
		t.Errorf("bank alone = %s", bank.text)
	}
}

func TestPeerQuestionsAreChecked(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.admin()
	for path, want := range map[string]int{
		"/api/v1/peer":                                               422,
		"/api/v1/peer?as=devlake-2021":                               422,
		"/api/v1/peer?as=devlake-2023&application=nobody":            404,
		"/api/v1/peer?as=devlake-2023&from=2026-02-01&to=2026-01-01": 422,
		"/api/v1/peer?as=devlake-2023":                               200,
	} {
		if got := s.do("GET", path, admin, ""); got.status != want {
			t.Errorf("%s = %d %s, want %d", path, got.status, got.text, want)
		}
	}
}

func TestPeerReasonsAreToldApart(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, note := range views.PeerReasons() {
		if seen[note.Code] || note.Text == "" {
			t.Errorf("%s is there twice, or without a text", note.Code)
		}
		seen[note.Code] = true
	}
}
