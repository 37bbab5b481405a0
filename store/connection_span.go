package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"github.com/evenkeel-dev/evenkeel"
)

// removedConnectionRow is when there was a connection that was taken away.
type removedConnectionRow struct {
	ID        string `gorm:"primaryKey"`
	Workspace string `gorm:"index:removed_connections_workspace"`
	Source    string
	CreatedAt instant `gorm:"autoCreateTime:false"`
	RemovedAt instant
}

func (removedConnectionRow) TableName() string { return "removed_connections" }

// takeDown notes when there was a connection that is taken away.
func (w *Workspace) takeDown(ctx context.Context, tx *gorm.DB, id string) error {
	row, err := of[connectionRow](w, tx).Where("id = ?", id).Take(ctx)
	if err != nil {
		return err
	}
	return tx.Create(&removedConnectionRow{ID: row.ID, Workspace: w.slug, Source: row.Source, CreatedAt: row.CreatedAt, RemovedAt: instantOf(w.now())}).Error
}

// ConnectionSpans tells when there were connections, those that were removed
// among them, in the order of their beginning, each with its contacts.
func (w *Workspace) ConnectionSpans(ctx context.Context) (list []evenkeel.ConnectionSpan, err error) {
	err = w.read(ctx, func(tx *gorm.DB) error {
		contacts, err := of[contactRow](w, tx).Order("connection, begun_at").Find(ctx)
		if err != nil {
			return err
		}
		had := map[string][]evenkeel.Contact{}
		for _, row := range contacts {
			had[row.Connection] = append(had[row.Connection], row.contact())
		}
		present, err := of[connectionRow](w, tx).Select("id", "source", "created_at").Find(ctx)
		if err != nil {
			return err
		}
		for _, row := range present {
			list = append(list, evenkeel.ConnectionSpan{Source: row.Source, From: row.CreatedAt.Time(), Contacts: had[row.ID]})
		}
		gone, err := of[removedConnectionRow](w, tx).Find(ctx)
		for _, row := range gone {
			list = append(list, evenkeel.ConnectionSpan{Source: row.Source, From: row.CreatedAt.Time(), Until: row.RemovedAt.Time(), Contacts: had[row.ID]})
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("store: spans of connections: %w", translate(err))
	}
	slices.SortFunc(list, func(a, b evenkeel.ConnectionSpan) int {
		return cmp.Or(a.From.Compare(b.From), cmp.Compare(a.Source, b.Source), a.Until.Compare(b.Until))
	})
	return list, nil
}
