package evenkeel_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
)

// TestEveryCommitOfAGraphIsFound holds for ids that are spread and for ids that
// differ in their last bytes only, in graphs that are built and that grow.
func TestEveryCommitOfAGraphIsFound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pattern := rapid.SampledFrom([]string{"%040x", "%064x", "%08x00000000000000000000000000000000", "abcd%036x"}).Draw(t, "pattern")
		ids := rapid.SliceOfNDistinct(rapid.IntRange(0, 1<<30), 0, 60, rapid.ID[int]).Draw(t, "ids")
		apart := rapid.IntRange(0, len(ids)).Draw(t, "apart")
		node := func(n int) evenkeel.Node {
			sha, ok := evenkeel.ParseSHA(fmt.Sprintf(pattern, n))
			if !ok {
				t.Fatalf("%d makes no id", n)
			}
			return evenkeel.Node{SHA: sha, PatchID: fmt.Sprint(n)}
		}
		var first, later []evenkeel.Node
		for _, n := range ids[:apart] {
			first = append(first, node(n))
		}
		for _, n := range ids[apart:] {
			later = append(later, node(n))
		}
		g, ok := evenkeel.NewGraph(first).With(later)
		if !ok || g.Len() != len(ids) {
			t.Fatalf("%d commits (%v), want %d", g.Len(), ok, len(ids))
		}
		for _, n := range ids {
			sha := fmt.Sprintf(pattern, n)
			i, found := g.Index(sha)
			details, known := g.Details(i)
			if !found || g.ID(i) != node(n).SHA || !known || details.PatchID != fmt.Sprint(n) {
				t.Fatalf("%s is %v %s with %v", sha, found, g.SHA(i), details)
			}
		}
		if _, found := g.Index(fmt.Sprintf(pattern, 1<<30+1)); found {
			t.Fatal("found a commit that was never given")
		}
	})
}
