package evenkeel

import "slices"

// stronglyConnected numbers the cycles of a graph (Tarjan 1972, without
// recursion): commits of one cycle share a number above 0. Only commits with
// candidates[i] > 0 are looked at.
func (g *Graph) stronglyConnected(candidates []int32) []int32 {
	t := tarjan{g: g, candidates: candidates, order: make([]int32, g.Len()), low: make([]int32, g.Len()), on: make([]bool, g.Len()), cycle: make([]int32, g.Len())}
	for i := range candidates {
		if candidates[i] > 0 && t.order[i] == 0 {
			t.visit(int32(i))
		}
	}
	return t.cycle
}

type tarjan struct {
	g          *Graph
	candidates []int32
	order, low []int32
	on         []bool
	stack      []int32
	cycle      []int32
	next       int32
	cycles     int32
}

type frame struct{ node, edge int32 }

func (t *tarjan) visit(root int32) {
	frames := []frame{t.enter(root)}
	for len(frames) > 0 {
		top := &frames[len(frames)-1]
		parents := t.g.Parents(top.node)
		if int(top.edge) == len(parents) {
			node := top.node
			frames = frames[:len(frames)-1]
			t.leave(node)
			if len(frames) > 0 {
				up := frames[len(frames)-1].node
				t.low[up] = min(t.low[up], t.low[node])
			}
			continue
		}
		p := parents[top.edge]
		top.edge++
		switch {
		case t.candidates[p] == 0:
		case t.order[p] == 0:
			frames = append(frames, t.enter(p))
		case t.on[p]:
			t.low[top.node] = min(t.low[top.node], t.order[p])
		}
	}
}

func (t *tarjan) enter(i int32) frame {
	t.next++
	t.order[i], t.low[i], t.on[i] = t.next, t.next, true
	t.stack = append(t.stack, i)
	return frame{node: i}
}

// leave closes a component. One of a single commit is no cycle, unless that is
// its own parent.
func (t *tarjan) leave(i int32) {
	if t.low[i] != t.order[i] {
		return
	}
	at := len(t.stack) - 1
	for t.stack[at] != i {
		at--
	}
	members := t.stack[at:]
	t.stack = t.stack[:at]
	cyclic := len(members) > 1 || slices.Contains(t.g.Parents(i), i)
	if cyclic {
		t.cycles++
	}
	for _, m := range members {
		t.on[m] = false
		if cyclic {
			t.cycle[m] = t.cycles
		}
	}
}
