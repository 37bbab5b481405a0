package main

import (
	"encoding/json"
	"strings"
	"testing"
)

const quietSLO = `apiVersion: openslo/v1
kind: SLO
metadata:
  name: checkout-quiet
  annotations: {evenkeel.dev/source: incidents, evenkeel.dev/severities: "sev1, sev2"}
spec:
  service: checkout
  timeWindow: [{duration: 1d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.9}]
`

// theIncidents are, up to noon: six minutes of the first, which begins what is
// known, half an hour of one that is told in three events out of order and was
// reopened for six minutes, six of one that stands; one of little weight, one of
// staging, one of another application and one that never was do not count.
const theIncidents = `{"kind":"incident","id":"1","source":"pager","application":"checkout","severity":"sev1","opened_at":"2026-11-21T12:00:00Z","resolved_at":"2026-11-21T12:06:00Z"}
{"kind":"incident","id":"2","source":"pager","observed_at":"2026-11-22T11:00:00Z","resolved_at":null,"reopened_at":"2026-11-22T11:00:00Z"}
{"kind":"incident","id":"2","source":"pager","observed_at":"2026-11-22T10:30:00Z","resolved_at":"2026-11-22T10:30:00Z"}
{"kind":"incident","id":"2","source":"pager","observed_at":"2026-11-22T10:00:00Z","application":"checkout","severity":"SEV2","opened_at":"2026-11-22T10:00:00Z"}
{"kind":"incident","id":"2","source":"pager","observed_at":"2026-11-22T11:06:00Z","resolved_at":"2026-11-22T11:06:00Z"}
{"kind":"incident","id":"3","source":"pager","applications":["checkout"],"environment":"prod-eu","opened_at":"2026-11-22T11:54:00Z"}
{"kind":"incident","id":"4","source":"pager","application":"checkout","severity":"sev3","opened_at":"2026-11-22T08:00:00Z"}
{"kind":"incident","id":"5","source":"pager","application":"checkout","environment":"staging","severity":"sev1","opened_at":"2026-11-22T08:00:00Z"}
{"kind":"incident","id":"6","source":"pager","application":"pricing","severity":"sev1","opened_at":"2026-11-22T08:00:00Z"}
{"kind":"incident","id":"7","source":"pager","application":"checkout","severity":"sev1","opened_at":"2026-11-22T08:00:00Z","deleted":true}
`

func TestSLOEvalByIncidents(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	spec, data := written(t, "slo.yaml", quietSLO), written(t, "incidents.ndjson", theIncidents)
	r := m.run("slo", "eval", "--spec", spec, "--data", data, "--at", "2026-11-22T12:00:00Z", "--json")
	var a struct {
		Good, Bad, Total, Coverage float64
		Status                     string
		Budget                     struct{ Consumed float64 }
	}
	if err := json.Unmarshal([]byte(r.stdout), &a); err != nil || r.code != exitOK {
		t.Fatalf("%v, exit %d\n%s%s", err, r.code, r.stdout, r.stderr)
	}
	if a.Bad != 48 || a.Total != 1440 || a.Coverage != 1 || a.Budget.Consumed != 48.0/144 {
		t.Errorf("%+v", a)
	}
	early := m.run("slo", "eval", "--spec", spec, "--data", data, "--at", "2026-11-21T12:03:00Z", "--json")
	if err := json.Unmarshal([]byte(early.stdout), &a); err != nil || a.Bad != 3 || a.Total != 3 || a.Coverage >= 0.01 {
		t.Errorf("%v %+v", err, a)
	}
	none := m.run("slo", "eval", "--spec", spec, "--data", written(t, "none.ndjson", `{"series":"x","at":"2026-11-22T11:00:00Z","good":1,"total":1}`+"\n"), "--at", "2026-11-22T12:00:00Z")
	if none.code != exitNotFound || !strings.Contains(none.stderr, "measured by incidents") {
		t.Errorf("exit %d\n%s", none.code, none.stderr)
	}
}
