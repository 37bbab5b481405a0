package store

import (
	"bytes"
	"cmp"
	"context"
	"fmt"

	"gorm.io/gorm"

	"github.com/evenkeel-dev/evenkeel"
)

// serviceLevelRow is a service level: an id that stays, and the name that its
// documents have.
type serviceLevelRow struct {
	Workspace string  `gorm:"primaryKey;uniqueIndex:service_levels_name,priority:1"`
	ID        string  `gorm:"primaryKey"`
	Name      string  `gorm:"uniqueIndex:service_levels_name,priority:2"`
	CreatedAt instant `gorm:"autoCreateTime:false"`
}

func (serviceLevelRow) TableName() string { return "service_levels" }

// serviceLevelVersionRow is one version of a service level; versions never
// change. Retiring one is a version too.
type serviceLevelVersionRow struct {
	Workspace string `gorm:"primaryKey"`
	Level     string `gorm:"primaryKey"`
	// Number counts the versions of the level from 1.
	Number int64 `gorm:"primaryKey;autoIncrement:false"`
	// Seq is the revision that brought it.
	Seq         int64
	At          instant
	Author      string
	Origin      string
	Source      string
	Application string
	Retired     bool
	// Body is the document, compressed.
	Body []byte
}

func (serviceLevelVersionRow) TableName() string { return "service_level_versions" }

func (r serviceLevelVersionRow) level(of serviceLevelRow) (evenkeel.ServiceLevel, error) {
	_, decoder := codec()
	document, err := decoder.DecodeAll(r.Body, nil)
	l := evenkeel.ServiceLevel{
		ID: of.Name, Key: of.ID, Number: r.Number, Application: r.Application, Document: string(document),
		Source: evenkeel.ServiceLevelSource{Kind: evenkeel.ServiceLevelOrigin(r.Origin), Name: r.Source},
		At:     r.At.Time(), CreatedAt: of.CreatedAt.Time(), By: r.Author, Revision: r.Seq,
	}
	if r.Retired {
		l.RetiredAt = l.At
	}
	if err != nil {
		return l, fmt.Errorf("service level %q, version %d: %w", of.Name, r.Number, err)
	}
	return l, nil
}

// maxDocument is how long a document can be, in bytes.
const maxDocument = 1 << 20

func checkServiceLevel(c evenkeel.ServiceLevelChange) error {
	var broken evenkeel.FieldErrors
	add := func(field, rule string) { broken = append(broken, evenkeel.FieldError{Field: field, Rule: rule}) }
	if c.ID == "" || len(c.ID) > evenkeel.MaxText || !storable(c.ID) {
		add("metadata.name", fmt.Sprintf("is required: give a name of 1 to %d bytes", evenkeel.MaxText))
	}
	if len(c.Application) > evenkeel.MaxText || !storable(c.Application) {
		add("spec.service", "is not the slug of an application")
	}
	if c.Document == "" || len(c.Document) > maxDocument || !storable(c.Document) {
		add("document", fmt.Sprintf("is required: OpenSLO as YAML, of at most %d bytes of UTF-8", maxDocument))
	}
	if !storable(c.By) || c.By == "" {
		add("by", "is required: who keeps it")
	}
	if !storable(c.Source.Name) || !storable(string(c.Source.Kind)) || c.Source.Kind == "" {
		add("source", "is required: where the document is from")
	}
	if broken != nil {
		return broken
	}
	return nil
}

// SaveServiceLevel keeps a document as the next version of its service level,
// and says whether it did: the document and source that are there already make
// no version. Where the change names another id that the level had before, the
// level is renamed. An unknown Before is ErrNotFound; an id that another one
// has, or a Base that is no longer the last version, is ErrConflict.
func (w *Workspace) SaveServiceLevel(ctx context.Context, c evenkeel.ServiceLevelChange) (l evenkeel.ServiceLevel, saved bool, err error) {
	if err := checkServiceLevel(c); err != nil {
		return l, false, fmt.Errorf("store: service level: %w", err)
	}
	err = w.write(ctx, func(tx *gorm.DB) error {
		s := &levelSaving{w: w, ctx: ctx, tx: tx}
		l, saved, err = s.save(c)
		return err
	})
	if err != nil {
		return evenkeel.ServiceLevel{}, false, fmt.Errorf("store: service level %q: %w", c.ID, err)
	}
	return l, saved, nil
}

// levelSaving is one transaction that changes a service level.
type levelSaving struct {
	w   *Workspace
	ctx context.Context //nolint:containedctx // That of the transaction.
	tx  *gorm.DB
}

func (s *levelSaving) save(c evenkeel.ServiceLevelChange) (l evenkeel.ServiceLevel, saved bool, err error) {
	workspace, err := s.w.lock(s.ctx, s.tx)
	if err != nil {
		return l, false, err
	}
	level, last, err := s.find(c)
	if err != nil {
		return l, false, err
	}
	encoder, _ := codec()
	next := serviceLevelVersionRow{
		Workspace: s.w.slug, Level: level.ID, Number: last.Number + 1, Author: c.By, Origin: string(c.Source.Kind), Source: c.Source.Name,
		Application: c.Application, Body: encoder.EncodeAll([]byte(c.Document), nil),
	}
	same := last.Number > 0 && !last.Retired && level.Name == c.ID && last.Application == c.Application &&
		last.Origin == next.Origin && last.Source == next.Source && bytes.Equal(last.Body, next.Body)
	if same {
		l, err = last.level(level)
		return l, false, err
	}
	if err := s.keep(workspace, &level, c.ID, &next); err != nil {
		return l, false, err
	}
	l, err = next.level(level)
	return l, true, err
}

// find is the level that a change speaks of, a new one if there is none, and
// its last version.
func (s *levelSaving) find(c evenkeel.ServiceLevelChange) (level serviceLevelRow, last serviceLevelVersionRow, err error) {
	name := cmp.Or(c.Before, c.ID)
	rows, err := of[serviceLevelRow](s.w, s.tx).Where("name IN ?", []string{name, c.ID}).Find(s.ctx)
	if err != nil {
		return level, last, err
	}
	for _, row := range rows {
		if row.Name == name {
			level = row
		} else {
			return level, last, fmt.Errorf("%w: there is another service level of this name", evenkeel.ErrConflict)
		}
	}
	switch {
	case level.ID == "" && c.Before != "":
		return level, last, fmt.Errorf("%q: %w", c.Before, evenkeel.ErrNotFound)
	case level.ID != "":
		last, err = of[serviceLevelVersionRow](s.w, s.tx).Where("level = ?", level.ID).Order("number DESC").Take(s.ctx)
	default:
		level = serviceLevelRow{Workspace: s.w.slug}
		level.ID, err = newID()
	}
	switch {
	case err != nil:
		return level, last, err
	case c.New && last.Number > 0 && !last.Retired:
		return level, last, fmt.Errorf("%w: there is a service level of this name", evenkeel.ErrConflict)
	case c.Base != 0 && c.Base != last.Number:
		return level, last, fmt.Errorf("%w: version %d is there by now; look at it and make the change again", evenkeel.ErrConflict, last.Number)
	}
	return level, last, nil
}

// keep writes a version under a name, with its revision.
func (s *levelSaving) keep(workspace workspaceRow, level *serviceLevelRow, name string, next *serviceLevelVersionRow) error {
	revision, err := s.w.announce(s.ctx, s.tx, workspace)
	if err != nil {
		return err
	}
	next.Seq, next.At = revision.Seq, revision.At
	if next.Number == 1 {
		level.Name, level.CreatedAt = name, revision.At
		if err := s.tx.Create(level).Error; err != nil {
			return err
		}
	} else if level.Name != name {
		level.Name = name
		if _, err := of[serviceLevelRow](s.w, s.tx).Where("id = ?", level.ID).Update(s.ctx, "name", name); err != nil {
			return err
		}
	}
	return s.tx.Create(next).Error
}

// announce makes the revision of a change that no figure of an application
// follows from. The caller holds the workspace's lock.
func (w *Workspace) announce(ctx context.Context, tx *gorm.DB, workspace workspaceRow) (revisionRow, error) {
	revision := revisionRow{Workspace: w.slug, Seq: workspace.Revision + 1, At: workspace.next(w.now())}
	revision.setApplications(nil)
	if err := tx.Create(&revision).Error; err != nil {
		return revision, err
	}
	return revision, w.advance(ctx, tx, revision)
}

// RetireServiceLevel lets a service level count no longer, from now on: that
// is a version of its own. Its history stays, and saving a document again takes
// it back. A level that is unknown or retired is ErrNotFound.
func (w *Workspace) RetireServiceLevel(ctx context.Context, id, by string) (l evenkeel.ServiceLevel, err error) {
	if !storable(id) || !storable(by) || by == "" {
		return l, fmt.Errorf("store: retire service level: %w", evenkeel.ErrNotFound)
	}
	err = w.write(ctx, func(tx *gorm.DB) error {
		workspace, err := w.lock(ctx, tx)
		if err != nil {
			return err
		}
		s := &levelSaving{w: w, ctx: ctx, tx: tx}
		level, next, err := s.find(evenkeel.ServiceLevelChange{Before: id, ID: id})
		if err != nil {
			return err
		}
		if next.Retired {
			return evenkeel.ErrNotFound
		}
		next.Number, next.Retired, next.Author = next.Number+1, true, by
		if err := s.keep(workspace, &level, level.Name, &next); err != nil {
			return err
		}
		l, err = next.level(level)
		return err
	})
	if err != nil {
		return l, fmt.Errorf("store: retire service level %q: %w", id, err)
	}
	return l, nil
}
