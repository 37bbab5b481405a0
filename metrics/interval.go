package metrics

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Standard normal quantiles of two-sided intervals.
const (
	z95 = 1.959963984540054
	z80 = 1.2815515655446004
)

// wilson is Wilson's score interval of a share; nil without observations.
func wilson(k, n int, z float64) (low, high *float64) {
	if n == 0 {
		return nil, nil
	}
	p, m := float64(k)/float64(n), float64(n)
	centre := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	l, h := max(0, centre-half), min(1, centre+half)
	if k == 0 {
		l = 0
	}
	if k == n {
		h = 1
	}
	return &l, &h
}

// share is k of n; nil without observations.
func share(k, n int) *float64 {
	if n == 0 {
		return nil
	}
	v := float64(k) / float64(n)
	return &v
}

// garwood is the exact 95 % interval of a Poisson mean of which k were seen.
func garwood(k int) (low, high float64) {
	if k > 0 {
		low = distuv.ChiSquared{K: 2 * float64(k)}.Quantile(0.025) / 2
	}
	return low, distuv.ChiSquared{K: 2*float64(k) + 2}.Quantile(0.975) / 2
}
