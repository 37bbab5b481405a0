package main

import (
	"encoding/json"
	"strings"
	"testing"
)

// countersSLO is checkoutSLO of counters of bad and all events.
func countersSLO() string {
	return strings.NewReplacer("counter: false", "counter: true", "        good: {", "        bad: {").Replace(checkoutSLO)
}

// TestEvalCounters: errors are first read in the third minute, and were 5 then;
// the total goes back in the fourth, and is not read for five minutes after. Of
// the total that is 100, 100, 50 and 200, of errors 0, 5, 0 and 1.
func TestEvalCounters(t *testing.T) {
	t.Parallel()
	data := written(t, "data.ndjson", `{"series":"availability","at":"2026-11-22T11:50:00Z","total":1000}
{"series":"availability","at":"2026-11-22T11:51:00Z","total":1100}
{"series":"availability","at":"2026-11-22T11:52:00Z","total":1200,"bad":5}
{"series":"availability","at":"2026-11-22T11:53:00Z","total":50,"bad":5}
{"series":"availability","at":"2026-11-22T11:59:00Z","total":250,"bad":6}
`)
	r := newMachine(t).run("slo", "eval", "--spec", written(t, "slo.yaml", countersSLO()), "--data", data, "--at", "2026-11-22T12:00:00Z", "--json")
	var got struct{ Good, Bad, Total float64 }
	if err := json.Unmarshal([]byte(r.stdout), &got); err != nil || r.code != exitOK || got.Good != 444 || got.Bad != 6 || got.Total != 450 {
		t.Errorf("exit %d, %+v, %v\n%s", r.code, got, err, r.stderr)
	}
	for _, want := range []string{
		"checkout-availability: 1 times a counter went back; what it had counted between its last reading and then is lost, first at 2026-11-22T11:53:00Z",
		"checkout-availability: 1 times a counter was first read later than its series, and taken to have begun at 0, first at 2026-11-22T11:52:00Z",
		"checkout-availability: 1 long spans without a reading; the increase is laid to the slice after, first at 2026-11-22T11:59:00Z",
	} {
		if !strings.Contains(r.stderr, want) {
			t.Errorf("%s\nlacks %s", r.stderr, want)
		}
	}
	early := newMachine(t).run("slo", "eval", "--spec", written(t, "slo.yaml", countersSLO()), "--data", data, "--at", "2026-11-22T11:52:00Z")
	if early.stderr != "" {
		t.Errorf("of what was not yet: %s", early.stderr)
	}
}

// TestBadDocumentsAreRefusedByTheirField, by lint and by eval alike.
func TestBadDocumentsAreRefusedByTheirField(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	data := written(t, "data.ndjson", `{"series":"availability","at":"2026-11-22T11:59:00Z","good":9,"total":10}`)
	calendar := "isRolling: false\n      calendar: {startTime: 2026-01-01 00:00:00, timeZone: Mars/Olympus}"
	for name, one := range map[string]struct {
		from, to, field string
	}{
		"a target of 1":        {"target: 0.9", "target: 1", "spec.objectives[0].target: error: 1 leaves no error budget"},
		"a target of 1.0":      {"target: 0.9", "target: 1.0", "spec.objectives[0].target: error: 1.0 leaves no error budget"},
		"a target of 100 %":    {"target: 0.9", "targetPercent: 100", "spec.objectives[0].targetPercent: error: 100 leaves no error budget"},
		"99.9 as a share":      {"target: 0.9", "target: 99.9", "spec.objectives[0].target: error: 99.9 is not a share below 1"},
		"a negative target":    {"target: 0.9", "target: -0.9", "spec.objectives[0].target: error"},
		"a target of NaN":      {"target: 0.9", "target: .nan", "spec.objectives[0].target: error"},
		"an unknown time zone": {"isRolling: true", calendar, `spec.timeWindow[0].calendar.timeZone: error: "Mars/Olympus"`},
		"no window":            {"  timeWindow:\n    - duration: 30d\n      isRolling: true\n", "", "spec.timeWindow: error: holds 0 windows"},
	} {
		if !strings.Contains(checkoutSLO, one.from) {
			t.Fatalf("%s: nothing to change", name)
		}
		spec := written(t, "slo.yaml", strings.Replace(checkoutSLO, one.from, one.to, 1))
		if r := m.run("slo", "lint", spec); r.code != exitInvalid || !strings.Contains(r.stdout, one.field) {
			t.Errorf("lint of %s: exit %d\n%s%s", name, r.code, r.stdout, r.stderr)
		}
		if r := m.run("slo", "eval", "--spec", spec, "--data", data, "--json"); r.code != exitInvalid || r.stdout != "" || !strings.Contains(r.stderr, one.field) {
			t.Errorf("eval of %s: exit %d\n%s%s", name, r.code, r.stdout, r.stderr)
		}
	}
	month := written(t, "slo.yaml", strings.Replace(checkoutSLO, "duration: 30d", "duration: 1m", 1))
	if r := m.run("slo", "lint", month); r.code != exitOK || !strings.Contains(r.stdout, "spec.timeWindow[0].duration: warning") || !strings.Contains(r.stdout, "1M") {
		t.Errorf("1m for a month: exit %d\n%s", r.code, r.stdout)
	}
	if r := m.run("slo", "lint", "--strict", month); r.code != exitInvalid {
		t.Errorf("1m for a month, strictly: exit %d", r.code)
	}
}

// TestBadDataNeverLookHealthy: a line that cannot be is refused by its field; what
// can be read is no data with its reason, or counted for the worse and said so.
func TestBadDataNeverLookHealthy(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	line := func(members string) string {
		return `{"series":"availability","at":"2026-11-22T11:59:00Z",` + members + "}\n"
	}
	for name, one := range map[string]struct {
		spec, data, stdout, stderr string
		code                       int
	}{
		"0 of 0":              {checkoutSLO, line(`"good":0,"total":0`), `"status":"no_data"`, "", exitOK},
		"good above total":    {checkoutSLO, line(`"good":12,"total":10`), `"good":10,"bad":0,"total":10`, "good_gt_total", exitOK},
		"bad above total":     {strings.Replace(checkoutSLO, "        good: {", "        bad: {", 1), line(`"bad":12,"total":10`), `"good":0,"bad":12,"total":12`, "good_gt_total", exitOK},
		"NaN":                 {checkoutSLO, line(`"good":NaN,"total":10`), "", "line 1", exitInvalid},
		"NaN as a text":       {checkoutSLO, line(`"good":"NaN","total":10`), "", "line 1", exitInvalid},
		"an infinite number":  {checkoutSLO, line(`"good":1e999,"total":10`), "", "line 1", exitInvalid},
		"a negative amount":   {checkoutSLO, line(`"good":-1,"total":10`), "", "good", exitInvalid},
		"a negative counter":  {countersSLO(), line(`"bad":1,"total":-10`), "", "total", exitInvalid},
		"half a ratio":        {checkoutSLO, line(`"good":1`), `"status":"no_data"`, "", exitOK},
		"one counter reading": {countersSLO(), line(`"bad":0,"total":10`), `"status":"no_data"`, "", exitOK},
		"no line":             {checkoutSLO, "", "", "no measurements at all", exitNotFound},
		"another series":      {checkoutSLO, strings.Replace(line(`"good":1,"total":1`), "availability", "latency", 1), "", "no measurements of availability", exitNotFound},
		"two series":          {checkoutSLO, line(`"good":1,"total":1,"environment":"a"`) + line(`"good":0,"total":1,"environment":"b"`), "", "two series could be meant", exitInvalid},
	} {
		r := m.run("slo", "eval", "--spec", written(t, "slo.yaml", one.spec), "--data", written(t, "data.ndjson", one.data), "--at", "2026-11-22T12:00:00Z", "--json")
		if r.code != one.code || !strings.Contains(r.stdout, one.stdout) || one.stdout == "" && r.stdout != "" || !strings.Contains(r.stderr, one.stderr) {
			t.Errorf("%s: exit %d\n%s%s", name, r.code, r.stdout, r.stderr)
		}
		if strings.Contains(r.stdout, `"status":"healthy"`) {
			t.Errorf("%s looks healthy: %s", name, r.stdout)
		}
	}
}
