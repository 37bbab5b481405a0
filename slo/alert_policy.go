package slo

import (
	"fmt"
	"math/big"
	"regexp"
	"time"
)

// AlertPolicy is an alert condition of the document: a burn rate over one
// lookback that is too high, and what of it people are told.
type AlertPolicy struct {
	// Name tells the policies of a definition apart.
	Name     string
	Severity Severity
	// Factor is the burn that has to be exceeded; where Meeting is set it is enough
	// to meet it.
	Factor  Factor
	Meeting bool
	// Lookback is what the burn is taken of, For how long it has to last.
	Lookback, For time.Duration
	// Breaching, Resolved and NoData say whether people are told that the alert
	// fires, that it is over, and that its data stopped; nil tells them. With
	// NoData set, data that stop alert by themselves too.
	Breaching, Resolved, NoData *bool
}

// factorText is a plain number of at most six digits before the point and six
// after it, which a lookback of years can be multiplied by.
var factorText = regexp.MustCompile(`^(0|[1-9][0-9]{0,5})(\.[0-9]{1,6})?$`)

// ParseFactor reads a burn rate as it is written, "14.4", exactly.
func ParseFactor(text string) (Factor, error) {
	r, ok := new(big.Rat).SetString(text)
	if !factorText.MatchString(text) || !ok {
		return Factor{}, fmt.Errorf("%.40q is not a burn rate: a number of 0 or more and below 1000000 with at most 6 decimals, such as 14.4", text)
	}
	return Factor{r.Num().Int64(), r.Denom().Int64()}, nil
}

// row is the policy as a row of alerts. It has one lookback, so that the short
// one is the long one.
func (p *AlertPolicy) row(window time.Duration) AlertRow {
	return AlertRow{
		Severity: p.Severity, Long: p.Lookback, Short: p.Lookback, Factor: p.Factor, Share: p.Factor.share(p.Lookback, window), For: p.For, Policy: p,
	}
}

// Tells says whether people are told that an alert of the row came into a state.
func (r AlertRow) Tells(s AlertState) bool {
	if r.Policy == nil {
		return true
	}
	told := map[AlertState]*bool{AlertFiring: r.Policy.Breaching, AlertNoData: r.Policy.NoData, AlertResolved: r.Policy.Resolved}[s]
	return told == nil || *told
}

// PolicyName is the name of the policy that the row is of; empty for one of a
// window set.
func (r AlertRow) PolicyName() string {
	if r.Policy == nil {
		return ""
	}
	return r.Policy.Name
}

// Meeting says that it is enough to meet the factor.
func (r AlertRow) Meeting() bool { return r.Policy != nil && r.Policy.Meeting }

// silent says that data that stop alert by themselves.
func (r AlertRow) silent() bool {
	return r.Policy != nil && r.Policy.NoData != nil && *r.Policy.NoData
}
