package slo

import (
	"cmp"
	"math"
	"math/big"
	"strconv"
	"time"
)

// Factor is a burn rate as an exact fraction: 14.4 is 72/5, a tenth of the
// budget of 28 days in three of them 14/15. The zero value is none.
type Factor struct{ parts, whole int64 }

// NewFactor is parts/whole in lowest terms; both are above 0.
func NewFactor(parts, whole int64) Factor {
	r := big.NewRat(parts, whole)
	return Factor{r.Num().Int64(), r.Denom().Int64()}
}

// spending is the burn that spends a share of a window's budget, in thousandths,
// in a lookback.
func spending(thousandths int64, window, lookback time.Duration) Factor {
	return NewFactor(thousandths*int64(window/time.Minute), 1000*int64(lookback/time.Minute))
}

// IsZero says that there is no factor.
func (f Factor) IsZero() bool { return f.whole == 0 }

// Float is the nearest floating point number; 0 without a factor.
func (f Factor) Float() float64 {
	if f.whole == 0 {
		return 0
	}
	return float64(f.parts) / float64(f.whole)
}

// String writes the nearest floating point number, "14.4".
func (f Factor) String() string { return strconv.FormatFloat(f.Float(), 'f', -1, 64) }

// MarshalJSON writes the nearest floating point number; null without a factor.
func (f Factor) MarshalJSON() ([]byte, error) {
	if f.whole == 0 {
		return []byte("null"), nil
	}
	return []byte(f.String()), nil
}

// above says whether one factor is greater than another, exactly.
func (f Factor) above(o Factor) bool {
	return big.NewRat(f.parts, f.whole).Cmp(big.NewRat(o.parts, o.whole)) > 0
}

// Threshold is the error ratio that burns at the factor, factor*(1-target),
// rounded once.
func (f Factor) Threshold(t Target) float64 {
	r, _ := f.ratio(t).Float64()
	return r
}

func (f Factor) ratio(t Target) *big.Rat {
	return new(big.Rat).Mul(big.NewRat(f.parts, f.whole), big.NewRat(t.whole-t.parts, t.whole))
}

// reachable says whether an error ratio can burn faster, or as fast where meeting
// the factor is enough.
func (f Factor) reachable(t Target, meeting bool) bool {
	c := f.ratio(t).Cmp(big.NewRat(1, 1))
	return c < 0 || meeting && c == 0
}

// compare says whether bad of total burn faster than the factor, 1, exactly at
// it, 0, or slower, -1. Numbers that meet the threshold to nine digits are
// compared without rounding: a burn of 14.4 does not exceed 14.4, one of 14.44
// does.
func (f Factor) compare(t Target, bad, total float64) int {
	left := bad * float64(t.whole) * float64(f.whole)
	right := total * float64(t.whole-t.parts) * float64(f.parts)
	if math.Abs(left-right) > 1e-9*right {
		return cmp.Compare(left, right)
	}
	exact, share := new(big.Rat).SetFloat64(bad), new(big.Rat).SetFloat64(total)
	return exact.Cmp(share.Mul(share, f.ratio(t)))
}

// compareBurn compares a burn that was put together with the factor, as compare
// does. Burns that meet it to twelve digits are at it: that is as far as they are
// exact.
func (f Factor) compareBurn(burn float64) int {
	if math.Abs(burn-f.Float()) <= 1e-12*f.Float() {
		return 0
	}
	return cmp.Compare(burn, f.Float())
}
