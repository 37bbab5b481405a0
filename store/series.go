package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"github.com/evenkeel-dev/evenkeel"
)

// seriesRow is a series of measurements or of flag usage.
type seriesRow struct {
	Workspace string `gorm:"primaryKey;index:series_name,priority:1"`
	ID        string `gorm:"primaryKey"`
	Kind      kind
	Source    string
	// Name is that of the series or flag.
	Name         string `gorm:"index:series_name,priority:3"`
	Application  string `gorm:"index:series_name,priority:2"`
	Environment  string
	SliceSeconds int64
	Subject      string
	// FirstAt and LastAt are the beginnings of the first and last slice.
	FirstAt instant
	LastAt  instant
	Batches int64
	// Seq is the revision that last brought a batch.
	Seq int64
}

func (seriesRow) TableName() string { return "series" }

// seriesBatchRow says that a batch with a name was taken in, so that it is not
// again.
type seriesBatchRow struct {
	Workspace string `gorm:"primaryKey"`
	// Batch stands for the series and the batch's own name; see batchOf.
	Batch  string `gorm:"primaryKey"`
	Series string
	Seq    int64
}

func (seriesBatchRow) TableName() string { return "series_batches" }

// seriesSegmentRow is all slices of a series in one hour, since a revision. What
// becomes known later is added to the row with the revision that brought it, and
// so is what replaces a slice, beside the one it replaces. Where very much has
// been replaced a new row begins, with what is known then.
type seriesSegmentRow struct {
	Workspace string  `gorm:"primaryKey;index:series_segments_last,priority:1"`
	Series    string  `gorm:"primaryKey"`
	HourAt    instant `gorm:"primaryKey;autoIncrement:false"`
	// Seq is the revision that began the row.
	Seq  int64 `gorm:"primaryKey;autoIncrement:false"`
	Body []byte
	// LastSeq is the last revision that changed what the row knows.
	LastSeq int64 `gorm:"index:series_segments_last,priority:2"`
}

func (seriesSegmentRow) TableName() string { return "series_segments" }

func (r seriesRow) info() evenkeel.SeriesInfo {
	return evenkeel.SeriesInfo{
		ID: r.ID, Kind: r.Kind.name(), Source: r.Source, Name: r.Name, Application: r.Application, Environment: r.Environment,
		SliceSeconds: int(r.SliceSeconds), FirstAt: r.FirstAt.Time(), LastAt: r.LastAt.Time(), Batches: int(r.Batches),
	}
}

// Series lists the series that a filter finds, by application, environment
// and name. The window finds those whose first to last slice touch it, and the
// query a part of the name. A series has no status; a filter that asks for one
// finds none. Cursor and limit mean nothing.
func (w *Workspace) Series(ctx context.Context, f evenkeel.EntryFilter) ([]evenkeel.SeriesInfo, error) {
	if err := checkFilter(f); err != nil {
		return nil, fmt.Errorf("store: series: %w", err)
	}
	list := []evenkeel.SeriesInfo{}
	if len(f.Statuses) > 0 {
		return list, nil
	}
	err := w.read(ctx, func(tx *gorm.DB) error {
		rows, err := w.seriesFound(tx, f).Find(ctx)
		for _, row := range rows {
			list = append(list, row.info())
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("store: series: %w", err)
	}
	slices.SortFunc(list, func(a, b evenkeel.SeriesInfo) int {
		return cmp.Or(strings.Compare(a.Application, b.Application), strings.Compare(a.Environment, b.Environment),
			strings.Compare(a.Name, b.Name), strings.Compare(a.ID, b.ID))
	})
	return list, nil
}

func (w *Workspace) seriesFound(tx *gorm.DB, f evenkeel.EntryFilter) gorm.ChainInterface[seriesRow] {
	rows := narrow(w, tx, of[seriesRow](w, tx), f)
	if !f.Window.From.IsZero() {
		rows = rows.Where("last_at >= ?", instantOf(f.Window.From))
	}
	if !f.Window.To.IsZero() {
		rows = rows.Where("first_at < ?", instantOf(f.Window.To))
	}
	if f.Query != "" {
		rows = rows.Where("lower(name) LIKE lower(?) ESCAPE '!'", containing(f.Query))
	}
	return rows
}

// Measurements reads the slices of a series that begin in the window, by time.
// A zero end of the window is open. A series that does not exist is ErrNotFound.
func (w *Workspace) Measurements(ctx context.Context, id string, window evenkeel.Window) ([]evenkeel.Slice, error) {
	return readSlices(ctx, w, kindMeasurement, id, window, unpackMeasured)
}

// FlagUsage reads the counts of a series that begin in the window, by time. A
// zero end of the window is open. A series that does not exist is ErrNotFound.
func (w *Workspace) FlagUsage(ctx context.Context, id string, window evenkeel.Window) ([]evenkeel.UsageSlice, error) {
	return readSlices(ctx, w, kindFlagUsage, id, window, unpackUsed)
}

func readSlices[T any](ctx context.Context, w *Workspace, k kind, id string, window evenkeel.Window, unpack func(slice) (T, error)) ([]T, error) {
	found := []T{}
	err := w.read(ctx, func(tx *gorm.DB) error {
		if !storable(id) {
			return evenkeel.ErrNotFound
		}
		if _, err := of[seriesRow](w, tx).Where("id = ? AND kind = ?", id, k).Take(ctx); err != nil {
			return err
		}
		segments, err := w.newestSegments(tx, window).Where("series = ?", id).Order("hour_at").Find(ctx)
		if err != nil {
			return err
		}
		for _, segment := range segments {
			if found, err = appendSlices(found, segment, ever, window, unpack); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("store: %s %q: %w", k.name(), id, err)
	}
	return found, nil
}

// appendSlices adds those of a row's slices that held at a revision.
func appendSlices[T any](list []T, segment seriesSegmentRow, revision int64, window evenkeel.Window, unpack func(slice) (T, error)) ([]T, error) {
	held, err := segment.unpack()
	if err != nil {
		return list, err
	}
	held = knownAt(held, revision)
	list = slices.Grow(list, len(held))
	for _, s := range held {
		if (!window.From.IsZero() && s.at < instantOf(window.From)) || (!window.To.IsZero() && s.at >= instantOf(window.To)) {
			continue
		}
		one, err := unpack(s)
		if err != nil {
			return list, err
		}
		list = append(list, one)
	}
	return list, nil
}

// newestSegments selects the last row of every hour that the window touches.
func (w *Workspace) newestSegments(tx *gorm.DB, window evenkeel.Window) gorm.ChainInterface[seriesSegmentRow] {
	rows := of[seriesSegmentRow](w, tx).Where(`seq = (SELECT max(newer.seq) FROM series_segments AS newer
		WHERE newer.workspace = series_segments.workspace AND newer.series = series_segments.series AND newer.hour_at = series_segments.hour_at)`)
	if !window.From.IsZero() {
		rows = rows.Where("hour_at >= ?", hourOf(instantOf(window.From)))
	}
	if !window.To.IsZero() {
		rows = rows.Where("hour_at < ?", instantOf(window.To))
	}
	return rows
}
