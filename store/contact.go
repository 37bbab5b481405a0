package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"github.com/evenkeel-dev/evenkeel"
)

// contactRow is a contact with the vendor of a connection that is asked, or was.
type contactRow struct {
	Workspace  string  `gorm:"primaryKey"`
	Connection string  `gorm:"primaryKey"`
	BegunAt    instant `gorm:"primaryKey;autoIncrement:false"`
	FromAt     instant
	UntilAt    instant
}

func (contactRow) TableName() string { return "contacts" }

func (r contactRow) contact() evenkeel.Contact {
	return evenkeel.Contact{From: r.FromAt.Time(), Begun: r.BegunAt.Time(), Until: r.UntilAt.Time()}
}

// contactStep is how far a contact moves on at least.
const contactStep = 5 * time.Minute

// NoteContact notes that all that the vendor of a connection has to tell was read
// up to an instant. What it had to tell before is known since then too: where
// something was read before, all that was missed meanwhile, and at first all since
// since, if that is not zero.
func (w *Workspace) NoteContact(ctx context.Context, connection string, since, until time.Time) error {
	err := w.write(ctx, func(tx *gorm.DB) error {
		if _, err := w.lock(ctx, tx); err != nil {
			return err
		}
		last, err := w.lastContact(ctx, tx, connection)
		if errors.Is(err, gorm.ErrRecordNotFound) || err == nil && last.UntilAt == 0 {
			return nil // It is not asked any more.
		} else if err != nil {
			return err
		}
		now, reached, unread := w.now(), last.UntilAt.Time(), last.UntilAt == last.FromAt
		switch {
		case !unread && until.Sub(reached) < contactStep:
			return nil
		case !unread && !now.After(reached.Add(evenkeel.ContactPause)):
			_, err = of[contactRow](w, tx).Where("connection = ? AND begun_at = ?", connection, last.BegunAt).Update(ctx, "until_at", instantOf(until))
			return err
		}
		from := reached
		if unread && !since.IsZero() {
			from = since
		}
		return w.addContact(tx, connection, from, until)
	})
	if err != nil {
		return fmt.Errorf("store: contact: %w", err)
	}
	return nil
}

// lastContact is the last that was noted of a connection.
func (w *Workspace) lastContact(ctx context.Context, tx *gorm.DB, connection string) (contactRow, error) {
	return of[contactRow](w, tx).Where("connection = ?", connection).Order("begun_at DESC").Take(ctx)
}

// addContact notes a contact that begins now; an end of zero is open.
func (w *Workspace) addContact(tx *gorm.DB, connection string, from, until time.Time) error {
	row := contactRow{Workspace: w.slug, Connection: connection, BegunAt: instantOf(w.now()), FromAt: instantOf(from), UntilAt: instantOf(until)}
	return tx.Save(&row).Error
}

// beginAsking notes that the vendor of a connection is asked from now on, and has
// not told anything yet.
func (w *Workspace) beginAsking(tx *gorm.DB, connection string) error {
	return w.addContact(tx, connection, w.now(), w.now())
}

// endAsking notes that the vendor of a connection is no longer asked, and tells by
// itself.
func (w *Workspace) endAsking(tx *gorm.DB, connection string) error {
	return w.addContact(tx, connection, w.now(), time.Time{})
}
