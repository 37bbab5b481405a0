package metrics_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel/metrics"
)

// TestLagByHand: of 1, 2, 3, 4 and 10 s the median is 3 s; the 95th percentile
// lies at rank 4 * 0.95 = 3.8, between 4 s and 10 s: 4 + 0.8 * 6 = 8.8 s.
func TestLagByHand(t *testing.T) {
	t.Parallel()
	seconds := func(values ...float64) []time.Duration {
		var lags []time.Duration
		for _, v := range values {
			lags = append(lags, time.Duration(v*float64(time.Second)))
		}
		return lags
	}
	number := func(v float64) *float64 { return &v }
	for name, c := range map[string]struct {
		lags []time.Duration
		want metrics.Lag
	}{
		"none":             {nil, metrics.Lag{}},
		"one":              {seconds(7), metrics.Lag{N: 1, P50: number(7), P95: number(7)}},
		"in any order":     {seconds(4, 1, 10, 3, 2), metrics.Lag{N: 5, P50: number(3), P95: number(8.8)}},
		"a clock is ahead": {seconds(-3, -1), metrics.Lag{N: 2, P50: number(-2), P95: number(-1.1)}},
	} {
		if diff := cmp.Diff(c.want, metrics.LagOf(c.lags), cmp.Comparer(func(a, b float64) bool { return a-b < 1e-9 && b-a < 1e-9 })); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}
