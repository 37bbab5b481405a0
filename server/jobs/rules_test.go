package jobs_test

import (
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
	"github.com/evenkeel-dev/evenkeel/store"
	"github.com/evenkeel-dev/evenkeel/store/storetest"
)

func save(t *testing.T, s *store.Store, p evenkeel.Policy) {
	t.Helper()
	if _, saved, err := s.In("default").SavePolicy(t.Context(), evenkeel.PolicyChange{Policy: p, Note: "tried"}); err != nil || !saved {
		t.Fatal(saved, err)
	}
}

// derivedBy says by which rules the results of each application are stored.
func derivedBy(t *testing.T, s *store.Store, d *jobs.Deriver) map[string]string {
	t.Helper()
	if _, err := d.Results(t.Context(), "default"); err != nil {
		t.Fatal(err)
	}
	states, err := s.In("default").DerivedStates(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	rules := map[string]string{}
	for id, state := range states {
		rules[id] = state.Policy
	}
	return rules
}

// TestOnlyWhatAPolicyChangesIsDerivedAnew: what is only asked of results
// derives nothing anew, and an override only its application.
func TestOnlyWhatAPolicyChangesIsDerivedAnew(t *testing.T) {
	t.Parallel()
	catalogue, events := company()
	s := fresh(t, storetest.SQLite(t), catalogue)
	record(t, s, events)
	d := follow(s)
	first := derivedBy(t, s, d)
	held, err := d.Results(t.Context(), "default")
	if err != nil {
		t.Fatal(err)
	}
	policy := evenkeel.DefaultPolicy()
	policy.TimeZone, policy.WeekStart, policy.Benchmark, policy.Aggregation = "Europe/Berlin", time.Sunday, "none", evenkeel.AggregateP90
	policy.Unit, policy.Recovery, policy.Cadence = evenkeel.UnitCommit, evenkeel.RecoverFromDeployment, "weekly"
	save(t, s, policy)
	for id, rules := range derivedBy(t, s, d) {
		if rules != first[id] {
			t.Errorf("%s was derived anew for a time zone", id)
		}
	}
	slug, window := catalogue.Applications[0].Slug, time.Hour
	policy.Applications = map[string]evenkeel.Override{slug: {FailureWindow: &window}}
	save(t, s, policy)
	changed := 0
	for id, rules := range derivedBy(t, s, d) {
		if rules != first[id] {
			changed++
		}
		if is := held.Catalogue.Applications; rules != first[id] && slugOf(is, id) != slug {
			t.Errorf("%s was derived anew for an override of %s", id, slug)
		}
	}
	if changed != 1 {
		t.Errorf("%d applications were derived anew, want 1", changed)
	}
}

func slugOf(applications []evenkeel.Application, id string) string {
	for _, a := range applications {
		if a.ID == id {
			return a.Slug
		}
	}
	return ""
}

// TestAPolicyThatBeginsSomewhereBreaksTheSeries: what is older keeps the rules
// of then.
func TestAPolicyThatBeginsSomewhereBreaksTheSeries(t *testing.T) {
	t.Parallel()
	catalogue, events := company()
	s := fresh(t, storetest.SQLite(t), catalogue)
	record(t, s, events)
	d := follow(s)
	before := figures(t, d)
	policy := evenkeel.DefaultPolicy()
	policy.Environments = []evenkeel.EnvironmentRule{{Pattern: "production-of-nobody", Class: evenkeel.Production}}
	policy.EffectiveFrom = clock().AddDate(0, 0, -91)
	save(t, s, policy)
	broken := figures(t, d)
	results, err := d.Results(t.Context(), "default")
	if err != nil {
		t.Fatal(err)
	}
	ids := []string{}
	for id := range results.Derived {
		ids = append(ids, id)
	}
	breaks := results.Breaks(ids)
	if len(breaks) != 1 || !breaks[0].At.Equal(policy.EffectiveFrom) || breaks[0].Version != "1" || breaks[0].Note != "tried" {
		t.Fatalf("breaks: %+v", breaks)
	}
	for i, bucket := range broken.Series {
		old := before.Series[i].Frequency.Deployments
		switch {
		case bucket.To.Before(policy.EffectiveFrom) && bucket.Frequency.Deployments != old:
			t.Errorf("%s: %d deployments before the break, %d under the rules of then", bucket.From, bucket.Frequency.Deployments, old)
		case !bucket.From.Before(policy.EffectiveFrom) && bucket.Frequency.Deployments != 0:
			t.Errorf("%s: %d deployments after the break", bucket.From, bucket.Frequency.Deployments)
		}
	}
	if broken.Report.Frequency.Deployments == 0 || broken.Report.Frequency.Deployments >= before.Report.Frequency.Deployments {
		t.Errorf("%d deployments, %d without the break", broken.Report.Frequency.Deployments, before.Report.Frequency.Deployments)
	}
}
