package store_test

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/store"
)

// hourName is an hour of a series, and hourly the amounts of its slices by their
// beginnings.
type (
	hourName struct{ series, hour string }
	hourly   map[time.Time]float64
)

// remembering is a model that keeps everything there was at every revision.
type remembering struct {
	rt       *rapid.T
	t        *testing.T
	w        *store.Workspace
	clock    *atomic.Pointer[time.Time]
	batches  map[string]bool
	observed map[string]time.Time
	// known is what was known at every revision, and made when that was said.
	known []map[hourName]hourly
	made  []time.Time
}

func hourNamed(series string, at time.Time) hourName {
	return hourName{series, at.Truncate(time.Hour).Format(time.RFC3339)}
}

// TestEveryRevisionOfASeriesIsKnown records random batches, adding, correcting,
// late and repeated, several in one transaction, and compares everything that
// can be asked of every revision with a model that remembers all of them.
func TestEveryRevisionOfASeriesIsKnown(t *testing.T) {
	t.Parallel()
	clocked(t, func(t *testing.T, s *store.Store, _ string, clock *atomic.Pointer[time.Time]) {
		run := 0
		rapid.Check(t, func(rt *rapid.T) {
			run++
			set(clock, noon)
			m := &remembering{rt: rt, t: t, w: workspaceWith(t, s, fmt.Sprintf("known-%d", run)), clock: clock, batches: map[string]bool{}, observed: map[string]time.Time{}}
			m.known, m.made = []map[hourName]hourly{{}}, []time.Time{{}}
			for range rapid.IntRange(1, 8).Draw(rt, "transactions") {
				set(clock, clock.Load().Add(time.Duration(rapid.IntRange(0, 50).Draw(rt, "minutes later"))*time.Minute))
				m.record()
			}
			for revision := range m.known {
				m.compare(int64(revision))
			}
		})
	})
}

// record takes in some batches in one transaction, and remembers.
func (m *remembering) record() {
	var events []evenkeel.Event
	for range rapid.IntRange(1, 3).Draw(m.rt, "batches") {
		events = append(events, drawSeconds(m.rt))
	}
	if rapid.IntRange(0, 3).Draw(m.rt, "else") == 0 { // Revisions that bring nothing to series.
		events = append(events, deploy("ci", fmt.Sprint(len(m.known)), evenkeel.Deployment{Application: "shop"}))
	}
	recordAll(m.rt, m.t, m.w, events)
	last := maps.Clone(m.known[len(m.known)-1])
	for _, e := range events {
		if measured, ok := e.Payload.(*evenkeel.Measurement); ok && !m.batches[seriesID(e)+e.ID] {
			m.batches[seriesID(e)+e.ID] = true
			m.take(last, seriesID(e), e.ObservedAt, measured.Slices)
		}
	}
	for now := revisionOf(m.rt, m.t, m.w); int64(len(m.known)) <= now; {
		m.known, m.made = append(m.known, last), append(m.made, *m.clock.Load())
	}
}

// take folds slices into what is known: the newest holds, and of equally new
// ones the greater.
func (m *remembering) take(known map[hourName]hourly, series string, observed time.Time, list []evenkeel.Slice) {
	for _, s := range list {
		name, place := hourNamed(series, s.At), series+s.At.String()
		held, ok := known[name][s.At]
		if c := observed.Compare(m.observed[place]); ok && c < 0 || ok && c == 0 && *s.Good <= held {
			continue
		}
		m.observed[place] = observed
		hour := maps.Clone(known[name])
		if hour == nil {
			hour = hourly{}
		}
		hour[s.At] = *s.Good
		known[name] = hour
	}
}

// drawSeconds is a batch of slices of ten seconds about one o'clock: some, or so
// many that a few such batches replace more than a row may hold.
func drawSeconds(rt *rapid.T) evenkeel.Event {
	m := &evenkeel.Measurement{Series: rapid.SampledFrom([]string{"a", "b"}).Draw(rt, "series"), SliceSeconds: 10}
	add := func(n int) {
		good := float64(rapid.IntRange(1, 3).Draw(rt, "good"))
		m.Slices = append(m.Slices, evenkeel.Slice{At: noon.Add(time.Duration(n) * 10 * time.Second), Good: &good})
	}
	if rapid.Bool().Draw(rt, "long") {
		from := rapid.SampledFrom([]int{290, 300, 320}).Draw(rt, "from")
		for n := range rapid.IntRange(50, 90).Draw(rt, "count") {
			add(from + n)
		}
	} else {
		for range rapid.IntRange(1, 4).Draw(rt, "count") {
			add(rapid.IntRange(340, 380).Draw(rt, "at"))
		}
	}
	return event("probe", fmt.Sprint(rapid.IntRange(0, 30).Draw(rt, "id")), hours(rapid.IntRange(0, 3).Draw(rt, "observed")), m)
}

func (m *remembering) series() (ids []string) {
	for _, name := range []string{"a", "b"} {
		ids = append(ids, seriesID(event("probe", "", noon, &evenkeel.Measurement{Series: name, SliceSeconds: 10})))
	}
	return ids
}

// compare asks for everything there was at a revision and has changed since.
func (m *remembering) compare(revision int64) {
	now, ctx := m.known[len(m.known)-1], m.t.Context()
	slicesAt, err := m.w.MeasurementsAt(ctx, revision, m.series(), evenkeel.Window{})
	m.equal(err, "known at", revision, m.slicesAt(revision), slicesAt)

	changed := []evenkeel.MeasuredHour{}
	for name, hour := range now {
		if list := m.changes(name, len(m.known)-1); list[len(list)-1] > revision {
			changed = append(changed, evenkeel.MeasuredHour{Series: name.series, Hour: name.at(), Slices: hour.slices()})
		}
	}
	slices.SortFunc(changed, func(a, b evenkeel.MeasuredHour) int {
		return cmp.Or(cmp.Compare(a.Series, b.Series), a.Hour.Compare(b.Hour))
	})
	told, _, whole, err := m.w.MeasuredSince(ctx, revision)
	if whole {
		m.rt.Fatal("everything is to be read anew")
	}
	m.equal(err, "changed since", revision, changed, told)

	until := map[string]time.Time{}
	for name := range m.known[revision] {
		if name.at().After(until[name.series]) {
			until[name.series] = name.at()
		}
	}
	last, err := m.w.MeasuredUntil(ctx, revision)
	m.equal(err, "measured until", revision, until, last)

	for _, after := range []time.Duration{0, 30 * time.Minute} {
		late, err := m.w.LateMeasurements(ctx, revision, m.series(), evenkeel.Window{}, after)
		m.equal(err, "late", revision, m.late(revision, after), late)
	}
}

func (m *remembering) equal(err error, what string, revision int64, want, got any) {
	m.t.Helper()
	if diff := gocmp.Diff(want, got, cmpopts.EquateEmpty()); err != nil || diff != "" {
		m.rt.Fatalf("%s revision %d: %v (-want +got)\n%s", what, revision, err, diff)
	}
}

func (n hourName) at() time.Time {
	at, _ := time.Parse(time.RFC3339, n.hour)
	return at
}

func (h hourly) slices() (list []evenkeel.Slice) {
	for _, at := range slices.SortedFunc(maps.Keys(h), time.Time.Compare) {
		list = append(list, evenkeel.Slice{At: at, Good: new(h[at])})
	}
	return list
}

func (m *remembering) slicesAt(revision int64) map[string][]evenkeel.Slice {
	found := map[string][]evenkeel.Slice{}
	for name, hour := range m.known[revision] {
		found[name.series] = append(found[name.series], hour.slices()...)
	}
	for _, list := range found {
		slices.SortFunc(list, func(a, b evenkeel.Slice) int { return a.At.Compare(b.At) })
	}
	return found
}

// changes are the revisions up to one that changed what was known of an hour.
func (m *remembering) changes(name hourName, until int) (list []int64) {
	for n := 1; n <= until; n++ {
		if !maps.Equal(m.known[n][name], m.known[n-1][name]) {
			list = append(list, int64(n))
		}
	}
	return list
}

// late is what the store should say of hours that something came to late.
func (m *remembering) late(revision int64, after time.Duration) []evenkeel.LateHour {
	list := []evenkeel.LateHour{}
	for name := range m.known[revision] {
		changes, due := m.changes(name, int(revision)), name.at().Add(time.Hour+after)
		first, last := changes[0], changes[len(changes)-1]
		inTime := slices.DeleteFunc(slices.Clone(changes), func(n int64) bool { return m.made[n].After(due) })
		if len(inTime) == len(changes) {
			continue
		}
		hour := evenkeel.LateHour{Series: name.series, Hour: name.at(), FirstAt: m.made[first], LastAt: m.made[last], Changes: len(changes) - len(inTime)}
		if base := append([]int64{first}, inTime...); base[len(base)-1] != last {
			hour.Before, hour.Now = m.known[base[len(base)-1]][name].slices(), m.known[last][name].slices()
		}
		list = append(list, hour)
	}
	slices.SortFunc(list, func(a, b evenkeel.LateHour) int {
		return cmp.Or(cmp.Compare(a.Series, b.Series), a.Hour.Compare(b.Hour))
	})
	return list
}

// TestAnHourIsOneRow: whatever adds to it or corrects some of it. Where an hour is
// corrected again and again, rows are fewer than corrections.
func TestAnHourIsOneRow(t *testing.T) {
	t.Parallel()
	clocked(t, func(t *testing.T, s *store.Store, dsn string, _ *atomic.Pointer[time.Time]) {
		w := s.In("acme")
		once := func(series string, seconds, n int, at time.Time, good float64) evenkeel.Event {
			e := event("probe", fmt.Sprint(series, n), noon.Add(time.Duration(n)*time.Minute), &evenkeel.Measurement{
				Series: series, SliceSeconds: seconds, Slices: []evenkeel.Slice{{At: at, Good: &good}},
			})
			record(t, w, e)
			return e
		}
		rows := func(e evenkeel.Event) []string {
			return must[[]string](t)(column(t, dsn, "SELECT count(*) FROM series_segments WHERE series = '"+seriesID(e)+"'"))
		}
		var minutes, sums evenkeel.Event
		for n := range 60 { // Every minute, and what the minute before came to in the end.
			once("minutes", 60, 2*n, noon.Add(time.Duration(n)*time.Minute), 1)
			minutes = once("minutes", 60, 2*n+1, noon.Add(time.Duration(n)*time.Minute), 2)
		}
		for n := range 131 {
			sums = once("sums", 3600, n, noon, float64(n))
		}
		if got, want := append(rows(minutes), rows(sums)...), []string{"1", "3"}; !slices.Equal(got, want) {
			t.Errorf("rows: %v, want %v", got, want)
		}
		for n := range int64(131) {
			known := must[map[string][]evenkeel.Slice](t)(w.MeasurementsAt(t.Context(), 121+n, []string{seriesID(sums)}, evenkeel.Window{}))
			if list := known[seriesID(sums)]; len(list) != 1 || *list[0].Good != float64(n) {
				t.Fatalf("the sum at revision %d: %+v", 121+n, list)
			}
		}
		// What is said again, later, is known as long as before, and holds against what was said between.
		before := revision(t, w)
		once("sums", 3600, 1000, noon, 130)
		once("sums", 3600, 999, noon, 7)
		told, _, _, err := w.MeasuredSince(t.Context(), before)
		now := must[[]evenkeel.Slice](t)(w.Measurements(t.Context(), seriesID(sums), evenkeel.Window{}))
		if err != nil || len(told) != 0 || len(now) != 1 || *now[0].Good != 130 {
			t.Errorf("%v: told %+v, now %+v", err, told, now)
		}
	})
}
