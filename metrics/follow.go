package metrics

import (
	"cmp"
	"encoding/binary"
	"slices"

	"github.com/evenkeel-dev/evenkeel"
)

// follow is what a derivation keeps, beside its rows, so that later facts can
// be appended; see [derivation.add].
type follow struct {
	// whole says why what was told cannot be appended; empty if it can.
	whole string
	// touched are the months whose rows changed.
	touched map[segmentName]period
	// places are the numbers of changes by fact id.
	places map[string]int32
	// uses are the changes that name a commit, in chains that begin at
	// repository.uses. absent are the changes (+1) that name a commit which no
	// graph knows, by the start of its id; many is more than one.
	uses   []use
	absent map[uint64]int32
	// named is what rollbacks and incidents call deployments, said the
	// deployments (by fact id) that people named, unheard the commits that were
	// deployed and that no graph knew, artifacts those that were deployed.
	named, said, unheard, artifacts map[string]bool
	// heads are the rollouts of a commit.
	heads map[string][]*rollout
	// struck are the names of the environments that incidents name.
	struck map[string]bool
	// laid are the incidents by fact id, ordered the same by start.
	laid    map[string]*laidIncident
	ordered []*laidIncident
	// attempts are the builds of a run.
	attempts map[buildKey][]*evenkeel.Fact[evenkeel.Build]
	runOf    map[string]buildKey
	deployed map[string]bool
	opened   map[int32]openRow
	// reverted are the changes that reverts name.
	reverted map[int32]bool

	// What one addition concerns: changes that differ or ran for the first
	// time, rollouts to judge, rollouts of which shipments may be rework, what
	// was shipped, and how much was looked at.
	dirty   map[int32]bool
	doubted map[*rollout]bool
	redo    map[*rollout]bool
	shipped []placedShipment
	fresh   []*rollout
	ran     []placed
	awaited []*evenkeel.Fact[evenkeel.Change]
	work    int
}

// use is one change (+1) that names a commit, and the next use of it (+1).
type use struct{ change, next int32 }

const many = -1

type placedShipment struct {
	stage  *stage
	change int32
}

// keep readies a finished derivation for more facts.
func (d *derivation) keep() *derivation {
	f := &follow{
		places: make(map[string]int32, len(d.changes)), uses: make([]use, 0, 4*len(d.changes)), absent: map[uint64]int32{},
		named: map[string]bool{}, said: map[string]bool{}, unheard: map[string]bool{}, artifacts: map[string]bool{},
		heads: map[string][]*rollout{}, struck: map[string]bool{}, laid: map[string]*laidIncident{},
		attempts: map[buildKey][]*evenkeel.Fact[evenkeel.Build]{}, runOf: map[string]buildKey{},
		deployed: d.deployed(), opened: make(map[int32]openRow, len(d.opened)), reverted: map[int32]bool{},
	}
	d.follow = f
	f.begin()
	for _, r := range d.repositories {
		if r.graph != nil {
			r.uses = make([]int32, r.graph.Len())
		}
	}
	for i := range d.changes {
		f.places[d.changes[i].fact.ID] = int32(i)
		d.use(int32(i))
	}
	for _, list := range d.reverts {
		for _, i := range list {
			f.reverted[i] = true
		}
	}
	for _, row := range d.opened {
		f.opened[row.change] = row
	}
	d.keepRecords()
	d.keepIncidents()
	for i := range d.in.Builds {
		f.attempt(&d.in.Builds[i])
	}
	return d
}

// size counts what is kept of changes and commits for every environment.
func (d *derivation) size() (n int) {
	for _, s := range d.ordered {
		n += 3 * len(s.fallback)
		for _, l := range s.lanes {
			n += len(l.claimed)
		}
	}
	return n
}

// begin forgets what the last addition concerned.
func (f *follow) begin() {
	f.touched, f.dirty, f.doubted, f.redo = map[segmentName]period{}, map[int32]bool{}, map[*rollout]bool{}, map[*rollout]bool{}
	f.shipped, f.fresh, f.ran, f.awaited, f.work = nil, nil, nil, nil, 0
}

// give up: all has to be derived anew.
func (f *follow) giveUp(why string) { f.whole = cmp.Or(f.whole, why) }

func (d *derivation) keepRecords() {
	for _, r := range d.links.byFact {
		d.follow.know(r)
	}
	for _, link := range d.in.Links {
		for _, id := range link.Deployments {
			d.follow.said[id] = true
		}
	}
	for _, s := range d.ordered {
		s.commitsHeld = len(s.commits)
		s.noted = map[ID][]note{}
		for _, n := range s.notes {
			s.noted[n.id] = append(s.noted[n.id], n)
		}
		for _, ro := range s.rollouts {
			d.head(ro)
		}
	}
}

// know keeps what a record names.
func (f *follow) know(r *record) {
	if v := &r.fact.Value; v.RollbackOf != "" {
		f.named[v.RollbackOf] = true
	}
	if r.fact.Value.Artifact != "" {
		f.artifacts[r.fact.Value.Artifact] = true
	}
}

// head keeps which commits a rollout runs.
func (d *derivation) head(ro *rollout) {
	for _, h := range ro.heads {
		d.follow.heads[h.commit] = append(d.follow.heads[h.commit], ro)
		if g := d.repository(h.repository).graph; g != nil {
			if _, known := g.Index(h.commit); known {
				continue
			}
		}
		d.follow.unheard[h.commit] = true
	}
}

func (d *derivation) keepIncidents() {
	f := d.follow
	slices.SortFunc(d.laid, (*laidIncident).compare)
	for _, one := range d.laid {
		f.hold(one)
	}
}

func (f *follow) hold(one *laidIncident) {
	f.laid[one.fact.ID] = one
	at, _ := slices.BinarySearchFunc(f.ordered, one, (*laidIncident).compare)
	f.ordered = slices.Insert(f.ordered, at, one)
	f.struck[environmentName(one.fact.Value.Environment)] = true
	if name := one.fact.Value.CausedBy; name != "" {
		f.named[name] = true
	}
}

// attempt keeps a build with the others of its run.
func (f *follow) attempt(fact *evenkeel.Fact[evenkeel.Build]) {
	v := &fact.Value
	key := buildKey{v.Repository, v.Commit, v.Pipeline}
	at := slices.IndexFunc(f.attempts[key], func(held *evenkeel.Fact[evenkeel.Build]) bool { return held.ID == fact.ID })
	if at >= 0 {
		f.attempts[key][at] = fact
		return
	}
	f.attempts[key], f.runOf[fact.ID] = append(f.attempts[key], fact), key
}

// concerned lists the commits that what becomes of a change depends on.
func (c *change) concerned() []int32 {
	if c.repo.graph == nil {
		return nil
	}
	list := c.own()
	for _, at := range []int32{c.merge, c.nodes.merge} {
		if at < 0 {
			continue
		}
		list = append(list, at)
		if parents := c.repo.graph.Parents(at); len(parents) > 1 {
			list = append(list, parents[1:]...)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// missing lists the commits that a change names and the graph does not know.
func (c *change) missing() []uint64 {
	var list []uint64
	v := &c.fact.Value
	look := func(text string, at int32) {
		if sha, ok := evenkeel.ParseSHA(text); ok && at < 0 {
			list = append(list, commitKey(&sha))
		}
	}
	look(v.MergeCommit, c.nodes.merge)
	look(v.Head, c.nodes.head)
	for i := range v.Commits {
		look(v.Commits[i].SHA, c.nodes.listed[i])
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func commitKey(sha *evenkeel.SHA) uint64 { return binary.BigEndian.Uint64(sha[:8]) }

// use notes the commits of a change, and says whether none is another's.
func (d *derivation) use(i int32) (alone bool) {
	f, c := d.follow, &d.changes[i]
	alone = true
	for _, at := range c.concerned() {
		alone = alone && c.repo.uses[at] == 0
		f.uses = append(f.uses, use{i + 1, c.repo.uses[at]})
		c.repo.uses[at] = int32(len(f.uses))
	}
	for _, key := range c.missing() {
		if held := f.absent[key]; held != 0 {
			alone = false
			f.absent[key] = many
			continue
		}
		f.absent[key] = i + 1
	}
	return alone
}

// unuse forgets the commits of a change, and says whether none was another's.
func (d *derivation) unuse(i int32) (alone bool) {
	f, c := d.follow, &d.changes[i]
	alone = true
	for _, at := range c.concerned() {
		first := &c.repo.uses[at]
		alone = alone && *first != 0 && f.uses[*first-1] == use{i + 1, 0}
		*first = 0 // Where it is not alone, nothing is appended.
	}
	for _, key := range c.missing() {
		alone = alone && f.absent[key] == i+1
		delete(f.absent, key)
	}
	return alone
}

// users are the changes that name a commit.
func (d *derivation) users(r *repository, at int32) (list []int32) {
	for u := r.uses[at]; u != 0; u = d.follow.uses[u-1].next {
		list = append(list, d.follow.uses[u-1].change-1)
	}
	return list
}
