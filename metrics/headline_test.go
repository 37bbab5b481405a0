package metrics_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
)

// TestHeadlinesJudgeLikeReports: comparing headlines gives what comparing
// whole reports gives, for samples that are sorted and for samples that are
// binned, under every aggregation.
func TestHeadlinesJudgeLikeReports(t *testing.T) {
	t.Parallel()
	for _, changes := range []int{0, 40, 2000, 24_000} {
		for _, aggregation := range []evenkeel.Aggregation{evenkeel.AggregateMedian, evenkeel.AggregateMean, evenkeel.AggregateP90} {
			t.Run(fmt.Sprint(changes, aggregation), func(t *testing.T) {
				t.Parallel()
				var parts []metrics.Derived
				if changes > 0 {
					parts = []metrics.Derived{metrics.Derive(history(1, changes), evenkeel.DefaultPolicy()), metrics.Derive(history(2, changes/2), evenkeel.DefaultPolicy())}
				}
				q := quarter()
				q.Policy.Aggregation = aggregation
				before := q
				before.Window = q.Window.Previous()
				want := metrics.Compare(metrics.Compute(q, parts...), metrics.Compute(before, parts...))
				got := metrics.Compare(metrics.Headline(q, parts...), metrics.Headline(before, parts...))
				if d := cmp.Diff(want, got, cmp.AllowUnexported(metrics.Difference{}, metrics.Comparison{})); d != "" {
					t.Error(d)
				}
			})
		}
	}
}
