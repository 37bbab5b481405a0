package slo_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// BenchmarkSpend books a month of minutes; slices and causes grow by four.
func BenchmarkSpend(b *testing.B) {
	for _, size := range []struct{ minutes, causes int }{{10800, 100}, {43200, 100}, {43200, 400}} {
		b.Run(fmt.Sprintf("slices=%d/causes=%d", size.minutes, size.causes), func(b *testing.B) {
			w := simulate(rand.New(rand.NewPCG(1, 2)), traffic{perMinute: 300, ratio: 0.001}, size.minutes, size.minutes/size.causes)
			d := availability(b, slo.Occurrences)
			series := slo.Gather(d, d.Objectives[0], w.list, evenkeel.Window{From: start, To: w.window.To})
			for b.Loop() {
				s := slo.Spend(d, d.Objectives[0], series, w.window, w.causes, nil, slo.DefaultSpendPolicy())
				if len(s.Entries) == 0 {
					b.Fatal("nothing was booked")
				}
			}
			b.ReportMetric(float64(b.N*size.minutes)/b.Elapsed().Seconds()/1e6, "Mslices/s")
		})
	}
}
