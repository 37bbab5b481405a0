package slo

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// Bounds are between which shares of bad events the true one lies: each is
// one-sided, so that the share is above low with the given confidence (0.95),
// and below high with it (Clopper and Pearson 1934). Of nothing nothing is
// known: 0 and 1. Amounts need not be whole.
func Bounds(bad, total, confidence float64) (low, high float64) {
	if !(total > 0) {
		return 0, 1
	}
	low, high = 0, 1
	if bad > 0 {
		low = betaQuantile(1-confidence, bad, total-bad+1)
	}
	if bad < total {
		high = betaQuantile(confidence, bad+1, total-bad)
	}
	return low, high
}

// betaQuantile is the share below which a part p of a beta distribution lies,
// by halving: the distribution is exact where its inverse in gonum does not
// converge.
func betaQuantile(p, a, b float64) float64 {
	low, high := 0.0, 1.0
	for range 200 {
		middle := (low + high) / 2
		if middle <= low || middle >= high {
			break
		}
		if mathext.RegIncBeta(a, b, middle) < p {
			low = middle
		} else {
			high = middle
		}
	}
	return math.Max(low, 0)
}
