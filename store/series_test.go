package store_test

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/store"
)

// measured is a batch of availability of the shop, from a slice of time on.
func measured(id string, observed time.Time, from time.Time, good ...float64) evenkeel.Event {
	m := &evenkeel.Measurement{Application: "shop", Environment: "production", Series: "availability", SliceSeconds: 300}
	for i, n := range good {
		m.Slices = append(m.Slices, evenkeel.Slice{At: from.Add(time.Duration(i) * 5 * time.Minute), Good: new(n), Total: new(100.0)})
	}
	return event("probe", id, observed, m)
}

func used(id string, observed time.Time, counts ...map[string]int) evenkeel.Event {
	u := &evenkeel.FlagUsage{Application: "shop", Flag: "new-cart", SliceSeconds: 3600}
	for i, c := range counts {
		u.Slices = append(u.Slices, evenkeel.UsageSlice{At: hours(i), Counts: c})
	}
	return event("sdk", id, observed, u)
}

func seriesID(e evenkeel.Event) string {
	return evenkeel.FactID(e.Kind, e.Payload.Key(e.Source, e.ID))
}

func readGood(t *testing.T, w *store.Workspace, id string, window evenkeel.Window) []float64 {
	t.Helper()
	var good []float64
	for _, s := range must[[]evenkeel.Slice](t)(w.Measurements(t.Context(), id, window)) {
		good = append(good, *s.Good)
	}
	return good
}

func TestMeasurementsAreKeptAndCorrected(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		shop := register(t, w, "shop")
		first := measured("1", hours(2), hours(1).Add(50*time.Minute), 90, 91, 92, 93)
		done := record(t, w, first)
		if diff := gocmp.Diff(evenkeel.Recorded{Observations: 1, Facts: 1, Revision: 2}, done); diff != "" {
			t.Errorf("first (-want +got)\n%s", diff)
		}
		revisions := must[[]evenkeel.Revision](t)(w.Revisions(t.Context(), 1, 10))
		want := []evenkeel.Revision{{Seq: 2, At: noon, Kinds: []evenkeel.Kind{evenkeel.KindMeasurement}, Applications: []string{}, Earliest: hours(1)}}
		if diff := gocmp.Diff(want, revisions); diff != "" {
			t.Errorf("revisions (-want +got)\n%s", diff)
		}
		// The same name again is the same batch, even if it says something else.
		if done := record(t, w, measured("1", hours(9), hours(1), 1)); done.Repeated != 1 || done.Facts != 0 || done.Revision != 2 {
			t.Errorf("again: %+v", done)
		}
		record(t, w, measured("2", hours(3), hours(2), 50), measured("3", hours(1), hours(1).Add(55*time.Minute), 10))
		id := seriesID(first)
		for _, one := range []struct {
			window evenkeel.Window
			want   []float64
		}{
			{evenkeel.Window{}, []float64{90, 91, 50, 93}},
			{evenkeel.Window{From: hours(1).Add(55 * time.Minute), To: hours(2).Add(5 * time.Minute)}, []float64{91, 50}},
			{evenkeel.Window{From: hours(2)}, []float64{50, 93}},
			{evenkeel.Window{To: hours(2)}, []float64{90, 91}},
			{evenkeel.Window{From: hours(3), To: hours(9)}, nil},
		} {
			if diff := gocmp.Diff(one.want, readGood(t, w, id, one.window)); diff != "" {
				t.Errorf("from %v (-want +got)\n%s", one.window, diff)
			}
		}
		info := evenkeel.SeriesInfo{
			ID: id, Kind: evenkeel.KindMeasurement, Source: "probe", Name: "availability", Application: "shop", Environment: "production",
			SliceSeconds: 300, FirstAt: hours(1).Add(50 * time.Minute), LastAt: hours(2).Add(5 * time.Minute), Batches: 3,
		}
		if diff := gocmp.Diff([]evenkeel.SeriesInfo{info}, must[[]evenkeel.SeriesInfo](t)(w.Series(t.Context(), evenkeel.EntryFilter{Applications: []string{shop}}))); diff != "" {
			t.Errorf("series (-want +got)\n%s", diff)
		}
	})
}

func TestSeriesAreFound(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		shop := register(t, w, "shop")
		record(t, w, measured("1", hours(1), hours(1), 1), used("1", hours(1), map[string]int{"on": 1}, map[string]int{"on": 2, "off": 3}),
			event("probe", "1", hours(5), &evenkeel.Measurement{Application: "ghost", Series: "latency", SliceSeconds: 60, Slices: []evenkeel.Slice{{At: hours(5), Value: new(-0.25)}}}))
		for name, one := range map[string]struct {
			filter evenkeel.EntryFilter
			want   []string
		}{
			"all":              {evenkeel.EntryFilter{}, []string{"latency", "new-cart", "availability"}},
			"one kind":         {evenkeel.EntryFilter{Kinds: []evenkeel.Kind{evenkeel.KindFlagUsage}}, []string{"new-cart"}},
			"an application":   {evenkeel.EntryFilter{Applications: []string{shop}}, []string{"new-cart", "availability"}},
			"unclaimed":        {evenkeel.EntryFilter{Unclaimed: true}, []string{"latency"}},
			"a source":         {evenkeel.EntryFilter{Sources: []string{"sdk"}}, []string{"new-cart"}},
			"an environment":   {evenkeel.EntryFilter{Environments: []string{"production"}}, []string{"availability"}},
			"part of a name":   {evenkeel.EntryFilter{Query: "LATE"}, []string{"latency"}},
			"a status":         {evenkeel.EntryFilter{Statuses: []string{""}}, nil},
			"a window":         {evenkeel.EntryFilter{Window: evenkeel.Window{From: hours(2), To: hours(5)}}, nil},
			"a window's edges": {evenkeel.EntryFilter{Window: evenkeel.Window{From: hours(1), To: hours(1).Add(1e3)}}, []string{"new-cart", "availability"}},
		} {
			var names []string
			for _, info := range must[[]evenkeel.SeriesInfo](t)(w.Series(t.Context(), one.filter)) {
				names = append(names, info.Name)
			}
			if diff := gocmp.Diff(one.want, names); diff != "" {
				t.Errorf("%s (-want +got)\n%s", name, diff)
			}
		}
		unclaimed := must[[]evenkeel.UnclaimedSubject](t)(w.Unclaimed(t.Context()))
		want := []evenkeel.UnclaimedSubject{{Subject: evenkeel.Subject{Applications: []string{"ghost"}}, LastAt: hours(5)}}
		if diff := gocmp.Diff(want, unclaimed); diff != "" {
			t.Errorf("unclaimed (-want +got)\n%s", diff)
		}
		ghost := register(t, w, "ghost")
		if list := must[[]evenkeel.SeriesInfo](t)(w.Series(t.Context(), evenkeel.EntryFilter{Applications: []string{ghost}})); len(list) != 1 {
			t.Errorf("series of an application that came later: %+v", list)
		}
		usage := must[[]evenkeel.UsageSlice](t)(w.FlagUsage(t.Context(), seriesID(used("", noon)), evenkeel.Window{}))
		if diff := gocmp.Diff([]evenkeel.UsageSlice{{At: hours(0), Counts: map[string]int{"on": 1}}, {At: hours(1), Counts: map[string]int{"on": 2, "off": 3}}}, usage); diff != "" {
			t.Errorf("usage (-want +got)\n%s", diff)
		}
		for _, id := range []string{"none", "\x00", seriesID(used("", noon))} {
			if _, err := w.Measurements(t.Context(), id, evenkeel.Window{}); !isNotFound(err) {
				t.Errorf("measurements of %q: %v", id, err)
			}
		}
		empty := evenkeel.Event{Kind: evenkeel.KindMeasurement, ID: "1", Source: "probe", ObservedAt: noon}
		if _, err := w.Record(t.Context(), []evenkeel.Event{empty}); !isInvalid(err) {
			t.Errorf("a batch without slices: %v", err)
		}
	})
}

// TestABatchWithoutANameIsNotRemembered: what it says is compared with what is
// held. It takes back what another said meanwhile, and changes nothing if it says
// nothing new.
func TestABatchWithoutANameIsNotRemembered(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		said := func(observed int, good float64) evenkeel.Event { return measured("", hours(observed), hours(1), good) }
		for _, step := range []struct {
			what  evenkeel.Event
			holds float64
			taken int
		}{
			{said(2, 90), 90, 1},
			{said(2, 90), 90, 0},
			{said(4, 80), 80, 1},
			{said(3, 70), 80, 0},
			{said(6, 90), 90, 1},
			{said(6, 90), 90, 0},
		} {
			before := record(t, w).Revision
			done := record(t, w, step.what)
			if want := (evenkeel.Recorded{Observations: step.taken, Facts: step.taken, Repeated: 1 - step.taken, Revision: before + int64(step.taken)}); done != want {
				t.Errorf("%v at %v: %+v, want %+v", step.holds, step.what.ObservedAt, done, want)
			}
			if diff := gocmp.Diff([]float64{step.holds}, readGood(t, w, seriesID(step.what), evenkeel.Window{})); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		}
	})
}

// TestBatchesInAnyOrder records random batches twice: as they come, and
// shuffled, repeated and split over transactions and deliveries. Both must
// come to what an independent fold says, and recording them again changes nothing.
func TestBatchesInAnyOrder(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		run := 0
		rapid.Check(t, func(rt *rapid.T) {
			run++
			n := rapid.IntRange(1, 10).Draw(rt, "batches")
			unnamed := rapid.Bool().Draw(rt, "unnamed")
			events := make([]evenkeel.Event, n)
			for i := range events {
				events[i] = drawBatch(rt, fmt.Sprint(i))
				if unnamed {
					events[i].ID = ""
				}
			}
			straight := workspaceWith(t, s, fmt.Sprintf("batches-%d", run))
			recordAll(rt, t, straight, events)
			shuffled := workspaceWith(t, s, fmt.Sprintf("mixed-%d", run))
			repeats := rapid.SliceOfN(rapid.SampledFrom(events), 0, 5).Draw(rt, "repeats")
			mixed := rapid.Permutation(slices.Concat(events, repeats)).Draw(rt, "order")
			recorded := 0
			for len(mixed) > 0 {
				piece := rapid.IntRange(1, len(mixed)).Draw(rt, "piece")
				recorded += recordSomehow(rt, t, shuffled, mixed[:piece])
				mixed = mixed[piece:]
			}
			// One without a name may say nothing new; which one hangs on the order.
			if recorded > n || !unnamed && recorded != n {
				rt.Fatalf("%d batches were taken in, want %d", recorded, n)
			}
			want := foldedSeries(events)
			for name, w := range map[string]*store.Workspace{"straight": straight, "shuffled": shuffled} {
				counts := cmpopts.IgnoreFields(evenkeel.SeriesInfo{}, "Batches")
				if diff := gocmp.Diff(want, seriesOf(t, w), gocmp.FilterPath(func(gocmp.Path) bool { return unnamed }, counts)); diff != "" {
					rt.Fatalf("%s (-want +got)\n%s", name, diff)
				}
				if again, err := w.Record(t.Context(), events); err != nil || again.Observations+again.Facts != 0 || again.Repeated != n {
					rt.Fatalf("%s, again: %+v, %v", name, again, err)
				}
			}
		})
	})
}

// recordSomehow records, or delivers, and returns how many batches were new.
func recordSomehow(rt *rapid.T, t *testing.T, w *store.Workspace, events []evenkeel.Event) int {
	if rapid.Bool().Draw(rt, "record") {
		done, err := w.Record(t.Context(), events)
		if err != nil {
			rt.Fatal(err)
		}
		return done.Observations
	}
	body := rapid.StringN(8, 8, -1).Draw(rt, "body")
	delivery := evenkeel.Delivery{Source: "events", Connection: "c", Body: []byte(body), Outcome: evenkeel.OutcomeRecorded, Events: events}
	before := len(seriesOf(t, w))
	done, err := w.Deliver(t.Context(), []evenkeel.Delivery{delivery})
	if err != nil {
		rt.Fatal(err)
	}
	if done[0].Repeated {
		rt.Skip("the same body twice")
	}
	if grown := len(seriesOf(t, w)) - before; done[0].Facts < grown {
		rt.Fatalf("%d facts, and %d series more", done[0].Facts, grown)
	}
	return done[0].Observations
}

func drawBatch(rt *rapid.T, id string) evenkeel.Event {
	observed := hours(rapid.IntRange(0, 3).Draw(rt, "observed"))
	source := rapid.SampledFrom([]string{"a", "b"}).Draw(rt, "source")
	at := func() time.Time {
		return noon.Add(time.Duration(rapid.IntRange(0, 8).Draw(rt, "at")) * 20 * time.Minute)
	}
	count := rapid.IntRange(1, 5).Draw(rt, "slices")
	if rapid.Bool().Draw(rt, "usage") {
		u := &evenkeel.FlagUsage{Flag: "f", SliceSeconds: 1200}
		for range count {
			counts := rapid.MapOfN(rapid.SampledFrom([]string{"on", "off", "o"}), rapid.IntRange(0, 300), 1, 3).Draw(rt, "counts")
			u.Slices = append(u.Slices, evenkeel.UsageSlice{At: at(), Counts: counts})
		}
		return event(source, id, observed, u)
	}
	m := &evenkeel.Measurement{Series: "s", SliceSeconds: 1200}
	number := func(label string, from float64) *float64 {
		return rapid.OneOf(rapid.Just((*float64)(nil)), rapid.Map(rapid.Float64Range(from, 1e9), func(n float64) *float64 { return new(n) }), rapid.Map(rapid.SampledFrom([]float64{0, 1, 2}), func(n float64) *float64 { return new(n) })).Draw(rt, label)
	}
	for range count {
		s := evenkeel.Slice{At: at(), Good: number("good", 0), Bad: number("bad", 0), Total: number("total", 0), Value: number("value", -1e9)}
		if s.Good == nil && s.Bad == nil && s.Total == nil {
			s.Value = new(7.0)
		}
		m.Slices = append(m.Slices, s)
	}
	return event(source, id, observed, m)
}

// toldSeries is what is known of one series.
type toldSeries struct {
	Info  evenkeel.SeriesInfo
	Slice []evenkeel.Slice
	Usage []evenkeel.UsageSlice
}

func seriesOf(t *testing.T, w *store.Workspace) map[string]toldSeries {
	t.Helper()
	found := map[string]toldSeries{}
	for _, info := range must[[]evenkeel.SeriesInfo](t)(w.Series(t.Context(), evenkeel.EntryFilter{})) {
		one := toldSeries{Info: info}
		if info.Kind == evenkeel.KindMeasurement {
			one.Slice = must[[]evenkeel.Slice](t)(w.Measurements(t.Context(), info.ID, evenkeel.Window{}))
		} else {
			one.Usage = must[[]evenkeel.UsageSlice](t)(w.FlagUsage(t.Context(), info.ID, evenkeel.Window{}))
		}
		found[info.ID] = one
	}
	return found
}

// foldedSeries computes what batches come to: of each slice the newest, and
// of equally new ones the greater.
func foldedSeries(events []evenkeel.Event) map[string]toldSeries {
	type key struct {
		series string
		at     time.Time
	}
	measured, usage := map[key]evenkeel.Slice{}, map[key]evenkeel.UsageSlice{}
	observed := map[key]time.Time{}
	found := map[string]toldSeries{}
	for _, e := range events {
		one := found[seriesID(e)]
		note := func(at time.Time) key {
			if one.Info.FirstAt.IsZero() || at.Before(one.Info.FirstAt) {
				one.Info.FirstAt = at
			}
			if at.After(one.Info.LastAt) {
				one.Info.LastAt = at
			}
			return key{seriesID(e), at}
		}
		name := ""
		switch p := e.Payload.(type) {
		case *evenkeel.Measurement:
			name = p.Series
			for _, s := range p.Slices {
				k := note(s.At)
				held, ok := measured[k]
				if c := e.ObservedAt.Compare(observed[k]); !ok || c > 0 || (c == 0 && compareSlices(s, held) > 0) {
					measured[k], observed[k] = s, e.ObservedAt
				}
			}
		case *evenkeel.FlagUsage:
			name = p.Flag
			for _, s := range p.Slices {
				k := note(s.At)
				held, ok := usage[k]
				if c := e.ObservedAt.Compare(observed[k]); !ok || c > 0 || (c == 0 && compareCounts(s.Counts, held.Counts) > 0) {
					usage[k], observed[k] = s, e.ObservedAt
				}
			}
		}
		one.Info = evenkeel.SeriesInfo{ID: seriesID(e), Kind: e.Kind, Source: e.Source, Name: name, SliceSeconds: 1200, FirstAt: one.Info.FirstAt, LastAt: one.Info.LastAt, Batches: one.Info.Batches + 1}
		found[one.Info.ID] = one
	}
	for k, s := range measured {
		one := found[k.series]
		one.Slice = append(one.Slice, s)
		slices.SortFunc(one.Slice, func(a, b evenkeel.Slice) int { return a.At.Compare(b.At) })
		found[k.series] = one
	}
	for k, s := range usage {
		one := found[k.series]
		one.Usage = append(one.Usage, s)
		slices.SortFunc(one.Usage, func(a, b evenkeel.UsageSlice) int { return a.At.Compare(b.At) })
		found[k.series] = one
	}
	return found
}

func compareSlices(a, b evenkeel.Slice) int {
	number := func(a, b *float64) int {
		switch {
		case a == nil || b == nil:
			return cmp.Compare(map[bool]int{true: 0, false: 1}[a == nil], map[bool]int{true: 0, false: 1}[b == nil])
		default:
			return cmp.Compare(*a, *b)
		}
	}
	return cmp.Or(number(a.Good, b.Good), number(a.Bad, b.Bad), number(a.Total, b.Total), number(a.Value, b.Value))
}

// compareCounts compares variant by variant, in the order of their names.
func compareCounts(a, b map[string]int) int {
	left, right := slices.Sorted(maps.Keys(a)), slices.Sorted(maps.Keys(b))
	for i := range min(len(left), len(right)) {
		if c := cmp.Or(cmp.Compare(left[i], right[i]), cmp.Compare(a[left[i]], b[right[i]])); c != 0 {
			return c
		}
	}
	return cmp.Compare(len(left), len(right))
}

func TestLargeSeriesAreCutIntoTransactions(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		var events []evenkeel.Event
		for day := range 200 {
			m := &evenkeel.Measurement{Application: "shop", Series: "availability", SliceSeconds: 3600}
			for hour := range 24 {
				m.Slices = append(m.Slices, evenkeel.Slice{At: noon.Add(time.Duration(24*day+hour) * time.Hour), Good: new(float64(day))})
			}
			events = append(events, event("probe", fmt.Sprint(day), noon, m))
		}
		done := record(t, w, events...)
		if done.Observations != 200 || done.Revision < 2 || done.Facts != int(done.Revision) {
			t.Errorf("%+v", done)
		}
		if n := len(must[[]evenkeel.Slice](t)(w.Measurements(t.Context(), seriesID(events[0]), evenkeel.Window{}))); n != 200*24 {
			t.Errorf("%d slices", n)
		}
	})
}

func TestDeliveriesOfSeries(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		a, b := measured("1", noon, noon, 1), measured("2", noon, hours(1), 2)
		first := deliver(t, w, delivery(1, a, a, b))[0]
		second := deliver(t, w, delivery(2, b, measured("3", noon, hours(2), 3)))[0]
		if first.Observations != 2 || first.Recorded.Repeated != 1 || first.Facts != 1 || second.Observations != 1 || second.Recorded.Repeated != 1 {
			t.Errorf("delivered %+v, then %+v", first, second)
		}
	})
}

// TestDamagedSegmentsAreErrors reads bytes that are not a segment, and cut or
// altered ones.
func TestDamagedSegmentsAreErrors(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		raw := rapid.OneOf(
			rapid.SliceOf(rapid.Byte()),
			rapid.Map(rapid.SliceOf(rapid.Byte()), func(rest []byte) []byte { return append([]byte{1, 1, 0, 0, 10, 'o', 'n', 0, 0, 0}, rest...) }),
			rapid.Map(rapid.SliceOfN(rapid.ByteRange(0, 4), 0, 60), func(rest []byte) []byte { return append([]byte{rapid.ByteRange(1, 2).Draw(rt, "version")}, rest...) }),
		).Draw(rt, "bytes")
		for _, packed := range [][]byte{raw, store.Compress(raw)} {
			if n, err := store.UnpackSlices(packed); err == nil && n > len(raw) {
				rt.Errorf("%d slices in %d bytes", n, len(raw))
			}
		}
	})
}
