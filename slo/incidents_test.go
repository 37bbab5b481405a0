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

// TestMinutesBetweenReportsAreNoData, by hand: an incident of minutes 8 to 22 and
// one that stands since 41, in slices of five minutes. What happens is known from
// minute 0 to 12, again from 18 to 40 and from 40 to 50: nothing is known of the
// slices of minutes 10 and 15 as wholes. Each is taken for what the document says of
// missing ones: held, they are as bad as the slice before them, of minutes 5 to 10.
func TestMinutesBetweenReportsAreNoData(t *testing.T) {
	t.Parallel()
	d := byIncidents(t, slo.Timeslices)
	list := []slo.Outage{outage("a", 8, 22), outage("b", 41, 0)}
	m := slo.MinutesOf(d, d.Objectives[0], list, evenkeel.Window{From: at(40), To: at(50)}, evenkeel.Window{From: at(0), To: at(12)}, evenkeel.Window{From: at(18), To: at(40)})
	want := []float64{0, 2, -1, -1, 2, 0, 0, 0, 4, 5, -1}
	for i, bad := range want {
		got := m.Tally(evenkeel.Window{From: at(5 * i), To: at(5*i + 5)})
		if known := bad >= 0; known != (got.Measured() == 1) || known && (got.Bad != bad || got.Good != 5-bad) {
			t.Errorf("slice %d: %+v, want %v bad", i, got, bad)
		}
	}
	all := m.Tally(evenkeel.Window{From: at(0), To: at(55)})
	if all.Bad != 13 || all.Good != 27 || all.NoData != 3 || *all.Coverage() != 8.0/11 {
		t.Errorf("all: %+v", all)
	}
	for missing, want := range map[slo.Missing]slo.Count{
		slo.MissingExclude: {Good: 4, Bad: 4, Total: 8}, slo.MissingGood: {Good: 7, Bad: 4, Total: 11},
		slo.MissingBad: {Good: 4, Bad: 7, Total: 11}, slo.MissingHold: {Good: 4, Bad: 7, Total: 11},
	} {
		if got := all.Count(slo.Timeslices, missing); got != want {
			t.Errorf("%s: %+v, want %+v", missing, got, want)
		}
	}
	if nothing := slo.MinutesOf(d, d.Objectives[0], list).Tally(evenkeel.Window{From: at(0), To: at(55)}); nothing.NoData != 11 || nothing.Slices() != 11 {
		t.Errorf("never known: %+v", nothing)
	}
}

// TestIncidentMinutesAreTheirSlices: whatever the method, the spans and the gaps,
// the tallies are those of the slices, measured one by one.
func TestIncidentMinutesAreTheirSlices(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		d, list, known := drawIncidents(t, r)
		o := d.Objectives[0]
		m := slo.MinutesOf(d, o, list, known...)
		want := slo.Gather(d, o, measuredByHand(d, list, known), evenkeel.Window{From: at(-300), To: at(3000)})
		for range 5 {
			from := rapid.IntRange(0, 2900).Draw(r, "from")
			span := evenkeel.Window{From: at(from), To: at(rapid.IntRange(from, 3000).Draw(r, "to"))}
			if diff := cmp.Diff(want.Tally(span), m.Tally(span), cmpopts.EquateApprox(1e-12, 1e-9)); diff != "" {
				r.Fatalf("%v (-slices +minutes)\n%s", span, diff)
			}
		}
	})
}

func drawIncidents(t *testing.T, r *rapid.T) (d slo.Definition, list []slo.Outage, known []evenkeel.Window) {
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
	for range rapid.IntRange(0, 4).Draw(r, "windows") {
		from := start.Add(time.Duration(rapid.IntRange(-100, 170000).Draw(r, "since")) * time.Second)
		known = append(known, evenkeel.Window{From: from, To: from.Add(time.Duration(rapid.IntRange(0, 60000).Draw(r, "known")) * time.Second)})
	}
	return d, list, known
}

// measuredByHand looks at every second.
func measuredByHand(d slo.Definition, list []slo.Outage, known []evenkeel.Window) (measured []evenkeel.Slice) {
	for from := at(-60); from.Before(at(3000)); from = from.Add(d.Slice) {
		if !knownAsAWhole(known, from, from.Add(d.Slice)) {
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

// knownAsAWhole goes from window to window as far as they meet.
func knownAsAWhole(known []evenkeel.Window, from, to time.Time) bool {
	for range known {
		for _, w := range known {
			if !w.From.After(from) && w.To.After(from) {
				from = w.To
			}
		}
	}
	return !from.Before(to)
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
