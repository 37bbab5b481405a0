package slo_test

import (
	"math"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// every makes slices of equal events, one a minute.
func every(from time.Time, minutes int, good, total float64) (list []evenkeel.Slice) {
	for i := range minutes {
		list = append(list, evenkeel.Slice{At: from.Add(time.Duration(i) * time.Minute), Good: &good, Total: &total})
	}
	return list
}

// TestBudgetOf30Days: 43,200 minutes of 1,000 requests at 99.9 % may have 43,200
// bad ones, or 43.2 bad minutes. An outage of an hour spends 60/43.2 of it; 43
// minutes leave 0.2 minutes.
func TestBudgetOf30Days(t *testing.T) {
	t.Parallel()
	const minutes = 30 * 1440
	for _, one := range []struct {
		method             slo.Method
		outage             int
		consumed, bad, all float64
	}{
		{slo.Timeslices, 60, 60 / 43.2, 60, minutes},
		{slo.Timeslices, 43, 43 / 43.2, 43, minutes},
		{slo.RatioTimeslices, 60, 60 / 43.2, 60, minutes},
		{slo.Occurrences, 60, 60000 / 43200.0, 60000, minutes * 1000},
		{slo.Occurrences, 0, 0, 0, minutes * 1000},
	} {
		d := availability(t, one.method)
		list := append(every(start, minutes, 1000, 1000), every(start.AddDate(0, 0, 10), one.outage, 0, 1000)...)
		end := start.AddDate(0, 0, 30)
		s := slo.Gather(d, d.Objectives[0], list, evenkeel.Window{From: start, To: end})
		r := slo.Evaluate(d, d.Objectives[0], s, end.Add(59*time.Second))
		if *r.Consumed != one.consumed || *r.Remaining != 1-one.consumed || r.Count.Bad != one.bad || r.Count.Total != one.all || *r.Coverage != 1 {
			t.Errorf("%s, %d minutes out: consumed %v, want %v; %+v", one.method, one.outage, *r.Consumed, one.consumed, r.Count)
		}
		if r.Projected != nil || !r.At.Equal(end) {
			t.Errorf("%s: projected %v at %v", one.method, r.Projected, r.At)
		}
	}
}

// TestExactlyTheBudgetIsOne: a thousandth bad in every minute is the budget of
// 99.9 %, by every method that can say so, and not a little more or less.
func TestExactlyTheBudgetIsOne(t *testing.T) {
	t.Parallel()
	list := every(start, 30*1440, 999, 1000)
	end := start.AddDate(0, 0, 30)
	for _, method := range []slo.Method{slo.Occurrences, slo.RatioTimeslices} {
		d := availability(t, method)
		s := slo.Gather(d, d.Objectives[0], list, evenkeel.Window{From: start, To: end})
		r := slo.Evaluate(d, d.Objectives[0], s, end)
		if *r.Consumed != 1 || *r.Remaining != 0 {
			t.Errorf("%s: consumed %v, remaining %v", method, *r.Consumed, *r.Remaining)
		}
	}
}

// TestNothingIsNoValue: without slices, and with idle ones only, there is no
// level and no budget, but coverage.
func TestNothingIsNoValue(t *testing.T) {
	t.Parallel()
	for _, method := range []slo.Method{slo.Occurrences, slo.Timeslices, slo.RatioTimeslices} {
		d := availability(t, method)
		d.Window.Span = slo.Span{N: 1, Unit: slo.Hour}
		for coverage, list := range map[float64][]evenkeel.Slice{0: nil, 1: every(start, 60, 0, 0), 0.5: every(start, 30, 0, 0)} {
			s := slo.Gather(d, d.Objectives[0], list, evenkeel.Window{From: start, To: at(60)})
			r := slo.Evaluate(d, d.Objectives[0], s, at(60))
			if r.SLI != nil || r.Consumed != nil || r.Remaining != nil || *r.Coverage != coverage {
				t.Errorf("%s: %+v", method, r)
			}
			if burn := slo.ReaderOf(d, d.Objectives[0], s).Burn(at(60), 5*time.Minute); burn != nil {
				t.Errorf("%s burns %v", method, *burn)
			}
		}
	}
}

// TestBurn: 1/1000 of a budget of 1/1000 is 1, 14.4 is not above 14.4, and a
// total outage burns 1/budget.
func TestBurn(t *testing.T) {
	t.Parallel()
	d := availability(t, slo.Occurrences)
	list := every(start, 60, 9856, 10000)
	list = append(list, every(at(60), 5, 0, 10000)...)
	s := slo.Gather(d, d.Objectives[0], list, evenkeel.Window{From: start, To: at(65)})
	if burn := slo.ReaderOf(d, d.Objectives[0], s).Burn(at(60), time.Hour); *burn != 14.4 {
		t.Errorf("%v", *burn)
	}
	if burn := slo.ReaderOf(d, d.Objectives[0], s).Burn(at(65), 5*time.Minute); *burn != 1000 {
		t.Errorf("%v", *burn)
	}
}

// TestCalendarBudgets: on the fourth day of a month of 30 days 60 minutes were
// bad. Of what has passed (5,760 minutes, 5.76 of them) that is 10.4 times the
// budget, of the whole month (43.2 minutes) 1.39. Of events only the pace is
// known: 43,200,000 if it goes on.
func TestCalendarBudgets(t *testing.T) {
	t.Parallel()
	list := append(every(start, 4*1440, 1000, 1000), every(at(100), 60, 0, 1000)...)
	now := start.AddDate(0, 0, 4)
	for _, one := range []struct {
		method                         slo.Method
		consumed, projected, expecting float64
	}{
		{slo.Timeslices, 60 / 5.76, 60 / 43.2, 43200},
		{slo.Occurrences, 60 / 5.76, 60 / 43.2, 43200e3},
	} {
		d := availability(t, one.method)
		d.Window = slo.TimeWindow{Span: slo.Span{N: 1, Unit: slo.Month}, Start: start.AddDate(-1, 0, 0)}
		s := slo.Gather(d, d.Objectives[0], list, evenkeel.Window{From: start, To: now})
		r := slo.Evaluate(d, d.Objectives[0], s, now)
		if math.Abs(*r.Consumed-one.consumed) > 1e-14 || *r.Projected != one.projected || *r.Expected != one.expecting || *r.Coverage != 1 {
			t.Errorf("%s: consumed %v, projected %v of %v", one.method, *r.Consumed, *r.Projected, *r.Expected)
		}
		// At the stroke of the next month the budget is whole, and nothing is known.
		next := slo.Evaluate(d, d.Objectives[0], s, start.AddDate(0, 1, 0))
		if next.SLI != nil || next.Coverage != nil || next.Projected != nil || !next.Window.From.Equal(start.AddDate(0, 1, 0)) {
			t.Errorf("%s: %+v", one.method, next)
		}
	}
}

// TestDayOfDaylightSaving: a day of 23 hours has 1,380 minutes to spend of.
func TestDayOfDaylightSaving(t *testing.T) {
	t.Parallel()
	d := availability(t, slo.Timeslices)
	d.Window = calendar(t, "1d", "2026-01-01 00:00:00", "America/New_York")
	now := time.Date(2026, 3, 8, 12, 0, 0, 0, time.UTC)
	from := time.Date(2026, 3, 8, 5, 0, 0, 0, time.UTC)
	s := slo.Gather(d, d.Objectives[0], every(from, 7*60, 9, 10), evenkeel.Window{From: from, To: now})
	r := slo.Evaluate(d, d.Objectives[0], s, now)
	if *r.Expected != 1380 || *r.Projected != 420/1.38 || r.Count.Bad != 420 {
		t.Errorf("expected %v, projected %v of %v", *r.Expected, *r.Projected, r.Count)
	}
}

// TestWindowsAreHalfOpen: the slice that ends at the instant counts, the one that
// begins there does not, and the oldest leaves when the window has passed it.
func TestWindowsAreHalfOpen(t *testing.T) {
	t.Parallel()
	d := availability(t, slo.Occurrences)
	d.Window.Span = slo.Span{N: 1, Unit: slo.Hour}
	s := slo.Gather(d, d.Objectives[0], []evenkeel.Slice{minute(0, 1, 2)}, evenkeel.Window{From: start, To: at(120)})
	for when, bad := range map[int]float64{0: 0, 1: 1, 60: 1, 61: 0} {
		if r := slo.Evaluate(d, d.Objectives[0], s, at(when)); r.Count.Bad != bad {
			t.Errorf("after %d minutes %v are bad, want %v", when, r.Count.Bad, bad)
		}
	}
}

// TestDefinitionsThatCannotBeEvaluated name the field.
func TestDefinitionsThatCannotBeEvaluated(t *testing.T) {
	t.Parallel()
	one, err := slo.ParseShare("1")
	if err != nil {
		t.Fatal(err)
	}
	for field, change := range map[string]func(*slo.Definition){
		"slice":                         func(d *slo.Definition) { d.Slice = 7 * time.Minute },
		"timeWindow":                    func(d *slo.Definition) { d.Window.Span = slo.Span{} },
		"budgetingMethod":               func(d *slo.Definition) { d.Method = "Requests" },
		"missing":                       func(d *slo.Definition) { d.Missing = "up" },
		"composite":                     func(d *slo.Definition) { d.Composite = "best" },
		"compositeTarget":               func(d *slo.Definition) { d.CompositeTarget = one },
		"confidence":                    func(d *slo.Definition) { d.Guard.Confidence = math.NaN() },
		"objectives":                    func(d *slo.Definition) { d.Objectives = nil },
		"objectives[0].target":          func(d *slo.Definition) { d.Objectives[0].Target = one },
		"objectives[0].timeSliceWindow": func(d *slo.Definition) { d.Objectives[0].SliceWindow = 90 * time.Second },
		"objectives[0].timeSliceTarget": func(d *slo.Definition) { d.Objectives[0].SliceTarget = slo.Target{} },
		"objectives[0].indicator":       func(d *slo.Definition) { d.Indicator.Kind = "" },
		"objectives[0].op":              func(d *slo.Definition) { d.Indicator.Kind = slo.Threshold },
		"objectives[0].compositeWeight": func(d *slo.Definition) { d.Composite, d.Objectives[0].Weight = slo.CompositeWeighted, 0 },
	} {
		d := availability(t, slo.Timeslices)
		change(&d)
		if err := d.Check(); err == nil || len(err.Error()) < len(field) || err.Error()[:len(field)+1] != field+":" {
			t.Errorf("%s: %v", field, err)
		}
	}
}

// TestFractionsLeaveNoDust: a share of 0.999 in every minute is the budget of
// 99.9 %, and 0.57 meets 0.57, although neither is a floating point number.
func TestFractionsLeaveNoDust(t *testing.T) {
	t.Parallel()
	end := start.AddDate(0, 0, 30)
	for text, kind := range map[string]slo.IndicatorKind{"0.999": slo.Success, "0.57": slo.Success, "0.9": slo.Success, "0.43": slo.Failure} {
		for _, method := range []slo.Method{slo.Occurrences, slo.RatioTimeslices, slo.Timeslices} {
			share, err := slo.ParseShare(text)
			if err != nil {
				t.Fatal(err)
			}
			value := share.Float()
			d := availability(t, method)
			d.Indicator.Kind = kind
			d.Objectives[0].Target = target(t, text)
			if kind == slo.Failure {
				d.Objectives[0].Target = target(t, "0.57")
			}
			d.Objectives[0].SliceTarget = d.Objectives[0].Target
			var list []evenkeel.Slice
			for i := range 30 * 1440 {
				list = append(list, evenkeel.Slice{At: at(i), Value: &value})
			}
			want := 1.0
			if method == slo.Timeslices {
				want = 0
			}
			r := slo.Evaluate(d, d.Objectives[0], slo.Gather(d, d.Objectives[0], list, evenkeel.Window{From: start, To: end}), end)
			if *r.Consumed != want {
				t.Errorf("%s of %s, %s: consumed %v, want %v", text, kind, method, *r.Consumed, want)
			}
		}
	}
}

// TestPartsOfMinutesMakeAWhole: 31 seconds of 20 hours were bad. Good and bad minutes
// have no end of decimals, and are 1,200 together.
func TestPartsOfMinutesMakeAWhole(t *testing.T) {
	t.Parallel()
	d := availability(t, slo.Occurrences)
	good, bad := 1200-31.0/60, 31.0/60
	list := []evenkeel.Slice{{At: start, Good: &good, Bad: &bad}}
	now := start.Add(time.Minute)
	r := slo.Evaluate(d, d.Objectives[0], slo.Gather(d, d.Objectives[0], list, evenkeel.Window{From: start, To: now}), now)
	if r.Count.Total != 1200 {
		t.Errorf("%v of %v", r.Count.Bad, r.Count.Total)
	}
}
