package store

import (
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

// SaveDerived replaces the stored results of one application, given by its
// id. Results of a later revision under the same rules stay: whoever was
// slower derived from older facts.
func (w *Workspace) SaveDerived(ctx context.Context, application string, state evenkeel.DerivedState, segments []evenkeel.Segment) error {
	rows := make([]derivedSegmentRow, len(segments))
	for i, s := range segments {
		rows[i] = derivedSegmentRow{w.slug, application, s.Environment, s.Month, s.Data}
	}
	err := w.write(ctx, func(tx *gorm.DB) error {
		if _, err := w.lock(ctx, tx); err != nil {
			return err
		}
		held, err := of[derivedStateRow](w, tx).Where("application = ?", application).Find(ctx)
		if err != nil {
			return err
		}
		if len(held) > 0 && held[0].Engine == state.Engine && held[0].Policy == state.Policy && held[0].Revision > state.Revision {
			return nil
		}
		if _, err := of[derivedSegmentRow](w, tx).Where("application = ?", application).Delete(ctx); err != nil {
			return err
		}
		if err := insert(tx, rows); err != nil {
			return err
		}
		row := derivedStateRow{w.slug, application, state.Revision, state.Catalogue, state.Policy, state.Engine}
		return tx.Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error
	})
	if err != nil {
		return fmt.Errorf("store: save results of %s: %w", application, err)
	}
	return nil
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
