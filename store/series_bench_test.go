package store_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// minutes is a batch of five slices of a minute, the nth of its series.
func minutes(n int) evenkeel.Event {
	m := &evenkeel.Measurement{Application: "service-1", Environment: "production", Series: "availability", SliceSeconds: 60}
	for i := range 5 {
		at := noon.Add(time.Duration(5*n+i) * time.Minute)
		m.Slices = append(m.Slices, evenkeel.Slice{At: at, Good: new(float64(990 + n%10)), Total: new(1000.0)})
	}
	return event("probe", strconv.Itoa(n), noon.Add(time.Duration(n)*5*time.Minute), m)
}

// BenchmarkSeries takes in one batch at a time, and reads 30 days of minutes.
func BenchmarkSeries(b *testing.B) {
	for _, database := range durableDatabases() {
		b.Run(database.name, func(b *testing.B) {
			const batches = 30 * 24 * 12
			w := company(b, database.dsn(b))
			var events []evenkeel.Event
			for n := range batches {
				events = append(events, minutes(n))
			}
			importAll(b, w, events)
			n := batches
			b.Run("batch", func(b *testing.B) {
				for b.Loop() {
					record(b, w, minutes(n))
					n++
				}
			})
			b.Run("read", func(b *testing.B) {
				window := evenkeel.Window{From: noon, To: noon.AddDate(0, 0, 30)}
				for b.Loop() {
					if list := must[[]evenkeel.Slice](b)(w.Measurements(b.Context(), seriesID(events[0]), window)); len(list) != 5*batches {
						b.Fatalf("%d slices", len(list))
					}
				}
			})
		})
	}
}
