package metrics

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
)

// drawGraph is any history: several roots, merges of up to three parents,
// parents that nobody describes, cycles.
func drawGraph(t *rapid.T) *evenkeel.Graph {
	commits := rapid.IntRange(1, 40).Draw(t, "commits")
	reach := rapid.IntRange(1, commits).Draw(t, "reach") // How far back parents are.
	nodes := make([]evenkeel.Node, commits)
	for i := range nodes {
		nodes[i] = evenkeel.Node{SHA: lineID(i), Committed: time.Unix(int64(i+1), 0)}
		for range rapid.SampledFrom([]int{1, 1, 1, 1, 0, 2, 2, 3}).Draw(t, "parents") {
			p := rapid.IntRange(i-reach, i-1).Draw(t, "parent")
			switch rapid.IntRange(0, 30).Draw(t, "odd") {
			case 0:
				p = commits + i // Missing.
			case 1:
				p = min(i+1, commits-1) // A cycle, perhaps of one.
			}
			if p >= 0 {
				nodes[i].Parents = append(nodes[i].Parents, lineID(p))
			}
		}
	}
	return evenkeel.NewGraph(rapid.Permutation(nodes).Draw(t, "order"))
}

// ancestors are the commits that are reached from one, itself included.
func ancestors(g *evenkeel.Graph, from int32) map[int32]bool {
	found := map[int32]bool{from: true}
	for queue := []int32{from}; len(queue) > 0; queue = queue[1:] {
		for _, p := range g.Parents(queue[0]) {
			if !found[p] {
				found[p] = true
				queue = append(queue, p)
			}
		}
	}
	return found
}

// TestAncestorsAreThoseThatAWalkFinds holds however many notes are taken: none
// leaves all to walks, one or two leave some.
func TestAncestorsAreThoseThatAWalkFinds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := drawGraph(t)
		for _, notes := range []int{0, 1, 2, mostNotes} {
			a := newLineage(g, notes)
			for from := range int32(g.Len()) {
				reached := ancestors(g, from)
				for i := range int32(g.Len()) {
					if got := a.isAncestor(i, from); got != reached[i] {
						t.Fatalf("with %d notes, %s is an ancestor of %s: %v", notes, g.SHA(i), g.SHA(from), got)
					}
				}
			}
		}
	})
}

// history is a repository that is being made up.
type history struct {
	nodes []evenkeel.Node
}

// add commits on top of parents, which are numbers of commits, and is the
// number of the last one.
func (h *history) add(count int, parents ...int) int {
	for range count {
		n := evenkeel.Node{SHA: lineID(len(h.nodes)), Authored: time.Unix(int64(len(h.nodes)+1), 0), Committed: time.Unix(int64(len(h.nodes)+1), 0)}
		for _, p := range parents {
			n.Parents = append(n.Parents, lineID(p))
		}
		parents = []int{len(h.nodes)}
		h.nodes = append(h.nodes, n)
	}
	return len(h.nodes) - 1
}

// jumping are histories of about so many commits in which every deployment is
// far from the one before: heads lists the commits that are deployed.
func jumping() map[string]func(commits int) (h history, heads []int) {
	return map[string]func(int) (history, []int){
		"back to an old revision and forward again": func(commits int) (h history, heads []int) {
			old := h.add(1)
			for at := old; len(h.nodes) < commits; {
				topic := h.add(3, at)
				at = h.add(1, at, topic)
				heads = append(heads, at, old, topic)
			}
			return h, heads
		},
		"hotfix branches in turns": func(commits int) (h history, heads []int) {
			at := h.add(1)
			one, two := h.add(1, at), h.add(1, at)
			for len(h.nodes) < commits {
				at = h.add(3, at)
				one, two = h.add(1, one), h.add(1, two, one)
				heads = append(heads, one, two, at, one)
			}
			return h, heads
		},
		"every release on a branch of its own": func(commits int) (h history, heads []int) {
			at := h.add(1)
			var fixes []int
			for len(h.nodes) < commits {
				at = h.add(4, at)
				fix := h.add(2, at)
				fixes = append(fixes, fix)
				at = h.add(1, at, h.add(1, fix))
				heads = append(heads, fix, fixes[len(fixes)/2], at)
			}
			return h, heads
		},
		"two branches that merge each other": func(commits int) (h history, heads []int) {
			develop := h.add(1)
			stable := h.add(1, develop)
			first := stable
			for len(h.nodes) < commits {
				develop = h.add(1, h.add(5, develop), stable)
				stable = h.add(1, h.add(2, stable), develop)
				heads = append(heads, develop, stable, first, h.add(1, develop))
			}
			return h, heads
		},
	}
}

// deployed is the derivation of a history of which the heads are deployed.
func (h history) deployed(heads []int) *derivation {
	const repository = "example.com/line"
	in := Input{Application: "line", Graphs: map[string]*evenkeel.Graph{repository: evenkeel.NewGraph(h.nodes)}}
	for n, head := range heads {
		at := time.Unix(int64(len(h.nodes)+n), 0)
		in.Deployments = append(in.Deployments, lineFact(evenkeel.KindDeployment, n, evenkeel.Deployment{
			Environment: "production", Status: evenkeel.StatusSuccess, Repository: repository, Commit: lineID(head).Hex(), FinishedAt: at,
		}))
	}
	return newDerivation(in, evenkeel.DefaultPolicy())
}

// TestJumpingHistoriesTakeLinearWork counts commits, not time: what the notes
// of all layers take and what walks look at.
func TestJumpingHistoriesTakeLinearWork(t *testing.T) {
	t.Parallel()
	for name, make := range jumping() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			work := func(commits int) int {
				h, heads := make(commits)
				d := h.deployed(heads)
				d.read()
				d.ship()
				a := d.repository("example.com/line").lineage
				if a == nil {
					t.Fatal("nobody asked for ancestors")
				}
				n := int(a.looked)
				for i := range a.layers {
					n += len(a.layers[i].part)
				}
				return n
			}
			small, large := work(1000), work(10_000)
			if large > 12*small {
				t.Errorf("ten times the commits take %.1f times the work (%d to %d)", float64(large)/float64(small), small, large)
			}
		})
	}
}

// BenchmarkJumpingHistory derives histories that jump at every deployment: ten
// times the commits may take at most twelve times as long.
func BenchmarkJumpingHistory(b *testing.B) {
	for _, name := range sortedKeys(jumping()) {
		for _, commits := range []int{10_000, 100_000} {
			b.Run(fmt.Sprintf("%s/commits=%d", name, commits), func(b *testing.B) {
				h, heads := jumping()[name](commits)
				d := h.deployed(heads)
				for b.Loop() {
					Derive(d.in, d.policy)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(h.nodes)), "ns/commit")
			})
		}
	}
}
