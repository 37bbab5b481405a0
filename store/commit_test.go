package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/store"
)

// TestGraphsComeBackWhole records random commits, in pieces and out of order,
// and compares the graph with one that is built of them directly.
func TestGraphsComeBackWhole(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		run := 0
		rapid.Check(t, func(rt *rapid.T) {
			run++
			w := workspaceWith(t, s, fmt.Sprintf("w-%d", run))
			id := register(t, w, "shop")
			recordAll(rt, t, w, []evenkeel.Event{deploy("ci", "d", evenkeel.Deployment{Application: "shop", Repository: repo, Commit: sha("a")})})
			commits := rapid.SliceOfN(rapid.Custom(drawCommit), 1, 12).Draw(rt, "commits")
			var events []evenkeel.Event
			var nodes []evenkeel.Node
			for i, c := range commits {
				events = append(events, event("git", fmt.Sprint(i), c.CommittedAt.Add(time.Hour), c))
				nodes = append(nodes, node(c, c.CommittedAt.Add(time.Hour)))
			}
			mixed := rapid.Permutation(events).Draw(rt, "order")
			cut := rapid.IntRange(0, len(events)).Draw(rt, "cut")
			recordAll(rt, t, w, mixed[:cut])
			recordAll(rt, t, w, mixed[cut:])
			got := readFacts(t, w, id).Graphs[repo]
			if diff := cmp.Diff(graphText(evenkeel.NewGraph(nodes)), graphText(got)); diff != "" {
				rt.Fatalf("(-want +got)\n%s", diff)
			}
		})
	})
}

func node(c *evenkeel.Commit, observed time.Time) evenkeel.Node {
	n := evenkeel.Node{Authored: c.AuthoredAt, Committed: c.CommittedAt, ObservedAt: observed, Paths: c.Paths, PatchID: c.PatchID, Trailers: c.Trailers}
	n.SHA, _ = evenkeel.ParseSHA(c.SHA)
	for _, text := range c.Parents {
		parent, _ := evenkeel.ParseSHA(text)
		n.Parents = append(n.Parents, parent)
	}
	return n
}

// drawCommit draws ids of both lengths, times with and without fractions, and
// every sort of detail, known, empty and unknown.
func drawCommit(rt *rapid.T) *evenkeel.Commit {
	// The first digit says when: what is said of one commit differs in details
	// only, and an id fixes its parents.
	n := rapid.IntRange(1, 9).Draw(rt, "commit")
	long := rapid.IntRange(0, 6).Draw(rt, "long") == 0
	id := func(n int) string {
		if long {
			return strings.Repeat(fmt.Sprint(n), 64)
		}
		return strings.Repeat(fmt.Sprint(n), 40)
	}
	at := hours(n).Add(time.Duration(n%3) * time.Microsecond)
	c := &evenkeel.Commit{Repository: repo, SHA: id(n), CommittedAt: at}
	if n%2 == 0 {
		c.AuthoredAt = at.Add(-time.Duration(n) * time.Minute)
	}
	for p := n - 1; p > 0 && p > n-3; p-- {
		c.Parents = append(c.Parents, id(p))
	}
	c.Paths = rapid.SampledFrom([][]string{nil, {}, {"a"}, {"a", "b/c", "é"}}).Draw(rt, "paths")
	c.PatchID = rapid.SampledFrom([]string{"", strings.Repeat("ab", 20), strings.Repeat("AB", 20), "a text", "abcd"}).Draw(rt, "patch")
	c.Trailers = rapid.SampledFrom([]map[string][]string{nil, {}, {"fixes": {"#1", "#2"}, "a": {}}, {"signed-off-by": {"x"}}}).Draw(rt, "trailers")
	return c
}

func TestADeletedCommitLeavesTheGraph(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		id := register(t, w, "shop", "repo:"+repo)
		record(t, w, someEvents()...)
		gone := event("git", "b", hours(7), &evenkeel.Commit{Repository: repo, SHA: sha("b"), CommittedAt: hours(2)})
		gone.Deleted = true
		record(t, w, gone)
		if g := readFacts(t, w, id).Graphs[repo]; g.Len() != 1 || g.SHA(0) != sha("a") {
			t.Errorf("%d commits are left", g.Len())
		}
		if again := record(t, w, gone); again.Repeated != 1 {
			t.Errorf("deleted again: %+v", again)
		}
		back := event("git", "b", hours(8), &evenkeel.Commit{Repository: repo, SHA: sha("b"), CommittedAt: hours(2)})
		record(t, w, back)
		if g := readFacts(t, w, id).Graphs[repo]; g.Len() != 2 {
			t.Errorf("%d commits after it came back", g.Len())
		}
	})
}
