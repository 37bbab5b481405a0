package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"github.com/evenkeel-dev/evenkeel"
)

// Lineage tells where a fact comes from: all that was said of it, in the
// order in which it became known, and by which deliveries. A change that has
// taken in another one by its merge commit has the observations of both; a
// fact that is not shown has its own. ErrNotFound where there is no such
// fact, and for commits, which are kept without their sources.
func (w *Workspace) Lineage(ctx context.Context, factID string) (evenkeel.Lineage, error) {
	var l evenkeel.Lineage
	if !storable(factID) {
		return l, fmt.Errorf("store: lineage: %w", evenkeel.ErrNotFound)
	}
	err := w.read(ctx, func(tx *gorm.DB) error {
		row, err := of[factRow](w, tx).Where("id = ?", factID).Take(ctx)
		if err != nil {
			return err
		}
		entries, err := w.entriesOf(ctx, tx, []factRow{row}, ever)
		if err != nil {
			return err
		}
		l.Entry = entries[0]
		said, err := w.saidOf(ctx, tx, row)
		if err != nil {
			return err
		}
		l.Observations, err = w.said(ctx, tx, said, ever)
		return err
	})
	if err != nil {
		return evenkeel.Lineage{}, fmt.Errorf("store: lineage of %q: %w", factID, err)
	}
	return l, nil
}

// saidOf reads the observations of a fact, and those of the merge that it has
// taken in.
func (w *Workspace) saidOf(ctx context.Context, tx *gorm.DB, row factRow) ([]observationRow, error) {
	own, err := of[observationRow](w, tx).Where("fact = ?", row.ID).Find(ctx)
	if err != nil || row.Kind != kindChange || row.Number == 0 || row.Link == "" || row.Gone {
		return own, err
	}
	smaller, err := of[factRow](w, tx).Where("kind = ? AND link <> '' AND link = ? AND repository = ? AND number > 0 AND number < ? AND gone = ?",
		kindChange, row.Link, row.Repository, row.Number, false).Count(ctx, "*")
	if err != nil || smaller > 0 {
		return own, err
	}
	alias, err := of[observationRow](w, tx).Where("fact = ?", aliasID(row.Repository, row.Link)).Find(ctx)
	if err != nil || len(alias) == 0 {
		return own, err
	}
	if merged, err := fold(alias, nil); err != nil || merged.Gone {
		return own, err
	}
	return append(own, alias...), nil
}

// said adds to observations when and how they came, until an instant.
func (w *Workspace) said(ctx context.Context, tx *gorm.DB, rows []observationRow, until instant) ([]evenkeel.Said, error) {
	deliveries, err := w.deliveriesOf(ctx, tx, rows, until)
	if err != nil {
		return nil, err
	}
	old := map[string]int64{}
	for _, row := range rows {
		if row.RecordedAt == 0 {
			old[string(row.Digest)] = row.Seq
		}
	}
	times, err := w.revisionTimes(ctx, tx, old)
	if err != nil {
		return nil, err
	}
	for i, row := range rows {
		if row.RecordedAt == 0 {
			rows[i].RecordedAt = times[max(row.Seq, 1)]
		}
	}
	slices.SortFunc(rows, func(a, b observationRow) int {
		return cmp.Or(cmp.Compare(a.Seq, b.Seq), cmp.Compare(a.RecordedAt, b.RecordedAt), a.first(b))
	})
	list := make([]evenkeel.Said, len(rows))
	for i, row := range rows {
		list[i] = evenkeel.Said{
			Source: row.Source, ExternalID: row.ExternalID, ObservedAt: row.ObservedAt.Time(), Deleted: row.Deleted, Final: row.Final,
			Fields: row.Fields, RecordedAt: row.RecordedAt.Time(), Revision: row.Seq, Deliveries: deliveries[string(row.Digest)],
		}
	}
	return list, nil
}

// deliveriesOf finds what brought observations until an instant, by digest,
// oldest first.
func (w *Workspace) deliveriesOf(ctx context.Context, tx *gorm.DB, rows []observationRow, until instant) (map[string][]evenkeel.DeliveryRef, error) {
	facts := make([]string, len(rows))
	for i, row := range rows {
		facts[i] = row.Fact
	}
	var links []deliveryFactRow
	err := eachChunk(facts, func(some []string) error {
		found, err := of[deliveryFactRow](w, tx).Where("fact IN ?", some).Order("delivery").Find(ctx)
		links = append(links, found...)
		return err
	})
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(links))
	for i, l := range links {
		ids[i] = l.Delivery
	}
	refs, err := w.deliveryRefs(ctx, tx, ids)
	found := map[string][]evenkeel.DeliveryRef{}
	for _, l := range links {
		if ref := refs[l.Delivery]; instantOf(ref.ReceivedAt) <= until {
			found[string(l.Digest)] = append(found[string(l.Digest)], ref)
		}
	}
	return found, err
}

func (w *Workspace) deliveryRefs(ctx context.Context, tx *gorm.DB, ids []string) (map[string]evenkeel.DeliveryRef, error) {
	refs := make(map[string]evenkeel.DeliveryRef, len(ids))
	err := eachChunk(ids, func(some []string) error {
		rows, err := of[deliveryRow](w, tx).Where("id IN ?", some).Find(ctx)
		for _, row := range rows {
			refs[row.ID] = evenkeel.DeliveryRef{ID: row.ID, Connection: row.Connection, Source: row.Source, Event: row.Event, ReceivedAt: row.ReceivedAt.Time()}
		}
		return err
	})
	return refs, err
}
