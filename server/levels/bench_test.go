package levels_test

import (
	"fmt"
	"syscall"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/levels"
	"github.com/evenkeel-dev/evenkeel/slo"
	"github.com/evenkeel-dev/evenkeel/store"
	"github.com/evenkeel-dev/evenkeel/store/storetest"
)

// fleet is a store with service levels of one series each, measured every
// minute until noon.
type fleet struct {
	w      *store.Workspace
	d      slo.Definition
	series []string
	book   *levels.Book
	minute int
}

func seriesOf(n int) string { return fmt.Sprint("availability-", n) }

// newFleet records one series, and copies its rows for the others: recording
// them all would take minutes.
func newFleet(b *testing.B, dsn string, levelsWanted, days int) *fleet {
	b.Helper()
	f := &fleet{w: workspace(b, dsn), d: availability(b, slo.Occurrences)}
	for day := range days {
		var list []evenkeel.Slice
		for n := range 24 * 60 {
			at := noon.AddDate(0, 0, day-days).Add(time.Duration(n) * time.Minute)
			list = append(list, evenkeel.Slice{At: at, Good: new(float64(990 + n%11)), Total: new(1000.0)})
		}
		record(b, f.w, batch(seriesOf(0), fmt.Sprint(day), list[0].At, list...))
	}
	for n := range levelsWanted {
		f.series = append(f.series, seriesID(batch(seriesOf(n), "", noon)))
	}
	var copies []storetest.Copy
	for n, id := range f.series[1:] {
		of := batch(seriesOf(n+1), "", noon).Payload
		copies = append(copies, storetest.Copy{ID: id, Name: seriesOf(n + 1), Application: "shop", Subject: of.Subject().String()})
	}
	began := b.Elapsed()
	storetest.CopySeries(b, dsn, "acme", f.series[0], copies)
	b.Logf("%d service levels of %d days in %s", levelsWanted, days, b.Elapsed()-began)
	return f
}

func record(b *testing.B, w *store.Workspace, events ...evenkeel.Event) {
	b.Helper()
	if _, err := w.Record(b.Context(), events); err != nil {
		b.Fatal(err)
	}
}

// measure records the next minute of every series.
func (f *fleet) measure(b *testing.B) {
	b.Helper()
	at := noon.Add(time.Duration(f.minute) * time.Minute)
	f.minute++
	events := make([]evenkeel.Event, len(f.series))
	for n := range f.series {
		events[n] = batch(seriesOf(n), "", at, evenkeel.Slice{At: at, Good: new(999.0), Total: new(1000.0)})
	}
	record(b, f.w, events...)
}

// evaluate computes the budget and the burns of some of the levels.
func (f *fleet) evaluate(b *testing.B, book *levels.Book, series []string) {
	b.Helper()
	at := noon.Add(time.Duration(f.minute) * time.Minute)
	lookbacks := []time.Duration{5 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 6 * time.Hour, 24 * time.Hour, 72 * time.Hour}
	o := f.d.Objectives[0]
	spans := []evenkeel.Window{f.d.Window.At(at)}
	for _, lookback := range lookbacks {
		spans = append(spans, evenkeel.Window{From: at.Add(-lookback), To: at})
	}
	asks := make([]levels.Ask, len(series))
	for i, id := range series {
		asks[i] = levels.Ask{Version: id, Definition: f.d, Objective: o, Series: []string{id}, From: spans[0].From, Spans: spans}
	}
	err := book.Read(b.Context(), asks, func(_ int, a levels.Answer) error {
		tallies := a.Tallies
		r := slo.Evaluate(f.d, o, tallies, at)
		if r.Tally.Measured() != 30*24*60 || r.Consumed == nil || *r.Consumed < 1 {
			return fmt.Errorf("of %s: %+v", at, r)
		}
		for _, lookback := range lookbacks {
			if slo.ReaderOf(f.d, o, tallies).Burn(at, lookback) == nil {
				return fmt.Errorf("no burn over %s", lookback)
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}

// BenchmarkServiceLevels records one new minute of every service level and
// evaluates all of them, with more or less behind; and reads 30 days of one that
// nobody has read before.
func BenchmarkServiceLevels(b *testing.B) {
	for _, database := range []struct {
		name string
		dsn  func(testing.TB) string
	}{{"sqlite", storetest.SQLite}, {"postgres", storetest.DurablePostgres}} {
		for _, size := range []struct{ levels, days int }{{100, 30}, {100, 300}, {5000, 30}, {5000, 300}} {
			b.Run(fmt.Sprintf("%s/%d-levels-%d-days", database.name, size.levels, size.days), func(b *testing.B) {
				f := newFleet(b, database.dsn(b), size.levels, size.days)
				b.Run("cold-one", func(b *testing.B) {
					before := processor(b)
					for n := 0; b.Loop(); n++ {
						f.evaluate(b, levels.New(f.w), f.series[n%len(f.series):][:1])
					}
					b.ReportMetric(float64((processor(b)-before).Milliseconds())/float64(b.N), "cpu-ms/op")
				})
				f.book = levels.New(f.w)
				began := b.Elapsed()
				f.evaluate(b, f.book, f.series)
				b.Logf("all read from the store in %s", b.Elapsed()-began)
				began = b.Elapsed()
				f.measure(b)
				f.evaluate(b, f.book, f.series)
				b.Logf("the first minute, for which the database reads from disk, in %s", b.Elapsed()-began)
				b.Run("minute", func(b *testing.B) { f.minutes(b) })
			})
		}
	}
}

// processor is the time that all cores have spent on this process, which a busy
// machine does not distort. PostgreSQL's own work is not in it.
func processor(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// minutes times recording and evaluating apart.
func (f *fleet) minutes(b *testing.B) {
	var recording, spent time.Duration
	for b.Loop() {
		before := b.Elapsed()
		f.measure(b)
		recording += b.Elapsed() - before
		began := processor(b)
		f.evaluate(b, f.book, f.series)
		spent += processor(b) - began
	}
	n := float64(b.N)
	b.ReportMetric(float64(spent.Milliseconds())/n, "evaluate-cpu-ms/op")
	b.ReportMetric(float64(recording.Milliseconds())/n, "record-ms/op")
	b.ReportMetric(float64((b.Elapsed()-recording).Milliseconds())/n, "evaluate-ms/op")
}
