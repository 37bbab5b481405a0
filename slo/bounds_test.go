package slo_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel/slo"
)

// TestBoundsAreThoseOfTheTables has burns at 99.9 % with 95 % confidence. Of 1
// in 10 it can be worked by hand: the share p of which one bad event or more in
// ten has probability 0.05 is 1 - 0.95^(1/10) = 0.005116.
func TestBoundsAreThoseOfTheTables(t *testing.T) {
	t.Parallel()
	for _, one := range []struct{ bad, total, burn, lower, digit float64 }{
		{1, 10, 100, 5.12, 0.005}, {1, 100, 10, 0.513, 0.0005}, {2, 50, 40, 7.15, 0.005}, {5, 100, 50, 19.9, 0.05}, {10, 1000, 10, 5.44, 0.005},
	} {
		low, high := slo.Bounds(one.bad, one.total, 0.95)
		if math.Abs(low*1000-one.lower) > one.digit {
			t.Errorf("%v of %v: a burn of %v at least, want %v", one.bad, one.total, low*1000, one.lower)
		}
		if point := one.bad / one.total; point*1000 != one.burn || low >= point || high <= point {
			t.Errorf("%v of %v: %v to %v", one.bad, one.total, low, high)
		}
	}
	if low, _ := slo.Bounds(1, 10, 0.95); math.Abs(low-(1-math.Pow(0.95, 0.1))) > 1e-14 {
		t.Error(low)
	}
	// None of 3000 bad: below 1 - 0.05^(1/3000) with 95 % confidence, the rule of three.
	if low, high := slo.Bounds(0, 3000, 0.95); low != 0 || math.Abs(high-(1-math.Pow(0.05, 1.0/3000))) > 1e-14 {
		t.Error(low, high)
	}
	if low, high := slo.Bounds(7, 7, 0.95); high != 1 || math.Abs(low-math.Pow(0.05, 1.0/7)) > 1e-14 {
		t.Error(low, high)
	}
	for _, total := range []float64{0, -1, math.NaN()} {
		if low, high := slo.Bounds(0, total, 0.95); low != 0 || high != 1 {
			t.Error(total, low, high)
		}
	}
}

// TestBoundsOfMuchTraffic compares with the normal approximation, which is good
// for many events.
func TestBoundsOfMuchTraffic(t *testing.T) {
	t.Parallel()
	for _, n := range []float64{1e6, 1e9, 1e12} {
		p := 0.001
		low, high := slo.Bounds(p*n, n, 0.95)
		half := 1.6448536269514722 * math.Sqrt(p*(1-p)/n)
		if math.Abs((p-low)/half-1) > 0.05 || math.Abs((high-p)/half-1) > 0.05 {
			t.Errorf("%v: %v to %v around %v", n, low, high, half)
		}
	}
}

// TestMoreBadEventsMoveBounds: bounds enclose the share and grow with it.
func TestMoreBadEventsMoveBounds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		total := float64(rapid.IntRange(1, 100000).Draw(t, "total"))
		bad := rapid.Float64Range(0, total).Draw(t, "bad")
		low, high := slo.Bounds(bad, total, 0.95)
		if !(low >= 0 && low <= bad/total && bad/total <= high && high <= 1) {
			t.Fatalf("%v of %v: %v to %v", bad, total, low, high)
		}
		more := min(total, bad+1)
		if l, h := slo.Bounds(more, total, 0.95); l < low || h < high {
			t.Fatalf("%v of %v: %v to %v, %v: %v to %v", bad, total, low, high, more, l, h)
		}
	})
}
