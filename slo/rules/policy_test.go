package rules_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel/connectors/promtest"
	"github.com/evenkeel-dev/evenkeel/slo"
	"github.com/evenkeel-dev/evenkeel/slo/rules"
)

func policed(t *testing.T, change func(*slo.AlertPolicy)) slo.Definition {
	t.Helper()
	factor, err := slo.ParseFactor("2")
	if err != nil {
		t.Fatal(err)
	}
	d := availability(t)
	p := slo.AlertPolicy{Name: "high-priority", Severity: slo.Page, Factor: factor, Meeting: true, Lookback: time.Hour, For: 5 * time.Minute, NoData: new(true)}
	change(&p)
	d.Alerts, d.Policies = "", []slo.AlertPolicy{p}
	return d
}

func exported(t *testing.T, d slo.Definition) (alerts []rules.Rule, notes []string) {
	t.Helper()
	file, list, err := rules.Export([]slo.Definition{d}, "")
	if err != nil || len(file.Groups) != 1 {
		t.Fatal(err, list)
	}
	for _, r := range file.Groups[0].Rules {
		if r.Alert != "" {
			alerts = append(alerts, r)
		}
	}
	for _, n := range list {
		notes = append(notes, n.String())
	}
	return alerts, notes
}

// TestAPolicyAsRules: one lookback, its operator, its time, and a rule for data
// that stop.
func TestAPolicyAsRules(t *testing.T) {
	t.Parallel()
	alerts, _ := exported(t, policed(t, func(*slo.AlertPolicy) {}))
	var got []string
	for _, r := range alerts {
		got = append(got, strings.Join([]string{r.Alert, r.Expr, r.For, r.Labels["severity"], r.Labels["evenkeel_policy"]}, " | "))
	}
	want := []string{
		`EvenkeelBudgetBurn | evenkeel:slo_error_ratio:1h{evenkeel_slo="checkout-availability"} >= 0.002 | 5m | page | high-priority`,
		`EvenkeelNotMeasured | absent_over_time(evenkeel:slo_events:total{evenkeel_slo="checkout-availability"}[5m]) | 1h | page | high-priority`,
		`EvenkeelNotMeasured | absent_over_time(evenkeel:slo_events:total{evenkeel_slo="checkout-availability"}[5m]) | 5m | ticket | `,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for want, change := range map[string]func(*slo.AlertPolicy){
		"does not want to be told that it fires": func(p *slo.AlertPolicy) { p.Breaching, p.NoData = new(false), nil },
		"write send_resolved: false":             func(p *slo.AlertPolicy) { p.Resolved = new(false) },
	} {
		alerts, notes := exported(t, policed(t, change))
		if !strings.Contains(strings.Join(notes, "\n"), want) || strings.Contains(want, "fires") && len(alerts) != 1 {
			t.Errorf("%q: %q, %d alerts", want, notes, len(alerts))
		}
	}
}

// TestPromtoolRunsPolicies: a tenth of all requests fails from the 60th minute on,
// a burn of 100, so that an hour burns at 2 after two of them; five minutes later
// it fires. Nobody measures the other service: after an hour and five minutes the
// policy says so.
func TestPromtoolRunsPolicies(t *testing.T) {
	t.Parallel()
	count := func(alert string) string {
		return `count(ALERTS{alertname="` + alert + `",alertstate="firing",evenkeel_policy="high-priority",severity="page"}) or vector(0)`
	}
	folder := write(t, []slo.Definition{policed(t, func(*slo.AlertPolicy) {})}, "rule_files: [rules.yaml]\nevaluation_interval: 1m\ntests:\n"+
		scenario("burning", `'0+100x60 6090+90x140'`, `'0+0x60 10+10x140'`,
			expression(60, count("EvenkeelBudgetBurn"), "0"), expression(64, count("EvenkeelBudgetBurn"), "0"), expression(70, count("EvenkeelBudgetBurn"), "1"),
			expression(130, count("EvenkeelNotMeasured"), "0"))+
		"  - interval: 1m\n    name: not measured\n    promql_expr_test:\n"+
		expression(55, count("EvenkeelNotMeasured"), "0")+expression(66, count("EvenkeelNotMeasured"), "1"))
	if out, err := promtest.Promtool(t.Context(), t, "test", "rules", filepath.Join(folder, "test.yaml")); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}
