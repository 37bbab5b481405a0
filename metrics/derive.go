package metrics

import (
	"cmp"
	"encoding/binary"
	"slices"

	"github.com/evenkeel-dev/evenkeel"
)

// Input is everything known of one application, for all time.
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
}

// Derive settles everything about one application that depends on no window:
// what ships, what failed, what was restored. It is a pure function of the set
// of facts: neither their order nor repetition matters. It takes time linear
// in facts and commits, apart from sorting.
func Derive(in Input, p evenkeel.Policy) Derived {
	d := newDerivation(in, p)
	d.read()
	d.ship()
	d.fail()
	d.redo()
	return d.derived()
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
		s.orderCommits()
	}
}

// derived turns what was settled into columns.
func (d *derivation) derived() Derived {
	d.stage("") // For what is of no environment.
	out := Derived{Application: d.in.Application, lookup: &lookup{}}
	for _, s := range d.ordered {
		if e := s.columns(); !e.empty() {
			out.environments = append(out.environments, e)
		}
	}
	markRepeats(out.environments)
	return out
}

// orderCommits puts the commits of each rollout in the order of their ids:
// graphs that have grown number them otherwise.
func (s *stage) orderCommits() {
	for from := 0; from < len(s.commits); {
		to := from + 1
		for to < len(s.commits) && s.commits[to].row == s.commits[from].row {
			to++
		}
		slices.SortFunc(s.commits[from:to], func(a, b commitShipment) int { return a.id.compare(b.id) })
		from = to
	}
}

// sortedFacts returns facts by id, each id once: the first one given. Ids are
// mostly hashes, of which the first bytes decide.
func sortedFacts[T any](facts []evenkeel.Fact[T]) []*evenkeel.Fact[T] {
	type place struct {
		prefix uint64
		at     int32
	}
	places := make([]place, len(facts))
	for i := range facts {
		var start [8]byte
		copy(start[:], facts[i].ID)
		places[i] = place{binary.BigEndian.Uint64(start[:]), int32(i)}
	}
	slices.SortFunc(places, func(a, b place) int {
		if a.prefix != b.prefix {
			return cmp.Compare(a.prefix, b.prefix)
		}
		return cmp.Or(cmp.Compare(facts[a.at].ID, facts[b.at].ID), cmp.Compare(a.at, b.at))
	})
	sorted := make([]*evenkeel.Fact[T], len(places))
	for i, p := range places {
		sorted[i] = &facts[p.at]
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
	stranded  map[int32]int32
	shipments []shipment
	commits   []commitShipment
	incidents []incidentRow
	notes     []note
	// unshipped are changes that no rollout ships; of production only.
	unshipped []note
	reversals []reversal
	blames    []blame
}

// reversal says that one deployment took another back.
type reversal struct {
	at     int64
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
	s.notes = append(s.notes, note{at: at, code: code, shared: shared, id: id})
}

// stage finds or makes the stage of an environment.
func (d *derivation) stage(environment string) *stage {
	name := environmentName(environment)
	s, ok := d.stages[name]
	if !ok {
		s = &stage{d: d, name: name, lanes: map[string]*lane{}}
		d.stages[name] = s
		at, _ := slices.BinarySearchFunc(d.ordered, name, func(s *stage, name string) int { return cmp.Compare(s.name, name) })
		d.ordered = slices.Insert(d.ordered, at, s)
	}
	return s
}

func (s *stage) class() evenkeel.EnvironmentClass { return s.d.policy.Class(s.name) }

// markRepeats flags what an earlier shipment to another environment of the
// same class repeats.
func markRepeats(environments []*environment) {
	byClass := map[evenkeel.EnvironmentClass][]*environment{}
	for _, e := range environments {
		byClass[e.class] = append(byClass[e.class], e)
	}
	for _, same := range byClass {
		if len(same) < 2 {
			continue
		}
		markLater(same, func(e *environment) ([]ID, []int64, []uint16) { return e.changes.id, e.changes.at, e.changes.flags })
		markLater(same, func(e *environment) ([]ID, []int64, []uint16) { return e.commits.id, e.commits.at, e.commits.flags })
	}
}

func markLater(environments []*environment, columns func(*environment) ([]ID, []int64, []uint16)) {
	first := map[ID]int64{}
	for _, e := range environments {
		ids, at, _ := columns(e)
		for i, id := range ids {
			if earliest, ok := first[id]; !ok || at[i] < earliest {
				first[id] = at[i]
			}
		}
	}
	taken := make(map[ID]bool, len(first))
	for _, e := range environments {
		ids, at, flags := columns(e)
		for i, id := range ids {
			if at[i] > first[id] || taken[id] {
				flags[i] |= flagRepeat
				continue
			}
			taken[id] = true
		}
	}
}
