package budgets

import (
	"context"
	"fmt"
	"slices"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/levels"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// together is how many budgets have their slices in memory at once.
const together = 256

// Definition is the level's, as the budget's series is to be read.
func (b *Budget) Definition() slo.Definition { return b.definition }

// Tallies calls work with what each measured budget of a present book came to,
// with corrections, in one pass. The tallies hold during the call, which must
// not ask the book for more. spans are those that work will ask for beyond the
// budget's window: what lies at their ends is read for all of them together.
func (b *Budgets) Tallies(ctx context.Context, slug string, book *Book, spans func(*Budget) []evenkeel.Window, work func(*Budget, slo.Tallies) error) error {
	var list []*Budget
	for _, level := range book.Levels {
		for _, one := range level.Budgets {
			if one.ByIncidents() {
				if err := work(one, one.corrected(one.outages.minutes)); err != nil {
					return fmt.Errorf("tallies of %q: %w", slug, err)
				}
			} else if one.Series.ID != "" {
				list = append(list, one)
			}
		}
	}
	hours := b.of(slug).hours
	for some := range slices.Chunk(list, together) {
		var asks, forget []levels.Ask
		for _, one := range some {
			ask := one.ask(book.At)
			forget = append(forget, ask)
			ask.Spans = slices.Concat(ask.Spans, spans(one))
			asks = append(asks, ask)
		}
		err := hours.Look(ctx, asks, func(i int, t slo.Tallies) error { return work(some[i], some[i].corrected(t)) })
		if err == nil { // Slices that only this pass needed are not kept.
			err = hours.Look(ctx, forget, func(int, slo.Tallies) error { return nil })
		}
		if err != nil {
			return fmt.Errorf("tallies of %q: %w", slug, err)
		}
	}
	return nil
}
