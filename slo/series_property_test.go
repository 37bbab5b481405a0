package slo_test

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// drawnSlices are whole numbers of events by minute, with holes, idle minutes and
// nonsense. Totals are powers of two, so that sums of ratios are exact.
func drawnSlices(t *rapid.T, minutes int) (list []evenkeel.Slice) {
	for i, n := range rapid.SliceOfN(rapid.IntRange(0, 999), minutes, minutes).Draw(t, "slices") {
		switch {
		case n < 200:
		case n < 300:
			list = append(list, minute(i, 0, 0))
		case n < 350:
			list = append(list, minute(i, -1, 8))
		case n < 400:
			list = append(list, minute(i, 9, 8))
		default:
			total := 1 << (n % 7)
			list = append(list, minute(i, float64(n/7%(total+1)), float64(total)))
		}
	}
	return list
}

func drawnDefinition(t *rapid.T) slo.Definition {
	share, err := slo.ParseShare(rapid.SampledFrom([]string{"0.5", "0.75", "1"}).Draw(t, "share"))
	if err != nil {
		t.Fatal(err)
	}
	d := slo.Definition{
		Name: "x", Slice: time.Minute, Window: slo.TimeWindow{Span: slo.Span{N: 2, Unit: slo.Hour}},
		Method:     rapid.SampledFrom([]slo.Method{slo.Occurrences, slo.Timeslices, slo.RatioTimeslices}).Draw(t, "method"),
		Missing:    rapid.SampledFrom([]slo.Missing{slo.MissingExclude, slo.MissingGood, slo.MissingBad, slo.MissingHold}).Draw(t, "missing"),
		Indicator:  slo.Indicator{Kind: rapid.SampledFrom([]slo.IndicatorKind{slo.GoodOfTotal, slo.BadOfTotal}).Draw(t, "kind")},
		Objectives: []slo.Objective{{Target: target(t, "0.9"), SliceTarget: share, Weight: 1, SliceWindow: time.Duration(rapid.SampledFrom([]int{1, 5}).Draw(t, "counted")) * time.Minute}},
	}
	if d.Method == slo.Occurrences {
		d.Objectives[0].SliceWindow = d.Slice
	}
	return d
}

// within are the slices of a list that begin in a window.
func within(list []evenkeel.Slice, w evenkeel.Window) (out []evenkeel.Slice) {
	for _, s := range list {
		if w.Contains(s.At) {
			out = append(out, s)
		}
	}
	return out
}

func drawnWindow(t *rapid.T, minutes int, step time.Duration) evenkeel.Window {
	most := minutes / int(step/time.Minute)
	from := rapid.IntRange(0, most-1).Draw(t, "from")
	to := rapid.IntRange(from+1, most).Draw(t, "to")
	return evenkeel.Window{From: start.Add(time.Duration(from) * step), To: start.Add(time.Duration(to) * step)}
}

// nearly allows for sums of fifths.
var nearly = cmpopts.EquateApprox(0, 1e-9)

// TestSplittingChangesNothing: what a span came to is the sum of its parts,
// wherever it is split, and of its slices one by one.
func TestSplittingChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		const minutes = 2500
		d := drawnDefinition(t)
		o := d.Objectives[0]
		s := slo.Gather(d, o, drawnSlices(t, minutes), evenkeel.Window{From: start, To: at(minutes)})
		w := drawnWindow(t, minutes, o.SliceWindow)
		whole, parts := s.Tally(w), slo.Tally{}
		for from := w.From; from.Before(w.To); {
			to := from.Add(time.Duration(rapid.IntRange(1, 700).Draw(t, "part")) * o.SliceWindow)
			if to.After(w.To) {
				to = w.To
			}
			parts = parts.Add(s.Tally(evenkeel.Window{From: from, To: to}))
			from = to
		}
		var single slo.Tally
		for _, one := range s.Slices(w) {
			single = single.Add(one)
		}
		if !cmp.Equal(whole, parts, nearly) || !cmp.Equal(whole, single, nearly) {
			t.Fatalf("whole, parts (-+)\n%s\nwhole, slices\n%s", cmp.Diff(whole, parts), cmp.Diff(whole, single))
		}
		if whole.Good != parts.Good || whole.Bad != parts.Bad || whole.Slices() != int64(w.To.Sub(w.From)/o.SliceWindow) {
			t.Fatalf("%+v, parts %+v", whole, parts)
		}
	})
}

// TestSeriesGrowAsTheyAreGathered: put minute by minute, in pieces, late and
// again, a series is the one that is gathered at once; and what is forgotten
// leaves the rest as it is.
func TestSeriesGrowAsTheyAreGathered(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		const minutes = 2500
		d := drawnDefinition(t)
		o := d.Objectives[0]
		list := drawnSlices(t, minutes)
		all := evenkeel.Window{From: start, To: at(minutes)}
		want := slo.Gather(d, o, list, all)
		known := within(list, evenkeel.Window{From: start, To: at(rapid.IntRange(0, minutes).Draw(t, "first"))})
		got := slo.Gather(d, o, known, evenkeel.Window{From: start, To: at(rapid.IntRange(0, minutes).Draw(t, "known"))})
		for range rapid.IntRange(0, 5).Draw(t, "pieces") {
			w := drawnWindow(t, minutes, o.SliceWindow)
			got.Put(within(list, w), w)
		}
		for to := start; to.Before(all.To); {
			from := to
			to = to.Add(time.Duration(rapid.IntRange(1, 500).Draw(t, "step")) * o.SliceWindow)
			w := evenkeel.Window{From: from, To: to}
			if to.After(all.To) {
				w.To = all.To
			}
			got.Put(within(list, w), w)
		}
		w := drawnWindow(t, minutes, o.SliceWindow)
		if forget := rapid.Bool().Draw(t, "forget"); forget {
			got.Forget(w.From)
			if got.Window().From.After(w.From) {
				t.Fatalf("forgot up to %v, beyond %v", got.Window().From, w.From)
			}
		}
		if !cmp.Equal(want.Tally(w), got.Tally(w)) || !got.Window().To.Equal(want.Window().To) {
			t.Fatalf("(-want +got)\n%s", cmp.Diff(want.Tally(w), got.Tally(w)))
		}
	})
}

// TestOrderOfSlicesChangesNothing, nor does taking the same ones in again.
func TestOrderOfSlicesChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := drawnDefinition(t)
		o := d.Objectives[0]
		list := drawnSlices(t, 120)
		all := evenkeel.Window{From: start, To: at(120)}
		shuffled := rapid.Permutation(append(list, list...)).Draw(t, "order")
		one, other := slo.Gather(d, o, list, all), slo.Gather(d, o, shuffled, all)
		if !cmp.Equal(one.Tally(all), other.Tally(all)) {
			t.Fatal(cmp.Diff(one.Tally(all), other.Tally(all)))
		}
		a, b := slo.Evaluate(d, o, one, all.To), slo.Evaluate(d, o, other, all.To.In(zone(t, "Asia/Kathmandu")))
		if !cmp.Equal(a, b, cmpopts.EquateComparable(slo.Target{})) {
			t.Fatalf("%+v, then %+v", a, b)
		}
	})
}

// TestMoreBadEventsNeverHelp: a good event that turns bad never lowers what is
// consumed, and never raises the level.
func TestMoreBadEventsNeverHelp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := drawnDefinition(t)
		o := d.Objectives[0]
		list := drawnSlices(t, 120)
		all := evenkeel.Window{From: start, To: at(120)}
		before := slo.Evaluate(d, o, slo.Gather(d, o, list, all), all.To)
		i := rapid.IntRange(0, 119).Draw(t, "which") % max(1, len(list))
		if len(list) == 0 || *list[i].Good < 1 || *list[i].Good > *list[i].Total {
			return
		}
		worse := *list[i].Good - 1
		list[i].Good = &worse
		after := slo.Evaluate(d, o, slo.Gather(d, o, list, all), all.To)
		if *after.Consumed < *before.Consumed || *after.SLI > *before.SLI || *after.Remaining > *before.Remaining {
			t.Fatalf("%v consumed before, %v after", *before.Consumed, *after.Consumed)
		}
	})
}

// TestCoverageIsAShare and what is consumed belongs to the level.
func TestCoverageIsAShare(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := drawnDefinition(t)
		o := d.Objectives[0]
		r := slo.Evaluate(d, o, slo.Gather(d, o, drawnSlices(t, 60), evenkeel.Window{From: start, To: at(60)}), at(rapid.IntRange(0, 200).Draw(t, "at")))
		if c := *r.Coverage; c < 0 || c > 1 || r.Tally.Slices() != int64(2*time.Hour/o.SliceWindow) {
			t.Fatalf("coverage %v of %d slices", c, r.Tally.Slices())
		}
		if (r.SLI == nil) != (r.Consumed == nil) || r.SLI != nil && math.Abs((1-*r.SLI)/0.1-*r.Consumed) > 1e-9 {
			t.Fatalf("SLI %v, consumed %v", r.SLI, r.Consumed)
		}
	})
}
