package store

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"github.com/evenkeel-dev/evenkeel"
)

// IncidentsTold tells of all incidents when they were first told of, and of those
// of one application, also of deleted ones, all that was said as it was known.
func (w *Workspace) IncidentsTold(ctx context.Context, known evenkeel.Known, application string) ([]evenkeel.ToldIncident, error) {
	var list []evenkeel.ToldIncident
	err := w.read(ctx, func(tx *gorm.DB) error {
		then, err := w.at(ctx, tx, known.Revision)
		if err != nil {
			return err
		}
		rows, err := of[factRow](w, tx).Select("id", "source", "subject").Where("kind = ?", kindIncident).Find(ctx)
		if err != nil {
			return err
		}
		var all, own []string
		for _, row := range rows {
			if past, changed := then.rows[row.ID]; changed {
				row.Subject = past.Subject
			}
			if all = append(all, row.ID); slices.Contains(then.members.owners[row.Subject], application) {
				own = append(own, row.ID)
			}
		}
		first, err := w.firstTold(ctx, tx, known.Revision, all)
		if err != nil {
			return err
		}
		said, err := w.saidUntil(ctx, tx, known.Revision, own)
		for _, row := range rows {
			at, told := first[row.ID]
			if !told || at.Time().After(known.At) {
				continue
			}
			list = append(list, evenkeel.ToldIncident{ID: row.ID, Source: row.Source, FirstAt: at.Time(), Said: tellings(said[row.ID], known)})
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("store: what was told of incidents: %w", err)
	}
	return list, nil
}

// tellings are observations that were recorded by an instant.
func tellings(rows []observationRow, known evenkeel.Known) (list []evenkeel.Telling) {
	for _, o := range rows {
		if at := o.RecordedAt.Time(); !at.After(known.At) {
			list = append(list, evenkeel.Telling{At: at, Observation: o.observation()})
		}
	}
	return list
}

// firstTold says when facts were first told of, by id.
func (w *Workspace) firstTold(ctx context.Context, tx *gorm.DB, revision int64, ids []string) (map[string]instant, error) {
	first := map[string]instant{}
	err := eachChunk(ids, func(some []string) error {
		var rows []observationRow
		err := w.rows(tx.WithContext(ctx).Model(&observationRow{})).Select("fact, min(recorded_at) AS recorded_at").
			Where("fact IN ? AND seq <= ?", some, revision).Group("fact").Find(&rows).Error
		for _, row := range rows {
			first[row.Fact] = row.RecordedAt
		}
		return err
	})
	return first, err
}
