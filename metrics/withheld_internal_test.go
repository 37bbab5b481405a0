package metrics

import "testing"

// TestFiguresAreShownFromFiveCasesOn, and lead time from 70 % of known
// shipments on; a frequency however few deployments it counts.
func TestFiguresAreShownFromFiveCasesOn(t *testing.T) {
	t.Parallel()
	v := 1.0
	at := func(c float64) *float64 { return &c }
	for _, c := range []struct {
		value, coverage *float64
		n               int
		lead, other     Withheld
	}{
		{nil, nil, 0, WithheldNoValue, WithheldNoValue},
		{&v, nil, 4, WithheldTooFew, WithheldTooFew},
		{&v, nil, 5, "", ""},
		{&v, at(0.7), 5, "", ""},
		{&v, at(0.69), 5, WithheldCoverage, ""},
		{&v, at(0.69), 4, WithheldTooFew, WithheldTooFew},
		{nil, at(0.5), 9, WithheldNoValue, WithheldNoValue},
	} {
		r := Report{
			Frequency: Frequency{PerDay: c.value}, FailRate: FailRate{Value: c.value, N: c.n}, Rework: Rework{Value: c.value, N: c.n},
			Recovery: Recovery{Value: c.value, N: c.n}, LeadTime: LeadTime{Value: c.value, N: c.n, Coverage: c.coverage},
		}
		r.withhold()
		if r.LeadTime.Withheld != c.lead || r.FailRate.Withheld != c.other || r.Rework.Withheld != c.other || r.Recovery.Withheld != c.other {
			t.Errorf("%+v: %q, %q, %q, %q", c, r.LeadTime.Withheld, r.FailRate.Withheld, r.Rework.Withheld, r.Recovery.Withheld)
		}
		if shown := r.Frequency.Withheld == ""; shown != (c.value != nil) {
			t.Errorf("a frequency of %v is withheld: %q", c.value, r.Frequency.Withheld)
		}
	}
}
