package metrics_test

import (
	"testing"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
)

// BenchmarkExplain explains a quarter of ten applications with a quarter of a
// million changes; a page of facts asks for the uses of fifty.
func BenchmarkExplain(b *testing.B) {
	parts := company()[:10]
	for _, m := range metrics.Metrics() {
		b.Run(string(m), func(b *testing.B) {
			b.ReportAllocs()
			rows := 0
			for b.Loop() {
				e, err := metrics.Explain(quarter(), m, parts...)
				if err != nil {
					b.Fatal(err)
				}
				rows = len(e.Rows)
			}
			b.ReportMetric(float64(rows), "rows")
		})
	}
	b.Run("uses of 50", func(b *testing.B) {
		e, _ := metrics.Explain(quarter(), metrics.MetricLeadTime, parts...)
		var ids []string
		for _, row := range e.Rows[:50] {
			ids = append(ids, row.ID)
		}
		q := quarter()
		q.Window = evenkeel.Window{}
		b.ReportAllocs()
		for b.Loop() {
			metrics.UsesOf(q, ids, parts...)
		}
	})
}
