package slo

import (
	"math"

	"github.com/evenkeel-dev/evenkeel"
)

// state is what is known of a slice.
type state uint8

const (
	// noData was not measured.
	noData state = iota
	// unusable was measured as something that cannot be.
	unusable
	// measured has events; overfull too, after its total was raised.
	measured
	overfull
)

// events are how much was good and bad in a slice.
type events struct {
	good, bad float64
	state     state
}

// add puts slices together: of one that was measured and one that was not, the
// measured one stands.
func (e events) add(o events) events {
	return events{e.good + o.good, e.bad + o.bad, max(e.state, o.state)}
}

// judge says what a measured slice came to. What is not finite or below 0 is
// unusable.
func (i Indicator) judge(o Objective, s evenkeel.Slice) events {
	switch i.Kind {
	case Threshold:
		return judgeValue(s.Value, func(v float64) bool { return !math.IsNaN(v) }, func(v float64) float64 {
			if o.Op.Holds(v, o.Value) {
				return 1
			}
			return 0
		})
	case Success:
		return judgeValue(s.Value, isShare, func(v float64) float64 { return v })
	case Failure:
		return judgeValue(s.Value, isShare, func(v float64) float64 { return 1 - v })
	default:
		return judgeEvents(s)
	}
}

func isShare(v float64) bool { return v >= 0 && v <= 1 }

// judgeValue makes one event of a value, or parts of one.
func judgeValue(value *float64, usable func(float64) bool, good func(float64) float64) events {
	switch {
	case value == nil:
		return events{}
	case !usable(*value):
		return events{state: unusable}
	}
	g := good(*value)
	return events{g, 1 - g, measured}
}

// judgeEvents reads any two of good, bad and total. A part greater than the
// total makes the slice overfull, and the total as great as the part.
func judgeEvents(s evenkeel.Slice) events {
	part, other, total := s.Good, s.Bad, s.Total
	flip := part == nil
	if flip {
		part, other = other, nil
	}
	if total == nil && part != nil && other != nil {
		sum := *part + *other
		total = &sum
	}
	switch {
	case part == nil || total == nil:
		return events{}
	case !isAmount(*part) || !isAmount(*total):
		return events{state: unusable}
	}
	e := events{*part, *total - *part, measured}
	if e.bad < 0 {
		e.bad, e.state = 0, overfull
	}
	if flip {
		e.good, e.bad = e.bad, e.good
	}
	return e
}

func isAmount(n float64) bool { return n >= 0 && !math.IsInf(n, 1) }

// tally makes a counted slice of events. It is good if its share of good events
// reaches the objective's; an objective without one wants all of them.
func (e events) tally(o Objective) Tally {
	t := Tally{Good: e.good, Bad: e.bad}
	total := e.good + e.bad
	switch e.state {
	case unusable:
		t.Unusable = 1
	case overfull:
		t.Overfull = 1
	case measured:
		if total == 0 {
			t.Idle = 1
		}
	}
	if total == 0 {
		t.NoData = 1
		return t
	}
	t.Ratios = e.good / total
	if good := e.bad == 0; good || (!o.SliceTarget.IsZero() && o.SliceTarget.Met(e.good, total)) {
		t.GoodSlices = 1
	} else {
		t.BadSlices = 1
	}
	return t
}
