package store

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"gorm.io/gorm"

	"github.com/evenkeel-dev/evenkeel"
)

// Entries lists the current facts of all kinds by their own instants. Commits
// and series are not among them: they are no rows.
func (w *Workspace) Entries(ctx context.Context, f evenkeel.EntryFilter) (evenkeel.Page[evenkeel.Entry], error) {
	page := evenkeel.Page[evenkeel.Entry]{Items: []evenkeel.Entry{}}
	limit := pageLimit(f.Limit)
	rows, err := w.entries(ctx, f, func(tx *gorm.DB) ([]factRow, error) {
		query := w.explore(tx, f)
		if f.Cursor != "" {
			after, err := parseCursor(f.Cursor)
			if err != nil {
				return nil, err
			}
			// The first half alone is what an index can begin at.
			query = query.Where("at <= ? AND (at < ? OR id < ?)", after.at, after.at, after.id)
		}
		return query.Order("at DESC, id DESC").Limit(limit + 1).Find(ctx)
	})
	if err != nil {
		return page, fmt.Errorf("store: entries: %w", err)
	}
	if len(rows) > limit {
		rows = rows[:limit]
		page.Next = position{instantOf(rows[limit-1].At), rows[limit-1].ID}.cursor()
	}
	page.Items = rows
	return page, nil
}

// EntriesAfter lists the facts that revisions after the given one were the
// last to change, by revision, then id. It does not end in the middle of a
// revision, so the list may be longer than limit, and the revision of its
// last entry is where to go on. The filter's cursor and limit mean nothing.
func (w *Workspace) EntriesAfter(ctx context.Context, revision int64, f evenkeel.EntryFilter, limit int) ([]evenkeel.Entry, error) {
	limit = pageLimit(limit)
	entries, err := w.entries(ctx, f, func(tx *gorm.DB) ([]factRow, error) {
		rows, err := w.explore(tx, f).Where("seq > ?", revision).Order("seq, id").Limit(limit).Find(ctx)
		if err != nil || len(rows) < limit {
			return rows, err
		}
		last := rows[limit-1]
		rest, err := w.explore(tx, f).Where("seq = ? AND id > ?", last.Seq, last.ID).Order("seq, id").Find(ctx)
		return append(rows, rest...), err
	})
	if err != nil {
		return nil, fmt.Errorf("store: entries after revision %d: %w", revision, err)
	}
	return entries, nil
}

// Entry reads one current fact of any kind by its id; ErrNotFound where there
// is none.
func (w *Workspace) Entry(ctx context.Context, id string) (evenkeel.Entry, error) {
	if !storable(id) {
		return evenkeel.Entry{}, fmt.Errorf("store: fact: %w", evenkeel.ErrNotFound)
	}
	entries, err := w.entries(ctx, evenkeel.EntryFilter{}, func(tx *gorm.DB) ([]factRow, error) {
		return of[factRow](w, tx).Where("id = ? AND gone = ?", id, false).Find(ctx)
	})
	switch {
	case err != nil:
		return evenkeel.Entry{}, fmt.Errorf("store: fact %q: %w", id, err)
	case len(entries) == 0:
		return evenkeel.Entry{}, fmt.Errorf("store: fact %q: %w", id, evenkeel.ErrNotFound)
	}
	return entries[0], nil
}

// entries reads rows as entries, on one state of the database.
func (w *Workspace) entries(ctx context.Context, f evenkeel.EntryFilter, find func(tx *gorm.DB) ([]factRow, error)) (entries []evenkeel.Entry, err error) {
	if err := checkFilter(f); err != nil {
		return nil, err
	}
	err = w.read(ctx, func(tx *gorm.DB) error {
		rows, err := find(tx)
		if err != nil {
			return err
		}
		entries, err = w.entriesOf(ctx, tx, rows, ever)
		return err
	})
	return entries, err
}

// ever is a revision that no other comes after.
const ever = math.MaxInt64

// entriesOf makes entries of rows, in their order, from what was known at a
// revision.
func (w *Workspace) entriesOf(ctx context.Context, tx *gorm.DB, rows []factRow, revision int64) ([]evenkeel.Entry, error) {
	received, err := w.received(ctx, tx, rows, revision)
	if err != nil {
		return nil, err
	}
	entries := make([]evenkeel.Entry, len(rows))
	for i, r := range rows {
		entries[i] = evenkeel.Entry{
			ID: r.ID, Kind: r.Kind.name(), Source: r.Source, ExternalID: r.ExternalID,
			At: r.At.Time(), ReceivedAt: received[r.ID].Time(), Revision: r.Seq,
			Environment: r.Environment, Status: r.Status, Repository: r.Repository,
			Subject: evenkeel.ParseSubject(r.Subject), Fields: r.Body,
		}
	}
	return entries, nil
}

// received finds when the first observation of each fact was recorded. What
// version 1 has recorded was recorded with its revision.
func (w *Workspace) received(ctx context.Context, tx *gorm.DB, rows []factRow, revision int64) (map[string]instant, error) {
	ids := make([]string, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	received, old := make(map[string]instant, len(rows)), map[string]int64{}
	err := eachChunk(ids, func(some []string) error {
		found, err := of[observationRow](w, tx).Select("fact, min(recorded_at) AS recorded_at, min(seq) AS seq").
			Where("fact IN ? AND seq <= ?", some, revision).Group("fact").Find(ctx)
		for _, o := range found {
			if received[o.Fact] = o.RecordedAt; o.RecordedAt == 0 {
				old[o.Fact] = o.Seq
			}
		}
		return err
	})
	if err != nil || len(old) == 0 {
		return received, err
	}
	times, err := w.revisionTimes(ctx, tx, old)
	for fact, seq := range old {
		received[fact] = times[max(seq, 1)]
	}
	return received, err
}

// revisionTimes reads when revisions were, by number. What was observed
// before the first revision counts to the first.
func (w *Workspace) revisionTimes(ctx context.Context, tx *gorm.DB, seqs map[string]int64) (map[int64]instant, error) {
	wanted := make([]int64, 0, len(seqs))
	for _, seq := range seqs {
		wanted = append(wanted, max(seq, 1))
	}
	slices.Sort(wanted)
	times := map[int64]instant{}
	for some := range slices.Chunk(slices.Compact(wanted), lookupSizes[len(lookupSizes)-1]) {
		rows, err := of[revisionRow](w, tx).Select("seq", "at").Where("seq IN ?", some).Find(ctx)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			times[row.Seq] = row.At
		}
	}
	return times, nil
}

// explore selects the current facts that a filter finds.
func (w *Workspace) explore(tx *gorm.DB, f evenkeel.EntryFilter) gorm.ChainInterface[factRow] {
	rows := w.choose(tx, f)
	if len(f.Statuses) > 0 {
		rows = rows.Where("status IN ?", f.Statuses)
	}
	return narrow(w, tx, rows, f)
}

// narrow applies what facts and series have in common.
func narrow[T any](w *Workspace, tx *gorm.DB, rows gorm.ChainInterface[T], f evenkeel.EntryFilter) gorm.ChainInterface[T] {
	if len(f.Kinds) > 0 {
		rows = rows.Where("kind IN ?", kindsOf(f.Kinds))
	}
	if len(f.Sources) > 0 {
		rows = rows.Where("source IN ?", f.Sources)
	}
	if len(f.Environments) > 0 {
		rows = rows.Where("environment IN ?", f.Environments)
	}
	if len(f.Applications) > 0 {
		rows = rows.Where("subject IN (?)", w.subjectsOf(tx, f.Applications))
	}
	if f.Unclaimed {
		rows = rows.Where("subject IN (?)", w.unmatched(tx))
	}
	return rows
}

// choose narrows to what is no facet. The literal false is that of partial
// indexes.
func (w *Workspace) choose(tx *gorm.DB, f evenkeel.EntryFilter) gorm.ChainInterface[factRow] {
	rows := of[factRow](w, tx).Where("gone = false")
	if !f.Window.From.IsZero() {
		rows = rows.Where("at >= ?", instantOf(f.Window.From))
	}
	if !f.Window.To.IsZero() {
		rows = rows.Where("at < ?", instantOf(f.Window.To))
	}
	if f.Query != "" {
		part := containing(f.Query)
		rows = rows.Where("lower(external_id) LIKE lower(?) ESCAPE '!' OR lower(repository) LIKE lower(?) ESCAPE '!'", part, part)
	}
	return rows
}

// containing is the pattern of texts that hold a part; "!" escapes.
func containing(part string) string {
	return "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(part) + "%"
}

func kindsOf(kinds []evenkeel.Kind) []kind {
	numbers := make([]kind, len(kinds))
	for i, k := range kinds {
		numbers[i] = kindOf(k)
	}
	return numbers
}

// checkFilter refuses texts that no database holds, which one of them would
// not even compare.
func checkFilter(f evenkeel.EntryFilter) error {
	for _, texts := range []struct {
		field string
		list  []string
	}{
		{"source", f.Sources}, {"application", f.Applications}, {"environment", f.Environments}, {"status", f.Statuses}, {"q", []string{f.Query}},
	} {
		if slices.ContainsFunc(texts.list, func(text string) bool { return !storable(text) }) {
			return fmt.Errorf("%w: %s: holds a NUL byte or is not UTF-8; give plain text", evenkeel.ErrInvalid, texts.field)
		}
	}
	return nil
}
