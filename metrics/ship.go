package metrics

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// shipment is a change that a rollout shipped.
type shipment struct {
	row    int32
	change int32
	method uint8
	flags  uint16
	lead   int64
	phases [phaseCount]int64
	// buildRun and deployRun are the parts of phases in which something ran.
	buildRun, deployRun int64
}

// commitShipment is a commit that a rollout shipped.
type commitShipment struct {
	row   int32
	id    ID
	flags uint16
	lead  int64
}

// finding says with which rollout (row + 1) a change shipped, and how that was
// found; row 0 is none.
type finding struct {
	row    int32
	method uint8
	// early: it ran before it was merged to its base.
	early bool
}

// earlier is the finding of the lesser row, the more trustworthy of equal ones.
func (f finding) earlier(other finding) finding {
	if other.row != 0 && (f.row == 0 || other.row < f.row || other.row == f.row && other.method < f.method) {
		return other
	}
	return f
}

// ship lets the rollouts of an environment pass in order and settles what
// each ships.
func (s *stage) ship() {
	s.prepare()
	for _, ro := range s.rollouts {
		s.pass(ro)
	}
	s.shipments = make([]shipment, 0, s.mayShip())
	for i := range s.d.changes {
		s.shipChange(int32(i))
	}
	s.shipCommits()
	row := func(one *shipment) int32 { return one.row }
	s.shipments = byRow(s.shipments, len(s.rollouts), row)
	eachRow(s.shipments, row, func(a, b shipment) int {
		return cmp.Compare(s.d.changes[a.change].fact.ID, s.d.changes[b.change].fact.ID)
	})
}

// mayShip is about how many changes ship: those that something reached.
func (s *stage) mayShip() (n int) {
	for i := range s.d.changes {
		c := &s.d.changes[i]
		l := s.lanes[c.repo.name]
		if s.fallback[i].row != 0 || l != nil && c.merge >= 0 && l.claimed[c.merge] > l.baseline {
			n++
		}
	}
	return n
}

// prepare makes room for what is said of every change.
func (s *stage) prepare() {
	s.fallback, s.shippedBy = make([]finding, len(s.d.changes)), make([]int32, len(s.d.changes))
	if s.class() == evenkeel.Production {
		s.rests = make([]rest, len(s.d.changes))
	}
}

// pass classifies one rollout and lets it claim what it newly reaches.
func (s *stage) pass(ro *rollout) {
	ro.method = methodNone
	ro.classify()
	baselines, sources := 0, 0
	for _, h := range ro.heads {
		if h.via != viaCarrier {
			sources++
		}
		l := s.lane(h.repository)
		l.carry(ro, h)
		if h.via != viaCarrier || !ro.moved {
			ro.needs(l.method(h))
		}
		switch {
		case l.baseline == 0 || l.baseline == ro.row+1:
			l.begin(ro, h)
			if h.via != viaCarrier {
				baselines++
			}
		case !ro.rollback && !ro.redeploy:
			l.advance(ro, h)
		}
		l.running, l.runner = h.commit, ro
		l.deployed[h.commit] = true
	}
	ro.baseline = baselines > 0 && baselines == sources
	ro.rework = ro.rollback || ro.fix
	ro.walked = ro.method
}

// needs notes a method by which changes of the rollout were found; the least
// trustworthy stays.
func (ro *rollout) needs(method uint8) {
	if method != methodNone && (ro.method == methodNone || method > ro.method) {
		ro.method = method
	}
}

// classify says whether a rollout goes back, or nowhere. Where it names
// several commits of a repository, the last decides. A repository that only
// says what to run decides where what runs stays the same.
func (ro *rollout) classify() {
	var source, all [sideways + 1]int
	for _, h := range lastHeads(ro.heads) {
		l := ro.stage.lane(h.repository)
		way, gap := l.direction(h)
		if way == back && l.overtakes(ro) {
			ro.stage.note(noteOvertaken, ro.finished, ro.id, ro.shared)
			way = sideways
		}
		ro.gap = ro.gap || gap
		all[way]++
		if h.via != viaCarrier {
			source[way]++
		}
	}
	count := source
	ro.moved = source[first]+source[forward]+source[sideways]+source[back] > 0
	if !ro.moved {
		count = all
	}
	onward := count[first] + count[forward] + count[sideways]
	ro.rollback = ro.explicit || ro.described || (onward == 0 && count[back] > 0)
	ro.redeploy = !ro.rollback && onward == 0 && count[same] > 0
}

// overtakes says that what runs started after ro did and finished before it:
// ro is then no rollback of it, only late.
func (l *lane) overtakes(ro *rollout) bool {
	return ro.started != unknown && l.runner.started != unknown && ro.started < l.runner.started
}

func lastHeads(heads []head) []head {
	if len(heads) < 2 {
		return heads
	}
	byRepository := map[string]head{}
	for _, h := range heads {
		byRepository[h.repository] = h
	}
	if len(byRepository) == len(heads) {
		return heads
	}
	last := make([]head, 0, len(byRepository))
	for _, h := range byRepository {
		last = append(last, h)
	}
	return last
}

// shipChange settles whether, and with which rollout, a change shipped.
func (s *stage) shipChange(i int32) {
	c := &s.d.changes[i]
	if c.verdict == pathsOthers {
		return
	}
	l, ok := s.lanes[c.repo.name]
	if !ok {
		s.leave(i, noteNotShipped, c.landed())
		return
	}
	f := s.find(l, i)
	switch {
	case !l.repo.claimed && (l.ways[f.row] == viaCarrier || f.row == 0 && l.carrier):
		s.settle(i) // Nobody said that what is written there is the application's.
		s.leave(i, noteCarrier, s.shippedAt(f, c))
		return
	case f.row == 0:
		if row := s.stranded[i]; row != 0 {
			s.note(noteStranded, s.rollouts[row-1].finished, c.id, c.fact.Shared)
		}
		s.leave(i, noteNotShipped, c.landed())
		return
	case f.row == l.baseline:
		s.settle(i)
		s.leave(i, noteShippedBefore, s.rollouts[f.row-1].finished)
		return
	}
	ro := s.rollouts[f.row-1]
	switch {
	case l.ways[f.row] == viaCarrier:
		s.settle(i)
		s.leave(i, noteCarrier, ro.finished)
	case c.part || s.carried(l, i, f):
		s.settle(i)
		s.leave(i, noteCarried, ro.finished)
	case c.verdict == pathsUnknown:
		s.settle(i)
		s.note(notePathsUnknown, ro.finished, c.id, c.fact.Shared)
	default:
		s.settle(i)
		s.place(s.timed(i, ro, f))
	}
}

// shippedAt is when a change shipped, else when it was merged or opened.
func (s *stage) shippedAt(f finding, c *change) int64 {
	if f.row != 0 {
		return s.rollouts[f.row-1].finished
	}
	return c.landed()
}

// rest is what an environment of production says of a change beside its
// shipment.
type rest struct {
	// left is the note that no deployment counts it, by its instant; the code
	// is one more than that of the note, and 0 is none.
	at   int64
	left uint8
	// done says that it is not in progress any more: it reached production,
	// whether or not it is counted there.
	done bool
}

// settle keeps in mind that a change reached production.
func (s *stage) settle(i int32) {
	if s.rests != nil {
		s.rests[i].done = true
	}
}

// find is with which rollout a change shipped: the first that reached it, or
// that branch or time order gives it.
func (s *stage) find(l *lane, i int32) finding {
	c, fallback := &s.d.changes[i], s.fallback[i]
	f := l.reached(c)
	if fallback.row != 0 && (f.row == 0 || fallback.row <= f.row) {
		return fallback
	}
	if f.row != 0 && f.row == l.anchor && c.fact.Value.MergedAt.IsZero() {
		f.row = l.baseline
	}
	if f.method == methodAncestry && l.ways[f.row] == viaArtifact {
		f.method = methodArtifact
	}
	return f
}

// leave keeps in mind that no deployment of a production environment is known
// to ship a change. Elsewhere it is not worth its room: short-lived
// environments are many.
func (s *stage) leave(i int32, code uint8, at int64) {
	if len(s.rollouts) == 0 || s.rests == nil {
		return
	}
	s.rests[i].at, s.rests[i].left = at, code+1
	s.unshipped = put(s, s.unshipped, s.left(i), note.compare, noteAt)
}

// left is the note that leave made of a change.
func (s *stage) left(i int32) note {
	c, r := &s.d.changes[i], s.rests[i]
	return note{at: r.at, code: r.left - 1, shared: c.fact.Shared, id: c.id}
}

// landed is when a change was merged, else opened.
func (c *change) landed() int64 {
	if merged := micros(c.fact.Value.MergedAt); merged != unknown {
		return merged
	}
	return micros(c.fact.Value.OpenedAt)
}

func (s *stage) timed(i int32, ro *rollout, f finding) shipment {
	c := &s.d.changes[i]
	out := shipment{row: ro.row, change: i, method: f.method, buildRun: none, deployRun: none}
	if c.fact.Shared {
		out.flags = flagShared
	}
	if ro.gap {
		out.flags |= flagGap
	}
	if f.early {
		c = c.until(ro.finished)
	}
	var problem int
	var lost bool
	out.lead, out.phases, problem, lost = c.timing(s.d.policy.Start, ro.finished)
	if problem >= 0 {
		s.note(uint8(problem), ro.finished, c.id, c.fact.Shared)
	}
	if lost {
		s.note(noteNegativePhase, ro.finished, c.id, c.fact.Shared)
	}
	out.flags |= s.d.marker.marks(c)
	out.flow(c, ro)
	ro.shipped++
	ro.needs(f.method)
	return out
}

// place lists a shipment: at the end while everything is derived, in its place
// after.
func (s *stage) place(one shipment) {
	s.shippedBy[one.change] = one.row + 1
	if s.d.follow == nil {
		s.shipments = append(s.shipments, one)
		return
	}
	at, _ := slices.BinarySearchFunc(s.shipments, one, s.compareShipments)
	s.shipments = slices.Insert(s.shipments, at, one)
	s.touch(s.rollouts[one.row].finished)
}

func (s *stage) compareShipments(a, b shipment) int {
	return cmp.Or(cmp.Compare(a.row, b.row), s.d.changes[a.change].id.compare(s.d.changes[b.change].id))
}

// until is the change without the steps that came after an instant: it ran
// before they were taken.
func (c *change) until(at int64) *change {
	fact, before := *c.fact, *c
	v := &fact.Value
	for _, step := range []*time.Time{&v.OpenedAt, &v.ReadyAt, &v.FirstReviewAt, &v.ApprovedAt, &v.MergedAt} {
		if micros(*step) > at {
			*step = time.Time{}
		}
	}
	before.fact = &fact
	return &before
}

// reached is the rollout that first reached a change by ancestry, or copies of
// all its work: through its merge commit, through what that merged, through
// its head; failing these, through its other commits.
func (l *lane) reached(c *change) finding {
	if l.claimed == nil || !c.inGraph && l.repo.copies() == nil {
		return finding{}
	}
	f, landed := finding{}, int32(0)
	if c.merge >= 0 {
		f.row, landed = l.rowOf(c.merge), l.claimed[c.merge]
		switch {
		case l.isCopy(c.merge):
			f.method, f.early = methodPatch, true
		case c.found:
			f.method = methodRewrite
		}
	}
	f = f.earlier(l.picked(c))
	if row := l.brought(c); row != 0 && (f.row == 0 || row < f.row) {
		f = finding{row: row, early: row != landed}
	}
	return f
}

// brought is the row + 1 of the rollout that first reached all that a change
// merges, without its merge commit.
func (l *lane) brought(c *change) int32 {
	g := l.repo.graph
	head, known := c.nodes.head, c.nodes.head >= 0
	if known && (l.claimed[head] != 0 || len(c.fact.Value.Commits) == 0) {
		return l.rowOf(head)
	}
	var commits []int32
	switch {
	case c.merge >= 0 && len(g.Parents(c.merge)) > 1 && !g.Missing(c.merge) && !known && len(c.fact.Value.Commits) > 0:
		commits = g.Parents(c.merge)[1:]
	case c.merge < 0 && c.inGraph && !known:
		commits = c.own()
	}
	var row int32
	for _, at := range commits {
		if l.claimed[at] == 0 {
			return 0
		}
		row = max(row, l.rowOf(at))
	}
	return row
}

// shipCommits lists the commits that rollouts newly reached, those of each in
// the order of their ids: graphs that have grown number them otherwise. Merge
// commits carry no work of their own and are left out.
func (s *stage) shipCommits() {
	for _, name := range sortedKeys(s.lanes) {
		l := s.lanes[name]
		s.commits = slices.Grow(s.commits, l.claims())
		for i, row := range l.claimed {
			if row != 0 {
				s.shipCommit(l, int32(i), row)
			}
		}
	}
	row := func(one *commitShipment) int32 { return one.row }
	s.commits = byRow(s.commits, len(s.rollouts), row)
	eachRow(s.commits, row, func(a, b commitShipment) int { return a.id.compare(b.id) })
}

// claims counts the commits that were reached after the baseline.
func (l *lane) claims() (n int) {
	for _, row := range l.claimed {
		if row != 0 && row != l.baseline {
			n++
		}
	}
	return n
}

// ranBefore says that the work of a commit which a rollout (row + 1) newly
// reached ran before, or that it only says what to run.
func (l *lane) ranBefore(i, row int32) bool {
	before := row == l.anchor && micros(l.repo.graph.Committed(i)) <= l.anchorAfter
	return l.isCopy(i) || before || l.ways[row] == viaCarrier
}

// shipCommit lists a commit that a rollout (row + 1) newly reached.
func (s *stage) shipCommit(l *lane, i, row int32) {
	if row == l.baseline || len(l.repo.graph.Parents(i)) > 1 || l.ranBefore(i, row) {
		return
	}
	ro, verdict := s.rollouts[row-1], l.repo.paths.commit(i)
	if verdict == pathsOthers {
		return
	}
	sha := l.repo.graph.ID(i)
	c := commitShipment{row: ro.row, id: commitID(sha[:]), lead: none}
	if !l.repo.paths.exclusive {
		c.flags = flagShared
	}
	authored := micros(l.repo.graph.Authored(i))
	switch {
	case verdict == pathsUnknown:
		s.note(noteCommitPathsUnknown, ro.finished, c.id, c.flags != 0)
		return
	case authored == unknown:
		s.note(noteCommitAuthoredUnknown, ro.finished, c.id, c.flags != 0)
	case authored > ro.finished:
		s.note(noteCommitNegative, ro.finished, c.id, c.flags != 0)
	default:
		c.lead = ro.finished - authored
	}
	s.commits = append(s.commits, c)
}

// byRow sorts by row, keeping the order within a row, in linear time.
func byRow[T any](list []T, rows int, row func(*T) int32) []T {
	starts := make([]int, rows+1)
	for i := range list {
		starts[row(&list[i])+1]++
	}
	for r := range rows {
		starts[r+1] += starts[r]
	}
	sorted := make([]T, len(list))
	for i := range list {
		at := row(&list[i])
		sorted[starts[at]] = list[i]
		starts[at]++
	}
	return sorted
}

// eachRow sorts what lies in each row; the list is in the order of rows.
func eachRow[T any](list []T, row func(*T) int32, compare func(a, b T) int) {
	for from := 0; from < len(list); {
		to := from + 1
		for to < len(list) && row(&list[to]) == row(&list[from]) {
			to++
		}
		slices.SortFunc(list[from:to], compare)
		from = to
	}
}

// firstAfter is the first position of a sorted column with a value above v.
func firstAfter(column []int64, v int64) int {
	if v == math.MaxInt64 {
		return len(column)
	}
	at, _ := slices.BinarySearch(column, v+1)
	return at
}
