package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"github.com/evenkeel-dev/evenkeel"
)

// SeriesNamed lists the measured series of an application that have a name, or
// have it with labels in braces, by environment, name and id. The application
// is a slug; an empty environment is any.
func (w *Workspace) SeriesNamed(ctx context.Context, application, environment, name string) ([]evenkeel.SeriesInfo, error) {
	list := []evenkeel.SeriesInfo{}
	if !storable(application) || !storable(environment) || !storable(name) {
		return list, nil
	}
	rows := of[seriesRow](w, w.reader).Where("application = ? AND kind = ?", application, kindMeasurement)
	if environment != "" {
		rows = rows.Where("environment = ?", environment)
	}
	found, err := rows.Where("name = ? OR name LIKE ? ESCAPE '!'", name, beginning(name+"{")).Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("store: series %q: %w", name, translate(err))
	}
	for _, row := range found {
		if row.Name == name || strings.HasPrefix(row.Name, name+"{") { // SQLite takes capitals for small letters.
			list = append(list, row.info())
		}
	}
	slices.SortFunc(list, func(a, b evenkeel.SeriesInfo) int {
		return cmp.Or(cmp.Compare(a.Environment, b.Environment), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return list, nil
}

// beginning is a pattern of texts that begin with another; "!" escapes.
func beginning(part string) string { return strings.TrimPrefix(containing(part), "%") }

// MeasurementsOf reads the slices of series that begin in the window, by id and
// time. A zero end of the window is open. A series that does not exist has
// none.
func (w *Workspace) MeasurementsOf(ctx context.Context, ids []string, window evenkeel.Window) (map[string][]evenkeel.Slice, error) {
	return w.MeasurementsAt(ctx, evenkeel.LastRevision, ids, window)
}

// MeasurementsAt is [Workspace.MeasurementsOf] as it was known at a revision.
func (w *Workspace) MeasurementsAt(ctx context.Context, revision int64, ids []string, window evenkeel.Window) (map[string][]evenkeel.Slice, error) {
	found := make(map[string][]evenkeel.Slice, len(ids))
	err := w.read(ctx, func(tx *gorm.DB) error {
		return w.eachSegment(ctx, tx, storables(ids), hoursOf(window, revision), func(row seriesSegmentRow) (err error) {
			found[row.Series], err = appendSlices(found[row.Series], row, revision, window, unpackMeasured)
			return err
		})
	})
	if err != nil {
		return nil, fmt.Errorf("store: measurements: %w", err)
	}
	return found, nil
}

// hourChoice narrows segments; see [Workspace.eachSegment].
type hourChoice struct {
	// condition is on the columns of the table s, with its arguments.
	condition string
	arguments []any
}

func (c hourChoice) and(condition string, arguments ...any) hourChoice {
	return hourChoice{c.condition + " AND " + condition, append(slices.Clip(c.arguments), arguments...)}
}

// hoursOf are the hours that a window touches, as known at a revision.
func hoursOf(window evenkeel.Window, revision int64) hourChoice {
	c := hourChoice{condition: "s.seq <= ?", arguments: []any{revision}}
	if !window.From.IsZero() {
		c = c.and("s.hour_at >= ?", hourOf(instantOf(window.From)))
	}
	if !window.To.IsZero() {
		c = c.and("s.hour_at < ?", instantOf(window.To))
	}
	return c
}

// eachSegment reads the last chosen row of every hour of series, in the order of
// time within a series. The last rows are found in the index of the table's key
// alone, so that those before them are passed over quickly; the cross join keeps
// SQLite in that order.
func (w *Workspace) eachSegment(ctx context.Context, tx *gorm.DB, ids []string, c hourChoice, work func(row seriesSegmentRow) error) error {
	for some := range slices.Chunk(distinct(ids), 500) {
		arguments := slices.Concat([]any{w.slug, some}, c.arguments, []any{w.slug})
		err := scanSegments(tx.WithContext(ctx).Raw(`SELECT b.series, b.hour_at, b.seq, b.body FROM (
				SELECT s.series AS series, s.hour_at AS hour_at, max(s.seq) AS seq FROM series_segments s
				WHERE s.workspace = ? AND s.series IN ? AND `+c.condition+` GROUP BY s.series, s.hour_at) AS newest
			CROSS JOIN series_segments b WHERE b.workspace = ? AND b.series = newest.series AND b.hour_at = newest.hour_at AND b.seq = newest.seq
			ORDER BY newest.series, newest.hour_at`, arguments...), work)
		if err != nil {
			return err
		}
	}
	return nil
}

func scanSegments(query *gorm.DB, work func(row seriesSegmentRow) error) error {
	rows, err := query.Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var row seriesSegmentRow
		if err := rows.Scan(&row.Series, &row.HourAt, &row.Seq, &row.Body); err != nil {
			return err
		}
		if err := work(row); err != nil {
			return err
		}
	}
	return rows.Err()
}

// mostMeasured is how many hours MeasuredSince tells.
const mostMeasured = 50_000

// MeasuredSince tells the hours of series that revisions after the given one
// changed, as they are now, by series and time, and the revision up to which
// that is known. Where there are very many it tells none, and whole is true:
// everything is to be read anew.
func (w *Workspace) MeasuredSince(ctx context.Context, after int64) (hours []evenkeel.MeasuredHour, revision int64, whole bool, err error) {
	err = w.read(ctx, func(tx *gorm.DB) error {
		row, err := w.row(ctx, tx)
		if err != nil {
			return err
		}
		revision = row.Revision
		if revision == after {
			return nil
		}
		rows, err := of[seriesSegmentRow](w, tx).Where("last_seq > ?", after).Limit(mostMeasured + 1).Find(ctx)
		if whole = len(rows) > mostMeasured; err != nil || whole {
			return err
		}
		hours, err = w.lastHours(ctx, tx, rows)
		return err
	})
	if err != nil {
		return nil, 0, false, fmt.Errorf("store: measured since revision %d: %w", after, err)
	}
	return hours, revision, whole, nil
}

// lastHours reads the last row of every hour among segments; those of flag usage
// are left out.
func (w *Workspace) lastHours(ctx context.Context, tx *gorm.DB, rows []seriesSegmentRow) ([]evenkeel.MeasuredHour, error) {
	slices.SortFunc(rows, func(a, b seriesSegmentRow) int {
		return cmp.Or(cmp.Compare(a.Series, b.Series), cmp.Compare(a.HourAt, b.HourAt), cmp.Compare(b.Seq, a.Seq))
	})
	rows = slices.CompactFunc(rows, func(a, b seriesSegmentRow) bool { return a.Series == b.Series && a.HourAt == b.HourAt })
	ids := make([]string, len(rows))
	for i, row := range rows {
		ids[i] = row.Series
	}
	measured := map[string]bool{}
	err := eachChunk(ids, func(some []string) error {
		series, err := of[seriesRow](w, tx).Select("id").Where(among{"id", some}).Where("kind = ?", kindMeasurement).Find(ctx)
		for _, s := range series {
			measured[s.ID] = true
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	hours := make([]evenkeel.MeasuredHour, 0, len(rows))
	for _, row := range rows {
		if !measured[row.Series] {
			continue
		}
		hour, err := measuredHour(row)
		if err != nil {
			return nil, err
		}
		hours = append(hours, hour)
	}
	return hours, nil
}

func measuredHour(row seriesSegmentRow) (evenkeel.MeasuredHour, error) {
	list, err := appendSlices(nil, row, ever, evenkeel.Window{}, unpackMeasured)
	return evenkeel.MeasuredHour{Series: row.Series, Hour: row.HourAt.Time(), Slices: list}, err
}

// MeasuredHours calls work with every hour of series that the window touches
// and of which anything is known, by series and time. Nothing more than one
// hour is held. A zero end of the window is open.
func (w *Workspace) MeasuredHours(ctx context.Context, ids []string, window evenkeel.Window, work func(evenkeel.MeasuredHour) error) error {
	return w.workHours(ctx, ids, hoursOf(window, ever), work)
}

// MeasuredIn is [Workspace.MeasuredHours] for some hours, given by their
// beginnings.
func (w *Workspace) MeasuredIn(ctx context.Context, ids []string, hours []time.Time, work func(evenkeel.MeasuredHour) error) error {
	if len(hours) == 0 {
		return nil
	}
	wanted := make([]instant, len(hours))
	for i, hour := range hours {
		wanted[i] = hourOf(instantOf(hour))
	}
	return w.workHours(ctx, ids, hourChoice{"s.hour_at IN ?", []any{wanted}}, work)
}

func (w *Workspace) workHours(ctx context.Context, ids []string, c hourChoice, work func(evenkeel.MeasuredHour) error) error {
	err := w.read(ctx, func(tx *gorm.DB) error {
		return w.eachSegment(ctx, tx, storables(ids), c, func(row seriesSegmentRow) error {
			hour, err := measuredHour(row)
			if err != nil {
				return err
			}
			return work(hour)
		})
	})
	if err != nil {
		return fmt.Errorf("store: measured hours: %w", err)
	}
	return nil
}

// MeasuredUntil is the beginning of the last hour of which anything was known at
// a revision, by the id of the series. Series that were measured later are not
// among them.
func (w *Workspace) MeasuredUntil(ctx context.Context, revision int64) (map[string]time.Time, error) {
	last := map[string]time.Time{}
	err := w.read(ctx, func(tx *gorm.DB) error {
		var rows []lastHourRow
		err := w.rows(tx.Model(&seriesSegmentRow{})).Select("series, max(hour_at) AS hour_at").Where("seq <= ?", revision).Group("series").Scan(&rows).Error
		for _, r := range rows {
			last[r.Series] = r.HourAt.Time()
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("store: measured until: %w", err)
	}
	return last, nil
}

type lastHourRow struct {
	Series string
	HourAt instant
}
