package demo_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/demo"
)

// fingerprint is a digest of everything a store would keep.
func fingerprint(t *testing.T, events []evenkeel.Event) string {
	t.Helper()
	hash := sha256.New()
	encoder := json.NewEncoder(hash)
	for _, e := range events {
		o, err := e.Observe()
		if err != nil {
			t.Fatal(err)
		}
		if err := encoder.Encode([]any{e.Kind, e.Source, e.ID, o}); err != nil {
			t.Fatal(err)
		}
	}
	return hex.EncodeToString(hash.Sum(nil))
}

func small(seed uint64, now time.Time) *facts {
	return gather(demo.New(demo.Options{Seed: seed, Now: now, Scale: 0.12}))
}

func TestOneSeedAndOneInstantGiveOneWorld(t *testing.T) {
	t.Parallel()
	want := fingerprint(t, small(7, now).events)
	world := demo.New(demo.Options{Seed: 7, Now: now.In(time.FixedZone("elsewhere", 3600)), Scale: 0.12})
	for _, again := range []string{"another world", "the same world read twice"} {
		if got := fingerprint(t, gather(world).events); got != want {
			t.Errorf("%s: fingerprint %s, want %s", again, got, want)
		}
	}
	if got := fingerprint(t, small(8, now).events); got == want {
		t.Error("another seed gives the same events")
	}
	if got := fingerprint(t, small(7, now.Add(9*day)).events); got == want {
		t.Error("another instant gives the same events")
	}
}

const day = 24 * time.Hour

// sample is a world and the instant at which it ends.
type sample struct {
	end   time.Time
	facts func() *facts
}

// worlds are the full year and small ones that end on awkward days.
func worlds() map[string]sample {
	all := map[string]sample{"the full year": {now, year}}
	for name, end := range map[string]time.Time{
		"a year that ends on New Year's Day":   time.Date(2027, time.January, 1, 0, 0, 0, 0, time.UTC),
		"a year that ends on a Sunday night":   time.Date(2026, time.March, 15, 23, 59, 59, 0, time.UTC),
		"a year that ends on a leap day":       time.Date(2028, time.February, 29, 12, 0, 0, 1, time.UTC),
		"a year that ends during the freeze":   time.Date(2025, time.December, 27, 9, 0, 0, 0, time.UTC),
		"a year that ends on a working Monday": time.Date(2026, time.September, 7, 10, 30, 0, 0, time.UTC),
		"a year that ends during a release":    time.Date(2026, time.September, 10, 17, 5, 0, 0, time.UTC),
	} {
		all[name] = sample{end, func() *facts { return small(uint64(end.Unix()), end) }}
	}
	return all
}

func TestEventsAreCompleteValidAndInOrder(t *testing.T) {
	t.Parallel()
	for name, world := range worlds() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkEvents(t, world.facts().events)
		})
	}
}

func checkEvents(t *testing.T, events []evenkeel.Event) {
	t.Helper()
	var last time.Time
	for _, e := range events {
		completed := e.Complete(now)
		if err := completed.Validate(); err != nil {
			t.Fatalf("%s %s: %v", e.Kind, e.ID, err)
		}
		if !completed.ObservedAt.Equal(e.ObservedAt) || e.ObservedAt.Nanosecond() != 0 {
			t.Fatalf("%s %s: observed at %v, which is unset or not a whole second", e.Kind, e.ID, e.ObservedAt)
		}
		if e.ObservedAt.Before(last) {
			t.Fatalf("%s %s arrives at %v, after %v", e.Kind, e.ID, e.ObservedAt, last)
		}
		last = e.ObservedAt
	}
}

func TestNothingIsKnownThatHasNotHappened(t *testing.T) {
	t.Parallel()
	for name, w := range worlds() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, e := range w.facts().events {
				for _, at := range instants(e.Payload) {
					if at.After(e.ObservedAt) {
						t.Fatalf("%s %s: tells of %v, but was observed at %v", e.Kind, e.ID, at, e.ObservedAt)
					}
				}
				if e.ObservedAt.After(w.end) {
					t.Fatalf("%s %s: observed at %v, after %v", e.Kind, e.ID, e.ObservedAt, w.end)
				}
			}
		})
	}
}

// instants are those that are told by the server's clock.
func instants(p evenkeel.Payload) []time.Time {
	switch p := p.(type) {
	case *evenkeel.Deployment:
		return []time.Time{p.StartedAt, p.FinishedAt}
	case *evenkeel.Change:
		list := []time.Time{p.OpenedAt, p.ReadyAt, p.FirstReviewAt, p.ApprovedAt, p.MergedAt, p.ClosedAt}
		for _, r := range p.Reviews {
			list = append(list, r.At)
		}
		return list
	case *evenkeel.Commit:
		return []time.Time{p.CommittedAt}
	case *evenkeel.Incident:
		return []time.Time{p.OpenedAt, p.DetectedAt, p.AcknowledgedAt, p.MitigatedAt, p.ResolvedAt, p.ReopenedAt}
	}
	return nil
}

func TestLaterOnTheSameDayOnlyMoreIsKnown(t *testing.T) {
	t.Parallel()
	evening := small(7, now.Truncate(day).Add(23*time.Hour))
	for i, d := range evening.deployments {
		during := d.StartedAt.Add(2 * time.Second)
		if d.Status != evenkeel.StatusSuccess || d.StartedAt.Before(now.Truncate(day)) || during.After(d.FinishedAt) {
			continue
		}
		earlier := small(7, during)
		at := slices.Index(earlier.ids, evening.ids[i])
		if at < 0 {
			t.Fatalf("%s is not known while it runs", evening.ids[i])
		}
		if then := earlier.deployments[at]; then.Status != evenkeel.StatusRunning || then.Commit != d.Commit || !then.FinishedAt.IsZero() {
			t.Fatalf("%s is %s while it runs", evening.ids[i], then.Status)
		}
		for key, c := range earlier.changes {
			if c.State == evenkeel.ChangeMerged && !cmp.Equal(c, evening.changes[key]) {
				t.Fatalf("%q differs later on the day:\n%s", key, cmp.Diff(c, evening.changes[key]))
			}
		}
		return
	}
	t.Error("nothing was deployed on the last day")
}

func TestDeploymentIDsAreUnique(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, id := range year().ids {
		if seen[id] {
			t.Fatalf("two deployments are called %s", id)
		}
		seen[id] = true
	}
}

func TestTheCompanyIsLargeEnough(t *testing.T) {
	t.Parallel()
	f := year()
	merged := 0
	for _, c := range f.changes {
		if !c.MergedAt.IsZero() {
			merged++
		}
	}
	depth := map[string]int{"": -1}
	groups := map[int]int{}
	for _, g := range f.catalogue.Groups {
		depth[g.Slug] = depth[g.Parent] + 1
		groups[depth[g.Slug]]++
	}
	got := map[string]int{"applications": len(f.catalogue.Applications), "changes": len(f.changes), "units": groups[1], "teams": groups[2], "incidents": len(f.incidents), "merged changes": merged}
	for name, least := range map[string]int{"applications": 32, "changes": 20000, "merged changes": 19000, "units": 3, "teams": 9, "incidents": 400} {
		if got[name] < least {
			t.Errorf("%d %s, want at least %d", got[name], name, least)
		}
	}
	if diff := cmp.Diff(1, groups[0]); diff != "" {
		t.Errorf("companies (-want +got):\n%s", diff)
	}
}

func TestCatalogueIsSound(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]evenkeel.Catalogue{
		"demo":       demo.New(demo.Options{Now: now}).Catalogue,
		"large":      demo.Large(100_000, 1, now).Catalogue,
		"enterprise": demo.Enterprise(10_000, 1, now).Catalogue,
	} {
		groups, slugs, tiers := map[string]bool{"": true}, map[string]bool{}, map[evenkeel.Tier]bool{}
		for _, g := range c.Groups {
			if !groups[g.Parent] || groups[g.Slug] || !evenkeel.ValidSlug(g.Slug) {
				t.Errorf("%s: group %q below %q is repeated, misnamed or comes before its parent", name, g.Slug, g.Parent)
			}
			groups[g.Slug] = true
		}
		for _, a := range c.Applications {
			if !groups[a.Group] || slugs[a.Slug] || !evenkeel.ValidSlug(a.Slug) || a.ID != a.Slug {
				t.Errorf("%s: application %q of %q is repeated, misnamed or without its group", name, a.Slug, a.Group)
			}
			slugs[a.Slug], tiers[a.Tier] = true, true
			for _, claim := range a.Claims {
				if _, err := evenkeel.ParseClaim(claim); err != nil {
					t.Errorf("%s: application %q: %v", name, a.Slug, err)
				}
			}
		}
		for tier := range evenkeel.Tier(5) {
			if !tiers[tier] && (name == "demo" || tier > 0) {
				t.Errorf("%s: no application has tier %d", name, tier)
			}
		}
	}
}

func TestDependenciesNameApplications(t *testing.T) {
	t.Parallel()
	slugs := map[string]bool{}
	for _, a := range year().catalogue.Applications {
		slugs[a.Slug] = true
	}
	bases := map[evenkeel.Basis]int{}
	for _, e := range year().events {
		if d, ok := e.Payload.(*evenkeel.Dependency); ok {
			bases[d.Basis]++
			if !slugs[d.From] || !slugs[d.To] {
				t.Errorf("dependency %s > %s names an unknown application", d.From, d.To)
			}
		}
	}
	if bases[evenkeel.BasisDeclared] < 20 || bases[evenkeel.BasisObserved] < 10 {
		t.Errorf("dependencies by basis: %v, want at least 20 declared and 10 observed", bases)
	}
}

func TestFactsNameNoPersons(t *testing.T) {
	t.Parallel()
	for _, c := range year().changes {
		for _, r := range c.Reviews {
			if !strings.HasPrefix(r.Author, "reviewer-") {
				t.Fatalf("review by %q", r.Author)
			}
		}
	}
}
