package jobs_test

import (
	"context"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
	"github.com/evenkeel-dev/evenkeel/store"
	"github.com/evenkeel-dev/evenkeel/store/storetest"
)

// counted is a workspace that counts how often all facts of an application
// were read.
type counted struct {
	*store.Workspace
	whole, since *atomic.Int64
}

func (c counted) Facts(ctx context.Context, application string) (evenkeel.ApplicationFacts, error) {
	c.whole.Add(1)
	return c.Workspace.Facts(ctx, application)
}

func (c counted) FactsSince(ctx context.Context, application string, after int64, packs map[string]int64) (evenkeel.FactsDelta, error) {
	c.since.Add(1)
	return c.Workspace.FactsSince(ctx, application, after, packs)
}

// packedAnew derives an application from all its stored facts.
func packedAnew(t *testing.T, w *store.Workspace, a evenkeel.Application, p evenkeel.Policy) []evenkeel.Segment {
	t.Helper()
	f, err := w.Facts(t.Context(), a.ID)
	if err != nil {
		t.Fatal(err)
	}
	return metrics.Derive(jobs.InputOf(a.ID, f), p.For(a.Slug)).Pack()
}

// agree compares what a deriver holds, and what is stored, with deriving anew.
func agree(t *testing.T, what string, w *store.Workspace, d *jobs.Deriver, applications func(evenkeel.Application) bool) {
	t.Helper()
	results, err := d.Results(t.Context(), "default")
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range results.Catalogue.Applications {
		if !applications(a) {
			continue
		}
		want := packedAnew(t, w, a, results.Policy)
		if diff := cmp.Diff(want, results.Derived[a.ID].Pack()); diff != "" {
			t.Fatalf("%s: results of %s differ from deriving anew (-want +got):\n%s", what, a.Slug, diff)
		}
		_, stored, err := w.Derived(t.Context(), a.ID)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, stored); diff != "" {
			t.Fatalf("%s: stored results of %s differ (-want +got):\n%s", what, a.Slug, diff)
		}
	}
}

// mixed is a history as it may arrive: most of it in order, some late, some
// twice, some corrected, some withdrawn.
func mixed(events []evenkeel.Event, random *rand.Rand) [][]evenkeel.Event {
	var steps [][]evenkeel.Event
	var late []evenkeel.Event
	for len(events) > 0 {
		n := min(len(events), 1+random.IntN(30))
		var step []evenkeel.Event
		for _, e := range events[:n] {
			switch random.IntN(40) {
			case 0:
				late = append(late, e)
				continue
			case 1:
				step = append(step, e)
			case 2:
				late = append(late, corrected(e))
			case 3:
				gone := e
				gone.Deleted, gone.ObservedAt = true, e.ObservedAt.Add(time.Hour)
				if !e.Kind.IsSeries() {
					late = append(late, gone)
				}
			}
			step = append(step, e)
		}
		events = events[n:]
		for len(late) > 0 && random.IntN(3) == 0 {
			at := random.IntN(len(late))
			step = append(step, late[at])
			late = append(late[:at], late[at+1:]...)
		}
		steps = append(steps, step)
	}
	return append(steps, late)
}

// corrected says the same fact differently, an hour later.
func corrected(e evenkeel.Event) evenkeel.Event {
	e.ObservedAt = e.ObservedAt.Add(time.Hour)
	switch p := e.Payload.(type) {
	case *evenkeel.Deployment:
		d := *p
		d.Status, d.FinishedAt = evenkeel.StatusFailure, d.FinishedAt.Add(-time.Hour)
		e.Payload = &d
	case *evenkeel.Change:
		c := *p
		c.MergedAt = time.Time{}
		c.Base = "elsewhere"
		e.Payload = &c
	case *evenkeel.Incident:
		i := *p
		i.OpenedAt = i.OpenedAt.Add(-90 * time.Minute)
		e.Payload = &i
	}
	return e
}

func TestFollowingFactsEqualsDerivingAnew(t *testing.T) {
	t.Parallel()
	catalogue, events := company()
	events = events[:min(len(events), 1500)]
	for name, dsn := range map[string]func(testing.TB) string{"sqlite": storetest.SQLite, "postgres": storetest.Postgres} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(3, 4))
			s := fresh(t, dsn(t), catalogue)
			w := counted{s.In("default"), &atomic.Int64{}, &atomic.Int64{}}
			d := jobs.NewDeriver(func(string) jobs.Workspace { return w })
			some := map[string]bool{}
			pick := func(a evenkeel.Application) bool { return some[a.ID] }
			for n, step := range mixed(events, random) {
				before, err := w.Revision(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				record(t, s, step)
				touched, err := w.Touched(t.Context(), before)
				if err != nil {
					t.Fatal(err)
				}
				clear(some)
				for id := range touched {
					some[id] = len(some) < 3
				}
				agree(t, "step", s.In("default"), d, pick)
				if n%20 == 15 {
					blame(t, s.In("default"))
					agree(t, "after a person's word", s.In("default"), d, pick)
				}
				if n%20 == 10 {
					change(t, s, catalogue, n)
					agree(t, "after an edit of the rules or the catalogue", s.In("default"), d, pick)
				}
			}
			agree(t, "in the end", s.In("default"), d, func(evenkeel.Application) bool { return true })
			if whole, since := w.whole.Load(), w.since.Load(); since <= whole {
				t.Errorf("all facts of an application were read %d times, only what was new %d times", whole, since)
			}
		})
	}
}

// blame says that the last deployment caused the last incident.
func blame(t *testing.T, w *store.Workspace) {
	t.Helper()
	incidents, err := w.Incidents(t.Context(), evenkeel.Filter{Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	deployments, err := w.Deployments(t.Context(), evenkeel.Filter{Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	if len(incidents.Items) == 0 || len(deployments.Items) == 0 {
		return
	}
	word := evenkeel.IncidentLink{Incident: incidents.Items[0].ID, Deployments: []string{deployments.Items[0].ID}, By: "somebody"}
	if _, err := w.LinkIncident(t.Context(), word); err != nil {
		t.Fatal(err)
	}
}

// change edits the catalogue or the policy: the claims of an application move
// to another and back, or failures are inferred or not.
func change(t *testing.T, s *store.Store, catalogue evenkeel.Catalogue, n int) {
	t.Helper()
	w := s.In("default")
	if n%40 == 10 {
		p := evenkeel.DefaultPolicy()
		p.InferFailures = n%80 == 10
		if _, _, err := w.SavePolicy(t.Context(), evenkeel.PolicyChange{Policy: p}); err != nil {
			t.Fatal(err)
		}
		return
	}
	edited := catalogue
	edited.Applications = append([]evenkeel.Application{}, catalogue.Applications...)
	if n%80 == 30 {
		a, b := &edited.Applications[0], &edited.Applications[1]
		a.Claims, b.Claims = b.Claims, a.Claims
	}
	if err := w.ApplyCatalogue(t.Context(), edited); err != nil {
		t.Fatal(err)
	}
}

func TestReplicasAgree(t *testing.T) {
	t.Parallel()
	catalogue, events := company()
	events = events[:min(len(events), 1000)]
	for name, dsn := range map[string]func(testing.TB) string{"sqlite": storetest.SQLite, "postgres": storetest.Postgres} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := dsn(t)
			first, second := fresh(t, address, catalogue), again(t, address)
			one, two := follow(first), follow(second)
			random := rand.New(rand.NewPCG(5, 6))
			for _, step := range mixed(events, random) {
				through := []*store.Store{first, second}[random.IntN(2)]
				record(t, through, step)
				done := make(chan error, 2)
				for _, d := range []*jobs.Deriver{one, two} {
					go func() {
						_, err := d.Results(t.Context(), "default")
						done <- err
					}()
				}
				for range 2 {
					if err := <-done; err != nil {
						t.Fatal(err)
					}
				}
			}
			all := func(evenkeel.Application) bool { return true }
			agree(t, "one", first.In("default"), one, all)
			agree(t, "two", second.In("default"), two, all)
			same(t, "figures of both", figures(t, one), figures(t, two))
		})
	}
}

// again opens the same database as another process would.
func again(t *testing.T, dsn string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{DSN: dsn, Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func TestAnOlderReplicaDoesNotOverwrite(t *testing.T) {
	t.Parallel()
	catalogue, events := company()
	for name, dsn := range map[string]func(testing.TB) string{"sqlite": storetest.SQLite, "postgres": storetest.Postgres} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := fresh(t, dsn(t), catalogue)
			w := s.In("default")
			record(t, s, events[:1500])
			d := follow(s)
			results, err := d.Results(t.Context(), "default")
			if err != nil {
				t.Fatal(err)
			}
			a := results.Catalogue.Applications[0]
			old, segments, err := w.Derived(t.Context(), a.ID)
			if err != nil {
				t.Fatal(err)
			}
			newer := old
			newer.Revision++
			if err := w.SaveDerived(t.Context(), a.ID, newer, segments[:1]); err != nil {
				t.Fatal(err)
			}
			if err := w.SaveDerived(t.Context(), a.ID, old, segments); err != nil {
				t.Fatal(err)
			}
			if done, err := w.PatchDerived(t.Context(), a.ID, old, old, segments, nil); done || err != nil {
				t.Fatalf("results of another state were patched: %v, %v", done, err)
			}
			state, held, err := w.Derived(t.Context(), a.ID)
			if err != nil || state != newer || len(held) != 1 {
				t.Fatalf("stored: %+v with %d segments, %v; want those of the later revision", state, len(held), err)
			}
		})
	}
}
