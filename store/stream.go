package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"github.com/evenkeel-dev/evenkeel"
)

// streamRow says where reading one list of a vendor stands.
type streamRow struct {
	Workspace  string `gorm:"primaryKey"`
	Connection string `gorm:"primaryKey"`
	Name       string `gorm:"primaryKey"`
	Cursor     []byte
	Done       int
	Total      int
	Complete   bool
	LastAt     instant
	NextAt     instant `gorm:"index:streams_due"`
	Failures   int
	Error      string
	Version    int64
}

func (streamRow) TableName() string { return "streams" }

func streamRowOf(s evenkeel.Stream) streamRow {
	return streamRow{
		Workspace: s.Workspace, Connection: s.Connection, Name: s.Name, Cursor: s.Cursor, Done: s.Done, Total: s.Total, Complete: s.Complete,
		LastAt: instantOf(s.LastAt), NextAt: instantOf(s.NextAt), Failures: s.Failures, Error: s.Error, Version: s.Version,
	}
}

func (r streamRow) stream() evenkeel.Stream {
	s := evenkeel.Stream{
		Workspace: r.Workspace, Connection: r.Connection, Name: r.Name, Done: r.Done, Total: r.Total, Complete: r.Complete,
		LastAt: r.LastAt.Time(), NextAt: r.NextAt.Time(), Failures: r.Failures, Error: r.Error, Version: r.Version,
	}
	if len(r.Cursor) > 0 {
		s.Cursor = r.Cursor
	}
	return s
}

// DueStreams lists streams of all workspaces that are to be read by now, those
// that wait longest first.
func (s *Store) DueStreams(ctx context.Context, now time.Time, limit int) ([]evenkeel.Stream, error) {
	rows, err := gorm.G[streamRow](s.reader).Where("next_at <= ?", instantOf(now)).
		Order("next_at, workspace, connection, name").Limit(limit).Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("store: due streams: %w", translate(err))
	}
	return streamsOf(rows), nil
}

// Streams lists the streams of the workspace by connection and name.
func (w *Workspace) Streams(ctx context.Context) ([]evenkeel.Stream, error) {
	rows, err := of[streamRow](w, w.reader).Order("connection, name").Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("store: streams: %w", translate(err))
	}
	return streamsOf(rows), nil
}

// StreamsNamed lists the streams of one connection that have one of the names,
// those that are due longest first.
func (w *Workspace) StreamsNamed(ctx context.Context, connection string, names []string) ([]evenkeel.Stream, error) {
	var list []evenkeel.Stream
	err := eachChunk(storables(names), func(some []string) error {
		rows, err := of[streamRow](w, w.reader).Where("connection = ? AND name IN ?", connection, some).Find(ctx)
		list = append(list, streamsOf(rows)...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("store: %d streams: %w", len(names), translate(err))
	}
	slices.SortFunc(list, func(a, b evenkeel.Stream) int { return cmp.Or(a.NextAt.Compare(b.NextAt), cmp.Compare(a.Name, b.Name)) })
	return list, nil
}

func streamsOf(rows []streamRow) []evenkeel.Stream {
	list := make([]evenkeel.Stream, len(rows))
	for i, row := range rows {
		list[i] = row.stream()
	}
	return list
}

// SaveStream keeps where reading stands, and gives it back with its next
// version. ErrConflict says that another process has changed it since it was
// read, or that the connection is gone.
func (w *Workspace) SaveStream(ctx context.Context, s evenkeel.Stream) (evenkeel.Stream, error) {
	s.Workspace = w.slug
	row := streamRowOf(s)
	row.Version++
	err := w.write(ctx, func(tx *gorm.DB) error {
		if _, err := w.lock(ctx, tx); err != nil {
			return err
		}
		return w.replaceStream(ctx, tx, &row, s.Version)
	})
	if err != nil {
		return s, fmt.Errorf("store: save stream %q: %w", s.Name, err)
	}
	return row.stream(), nil
}

// SaveStreams is [Workspace.SaveStream] for several of one connection, all of
// which were read from here, in one transaction. It gives back those that were
// kept, by name: the others another process has changed since they were read.
// ErrConflict says that the connection is gone.
func (w *Workspace) SaveStreams(ctx context.Context, connection string, list []evenkeel.Stream) (map[string]evenkeel.Stream, error) {
	saved := make(map[string]evenkeel.Stream, len(list))
	if len(list) == 0 {
		return saved, nil
	}
	err := w.write(ctx, func(tx *gorm.DB) error {
		clear(saved)
		if _, err := w.lock(ctx, tx); err != nil {
			return err
		}
		if err := w.checkConnected(ctx, tx, connection); err != nil {
			return err
		}
		for _, s := range list {
			s.Workspace, s.Connection = w.slug, connection
			row := streamRowOf(s)
			row.Version++
			switch err := w.putStream(ctx, tx, &row, s.Version); {
			case err == nil:
				saved[s.Name] = row.stream()
			case !errors.Is(err, evenkeel.ErrConflict):
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("store: save %d streams: %w", len(list), err)
	}
	return saved, nil
}

func (w *Workspace) replaceStream(ctx context.Context, tx *gorm.DB, row *streamRow, before int64) error {
	if err := w.checkConnected(ctx, tx, row.Connection); err != nil {
		return err
	}
	return w.putStream(ctx, tx, row, before)
}

func (w *Workspace) checkConnected(ctx context.Context, tx *gorm.DB, connection string) error {
	n, err := of[connectionRow](w, tx).Where("id = ?", connection).Count(ctx, "*")
	if err == nil && n == 0 {
		err = fmt.Errorf("%w: its connection was removed", evenkeel.ErrConflict)
	}
	return err
}

func (w *Workspace) putStream(ctx context.Context, tx *gorm.DB, row *streamRow, before int64) error {
	if before == 0 {
		if err := tx.Create(row).Error; err != nil || row.Name != "" {
			return err
		}
		return w.beginAsking(tx, row.Connection)
	}
	changed, err := of[streamRow](w, tx).Where("connection = ? AND name = ? AND version = ?", row.Connection, row.Name, before).
		Select("*").Updates(ctx, *row)
	if err == nil && changed == 0 {
		err = fmt.Errorf("%w: another process has read on", evenkeel.ErrConflict)
	}
	return err
}

// RemoveStream forgets a stream that the vendor no longer has, and where
// reading it stood. Without the one that has no name the vendor is not asked.
func (w *Workspace) RemoveStream(ctx context.Context, connection, name string) error {
	err := w.write(ctx, func(tx *gorm.DB) error {
		removed, err := of[streamRow](w, tx).Where("connection = ? AND name = ?", connection, name).Delete(ctx)
		if err != nil || removed == 0 || name != "" {
			return err
		}
		return w.endAsking(tx, connection)
	})
	if err != nil {
		return fmt.Errorf("store: remove stream %q: %w", name, err)
	}
	return nil
}

// Stream is one stream; ErrNotFound where there is none.
func (w *Workspace) Stream(ctx context.Context, connection, name string) (evenkeel.Stream, error) {
	row, err := of[streamRow](w, w.reader).Where("connection = ? AND name = ?", connection, name).Take(ctx)
	if err != nil {
		return evenkeel.Stream{}, fmt.Errorf("store: stream %q: %w", name, translate(err))
	}
	return row.stream(), nil
}
