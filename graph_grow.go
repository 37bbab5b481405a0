package evenkeel

import (
	"maps"
	"slices"
	"sync"
)

// mostRecent is how many commits a graph keeps beside its index, so that
// growing copies no more than these; then they join it.
const mostRecent = 1024

// layer is what is looked up by commit: a large one that graphs of one history
// share, and a small one of the commits added since.
type layer struct {
	index index
	// places are by commit, counted from the layer's first, the place in details
	// plus 1; 0 is unknown.
	places  []int32
	details []Details
}

// newLayer is the layer of commits; keys are in the order of ids.
func newLayer(keys []key, nodes []*Node) layer {
	l := layer{index: newIndex(keys), places: make([]int32, len(nodes))}
	for i, n := range nodes {
		l.describe(i, n)
	}
	return l
}

func (l *layer) describe(i int, n *Node) {
	if n.Paths != nil || n.PatchID != "" || n.Trailers != nil {
		l.details = append(l.details, Details{Paths: n.Paths, PatchID: n.PatchID, Trailers: n.Trailers})
		l.places[i] = int32(len(l.details))
	}
}

// at are the details of a commit, counted from the layer's first.
func (l *layer) at(i int32) (d Details, ok bool) {
	if i < 0 || int(i) >= len(l.places) || l.places[i] == 0 {
		return d, false
	}
	return l.details[l.places[i]-1], true
}

// with is a new layer: l, the commits added to it.
func (l *layer) with(from int, nodes []*Node, shas []SHA) layer {
	keys := slices.Grow(slices.Clone(l.index.keys), len(nodes))
	places := append(slices.Clone(l.places), make([]int32, len(nodes))...)
	out := layer{places: places, details: slices.Clone(l.details)}
	for i, n := range nodes {
		keys = append(keys, keyOf(&n.SHA, from+i))
		out.describe(len(l.places)+i, n)
	}
	sortKeys(keys, shas)
	out.index = newIndex(keys)
	return out
}

// tail says how far the columns that graphs of one history share are written.
// Only the longest may write behind its end.
type tail struct {
	mu      sync.Mutex
	written int
}

// With is the graph with commits added to it; g stays as it is. It takes time
// in proportion to what is added (and now and then all, so that the mean is
// small). ok is false where adding is not enough and the graph has to be built
// anew: a commit is known already, or is a parent that was missing, or the new
// ones are their own ancestors.
//
// Commits that are added follow those of g by number, whatever their ids.
func (g *Graph) With(nodes []Node) (grown *Graph, ok bool) {
	added, _ := merged(nodes)
	for _, n := range added {
		if _, known := g.find(&n.SHA); known || g.absent[n.SHA] {
			return nil, false
		}
	}
	if len(NewGraph(nodes).Cyclic()) > 0 {
		return nil, false
	}
	grown = g.branch(len(added))
	for _, n := range added {
		grown.shas = append(grown.shas, n.SHA)
	}
	grown.recent = g.recent.with(len(g.shas), added, grown.shas)
	grown.missing = append(grown.missing, make([]bool, len(added))...)
	grown.authored = append(grown.authored, make([]int64, len(added))...)
	grown.committed = append(grown.committed, make([]int64, len(added))...)
	for i, n := range added {
		grown.fill(int32(len(g.shas)+i), n)
	}
	grown.settle()
	return grown, true
}

// branch is a copy of g that may append n commits to its columns: those that
// it shares, if nobody has written there yet.
func (g *Graph) branch(n int) *Graph {
	g.tail.mu.Lock()
	defer g.tail.mu.Unlock()
	out := *g
	out.absent = maps.Clone(g.absent)
	if g.tail.written == len(g.shas) {
		g.tail.written += n
		return &out
	}
	out.tail = &tail{written: len(g.shas) + n}
	out.shas, out.first, out.parents = slices.Clip(g.shas), slices.Clip(g.first), slices.Clip(g.parents)
	out.missing, out.authored, out.committed = slices.Clip(g.missing), slices.Clip(g.authored), slices.Clip(g.committed)
	return &out
}

// settle lets the recent commits join the index when they are many.
func (g *Graph) settle() {
	if len(g.recent.places) <= mostRecent {
		return
	}
	keys := slices.Concat(g.all.index.keys, g.recent.index.keys)
	sortKeys(keys, g.shas)
	all := layer{index: newIndex(keys), places: slices.Concat(g.all.places, g.recent.places), details: slices.Concat(g.all.details, g.recent.details)}
	for i := len(g.all.places); i < len(all.places); i++ {
		if all.places[i] != 0 {
			all.places[i] += int32(len(g.all.details))
		}
	}
	g.all, g.recent = all, layer{}
}

func (g *Graph) find(sha *SHA) (int32, bool) {
	if i, ok := g.all.index.find(g.shas, sha); ok {
		return i, true
	}
	return g.recent.index.find(g.shas, sha)
}
