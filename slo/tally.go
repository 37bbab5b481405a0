package slo

// Tally is what a span of time came to. Tallies of spans that meet add up. The
// zero value is a span without time.
type Tally struct {
	// Good and Bad are events. A threshold makes one event of each sample; a
	// ratio without events makes a part of one good and the rest bad.
	Good, Bad float64
	// GoodSlices and BadSlices are slices that were measured.
	GoodSlices, BadSlices int64
	// Ratios is the sum of the measured slices' ratios.
	Ratios float64
	// NoData are slices of which nothing was measured. Of them HeldGood and
	// HeldBad repeat the slice measured before, and HeldRatios is the sum of
	// their ratios; these count only where a definition holds.
	NoData int64
	// Idle are slices without data in which nothing happened, 0 of 0, and that
	// is known. They are in NoData too.
	Idle              int64
	HeldGood, HeldBad int64
	HeldRatios        float64
	// Overfull are slices in which more was good or bad than there was at all;
	// the total was taken to be as large as its part.
	Overfull int64
	// Unusable are slices that were left out because a number was negative or
	// not a number; they are in NoData too.
	Unusable int64
}

// Add is both spans together.
func (t Tally) Add(o Tally) Tally {
	return Tally{
		Good: t.Good + o.Good, Bad: t.Bad + o.Bad, GoodSlices: t.GoodSlices + o.GoodSlices, BadSlices: t.BadSlices + o.BadSlices,
		Ratios: t.Ratios + o.Ratios, NoData: t.NoData + o.NoData, Idle: t.Idle + o.Idle, HeldGood: t.HeldGood + o.HeldGood, HeldBad: t.HeldBad + o.HeldBad,
		HeldRatios: t.HeldRatios + o.HeldRatios, Overfull: t.Overfull + o.Overfull, Unusable: t.Unusable + o.Unusable,
	}
}

// Measured is how many slices were measured.
func (t Tally) Measured() int64 { return t.GoodSlices + t.BadSlices }

// Slices is how many slices the span has.
func (t Tally) Slices() int64 { return t.Measured() + t.NoData }

// Coverage is the share of slices of which it is known what happened, idle ones
// too; nil for a span without slices.
func (t Tally) Coverage() *float64 {
	if t.Slices() == 0 {
		return nil
	}
	c := float64(t.Measured()+t.Idle) / float64(t.Slices())
	return &c
}

// Count is what a method makes of a tally: how much was good and bad of what
// there was, in events or in slices. Without anything all are 0.
type Count struct{ Good, Bad, Total float64 }

// Count counts by a method and what missing slices are taken for.
func (t Tally) Count(m Method, missing Missing) Count {
	if m == Occurrences {
		return Count{t.Good, t.Bad, t.Good + t.Bad}
	}
	good, bad := float64(t.GoodSlices), float64(t.BadSlices)
	if m == RatioTimeslices {
		good = t.Ratios
		bad = float64(t.Measured()) - t.Ratios
	}
	switch missing {
	case MissingGood:
		good += float64(t.NoData)
	case MissingBad:
		bad += float64(t.NoData)
	case MissingHold:
		held := float64(t.HeldGood)
		if m == RatioTimeslices {
			held = t.HeldRatios
		}
		good += held
		bad += float64(t.HeldGood+t.HeldBad) - held
	}
	return Count{good, bad, good + bad}
}

// SLI is the good share; nil where nothing was counted.
func (c Count) SLI() *float64 {
	if c.Total == 0 {
		return nil
	}
	s := c.Good / c.Total
	return &s
}
