package metrics

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// change is a change fact with what its repository's graph knows of it.
type change struct {
	fact *evenkeel.Fact[evenkeel.Change]
	id   ID
	repo *repository
	// merge is the merge commit in the graph; -1 is unknown.
	merge int32
	// nodes are its commits in the graph.
	nodes nodes
	// inGraph says that the graph knows any commit of the change.
	inGraph bool
	// found says that merge was found by author dates; see matchRewritten.
	found bool
	// rewritten are the commits before merge that rebasing made of its own.
	rewritten []int32
	// part says that it is a part of a request that was rebased.
	part bool
	// bears says that it brings a commit that no other change brought; see owners.
	bears   bool
	verdict pathVerdict
}

// readChanges prepares changes and repositories.
func (d *derivation) readChanges() {
	facts := inOrder(d.in.Changes, func(v *evenkeel.Change) time.Time { return v.MergedAt })
	d.changes = make([]change, len(facts))
	listed := 0
	for _, fact := range facts {
		listed += len(fact.Value.Commits)
	}
	room := make([]int32, listed)
	for i, fact := range facts {
		repo := d.repository(fact.Value.Repository)
		c := &d.changes[i]
		*c = change{fact: fact, id: parseID(fact.ID), repo: repo}
		n := len(fact.Value.Commits)
		c.find(room[:n:n])
		room = room[n:]
		if merged := micros(fact.Value.MergedAt); merged != unknown {
			repo.merge(int32(i), merged, branchName(fact.Value.Base))
		}
	}
	d.matchRewritten()
	for i := range d.changes {
		d.changes[i].verdict = d.changes[i].repo.paths.change(&d.changes[i])
	}
}

// nodes are the commits of a change in the graph: those that it lists, in their
// order, its head, and its merge commit as it names it. -1 is unknown.
type nodes struct {
	listed      []int32
	head, merge int32
}

// find looks the change's commits up in the graph; room is where their numbers
// go.
func (c *change) find(room []int32) {
	c.merge, c.nodes = -1, nodes{listed: room, head: -1, merge: -1}
	g := c.repo.graph
	if g == nil {
		for i := range room {
			room[i] = -1
		}
		return
	}
	v := &c.fact.Value
	look := func(sha string) int32 {
		if at, ok := g.IndexNear(c.repo.found, sha); ok {
			c.inGraph, c.repo.found = true, at
			return at
		}
		return -1
	}
	for i := range v.Commits {
		room[i] = look(v.Commits[i].SHA)
	}
	c.nodes.head, c.nodes.merge = look(v.Head), look(v.MergeCommit)
	c.merge = c.nodes.merge
}

// own lists the commits of the change that the graph knows, without its merge.
// The caller may change the list.
func (c *change) own() []int32 {
	if c.repo.graph == nil {
		return nil
	}
	found := make([]int32, 0, len(c.nodes.listed)+len(c.rewritten)+2)
	for _, at := range c.nodes.listed {
		if at >= 0 {
			found = append(found, at)
		}
	}
	if head := c.nodes.head; head >= 0 && !slices.Contains(found, head) {
		found = append(found, head)
	}
	return append(found, c.rewritten...)
}

// merge adds the next change that was merged, by its instant, then by id.
func (r *repository) merge(change int32, at int64, base string) {
	r.byBase[base] = append(r.byBase[base], change)
	r.changes, r.merged = append(r.changes, change), append(r.merged, at)
}

// repository finds or makes what is known of a repository.
func (d *derivation) repository(name string) *repository {
	r, ok := d.repositories[name]
	if !ok {
		r = &repository{name: name, graph: d.in.Graphs[name], byBase: map[string][]int32{}}
		r.claimed = slices.ContainsFunc(d.in.PathClaims[name], func(c evenkeel.PathClaim) bool { return c.Application == d.in.Application })
		r.paths = newPathFilter(d.in.PathClaims[name], d.in.Application, r.graph)
		if d.follow != nil && r.graph != nil {
			r.uses = make([]int32, r.graph.Len())
		}
		d.repositories[name] = r
	}
	return r
}

// phaseCount is the number of phases of a lead time.
const phaseCount = 6

// phaseNames is a constant table, in the order of columns.
func phaseNames() [phaseCount]string {
	return [phaseCount]string{"coding", "pickup", "review", "merge_wait", "build", "deploy"}
}

// begin is when the first commit of the change was authored; unknown if no
// commit says. A merge commit tells of the beginning only where the change
// lists no commits of its own and it is not later than the opening: a squash
// is authored when it is merged.
func (c *change) begin() int64 {
	v := &c.fact.Value
	begun := int64(unknown)
	earlier := func(at int64) {
		if at != unknown && (begun == unknown || at < begun) {
			begun = at
		}
	}
	for i := range v.Commits {
		at := micros(v.Commits[i].AuthoredAt)
		if at == unknown {
			at = c.authored(c.nodes.listed[i])
		}
		earlier(at)
	}
	if begun != unknown {
		return begun
	}
	opened := micros(v.OpenedAt)
	for _, node := range []int32{c.nodes.head, c.nodes.merge} {
		if at := c.authored(node); opened == unknown || at <= opened {
			earlier(at)
		}
	}
	return begun
}

// begun is when the change began: its first commit or its opening, whichever
// is earlier; unknown if neither is known.
func (c *change) begun() int64 {
	begun, opened := c.begin(), micros(c.fact.Value.OpenedAt)
	if begun == unknown || (opened != unknown && opened < begun) {
		return opened
	}
	return begun
}

// size counts the lines that the change adds and deletes; none if unknown.
func (c *change) size() int64 {
	if c.fact.Value.Size == nil {
		return none
	}
	return int64(c.fact.Value.Size.Added) + int64(c.fact.Value.Size.Deleted)
}

// authored is when a commit of the graph was written; unknown for -1.
func (c *change) authored(at int32) int64 {
	if at < 0 {
		return unknown
	}
	return micros(c.repo.graph.Authored(at))
}

// start is when a lead time begins by an event; unknown where it is not known
// when that was. What never was a draft is ready from its opening.
func (c *change) start(event evenkeel.LeadStart, begun int64) int64 {
	v := &c.fact.Value
	opened := micros(v.OpenedAt)
	switch event {
	case evenkeel.StartCommitted:
		return begun
	case evenkeel.StartOpened:
		return opened
	case evenkeel.StartReady:
		return max(opened, micros(v.ReadyAt))
	case evenkeel.StartMerged:
		return micros(v.MergedAt)
	}
	if begun == unknown || (opened != unknown && opened < begun) {
		return opened
	}
	return begun
}

// timing is the lead time of a change that shipped at an instant, with its
// phases; none where unknown. problem is the note that excludes it, or -1;
// lost says that a phase was negative and left out.
func (c *change) timing(event evenkeel.LeadStart, shipped int64) (lead int64, phases [phaseCount]int64, problem int, lost bool) {
	v := &c.fact.Value
	for i := range phases {
		phases[i] = none
	}
	begun, opened, merged := c.begin(), micros(v.OpenedAt), micros(v.MergedAt)
	start := c.start(event, begun)
	switch {
	case start == unknown:
		return none, phases, int(noteStartUnknown), false
	case merged != unknown && merged > shipped:
		return none, phases, int(noteMergedAfter), false
	case start > shipped:
		return none, phases, int(noteNegativeLead), false
	}
	ready, reviewed, approved := micros(v.ReadyAt), micros(v.FirstReviewAt), micros(v.ApprovedAt)
	reviewable, reviewEnd := opened, approved
	if ready != unknown && (opened == unknown || ready > opened) {
		reviewable = ready
	}
	if reviewEnd == unknown {
		reviewEnd = merged
	}
	for i, ends := range [phaseCount][2]int64{{begun, opened}, {reviewable, reviewed}, {reviewed, reviewEnd}, {approved, merged}, {unknown, unknown}, {merged, shipped}} {
		if ends[0] == unknown || ends[1] == unknown {
			continue
		}
		if ends[1] < ends[0] {
			lost = true
			continue
		}
		phases[i] = ends[1] - ends[0]
	}
	return shipped - start, phases, -1, lost
}

// revertName is what a revert_of names, within a repository: "#number" or a
// commit id.
type revertName struct {
	repo *repository
	name string
}

func (c *change) revertOf() revertName {
	name := c.fact.Value.RevertOf
	if number, err := strconv.Atoi(strings.TrimLeft(name, "#!")); err == nil && !evenkeel.ValidSHA(name) {
		name = "#" + strconv.Itoa(number)
	}
	return revertName{c.repo, name}
}

// reverted lists the changes that reverts name, by name; those of one name are
// in the order of their ids.
func (d *derivation) reverted() map[revertName][]int32 {
	found := map[revertName][]int32{}
	for i := range d.changes {
		if d.changes[i].fact.Value.RevertOf != "" {
			found[d.changes[i].revertOf()] = nil
		}
	}
	if len(found) == 0 {
		return nil
	}
	for i := range d.changes {
		c := &d.changes[i]
		for _, name := range c.names() {
			key := revertName{c.repo, name}
			if list, ok := found[key]; ok && !slices.Contains(list, int32(i)) {
				found[key] = append(list, int32(i))
			}
		}
	}
	for _, list := range found {
		d.sortByID(list)
	}
	return found
}

// names lists what a revert can call the change.
func (c *change) names() []string {
	v := &c.fact.Value
	names := []string{v.MergeCommit, v.Head}
	if v.Number > 0 {
		names = append(names, "#"+strconv.Itoa(v.Number))
	}
	for i := range v.Commits {
		names = append(names, v.Commits[i].SHA)
	}
	return names
}
