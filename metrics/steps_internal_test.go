package metrics

import (
	"encoding/binary"
	"fmt"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

func lineID(n int) (s evenkeel.SHA) {
	binary.BigEndian.PutUint64(s[:], uint64(n+1)*0x9e3779b97f4a7c15)
	binary.BigEndian.PutUint32(s[8:], uint32(n))
	return s
}

// line is one application with so many changes of four commits; every fourth
// is deployed, and an incident follows every twentieth deployment.
func line(changes int) (Input, []evenkeel.Node) {
	const repository = "example.com/line"
	in := Input{Application: "line"}
	var nodes []evenkeel.Node
	for i := range changes {
		at := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(i) * (365 * 24 * time.Hour / time.Duration(changes)))
		c := evenkeel.Change{Repository: repository, Number: i + 1, OpenedAt: at, MergedAt: at.Add(time.Hour), Base: "main"}
		for k := range 4 {
			n := evenkeel.Node{SHA: lineID(4*i + k), Authored: at, Committed: at}
			if i+k > 0 {
				n.Parents = []evenkeel.SHA{lineID(4*i + k - 1)}
			}
			nodes = append(nodes, n)
			c.Commits = append(c.Commits, evenkeel.ChangeCommit{SHA: n.SHA.Hex(), AuthoredAt: at})
		}
		c.MergeCommit = lineID(4*i + 3).Hex()
		in.Changes = append(in.Changes, lineFact(evenkeel.KindChange, i, c))
		if i%4 == 3 {
			in.Deployments = append(in.Deployments, lineFact(evenkeel.KindDeployment, i, evenkeel.Deployment{
				Environment: "production", Status: evenkeel.StatusSuccess, Repository: repository, Commit: c.MergeCommit, FinishedAt: at.Add(2 * time.Hour),
			}))
		}
		if i%80 == 79 {
			in.Incidents = append(in.Incidents, lineFact(evenkeel.KindIncident, i, evenkeel.Incident{OpenedAt: at.Add(3 * time.Hour), ResolvedAt: at.Add(4 * time.Hour)}))
		}
	}
	return in, nodes
}

func lineFact[T any](k evenkeel.Kind, n int, v T) evenkeel.Fact[T] {
	return evenkeel.Fact[T]{ID: evenkeel.FactID(k, fmt.Sprint(n)), Source: "bench", ExternalID: fmt.Sprint(n), Value: v}
}

// BenchmarkSteps times each step of deriving one application, in milliseconds.
// Ten times the data may take at most twelve times as long in each.
func BenchmarkSteps(b *testing.B) {
	for _, changes := range []int{10_000, 100_000} {
		b.Run(fmt.Sprintf("changes=%d", changes), func(b *testing.B) {
			in, nodes := line(changes)
			spent := map[string]time.Duration{}
			for b.Loop() {
				last := time.Now()
				step := func(name string) {
					now := time.Now()
					spent[name] += now.Sub(last)
					last = now
				}
				in.Graphs = map[string]*evenkeel.Graph{"example.com/line": evenkeel.NewGraph(nodes)}
				step("graph-ms")
				d := newDerivation(in, evenkeel.DefaultPolicy())
				d.read()
				step("sort-ms")
				d.ship()
				step("ship-ms")
				d.fail()
				d.redo()
				step("fail-ms")
				out := d.derived()
				step("columns-ms")
				if len(out.Pack()) == 0 {
					b.Fatal("nothing was derived")
				}
				step("pack-ms")
			}
			for name, t := range spent {
				b.ReportMetric(float64(t.Microseconds())/1000/float64(b.N), name)
			}
		})
	}
}
