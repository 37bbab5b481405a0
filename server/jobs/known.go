package jobs

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
)

// Past is what deriving as of an instant needs of the store.
type Past interface {
	Known(ctx context.Context, at time.Time) (evenkeel.Known, error)
	CatalogueAt(ctx context.Context, revision int64) (evenkeel.Catalogue, error)
	FactsAt(ctx context.Context, application string, revision int64) (evenkeel.ApplicationFacts, error)
	ActivityAt(ctx context.Context, revision int64) (map[string]evenkeel.Activity, error)
}

// maxPasts is how many results of the past are held, of all workspaces.
const maxPasts = 4

// pasts are results as of instants, the last used first. One is derived at a
// time, because each takes as much memory as the results of the present.
type pasts struct {
	deriving sync.Mutex
	mu       sync.Mutex
	held     []past
}

type past struct {
	key     pastKey
	results *Results
}

// pastKey names results of the past: they never change.
type pastKey struct {
	slug      string
	revision  int64
	catalogue int64
	policy    string
}

// Known derives what a workspace's figures were as of an instant: from the
// facts, the catalogue and the policy of then. Facts that were recorded later
// change nothing in it. See [Deriver.AsOf] for the instant.
func (d *Deriver) Known(ctx context.Context, slug string, at time.Time) (*Results, error) {
	w := d.workspace(slug)
	known, err := w.Known(ctx, at)
	if err != nil {
		return nil, err
	}
	results, err := d.past(ctx, slug, w, known)
	if err != nil {
		return nil, fmt.Errorf("derive %s as of %s: %w", slug, at.Format(time.RFC3339), err)
	}
	of := *results
	of.Known = &known
	return &of, nil
}

func (d *Deriver) past(ctx context.Context, slug string, w Workspace, known evenkeel.Known) (*Results, error) {
	key := pastKey{slug, known.Revision, known.Catalogue, known.Policy.Version}
	if held := d.pasts.get(key); held != nil {
		return held, nil
	}
	d.pasts.deriving.Lock()
	defer d.pasts.deriving.Unlock()
	if held := d.pasts.get(key); held != nil {
		return held, nil
	}
	live, err := d.Results(ctx, slug)
	if err != nil {
		return nil, err
	}
	var results *Results
	err = d.watched(ctx, func(ctx context.Context) (err error) {
		results, err = derivePast(ctx, w, known, live)
		return err
	})
	if err == nil {
		d.pasts.put(key, results)
	}
	return results, err
}

func (p *pasts) get(key pastKey) *Results {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, held := range p.held {
		if held.key == key {
			copy(p.held[1:], p.held[:i])
			p.held[0] = held
			return held.results
		}
	}
	return nil
}

func (p *pasts) put(key pastKey, results *Results) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.held = append([]past{{key, results}}, p.held[:min(len(p.held), maxPasts-1)]...)
}

// forget drops what is held of a workspace.
func (p *pasts) forget(slug string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var kept []past
	for _, held := range p.held {
		if held.key.slug != slug {
			kept = append(kept, held)
		}
	}
	p.held = kept
}

func derivePast(ctx context.Context, w Workspace, known evenkeel.Known, live *Results) (*Results, error) {
	r := &Results{Revision: known.Revision, Policy: known.Policy, Derived: map[string]metrics.Derived{}}
	if err := surroundings(ctx, w, r, live); err != nil {
		return nil, err
	}
	same, err := unchanged(ctx, w, r, live)
	if err != nil {
		return nil, err
	}
	var mu sync.Mutex
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(runtime.GOMAXPROCS(0))
	for _, a := range r.Catalogue.Applications {
		by := rulesOf(r.Eras, a.Slug)
		if held, ok := live.Derived[a.ID]; ok && same(a.ID, by) {
			mu.Lock()
			r.Derived[a.ID] = held
			mu.Unlock()
			continue
		}
		work.Go(func() error {
			facts, err := w.FactsAt(ctx, a.ID, known.Revision)
			if err != nil {
				return fmt.Errorf("application %s: %w", a.Slug, err)
			}
			derived := metrics.DeriveBy(inputOf(a.ID, facts), by)
			mu.Lock()
			defer mu.Unlock()
			r.Derived[a.ID] = derived
			return nil
		})
	}
	return r, work.Wait()
}

// surroundings reads what stands beside the figures as it was then.
func surroundings(ctx context.Context, w Workspace, r, live *Results) (err error) {
	if r.Eras, err = eras(ctx, w, r.Policy); err != nil {
		return err
	}
	if live.Revision == r.Revision {
		r.Catalogue, r.Activity = live.Catalogue, live.Activity
		return nil
	}
	if r.Catalogue, err = w.CatalogueAt(ctx, r.Revision); err != nil {
		return err
	}
	r.Activity, err = w.ActivityAt(ctx, r.Revision)
	return err
}

// unchanged tells of which applications the results of the present are those
// of then as well: no revision since may have changed them, and the rules are
// the same.
func unchanged(ctx context.Context, w Workspace, then, live *Results) (func(id string, by rules) bool, error) {
	now := map[string]string{}
	for _, a := range live.Catalogue.Applications {
		now[a.ID] = rulesOf(live.Eras, a.Slug).digest()
	}
	touched, err := w.Touched(ctx, then.Revision)
	return func(id string, by rules) bool {
		_, found := touched[id]
		return !found && now[id] == by.digest()
	}, err
}
