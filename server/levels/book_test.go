package levels_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/levels"
	"github.com/evenkeel-dev/evenkeel/slo"
	"github.com/evenkeel-dev/evenkeel/store"
)

// TestABookSaysWhatARecomputeSays records random batches, late, corrected,
// repeated and out of order, and after each compares what a book that follows
// says of random spans with what all slices of the store come to, gathered at
// once.
func TestABookSaysWhatARecomputeSays(t *testing.T) {
	t.Parallel()
	for name, dsn := range databases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := workspace(t, dsn(t))
			run := 0
			rapid.Check(t, func(rt *rapid.T) {
				run++
				f := &following{rt: rt, ctx: t.Context(), w: within(t, w.Store, fmt.Sprint("book-", run)), from: noon.Add(-3 * time.Hour)}
				f.book = levels.New(f.w)
				f.asks = drawAsks(rt, t, f.from)
				for n := range rapid.IntRange(1, 6).Draw(rt, "steps") {
					f.step(n)
				}
			})
		})
	}
}

// following is one run of a book beside the store.
type following struct {
	rt   *rapid.T
	ctx  context.Context //nolint:containedctx // That of the test.
	w    *store.Workspace
	book *levels.Book
	from time.Time
	asks []levels.Ask
	// seen is what each question came to at a version.
	seen map[string]slo.Tally
}

// checkVersion sees that what came to something else has another version.
func (f *following) checkVersion(i int, a levels.Answer) {
	if f.asks[i].Definition.Missing == slo.MissingHold {
		return // What is held goes on as far as it is asked for.
	}
	if f.seen == nil {
		f.seen = map[string]slo.Tally{}
	}
	key, tally := fmt.Sprint(i, " ", a.Version), a.Tallies.Tally(evenkeel.Window{From: f.from, To: f.from.Add(6 * time.Hour)})
	if before, seen := f.seen[key]; seen && before != tally {
		f.rt.Fatalf("question %d at version %d was %+v, and is %+v", i, a.Version, before, tally)
	}
	f.seen[key] = tally
}

func drawAsks(rt *rapid.T, t *testing.T, from time.Time) []levels.Ask {
	var asks []levels.Ask
	for i := range rapid.IntRange(1, 4).Draw(rt, "asks") {
		d := availability(t, rapid.SampledFrom([]slo.Method{slo.Occurrences, slo.Timeslices, slo.RatioTimeslices}).Draw(rt, "method"))
		d.Missing = rapid.SampledFrom([]slo.Missing{slo.MissingExclude, slo.MissingBad, slo.MissingHold}).Draw(rt, "missing")
		d.Objectives[0].SliceWindow = rapid.SampledFrom([]time.Duration{0, 5 * time.Minute, time.Hour, 2 * time.Hour}).Draw(rt, "slices")
		d.Indicator.Counter = rapid.Bool().Draw(rt, "counter")
		series := []string{seriesID(batch("a", "", noon)), seriesID(batch("b", "", noon))}[:rapid.IntRange(1, 2).Draw(rt, "series")]
		asks = append(asks, levels.Ask{Version: fmt.Sprint(i), Definition: d, Objective: d.Objectives[0], Series: series, From: from})
	}
	return asks
}

func (f *following) step(n int) {
	f.record(n)
	var spans []evenkeel.Window
	for range 4 {
		from := rapid.IntRange(0, 400).Draw(f.rt, "span from")
		to := rapid.IntRange(from, 420).Draw(f.rt, "span to")
		spans = append(spans, evenkeel.Window{From: f.from.Add(time.Duration(from) * time.Minute), To: f.from.Add(time.Duration(to) * time.Minute)})
	}
	for i := range f.asks {
		f.asks[i].Spans = spans[:rapid.IntRange(0, len(spans)).Draw(f.rt, "known spans")]
	}
	read := f.book.Read
	if rapid.Bool().Draw(f.rt, "some") {
		read = f.book.Look
	}
	err := read(f.ctx, f.asks, func(i int, a levels.Answer) error {
		got := a.Tallies
		f.checkVersion(i, a)
		want, err := f.recompute(f.asks[i])
		for _, span := range spans {
			// Slices that are held count only where the definition holds.
			same := cmp.Options{cmpopts.EquateApprox(1e-12, 1e-9)}
			if f.asks[i].Definition.Missing != slo.MissingHold {
				same = append(same, cmpopts.IgnoreFields(slo.Tally{}, "HeldGood", "HeldBad", "HeldBadRatios"))
			}
			if diff := cmp.Diff(want.Tally(span), got.Tally(span), same); err == nil && diff != "" {
				err = fmt.Errorf("question %d from %s to %s (-recomputed +book)\n%s", i, span.From, span.To, diff)
			}
		}
		return err
	})
	if err != nil {
		f.rt.Fatal(err)
	}
}

// record keeps a batch of some minutes of one of two series, new or late.
func (f *following) record(n int) {
	at := f.from.Add(time.Duration(rapid.IntRange(-90, 390).Draw(f.rt, "at")) * time.Minute)
	var list []evenkeel.Slice
	for i := range rapid.IntRange(1, 90).Draw(f.rt, "minutes") {
		if total := rapid.IntRange(-1, 50).Draw(f.rt, "total"); total >= 0 {
			list = append(list, evenkeel.Slice{At: at.Add(time.Duration(i) * time.Minute), Good: new(float64(rapid.IntRange(0, 50).Draw(f.rt, "good"))), Total: new(float64(total))})
		}
	}
	if len(list) == 0 {
		return
	}
	e := batch(rapid.SampledFrom([]string{"a", "b"}).Draw(f.rt, "of"), fmt.Sprint(rapid.IntRange(0, n).Draw(f.rt, "id")), noon.Add(time.Duration(rapid.IntRange(0, 3).Draw(f.rt, "observed"))*time.Second), list...)
	if _, err := f.w.Record(f.ctx, []evenkeel.Event{e}); err != nil {
		f.rt.Fatal(err)
	}
}

// recompute gathers everything.
func (f *following) recompute(a levels.Ask) (slo.Tallies, error) {
	window := evenkeel.Window{From: a.From}
	if a.Definition.Indicator.Counter {
		window.From = time.Time{}
	}
	found, err := f.w.MeasurementsOf(f.ctx, a.Series, window)
	var list []evenkeel.Slice
	first := time.Time{}
	for _, id := range a.Series {
		list = append(list, found[id]...)
	}
	for _, s := range list {
		if first.IsZero() || s.At.Before(first) {
			first = s.At
		}
	}
	if a.Definition.Indicator.Counter {
		list = slo.Increases(list, slo.Counting{Slice: a.Definition.Slice, Since: first}).Slices
	}
	return slo.Gather(a.Definition, a.Objective, list, evenkeel.Window{From: a.From, To: a.From.Add(24 * time.Hour)}), err
}

// TestABookForgetsTheBeginning lets a window move on: what is before it is
// forgotten, and read again when it is asked for.
func TestABookForgetsTheBeginning(t *testing.T) {
	t.Parallel()
	w := workspace(t, databases()["sqlite"](t))
	var list []evenkeel.Slice
	for n := range 600 {
		list = append(list, evenkeel.Slice{At: noon.Add(time.Duration(n) * time.Minute), Good: new(1.0), Total: new(2.0)})
	}
	e := batch("a", "1", noon, list...)
	if _, err := w.Record(t.Context(), []evenkeel.Event{e}); err != nil {
		t.Fatal(err)
	}
	d := availability(t, slo.Occurrences)
	ask := levels.Ask{Version: "1", Definition: d, Objective: d.Objectives[0], Series: []string{seriesID(e)}}
	book := levels.New(w)
	for _, one := range []struct{ from, begin, end, want int }{
		{0, 0, 130, 130}, {90, 90, 100, 10}, {30, 30, 600, 570}, {599, 599, 700, 1}, {700, 700, 900, 0},
	} {
		ask.From = noon.Add(time.Duration(one.from) * time.Minute)
		span := evenkeel.Window{From: noon.Add(time.Duration(one.begin) * time.Minute), To: noon.Add(time.Duration(one.end) * time.Minute)}
		ask.Spans = []evenkeel.Window{span}
		err := book.Read(t.Context(), []levels.Ask{ask, ask}, func(_ int, a levels.Answer) error {
			if got := a.Tallies.Tally(span); got.Measured() != int64(one.want) || got.Bad != float64(one.want) {
				t.Errorf("from %d, of %d to %d: %+v", one.from, one.begin, one.end, got)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	failed := errors.New("no")
	if err := book.Look(t.Context(), []levels.Ask{ask}, func(int, levels.Answer) error { return failed }); !errors.Is(err, failed) {
		t.Errorf("an error of the work: %v", err)
	}
}

// failing is a workspace whose series can be read some times only.
type failing struct {
	*store.Workspace
	times int
	read  []string
}

func (f *failing) MeasuredHours(ctx context.Context, ids []string, window evenkeel.Window, work func(evenkeel.MeasuredHour) error) error {
	if f.times--; f.times < 0 {
		return errors.New("no more")
	}
	f.read = append(f.read, ids...)
	return f.Workspace.MeasuredHours(ctx, ids, window, work)
}

// TestWhatIsFilledStays: reading that is given up begins again with what is not in.
func TestWhatIsFilledStays(t *testing.T) {
	t.Parallel()
	w := &failing{Workspace: workspace(t, databases()["sqlite"](t)), times: 2}
	book, d := levels.New(w), availability(t, slo.Occurrences)
	var asks []levels.Ask
	for n := range 250 {
		id := seriesID(batch(fmt.Sprint("series ", n), "", noon))
		asks = append(asks, levels.Ask{Version: "1", Definition: d, Objective: d.Objectives[0], Series: []string{id}, From: noon.Add(-24 * time.Hour)})
	}
	read := func() error {
		return book.Read(t.Context(), asks, func(int, levels.Answer) error { return nil })
	}
	if err := read(); err == nil || err.Error() != "no more" {
		t.Fatal(err)
	}
	if counted, all := book.Progress(); counted != 200 || all != 250 {
		t.Errorf("%d of %d are counted", counted, all)
	}
	w.times = 1
	if err := read(); err != nil {
		t.Fatal(err)
	}
	once := map[string]bool{}
	for _, id := range w.read {
		if once[id] {
			t.Errorf("read twice: %s", id)
		}
		once[id] = true
	}
	if counted, all := book.Progress(); counted != 250 || all != 250 || len(once) != 250 {
		t.Errorf("%d of %d are counted, and %d read", counted, all, len(once))
	}
}
