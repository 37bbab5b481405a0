package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"github.com/evenkeel-dev/evenkeel"
)

func (r deliveryRow) delivery(unclaimed bool) evenkeel.Delivery {
	return evenkeel.Delivery{
		ID: r.ID, Connection: r.Connection, Source: r.Source, Event: r.Event, Key: r.ExternalKey, Size: int(r.Size),
		ReceivedAt: r.ReceivedAt.Time(), Outcome: evenkeel.Outcome(r.Outcome), Reason: r.Reason, Expired: r.Expired,
		Repeats: int(r.Repeats), Facts: int(r.Facts), Unclaimed: unclaimed,
	}
}

// read adds what was sent to a delivery.
func (r deliveryBodyRow) read(d *evenkeel.Delivery) error {
	if err := json.Unmarshal(r.Headers, &d.Headers); err != nil {
		return fmt.Errorf("headers: %w", err)
	}
	_, decoder := codec()
	body, err := decoder.DecodeAll(r.Body, []byte{})
	if err != nil {
		return fmt.Errorf("body: %w", err)
	}
	d.Body = body
	return nil
}

// Deliveries lists deliveries without bodies and headers, newest first or, if
// asked, oldest first. A cursor that is not of this list is ErrInvalid.
func (w *Workspace) Deliveries(ctx context.Context, f evenkeel.DeliveryFilter) (evenkeel.Page[evenkeel.Delivery], error) {
	page := evenkeel.Page[evenkeel.Delivery]{Items: []evenkeel.Delivery{}}
	var after position
	if f.Cursor != "" {
		var err error
		if after, err = parseCursor(f.Cursor); err != nil {
			return page, fmt.Errorf("store: deliveries: %w", err)
		}
	}
	limit := pageLimit(f.Limit)
	err := w.read(ctx, func(tx *gorm.DB) error {
		rows, err := w.deliveryPage(ctx, tx, f, after, limit+1)
		if err != nil {
			return err
		}
		if len(rows) > limit {
			rows = rows[:limit]
			page.Next = position{rows[limit-1].ReceivedAt, rows[limit-1].ID}.cursor()
		}
		page.Items, err = w.deliveries(ctx, tx, rows)
		return err
	})
	if err != nil {
		return page, fmt.Errorf("store: deliveries: %w", err)
	}
	return page, nil
}

func (w *Workspace) deliveryPage(ctx context.Context, tx *gorm.DB, f evenkeel.DeliveryFilter, after position, limit int) ([]deliveryRow, error) {
	rows := of[deliveryRow](w, tx)
	for column, value := range map[string]string{"source": f.Source, "connection": f.Connection, "event": f.Event} {
		if value != "" {
			rows = rows.Where(column+" = ?", clean(value))
		}
	}
	if len(f.Outcomes) > 0 {
		rows = rows.Where("outcome IN ?", f.Outcomes)
	}
	if f.Unclaimed {
		var err error
		if rows, err = w.onlyUnclaimed(tx, rows); err != nil {
			return nil, err
		}
	}
	if !f.Window.From.IsZero() {
		from := instantOf(f.Window.From)
		rows = rows.Where("id >= ? AND received_at >= ?", firstID(from), from)
	}
	if !f.Window.To.IsZero() {
		to := instantOf(f.Window.To)
		rows = rows.Where("id < ? AND received_at < ?", firstID(to+millisecond), to)
	}
	order, next := "id DESC", "id < ?"
	if f.Oldest {
		order, next = "id", "id > ?"
	}
	if after.id != "" {
		rows = rows.Where(next, after.id)
	}
	return rows.Order(order).Limit(limit).Find(ctx)
}

// Delivery reads one delivery with its headers and body; ErrNotFound where
// there is none.
func (w *Workspace) Delivery(ctx context.Context, id string) (evenkeel.Delivery, error) {
	var d evenkeel.Delivery
	if !storable(id) {
		return d, fmt.Errorf("store: delivery: %w", evenkeel.ErrNotFound)
	}
	err := w.read(ctx, func(tx *gorm.DB) error {
		row, err := of[deliveryRow](w, tx).Where("id = ?", id).Take(ctx)
		if err != nil {
			return err
		}
		list, err := w.deliveries(ctx, tx, []deliveryRow{row})
		if err != nil {
			return err
		}
		d = list[0]
		bodies, err := of[deliveryBodyRow](w, tx).Where("delivery = ?", id).Find(ctx)
		if err != nil || len(bodies) == 0 {
			return err
		}
		return bodies[0].read(&d)
	})
	if err != nil {
		return evenkeel.Delivery{}, fmt.Errorf("store: delivery %q: %w", id, err)
	}
	return d, nil
}

// DeliveredFacts lists the facts that a delivery speaks of, by id. A fact
// that is not a row of its own, such as a commit, is shown by what the
// delivery says of it.
func (w *Workspace) DeliveredFacts(ctx context.Context, id string) ([]evenkeel.DeliveredFact, error) {
	if !storable(id) {
		return nil, fmt.Errorf("store: delivered facts: %w", evenkeel.ErrNotFound)
	}
	list := []evenkeel.DeliveredFact{}
	err := w.read(ctx, func(tx *gorm.DB) error {
		row, err := of[deliveryRow](w, tx).Where("id = ?", id).Take(ctx)
		if err != nil {
			return err
		}
		links, err := of[deliveryFactRow](w, tx).Where("delivery = ?", id).Find(ctx)
		if err != nil {
			return err
		}
		entries, err := w.linkedEntries(ctx, tx, links)
		if err != nil {
			return err
		}
		list = delivered(row, links, entries)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("store: facts of delivery %q: %w", id, err)
	}
	return list, nil
}

// linkedEntries reads the facts behind links that are rows.
func (w *Workspace) linkedEntries(ctx context.Context, tx *gorm.DB, links []deliveryFactRow) (map[string]evenkeel.DeliveredFact, error) {
	ids := make([]string, 0, len(links))
	for _, l := range links {
		if l.Kind == 0 {
			ids = append(ids, l.Fact)
		}
	}
	found := make(map[string]evenkeel.DeliveredFact, len(ids))
	err := eachChunk(ids, func(some []string) error {
		rows, err := of[factRow](w, tx).Where("id IN ?", some).Find(ctx)
		if err != nil {
			return err
		}
		entries, err := w.entriesOf(ctx, tx, rows, ever)
		for i, entry := range entries {
			found[entry.ID] = evenkeel.DeliveredFact{Entry: entry, Gone: rows[i].Gone}
		}
		return err
	})
	return found, err
}

func delivered(row deliveryRow, links []deliveryFactRow, entries map[string]evenkeel.DeliveredFact) []evenkeel.DeliveredFact {
	for _, l := range links {
		f, ok := entries[l.Fact]
		if !ok {
			f.Entry = evenkeel.Entry{
				ID: l.Fact, Kind: l.Kind.name(), Source: row.Source, ExternalID: l.ExternalID, At: l.At.Time(), ReceivedAt: row.ReceivedAt.Time(),
				Subject: evenkeel.ParseSubject(l.Subject), Repository: evenkeel.ParseSubject(l.Subject).Repository,
			}
		}
		f.Fresh = f.Fresh || l.Fresh
		entries[l.Fact] = f
	}
	list := make([]evenkeel.DeliveredFact, 0, len(entries))
	for _, f := range entries {
		list = append(list, f)
	}
	slices.SortFunc(list, func(a, b evenkeel.DeliveredFact) int { return cmp.Compare(a.Entry.ID, b.Entry.ID) })
	return list
}
