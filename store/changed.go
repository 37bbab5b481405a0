package store

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"github.com/evenkeel-dev/evenkeel"
)

// ChangedFacts lists the facts of a kind and a source that revisions after the
// given one were the last to change, also those that are gone, and the
// revision up to which that is known.
func (w *Workspace) ChangedFacts(ctx context.Context, k evenkeel.Kind, source string, after int64) (facts []evenkeel.ChangedFact, revision int64, err error) {
	if !storable(source) {
		return nil, 0, fmt.Errorf("store: changed facts: %w: source: give plain text", evenkeel.ErrInvalid)
	}
	err = w.read(ctx, func(tx *gorm.DB) error {
		row, err := w.row(ctx, tx)
		if err != nil {
			return err
		}
		revision = row.Revision
		found, err := w.changedRows(ctx, tx, kindOf(k), source, after)
		if err != nil {
			return err
		}
		said, err := w.lastSaid(ctx, tx, found)
		for _, r := range found {
			facts = append(facts, evenkeel.ChangedFact{ID: r.ID, ExternalID: r.ExternalID, Gone: r.Gone, ObservedAt: said[r.ID].Time(), Fields: r.Body})
		}
		return err
	})
	if err != nil {
		return nil, 0, fmt.Errorf("store: changed facts: %w", err)
	}
	return facts, revision, nil
}

// changedRows reads all rows of the kind by its own index, and what changed
// lately by those of revisions. The literals are those of partial indexes.
func (w *Workspace) changedRows(ctx context.Context, tx *gorm.DB, k kind, source string, after int64) ([]factRow, error) {
	rows := func() gorm.ChainInterface[factRow] {
		return of[factRow](w, tx).Select("id", "external_id", "gone", "body").Where("kind = ? AND source = ?", k, source)
	}
	if after <= 0 {
		return rows().Find(ctx)
	}
	found, err := rows().Where("gone = false AND seq > ?", after).Find(ctx)
	if err != nil {
		return nil, err
	}
	gone, err := rows().Where("gone = true AND seq > ?", after).Find(ctx)
	return append(found, gone...), err
}

// lastSaid finds the newest observation of facts that sources replace.
func (w *Workspace) lastSaid(ctx context.Context, tx *gorm.DB, rows []factRow) (map[string]instant, error) {
	ids := make([]string, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	said := make(map[string]instant, len(rows))
	err := eachChunk(ids, func(some []string) error {
		found, err := of[observationRow](w, tx).Select("fact, max(observed_at) AS observed_at").Where("fact IN ?", some).Group("fact").Find(ctx)
		for _, o := range found {
			said[o.Fact] = o.ObservedAt
		}
		return err
	})
	return said, err
}
