package main

import (
	"strings"
	"testing"
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
