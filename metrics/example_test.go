package metrics_test

import (
	"fmt"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
)

// Two deployments, of which the second takes the first back.
func Example() {
	monday := time.Date(2024, 1, 1, 12, 0, 0, 0, time.UTC)
	in := metrics.Input{Application: "checkout", Deployments: []evenkeel.Fact[evenkeel.Deployment]{
		{ID: evenkeel.FactID(evenkeel.KindDeployment, "1"), Source: "ci", ExternalID: "1", Value: evenkeel.Deployment{
			Environment: "production", Status: evenkeel.StatusSuccess, FinishedAt: monday,
		}},
		{ID: evenkeel.FactID(evenkeel.KindDeployment, "2"), Source: "ci", ExternalID: "2", Value: evenkeel.Deployment{
			Environment: "production", Status: evenkeel.StatusSuccess, FinishedAt: monday.Add(3 * time.Hour), RollbackOf: "1",
		}},
	}}
	policy := evenkeel.DefaultPolicy()
	q := metrics.Query{Policy: policy, AsOf: monday.AddDate(0, 1, 0), Window: evenkeel.Window{
		From: monday.Add(-12 * time.Hour), To: monday.Add(-12*time.Hour).AddDate(0, 0, 8),
	}}
	r := metrics.Compute(q, metrics.Derive(in, policy))
	fmt.Printf("%.2f deployments a day\n", *r.Frequency.PerDay)
	fmt.Printf("%d of %d failed, repaired %.0f h after deployment\n", r.FailRate.Failed, r.FailRate.N, *r.Recovery.FromDeployment.Median/3600)
	fmt.Println("lead time known:", r.LeadTime.Median != nil)
	// Output:
	// 0.25 deployments a day
	// 1 of 2 failed, repaired 3 h after deployment
	// lead time known: false
}
