package metrics

import (
	"cmp"
	"slices"

	"github.com/evenkeel-dev/evenkeel"
)

// news are facts that are new, or differ from what is held of them.
type news struct {
	deployments []*evenkeel.Fact[evenkeel.Deployment]
	changes     []*evenkeel.Fact[evenkeel.Change]
	incidents   []*evenkeel.Fact[evenkeel.Incident]
	artifacts   []*evenkeel.Fact[evenkeel.Artifact]
	builds      []*evenkeel.Fact[evenkeel.Build]
	// gone are the incidents that were withdrawn.
	gone []string
	// grown are the graphs that have more commits.
	grown map[string]*evenkeel.Graph
}

// add appends facts to a derivation that is kept. It says why it cannot, where
// they may touch what was settled before; the derivation is of no use then.
func (d *derivation) add(n news) (whole string) {
	f := d.follow
	f.begin()
	for _, s := range d.ordered {
		s.touched, s.dirty = period{}, nil
	}
	for _, step := range []func(news){d.addCommits, d.addArtifacts, d.addBuilds, d.addChanges, d.addRecords, d.passFresh, d.reship, d.failFresh, d.addIncidents, d.rejudge, d.reopen} {
		if step(n); f.whole != "" {
			return f.whole
		}
	}
	return ""
}

// addCommits lets graphs grow.
func (d *derivation) addCommits(n news) {
	for _, name := range sortedKeys(n.grown) {
		r, known := d.repositories[name]
		switch {
		case !known: // Nothing was looked up in it yet.
		case r.graph == nil:
			d.follow.giveUp("the first commits of a repository")
		default:
			d.grow(r, n.grown[name])
		}
	}
}

// grow makes room for more commits and looks what they may change.
func (d *derivation) grow(r *repository, g *evenkeel.Graph) {
	from := r.graph.Len()
	more := g.Len() - from
	r.grow(g, more)
	for _, s := range d.ordered {
		if l := s.lanes[r.name]; l != nil {
			l.claimed = append(l.claimed, make([]int32, more)...)
			if l.copied != nil {
				l.copied, l.stoodFor = append(l.copied, make([]int32, more)...), append(l.stoodFor, make([]bool, more)...)
			}
		}
	}
	awaited := map[int32]bool{}
	for i := int32(from); i < int32(g.Len()); i++ {
		d.addCommit(r, i, awaited)
	}
	for i := range awaited {
		d.follow.awaited = append(d.follow.awaited, d.changes[i].fact)
	}
}

// grow makes room for more commits.
func (r *repository) grow(g *evenkeel.Graph, more int) {
	r.graph = g
	if r.paths.claims != nil {
		r.paths.graph = g
	}
	r.uses = append(r.uses, make([]int32, more)...)
	if r.owner != nil {
		r.owner = append(r.owner, make([]int32, more)...)
	}
	if r.copied != nil {
		r.copied.twin, r.copied.group = append(r.copied.twin, make([]bool, more)...), append(r.copied.group, make([]int32, more)...)
	}
	r.generation, r.lineage = nil, nil
}

// addCommit looks what a commit that came later may change: copies, gaps,
// requests that were rebased, what was deployed before it was known. Changes
// that waited for it are awaited.
func (d *derivation) addCommit(r *repository, i int32, awaited map[int32]bool) {
	f := d.follow
	sha := r.graph.ID(i)
	text := sha.Hex()
	details, _ := r.graph.Details(i)
	f.work++
	switch {
	case f.unheard[text]:
		f.giveUp("a commit that was deployed before it was known")
	case r.copiesRead && r.joins(i, details, text):
		f.giveUp("a copy of a commit")
	case r.gapsRead && !r.gaps && r.graph.Missing(i):
		f.giveUp("the first gap of a graph")
	}
	if second := r.graph.Authored(i).Unix(); r.authored != nil {
		if _, held := r.authored[second]; held || r.sought[second] {
			f.giveUp("a commit of the same second")
		}
		if !r.graph.Authored(i).IsZero() {
			r.authored[second] = i
		}
	}
	switch held := f.absent[commitKey(&sha)]; held {
	case 0:
	case many:
		f.giveUp("a commit that several changes name")
	default:
		awaited[held-1] = true
	}
	if r.paths.claims != nil && len(r.built[text]) > 0 {
		d.relist(r, text)
	}
}

// joins says whether a commit is a copy, or has one.
func (r *repository) joins(i int32, details evenkeel.Details, text string) bool {
	if len(pickedFrom(details.Trailers)) > 0 || r.copied != nil && len(r.copied.of[text]) > 0 {
		return true
	}
	if details.PatchID == "" {
		return false
	}
	_, held := r.patches[details.PatchID]
	r.patches[details.PatchID] = i
	return held
}

// addArtifacts takes in what artifacts were built from, where none of them was
// deployed yet.
func (d *derivation) addArtifacts(n news) {
	for _, fact := range n.artifacts {
		name := fact.Value.Artifact
		if d.follow.artifacts[name] || len(d.artifacts[name]) > 0 {
			d.follow.giveUp("an artifact that came late")
			return
		}
	}
	slices.SortFunc(n.artifacts, func(a, b *evenkeel.Fact[evenkeel.Artifact]) int { return cmp.Compare(a.ID, b.ID) })
	for _, fact := range n.artifacts {
		d.addArtifact(fact)
	}
}

// addBuilds joins attempts to runs, and looks anew at what they were built for.
func (d *derivation) addBuilds(n news) {
	f := d.follow
	for _, fact := range n.builds {
		v := &fact.Value
		key := buildKey{v.Repository, v.Commit, v.Pipeline}
		if held, ok := f.runOf[fact.ID]; ok && held != key {
			f.giveUp("a build of another commit")
			return
		}
		before, had := build{}, false
		if list := f.attempts[key]; len(list) > 0 {
			before, had = joinAttempts(list)
		}
		f.attempt(fact)
		after, has := joinAttempts(f.attempts[key])
		d.rebuild(key, before, had, after, has)
	}
}

// rebuild replaces a run.
func (d *derivation) rebuild(key buildKey, before build, had bool, after build, has bool) {
	repo := d.repository(key.repository)
	if _, ok := evenkeel.ParseSHA(key.commit); !ok || repo.paths.claims != nil && len(repo.built) == 0 {
		d.follow.giveUp("the first build of a repository")
		return
	}
	if repo.built == nil {
		repo.built = map[string][]build{}
	}
	runs := repo.built[key.commit]
	if had {
		d.unlist(before.of(repo))
		runs = slices.DeleteFunc(runs, func(b build) bool { return b == before })
	}
	if has {
		at, _ := slices.BinarySearchFunc(runs, after, build.compare)
		runs = slices.Insert(runs, at, after)
	}
	repo.built[key.commit] = runs
	d.relist(repo, key.commit)
	d.builtFor(repo, key.commit)
}

func (d *derivation) unlist(one build) {
	d.runs = unput(d.stage(""), d.runs, one, build.compare, buildAt)
}

// relist lists the runs on a commit anew.
func (d *derivation) relist(r *repository, commit string) {
	for _, one := range r.built[commit] {
		d.unlist(one.of(r))
		if r.commitVerdict(commit) != pathsOthers {
			d.runs = put(d.stage(""), d.runs, one.of(r), build.compare, buildAt)
		}
	}
}

// builtFor has the changes looked at anew of which the builds of a commit may
// tell when they were ready.
func (d *derivation) builtFor(r *repository, commit string) {
	f := d.follow
	for _, ro := range f.heads[commit] {
		for _, one := range ofRows(ro.stage.shipments, ro.row, ro.row+1, func(one *shipment) int32 { return one.row }) {
			if d.changes[one.change].repo == r {
				ro.stage.soil(one.change)
			}
		}
	}
	sha, _ := evenkeel.ParseSHA(commit)
	if r.graph != nil {
		if at, ok := r.graph.Index(commit); ok {
			for _, i := range d.users(r, at) {
				f.dirty[i] = true
			}
			return
		}
	}
	switch held := f.absent[commitKey(&sha)]; held {
	case 0:
	case many:
		f.giveUp("a build of a commit that several changes name")
	default:
		f.dirty[held-1] = true
	}
}

// addRecords takes in deployments that are later than all of their environment.
func (d *derivation) addRecords(n news) {
	held := map[*stage]int{}
	for _, fact := range n.deployments {
		d.addRecord(fact, held)
	}
	for _, s := range d.ordered {
		from, ok := held[s]
		if fresh := s.rollouts[min(from, len(s.rollouts)):]; ok && len(fresh) > 0 && d.follow.whole == "" {
			s.append(from, fresh)
		}
	}
}

func (d *derivation) addRecord(fact *evenkeel.Fact[evenkeel.Deployment], held map[*stage]int) {
	f, r := d.follow, newRecord(fact)
	if f.named[fact.ExternalID] || f.named[fact.Source+"/"+fact.ExternalID] || f.said[fact.ID] {
		f.giveUp("a deployment that others name")
		return
	}
	if before := d.links.byFact[fact.ID]; before != nil {
		s := d.stage(before.fact.Value.Environment)
		if before.rollout != nil || before.tried || len(s.noted[before.id]) > 0 {
			f.giveUp("a deployment that was told before")
			return
		}
		d.links.remove(before)
	}
	d.links.add(r)
	f.know(r)
	s := d.stage(fact.Value.Environment)
	if _, ok := held[s]; !ok {
		held[s] = len(s.rollouts)
	}
	if !s.counts(r) {
		return
	}
	s.join(d.groups, r)
	if r.rollout.settled {
		f.giveUp("a deployment of a group")
	}
}

// append takes in rollouts at the end of an environment.
func (s *stage) append(from int, fresh []*rollout) {
	f := s.d.follow
	for _, ro := range fresh {
		slices.SortFunc(ro.records, compareRecords)
		ro.settle(s.d.artifacts)
	}
	slices.SortFunc(fresh, compareRollouts)
	for n, ro := range fresh {
		ro.row = int32(from + n)
		s.d.head(ro)
		s.touch(ro.finished)
	}
	switch {
	case from > 0 && compareRollouts(s.rollouts[from-1], fresh[0]) >= 0:
		f.giveUp("a late deployment")
	case from == 0 && (s.class() == evenkeel.Production || f.struck[s.name]):
		f.giveUp("the first deployment of an environment")
	}
	if s.fallback == nil {
		s.prepare()
	}
	f.fresh = append(f.fresh, fresh...)
}

// passFresh lets the new rollouts pass.
func (d *derivation) passFresh(news) {
	for _, ro := range d.follow.fresh {
		s := ro.stage
		for _, h := range ro.heads {
			if l, ok := s.lanes[h.repository]; s.class() == evenkeel.Production && (!ok || l.baseline == 0) {
				d.follow.giveUp("the first deployment of a repository")
				return
			}
		}
		carriers := s.carriers()
		s.pass(ro)
		if s.carriers() != carriers {
			d.follow.giveUp("the first deployment that only says what to run")
		}
	}
}

// carriers counts the lanes that only say what to run.
func (s *stage) carriers() (n int) {
	for _, l := range s.lanes {
		if l.carrier {
			n++
		}
	}
	return n
}

// reship settles anew the changes that differ, or ran for the first time.
func (d *derivation) reship(news) {
	f := d.follow
	for _, ro := range f.fresh {
		for _, h := range ro.heads {
			ro.stage.reach(ro.stage.lanes[h.repository])
		}
	}
	for _, s := range d.ordered {
		if s.fallback == nil {
			continue
		}
		for i := range f.dirty {
			s.reship(i)
		}
		for _, i := range s.dirty {
			if !f.dirty[i] {
				s.reship(i)
			}
		}
		s.orderFresh()
	}
}

// reach takes in the commits that a lane newly reached.
func (s *stage) reach(l *lane) {
	for _, i := range l.newly {
		row := l.claimed[i]
		s.d.follow.work++
		s.shipCommit(l, i, row)
		s.d.follow.ran = append(s.d.follow.ran, placed{l.repo, i})
		if row == l.baseline {
			continue
		}
		for _, change := range s.d.users(l.repo, i) {
			s.soil(change)
		}
	}
	l.newly = nil
}

// soil has a change settled anew in this environment.
func (s *stage) soil(i int32) {
	if s.d.follow != nil && !slices.Contains(s.dirty, i) {
		s.dirty = append(s.dirty, i)
	}
}

func (s *stage) reship(i int32) {
	f := s.d.follow
	f.work++
	s.unship(i)
	s.shipChange(i)
	if s.shippedBy[i] == 0 {
		return
	}
	f.shipped = append(f.shipped, placedShipment{s, i})
	ro := s.rollouts[s.shippedBy[i]-1]
	f.redo[ro] = true
	if _, reverts := s.d.back[i]; (reverts || f.reverted[i]) && (f.dirty[i] || !slices.Contains(f.fresh, ro)) {
		f.giveUp("a revert that differs")
	}
}

// shipment finds the shipment of a change that is shipped.
func (s *stage) shipment(i int32) *shipment {
	at, _ := slices.BinarySearchFunc(s.shipments, shipment{row: s.shippedBy[i] - 1, change: i}, s.compareShipments)
	return &s.shipments[at]
}

// unship takes back what was settled of a change.
func (s *stage) unship(i int32) {
	c := &s.d.changes[i]
	if row := s.shippedBy[i]; row != 0 {
		ro := s.rollouts[row-1]
		at, _ := slices.BinarySearchFunc(s.shipments, shipment{row: row - 1, change: i}, s.compareShipments)
		s.shipments = slices.Delete(s.shipments, at, at+1)
		s.shippedBy[i] = 0
		ro.shipped--
		ro.method = ro.walked
		for _, one := range ofRows(s.shipments, ro.row, ro.row+1, func(one *shipment) int32 { return one.row }) {
			ro.needs(one.method)
		}
		s.touch(ro.finished)
		if _, reverts := s.d.back[i]; reverts || s.d.follow.reverted[i] {
			s.d.follow.giveUp("a revert that differs")
		}
	}
	if s.rests != nil {
		if s.rests[i].left != 0 {
			s.unshipped = unput(s, s.unshipped, s.left(i), note.compare, noteAt)
		}
		s.rests[i] = rest{}
	}
	s.untell(c.id)
}

// untell takes back the notes about a fact.
func (s *stage) untell(id ID) {
	for _, n := range s.noted[id] {
		s.notes = unput(s, s.notes, n, note.compare, noteAt)
	}
	delete(s.noted, id)
}

// orderFresh puts the commits of new rollouts, which were listed at the end,
// in order.
func (s *stage) orderFresh() {
	from := s.commitsHeld
	slices.SortFunc(s.commits[from:], func(a, b commitShipment) int {
		if a.row != b.row {
			return int(a.row - b.row)
		}
		return a.id.compare(b.id)
	})
	s.commitsHeld = len(s.commits)
}

// failFresh climbs the ladder for what is new.
func (d *derivation) failFresh(news) {
	f := d.follow
	crossed := d.crossed
	for _, ro := range f.fresh {
		f.doubted[ro], f.redo[ro] = true, true
		if ro.row > 0 {
			f.redo[ro.stage.rollouts[ro.row-1]] = true
		}
		if ro.rollback && crossed {
			break
		}
		ro.stage.failRollback(ro)
		ro.stage.failHotfix(ro)
	}
	if d.crossed && slices.ContainsFunc(f.fresh, func(ro *rollout) bool { return ro.rollback }) {
		f.giveUp("a rollback of another environment")
	}
	for _, p := range f.shipped {
		p.stage.failReverts(*p.stage.shipment(p.change))
	}
}

// doubt has a rollout judged anew.
func (s *stage) doubt(ro *rollout) {
	if s.d.follow != nil {
		s.d.follow.doubted[ro], s.d.follow.redo[ro] = true, true
	}
}

// addIncidents lays incidents anew: those that differ, and those that began
// after a new rollout finished.
func (d *derivation) addIncidents(n news) {
	f := d.follow
	again := map[string]*evenkeel.Fact[evenkeel.Incident]{}
	for _, ro := range f.fresh {
		from, _ := slices.BinarySearchFunc(f.ordered, ro.finished, func(one *laidIncident, at int64) int {
			if one.row.start < at {
				return -1
			}
			return 1
		})
		for _, one := range f.ordered[from:] {
			again[one.fact.ID] = one.fact
		}
	}
	for _, fact := range n.incidents {
		again[fact.ID] = fact
	}
	for _, id := range n.gone {
		d.unlay(id)
		delete(again, id)
	}
	for _, id := range sortedKeys(again) {
		f.work++
		d.unlay(id)
		f.hold(d.attribute(again[id]))
	}
}

// unlay takes back what an incident said.
func (d *derivation) unlay(id string) {
	f := d.follow
	one := f.laid[id]
	if one == nil {
		return
	}
	delete(f.laid, id)
	at, _ := slices.BinarySearchFunc(f.ordered, one, (*laidIncident).compare)
	f.ordered = slices.Delete(f.ordered, at, at+1)
	for _, s := range d.ordered {
		s.untell(one.row.id)
	}
	if one.home != nil {
		one.home.incidents = unput(one.home, one.home.incidents, one.row, incidentRow.compare, incidentAt)
		if one.row.rung != rungNone && one.row.restored != unknown {
			one.home.recoveries = unput(one.home, one.home.recoveries, one.row.recoveryRow(), recoveryRow.compare, recoveryAt)
		}
	}
	for _, ro := range one.row.causes {
		ro.acquit(one.row.id)
	}
	if one.near != nil {
		one.near.near = slices.DeleteFunc(one.near.near, func(n nearby) bool { return n.incident == one.row.id })
		one.near.stage.doubt(one.near)
	}
}

// acquit takes away what an incident said against a rollout.
func (ro *rollout) acquit(incident ID) {
	for _, b := range ro.blames {
		if b.by == incident {
			ro.stage.blames = unput(ro.stage, ro.stage.blames, b, blame.compare, blameAt)
		}
	}
	ro.blames = slices.DeleteFunc(ro.blames, func(b blame) bool { return b.by == incident })
	ro.stage.doubt(ro)
}

// rejudge settles anew what became of rollouts and what they shipped.
func (d *derivation) rejudge(news) {
	f := d.follow
	for ro := range f.doubted {
		s := ro.stage
		if row, ok := ro.recovery(); ok {
			s.recoveries = unput(s, s.recoveries, row, recoveryRow.compare, recoveryAt)
			one := note{at: row.at, code: noteFailureStartUnknown, shared: ro.shared, id: row.id}
			s.notes = unput(s, s.notes, one, note.compare, noteAt)
			s.noted[row.id] = slices.DeleteFunc(s.noted[row.id], func(n note) bool { return n == one })
		}
		s.judge(ro)
		s.touch(ro.finished)
	}
	for ro := range f.redo {
		rows := ofRows(ro.stage.shipments, ro.row, ro.row+1, func(one *shipment) int32 { return one.row })
		for i := range rows {
			rows[i].flags &^= flagRework
			ro.stage.redo(&rows[i])
		}
		ro.stage.touch(ro.finished)
	}
	d.repeat()
}

// reopen lists anew which changes are in progress.
func (d *derivation) reopen(news) {
	f := d.follow
	some := map[int32]bool{}
	for i := range f.dirty {
		some[i] = true
	}
	for _, s := range d.ordered {
		if s.rests != nil {
			for _, i := range s.dirty {
				some[i] = true
			}
		}
	}
	home := d.stage("")
	for i := range some {
		if row, ok := f.opened[i]; ok {
			d.opened = unput(home, d.opened, row, openRow.compare, openAt)
			delete(f.opened, i)
		}
		if row, ok := d.inProgress(i, f.deployed); ok {
			d.opened = put(home, d.opened, row, openRow.compare, openAt)
			f.opened[i] = row
		}
	}
}
