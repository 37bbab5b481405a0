package slo_test

import (
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// TestIncidentsAreBadMinutes, by hand: an incident of 10:02 to 10:07, one of
// 10:05 to 10:12 (mitigated then, resolved later), one that still stands since
// 10:25, in slices of five minutes up to 10:30: 3, 5, 2, 0, 0, 5 bad minutes.
func TestIncidentsAreBadMinutes(t *testing.T) {
	t.Parallel()
	at := func(minute int) time.Time { return time.Date(2026, 3, 1, 10, minute, 0, 0, time.UTC) }
	incidents := []evenkeel.Incident{
		{OpenedAt: at(25)},
		{OpenedAt: at(5), MitigatedAt: at(12), ResolvedAt: at(40)},
		{OpenedAt: at(2), ResolvedAt: at(7)},
		{OpenedAt: at(20), ResolvedAt: at(19)},
		{ResolvedAt: at(22)},
	}
	got := slo.IncidentSlices(incidents, evenkeel.Window{From: at(0), To: at(59)}, 5*time.Minute, at(33))
	want := []float64{3, 5, 2, 0, 0, 5}
	if len(got) != len(want) {
		t.Fatalf("%d slices", len(got))
	}
	for i, s := range got {
		if *s.Bad != want[i] || *s.Total != 5 || !s.At.Equal(at(5*i)) {
			t.Errorf("slice %d: %v of %v at %v, want %v", i, *s.Bad, *s.Total, s.At, want[i])
		}
	}
}
