package slo

import "time"

// SpendEvidence is why an entry is laid to its causes: that of its greatest
// stretch of excess.
type SpendEvidence struct {
	Basis SpendBasis
	// Sure is how probable it is that the excess began with one of the causes.
	Sure float64
	// Before is the ratio before the excess, Low and High are its interval, and
	// During the ratio meanwhile.
	Before, Low, High, During float64
	// Baseline is what Before is made of.
	Baseline Baseline
	// From is when this stretch began, and Delay how long after the last of the
	// causes; negative if that came later.
	From  time.Time
	Delay time.Duration
	// Incidents lasted meanwhile.
	Incidents []Cause
	// Cohort and Rest are the ratios of the cohort of the change and of the
	// others at the same time; nil without cohorts.
	Cohort, Rest *float64
}

func (b *book) evidence(c claim) SpendEvidence {
	e := SpendEvidence{
		Basis: c.owner.basis, Sure: c.owner.sure, Before: c.before.Ratio(), Baseline: c.before, During: b.ratio(c.from, c.to), From: b.at(c.from),
	}
	e.Low, e.High = c.before.Interval(b.policy.Level)
	e.Delay = e.From.Sub(b.causes[c.owner.causes[len(c.owner.causes)-1]].At)
	for _, k := range c.owner.incidents {
		e.Incidents = append(e.Incidents, b.causes[k])
	}
	if len(c.owner.shares) == 1 {
		e.Cohort, e.Rest = &c.owner.shares[0].ratio, &c.owner.shares[0].rest
	}
	return e
}
