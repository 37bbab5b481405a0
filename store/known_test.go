package store_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/store"
)

// remembered is what readers saw of a workspace at an instant.
type remembered struct {
	Revision  int64
	Catalogue evenkeel.Catalogue
	Policy    string
	Facts     map[string]string
	Activity  map[string]evenkeel.Activity
	Entries   map[string]evenkeel.Entry
	// Lists are what lists of facts answered, by question.
	Lists map[string]string
}

// lister is what lists facts of now or then.
type lister interface {
	Deployments(ctx context.Context, f evenkeel.Filter) (evenkeel.Page[evenkeel.Fact[evenkeel.Deployment]], error)
	Changes(ctx context.Context, f evenkeel.Filter) (evenkeel.Page[evenkeel.Fact[evenkeel.Change]], error)
	Incidents(ctx context.Context, f evenkeel.Filter) (evenkeel.Page[evenkeel.Fact[evenkeel.Incident]], error)
	Dependencies(ctx context.Context, f evenkeel.Filter) (evenkeel.Page[evenkeel.Fact[evenkeel.Dependency]], error)
	Deployment(ctx context.Context, id string) (evenkeel.Fact[evenkeel.Deployment], error)
	Change(ctx context.Context, id string) (evenkeel.Fact[evenkeel.Change], error)
	Incident(ctx context.Context, id string) (evenkeel.Fact[evenkeel.Incident], error)
	Entries(ctx context.Context, f evenkeel.EntryFilter) (evenkeel.Page[evenkeel.Entry], error)
	EntriesByID(ctx context.Context, ids []string) (map[string]evenkeel.Entry, error)
	Facets(ctx context.Context, f evenkeel.EntryFilter) (evenkeel.Facets, error)
	Histogram(ctx context.Context, f evenkeel.EntryFilter, width time.Duration) ([]evenkeel.HistogramBar, error)
	Lineage(ctx context.Context, fact string) (evenkeel.Lineage, error)
	Trace(ctx context.Context, facts []string, window evenkeel.Window) (evenkeel.Trace, error)
	IncidentLinks(ctx context.Context, incident string) ([]evenkeel.IncidentLink, error)
}

// listFilters are what lists are narrowed to; of an application, every list is
// asked of each that is in the catalogue.
func listFilters() map[string]evenkeel.EntryFilter {
	return map[string]evenkeel.EntryFilter{
		"all": {}, "unclaimed": {Unclaimed: true}, "some kinds": {Kinds: []evenkeel.Kind{evenkeel.KindDeployment, evenkeel.KindChange}},
		"source": {Sources: []string{"ci"}}, "status": {Statuses: []string{"success", "merged"}}, "environment": {Environments: []string{"production"}},
		"text": {Query: "X/1"}, "repository": {Query: "R/ONE"}, "window": {Window: evenkeel.Window{From: noon.Add(-3 * time.Hour), To: noon.Add(3 * time.Hour)}},
		"application": {},
	}
}

// lists asks every list, narrowed as named, page by page, and every fact that
// is in them.
func lists(t *testing.T, l lister, c evenkeel.Catalogue, names []string) map[string]string {
	t.Helper()
	ctx, said := t.Context(), map[string]string{}
	say := func(question string, answer any, err error) {
		if err != nil {
			t.Fatalf("%s: %v", question, err)
		}
		text, err := json.Marshal(answer)
		if err != nil {
			t.Fatal(err)
		}
		said[question] = string(text)
	}
	one := func(question string, answer any, err error) {
		answer, err = missing(answer, err)
		say(question, answer, err)
	}
	filters := map[string]evenkeel.EntryFilter{}
	for _, name := range names {
		filters[name] = listFilters()[name]
	}
	if _, asked := filters["application"]; asked {
		delete(filters, "application")
		for _, a := range c.Applications {
			filters["of "+a.Slug] = evenkeel.EntryFilter{Applications: []string{a.ID}}
		}
	}
	kinds := map[string]evenkeel.Kind{}
	for name, f := range filters {
		f.Limit = 3
		for page, more := 0, true; more; page++ {
			found, err := l.Entries(ctx, f)
			for i := range found.Items {
				found.Items[i].Revision = 0
				kinds[found.Items[i].ID] = found.Items[i].Kind
			}
			say(fmt.Sprint("page ", page, " ", name), found, err)
			f.Cursor, more = found.Next, found.Next != ""
		}
		facets, err := l.Facets(ctx, f)
		say("facets "+name, facets, err)
		bars, err := l.Histogram(ctx, f, time.Hour)
		say("bars "+name, bars, err)
		plain := evenkeel.Filter{Applications: f.Applications, Window: f.Window, Limit: 2}
		if len(f.Environments) > 0 {
			plain.Environment = f.Environments[0]
		}
		deployments, err := l.Deployments(ctx, plain)
		say("deployments "+name, deployments, err)
		changes, err := l.Changes(ctx, plain)
		say("changes "+name, changes, err)
		incidents, err := l.Incidents(ctx, plain)
		say("incidents "+name, incidents, err)
		dependencies, err := l.Dependencies(ctx, plain)
		say("dependencies "+name, dependencies, err)
	}
	trace, err := l.Trace(ctx, slices.Sorted(maps.Keys(kinds)), evenkeel.Window{To: noon})
	say("trace", trace, err)
	for id, k := range kinds {
		lineage, err := l.Lineage(ctx, id)
		lineage.Entry.Revision = 0
		one("lineage "+id, lineage, err)
		switch k {
		case evenkeel.KindDeployment:
			d, err := l.Deployment(ctx, id)
			one("deployment "+id, d, err)
		case evenkeel.KindChange:
			c, err := l.Change(ctx, id)
			one("change "+id, c, err)
		case evenkeel.KindIncident:
			i, err := l.Incident(ctx, id)
			one("incident "+id, i, err)
			links, err := l.IncidentLinks(ctx, id)
			say("links "+id, links, err)
		default:
			_, err := l.Change(ctx, id)
			one("no change "+id, nil, err)
		}
	}
	return said
}

// factsAsText shows all that figures are derived from.
func factsAsText(t *testing.T, f evenkeel.ApplicationFacts) string {
	t.Helper()
	return factsText(t, f, nil) + string(must[[]byte](t)(json.Marshal([]any{f.Builds, f.Links, f.Guests})))
}

// present reads what is known now.
func present(t *testing.T, w *store.Workspace, narrowed []string) remembered {
	t.Helper()
	ctx := t.Context()
	c, _, err := w.Catalogue(ctx)
	if err != nil {
		t.Fatal(err)
	}
	r := remembered{
		Revision: must[int64](t)(w.Revision(ctx)), Catalogue: c, Policy: must[evenkeel.Policy](t)(w.Policy(ctx)).Version,
		Facts: map[string]string{}, Activity: must[map[string]evenkeel.Activity](t)(w.Activity(ctx)), Entries: map[string]evenkeel.Entry{},
	}
	for _, a := range c.Applications {
		r.Facts[a.ID] = factsAsText(t, readFacts(t, w, a.ID))
	}
	for _, e := range must[evenkeel.Page[evenkeel.Entry]](t)(w.Entries(ctx, evenkeel.EntryFilter{Limit: 500})).Items {
		e.Revision = 0
		r.Entries[e.ID] = e
	}
	r.Lists = lists(t, w, c, narrowed)
	return r
}

// past reads what was known at an instant; ids are those of all facts.
func past(t *testing.T, w *store.Workspace, at time.Time, ids, narrowed []string) remembered {
	t.Helper()
	ctx := t.Context()
	known := must[evenkeel.Known](t)(w.Known(ctx, at))
	r := remembered{
		Revision: known.Revision, Catalogue: must[evenkeel.Catalogue](t)(w.CatalogueAt(ctx, known.Revision)), Policy: known.Policy.Version,
		Facts: map[string]string{}, Activity: must[map[string]evenkeel.Activity](t)(w.ActivityAt(ctx, known.Revision)), Entries: map[string]evenkeel.Entry{},
	}
	for _, a := range r.Catalogue.Applications {
		r.Facts[a.ID] = factsAsText(t, must[evenkeel.ApplicationFacts](t)(w.FactsAt(ctx, a.ID, known.Revision)))
	}
	for id, e := range must[map[string]evenkeel.Entry](t)(w.At(known).EntriesByID(ctx, ids)) {
		e.Revision = 0
		r.Entries[id] = e
	}
	r.Lists = lists(t, w.At(known), r.Catalogue, narrowed)
	return r
}

// TestThePastIsWhatWasKnown records random histories step by step: late, out
// of order, repeated, corrected and deleted facts, edits of the catalogue and
// versions of the policy. What readers saw after each step is what is answered
// for that instant ever after, by the program that saw it and by another.
func TestThePastIsWhatWasKnown(t *testing.T) {
	t.Parallel()
	for name, dsn := range databases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			where, now := dsn(t), noon
			clock := func() time.Time { return now }
			s, other := openAt(t, where, clock), openAt(t, where, clock)
			run := 0
			rapid.Check(t, func(rt *rapid.T) {
				run++
				slug := fmt.Sprintf("past-%d", run)
				w := workspaceWith(t, s, slug)
				var instants []time.Time
				var seen []remembered
				ids := map[string]bool{}
				narrowed := rapid.SliceOfNDistinct(rapid.SampledFrom(slices.Sorted(maps.Keys(listFilters()))), 1, 2, rapid.ID).Draw(rt, "lists")
				for range rapid.IntRange(2, 7).Draw(rt, "steps") {
					now = now.Add(time.Minute)
					step(rt, t, w)
					instants, seen = append(instants, now), append(seen, present(t, w, narrowed))
					for id := range seen[len(seen)-1].Entries {
						ids[id] = true
					}
					look := rapid.IntRange(0, len(seen)-1).Draw(rt, "look back")
					compareKnown(rt, "while it goes on", seen[look], past(t, w, instants[look], slices.Sorted(maps.Keys(ids)), narrowed))
				}
				now = now.Add(time.Minute)
				for i, at := range instants {
					compareKnown(rt, "in the end", seen[i], past(t, w, at, slices.Sorted(maps.Keys(ids)), narrowed))
					compareKnown(rt, "in another process", seen[i], past(t, other.In(slug), at.Add(59*time.Second), slices.Sorted(maps.Keys(ids)), narrowed))
				}
				if r := past(t, w, instants[0].Add(-time.Microsecond), nil, narrowed); r.Revision != 0 || len(r.Catalogue.Applications)+len(r.Activity) != 0 {
					rt.Fatalf("before the first step: %+v", r)
				}
			})
		})
	}
}

func compareKnown(rt *rapid.T, what string, want, got remembered) {
	if diff := cmp.Diff(want, got); diff != "" {
		rt.Fatalf("%s: what was known has changed (-then +now)\n%s", what, diff)
	}
}

// step does one thing to a workspace.
func step(rt *rapid.T, t *testing.T, w *store.Workspace) {
	switch rapid.SampledFrom([]string{"record", "record", "record", "record", "catalogue", "policy", "link"}).Draw(rt, "step") {
	case "catalogue":
		apply(rt, t, w, rapid.SampledFrom(catalogues()).Draw(rt, "catalogue"))
	case "policy":
		p := evenkeel.DefaultPolicy()
		p.FailureWindow = time.Duration(rapid.IntRange(1, 4).Draw(rt, "hours")) * time.Hour
		if _, _, err := w.SavePolicy(t.Context(), evenkeel.PolicyChange{Policy: p, Author: "ada"}); err != nil {
			rt.Fatal(err)
		}
	case "link":
		blame(rt, t, w)
	default:
		recordAll(rt, t, w, rapid.SliceOfN(rapid.Custom(drawEvent), 1, 8).Draw(rt, "events"))
	}
}

// blame lays an incident to deployments, if there is one.
func blame(rt *rapid.T, t *testing.T, w *store.Workspace) {
	ctx := t.Context()
	incidents := must[evenkeel.Page[evenkeel.Fact[evenkeel.Incident]]](t)(w.Incidents(ctx, evenkeel.Filter{})).Items
	if len(incidents) == 0 {
		return
	}
	link := evenkeel.IncidentLink{Incident: rapid.SampledFrom(incidents).Draw(rt, "incident").ID, By: "ada"}
	for _, d := range must[evenkeel.Page[evenkeel.Fact[evenkeel.Deployment]]](t)(w.Deployments(ctx, evenkeel.Filter{})).Items {
		if rapid.Bool().Draw(rt, "blamed") {
			link.Deployments = append(link.Deployments, d.ID)
		}
	}
	if _, err := w.LinkIncident(ctx, link); err != nil {
		rt.Fatal(err)
	}
}

func TestACatalogueBeforeVersionsWereKeptIsAssumed(t *testing.T) {
	t.Parallel()
	for name, dsn := range bare() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			where, now := dsn(t), noon.Add(time.Hour)
			fields := []byte(`{"application":"shop"}`)
			err := store.CreateVersion1(t.Context(), where, store.Version1{
				Workspace: "acme", Fact: evenkeel.FactID(evenkeel.KindDeployment, "ci\x1fd1"), Source: "ci", ExternalID: "d1",
				Subject: evenkeel.Subject{Applications: []string{"shop"}}.String(), Digest: []byte("d"), Fields: fields, At: noon, Application: "shop",
			})
			if err != nil {
				t.Fatal(err)
			}
			w := openAt(t, where, func() time.Time { return now }).In("acme")
			known := must[evenkeel.Known](t)(w.Known(t.Context(), noon.Add(-time.Minute)))
			if !known.Assumed || known.Revision != 0 || !known.FirstAt.Equal(noon) {
				t.Errorf("before the first revision: %+v", known)
			}
			if c := must[evenkeel.Catalogue](t)(w.CatalogueAt(t.Context(), 0)); len(c.Applications) != 1 || c.Applications[0].Slug != "shop" {
				t.Errorf("the catalogue that stands in: %+v", c)
			}
			later := evenkeel.Catalogue{Applications: []evenkeel.Application{{Slug: "pay"}}}
			if err := w.ApplyCatalogue(t.Context(), later); err != nil {
				t.Fatal(err)
			}
			known = must[evenkeel.Known](t)(w.Known(t.Context(), noon))
			if known.Assumed || known.Revision != 1 {
				t.Errorf("at the revision whose catalogue was found: %+v", known)
			}
			if c := must[evenkeel.Catalogue](t)(w.CatalogueAt(t.Context(), 1)); len(c.Applications) != 1 || c.Applications[0].Slug != "shop" {
				t.Errorf("a later catalogue changed it: %+v", c)
			}
		})
	}
}

func TestRevisionsNeverGoBackInTime(t *testing.T) {
	t.Parallel()
	for name, dsn := range databases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := noon
			s := openAt(t, dsn(t), func() time.Time { return now })
			ensure(t, s, "acme")
			w := s.In("acme")
			record(t, w, deploy("ci", "1", evenkeel.Deployment{Application: "shop", FinishedAt: noon}))
			now = noon.Add(-time.Hour) // The clock is put back.
			record(t, w, deploy("ci", "2", evenkeel.Deployment{Application: "shop", FinishedAt: noon}))
			if known := must[evenkeel.Known](t)(w.Known(t.Context(), noon.Add(-time.Minute))); known.Revision != 0 {
				t.Errorf("a fact got into the past: %+v", known)
			}
			if known := must[evenkeel.Known](t)(w.Known(t.Context(), noon)); known.Revision != 2 {
				t.Errorf("at the last revision: %+v", known)
			}
		})
	}
}

func TestAnErasedPersonStaysErasedInThePast(t *testing.T) {
	t.Parallel()
	for name, dsn := range databases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := noon
			s := openAt(t, dsn(t), func() time.Time { return now })
			ensure(t, s, "acme")
			w := s.In("acme")
			reviewed := evenkeel.Change{Repository: repo, Number: 1, OpenedAt: noon, Reviews: []evenkeel.Review{{At: noon, State: "approved", Author: "ada"}}}
			id := evenkeel.FactID(evenkeel.KindChange, reviewed.Key("", ""))
			record(t, w, event("github", "1", noon, &reviewed))
			then := w.At(evenkeel.Known{At: noon, Revision: 1})
			before := must[map[string]evenkeel.Entry](t)(then.EntriesByID(t.Context(), []string{id}))[id]
			now = noon.Add(time.Hour)
			if done := must[evenkeel.Erased](t)(w.Erase(t.Context(), []string{"ada"})); done.Facts != 1 {
				t.Fatalf("erased: %+v", done)
			}
			after := must[map[string]evenkeel.Entry](t)(then.EntriesByID(t.Context(), []string{id}))[id]
			if want := withoutAuthor(string(before.Fields)); string(after.Fields) != want || want == string(before.Fields) {
				t.Errorf("as of before the erasure: %s, want %s", after.Fields, want)
			}
		})
	}
}

// pastReads are the methods that read the past.
func pastReads(ctx context.Context, application, fact string) map[string]func(w *store.Workspace) (any, error) {
	const last = 1 << 40
	return map[string]func(w *store.Workspace) (any, error){
		"Known": func(w *store.Workspace) (any, error) {
			known, err := w.Known(ctx, noon.Add(time.Hour))
			return known.Revision > 1, err
		},
		"CatalogueAt": func(w *store.Workspace) (any, error) { return w.CatalogueAt(ctx, last) },
		"FactsAt":     func(w *store.Workspace) (any, error) { return w.FactsAt(ctx, application, last) },
		"ActivityAt":  func(w *store.Workspace) (any, error) { return w.ActivityAt(ctx, last) },
		"At": func(w *store.Workspace) (any, error) {
			byID, err := w.At(evenkeel.Known{At: noon.Add(time.Hour), Revision: last}).EntriesByID(ctx, []string{fact})
			return byID, err
		},
	}
}

// TestEveryAnswerOfThePastIsOneOfThePresent keeps the two from growing apart:
// what can be asked of the past can be asked of now in the same words, and
// TestThePastIsWhatWasKnown asks all of it.
func TestEveryAnswerOfThePastIsOneOfThePresent(t *testing.T) {
	t.Parallel()
	past, asked := reflect.TypeFor[*store.Past](), reflect.TypeFor[lister]()
	for method := range past.Methods() {
		if _, ok := asked.MethodByName(method.Name); !ok {
			t.Errorf("Past.%s is asked of nobody in the test", method.Name)
		}
	}
	if n := past.NumMethod(); n != asked.NumMethod() {
		t.Errorf("Past has %d methods, the test asks %d", n, asked.NumMethod())
	}
}

func withoutAuthor(fields string) string {
	return regexp.MustCompile(`,?"author":"[0-9a-f]{16}"`).ReplaceAllString(fields, "")
}

// TestAListOfThenIsSearchedAsOneOfNow looks for letters whose capitals databases
// see differently, in a fact that has changed since and in one that has not.
func TestAListOfThenIsSearchedAsOneOfNow(t *testing.T) {
	t.Parallel()
	for name, dsn := range databases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := noon
			s := openAt(t, dsn(t), func() time.Time { return now })
			ensure(t, s, "acme")
			w := s.In("acme")
			status := func(id string, s evenkeel.DeploymentStatus) evenkeel.Event {
				return deploy("ci", id, evenkeel.Deployment{Application: "shop", Status: s, FinishedAt: noon})
			}
			record(t, w, status("ÄB 50%", evenkeel.StatusRunning), status("äb_2", evenkeel.StatusRunning), status("ab", evenkeel.StatusRunning))
			known := must[evenkeel.Known](t)(w.Known(t.Context(), noon))
			queries := []string{"äb", "Äb", "B 50%", "b_", "%", "ab", "", "no"}
			before := map[string][]evenkeel.Entry{}
			for _, q := range queries {
				before[q] = must[evenkeel.Page[evenkeel.Entry]](t)(w.Entries(t.Context(), evenkeel.EntryFilter{Query: q})).Items
			}
			if len(before["b_"]) != 1 || len(before["%"]) != 1 || len(before[""]) != 3 {
				t.Fatalf("the search itself: %v", before)
			}
			now = noon.Add(time.Hour)
			later := status("ÄB 50%", evenkeel.StatusSuccess)
			later.ObservedAt = now
			record(t, w, later, status("äb new", evenkeel.StatusRunning))
			for _, q := range queries {
				got := must[evenkeel.Page[evenkeel.Entry]](t)(w.At(known).Entries(t.Context(), evenkeel.EntryFilter{Query: q})).Items
				if diff := cmp.Diff(before[q], got); diff != "" {
					t.Errorf("%q (-then +now)\n%s", q, diff)
				}
			}
		})
	}
}
