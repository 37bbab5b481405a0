package slo

import (
	"math"

	"github.com/evenkeel-dev/evenkeel"
)

// finding is what is known of a slice; several may hold of one that was put
// together.
type finding uint8

const (
	// measured was measured, be it that nothing happened.
	measured finding = 1 << iota
	// overfull had a part greater than its total.
	overfull
	// unusable had a number that cannot be, and is left out.
	unusable
)

// events are how much was good and bad in a slice. The zero value was not
// measured.
type events struct {
	good, bad float64
	finding   finding
}

// add puts slices together.
func (e events) add(o events) events {
	return events{e.good + o.good, e.bad + o.bad, e.finding | o.finding}
}

// judge says what a measured slice came to.
func (i *Indicator) judge(o *Objective, s *evenkeel.Slice) events {
	switch i.Kind {
	case Threshold:
		return judgeValue(s.Value, isFinite, func(v float64) events {
			if o.Op.Holds(v, o.Value) {
				return events{1, 0, measured}
			}
			return events{0, 1, measured}
		})
	case Success:
		return judgeValue(s.Value, isShare, func(v float64) events { return events{v, rest(v), measured} })
	case Failure:
		return judgeValue(s.Value, isShare, func(v float64) events { return events{rest(v), v, measured} })
	default:
		return judgeEvents(s, i.Kind == BadOfTotal)
	}
}

func isFinite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

func isShare(v float64) bool { return v >= 0 && v <= 1 }

// rest is 1 less a share, to 15 decimals: of 0.99 it is 0.01, which floating
// point misses by a little that would overdraw a budget of 0.01.
func rest(share float64) float64 { return math.Round((1-share)*1e15) / 1e15 }

// maxAmount is the greatest amount of a slice; above it sums of a year may not
// be finite.
const maxAmount = 1e18

func isAmount(n float64) bool { return n >= 0 && n <= maxAmount }

// judgeValue makes one event of a value, or parts of one.
func judgeValue(value *float64, usable func(float64) bool, made func(float64) events) events {
	switch {
	case value == nil:
		return events{}
	case !usable(*value):
		return events{finding: unusable}
	}
	return made(*value)
}

// judgeEvents reads two of good, bad and total; of all three the total and the
// part that the indicator is of.
func judgeEvents(s *evenkeel.Slice, byBad bool) events {
	switch {
	case !usable(s.Good) || !usable(s.Bad) || !usable(s.Total):
		return events{finding: unusable}
	case s.Good != nil && s.Bad != nil && s.Total == nil:
		return events{*s.Good, *s.Bad, measured}
	case s.Total == nil || s.Good == nil && s.Bad == nil:
		return events{}
	case s.Good == nil || byBad && s.Bad != nil:
		return judgeBad(*s.Bad, *s.Total)
	default:
		return judgeGood(*s.Good, *s.Total)
	}
}

func usable(n *float64) bool { return n == nil || isAmount(*n) }

// judgeBad raises a total that has fewer events than were bad.
func judgeBad(bad, total float64) events {
	if bad > total {
		return events{0, bad, measured | overfull}
	}
	return events{total - bad, bad, measured}
}

// judgeGood takes no more for good than there was at all.
func judgeGood(good, total float64) events {
	if good > total {
		return events{total, 0, measured | overfull}
	}
	return events{good, total - good, measured}
}
