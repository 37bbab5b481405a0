package views

import (
	"math"
	"strconv"
)

// number writes a value with so many decimals at most, rounded half away from
// zero, as the dashboard does.
func number(v float64, digits int) string {
	scale := math.Pow10(digits)
	return strconv.FormatFloat(math.Round(v*scale)/scale, 'f', -1, 64)
}

// below writes one decimal while a value is below a limit, none from there.
func below(v, limit float64) string {
	if math.Abs(v) < limit {
		return number(v, 1)
	}
	return number(v, 0)
}

const (
	hundred = 99.95
	ten     = 9.95
)

// durationText writes seconds as 340 ms, 42 s, 12 min, 15.8 h or 2.3 d.
func durationText(seconds float64) string {
	for _, u := range []struct {
		unit                 string
		length, from, decide float64
	}{{"d", 86_400, 172_800, hundred}, {"h", 3_600, 3_600, hundred}, {"min", 60, 60, ten}, {"s", 1, 1, ten}} {
		if math.Abs(seconds) >= u.from {
			return below(seconds/u.length, u.decide) + " " + u.unit
		}
	}
	if seconds == 0 {
		return "0 s"
	}
	return number(seconds*1000, 0) + " ms"
}

// shareText writes 0.089 as 8.9 %.
func shareText(share float64) string { return below(share*100, hundred) + " %" }

// rateText writes a frequency over the shortest span in which one falls.
func rateText(perDay float64) string {
	switch {
	case perDay >= 1 || perDay == 0:
		return below(perDay, hundred) + " /day"
	case perDay*7 >= 1:
		return below(perDay*7, hundred) + " /week"
	}
	return number(perDay*30, 2) + " /30 d"
}
