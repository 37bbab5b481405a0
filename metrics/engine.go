package metrics

import (
	"maps"
	"reflect"
	"slices"

	"github.com/evenkeel-dev/evenkeel"
)

// Engine keeps the facts of one application and what is derived from them, and
// takes in what becomes known later. Its results always equal those of
// deriving from all facts. It is not safe for concurrent use; the results that
// it gives out are.
type Engine struct {
	rules   []PolicyFrom
	in      Input // Without facts.
	packs   map[string]int64
	facts   held
	derived Derived
	// walk is what the results were derived by; nil where more than one rule
	// judges, or nothing was added yet.
	walk *derivation
	// saved are the segments as they were given out last, unsaved the months
	// that may differ from them; nil is all.
	saved    map[segmentName]evenkeel.Segment
	unsaved  map[segmentName]bool
	followed Following
}

// Following says how an engine took in what became known.
type Following struct {
	// Appended is how often what was new was appended, Anew by reason how often
	// all had to be derived anew.
	Appended int
	Anew     map[string]int
	// Work counts the commits, changes, incidents and rows of results that were
	// looked at the last time something was appended.
	Work int
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
// [evenkeel.ApplicationFacts]; rules are at least one.
func NewEngine(in Input, packs map[string]int64, rules []PolicyFrom) *Engine {
	in.Graphs = maps.Clone(in.Graphs) // To which grown ones are added.
	e := &Engine{rules: rules, in: in, packs: maps.Clone(packs), followed: Following{Anew: map[string]int{}}}
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
	e.settle(in)
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
func (e *Engine) Judge(rules []PolicyFrom) { e.rules, e.walk = rules, nil }

// settle derives everything anew.
func (e *Engine) settle(in Input) {
	e.walk, e.unsaved = nil, nil
	if len(e.rules) > 1 {
		e.derived = DeriveBy(in, e.rules)
		return
	}
	e.walk = walk(in, e.rules[0].Policy)
	e.derived = e.walk.derived()
}

// Following says how the engine took in what became known since it was made.
func (e *Engine) Following() Following {
	return Following{Appended: e.followed.Appended, Anew: maps.Clone(e.followed.Anew), Work: e.followed.Work}
}

// Derived are the results.
func (e *Engine) Derived() Derived { return e.derived }

// Packs are the numbers of the last packs of commits that were taken in, by
// repository.
func (e *Engine) Packs() map[string]int64 { return e.packs }

// Size counts the facts and commits that are kept, and a hundredth of what is
// kept of each of them for every environment.
func (e *Engine) Size() int {
	n := len(e.facts.deployments) + len(e.facts.changes) + len(e.facts.incidents) + len(e.facts.artifacts) + len(e.facts.builds)
	for _, g := range e.in.Graphs {
		n += g.Len()
	}
	if e.walk != nil {
		n += e.walk.size() / 100
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
	n, why := e.news(delta)
	e.take(delta)
	if why == "" {
		why = e.append(n)
	}
	if why != "" {
		e.followed.Anew[why]++
		e.settle(e.input())
		return true
	}
	e.followed.Appended, e.followed.Work = e.followed.Appended+1, e.walk.follow.work
	return true
}

// append has the walk continued by what is new. It says why that cannot be.
func (e *Engine) append(n news) (why string) {
	if e.walk == nil {
		return "several rules"
	}
	if e.walk.follow == nil {
		e.walk.keep()
	}
	if why = e.walk.add(n); why != "" {
		return why
	}
	months := e.derived.monthly
	if months == nil {
		months = monthsOf(e.derived)
	}
	touched := map[segmentName]*environment{}
	for name, in := range e.walk.follow.touched {
		touched[name] = e.walk.stages[name.environment].columns(in)
		e.walk.follow.work += touched[name].rows()
		if e.unsaved != nil {
			e.unsaved[name] = true
		}
	}
	e.derived = Derived{Application: e.in.Application, monthly: months.with(touched), lookup: &lookup{}}
	return ""
}

// news are the facts that differ from what is held; why they cannot be
// appended, where facts are gone.
func (e *Engine) news(delta evenkeel.FactsDelta) (n news, why string) {
	n = news{
		deployments: differing(e.facts.deployments, delta.Deployments), changes: differing(e.facts.changes, delta.Changes),
		incidents: differing(e.facts.incidents, delta.Incidents), builds: differing(e.facts.builds, delta.Builds), grown: map[string]*evenkeel.Graph{},
	}
	for _, fact := range differing(e.facts.artifacts, delta.Artifacts) {
		if e.linked(fact) {
			n.artifacts = append(n.artifacts, fact)
		}
	}
	for repository := range delta.Nodes {
		n.grown[repository] = e.in.Graphs[repository]
	}
	for _, id := range delta.Away {
		switch {
		case slices.ContainsFunc(delta.Incidents, func(f evenkeel.Fact[evenkeel.Incident]) bool { return f.ID == id }): // It is there again.
		case e.facts.incidents[id] != nil:
			n.gone = append(n.gone, id)
		case e.facts.changes[id] != nil || e.facts.builds[id] != nil:
			why = "a fact that was withdrawn"
		}
	}
	return n, why
}

// differing are the facts that are new or differ from those held, each once:
// the last one told.
func differing[T any](held map[string]*evenkeel.Fact[T], told []evenkeel.Fact[T]) (list []*evenkeel.Fact[T]) {
	last := map[string]int{}
	for i := range told {
		last[told[i].ID] = i
	}
	for i := range told {
		before := held[told[i].ID]
		if last[told[i].ID] == i && (before == nil || !reflect.DeepEqual(*before, told[i])) {
			list = append(list, &told[i])
		}
	}
	return list
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
	if e.unsaved == nil {
		return e.saveAll()
	}
	for name := range e.unsaved {
		before, held := e.saved[name]
		at, there := slices.BinarySearchFunc(e.derived.monthly.months, name, segmentName.compare)
		if !there {
			if held {
				gone = append(gone, evenkeel.Segment{Environment: name.environment, Month: name.month})
				delete(e.saved, name)
			}
			continue
		}
		s := e.derived.monthly.parts[at].pack(name.environment, name.month)
		if !held || !slices.Equal(before.Data, s.Data) {
			changed, e.saved[name] = append(changed, s), s
		}
	}
	clear(e.unsaved)
	return changed, gone
}

func (e *Engine) saveAll() (changed []evenkeel.Segment, gone []evenkeel.Segment) {
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
	e.saved, e.unsaved = now, map[segmentName]bool{}
	return changed, gone
}
