package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"unicode/utf8"

	"gorm.io/gorm"

	"github.com/evenkeel-dev/evenkeel"
)

// correctionRow is what a person said of a stretch of time of a service level.
// It is only ever withdrawn.
type correctionRow struct {
	Workspace string `gorm:"primaryKey"`
	ID        string `gorm:"primaryKey"`
	Level     string
	FromAt    instant
	ToAt      instant
	Mode      string
	Reason    string
	Author    string
	// Seq and WithdrawnSeq are the revisions that brought it and took it back.
	Seq          int64
	At           instant
	WithdrawnSeq int64
	WithdrawnAt  instant
	WithdrawnBy  string
}

func (correctionRow) TableName() string { return "service_level_corrections" }

// correction is what was known of a row at a revision.
func (r correctionRow) correction(level string, revision int64) evenkeel.Correction {
	c := evenkeel.Correction{
		ID: r.ID, ServiceLevel: level, From: r.FromAt.Time(), To: r.ToAt.Time(), Mode: evenkeel.CorrectionMode(r.Mode),
		Reason: r.Reason, Author: r.Author, At: r.At.Time(),
	}
	if r.WithdrawnSeq > 0 && r.WithdrawnSeq <= revision {
		c.WithdrawnAt, c.WithdrawnBy = r.WithdrawnAt.Time(), r.WithdrawnBy
	}
	return c
}

func checkCorrection(c evenkeel.Correction) error {
	var broken evenkeel.FieldErrors
	add := func(field, rule string) { broken = append(broken, evenkeel.FieldError{Field: field, Rule: rule}) }
	if c.From.IsZero() || c.From.Year() < 1970 {
		add("from", "is required: when what is corrected began")
	}
	if !c.To.After(c.From) || c.To.Year() > 9999 {
		add("to", "is not after from")
	}
	if c.Mode != evenkeel.CorrectionExclude && c.Mode != evenkeel.CorrectionGood {
		add("mode", fmt.Sprintf("%.40q is not %s or %s", c.Mode, evenkeel.CorrectionExclude, evenkeel.CorrectionGood))
	}
	if c.Reason == "" || !storable(c.Reason) || utf8.RuneCountInString(c.Reason) > maxReason {
		add("reason", fmt.Sprintf("is required: a text of at most %d characters", maxReason))
	}
	if c.Author == "" || !storable(c.Author) {
		add("author", "is required: who says it")
	}
	if broken != nil {
		return broken
	}
	return nil
}

// AddCorrection keeps a correction of a service level and returns it with its
// id; At is now. A level that is not known is ErrNotFound.
func (w *Workspace) AddCorrection(ctx context.Context, c evenkeel.Correction) (evenkeel.Correction, error) {
	if err := checkCorrection(c); err != nil {
		return c, fmt.Errorf("store: correction: %w", err)
	}
	err := w.write(ctx, func(tx *gorm.DB) error {
		workspace, err := w.lock(ctx, tx)
		if err != nil {
			return err
		}
		level, err := w.levelOf(ctx, tx, c.ServiceLevel)
		if err != nil {
			return err
		}
		revision, err := w.announce(ctx, tx, workspace)
		if err != nil {
			return err
		}
		row := correctionRow{
			Workspace: w.slug, Level: level.ID, FromAt: instantOf(c.From), ToAt: instantOf(c.To), Mode: string(c.Mode), Reason: c.Reason,
			Author: c.Author, Seq: revision.Seq, At: revision.At,
		}
		if row.ID, err = newID(); err != nil {
			return err
		}
		c = row.correction(level.Name, revision.Seq)
		return tx.Create(&row).Error
	})
	if err != nil {
		return c, fmt.Errorf("store: correction of %q: %w", c.ServiceLevel, err)
	}
	return c, nil
}

// WithdrawCorrection takes a correction back, from now on. One that is not
// known, or is of another level, is ErrNotFound; one that was withdrawn
// ErrConflict.
func (w *Workspace) WithdrawCorrection(ctx context.Context, level, id, by string) (c evenkeel.Correction, err error) {
	if !storable(id) || !storable(by) || by == "" {
		return c, fmt.Errorf("store: withdraw correction: %w", evenkeel.ErrNotFound)
	}
	err = w.write(ctx, func(tx *gorm.DB) error {
		workspace, err := w.lock(ctx, tx)
		if err != nil {
			return err
		}
		corrected, err := w.levelOf(ctx, tx, level)
		if err != nil {
			return err
		}
		row, err := of[correctionRow](w, tx).Where("id = ? AND level = ?", id, corrected.ID).Take(ctx)
		switch {
		case err != nil:
			return err
		case row.WithdrawnSeq > 0:
			return fmt.Errorf("%w: it was withdrawn at %s", evenkeel.ErrConflict, row.WithdrawnAt.Time().Format("2006-01-02 15:04 MST"))
		}
		revision, err := w.announce(ctx, tx, workspace)
		if err != nil {
			return err
		}
		row.WithdrawnSeq, row.WithdrawnAt, row.WithdrawnBy = revision.Seq, revision.At, by
		c = row.correction(corrected.Name, revision.Seq)
		_, err = of[correctionRow](w, tx).Where("id = ?", id).Select("withdrawn_seq", "withdrawn_at", "withdrawn_by").Updates(ctx, row)
		return err
	})
	if err != nil {
		return c, fmt.Errorf("store: withdraw correction %q: %w", id, err)
	}
	return c, nil
}

// Corrections lists the corrections that were known at a revision, by service
// level's id, each level's by the time they correct; those that had been
// withdrawn say so. No levels ask for those of all.
func (w *Workspace) Corrections(ctx context.Context, revision int64, levels ...string) (map[string][]evenkeel.Correction, error) {
	found := map[string][]evenkeel.Correction{}
	err := w.read(ctx, func(tx *gorm.DB) error {
		names, ids, err := w.levelNames(ctx, tx)
		if err != nil {
			return err
		}
		query := of[correctionRow](w, tx).Where("seq <= ?", revision)
		if len(levels) == 1 {
			query = query.Where("level = ?", ids[levels[0]])
		}
		rows, err := query.Find(ctx)
		for _, row := range rows {
			if name := names[row.Level]; len(levels) == 0 || slices.Contains(levels, name) {
				found[name] = append(found[name], row.correction(name, revision))
			}
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("store: corrections: %w", err)
	}
	for _, list := range found {
		slices.SortFunc(list, func(a, b evenkeel.Correction) int {
			return cmp.Or(a.From.Compare(b.From), a.At.Compare(b.At), cmp.Compare(a.ID, b.ID))
		})
	}
	return found, nil
}
