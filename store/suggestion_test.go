package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/store"
)

// suggested is what a file says of an application.
func suggested(application string, aspect evenkeel.Aspect, value, path string) evenkeel.Suggestion {
	return evenkeel.Suggestion{
		Application: application, Aspect: aspect, Value: value, Confidence: evenkeel.ConfidenceStated, Method: "spec." + string(aspect), Status: evenkeel.SuggestionOpen,
		Source: evenkeel.SuggestionSource{Kind: evenkeel.SourceBackstage, Repository: repo, Path: path, Line: 7, Commit: "c0ffee"},
	}.Named()
}

func wholeRepository() []evenkeel.ReadScope {
	return []evenkeel.ReadScope{{Kind: evenkeel.SourceBackstage, Repository: repo}}
}

func keep(t *testing.T, w *store.Workspace, said ...evenkeel.Suggestion) evenkeel.SuggestionsKept {
	t.Helper()
	return must[evenkeel.SuggestionsKept](t)(w.KeepSuggestions(t.Context(), said, wholeRepository()))
}

// statuses are the suggestions by application, aspect and value.
func statuses(t *testing.T, w *store.Workspace) map[string]evenkeel.SuggestionStatus {
	t.Helper()
	found := map[string]evenkeel.SuggestionStatus{}
	for _, s := range must[[]evenkeel.Suggestion](t)(w.Suggestions(t.Context())) {
		found[s.Application+" "+string(s.Aspect)+" "+s.Value] = s.Status
	}
	return found
}

func TestSuggestionsAreKeptUntilTheirSourceSaysSomethingElse(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		owner, tier := suggested("shop", evenkeel.AspectOwner, "red", "a.yaml"), suggested("shop", evenkeel.AspectTier, "1", "a.yaml")
		before := revision(t, w)
		if got := keep(t, w, owner, tier, owner); got != (evenkeel.SuggestionsKept{Opened: 2}) {
			t.Errorf("first: %+v", got)
		}
		if got := keep(t, w, owner, tier); got != (evenkeel.SuggestionsKept{Known: 2}) {
			t.Errorf("again: %+v", got)
		}
		if after := revision(t, w); after != before {
			t.Errorf("keeping suggestions made revision %d of %d", after, before)
		}
		if c, _, err := w.Catalogue(t.Context()); err != nil || len(c.Applications)+len(c.Groups) != 0 {
			t.Errorf("keeping suggestions changed the catalogue: %+v, %v", c, err)
		}
		must[[]evenkeel.SuggestionOutcome](t)(w.DismissSuggestions(t.Context(), []string{owner.ID}, "person:ada", false))
		keep(t, w, owner, tier)
		moved := suggested("shop", evenkeel.AspectOwner, "red", "moved.yaml")
		keep(t, w, moved, tier)
		want := map[string]evenkeel.SuggestionStatus{"shop owner red": evenkeel.SuggestionDismissed, "shop tier 1": evenkeel.SuggestionOpen}
		if diff := cmp.Diff(want, statuses(t, w)); diff != "" {
			t.Errorf("dismissed, read again and moved (-want +got)\n%s", diff)
		}
		if got := keep(t, w, suggested("shop", evenkeel.AspectOwner, "blue", "moved.yaml")); got != (evenkeel.SuggestionsKept{Opened: 1, Withdrawn: 2}) {
			t.Errorf("another value: %+v", got)
		}
		keep(t, w, moved)
		if diff := cmp.Diff(map[string]evenkeel.SuggestionStatus{"shop owner red": evenkeel.SuggestionOpen}, statuses(t, w)); diff != "" {
			t.Errorf("the old value came back after another (-want +got)\n%s", diff)
		}
		elsewhere := []evenkeel.ReadScope{{Kind: evenkeel.SourceBackstage, Repository: "github.com/acme/other"}, {Kind: evenkeel.SourceBackstage, Repository: repo, Except: []string{"moved.yaml"}}}
		if got := must[evenkeel.SuggestionsKept](t)(w.KeepSuggestions(t.Context(), nil, elsewhere)); got != (evenkeel.SuggestionsKept{}) {
			t.Errorf("what was not read is forgotten: %+v", got)
		}
	})
}

func TestAcceptedSuggestionsHold(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		register(t, w, "shop")
		register(t, w, "pay")
		all := []evenkeel.Suggestion{
			suggested("shop", evenkeel.AspectOwner, "red", "a.yaml"), suggested("shop", evenkeel.AspectCapability, "money", "a.yaml"),
			suggested("shop", evenkeel.AspectTier, "1", "a.yaml"), suggested("shop", evenkeel.AspectLifecycle, "deprecated", "a.yaml"),
			suggested("shop", evenkeel.AspectRepository, "repo:"+repo, "a.yaml"), suggested("shop", evenkeel.AspectDependency, "pay", "a.yaml"),
		}
		all[0].Name, all[0].Parent = "The reds", "nowhere"
		keep(t, w, all...)
		ids := make([]string, len(all))
		for i, one := range all {
			ids[i] = one.ID
		}
		ctx := t.Context()
		without := must[[]evenkeel.SuggestionOutcome](t)(w.AcceptSuggestions(ctx, append([]string{"unknown"}, ids...), evenkeel.Acceptance{By: "person:ada"}))
		if !isNotFound(without[0].Refused) || len(without) != 7 {
			t.Errorf("an unknown suggestion: %+v", without[0])
		}
		wantFields(t, without[1].Refused, "group")
		wantFields(t, without[2].Refused, "capability")
		for _, o := range without[3:] {
			if o.Refused != nil {
				t.Errorf("%s: %v", o.Suggestion.Aspect, o.Refused)
			}
		}
		march := noon.AddDate(0, -1, 0)
		for _, o := range must[[]evenkeel.SuggestionOutcome](t)(w.AcceptSuggestions(ctx, ids, evenkeel.Acceptance{By: "person:ada", From: march, Create: true})) {
			if o.Refused != nil {
				t.Errorf("%s: %v", o.Suggestion.Aspect, o.Refused)
			}
		}
		c, _, err := w.Catalogue(ctx)
		if err != nil {
			t.Fatal(err)
		}
		shop, _ := bySlug(t, w)
		want := evenkeel.Application{
			ID: shop["shop"].ID, Slug: "shop", Name: "shop", Group: "red", Capability: "money", Tier: 1, Lifecycle: "deprecated", Claims: []string{"repo:" + repo},
			Owners: []evenkeel.Ownership{{}, {Group: "red", From: march}},
		}
		if diff := cmp.Diff(want, shop["shop"]); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		if diff := cmp.Diff([]evenkeel.Group{{Slug: "red", Name: "The reds"}}, c.Groups); diff != "" {
			t.Errorf("groups (-want +got)\n%s", diff)
		}
		if needs := must[evenkeel.Needs](t)(w.Needs(ctx)); len(needs["shop"]) != 1 || needs["shop"][0] != "pay" {
			t.Errorf("needs %v", needs)
		}
		before := revision(t, w)
		must[[]evenkeel.SuggestionOutcome](t)(w.AcceptSuggestions(ctx, ids, evenkeel.Acceptance{By: "person:ada", Create: true}))
		if after := revision(t, w); after != before {
			t.Errorf("accepting again made revision %d of %d", after, before)
		}
		for name, status := range statuses(t, w) {
			if status != evenkeel.SuggestionAccepted {
				t.Errorf("%s is %s", name, status)
			}
		}
		if got := keep(t, w); got != (evenkeel.SuggestionsKept{}) || len(statuses(t, w)) != len(all) {
			t.Errorf("decisions are forgotten with their source: %+v", got)
		}
	})
}

func TestOwnersAreAcceptedFromADay(t *testing.T) {
	t.Parallel()
	day := func(n int) time.Time { return noon.AddDate(0, 0, n) }
	for name, one := range map[string]struct {
		owners []evenkeel.Ownership
		how    evenkeel.Acceptance
		want   []evenkeel.Ownership
		wrong  bool
	}{
		"now":                                {nil, evenkeel.Acceptance{}, []evenkeel.Ownership{{}, {Group: "red", From: noon}}, false},
		"from a day":                         {nil, evenkeel.Acceptance{From: day(-3)}, []evenkeel.Ownership{{}, {Group: "red", From: day(-3)}}, false},
		"from the beginning":                 {nil, evenkeel.Acceptance{Beginning: true}, []evenkeel.Ownership{{Group: "red"}}, false},
		"after an owner":                     {[]evenkeel.Ownership{{Group: "blue"}}, evenkeel.Acceptance{From: day(-3)}, []evenkeel.Ownership{{Group: "blue"}, {Group: "red", From: day(-3)}}, false},
		"after two owners":                   {[]evenkeel.Ownership{{Group: "green"}, {Group: "blue", From: day(-9)}}, evenkeel.Acceptance{From: day(-3)}, []evenkeel.Ownership{{Group: "green"}, {Group: "blue", From: day(-9)}, {Group: "red", From: day(-3)}}, false},
		"before the owner of today":          {[]evenkeel.Ownership{{Group: "green"}, {Group: "blue", From: day(-9)}}, evenkeel.Acceptance{From: day(-9)}, nil, true},
		"in the future":                      {nil, evenkeel.Acceptance{From: day(1)}, nil, true},
		"from the beginning, after an owner": {[]evenkeel.Ownership{{Group: "blue"}}, evenkeel.Acceptance{Beginning: true}, nil, true},
		"in a year that cannot be kept":      {nil, evenkeel.Acceptance{From: time.Date(1969, 1, 1, 0, 0, 0, 0, time.UTC)}, nil, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, s *store.Store) {
				w := s.In("acme")
				app := evenkeel.Application{Slug: "shop", Owners: one.owners}
				if n := len(one.owners); n > 0 {
					app.Group = one.owners[n-1].Group
				}
				applyCatalogue(t, w, evenkeel.Catalogue{Groups: []evenkeel.Group{{Slug: "red"}, {Slug: "blue"}, {Slug: "green"}}, Applications: []evenkeel.Application{app}})
				owner := suggested("shop", evenkeel.AspectOwner, "red", "a.yaml")
				keep(t, w, owner)
				outcome := must[[]evenkeel.SuggestionOutcome](t)(w.AcceptSuggestions(t.Context(), []string{owner.ID}, one.how))[0]
				found, _ := bySlug(t, w)
				if one.wrong {
					wantFields(t, outcome.Refused, "from")
					if diff := cmp.Diff(app.Group, found["shop"].Group); diff != "" {
						t.Errorf("a refused owner owns: %s", diff)
					}
					return
				}
				if outcome.Refused != nil {
					t.Fatal(outcome.Refused)
				}
				if diff := cmp.Diff(one.want, found["shop"].Ownerships()); diff != "" {
					t.Errorf("(-want +got)\n%s", diff)
				}
			})
		})
	}
}

func TestContradictingSuggestionsAreNotAcceptedTogether(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		register(t, w, "shop")
		register(t, w, "other", "repo:"+repo)
		red, blue := suggested("shop", evenkeel.AspectOwner, "red", "a.yaml"), suggested("shop", evenkeel.AspectOwner, "blue", "b.yaml")
		tier, taken := suggested("shop", evenkeel.AspectTier, "2", "b.yaml"), suggested("shop", evenkeel.AspectRepository, "repo:"+repo, "b.yaml")
		keep(t, w, red, blue, tier, taken)
		how := evenkeel.Acceptance{By: "person:ada", Create: true}
		got := must[[]evenkeel.SuggestionOutcome](t)(w.AcceptSuggestions(t.Context(), []string{red.ID, blue.ID, tier.ID, taken.ID}, how))
		wantFields(t, got[0].Refused, "ids")
		wantFields(t, got[1].Refused, "ids")
		wantFields(t, got[3].Refused, "claims")
		found, _ := bySlug(t, w)
		if shop := found["shop"]; got[2].Refused != nil || shop.Group != "" || shop.Tier != 2 || len(shop.Claims) != 0 {
			t.Errorf("%v, %+v", got[2].Refused, shop)
		}
		if _, err := w.AcceptSuggestions(t.Context(), []string{blue.ID}, how); err != nil {
			t.Fatal(err)
		}
		if found, _ := bySlug(t, w); found["shop"].Group != "blue" {
			t.Errorf("%+v", found["shop"])
		}
	})
}

// TestSuggestionsFollowARenamedApplication also makes what is missing.
func TestSuggestionsFollowARenamedApplication(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		id := register(t, w, "shop")
		known := suggested("shop", evenkeel.AspectTier, "2", "a.yaml")
		known.ApplicationID = id
		aside := suggested("shop", evenkeel.AspectOwner, "red", "a.yaml")
		aside.ApplicationID = id
		unknown := suggested("bank", evenkeel.AspectTier, "3", "a.yaml")
		keep(t, w, known, unknown, aside)
		must[[]evenkeel.SuggestionOutcome](t)(w.DismissSuggestions(t.Context(), []string{aside.ID}, "person:ada", false))
		applyCatalogue(t, w, evenkeel.Catalogue{Applications: []evenkeel.Application{{ID: id, Slug: "store"}}})
		refusals := must[[]evenkeel.SuggestionOutcome](t)(w.AcceptSuggestions(t.Context(), []string{known.ID, unknown.ID}, evenkeel.Acceptance{By: "person:ada"}))
		if refusals[0].Refused != nil {
			t.Error(refusals[0].Refused)
		}
		wantFields(t, refusals[1].Refused, "application")
		if _, err := w.AcceptSuggestions(t.Context(), []string{unknown.ID}, evenkeel.Acceptance{By: "person:ada", Create: true}); err != nil {
			t.Fatal(err)
		}
		found, _ := bySlug(t, w)
		if found["store"].Tier != 2 || found["bank"].Tier != 3 {
			t.Errorf("%+v", found)
		}
		renamed := suggested("store", evenkeel.AspectOwner, "red", "a.yaml")
		renamed.ApplicationID = id
		keep(t, w, renamed, unknown)
		if got := statuses(t, w); got["store owner red"] != evenkeel.SuggestionDismissed || got["bank tier 3"] != evenkeel.SuggestionAccepted {
			t.Errorf("read again: %v", got)
		}
	})
}

// acceptOnce lets a workspace hold a decided suggestion.
func acceptOnce(ctx context.Context, w *store.Workspace) error {
	s := suggested("shop", evenkeel.AspectTier, "2", "a.yaml")
	_, err := w.KeepSuggestions(ctx, []evenkeel.Suggestion{s}, nil)
	_, again := w.AcceptSuggestions(ctx, []string{s.ID}, evenkeel.Acceptance{By: "person:ada"})
	return errors.Join(err, again)
}
