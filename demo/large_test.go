package demo_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/demo"
)

func TestLargeHasTheAskedProportions(t *testing.T) {
	t.Parallel()
	f := gather(demo.Large(10_000, 3, now))
	checkEvents(t, f.events)
	commits := 0
	for repository, list := range f.commits {
		checkHistory(t, repository, list)
		commits += len(list)
	}
	got := map[string]int{"changes": len(f.changes), "repositories": len(f.commits), "commits": commits, "deployments": len(f.deployments), "applications": len(f.catalogue.Applications)}
	want := map[string]int{"changes": 10_000, "repositories": 20, "commits": 40_020, "deployments": 2_500, "applications": 20}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
	failed := 0
	for _, d := range f.deployments {
		if d.Status == evenkeel.StatusFailure {
			failed++
		}
		if len(f.owners(d.Subject())) != 1 {
			t.Fatalf("a deployment from %s belongs to nobody", d.Repository)
		}
	}
	if n := len(f.incidents); n < 90 || n > 160 || failed < 60 || failed > 140 {
		t.Errorf("%d incidents and %d failed deployments of 2500, want about 125 and 100", n, failed)
	}
}

func TestLargeIsRepeatableAndStopsWhenAsked(t *testing.T) {
	t.Parallel()
	w := demo.Large(2_000, 5, now)
	if a, b := fingerprint(t, gather(w).events), fingerprint(t, gather(w).events); a != b {
		t.Error("two readings differ")
	}
	read := 0
	for batch := range w.Events() {
		if read += len(batch); read > 1000 {
			break
		}
	}
	if read > 2000 {
		t.Errorf("%d events were read before the stop", read)
	}
}

func TestTinyLargeWorldsWork(t *testing.T) {
	t.Parallel()
	for _, changes := range []int{0, 1, 4} {
		if f := gather(demo.Large(changes, 1, now)); len(f.changes) != changes || len(f.deployments) != changes/4 {
			t.Errorf("%d changes asked, %d made, with %d deployments", changes, len(f.changes), len(f.deployments))
		}
	}
}

func BenchmarkYear(b *testing.B) {
	for b.Loop() {
		n := 0
		for batch := range demo.New(demo.Options{Seed: 1, Now: now}).Events() {
			n += len(batch)
		}
		b.ReportMetric(float64(n), "events")
	}
}

func BenchmarkLarge100k(b *testing.B) {
	for b.Loop() {
		n := 0
		for batch := range demo.Large(100_000, 1, now).Events() {
			n += len(batch)
		}
		b.ReportMetric(float64(n), "events")
	}
}
