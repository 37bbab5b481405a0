package views

import "github.com/evenkeel-dev/evenkeel/metrics"

// Clause is one part of the verdict sentence, in the order it is read.
type Clause struct {
	Code   string `json:"code" enum:"faster,slower,more_often,less_often,recovers_faster,recovers_slower,safer,riskier,less_rework,more_rework,no_clear_change,no_value"`
	Metric string `json:"metric"`
	// Relative is the change against the window before, -0.29 for 29 % less.
	Relative *float64 `json:"relative"`
}

// verdict composes the sentence by fixed rules: lead time and fail rate
// always speak; the other three only when their change is clear.
func verdict(c metrics.Comparison) []Clause {
	clauses := []Clause{clause("change_lead_time", c.LeadTime, "faster", "slower")}
	if c.Frequency.Significant {
		clauses = append(clauses, clause("deployment_frequency", c.Frequency, "", ""))
	}
	if c.Recovery.Significant {
		clauses = append(clauses, clause("failed_deployment_recovery_time", c.Recovery, "recovers_faster", "recovers_slower"))
	}
	clauses = append(clauses, clause("change_fail_rate", c.FailRate, "safer", "riskier"))
	if c.Rework.Significant {
		clauses = append(clauses, clause("deployment_rework_rate", c.Rework, "less_rework", "more_rework"))
	}
	return clauses
}

func clause(metric string, d metrics.Difference, better, worse string) Clause {
	c := Clause{Code: string(d.Direction), Metric: metric, Relative: d.Relative}
	switch d.Direction {
	case metrics.Better:
		c.Code = better
	case metrics.Worse:
		c.Code = worse
	case metrics.Higher:
		c.Code = "more_often"
	case metrics.Lower:
		c.Code = "less_often"
	}
	return c
}
