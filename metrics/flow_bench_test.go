package metrics_test

import (
	"fmt"
	"testing"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
)

// parts100k are 25 applications with 4,000 changes each.
func parts100k() (metrics.Query, []metrics.Derived) {
	parts := make([]metrics.Derived, 25)
	var q metrics.Query
	for p := range parts {
		h := newDelivered()
		h.in.Application = fmt.Sprint("app", p)
		for i := range 4000 {
			at := 100 + float64(i)*2
			c := h.change(i+1, at-float64(1+(i*7+p)%50), at-1, at-0.5, at-0.25, at)
			c.Labels, c.Size = label((i+p)%3 == 0), &evenkeel.Size{Added: (i * 13) % 700}
			h.in.Changes[i].ID = evenkeel.FactID(evenkeel.KindChange, fmt.Sprint(p, "/", i))
			if i%4 == 3 {
				h.deploy(fmt.Sprint(p, "/", i), at, at+0.5)
			}
		}
		parts[p], q = h.derive(), h.query(0, 10_000)
	}
	return q, parts
}

func BenchmarkFlow100kChanges(b *testing.B) {
	q, parts := parts100k()
	for b.Loop() {
		metrics.FlowOf(q, parts, parts...)
	}
}

func BenchmarkAssisted100kChanges(b *testing.B) {
	q, parts := parts100k()
	for b.Loop() {
		metrics.AssistedOf(q, parts...)
	}
}
