package metrics

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/evenkeel-dev/evenkeel"
)

// copies says which commits of a repository are copies of one another: by the
// trailer that git cherry-pick -x writes, and by patch id.
type copies struct {
	// twin says, by commit, that it has a copy or is one.
	twin []bool
	// alike lists the commits of a patch id, where those are several; group is
	// by commit the place in it, plus 1.
	alike [][]int32
	group []int32
	// of lists the commits that name a commit as their origin, by its id.
	of map[string][]int32
	// origins are the known commits that a commit names.
	origins map[int32][]int32
}

// copies reads the details of all commits, when first needed; nil if the
// repository has no copies.
func (r *repository) copies() *copies {
	if r.copiesRead || r.graph == nil {
		return r.copied
	}
	r.copiesRead = true
	n := r.graph.Len()
	c := copies{twin: make([]bool, n), group: make([]int32, n), of: map[string][]int32{}, origins: map[int32][]int32{}}
	first := map[string]int32{}
	r.patches = first
	for i, details := range r.graph.Detailed() {
		c.join(first, details.PatchID, i)
		for _, sha := range pickedFrom(details.Trailers) {
			c.name(r.graph, sha, i)
		}
	}
	if len(c.alike)+len(c.of) == 0 {
		return nil
	}
	for _, list := range c.alike {
		slices.Sort(list)
	}
	for _, list := range c.of {
		slices.Sort(list)
	}
	for _, list := range c.origins {
		slices.Sort(list)
	}
	r.copied = &c
	return r.copied
}

// join lays a commit to those of its patch id.
func (c *copies) join(first map[string]int32, patch string, i int32) {
	if patch == "" {
		return
	}
	other, ok := first[patch]
	if !ok {
		first[patch] = i
		return
	}
	if c.group[other] == 0 {
		c.alike = append(c.alike, []int32{other})
		c.group[other] = int32(len(c.alike))
		c.twin[other] = true
	}
	group := c.group[other]
	c.alike[group-1] = append(c.alike[group-1], i)
	c.group[i], c.twin[i] = group, true
}

// name notes that commit i says it was picked from another one.
func (c *copies) name(g *evenkeel.Graph, sha string, i int32) {
	if slices.Contains(c.of[sha], i) {
		return
	}
	c.of[sha] = append(c.of[sha], i)
	if origin, ok := g.Index(sha); ok && origin != i {
		c.origins[i] = append(c.origins[i], origin)
		c.twin[i], c.twin[origin] = true, true
	}
}

// likes are the commits with the patch id of a commit, itself included; none
// where it has that alone.
func (c *copies) likes(i int32) []int32 {
	if c.group[i] == 0 {
		return nil
	}
	return c.alike[c.group[i]-1]
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

// applied says that a commit takes back another one, so that it may apply
// again what was there before.
func applied(d evenkeel.Details) bool {
	return slices.ContainsFunc(slices.Collect(maps.Keys(d.Trailers)), func(key string) bool { return strings.HasPrefix(key, "revert") })
}

// twins lists the other commits that commit i is a copy of, or that are copies
// of it, with the way in which they are found.
func (r *repository) twins(i int32) (named, alike []int32) {
	c := r.copies()
	if c == nil || !c.twin[i] {
		return nil, nil
	}
	named = slices.Concat(c.origins[i], c.of[r.graph.SHA(i)])
	for _, other := range c.likes(i) {
		if other != i && !slices.Contains(named, other) {
			alike = append(alike, other)
		}
	}
	return named, alike
}

// settleCopies finds out which of the commits that a rollout newly reached are
// copies of commits that ran before and are not among its ancestors: they
// shipped then. (What is applied again after a revert has its first
// application as an ancestor.) Each commit that ran stands for one copy.
func (l *lane) settleCopies(ro *rollout, at int32) {
	if len(l.fresh) == 0 {
		return
	}
	generation := l.repo.generations()
	slices.SortFunc(l.fresh, func(a, b int32) int {
		if generation[a] != generation[b] {
			return cmp.Compare(generation[a], generation[b])
		}
		return l.repo.graph.Compare(a, b)
	})
	candidates, some := make([][]int32, len(l.fresh)), false
	for n, i := range l.fresh {
		named, alike := l.repo.twins(i)
		for _, other := range slices.Concat(named, alike) {
			if row := l.claimed[other]; row != 0 && row != ro.row+1 {
				candidates[n], some = append(candidates[n], other), true
			}
		}
	}
	if !some {
		return
	}
	if l.copied == nil {
		l.copied, l.stoodFor = make([]int32, l.repo.graph.Len()), make([]bool, l.repo.graph.Len())
	}
	for n, i := range l.fresh {
		l.settleCopy(i, at, candidates[n])
	}
}

// settleCopy lays a commit to the first of the candidates that is no ancestor
// of the rollout's commit at and stands for no other copy yet.
func (l *lane) settleCopy(i, at int32, candidates []int32) {
	slices.SortFunc(candidates, func(a, b int32) int {
		return cmp.Or(cmp.Compare(l.rowOf(a), l.rowOf(b)), l.repo.graph.Compare(a, b))
	})
	for _, other := range candidates {
		if l.stoodFor[other] || l.repo.isAncestor(other, at) {
			continue
		}
		l.stoodFor[other] = true
		l.copied[i] = l.rowOf(other)
		return
	}
}

// isCopy says that the work of a commit shipped as that of another one.
func (l *lane) isCopy(i int32) bool { return l.copied != nil && l.copied[i] != 0 }

// rowOf is the row + 1 with which a commit's work shipped; 0 is not yet.
func (l *lane) rowOf(i int32) int32 {
	if l.isCopy(i) {
		return l.copied[i]
	}
	return l.claimed[i]
}

// picked finds the first rollout, not before the change was merged, that
// reached copies of all of its work.
func (l *lane) picked(c *change) finding {
	copies := l.repo.copies()
	if copies == nil {
		return finding{}
	}
	v := &c.fact.Value
	found := l.copyOf(copies, v.MergeCommit, c.merge, micros(v.MergedAt))
	var own finding
	for i := range v.Commits {
		sha := v.Commits[i].SHA
		at := c.nodes.listed[i]
		if at >= 0 && len(l.repo.graph.Parents(at)) > 1 {
			continue
		}
		one := l.copyOf(copies, sha, at, micros(v.MergedAt))
		if one.row == 0 {
			return found
		}
		own = finding{row: max(own.row, one.row), method: max(own.method, one.method)}
	}
	return found.earlier(own)
}

// copyOf is the first rollout, not before the instant, that reached a copy of
// a commit; at is -1 where the graph does not know it.
func (l *lane) copyOf(copies *copies, sha string, at int32, merged int64) (found finding) {
	look := func(i int32, method uint8) {
		row := l.claimed[i]
		if row != 0 && (merged == unknown || l.stage.rollouts[row-1].finished >= merged) {
			found = found.earlier(finding{row: row, method: method})
		}
	}
	for _, i := range copies.of[sha] {
		look(i, methodPick)
	}
	if at < 0 || !copies.twin[at] {
		return found
	}
	alike := copies.likes(at)
	for _, i := range alike {
		if i != at && len(copies.origins[i]) == 0 && !l.repo.appliedBetween(alike, at, i) {
			look(i, methodPatch)
		}
	}
	return found
}

// appliedBetween says that the work of commit at was applied again before
// commit i was made, so that i is a copy of that, or is that.
func (r *repository) appliedBetween(alike []int32, at, i int32) bool {
	from, to := r.graph.Committed(at), r.graph.Committed(i)
	return slices.ContainsFunc(alike, func(other int32) bool {
		details, _ := r.graph.Details(other)
		committed := r.graph.Committed(other)
		return other != at && applied(details) && committed.After(from) && !committed.After(to)
	})
}
