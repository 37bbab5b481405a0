package store

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"github.com/evenkeel-dev/evenkeel"
)

// levelSearchRow is the last search of a workspace for service levels.
type levelSearchRow struct {
	Workspace string `gorm:"primaryKey"`
	Running   bool
	SeenAt    instant
	// Body is compressed.
	Body    []byte
	Version int64
}

func (levelSearchRow) TableName() string { return "service_level_searches" }

// LevelSearch is the last search for service levels; one of version 0 where
// there was none.
func (w *Workspace) LevelSearch(ctx context.Context) (s evenkeel.LevelSearch, err error) {
	row, err := of[levelSearchRow](w, w.reader).Take(ctx)
	switch {
	case errors.Is(err, gorm.ErrRecordNotFound):
		return s, nil
	case err != nil:
		return s, fmt.Errorf("store: search for service levels: %w", translate(err))
	}
	_, decoder := codec()
	s = evenkeel.LevelSearch{Running: row.Running, SeenAt: row.SeenAt.Time(), Version: row.Version}
	if s.Body, err = decoder.DecodeAll(row.Body, nil); err != nil {
		return s, fmt.Errorf("store: search for service levels: %w", err)
	}
	return s, nil
}

// SaveLevelSearch keeps how far a search is, and gives it back with its next
// version. ErrConflict says that somebody else has changed it since it was read.
func (w *Workspace) SaveLevelSearch(ctx context.Context, s evenkeel.LevelSearch) (evenkeel.LevelSearch, error) {
	encoder, _ := codec()
	row := levelSearchRow{Workspace: w.slug, Running: s.Running, SeenAt: instantOf(s.SeenAt), Body: encoder.EncodeAll(s.Body, nil), Version: s.Version + 1}
	err := w.write(ctx, func(tx *gorm.DB) error {
		if _, err := w.lock(ctx, tx); err != nil {
			return err
		}
		if s.Version == 0 {
			return tx.Create(&row).Error
		}
		changed, err := of[levelSearchRow](w, tx).Where("version = ?", s.Version).Select("*").Updates(ctx, row)
		if err == nil && changed == 0 {
			err = fmt.Errorf("%w: somebody else has changed it", evenkeel.ErrConflict)
		}
		return err
	})
	if err != nil {
		return s, fmt.Errorf("store: search for service levels: %w", err)
	}
	s.Version = row.Version
	return s, nil
}
