package slo_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
)

var start = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

// availability promises 99.9 % of events over 30 days.
func availability(t testing.TB, method slo.Method) slo.Definition {
	t.Helper()
	target, err := slo.ParseTarget("0.999")
	if err != nil {
		t.Fatal(err)
	}
	share, err := slo.ParseShare("0.99")
	if err != nil {
		t.Fatal(err)
	}
	d := slo.Definition{
		Name: "checkout-availability", Service: "checkout", Method: method, Slice: time.Minute, Missing: slo.MissingExclude,
		Window:     slo.TimeWindow{Span: slo.Span{N: 30, Unit: slo.Day}},
		Indicator:  slo.Indicator{Kind: slo.GoodOfTotal, Series: "availability"},
		Objectives: []slo.Objective{{Target: target, SliceTarget: share, Weight: 1}},
	}
	if err := d.Check(); err != nil {
		t.Fatal(err)
	}
	return d
}

func minute(n int, good, total float64) evenkeel.Slice {
	return evenkeel.Slice{At: start.Add(time.Duration(n) * time.Minute), Good: &good, Total: &total}
}

// TestMethodsCountDifferently works three minutes by hand: 100 of 100, 90 of
// 100 and 10 of 10, then a minute of which nothing is known.
func TestMethodsCountDifferently(t *testing.T) {
	t.Parallel()
	list := []evenkeel.Slice{minute(0, 100, 100), minute(1, 90, 100), minute(2, 10, 10)}
	for _, one := range []struct {
		method slo.Method
		want   slo.Count
	}{
		{slo.Occurrences, slo.Count{Good: 200, Bad: 10, Total: 210}},
		{slo.Timeslices, slo.Count{Good: 2, Bad: 1, Total: 3}},
		{slo.RatioTimeslices, slo.Count{Good: 2.9, Bad: 0.1, Total: 3}},
	} {
		d := availability(t, one.method)
		window := evenkeel.Window{From: start, To: start.Add(4 * time.Minute)}
		r := slo.Evaluate(d, d.Objectives[0], slo.Gather(d, d.Objectives[0], list, window), window.To)
		if !cmp.Equal(r.Count, one.want, cmpopts.EquateApprox(0, 1e-12)) {
			t.Errorf("%s: %+v, want %+v", one.method, r.Count, one.want)
		}
		if r.Tally.Measured() != 3 {
			t.Errorf("%s: %d slices measured", one.method, r.Tally.Measured())
		}
	}
}
