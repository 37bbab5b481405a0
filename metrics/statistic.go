package metrics

import (
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/evenkeel-dev/evenkeel"
)

// Statistic names how one figure is made of many durations.
type Statistic string

// statistic is the policy's aggregation by its name in answers; median where
// the policy states none.
func statistic(a evenkeel.Aggregation) Statistic {
	if a == "" {
		return Statistic(evenkeel.AggregateMedian)
	}
	return Statistic(a)
}

// quantileOf is the quantile that an aggregation is; 0 is none, the mean.
func quantileOf(a evenkeel.Aggregation) float64 {
	switch a {
	case evenkeel.AggregateMean:
		return 0
	case evenkeel.AggregateP75:
		return 0.75
	case evenkeel.AggregateP90:
		return 0.9
	}
	return 0.5
}

// aggregate makes one figure of a sample, beside its quantiles. The interval
// is that of order statistics; a mean has none, because durations are too
// skewed for the usual one to hold.
func aggregate(values []int64, a evenkeel.Aggregation) summary {
	mean := meanOf(values)
	s := aggregateOf(newSelection(values), a)
	if a == evenkeel.AggregateMean {
		s.value = mean
	}
	return s
}

// aggregateOf is aggregate for what is ready to be ranked; of a mean it leaves
// the value to others.
func aggregateOf(r ranker, a evenkeel.Aggregation) summary {
	s := summaryOf(r, quantileOf(a))
	switch a {
	case evenkeel.AggregateMean:
	case evenkeel.AggregateP75:
		s.value = s.p75
	case evenkeel.AggregateP90:
		s.value = s.p90
	default:
		s.value = s.median
	}
	return s
}

// meanOf is the arithmetic mean in seconds; nil without values.
func meanOf(values []int64) *float64 {
	if len(values) == 0 {
		return nil
	}
	sum := 0.0
	for _, v := range values {
		sum += float64(v)
	}
	mean := sum / float64(len(values)) / 1e6
	return &mean
}

// enclosing are the ranks, counted from 1, of the order statistics that
// enclose the quantile p of a population with at least 95 % confidence: the
// greatest low with P(Bin(n, p) < low) <= 0.025 and the least high with
// P(Bin(n, p) >= high) <= 0.025. ok is false where there are too few values.
func enclosing(n int, p float64) (low, high int, ok bool) {
	if p == 0 || n == 0 {
		return 0, 0, false
	}
	b := distuv.Binomial{N: float64(n), P: p}
	low = last(n, func(k int) bool { return b.CDF(float64(k-1)) <= outside })
	high = n + 1 - last(n, func(k int) bool { return 1-b.CDF(float64(n-k)) <= outside })
	return low, high, low > 0 && high <= n
}

// outside is what a two-sided interval of 95 % leaves on each side.
const outside = 0.025

// last is the greatest k of 1 to n that holds, 0 if none does; what holds for
// one holds for all below it.
func last(n int, holds func(k int) bool) int {
	low, high := 0, n
	for low < high {
		mid := (low + high + 1) / 2
		if holds(mid) {
			low = mid
		} else {
			high = mid - 1
		}
	}
	return low
}

// aggregation is how the query makes one figure of many durations.
func (u *union) aggregation() evenkeel.Aggregation { return u.query.Policy.Aggregation }

// leadTimes are the durations of change lead time: of commits where the
// policy's unit is the commit, else of changes.
func (u *union) leadTimes() func(*part) column {
	if u.perCommit() {
		return commitLeads
	}
	return leads
}

func (u *union) perCommit() bool { return u.query.Policy.Unit == evenkeel.UnitCommit }

// recoveryTimes are the durations of recovery by the policy's clock.
func (u *union) recoveryTimes() func(*part) column {
	if u.fromDeployment() {
		return deploymentTimes
	}
	return recoveryTimes
}

func (u *union) fromDeployment() bool {
	return u.query.Policy.Recovery == evenkeel.RecoverFromDeployment
}

// tells says whether a note excludes something from a figure under the
// query's policy: by the clock from the deployment, a start that is not known
// is no hindrance, and a repair before the deployment is.
func (u *union) tells(code uint8) bool {
	switch code {
	case noteFailureStartUnknown, noteIncidentStartUnknown:
		return !u.fromDeployment()
	case noteRestoredBeforeFinish:
		return u.fromDeployment()
	}
	return true
}
