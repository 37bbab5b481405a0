package metrics

// Withheld says why a page shows no value of a figure; empty where it shows it.
type Withheld string

// The reasons.
const (
	// WithheldNoValue: there is none.
	WithheldNoValue Withheld = "no_value"
	// WithheldTooFew: it rests on fewer than five cases.
	WithheldTooFew Withheld = "too_few"
	// WithheldCoverage: of fewer than 70 % of the deployments it is known what
	// they ship.
	WithheldCoverage Withheld = "low_coverage"
)

// LeastCoverage is the share of counted deployments of which it must be known
// what they ship; below it a lead time misleads.
const LeastCoverage = 0.7

// withhold settles what is shown. A frequency is, however few deployments it
// counts: that there were few is what it says.
func (r *Report) withhold() {
	r.Frequency.Withheld = withheld(r.Frequency.PerDay, fewCases)
	r.FailRate.Withheld = withheld(r.FailRate.Value, r.FailRate.N)
	r.Rework.Withheld = withheld(r.Rework.Value, r.Rework.N)
	r.Recovery.Withheld = withheld(r.Recovery.Value, r.Recovery.N)
	r.LeadTime.Withheld = withheld(r.LeadTime.Value, r.LeadTime.N)
	if c := r.LeadTime.Coverage; r.LeadTime.Withheld == "" && c != nil && *c < LeastCoverage {
		r.LeadTime.Withheld = WithheldCoverage
	}
}

func withheld(value *float64, n int) Withheld {
	switch {
	case value == nil:
		return WithheldNoValue
	case n < fewCases:
		return WithheldTooFew
	}
	return ""
}
