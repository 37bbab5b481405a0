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
	index   map[SHA]int32
	details map[int32]Details
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
	added := merged(nodes)
	for _, n := range added {
		if _, known := g.find(n.SHA); known || g.absent[n.SHA] {
			return nil, false
		}
	}
	if len(NewGraph(added).Cyclic()) > 0 {
		return nil, false
	}
	grown = g.branch(len(added))
	recent := layer{index: maps.Clone(g.recent.index), details: maps.Clone(g.recent.details)}
	if recent.index == nil {
		recent.index = make(map[SHA]int32, len(added))
	}
	grown.recent = recent
	for i, n := range added {
		recent.index[n.SHA] = int32(len(g.shas) + i)
		grown.shas = append(grown.shas, n.SHA)
	}
	grown.missing = append(grown.missing, make([]bool, len(added))...)
	grown.authored = append(grown.authored, make([]int64, len(added))...)
	grown.committed = append(grown.committed, make([]int64, len(added))...)
	for i, n := range added {
		grown.fill(int32(len(g.shas)+i), n, &grown.recent)
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
	if len(g.recent.index) <= mostRecent {
		return
	}
	all := layer{index: make(map[SHA]int32, len(g.shas)), details: map[int32]Details{}}
	for _, l := range []layer{g.all, g.recent} {
		maps.Copy(all.index, l.index)
		maps.Copy(all.details, l.details)
	}
	g.all, g.recent = all, layer{}
}

func (g *Graph) find(sha SHA) (int32, bool) {
	if i, ok := g.all.index[sha]; ok {
		return i, true
	}
	i, ok := g.recent.index[sha]
	return i, ok
}
