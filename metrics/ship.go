package metrics

import (
	"math"
	"slices"
	"strings"

	"github.com/evenkeel-dev/evenkeel"
)

// shipment is a change that a rollout shipped.
type shipment struct {
	row    int32
	change int32
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

// ship lets the rollouts of an environment pass in order and settles what
// each ships.
func (s *stage) ship() {
	s.fallback = make([]int32, len(s.d.changes))
	for _, ro := range s.rollouts {
		s.pass(ro)
	}
	picks := map[*lane]*picks{}
	for i := range s.d.changes {
		s.shipChange(int32(i), picks)
	}
	s.shipCommits()
	slices.SortStableFunc(s.shipments, func(a, b shipment) int { return int(a.row) - int(b.row) })
}

// pass classifies one rollout and lets it claim what it newly reaches.
func (s *stage) pass(ro *rollout) {
	ro.classify()
	ro.method = methodNone
	baselines := 0
	for _, h := range ro.heads {
		l := s.lane(h.repository)
		if m := l.method(h); m != methodNone && (ro.method == methodNone || m > ro.method) {
			ro.method = m
		}
		switch {
		case l.baseline == 0 || l.baseline == ro.row+1:
			l.begin(ro, h)
			baselines++
		case !ro.rollback && !ro.redeploy:
			l.advance(ro, h)
		}
		l.running, l.runner = h.commit, ro
		l.deployed[h.commit] = true
	}
	ro.baseline = baselines > 0 && baselines == len(ro.heads)
	ro.rework = ro.rollback || ro.fix
}

// classify says whether a rollout goes back, or nowhere. Where it names
// several commits of a repository, the last decides.
func (ro *rollout) classify() {
	var count [sideways + 1]int
	for _, h := range lastHeads(ro.heads) {
		l := ro.stage.lane(h.repository)
		way := l.direction(h)
		if way == back && l.overtakes(ro) {
			ro.stage.note(noteOvertaken, ro.finished, ro.id, ro.shared)
			way = sideways
		}
		count[way]++
	}
	moved := count[first] + count[forward] + count[sideways]
	ro.rollback = ro.explicit || ro.described || (moved == 0 && count[back] > 0)
	ro.redeploy = !ro.rollback && moved == 0 && count[same] > 0
}

// overtakes says that what runs started after ro did and finished before it:
// ro is then no rollback of it, only late.
func (l *lane) overtakes(ro *rollout) bool {
	return ro.started != unknown && l.runner.started != unknown && ro.started < l.runner.started
}

func lastHeads(heads []head) []head {
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
func (s *stage) shipChange(i int32, prepared map[*lane]*picks) {
	c := &s.d.changes[i]
	if c.verdict == pathsOthers {
		return
	}
	l, ok := s.lanes[c.repo.name]
	if !ok {
		s.leave(c, noteNotShipped, c.landed())
		return
	}
	p, ok := prepared[l]
	if !ok {
		p = l.picks()
		prepared[l] = p
	}
	row := earliest(l.reached(c, p), s.fallback[i])
	switch row {
	case 0:
		s.leave(c, noteNotShipped, c.landed())
		return
	case l.baseline:
		s.leave(c, noteShippedBefore, s.rollouts[row-1].finished)
		return
	}
	ro := s.rollouts[row-1]
	if c.verdict == pathsUnknown {
		s.note(notePathsUnknown, ro.finished, c.id, c.fact.Shared)
		return
	}
	s.shipments = append(s.shipments, s.timed(i, ro))
}

// leave keeps in mind that no deployment of a production environment is known
// to ship a change. Elsewhere it is not worth its room: short-lived
// environments are many.
func (s *stage) leave(c *change, code uint8, at int64) {
	if len(s.rollouts) > 0 && s.class() == evenkeel.Production {
		s.unshipped = append(s.unshipped, note{at: at, code: code, shared: c.fact.Shared, id: c.id})
	}
}

// landed is when a change was merged, else opened.
func (c *change) landed() int64 {
	if merged := micros(c.fact.Value.MergedAt); merged != unknown {
		return merged
	}
	return micros(c.fact.Value.OpenedAt)
}

func (s *stage) timed(i int32, ro *rollout) shipment {
	c := &s.d.changes[i]
	out := shipment{row: ro.row, change: i, buildRun: none, deployRun: none}
	if c.fact.Shared {
		out.flags = flagShared
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
	ro.shipped++
	return out
}

// earliest is the lesser of two rows + 1; 0 is none.
func earliest(a, b int32) int32 {
	if a == 0 || (b != 0 && b < a) {
		return b
	}
	return a
}

// reached is the row + 1 of the rollout that first reached a change by
// ancestry: through its merge commit or a pick of it, else through any of its
// own commits.
func (l *lane) reached(c *change, p *picks) int32 {
	if l.claimed == nil {
		return 0
	}
	var row int32
	if c.merge >= 0 {
		row = l.claimed[c.merge]
	}
	if p != nil {
		row = earliest(row, p.row(l, c))
	}
	if row != 0 || !c.inGraph {
		return row
	}
	for _, at := range c.own() {
		row = earliest(row, l.claimed[at])
	}
	return row
}

// picks are the rollouts (row + 1, ascending) that reached copies of commits:
// by the commit that a cherry-pick names, and by patch id.
type picks struct {
	bySHA   map[string][]int32
	byPatch map[string][]int32
}

// picks reads the details of all claimed commits; nil if there are none.
func (l *lane) picks() *picks {
	p := &picks{bySHA: map[string][]int32{}, byPatch: map[string][]int32{}}
	for i, row := range l.claimed {
		details, ok := l.repo.graph.Details(int32(i))
		if row == 0 || !ok {
			continue
		}
		if details.PatchID != "" {
			p.byPatch[details.PatchID] = append(p.byPatch[details.PatchID], row)
		}
		for _, sha := range pickedFrom(details.Trailers) {
			p.bySHA[sha] = append(p.bySHA[sha], row)
		}
	}
	if len(p.bySHA)+len(p.byPatch) == 0 {
		return nil
	}
	for _, lists := range []map[string][]int32{p.bySHA, p.byPatch} {
		for _, rows := range lists {
			slices.Sort(rows)
		}
	}
	return p
}

// pickedFrom lists the commits that cherry-pick trailers name.
func pickedFrom(trailers map[string][]string) []string {
	var found []string
	for key, values := range trailers {
		if !strings.Contains(key, "cherry") {
			continue
		}
		for _, value := range values {
			for word := range strings.FieldsSeq(value) {
				if sha := strings.Trim(word, "()"); evenkeel.ValidSHA(sha) {
					found = append(found, sha)
				}
			}
		}
	}
	return found
}

// row finds the first rollout, not before the change was merged, that reached
// a copy of one of its commits. (A change that is applied again after a revert
// has the patch of the first.)
func (p *picks) row(l *lane, c *change) int32 {
	v := &c.fact.Value
	merged := micros(v.MergedAt)
	var row int32
	look := func(rows []int32) {
		for _, r := range rows {
			if merged == unknown || l.stage.rollouts[r-1].finished >= merged {
				row = earliest(row, r)
				return
			}
		}
	}
	look(p.bySHA[v.MergeCommit])
	for i := range v.Commits {
		look(p.bySHA[v.Commits[i].SHA])
	}
	if c.merge >= 0 {
		if details, ok := l.repo.graph.Details(c.merge); ok && details.PatchID != "" {
			look(p.byPatch[details.PatchID])
		}
	}
	return row
}

// shipCommits lists the commits that rollouts newly reached. Merge commits
// carry no work of their own and are left out.
func (s *stage) shipCommits() {
	for _, name := range sortedKeys(s.lanes) {
		l := s.lanes[name]
		for i, row := range l.claimed {
			if row == 0 || row == l.baseline || len(l.repo.graph.Parents(int32(i))) > 1 {
				continue
			}
			s.shipCommit(l, int32(i), s.rollouts[row-1])
		}
	}
	s.commits = byRow(s.commits, len(s.rollouts))
}

func (s *stage) shipCommit(l *lane, i int32, ro *rollout) {
	verdict := l.repo.paths.commit(i)
	if verdict == pathsOthers {
		return
	}
	sha, _ := evenkeel.ParseSHA(l.repo.graph.SHA(i))
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

// byRow sorts commits by row, keeping the order within a row, in linear time.
func byRow(commits []commitShipment, rows int) []commitShipment {
	starts := make([]int, rows+1)
	for i := range commits {
		starts[commits[i].row+1]++
	}
	for r := range rows {
		starts[r+1] += starts[r]
	}
	sorted := make([]commitShipment, len(commits))
	for i := range commits {
		sorted[starts[commits[i].row]] = commits[i]
		starts[commits[i].row]++
	}
	return sorted
}

// firstAfter is the first position of a sorted column with a value above v.
func firstAfter(column []int64, v int64) int {
	if v == math.MaxInt64 {
		return len(column)
	}
	at, _ := slices.BinarySearch(column, v+1)
	return at
}
