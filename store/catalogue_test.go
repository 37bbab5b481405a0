package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/store"
)

func applyCatalogue(t testing.TB, w *store.Workspace, c evenkeel.Catalogue) {
	t.Helper()
	if err := w.ApplyCatalogue(t.Context(), c); err != nil {
		t.Fatal(err)
	}
}

// bySlug reads the applications and the catalogue's version.
func bySlug(t testing.TB, w *store.Workspace) (map[string]evenkeel.Application, int64) {
	t.Helper()
	c, version, err := w.Catalogue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]evenkeel.Application{}
	for _, a := range c.Applications {
		found[a.Slug] = a
	}
	return found, version
}

func TestACatalogueComesBackAsApplied(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		c := evenkeel.Catalogue{
			Groups: []evenkeel.Group{{Slug: "company", Name: "Company"}, {Slug: "team", Name: "Team", Parent: "company"}},
			Applications: []evenkeel.Application{
				{Slug: "pay", Name: "Pay", Group: "team", Tier: 1, Cadence: "daily", Lifecycle: "production", Claims: []string{"argo:pay", "repo:r//pay"}},
				{Slug: "shop", Name: "Shop"},
			},
		}
		applyCatalogue(t, w, c)
		got, version, err := w.Catalogue(t.Context())
		if err != nil || version != 1 {
			t.Errorf("version %d, %v", version, err)
		}
		if diff := cmp.Diff(c, got, cmpopts.IgnoreFields(evenkeel.Application{}, "ID")); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		before := revision(t, w)
		slices.Reverse(c.Applications)
		slices.Reverse(c.Groups)
		applyCatalogue(t, w, c)
		if _, again := bySlug(t, w); again != 1 || revision(t, w) != before {
			t.Errorf("the same catalogue made version %d and revision %d", again, revision(t, w))
		}
	})
}

func TestIDsOutliveNames(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		app := func(id, slug string) evenkeel.Application { return evenkeel.Application{ID: id, Slug: slug} }
		applyCatalogue(t, w, evenkeel.Catalogue{Applications: []evenkeel.Application{app("", "a"), app("", "b"), app("foreign", "c")}})
		first, _ := bySlug(t, w)
		a, b, c := first["a"].ID, first["b"].ID, first["c"].ID
		if a == b || a == "" || c == "foreign" || first["a"].Name != "a" {
			t.Fatalf("ids %+v", first)
		}
		steps := []struct {
			name  string
			given []evenkeel.Application
			want  map[string]string
		}{
			{"a renamed", []evenkeel.Application{app(a, "z"), app("", "b"), app("", "c")}, map[string]string{"z": a, "b": b, "c": c}},
			{"slugs swapped", []evenkeel.Application{app(a, "b"), app(b, "z"), app("", "c")}, map[string]string{"b": a, "z": b, "c": c}},
			{"c taken away", []evenkeel.Application{app("", "b"), app("", "z")}, map[string]string{"b": a, "z": b}},
			{"c back under its slug", []evenkeel.Application{app("", "b"), app("", "z"), app("", "c")}, map[string]string{"b": a, "z": b, "c": c}},
			{"a takes the slug of one taken away", []evenkeel.Application{app(a, "c")}, map[string]string{"c": a}},
		}
		for _, step := range steps {
			applyCatalogue(t, w, evenkeel.Catalogue{Applications: step.given})
			found, _ := bySlug(t, w)
			got := map[string]string{}
			for slug, one := range found {
				got[slug] = one.ID
			}
			if diff := cmp.Diff(step.want, got); diff != "" {
				t.Errorf("%s (-want +got)\n%s", step.name, diff)
			}
		}
	})
}

func TestRegisteringAddsAndNeverTakesAway(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		first := must[evenkeel.Application](t)(w.RegisterApplication(t.Context(), evenkeel.Application{Slug: "shop", Name: "Shop", Claims: []string{"repo:a"}}))
		more := must[evenkeel.Application](t)(w.RegisterApplication(t.Context(), evenkeel.Application{Slug: "shop", Name: "Other", Tier: 2, Claims: []string{"repo:b", "repo:a"}}))
		want := evenkeel.Application{ID: first.ID, Slug: "shop", Name: "Shop", Tier: 2, Claims: []string{"repo:a", "repo:b"}}
		if diff := cmp.Diff(want, more); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		before := revision(t, w)
		again := must[evenkeel.Application](t)(w.RegisterApplication(t.Context(), evenkeel.Application{Slug: "shop", Claims: []string{"repo:b"}}))
		if diff := cmp.Diff(want, again); diff != "" || revision(t, w) != before {
			t.Errorf("again, revision %d after %d (-want +got)\n%s", revision(t, w), before, diff)
		}
		register(t, w, "pay")
		if found, _ := bySlug(t, w); len(found) != 2 {
			t.Errorf("applications %+v", found)
		}
		if _, err := w.RegisterApplication(t.Context(), evenkeel.Application{Slug: "A"}); !isInvalid(err) {
			t.Errorf("a wrong slug: %v", err)
		}
		if _, err := w.RegisterApplication(t.Context(), evenkeel.Application{Slug: "x", Group: "none"}); !isInvalid(err) {
			t.Errorf("an unknown group: %v", err)
		}
	})
}

func TestWrongCataloguesSayEverythingThatIsWrong(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		err := w.ApplyCatalogue(t.Context(), evenkeel.Catalogue{
			Groups: []evenkeel.Group{{Slug: "a", Parent: "b"}, {Slug: "b", Parent: "a"}, {Slug: "c", Parent: "none"}, {Slug: "c"}, {Slug: "C"}},
			Applications: []evenkeel.Application{
				{Slug: "x", Group: "none", Tier: 9, Claims: []string{"nothing"}}, {Slug: "x"}, {Slug: "y", Name: "\x00"},
			},
		})
		if !isInvalid(err) {
			t.Fatalf("error %v", err)
		}
		for _, part := range []string{
			"groups[0].parent: group \"a\" would enclose itself", "groups[2].parent", "groups[3].slug", "groups[4].slug",
			"applications[0].group", "applications[0].tier", "applications[0].claims[0]", "applications[1].slug", "applications[2].name",
		} {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s is not told in: %v", part, err)
			}
		}
		if found, version := bySlug(t, w); len(found) != 0 || version != 0 {
			t.Errorf("a wrong catalogue was applied: %+v", found)
		}
	})
}

// TestMembershipIsWhatTheCatalogueSays compares which deployments each
// application has with Catalogue.Resolve, for random claims and subjects.
func TestMembershipIsWhatTheCatalogueSays(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		claims := []string{"repo:r/a", "repo:R/a", "repo:r/a//x", "repo:r/b//x/y", "github:o/a", "gitlab:o/a", "argo:a", "argo:b"}
		var events []evenkeel.Event
		subjects := map[string]evenkeel.Subject{}
		for i, d := range []evenkeel.Deployment{
			{Repository: "r/a"},
			{Repository: "r/b"},
			{Repository: "github.com/o/a"},
			{Origin: "github:o/a"},
			{Origin: "argo:a", Repository: "r/a"},
			{Origin: "argo:c", Repository: "r/b"},
			{Application: "one"},
			{Application: "two", Repository: "r/a"},
			{Application: "ghost"},
			{},
		} {
			events = append(events, event("ci", fmt.Sprint(i), noon, &d))
			subjects[fmt.Sprint(i)] = d.Subject()
		}
		run := 0
		rapid.Check(t, func(rt *rapid.T) {
			run++
			w := workspaceWith(t, s, fmt.Sprintf("w-%d", run))
			recordAll(rt, t, w, events)
			for range rapid.IntRange(1, 3).Draw(rt, "catalogues") {
				var c evenkeel.Catalogue
				for _, slug := range rapid.SliceOfDistinct(rapid.SampledFrom([]string{"one", "two", "three"}), rapid.ID).Draw(rt, "slugs") {
					c.Applications = append(c.Applications, evenkeel.Application{Slug: slug, Claims: rapid.SliceOfDistinct(rapid.SampledFrom(claims), rapid.ID).Draw(rt, slug)})
				}
				apply(rt, t, w, c)
			}
			c, _, err := w.Catalogue(t.Context())
			if err != nil {
				rt.Fatal(err)
			}
			for _, a := range c.Applications {
				want := []string{}
				for id, subject := range subjects {
					if slices.ContainsFunc(c.Resolve(subject), func(m evenkeel.Match) bool { return m.Application == a.ID }) {
						want = append(want, id)
					}
				}
				slices.Sort(want)
				if diff := cmp.Diff(want, idsOf(readFacts(t, w, a.ID).Deployments)); diff != "" {
					rt.Fatalf("%s (-want +got)\n%s", a.Slug, diff)
				}
			}
		})
	})
}
