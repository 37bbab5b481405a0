// Package jobs does the work that follows from new facts: it keeps derived
// results equal to the facts, however the facts arrived.
package jobs

import (
	"context"
	"fmt"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
)

// Workspace is what deriving needs of the store.
type Workspace interface {
	Revision(ctx context.Context) (int64, error)
	Touched(ctx context.Context, after int64) (map[string]int64, error)
	Catalogue(ctx context.Context) (evenkeel.Catalogue, int64, error)
	Policy(ctx context.Context) (evenkeel.Policy, error)
	// PolicyVersions lists the policies that were in force, oldest first, up
	// to the one that is; the built-in one is the first.
	PolicyVersions(ctx context.Context) ([]evenkeel.PolicyVersion, error)
	Facts(ctx context.Context, application string) (evenkeel.ApplicationFacts, error)
	Derived(ctx context.Context, application string) (evenkeel.DerivedState, []evenkeel.Segment, error)
	DerivedStates(ctx context.Context) (map[string]evenkeel.DerivedState, error)
	SaveDerived(ctx context.Context, application string, state evenkeel.DerivedState, segments []evenkeel.Segment) error
	Activity(ctx context.Context) (map[string]evenkeel.Activity, error)
	Past
	Increments
}

// Results is a consistent view of a workspace: what every figure is computed
// from. It must not be changed.
type Results struct {
	Revision  int64
	Catalogue evenkeel.Catalogue
	Policy    evenkeel.Policy
	// Eras are the stretches of time that versions of the policy judge; the
	// last is that of Policy.
	Eras []evenkeel.Era
	// Derived is by application id.
	Derived  map[string]metrics.Derived
	Activity map[string]evenkeel.Activity
	cuttings *cuttings
	// Known is set for results as of an instant; nil for those of the present.
	Known *evenkeel.Known
}

// Of returns the results of some applications, in the order given.
func (r *Results) Of(applications []string) []metrics.Derived {
	parts := make([]metrics.Derived, 0, len(applications))
	for _, id := range applications {
		if d, ok := r.Derived[id]; ok {
			parts = append(parts, d)
		}
	}
	return parts
}

// Deriver holds the derived results of workspaces in memory and brings them
// up to date when they are asked for. It is safe for concurrent use.
type Deriver struct {
	workspace func(slug string) Workspace
	// Watch, if set, is called when deriving begins, and what it returns when
	// it ends. It is set before the first use.
	Watch func(ctx context.Context) (context.Context, func(error))

	// previews are the workspaces of which a preview runs.
	previews sync.Map
	mu       sync.Mutex
	held     map[string]*entry
	warmth   warmth
	pasts    pasts
}

type entry struct {
	slug    string
	warmth  *warmth
	mu      sync.Mutex
	results *Results
	// catalogue is the version of the catalogue of the held results.
	catalogue int64
	// states are by application; what the held results were derived from.
	states   map[string]evenkeel.DerivedState
	cuttings cuttings
}

// NewDeriver makes a deriver over the workspaces of a store.
func NewDeriver(workspace func(slug string) Workspace) *Deriver {
	return &Deriver{workspace: workspace, held: map[string]*entry{}}
}

// Results brings a workspace up to date with its facts and returns what is
// derived from them. A fact that was recorded before the call is included.
func (d *Deriver) Results(ctx context.Context, slug string) (*Results, error) {
	e := d.entry(slug)
	e.mu.Lock()
	defer e.mu.Unlock()
	w := d.workspace(slug)
	revision, err := w.Revision(ctx)
	if err != nil {
		return nil, err
	}
	policy, err := w.Policy(ctx)
	if err != nil {
		return nil, err
	}
	if e.results != nil && e.results.Revision == revision && e.results.Policy.Version == policy.Version {
		return e.results, nil
	}
	if err := d.watched(ctx, func(ctx context.Context) error { return e.refresh(ctx, w, revision, policy) }); err != nil {
		return nil, fmt.Errorf("derive %s: %w", slug, err)
	}
	return e.results, nil
}

func (d *Deriver) watched(ctx context.Context, work func(context.Context) error) error {
	if d.Watch == nil {
		return work(ctx)
	}
	ctx, done := d.Watch(ctx)
	err := work(ctx)
	done(err)
	return err
}

// Forget drops what is held of a workspace, after it was rebuilt.
func (d *Deriver) Forget(slug string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.held, slug)
	d.pasts.forget(slug)
	d.warmth.forget(slug)
}

func (d *Deriver) entry(slug string) *entry {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.held[slug] == nil {
		d.held[slug] = &entry{slug: slug, warmth: &d.warmth, states: map[string]evenkeel.DerivedState{}}
	}
	return d.held[slug]
}

func (e *entry) refresh(ctx context.Context, w Workspace, revision int64, policy evenkeel.Policy) error {
	catalogue, version, err := w.Catalogue(ctx)
	if err != nil {
		return err
	}
	next := &Results{Revision: revision, Catalogue: catalogue, Policy: policy, Derived: map[string]metrics.Derived{}, cuttings: &e.cuttings}
	if next.Eras, err = eras(ctx, w, policy); err != nil {
		return err
	}
	t, err := e.touched(ctx, w, next, version)
	if err != nil {
		return err
	}
	if next.Activity, err = e.activity(ctx, w, t); err != nil {
		return err
	}
	states, err := e.applications(ctx, w, next, t, version)
	if err != nil {
		return err
	}
	e.results, e.states, e.catalogue = next, states, version
	return nil
}

// applications fills in the results of every application, several at a time.
func (e *entry) applications(ctx context.Context, w Workspace, next *Results, t touched, version int64) (map[string]evenkeel.DerivedState, error) {
	var mu sync.Mutex
	states := map[string]evenkeel.DerivedState{}
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(runtime.GOMAXPROCS(0))
	for _, a := range next.Catalogue.Applications {
		if held, ok := e.states[a.ID]; ok && t.alone(a.ID) {
			mu.Lock()
			next.Derived[a.ID], states[a.ID] = e.results.Derived[a.ID], held
			mu.Unlock()
			continue
		}
		work.Go(func() error {
			by := rulesOf(next.Eras, a.Slug)
			wanted := evenkeel.DerivedState{Revision: t.revisions[a.ID], Catalogue: version, Policy: by.digest(), Engine: metrics.EngineVersion}
			derived, state, err := e.application(ctx, w, a.ID, wanted, t, by)
			if err != nil {
				return fmt.Errorf("application %s: %w", a.Slug, err)
			}
			mu.Lock()
			defer mu.Unlock()
			next.Derived[a.ID], states[a.ID] = derived, state
			return nil
		})
	}
	return states, work.Wait()
}

// application takes the held results if they are current, else the stored
// ones, else derives and stores them.
func (e *entry) application(ctx context.Context, w Workspace, id string, wanted evenkeel.DerivedState, t touched, by rules) (metrics.Derived, evenkeel.DerivedState, error) {
	if held, ok := e.states[id]; ok && current(held, wanted) {
		return e.results.Derived[id], held, nil
	}
	if current(t.stored[id], wanted) {
		state, segments, err := w.Derived(ctx, id)
		if err != nil {
			return metrics.Derived{}, state, err
		}
		derived, err := metrics.Unpack(id, segments)
		return derived, state, err
	}
	return e.follow(ctx, w, id, wanted, by, t.few)
}

func current(have, wanted evenkeel.DerivedState) bool {
	return have.Engine == wanted.Engine && have.Policy == wanted.Policy && have.Revision >= wanted.Revision
}

// inputOf is what the results of one application are derived from.
func inputOf(id string, facts evenkeel.ApplicationFacts) metrics.Input {
	return metrics.Input{
		Application: id,
		Deployments: facts.Deployments,
		Changes:     facts.Changes,
		Incidents:   facts.Incidents,
		Artifacts:   facts.Artifacts,
		Builds:      facts.Builds,
		Links:       facts.Links,
		Graphs:      facts.Graphs,
		PathClaims:  facts.PathClaims,
		Foreign:     facts.Foreign,
		Guests:      facts.Guests,
	}
}

// oldest is the lowest revision that stored results were derived from; 0
// when an application has none.
func oldest(stored map[string]evenkeel.DerivedState, c evenkeel.Catalogue) int64 {
	lowest := int64(-1)
	for _, a := range c.Applications {
		if r := stored[a.ID].Revision; lowest < 0 || r < lowest {
			lowest = r
		}
	}
	return max(lowest, 0)
}
