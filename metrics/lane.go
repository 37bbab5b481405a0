package metrics

import (
	"slices"

	"github.com/evenkeel-dev/evenkeel"
)

// repository is what is known of one repository.
type repository struct {
	name  string
	graph *evenkeel.Graph // Nil: unknown.
	// changes are the merged ones, as indexes of derivation.changes, by merge;
	// merged holds the instants.
	changes []int32
	merged  []int64
	// byBase are positions in changes by base branch.
	byBase map[string][]int32
	paths  pathFilter
	// generation is one more than the greatest of the parents', by commit.
	generation []int32
}

// lane is one repository in one environment while its rollouts pass.
type lane struct {
	stage *stage
	repo  *repository
	// claimed is by commit the row + 1 of the rollout that first reached it.
	claimed  []int32
	stack    []int32
	baseline int32 // Row + 1 of the first rollout; 0 before it.
	running  string
	runner   *rollout
	deployed map[string]bool
	// sinceMerge is the cutoff of the last rollout that went forward.
	sinceMerge int64
	branches   map[string]int // Next position in byBase.
}

func (s *stage) lane(name string) *lane {
	l, ok := s.lanes[name]
	if !ok {
		repo := s.d.repository(name)
		l = &lane{stage: s, repo: repo, deployed: map[string]bool{}, branches: map[string]int{}}
		if repo.graph != nil {
			l.claimed = make([]int32, repo.graph.Len())
		}
		s.lanes[name] = l
	}
	return l
}

// direction says where a head moves its lane.
type direction uint8

const (
	first direction = iota
	forward
	same
	back
	sideways
)

// node finds a commit in the lane's graph.
func (l *lane) node(commit string) (int32, bool) {
	if l.repo.graph == nil {
		return 0, false
	}
	return l.repo.graph.Index(commit)
}

func (l *lane) direction(h head) direction {
	switch {
	case l.baseline == 0:
		return first
	case h.commit == l.running:
		return same
	}
	at, known := l.node(h.commit)
	if known && l.claimed[at] == 0 {
		return forward
	}
	running, runningKnown := l.node(l.running)
	if known && runningKnown {
		if l.repo.isAncestor(at, running) {
			return back
		}
		return sideways
	}
	if l.deployed[h.commit] {
		return back
	}
	return forward
}

// begin makes ro the lane's baseline: all it reaches has shipped before.
func (l *lane) begin(ro *rollout, h head) {
	l.baseline = ro.row + 1
	l.sinceMerge = ro.cutoff()
	if l.repo.graph != nil {
		for _, sha := range l.repo.graph.Cyclic() {
			l.stage.note(noteCycle, ro.finished, commitID(sha[:]), false)
		}
	}
	at, known := l.node(h.commit)
	for n, merged := range l.repo.merged {
		change := l.repo.changes[n]
		if merged > ro.cutoff() {
			break
		}
		if !known || !l.stage.d.changes[change].inGraph {
			l.take(change, ro)
		}
	}
	if known {
		l.claim(at, ro)
	}
}

// take lays a change to a rollout by branch or time order, unless an earlier
// one has it, and says whether it did.
func (l *lane) take(change int32, ro *rollout) bool {
	if l.stage.fallback[change] != 0 {
		return false
	}
	l.stage.fallback[change] = ro.row + 1
	return true
}

// advance ships what a head newly reaches. Behind a gap of the graph, time
// order decides for changes that the graph does not know.
func (l *lane) advance(ro *rollout, h head) {
	at, ok := l.node(h.commit)
	switch {
	case ok:
		if l.claim(at, ro) && l.takeSince(ro, func(c *change) bool { return !c.inGraph }) {
			ro.method = max(ro.method, methodTime)
		}
	case l.method(h) == methodBranch:
		l.takeBranch(ro, h.ref)
	default:
		l.takeSince(ro, func(*change) bool { return true })
	}
	l.sinceMerge = max(l.sinceMerge, ro.cutoff())
}

// method says how the changes of a head are found.
func (l *lane) method(h head) uint8 {
	if _, ok := l.node(h.commit); ok {
		return methodAncestry
	}
	if len(l.repo.byBase[h.ref]) > 0 && h.ref != "" {
		return methodBranch
	}
	if len(l.repo.changes) > 0 {
		return methodTime
	}
	return methodNone
}

// takeBranch ships the changes merged into the branch up to the cutoff.
func (l *lane) takeBranch(ro *rollout, branch string) {
	list := l.repo.byBase[branch]
	next := l.branches[branch]
	for next < len(list) && l.repo.merged[list[next]] <= ro.cutoff() {
		l.take(l.repo.changes[list[next]], ro)
		next++
	}
	l.branches[branch] = next
}

// takeSince ships those of the changes merged since the last rollout that went
// forward which are wanted, and says whether there were any.
func (l *lane) takeSince(ro *rollout, wanted func(*change) bool) (took bool) {
	for n := firstAfter(l.repo.merged, l.sinceMerge); n < len(l.repo.merged) && l.repo.merged[n] <= ro.cutoff(); n++ {
		if i := l.repo.changes[n]; wanted(&l.stage.d.changes[i]) && l.take(i, ro) {
			took = true
		}
	}
	return took
}

// claim marks every commit that the head reaches and no earlier rollout did.
// gap says that it came to a commit whose parents are not all known.
func (l *lane) claim(at int32, ro *rollout) (gap bool) {
	if l.claimed[at] != 0 {
		return false
	}
	g := l.repo.graph
	l.claimed[at] = ro.row + 1
	l.stack = append(l.stack[:0], at)
	for len(l.stack) > 0 {
		i := l.stack[len(l.stack)-1]
		l.stack = l.stack[:len(l.stack)-1]
		gap = gap || g.Missing(i)
		for _, p := range g.Parents(i) {
			if l.claimed[p] == 0 {
				l.claimed[p] = ro.row + 1
				l.stack = append(l.stack, p)
			}
		}
	}
	if gap {
		l.stage.note(noteUnknownBase, ro.finished, ro.id, ro.shared)
	}
	return gap
}

// isAncestor says whether commit i is reached from commit from. It looks only
// at commits that lie between the two by generation.
func (r *repository) isAncestor(i, from int32) bool {
	if r.generation == nil {
		r.generation = generations(r.graph)
	}
	seen := map[int32]bool{from: true}
	stack := []int32{from}
	for len(stack) > 0 {
		at := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if at == i {
			return true
		}
		for _, p := range r.graph.Parents(at) {
			if r.generation[p] >= r.generation[i] && !seen[p] {
				seen[p] = true
				stack = append(stack, p)
			}
		}
	}
	return false
}

// generations numbers the commits of an acyclic graph so that every commit is
// above its parents.
func generations(g *evenkeel.Graph) []int32 {
	children := make([]int32, g.Len())
	for i := range children {
		for _, p := range g.Parents(int32(i)) {
			children[p]++
		}
	}
	order := make([]int32, 0, len(children)) // Children before parents.
	for i, n := range children {
		if n == 0 {
			order = append(order, int32(i))
		}
	}
	for n := 0; n < len(order); n++ {
		for _, p := range g.Parents(order[n]) {
			if children[p]--; children[p] == 0 {
				order = append(order, p)
			}
		}
	}
	generation := make([]int32, len(children))
	for _, o := range slices.Backward(order) {
		for _, p := range g.Parents(o) {
			generation[o] = max(generation[o], generation[p]+1)
		}
	}
	return generation
}

// commitID is the start of a commit id.
func commitID(sha []byte) (id ID) {
	copy(id[:], sha)
	return id
}
