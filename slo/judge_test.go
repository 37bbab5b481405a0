package slo_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// tallied is what one slice comes to.
func tallied(d slo.Definition, s evenkeel.Slice) slo.Tally {
	s.At = start
	window := evenkeel.Window{From: start, To: start.Add(d.Slice)}
	return slo.Gather(d, d.Objectives[0], []evenkeel.Slice{s}, window).Tally(window)
}

// TestSlicesAreJudged works single slices by hand. A slice is good where 99 % of
// its events are.
func TestSlicesAreJudged(t *testing.T) {
	t.Parallel()
	type slice = evenkeel.Slice
	nan, inf := math.NaN(), math.Inf(1)
	for _, one := range []struct {
		kind  slo.IndicatorKind
		slice slice
		want  slo.Tally
	}{
		// Two of three say it all.
		{slo.GoodOfTotal, slice{Good: new(99.0), Total: new(100.0)}, slo.Tally{Good: 99, Bad: 1, GoodSlices: 1, BadRatios: 0.01}},
		{slo.GoodOfTotal, slice{Good: new(98.0), Total: new(100.0)}, slo.Tally{Good: 98, Bad: 2, BadSlices: 1, BadRatios: 0.02}},
		{slo.GoodOfTotal, slice{Good: new(3.0), Bad: new(1.0)}, slo.Tally{Good: 3, Bad: 1, BadSlices: 1, BadRatios: 0.25}},
		{slo.GoodOfTotal, slice{Bad: new(1.0), Total: new(4.0)}, slo.Tally{Good: 3, Bad: 1, BadSlices: 1, BadRatios: 0.25}},
		{slo.BadOfTotal, slice{Bad: new(1.0), Total: new(100.0)}, slo.Tally{Good: 99, Bad: 1, GoodSlices: 1, BadRatios: 0.01}},
		{slo.BadOfTotal, slice{Good: new(3.0), Total: new(4.0)}, slo.Tally{Good: 3, Bad: 1, BadSlices: 1, BadRatios: 0.25}},
		// Of three that do not agree the indicator's part is taken: 5 of 100 are
		// neither good nor bad.
		{slo.GoodOfTotal, slice{Good: new(90.0), Bad: new(5.0), Total: new(100.0)}, slo.Tally{Good: 90, Bad: 10, BadSlices: 1, BadRatios: 0.1}},
		{slo.BadOfTotal, slice{Good: new(90.0), Bad: new(5.0), Total: new(100.0)}, slo.Tally{Good: 95, Bad: 5, BadSlices: 1, BadRatios: 0.05}},
		// Parts of events count as such.
		{slo.GoodOfTotal, slice{Good: new(0.75), Total: new(1.5)}, slo.Tally{Good: 0.75, Bad: 0.75, BadSlices: 1, BadRatios: 0.5}},
		// Nothing happened, or nothing is known.
		{slo.GoodOfTotal, slice{Good: new(0.0), Total: new(0.0)}, slo.Tally{NoData: 1, Idle: 1}},
		{slo.BadOfTotal, slice{Good: new(0.0), Bad: new(0.0)}, slo.Tally{NoData: 1, Idle: 1}},
		{slo.GoodOfTotal, slice{Total: new(7.0)}, slo.Tally{NoData: 1}},
		{slo.GoodOfTotal, slice{Good: new(7.0)}, slo.Tally{NoData: 1}},
		{slo.GoodOfTotal, slice{Value: new(0.5)}, slo.Tally{NoData: 1}},
		// More than there was: no more is taken for good, all that is bad is.
		{slo.GoodOfTotal, slice{Good: new(9999.0), Total: new(9.0)}, slo.Tally{Good: 9, GoodSlices: 1, Overfull: 1}},
		{slo.GoodOfTotal, slice{Good: new(5.0), Total: new(0.0)}, slo.Tally{NoData: 1, Overfull: 1}},
		{slo.BadOfTotal, slice{Bad: new(5.0), Total: new(3.0)}, slo.Tally{Bad: 5, BadSlices: 1, BadRatios: 1, Overfull: 1}},
		{slo.BadOfTotal, slice{Bad: new(5.0), Total: new(0.0)}, slo.Tally{Bad: 5, BadSlices: 1, BadRatios: 1, Overfull: 1}},
		// What cannot be.
		{slo.GoodOfTotal, slice{Good: new(-1.0), Total: new(9.0)}, slo.Tally{NoData: 1, Unusable: 1}},
		{slo.GoodOfTotal, slice{Good: new(1.0), Total: &nan}, slo.Tally{NoData: 1, Unusable: 1}},
		{slo.GoodOfTotal, slice{Good: new(1.0), Bad: new(-1.0), Total: new(1.0)}, slo.Tally{NoData: 1, Unusable: 1}},
		{slo.BadOfTotal, slice{Bad: new(0.0), Total: &inf}, slo.Tally{NoData: 1, Unusable: 1}},
		{slo.BadOfTotal, slice{Bad: new(0.0), Total: new(math.MaxFloat64)}, slo.Tally{NoData: 1, Unusable: 1}},
		// Ratios without events are parts of one.
		{slo.Success, slice{Value: new(0.99)}, slo.Tally{Good: 0.99, Bad: 0.01, GoodSlices: 1, BadRatios: 0.01}},
		{slo.Failure, slice{Value: new(0.25)}, slo.Tally{Good: 0.75, Bad: 0.25, BadSlices: 1, BadRatios: 0.25}},
		{slo.Success, slice{Value: new(1.0)}, slo.Tally{Good: 1, GoodSlices: 1}},
		{slo.Success, slice{Value: new(1.01)}, slo.Tally{NoData: 1, Unusable: 1}},
		{slo.Failure, slice{Value: new(-0.01)}, slo.Tally{NoData: 1, Unusable: 1}},
		{slo.Success, slice{Value: &nan}, slo.Tally{NoData: 1, Unusable: 1}},
		{slo.Success, slice{Good: new(1.0), Total: new(1.0)}, slo.Tally{NoData: 1}},
		// Thresholds make one event of a sample; the objective's is at most 0.3.
		{slo.Threshold, slice{Value: new(0.3)}, slo.Tally{Good: 1, GoodSlices: 1}},
		{slo.Threshold, slice{Value: new(0.31)}, slo.Tally{Bad: 1, BadSlices: 1, BadRatios: 1}},
		{slo.Threshold, slice{Value: new(-4.0)}, slo.Tally{Good: 1, GoodSlices: 1}},
		{slo.Threshold, slice{Value: &nan}, slo.Tally{NoData: 1, Unusable: 1}},
		{slo.Threshold, slice{Value: &inf}, slo.Tally{NoData: 1, Unusable: 1}},
		{slo.Threshold, slice{}, slo.Tally{NoData: 1}},
	} {
		d := availability(t, slo.Timeslices)
		d.Indicator.Kind = one.kind
		d.Objectives[0].Op, d.Objectives[0].Value = slo.AtMost, 0.3
		if diff := cmp.Diff(one.want, tallied(d, one.slice)); diff != "" {
			t.Errorf("%s of %s (-want +got)\n%s", one.kind, said(one.slice), diff)
		}
	}
}

func said(s evenkeel.Slice) string {
	text := ""
	for name, v := range map[string]*float64{"good": s.Good, "bad": s.Bad, "total": s.Total, "value": s.Value} {
		if v != nil {
			text += fmt.Sprintf(" %s %v", name, *v)
		}
	}
	return text
}

func TestComparisonsOfThresholds(t *testing.T) {
	t.Parallel()
	for _, one := range []struct {
		op                  slo.Comparison
		below, equal, above bool
	}{{slo.AtMost, true, true, false}, {slo.Below, true, false, false}, {slo.AtLeast, false, true, true}, {slo.Above, false, false, true}, {"eq", false, false, false}} {
		if one.op.Holds(1, 2) != one.below || one.op.Holds(2, 2) != one.equal || one.op.Holds(3, 2) != one.above || one.op.Holds(math.NaN(), 2) {
			t.Errorf("%s holds otherwise", one.op)
		}
	}
}

// TestCountedSlicesOfSeveralMeasured puts five measured minutes into a counted
// slice: thresholds of 4 of 5 good samples, a slice with one unusable minute,
// one with idle minutes only, and one of which only an idle and an unusable
// minute are known.
func TestCountedSlicesOfSeveralMeasured(t *testing.T) {
	t.Parallel()
	d := availability(t, slo.Timeslices)
	o := &d.Objectives[0]
	o.SliceWindow = 5 * time.Minute
	list := []evenkeel.Slice{
		minute(0, 100, 100), minute(1, 100, 100), minute(2, 96, 100), minute(3, 100, 100), minute(4, 100, 100), // 496 of 500, 99.2 %
		minute(5, 98, 100), minute(6, -1, 100), // 98 of 100
		minute(10, 0, 0), minute(14, 0, 0),
		minute(15, 0, 0), minute(16, -1, 0),
	}
	window := evenkeel.Window{From: start, To: at(25)}
	got := slo.Gather(d, *o, list, window).Tally(window)
	want := slo.Tally{
		Good: 594, Bad: 6, GoodSlices: 1, BadSlices: 1, BadRatios: 0.008 + 0.02,
		NoData: 3, HeldBad: 3, HeldBadRatios: 0.02 + 0.02 + 0.02, Idle: 1, Unusable: 2,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	o.Op, o.Value, d.Indicator.Kind = slo.Below, 0.3, slo.Threshold
	share, _ := slo.ParseShare("0.8")
	o.SliceTarget = share
	list = nil
	for i, v := range []float64{0.1, 0.2, 0.3, 0.1, 0.1, 0.1, 0.4, 0.4} {
		list = append(list, evenkeel.Slice{At: at(i), Value: &v})
	}
	window.To = at(10)
	got = slo.Gather(d, *o, list, window).Tally(window)
	want = slo.Tally{Good: 5, Bad: 3, GoodSlices: 1, BadSlices: 1, BadRatios: 0.2 + 2.0/3}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("thresholds (-want +got)\n%s", diff)
	}
}

// TestMissingSlices: a good and a bad minute, an idle one and one of which
// nothing is known, by what missing ones are taken for. The idle one repeats the
// bad one where slices hold, and is never bad by itself.
func TestMissingSlices(t *testing.T) {
	t.Parallel()
	list := []evenkeel.Slice{minute(1, 10, 10), minute(2, 5, 10), minute(3, 0, 0)}
	window := evenkeel.Window{From: start, To: at(5)} // minutes 0 and 4 are missing
	for _, one := range []struct {
		method  slo.Method
		missing slo.Missing
		want    slo.Count
	}{
		{slo.Timeslices, slo.MissingExclude, slo.Count{Good: 1, Bad: 1, Total: 2}},
		{slo.Timeslices, "", slo.Count{Good: 1, Bad: 1, Total: 2}},
		{slo.Timeslices, slo.MissingGood, slo.Count{Good: 4, Bad: 1, Total: 5}},
		{slo.Timeslices, slo.MissingBad, slo.Count{Good: 1, Bad: 3, Total: 4}},
		{slo.Timeslices, slo.MissingHold, slo.Count{Good: 1, Bad: 3, Total: 4}},
		{slo.RatioTimeslices, slo.MissingExclude, slo.Count{Good: 1.5, Bad: 0.5, Total: 2}},
		{slo.RatioTimeslices, slo.MissingGood, slo.Count{Good: 4.5, Bad: 0.5, Total: 5}},
		{slo.RatioTimeslices, slo.MissingBad, slo.Count{Good: 1.5, Bad: 2.5, Total: 4}},
		{slo.RatioTimeslices, slo.MissingHold, slo.Count{Good: 2.5, Bad: 1.5, Total: 4}},
		{slo.Occurrences, slo.MissingBad, slo.Count{Good: 15, Bad: 5, Total: 20}},
	} {
		d := availability(t, one.method)
		d.Missing = one.missing
		tally := slo.Gather(d, d.Objectives[0], list, window).Tally(window)
		if got := tally.Count(one.method, one.missing); got != one.want {
			t.Errorf("%s with missing ones %s: %+v, want %+v", one.method, one.missing, got, one.want)
		}
		if c := tally.Coverage(); *c != 0.6 {
			t.Errorf("%s: coverage %v, want 3 of 5", one.method, *c)
		}
	}
}
