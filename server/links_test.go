package server_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server"
)

// incident finds an incident of told by its external id.
func (s site) incident(token, name string) map[string]any {
	s.t.Helper()
	for _, item := range s.do("GET", "/api/v1/incidents", token, "").json["items"].([]any) {
		if item := item.(map[string]any); item["external_id"] == name {
			return s.do("GET", "/api/v1/incidents/"+item["id"].(string), token, "").json
		}
	}
	s.t.Fatalf("there is no incident %s", name)
	return nil
}

// versions writes causes or candidates as "version rung gap evidence".
func versions(list any) string {
	texts := []string{}
	for _, one := range list.([]any) {
		c := one.(map[string]any)
		if d, ok := c["deployment"].(map[string]any); ok {
			texts = append(texts, fmt.Sprintf("%v %v %v %q", d["version"], c["rung"], c["gap_seconds"], c["evidence"]))
		} else {
			texts = append(texts, fmt.Sprintf("%v %v %v %v", c["version"], c["gap_seconds"], c["changes"], c["linked"]))
		}
	}
	return strings.Join(texts, "; ")
}

func failRateOf(s site, token string) string {
	rate := s.do("GET", "/api/v1/metrics/dora?application=shop&from=2026-11-01&to=2026-11-22", token, "").json["change_fail_rate"].(map[string]any)
	return fmt.Sprintf("%v of %v", rate["failed"], rate["n"])
}

func (s site) withHistory() (admin string) {
	s.t.Helper()
	admin = s.admin()
	if got := s.do("POST", "/api/v1/applications", admin, `{"slug":"shop","name":"Shop"}`); got.status != 200 {
		s.t.Fatalf("application = %d %s", got.status, got.text)
	}
	s.told(admin)
	return admin
}

func TestPeopleSayWhatCausedAnIncident(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.withHistory()
	ids := s.deployed(admin)
	// Version 1.1 fails by the source's link and by its rollback. i2 follows
	// the rollback by two hours, so the rollback fails too: 2 of 3.
	before := s.incident(admin, "i2")
	if got := versions(before["laid"]); got != `1.0 incident 7200 ""` || before["link"] != nil || failRateOf(s, admin) != "2 of 3" {
		t.Fatalf("by the rules: %s, %s", got, failRateOf(s, admin))
	}
	// 13:00 on the 20th: the rollback 2 h before, 1.1 3 h, the baseline 27 h.
	if got := versions(before["candidates"]); got != "1.0 7200 0 true; 1.1 10800 1 false; 1.0 97200 0 false" {
		t.Errorf("candidates: %s", got)
	}
	path := "/api/v1/incidents/" + before["id"].(string)
	got := s.do("POST", path+"/link", admin, `{"deployments":["`+ids["1"]+`","`+ids["2"]+`"],"reason":"a slow leak"}`)
	if got.status != 200 || versions(got.json["laid"]) != `1.1 person 10800 "a slow leak"; 1.0 person 97200 "a slow leak"` {
		t.Fatalf("laid = %d %s", got.status, got.text)
	}
	if versions(got.json["automatic"]) != `1.0 incident 7200 ""` || got.json["unlinked"] != false || got.json["may_link"] != true {
		t.Errorf("the answer of the rules: %s", versions(got.json["automatic"]))
	}
	// 1.1 and the baseline fail now, the rollback does not: 2 of 3.
	if rate := failRateOf(s, admin); rate != "2 of 3" {
		t.Errorf("rate after the word: %s", rate)
	}
	got = s.do("POST", path+"/link", admin, `{"deployments":[],"reason":"a cable"}`)
	if got.status != 200 || got.json["unlinked"] != true || versions(got.json["laid"]) != "" || failRateOf(s, admin) != "1 of 3" {
		t.Errorf("laid to none = %d %s, %s", got.status, got.text, failRateOf(s, admin))
	}
	got = s.do("DELETE", path+"/link?reason=mistaken", admin, "")
	if got.status != 200 || got.json["link"] != nil || versions(got.json["laid"]) != `1.0 incident 7200 ""` || failRateOf(s, admin) != "2 of 3" {
		t.Errorf("withdrawn = %d %s", got.status, got.text)
	}
	history := got.json["history"].([]any)
	reasons := ""
	for _, word := range history {
		reasons += fmt.Sprint(word.(map[string]any)["reason"], " ", word.(map[string]any)["withdrawn"], "; ")
	}
	if reasons != "mistaken true; a cable false; a slow leak false; " {
		t.Errorf("history: %s", reasons)
	}
	audit := s.do("GET", "/api/v1/audit", admin, "").text
	if strings.Count(audit, `"incident.link"`) != 2 || strings.Count(audit, `"incident.withdraw"`) != 1 {
		t.Errorf("audit: %s", audit)
	}
}

func TestWrongWordsAreNamed(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.withHistory()
	ids := s.deployed(admin)
	path := "/api/v1/incidents/" + s.incident(admin, "i2")["id"].(string) + "/link"
	for name, c := range map[string]struct {
		method, path, token, body string
		status                    int
		says                      string
	}{
		"unknown":       {"POST", path, admin, `{"deployments":["00000000000000000000"]}`, 422, "deployments[0]"},
		"failed":        {"POST", path, admin, `{"deployments":["` + ids["2"] + `","` + ids["4"] + `"]}`, 422, "did not succeed"},
		"nothing":       {"POST", path, admin, `{}`, 422, "deployments"},
		"no incident":   {"POST", "/api/v1/incidents/00000000000000000000/link", admin, `{"deployments":[]}`, 404, "not found"},
		"none held":     {"DELETE", path, admin, "", 409, "nothing to withdraw"},
		"only read":     {"POST", path, s.token("default", time.Time{}, evenkeel.ScopeRead), `{"deployments":[]}`, 403, "scope admin"},
		"only ingest":   {"DELETE", path, s.token("default", time.Time{}, evenkeel.ScopeIngest), "", 403, "scope admin"},
		"nobody at all": {"POST", path, "", `{"deployments":[]}`, 401, ""},
	} {
		if got := s.do(c.method, c.path, c.token, c.body); got.status != c.status || !strings.Contains(got.text, c.says) {
			t.Errorf("%s: %d %s", name, got.status, got.text)
		}
	}
	if rate := failRateOf(s, admin); rate != "2 of 3" {
		t.Errorf("something was kept: %s", rate)
	}
}

func TestWhoSpokeIsShownToPeopleOnly(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.withHistory()
	incident := s.incident(admin, "i2")
	path := "/api/v1/incidents/" + incident["id"].(string)
	if got := s.do("POST", path+"/link", admin, `{"deployments":[]}`); got.status != 200 || got.json["link"].(map[string]any)["by"] != "" {
		t.Errorf("a token sees who spoke: %s", got.text)
	}
	for _, role := range []evenkeel.Role{evenkeel.RoleViewer, evenkeel.RoleOperator} {
		may := role == evenkeel.RoleOperator
		person, csrf := s.signedIn(role)
		got := s.browse(person, "GET", path)
		if by := got.json["link"].(map[string]any)["by"]; !strings.HasPrefix(fmt.Sprint(by), "token:") || got.json["may_link"] != may {
			t.Errorf("%s sees %v, %v", role, by, got.json["may_link"])
		}
		if got := s.browse(person, "DELETE", path+"/link"); got.status != 403 {
			t.Errorf("%s without the token of the form = %d", role, got.status)
		}
		want := map[bool]int{true: 200, false: 403}[may]
		if got := s.browse(person, "DELETE", path+"/link", "X-CSRF-Token", csrf); got.status != want {
			t.Errorf("%s withdraws = %d %s, want %d", role, got.status, got.text, want)
		}
	}
}

// signedIn is a browser of a person with a role, and its token against forgery.
func (s site) signedIn(role evenkeel.Role) (person *http.Client, csrf string) {
	s.t.Helper()
	secret, hash := server.NewSecret()
	if err := s.store.CreateSignIn(s.t.Context(), evenkeel.SignInLink{Role: role, ExpiresAt: clock().Add(time.Hour)}, hash); err != nil {
		s.t.Fatal(err)
	}
	person = browser(s.t)
	s.browse(person, "GET", "/signin?token="+secret)
	csrf, _ = s.browse(person, "GET", "/api/v1/session").json["csrf_token"].(string)
	return person, csrf
}

func TestAnIncidentWasReopened(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.withHistory()
	for _, at := range []string{"14:00", "16:00", "14:00"} {
		line := `{"kind":"incident","id":"i2","observed_at":"2026-11-20T` + at + `:00Z","reopened_at":"2026-11-20T` + at + `:00Z"}`
		if got := s.do("POST", "/api/v1/events", admin, line, "Content-Type", "application/x-ndjson"); got.status != 200 {
			t.Fatalf("event = %d %s", got.status, got.text)
		}
	}
	got := s.incident(admin, "i2")
	if fmt.Sprint(got["reopenings"]) != "[2026-11-20T14:00:00Z 2026-11-20T16:00:00Z]" || got["restored_at"] != nil || got["started_at"] != "2026-11-20T13:00:00Z" {
		t.Errorf("reopened %v, restored %v, started %v", got["reopenings"], got["restored_at"], got["started_at"])
	}
}
