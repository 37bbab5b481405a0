package metrics

import (
	"maps"
	"slices"

	"github.com/evenkeel-dev/evenkeel"
)

// Engine keeps the facts of one application and what is derived from them, and
// takes in what becomes known later. Its results always equal those of
// deriving from all facts. It is not safe for concurrent use; the results that
// it gives out are.
type Engine struct {
	derive  func(Input) Derived
	in      Input // Without facts.
	packs   map[string]int64
	facts   held
	derived Derived
	// saved are the segments as they were given out last.
	saved map[segmentName]evenkeel.Segment
}

// held are facts by id.
type held struct {
	deployments map[string]*evenkeel.Fact[evenkeel.Deployment]
	changes     map[string]*evenkeel.Fact[evenkeel.Change]
	incidents   map[string]*evenkeel.Fact[evenkeel.Incident]
	artifacts   map[string]*evenkeel.Fact[evenkeel.Artifact]
	builds      map[string]*evenkeel.Fact[evenkeel.Build]
	// repositories are those that changes name.
	repositories map[string]bool
	// links says how many deployments name an artifact.
	links map[string]bool
}

type segmentName struct{ environment, month string }

// NewEngine derives from all facts of an application. packs are as those of
// [evenkeel.ApplicationFacts]; derive is Derive under some rules.
func NewEngine(in Input, packs map[string]int64, derive func(Input) Derived) *Engine {
	e := &Engine{derive: derive, in: in, packs: maps.Clone(packs), derived: derive(in)}
	e.facts = held{
		deployments: byID(in.Deployments), changes: byID(in.Changes), incidents: byID(in.Incidents), artifacts: byID(in.Artifacts), builds: byID(in.Builds),
		repositories: map[string]bool{}, links: map[string]bool{},
	}
	for i := range in.Changes {
		e.facts.repositories[in.Changes[i].Value.Repository] = true
	}
	for i := range in.Deployments {
		e.facts.links[in.Deployments[i].Value.Artifact] = true
	}
	e.in.Deployments, e.in.Changes, e.in.Incidents, e.in.Artifacts, e.in.Builds = nil, nil, nil, nil, nil
	e.in.Graphs = maps.Clone(in.Graphs)
	return e
}

func byID[T any](facts []evenkeel.Fact[T]) map[string]*evenkeel.Fact[T] {
	found := make(map[string]*evenkeel.Fact[T], len(facts))
	for i := range facts {
		found[facts[i].ID] = &facts[i]
	}
	return found
}

// Judge has the facts derived by other rules from the next Add on.
func (e *Engine) Judge(derive func(Input) Derived) { e.derive = derive }

// Derived are the results.
func (e *Engine) Derived() Derived { return e.derived }

// Packs are the numbers of the last packs of commits that were taken in, by
// repository.
func (e *Engine) Packs() map[string]int64 { return e.packs }

// Size counts the facts and commits that are kept.
func (e *Engine) Size() int {
	n := len(e.facts.deployments) + len(e.facts.changes) + len(e.facts.incidents) + len(e.facts.artifacts) + len(e.facts.builds)
	for _, g := range e.in.Graphs {
		n += g.Len()
	}
	return n
}

// Add takes in what became known since. It is false, and the engine is of no
// use any more, where that changes which facts belong to the application: all
// of them have to be read anew then.
func (e *Engine) Add(delta evenkeel.FactsDelta) bool {
	if delta.Whole || !e.fits(delta) || !e.grow(delta) {
		return false
	}
	e.take(delta)
	e.derived = e.derive(e.input())
	return true
}

// fits says whether the facts are of the repositories that are held.
func (e *Engine) fits(delta evenkeel.FactsDelta) bool {
	for _, id := range delta.Away {
		if e.facts.deployments[id] != nil || e.facts.artifacts[id] != nil {
			return false // Which repositories are deployed from may be others.
		}
	}
	for i := range delta.Deployments {
		d := &delta.Deployments[i]
		if before := e.facts.deployments[d.ID]; before != nil && !sameSource(&before.Value, &d.Value) {
			return false
		}
		if !e.knows(d.Value.Repository) {
			return false
		}
		for repository := range d.Value.Commits {
			if !e.knows(repository) {
				return false
			}
		}
		e.facts.links[d.Value.Artifact] = true
	}
	for i := range delta.Artifacts {
		a := &delta.Artifacts[i]
		if before := e.facts.artifacts[a.ID]; before != nil && (before.Value.Repository != a.Value.Repository || before.Value.Artifact != a.Value.Artifact) {
			return false
		}
		if e.linked(a) && !e.knows(a.Value.Repository) {
			return false
		}
	}
	return !slices.ContainsFunc(delta.Changes, func(c evenkeel.Fact[evenkeel.Change]) bool {
		return !e.facts.repositories[c.Value.Repository] && !e.knows(c.Value.Repository)
	})
}

// linked says whether a deployment names the artifact.
func (e *Engine) linked(a *evenkeel.Fact[evenkeel.Artifact]) bool {
	return a.Value.Artifact != "" && e.facts.links[a.Value.Artifact]
}

func (e *Engine) knows(repository string) bool {
	_, known := e.packs[repository]
	return known || repository == ""
}

// sameSource says whether two deployments name the same repositories and
// artifact.
func sameSource(a, b *evenkeel.Deployment) bool {
	names := func(d *evenkeel.Deployment) []string { return sortedKeys(d.Commits) }
	return a.Repository == b.Repository && a.Artifact == b.Artifact && slices.Equal(names(a), names(b))
}

// grow adds commits to the graphs. Late ones, which change what is known of
// others, make it fail.
func (e *Engine) grow(delta evenkeel.FactsDelta) bool {
	for repository, nodes := range delta.Nodes {
		g := e.in.Graphs[repository]
		if g == nil {
			e.in.Graphs[repository] = evenkeel.NewGraph(nodes)
			continue
		}
		grown, ok := g.With(nodes)
		if !ok {
			return false
		}
		e.in.Graphs[repository] = grown
	}
	maps.Copy(e.packs, delta.Packs)
	return true
}

func (e *Engine) take(delta evenkeel.FactsDelta) {
	for _, id := range delta.Away {
		delete(e.facts.changes, id)
		delete(e.facts.incidents, id)
		delete(e.facts.builds, id)
	}
	replace(e.facts.deployments, delta.Deployments)
	replace(e.facts.changes, delta.Changes)
	replace(e.facts.incidents, delta.Incidents)
	replace(e.facts.builds, delta.Builds)
	for i := range delta.Artifacts {
		if a := &delta.Artifacts[i]; e.linked(a) {
			e.facts.artifacts[a.ID] = a
		}
	}
	for i := range delta.Changes {
		e.facts.repositories[delta.Changes[i].Value.Repository] = true
	}
}

func replace[T any](into map[string]*evenkeel.Fact[T], facts []evenkeel.Fact[T]) {
	for i := range facts {
		into[facts[i].ID] = &facts[i]
	}
}

// input is everything known.
func (e *Engine) input() Input {
	in := e.in
	in.Deployments, in.Changes = listOf(e.facts.deployments), listOf(e.facts.changes)
	in.Incidents, in.Artifacts = listOf(e.facts.incidents), listOf(e.facts.artifacts)
	in.Builds = listOf(e.facts.builds)
	return in
}

func listOf[T any](facts map[string]*evenkeel.Fact[T]) []evenkeel.Fact[T] {
	list := make([]evenkeel.Fact[T], 0, len(facts))
	for _, f := range facts {
		list = append(list, *f)
	}
	return list
}

// Save gives out the segments that have changed since the last call, and names
// those that are there no longer; at first all.
func (e *Engine) Save() (changed []evenkeel.Segment, gone []evenkeel.Segment) {
	now := map[segmentName]evenkeel.Segment{}
	for _, s := range e.derived.Pack() {
		name := segmentName{s.Environment, s.Month}
		now[name] = s
		if before, ok := e.saved[name]; !ok || !slices.Equal(before.Data, s.Data) {
			changed = append(changed, s)
		}
	}
	for name, s := range e.saved {
		if _, ok := now[name]; !ok {
			gone = append(gone, evenkeel.Segment{Environment: s.Environment, Month: s.Month})
		}
	}
	e.saved = now
	return changed, gone
}
