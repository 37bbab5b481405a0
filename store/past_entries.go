package store

import (
	"context"
	"encoding/json"
	"time"

	"gorm.io/gorm"

	"github.com/evenkeel-dev/evenkeel"
)

// Entries is [Workspace.Entries] of then.
func (p *Past) Entries(ctx context.Context, f evenkeel.EntryFilter) (evenkeel.Page[evenkeel.Entry], error) {
	page := evenkeel.Page[evenkeel.Entry]{Items: []evenkeel.Entry{}}
	err := p.look(ctx, "entries", func(l looking) error {
		rows, next, err := l.page(f)
		if err != nil {
			return err
		}
		page.Next = next
		page.Items, err = l.w.entriesOf(ctx, l.tx, rows, l.revision)
		return err
	})
	return page, err
}

// EntriesByID is [Workspace.EntriesByID] of then.
func (p *Past) EntriesByID(ctx context.Context, ids []string) (map[string]evenkeel.Entry, error) {
	byID := make(map[string]evenkeel.Entry, len(ids))
	err := p.look(ctx, "facts by id", func(l looking) error {
		rows, err := l.byID(ids)
		if err != nil {
			return err
		}
		entries, err := l.w.entriesOf(ctx, l.tx, rows, l.revision)
		for _, e := range entries {
			byID[e.ID] = e
		}
		return err
	})
	return byID, err
}

// Facets is [Workspace.Facets] of then.
func (p *Past) Facets(ctx context.Context, f evenkeel.EntryFilter) (evenkeel.Facets, error) {
	counts := newFacets()
	err := p.look(ctx, "facets", func(l looking) error {
		if err := checkFilter(f); err != nil {
			return err
		}
		cells, err := l.cells(f)
		for _, c := range cells {
			if !f.Unclaimed || l.members.unclaimed[c.Subject] {
				c.count(&counts, f, l.members.owners[c.Subject])
			}
		}
		return err
	})
	return counts, err
}

// cells counts what the filter finds when the choices of facets are left out.
func (l looking) cells(f evenkeel.EntryFilter) (cells []cell, err error) {
	chosen := evenkeel.EntryFilter{Window: f.Window, Query: f.Query}
	if err := l.unchanged(l.w.choose(l.tx, chosen)).Select(cellColumns+", count(*) AS n").Group(cellColumns).Scan(l.ctx, &cells); err != nil {
		return nil, err
	}
	fits, err := l.fitting(chosen)
	if err != nil {
		return nil, err
	}
	for _, p := range l.newest {
		if row := l.rows[p.id]; fits(row.factRow) {
			cells = append(cells, cell{row.Kind, row.Source, row.Environment, row.Status, row.Subject, 1})
		}
	}
	return cells, nil
}

// Histogram is [Workspace.Histogram] of then.
func (p *Past) Histogram(ctx context.Context, f evenkeel.EntryFilter, width time.Duration) ([]evenkeel.HistogramBar, error) {
	if err := checkBars(f, width); err != nil {
		return nil, err
	}
	var bars []bar
	err := p.look(ctx, "histogram", func(l looking) error {
		err := l.unchangedRows(f, func(query gorm.ChainInterface[factRow]) error {
			var some []bar
			err := query.Select("at / ? AS bar, kind, count(*) AS n", width.Microseconds()).Group("bar, kind").Scan(ctx, &some)
			bars = append(bars, some...)
			return err
		})
		if err != nil {
			return err
		}
		fits, err := l.fitting(f)
		if err != nil {
			return err
		}
		for _, p := range l.newest {
			if row := l.rows[p.id]; fits(row.factRow) {
				bars = append(bars, bar{int64(row.At) / width.Microseconds(), row.Kind, 1})
			}
		}
		return nil
	})
	return histogram(bars, width), err
}

// fitting says which changed rows a filter finds, apart from its cursor.
func (l looking) fitting(f evenkeel.EntryFilter) (func(row factRow) bool, error) {
	subjects, narrowed := l.members.of(f)
	wanted := make(map[string]bool, len(subjects))
	for _, subject := range subjects {
		wanted[subject] = true
	}
	from, to := instantOf(f.Window.From), instantOf(f.Window.To)
	fits := func(row factRow) bool {
		return (from == 0 || row.At >= from) && (to == 0 || row.At < to) && (!narrowed || wanted[row.Subject]) &&
			chosen(f.Kinds, row.Kind.name()) && chosen(f.Sources, row.Source) && chosen(f.Environments, row.Environment) && chosen(f.Statuses, row.Status)
	}
	if f.Query == "" {
		return fits, nil
	}
	held, err := l.holding(f.Query, fits)
	return func(row factRow) bool { return fits(row) && (held[row.ExternalID] || held[row.Repository]) }, err
}

// holding finds the texts of changed rows that hold a part. The database is
// asked, because databases differ in what is a capital letter.
func (l looking) holding(part string, fits func(row factRow) bool) (map[string]bool, error) {
	asked := map[string]bool{}
	for _, p := range l.newest {
		if row := l.rows[p.id]; fits(row.factRow) {
			asked[row.ExternalID], asked[row.Repository] = true, true
		}
	}
	list, err := json.Marshal(sortedTexts(asked))
	if err != nil {
		return nil, err
	}
	texts := "json_each(?)"
	if l.tx.Name() == "postgres" {
		texts = "jsonb_array_elements_text(CAST(? AS jsonb)) AS texts(value)"
	}
	var found []string
	err = l.tx.WithContext(l.ctx).Raw("SELECT value FROM "+texts+" WHERE lower(value) LIKE lower(?) ESCAPE '!'", string(list), containing(part)).Scan(&found).Error
	held := make(map[string]bool, len(found))
	for _, text := range found {
		held[text] = true
	}
	return held, err
}
