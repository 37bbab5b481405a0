package store

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/evenkeel-dev/evenkeel"
)

// measuringRow says where measuring a service level stands. Every level has
// one.
type measuringRow struct {
	Workspace string `gorm:"primaryKey"`
	Level     string `gorm:"primaryKey"`
	LastSlice instant
	// Lag is in microseconds.
	Lag     int64
	Error   string
	SinceAt instant
	// Covered says that the coverage is known.
	Covered   bool
	Coverage  float64 `gorm:"type:double precision"`
	NextAt    instant `gorm:"index:service_level_measuring_due"`
	Holder    string
	HeldUntil instant
	Version   int64
}

func (measuringRow) TableName() string { return "service_level_measuring" }

func (r measuringRow) measuring(level string) evenkeel.Measuring {
	m := evenkeel.Measuring{
		Workspace: r.Workspace, ServiceLevel: level, LastSlice: r.LastSlice.Time(), Lag: time.Duration(r.Lag) * time.Microsecond,
		Error: r.Error, Since: r.SinceAt.Time(), NextAt: r.NextAt.Time(), Holder: r.Holder, HeldUntil: r.HeldUntil.Time(), Version: r.Version,
	}
	if r.Covered {
		m.Coverage = &r.Coverage
	}
	return m
}

// ClaimMeasuring claims service levels of all workspaces that are to be
// measured by now, those that wait longest first: nobody else gets them until
// the claim ends, or [Workspace.SaveMeasuring] ends it. Retired ones are never
// due.
func (s *Store) ClaimMeasuring(ctx context.Context, holder string, now, until time.Time, limit int) ([]evenkeel.Measuring, error) {
	var claimed []evenkeel.Measuring
	err := s.write(ctx, func(tx *gorm.DB) error {
		due, err := dueMeasuring(ctx, tx, instantOf(now), limit)
		if err != nil {
			return err
		}
		for _, one := range due {
			free := one.HeldUntil
			one.Holder, one.HeldUntil, one.Version = clean(holder), instantOf(until), one.Version+1
			n, err := gorm.G[measuringRow](tx).Where("workspace = ? AND level = ? AND version = ? AND held_until = ?", one.Workspace, one.Level, one.Version-1, free).
				Select("holder", "held_until", "version").Updates(ctx, one)
			if err != nil {
				return err
			}
			if n == 0 {
				continue
			}
			level, err := gorm.G[serviceLevelRow](tx).Where("workspace = ? AND id = ?", one.Workspace, one.Level).Take(ctx)
			if err != nil {
				return err
			}
			claimed = append(claimed, one.measuring(level.Name))
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("store: claim measuring: %w", err)
	}
	return claimed, nil
}

// dueMeasuring locks what is due; what another process is claiming is passed
// over.
func dueMeasuring(ctx context.Context, tx *gorm.DB, now instant, limit int) ([]measuringRow, error) {
	lock := clause.Locking{Strength: clause.LockingStrengthUpdate, Options: clause.LockingOptionsSkipLocked}
	return gorm.G[measuringRow](tx, lock).Where(`next_at <= ? AND held_until <= ? AND NOT (SELECT v.retired FROM service_level_versions v
		WHERE v.workspace = service_level_measuring.workspace AND v.level = service_level_measuring.level ORDER BY v.number DESC LIMIT 1)`, now, now).
		Order("next_at, workspace, level").Limit(limit).Find(ctx)
}

// SaveMeasuring keeps where measuring stands, ends the claim, and returns it
// with its next version. ErrConflict says that another process has claimed the
// level since; ErrNotFound that there is no such level.
func (w *Workspace) SaveMeasuring(ctx context.Context, m evenkeel.Measuring) (evenkeel.Measuring, error) {
	row := measuringRow{
		Workspace: w.slug, LastSlice: instantOf(m.LastSlice), Lag: m.Lag.Microseconds(), Error: clean(m.Error), SinceAt: instantOf(m.Since),
		NextAt: instantOf(m.NextAt), Version: m.Version + 1,
	}
	if m.Coverage != nil {
		row.Covered, row.Coverage = true, *m.Coverage
	}
	err := w.write(ctx, func(tx *gorm.DB) error {
		level, err := w.levelOf(ctx, tx, m.ServiceLevel)
		if err != nil {
			return err
		}
		row.Level = level.ID
		changed, err := of[measuringRow](w, tx).Where("level = ? AND version = ?", row.Level, m.Version).Select("*").Updates(ctx, row)
		if err == nil && changed == 0 {
			err = fmt.Errorf("%w: another process measures it", evenkeel.ErrConflict)
		}
		return err
	})
	if err != nil {
		return m, fmt.Errorf("store: measuring %q: %w", m.ServiceLevel, err)
	}
	return row.measuring(m.ServiceLevel), nil
}

// Measuring says where measuring stands, by the id of the service level.
func (w *Workspace) Measuring(ctx context.Context) (map[string]evenkeel.Measuring, error) {
	found := map[string]evenkeel.Measuring{}
	err := w.read(ctx, func(tx *gorm.DB) error {
		names, _, err := w.levelNames(ctx, tx)
		if err != nil {
			return err
		}
		rows, err := of[measuringRow](w, tx).Find(ctx)
		for _, row := range rows {
			found[names[row.Level]] = row.measuring(names[row.Level])
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("store: measuring: %w", err)
	}
	return found, nil
}
