package metrics_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
)

// long is a history of so many commits with a change in every tenth, deployed
// for the first time at its end, and once more after one more commit. With
// copies, every commit has a copy on a line of its own that is deployed last,
// as after a branch was rewritten.
func long(commits int, copies bool) metrics.Input {
	in := metrics.Input{Application: "shop"}
	lines := 1
	if copies {
		lines = 2
	}
	nodes := make([]evenkeel.Node, 0, lines*(commits+1))
	id := func(line, i int) evenkeel.SHA { return syntheticSHA(line, i+1) }
	at := func(i int) time.Time { return epoch.Add(time.Duration(i) * time.Second) }
	for line := range lines {
		for i := range commits + 1 {
			n := evenkeel.Node{SHA: id(line, i), Authored: at(i), Committed: at(i + line)}
			if i > 0 {
				n.Parents = []evenkeel.SHA{id(line, i-1)}
			}
			if copies {
				n.PatchID = fmt.Sprintf("%040x", i)
			}
			nodes = append(nodes, n)
		}
	}
	for i := 0; i <= commits; i += 10 {
		in.Changes = append(in.Changes, identified(evenkeel.KindChange, 0, i, evenkeel.Change{Repository: repository, Number: i + 1, MergeCommit: id(0, i).Hex(), OpenedAt: at(i), MergedAt: at(i), Base: "main"}))
	}
	heads := []evenkeel.SHA{id(0, commits-1), id(0, commits)}
	if copies {
		heads = []evenkeel.SHA{id(0, 0), id(0, commits), id(1, commits)}
	}
	for k, head := range heads {
		in.Deployments = append(in.Deployments, identified(evenkeel.KindDeployment, 0, k, evenkeel.Deployment{
			Environment: "production", Status: evenkeel.StatusSuccess, Repository: repository, Commit: head.Hex(), FinishedAt: at(commits + 10*(k+1)),
		}))
	}
	in.Graphs = map[string]*evenkeel.Graph{repository: evenkeel.NewGraph(nodes)}
	return in
}

// BenchmarkFirstDeployment grows tenfold: so must the time, and no more.
func BenchmarkFirstDeployment(b *testing.B) {
	for _, n := range []int{100_000, 1_000_000} {
		in := long(n, false)
		benchLong(b, fmt.Sprintf("commits=%d", n), n, in)
	}
}

// BenchmarkRewrittenHistory deploys a history and then the same, rewritten.
func BenchmarkRewrittenHistory(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		in := long(n, true)
		benchLong(b, fmt.Sprintf("commits=%d", n), n, in)
	}
}

func benchLong(b *testing.B, name string, n int, in metrics.Input) {
	b.Helper()
	b.Run(name, func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			metrics.Derive(in, evenkeel.DefaultPolicy())
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/commit")
	})
}

// TestAFirstDeploymentHasNoLeadTime holds the benchmark's history to its
// figures: the baseline ships nothing, what follows ships one commit.
func TestAFirstDeploymentHasNoLeadTime(t *testing.T) {
	t.Parallel()
	d := metrics.Derive(long(100_000, false), evenkeel.DefaultPolicy())
	r := metrics.Compute(metrics.Query{Window: evenkeel.Window{From: epoch, To: epoch.AddDate(1, 0, 0)}, Policy: evenkeel.DefaultPolicy(), AsOf: epoch.AddDate(1, 0, 0)}, d)
	if r.LeadTime.N != 1 || r.LeadTime.PerCommit.N != 1 || r.Frequency.Deployments != 2 {
		t.Errorf("%d changes, %d commits, %d deployments; want 1, 1, 2", r.LeadTime.N, r.LeadTime.PerCommit.N, r.Frequency.Deployments)
	}
}

// TestARewrittenHistoryShipsNothingTwice: the copies of what ran are not new.
func TestARewrittenHistoryShipsNothingTwice(t *testing.T) {
	t.Parallel()
	d := metrics.Derive(long(3000, true), evenkeel.DefaultPolicy())
	r := metrics.Compute(metrics.Query{Window: evenkeel.Window{From: epoch, To: epoch.AddDate(1, 0, 0)}, Policy: evenkeel.DefaultPolicy(), AsOf: epoch.AddDate(1, 0, 0)}, d)
	if r.LeadTime.N != 300 || r.LeadTime.PerCommit.N != 3000 || r.Frequency.Deployments != 3 {
		t.Errorf("%d changes, %d commits, %d deployments; want 300, 3000, 3", r.LeadTime.N, r.LeadTime.PerCommit.N, r.Frequency.Deployments)
	}
}
