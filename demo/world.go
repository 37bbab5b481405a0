package demo

import (
	"iter"
	"slices"
	"sync"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// Options say which world is invented.
type Options struct {
	// Seed decides every accident.
	Seed uint64
	// Now is the last instant of the year; nothing is known later. It must be
	// set. Worlds of one seed that end on one UTC day share their history: the
	// later one only knows more.
	Now time.Time
	// Scale multiplies how much people change; 0 means 1. Applications that
	// show a state (few data, stale) keep it at any scale.
	Scale float64
}

// Slug names the demo's workspace.
const Slug = "demo"

// World is an invented company with its catalogue and a year of facts.
type World struct {
	// Slug names the workspace.
	Slug string
	// Workspace is the name of the workspace as people read it.
	Workspace string
	// Catalogue has application ids equal to the slugs.
	Catalogue evenkeel.Catalogue

	events     func() iter.Seq[[]evenkeel.Event]
	deliveries func() []evenkeel.Delivery
	feeds      func() []Feed
}

// New invents the demo company. No event is made before Events is read.
func New(o Options) World {
	if o.Scale == 0 {
		o.Scale = 1
	}
	o.Now = o.Now.UTC().Truncate(time.Second)
	c := newCompany()
	known := sync.OnceValue(func() *ledger { return year(c, o) })
	return World{
		Slug:      Slug,
		Workspace: "Demo: " + c.name,
		Catalogue: c.catalogue(o.Now),
		events:    func() iter.Seq[[]evenkeel.Event] { return known().batches() },

		deliveries: func() []evenkeel.Delivery { return deliveries(known(), o) },
		feeds:      func() []Feed { return feeds(known(), o) },
	}
}

// Events yields batches in the order in which they would have arrived; within
// a batch and between batches ObservedAt never falls. All events are complete
// and valid, and no two calls differ. Batches belong to the caller; what their
// events hold does not.
func (w World) Events() iter.Seq[[]evenkeel.Event] { return w.events() }

// year simulates every repository of the company.
func year(c company, o Options) *ledger {
	l := &ledger{now: o.Now}
	from := o.Now.Truncate(day).Add(-365 * day)
	var all []*simulation
	for _, t := range append(slices.Clip(c.teams), strays()) {
		for _, apps := range t.repositories() {
			s := newSimulation(c, t, apps, o, from, l)
			s.run()
			all = append(all, s)
		}
	}
	noteDependencies(c, o, l)
	noteOddities(all, o, l)
	noteBuilds(o, l)
	noteFlags(c, o, l)
	noteEvidence(c, o, l)
	noteWork(c, o, l)
	noteMeasurements(o, l)
	slices.SortStableFunc(l.events, func(a, b evenkeel.Event) int { return a.ObservedAt.Compare(b.ObservedAt) })
	return l
}
