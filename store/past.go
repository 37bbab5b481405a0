package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"github.com/evenkeel-dev/evenkeel"
)

// Past is a workspace as it was known at an instant. What is recorded later
// changes none of its answers; persons who are erased are erased here too.
type Past struct {
	w     *Workspace
	known evenkeel.Known
}

// At is the workspace as it was known; [Workspace.Known] says what was.
func (w *Workspace) At(known evenkeel.Known) *Past { return &Past{w, known} }

// looking is one reading transaction in the past.
type looking struct {
	*moment
	w   *Workspace
	ctx context.Context //nolint:containedctx // That of the transaction.
	tx  *gorm.DB
}

// look runs several reading statements on one state of the database.
func (p *Past) look(ctx context.Context, what string, work func(l looking) error) error {
	err := p.w.read(ctx, func(tx *gorm.DB) error {
		m, err := p.w.at(ctx, tx, p.known.Revision)
		if err != nil {
			return err
		}
		return work(looking{m, p.w, ctx, tx})
	})
	switch {
	case errors.Is(err, evenkeel.ErrNotFound):
		return fmt.Errorf("store: %s was not known at %s: %w", what, p.known.At.Format(time.RFC3339), err)
	case err != nil:
		return fmt.Errorf("store: %s as known at %s: %w", what, p.known.At.Format(time.RFC3339), err)
	}
	return nil
}

// Deployments is [Workspace.Deployments] of then.
func (p *Past) Deployments(ctx context.Context, f evenkeel.Filter) (evenkeel.Page[evenkeel.Fact[evenkeel.Deployment]], error) {
	return listPast[evenkeel.Deployment](ctx, p, evenkeel.KindDeployment, f)
}

// Changes is [Workspace.Changes] of then.
func (p *Past) Changes(ctx context.Context, f evenkeel.Filter) (evenkeel.Page[evenkeel.Fact[evenkeel.Change]], error) {
	f.Environment = ""
	return listPast[evenkeel.Change](ctx, p, evenkeel.KindChange, f)
}

// Incidents is [Workspace.Incidents] of then.
func (p *Past) Incidents(ctx context.Context, f evenkeel.Filter) (evenkeel.Page[evenkeel.Fact[evenkeel.Incident]], error) {
	return listPast[evenkeel.Incident](ctx, p, evenkeel.KindIncident, f)
}

// Dependencies is [Workspace.Dependencies] of then.
func (p *Past) Dependencies(ctx context.Context, f evenkeel.Filter) (evenkeel.Page[evenkeel.Fact[evenkeel.Dependency]], error) {
	f.Environment = ""
	return listPast[evenkeel.Dependency](ctx, p, evenkeel.KindDependency, f)
}

func listPast[T any](ctx context.Context, p *Past, k evenkeel.Kind, f evenkeel.Filter) (evenkeel.Page[evenkeel.Fact[T]], error) {
	page := evenkeel.Page[evenkeel.Fact[T]]{Items: []evenkeel.Fact[T]{}}
	entries := evenkeel.EntryFilter{Kinds: []evenkeel.Kind{k}, Applications: f.Applications, Window: f.Window, Cursor: f.Cursor, Limit: f.Limit}
	if f.Environment != "" {
		entries.Environments = []string{f.Environment}
	}
	err := p.look(ctx, string(k), func(l looking) error {
		rows, next, err := l.page(entries)
		if err != nil {
			return err
		}
		page.Next = next
		page.Items, err = decodePast[T](l.moment, rows)
		return err
	})
	return page, err
}

// Deployment is [Workspace.Deployment] of then.
func (p *Past) Deployment(ctx context.Context, id string) (evenkeel.Fact[evenkeel.Deployment], error) {
	return onePast[evenkeel.Deployment](ctx, p, kindDeployment, id)
}

// Change is [Workspace.Change] of then.
func (p *Past) Change(ctx context.Context, id string) (evenkeel.Fact[evenkeel.Change], error) {
	return onePast[evenkeel.Change](ctx, p, kindChange, id)
}

// Incident is [Workspace.Incident] of then.
func (p *Past) Incident(ctx context.Context, id string) (evenkeel.Fact[evenkeel.Incident], error) {
	return onePast[evenkeel.Incident](ctx, p, kindIncident, id)
}

func onePast[T any](ctx context.Context, p *Past, k kind, id string) (fact evenkeel.Fact[T], err error) {
	err = p.look(ctx, fmt.Sprintf("%s %q", k.name(), id), func(l looking) error {
		rows, err := l.byID([]string{id})
		if err != nil {
			return err
		}
		if len(rows) == 0 || rows[0].Kind != k {
			return evenkeel.ErrNotFound
		}
		facts, err := decodePast[T](l.moment, rows)
		if err == nil {
			fact = facts[0]
		}
		return err
	})
	return fact, err
}

// byID reads visible rows by their ids.
func (l looking) byID(ids []string) ([]factRow, error) {
	ids = storables(ids)
	rows, err := l.fill(l.ctx, l.w, l.tx, ids)
	if err != nil {
		return nil, err
	}
	err = eachChunk(ids, func(some []string) error {
		found, err := of[factRow](l.w, l.tx).Where("id IN ? AND gone = ? AND seq <= ?", some, false, l.revision).Find(l.ctx)
		rows = append(rows, found...)
		return err
	})
	return rows, err
}

// page reads one page of rows, newest first, and where the next begins.
func (l looking) page(f evenkeel.EntryFilter) (rows []factRow, next string, err error) {
	if err := checkFilter(f); err != nil {
		return nil, "", err
	}
	after := position{at: l.latest + 1}
	if f.Cursor != "" {
		if after, err = parseCursor(f.Cursor); err != nil {
			return nil, "", err
		}
	}
	limit := pageLimit(f.Limit)
	if rows, err = l.unchangedPage(f, after, limit+1); err != nil {
		return nil, "", err
	}
	changed, err := l.changedPage(f, after, limit+1)
	if err != nil {
		return nil, "", err
	}
	rows = append(rows, changed...)
	slices.SortFunc(rows, newestFirst)
	if len(rows) > limit {
		rows = rows[:limit]
		next = position{rows[limit-1].At, rows[limit-1].ID}.cursor()
	}
	return rows, next, l.complete(rows)
}

func newestFirst(a, b factRow) int { return byInstant(b, a) }

// unchangedPage reads the first rows after a position that no later revision
// has changed.
func (l looking) unchangedPage(f evenkeel.EntryFilter, after position, limit int) (rows []factRow, err error) {
	err = l.unchangedRows(f, func(query gorm.ChainInterface[factRow]) error {
		found, err := query.Where("at <= ? AND (at < ? OR id < ?)", after.at, after.at, after.id).Order("at DESC, id DESC").Limit(limit).Find(l.ctx)
		rows = append(rows, found...)
		return err
	})
	return rows, err
}

// unchangedRows selects the rows that a filter finds and that no later
// revision has changed, by as many statements as the subjects take.
func (l looking) unchangedRows(f evenkeel.EntryFilter, work func(query gorm.ChainInterface[factRow]) error) error {
	narrower := f
	narrower.Applications, narrower.Unclaimed = nil, false
	query := func() gorm.ChainInterface[factRow] {
		return l.unchanged(l.w.explore(l.tx, narrower))
	}
	subjects, narrowed := l.members.of(f)
	if !narrowed {
		return work(query())
	}
	return eachChunk(subjects, func(some []string) error { return work(query().Where("subject IN ?", some)) })
}

// of lists the subjects that a filter asks for, if it narrows them.
func (m members) of(f evenkeel.EntryFilter) (subjects []string, narrowed bool) {
	if len(f.Applications) == 0 && !f.Unclaimed {
		return nil, false
	}
	if len(f.Applications) > 0 && f.Unclaimed {
		return nil, true // What is unclaimed is nobody's.
	}
	for _, application := range f.Applications {
		subjects = append(subjects, m.subjects[application]...)
	}
	if f.Unclaimed {
		for subject := range m.unclaimed {
			subjects = append(subjects, subject)
		}
	}
	return subjects, true
}

// changedPage finds the first changed rows after a position, without bodies.
func (l looking) changedPage(f evenkeel.EntryFilter, after position, limit int) ([]factRow, error) {
	fits, err := l.fitting(f)
	if err != nil {
		return nil, err
	}
	var rows []factRow
	from, _ := slices.BinarySearchFunc(l.newest, after, func(p, after position) int { return after.compare(p) })
	for _, p := range l.newest[from:] {
		if row := l.rows[p.id].factRow; p != after && fits(row) {
			rows = append(rows, row)
		}
		if len(rows) == limit {
			break
		}
	}
	return rows, nil
}

// complete reads the bodies of the rows that have changed.
func (l looking) complete(rows []factRow) error {
	ids := make([]string, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	filled, err := l.fill(l.ctx, l.w, l.tx, ids)
	if err != nil {
		return err
	}
	at := make(map[string]factRow, len(filled))
	for _, row := range filled {
		at[row.ID] = row
	}
	for i, row := range rows {
		if full, changed := at[row.ID]; changed {
			rows[i] = full
		}
	}
	return nil
}

// decodePast reads rows into facts, marking those of several applications.
func decodePast[T any](m *moment, rows []factRow) ([]evenkeel.Fact[T], error) {
	facts := make([]evenkeel.Fact[T], len(rows))
	for i, row := range rows {
		var err error
		if facts[i], err = decodeFact[T](row, len(m.members.owners[row.Subject]) > 1); err != nil {
			return nil, err
		}
	}
	return facts, nil
}
