package server

import (
	"cmp"
	"context"
	"log/slog"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
	"github.com/evenkeel-dev/evenkeel/server/budgets"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

// Who spent a budget last costs more than all else in a list, and seldom changes.
// A list therefore tells it as it was known at a mark: the last full ten minutes,
// one minute ago or longer. What was known then does not change any more, so it is
// worked out once, and ahead of the first question after the mark.
const (
	markEvery = 10 * time.Minute
	markAfter = time.Minute
	// spendersAsked is for how long a budget is worked out ahead that nobody asks
	// for any more, and mostSpenders how many are, those asked last first.
	spendersAsked = time.Hour
	mostSpenders  = 200
	// firstPage is how many budgets are worked out that nobody has asked for: the
	// first page of the list.
	firstPage = 50
)

// markOf is the mark of an instant.
func markOf(at time.Time) time.Time { return at.UTC().Add(-markAfter).Truncate(markEvery) }

// spenders remember who spent budgets last. They are safe for concurrent use; the
// zero value is ready.
type spenders struct {
	mu   sync.Mutex
	held map[spenderKey]*heldSpender
}

type spenderKey struct {
	slug, budget string
	at           time.Time
}

// heldSpender is who spent a budget last at an instant.
type heldSpender struct {
	asked time.Time // guarded by the mutex of all

	mu    sync.Mutex
	basis *spenderBasis
	// measured says that anything was; the spender may be nobody.
	measured bool
	spender  *views.LevelSpender
}

// spenderBasis is all that a spender follows from, beside what was measured and
// the facts that were known at its revision.
type spenderBasis struct {
	revision, version                         int64
	corrections, series, applications, policy string
	derived                                   []metrics.Derived
}

func (b *spenderBasis) same(o *spenderBasis) bool {
	if b == nil || !slices.EqualFunc(b.derived, o.derived, metrics.Derived.Same) {
		return false
	}
	one, other := *b, *o
	one.derived, other.derived = nil, nil
	return reflect.DeepEqual(one, other)
}

// entry is what is held of a budget. asked is zero where nobody has asked.
func (s *spenders) entry(key spenderKey, asked time.Time) *heldSpender {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held == nil {
		s.held = map[spenderKey]*heldSpender{}
	}
	if s.held[key] == nil {
		s.held[key] = &heldSpender{}
	}
	held := s.held[key]
	if asked.After(held.asked) {
		held.asked = asked
	}
	return held
}

// lately are the budgets of a workspace that were asked for lately, and when, the
// last first. What is of marks before the last is forgotten.
func (s *spenders) lately(slug string, now time.Time) (keys []string, asked map[string]time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	asked = map[string]time.Time{}
	for key, held := range s.held {
		if key.slug == slug && now.Sub(held.asked) < spendersAsked && held.asked.After(asked[key.budget]) {
			asked[key.budget] = held.asked
		}
		if now.Sub(key.at) > 2*markEvery+markAfter {
			delete(s.held, key)
		}
	}
	for key := range asked {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b string) int { return cmp.Or(asked[b].Compare(asked[a]), cmp.Compare(a, b)) })
	return keys[:min(len(keys), mostSpenders)], asked
}

// tellSpenders tells of every row who spent its budget last.
func (s *Server) tellSpenders(ctx context.Context, k known, rows []views.LevelRow) error {
	marked, err := s.marked(ctx, k, markOf(k.book.At))
	if err != nil {
		return err
	}
	asked := k.book.At
	if k.Known != nil {
		asked = time.Time{}
	}
	byKey := budgetsByKey(k.book)
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(runtime.GOMAXPROCS(0))
	for i := range rows {
		if b := byKey[rows[i].Key()]; b != nil {
			work.Go(func() (err error) {
				rows[i].LastSpender, err = s.spender(ctx, k, marked, b, asked)
				return err
			})
		}
	}
	return work.Wait()
}

func budgetsByKey(book *budgets.Book) map[string]*budgets.Budget {
	byKey := map[string]*budgets.Budget{}
	for _, level := range book.Levels {
		for _, b := range level.Budgets {
			byKey[views.BudgetKey(b)] = b
		}
	}
	return byKey
}

// marked is what was known at a mark, with the rules of its question.
func (s *Server) marked(ctx context.Context, k known, mark time.Time) (known, error) {
	then, err := s.Workspace(k.slug).Known(ctx, mark)
	results := *k.Results
	results.Known = &then
	return known{&results, &budgets.Book{Revision: then.Revision, At: mark}, k.slug}, err
}

// spender is who spent a budget last: as known at the mark, or at the instant of
// the question where nothing was measured by then, or in another window.
func (s *Server) spender(ctx context.Context, k, marked known, b *budgets.Budget, asked time.Time) (*views.LevelSpender, error) {
	if b.Contractual.Count.Bad == 0 {
		return nil, nil //nolint:nilnil // Nobody did.
	}
	if b.ByIncidents() { // Incidents are few, and those of the present.
		_, spender, err := s.workOutSpender(ctx, k, b)
		return spender, err
	}
	if window := b.Contractual.Window; marked.book.Revision > 0 && marked.book.At.After(window.From) {
		spender, measured, err := s.spenderAt(ctx, marked, b, asked)
		if measured || err != nil {
			return spender, err
		}
	}
	spender, _, err := s.spenderAt(ctx, k, b, asked)
	return spender, err
}

// spenderAt is who spent a budget last as known at an instant, and whether
// anything was measured by then. It is worked out once for everybody who asks.
func (s *Server) spenderAt(ctx context.Context, k known, b *budgets.Budget, asked time.Time) (spender *views.LevelSpender, measured bool, err error) {
	held := s.lastSpenders.entry(spenderKey{k.slug, views.BudgetKey(b), k.book.At}, asked)
	held.mu.Lock()
	defer held.mu.Unlock()
	basis := k.basis(b)
	if !held.basis.same(basis) {
		if held.measured, held.spender, err = s.workOutSpender(ctx, k, b); err != nil {
			held.basis = nil
			return nil, false, err
		}
		held.basis = basis
	}
	return held.spender, held.measured, nil
}

// basis is what a spender follows from.
func (k known) basis(b *budgets.Budget) *spenderBasis {
	level, applications := b.Level(), applicationIDs(k.Catalogue, b.Level().Application)
	corrections := make([]string, len(level.Corrections))
	for i, c := range level.Corrections {
		corrections[i] = c.ID
	}
	return &spenderBasis{
		revision: k.book.Revision, version: level.Number, corrections: strings.Join(corrections, " "), series: strings.Join(b.SeriesIDs(), " "),
		applications: strings.Join(applications, " "), policy: k.Policy.Version, derived: k.Of(applications),
	}
}

func (s *Server) workOutSpender(ctx context.Context, k known, b *budgets.Budget) (measured bool, spender *views.LevelSpender, err error) {
	m, err := s.Budgets.Measured(ctx, k.slug, k.book, b, b.Lead(k.book.At))
	if err != nil {
		return false, nil, err
	}
	window := evenkeel.Window{From: b.Level().Definition.Begin(k.book.At), To: k.book.At}
	if measured = m.Experienced.Tally(window).Measured() > 0; !measured {
		return false, nil, nil
	}
	_, spending, err := s.spending(ctx, k, b, window, m)
	return true, views.NewLevelSpender(spending), err
}

// SpendAhead works out who spent budgets last as of the mark that is about to
// hold: of those that were asked for lately, and of the first page of each list.
// What was worked out once costs little when called again.
func (s *Server) SpendAhead(ctx context.Context) error {
	workspaces, err := s.Store.Workspaces(ctx)
	if err != nil {
		return err
	}
	for _, one := range workspaces {
		if err := s.spendAhead(ctx, one.Slug); err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) spendAhead(ctx context.Context, slug string) error {
	book, err := s.Budgets.Present(ctx, slug, s.Now())
	if err != nil || len(book.Levels) == 0 {
		return err
	}
	results, err := s.Deriver.Results(ctx, slug)
	if err != nil {
		return err
	}
	k := known{results, book, slug}
	keys, asked := s.lastSpenders.lately(slug, book.At)
	rows := views.LevelRows(book, results.Catalogue)
	views.SortLevels(rows, "")
	for _, row := range rows[:min(len(rows), firstPage)] {
		keys = append(keys, row.Key())
	}
	byKey := budgetsByKey(book)
	for _, mark := range []time.Time{markOf(book.At), markOf(book.At.Add(markAfter))} {
		marked, err := s.marked(ctx, k, mark)
		if err != nil {
			return err
		}
		for _, key := range keys {
			if b := byKey[key]; b != nil && ctx.Err() == nil {
				if _, err := s.spender(ctx, k, marked, b, asked[key]); err != nil {
					return err
				}
			}
		}
	}
	return ctx.Err()
}

// aheadEvery is how often it is looked whether a mark is about to hold.
const aheadEvery = 15 * time.Second

// StaySpent calls SpendAhead once for every mark until the context ends.
func (s *Server) StaySpent(ctx context.Context) error {
	tick := time.NewTicker(aheadEvery)
	defer tick.Stop()
	for done := (time.Time{}); ; {
		if mark := markOf(s.Now().Add(markAfter)); !mark.Equal(done) {
			if err := s.SpendAhead(ctx); err == nil {
				done = mark
			} else if ctx.Err() == nil {
				s.Logger.ErrorContext(ctx, "who spent budgets last was not worked out ahead", slog.Any("err", err))
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}
