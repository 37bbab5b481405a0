package slo

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
)

// Target is an exact decimal share, 0.999. The zero value is no target.
type Target struct {
	// parts of whole, whole being a power of ten.
	parts, whole int64
}

// maxDigits is how many decimals a target may have.
const maxDigits = 15

// errTarget says what a target looks like.
var errTarget = errors.New("is not a share of 0 or more and below 1, such as 0.999")

// ParseTarget reads a share such as "0.999". It has to be 0 or more and below
// 1: a target of 1 leaves no budget, so that nothing can be divided by it.
func ParseTarget(text string) (Target, error) {
	t, err := ParseShare(text)
	if err == nil && t.parts >= t.whole {
		err = fmt.Errorf("%s leaves no error budget: %w", text, errTarget)
	}
	return t, err
}

// ParsePercent reads a percentage such as "99.9", as [ParseTarget] does.
func ParsePercent(text string) (Target, error) {
	t, err := parseDecimal(text)
	if err != nil {
		return Target{}, err
	}
	t.whole *= 100
	if t.parts >= t.whole {
		return Target{}, fmt.Errorf("%s %% leaves no error budget: give a percentage of 0 or more and below 100", text)
	}
	return t, nil
}

// ParseShare reads a share of 0 to 1, both allowed.
func ParseShare(text string) (Target, error) {
	t, err := parseDecimal(text)
	if err == nil && t.parts > t.whole {
		return Target{}, fmt.Errorf("%s %w", text, errTarget)
	}
	return t, err
}

func parseDecimal(text string) (Target, error) {
	if len(text) > maxText || strings.Trim(text, "0123456789.eE+-") != "" || hugeExponent(text) {
		return Target{}, fmt.Errorf("%q %w", text, errTarget)
	}
	r, ok := new(big.Rat).SetString(text)
	if !ok || r.Sign() < 0 {
		return Target{}, fmt.Errorf("%q %w", text, errTarget)
	}
	t := Target{whole: 1}
	for range maxDigits {
		if scaled := new(big.Rat).Mul(r, new(big.Rat).SetInt64(t.whole)); scaled.IsInt() && scaled.Num().IsInt64() {
			t.parts = scaled.Num().Int64()
			return t, nil
		}
		t.whole *= 10
	}
	return Target{}, fmt.Errorf("%q has more than %d decimals", text, maxDigits-1)
}

// maxText is the length of a decimal at most.
const maxText = 40

// hugeExponent says whether reading a decimal would take very many digits.
func hugeExponent(text string) bool {
	e := strings.IndexAny(text, "eE")
	return e >= 0 && len(text)-e > len("e-15")
}

// IsZero says that there is no target.
func (t Target) IsZero() bool { return t.whole == 0 }

// Float is the target as the nearest floating point number; 0 without one.
func (t Target) Float() float64 {
	if t.whole == 0 {
		return 0
	}
	return float64(t.parts) / float64(t.whole)
}

// Budget is 1 minus the target, rounded once.
func (t Target) Budget() float64 {
	if t.whole == 0 {
		return 0
	}
	return float64(t.whole-t.parts) / float64(t.whole)
}

// Spent is bad/(budget*total), of whole numbers rounded once: of 43,200 slices at
// 0.999 43.2 are the budget, and 144 bad events of 10,000 burn 14.4 times, neither
// more nor less. It needs a total above 0.
func (t Target) Spent(bad, total float64) float64 {
	whole, left := float64(t.whole), float64(t.whole-t.parts)
	spent, budget := bad*whole, total*left
	if isExact(bad, whole, spent) && isExact(total, left, budget) {
		return spent / budget
	}
	exact := new(big.Rat).Quo(product(bad, t.whole), product(total, t.whole-t.parts))
	f, _ := exact.Float64()
	return f
}

// isExact says whether a product was not rounded, or need not be exact because
// it is of a fraction, which is rounded itself.
func isExact(n, factor, result float64) bool {
	return n != math.Trunc(n) || math.FMA(n, factor, -result) == 0
}

// product is exact. It needs a finite number.
func product(n float64, factor int64) *big.Rat {
	return new(big.Rat).Mul(new(big.Rat).SetFloat64(n), new(big.Rat).SetInt64(factor))
}

// Met says whether good of total is at least the target. Both shares are
// rounded alike, so that for whole numbers the answer is exact as long as total
// times 10^decimals of the target is below 2^53, and 0.57 of 1 meets 0.57.
func (t Target) Met(good, total float64) bool { return good/total >= t.Float() }

// Allowed is how much of a total may be bad; 0 without a target.
func (t Target) Allowed(total float64) float64 {
	if t.whole == 0 {
		return 0
	}
	return total * float64(t.whole-t.parts) / float64(t.whole)
}

// String writes the share as it was read, "0.999"; empty without a target.
func (t Target) String() string {
	if t.whole == 0 {
		return ""
	}
	digits := len(strconv.FormatInt(t.whole, 10)) - 1
	text := big.NewRat(t.parts, t.whole).FloatString(digits)
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text
}

// Percent writes the target as people say it, "99.9".
func (t Target) Percent() string {
	if t.whole == 0 {
		return ""
	}
	whole := max(1, t.whole/100)
	return Target{t.parts * (100 * whole / t.whole), whole}.String()
}

// MarshalJSON writes the exact decimal; null without a target.
func (t Target) MarshalJSON() ([]byte, error) {
	if t.whole == 0 {
		return []byte("null"), nil
	}
	return []byte(t.String()), nil
}

// UnmarshalJSON reads a decimal share of 0 to 1, or null.
func (t *Target) UnmarshalJSON(text []byte) (err error) {
	if string(text) == "null" {
		*t = Target{}
		return nil
	}
	*t, err = ParseShare(string(text))
	return err
}
