package slo_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// spentByDay is 30 days of 1,440,000 events each, of which a share of the budget
// of 43,200 was spent on some days.
func spentByDay(d slo.Definition, shares map[int]float64) *slo.Series {
	var list []evenkeel.Slice
	for m := range 30 * 24 * 60 {
		bad := shares[m/(24*60)] * 43200 / (24 * 60)
		list = append(list, minute(m, 1000-bad, 1000))
	}
	return slo.Gather(d, d.Objectives[0], list, evenkeel.Window{From: start, To: start.AddDate(0, 0, 30)})
}

// TestForecastRollsOff is the worked vector: 0.55 of the budget spent 26 days ago
// and 0.30 ten days ago, now a burn of 2, which is 0.0667 a day. Without roll-off
// the remaining 0.15 would last 2.25 days and stay spent. After days 1 to 5
// 0.9167, 0.9833, 1.05, 0.5667 and 0.6333 are spent: exhausted on the third day,
// thawed on the fourth. There, the old day leaves at 0.55 a day, so that 1 is
// passed when 0.05 of 0.4833 have gone: 149 minutes into it.
func TestForecastRollsOff(t *testing.T) {
	t.Parallel()
	d := availability(t, slo.Occurrences)
	series := spentByDay(d, map[int]float64{3: 0.55, 20: 0.30})
	now := start.AddDate(0, 0, 30)
	exhausts, thaws := slo.ReaderOf(d, d.Objectives[0], series).PredictAt(now, 2)
	if exhausts == nil || !near(*exhausts, now.Add(54*time.Hour)) {
		t.Errorf("exhausts at %v", exhausts)
	}
	if thaws == nil || !near(*thaws, now.AddDate(0, 0, 3).Add(149*time.Minute)) {
		t.Errorf("thaws at %v", thaws)
	}
	if exhausts, thaws = slo.ReaderOf(d, d.Objectives[0], series).PredictAt(now, 0.5); exhausts != nil || thaws != nil {
		t.Errorf("at a burn of 0.5: %v, %v", exhausts, thaws)
	}
}

func near(a, b time.Time) bool { return a.Sub(b).Abs() <= time.Minute }

// TestForecastOfWhatIsExhausted tells the thaw: 1.2 spent ten days ago leave
// after the 20th day, 0.2 of them after a sixth of the day.
func TestForecastOfWhatIsExhausted(t *testing.T) {
	t.Parallel()
	d := availability(t, slo.Occurrences)
	now := start.AddDate(0, 0, 30)
	exhausts, thaws := slo.ReaderOf(d, d.Objectives[0], spentByDay(d, map[int]float64{20: 1.2})).PredictAt(now, 0)
	if exhausts != nil || thaws == nil || !near(*thaws, now.AddDate(0, 0, 20).Add(4*time.Hour)) {
		t.Errorf("exhausts at %v, thaws at %v", exhausts, thaws)
	}
	// A burn of 1.5 spends more than 1 by the day on which the old errors have left.
	if _, thaws = slo.ReaderOf(d, d.Objectives[0], spentByDay(d, map[int]float64{20: 1.2})).PredictAt(now, 1.5); thaws != nil {
		t.Errorf("thaws at %v", thaws)
	}
}

// TestForecastOfACalendar: ten days into November 1.5 of the budget so far are
// spent. Without errors, that is 1 after the 15th day; at a burn of 1 it lasts
// until the month is over.
func TestForecastOfACalendar(t *testing.T) {
	t.Parallel()
	d := availability(t, slo.Occurrences)
	d.Window = slo.TimeWindow{Span: slo.Span{N: 1, Unit: slo.Month}, Start: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	series := lived(d, 0, 240*time.Hour, func(int) float64 { return 15 })
	now := start.AddDate(0, 0, 10)
	for burn, want := range map[float64]time.Time{0: start.AddDate(0, 0, 15).Add(time.Minute), 1: start.AddDate(0, 1, 0)} {
		exhausts, thaws := slo.ReaderOf(d, d.Objectives[0], series).PredictAt(now, burn)
		if exhausts != nil || thaws == nil || !thaws.Equal(want) {
			t.Errorf("at a burn of %v: exhausts at %v, thaws at %v, want %v", burn, exhausts, thaws, want)
		}
	}
	// Half spent so far, and 3 from now on: (5+3x)/(10+x) is 1 after 2.5 days.
	series = lived(d, 0, 240*time.Hour, func(int) float64 { return 5 })
	if exhausts, thaws := slo.ReaderOf(d, d.Objectives[0], series).PredictAt(now, 3); exhausts == nil || !near(*exhausts, now.Add(60*time.Hour)) || thaws == nil || !thaws.Equal(start.AddDate(0, 1, 0)) {
		t.Errorf("exhausts at %v, thaws at %v", exhausts, thaws)
	}
}

// TestForecastHasARange: of the last day 20 of 10,000 events failed, a burn of 2,
// and at 95 % at least 1.33 and at most 2.9.
func TestForecastHasARange(t *testing.T) {
	t.Parallel()
	d := availability(t, slo.Occurrences)
	var list []evenkeel.Slice
	for m := range 30 * 24 * 60 {
		n := 10000.0 / (24 * 60)
		bad := 0.0
		if day := m / (24 * 60); day == 29 {
			bad = 20.0 / (24 * 60)
		} else if day >= 24 {
			bad = 30.0 / (24 * 60)
		}
		list = append(list, minute(m, n-bad, n))
	}
	now := start.AddDate(0, 0, 30)
	f := slo.ReaderOf(d, d.Objectives[0], slo.Gather(d, d.Objectives[0], list, evenkeel.Window{From: start, To: now})).Predict(now)
	if f == nil {
		t.Fatal("no forecast")
	}
	if b := f.Basis; b.Lookback != 24*time.Hour || math.Abs(b.Middle-2) > 1e-9 || math.Abs(b.Low-1.33) > 0.01 || math.Abs(b.High-2.9) > 0.02 {
		t.Errorf("basis %+v", b)
	}
	// 170 of 300 are spent: 130 are left, and 20 a day are coming.
	if f.Exhausts.At == nil || !near(*f.Exhausts.At, now.Add(156*time.Hour)) {
		t.Errorf("exhausts at %v", f.Exhausts.At)
	}
	if e := f.Exhausts; e.Earliest == nil || e.Latest == nil || !e.Earliest.Before(*e.At) || !e.At.Before(*e.Latest) {
		t.Errorf("exhausts %+v", e)
	}
	last := f.Points[len(f.Points)-1]
	if !f.Points[0].At.Equal(now) || !last.At.Equal(now.AddDate(0, 0, 30)) || !last.At.Equal(f.Until) || math.Abs(last.Middle+1) > 1e-9 {
		t.Errorf("%d points up to %+v", len(f.Points), last)
	}
	for _, p := range f.Points {
		if p.Low > p.Middle || p.Middle > p.High {
			t.Fatalf("a point out of order: %+v", p)
		}
	}
}

// TestForecastOfAYoungSeriesThatHolds: one minute of the first day was bad, which is
// 1 of the 1.44 that may be. Every minute to come is counted too, so that at a burn
// of 2 the budget is spent after 440: 1.88 of 1.88.
func TestForecastOfAYoungSeriesThatHolds(t *testing.T) {
	t.Parallel()
	d := availability(t, slo.Timeslices)
	d.Missing = slo.MissingHold
	list := append(every(start.AddDate(0, 0, 29), 1440, 10, 10), every(start.AddDate(0, 0, 29), 1, 0, 10)...)
	now := start.AddDate(0, 0, 30)
	series := slo.Gather(d, d.Objectives[0], list, evenkeel.Window{From: start, To: now})
	if exhausts, _ := slo.ReaderOf(d, d.Objectives[0], series).PredictAt(now, 2); exhausts == nil || !exhausts.Equal(now.Add(440*time.Minute)) {
		t.Errorf("exhausts at %v", exhausts)
	}
}

func TestForecastOfNothing(t *testing.T) {
	t.Parallel()
	d := availability(t, slo.Occurrences)
	now := start.AddDate(0, 0, 30)
	empty := slo.Gather(d, d.Objectives[0], nil, evenkeel.Window{From: start, To: now})
	old := slo.Gather(d, d.Objectives[0], []evenkeel.Slice{minute(0, 1, 2)}, evenkeel.Window{From: start, To: now})
	for name, series := range map[string]*slo.Series{"nothing measured": empty, "nothing of late": old} {
		if f := slo.ReaderOf(d, d.Objectives[0], series).Predict(now); f != nil {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

// TestForecastAgainstCounting: two days of hours, of which every one is counted
// again for every hour ahead.
func TestForecastAgainstCounting(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		const hours = 48
		d := slo.Definition{
			Method: slo.Occurrences, Slice: time.Hour, Window: slo.TimeWindow{Span: slo.Span{N: 2, Unit: slo.Day}},
			Indicator: slo.Indicator{Kind: slo.BadOfTotal}, Objectives: []slo.Objective{{Target: target(t, "0.9")}},
		}
		bad := rapid.SliceOfN(rapid.SampledFrom([]float64{0, 1, 5, 50}), hours, hours).Draw(t, "bad of 100")
		burn := rapid.SampledFrom([]float64{0, 0.4037, 1.3071, 3.0013}).Draw(t, "burn")
		var list []evenkeel.Slice
		for h, b := range bad {
			list = append(list, evenkeel.Slice{At: start.Add(time.Duration(h) * time.Hour), Bad: &b, Total: new(100.0)})
		}
		now := start.Add(hours * time.Hour)
		series := slo.Gather(d, d.Objectives[0], list, evenkeel.Window{From: start, To: now})
		exhausts, thaws := slo.ReaderOf(d, d.Objectives[0], series).PredictAt(now, burn)
		var over []bool
		for k := range hours + 1 {
			spent := burn * 10 * float64(k) // of 480
			for _, b := range bad[k:] {
				spent += b
			}
			over = append(over, spent >= 10*hours)
		}
		at := func(k int) *time.Time {
			if k < 0 {
				return nil
			}
			return new(now.Add(time.Duration(k) * time.Hour))
		}
		var wantExhausts *time.Time
		first := 0
		if !over[0] {
			first = slices.Index(over, true)
			wantExhausts = at(first)
		}
		var wantThaws *time.Time
		if first >= 0 {
			if k := slices.Index(over[first:], false); k >= 0 {
				wantThaws = at(first + k)
			}
		}
		if !same(exhausts, wantExhausts) || !same(thaws, wantThaws) {
			t.Fatalf("exhausts at %v, want %v; thaws at %v, want %v", exhausts, wantExhausts, thaws, wantThaws)
		}
	})
}

func same(a, b *time.Time) bool { return (a == nil) == (b == nil) && (a == nil || a.Equal(*b)) }
