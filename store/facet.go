package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"github.com/evenkeel-dev/evenkeel"
)

// cell is how many facts share all that facets tell apart.
type cell struct {
	Kind        kind
	Source      string
	Environment string
	Status      string
	Subject     string
	N           int64
}

const cellColumns = "kind, source, environment, status, subject"

func newFacets() evenkeel.Facets {
	return evenkeel.Facets{
		Kinds: map[evenkeel.Kind]int{}, Sources: map[string]int{}, Environments: map[string]int{},
		Statuses: map[string]int{}, Applications: map[string]int{},
	}
}

// Facets counts the facts that a filter finds, by each column it narrows and
// without its choice in that column. Cursor and limit mean nothing.
func (w *Workspace) Facets(ctx context.Context, f evenkeel.EntryFilter) (evenkeel.Facets, error) {
	counts := newFacets()
	if err := checkFilter(f); err != nil {
		return counts, fmt.Errorf("store: facets: %w", err)
	}
	err := w.read(ctx, func(tx *gorm.DB) error {
		owners, err := w.owners(ctx, tx)
		if err != nil {
			return err
		}
		// The cells are few, and every facet is a sum of them.
		var cells []cell
		err = narrow(w, tx, w.choose(tx, f), evenkeel.EntryFilter{Unclaimed: f.Unclaimed}).Select(cellColumns+", count(*) AS n").
			Group(cellColumns).Scan(ctx, &cells)
		for _, c := range cells {
			c.count(&counts, f, owners[c.Subject])
		}
		return err
	})
	if err != nil {
		return counts, fmt.Errorf("store: facets: %w", err)
	}
	return counts, nil
}

// count adds the cell to the facets in which the other choices leave it.
func (c cell) count(counts *evenkeel.Facets, f evenkeel.EntryFilter, owners []string) {
	n := int(c.N)
	fits := [...]bool{
		chosen(f.Kinds, c.Kind.name()),
		chosen(f.Sources, c.Source),
		chosen(f.Environments, c.Environment),
		chosen(f.Statuses, c.Status),
		len(f.Applications) == 0 || slices.ContainsFunc(owners, func(id string) bool { return slices.Contains(f.Applications, id) }),
	}
	others := func(own int) bool {
		for i, fit := range fits {
			if i != own && !fit {
				return false
			}
		}
		return true
	}
	if others(-1) {
		counts.Total += n
	}
	if others(0) {
		counts.Kinds[c.Kind.name()] += n
	}
	if others(1) {
		counts.Sources[c.Source] += n
	}
	if others(2) {
		counts.Environments[c.Environment] += n
	}
	if others(3) {
		counts.Statuses[c.Status] += n
	}
	if others(4) {
		for _, id := range owners {
			counts.Applications[id] += n
		}
	}
}

// chosen says whether a choice takes the value; an empty one takes all.
func chosen[T comparable](choice []T, value T) bool {
	return len(choice) == 0 || slices.Contains(choice, value)
}

// bar counts the facts of a kind in the stretch of time that begins at Bar
// widths since 1970.
type bar struct {
	Bar  int64
	Kind kind
	N    int64
}

// Histogram counts the facts that a filter finds, by kind and stretches of
// the width given, which begin at multiples of the width since 1970. Stretches
// without facts are left out. The bars come by time, then in the order of
// kinds. Cursor and limit mean nothing.
func (w *Workspace) Histogram(ctx context.Context, f evenkeel.EntryFilter, width time.Duration) ([]evenkeel.HistogramBar, error) {
	if err := checkBars(f, width); err != nil {
		return nil, err
	}
	var bars []bar
	err := w.read(ctx, func(tx *gorm.DB) error {
		// Instants are positive, so both databases round down.
		return w.explore(tx, f).Select("at / ? AS bar, kind, count(*) AS n", width.Microseconds()).Group("bar, kind").Scan(ctx, &bars)
	})
	if err != nil {
		return nil, fmt.Errorf("store: histogram: %w", err)
	}
	return histogram(bars, width), nil
}

func checkBars(f evenkeel.EntryFilter, width time.Duration) error {
	if width < time.Second {
		return fmt.Errorf("store: histogram: %w: width: %v is less than a second", evenkeel.ErrInvalid, width)
	}
	if err := checkFilter(f); err != nil {
		return fmt.Errorf("store: histogram: %w", err)
	}
	return nil
}

// histogram adds up bars and orders them.
func histogram(counted []bar, width time.Duration) []evenkeel.HistogramBar {
	sums := map[bar]int64{}
	for _, b := range counted {
		sums[bar{Bar: b.Bar, Kind: b.Kind}] += b.N
	}
	bars := make([]evenkeel.HistogramBar, 0, len(sums))
	for b, n := range sums {
		bars = append(bars, evenkeel.HistogramBar{From: time.UnixMicro(b.Bar * width.Microseconds()).UTC(), Kind: b.Kind.name(), N: int(n)})
	}
	order := evenkeel.Kinds()
	slices.SortFunc(bars, func(a, b evenkeel.HistogramBar) int {
		if c := a.From.Compare(b.From); c != 0 {
			return c
		}
		return slices.Index(order, a.Kind) - slices.Index(order, b.Kind)
	})
	return bars
}
