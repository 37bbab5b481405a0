package metrics_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
)

func TestWithinASpanNothingIsLost(t *testing.T) {
	check(t, func(t *rapid.T) {
		d, q := metrics.Derive(drawInput(t), evenkeel.DefaultPolicy()), drawQuery(t)
		before := time.Duration(rapid.IntRange(0, 50).Draw(t, "before")) * time.Hour
		after := time.Duration(rapid.IntRange(0, 50).Draw(t, "after")) * time.Hour
		span := evenkeel.Window{From: q.Window.From.Add(-before), To: q.Window.To.Add(after)}
		same(t, "a window within the span", jsonOf(t, metrics.Compute(q, d)), jsonOf(t, metrics.Compute(q, d.Within([]evenkeel.Window{span}))))
		same(t, "an open span", jsonOf(t, metrics.Compute(q, d)), jsonOf(t, metrics.Compute(q, d.Within([]evenkeel.Window{{}}))))
	})
}

func TestSpansThatTileTimeShareEverythingOut(t *testing.T) {
	check(t, func(t *rapid.T) {
		d, q := metrics.Derive(drawInput(t), evenkeel.DefaultPolicy()), drawQuery(t)
		cut := epoch.Add(time.Duration(rapid.IntRange(0, 90*24).Draw(t, "cut")) * time.Hour)
		again := cut.Add(time.Duration(rapid.IntRange(1, 30*24).Draw(t, "again")) * time.Hour)
		outer := metrics.Compute(q, d.Within([]evenkeel.Window{{To: cut}, {From: again}}))
		inner := metrics.Compute(q, d.Within([]evenkeel.Window{{From: cut, To: again}}))
		whole := metrics.Compute(q, d)
		sums := func(a, b metrics.Report) []int {
			return []int{
				a.Frequency.Deployments + b.Frequency.Deployments, a.Frequency.Rollbacks + b.Frequency.Rollbacks, a.FailRate.Failed + b.FailRate.Failed,
				a.FailRate.FailedAttempts + b.FailRate.FailedAttempts, a.LeadTime.N + b.LeadTime.N, a.LeadTime.PerCommit.N + b.LeadTime.PerCommit.N,
				a.Recovery.N + b.Recovery.N, a.Rework.Rework + b.Rework.Rework, a.Incidents.Opened + b.Incidents.Opened,
			}
		}
		same(t, "counts", sums(whole, metrics.Report{}), sums(outer, inner))
	})
}

func TestWithinTellsWhatIsKnownOutside(t *testing.T) {
	in := metrics.Input{Application: "shop", Deployments: []evenkeel.Fact[evenkeel.Deployment]{
		fact(evenkeel.KindDeployment, "d", evenkeel.Deployment{Environment: "production", Status: evenkeel.StatusSuccess, FinishedAt: epoch}),
	}}
	d := metrics.Derive(in, evenkeel.DefaultPolicy())
	q := metrics.Query{Policy: evenkeel.DefaultPolicy(), Window: evenkeel.Window{From: epoch.AddDate(0, 1, 0), To: epoch.AddDate(0, 2, 0)}}
	later := []evenkeel.Window{{From: epoch.AddDate(0, 1, 0)}}
	if r := metrics.Compute(q, d.Within(later)); r.Frequency.PerDay == nil || *r.Frequency.PerDay != 0 {
		t.Errorf("the new owner of an application that was deployed before has a frequency of %v, want 0", r.Frequency.PerDay)
	}
	if r := metrics.Compute(q, d.Within(nil)); r.Frequency.PerDay != nil {
		t.Errorf("who never owned it has a frequency of %v", *r.Frequency.PerDay)
	}
}
