package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"github.com/evenkeel-dev/evenkeel"
)

// LateMeasurements lists the hours of series in a window of which something
// became known later than after their end, by series and time, and from what
// was known at a revision; what changed meanwhile is there as it was before and
// as it is. A zero end of the window is open.
func (w *Workspace) LateMeasurements(ctx context.Context, revision int64, ids []string, window evenkeel.Window, after time.Duration) ([]evenkeel.LateHour, error) {
	list := []evenkeel.LateHour{}
	tolerated := instant((time.Hour + after) / time.Microsecond)
	err := w.read(ctx, func(tx *gorm.DB) error {
		for some := range slices.Chunk(distinct(storables(ids)), 500) {
			found, err := w.histories(ctx, tx, some, window, revision, tolerated)
			if err != nil {
				return err
			}
			made, err := w.changeTimes(ctx, tx, found)
			if err != nil {
				return err
			}
			for _, h := range found {
				if made[h.last()] <= h.hour()+tolerated {
					continue // What came late was not known yet.
				}
				hour, err := h.late(made, h.hour()+tolerated)
				if err != nil {
					return err
				}
				list = append(list, hour)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("store: late measurements: %w", err)
	}
	return list, nil
}

// hourHistory is how an hour of a series became what it was at a revision.
type hourHistory struct {
	// rows are those of the hour, in the order of seq. They have no bodies where
	// one transaction brought all.
	rows []seriesSegmentRow
	// changes are the revisions that changed what was known, in their order.
	changes []int64
}

func (h hourHistory) hour() instant { return h.rows[0].HourAt }
func (h hourHistory) last() int64   { return h.changes[len(h.changes)-1] }

// histories reads the hours of series in a window whose last change, before the
// revision or after it, came later than tolerated after their beginning. They
// are in the order of series and time.
func (w *Workspace) histories(ctx context.Context, tx *gorm.DB, ids []string, window evenkeel.Window, revision int64, tolerated instant) (list []hourHistory, err error) {
	c := hoursOf(window, revision)
	arguments := slices.Concat([]any{w.slug, ids}, c.arguments, []any{w.slug, tolerated, w.slug, revision})
	query := tx.WithContext(ctx).Raw(`SELECT l.series, l.hour_at, s.seq, CASE WHEN l.first < l.last THEN s.body END FROM (
			SELECT s.series AS series, s.hour_at AS hour_at, min(s.seq) AS first, max(s.last_seq) AS last FROM series_segments s
			WHERE s.workspace = ? AND s.series IN ? AND `+c.condition+` GROUP BY s.series, s.hour_at) AS l
		CROSS JOIN revisions r CROSS JOIN series_segments s
		WHERE r.workspace = ? AND r.seq = l.last AND r.at > l.hour_at + ?
			AND s.workspace = ? AND s.series = l.series AND s.hour_at = l.hour_at AND s.seq <= ?
		ORDER BY l.series, l.hour_at, s.seq`, arguments...)
	err = scanSegments(query, func(row seriesSegmentRow) error {
		if n := len(list); n == 0 || list[n-1].rows[0].Series != row.Series || list[n-1].hour() != row.HourAt {
			list = append(list, hourHistory{})
		}
		return list[len(list)-1].add(row, revision)
	})
	return list, err
}

// add takes in the next row of the hour.
func (h *hourHistory) add(row seriesSegmentRow, revision int64) error {
	h.rows = append(h.rows, row)
	if row.Body == nil {
		h.changes = append(h.changes, row.Seq)
		return nil
	}
	held, err := row.unpack()
	if err != nil {
		return err
	}
	for _, s := range held {
		if s.since <= revision {
			h.changes = append(h.changes, s.since)
		}
	}
	slices.Sort(h.changes)
	h.changes = slices.Compact(h.changes)
	return nil
}

// changeTimes tells when the changes of hours were made, by revision.
func (w *Workspace) changeTimes(ctx context.Context, tx *gorm.DB, of []hourHistory) (map[int64]instant, error) {
	var wanted []int64
	for _, h := range of {
		wanted = append(wanted, h.changes...)
	}
	slices.Sort(wanted)
	made := map[int64]instant{}
	for some := range slices.Chunk(slices.Compact(wanted), 500) {
		rows, err := gorm.G[revisionRow](tx).Select("seq", "at").Where("workspace = ? AND seq IN ?", w.slug, some).Find(ctx)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			made[row.Seq] = row.At
		}
	}
	return made, nil
}

// late describes an hour that something came to after it was due.
func (h hourHistory) late(made map[int64]instant, due instant) (evenkeel.LateHour, error) {
	first, base, last := h.changes[0], h.changes[0], h.last()
	l := evenkeel.LateHour{Series: h.rows[0].Series, Hour: h.hour().Time(), FirstAt: made[first].Time(), LastAt: made[last].Time()}
	for _, change := range h.changes {
		if made[change] > due {
			l.Changes++
		} else {
			base = change
		}
	}
	if base == last {
		return l, nil
	}
	var err error
	if l.Before, err = h.at(base); err != nil {
		return l, err
	}
	l.Now, err = h.at(last)
	return l, err
}

// at is what was known at a revision.
func (h hourHistory) at(revision int64) ([]evenkeel.Slice, error) {
	n, found := slices.BinarySearchFunc(h.rows, revision, func(row seriesSegmentRow, seq int64) int { return cmp.Compare(row.Seq, seq) })
	if !found {
		n--
	}
	return appendSlices(nil, h.rows[n], revision, evenkeel.Window{}, unpackMeasured)
}
