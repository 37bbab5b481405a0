package slo_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel/slo"
)

func history(n int, of func(day int) (bad, total float64)) slo.History {
	h := slo.History{Service: "checkout"}
	for day := range n {
		if bad, total := of(day); total > 0 {
			h.Days = append(h.Days, slo.HistoryDay{At: time.Date(2026, 1, 1+day, 0, 0, 0, 0, time.UTC), Good: total - bad, Total: total})
		}
	}
	return h
}

// TestATargetIsWhatTheWorstWindowKept, by hand. 60 days of 10,000 requests: with
// 8 failures a day 99.92 % are reached, so 99.9 % is kept, and 28 days use 80 %
// of its budget. With a day of 3,000 failures the worst 28 days reach
// 1-(27*8+3000)/280000 = 98.85 %, so that only 95 % was always kept.
func TestATargetIsWhatTheWorstWindowKept(t *testing.T) {
	t.Parallel()
	span := slo.Span{N: 28, Unit: slo.Day}
	for name, c := range map[string]struct {
		history          slo.History
		target           string
		consumed, budget float64
		notes            int
	}{
		"steady": {history(60, func(int) (float64, float64) { return 8, 10_000 }), "0.999", 0.8, 280, 0},
		"one bad day": {history(60, func(day int) (float64, float64) {
			if day == 10 {
				return 3000, 10_000
			}
			return 8, 10_000
		}), "0.95", 0.016, 14_000, 0},
		"perfect and busy": {history(30, func(int) (float64, float64) { return 0, 1e6 }), "0.9999", 0, 2800, 0},
		// 28 days of 20 requests are 560: 99.9 % allows 0.56, 99.5 % 2.8, 99 % 5.6.
		"perfect and quiet": {history(30, func(int) (float64, float64) { return 0, 20 }), "0.99", 0, 5.6, 0},
		"young":             {history(7, func(int) (float64, float64) { return 0, 10_000 }), "0.9999", 0, 7, 1},
	} {
		p, ok := slo.Propose(c.history, span)
		if !ok || p.Target.String() != c.target || math.Abs(p.Consumed-c.consumed) > 1e-9 || math.Abs(p.Budget-c.budget) > 1e-6 || len(p.Notes) != c.notes {
			t.Errorf("%s: %+v %v", name, p, ok)
		}
		if p.Worst < p.Target.Float() || p.Consumed > 1 {
			t.Errorf("%s: the past missed what is proposed: %+v", name, p)
		}
	}
	for name, h := range map[string]slo.History{
		"no events":    {},
		"few events":   history(30, func(int) (float64, float64) { return 0, 1 }),
		"mostly wrong": history(30, func(int) (float64, float64) { return 500, 1000 }),
	} {
		if p, ok := slo.Propose(h, span); ok || p.Missed() != (name == "mostly wrong") {
			t.Errorf("%s: %+v", name, p)
		}
	}
}

// TestWindowsOfThePast, by hand: 30 days hold three windows of 28 days. Each day
// has 100 requests, and those of the first two days fail: the first window has
// both, the second one, the last none.
func TestWindowsOfThePast(t *testing.T) {
	t.Parallel()
	early := history(30, func(day int) (float64, float64) {
		if day < 2 {
			return 100, 100
		}
		return 0, 100
	})
	p, ok := slo.Propose(early, slo.Span{N: 28, Unit: slo.Day})
	if want := []float64{2600.0 / 2800, 2700.0 / 2800, 1}; !ok || !slices.Equal(p.Windows, want) || p.Bad != 0 || p.Events != 2800 || p.Target.String() != "0.9" {
		t.Errorf("%+v %v, want %v", p, ok, want)
	}
	if p, _ := slo.Propose(early, slo.Span{N: 31, Unit: slo.Day}); len(p.Windows) != 0 || p.Bad != 200 || p.Worst != 2800.0/3000 {
		t.Errorf("no whole window: %+v", p)
	}
}

func TestSlugs(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"shop/Checkout": "shop-checkout", "a_b--c": "a-b-c", "/x/": "x", "Ω": ""} {
		if got := slo.SlugOf(name); got != want {
			t.Errorf("%s: %s", name, got)
		}
	}
}
