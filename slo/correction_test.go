package slo_test

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
)

func correction(from, to int, mode slo.CorrectionMode) slo.Correction {
	return slo.Correction{From: at(from), To: at(to), Mode: mode, Reason: "maintenance", Author: "ann", At: start}
}

// TestCorrectionsShrinkTheDenominator: of a week of 10,080 minutes a day of
// maintenance is left out, with 30 bad minutes in it and 60 outside. By contract
// 60 of 8,640 are bad, 0.694 %; of the whole week that is 0.595 %; experienced
// were 90 of 10,080.
func TestCorrectionsShrinkTheDenominator(t *testing.T) {
	t.Parallel()
	const week = 7 * 1440
	list := append(every(start, week, 10, 10), every(at(100), 30, 0, 10)...)
	list = append(list, every(at(5000), 60, 0, 10)...)
	maintenance := []slo.Correction{correction(0, 1440, slo.ExcludeSlices)}
	for _, one := range []struct {
		method                              slo.Method
		contractual, experienced, undilated float64
		bad, all                            float64
	}{
		{slo.Timeslices, 6000.0 / 8640, 9000.0 / 10080, 6000.0 / 10080, 60, 8640},
		{slo.RatioTimeslices, 6000.0 / 8640, 9000.0 / 10080, 6000.0 / 10080, 60, 8640},
		{slo.Occurrences, 6000.0 / 8640, 9000.0 / 10080, 6000.0 / 10080, 600, 86400},
	} {
		d := availability(t, one.method)
		d.Window.Span = slo.Span{N: 7, Unit: slo.Day}
		d.Objectives[0].Target = target(t, "0.99")
		s := slo.Gather(d, d.Objectives[0], list, evenkeel.Window{From: start, To: at(week)})
		got := slo.Stand(d, d.Objectives[0], s, maintenance, at(week))
		if *got.Contractual.Consumed != one.contractual || *got.Experienced.Consumed != one.experienced || *got.Undilated != one.undilated {
			t.Errorf("%s: %v by contract, %v experienced, %v undilated", one.method, *got.Contractual.Consumed, *got.Experienced.Consumed, *got.Undilated)
		}
		c := got.Contractual
		if c.Count.Bad != one.bad || c.Count.Total != one.all || c.Tally.Excluded != 1440 || *c.Coverage != 1 || c.Tally.Slices() != 8640 {
			t.Errorf("%s: %+v of %+v", one.method, c.Count, c.Tally)
		}
	}
}

// TestCorrectionsOfMissingSlices: of four minutes, one good, one bad and two
// unknown, the last two are corrected. Left out they are not missing, taken for
// good they are known.
func TestCorrectionsOfMissingSlices(t *testing.T) {
	t.Parallel()
	d := availability(t, slo.Timeslices)
	s := slo.Gather(d, d.Objectives[0], []evenkeel.Slice{minute(0, 1, 1), minute(1, 0, 1)}, evenkeel.Window{From: start, To: at(4)})
	window := evenkeel.Window{From: start, To: at(4)}
	for _, one := range []struct {
		list []slo.Correction
		want slo.Tally
	}{
		{nil, slo.Tally{Good: 1, Bad: 1, GoodSlices: 1, BadSlices: 1, BadRatios: 1, NoData: 2, HeldBad: 2, HeldBadRatios: 2}},
		{[]slo.Correction{correction(2, 4, slo.ExcludeSlices)}, slo.Tally{Good: 1, Bad: 1, GoodSlices: 1, BadSlices: 1, BadRatios: 1, Excluded: 2}},
		{[]slo.Correction{correction(2, 4, slo.TakeForGood)}, slo.Tally{Good: 1, Bad: 1, GoodSlices: 3, BadSlices: 1, BadRatios: 1, Corrected: 2, Assumed: 2}},
		{[]slo.Correction{correction(1, 4, slo.TakeForGood)}, slo.Tally{Good: 2, GoodSlices: 4, Corrected: 3, Assumed: 2}},
		// Leaving out goes before taking for good.
		{[]slo.Correction{correction(0, 3, slo.TakeForGood), correction(1, 2, slo.ExcludeSlices)}, slo.Tally{Good: 1, GoodSlices: 2, NoData: 1, HeldBad: 1, HeldBadRatios: 1, Excluded: 1, Corrected: 2, Assumed: 1}},
		// Half a minute touches the minute.
		{[]slo.Correction{{From: at(1).Add(59 * time.Second), To: at(2).Add(time.Second), Mode: slo.ExcludeSlices}}, slo.Tally{Good: 1, GoodSlices: 1, NoData: 1, HeldBad: 1, HeldBadRatios: 1, Excluded: 2}},
		// A span that ends before it begins, and an unknown mode, correct nothing.
		{[]slo.Correction{correction(3, 0, slo.ExcludeSlices), correction(0, 3, "bad")}, slo.Tally{Good: 1, Bad: 1, GoodSlices: 1, BadSlices: 1, BadRatios: 1, NoData: 2, HeldBad: 2, HeldBadRatios: 2}},
	} {
		if diff := cmp.Diff(one.want, slo.Corrected(s, d, d.Objectives[0], one.list).Tally(window)); diff != "" {
			t.Errorf("%v (-want +got)\n%s", one.list, diff)
		}
	}
}

// TestCorrectionsAreSliceBySlice compares with a walk over slices, in any order
// of corrections and split anywhere.
func TestCorrectionsAreSliceBySlice(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		const minutes = 200
		d := drawnDefinition(t)
		o := d.Objectives[0]
		s := slo.Gather(d, o, drawnSlices(t, minutes), evenkeel.Window{From: start, To: at(minutes)})
		var list []slo.Correction
		for range rapid.IntRange(0, 6).Draw(t, "corrections") {
			from := rapid.IntRange(-10, minutes).Draw(t, "from")
			list = append(list, correction(from, from+rapid.IntRange(1, 60).Draw(t, "long"), rapid.SampledFrom([]slo.CorrectionMode{slo.ExcludeSlices, slo.TakeForGood}).Draw(t, "mode")))
		}
		w := drawnWindow(t, minutes, o.SliceWindow)
		var want slo.Tally
		for from, one := range s.Slices(w) {
			want = want.Add(byHand(one, list, evenkeel.Window{From: from, To: from.Add(o.SliceWindow)}))
		}
		got := slo.Corrected(s, d, o, rapid.Permutation(list).Draw(t, "order")).Tally(w)
		if !cmp.Equal(want, got, nearly) {
			t.Fatalf("(-want +got)\n%s", cmp.Diff(want, got))
		}
	})
}

func byHand(one slo.Tally, list []slo.Correction, slice evenkeel.Window) slo.Tally {
	modes := map[slo.CorrectionMode]bool{}
	for _, c := range list {
		if c.From.Before(slice.To) && slice.From.Before(c.To) {
			modes[c.Mode] = true
		}
	}
	switch {
	case modes[slo.ExcludeSlices]:
		return slo.Tally{Excluded: 1}
	case modes[slo.TakeForGood]:
		return slo.Tally{Good: one.Good + one.Bad, GoodSlices: 1, Corrected: 1, Assumed: one.NoData - one.Idle}
	default:
		return one
	}
}

func TestCorrectionsThatAreNone(t *testing.T) {
	t.Parallel()
	good := correction(0, 1, slo.ExcludeSlices)
	if err := good.Check(); err != nil {
		t.Error(err)
	}
	for field, change := range map[string]func(*slo.Correction){
		"from": func(c *slo.Correction) { c.From = time.Time{} }, "to": func(c *slo.Correction) { c.To = c.From },
		"mode": func(c *slo.Correction) { c.Mode = "bad" }, "reason": func(c *slo.Correction) { c.Reason = "" },
	} {
		bad := good
		change(&bad)
		if err := bad.Check(); err == nil || err.Error()[:len(field)+1] != field+":" {
			t.Errorf("%s: %v", field, err)
		}
	}
}

// TestCorrectionsOfACalendar: a month of the calendar, of which the second of
// four days is left out. The pace of the other three is that of the 29 days that count.
func TestCorrectionsOfACalendar(t *testing.T) {
	t.Parallel()
	list := append(every(start, 4*1440, 1000, 1000), every(at(100), 60, 0, 1000)...)
	now := start.AddDate(0, 0, 4)
	maintenance := []slo.Correction{correction(1440, 2880, slo.ExcludeSlices)}
	for method, expected := range map[slo.Method]float64{slo.Timeslices: 29 * 1440, slo.Occurrences: 29 * 1440e3} {
		d := availability(t, method)
		d.Window = slo.TimeWindow{Span: slo.Span{N: 1, Unit: slo.Month}, Start: start.AddDate(-1, 0, 0)}
		s := slo.Gather(d, d.Objectives[0], list, evenkeel.Window{From: start, To: now})
		r := slo.Stand(d, d.Objectives[0], s, maintenance, now).Contractual
		if want := r.Count.Bad / expected / 0.001; *r.Expected != expected || math.Abs(*r.Projected-want) > 1e-12 {
			t.Errorf("%s: projected %v of %v, want %v of %v", method, *r.Projected, *r.Expected, want, expected)
		}
	}
}

// TestCorrectionsBringNoTraffic: half of the window has no data. Taken for good it
// brings no events, so that as many are to come as before.
func TestCorrectionsBringNoTraffic(t *testing.T) {
	t.Parallel()
	d, now := availability(t, slo.Occurrences), start.AddDate(0, 0, 30)
	list := append(every(at(15*1440), 15*1440, 1000, 1000), every(at(20*1440), 10, 0, 1000)...)
	s := slo.Gather(d, d.Objectives[0], list, evenkeel.Window{From: start, To: now})
	gap := slo.Corrected(s, d, d.Objectives[0], []slo.Correction{correction(0, 15*1440, slo.TakeForGood)})
	want, _ := slo.ReaderOf(d, d.Objectives[0], s).PredictAt(now, 2)
	got, _ := slo.ReaderOf(d, d.Objectives[0], gap).PredictAt(now, 2)
	if diff := cmp.Diff(want, got); diff != "" || want == nil {
		t.Errorf("exhausts (-as measured +corrected)\n%s", diff)
	}
}
