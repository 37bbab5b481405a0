package demo_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/demo"
)

// slicesOf are the slices of measurements by application, environment and series.
func slicesOf(batches ...[]evenkeel.Event) map[string][]evenkeel.Slice {
	all := map[string][]evenkeel.Slice{}
	for _, e := range slices.Concat(batches...) {
		p := e.Payload.(*evenkeel.Measurement)
		all[p.Application+" "+p.Environment+" "+p.Series] = append(all[p.Application+" "+p.Environment+" "+p.Series], p.Slices...)
	}
	return all
}

// TestLevelsGoOnBeingMeasured after the year, in the series that the year has,
// but for the one that fell silent.
func TestLevelsGoOnBeingMeasured(t *testing.T) {
	t.Parallel()
	year, known := measured(year()), map[string]bool{}
	for k, list := range year {
		known[k] = now.Sub(list[len(list)-1].At) < day
	}
	got := slicesOf(demo.Measured(1, evenkeel.Window{From: now, To: now.Add(31 * time.Minute)}))
	for k, list := range got {
		if !known[k] || len(list) != 6 || !list[0].At.Equal(now) {
			t.Errorf("%s: %d slices from %v; in the year until lately: %v", k, len(list), list[0].At, known[k])
		}
		for _, s := range list {
			if s.Total != nil && (value(s.Good) > *s.Total || value(s.Bad) > 0.02**s.Total+20) {
				t.Errorf("%s: %v of %v, %v bad", k, value(s.Good), *s.Total, value(s.Bad))
			}
		}
		delete(known, k)
	}
	for k, lately := range known {
		if lately {
			t.Errorf("%s is not measured any more", k)
		}
	}
}

// TestItDoesNotMatterHowThePresentIsCut into windows, and by which seed
// something else is measured.
func TestItDoesNotMatterHowThePresentIsCut(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		length := rapid.IntRange(0, 7200).Draw(t, "length")
		cut := rapid.IntRange(0, length/300).Draw(t, "cut") * 300
		middle, end := now.Add(time.Duration(cut)*time.Second), now.Add(time.Duration(length)*time.Second)
		whole := slicesOf(demo.Measured(1, evenkeel.Window{From: now, To: end}))
		parts := slicesOf(demo.Measured(1, evenkeel.Window{From: now, To: middle}), demo.Measured(1, evenkeel.Window{From: middle, To: end}))
		if diff := cmp.Diff(whole, parts); diff != "" {
			t.Fatalf("cut at %v (-whole +parts)\n%s", middle, diff)
		}
		if other := slicesOf(demo.Measured(2, evenkeel.Window{From: now, To: end})); length >= 300 && cmp.Equal(whole, other) {
			t.Fatal("another seed measures the same")
		}
	})
}
