package store

import (
	"context"
	"fmt"
	"math"
	"time"

	"gorm.io/gorm"

	"github.com/evenkeel-dev/evenkeel"
)

// StoodSince tells the incidents that revisions after one were the last to
// change, with the times in which they stood. Those that were reopened are to be
// named: what is said of an earlier time changes when they stood, and not the
// incident. Where incidents belong to applications by another version of the
// catalogue than the given one, it tells all, and says so.
func (w *Workspace) StoodSince(ctx context.Context, after, catalogue int64, reopened []string) (evenkeel.StoodDelta, error) {
	var delta evenkeel.StoodDelta
	err := w.read(ctx, func(tx *gorm.DB) error {
		row, err := w.row(ctx, tx)
		if err != nil {
			return err
		}
		delta.Revision, delta.Catalogue = row.Revision, row.Catalogue
		if delta.Whole = after <= 0 || row.Catalogue != catalogue; delta.Whole {
			after = 0
		}
		if row.Revision == after && len(reopened) == 0 {
			return nil
		}
		resolver, err := w.resolver(ctx, tx, row)
		if err != nil {
			return err
		}
		rows, err := w.incidentRows(tx, false, after).Find(ctx)
		if err == nil && !delta.Whole {
			rows, err = w.withUnchanged(ctx, tx, rows, reopened, after)
		}
		if err != nil {
			return err
		}
		owners := func(subject string) (ids []string) {
			for _, m := range resolver.resolve(evenkeel.ParseSubject(subject)) {
				ids = append(ids, m.Application)
			}
			return distinct(ids)
		}
		if delta.Incidents, err = w.stood(ctx, tx, rows, owners, evenkeel.Known{Revision: row.Revision, At: forever()}); err != nil || delta.Whole {
			return err
		}
		gone, err := w.incidentRows(tx, true, after).Select("id").Find(ctx)
		for _, row := range gone {
			delta.Gone = append(delta.Gone, row.ID)
		}
		return err
	})
	if err != nil {
		return evenkeel.StoodDelta{}, fmt.Errorf("store: incidents since revision %d: %w", after, err)
	}
	return delta, nil
}

// incidentRows selects incidents: all that are shown, or those that revisions
// after one were the last to change. The literals are those of partial indexes,
// and the sign keeps SQLite from an index that knows no revisions.
func (w *Workspace) incidentRows(tx *gorm.DB, gone bool, after int64) gorm.ChainInterface[factRow] {
	switch {
	case gone:
		return of[factRow](w, tx).Where("gone = true AND seq > ? AND +kind = ?", after, kindIncident)
	case after > 0:
		return of[factRow](w, tx).Where("gone = false AND seq > ? AND +kind = ?", after, kindIncident)
	}
	return of[factRow](w, tx).Where("kind = ? AND gone = false", kindIncident)
}

// withUnchanged adds the incidents of some ids that no revision after one has
// changed.
func (w *Workspace) withUnchanged(ctx context.Context, tx *gorm.DB, rows []factRow, ids []string, after int64) ([]factRow, error) {
	err := eachChunk(storables(ids), func(some []string) error {
		found, err := of[factRow](w, tx).Where("id IN ? AND kind = ? AND gone = ? AND seq <= ?", some, kindIncident, false, after).Find(ctx)
		rows = append(rows, found...)
		return err
	})
	return rows, err
}

// forever is later than anything was recorded.
func forever() time.Time { return time.UnixMicro(math.MaxInt64) }

// StoodAt tells all incidents as they were known, with the times in which they
// stood.
func (w *Workspace) StoodAt(ctx context.Context, known evenkeel.Known) (evenkeel.StoodDelta, error) {
	delta := evenkeel.StoodDelta{Revision: known.Revision, Whole: true}
	err := w.read(ctx, func(tx *gorm.DB) error {
		then, err := w.at(ctx, tx, known.Revision)
		if err != nil {
			return err
		}
		delta.Catalogue = then.members.catalogue.version
		rows, err := then.unchanged(of[factRow](w, tx).Where("kind = ? AND gone = ?", kindIncident, false)).Find(ctx)
		if err != nil {
			return err
		}
		var changed []string
		for id, row := range then.rows {
			if row.Kind == kindIncident {
				changed = append(changed, id)
			}
		}
		past, err := then.fill(ctx, w, tx, changed)
		if err != nil {
			return err
		}
		owners := func(subject string) []string { return distinct(then.members.owners[subject]) }
		delta.Incidents, err = w.stood(ctx, tx, append(rows, past...), owners, known)
		return err
	})
	if err != nil {
		return evenkeel.StoodDelta{}, fmt.Errorf("store: incidents at revision %d: %w", known.Revision, err)
	}
	return delta, nil
}

// stood reads rows of incidents. Of those that were reopened it reads what was
// known of them: what changes no fact makes no revision of its own, and is told
// from what was known before by when it was recorded.
func (w *Workspace) stood(ctx context.Context, tx *gorm.DB, rows []factRow, owners func(subject string) []string, known evenkeel.Known) ([]evenkeel.StoodIncident, error) {
	list := make([]evenkeel.StoodIncident, len(rows))
	var reopened []string
	for i, row := range rows {
		fact, err := decodeFact[evenkeel.Incident](row, false)
		if err != nil {
			return nil, err
		}
		list[i] = evenkeel.StoodIncident{Fact: fact, Applications: owners(row.Subject)}
		list[i].Shared = len(list[i].Applications) > 1
		if fact.Value.ReopenedAt.IsZero() {
			list[i].Stood = fact.Value.Stood(nil)
		} else {
			reopened = append(reopened, row.ID)
		}
	}
	said, err := w.saidUntil(ctx, tx, known.Revision, reopened)
	for i := range list {
		one := &list[i]
		var observations []evenkeel.Observation
		for _, o := range said[one.ID] {
			if !o.RecordedAt.Time().After(known.At) {
				observations = append(observations, o.observation())
			}
		}
		if len(observations) > 0 {
			one.Stood = one.Value.Stood(observations)
		}
	}
	return list, err
}
