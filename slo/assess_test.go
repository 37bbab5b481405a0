package slo_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
)

func assess(t *testing.T, d slo.Definition, tallies slo.Tallies, at time.Time) slo.Assessment {
	t.Helper()
	a, err := slo.ReaderOf(d, d.Objectives[0], tallies).Assess(at)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestStatus works the words by hand, over 30 days of 10,000 events a minute of
// which 432,000 may be bad.
func TestStatus(t *testing.T) {
	t.Parallel()
	const hour, day, days = 60, 24 * 60, 30 * 24 * 60
	for name, one := range map[string]struct {
		bad    func(minute int) float64
		want   slo.Status
		reason string
		code   string
	}{
		"all is well":                        {func(int) float64 { return 5 }, slo.StatusHealthy, "50 % of the budget remains", "remains"},
		"an old day spent 80 %":              {func(m int) float64 { return when(m < -days+day, 240) }, slo.StatusWatch, "20 % of the budget remains", "remains"},
		"an old day spent all":               {func(m int) float64 { return when(m < -days+day, 300) }, slo.StatusExhausted, "100 % of the budget is spent", "spent"},
		"a day of twice the budget":          {func(m int) float64 { return when(m >= -day, 20) }, slo.StatusAtRisk, "if it burns on at 2", "exhausts"},
		"an hour ago, a quarter of a day":    {func(m int) float64 { return when(m >= -8*hour && m < -2*hour, 32) }, slo.StatusHealthy, "97.33 % of the budget remains", "remains"},
		"ten minutes of errors":              {func(m int) float64 { return when(m >= -10, 1000) }, slo.StatusAtRisk, "the page alert of 1h/5m fires since 2026-10-31T23:59:00Z", "fires"},
		"silent for two days":                {func(m int) float64 { return when(m >= -2*day, -1) }, slo.StatusNoData, "nothing was measured of late", "stopped"},
		"silent for an hour after a failure": {func(m int) float64 { return when(m >= -hour, -1) + when(m >= -2*hour && m < -hour, 2000) }, slo.StatusAtRisk, "without data since", "fires_blind_since"},
		"never measured":                     {func(int) float64 { return -1 }, slo.StatusNoData, "nothing was measured in the window", "unmeasured"},
	} {
		d := alerting(t, "workbook-30d")
		a := assess(t, d, lived(d, 30, 0, one.bad), start)
		if a.Status != one.want || !strings.Contains(a.Reason.Text, one.reason) || a.Reason.Code != one.code {
			t.Errorf("%s: %s, %q (%s); want %s, %q", name, a.Status, a.Reason, a.Reason.Code, one.want, one.reason)
		}
	}
}

func when(yes bool, n float64) float64 {
	if yes {
		return n
	}
	return 0
}

// TestStatusOfLittle: of 4,990 events at 99.9 % less than five may fail.
func TestStatusOfLittle(t *testing.T) {
	t.Parallel()
	for n, want := range map[float64]slo.Status{4990: slo.StatusTooFewEvents, 5000: slo.StatusHealthy} {
		d := alerting(t, "workbook-30d")
		series := slo.Gather(d, d.Objectives[0], []evenkeel.Slice{minute(0, n, n)}, evenkeel.Window{From: start.AddDate(0, 0, -30), To: after(1)})
		if a := assess(t, d, series, after(1)); a.Status != want {
			t.Errorf("%v events: %s, %s", n, a.Status, a.Reason)
		}
	}
	d := alerting(t, "")
	idle := slo.Gather(d, d.Objectives[0], []evenkeel.Slice{minute(0, 0, 0)}, evenkeel.Window{From: start, To: after(1)})
	if a := assess(t, d, idle, after(1)); a.Status != slo.StatusNoData || a.Reason.Text != "nothing happened: 0 of 0" {
		t.Errorf("idle: %s, %s", a.Status, a.Reason)
	}
}

// TestAssessmentAsJSON are the members of `evenkeel slo eval --json`: an hour in
// which ten of a thousand events failed, and nothing before.
func TestAssessmentAsJSON(t *testing.T) {
	t.Parallel()
	d := alerting(t, "workbook-30d")
	d.Objectives[0].Name = "three nines"
	series := slo.Gather(d, d.Objectives[0], []evenkeel.Slice{minute(50, 490, 500), minute(59, 500, 500)}, evenkeel.Window{From: start, To: after(60)})
	got, err := json.MarshalIndent(assess(t, d, series, after(60)), "", " ")
	if err != nil {
		t.Fatal(err)
	}
	const want = `{
 "slo": "checkout-availability",
 "objective": "three nines",
 "at": "2026-11-01T01:00:00Z",
 "window": {
  "from": "2026-10-02T01:00:00Z",
  "to": "2026-11-01T01:00:00Z"
 },
 "sli": 0.99,
 "target": 0.999,
 "budget": {
  "consumed": 10,
  "remaining": -9
 },
 "good": 990,
 "bad": 10,
 "total": 1000,
 "coverage": 0.000046296296296296294,
 "burn": {
  "1d": 10,
  "1h": 10,
  "2h": 10,
  "30m": 10,
  "3d": 10,
  "5m": 0,
  "6h": 10
 },
 "status": "exhausted",
 "exhausts_at": null,
 "thaws_at": null,
 "alerts": [
  {
   "severity": "page",
   "policy": null,
   "state": "firing",
   "long": "6h",
   "short": "30m",
   "factor": 6,
   "burn_long": 10,
   "burn_short": 10,
   "since": "2026-11-01T00:51:00Z",
   "peak": 20
  },
  {
   "severity": "ticket",
   "policy": null,
   "state": "firing",
   "long": "1d",
   "short": "2h",
   "factor": 3,
   "burn_long": 10,
   "burn_short": 10,
   "since": "2026-11-01T00:51:00Z",
   "peak": 20
  },
  {
   "severity": "ticket",
   "policy": null,
   "state": "firing",
   "long": "3d",
   "short": "6h",
   "factor": 1,
   "burn_long": 10,
   "burn_short": 10,
   "since": "2026-11-01T00:51:00Z",
   "peak": 20
  }
 ]
}`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
}

// TestAssessmentOfNothingAsJSON: what has no value is null.
func TestAssessmentOfNothingAsJSON(t *testing.T) {
	t.Parallel()
	d := alerting(t, "workbook-30d")
	d.Window = slo.TimeWindow{Span: slo.Span{N: 1, Unit: slo.Month}, Start: start}
	series := slo.Gather(d, d.Objectives[0], nil, evenkeel.Window{From: start, To: after(60)})
	got, err := json.Marshal(assess(t, d, series, after(60)))
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"slo":"checkout-availability","objective":null,"at":"2026-11-01T01:00:00Z","window":{"from":"2026-11-01T00:00:00Z","to":"2026-12-01T00:00:00Z"},` +
		`"sli":null,"target":0.999,"budget":{"consumed":null,"remaining":null},"good":null,"bad":null,"total":null,"coverage":0,` +
		`"burn":{"1d":null,"1h":null,"2h":null,"30m":null,"3d":null,"5m":null,"6h":null},"status":"no_data","exhausts_at":null,"thaws_at":null,"alerts":[]}`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
}

func TestAssessRefusesAnUnknownWindowSet(t *testing.T) {
	t.Parallel()
	d := alerting(t, "workbook-42d")
	if _, err := slo.ReaderOf(d, d.Objectives[0], lived(d, 0, time.Hour, func(int) float64 { return 0 })).Assess(after(60)); err == nil || !strings.Contains(err.Error(), `alerts: "workbook-42d"`) {
		t.Error(err)
	}
}

// TestEventsUntilPage is the fewest of the rows that page: of 600,000 events in
// an hour 8767 bad ones (14.4), of 3,600,000 in six 21,731 (6).
func TestEventsUntilPage(t *testing.T) {
	t.Parallel()
	d := alerting(t, "workbook-30d")
	a := assess(t, d, lived(d, 1, 0, func(int) float64 { return 0 }), start)
	if n := a.EventsUntilPage(d, d.Objectives[0]); n == nil || *n != 8767 {
		t.Errorf("%v", n)
	}
}

// TestAssessComposite: of two services in a row one spends half of its budget
// and the other twice its own, 0.0005 and 0.002 of all events; together 0.0025 of
// the 0.002 that both promise.
func TestAssessComposite(t *testing.T) {
	t.Parallel()
	d := alerting(t, "none")
	d.Composite, d.Objectives = slo.CompositeSerial, append(d.Objectives, d.Objectives[0])
	half, twice := lived(d, 30, 0, func(int) float64 { return 5 }), lived(d, 30, 0, func(int) float64 { return 20 })
	a, err := slo.CompositeReader(d, []slo.Tallies{half, twice}).Assess(start)
	if err != nil {
		t.Fatal(err)
	}
	if a.Status != slo.StatusExhausted || math.Abs(*a.Consumed-1.25) > 0.001 || math.Abs(*a.Burn["1h"]-1.25) > 0.001 {
		t.Errorf("%s, %s, consumed %v, burn %v", a.Status, a.Reason, *a.Consumed, *a.Burn["1h"])
	}
	got, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	if want := `"objective":null,`; !strings.Contains(string(got), want) || !strings.Contains(string(got), `"good":null,"bad":null,"total":null,"coverage":1,`) || !strings.Contains(string(got), `"target":0.998`) {
		t.Errorf("%s", got)
	}
}

// TestACompositeIsAtRiskWithAMember: well as one, while one of its members pages.
func TestACompositeIsAtRiskWithAMember(t *testing.T) {
	t.Parallel()
	d := alerting(t, "workbook-30d")
	d.Composite, d.Objectives = slo.CompositeWeighted, append(d.Objectives, d.Objectives[0])
	well, burns := lived(d, 30, 0, func(int) float64 { return 1 }), lived(d, 30, 0, func(m int) float64 { return when(m >= -10, 1000) })
	a, err := slo.CompositeReader(d, []slo.Tallies{well, burns}).Assess(start)
	if err != nil {
		t.Fatal(err)
	}
	if a.Status != slo.StatusAtRisk || len(a.Alerts) > 0 || *a.Remaining < 0.5 {
		t.Errorf("%s, %s, %v remains", a.Status, a.Reason, *a.Remaining)
	}
	silent := lived(d, 30, 0, func(int) float64 { return -1 })
	if a, err = slo.CompositeReader(d, []slo.Tallies{silent, silent}).Assess(start); err != nil || a.Status != slo.StatusNoData {
		t.Errorf("%s, %s, %v", a.Status, a.Reason, err)
	}
}

// BenchmarkFollow is one new minute of the four rows of an objective.
func BenchmarkFollow(b *testing.B) {
	d := slo.Definition{
		Method: slo.Occurrences, Slice: time.Minute, Alerts: "workbook-30d", Window: slo.TimeWindow{Span: slo.Span{N: 30, Unit: slo.Day}},
		Indicator: slo.Indicator{Kind: slo.GoodOfTotal}, Objectives: []slo.Objective{{Target: target(b, "0.999")}},
	}
	series, rows := lived(d, 4, 0, func(int) float64 { return 1 }), rowsOf(b, d)
	for b.Loop() {
		for _, row := range rows {
			slo.ReaderOf(d, d.Objectives[0], series).Follow(row, slo.AlertHistory{}, start.Add(-time.Minute), start)
		}
	}
}

// TestWhatIsSaidReachesBackToSince: what is assessed of slices since then is what is
// assessed of all that was ever measured, also in a window of the calendar that has
// just begun, within a slice, and by lookbacks that are longer than it is old. No gap
// is longer than the week in which what slices hold is looked for.
func TestWhatIsSaidReachesBackToSince(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := drawnDefinition(t)
		d.Slice, d.Objectives[0].SliceWindow = time.Hour, time.Hour
		d.Alerts = rapid.SampledFrom([]string{"workbook-30d", "pyrra-28d", "pyrra-90d", "derived-1d"}).Draw(t, "alerts")
		if rapid.Bool().Draw(t, "rolling") {
			d.Window = slo.TimeWindow{Span: slo.Span{N: rapid.IntRange(1, 30).Draw(t, "days"), Unit: slo.Day}}
		} else {
			d.Window = slo.TimeWindow{Span: rapid.SampledFrom([]slo.Span{{N: 1, Unit: slo.Quarter}, {N: 10, Unit: slo.Day}}).Draw(t, "span"), Start: start.AddDate(-1, 0, 0).Add(15 * time.Minute)}
		}
		var list []evenkeel.Slice
		const hours = 60 * 24
		for at := 0; at < hours; at += rapid.IntRange(1, 7*24).Draw(t, "gap") {
			bad := rapid.IntRange(0, 10).Draw(t, "bad")
			for range rapid.IntRange(1, 5*24).Draw(t, "hours") {
				list = append(list, minute(60*at, float64(10-bad), 10))
				at++
			}
		}
		now := start.Add(time.Duration(rapid.IntRange(0, 5*24).Draw(t, "since")+hours) * time.Hour)
		if rapid.Bool().Draw(t, "begun") {
			now = d.Window.At(now).From.Add(time.Duration(rapid.IntRange(-1, 5).Draw(t, "quarters")) * 15 * time.Minute)
		}
		from := func(from time.Time) slo.Assessment {
			a, err := slo.ReaderOf(d, d.Objectives[0], slo.Gather(d, d.Objectives[0], list, evenkeel.Window{From: from, To: now})).Assess(now)
			if err != nil {
				t.Fatal(err)
			}
			return a
		}
		said, _ := json.Marshal(from(d.Since(now)))
		want, _ := json.Marshal(from(start.AddDate(0, 0, -60)))
		if diff := cmp.Diff(string(want), string(said)); diff != "" {
			t.Fatalf("(-want +got)\n%s", diff)
		}
	})
}

// TestUntilItsFirstSliceIsOverTheWindowBeforeStands: ten days begin at a quarter past
// midnight, and slices are hours.
func TestUntilItsFirstSliceIsOverTheWindowBeforeStands(t *testing.T) {
	t.Parallel()
	d := availability(t, slo.Timeslices)
	begun := start.Add(15 * time.Minute)
	d.Slice, d.Window = time.Hour, slo.TimeWindow{Span: slo.Span{N: 10, Unit: slo.Day}, Start: begun}
	for minutes, want := range map[int]time.Time{15: begun.AddDate(0, 0, -10), 59: begun.AddDate(0, 0, -10), 60: begun} {
		if got := d.Begin(at(minutes)); !got.Equal(want) {
			t.Errorf("after %d minutes: %v, want %v", minutes, got, want)
		}
		r := slo.Evaluate(d, d.Objectives[0], slo.Gather(d, d.Objectives[0], nil, evenkeel.Window{}), at(minutes))
		if !r.Window.From.Equal(want) {
			t.Errorf("after %d minutes the window is %v", minutes, r.Window)
		}
	}
}

// TestAssessKnowing: an alert that a history holds since before data stopped long ago
// stands, though nothing in reach of the instant shows it.
func TestAssessKnowing(t *testing.T) {
	t.Parallel()
	d := alerting(t, "workbook-30d")
	series := lived(d, 30, 0, func(m int) float64 { return when(m >= -8*24*60, -1) + when(m >= -8*24*60-10 && m < -8*24*60, 1000) })
	a := assess(t, d, series, start)
	if a.Status != slo.StatusNoData || len(a.Alerts) > 0 {
		t.Fatalf("%s, %+v", a.Status, a.Alerts)
	}
	row := rowsOf(t, d)[0]
	h := slo.ReaderOf(d, d.Objectives[0], series).Follow(row, slo.AlertHistory{}, start.AddDate(0, 0, -9), start)
	if h.Now == nil || h.Now.State != slo.AlertNoData {
		t.Fatalf("%+v", h)
	}
	if a, err := slo.ReaderOf(d, d.Objectives[0], series).AssessKnowing(start, []slo.Alert{*h.Now, {Severity: slo.Page, Policy: "gone", Fired: start, Peak: 5}}, nil); err != nil || len(a.Alerts) != 1 || a.Status != slo.StatusAtRisk || !strings.Contains(a.Reason.Text, "without data since 2026-10-24T00:05:00Z") {
		t.Errorf("%s, %s", a.Status, a.Reason)
	}
}
