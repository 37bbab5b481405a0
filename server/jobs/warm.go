package jobs

import (
	"container/list"
	"context"
	"sync"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
)

// Increments is what following new facts needs of the store.
type Increments interface {
	FactsSince(ctx context.Context, application string, after int64, packs map[string]int64) (evenkeel.FactsDelta, error)
	PatchDerived(ctx context.Context, application string, from, state evenkeel.DerivedState, changed, gone []evenkeel.Segment) (bool, error)
	Revisions(ctx context.Context, after int64, limit int) ([]evenkeel.Revision, error)
	ActivityOf(ctx context.Context, applications []string) (map[string]evenkeel.Activity, error)
}

const (
	// mostWarm is how many facts and commits are kept in memory, of all
	// applications and workspaces, at about 400 bytes each.
	mostWarm = 20_000
	// mostAlone is how many an application may have by itself to be kept.
	mostAlone = 600_000
	// mostTouched is how many applications may be touched at once to be kept:
	// more are an import, or another policy.
	mostTouched = 32
)

// warmth keeps the engines of the applications that facts came for last.
type warmth struct {
	mu    sync.Mutex
	order list.List // Of *warm, the last used first.
	held  map[warmKey]*list.Element
	size  int
}

type warmKey struct{ workspace, application string }

// warm is the engine of one application and what its results stand for.
type warm struct {
	key    warmKey
	engine *metrics.Engine
	state  evenkeel.DerivedState
	size   int
}

// take hands over what is kept of an application; nil if nothing is. The
// caller has it alone until it is put back.
func (h *warmth) take(key warmKey) *warm {
	h.mu.Lock()
	defer h.mu.Unlock()
	at, ok := h.held[key]
	if !ok {
		return nil
	}
	return h.drop(at)
}

func (h *warmth) drop(at *list.Element) *warm {
	one, _ := h.order.Remove(at).(*warm)
	delete(h.held, one.key)
	h.size -= one.size
	return one
}

// put keeps an engine, and drops those that were used longest ago where there
// are too many facts.
func (h *warmth) put(one *warm) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.held == nil {
		h.held = map[warmKey]*list.Element{}
	}
	if at, ok := h.held[one.key]; ok {
		h.drop(at)
	}
	if one.size = one.engine.Size(); one.size > mostAlone {
		return
	}
	h.held[one.key] = h.order.PushFront(one)
	h.size += one.size
	for h.size > mostWarm && h.order.Len() > 1 {
		h.drop(h.order.Back())
	}
}

// forget drops what is kept of a workspace.
func (h *warmth) forget(workspace string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for key, at := range h.held {
		if key.workspace == workspace {
			h.drop(at)
		}
	}
}

// follow derives an application: from what is kept and what became known since,
// or else from all its facts. keep says that it will soon be asked for again.
func (e *entry) follow(ctx context.Context, w Workspace, id string, wanted evenkeel.DerivedState, by rules, keep bool) (metrics.Derived, evenkeel.DerivedState, error) {
	key := warmKey{e.slug, id}
	if one := e.warmth.take(key); one != nil {
		done, err := one.follow(ctx, w, wanted, by)
		if err != nil {
			return metrics.Derived{}, wanted, err
		}
		if done {
			e.warmth.put(one)
			return one.engine.Derived(), one.state, nil
		}
	}
	facts, err := w.Facts(ctx, id)
	if err != nil {
		return metrics.Derived{}, wanted, err
	}
	wanted.Revision = facts.Revision
	if !keep {
		derived := metrics.DeriveBy(inputOf(id, facts), by)
		return derived, wanted, w.SaveDerived(ctx, id, wanted, derived.Pack())
	}
	one := &warm{key: key, engine: metrics.NewEngine(inputOf(id, facts), facts.Packs, by), state: wanted}
	segments, _ := one.engine.Save()
	if err := w.SaveDerived(ctx, id, wanted, segments); err != nil {
		return metrics.Derived{}, wanted, err
	}
	e.warmth.put(one)
	return one.engine.Derived(), wanted, nil
}

// follow takes in what became known since. It is false where everything has
// to be read anew.
func (o *warm) follow(ctx context.Context, w Workspace, wanted evenkeel.DerivedState, by rules) (bool, error) {
	if o.state.Policy != wanted.Policy || o.state.Engine != wanted.Engine {
		o.engine.Judge(by)
	}
	delta, err := w.FactsSince(ctx, o.key.application, o.state.Revision, o.engine.Packs())
	if err != nil {
		return false, err
	}
	if !o.engine.Add(delta) {
		return false, nil
	}
	before := o.state
	wanted.Revision = delta.Revision
	o.state = wanted
	changed, gone := o.engine.Save()
	done, err := w.PatchDerived(ctx, o.key.application, before, wanted, changed, gone)
	if err != nil || done {
		return done, err
	}
	// Another process has stored results meanwhile.
	return true, w.SaveDerived(ctx, o.key.application, wanted, o.engine.Derived().Pack())
}
