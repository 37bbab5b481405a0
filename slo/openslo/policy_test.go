package openslo_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/evenkeel-dev/evenkeel/slo/openslo"
)

// policed is the plain document with alert policies.
func policed(t *testing.T, policies string) string {
	t.Helper()
	return changed(t, plain, "  budgetingMethod:", "  alertPolicies:\n"+policies+"  budgetingMethod:")
}

const inline = `    - kind: AlertPolicy
      metadata: {name: fast}
      spec:
        alertWhenResolved: false
        conditions:
          - kind: AlertCondition
            metadata: {name: burns}
            spec:
              severity: page
              condition: {kind: burnrate, op: gte, threshold: 14.4, lookbackWindow: 1h, alertAfter: 5m}
`

// TestPoliciesBecomeRows: inline and by reference, several conditions, and names
// that are told apart; what is said of whom to tell is kept.
func TestPoliciesBecomeRows(t *testing.T) {
	t.Parallel()
	s := openslo.Read(openslo.File{Name: "slo.yaml", Text: []byte(policed(t, inline+inline+"    - slow\n    - alertPolicyRef: both\n"))},
		openslo.File{Name: "policies.yaml", Text: []byte(`apiVersion: openslo/v1
kind: AlertPolicy
metadata: {name: slow}
spec:
  alertWhenNoData: true
  conditions: [{conditionRef: week}]
---
apiVersion: openslo/v1
kind: AlertCondition
metadata: {name: week}
spec: {severity: warning, condition: {op: gt, threshold: 1, lookbackWindow: 1w}}
---
apiVersion: openslo/v1
kind: AlertPolicy
metadata: {name: both}
spec: {conditions: [{conditionRef: week}, {kind: AlertCondition, spec: {severity: Critical, condition: {threshold: 2, lookbackWindow: 6h, alertAfter: 0m}}}]}
`)})
	if err := s.Err(); err != nil || len(s.Definitions) != 1 {
		t.Fatal(err, s.Lints)
	}
	var got []string
	for _, p := range s.Definitions[0].Policies {
		got = append(got, fmt.Sprintln(p.Name, p.Severity, p.Factor, p.Meeting, p.Lookback, p.For, p.Breaching != nil, p.Resolved != nil && !*p.Resolved, p.NoData != nil && *p.NoData))
	}
	want := `fast page 14.4 true 1h0m0s 5m0s false true false
fast-2 page 14.4 true 1h0m0s 5m0s false true false
slow ticket 1 false 168h0m0s 0s false false true
both/week ticket 1 false 168h0m0s 0s false false false
both/2 page 2 false 6h0m0s 0s false false false
`
	if text := strings.Join(got, ""); text != want {
		t.Errorf("%s", text)
	}
}

// TestPoliciesAndTheWindowSet: policies take the place of the set that nobody
// chose, one that was chosen stands beside them, and policies that cannot alert
// take no place.
func TestPoliciesAndTheWindowSet(t *testing.T) {
	t.Parallel()
	chosen := func(text, set string) string {
		return changed(t, text, "    evenkeel.dev/environment: production", "    evenkeel.dev/environment: production\n    evenkeel.dev/alerts: "+set)
	}
	wrong := strings.Replace(inline, "op: gte", "op: lte", 1)
	for name, one := range map[string]struct {
		text, alerts string
		policies     int
	}{
		"no policy":            {plain, "workbook-30d", 0},
		"a policy":             {policed(t, inline), "", 1},
		"beside a chosen set":  {chosen(policed(t, inline), "pyrra-30d"), "pyrra-30d", 1},
		"beside none":          {chosen(policed(t, inline), "none"), "", 1},
		"one that cannot":      {policed(t, wrong), "workbook-30d", 0},
		"one that can besides": {policed(t, wrong+inline), "", 1},
	} {
		s := readText(one.text)
		if len(s.Definitions) != 1 {
			t.Fatalf("%s: %v", name, s.Err())
		}
		if d := s.Definitions[0]; d.Alerts != one.alerts || len(d.Policies) != one.policies {
			t.Errorf("%s: %q and %d policies", name, d.Alerts, len(d.Policies))
		}
	}
}

// TestConditionsThatCannotAlert are named, where they stand and where they are
// referred to, and never break the SLO.
func TestConditionsThatCannotAlert(t *testing.T) {
	t.Parallel()
	condition := "spec.alertPolicies[0].spec.conditions[0].spec.condition"
	for name, one := range map[string]struct{ change, want string }{
		"lte": {"op: lte", condition + `.op: warning: "lte" would alert while the budget burns slowly`}, "eq": {"op: eq", condition + `.op: warning: "eq" is not known`},
		"always": {"op: gte, threshold: 0", condition + ".threshold: warning: a burn of 0 or more is always"}, "no number": {"op: gt, threshold: fast", condition + `.threshold: warning: "fast" is not a burn rate`},
		"negative": {"op: gt, threshold: -2", condition + `.threshold: warning: "-2" is not a burn rate`}, "NaN": {"op: gt, threshold: .nan", condition + `.threshold: warning: ".nan" is not a burn rate`},
		"a kind": {"kind: latency, op: gt", condition + `.kind: warning: "latency" is not known`}, "no lookback": {"op: gt, lookbackWindow: soon", condition + `.lookbackWindow: warning: "soon"`},
		"a lookback beyond the window": {"op: gt, lookbackWindow: 31d", `spec.alertPolicies[0]: warning: "fast" does not alert: its lookbackWindow is longer than the window of 30d`},
		"an alertAfter":                {"op: gt, alertAfter: 5 m", condition + `.alertAfter: warning: "5 m"`},
	} {
		fields := map[string]string{"kind": "burnrate", "op": "gt", "threshold": "2", "lookbackWindow": "1h"}
		for field := range strings.SplitSeq(one.change, ", ") {
			key, value, _ := strings.Cut(field, ": ")
			fields[key] = value
		}
		var parts []string
		for key, value := range fields {
			parts = append(parts, key+": "+value)
		}
		s := readText(policed(t, changed(t, inline, "{kind: burnrate, op: gte, threshold: 14.4, lookbackWindow: 1h, alertAfter: 5m}", "{"+strings.Join(parts, ", ")+"}")))
		var lines []string
		for _, lint := range s.Lints {
			lines = append(lines, lint.String())
		}
		text := strings.Join(lines, "\n")
		if len(s.Definitions) != 1 || !strings.Contains(text, one.want) || !strings.Contains(text, `"fast" does not alert`) || !strings.Contains(text, "hold no condition that can alert") {
			t.Errorf("%s: %d definitions\n%s", name, len(s.Definitions), text)
		}
	}
	for want, change := range map[string][]string{
		`severity: warning: "loud" is neither page nor ticket, so it makes a ticket`: {"severity: page", "severity: loud"},
		`alertWhenBreaching: note: keeps people from being told`:                     {"alertWhenResolved: false", "alertWhenBreaching: false"},
		`notificationTargets: note: are not told`:                                    {"alertWhenResolved: false", "notificationTargets: [{targetRef: pager}]"},
	} {
		s := readText(policed(t, changed(t, inline, change...)))
		text := fmt.Sprintln(s.Lints)
		if len(s.Definitions) != 1 || len(s.Definitions[0].Policies) != 1 || !strings.Contains(text, want) {
			t.Errorf("%s: %s", want, text)
		}
	}
}
