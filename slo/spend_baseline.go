package slo

import (
	"math"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// moments are sums over slices of trials, bad ones and their products, and how
// many slices had trials.
type moments struct {
	n, x, xx, xn, nn float64
	slices           int
}

func (m moments) plus(n, x float64) moments {
	if n > 0 {
		m.slices++
	}
	return moments{m.n + n, m.x + x, m.xx + x*x, m.xn + x*n, m.nn + n*n, m.slices}
}

func (m moments) less(o moments) moments {
	return moments{m.n - o.n, m.x - o.x, m.xx - o.xx, m.xn - o.xn, m.nn - o.nn, m.slices - o.slices}
}

// shrink is how many bad events that vary as chance does are added before the
// spread is estimated.
const shrink = 10

// prior is half a bad event: Jeffreys' for a Poisson rate.
const prior = 0.5

// Baseline is the ratio of bad events without excess, as a Gamma distribution:
// X+1/2 bad events in N trials.
type Baseline struct {
	N, X float64
	// Spread is how many times more the slices vary than chance alone would
	// have them, 1 at least.
	Spread float64
	// Rough is how many times the ratio the slices of a while have usually at
	// most, 1 at least.
	Rough float64
}

// baseline estimates the ratio and its spread, which is at least a given one.
func (m moments) baseline(spread float64) Baseline {
	b := Baseline{N: m.n, X: m.x, Spread: spread, Rough: 1}
	if m.n <= 0 {
		return b
	}
	p := m.x / m.n
	b.Spread = max(spread, (m.xx-2*p*m.xn+p*p*m.nn+shrink)/(m.x+shrink))
	return b
}

// Ratio is the mean of the distribution; 1 at most, and 1 without trials.
func (b Baseline) Ratio() float64 {
	if b.N <= 0 {
		return 1
	}
	return min(1, (b.X+prior)/b.N)
}

// Interval is the ratio's credible interval.
func (b Baseline) Interval(level float64) (low, high float64) {
	if b.N <= 0 {
		return 0, 1
	}
	g := distuv.Gamma{Alpha: (b.X + prior) / b.Spread, Beta: b.N / b.Spread}
	return min(1, g.Quantile((1-level)/2)), min(1, g.Quantile((1+level)/2))
}

// upper is near the upper end of an interval (Wilson and Hilferty), fast enough
// for every slice; z is the normal quantile.
func (b Baseline) upper(z float64) float64 {
	a := (b.X + prior) / b.Spread
	c := 1 - 1/(9*a) + z/(3*math.Sqrt(a))
	return a * c * c * c * b.Spread / b.N * b.Rough
}

// predicts is how many bad events the baseline has in so many trials, at the
// ends of an interval: quantiles of the negative binomial distribution that is
// a Poisson count whose rate has the baseline's distribution.
func (b Baseline) predicts(trials, level float64) (low, high float64) {
	if b.N <= 0 {
		return 0, trials
	}
	return b.quantile(trials, (1-level)/2), b.quantile(trials, (1+level)/2)
}

func (b Baseline) quantile(trials, q float64) float64 {
	a, p := (b.X+prior)/b.Spread, b.N/(b.N+trials)
	atMost := func(k int) float64 { return mathext.RegIncBeta(a, float64(k)+1, p) }
	high := 1
	for atMost(high-1) < q && high < 1<<40 {
		high *= 2
	}
	low := 0
	for low < high {
		if k := (low + high) / 2; atMost(k) < q {
			low = k + 1
		} else {
			high = k
		}
	}
	return min(trials, float64(low)*b.Spread)
}
