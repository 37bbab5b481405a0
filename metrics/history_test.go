package metrics_test

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
)

var epoch = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)

// syntheticSHA numbers commits without hashing.
func syntheticSHA(application, n int) evenkeel.SHA {
	var s evenkeel.SHA
	binary.BigEndian.PutUint64(s[:], uint64(n)*0x9e3779b97f4a7c15)
	binary.BigEndian.PutUint32(s[8:], uint32(n))
	binary.BigEndian.PutUint32(s[12:], uint32(application))
	return s
}

// history is a deterministic year of one application: every change has three
// commits and a merge commit, every fourth is deployed, 4 % of deployments
// fail, 5 % are followed by an incident, 1 % are rolled back.
func history(application, changes int) metrics.Input {
	random := rand.New(rand.NewPCG(42, uint64(application)))
	repo := fmt.Sprintf("example.com/acme/app%d", application)
	in := metrics.Input{Application: fmt.Sprintf("app%04d", application), PathClaims: map[string][]evenkeel.PathClaim{repo: {{Application: fmt.Sprintf("app%04d", application)}}}}
	step := 365 * 24 * time.Hour / time.Duration(changes)
	nodes := make([]evenkeel.Node, 0, 4*changes)
	var main evenkeel.SHA
	for i := range changes {
		merged := epoch.Add(time.Duration(i) * step)
		opened := merged.Add(-time.Duration(random.ExpFloat64() * float64(20*time.Hour)))
		c := evenkeel.Change{Repository: repo, Number: i + 1, State: evenkeel.ChangeMerged, OpenedAt: opened, MergedAt: merged, Base: "main"}
		c.FirstReviewAt = opened.Add(merged.Sub(opened) / 3)
		c.ApprovedAt = opened.Add(merged.Sub(opened) / 2)
		tip := main
		for k := range 3 {
			n := evenkeel.Node{SHA: syntheticSHA(application, 4*i+k), Authored: opened.Add(-time.Duration(3-k) * time.Hour), Committed: opened}
			if i > 0 {
				n.Parents = []evenkeel.SHA{tip}
			}
			tip = n.SHA
			nodes = append(nodes, n)
			c.Commits = append(c.Commits, evenkeel.ChangeCommit{SHA: tip.Hex(), AuthoredAt: n.Authored})
		}
		merge := evenkeel.Node{SHA: syntheticSHA(application, 4*i+3), Parents: []evenkeel.SHA{main, tip}, Authored: merged, Committed: merged}
		if i == 0 {
			merge.Parents = []evenkeel.SHA{tip}
		}
		nodes = append(nodes, merge)
		previous := main
		main = merge.SHA
		c.MergeCommit = main.Hex()
		in.Changes = append(in.Changes, identified(evenkeel.KindChange, application, i, c))
		if i%4 == 3 {
			deploy(&in, random, application, i, repo, main, previous, merged)
		}
	}
	in.Graphs = map[string]*evenkeel.Graph{repo: evenkeel.NewGraph(nodes)}
	return in
}

func deploy(in *metrics.Input, random *rand.Rand, application, i int, repo string, main, previous evenkeel.SHA, merged time.Time) {
	d := evenkeel.Deployment{Environment: "production", Status: evenkeel.StatusSuccess, Repository: repo, Commit: main.Hex(), Ref: "main"}
	d.StartedAt = merged.Add(time.Minute)
	d.FinishedAt = d.StartedAt.Add(10 * time.Minute)
	luck := random.Float64()
	switch {
	case luck < 0.04:
		d.Status = evenkeel.StatusFailure
	case luck < 0.05:
		d.Commit, d.ChangeKind = previous.Hex(), evenkeel.ChangeRollback
	case luck < 0.10:
		opened := d.FinishedAt.Add(time.Duration(random.ExpFloat64() * float64(time.Hour)))
		in.Incidents = append(in.Incidents, identified(evenkeel.KindIncident, application, i, evenkeel.Incident{OpenedAt: opened, ResolvedAt: opened.Add(time.Hour)}))
	}
	in.Deployments = append(in.Deployments, identified(evenkeel.KindDeployment, application, i, d))
}

func identified[T any](k evenkeel.Kind, application, i int, v T) evenkeel.Fact[T] {
	id := fmt.Sprintf("%d/%d", application, i)
	return evenkeel.Fact[T]{ID: evenkeel.FactID(k, id), Source: "test", ExternalID: id, Value: v}
}

func BenchmarkDerive(b *testing.B) {
	for _, n := range []int{10_000, 50_000, 100_000} {
		in := history(1, n)
		b.Run(fmt.Sprintf("changes=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				metrics.Derive(in, evenkeel.DefaultPolicy())
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/change")
		})
	}
}

// company is a million changes of 40 applications.
func company() []metrics.Derived {
	parts := make([]metrics.Derived, 40)
	for i := range parts {
		parts[i] = metrics.Derive(history(i, 25_000), evenkeel.DefaultPolicy())
	}
	return parts
}

func quarter() metrics.Query {
	return metrics.Query{
		Window: evenkeel.Window{From: epoch.AddDate(0, 9, 0), To: epoch.AddDate(0, 12, 0)},
		Policy: evenkeel.DefaultPolicy(), AsOf: epoch.AddDate(1, 0, 0),
	}
}

func BenchmarkCompute(b *testing.B) {
	parts := company()
	for name, from := range map[string]time.Time{"window=quarter": epoch.AddDate(0, 9, 0), "window=year": epoch} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			q := quarter()
			q.Window.From = from
			for b.Loop() {
				metrics.Compute(q, parts...)
			}
		})
	}
	b.Run("series=week", func(b *testing.B) {
		for b.Loop() {
			metrics.Series(quarter(), metrics.Week, parts...)
		}
	})
}

func BenchmarkPack(b *testing.B) {
	d := metrics.Derive(history(1, 100_000), evenkeel.DefaultPolicy())
	segments := d.Pack()
	b.Run("pack", func(b *testing.B) {
		for b.Loop() {
			d.Pack()
		}
	})
	b.Run("unpack", func(b *testing.B) {
		size := 0
		for _, s := range segments {
			size += len(s.Data)
		}
		for b.Loop() {
			if _, err := metrics.Unpack("app", segments); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(size)/100_000, "bytes/change")
	})
}
