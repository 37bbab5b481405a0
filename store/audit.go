package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/evenkeel-dev/evenkeel"
)

// auditRow is one thing that somebody did. Rows are only added, and stay when
// their workspace goes.
type auditRow struct {
	ID        int64  `gorm:"primaryKey;autoIncrement;index:audit_workspace,priority:2"`
	Workspace string `gorm:"index:audit_workspace,priority:1"`
	At        instant
	Actor     string
	Action    string
	Object    string
	Detail    string
	RequestID string
}

func (auditRow) TableName() string { return "audit_entries" }

// Audit keeps what was done, in the order given. A zero At is now; the id is
// given here.
func (s *Store) Audit(ctx context.Context, entries ...evenkeel.AuditEntry) error {
	rows := make([]auditRow, len(entries))
	for i, e := range entries {
		at := instantOf(e.At)
		if at == 0 {
			at = instantOf(s.now())
		}
		rows[i] = auditRow{
			Workspace: clean(e.Workspace), At: at, Actor: clean(e.Actor), Action: clean(e.Action),
			Object: clean(e.Object), Detail: clean(e.Detail), RequestID: clean(e.RequestID),
		}
	}
	if len(rows) == 0 {
		return nil
	}
	if err := s.writer.WithContext(ctx).CreateInBatches(&rows, 256).Error; err != nil {
		return fmt.Errorf("store: audit: %w", translate(err))
	}
	return nil
}

// clean makes a text storable: what was done is kept even if it was done with
// bytes that no database takes.
func clean(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "�"), "\x00", "�")
}

// AuditEntries lists what was done in a workspace, newest first. The empty
// workspace holds what belongs to none. A wrong cursor is ErrInvalid.
func (s *Store) AuditEntries(ctx context.Context, workspace, cursor string, limit int) (evenkeel.Page[evenkeel.AuditEntry], error) {
	page := evenkeel.Page[evenkeel.AuditEntry]{Items: []evenkeel.AuditEntry{}}
	entries := of[auditRow](s.In(workspace), s.reader)
	if cursor != "" {
		before, err := parseCursor(cursor)
		if err != nil {
			return page, fmt.Errorf("store: audit: %w", err)
		}
		entries = entries.Where("id < ?", int64(before.at))
	}
	limit = pageLimit(limit)
	rows, err := entries.Order("id DESC").Limit(limit + 1).Find(ctx)
	if err != nil {
		return page, fmt.Errorf("store: audit: %w", translate(err))
	}
	if len(rows) > limit {
		rows = rows[:limit]
		page.Next = position{at: instant(rows[limit-1].ID)}.cursor()
	}
	for _, r := range rows {
		page.Items = append(page.Items, evenkeel.AuditEntry{
			ID: strconv.FormatInt(r.ID, 10), Workspace: r.Workspace, At: r.At.Time(), Actor: r.Actor,
			Action: r.Action, Object: r.Object, Detail: r.Detail, RequestID: r.RequestID,
		})
	}
	return page, nil
}
