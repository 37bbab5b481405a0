package metrics

import (
	"cmp"
	"slices"

	"github.com/evenkeel-dev/evenkeel"
)

// addChanges takes in changes, and those whose commits came now.
func (d *derivation) addChanges(n news) {
	told := map[string]bool{}
	for _, fact := range n.changes {
		told[fact.ID] = true
		d.addChange(fact)
	}
	for _, fact := range d.follow.awaited {
		if !told[fact.ID] {
			d.addChange(fact)
		}
	}
}

// addChange takes in a change that stands alone and that no rollout has looked
// at by time order, or replaces what was held of one.
func (d *derivation) addChange(fact *evenkeel.Fact[evenkeel.Change]) {
	f := d.follow
	i, held := f.places[fact.ID]
	if held {
		d.drop(i, fact)
	} else {
		i = int32(len(d.changes))
		f.places[fact.ID] = i
		d.changes = append(d.changes, change{})
		for _, s := range d.ordered {
			s.room()
		}
	}
	if f.whole != "" {
		return
	}
	c := &d.changes[i]
	*c = change{fact: fact, id: parseID(fact.ID), repo: d.repository(fact.Value.Repository)}
	c.find(make([]int32, len(fact.Value.Commits)))
	if d.walked(c) || d.reverting(c) {
		f.giveUp("a change of old, or one that is reverted")
		return
	}
	c.rewrite()
	c.verdict = c.repo.paths.change(c)
	d.link(i)
	f.dirty[i] = true
}

// room is for one more change.
func (s *stage) room() {
	if s.fallback == nil {
		return
	}
	s.fallback, s.shippedBy = append(s.fallback, finding{}), append(s.shippedBy, 0)
	if s.rests != nil {
		s.rests = append(s.rests, rest{})
	}
}

// drop takes back what was settled of a change that is told otherwise.
func (d *derivation) drop(i int32, fact *evenkeel.Fact[evenkeel.Change]) {
	c, v := &d.changes[i], &fact.Value
	before := &c.fact.Value
	switch {
	case before.Repository != v.Repository, !before.MergedAt.IsZero() && (!before.MergedAt.Equal(v.MergedAt) || before.Base != v.Base):
		d.follow.giveUp("a change that was merged otherwise")
		return
	case d.walked(c) || d.reverting(c):
		d.follow.giveUp("a change of old, or one that is reverted")
		return
	}
	for _, s := range d.ordered {
		if s.fallback != nil {
			s.unship(i)
		}
	}
	d.unlink(i)
}

// walked says that a rollout may have looked at a change, or would have, when
// it passed: by the time of its merge, or by whether a branch has any.
func (d *derivation) walked(c *change) bool {
	merged := micros(c.fact.Value.MergedAt)
	if merged == unknown {
		return false
	}
	base := branchName(c.fact.Value.Base)
	for _, s := range d.ordered {
		l := s.lanes[c.repo.name]
		if l != nil && (merged <= l.looked || l.blind && (len(c.repo.changes) == 0 || len(c.repo.byBase[base]) == 0)) {
			return true
		}
	}
	return false
}

// reverting says that a change reverts another one, or that one reverts it.
func (d *derivation) reverting(c *change) bool {
	if c.fact.Value.RevertOf != "" {
		return true
	}
	return d.reverts != nil && slices.ContainsFunc(c.names(), func(name string) bool {
		_, named := d.reverts[revertName{c.repo, name}]
		return named
	})
}

// link lays a change to its commits and to the order of its repository.
func (d *derivation) link(i int32) {
	f, c := d.follow, &d.changes[i]
	r := c.repo
	if !d.use(i) {
		f.giveUp("a change that shares commits with another")
		return
	}
	if c.copied() {
		f.giveUp("a change with copies")
		return
	}
	if r.owner != nil && !c.fact.Value.MergedAt.IsZero() {
		content := c.content()
		for _, at := range content {
			r.owner[at] = i + 1
		}
		c.bears = len(content) > 0
	}
	if merged := micros(c.fact.Value.MergedAt); merged != unknown {
		at, _ := slices.BinarySearchFunc(r.changes, i, d.compareMerged)
		r.changes, r.merged = slices.Insert(r.changes, at, i), slices.Insert(r.merged, at, merged)
		if r.byBase == nil {
			r.byBase = map[string][]int32{}
		}
		base := branchName(c.fact.Value.Base)
		at, _ = slices.BinarySearchFunc(r.byBase[base], i, d.compareMerged)
		r.byBase[base] = slices.Insert(r.byBase[base], at, i)
	}
	d.builtBy(i, true)
}

func (d *derivation) unlink(i int32) {
	f, c := d.follow, &d.changes[i]
	r := c.repo
	if !d.unuse(i) || c.part {
		f.giveUp("a change that shares commits with another")
		return
	}
	if c.copied() {
		f.giveUp("a change with copies")
		return
	}
	if r.owner != nil {
		for _, at := range c.content() {
			r.owner[at] = 0
		}
	}
	if !c.fact.Value.MergedAt.IsZero() {
		at, _ := slices.BinarySearchFunc(r.changes, i, d.compareMerged)
		r.changes, r.merged = slices.Delete(r.changes, at, at+1), slices.Delete(r.merged, at, at+1)
		base := branchName(c.fact.Value.Base)
		at, _ = slices.BinarySearchFunc(r.byBase[base], i, d.compareMerged)
		r.byBase[base] = slices.Delete(r.byBase[base], at, at+1)
	}
	d.builtBy(i, false)
}

// compareMerged orders changes by their merge.
func (d *derivation) compareMerged(a, b int32) int {
	x, y := &d.changes[a], &d.changes[b]
	return cmp.Or(cmp.Compare(micros(x.fact.Value.MergedAt), micros(y.fact.Value.MergedAt)), x.id.compare(y.id))
}

// copied says that a commit of the change is a copy or has one.
func (c *change) copied() bool {
	copies := c.repo.copies()
	if copies == nil {
		return false
	}
	v := &c.fact.Value
	named := len(copies.of[v.MergeCommit]) > 0
	for i := range v.Commits {
		named = named || len(copies.of[v.Commits[i].SHA]) > 0
	}
	return named || slices.ContainsFunc(c.concerned(), func(at int32) bool { return copies.twin[at] })
}

// builtBy notes, or forgets, to whom the builds of a change's commits belong.
func (d *derivation) builtBy(i int32, known bool) {
	c := &d.changes[i]
	r := c.repo
	if r.builders == nil {
		return
	}
	v := &c.fact.Value
	names := []string{v.MergeCommit, v.Head}
	for n := range v.Commits {
		names = append(names, v.Commits[n].SHA)
	}
	for _, name := range names {
		if name == "" {
			continue
		}
		if _, ok := evenkeel.ParseSHA(name); !ok {
			d.follow.giveUp("a commit without an id")
		}
		delete(r.builders, name)
		if known {
			r.builders[name] = c.verdict
		}
		d.relist(r, name)
	}
}
