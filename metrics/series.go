package metrics

import (
	"slices"

	"github.com/evenkeel-dev/evenkeel"
)

// Series computes the headline figures per day, week or month in the policy's
// time zone. Buckets are half-open, follow one another without a gap, and are
// cut to the window. An empty window has no buckets.
func Series(q Query, g Grain, parts ...Derived) []Bucket {
	return newUnion(q, parts).series("", q.Window, g)
}

// series cuts a window into buckets; name tells it from other series of a
// question.
func (u *union) series(name string, w evenkeel.Window, g Grain) []Bucket {
	bounds, whole := edges(w, g, u.query.Policy)
	if len(bounds) == 0 {
		return []Bucket{}
	}
	inner := make([]int64, 0, len(bounds))
	for _, t := range bounds[1 : len(bounds)-1] {
		inner = append(inner, micros(t))
	}
	c := u.cuts(micros(bounds[0]), micros(bounds[len(bounds)-1]), inner...)
	counted, leads, recoveries := u.tallies(c), u.summaries(c, name+"leads", u.leadTimes()), u.summaries(c, name+"recoveries", u.recoveryTimes())
	out := make([]Bucket, len(whole))
	for i := range out {
		out[i] = u.bucket(counted[i], leads[i], recoveries[i], elapsedDays(c[i], c[i+1]))
		out[i].From, out[i].To = bounds[i].UTC(), bounds[i+1].UTC()
		out[i].Complete = whole[i] && c[i+1] == micros(bounds[i+1])
	}
	return slices.Clip(out)
}

func (u *union) bucket(t tally, lead, recovery summary, elapsed float64) Bucket {
	var b Bucket
	b.LeadTime = BucketLeadTime{Value: lead.value, Median: lead.median, P75: lead.p75, P90: lead.p90, N: lead.n}
	b.Recovery = BucketRecovery{Value: recovery.value, Median: recovery.median, N: recovery.n}
	b.Frequency = BucketFrequency{Deployments: t.deployments, DeploymentDays: t.days}
	if u.known && elapsed > 0 {
		rate := float64(t.deployments) / elapsed
		b.Frequency.PerDay = &rate
	}
	b.FailRate = BucketFailRate{Value: share(t.failed, t.deployments), Failed: t.failed, N: t.deployments}
	b.FailRate.Low80, b.FailRate.High80 = wilson(t.failed, t.deployments, z80)
	b.Rework = BucketRework{Value: share(t.rework, t.deployments), Rework: t.rework, N: t.deployments}
	return b
}
