package jobs_test

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/demo"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
	"github.com/evenkeel-dev/evenkeel/server/views"
	"github.com/evenkeel-dev/evenkeel/store"
	"github.com/evenkeel-dev/evenkeel/store/storetest"
)

func clock() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }

// filled is a store with a company of the given number of changes.
func filled(b *testing.B, dsn string, changes int) (*store.Store, string) {
	b.Helper()
	s, err := store.Open(b.Context(), store.Options{DSN: dsn, Logger: slog.New(slog.DiscardHandler), Now: clock})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	world := demo.Large(changes, 42, clock())
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

// BenchmarkRecompute derives every application again, from stored facts and
// commit segments to stored results. Growth from 10k to 100k changes is the
// figure to watch: at most 12.
func BenchmarkRecompute(b *testing.B) {
	for _, database := range []struct {
		name string
		dsn  func(testing.TB) string
	}{{"sqlite", storetest.SQLite}, {"postgres", storetest.Postgres}} {
		for _, changes := range []int{10_000, 50_000, 100_000} {
			b.Run(fmt.Sprintf("%s/changes=%d", database.name, changes), func(b *testing.B) {
				s, slug := filled(b, database.dsn(b), changes)
				d := deriver(s)
				policy := evenkeel.DefaultPolicy()
				var after runtime.MemStats
				for round := 0; b.Loop(); round++ {
					policy.FailureWindow = time.Hour + time.Duration(round)*time.Minute // A new rule leaves no result as it is.
					if _, _, err := s.In(slug).SavePolicy(b.Context(), evenkeel.PolicyChange{Policy: policy}); err != nil {
						b.Fatal(err)
					}
					if _, err := d.Results(b.Context(), slug); err != nil {
						b.Fatal(err)
					}
				}
				runtime.ReadMemStats(&after)
				b.ReportMetric(float64(b.N*changes)/b.Elapsed().Seconds(), "changes/s")
				b.ReportMetric(float64(after.Sys)/(1<<20), "MiB-of-system")
			})
		}
	}
}

// BenchmarkOverview answers the company overview over half a year. Results
// are in memory, as in a server that has answered once.
func BenchmarkOverview(b *testing.B) {
	for _, changes := range []int{10_000, 100_000} {
		b.Run(fmt.Sprintf("changes=%d", changes), func(b *testing.B) {
			s, slug := filled(b, storetest.SQLite(b), changes)
			d := deriver(s)
			start := time.Now()
			overview(b.Context(), b, d, slug)
			b.ReportMetric(time.Since(start).Seconds()*1000, "first-ms")
			for b.Loop() {
				overview(b.Context(), b, d, slug)
			}
		})
	}
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
