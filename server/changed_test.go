package server_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// surrounded is an application that needs stock, which needs the ledger, which
// needs mail, which needs dns; billing needs the application.
func (s site) surrounded(token string) {
	s.t.Helper()
	for _, slug := range []string{"shop", "stock", "ledger", "mail", "dns", "billing"} {
		if got := s.do("POST", "/api/v1/applications", token, `{"slug":"`+slug+`","name":"`+strings.ToUpper(slug)+`"}`); got.status != 200 {
			s.t.Fatalf("application = %d %s", got.status, got.text)
		}
	}
	lines := []string{}
	for from, to := range map[string]string{"shop": "stock", "stock": "ledger", "ledger": "mail", "mail": "dns", "billing": "shop"} {
		lines = append(lines, `{"kind":"dependency","id":"`+from+`","from":"`+from+`","to":"`+to+`","basis":"declared"}`)
	}
	deploy := func(id, application, environment, status, at string) {
		lines = append(lines, fmt.Sprintf(`{"kind":"deployment","id":%q,"application":%q,"environment":%q,"status":%q,"version":"v","finished_at":"2026-11-22T%sZ"}`, id, application, environment, status, at))
	}
	deploy("own", "shop", "production", "success", "11:00:00")
	deploy("own eu", "shop", "prod-eu", "success", "11:10:00")
	deploy("own staging", "shop", "staging", "success", "11:20:00")
	deploy("too early", "shop", "production", "success", "09:59:59")
	deploy("direct", "stock", "production", "failure", "11:30:00")
	deploy("second", "ledger", "production", "success", "11:40:00")
	deploy("third", "mail", "production", "success", "10:00:00")
	deploy("fourth", "dns", "production", "success", "11:55:00")
	deploy("caller", "billing", "production", "success", "11:56:00")
	lines = append(lines,
		`{"kind":"flag_change","id":"flag","application":"stock","flag":"new-stock","action":"enabled","at":"2026-11-22T11:50:00Z"}`,
		`{"kind":"incident","id":"trouble","application":"stock","severity":"sev1","caused_by":"direct","opened_at":"2026-11-22T11:45:00Z"}`,
		`{"kind":"incident","id":"seen","application":"shop","severity":"sev1","opened_at":"2026-11-22T11:58:00Z"}`)
	if got := s.do("POST", "/api/v1/events", token, strings.Join(lines, "\n"), "Content-Type", "application/x-ndjson"); got.status != 200 || !strings.Contains(got.text, `"rejected":0`) {
		s.t.Fatalf("events = %d %s", got.status, got.text)
	}
}

// changed lists what changed as "summary kind@distance #rank", newest first.
func (s site) changed(token, query string) (list []string, answer response) {
	s.t.Helper()
	answer = s.do("GET", "/api/v1/changed?application=shop&"+query, token, "")
	if answer.status != 200 {
		s.t.Fatalf("changed %q = %d %s", query, answer.status, answer.text)
	}
	for _, item := range answer.json["items"].([]any) {
		v := item.(map[string]any)
		at, _ := time.Parse(time.RFC3339, v["at"].(string))
		list = append(list, fmt.Sprintf("%s %s %v %v", at.Format("15:04"), v["kind"], v["application"].(map[string]any)["slug"], v["distance"]))
	}
	return list, answer
}

func TestWhatChangedAroundAnApplication(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.admin()
	s.surrounded(admin)
	for query, want := range map[string][]string{
		"": {
			"11:58 incident shop 0", "11:50 flag_change stock 1", "11:45 incident stock 1", "11:40 deployment ledger 2",
			"11:30 deployment stock 1", "11:10 deployment shop 0", "11:00 deployment shop 0", "10:00 deployment mail 3",
		},
		"since=25m": {"11:58 incident shop 0", "11:50 flag_change stock 1", "11:45 incident stock 1", "11:40 deployment ledger 2"},
		"since=2026-11-22T11:00:00Z&until=2026-11-22T11:30:00Z": {"11:10 deployment shop 0", "11:00 deployment shop 0"},
		"environment=staging":           {"11:50 flag_change stock 1", "11:20 deployment shop 0"},
		"environment=development":       {"11:50 flag_change stock 1"},
		"environment=PROD-EU&since=55m": {"11:58 incident shop 0", "11:50 flag_change stock 1", "11:45 incident stock 1", "11:40 deployment ledger 2", "11:30 deployment stock 1", "11:10 deployment shop 0"},
	} {
		got, answer := s.changed(admin, query)
		if strings.Join(got, "\n") != strings.Join(want, "\n") || answer.json["truncated"] != false || answer.json["dependencies"] != 3.0 {
			t.Errorf("%q: %v dependencies, got\n%s\nwant\n%s", query, answer.json["dependencies"], strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

func TestWhatChangedIsRankedWithReasons(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.admin()
	s.surrounded(admin)
	_, answer := s.changed(admin, "since=90m")
	texts := map[string]string{}
	for _, item := range answer.json["items"].([]any) {
		v := item.(map[string]any)
		line := fmt.Sprintf("#%v", v["rank"])
		for _, r := range v["reasons"].([]any) {
			line += "; " + r.(map[string]any)["text"].(string)
		}
		texts[v["at"].(string)[11:16]] = line
		if p := v["plausibility"].(float64); p <= 0 || p > 1 {
			t.Errorf("plausibility %v", p)
		}
	}
	// 11:50 flag: 2^(-10/120)*0.5*0.9*0.6 = 0.255; 11:45 incident: 2^(-15/120)*0.5*0.9*0.6 = 0.248;
	// 11:30 failed: 2^(-30/120)*0.5*0.8 = 0.336; own 11:10, blamed for the incident of 11:58: 2^(-50/120) = 0.749; 11:00: 0.424;
	// 11:40: 2^(-20/120)/3*0.6 = 0.178; 11:58 own incident: 2^(-2/120)*0.3*0.6 = 0.178.
	for at, want := range map[string]string{
		"11:10": "#1; 50 minutes before; in the application itself; a failure was laid to it",
		"11:00": "#2; 1 hour before; in the application itself",
		"11:30": "#3; 30 minutes before; in an application that is called directly; it failed itself",
		"11:50": "#4; 10 minutes before; in an application that is called directly; a flag was changed",
		"11:45": "#5; 15 minutes before; in an application that is called directly; a dependency has an incident",
		"11:40": "#6; 20 minutes before; in an application 2 calls away",
		"11:58": "#7; 2 minutes before; in the application itself; an incident of the application itself is rather the problem than its cause",
	} {
		if texts[at] != want {
			t.Errorf("%s: %s\nwant %s", at, texts[at], want)
		}
	}
}

func TestChangedRefusesWhatItCannotRead(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.admin()
	s.surrounded(admin)
	for query, want := range map[string]int{
		"": http.StatusUnprocessableEntity, "application=nowhere": http.StatusNotFound, "application=shop&since=soon": http.StatusUnprocessableEntity,
		"application=shop&since=93d": http.StatusUnprocessableEntity, "application=shop&since=0h": http.StatusUnprocessableEntity,
		"application=shop&since=2026-11-22T13:00:00Z": http.StatusUnprocessableEntity, "application=shop&until=never": http.StatusUnprocessableEntity,
		"application=shop&since=13w": http.StatusOK,
	} {
		if got := s.do("GET", "/api/v1/changed?"+query, admin, ""); got.status != want {
			t.Errorf("%q = %d %s, want %d", query, got.status, got.text, want)
		}
	}
}

func TestALongListOfWhatChangedIsCut(t *testing.T) {
	t.Parallel()
	s := startFilled(t)
	admin := s.admin()
	got := s.do("GET", "/api/v1/changed?application=payments-api&since=90d", admin, "")
	if items := len(got.json["items"].([]any)); got.status != 200 || items < 20 || items > 500 || (items == 500) != (got.json["truncated"] == true) {
		t.Errorf("changed = %d with %d items, truncated %v", got.status, items, got.json["truncated"])
	}
}
