package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/store"
)

// TestManyWriters lets writers of one workspace meet on the same facts and the
// same repository, through two stores on one database.
func TestManyWriters(t *testing.T) {
	t.Parallel()
	for name, dsn := range databases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			where := dsn(t)
			stores := []*store.Store{open(t, where), open(t, where)}
			ensure(t, stores[0], "acme")
			register(t, stores[0].In("acme"), "service-1", "repo:github.com/acme/service-1")
			events := history(60, true)
			var all sync.WaitGroup
			errs := make([]error, 8)
			for i := range errs {
				all.Go(func() { errs[i] = recordTurned(stores[i%2].In("acme"), events, i*7) })
			}
			watched := watch(t, stores[0].In("acme"), &all)
			if err := errors.Join(errs...); err != nil {
				t.Fatal(err)
			}
			w := stores[1].In("acme")
			if last := revision(t, w); !slices.IsSorted(watched) || int64(len(watched)) > last {
				t.Errorf("revisions were seen as %v, the last is %d", watched, last)
			}
			checkWhole(t, w)
			alone := open(t, dsn(t))
			ensure(t, alone, "acme")
			register(t, alone.In("acme"), "service-1", "repo:github.com/acme/service-1")
			record(t, alone.In("acme"), events...)
			hide := cmp.FilterPath(func(p cmp.Path) bool { return p.String() == "Changes.Value.Reviews.Author" }, cmp.Ignore())
			want, got := view(t, alone.In("acme")), view(t, w)
			for _, v := range []everything{want, got} {
				v.Facts["service-1"] = withoutAuthors(v.Facts["service-1"])
			}
			if diff := cmp.Diff(want, got, hide); diff != "" {
				t.Errorf("(-one writer +many)\n%s", diff)
			}
			if again := record(t, w, events...); again.Observations != 0 || again.Repeated != len(events) {
				t.Errorf("again: %+v", again)
			}
		})
	}
}

// recordTurned records all events in small pieces, beginning somewhere.
func recordTurned(w *store.Workspace, events []evenkeel.Event, from int) error {
	turned := slices.Concat(events[from:], events[:from])
	for piece := range slices.Chunk(turned, 23) {
		if _, err := w.Record(context.Background(), piece); err != nil {
			return fmt.Errorf("from %d: %w", from, err)
		}
	}
	return nil
}

// watch follows the revisions until the writers are done: none may appear
// before one that was seen.
func watch(t *testing.T, w *store.Workspace, writers *sync.WaitGroup) []int64 {
	t.Helper()
	done := make(chan struct{})
	go func() {
		writers.Wait()
		close(done)
	}()
	var seen []int64
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for after := int64(0); ; {
		for _, r := range must[[]evenkeel.Revision](t)(w.Revisions(t.Context(), after, 100)) {
			if r.Seq != after+1 {
				t.Fatalf("revision %d appeared after %d", r.Seq, after)
			}
			after = r.Seq
			seen = append(seen, r.Seq)
		}
		select {
		case <-done:
			return seen
		case <-tick.C:
		}
	}
}

func TestReadersSeeOneState(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		id := register(t, w, "shop")
		stop := make(chan struct{})
		var writer sync.WaitGroup
		writer.Go(func() {
			defer close(stop)
			for i := range 40 {
				// Each piece brings one deployment and one incident of it.
				name := fmt.Sprint(i)
				_, err := w.Record(context.Background(), []evenkeel.Event{
					deploy("ci", name, evenkeel.Deployment{Application: "shop"}),
					event("pager", name, hours(4), &evenkeel.Incident{Application: "shop", OpenedAt: hours(4), CausedBy: "ci/" + name}),
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
		for running := true; running; {
			select {
			case <-stop:
				running = false
			default:
			}
			f := readFacts(t, w, id)
			if len(f.Deployments) != len(f.Incidents) || len(f.Foreign) != 0 || int64(len(f.Deployments)) != f.Revision-1 {
				t.Fatalf("revision %d: %d deployments, %d incidents, foreign %v", f.Revision, len(f.Deployments), len(f.Incidents), f.Foreign)
			}
		}
		writer.Wait()
	})
}

func TestAContextEndsAnImport(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := s.In("acme").Record(ctx, history(50, true)); !errors.Is(err, context.Canceled) {
			t.Errorf("error: %v", err)
		}
		checkWhole(t, s.In("acme"))
		record(t, s.In("acme"), history(50, true)...)
	})
}
