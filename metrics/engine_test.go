package metrics_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
)

// TestAnEngineEqualsDerivingAnew tells an engine a history in pieces: late,
// out of order, corrected, withdrawn, with commits that come with or after
// what names them. After every piece it holds what deriving from all facts
// gives.
func TestAnEngineEqualsDerivingAnew(t *testing.T) {
	check(t, func(t *rapid.T) {
		whole, q := drawInput(t), drawQuery(t)
		derive := func(in metrics.Input) metrics.Derived { return metrics.Derive(in, q.Policy) }
		rules := []metrics.PolicyFrom{{Policy: q.Policy}}
		now := known{deployments: map[string]evenkeel.Fact[evenkeel.Deployment]{}, changes: map[string]evenkeel.Fact[evenkeel.Change]{}, incidents: map[string]evenkeel.Fact[evenkeel.Incident]{}}
		nodes := drawNodes(t)
		base := whole
		base.Graphs = map[string]*evenkeel.Graph{repository: evenkeel.NewGraph(nodes[:len(nodes)/2])}
		all := append([]evenkeel.Node{}, nodes[:len(nodes)/2]...)
		engine := metrics.NewEngine(now.input(base), map[string]int64{repository: 0}, rules)
		saved := map[[2]string]evenkeel.Segment{}
		for step := range rapid.IntRange(1, 8).Draw(t, "steps") {
			delta := drawDelta(t, whole)
			if rest := nodes[len(all):]; len(rest) > 0 {
				n := rapid.IntRange(0, len(rest)).Draw(t, "told commits")
				delta.Nodes = map[string][]evenkeel.Node{repository: rest[:n]}
				all = append(all, rest[:n]...)
			}
			now.take(delta)
			in := now.input(whole)
			in.Graphs = map[string]*evenkeel.Graph{repository: evenkeel.NewGraph(all)}
			if !engine.Add(delta) {
				engine, saved = metrics.NewEngine(in, map[string]int64{repository: 0}, rules), map[[2]string]evenkeel.Segment{}
			}
			want := derive(in).Pack()
			same(t, fmt.Sprintf("after step %d", step), want, engine.Derived().Pack())
			changed, gone := engine.Save()
			for _, s := range gone {
				delete(saved, [2]string{s.Environment, s.Month})
			}
			for _, s := range changed {
				saved[[2]string{s.Environment, s.Month}] = s
			}
			if len(saved) != len(want) {
				t.Fatalf("%d segments were given out, want %d", len(saved), len(want))
			}
			for _, s := range want {
				same(t, "saved segment", s, saved[[2]string{s.Environment, s.Month}])
			}
		}
	})
}

// known is what was told so far.
type known struct {
	deployments map[string]evenkeel.Fact[evenkeel.Deployment]
	changes     map[string]evenkeel.Fact[evenkeel.Change]
	incidents   map[string]evenkeel.Fact[evenkeel.Incident]
}

func (k known) take(delta evenkeel.FactsDelta) {
	for _, id := range delta.Away {
		delete(k.deployments, id)
		delete(k.changes, id)
		delete(k.incidents, id)
	}
	for _, f := range delta.Deployments {
		k.deployments[f.ID] = f
	}
	for _, f := range delta.Changes {
		k.changes[f.ID] = f
	}
	for _, f := range delta.Incidents {
		k.incidents[f.ID] = f
	}
}

func (k known) input(like metrics.Input) metrics.Input {
	like.Deployments, like.Changes, like.Incidents = nil, nil, nil
	for _, f := range k.deployments {
		like.Deployments = append(like.Deployments, f)
	}
	for _, f := range k.changes {
		like.Changes = append(like.Changes, f)
	}
	for _, f := range k.incidents {
		like.Incidents = append(like.Incidents, f)
	}
	return like
}

// drawDelta tells some facts of a history, some of them as others are, and
// withdraws some.
func drawDelta(t *rapid.T, whole metrics.Input) (delta evenkeel.FactsDelta) {
	delta.Deployments, delta.Changes, delta.Incidents = toldOf(t, "deployment", whole.Deployments), toldOf(t, "change", whole.Changes), toldOf(t, "incident", whole.Incidents)
	for _, f := range whole.Changes {
		if rapid.IntRange(0, 12).Draw(t, "withdrawn") == 0 {
			delta.Away = append(delta.Away, f.ID)
		}
	}
	if len(whole.Deployments) > 0 && rapid.IntRange(0, 9).Draw(t, "withdrawn deployment") == 0 {
		delta.Away = append(delta.Away, whole.Deployments[0].ID)
	}
	return delta
}

func toldOf[T any](t *rapid.T, label string, all []evenkeel.Fact[T]) (list []evenkeel.Fact[T]) {
	for _, f := range all {
		switch rapid.IntRange(0, 5).Draw(t, label) {
		case 0, 1:
			list = append(list, f)
		case 2:
			wrong := all[rapid.IntRange(0, len(all)-1).Draw(t, label+" as")]
			wrong.ID, wrong.Source, wrong.ExternalID = f.ID, f.Source, f.ExternalID
			list = append(list, wrong)
		}
	}
	return list
}

// drawNodes are commits that name one another, absent ones and cycles among
// their parents.
func drawNodes(t *rapid.T) []evenkeel.Node {
	nodes := make([]evenkeel.Node, rapid.IntRange(0, 25).Draw(t, "told"))
	for i := range nodes {
		nodes[i] = evenkeel.Node{SHA: binarySHA(fmt.Sprintf("c%d", i)), Authored: drawInstant(t, "authored"), Committed: epoch}
		for range rapid.IntRange(0, 2).Draw(t, "parents") {
			parent := rapid.IntRange(max(0, i-4), i+rapid.IntRange(0, 1).Draw(t, "ahead")).Draw(t, "parent")
			nodes[i].Parents = append(nodes[i].Parents, binarySHA(fmt.Sprintf("c%d", parent)))
		}
		if rapid.Bool().Draw(t, "detailed") {
			nodes[i].Paths, nodes[i].PatchID = []string{pick(t, "path", "pay/x", "web/y")}, pick(t, "patch", "", "p1", "p2")
		}
	}
	return nodes
}
