package slo_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// TestWhatWasLeftIsWhatTheBudgetSaid: at any instant, by any rule and method, a
// reader that is asked for one instant after another says what one composition, or
// evaluation, of that instant does, to the last digit.
func TestWhatWasLeftIsWhatTheBudgetSaid(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rule := rapid.SampledFrom([]slo.CompositeRule{slo.CompositeOpenSLO, slo.CompositeWeighted, slo.CompositeWorst, slo.CompositeSerial}).Draw(t, "rule")
		method := rapid.SampledFrom([]slo.Method{slo.Occurrences, slo.Timeslices, slo.RatioTimeslices}).Draw(t, "method")
		var list []member
		for range rapid.IntRange(1, 4).Draw(t, "members") {
			m := member{target: rapid.SampledFrom([]string{"0.5", "0.9", "0.97"}).Draw(t, "target"), weight: rapid.Float64Range(0.1, 9).Draw(t, "weight")}
			for _, good := range rapid.SliceOfN(rapid.IntRange(-1, 11), 10, 10).Draw(t, "good") {
				m.good = append(m.good, float64(good))
			}
			list = append(list, m)
		}
		d, tallies := composite(t, rule, method, list)
		d.Window.Span.N = rapid.IntRange(1, 10).Draw(t, "minutes of the window")
		reader, one := slo.CompositeReader(d, tallies), slo.ReaderOf(d, d.Objectives[0], tallies[0])
		for m := -2; m <= 14; m++ {
			instant := at(m).Add(time.Duration(rapid.IntRange(0, 59).Draw(t, "seconds")) * time.Second)
			remaining, why := reader.Left(instant)
			if want := slo.Compose(d, tallies, instant).Remaining; !cmp.Equal(remaining, want) || (remaining == nil) != (why.Text != "") {
				t.Fatalf("minute %d: %v, %q, want %v", m, number(remaining), why, number(want))
			}
			remaining, why = one.Left(instant)
			if want := slo.Evaluate(d, d.Objectives[0], tallies[0], instant).Remaining; !cmp.Equal(remaining, want) || (remaining == nil) != (why.Text != "") {
				t.Fatalf("minute %d of one: %v, %q, want %v", m, number(remaining), why, number(want))
			}
		}
	})
}

// TestWhatWasLeftOfAComposite is worked by hand. Two objectives of 90 % over a
// window of 3 minutes, of which the one fails 3 of 10 events in minute 0, and
// nothing is known of the other in minutes 0 and 1. In a row 10 % and 10 % are 19 %.
func TestWhatWasLeftOfAComposite(t *testing.T) {
	t.Parallel()
	list := []member{{"0.9", 1, ten(7, 10)}, {"0.9", 1, ten(-1, -1, 10)}}
	unmeasured := "nothing was measured of b"
	for rule, want := range map[slo.CompositeRule][4]struct {
		left float64
		why  string
	}{
		// After minute 0 3 of 10 events spend 3 budgets, after minute 1 3 of 20 1.5,
		// after minute 2 3 of 30 one: of the mean of both a half. Then nothing is left
		// of it in the window.
		slo.CompositeWeighted: {{-2, ""}, {-0.5, ""}, {0.5, ""}, {1, ""}},
		slo.CompositeWorst:    {{-2, ""}, {-0.5, ""}, {0, ""}, {1, ""}},
		slo.CompositeSerial:   {{0, unmeasured}, {0, unmeasured}, {1 - 0.1/0.19, ""}, {1, ""}},
		slo.CompositeOpenSLO:  {{0, unmeasured}, {0, unmeasured}, {0, ""}, {1, ""}},
	} {
		d, tallies := composite(t, rule, slo.Occurrences, list)
		d.Window.Span.N, d.Objectives[0].Name, d.Objectives[1].Name = 3, "a", "b"
		reader := slo.CompositeReader(d, tallies)
		for m, one := range want {
			left, why := reader.Left(at(m + 1))
			if why.Text != one.why || (left == nil) != (one.why != "") || left != nil && !cmp.Equal(*left, one.left, nearly) {
				t.Errorf("%s, after minute %d: %v, %q", rule, m, number(left), why)
			}
		}
	}
}

// TestGaps: what a rule needs every member for has a gap where it lacks one, others
// where they lack all; one that is known to be idle is no gap.
func TestGaps(t *testing.T) {
	t.Parallel()
	list := []member{{"0.9", 1, ten(-1, 10, 10)}, {"0.9", 1, ten(-1, -1, 11)}}
	both, one := "nothing was measured of a, b in this time", "nothing was measured of b in this time"
	for rule, want := range map[slo.CompositeRule][3]string{
		slo.CompositeWeighted: {both, "", ""}, slo.CompositeWorst: {both, "", ""},
		slo.CompositeSerial: {both, one, ""}, slo.CompositeOpenSLO: {both, one, ""},
	} {
		d, tallies := composite(t, rule, slo.Occurrences, list)
		d.Objectives[0].Name, d.Objectives[1].Name = "a", "b"
		reader := slo.CompositeReader(d, tallies)
		for m, why := range want {
			if got := reader.Gap(at(m+1), time.Minute); got.Text != why {
				t.Errorf("%s, minute %d: %q, want %q", rule, m, got, why)
			}
		}
	}
	d, tallies := composite(t, slo.CompositeWorst, slo.Occurrences, list)
	for m, why := range []string{"nothing was measured in this time", ""} {
		if got := slo.ReaderOf(d, d.Objectives[0], tallies[0]).Gap(at(m+1), time.Minute); got.Text != why {
			t.Errorf("minute %d of one: %q, want %q", m, got, why)
		}
	}
}

// BenchmarkLeftOfAComposite draws 30 days of three members in 400 points.
func BenchmarkLeftOfAComposite(b *testing.B) {
	for _, rule := range []slo.CompositeRule{slo.CompositeWeighted, slo.CompositeOpenSLO} {
		b.Run(string(rule), func(b *testing.B) {
			d := slo.Definition{
				Name: "journey", Slice: time.Minute, Method: slo.Timeslices, Composite: rule, Indicator: slo.Indicator{Kind: slo.GoodOfTotal},
				Window: slo.TimeWindow{Span: slo.Span{N: 30, Unit: slo.Day}},
			}
			share, err := slo.ParseShare("0.9")
			if err != nil {
				b.Fatal(err)
			}
			window := evenkeel.Window{From: start.AddDate(0, 0, -60), To: start}
			var members []slo.Tallies
			for range 3 {
				o := slo.Objective{Target: target(b, "0.99"), Weight: 1, SliceTarget: share}
				var list []evenkeel.Slice
				for m := -60 * 24 * 60; m < 0; m++ {
					list = append(list, minute(m, 10, 10))
				}
				d.Objectives = append(d.Objectives, o)
				members = append(members, slo.Gather(d, o, list, window))
			}
			for b.Loop() {
				reader := slo.CompositeReader(d, members)
				for i := range 400 {
					reader.Left(start.Add(-time.Duration(i) * 108 * time.Minute))
				}
			}
		})
	}
}
