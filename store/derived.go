package store

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/evenkeel-dev/evenkeel"
)

// derivedStateRow says from what the stored results of an application were
// derived.
type derivedStateRow struct {
	Workspace   string `gorm:"primaryKey"`
	Application string `gorm:"primaryKey"`
	Revision    int64
	Catalogue   int64
	Policy      string
	Engine      string
}

func (derivedStateRow) TableName() string { return "derived_states" }

func (r derivedStateRow) state() evenkeel.DerivedState {
	return evenkeel.DerivedState{Revision: r.Revision, Catalogue: r.Catalogue, Policy: r.Policy, Engine: r.Engine}
}

// derivedSegmentRow is packed results; the store does not look inside.
type derivedSegmentRow struct {
	Workspace   string `gorm:"primaryKey"`
	Application string `gorm:"primaryKey"`
	Environment string `gorm:"primaryKey"`
	Month       string `gorm:"primaryKey"`
	Data        []byte
}

func (derivedSegmentRow) TableName() string { return "derived_segments" }

// SaveDerived makes the stored results of one application, given by its id,
// those given. Results of a later revision under the same rules stay: whoever
// was slower derived from older facts. Segments that are stored already are not
// written again.
func (w *Workspace) SaveDerived(ctx context.Context, application string, state evenkeel.DerivedState, segments []evenkeel.Segment) error {
	return w.saveDerived(ctx, application, func(tx *gorm.DB, held *derivedStateRow) error {
		if held != nil && held.newer(state) {
			return nil
		}
		changed, gone, err := w.differing(ctx, tx, application, segments)
		if err != nil {
			return err
		}
		return w.putDerived(ctx, tx, application, state, changed, gone)
	})
}

// PatchDerived writes the segments that differ from the results of another
// state, and takes away those that are gone. It does nothing, and is false,
// where other results are stored.
func (w *Workspace) PatchDerived(ctx context.Context, application string, from, state evenkeel.DerivedState, changed, gone []evenkeel.Segment) (done bool, err error) {
	err = w.saveDerived(ctx, application, func(tx *gorm.DB, held *derivedStateRow) error {
		if held == nil || held.state() != from {
			return nil
		}
		done = true
		return w.putDerived(ctx, tx, application, state, changed, gone)
	})
	return done && err == nil, err
}

// saveDerived changes the stored results of an application in a transaction;
// work gets the state of those that are stored, nil if there are none.
func (w *Workspace) saveDerived(ctx context.Context, application string, work func(tx *gorm.DB, held *derivedStateRow) error) error {
	err := w.write(ctx, func(tx *gorm.DB) error {
		if _, err := w.lock(ctx, tx); err != nil {
			return err
		}
		rows, err := of[derivedStateRow](w, tx).Where("application = ?", application).Find(ctx)
		if err != nil {
			return err
		}
		var held *derivedStateRow
		if len(rows) > 0 {
			held = &rows[0]
		}
		return work(tx, held)
	})
	if err != nil {
		return fmt.Errorf("store: save results of %s: %w", application, err)
	}
	return nil
}

// newer says that results under the same rules were derived from later facts.
func (r derivedStateRow) newer(state evenkeel.DerivedState) bool {
	return r.Engine == state.Engine && r.Policy == state.Policy && r.Revision > state.Revision
}

// differing compares segments with those that are stored.
func (w *Workspace) differing(ctx context.Context, tx *gorm.DB, application string, segments []evenkeel.Segment) (changed, gone []evenkeel.Segment, err error) {
	rows, err := of[derivedSegmentRow](w, tx).Where("application = ?", application).Find(ctx)
	if err != nil {
		return nil, nil, err
	}
	type name struct{ environment, month string }
	stored := make(map[name][]byte, len(rows))
	for _, row := range rows {
		stored[name{row.Environment, row.Month}] = row.Data
	}
	for _, s := range segments {
		key := name{s.Environment, s.Month}
		if data, ok := stored[key]; !ok || !bytes.Equal(data, s.Data) {
			changed = append(changed, s)
		}
		delete(stored, key)
	}
	for key := range stored {
		gone = append(gone, evenkeel.Segment{Environment: key.environment, Month: key.month})
	}
	return changed, gone, nil
}

func (w *Workspace) putDerived(ctx context.Context, tx *gorm.DB, application string, state evenkeel.DerivedState, changed, gone []evenkeel.Segment) error {
	for _, s := range gone {
		_, err := of[derivedSegmentRow](w, tx).Where("application = ? AND environment = ? AND month = ?", application, s.Environment, s.Month).Delete(ctx)
		if err != nil {
			return err
		}
	}
	rows := make([]derivedSegmentRow, len(changed))
	for i, s := range changed {
		rows[i] = derivedSegmentRow{w.slug, application, s.Environment, s.Month, s.Data}
	}
	if err := insert(tx, rows, clause.OnConflict{UpdateAll: true}); err != nil {
		return err
	}
	row := derivedStateRow{w.slug, application, state.Revision, state.Catalogue, state.Policy, state.Engine}
	return tx.Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error
}

// Derived reads the stored results of one application by environment and
// month. Where none are stored, the state is zero and there are no segments.
func (w *Workspace) Derived(ctx context.Context, application string) (state evenkeel.DerivedState, segments []evenkeel.Segment, err error) {
	err = w.read(ctx, func(tx *gorm.DB) error {
		held, err := of[derivedStateRow](w, tx).Where("application = ?", application).Find(ctx)
		if err != nil || len(held) == 0 {
			return err
		}
		state = held[0].state()
		rows, err := of[derivedSegmentRow](w, tx).Where("application = ?", application).Find(ctx)
		for _, row := range rows {
			segments = append(segments, evenkeel.Segment{Environment: row.Environment, Month: row.Month, Data: row.Data})
		}
		return err
	})
	if err != nil {
		return state, nil, fmt.Errorf("store: results of %s: %w", application, err)
	}
	slices.SortFunc(segments, func(a, b evenkeel.Segment) int {
		return cmp.Or(cmp.Compare(a.Environment, b.Environment), cmp.Compare(a.Month, b.Month))
	})
	return state, segments, nil
}

// DerivedStates reads from what all stored results were derived, by
// application id.
func (w *Workspace) DerivedStates(ctx context.Context) (map[string]evenkeel.DerivedState, error) {
	rows, err := of[derivedStateRow](w, w.reader).Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("store: states of results: %w", translate(err))
	}
	states := make(map[string]evenkeel.DerivedState, len(rows))
	for _, row := range rows {
		states[row.Application] = row.state()
	}
	return states, nil
}
