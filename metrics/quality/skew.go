package quality

import (
	"slices"
	"time"
)

// The rules of clocks.
const (
	// aheadBy is how far a clock may be ahead of ours.
	aheadBy = time.Minute
	// leastAhead facts, and one of twenty, make a clock that is ahead.
	leastAhead, aheadOf = 5, 20
	// leastBehind facts make a clock that is behind.
	leastBehind = 20
	// behindBy is the least lag of nine of ten facts of a clock that is behind.
	behindBy = 30 * time.Minute
	// steady is how far the middle half of the lags may be apart: what is late
	// for other reasons scatters.
	steady = 10 * time.Minute
)

// Skew is what the lags of one source say of its clock.
type Skew struct {
	// Ahead says that facts came before they happened, Behind that all come as
	// late as the others, as with a clock in another time zone.
	Ahead, Behind bool
	// Median is that of the facts concerned: how far they are ahead, or behind.
	Median time.Duration
	// N is how many facts are concerned, of Of.
	N, Of int
}

// FindSkew looks at the lags of one source: from each fact's own instant to
// when it became known, negative for facts that came before. judged is false
// where there are too few of them.
func FindSkew(lags []time.Duration) (s Skew, judged bool) {
	sorted := make([]float64, len(lags))
	for i, lag := range lags {
		sorted[i] = lag.Seconds()
	}
	slices.Sort(sorted)
	ahead, _ := slices.BinarySearch(sorted, -aheadBy.Seconds())
	s.Of = len(sorted)
	switch {
	case len(sorted) < leastAhead:
		return s, false
	case ahead >= leastAhead && ahead*aheadOf >= len(sorted):
		s.Ahead, s.N, s.Median = true, ahead, -length(quantile(sorted[:ahead], 0.5))
	case len(sorted) >= leastBehind && behind(sorted):
		s.Behind, s.N, s.Median = true, len(sorted), length(quantile(sorted, 0.5))
	}
	return s, true
}

func behind(sorted []float64) bool {
	return quantile(sorted, 0.1) >= behindBy.Seconds() && quantile(sorted, 0.75)-quantile(sorted, 0.25) <= steady.Seconds()
}

func length(seconds float64) time.Duration { return time.Duration(seconds * float64(time.Second)) }
