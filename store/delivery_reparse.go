package store

import (
	"context"
	"fmt"

	"github.com/evenkeel-dev/evenkeel"
)

// Reparse records what a kept delivery is understood to say now, and sets what
// became of it. Facts that it was understood to speak of before stay. Events
// must be complete and valid. ErrNotFound where there is no such delivery.
func (w *Workspace) Reparse(ctx context.Context, id string, outcome evenkeel.Outcome, reason string, events []evenkeel.Event) (evenkeel.Delivered, error) {
	done := evenkeel.Delivered{ID: id}
	row, err := w.row(ctx, w.reader)
	if err != nil {
		return done, fmt.Errorf("store: reparse: %w", err)
	}
	if err := checkOutcome(outcome); err != nil {
		return done, fmt.Errorf("store: reparse: %w", err)
	}
	if !storable(id) {
		return done, fmt.Errorf("store: reparse: %w", evenkeel.ErrNotFound)
	}
	p := w.newPiece(events, row.Secret, id)
	if p.err != nil {
		return done, fmt.Errorf("store: reparse %q: %w", id, p.err)
	}
	_, err = w.transact(ctx, row.Secret, func(r *recording) (err error) {
		done.Recorded, err = r.reparse(p, deliveryRow{Outcome: string(outcome), Reason: clean(reason)})
		return err
	})
	if err != nil {
		return done, fmt.Errorf("store: reparse %q: %w", id, err)
	}
	return done, nil
}

// reparse records a piece of a delivery that is kept already.
func (r *recording) reparse(p piece, to deliveryRow) (evenkeel.Recorded, error) {
	if _, err := of[deliveryRow](r.w, r.tx).Select("id").Where("id = ?", p.delivery).Take(r.ctx); err != nil {
		return evenkeel.Recorded{}, err
	}
	if err := r.run(p); err != nil {
		return evenkeel.Recorded{}, err
	}
	links, done := r.settle(p, r.freshStatements(), r.changedFacts())
	done.Revision = r.done.Revision
	facts, err := r.addLinks(p.delivery, links)
	if err != nil {
		return done, err
	}
	to.Facts = int64(facts)
	_, err = of[deliveryRow](r.w, r.tx).Where("id = ?", p.delivery).Select("outcome", "reason", "facts").Updates(r.ctx, to)
	return done, err
}

// addLinks adds what is new of a kept delivery's links, and counts the facts
// of all.
func (r *recording) addLinks(delivery string, links []deliveryFactRow) (int, error) {
	held, err := of[deliveryFactRow](r.w, r.tx).Where("delivery = ?", delivery).Find(r.ctx)
	if err != nil {
		return 0, err
	}
	known := make(map[string]bool, len(held))
	for _, l := range held {
		known[l.statement()] = true
	}
	var added []deliveryFactRow
	for _, l := range links {
		if !known[l.statement()] {
			added = append(added, l)
		}
	}
	return countFacts(append(held, added...)), insert(r.tx, added)
}
