// Package levels keeps in memory what objectives came to, hour by hour, and
// follows what is measured: a new minute costs as much as it brings, however
// much was measured before.
package levels

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// Workspace is what is measured in a workspace.
type Workspace interface {
	Revision(ctx context.Context) (int64, error)
	// MeasuredSince tells the hours that revisions after one changed, or that all
	// is to be read anew.
	MeasuredSince(ctx context.Context, after int64) (hours []evenkeel.MeasuredHour, revision int64, whole bool, err error)
	// MeasuredHours and MeasuredIn call work with hours of series, by series and
	// time.
	MeasuredHours(ctx context.Context, ids []string, window evenkeel.Window, work func(evenkeel.MeasuredHour) error) error
	MeasuredIn(ctx context.Context, ids []string, hours []time.Time, work func(evenkeel.MeasuredHour) error) error
}

// Ask is one question of a book: what an objective came to on a series.
type Ask struct {
	// Version names the version of the definition, so that another one is
	// counted anew; Definition is what it says, and Objective one of its.
	Version    string
	Definition slo.Definition
	Objective  slo.Objective
	// Series are the ids of the series. Of several that were measured at one
	// instant the last stands.
	Series []string
	// From is how far back spans go; it is the beginning of a counted slice.
	From time.Time
	// Spans are those that will be asked for, as far as they are known: what
	// lies at their ends is then read for all questions together.
	Spans []evenkeel.Window
}

func (a Ask) key() string {
	return a.Version + "\x1f" + a.Objective.Name + "\x1f" + a.Objective.Target.String() + "\x1f" + strconv.FormatFloat(a.Objective.Value, 'g', -1, 64) + "\x1f" + strings.Join(a.Series, "\x1f")
}

// Answer is what an objective came to.
type Answer struct {
	Tallies slo.Tallies
	// Version is another one after anything of it changed.
	Version int64
}

// Book keeps what the objectives of one workspace came to. It is safe for
// concurrent use.
type Book struct {
	workspace Workspace
	// filled and all are those of Progress.
	filled, all atomic.Int64

	mu sync.Mutex
	// revision is that up to which everything is counted.
	revision int64
	entries  map[string]*entry
	// bySeries are the entries that read a series.
	bySeries map[string][]*entry
}

// New is a book without entries.
func New(w Workspace) *Book {
	return &Book{workspace: w, entries: map[string]*entry{}, bySeries: map[string][]*entry{}}
}

// Read brings the book up to date and calls work with what each question asks
// for, in their order. The tallies hold until the last call ends. What is no longer
// asked for is forgotten, so the questions are to be those of the whole
// workspace; see [Book.Look].
func (b *Book) Read(ctx context.Context, asks []Ask, work func(i int, a Answer) error) error {
	return b.read(ctx, asks, true, work)
}

// Look is [Book.Read] for some of the questions of the workspace.
func (b *Book) Look(ctx context.Context, asks []Ask, work func(i int, a Answer) error) error {
	return b.read(ctx, asks, false, work)
}

func (b *Book) read(ctx context.Context, asks []Ask, all bool, work func(i int, a Answer) error) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.follow(ctx); err != nil {
		return err
	}
	entries := b.enter(asks, all)
	if err := b.fill(ctx, entries); err != nil {
		return err
	}
	if err := b.fillEnds(ctx, entries); err != nil {
		return err
	}
	for i, e := range entries {
		e.ctx, e.err = ctx, nil
		if err := errors.Join(work(i, Answer{e.tallies(), e.version}), e.err); err != nil {
			return err
		}
	}
	for _, e := range entries { // What work kept may have been asked again since.
		if e.err != nil {
			return e.err
		}
	}
	return nil
}

// follow takes in what was measured since.
func (b *Book) follow(ctx context.Context) error {
	if len(b.entries) == 0 {
		revision, err := b.workspace.Revision(ctx)
		b.revision = revision
		return err
	}
	hours, revision, whole, err := b.workspace.MeasuredSince(ctx, b.revision)
	if err != nil {
		return err
	}
	if whole {
		b.entries = map[string]*entry{}
		b.index()
	}
	for _, hour := range hours {
		for _, e := range b.bySeries[hour.Series] {
			e.take(hour)
			e.version = revision
		}
	}
	b.revision = revision
	return nil
}

// enter finds the entries of questions, and makes those that are missing.
func (b *Book) enter(asks []Ask, all bool) []*entry {
	keys, asked := make([]string, len(asks)), make(map[string]Ask, len(asks))
	for i, a := range asks {
		keys[i] = a.key()
		if twin, twice := asked[keys[i]]; twice {
			a.Spans = slices.Concat(twin.Spans, a.Spans)
			if twin.From.Before(a.From) {
				a.From = twin.From
			}
		}
		asked[keys[i]] = a
	}
	if all {
		maps.DeleteFunc(b.entries, func(key string, _ *entry) bool { _, wanted := asked[key]; return !wanted })
	}
	for key, a := range asked {
		e := b.entries[key]
		if e == nil || a.From.Before(e.ask.From) {
			e = newEntry(a, b.workspace)
		}
		e.begin(a)
		b.entries[key] = e
	}
	b.index()
	entries := make([]*entry, len(asks))
	for i, key := range keys {
		entries[i] = b.entries[key]
	}
	return entries
}

func (b *Book) index() {
	b.bySeries = make(map[string][]*entry, len(b.entries))
	for _, e := range b.entries {
		for _, id := range e.ask.Series {
			b.bySeries[id] = append(b.bySeries[id], e)
		}
	}
}

const (
	// mostTogether is how many series are read together.
	mostTogether = 500
	// filledTogether is how many entries are filled together. What is filled stays
	// when reading is given up.
	filledTogether = 100
)

// fill reads what entries lack, of those that begin together some together.
func (b *Book) fill(ctx context.Context, entries []*entry) error {
	byFrom, all, filled := map[time.Time][]*entry{}, map[*entry]bool{}, 0
	for _, e := range entries {
		switch {
		case all[e]:
		case e.filled:
			filled++
		default:
			byFrom[e.from()] = append(byFrom[e.from()], e)
		}
		all[e] = true
	}
	b.all.Store(int64(len(all)))
	b.filled.Store(int64(filled))
	for from, lacking := range byFrom {
		for some := range slices.Chunk(lacking, filledTogether) {
			if err := b.fillSome(ctx, from, some); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *Book) fillSome(ctx context.Context, from time.Time, lacking []*entry) error {
	reading := map[string][]*entry{}
	for _, e := range lacking {
		e.read = nil
		for _, id := range e.ask.Series {
			reading[id] = append(reading[id], e)
		}
	}
	for ids := range slices.Chunk(sortedKeys(reading), mostTogether) {
		err := b.workspace.MeasuredHours(ctx, ids, evenkeel.Window{From: from}, func(hour evenkeel.MeasuredHour) error {
			for _, e := range reading[hour.Series] {
				e.add(hour)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	for _, e := range lacking {
		e.end()
		e.version = b.revision
	}
	b.filled.Add(int64(len(lacking)))
	return nil
}

// Progress is of how many of the questions of the last reading everything is
// counted. It may be asked while the book is read.
func (b *Book) Progress() (counted, all int) { return int(b.filled.Load()), int(b.all.Load()) }

// fillEnds reads the slices at the ends of spans, for all entries together.
func (b *Book) fillEnds(ctx context.Context, entries []*entry) error {
	lacking := map[time.Time]map[string][]*entry{}
	for _, e := range entries {
		for _, hour := range e.lacks() {
			if lacking[hour] == nil {
				lacking[hour] = map[string][]*entry{}
			}
			for _, id := range e.ask.Series {
				lacking[hour][id] = append(lacking[hour][id], e)
			}
		}
	}
	for hour, reading := range lacking {
		for ids := range slices.Chunk(sortedKeys(reading), mostTogether) {
			err := b.workspace.MeasuredIn(ctx, ids, []time.Time{hour}, func(one evenkeel.MeasuredHour) error {
				for _, e := range reading[one.Series] {
					e.hours.PutFine(hour, one.Slices)
				}
				delete(reading, one.Series)
				return nil
			})
			if err != nil {
				return err
			}
		}
		for _, rest := range reading { // Nothing was measured.
			for _, e := range rest {
				e.hours.PutFine(hour, nil)
			}
		}
	}
	return nil
}

func sortedKeys[T any](m map[string]T) []string { return slices.Sorted(maps.Keys(m)) }
