package metrics_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
)

// TestAGapShipsWhatTheWholeGraphWould loses pushes of a history without
// branches: what was merged between two deployments still ships with the
// second, as it would with the whole graph.
func TestAGapShipsWhatTheWholeGraphWould(t *testing.T) {
	check(t, func(t *rapid.T) {
		whole, gappy := metrics.Input{Application: "shop"}, metrics.Input{Application: "shop"}
		var all, known []evenkeel.Node
		hour, commits := 0, 0
		for k := range rapid.IntRange(1, 8).Draw(t, "deployments") {
			lost := k > 0 && rapid.Bool().Draw(t, "lost")
			n := rapid.IntRange(1, 5).Draw(t, "merged")
			for i := range n {
				node := evenkeel.Node{SHA: binarySHA(fmt.Sprint(commits)), Authored: epoch, Committed: epoch}
				if commits > 0 {
					node.Parents = []evenkeel.SHA{binarySHA(fmt.Sprint(commits - 1))}
				}
				all = append(all, node)
				if !lost || i == n-1 {
					known = append(known, node)
				}
				hour++
				whole.Changes = append(whole.Changes, fact(evenkeel.KindChange, fmt.Sprint(commits), evenkeel.Change{
					Repository: repository, Number: commits + 1, MergeCommit: sha(fmt.Sprint(commits)), OpenedAt: epoch, MergedAt: epoch.Add(time.Duration(hour) * time.Hour),
				}))
				commits++
			}
			hour++
			whole.Deployments = append(whole.Deployments, fact(evenkeel.KindDeployment, fmt.Sprint(k), evenkeel.Deployment{
				Environment: "production", Status: evenkeel.StatusSuccess, Repository: repository, Commit: sha(fmt.Sprint(commits - 1)), FinishedAt: epoch.Add(time.Duration(hour) * time.Hour),
			}))
		}
		gappy.Changes, gappy.Deployments = whole.Changes, whole.Deployments
		whole.Graphs = map[string]*evenkeel.Graph{repository: evenkeel.NewGraph(all)}
		gappy.Graphs = map[string]*evenkeel.Graph{repository: evenkeel.NewGraph(known)}
		want, got := metrics.Derive(whole, evenkeel.DefaultPolicy()), metrics.Derive(gappy, evenkeel.DefaultPolicy())
		for _, c := range whole.Changes {
			a, _ := want.Shipment(c.ID, "")
			b, _ := got.Shipment(c.ID, "")
			if a.Confidence == metrics.ConfidenceGuess || (b.Deployment != "" && b.Confidence == "") {
				t.Fatalf("change %s: the whole graph is %q, the gappy one %q", c.ExternalID, a.Confidence, b.Confidence)
			}
			a.Method, a.Confidence, b.Method, b.Confidence = "", "", "", ""
			same(t, "shipment of change "+c.ExternalID, a, b)
		}
	})
}
