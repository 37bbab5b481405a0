package store_test

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/store"
)

// minute is what is measured of the nth minute, some seconds after its end.
func minute(random *rand.Rand, n int) evenkeel.Event {
	at := noon.Add(time.Duration(n) * time.Minute)
	total := float64(900 + random.IntN(200))
	m := &evenkeel.Measurement{
		Application: "service-1", Environment: "production", Series: "availability", SliceSeconds: 60,
		Slices: []evenkeel.Slice{{At: at, Good: new(total - float64(random.IntN(5))), Total: &total}},
	}
	return event("probe", "", at.Add(70*time.Second), m)
}

// BenchmarkMinutes records 30 days of one series as measuring does, a minute at
// a time, and reads them: as they are, and as they were known after 15 days. It
// says what recording took and what is held, too.
func BenchmarkMinutes(b *testing.B) {
	const days, all = 30, 30 * 24 * 60
	for _, database := range durableDatabases() {
		b.Run(database.name, func(b *testing.B) {
			random := rand.New(rand.NewPCG(1, 2))
			dsn := database.dsn(b)
			w := company(b, dsn)
			began, before := b.Elapsed(), processor(b)
			for n := range all {
				record(b, w, minute(random, n))
			}
			recording, working := b.Elapsed()-began, processor(b)-before
			ids, window := []string{seriesID(minute(random, 0))}, evenkeel.Window{From: noon, To: noon.AddDate(0, 0, days)}
			b.Run("read", func(b *testing.B) {
				readMinutes(b, w, evenkeel.LastRevision, ids, window, all)
				b.ReportMetric(recording.Seconds()*1000/all, "record-ms")
				b.ReportMetric(working.Seconds()*1000/all, "record-cpu-ms")
				reportHeld(b, dsn)
			})
			half := revision(b, w) - all/2
			b.Run("read-as-of", func(b *testing.B) { readMinutes(b, w, half, ids, window, all/2) })
		})
	}
}

func readMinutes(b *testing.B, w *store.Workspace, known int64, ids []string, window evenkeel.Window, want int) {
	before := processor(b)
	for b.Loop() {
		found := must[map[string][]evenkeel.Slice](b)(w.MeasurementsAt(b.Context(), known, ids, window))
		if n := len(found[ids[0]]); n != want {
			b.Fatalf("%d slices, want %d", n, want)
		}
	}
	b.ReportMetric(float64((processor(b)-before).Milliseconds())/float64(b.N), "cpu-ms/op")
}

// reportHeld tells how many rows and how much room the segments of series take.
func reportHeld(b *testing.B, dsn string) {
	size := "SELECT sum(pgsize) FROM dbstat WHERE name LIKE '%series_segments%'"
	if strings.HasPrefix(dsn, "postgres:") {
		size = "SELECT pg_total_relation_size('series_segments')"
	}
	for unit, query := range map[string]string{
		"rows":         "SELECT count(*) FROM series_segments",
		"slices-bytes": "SELECT sum(length(body)) FROM series_segments",
		"disk-bytes":   size,
	} {
		n, err := strconv.ParseFloat(must[[]string](b)(column(b, dsn, query))[0], 64)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(n, unit)
	}
}
