package slo_test

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// byIncidents promises 99.9 % of the minutes of 30 days, in slices of five.
func byIncidents(t *testing.T, method slo.Method) slo.Definition {
	t.Helper()
	d := availability(t, method)
	d.Slice, d.Indicator = 5*time.Minute, slo.Indicator{Kind: slo.BadOfTotal, Incidents: &slo.Incidents{}}
	d.Objectives[0].SliceWindow = 0
	return d
}

// outage is an incident that stood from one minute to another; 0 is no end.
func outage(id string, minutes ...int) slo.Outage {
	o := slo.Outage{Cause: slo.Cause{Kind: slo.CauseIncident, ID: id}}
	for i := 0; i < len(minutes); i += 2 {
		w := evenkeel.Window{From: at(minutes[i])}
		if minutes[i+1] > 0 {
			w.To = at(minutes[i+1])
		}
		o.Stood = append(o.Stood, w)
	}
	return o
}

// TestIncidentsAreBadMinutes, by hand: an incident of minutes 2 to 7, one of 5 to
// 12, one that still stands since 25, in slices of five minutes, known from minute
// 3 to 33: the first slice is not known as a whole, then come 5, 2, 0, 0 and 5 bad
// minutes, and the slice of now is not over.
func TestIncidentsAreBadMinutes(t *testing.T) {
	t.Parallel()
	d := byIncidents(t, slo.Occurrences)
	list := []slo.Outage{outage("c", 25, 0), outage("b", 5, 12), outage("a", 2, 7)}
	m := slo.MinutesOf(d, d.Objectives[0], list, evenkeel.Window{From: at(3), To: at(33)})
	want := []float64{-1, 5, 2, 0, 0, 5, -1, -1}
	for i, bad := range want {
		got := m.Tally(evenkeel.Window{From: at(5 * i), To: at(5*i + 5)})
		if known := bad >= 0; known != (got.Measured() == 1) || known && (got.Bad != bad || got.Good != 5-bad) {
			t.Errorf("slice %d: %+v, want %v bad", i, got, bad)
		}
	}
	if all := m.Tally(evenkeel.Window{From: at(0), To: at(40)}); all.Bad != 12 || all.Good != 13 || all.NoData != 3 || all.Slices() != 8 {
		t.Errorf("all: %+v", all)
	}
}

// TestIncidentMinutesAreTheirSlices: whatever the method and the spans, the
// tallies are those of the slices, measured one by one.
func TestIncidentMinutesAreTheirSlices(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		d, list, known := drawIncidents(t, r)
		o := d.Objectives[0]
		m := slo.MinutesOf(d, o, list, known)
		want := slo.Gather(d, o, measuredByHand(d, list, known), evenkeel.Window{From: at(0), To: at(3000)})
		for range 5 {
			from := rapid.IntRange(0, 2900).Draw(r, "from")
			span := evenkeel.Window{From: at(from), To: at(rapid.IntRange(from, 3000).Draw(r, "to"))}
			if diff := cmp.Diff(want.Tally(span), m.Tally(span), cmpopts.EquateApprox(1e-12, 1e-9), cmpopts.IgnoreFields(slo.Tally{}, "HeldGood", "HeldBad", "HeldBadRatios")); diff != "" {
				r.Fatalf("%v (-slices +minutes)\n%s", span, diff)
			}
		}
	})
}

func drawIncidents(t *testing.T, r *rapid.T) (d slo.Definition, list []slo.Outage, known evenkeel.Window) {
	d = byIncidents(t, rapid.SampledFrom([]slo.Method{slo.Occurrences, slo.Timeslices, slo.RatioTimeslices}).Draw(r, "method"))
	d.Slice = rapid.SampledFrom([]time.Duration{time.Minute, 5 * time.Minute}).Draw(r, "slice")
	d.Objectives[0].SliceWindow = rapid.SampledFrom([]time.Duration{0, time.Hour}).Draw(r, "counted")
	share, err := slo.ParseShare("0.5")
	if err != nil {
		t.Fatal(err)
	}
	d.Objectives[0].SliceTarget = share
	for i := range rapid.IntRange(0, 6).Draw(r, "incidents") {
		one := slo.Outage{Cause: slo.Cause{Kind: slo.CauseIncident, ID: strconv.Itoa(i)}}
		begin := start.Add(time.Duration(rapid.IntRange(-3600, 3000*60).Draw(r, "begin")) * time.Second)
		one.Stood = append(one.Stood, evenkeel.Window{From: begin, To: begin.Add(time.Duration(rapid.IntRange(0, 7200).Draw(r, "for")) * time.Second)})
		if rapid.Bool().Draw(r, "again") {
			one.Stood = append(one.Stood, evenkeel.Window{From: begin.Add(4 * time.Hour)})
		}
		list = append(list, one)
	}
	known.From = start.Add(time.Duration(rapid.IntRange(-100, 20000).Draw(r, "since")) * time.Second)
	known.To = known.From.Add(time.Duration(rapid.IntRange(0, 170000).Draw(r, "known")) * time.Second)
	return d, list, known
}

// measuredByHand looks at every second.
func measuredByHand(d slo.Definition, list []slo.Outage, known evenkeel.Window) (measured []evenkeel.Slice) {
	for from := at(0); from.Before(at(3000)); from = from.Add(d.Slice) {
		if from.Before(known.From) || from.Add(d.Slice).After(known.To) {
			continue
		}
		bad, total := 0.0, d.Slice.Minutes()
		for second := from; second.Before(from.Add(d.Slice)); second = second.Add(time.Second) {
			if slices.ContainsFunc(list, func(o slo.Outage) bool { return stands(o, second) }) {
				bad++
			}
		}
		bad /= 60
		measured = append(measured, evenkeel.Slice{At: from, Bad: &bad, Total: &total})
	}
	return measured
}

func stands(o slo.Outage, at time.Time) bool {
	return slices.ContainsFunc(o.Stood, func(w evenkeel.Window) bool {
		return !at.Before(w.From) && (w.To.IsZero() || at.Before(w.To))
	})
}

// TestSeverities: those that are named count, and what has none yet.
func TestSeverities(t *testing.T) {
	t.Parallel()
	for severity, want := range map[string][2]bool{"sev1": {true, true}, "SEV2": {true, true}, "sev3": {true, false}, "": {true, true}} {
		all, some := slo.Incidents{}, slo.Incidents{Severities: []string{"Sev1", "sev2"}}
		if got := [2]bool{all.Counts(severity), some.Counts(severity)}; got != want {
			t.Errorf("%q: %v", severity, got)
		}
	}
}
