package budgets

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/levels"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// together is how many budgets have their slices in memory at once.
const together = 256

// Definition is the level's, as the budget's series is to be read.
func (b *Budget) Definition() slo.Definition { return b.definition }

// Readers calls work with a reader of each measured budget of a present book, with
// corrections, in one pass; a composite comes after its members. The readers hold
// during the call, which must not ask the book for more. spans are those that work
// will ask for beyond the budget's window: what lies at their ends is read for all
// of them together.
func (b *Budgets) Readers(ctx context.Context, slug string, book *Book, spans func(*Budget) []evenkeel.Window, work func(*Budget, slo.Reader) error) error {
	p := pass{book: book, hours: b.of(slug).hours, spans: spans, work: work}
	for some := range passes(book) {
		if err := p.read(ctx, some); err != nil {
			return fmt.Errorf("readers of %q: %w", slug, err)
		}
	}
	return nil
}

// passes are the measured budgets of a book, some hundred at a time, and those of a
// composite together.
func passes(book *Book) iter.Seq[[]*Budget] {
	return func(yield func([]*Budget) bool) {
		var list []*Budget
		for _, level := range book.Levels {
			for i, b := range level.Budgets {
				if b.measured() || level.Composite != nil {
					list = append(list, b)
				}
				if whole := level.Composite == nil || i == len(level.Budgets)-1; whole && len(list) >= together {
					if !yield(list) {
						return
					}
					list = nil
				}
			}
		}
		if len(list) > 0 {
			yield(list)
		}
	}
}

// measured says that something ever measured the budget.
func (b *Budget) measured() bool { return b.ByIncidents() || b.Series.ID != "" }

// pass reads budgets.
type pass struct {
	book  *Book
	hours *levels.Book
	spans func(*Budget) []evenkeel.Window
	work  func(*Budget, slo.Reader) error
}

func (p *pass) read(ctx context.Context, list []*Budget) error {
	known := map[*Budget]slo.Tallies{}
	var asks, forget []levels.Ask
	var asked []*Budget
	for _, one := range list {
		if one.ByIncidents() {
			if err := p.take(one, one.outages.minutes, known); err != nil {
				return err
			}
			continue
		}
		ask := one.ask(p.book.At)
		forget = append(forget, ask)
		ask.Spans = slices.Concat(ask.Spans, p.spans(one))
		if one.level.Composite != nil { // It is read from what its members came to.
			ask.Spans = slices.Concat(ask.Spans, p.spans(one.level.Composite))
		}
		asks, asked = append(asks, ask), append(asked, one)
	}
	err := p.hours.Look(ctx, asks, func(i int, a levels.Answer) error { return p.take(asked[i], a.Tallies, known) })
	if err == nil { // Slices that only this pass needed are not kept.
		err = p.hours.Look(ctx, forget, func(int, levels.Answer) error { return nil })
	}
	return err
}

// take calls work for a budget, unless nothing ever measured it, and for the
// composite that it completes.
func (p *pass) take(b *Budget, measured slo.Tallies, known map[*Budget]slo.Tallies) error {
	known[b] = b.corrected(measured)
	if b.measured() {
		if err := p.work(b, b.reader(known)); err != nil {
			return err
		}
	}
	c := b.level.Composite
	if c == nil || c.Contractual.Composite == nil || slices.ContainsFunc(c.members, func(m *Budget) bool { return known[m] == nil }) {
		return nil
	}
	return p.work(c, c.reader(known))
}
