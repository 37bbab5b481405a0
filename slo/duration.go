package slo

import (
	"errors"
	"fmt"
	"strconv"
	"time"
)

// Unit is a unit of OpenSLO's shorthand for durations. It is case-sensitive:
// "1m" is a minute and "1M" a month.
type Unit byte

// The units.
const (
	Minute  Unit = 'm'
	Hour    Unit = 'h'
	Day     Unit = 'd'
	Week    Unit = 'w'
	Month   Unit = 'M'
	Quarter Unit = 'Q'
	Year    Unit = 'Y'
)

// Span is a whole number of units, "30d". The zero value is no span.
type Span struct {
	N    int
	Unit Unit
}

// ParseSpan reads OpenSLO's shorthand, a number above 0 and a unit: "5m", "28d".
func ParseSpan(text string) (Span, error) {
	if text == "" {
		return Span{}, errors.New("is empty; give a number and one of m, h, d, w, M, Q and Y, such as 28d")
	}
	digits, unit := text[:len(text)-1], Unit(text[len(text)-1])
	n, err := strconv.ParseUint(digits, 10, 31)
	if err != nil || n == 0 {
		return Span{}, fmt.Errorf("%q is not a number above 0 and a unit, such as 28d", text)
	}
	switch unit {
	case Minute, Hour, Day, Week, Month, Quarter, Year:
	default:
		return Span{}, fmt.Errorf("%q ends in no unit; give one of m, h, d, w, M, Q and Y", text)
	}
	if one := (Span{1, unit}); int64(n)*int64(one.Fixed()/time.Minute) <= maxYears*365*24*60 {
		return Span{int(n), unit}, nil
	}
	return Span{}, fmt.Errorf("%q is longer than %d years", text, maxYears)
}

// maxYears is the length of a span at most.
const maxYears = 10

// String writes the shorthand; empty for no span.
func (s Span) String() string {
	if s.N == 0 {
		return ""
	}
	return strconv.Itoa(s.N) + string(s.Unit)
}

// Fixed is the length of a span where no calendar is asked: a month is 30 days,
// a quarter 90 and a year 365.
func (s Span) Fixed() time.Duration {
	const day = 24 * time.Hour
	units := map[Unit]time.Duration{
		Minute: time.Minute, Hour: time.Hour, Day: day, Week: 7 * day, Month: 30 * day, Quarter: 90 * day, Year: 365 * day,
	}
	return time.Duration(s.N) * units[s.Unit]
}

// MarshalText writes the shorthand.
func (s Span) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the shorthand; empty text is no span.
func (s *Span) UnmarshalText(text []byte) (err error) {
	if *s = (Span{}); len(text) > 0 {
		*s, err = ParseSpan(string(text))
	}
	return err
}
