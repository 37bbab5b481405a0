package slo_test

import (
	"encoding/json"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel/slo"
)

// TestTargetsAreExact: what floating point would make 0.0010000000000000009 or
// 14.39999 is what a person reckons.
func TestTargetsAreExact(t *testing.T) {
	t.Parallel()
	for _, one := range []struct {
		target             string
		bad, total, wanted float64
	}{
		{"0.999", 144, 10000, 14.4},
		{"0.999", 6, 1000, 6},
		{"0.99", 144, 1000, 14.4},
		{"0.9", 3, 10, 3},
		{"0.995", 72, 1000, 14.4},
		{"0.9995", 216, 30000, 14.4},
		{"0.7", 9, 30, 1},
		{"0.57", 43, 100, 1},
		{"0", 1, 4, 0.25},
		// More than 2^53 times the decimals still rounds once.
		{"0.99999", 9007199254740993 * 2, 9007199254740993 * 2, 100000},
		{"0.999999999", 3, 3e15, 1e-6},
	} {
		if got := target(t, one.target).Spent(one.bad, one.total); got != one.wanted {
			t.Errorf("%v of %v at %s: %v, want %v", one.bad, one.total, one.target, got, one.wanted)
		}
	}
	// Bad minutes that are allowed.
	for text, minutes := range map[string][2]float64{"0.999": {43.2, 40.32}, "0.995": {216, 201.6}, "0.9995": {21.6, 20.16}, "0.9999": {4.32, 4.032}} {
		one := target(t, text)
		if one.Allowed(30*1440) != minutes[0] || one.Allowed(28*1440) != minutes[1] {
			t.Errorf("%s allows %v and %v", text, one.Allowed(30*1440), one.Allowed(28*1440))
		}
	}
}

// TestSpentIsRoundedOnce compares with exact fractions.
func TestSpentIsRoundedOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`0\.[0-9]{1,9}`).Draw(t, "target")
		total := rapid.Int64Range(1, 1<<53).Draw(t, "total")
		bad := rapid.Int64Range(0, total).Draw(t, "bad")
		exact, _ := new(big.Rat).SetString(text)
		exact.Sub(big.NewRat(1, 1), exact)
		exact.Quo(big.NewRat(bad, total), exact)
		want, _ := exact.Float64()
		if got := target(t, text).Spent(float64(bad), float64(total)); got != want {
			t.Fatalf("%d of %d at %s: %v, want %v", bad, total, text, got, want)
		}
	})
}

// TestMetIsExact asks around the edge: as many good as the target needs, and one
// fewer.
func TestMetIsExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		thousandths := rapid.Int64Range(0, 999).Draw(t, "thousandths")
		total := 1000 * rapid.Int64Range(1, 1e9).Draw(t, "thousands")
		one := target(t, big.NewRat(thousandths, 1000).FloatString(3))
		needed := total / 1000 * thousandths
		if !one.Met(float64(needed), float64(total)) || needed > 0 && one.Met(float64(needed-1), float64(total)) {
			t.Fatalf("%s of %d is not met by %d, or by one fewer", one, total, needed)
		}
		if value := float64(thousandths) / 1000; !one.Met(value, 1) {
			t.Fatalf("%v does not meet %s", value, one)
		}
	})
}

func TestTargetsSurvive(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		one := target(t, rapid.StringMatching(`0\.[0-9]{1,14}`).Draw(t, "target"))
		text, err := json.Marshal(one)
		if err != nil {
			t.Fatal(err)
		}
		var back slo.Target
		if err := json.Unmarshal(text, &back); err != nil || back.String() != one.String() {
			t.Fatalf("%s became %s: %v", one, back, err)
		}
		if percent, err := slo.ParsePercent(one.Percent()); err != nil || percent.String() != one.String() {
			t.Fatalf("%s is %s %%, which is %s: %v", one, one.Percent(), percent, err)
		}
	})
}
