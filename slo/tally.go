package slo

import (
	"math"
	"strconv"
)

// Tally is what a span of time came to. Tallies of spans that meet add up. The
// zero value is a span without time.
type Tally struct {
	// Good and Bad are events. A threshold makes one event of each sample; a
	// ratio without events makes a part of one good and the rest bad.
	Good, Bad float64
	// GoodSlices and BadSlices are slices that were measured.
	GoodSlices, BadSlices int64
	// BadRatios is the sum of the measured slices' bad shares. Bad is what is
	// summed, since budgets are made of it.
	BadRatios float64
	// NoData are slices in which nothing was measured or nothing happened. Of
	// them HeldGood and HeldBad repeat the slice measured before, and
	// HeldBadRatios is the sum of their bad shares; these count only where a
	// definition holds.
	NoData            int64
	HeldGood, HeldBad int64
	HeldBadRatios     float64
	// Idle are those of NoData in which nothing happened, 0 of 0, and that is
	// known.
	Idle int64
	// Overfull are slices in which more was good or bad than there was at all.
	// No more was taken for good than there was, and all that was bad.
	Overfull int64
	// Unusable are slices in which a number was left out because it was negative
	// or not a number; those that have nothing else are in NoData too.
	Unusable int64
	// Excluded are slices that a correction leaves out, neither measured nor
	// missing. Corrected are those of GoodSlices that one takes for good, and
	// Assumed those of them in which nothing was measured.
	Excluded, Corrected, Assumed int64
}

// Add is both spans together.
func (t Tally) Add(o Tally) Tally {
	t.Good += o.Good
	t.Bad += o.Bad
	t.GoodSlices += o.GoodSlices
	t.BadSlices += o.BadSlices
	t.BadRatios += o.BadRatios
	t.NoData += o.NoData
	t.HeldGood += o.HeldGood
	t.HeldBad += o.HeldBad
	t.HeldBadRatios += o.HeldBadRatios
	t.Idle += o.Idle
	t.Overfull += o.Overfull
	t.Unusable += o.Unusable
	t.Excluded += o.Excluded
	t.Corrected += o.Corrected
	t.Assumed += o.Assumed
	return t
}

// Measured is how many slices were measured and had events.
func (t Tally) Measured() int64 { return t.GoodSlices + t.BadSlices }

// Slices is how many slices the span has, without those that are excluded.
func (t Tally) Slices() int64 { return t.Measured() + t.NoData }

// Coverage is the share of slices of which it is known what happened, idle ones
// too, of those that are not excluded; nil for a span without slices.
func (t Tally) Coverage() *float64 {
	if t.Slices() == 0 {
		return nil
	}
	c := float64(t.Measured()+t.Idle) / float64(t.Slices())
	return &c
}

// Quiet says that it is known of every slice that nothing happened.
func (t Tally) Quiet() bool { return t.Idle > 0 && t.Idle == t.Slices() }

// Count is what a method makes of a tally: how much was good and bad of what
// there was, in events or in slices. Without anything all are 0.
type Count struct{ Good, Bad, Total float64 }

// Count counts by a method and what missing slices are taken for. An idle slice
// is not missing: it is never taken for bad, and left out, good or held as
// missing ones are otherwise.
func (t Tally) Count(m Method, missing Missing) Count {
	if m == Occurrences {
		good, bad := settled(t.Good), settled(t.Bad)
		return Count{good, bad, settled(good + bad)}
	}
	total, bad, held := t.Measured(), float64(t.BadSlices), float64(t.HeldBad)
	if m == RatioTimeslices {
		bad, held = t.BadRatios, t.HeldBadRatios
	}
	switch missing {
	case MissingGood:
		total += t.NoData
	case MissingBad:
		total += t.NoData - t.Idle
		bad += float64(t.NoData - t.Idle)
	case MissingHold:
		total += t.HeldGood + t.HeldBad
		bad += held
	}
	bad = settled(bad)
	return Count{float64(total) - bad, bad, float64(total)}
}

// settled is a sum without the dust of floating point: whole numbers as they
// are, others to 12 digits, so that 43,200 thousandths are 43.2 however they were
// added up.
func settled(sum float64) float64 {
	if sum == math.Trunc(sum) {
		return sum
	}
	near, err := strconv.ParseFloat(strconv.FormatFloat(sum, 'e', 11, 64), 64)
	if err != nil {
		return sum
	}
	return near
}

// SLI is the good share; nil where nothing was counted.
func (c Count) SLI() *float64 {
	if c.Total == 0 {
		return nil
	}
	s := c.Good / c.Total
	return &s
}
