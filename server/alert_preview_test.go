package server_test

import (
	"strings"
	"testing"

	"github.com/evenkeel-dev/evenkeel"
)

// TestAlertRulesAreTried by whoever may read, and by field if they are wrong.
func TestAlertRulesAreTried(t *testing.T) {
	t.Parallel()
	s := start(t)
	reader := s.token("default", clock().AddDate(1, 0, 0), evenkeel.ScopeRead)
	alerts := s.connect("alerts", "alertmanager", nil, secretName)
	github := s.connect("github", "github", nil, secretName)
	f := one(t, "alertmanager", "mixed")
	body := strings.ReplaceAll(string(f.body), "2026-03-01", "2026-11-20")
	if got := s.deliver(alerts, f, []byte(body)); got.status != 202 || got.json["outcome"] != "recorded" {
		t.Fatalf("%d %s", got.status, got.text)
	}
	before := s.facts()
	for what, c := range map[string]struct {
		id, settings string
		status       int
		want         string
	}{
		"a rule":              {alerts.ID, `{"rules":[{"name":"pages","match":["severity=\"critical\""],"minimum":"5m"}]}`, 200, `"incidents":1,`},
		"no rule":             {alerts.ID, `{}`, 200, `"incidents":0,`},
		"a rule of no name":   {alerts.ID, `{"rules":[{}]}`, 422, "rules[0].name"},
		"no source of alerts": {github.ID, `{}`, 422, "alertmanager"},
		"no connection":       {"none", `{}`, 404, ""},
	} {
		got := s.do("POST", "/api/v1/connections/"+c.id+"/alert-rules/preview", reader, `{"settings":`+c.settings+`}`, "Content-Type", "application/json")
		if got.status != c.status || !strings.Contains(got.text, c.want) {
			t.Errorf("%s = %d %.400s", what, got.status, got.text)
		}
	}
	if after := s.facts(); after != before {
		t.Errorf("a preview has changed facts: %d, before %d", after, before)
	}
}
