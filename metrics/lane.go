package metrics

import (
	"slices"

	"github.com/evenkeel-dev/evenkeel"
)

// repository is what is known of one repository.
type repository struct {
	name  string
	graph *evenkeel.Graph // Nil: unknown.
	// found is the commit that was looked up last: the next is often beside it.
	found int32
	// changes are the merged ones, as indexes of derivation.changes, by merge;
	// merged holds the instants.
	changes []int32
	merged  []int64
	// byBase are the same by base branch.
	byBase map[string][]int32
	// merges says of commits that requests were merged with them; nil is none.
	merges []bool
	// built holds the runs of pipelines by commit.
	built map[string][]build
	// builders are the verdicts of the changes that commits with builds belong
	// to, by commit; nil where paths do not matter.
	builders map[string]pathVerdict
	paths    pathFilter
	// claimed says that the application claims the repository, or a part of it.
	claimed bool
	// What is read when it is first needed: copies of commits, whether parents
	// are missing, commits by the second they were written in (-1: several),
	// and the change (+1) that brought a commit.
	copiesRead, gapsRead, gaps bool
	copied                     *copies
	patches                    map[string]int32
	sought                     map[int64]bool
	// uses begin the chains of changes that name a commit, by commit; where
	// facts are appended only.
	uses     []int32
	authored map[int64]int32
	owner    []int32
	// generation is one more than the greatest of the parents', by commit.
	generation []int32
	lineage    *lineage
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
	// anchor is the row + 1 of the first rollout whose commit the graph knows,
	// anchorAfter the cutoff before it where it is not the baseline.
	anchor      int32
	anchorAfter int64
	// fresh are commits with copies that the passing rollout newly reached;
	// copied is by commit the row + 1 with which its work ran before as that of
	// another, stoodFor says of which. Both are nil until there is one.
	fresh    []int32
	copied   []int32
	stoodFor []bool
	// gapUntil is the newest commit of unknown parents that was reached; bases
	// are the branches of the changes reached last.
	gapUntil int64
	bases    []string
	// ways are by row + 1 those that lead here by more than the record.
	ways map[int32]via
	// carrier says that the repository only says what to run.
	carrier bool
	// looked is up to when rollouts looked at changes by the time of their
	// merge, and blind says that one looked whether a branch has any.
	looked int64
	blind  bool
	// newly are the commits that new rollouts claimed; where facts are
	// appended only.
	newly []int32
}

// reach keeps a commit that a new rollout claimed.
func (l *lane) reach(i int32, copies *copies) {
	f := l.stage.d.follow
	if f == nil {
		return
	}
	l.newly = append(l.newly, i)
	if copies != nil && copies.twin[i] {
		f.giveUp("a copy of a commit")
	}
}

func (s *stage) lane(name string) *lane {
	l, ok := s.lanes[name]
	if !ok {
		repo := s.d.repository(name)
		l = &lane{
			stage: s, repo: repo, deployed: map[string]bool{}, branches: map[string]int{},
			gapUntil: unknown, looked: ever,
		}
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
	at, known := l.repo.graph.IndexNear(l.repo.found, commit)
	if known {
		l.repo.found = at
	}
	return at, known
}

// direction says where a head moves its lane. gap says that the way was cut by
// a gap of the graph, so that the answer is likely and not certain.
func (l *lane) direction(h head) (way direction, gap bool) {
	switch {
	case l.baseline == 0:
		return first, false
	case h.commit == l.running:
		return same, false
	}
	at, known := l.node(h.commit)
	if known && l.claimed[at] == 0 {
		return forward, false
	}
	running, runningKnown := l.node(l.running)
	switch {
	case known && runningKnown && l.repo.isAncestor(at, running):
		return back, false
	case known && runningKnown && l.behindGap(h, at, running):
		return back, true
	case known && runningKnown:
		return sideways, false
	case l.deployed[h.commit]:
		return back, false
	}
	return forward, false
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
	l.between(ever, ro.cutoff(), func(i int32) {
		if !known || !l.stage.d.changes[i].inGraph {
			l.take(i, ro, methodTime)
		}
	})
	if !known {
		return
	}
	l.anchor = l.baseline
	gap := l.claim(at, ro)
	l.learn(ro, ever)
	if gap {
		l.bridge(ro, h, ever)
	}
	l.fresh = l.fresh[:0]
}

// take lays a change to a rollout by branch or time order, unless an earlier
// one has it, and says whether it did.
func (l *lane) take(change int32, ro *rollout, method uint8) bool {
	if l.stage.fallback[change].row != 0 {
		return false
	}
	l.stage.fallback[change] = finding{row: ro.row + 1, method: method}
	l.stage.soil(change)
	return true
}

// advance ships what a head newly reaches. Behind a gap of the graph, time
// order decides.
func (l *lane) advance(ro *rollout, h head) {
	at, ok := l.node(h.commit)
	after := l.sinceMerge
	switch {
	case ok && l.anchor == 0:
		l.anchorTo(ro, at)
	case ok:
		gap := l.claim(at, ro)
		l.settleCopies(ro, at)
		l.learn(ro, after)
		if gap {
			l.cross(ro, h, after)
		}
	case l.method(h) == methodBranch:
		l.takeBranch(ro, h.ref)
	default:
		l.takeSince(ro, func(*change) bool { return true })
	}
	l.fresh = l.fresh[:0]
	l.sinceMerge = max(l.sinceMerge, ro.cutoff())
}

// anchorTo claims the history of the first commit that the graph knows, after
// rollouts that time order settled: what was merged or committed up to the
// last of them shipped before.
func (l *lane) anchorTo(ro *rollout, at int32) {
	l.anchor, l.anchorAfter = ro.row+1, l.sinceMerge
	l.claim(at, ro)
	l.learn(ro, ever)
	l.stage.note(noteUnknownBase, ro.finished, ro.id, ro.shared)
	ro.gap = true
	ro.needs(methodTime)
}

// cross ships by time order what a gap hides.
func (l *lane) cross(ro *rollout, h head, after int64) {
	ro.gap = true
	unknown := l.takeSince(ro, func(c *change) bool { return !c.inGraph })
	if l.bridge(ro, h, after) || unknown {
		ro.needs(methodTime)
	}
}

// method says how the changes of a head are found.
func (l *lane) method(h head) uint8 {
	if _, ok := l.node(h.commit); ok {
		if h.via == viaArtifact {
			return methodArtifact
		}
		return methodAncestry
	}
	l.blind = true
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
	for next < len(list) && micros(l.stage.d.changes[list[next]].fact.Value.MergedAt) <= ro.cutoff() {
		l.take(list[next], ro, methodBranch)
		next++
	}
	l.branches[branch], l.looked = next, max(l.looked, ro.cutoff())
}

// takeSince ships those of the changes merged since the last rollout that went
// forward which are wanted, and says whether there were any.
func (l *lane) takeSince(ro *rollout, wanted func(*change) bool) (took bool) {
	l.between(l.sinceMerge, ro.cutoff(), func(i int32) {
		if wanted(&l.stage.d.changes[i]) && l.take(i, ro, methodTime) {
			took = true
		}
	})
	return took
}

// claim marks every commit that the head reaches and no earlier rollout did.
// gap says that it came to a commit whose parents are not all known.
func (l *lane) claim(at int32, ro *rollout) (gap bool) {
	if l.claimed[at] != 0 {
		return false
	}
	g, copies := l.repo.graph, l.repo.copies()
	mark := func(i int32) {
		l.claimed[i] = ro.row + 1
		l.reach(i, copies)
		l.stack = append(l.stack, i)
		if copies != nil && copies.twin[i] {
			l.fresh = append(l.fresh, i)
		}
		if g.Missing(i) {
			gap = true
			l.meet(i)
		}
	}
	l.stack = l.stack[:0]
	mark(at)
	for len(l.stack) > 0 {
		i := l.stack[len(l.stack)-1]
		l.stack = l.stack[:len(l.stack)-1]
		for _, p := range g.Parents(i) {
			if l.claimed[p] == 0 {
				mark(p)
			}
		}
	}
	if gap {
		l.stage.note(noteUnknownBase, ro.finished, ro.id, ro.shared)
	}
	return gap
}

// isAncestor says whether commit i is reached from commit from.
func (r *repository) isAncestor(i, from int32) bool {
	if r.lineage == nil {
		r.lineage = newLineage(r.graph, mostNotes)
	}
	return r.lineage.isAncestor(i, from)
}

// generations numbers the commits of the repository's graph, when first needed.
func (r *repository) generations() []int32 {
	if r.generation == nil {
		r.generation = generations(r.graph)
	}
	return r.generation
}

// generations numbers the commits of an acyclic graph so that every commit is
// above its parents.
func generations(g *evenkeel.Graph) []int32 {
	generation := make([]int32, g.Len())
	for _, i := range slices.Backward(childrenFirst(g)) {
		for _, p := range g.Parents(i) {
			generation[i] = max(generation[i], generation[p]+1)
		}
	}
	return generation
}

// childrenFirst lists the commits of an acyclic graph, children before parents.
func childrenFirst(g *evenkeel.Graph) []int32 {
	children := make([]int32, g.Len())
	for i := range children {
		for _, p := range g.Parents(int32(i)) {
			children[p]++
		}
	}
	order := make([]int32, 0, len(children))
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
	return order
}

// commitID is the start of a commit id.
func commitID(sha []byte) (id ID) {
	copy(id[:], sha)
	return id
}
