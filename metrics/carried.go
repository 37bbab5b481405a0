package metrics

import "slices"

// owners says, by commit, which change (+1) brought it: of those that list a
// commit, the one merged first. It also notes which changes bring a commit of
// their own that has no copy.
func (d *derivation) owners(r *repository) []int32 {
	if r.owner != nil || r.graph == nil {
		return r.owner
	}
	r.owner = make([]int32, r.graph.Len())
	copies := r.copies()
	for _, i := range r.changes {
		c := &d.changes[i]
		if c.part {
			continue
		}
		for _, at := range c.content() {
			if r.owner[at] == 0 {
				r.owner[at] = i + 1
			}
			if r.owner[at] == i+1 || at == c.merge {
				c.bears = c.bears || copies == nil || !copies.twin[at]
			}
		}
	}
	return r.owner
}

// content are the commits of a change that hold work, as far as the graph
// knows them: its own without merges, and a merge commit that is none.
func (c *change) content() []int32 {
	g := c.repo.graph
	found := slices.DeleteFunc(c.own(), func(at int32) bool { return len(g.Parents(at)) > 1 })
	if c.merge >= 0 && len(g.Parents(c.merge)) < 2 && !slices.Contains(found, c.merge) {
		found = append(found, c.merge)
	}
	return found
}

// carried says that all of a change's work is that of other changes which
// shipped no later: a branch merged back, a release request, a copy of a
// request on another branch. It ships nothing that has not been counted.
func (s *stage) carried(l *lane, i int32, f finding) bool {
	owner := s.d.owners(l.repo)
	c := &s.d.changes[i]
	if owner == nil || c.bears || micros(c.fact.Value.MergedAt) == unknown {
		return false
	}
	content := c.content()
	for _, at := range content {
		if !s.others(l, owner, i, at, f) {
			return false
		}
	}
	return len(content) > 0
}

// others says that a commit of change i is another change's work: because that
// brought it first, or because it is a later copy of what that brought.
func (s *stage) others(l *lane, owner []int32, i, at int32, f finding) bool {
	shipped := func(of int32) bool {
		if of == 0 || of == i+1 {
			return false
		}
		other := s.find(l, of-1)
		return other.row != 0 && other.row <= f.row
	}
	if owner[at] != i+1 && at != s.d.changes[i].merge {
		return shipped(owner[at])
	}
	g := l.repo.graph
	named, alike := l.repo.twins(at)
	for _, from := range slices.Concat(named, alike) {
		later := g.Committed(from).Before(g.Committed(at)) || g.Committed(from).Equal(g.Committed(at)) && slices.Contains(l.repo.copies().origins[at], from)
		if later && shipped(owner[from]) && !l.repo.isAncestor(from, at) {
			return true
		}
	}
	return false
}

// carry notes how a rollout leads to the lane: through an artifact, or as the
// repository that only says what to run.
func (l *lane) carry(ro *rollout, h head) {
	if h.via == viaRecord {
		return
	}
	l.carrier = l.carrier || h.via == viaCarrier
	if l.ways == nil {
		l.ways = map[int32]via{}
	}
	if h.via == viaArtifact || ro.moved || !l.repo.claimed {
		l.ways[ro.row+1] = h.via
	}
}
