package server_test

import (
	"fmt"
	"strings"
	"testing"
)

// told is a small history: a baseline, a deployment of two changes, an
// incident that it caused, one that came soon after, and its rollback.
func (s site) told(token string) {
	s.t.Helper()
	a, b := strings.Repeat("a", 40), strings.Repeat("b", 40)
	lines := []string{
		`{"kind":"commit","id":"a","repository":"github.com/acme/shop","sha":"` + a + `","parents":[],"authored_at":"2026-11-01T00:00:00Z","committed_at":"2026-11-01T00:00:00Z"}`,
		`{"kind":"commit","id":"b","repository":"github.com/acme/shop","sha":"` + b + `","parents":["` + a + `"],"authored_at":"2026-11-20T00:00:00Z","committed_at":"2026-11-20T00:00:00Z"}`,
		`{"kind":"change","id":"7","application":"shop","repository":"github.com/acme/shop","number":7,"merge_commit":"` + b + `","opened_at":"2026-11-20T00:00:00Z","merged_at":"2026-11-20T06:00:00Z","state":"merged"}`,
		`{"kind":"deployment","id":"1","application":"shop","environment":"production","status":"success","repository":"github.com/acme/shop","commit":"` + a + `","version":"1.0","finished_at":"2026-11-19T10:00:00Z"}`,
		`{"kind":"deployment","id":"2","application":"shop","environment":"production","status":"success","repository":"github.com/acme/shop","commit":"` + b + `","version":"1.1","finished_at":"2026-11-20T10:00:00Z"}`,
		`{"kind":"incident","id":"i1","application":"shop","severity":"sev2","caused_by":"2","opened_at":"2026-11-20T10:30:00Z","resolved_at":"2026-11-20T12:00:00Z"}`,
		`{"kind":"deployment","id":"3","application":"shop","environment":"production","status":"success","repository":"github.com/acme/shop","commit":"` + a + `","version":"1.0","finished_at":"2026-11-20T11:00:00Z"}`,
		`{"kind":"incident","id":"i2","application":"shop","opened_at":"2026-11-20T13:00:00Z"}`,
		`{"kind":"deployment","id":"4","application":"shop","environment":"production","status":"failure","repository":"github.com/acme/shop","commit":"` + b + `","finished_at":"2026-11-20T14:00:00Z"}`,
	}
	if got := s.do("POST", "/api/v1/events", token, strings.Join(lines, "\n"), "Content-Type", "application/x-ndjson"); got.status != 200 || !strings.Contains(got.text, `"rejected":0`) {
		s.t.Fatalf("events = %d %s", got.status, got.text)
	}
}

// deployed finds deployments by their external ids.
func (s site) deployed(token string) map[string]string {
	s.t.Helper()
	ids := map[string]string{}
	for _, item := range s.do("GET", "/api/v1/deployments", token, "").json["items"].([]any) {
		ids[item.(map[string]any)["external_id"].(string)] = item.(map[string]any)["id"].(string)
	}
	return ids
}

func TestTheStoryOfADeployment(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.admin()
	if got := s.do("POST", "/api/v1/applications", admin, `{"slug":"shop","name":"Shop"}`); got.status != 200 {
		t.Fatalf("application = %d %s", got.status, got.text)
	}
	s.told(admin)
	ids := s.deployed(admin)
	story := func(id string) map[string]any {
		got := s.do("GET", "/api/v1/deployments/"+ids[id]+"/story", admin, "")
		if got.status != 200 {
			t.Fatalf("story = %d %s", got.status, got.text)
		}
		return got.json
	}
	brief := func(v map[string]any) string {
		text := fmt.Sprintf("%v commits by %v (%v)", v["commits"], v["method"], v["confidence"])
		for _, c := range v["changes"].([]any) {
			c := c.(map[string]any)
			text += fmt.Sprintf("; change %v after %v s by %v (%v)", c["number"], c["lead_seconds"], c["method"], c["confidence"])
		}
		for _, i := range v["incidents"].([]any) {
			i := i.(map[string]any)
			text += fmt.Sprintf("; %v %v %v %v", i["external_id"], i["severity"], i["attributed"], i["rung"])
		}
		for _, link := range []string{"rolled_back_by", "rolls_back"} {
			if other, ok := v[link].(map[string]any); ok {
				text += fmt.Sprintf("; %s %v", link, other["version"])
			}
		}
		return text
	}
	for id, want := range map[string]string{
		"1": "0 commits by ancestry (certain); i2  false <nil>; i1 sev2 false <nil>",
		"2": "1 commits by ancestry (certain); change 7 after 36000 s by ancestry (certain); i2  false <nil>; i1 sev2 true explicit; rolled_back_by 1.0",
		"3": "0 commits by ancestry (certain); i2  true incident; rolls_back 1.1",
		"4": "0 commits by none ()",
	} {
		if got := brief(story(id)); got != want {
			t.Errorf("deployment %s: %s\nwant %s", id, got, want)
		}
	}
	if story("2")["deployment"].(map[string]any)["id"] != ids["2"] {
		t.Error("the story is of another deployment")
	}
	if got := s.do("GET", "/api/v1/deployments/00000000000000000000/story", admin, ""); got.status != 404 {
		t.Errorf("an unknown deployment = %d %s", got.status, got.text)
	}
}

func TestWhyADeploymentFailed(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.withHistory()
	got := s.do("GET", "/api/v1/deployments/"+s.deployed(admin)["2"]+"/story", admin, "")
	if got.status != 200 {
		t.Fatalf("story = %d %s", got.status, got.text)
	}
	text := ""
	for _, e := range got.json["evidence"].([]any) {
		e := e.(map[string]any)
		text += fmt.Sprintf("%v %v %v %v; ", e["rung"], e["kind"], e["name"], e["gap_seconds"])
	}
	// The source names 1.1 half an hour after it, and it was rolled back after an hour.
	if text != "explicit incident i1 1800; rollback deployment 1.0 3600; " {
		t.Errorf("evidence: %s", text)
	}
}

func TestTheRateUnderOtherWindowsIsTold(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.withHistory()
	window := "from=2026-11-01&to=2026-11-22&application=shop"
	rates := func(list any) string {
		text := ""
		for _, one := range list.([]any) {
			r := one.(map[string]any)
			text += fmt.Sprintf("%v: %v of %v %v; ", r["window_seconds"], r["failed"], r["n"], r["in_force"])
		}
		return text
	}
	// i2 follows the rollback by 2 h; 1.1 fails by its link whatever the window.
	want := "86400: 2 of 3 false; 259200: 2 of 3 true; 604800: 2 of 3 false; "
	dora := s.do("GET", "/api/v1/metrics/dora?"+window, admin, "").json["change_fail_rate"].(map[string]any)
	if got := rates(dora["sensitivity"]); got != want {
		t.Errorf("figures: %s", got)
	}
	explained := s.do("GET", "/api/v1/explain?metric=change_fail_rate&"+window, admin, "").json
	if got := rates(explained["sensitivity"]); got != want {
		t.Errorf("explained: %s", got)
	}
	if other := s.do("GET", "/api/v1/explain?metric=deployment_frequency&"+window, admin, "").json; other["sensitivity"] != nil {
		t.Errorf("another figure: %v", other["sensitivity"])
	}
}
