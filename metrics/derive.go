package metrics

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// Input is everything known of one application, for all time. Facts may come
// in any order and repeatedly, but one id always says the same.
type Input struct {
	// Application is the application's id, as PathClaims name it.
	Application string
	Deployments []evenkeel.Fact[evenkeel.Deployment]
	Changes     []evenkeel.Fact[evenkeel.Change]
	Incidents   []evenkeel.Fact[evenkeel.Incident]
	Artifacts   []evenkeel.Fact[evenkeel.Artifact]
	// Builds are those of the repositories that it deploys from.
	Builds []evenkeel.Fact[evenkeel.Build]
	// Links are what people said of its incidents, by the incident's fact id.
	Links map[string]evenkeel.IncidentLink
	// Graphs holds the commit graphs by repository.
	Graphs map[string]*evenkeel.Graph
	// PathClaims holds every application's claims by repository.
	PathClaims map[string][]evenkeel.PathClaim
	// Foreign holds the ids of incidents whose caused_by names a deployment of
	// another application, even where a deployment here has the same id, and
	// the ids of other applications' deployments that Links name.
	Foreign map[string]bool
	// Guests holds the ids of incidents that belong to other applications only
	// and are here because of what they may have been caused by.
	Guests map[string]bool
}

// derivation is one run of Derive.
type derivation struct {
	in     Input
	policy evenkeel.Policy
	// changes are the input's changes by id, without repetition.
	changes      []change
	repositories map[string]*repository
	stages       map[string]*stage
	ordered      []*stage // By name.
	links        links
	marker       *marker
	// reverts are the changes that reverts name; back says which of the
	// changes that revert something take work back.
	reverts map[revertName][]int32
	back    map[int32]bool
	// crossed says that a rollback took back what runs in another environment.
	crossed bool
	// groups are the rollouts of groups, artifacts what artifacts were built
	// from, laid the incidents.
	groups    map[[2]string]*rollout
	artifacts map[string][]head
	laid      []*laidIncident
	// opened are the changes in progress, runs the runs of pipelines.
	opened []openRow
	runs   []build
	// follow is kept where facts will be appended; nil while deriving.
	follow *follow
}

// Derive settles everything about one application that depends on no window:
// what ships, what failed, what was restored. It is a pure function of the set
// of facts: neither their order nor repetition matters. It takes time linear
// in facts and commits, apart from sorting.
func Derive(in Input, p evenkeel.Policy) Derived {
	return walk(in, p).derived()
}

// walk goes through everything that is known and settles it.
func walk(in Input, p evenkeel.Policy) *derivation {
	d := newDerivation(in, p)
	d.read()
	d.ship()
	d.fail()
	d.redo()
	d.finish()
	return d
}

func newDerivation(in Input, p evenkeel.Policy) *derivation {
	return &derivation{in: in, policy: p, repositories: map[string]*repository{}, stages: map[string]*stage{}, marker: newMarker(p)}
}

// read prepares the facts.
func (d *derivation) read() {
	d.readChanges()
	d.readBuilds()
	d.readDeployments()
}

func (d *derivation) ship() {
	for _, s := range d.ordered {
		s.ship()
	}
}

// finish lists what is left, and puts all rows in order.
func (d *derivation) finish() {
	d.stage("") // For what is of no environment.
	for _, s := range d.ordered {
		for _, ro := range s.rollouts {
			s.judge(ro)
		}
		s.sort()
	}
	d.markRepeats()
	d.open()
	d.build()
}

// derived turns what was settled into columns.
func (d *derivation) derived() Derived {
	out := Derived{Application: d.in.Application, lookup: &lookup{}}
	for _, s := range d.ordered {
		if e := s.columns(everything()); !e.empty() {
			out.environments = append(out.environments, e)
		}
	}
	return out
}

// inOrder lists facts by an instant, then by id, each once. That is about the
// order in which they were read and in which commits lie in their graph, so
// that what is done for one after the other finds its data near.
func inOrder[T any](facts []evenkeel.Fact[T], when func(*T) time.Time) []*evenkeel.Fact[T] {
	type place struct {
		at   int64
		fact *evenkeel.Fact[T]
	}
	places := make([]place, len(facts))
	for i := range facts {
		places[i] = place{micros(when(&facts[i].Value)), &facts[i]}
	}
	slices.SortFunc(places, func(a, b place) int {
		if a.at != b.at {
			return cmp.Compare(a.at, b.at)
		}
		return cmp.Compare(a.fact.ID, b.fact.ID)
	})
	sorted := make([]*evenkeel.Fact[T], len(places))
	for i, p := range places {
		sorted[i] = p.fact
	}
	return slices.CompactFunc(sorted, func(a, b *evenkeel.Fact[T]) bool { return a.ID == b.ID })
}

// stage is one environment while it is derived.
type stage struct {
	d        *derivation
	name     string
	rollouts []*rollout // By finish, then id.
	attempts []*record
	lanes    map[string]*lane
	// fallback says, by change, which rollout ships it by branch or time order.
	fallback []finding
	// stranded are changes in the graph that a gap may hide, with the row + 1 of
	// the rollout that met the gap.
	stranded map[int32]int32
	// shippedBy is by change the row + 1 of the rollout that ships it, rests
	// what else is said of it; the latter of production only.
	shippedBy  []int32
	rests      []rest
	shipments  []shipment
	commits    []commitShipment
	incidents  []incidentRow
	recoveries []recoveryRow
	notes      []note
	// unshipped are changes that no rollout ships; of production only.
	unshipped []note
	reversals []reversal
	blames    []blame
	// standing are the rollouts so far that are no rollbacks.
	standing []*rollout
	// again are changes that a later shipment took back.
	again map[int32]bool
	// noted are the notes by what they are about, touched is the month that
	// changed last; both only where facts are appended.
	noted   map[ID][]note
	touched period
	// dirty are changes to settle anew, commitsHeld is how many commits were
	// listed before.
	dirty       []int32
	commitsHeld int
}

// reversal says that one deployment, in a row, took another back.
type reversal struct {
	at     int64
	row    int32
	by, id ID
}

// blame says that a rollout failed, by one piece of evidence.
type blame struct {
	at       int64
	by, id   ID
	rung     uint8
	inferred bool
}

type note struct {
	at     int64
	code   uint8
	shared bool
	// unplaced: the fact is an incident of the production class that names no environment.
	unplaced bool
	id       ID
}

func (s *stage) note(code uint8, at int64, id ID, shared bool) {
	s.tell(note{at: at, code: code, shared: shared, id: id})
}

func (s *stage) tell(n note) {
	s.notes = put(s, s.notes, n, note.compare, noteAt)
	if s.noted != nil {
		s.noted[n.id] = append(s.noted[n.id], n)
	}
}

// stage finds or makes the stage of an environment.
func (d *derivation) stage(environment string) *stage {
	name := environmentName(environment)
	s, ok := d.stages[name]
	if !ok {
		s = &stage{d: d, name: name, lanes: map[string]*lane{}}
		if d.follow != nil {
			s.noted = map[ID][]note{}
		}
		d.stages[name] = s
		at, _ := slices.BinarySearchFunc(d.ordered, name, func(s *stage, name string) int { return cmp.Compare(s.name, name) })
		d.ordered = slices.Insert(d.ordered, at, s)
	}
	return s
}

func (s *stage) class() evenkeel.EnvironmentClass { return s.d.policy.Class(s.name) }

// markRepeats flags what an earlier shipment to another environment of the
// same class repeats.
func (d *derivation) markRepeats() {
	for _, same := range d.classes() {
		changes, commits := make([]shipped, len(same)), make([]shipped, len(same))
		for n, s := range same {
			changes[n] = shipped{len(s.shipments), func(i int) (ID, int64, *uint16) {
				one := &s.shipments[i]
				return d.changes[one.change].id, s.rollouts[one.row].finished, &one.flags
			}}
			commits[n] = shipped{len(s.commits), func(i int) (ID, int64, *uint16) {
				one := &s.commits[i]
				return one.id, s.rollouts[one.row].finished, &one.flags
			}}
		}
		markLater(changes)
		markLater(commits)
	}
}

// classes are the environments of each class that has several.
func (d *derivation) classes() map[evenkeel.EnvironmentClass][]*stage {
	byClass := map[evenkeel.EnvironmentClass][]*stage{}
	for _, s := range d.ordered {
		if len(s.rollouts) > 0 {
			byClass[s.class()] = append(byClass[s.class()], s)
		}
	}
	maps.DeleteFunc(byClass, func(_ evenkeel.EnvironmentClass, same []*stage) bool { return len(same) < 2 })
	return byClass
}

// shipped is what an environment shipped: so many rows, each with its flags.
type shipped struct {
	n   int
	row func(i int) (id ID, at int64, flags *uint16)
}

func markLater(environments []shipped) {
	first := map[ID]int64{}
	for _, e := range environments {
		for i := range e.n {
			id, at, _ := e.row(i)
			if earliest, ok := first[id]; !ok || at < earliest {
				first[id] = at
			}
		}
	}
	taken := make(map[ID]bool, len(first))
	for _, e := range environments {
		for i := range e.n {
			id, at, flags := e.row(i)
			if at > first[id] || taken[id] {
				*flags |= flagRepeat
				continue
			}
			taken[id] = true
		}
	}
}
