package metrics

import "slices"

// placed is a commit of a repository.
type placed struct {
	repo *repository
	at   int32
}

// matchRewritten finds the commits that requests became when they were rebased
// onto their branch, by a host or by a queue: other ids, the same author dates.
// What git alone took for a change of its own, because it is a single commit
// on the branch, is then a part of the request.
func (d *derivation) matchRewritten() {
	single := map[placed]*change{}
	for i := range d.changes {
		c := &d.changes[i]
		switch {
		case c.merge < 0:
		case c.fact.Value.Number > 0:
			c.repo.noteMerge(c.merge)
		case len(c.repo.graph.Parents(c.merge)) < 2:
			if other := single[placed{c.repo, c.merge}]; other == nil || other.fact.ID < c.fact.ID {
				single[placed{c.repo, c.merge}] = c
			}
		}
	}
	for i := range d.changes {
		c := &d.changes[i]
		if !c.listed() {
			continue
		}
		commits := c.match()
		if len(single) > 0 && c.fact.Value.Number > 0 {
			commits = append(commits, c.own()...)
		}
		for _, at := range commits {
			if part, ok := single[placed{c.repo, at}]; ok && part != c && sameBase(part, c) {
				part.part = true
			}
		}
	}
}

// listed says that a change was merged and its commits may be found.
func (c *change) listed() bool {
	return c.repo.graph != nil && !c.fact.Value.MergedAt.IsZero() && len(c.fact.Value.Commits) > 0
}

// rewrite finds what a request became that shares its commits with no other.
func (c *change) rewrite() {
	if c.listed() {
		c.match()
	}
}

// sameBase says that two changes were merged to one branch, as far as is known.
func sameBase(a, b *change) bool {
	x, y := branchName(a.fact.Value.Base), branchName(b.fact.Value.Base)
	return x == y || x == "" || y == ""
}

// match finds what a request became on its branch: from its merge commit down,
// or, where the graph knows nothing of the request, from the one commit that
// was written when the request's last was.
func (c *change) match() []int32 {
	switch {
	case c.merge >= 0:
		if len(c.fact.Value.Commits) < 2 || slices.Contains(c.nodes.listed, c.merge) {
			return nil
		}
		if run := c.repo.run(c.merge, c.written()); len(run) > 1 {
			c.rewritten = run[1:]
			return run
		}
	case !c.inGraph:
		written := c.written()
		if len(written) == 0 {
			return nil
		}
		at, ok := c.repo.writtenAt(written[len(written)-1])
		if !ok || int(at) < len(c.repo.merges) && c.repo.merges[at] {
			return nil
		}
		if run := c.repo.run(at, written); len(run) == len(c.fact.Value.Commits) {
			c.merge, c.inGraph, c.found, c.rewritten = at, true, true, run[1:]
			return run
		}
	}
	return nil
}

// noteMerge keeps in mind that a request was merged with a commit.
func (r *repository) noteMerge(at int32) {
	if r.merges == nil {
		r.merges = make([]bool, r.graph.Len())
	}
	r.merges[at] = true
}

// written are the seconds in which the request's commits were written, sorted;
// git keeps no finer time.
func (c *change) written() []int64 {
	var seconds []int64
	for i := range c.fact.Value.Commits {
		if at := c.fact.Value.Commits[i].AuthoredAt; !at.IsZero() {
			seconds = append(seconds, at.Unix())
		}
	}
	slices.Sort(seconds)
	return seconds
}

// run goes down from a commit, by only parents, as long as each commit was
// written in a second that is left of those given.
func (r *repository) run(from int32, written []int64) []int32 {
	left := slices.Clone(written)
	var run []int32
	for at := from; ; {
		n, found := slices.BinarySearch(left, r.graph.Authored(at).Unix())
		parents := r.graph.Parents(at)
		if !found || len(parents) > 1 {
			return run
		}
		run, left = append(run, at), slices.Delete(left, n, n+1)
		if len(left) == 0 || len(parents) == 0 {
			return run
		}
		at = parents[0]
	}
}

// writtenAt finds the only commit that was written in a second.
func (r *repository) writtenAt(second int64) (int32, bool) {
	if r.authored == nil {
		r.authored = make(map[int64]int32, r.graph.Len())
		for i := range int32(r.graph.Len()) {
			at := r.graph.Authored(i)
			if _, several := r.authored[at.Unix()]; several {
				r.authored[at.Unix()] = -1
			} else if !at.IsZero() {
				r.authored[at.Unix()] = i
			}
		}
	}
	if r.sought == nil {
		r.sought = map[int64]bool{}
	}
	r.sought[second] = true
	at, ok := r.authored[second]
	return at, ok && at >= 0
}
