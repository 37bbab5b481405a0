package metrics

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// road is a history in which a change of four commits is merged every two
// hours, and every fourth is deployed; an incident follows every twentieth
// deployment. It tells of the changes from one number to another.
func road(from, to int) (delta evenkeel.FactsDelta) {
	const repository = "example.com/road"
	delta.Nodes = map[string][]evenkeel.Node{}
	for i := from; i < to; i++ {
		at := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(i) * 2 * time.Hour)
		c := evenkeel.Change{Repository: repository, Number: i + 1, State: evenkeel.ChangeMerged, OpenedAt: at, MergedAt: at.Add(time.Hour), Base: "main"}
		for k := range 4 {
			n := evenkeel.Node{SHA: lineID(4*i + k), Authored: at, Committed: at}
			if i+k > 0 {
				n.Parents = []evenkeel.SHA{lineID(4*i + k - 1)}
			}
			delta.Nodes[repository] = append(delta.Nodes[repository], n)
			c.Commits = append(c.Commits, evenkeel.ChangeCommit{SHA: n.SHA.Hex(), AuthoredAt: at})
		}
		c.MergeCommit = lineID(4*i + 3).Hex()
		delta.Changes = append(delta.Changes, lineFact(evenkeel.KindChange, i, c))
		if i%4 == 3 {
			delta.Deployments = append(delta.Deployments, lineFact(evenkeel.KindDeployment, i, evenkeel.Deployment{
				Environment: "production", Status: evenkeel.StatusSuccess, Repository: repository, Commit: c.MergeCommit, FinishedAt: at.Add(90 * time.Minute),
			}))
		}
		if i%80 == 79 {
			delta.Incidents = append(delta.Incidents, lineFact(evenkeel.KindIncident, i, evenkeel.Incident{OpenedAt: at.Add(3 * time.Hour), ResolvedAt: at.Add(4 * time.Hour)}))
		}
	}
	return delta
}

// driven is an engine that holds so many changes of the road, and has followed
// some more.
func driven(changes int) *Engine {
	delta := road(0, changes)
	in := Input{Application: "road", Deployments: delta.Deployments, Changes: delta.Changes, Incidents: delta.Incidents, Graphs: map[string]*evenkeel.Graph{}}
	for name, nodes := range delta.Nodes {
		in.Graphs[name] = evenkeel.NewGraph(nodes)
	}
	e := NewEngine(in, map[string]int64{"example.com/road": 0}, []PolicyFrom{{Policy: evenkeel.DefaultPolicy()}})
	e.Save()
	e.Add(road(changes, changes+4))
	e.Save()
	return e
}

// TestWorkDoesNotGrowWithHistory adds a month of deployments to a history and
// to one ten times as long: what is looked at is the same.
func TestWorkDoesNotGrowWithHistory(t *testing.T) {
	t.Parallel()
	work := func(changes int) (n int) {
		e := driven(changes)
		for i := changes + 4; i < changes+364; i += 4 {
			if !e.Add(road(i, i+4)) || len(e.Following().Anew) > 0 {
				t.Fatalf("a deployment was not appended: %v", e.Following())
			}
			n += e.Following().Work
			if changed, gone := e.Save(); len(changed) == 0 || len(changed) > 4 || len(gone) > 0 {
				t.Fatalf("%d months changed and %d are gone", len(changed), len(gone))
			}
		}
		return n
	}
	short, long := work(1000), work(10_000)
	if short == 0 || 2*long > 3*short {
		t.Errorf("appending a month of deployments to 1,000 changes looked at %d things, to 10,000 at %d", short, long)
	}
}

// BenchmarkAppend times one more deployment of four changes, in microseconds:
// the median of a month of them.
func BenchmarkAppend(b *testing.B) {
	for _, changes := range []int{10_000, 100_000} {
		b.Run(fmt.Sprintf("changes=%d", changes), func(b *testing.B) {
			e := driven(changes)
			next := changes + 4
			var spent []time.Duration
			for range b.N {
				for range 90 {
					delta := road(next, next+4)
					next += 4
					start := time.Now()
					e.Add(delta)
					e.Save()
					spent = append(spent, time.Since(start))
				}
			}
			slices.Sort(spent)
			b.ReportMetric(float64(spent[len(spent)/2].Nanoseconds())/1000, "median-µs")
			b.ReportMetric(float64(spent[len(spent)-1].Nanoseconds())/1000, "most-µs")
		})
	}
}
