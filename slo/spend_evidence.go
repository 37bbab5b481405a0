package slo

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

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

// String is the evidence in plain words.
func (e SpendEvidence) String() string {
	if e.Basis == BasisStood {
		return e.stood()
	}
	var text strings.Builder
	fmt.Fprintf(&text, "%s bad from %s on, %s before (%s to %s)", percent(e.During), e.From.UTC().Format("2006-01-02 15:04"), percent(e.Before), percent(e.Low), percent(e.High))
	switch e.Basis {
	case BasisTiming:
		fmt.Fprintf(&text, "; it began %s", delay(e.Delay))
	case BasisCohort:
		text.WriteString("; the cohorts differ")
		if e.Cohort != nil {
			fmt.Fprintf(&text, ": %s bad with the change, %s without it at the same time", percent(*e.Cohort), percent(*e.Rest))
		}
	case BasisCausedBy:
		text.WriteString("; an incident was laid to it")
	case BasisIncident:
		text.WriteString("; no change explains it")
	}
	for _, i := range e.Incidents {
		fmt.Fprintf(&text, "; incident %s", i.ID)
	}
	return text.String()
}

func delay(d time.Duration) string {
	if d < time.Minute {
		return "with the change"
	}
	return strconv.Itoa(int(d.Minutes())) + " min after the change"
}

// percent is a ratio with two significant digits.
func percent(ratio float64) string {
	if ratio <= 0 {
		return "0 %"
	}
	digits := max(0, 1-int(math.Floor(math.Log10(ratio*100))))
	return strconv.FormatFloat(ratio*100, 'f', digits, 64) + " %"
}
