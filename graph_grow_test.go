package evenkeel_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
)

func graphID(n int) evenkeel.SHA {
	return evenkeel.SHA{byte(n*37 + 11), byte(n), 1}
}

// graphText is all that a graph says, whatever the numbers of its commits.
func graphText(g *evenkeel.Graph, ids int) string {
	var b strings.Builder
	for n := range ids {
		i, ok := g.Index(graphID(n).Hex())
		if !ok {
			continue
		}
		details, known := g.Details(i)
		fmt.Fprintf(&b, "%d missing=%v %v %v %v %v parents:", n, g.Missing(i), g.Authored(i), g.Committed(i), details, known)
		for _, p := range g.Parents(i) {
			b.WriteString(" " + g.SHA(p))
		}
		b.WriteString("\n")
	}
	return b.String()
}

func drawNode(t *rapid.T, n int) evenkeel.Node {
	at := time.Unix(int64(rapid.IntRange(1, 1000).Draw(t, "authored")), 0).UTC()
	node := evenkeel.Node{SHA: graphID(n), Authored: at, Committed: at.Add(time.Minute), ObservedAt: at}
	for range rapid.IntRange(0, 2).Draw(t, "parents") {
		node.Parents = append(node.Parents, graphID(rapid.IntRange(max(0, n-3), n+2).Draw(t, "parent")))
	}
	if rapid.Bool().Draw(t, "detailed") {
		node.Paths = []string{fmt.Sprint(n)}
	}
	return node
}

func TestAGraphThatGrowsEqualsOneThatIsBuilt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		const ids = 40
		var nodes []evenkeel.Node
		grown := evenkeel.NewGraph(nil)
		for next := 0; next < ids-4; {
			var added []evenkeel.Node
			for range rapid.IntRange(1, 6).Draw(t, "added") {
				added = append(added, drawNode(t, next))
				next += rapid.IntRange(1, 2).Draw(t, "step") - rapid.IntRange(0, 1).Draw(t, "again")
			}
			before := graphText(grown, ids)
			nodes = append(nodes, added...)
			built := evenkeel.NewGraph(nodes)
			larger, ok := grown.With(added)
			if got := graphText(grown, ids); got != before {
				t.Fatalf("the graph that was added to has changed from\n%s\nto\n%s", before, got)
			}
			if !ok {
				grown = built
				continue
			}
			if fork, ok := grown.With(added); !ok || graphText(fork, ids) != graphText(larger, ids) {
				t.Fatal("adding the same to the same graph again gives another graph")
			}
			if want, got := graphText(built, ids), graphText(larger, ids); got != want || larger.Len() != built.Len() || len(larger.Cyclic()) != len(built.Cyclic()) {
				t.Fatalf("grown:\n%s\nbuilt:\n%s", got, want)
			}
			grown = larger
		}
	})
}

func TestAGraphDoesNotGrowByWhatChangesIt(t *testing.T) {
	t.Parallel()
	g := evenkeel.NewGraph([]evenkeel.Node{{SHA: graphID(1)}, {SHA: graphID(2), Parents: []evenkeel.SHA{graphID(9)}}})
	for name, nodes := range map[string][]evenkeel.Node{
		"a known commit":           {{SHA: graphID(1), Parents: []evenkeel.SHA{graphID(2)}}},
		"a parent that was absent": {{SHA: graphID(9)}},
		"its own parent":           {{SHA: graphID(3), Parents: []evenkeel.SHA{graphID(3)}}},
		"a cycle":                  {{SHA: graphID(3), Parents: []evenkeel.SHA{graphID(4)}}, {SHA: graphID(4), Parents: []evenkeel.SHA{graphID(3)}}},
	} {
		if _, ok := g.With(nodes); ok {
			t.Errorf("%s was added; the graph has to be built anew", name)
		}
	}
}

func TestALongHistoryGrowsCommitByCommit(t *testing.T) {
	t.Parallel()
	const commits = 5000
	id := func(n int) evenkeel.SHA { return evenkeel.SHA{byte(n), byte(n >> 8), 1} }
	g := evenkeel.NewGraph([]evenkeel.Node{{SHA: id(0)}})
	for n := 1; n < commits; n++ {
		var ok bool
		if g, ok = g.With([]evenkeel.Node{{SHA: id(n), Parents: []evenkeel.SHA{id(n - 1)}, PatchID: "p"}}); !ok {
			t.Fatalf("commit %d was not added", n)
		}
	}
	for n := 1; n < commits; n++ {
		i, ok := g.Index(id(n).Hex())
		d, known := g.Details(i)
		if parents := g.Parents(i); !ok || !known || d.PatchID != "p" || len(parents) != 1 || g.SHA(parents[0]) != id(n-1).Hex() {
			t.Fatalf("commit %d is not what was added", n)
		}
	}
}
