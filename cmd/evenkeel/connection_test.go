package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/evenkeel-dev/evenkeel/server/views"
)

// TestAlertRulesAreTriedBeforeTheyAreApplied on alerts of which one is an
// incident after the first of three deployments, one is too short, and one is
// no page and never ended. Before, one of three deployments had failed.
func TestAlertRulesAreTriedBeforeTheyAreApplied(t *testing.T) {
	t.Parallel()
	m, configured := shipped(t)
	const connection = "connections:\n  - name: alerts\n    source: alertmanager\n    secrets: [\"${env:ALERTS_KEY}\"]\n"
	m.must("apply", "-f", configured(connection))
	alerts := strings.Join([]string{
		`{"kind":"alert","id":"a","source":"alertmanager","fingerprint":"a","labels":{"alertname":"Down","severity":"critical","service":"shop"},"starts_at":"2026-11-02T10:00:00Z","ends_at":"2026-11-02T10:20:00Z"}`,
		`{"kind":"alert","id":"b","source":"alertmanager","fingerprint":"a","labels":{"alertname":"Down","severity":"critical","service":"shop"},"starts_at":"2026-11-09T11:00:00Z","ends_at":"2026-11-09T11:02:00Z"}`,
		`{"kind":"alert","id":"c","source":"alertmanager","fingerprint":"c","labels":{"alertname":"DiskFull","severity":"warning","service":"shop"},"starts_at":"2026-11-10T11:00:00Z"}`,
	}, "\n")
	if got := m.runWith(alerts, "import", "events", "-"); got.code != exitOK {
		t.Fatal(got.stderr)
	}
	file := configured(connection + `    settings:
      services: {shop: {application: shop}}
      rules:
        - {name: pages, match: ['severity="critical"'], minimum: 5m, join: 10m}
        - {name: idle, match: ['severity="nothing"']}
`)
	var p views.AlertPreview
	if err := json.Unmarshal([]byte(m.must("connection", "preview", "alerts", "-f", file, "--json")), &p); err != nil {
		t.Fatal(err)
	}
	if p.Alerts != 3 || p.Matched != 2 || p.Endless != 1 || p.Incidents != 1 || p.Before != 0 || p.Unclaimed != 0 || len(p.Newest) != 1 || len(p.Warnings) != 2 {
		t.Errorf("preview %+v", p)
	}
	if b, a := p.Whole.Before, p.Whole.After; b.Deployments != 3 || b.Failures != 1 || a.Failures != 2 || b.FailRate == nil || *b.FailRate != 1.0/3 || a.FailRate == nil || *a.FailRate != 2.0/3 {
		t.Errorf("figures %+v and %+v", b, a)
	}
	out := m.must("connection", "preview", "alerts", "-f", file)
	for _, want := range []string{"Of 3 alerts in 30 days the rules take 2 and make 1 incidents (before 0)", "66.7 %, before 33.3 %", "1 -> 2", "idle takes no alert"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing:\n%s", want, out)
		}
	}
	if got := m.run("connection", "preview", "other", "-f", file); got.code == exitOK || !strings.Contains(got.stderr, "other") {
		t.Errorf("an unknown connection: %d %s", got.code, got.stderr)
	}
	if figures := m.must("connection", "preview", "alerts", "-f", configured(connection), "--json"); !strings.Contains(figures, `"incidents":0`) {
		t.Errorf("without rules: %s", figures)
	}
}
