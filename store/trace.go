package store

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"github.com/evenkeel-dev/evenkeel"
)

// Trace counts what lies behind facts, by their ids: the deliveries that speak
// of them and what was said. Ids of commits and unknown ids count nothing.
// window is on the arrival of deliveries.
func (w *Workspace) Trace(ctx context.Context, facts []string, window evenkeel.Window) (evenkeel.Trace, error) {
	t := tracing{w: w, ctx: ctx, revision: ever, until: ever, window: window, deliveries: map[string]bool{}}
	if err := w.read(ctx, func(tx *gorm.DB) error { return t.run(tx, facts) }); err != nil {
		return t.trace, fmt.Errorf("store: trace: %w", err)
	}
	return t.trace, nil
}

// Trace is [Workspace.Trace] of then.
func (p *Past) Trace(ctx context.Context, facts []string, window evenkeel.Window) (evenkeel.Trace, error) {
	t := tracing{w: p.w, ctx: ctx, revision: p.known.Revision, until: instantOf(p.known.At), window: window, deliveries: map[string]bool{}}
	err := p.look(ctx, "trace", func(l looking) error {
		t.then = &l
		return t.run(l.tx, facts)
	})
	return t.trace, err
}

// tracing counts what was said up to a revision and an instant.
type tracing struct {
	w        *Workspace
	ctx      context.Context //nolint:containedctx // That of the transaction.
	revision int64
	until    instant
	// then is nil for the present.
	then       *looking
	window     evenkeel.Window
	deliveries map[string]bool
	trace      evenkeel.Trace
}

func (t *tracing) run(tx *gorm.DB, facts []string) error {
	tx = tx.WithContext(t.ctx)
	facts = storables(facts)
	aliases, err := t.takenIn(tx, facts)
	if err != nil {
		return err
	}
	err = eachChunk(aliases, func(some []string) error { return t.told(tx, unfilled(some)) })
	if err != nil {
		return err
	}
	t.trace.TakenIn, t.trace.Facts = t.trace.Facts, 0
	err = eachChunk(append(facts, aliases...), func(some []string) error { return t.some(tx, unfilled(some)) })
	t.trace.Deliveries = len(t.deliveries)
	for id := range t.deliveries {
		if t.arrived(id) {
			t.trace.Within++
		}
	}
	return err
}

// takenIn finds the merges that changes among the facts have taken in.
func (t *tracing) takenIn(tx *gorm.DB, facts []string) ([]string, error) {
	shown, err := t.shown(tx, facts)
	if err != nil {
		return nil, err
	}
	var candidates []string
	for _, row := range shown {
		if row.Kind == kindChange && row.Number > 0 && row.Link != "" {
			candidates = append(candidates, aliasID(row.Repository, row.Link))
		}
	}
	return t.hidden(tx, candidates)
}

// shown are the rows of facts.
func (t *tracing) shown(tx *gorm.DB, facts []string) (rows []factRow, err error) {
	if t.then != nil {
		return t.then.byID(facts)
	}
	err = eachChunk(facts, func(some []string) error {
		found, err := of[factRow](t.w, tx).Select("kind", "number", "repository", "link").Where("gone = ?", false).Where(among{"id", some}).Find(t.ctx)
		rows = append(rows, found...)
		return err
	})
	return rows, err
}

// hidden keeps the ids of facts that are not shown.
func (t *tracing) hidden(tx *gorm.DB, ids []string) ([]string, error) {
	var hidden []string
	if t.then != nil {
		ids = slices.DeleteFunc(ids, func(id string) bool {
			row, changed := t.then.rows[id]
			if changed && row.Gone {
				hidden = append(hidden, id)
			}
			return changed
		})
	}
	err := eachChunk(ids, func(some []string) error {
		rows, err := of[factRow](t.w, tx).Select("id").Where("gone = ? AND seq <= ?", true, t.revision).Where(among{"id", some}).Find(t.ctx)
		for _, row := range rows {
			hidden = append(hidden, row.ID)
		}
		return err
	})
	return hidden, err
}

// some counts what was said of some facts, and by which deliveries.
func (t *tracing) some(tx *gorm.DB, facts []string) error {
	if err := t.told(tx, facts); err != nil {
		return err
	}
	observations := t.said(tx, facts)
	var n int64
	if err := observations.Count(&n).Error; err != nil {
		return err
	}
	t.trace.Observations += int(n)
	brought := t.links(tx).Select("1").Where("delivery_facts.fact = observations.fact AND delivery_facts.digest = observations.digest")
	if err := t.said(tx, facts).Where("EXISTS (?)", brought).Count(&n).Error; err != nil {
		return err
	}
	t.trace.Told += int(n)
	var found []struct {
		Delivery string
		N        int
	}
	err := t.links(tx).Select("delivery, count(*) AS n").Where(among{"fact", facts}).Group("delivery").Find(&found).Error
	for _, row := range found {
		t.deliveries[row.Delivery] = true
		t.trace.Records += row.N
	}
	return err
}

// told counts the facts of which something was said.
func (t *tracing) told(tx *gorm.DB, facts []string) error {
	var n int64
	err := t.said(tx, facts).Distinct("fact").Count(&n).Error
	t.trace.Facts += int(n)
	return err
}

func (t *tracing) said(tx *gorm.DB, facts []string) *gorm.DB {
	return t.w.rows(tx.Model(&observationRow{})).Where("seq <= ? AND recorded_at <= ?", t.revision, t.until).Where(among{"fact", facts})
}

func (t *tracing) links(tx *gorm.DB) *gorm.DB {
	links := t.w.rows(tx.Model(&deliveryFactRow{}))
	if t.until < ever {
		links = links.Where("delivery < ?", firstID(t.until+millisecond))
	}
	return links
}

// arrived says whether a delivery arrived in the window, to the millisecond:
// its id begins with its arrival.
func (t *tracing) arrived(delivery string) bool {
	from, to := t.window.From, t.window.To
	return (from.IsZero() || delivery >= firstID(instantOf(from))) && (to.IsZero() || delivery < firstID(instantOf(to)))
}
