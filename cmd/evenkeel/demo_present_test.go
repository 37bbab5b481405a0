package main

import (
	"log/slog"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/demo"
	"github.com/evenkeel-dev/evenkeel/store"
	"github.com/evenkeel-dev/evenkeel/store/storetest"
)

// TestTheDemoGoesOnBeingMeasured: slices that have ended are recorded once, also
// those that ended while no demo ran.
func TestTheDemoGoesOnBeingMeasured(t *testing.T) {
	t.Parallel()
	now := present()
	s, err := store.Open(t.Context(), store.Options{DSN: storetest.SQLite(t), Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.EnsureWorkspace(t.Context(), evenkeel.WorkspaceInfo{Slug: demo.Slug, CreatedAt: now}); err != nil {
		t.Fatal(err)
	}
	d := &demoPresent{workspace: s.In(demo.Slug), seed: 1, now: func() time.Time { return now }, logger: slog.New(slog.DiscardHandler)}
	ended := func() map[string]time.Time {
		if err := d.measure(t.Context()); err != nil {
			t.Fatal(err)
		}
		known, err := d.workspace.Series(t.Context(), evenkeel.EntryFilter{Kinds: []evenkeel.Kind{evenkeel.KindMeasurement}})
		if err != nil {
			t.Fatal(err)
		}
		ends := map[string]time.Time{}
		for _, s := range known {
			ends[s.Application+" "+s.Environment+" "+s.Name] = s.LastAt.Add(demo.SliceLength)
		}
		return ends
	}
	if got := ended(); len(got) > 0 {
		t.Fatalf("a demo without a year measures %v", got)
	}
	if _, err := d.workspace.Record(t.Context(), demo.Measured(1, evenkeel.Window{From: now.Add(-time.Hour), To: now})); err != nil {
		t.Fatal(err)
	}
	for _, later := range []time.Duration{0, 4 * time.Minute, 2 * time.Minute, 5 * time.Hour} {
		now = now.Add(later)
		got := ended()
		if len(got) < 15 {
			t.Errorf("%d series are measured", len(got))
		}
		for name, end := range got {
			if want := now.Truncate(demo.SliceLength); !end.Equal(want) {
				t.Errorf("at %v %s is measured until %v, want %v", now, name, end, want)
			}
		}
		revision, err := d.workspace.Revision(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		ended()
		if again, err := d.workspace.Revision(t.Context()); err != nil || again != revision {
			t.Errorf("looking again wrote: revision %v, then %v (%v)", revision, again, err)
		}
	}
}
