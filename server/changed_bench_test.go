package server_test

import (
	"log/slog"
	"testing"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/demo"
	"github.com/evenkeel-dev/evenkeel/server"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
	"github.com/evenkeel-dev/evenkeel/store"
	"github.com/evenkeel-dev/evenkeel/store/storetest"
)

// BenchmarkChanged asks what changed around an application of the demo company.
func BenchmarkChanged(b *testing.B) {
	s, err := store.Open(b.Context(), store.Options{DSN: storetest.SQLite(b), Logger: slog.New(slog.DiscardHandler), Now: clock})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	world := demo.New(demo.Options{Seed: 1, Now: clock()})
	if err := s.EnsureWorkspace(b.Context(), evenkeel.WorkspaceInfo{Slug: world.Slug, Name: world.Workspace}); err != nil {
		b.Fatal(err)
	}
	w := s.In(world.Slug)
	if err := w.ApplyCatalogue(b.Context(), world.Catalogue); err != nil {
		b.Fatal(err)
	}
	var events []evenkeel.Event
	for batch := range world.Events() {
		events = append(events, batch...)
	}
	if _, err := w.Record(b.Context(), events); err != nil {
		b.Fatal(err)
	}
	results, err := jobs.NewDeriver(func(slug string) jobs.Workspace { return s.In(slug) }).Results(b.Context(), world.Slug)
	if err != nil {
		b.Fatal(err)
	}
	for _, since := range []string{"2h", "7d", "90d"} {
		b.Run("since="+since, func(b *testing.B) {
			for b.Loop() {
				if _, err := server.Changed(b.Context(), w, results, server.ChangedQuestion{Application: "checkout-web", Since: since, Now: clock()}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
