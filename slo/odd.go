package slo

import (
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// The fields of measured slices.
const (
	fieldGood  = "good"
	fieldBad   = "bad"
	fieldTotal = "total"
	fieldValue = "value"
)

// OddityKind is what is wrong with a measured slice.
type OddityKind string

// The kinds of oddities.
const (
	// Overfull is a part that is greater than the total.
	Overfull OddityKind = "good_gt_total"
	// Unusable is a number that cannot be: not finite, an amount below 0 or
	// above 1e18, a share outside 0 to 1.
	Unusable OddityKind = "unusable"
)

// Oddity is a measured slice that cannot be right as it is.
type Oddity struct {
	At   time.Time
	Kind OddityKind
	// Field is the one that is wrong: good, bad, total or value.
	Field string
}

// Oddities are the slices of a window that an objective's indicator cannot take
// as they are, in the order of the list. [Tally] counts them; this says which
// and why. Readings of counters have to be made amounts before.
func Oddities(d Definition, o Objective, list []evenkeel.Slice, window evenkeel.Window) (odd []Oddity) {
	indicator := o.In(d)
	for i := range list {
		s := &list[i]
		if !window.Contains(s.At) {
			continue
		}
		switch found := indicator.judge(&o, s).finding; {
		case found&unusable != 0:
			odd = append(odd, Oddity{s.At, Unusable, indicator.wrong(s)})
		case found&overfull != 0:
			odd = append(odd, Oddity{s.At, Overfull, indicator.part(s)})
		}
	}
	return odd
}

// wrong names the field of a slice that is unusable.
func (i *Indicator) wrong(s *evenkeel.Slice) string {
	switch {
	case i.Kind != GoodOfTotal && i.Kind != BadOfTotal:
		return fieldValue
	case !usable(s.Good):
		return fieldGood
	case !usable(s.Bad):
		return fieldBad
	}
	return fieldTotal
}

// part names the field of a slice that is set against its total.
func (i *Indicator) part(s *evenkeel.Slice) string {
	if s.Good == nil || i.Kind == BadOfTotal && s.Bad != nil {
		return fieldBad
	}
	return fieldGood
}
