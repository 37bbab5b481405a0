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

// ServiceLevels lists the service levels as they were at a revision, by id;
// those that were retired only where the filter says so. A wrong cursor is
// ErrInvalid.
func (w *Workspace) ServiceLevels(ctx context.Context, revision int64, f evenkeel.ServiceLevelFilter) (evenkeel.Page[evenkeel.ServiceLevel], error) {
	page := evenkeel.Page[evenkeel.ServiceLevel]{Items: []evenkeel.ServiceLevel{}}
	after, err := levelCursor(f.Cursor)
	if err != nil {
		return page, fmt.Errorf("store: service levels: %w", err)
	}
	limit := pageLimit(f.Limit)
	err = w.read(ctx, func(tx *gorm.DB) error {
		found, err := w.levelsFound(ctx, tx, revision, f, after)
		if err != nil {
			return err
		}
		if len(found) > limit {
			found = found[:limit]
			page.Next = position{id: found[limit-1].Name}.cursor()
		}
		page.Items, err = w.levelsNamed(ctx, tx, revision, found)
		return err
	})
	if err != nil {
		return page, fmt.Errorf("store: service levels: %w", err)
	}
	return page, nil
}

func levelCursor(cursor string) (after string, err error) {
	if cursor == "" {
		return "", nil
	}
	p, err := parseCursor(cursor)
	return p.id, err
}

// AllServiceLevels lists the service levels that counted at a revision, by id.
func (w *Workspace) AllServiceLevels(ctx context.Context, revision int64) ([]evenkeel.ServiceLevel, error) {
	list := []evenkeel.ServiceLevel{}
	err := w.read(ctx, func(tx *gorm.DB) error {
		found, err := w.levelsFound(ctx, tx, revision, evenkeel.ServiceLevelFilter{}, "")
		if err == nil {
			list, err = w.levelsNamed(ctx, tx, revision, found)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("store: all service levels: %w", err)
	}
	return list, nil
}

// levelsFound lists the levels that a filter finds after a name, by name.
func (w *Workspace) levelsFound(ctx context.Context, tx *gorm.DB, revision int64, f evenkeel.ServiceLevelFilter, after string) ([]serviceLevelRow, error) {
	versions, err := w.newestVersions(tx, revision).Omit("body").Find(ctx)
	if err != nil {
		return nil, err
	}
	at := make(map[string]serviceLevelVersionRow, len(versions))
	for _, v := range versions {
		at[v.Level] = v
	}
	levels, err := of[serviceLevelRow](w, tx).Find(ctx)
	if err != nil {
		return nil, err
	}
	query := strings.ToLower(f.Query)
	levels = slices.DeleteFunc(levels, func(l serviceLevelRow) bool {
		v, known := at[l.ID]
		return !known || l.Name <= after || (v.Retired && !f.Retired) || !strings.Contains(strings.ToLower(l.Name), query) ||
			(len(f.Applications) > 0 && !slices.Contains(f.Applications, v.Application)) ||
			(len(f.Sources) > 0 && !slices.Contains(f.Sources, evenkeel.ServiceLevelOrigin(v.Origin)))
	})
	slices.SortFunc(levels, func(a, b serviceLevelRow) int { return cmp.Compare(a.Name, b.Name) })
	return levels, nil
}

// newestVersions selects the last version of every level at a revision.
func (w *Workspace) newestVersions(tx *gorm.DB, revision int64) gorm.ChainInterface[serviceLevelVersionRow] {
	return of[serviceLevelVersionRow](w, tx).Where(`(level, number) IN (SELECT level, max(number) FROM service_level_versions
		WHERE workspace = ? AND seq <= ? GROUP BY level)`, w.slug, revision)
}

// levelsNamed reads the versions of levels at a revision, in their order.
func (w *Workspace) levelsNamed(ctx context.Context, tx *gorm.DB, revision int64, levels []serviceLevelRow) ([]evenkeel.ServiceLevel, error) {
	ids := make([]string, len(levels))
	for i, l := range levels {
		ids[i] = l.ID
	}
	versions := make(map[string]serviceLevelVersionRow, len(levels))
	err := eachChunk(ids, func(some []string) error {
		rows, err := w.newestVersions(tx, revision).Where("level IN ?", some).Find(ctx)
		for _, row := range rows {
			versions[row.Level] = row
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	list := make([]evenkeel.ServiceLevel, len(levels))
	for i, l := range levels {
		if list[i], err = versions[l.ID].level(l); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// ServiceLevel is a service level as it was at a revision, also one that was
// retired; ErrNotFound where there was none.
func (w *Workspace) ServiceLevel(ctx context.Context, revision int64, id string) (evenkeel.ServiceLevel, error) {
	versions, err := w.ServiceLevelVersions(ctx, revision, id)
	if err != nil {
		return evenkeel.ServiceLevel{}, err
	}
	return versions[0], nil
}

// ServiceLevelVersions lists the versions that a service level had had at a
// revision, last first; ErrNotFound where there was none.
func (w *Workspace) ServiceLevelVersions(ctx context.Context, revision int64, id string) ([]evenkeel.ServiceLevel, error) {
	var list []evenkeel.ServiceLevel
	err := w.read(ctx, func(tx *gorm.DB) error {
		level, err := w.levelOf(ctx, tx, id)
		if err != nil {
			return err
		}
		rows, err := of[serviceLevelVersionRow](w, tx).Where("level = ? AND seq <= ?", level.ID, revision).Order("number DESC").Find(ctx)
		if err == nil && len(rows) == 0 {
			err = evenkeel.ErrNotFound
		}
		if err != nil {
			return err
		}
		list = make([]evenkeel.ServiceLevel, len(rows))
		for i, row := range rows {
			if list[i], err = row.level(level); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("store: service level %q: %w", id, err)
	}
	return list, nil
}

// levelOf finds a level by its name.
func (w *Workspace) levelOf(ctx context.Context, tx *gorm.DB, name string) (serviceLevelRow, error) {
	if !storable(name) {
		return serviceLevelRow{}, evenkeel.ErrNotFound
	}
	return of[serviceLevelRow](w, tx).Where("name = ?", name).Take(ctx)
}

// levelNames are the names of levels by their ids, and the ids by their names.
func (w *Workspace) levelNames(ctx context.Context, tx *gorm.DB) (names, ids map[string]string, err error) {
	rows, err := of[serviceLevelRow](w, tx).Find(ctx)
	names, ids = make(map[string]string, len(rows)), make(map[string]string, len(rows))
	for _, row := range rows {
		names[row.ID], ids[row.Name] = row.Name, row.ID
	}
	return names, ids, err
}

// ServiceLevelRevision is the revision that last changed a service level or a
// correction; 0 if none has.
func (w *Workspace) ServiceLevelRevision(ctx context.Context) (revision int64, err error) {
	err = w.read(ctx, func(tx *gorm.DB) error {
		for _, query := range []*gorm.DB{
			w.rows(tx.Model(&serviceLevelVersionRow{})).Select("coalesce(max(seq), 0)"),
			w.rows(tx.Model(&correctionRow{})).Select("coalesce(max(seq), 0)"),
			w.rows(tx.Model(&correctionRow{})).Select("coalesce(max(withdrawn_seq), 0)"),
		} {
			var last int64
			if err := query.Scan(&last).Error; err != nil {
				return err
			}
			revision = max(revision, last)
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("store: revision of service levels: %w", err)
	}
	return revision, nil
}
