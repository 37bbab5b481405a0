package metrics

import (
	"math"
	"slices"

	"github.com/evenkeel-dev/evenkeel"
)

// lineage answers whether one commit is an ancestor of another without
// walking from one to the other, so that histories that jump far back and
// forth at every deployment take linear time.
//
// A longest chain of parents is taken out of every connected part of the graph,
// and all commits of the part note where they touch it: the highest place on it
// that they reach and the lowest place that reaches them. What is left falls
// apart into smaller parts, of which the same is done. A way between two
// commits then touches the chain of a part that both lie in, which their notes
// tell, or stays in what no chain was taken out of. Histories are a few long
// lines with short ones beside them, so that next to nothing is left after a
// few layers; only there a walk decides.
type lineage struct {
	number []int32 // By commit, its number in the first layer.
	layers []layer
	rest   dag
	// seen are the nodes of rest that the walk numbered walk has looked at,
	// looked counts those of all walks.
	seen         []int32
	walk, looked int32
	stack        []int32
}

// mostNotes is how many notes a lineage takes, in commits of the graph: the
// layers together are no larger. It bounds memory and time where the layers
// hardly get smaller.
const mostNotes = 8

// newLineage takes layers until nothing is left, or their size is notes times
// that of the graph.
func newLineage(g *evenkeel.Graph, notes int) *lineage {
	a := &lineage{}
	a.rest, a.number = newDAG(g)
	for room := notes * g.Len(); a.rest.len() > 0 && a.rest.len() <= room; {
		room -= a.rest.len()
		var l layer
		l, a.rest = a.rest.layer()
		a.layers = append(a.layers, l)
	}
	a.seen = make([]int32, a.rest.len())
	return a
}

// isAncestor says whether commit i is reached from commit from.
func (a *lineage) isAncestor(i, from int32) bool {
	low, high := a.number[i], a.number[from]
	for n := range a.layers {
		l := &a.layers[n]
		if low >= high || l.part[low] != l.part[high] {
			return low == high
		}
		if l.down[high] >= l.up[low] {
			return true
		}
		if low, high = l.next[low], l.next[high]; low < 0 || high < 0 {
			return false
		}
	}
	return a.leads(high, low)
}

// leads walks down from a node of the rest to another.
func (a *lineage) leads(high, low int32) bool {
	a.walk++
	a.stack = append(a.stack[:0], high)
	for len(a.stack) > 0 {
		at := a.stack[len(a.stack)-1]
		a.stack = a.stack[:len(a.stack)-1]
		a.looked++
		if at == low {
			return true
		}
		for _, p := range a.rest.of(at) {
			if p >= low && a.seen[p] != a.walk {
				a.seen[p] = a.walk
				a.stack = append(a.stack, p)
			}
		}
	}
	return false
}

// dag is an acyclic graph whose nodes have greater numbers than their parents:
// those of node i are parents[first[i]:first[i+1]].
type dag struct{ first, parents []int32 }

// newDAG is a commit graph, renumbered; number is by commit.
func newDAG(g *evenkeel.Graph) (d dag, number []int32) {
	order := childrenFirst(g)
	slices.Reverse(order)
	number = make([]int32, len(order))
	for n, i := range order {
		number[i] = int32(n)
	}
	d.first = make([]int32, 1, len(order)+1)
	for _, i := range order {
		for _, p := range g.Parents(i) {
			d.parents = append(d.parents, number[p])
		}
		d.first = append(d.first, int32(len(d.parents)))
	}
	return d, number
}

func (d dag) len() int { return len(d.first) - 1 }

func (d dag) of(i int32) []int32 { return d.parents[d.first[i]:d.first[i+1]] }

// layer is what the nodes of a graph note of the chains taken out of it. Places
// on a chain are counted from 1.
type layer struct {
	// part is the connected part that a node lies in, named by one of its nodes.
	part []int32
	// down is the highest place on the part's chain that a node reaches, up the
	// lowest that reaches it; a node of the chain reaches itself.
	down, up []int32
	// next is the node's number among what is left; -1 lies on a chain.
	next []int32
}

// layer takes a longest chain out of every part.
func (d dag) layer() (l layer, left dag) {
	height := d.heights()
	l.part = d.parts()
	l.down = d.chains(l.part, height)
	l.up = slices.Clone(l.down)
	l.next = make([]int32, d.len())
	left.first = make([]int32, 1)
	for i := range int32(d.len()) {
		if l.down[i] != 0 {
			l.next[i] = -1
			continue
		}
		l.next[i] = int32(left.len())
		for _, p := range d.of(i) {
			l.down[i] = max(l.down[i], l.down[p])
			if l.next[p] >= 0 {
				left.parents = append(left.parents, l.next[p])
			}
		}
		left.first = append(left.first, int32(len(left.parents)))
	}
	l.climb(d)
	return l, left
}

// climb notes from where the nodes are reached. Those of the chains know.
func (l *layer) climb(d dag) {
	for i, place := range l.up {
		if place == 0 {
			l.up[i] = math.MaxInt32
		}
	}
	for i := int32(d.len()) - 1; i >= 0; i-- {
		for _, p := range d.of(i) {
			if l.next[p] >= 0 {
				l.up[p] = min(l.up[p], l.up[i])
			}
		}
	}
}

// heights are by node the length of the longest chain that goes down from it.
func (d dag) heights() []int32 {
	height := make([]int32, d.len())
	for i := range height {
		for _, p := range d.of(int32(i)) {
			height[i] = max(height[i], height[p])
		}
		height[i]++
	}
	return height
}

// parts are by node the least node of its connected part (union-find).
func (d dag) parts() []int32 {
	part := make([]int32, d.len())
	root := func(i int32) int32 {
		for part[i] != i {
			part[i] = part[part[i]]
			i = part[i]
		}
		return i
	}
	for i := range int32(d.len()) {
		part[i] = i
		for _, p := range d.of(i) {
			a, b := root(p), root(i)
			part[max(a, b)] = min(a, b)
		}
	}
	for i := range part {
		part[i] = root(int32(i))
	}
	return part
}

// chains are by node the place on a longest chain of its part; 0 is on none.
func (d dag) chains(part, height []int32) []int32 {
	top := make([]int32, d.len()) // By part.
	for i, of := range part {
		if height[i] > height[top[of]] || part[top[of]] != of {
			top[of] = int32(i)
		}
	}
	place := make([]int32, d.len())
	for of, at := range top {
		if part[of] != int32(of) {
			continue
		}
		for place[at] = height[at]; height[at] > 1; place[at] = height[at] {
			parents := d.of(at)
			at = parents[slices.IndexFunc(parents, func(p int32) bool { return height[p] == height[at]-1 })]
		}
	}
	return place
}
