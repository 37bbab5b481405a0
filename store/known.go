package store

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"github.com/evenkeel-dev/evenkeel"
)

// Known finds what the workspace knew at an instant: the last revision at or
// before it, and the rules of then.
func (w *Workspace) Known(ctx context.Context, at time.Time) (evenkeel.Known, error) {
	known := evenkeel.Known{At: at.UTC()}
	err := w.read(ctx, func(tx *gorm.DB) error {
		if _, err := w.row(ctx, tx); err != nil {
			return err
		}
		first, err := of[revisionRow](w, tx).Select("at").Where("seq = 1").Find(ctx)
		if err != nil {
			return err
		}
		if len(first) > 0 {
			known.FirstAt = first[0].At.Time()
		}
		last, err := of[revisionRow](w, tx).Select("seq").Where("at <= ?", instantOf(at)).Order("at DESC, seq DESC").Limit(1).Find(ctx)
		if err != nil {
			return err
		}
		if len(last) > 0 {
			known.Revision = last[0].Seq
		}
		if known.Catalogue, known.Assumed, err = w.catalogueVersionOf(ctx, tx, known.Revision); err != nil {
			return err
		}
		known.Policy, err = w.policyOf(ctx, tx, instantOf(at))
		return err
	})
	if err != nil {
		return known, fmt.Errorf("store: known at %s: %w", at.Format(time.RFC3339), err)
	}
	return known, nil
}

// CatalogueAt reads the catalogue as it was at a revision.
func (w *Workspace) CatalogueAt(ctx context.Context, revision int64) (evenkeel.Catalogue, error) {
	var c evenkeel.Catalogue
	err := w.read(ctx, func(tx *gorm.DB) error {
		version, _, err := w.catalogueVersionOf(ctx, tx, revision)
		if err != nil {
			return err
		}
		c, err = w.catalogueNamed(ctx, tx, version)
		return err
	})
	if err != nil {
		return c, fmt.Errorf("store: catalogue at revision %d: %w", revision, err)
	}
	return c, nil
}

// catalogueVersionOf is the version of the catalogue at a revision, 0 before
// the first; assumed says that a later one stands in.
func (w *Workspace) catalogueVersionOf(ctx context.Context, tx *gorm.DB, revision int64) (version int64, assumed bool, err error) {
	versions := func() gorm.ChainInterface[catalogueVersionRow] {
		return of[catalogueVersionRow](w, tx).Select("version").Limit(1)
	}
	rows, err := versions().Where("seq <= ?", revision).Order("version DESC").Find(ctx)
	if err == nil && len(rows) == 0 {
		assumed = true
		rows, err = versions().Where("assumed = ?", true).Find(ctx)
	}
	if err != nil || len(rows) == 0 {
		return 0, false, err
	}
	return rows[0].Version, assumed, nil
}

// catalogueNamed reads a version of the catalogue; version 0 is empty.
func (w *Workspace) catalogueNamed(ctx context.Context, tx *gorm.DB, version int64) (c evenkeel.Catalogue, err error) {
	if version == 0 {
		return c, nil
	}
	row, err := of[catalogueVersionRow](w, tx).Where("version = ?", version).Take(ctx)
	if err != nil {
		return c, err
	}
	if err := unpackJSON(row.Body, &c); err != nil {
		return c, fmt.Errorf("version %d of the catalogue: %w", version, err)
	}
	return c, nil
}
