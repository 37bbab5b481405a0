package jobs_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
)

// redAndBlue is a red and a blue team below one unit. Checkout was red's until
// March, blue's until May, and is red's again; search has always been blue's.
// Each is deployed at noon on the 15th of every month of 2026.
func redAndBlue() *jobs.Results {
	month := func(m time.Month) time.Time { return time.Date(2026, m, 1, 0, 0, 0, 0, time.UTC) }
	r := &jobs.Results{
		Catalogue: evenkeel.Catalogue{
			Groups:       []evenkeel.Group{{Slug: "unit"}, {Slug: "red", Parent: "unit"}, {Slug: "blue", Parent: "unit"}},
			Capabilities: []evenkeel.Group{{Slug: "sell"}, {Slug: "find", Parent: "sell"}},
			Applications: []evenkeel.Application{
				{ID: "c", Slug: "checkout", Group: "red", Capability: "sell", Owners: []evenkeel.Ownership{
					{Group: "red"}, {Group: "blue", From: month(time.March)}, {Group: "red", From: month(time.May)},
				}},
				{ID: "s", Slug: "search", Group: "blue", Capability: "find"},
			},
		},
		Derived: map[string]metrics.Derived{},
	}
	for _, a := range r.Catalogue.Applications {
		in := metrics.Input{Application: a.ID}
		for m := time.January; m <= time.December; m++ {
			id := a.Slug + m.String()
			in.Deployments = append(in.Deployments, evenkeel.Fact[evenkeel.Deployment]{
				ID: evenkeel.FactID(evenkeel.KindDeployment, id), Source: "test", ExternalID: id,
				Value: evenkeel.Deployment{Application: a.Slug, Environment: "production", Status: evenkeel.StatusSuccess, FinishedAt: month(m).Add(14*24*time.Hour + 12*time.Hour)},
			})
		}
		r.Derived[a.ID] = metrics.Derive(in, evenkeel.DefaultPolicy())
	}
	return r
}

func TestFiguresFollowOwnership(t *testing.T) {
	t.Parallel()
	r := redAndBlue()
	q := metrics.Query{Policy: evenkeel.DefaultPolicy(), Window: evenkeel.Window{From: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)}}
	for _, c := range []struct {
		scope jobs.Scope
		want  int
		why   string
	}{
		{jobs.Scope{}, 24, "everything"},
		{jobs.Scope{Application: "checkout"}, 12, "an application is itself, whoever owns it"},
		{jobs.Scope{Group: "red"}, 10, "checkout without March and April"},
		{jobs.Scope{Group: "blue"}, 14, "search, and checkout in March and April"},
		{jobs.Scope{Group: "unit"}, 24, "below the unit nothing is lost and nothing twice"},
		{jobs.Scope{Group: "red", Today: true}, 12, "checkout for all time"},
		{jobs.Scope{Group: "blue", Today: true}, 12, "search alone"},
		{jobs.Scope{Capability: "sell"}, 24, "both, one of them through a capability below"},
		{jobs.Scope{Capability: "find"}, 12, "search"},
	} {
		parts, err := r.Parts(c.scope)
		if err != nil {
			t.Fatal(err)
		}
		if got := metrics.Compute(q, parts...).Frequency.Deployments; got != c.want {
			t.Errorf("%+v: %d deployments, want %d: %s", c.scope, got, c.want, c.why)
		}
	}
	each := map[string]int{}
	for slug, parts := range r.HeldByEach(false) {
		each[slug] = metrics.Compute(q, parts...).Frequency.Deployments
	}
	if diff := cmp.Diff(map[string]int{"red": 10, "blue": 14}, each); diff != "" {
		t.Errorf("by each group: %s", diff)
	}
}

func TestScopesThatDoNotExist(t *testing.T) {
	t.Parallel()
	r := redAndBlue()
	for _, s := range []jobs.Scope{{Application: "x"}, {Group: "x"}, {Capability: "x"}} {
		if _, err := r.Parts(s); !errors.Is(err, evenkeel.ErrNotFound) {
			t.Errorf("%+v: %v", s, err)
		}
	}
	if _, err := r.Parts(jobs.Scope{Group: "red", Capability: "sell"}); !errors.Is(err, evenkeel.ErrInvalid) {
		t.Errorf("two scopes at once: %v", err)
	}
}
