package budgets

import (
	"cmp"
	"context"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/levels"
	"github.com/evenkeel-dev/evenkeel/slo"
	"github.com/evenkeel-dev/evenkeel/slo/openslo"
)

// Workspace is what is read of one workspace.
type Workspace interface {
	levels.Workspace
	Incidents
	// AllServiceLevels are those of a revision that are not retired.
	AllServiceLevels(ctx context.Context, revision int64) ([]evenkeel.ServiceLevel, error)
	Corrections(ctx context.Context, revision int64, levels ...string) (map[string][]evenkeel.Correction, error)
	Series(ctx context.Context, f evenkeel.EntryFilter) ([]evenkeel.SeriesInfo, error)
	// MeasuredUntil is the last hour of every series that was known at a revision.
	MeasuredUntil(ctx context.Context, revision int64) (map[string]time.Time, error)
	AlertSpans(ctx context.Context, f evenkeel.AlertSpanFilter) (evenkeel.Page[evenkeel.AlertSpan], error)
	MeasurementsAt(ctx context.Context, revision int64, ids []string, window evenkeel.Window) (map[string][]evenkeel.Slice, error)
}

// Budgets keeps books of workspaces. It is safe for concurrent use.
type Budgets struct {
	workspace func(slug string) Workspace

	mu   sync.Mutex
	kept map[string]*kept
}

// kept is what is kept of a workspace.
type kept struct {
	// turn is held by who makes a book; see wait.
	turn chan struct{}
	// counted says that there is a book.
	counted atomic.Bool
	// book is the last one; nil before it is first asked for.
	book *Book
	// hours are what was measured.
	hours *levels.Book
	// incidents are those that something is measured by.
	incidents followed
	// read are documents, by id and number of the version.
	read map[string]*Level
	// assessed are budgets where they last stood, by their keys.
	assessed map[string]assessed
}

// New keeps books of the workspaces that a function gives.
func New(workspace func(slug string) Workspace) *Budgets {
	return &Budgets{workspace: workspace, kept: map[string]*kept{}}
}

func (b *Budgets) of(slug string) *kept {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.kept[slug] == nil {
		b.kept[slug] = &kept{turn: make(chan struct{}, 1), hours: levels.New(b.workspace(slug))}
	}
	return b.kept[slug]
}

// wait waits for one's turn with what is kept, or until the context ends: counting
// all service levels takes minutes where there are thousands.
func (k *kept) wait(ctx context.Context) (leave func(), err error) {
	select {
	case k.turn <- struct{}{}:
		return func() { <-k.turn }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Counting says whether the budgets of a workspace are yet to be counted for the
// first time, and how many of how many are. They are while somebody waits for
// [Budgets.Present].
func (b *Budgets) Counting(slug string) (counted, all int, counting bool) {
	k := b.of(slug)
	counted, all = k.hours.Progress()
	return counted, all, !k.counted.Load()
}

// Present is the book of a workspace at the last full minute, which everybody
// who asks within a minute has in common. It is made once for each revision.
func (b *Budgets) Present(ctx context.Context, slug string, now time.Time) (*Book, error) {
	said := now
	now = now.UTC().Truncate(time.Minute)
	k, w := b.of(slug), b.workspace(slug)
	leave, err := k.wait(ctx)
	if err != nil {
		return nil, fmt.Errorf("budgets of %q: %w", slug, err)
	}
	defer leave()
	revision, err := w.Revision(ctx)
	if err == nil && k.book != nil && k.book.Revision == revision && k.book.At.Equal(now) {
		return k.book, nil
	}
	var book *Book
	if err == nil {
		book, err = k.open(ctx, w, revision, now, said, basis{present, k.incidents.reports})
	}
	if err == nil {
		book.standing, err = standing(ctx, w)
	}
	if err == nil {
		err = k.assess(ctx, book)
	}
	if err != nil {
		return nil, fmt.Errorf("budgets of %q: %w", slug, err)
	}
	k.book = book
	k.counted.Store(true)
	return book, nil
}

// basis is how series and incidents are read: those of the present, or those
// that were known.
type basis struct {
	series  func(ctx context.Context, w Workspace, revision int64) ([]evenkeel.SeriesInfo, error)
	reports func(ctx context.Context, w Incidents, at time.Time, slugs []string) (*reports, error)
}

// finder finds what the levels of a book are measured by.
func (b basis) finder(ctx context.Context, w Workspace, book *Book) (finder, error) {
	measured, err := b.series(ctx, w, book.Revision)
	if err != nil {
		return finder{}, err
	}
	f := newFinder(measured)
	var slugs []string
	for _, level := range book.Levels {
		if level.byIncidents() {
			slugs = append(slugs, level.Definition.Service)
		}
	}
	if len(slugs) > 0 {
		f.reports, err = b.reports(ctx, w, book.At, slugs)
	}
	return f, err
}

// open makes a book of what is stated at a revision, with the corrections that
// hold when it is said, and without what was measured.
func (k *kept) open(ctx context.Context, w Workspace, revision int64, at, said time.Time, b basis) (*Book, error) {
	levels, err := k.levels(ctx, w, revision)
	if err != nil || len(levels) == 0 {
		return &Book{Revision: revision, At: at}, err
	}
	corrections, err := w.Corrections(ctx, revision)
	if err != nil {
		return nil, err
	}
	book := &Book{Revision: revision, At: at}
	for _, level := range levels {
		book.Levels = append(book.Levels, level.correct(corrections[level.ID], said))
	}
	book.warn()
	found, err := b.finder(ctx, w, book)
	if err != nil {
		return nil, err
	}
	for _, level := range book.Levels {
		if level.Problem == "" {
			level.begin(found.budgets(level))
		}
	}
	return book, nil
}

// levels reads the documents of a revision, those of which there is a new version
// anew, by id.
func (k *kept) levels(ctx context.Context, w Workspace, revision int64) (list []*Level, err error) {
	stated, err := w.AllServiceLevels(ctx, revision)
	read := make(map[string]*Level, len(stated))
	for _, l := range stated {
		key := l.ID + "\x1f" + strconv.FormatInt(l.Number, 10)
		level := k.read[key]
		if level == nil {
			level = newLevel(l)
		}
		read[key] = level
		list = append(list, level)
	}
	k.read = read
	slices.SortFunc(list, func(a, b *Level) int { return cmp.Compare(a.ID, b.ID) })
	return list, err
}

// Spoiled says whether a definition would fill a series that a service level of
// the workspace fills with another question. The level that it takes the place
// of is named, if any.
func (b *Budgets) Spoiled(ctx context.Context, slug string, d slo.Definition, before string) (openslo.Lint, bool, error) {
	k, w := b.of(slug), b.workspace(slug)
	leave, err := k.wait(ctx)
	if err != nil {
		return openslo.Lint{}, false, err
	}
	defer leave()
	revision, err := w.Revision(ctx)
	if err != nil {
		return openslo.Lint{}, false, err
	}
	levels, err := k.levels(ctx, w, revision)
	readers := openslo.Readers{}
	for _, level := range levels {
		if level.Problem == "" && level.ID != before {
			readers.Add(level.Definition)
		}
	}
	lint, spoiled := readers.Spoiled(d)
	return lint, spoiled, err
}

// assess says where everything in a book stands, from hours that are kept.
func (k *kept) assess(ctx context.Context, book *Book) error {
	var asks []levels.Ask
	var asked []*Budget
	tallies := map[*Budget]slo.Tallies{}
	compose := func(b *Budget, t slo.Tallies) {
		tallies[b] = b.corrected(t)
		b.level.compose(tallies, book)
	}
	for _, level := range book.Levels {
		for _, b := range level.Budgets {
			if b.ByIncidents() {
				b.assess(b.outages.minutes, book)
				compose(b, b.outages.minutes)
				continue
			}
			asks, asked = append(asks, b.ask(book.At)), append(asked, b)
		}
	}
	before := k.assessed
	k.assessed = make(map[string]assessed, len(asks))
	err := k.hours.Read(ctx, asks, func(i int, a levels.Answer) error {
		b := asked[i]
		grounds, key := b.grounds(book, a.Version), b.key()
		if held, ok := before[key]; ok && reflect.DeepEqual(held.grounds, grounds) {
			b.Contractual, b.Experienced, b.Until = held.contractual, held.experienced, held.until
		} else {
			b.assess(a.Tallies, book)
		}
		if b.level.Problem == "" {
			k.assessed[key] = assessed{grounds, b.Contractual, b.Experienced, b.Until}
		}
		compose(b, a.Tallies)
		return nil
	})
	book.dropProblems()
	return err
}

// ask is what is asked of the hours of a budget.
func (b *Budget) ask(at time.Time) levels.Ask {
	d, span := b.definition, b.level.span(at)
	a := levels.Ask{
		Version:    b.level.ID + "\x1f" + strconv.FormatInt(b.level.Number, 10) + "\x1f" + b.Environment + b.Labels,
		Definition: d, Objective: b.Objective, From: span.From, Spans: []evenkeel.Window{{From: d.Begin(at), To: at}},
	}
	if b.Series.ID != "" {
		a.Series = []string{b.Series.ID}
	}
	for _, lookback := range slo.Lookbacks() {
		a.Spans = append(a.Spans, evenkeel.Window{From: at.Add(-lookback), To: at})
	}
	return a
}

// Known is the book of a workspace as it was known at a revision, of an instant.
func (b *Budgets) Known(ctx context.Context, slug string, revision int64, at time.Time) (*Book, error) {
	known := basis{then, func(ctx context.Context, w Incidents, at time.Time, _ []string) (*reports, error) {
		return reportsThen(ctx, w, revision, at)
	}}
	book, err := new(kept).open(ctx, b.workspace(slug), revision, at, at, known)
	if err == nil {
		err = b.measureAll(ctx, slug, book)
	}
	if err != nil {
		return nil, fmt.Errorf("budgets of %q: %w", slug, err)
	}
	return book, nil
}

// Preview is where a document that is not kept would stand at present, with the
// corrections of the service level of its name.
func (b *Budgets) Preview(ctx context.Context, slug, document string, now time.Time) (*Level, error) {
	w := b.workspace(slug)
	revision, err := w.Revision(ctx)
	if err != nil {
		return nil, err
	}
	level := newLevel(evenkeel.ServiceLevel{ID: "preview", Document: document})
	if level.Problem != "" {
		return level, nil
	}
	level.ID, level.Application = level.Definition.Name, level.Definition.Service
	if lint, spoiled, err := b.Spoiled(ctx, slug, level.Definition, ""); err != nil {
		return nil, err
	} else if spoiled {
		level.Remarks = append(level.Remarks, lint)
	}
	corrections, err := w.Corrections(ctx, revision, level.ID)
	if err != nil {
		return nil, err
	}
	level = level.correct(corrections[level.ID], now)
	book := &Book{Revision: revision, At: now, Levels: []*Level{level}}
	found, err := basis{present, new(followed).reports}.finder(ctx, w, book)
	if err != nil {
		return nil, err
	}
	level.begin(found.budgets(level))
	return level, b.measureAll(ctx, slug, book)
}

// present are the series of measurements.
func present(ctx context.Context, w Workspace, _ int64) ([]evenkeel.SeriesInfo, error) {
	return w.Series(ctx, evenkeel.EntryFilter{Kinds: []evenkeel.Kind{evenkeel.KindMeasurement}})
}

// then are the series that had been measured at a revision, each until the last
// hour that was known.
func then(ctx context.Context, w Workspace, revision int64) ([]evenkeel.SeriesInfo, error) {
	list, err := present(ctx, w, revision)
	if err != nil {
		return nil, err
	}
	last, err := w.MeasuredUntil(ctx, revision)
	known := list[:0]
	for _, s := range list {
		if at, measured := last[s.ID]; measured {
			s.LastAt = at
			known = append(known, s)
		}
	}
	return known, err
}
