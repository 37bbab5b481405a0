package budgets

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// Measured is all that was measured of a budget over a span.
type Measured struct {
	Span evenkeel.Window
	// First is the beginning of the first slice that was known, of counters of the
	// first reading; zero for none, and for incidents.
	First time.Time
	// Experienced are its slices as they were, Contractual with corrections.
	Experienced slo.Tallies
	Contractual slo.Tallies
	// Slices are those that were judged, by time: of counters the amounts.
	Slices []evenkeel.Slice
	// Counting is what became of readings of counters; empty for other series.
	Counting slo.Amounts
	// Cohorts are what users of versions and variants met, where the series is
	// told apart by them.
	Cohorts []slo.Cohort
}

// Measured reads what was measured of a budget of a book: in its window and
// some time before, or since an earlier instant.
func (b *Budgets) Measured(ctx context.Context, slug string, book *Book, of *Budget, since time.Time) (Measured, error) {
	span := of.level.span(book.At)
	if !since.IsZero() && since.Before(span.From) {
		span.From = since.UTC().Truncate(24 * time.Hour)
	}
	if of.ByIncidents() {
		return Measured{Span: span, Experienced: of.outages.minutes, Contractual: of.corrected(of.outages.minutes)}, nil
	}
	list, err := b.workspace(slug).MeasurementsAt(ctx, book.Revision, of.SeriesIDs(), reach(of, span))
	if err != nil {
		return Measured{}, fmt.Errorf("measurements of %q: %w", of.level.ID, err)
	}
	watched := firstOf(list[of.Series.ID])
	m := Measured{Span: span, First: watched}
	m.Slices, m.Counting = of.amounts(list[of.Series.ID], watched)
	m.Experienced = slo.Gather(of.definition, of.Objective, m.Slices, span)
	m.Contractual = of.corrected(m.Experienced)
	for _, c := range of.cohorts {
		amounts, _ := of.amounts(list[c.ID], watched)
		m.Cohorts = append(m.Cohorts, slo.Cohort{Dimension: c.dimension, Name: c.Labels[c.dimension], Tallies: slo.Gather(of.definition, of.Objective, amounts, span)})
	}
	return m, nil
}

// Then are the tallies for what a definition with another window says of an instant,
// with corrections. What slices hold is looked for as far back as it would be then.
func (b *Budget) Then(m Measured, d slo.Definition, at time.Time) slo.Tallies {
	if d.Missing != slo.MissingHold || d.Method == slo.Occurrences || b.ByIncidents() {
		return m.Contractual
	}
	span := evenkeel.Window{From: d.Since(at).UTC().Truncate(24 * time.Hour), To: at}
	place := func(t time.Time) int {
		i, _ := slices.BinarySearchFunc(m.Slices, t, func(s evenkeel.Slice, t time.Time) int { return s.At.Compare(t) })
		return i
	}
	return b.corrected(slo.Gather(d, b.Objective, m.Slices[place(span.From):place(span.To)], span))
}

// SeriesIDs are those of what is read of a budget: its own series, if it was ever
// measured, and those of versions and variants.
func (b *Budget) SeriesIDs() (ids []string) {
	if b.Series.ID != "" {
		ids = append(ids, b.Series.ID)
	}
	for _, c := range b.cohorts {
		ids = append(ids, c.ID)
	}
	return ids
}

// Lead is since when slices are needed for who spent the budget of a window, and for
// what it burnt at.
func (b *Budget) Lead(at time.Time) time.Time { return b.level.Definition.Lead(at) }

// Past reads a budget with corrections, and as it was experienced.
type Past struct{ Contractual, Experienced slo.Reader }

// Past reads a budget of a book: an objective, or a composite from what was measured
// of its members. It reaches as far back as [Budgets.Measured].
func (b *Budgets) Past(ctx context.Context, slug string, book *Book, of *Budget, since time.Time) (Past, error) {
	contractual, experienced := map[*Budget]slo.Tallies{}, map[*Budget]slo.Tallies{}
	for _, one := range of.parts() {
		m, err := b.Measured(ctx, slug, book, one, since)
		if err != nil {
			return Past{}, err
		}
		contractual[one], experienced[one] = m.Contractual, m.Experienced
	}
	return Past{of.reader(contractual), of.reader(experienced)}, nil
}

// reading is how far before a span a counter's last reading is looked for.
const reading = 7 * 24 * time.Hour

// reach is what is read for a span.
func reach(b *Budget, span evenkeel.Window) evenkeel.Window {
	if b.Counter() {
		span.From = span.From.Add(-reading)
	}
	return span
}

// amounts makes amounts of what was measured. A counter that is first read later
// than the budget's series was began at 0 then.
func (b *Budget) amounts(list []evenkeel.Slice, since time.Time) ([]evenkeel.Slice, slo.Amounts) {
	if !b.Counter() {
		return list, slo.Amounts{}
	}
	counting := slo.Increases(list, slo.Counting{Slice: b.definition.Slice, Since: since})
	return counting.Slices, counting
}

// firstOf is the beginning of the first slice; zero for none.
func firstOf(list []evenkeel.Slice) time.Time {
	if len(list) == 0 {
		return time.Time{}
	}
	return list[0].At
}

// measureAll assesses every budget of a book from what was measured, each read
// for itself.
func (b *Budgets) measureAll(ctx context.Context, slug string, book *Book) error {
	for _, level := range book.Levels {
		members := map[*Budget]slo.Tallies{}
		for _, one := range level.Budgets {
			m, err := b.Measured(ctx, slug, book, one, time.Time{})
			if err != nil {
				return err
			}
			one.assess(m.Experienced, book)
			members[one] = m.Contractual
		}
		level.compose(members, book)
	}
	book.dropProblems()
	return nil
}
