package metrics

import (
	"slices"
	"time"
)

// Lag is how long after what they tell of deliveries came: the median and the
// 95th percentile (type 7) in seconds, null without any.
type Lag struct {
	N   int      `json:"n" doc:"Newest deliveries that were measured; those that said nothing new, or what was older than the connection, are left out"`
	P50 *float64 `json:"p50_seconds" doc:"Below zero where the clock of the source is ahead"`
	P95 *float64 `json:"p95_seconds"`
}

// LagOf summarises lags, in whatever order.
func LagOf(lags []time.Duration) Lag {
	out := Lag{N: len(lags)}
	if out.N == 0 {
		return out
	}
	sorted := slices.Sorted(slices.Values(lags))
	at := func(p float64) *float64 {
		below, fraction := position(len(sorted), p)
		low, high := sorted[below].Seconds(), sorted[min(below+1, len(sorted)-1)].Seconds()
		v := low + fraction*(high-low)
		return &v
	}
	out.P50, out.P95 = at(0.5), at(0.95)
	return out
}
