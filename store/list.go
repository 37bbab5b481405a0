package store

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"github.com/evenkeel-dev/evenkeel"
)

const (
	defaultLimit = 50
	mostLimit    = 500
)

// position is the place after a fact in a list, newest first.
type position struct {
	at instant
	id string
}

func (p position) compare(other position) int {
	return cmp.Or(cmp.Compare(p.at, other.at), cmp.Compare(p.id, other.id))
}

// cursor writes the position so that callers have nothing to rely on.
func (p position) cursor() string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(int64(p.at), 10) + "." + p.id))
}

func parseCursor(text string) (p position, err error) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return p, errCursor()
	}
	at, id, ok := strings.Cut(string(raw), ".")
	number, err := strconv.ParseInt(at, 10, 64)
	if err != nil || !ok || !storable(id) {
		return p, errCursor()
	}
	return position{instant(number), id}, nil
}

func errCursor() error {
	return fmt.Errorf("%w: cursor: this is not the next of a page of this list; begin again without a cursor", evenkeel.ErrInvalid)
}

// pageLimit is how many items a page has.
func pageLimit(limit int) int {
	if limit <= 0 {
		return defaultLimit
	}
	return min(limit, mostLimit)
}

// Deployments lists deployments by finish, else start.
func (w *Workspace) Deployments(ctx context.Context, f evenkeel.Filter) (evenkeel.Page[evenkeel.Fact[evenkeel.Deployment]], error) {
	return list[evenkeel.Deployment](ctx, w, kindDeployment, f)
}

// Changes lists changes by merge, else opening. Filter.Environment does not
// narrow them: a change has none.
func (w *Workspace) Changes(ctx context.Context, f evenkeel.Filter) (evenkeel.Page[evenkeel.Fact[evenkeel.Change]], error) {
	f.Environment = ""
	return list[evenkeel.Change](ctx, w, kindChange, f)
}

// Incidents lists incidents by opening.
func (w *Workspace) Incidents(ctx context.Context, f evenkeel.Filter) (evenkeel.Page[evenkeel.Fact[evenkeel.Incident]], error) {
	return list[evenkeel.Incident](ctx, w, kindIncident, f)
}

// Dependencies lists dependencies by when they were last seen, of the
// applications that need. Filter.Environment does not narrow them.
func (w *Workspace) Dependencies(ctx context.Context, f evenkeel.Filter) (evenkeel.Page[evenkeel.Fact[evenkeel.Dependency]], error) {
	f.Environment = ""
	return list[evenkeel.Dependency](ctx, w, kindDependency, f)
}

// list reads one page. A cursor that is not of this list is ErrInvalid.
func list[T any](ctx context.Context, w *Workspace, k kind, f evenkeel.Filter) (evenkeel.Page[evenkeel.Fact[T]], error) {
	page := evenkeel.Page[evenkeel.Fact[T]]{Items: []evenkeel.Fact[T]{}}
	var after position
	if f.Cursor != "" {
		var err error
		if after, err = parseCursor(f.Cursor); err != nil {
			return page, fmt.Errorf("store: %s: %w", k.name(), err)
		}
	}
	limit := pageLimit(f.Limit)
	err := w.read(ctx, func(tx *gorm.DB) error {
		rows, err := w.page(ctx, tx, k, f, after, limit+1)
		if err != nil {
			return err
		}
		if len(rows) > limit {
			rows = rows[:limit]
			page.Next = position{rows[limit-1].At, rows[limit-1].ID}.cursor()
		}
		page.Items, err = decodeFacts[T](ctx, w, tx, rows)
		return err
	})
	if err != nil {
		return page, fmt.Errorf("store: %s: %w", k.name(), err)
	}
	return page, nil
}

func (w *Workspace) page(ctx context.Context, tx *gorm.DB, k kind, f evenkeel.Filter, after position, limit int) ([]factRow, error) {
	rows := of[factRow](w, tx).Where("kind = ? AND gone = ?", k, false)
	if len(f.Applications) > 0 {
		rows = rows.Where("subject IN (?)", w.subjectsOf(tx, f.Applications))
	}
	if f.Environment != "" {
		rows = rows.Where("environment = ?", f.Environment)
	}
	if !f.Window.From.IsZero() {
		rows = rows.Where("at >= ?", instantOf(f.Window.From))
	}
	if !f.Window.To.IsZero() {
		rows = rows.Where("at < ?", instantOf(f.Window.To))
	}
	if after != (position{}) {
		rows = rows.Where("at < ? OR (at = ? AND id < ?)", after.at, after.at, after.id)
	}
	return rows.Order("at DESC, id DESC").Limit(limit).Find(ctx)
}

// subjectsOf narrows to the subjects that belong to any of the applications.
func (w *Workspace) subjectsOf(db *gorm.DB, applications []string) *gorm.DB {
	return w.rows(db.Model(&membershipRow{})).Select("subject").Where("application IN ?", applications)
}

// decodeFacts reads rows into facts, marking those of several applications.
func decodeFacts[T any](ctx context.Context, w *Workspace, tx *gorm.DB, rows []factRow) ([]evenkeel.Fact[T], error) {
	shared, err := w.shared(ctx, tx, rows)
	if err != nil {
		return nil, err
	}
	facts := make([]evenkeel.Fact[T], len(rows))
	for i, row := range rows {
		if facts[i], err = decodeFact[T](row, shared[row.Subject]); err != nil {
			return nil, err
		}
	}
	return facts, nil
}

// shared finds which subjects of the rows belong to several applications.
func (w *Workspace) shared(ctx context.Context, tx *gorm.DB, rows []factRow) (map[string]bool, error) {
	subjects := map[string]bool{}
	for _, row := range rows {
		subjects[row.Subject] = false
	}
	list := make([]string, 0, len(subjects))
	for subject := range subjects {
		list = append(list, subject)
	}
	first := map[string]string{}
	err := eachChunk(list, func(some []string) error {
		members, err := of[membershipRow](w, tx).Select("subject", "application").Where("subject IN ?", some).Find(ctx)
		for _, m := range members {
			if held, ok := first[m.Subject]; ok && held != m.Application {
				subjects[m.Subject] = true
			}
			first[m.Subject] = m.Application
		}
		return err
	})
	return subjects, err
}

// Deployment reads one deployment by its id; ErrNotFound where there is none.
func (w *Workspace) Deployment(ctx context.Context, id string) (evenkeel.Fact[evenkeel.Deployment], error) {
	return one[evenkeel.Deployment](ctx, w, kindDeployment, id)
}

// Change reads one change by its id; ErrNotFound where there is none.
func (w *Workspace) Change(ctx context.Context, id string) (evenkeel.Fact[evenkeel.Change], error) {
	return one[evenkeel.Change](ctx, w, kindChange, id)
}

// Incident reads one incident by its id; ErrNotFound where there is none.
func (w *Workspace) Incident(ctx context.Context, id string) (evenkeel.Fact[evenkeel.Incident], error) {
	return one[evenkeel.Incident](ctx, w, kindIncident, id)
}

func one[T any](ctx context.Context, w *Workspace, k kind, id string) (evenkeel.Fact[T], error) {
	var facts []evenkeel.Fact[T]
	if !storable(id) {
		return evenkeel.Fact[T]{}, fmt.Errorf("store: %s: %w", k.name(), evenkeel.ErrNotFound)
	}
	err := w.read(ctx, func(tx *gorm.DB) error {
		rows, err := of[factRow](w, tx).Where("id = ? AND kind = ? AND gone = ?", id, k, false).Find(ctx)
		if err != nil {
			return err
		}
		facts, err = decodeFacts[T](ctx, w, tx, slices.Clip(rows))
		return err
	})
	switch {
	case err != nil:
		return evenkeel.Fact[T]{}, fmt.Errorf("store: %s %q: %w", k.name(), id, err)
	case len(facts) == 0:
		return evenkeel.Fact[T]{}, fmt.Errorf("store: %s %q: %w", k.name(), id, evenkeel.ErrNotFound)
	}
	return facts[0], nil
}
