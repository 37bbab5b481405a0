package jobs_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/demo"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
	"github.com/evenkeel-dev/evenkeel/server/views"
	"github.com/evenkeel-dev/evenkeel/store"
)

func clock() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }

// filled is a store with all that is known of a company.
func filled(b *testing.B, dsn string, world demo.World) (*store.Store, string) {
	b.Helper()
	s, err := store.Open(b.Context(), store.Options{DSN: dsn, Logger: slog.New(slog.DiscardHandler), Now: clock})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	if err := s.EnsureWorkspace(b.Context(), evenkeel.WorkspaceInfo{Slug: world.Slug, Name: world.Workspace}); err != nil {
		b.Fatal(err)
	}
	w := s.In(world.Slug)
	if err := w.ApplyCatalogue(b.Context(), world.Catalogue); err != nil {
		b.Fatal(err)
	}
	var batch []evenkeel.Event
	for events := range world.Events() {
		if batch = append(batch, events...); len(batch) < 10_000 {
			continue
		}
		if _, err := w.Record(b.Context(), batch); err != nil {
			b.Fatal(err)
		}
		batch = batch[:0]
	}
	if _, err := w.Record(b.Context(), batch); err != nil {
		b.Fatal(err)
	}
	return s, world.Slug
}

func deriver(s *store.Store) *jobs.Deriver {
	return jobs.NewDeriver(func(slug string) jobs.Workspace { return s.In(slug) })
}

func overview(ctx context.Context, b *testing.B, d *jobs.Deriver, slug string) {
	b.Helper()
	results, err := d.Results(ctx, slug)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := views.NewOverview(results, views.Question{From: "180d", Now: clock()}); err != nil {
		b.Fatal(err)
	}
}
