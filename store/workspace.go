package store

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/evenkeel-dev/evenkeel"
)

// workspaceRow is a workspace and its counters. Whoever records facts holds
// the row's lock, so revisions are numbered and become visible in one order.
type workspaceRow struct {
	Slug      string `gorm:"primaryKey"`
	Name      string
	Demo      bool
	CreatedAt instant `gorm:"autoCreateTime:false"`
	// Revision is the last revision's number, and RevisedAt its instant.
	Revision  int64
	RevisedAt instant
	// Catalogue is the version of the catalogue.
	Catalogue int64
	// Policy is the version in force; empty is the default policy.
	Policy string
	// Secret is the key under which names of persons are hashed. It is made
	// with the workspace and never leaves the database.
	Secret []byte
}

func (workspaceRow) TableName() string { return "workspaces" }

// Workspaces lists all workspaces by slug.
func (s *Store) Workspaces(ctx context.Context) ([]evenkeel.WorkspaceInfo, error) {
	rows, err := gorm.G[workspaceRow](s.reader).Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("store: workspaces: %w", translate(err))
	}
	list := make([]evenkeel.WorkspaceInfo, len(rows))
	for i, r := range rows {
		list[i] = evenkeel.WorkspaceInfo{Slug: r.Slug, Name: r.Name, Demo: r.Demo, CreatedAt: r.CreatedAt.Time()}
	}
	slices.SortFunc(list, func(a, b evenkeel.WorkspaceInfo) int { return cmp.Compare(a.Slug, b.Slug) })
	return list, nil
}

// EnsureWorkspace makes a workspace, or gives an existing one the name and
// mark given; an empty name is the slug. A zero CreatedAt is now. A slug that
// breaks the rules of slugs is ErrInvalid.
func (s *Store) EnsureWorkspace(ctx context.Context, info evenkeel.WorkspaceInfo) error {
	if !evenkeel.ValidSlug(info.Slug) {
		return fmt.Errorf("store: %w: workspace: %q is not a slug; use 1 to 63 of a-z, 0-9, '.', '_' and '-', with a letter or digit at both ends", evenkeel.ErrInvalid, info.Slug)
	}
	if info.CreatedAt.IsZero() {
		info.CreatedAt = s.now()
	}
	secret := make([]byte, 32)
	if _, err := rand.Read(secret); err != nil {
		return fmt.Errorf("store: workspace %q: %w", info.Slug, err)
	}
	row := workspaceRow{Slug: info.Slug, Name: cmp.Or(info.Name, info.Slug), Demo: info.Demo, CreatedAt: instantOf(info.CreatedAt), Secret: secret}
	keep := clause.OnConflict{Columns: []clause.Column{{Name: "slug"}}, DoUpdates: clause.AssignmentColumns([]string{"name", "demo"})}
	if err := s.writer.WithContext(ctx).Clauses(keep).Create(&row).Error; err != nil {
		return fmt.Errorf("store: workspace %q: %w", info.Slug, translate(err))
	}
	return nil
}

// RemoveWorkspace takes away a workspace and everything in it, except what
// was audited. A workspace that does not exist is removed already.
func (s *Store) RemoveWorkspace(ctx context.Context, slug string) error {
	w := s.In(slug)
	err := s.write(ctx, func(tx *gorm.DB) error {
		if _, err := w.lock(ctx, tx); errors.Is(err, evenkeel.ErrNotFound) {
			return nil
		} else if err != nil {
			return err
		}
		for _, rows := range workspaceTables() {
			if err := w.rows(tx).Delete(rows).Error; err != nil {
				return err
			}
		}
		return tx.Where("slug = ?", slug).Delete(&workspaceRow{}).Error
	})
	if err != nil {
		return fmt.Errorf("store: remove workspace %q: %w", slug, err)
	}
	return nil
}

// workspaceTables lists the tables whose rows go with their workspace.
func workspaceTables() []any {
	return []any{
		&observationRow{}, &factRow{}, &tallyRow{}, &subjectRow{}, &membershipRow{}, &mentionRow{}, &commitSegmentRow{},
		&revisionRow{}, &groupRow{}, &applicationRow{}, &claimRow{}, &policyRow{},
		&derivedStateRow{}, &derivedSegmentRow{}, &tokenRow{}, &signInRow{},
		&deliveryRow{}, &deliveryBodyRow{}, &deliveryFactRow{}, &connectionRow{}, &removedConnectionRow{}, &contactRow{}, &streamRow{},
		&seriesRow{}, &seriesBatchRow{}, &seriesSegmentRow{},
		&capabilityRow{}, &catalogueVersionRow{}, &policyInForceRow{},
		&incidentLinkRow{}, &linkedDeploymentRow{}, &suggestionRow{},
		&serviceLevelRow{}, &serviceLevelVersionRow{}, &correctionRow{}, &alertSpanRow{}, &levelSearchRow{},
	}
}

// next is the instant of the revision after the last one: revisions never go
// back in time, even where the clock does, so that an instant names the same
// ones for ever.
func (r workspaceRow) next(now time.Time) instant { return max(instantOf(now), r.RevisedAt) }

// lock reads the workspace's row and keeps other transactions of facts in the
// workspace waiting until this one ends.
func (w *Workspace) lock(ctx context.Context, tx *gorm.DB) (workspaceRow, error) {
	row, err := gorm.G[workspaceRow](tx, clause.Locking{Strength: clause.LockingStrengthUpdate}).Where("slug = ?", w.slug).Take(ctx)
	return row, w.named(err)
}

// row reads the workspace's row without a lock.
func (w *Workspace) row(ctx context.Context, db *gorm.DB) (workspaceRow, error) {
	row, err := gorm.G[workspaceRow](db).Where("slug = ?", w.slug).Take(ctx)
	return row, w.named(err)
}

func (w *Workspace) named(err error) error {
	if err = translate(err); err != nil {
		return fmt.Errorf("workspace %q: %w", w.slug, err)
	}
	return nil
}

// Revision is the number of the last revision; 0 before the first.
func (w *Workspace) Revision(ctx context.Context) (int64, error) {
	row, err := w.row(ctx, w.reader)
	if err != nil {
		return 0, fmt.Errorf("store: revision: %w", err)
	}
	return row.Revision, nil
}

// newID is a random id of 20 hexadecimal digits.
func newID() (string, error) {
	var raw [10]byte
	_, err := rand.Read(raw[:])
	return hex.EncodeToString(raw[:]), err
}
