package jobs_test

import (
	"log/slog"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/demo"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
	"github.com/evenkeel-dev/evenkeel/server/views"
	"github.com/evenkeel-dev/evenkeel/store"
	"github.com/evenkeel-dev/evenkeel/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

// company is a small invented company: its catalogue and all its events.
func company() (evenkeel.Catalogue, []evenkeel.Event) {
	world := demo.New(demo.Options{Seed: 7, Now: clock(), Scale: 0.01})
	var events []evenkeel.Event
	for batch := range world.Events() {
		events = append(events, batch...)
	}
	return world.Catalogue, events
}

func fresh(t *testing.T, dsn string, catalogue evenkeel.Catalogue) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{DSN: dsn, Logger: slog.New(slog.DiscardHandler), Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if err := s.EnsureWorkspace(t.Context(), evenkeel.WorkspaceInfo{Slug: "default", Name: "Default"}); err != nil {
		t.Fatal(err)
	}
	if err := s.In("default").ApplyCatalogue(t.Context(), catalogue); err != nil {
		t.Fatal(err)
	}
	return s
}

func record(t *testing.T, s *store.Store, events []evenkeel.Event) {
	t.Helper()
	if _, err := s.In("default").Record(t.Context(), events); err != nil {
		t.Fatal(err)
	}
}

func follow(s *store.Store) *jobs.Deriver {
	return jobs.NewDeriver(func(slug string) jobs.Workspace { return s.In(slug) })
}

// figures are the overview's, without the counters of the store.
func figures(t *testing.T, d *jobs.Deriver) views.Overview {
	t.Helper()
	results, err := d.Results(t.Context(), "default")
	if err != nil {
		t.Fatal(err)
	}
	view, err := views.NewOverview(results, views.Question{From: "365d", Now: clock()})
	if err != nil {
		t.Fatal(err)
	}
	view.Revision = 0
	return view
}

// same compares figures; what Compute keeps to itself decides comparisons
// that are compared here anyway.
func same(t *testing.T, what string, want, got views.Overview) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".samples" }, cmp.Ignore())); diff != "" {
		t.Errorf("%s: figures differ (-want +got):\n%s", what, diff)
	}
}

func TestFiguresDependOnWhatWasSaidNotOnWhen(t *testing.T) {
	t.Parallel()
	catalogue, events := company()
	whole := fresh(t, storetest.SQLite(t), catalogue)
	record(t, whole, events)
	want := figures(t, follow(whole))
	if want.Counts.Deployments == 0 || want.Counts.Changes == 0 || want.Report.Incidents.Opened == 0 {
		t.Fatalf("the company has too little to compare: %+v", want.Counts)
	}
	for name, dsn := range map[string]func(testing.TB) string{"sqlite": storetest.SQLite, "postgres": storetest.Postgres} {
		t.Run("shuffled, repeated and in pieces, with answers in between: "+name, func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(1, 2))
			shuffled := append(append([]evenkeel.Event{}, events...), events[:len(events)/4]...)
			random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
			s := fresh(t, dsn(t), catalogue)
			d := follow(s)
			for len(shuffled) > 0 {
				n := min(len(shuffled), 1+random.IntN(800))
				record(t, s, shuffled[:n])
				shuffled = shuffled[n:]
				figures(t, d) // Derived step by step, from what is known so far.
			}
			same(t, "step by step", want, figures(t, d))
			same(t, "read back by another process", want, figures(t, follow(s)))
		})
	}
}

func TestTheCatalogueMayComeLast(t *testing.T) {
	t.Parallel()
	catalogue, events := company()
	first := fresh(t, storetest.SQLite(t), catalogue)
	record(t, first, events)
	last := fresh(t, storetest.SQLite(t), evenkeel.Catalogue{})
	d := follow(last)
	record(t, last, events)
	figures(t, d)
	if err := last.In("default").ApplyCatalogue(t.Context(), catalogue); err != nil {
		t.Fatal(err)
	}
	same(t, "catalogue after the facts", figures(t, follow(first)), figures(t, d))
}

func TestANewPolicyDerivesAnew(t *testing.T) {
	t.Parallel()
	catalogue, events := company()
	s := fresh(t, storetest.SQLite(t), catalogue)
	record(t, s, events)
	d := follow(s)
	before := figures(t, d)
	policy := evenkeel.DefaultPolicy()
	policy.InferFailures, policy.FailureWindow = false, 0
	if _, _, err := s.In("default").SavePolicy(t.Context(), evenkeel.PolicyChange{Policy: policy}); err != nil {
		t.Fatal(err)
	}
	after := figures(t, d)
	if after.Report.FailRate.Failed >= before.Report.FailRate.Failed || after.Report.Policy.Version != "1" {
		t.Fatalf("failed deployments: %d before, %d after, policy %s", before.Report.FailRate.Failed, after.Report.FailRate.Failed, after.Report.Policy.Version)
	}
}
