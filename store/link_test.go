package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/store"
)

func say(t *testing.T, w *store.Workspace, link evenkeel.IncidentLink) evenkeel.IncidentLink {
	t.Helper()
	if link.By == "" {
		link.By = "person:ada"
	}
	return must[evenkeel.IncidentLink](t)(w.LinkIncident(t.Context(), link))
}

// linkOnce says that nothing caused the incident of someEvents.
func linkOnce(ctx context.Context, w *store.Workspace) error {
	_, err := w.LinkIncident(ctx, evenkeel.IncidentLink{Incident: evenkeel.FactID(evenkeel.KindIncident, "pager\x1fi1"), By: "local"})
	return err
}

func linked(incident string, deployments ...string) evenkeel.IncidentLink {
	return evenkeel.IncidentLink{Incident: incident, Deployments: deployments}
}

// threeShops registers three applications with a deployment each, and an
// incident of the first. Ids are by slug.
func threeShops(t *testing.T, w *store.Workspace) (applications, deployments map[string]string, incident string) {
	t.Helper()
	applications, deployments = map[string]string{}, map[string]string{}
	for i, slug := range []string{"shop", "pay", "other"} {
		applications[slug] = register(t, w, slug)
		record(t, w, deploy("ci", slug, evenkeel.Deployment{Application: slug, Environment: "production", Status: evenkeel.StatusSuccess, FinishedAt: hours(i)}))
		deployments[slug] = evenkeel.FactID(evenkeel.KindDeployment, "ci\x1f"+slug)
	}
	record(t, w, event("pager", "i", hours(5), &evenkeel.Incident{Application: "shop", OpenedAt: hours(4)}))
	return applications, deployments, evenkeel.FactID(evenkeel.KindIncident, "pager\x1fi")
}

func TestAWordReachesExactlyWhomItConcerns(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		apps, deployments, incident := threeShops(t, w)
		before := revision(t, w)
		say(t, w, linked(incident, deployments["pay"]))
		if diff := cmp.Diff([]string{"pay", "shop"}, touchedSince(t, w, before)); diff != "" {
			t.Errorf("touched by the word (-want +got)\n%s", diff)
		}
		for _, slug := range []string{"shop", "pay"} {
			if since := must[evenkeel.FactsDelta](t)(w.FactsSince(t.Context(), apps[slug], before, nil)); !since.Whole {
				t.Errorf("%s is not read anew: %+v", slug, since)
			}
		}
		pay := readFacts(t, w, apps["pay"])
		if len(pay.Incidents) != 1 || !pay.Guests[incident] || !slices.Equal(pay.Links[incident].Deployments, []string{deployments["pay"]}) {
			t.Errorf("pay: %+v, %+v, %+v", pay.Incidents, pay.Guests, pay.Links)
		}
		shop := readFacts(t, w, apps["shop"])
		if len(shop.Incidents) != 1 || shop.Guests[incident] || !shop.Foreign[deployments["pay"]] {
			t.Errorf("shop: %+v, %+v", shop.Guests, shop.Foreign)
		}
		if other := readFacts(t, w, apps["other"]); len(other.Incidents)+len(other.Links)+len(other.Guests) != 0 {
			t.Errorf("other: %+v", other)
		}
		// Whatever becomes of an end concerns the other end too.
		before = revision(t, w)
		record(t, w, deploy("ci", "pay", evenkeel.Deployment{Version: "2"}))
		if diff := cmp.Diff([]string{"pay", "shop"}, touchedSince(t, w, before)); diff != "" {
			t.Errorf("touched by the deployment (-want +got)\n%s", diff)
		}
		before = revision(t, w)
		record(t, w, event("pager", "i", hours(6), &evenkeel.Incident{MitigatedAt: hours(6)}))
		if diff := cmp.Diff([]string{"pay", "shop"}, touchedSince(t, w, before)); diff != "" {
			t.Errorf("touched by the incident (-want +got)\n%s", diff)
		}
		before = revision(t, w)
		say(t, w, linked(incident, deployments["other"]))
		if diff := cmp.Diff([]string{"other", "pay", "shop"}, touchedSince(t, w, before)); diff != "" {
			t.Errorf("touched by another word (-want +got)\n%s", diff)
		}
		if pay := readFacts(t, w, apps["pay"]); len(pay.Incidents) != 0 {
			t.Errorf("pay holds what was laid elsewhere: %+v", pay.Incidents)
		}
	})
}

// touchedSince lists the slugs of the applications that revisions touch.
func touchedSince(t *testing.T, w *store.Workspace, after int64) []string {
	t.Helper()
	catalogue, _ := bySlug(t, w)
	var slugs []string
	for slug, application := range catalogue {
		if slices.Contains(named(t, w, after), application.ID) {
			slugs = append(slugs, slug)
		}
	}
	slices.Sort(slugs)
	return slugs
}

func TestWordsAreOnlyAddedTo(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		_, deployments, incident := threeShops(t, w)
		first := say(t, w, evenkeel.IncidentLink{Incident: incident, Deployments: []string{deployments["shop"], deployments["pay"], deployments["shop"]}, Reason: "the release notes say so"})
		if len(first.Deployments) != 2 || !slices.IsSorted(first.Deployments) || first.At.IsZero() {
			t.Errorf("as kept: %+v", first)
		}
		before := revision(t, w)
		again := first
		again.By = "person:bob"
		if got := say(t, w, again); !cmp.Equal(got, first) || revision(t, w) != before {
			t.Errorf("said again: %+v", got)
		}
		none := say(t, w, evenkeel.IncidentLink{Incident: incident, Reason: "a cable was cut"})
		withdrawn := say(t, w, evenkeel.IncidentLink{Incident: incident, Deployments: []string{"ignored"}, Withdrawn: true})
		list := must[[]evenkeel.IncidentLink](t)(w.IncidentLinks(t.Context(), incident))
		if diff := cmp.Diff([]evenkeel.IncidentLink{withdrawn, none, first}, list); diff != "" {
			t.Errorf("last first (-want +got)\n%s", diff)
		}
		if _, err := w.LinkIncident(t.Context(), evenkeel.IncidentLink{Incident: incident, Withdrawn: true, By: "person:ada"}); !errors.Is(err, evenkeel.ErrConflict) {
			t.Errorf("withdrawn twice: %v", err)
		}
	})
}

func TestWrongWords(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		_, deployments, incident := threeShops(t, w)
		before := revision(t, w)
		long := make([]string, 51)
		for i := range long {
			long[i] = fmt.Sprintf("%020d", i)
		}
		for name, link := range map[string]evenkeel.IncidentLink{
			"deployments[0]": {Incident: incident, Deployments: []string{"0", deployments["pay"]}, By: "a"},
			"deployments":    {Incident: incident, Deployments: long, By: "a"},
			"reason":         {Incident: incident, Reason: strings.Repeat("x", 1001), By: "a"},
			"by":             {Incident: incident},
		} {
			_, err := w.LinkIncident(t.Context(), link)
			var broken evenkeel.FieldErrors
			if !errors.As(err, &broken) || broken[0].Field != name {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := w.LinkIncident(t.Context(), evenkeel.IncidentLink{Incident: deployments["pay"], By: "a"}); !isNotFound(err) {
			t.Errorf("a deployment as an incident: %v", err)
		}
		if _, err := s.In("nowhere").LinkIncident(t.Context(), evenkeel.IncidentLink{Incident: incident, By: "a"}); !isNotFound(err) {
			t.Errorf("no workspace: %v", err)
		}
		if revision(t, w) != before {
			t.Error("something was kept")
		}
	})
}

func TestAWordDoesNotChangeWhatWasKnown(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		apps, deployments, incident := threeShops(t, w)
		silent := revision(t, w)
		say(t, w, linked(incident, deployments["pay"]))
		spoken := revision(t, w)
		say(t, w, evenkeel.IncidentLink{Incident: incident, Withdrawn: true})
		at := func(application string, revision int64) evenkeel.ApplicationFacts {
			return must[evenkeel.ApplicationFacts](t)(w.FactsAt(t.Context(), apps[application], revision))
		}
		if f := at("pay", silent); len(f.Incidents)+len(f.Links) != 0 {
			t.Errorf("before the word: %+v", f.Links)
		}
		if f := at("pay", spoken); len(f.Incidents) != 1 || f.Links[incident].Withdrawn || !f.Guests[incident] {
			t.Errorf("after the word: %+v, %+v", f.Links, f.Guests)
		}
		if f := at("shop", spoken); !f.Foreign[deployments["pay"]] {
			t.Errorf("after the word: %+v", f.Foreign)
		}
		if f := readFacts(t, w, apps["shop"]); !f.Links[incident].Withdrawn {
			t.Errorf("now: %+v", f.Links)
		}
	})
}

func TestErasingWhoLinked(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		_, deployments, incident := threeShops(t, w)
		say(t, w, evenkeel.IncidentLink{Incident: incident, Deployments: []string{deployments["pay"]}, By: "person:Ada", Reason: "seen in the log"})
		say(t, w, evenkeel.IncidentLink{Incident: incident, By: "token:ci", Reason: "ada says no"})
		before := revision(t, w)
		if done := must[evenkeel.Erased](t)(w.Erase(t.Context(), []string{"ada"})); done != (evenkeel.Erased{Links: 2}) {
			t.Errorf("erased %+v", done)
		}
		if revision(t, w) == before {
			t.Error("no revision tells of it")
		}
		var got []string
		for _, l := range must[[]evenkeel.IncidentLink](t)(w.IncidentLinks(t.Context(), incident)) {
			got = append(got, fmt.Sprint(l.By, ", ", l.Reason, ", ", len(l.Deployments)))
		}
		if diff := cmp.Diff([]string{"token:ci, erased, 0", "erased, seen in the log, 1"}, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		if again := must[evenkeel.Erased](t)(w.Erase(t.Context(), []string{"ada"})); again != (evenkeel.Erased{}) {
			t.Errorf("again: %+v", again)
		}
	})
}

func TestAClaimMovesWhatAWordNames(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		shop, pay := register(t, w, "shop", "argo:shop"), register(t, w, "pay", "argo:pay")
		record(t, w,
			deploy("ci", "d", evenkeel.Deployment{Origin: "argo:pay", Environment: "production", Status: evenkeel.StatusSuccess, FinishedAt: noon}),
			event("pager", "i", noon, &evenkeel.Incident{Origin: "argo:shop", OpenedAt: noon.Add(time.Hour)}))
		incident, deployment := evenkeel.FactID(evenkeel.KindIncident, "pager\x1fi"), evenkeel.FactID(evenkeel.KindDeployment, "ci\x1fd")
		say(t, w, linked(incident, deployment))
		if f := readFacts(t, w, shop); !f.Foreign[deployment] {
			t.Errorf("before: %+v", f.Foreign)
		}
		before := revision(t, w)
		applyCatalogue(t, w, evenkeel.Catalogue{Applications: []evenkeel.Application{{Slug: "shop", Claims: []string{"argo:shop", "argo:pay"}}, {Slug: "pay"}}})
		if got := touchedSince(t, w, before); !slices.Contains(got, "shop") || !slices.Contains(got, "pay") {
			t.Errorf("touched: %v", got)
		}
		if f := readFacts(t, w, shop); f.Foreign[deployment] || len(f.Deployments) != 1 {
			t.Errorf("after: %+v", f.Foreign)
		}
		if f := readFacts(t, w, pay); len(f.Incidents) != 0 {
			t.Errorf("pay still holds %+v", f.Incidents)
		}
	})
}
