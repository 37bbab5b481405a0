package metrics

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// Splice joins what two versions of the rules made of the facts of one
// application: each row before an instant is the one's, each later row, and
// each of unknown instant, the other's. A change that shipped to an
// environment before the instant under the old rules is not shipped to it
// again after; one that only the new rules had shipped before is excluded as
// definition_changed. What is in progress is as the new rules see it.
// Splicing results with themselves changes nothing.
func Splice(before, after Derived, at time.Time) Derived {
	s := splice{at: micros(at), shipped: map[string]map[ID]bool{}, delivered: map[ID]bool{}}
	for _, e := range before.columns() {
		s.ship(e)
	}
	type pair struct{ before, after *environment }
	pairs := map[environmentKey]pair{}
	for _, e := range before.columns() {
		pairs[keyOf(e)] = pair{before: e}
	}
	for _, e := range after.columns() {
		pairs[keyOf(e)] = pair{pairs[keyOf(e)].before, e}
	}
	out := Derived{Application: after.Application, lookup: &lookup{}}
	for key, p := range pairs {
		empty := &environment{name: key.name, class: key.class}
		if e := s.environment(cmp.Or(p.before, empty), cmp.Or(p.after, empty)); !e.empty() || len(e.unshipped.id) > 0 {
			out.environments = append(out.environments, e)
		}
	}
	slices.SortFunc(out.environments, func(a, b *environment) int {
		return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.class, b.class))
	})
	settleRepeats(out.environments)
	return out
}

// environmentKey tells environments apart: other rules may give the same name
// another class.
type environmentKey struct {
	name  string
	class evenkeel.EnvironmentClass
}

func keyOf(e *environment) environmentKey { return environmentKey{e.name, e.class} }

// splice is one run of Splice.
type splice struct {
	at int64
	// shipped are the changes and commits that shipped before the instant, by
	// environment.
	shipped map[string]map[ID]bool
	// delivered are the changes that reached production before the instant.
	delivered map[ID]bool
}

func (s *splice) ship(e *environment) {
	if s.shipped[e.name] == nil {
		s.shipped[e.name] = map[ID]bool{}
	}
	if e.class == evenkeel.Production {
		rows, _ := slices.BinarySearch(e.changes.at, s.at)
		for _, id := range e.changes.id[:rows] {
			s.delivered[id] = true
		}
	}
	for _, column := range []struct {
		id []ID
		at []int64
	}{{e.changes.id, e.changes.at}, {e.commits.id, e.commits.at}} {
		rows, _ := slices.BinarySearch(column.at, s.at)
		for _, id := range column.id[:rows] {
			s.shipped[e.name][id] = true
		}
	}
}

// environment joins two columns of one environment and class.
func (s *splice) environment(before, after *environment) *environment {
	out := &environment{name: after.name, class: after.class}
	first, second := before.within(spans{{minMicros, s.at}}), after.within(spans{{s.at, math.MaxInt64}})
	again := s.forget(second)
	placeless := &environment{}
	first.part()
	placeless.incidents, placeless.blames = second.part()
	first.open, first.builds = open{}, builds{}
	second.open, second.builds = after.open.without(s.delivered), after.builds
	out.appendMonth(placeless)
	out.appendMonth(first)
	out.appendMonth(second)
	list, left := s.notes(before, after, out, again)
	out.notes, out.unshipped = notes{}, notes{}
	slices.SortFunc(list, note.compare)
	slices.SortFunc(left, note.compare)
	out.notes.fill(list)
	out.unshipped.fill(left)
	return out
}

// forget takes away what shipped before, and returns the ids.
func (s *splice) forget(e *environment) map[ID]bool {
	again := map[ID]bool{}
	gone := s.shipped[e.name]
	var kept []int32
	for row, id := range e.changes.id {
		if gone[id] {
			again[id] = true
			e.deployments.shipped[e.changes.deployment[row]]--
			continue
		}
		kept = append(kept, int32(row))
	}
	every := make([]int32, len(e.deployments.id))
	for i := range every {
		every[i] = int32(i)
	}
	e.changes = e.changes.pick(kept, every)
	kept = nil
	for row, id := range e.commits.id {
		if gone[id] {
			again[id] = true
			continue
		}
		kept = append(kept, int32(row))
	}
	c := &e.commits
	e.commits = commits{pick(c.id, kept), pick(c.at, kept), pick(c.deployment, kept), pick(c.flags, kept), pick(c.lead, kept)}
	return again
}

// notes lists the notes of both sides, and the changes that nothing ships.
// again are those whose later shipment was left out, with what was noted of it.
func (s *splice) notes(before, after, out *environment, again map[ID]bool) (list, left []note) {
	keep := func(n *notes, wanted func(note) bool) {
		for row := range n.id {
			one := n.note(row)
			if wanted(one) {
				list = append(list, one)
			}
		}
	}
	keep(&before.notes, func(n note) bool { return n.at != unknown && n.at < s.at })
	keep(&after.notes, func(n note) bool {
		return (n.at == unknown || n.at >= s.at) && (!again[n.id] || noteSubject(n.code) == evenkeel.KindDeployment)
	})
	shipped := map[ID]bool{}
	for _, id := range out.changes.id {
		shipped[id] = true
	}
	told := map[ID]bool{}
	for row, id := range after.unshipped.id {
		if told[id] = true; !shipped[id] {
			left = append(left, after.unshipped.note(row))
		}
	}
	for row, id := range after.changes.id {
		if after.changes.at[row] < s.at && !shipped[id] && !told[id] {
			told[id] = true
			list = append(list, note{at: s.at, code: noteDefinitionChanged, shared: after.changes.flags[row]&flagShared != 0, id: id})
		}
	}
	return list, left
}

func (n *notes) note(row int) note {
	return note{at: n.at[row], code: n.code[row], shared: n.flags[row]&flagShared != 0, unplaced: n.flags[row]&flagUnplaced != 0, id: n.id[row]}
}

// byKnowledge tells rows of unknown instants from the others.
func byKnowledge(at []int64) (placeless, placed []int32) {
	for row, one := range at {
		if one == unknown {
			placeless = append(placeless, int32(row))
			continue
		}
		placed = append(placed, int32(row))
	}
	return placeless, placed
}

// part takes away, and returns, the incidents and blames of unknown instants:
// they come first in their columns.
func (e *environment) part() (incidents, blames) {
	placeless, placed := byKnowledge(e.incidents.at)
	i := e.incidents.pick(placeless)
	e.incidents = e.incidents.pick(placed)
	placeless, placed = byKnowledge(e.blames.at)
	b := e.blames.pick(placeless)
	e.blames = e.blames.pick(placed)
	return i, b
}

// without is the work in progress less what shipped.
func (o *open) without(shipped map[ID]bool) open {
	var kept []int32
	for row, id := range o.id {
		if !shipped[id] {
			kept = append(kept, int32(row))
		}
	}
	return open{pick(o.id, kept), pick(o.at, kept), pick(o.merged, kept), pick(o.closed, kept), pick(o.flags, kept), pick(o.size, kept)}
}

// settleRepeats marks anew what another environment of the class shipped
// earlier, and drops notes of changes that one of them did ship.
func settleRepeats(environments []*environment) {
	shipped := map[evenkeel.EnvironmentClass]map[ID]bool{}
	for _, e := range environments {
		for _, flags := range [][]uint16{e.changes.flags, e.commits.flags} {
			for row := range flags {
				flags[row] &^= flagRepeat
			}
		}
		if shipped[e.class] == nil {
			shipped[e.class] = map[ID]bool{}
		}
		for _, id := range e.changes.id {
			shipped[e.class][id] = true
		}
	}
	for _, same := range byClass(environments) {
		markLater(shippedOf(same, func(e *environment) ([]ID, []int64, []uint16) { return e.changes.id, e.changes.at, e.changes.flags }))
		markLater(shippedOf(same, func(e *environment) ([]ID, []int64, []uint16) { return e.commits.id, e.commits.at, e.commits.flags }))
	}
	for _, e := range environments {
		var kept []int32
		for row, code := range e.notes.code {
			if code != noteDefinitionChanged || !shipped[e.class][e.notes.id[row]] {
				kept = append(kept, int32(row))
			}
		}
		e.notes = e.notes.pick(kept)
	}
}

// byClass are the environments of each class that has several.
func byClass(environments []*environment) map[evenkeel.EnvironmentClass][]*environment {
	found := map[evenkeel.EnvironmentClass][]*environment{}
	for _, e := range environments {
		found[e.class] = append(found[e.class], e)
	}
	maps.DeleteFunc(found, func(_ evenkeel.EnvironmentClass, same []*environment) bool { return len(same) < 2 })
	return found
}

func shippedOf(environments []*environment, columns func(*environment) ([]ID, []int64, []uint16)) []shipped {
	list := make([]shipped, len(environments))
	for n, e := range environments {
		ids, at, flags := columns(e)
		list[n] = shipped{len(ids), func(i int) (ID, int64, *uint16) { return ids[i], at[i], &flags[i] }}
	}
	return list
}

// Broken is the comparison of figures between which the rules changed: no
// difference has a direction.
func (c Comparison) Broken() Comparison {
	c.withhold(UnclearDefinition)
	return c
}
