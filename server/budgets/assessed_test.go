package budgets_test

import (
	"math"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// TestWhatComesWithinAMinuteCounts asks again and again within one minute: what
// was measured, corrected, stated anew or left out since counts at once, and what
// was measured for others changes nothing.
func TestWhatComesWithinAMinuteCounts(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s site) {
		ctx, w := t.Context(), s.workspace(t, "acme")
		document := func(target string) string {
			return shape{environment: "production", missing: "exclude", method: "Occurrences", window: "{duration: 1d, isRolling: true}", target: target}.document("a")
		}
		save(ctx, t, w, "a", document("0.9"))
		probe := func(series, name string, minute int, good float64) {
			t.Helper()
			at := noon.Add(time.Duration(minute) * time.Minute)
			record(ctx, t, w, measured("probe", "production", series, name, noon, evenkeel.Slice{At: at, Good: &good, Total: new(100.0)}))
		}
		counts := func(what string, want slo.Count, remaining float64) {
			t.Helper()
			b := s.bookOf(t, time.Time{}, 0).Levels[0].Budgets[0].Contractual
			if b.Count != want || b.Remaining == nil || math.Abs(*b.Remaining-remaining) > 1e-12 {
				t.Errorf("%s: %+v of which %v remain, want %+v and %v", what, b.Count, b.Remaining, want, remaining)
			}
		}
		probe("availability", "1", -30, 95)
		counts("measured", slo.Count{Good: 95, Bad: 5, Total: 100}, 0.5)
		counts("again", slo.Count{Good: 95, Bad: 5, Total: 100}, 0.5)
		probe("another", "1", -30, 0)
		counts("another", slo.Count{Good: 95, Bad: 5, Total: 100}, 0.5)
		probe("availability", "2", -90, 85)
		counts("late", slo.Count{Good: 180, Bad: 20, Total: 200}, 0)
		save(ctx, t, w, "a", document("0.8"))
		counts("another target", slo.Count{Good: 180, Bad: 20, Total: 200}, 0.5)
		c := evenkeel.Correction{ServiceLevel: "a", From: noon.Add(-2 * time.Hour), To: noon.Add(-time.Hour), Mode: evenkeel.CorrectionExclude, Reason: "new disks", Author: "ada"}
		if _, err := w.AddCorrection(ctx, c); err != nil {
			t.Fatal(err)
		}
		counts("corrected", slo.Count{Good: 95, Bad: 5, Total: 100}, 0.75)
	})
}
