package main

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"
)

// journey is two services that are needed at once.
const journey = `apiVersion: openslo/v1
kind: SLO
metadata:
  name: journey
  annotations: {evenkeel.dev/composite: serial, evenkeel.dev/alerts: none}
spec:
  service: checkout
  timeWindow: [{duration: 30d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives:
    - displayName: cart
      target: 0.99
      indicator:
        metadata: {name: cart}
        spec: {ratioMetric: {counter: false, good: {metricSource: {type: Prometheus, spec: {query: a}}}, total: {metricSource: {type: Prometheus, spec: {query: b}}}}}
    - displayName: pay
      target: 0.99
      indicator:
        metadata: {name: pay}
        spec: {ratioMetric: {counter: false, good: {metricSource: {type: Prometheus, spec: {query: c}}}, total: {metricSource: {type: Prometheus, spec: {query: d}}}}}
`

// TestSLOEvalOfAComposite: 0.98 times 0.99 is 0.9702, and 0.0298 of the
// 1-0.99*0.99 = 0.0199 that both promise: 1.497 times the budget.
func TestSLOEvalOfAComposite(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	spec := written(t, "slo.yaml", journey)
	data := written(t, "data.ndjson", `{"series":"cart","at":"2026-11-22T11:59:00Z","good":980,"total":1000}
{"series":"pay","at":"2026-11-22T11:59:00Z","good":990,"total":1000}
`)
	r := m.run("slo", "eval", "--spec", spec, "--data", data, "--at", "2026-11-22T12:00:00Z")
	for _, want := range []string{
		"journey · cart: exhausted", "journey · pay: exhausted", "journey: exhausted, 149.7 % of the budget is spent",
		"level 97.02 % of a target of 98.01 %, 149.749 % of the budget spent", "all of 2 objectives as one",
	} {
		if r.code != exitOK || !strings.Contains(r.stdout, want) {
			t.Errorf("exit %d, no %q in\n%s%s", r.code, want, r.stdout, r.stderr)
		}
	}
	lines := strings.Split(strings.TrimSpace(m.run("slo", "eval", "--spec", spec, "--data", data, "--at", "2026-11-22T12:00:00Z", "--json").stdout), "\n")
	if len(lines) != 3 || !strings.Contains(lines[2], `"objective":null`) || !strings.Contains(lines[2], `"total":null`) || !strings.Contains(lines[1], `"objective":"pay"`) {
		t.Errorf("%s", strings.Join(lines, "\n"))
	}
}

// burning are minutes of three days, in the last two hours of which as many of 1,000
// fail as named.
func burning(series string, bad, until int) string {
	var b strings.Builder
	begin := time.Date(2026, 11, 19, 12, 0, 0, 0, time.UTC)
	for m := range until {
		good := 1000
		if m >= 3*24*60-120 {
			good -= bad
		}
		fmt.Fprintf(&b, `{"series":%q,"at":%q,"good":%d,"total":1000}`+"\n", series, begin.Add(time.Duration(m)*time.Minute).Format(time.RFC3339), good)
	}
	return b.String()
}

// TestSLOEvalOfACompositeThatBurns: for two hours 20 % of carts and 16 % of payments
// fail, 1-0.8*0.84 = 0.328 of the 0.0199 that both promise: a burn of 16.48, and a
// page needs 14.4. Where payments were not measured in that
// hour there is no burn, and it says of whom.
func TestSLOEvalOfACompositeThatBurns(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	spec := written(t, "slo.yaml", strings.Replace(journey, "evenkeel.dev/alerts: none", "evenkeel.dev/alerts: workbook-30d", 1))
	eval := func(paid int, more ...string) string {
		data := written(t, "data.ndjson", burning("cart", 200, 3*24*60)+burning("pay", 160, paid))
		r := m.run(append([]string{"slo", "eval", "--spec", spec, "--data", data, "--at", "2026-11-22T12:00:00Z"}, more...)...)
		if r.code != exitOK {
			t.Fatal(r.stderr)
		}
		return r.stdout
	}
	lines := strings.Split(strings.TrimSpace(eval(3*24*60, "--json")), "\n")
	var whole struct {
		Objective *string
		Burn      map[string]*float64
		Status    string
		Exhausts  *time.Time `json:"exhausts_at"`
		Alerts    []struct {
			Severity, Long string
			Peak           float64
		}
	}
	if err := json.Unmarshal([]byte(lines[2]), &whole); err != nil {
		t.Fatal(err)
	}
	if burn := whole.Burn["1h"]; burn == nil || math.Abs(*burn-0.328/0.0199) > 1e-9 || whole.Status != "at_risk" || whole.Exhausts == nil || len(whole.Alerts) == 0 || whole.Alerts[0].Severity != "page" || whole.Alerts[0].Long != "1h" {
		t.Errorf("%s", lines[2])
	}
	got := eval(3*24*60 - 60)
	for _, want := range []string{"burn 5m –, 30m –, 1h –", "over 5m nothing is known of pay", "over 1h nothing is known of pay"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	got = eval(2 * 24 * 60)
	for _, want := range []string{"journey: at risk, the page alert", "no forecast: nothing was counted of pay of late"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}
