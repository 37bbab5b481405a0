package store_test

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/store"
)

// besideEvents are of the kinds that surround what figures are made of.
func besideEvents() []evenkeel.Event {
	on := true
	return []evenkeel.Event{
		event("github", "b1", hours(2), &evenkeel.Build{Repository: repo, Commit: sha("b"), Pipeline: "ci.yml", Attempt: 1, StartedAt: hours(1), FinishedAt: hours(2), Result: evenkeel.BuildSuccess}),
		event("jira", "W-1", hours(6), &evenkeel.WorkItem{Application: "shop", Type: evenkeel.WorkBug, State: evenkeel.WorkClosed, OpenedAt: hours(1), ClosedAt: hours(6), DueAt: hours(9)}),
		event("flags", "f1", hours(7), &evenkeel.FlagChange{Application: "shop", Environment: "production", Flag: "new-cart", Action: evenkeel.FlagEnabled, After: &evenkeel.FlagState{On: &on}, At: hours(7)}),
		event("scan", "e1", hours(8), &evenkeel.Evidence{Repository: repo, Check: "licences", Result: evenkeel.EvidencePass, At: hours(8)}),
	}
}

func TestEntriesShowEveryKindOfRow(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		record(t, w, append(someEvents(), besideEvents()...)...)
		record(t, w, event("pager", "i2", hours(9), &evenkeel.Incident{Repository: repo, Severity: "low", OpenedAt: hours(9)}))
		type shown struct{ Kind, Source, ID, At, Environment, Status, Repository, Subject string }
		var got []shown
		for _, e := range must[evenkeel.Page[evenkeel.Entry]](t)(w.Entries(t.Context(), evenkeel.EntryFilter{})).Items {
			got = append(got, shown{string(e.Kind), e.Source, e.ExternalID, e.At.Sub(noon).String(), e.Environment, e.Status, e.Repository, strings.TrimPrefix(e.Subject.String(), "origin:\x1f")})
			if !json.Valid(e.Fields) || !e.ReceivedAt.Equal(noon) || e.Revision == 0 {
				t.Errorf("%s: %s, received %v, revision %d", e.ExternalID, e.Fields, e.ReceivedAt, e.Revision)
			}
			if one, err := w.Entry(t.Context(), e.ID); err != nil || gocmp.Diff(e, one) != "" {
				t.Errorf("%s by id: %+v, %v", e.ExternalID, one, err)
			}
		}
		want := []shown{
			{"incident", "pager", "i2", "9h0m0s", "", "low", repo, repo},
			{"evidence", "scan", "e1", "8h0m0s", "", "pass", repo, repo},
			{"flag_change", "flags", "f1", "7h0m0s", "production", "enabled", "", "app:shop"},
			{"work_item", "jira", "W-1", "6h0m0s", "", "closed", "", "app:shop"},
			{"incident", "pager", "i1", "4h0m0s", "", "", "", "app:shop"},
			{"deployment", "ci", "d1", "3h0m0s", "production", "success", repo, "app:shop"},
			{"build", "github", "b1", "2h0m0s", "", "success", repo, repo},
			{"change", "github", "1", "2h0m0s", "", "merged", repo, repo},
			{"dependency", "cfg", "dep", "1h0m0s", "", "", "", "app:shop"},
		}
		order := func(a, b shown) int { return cmp.Or(-cmp.Compare(a.At, b.At), cmp.Compare(a.Kind, b.Kind)) }
		slices.SortStableFunc(got, order) // Facts of one instant come in the order of their ids.
		if diff := gocmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		for _, id := range []string{"", "none", "\x00"} {
			if _, err := w.Entry(t.Context(), id); !isNotFound(err) {
				t.Errorf("entry %q: %v", id, err)
			}
		}
	})
}

func TestWhatSurroundsChangesNoFigure(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		id := register(t, w, "shop", "repo:"+repo)
		record(t, w, someEvents()...)
		before := must[evenkeel.ApplicationFacts](t)(w.Facts(t.Context(), id))
		activity := must[map[string]evenkeel.Activity](t)(w.Activity(t.Context()))[id]
		beside := slices.DeleteFunc(besideEvents(), func(e evenkeel.Event) bool { return e.Kind == evenkeel.KindBuild })
		done := record(t, w, beside...)
		if done.Facts != 3 || done.Revision != before.Revision+1 {
			t.Errorf("recorded: %+v", done)
		}
		revisions := must[[]evenkeel.Revision](t)(w.Revisions(t.Context(), before.Revision, 10))
		want := []evenkeel.Kind{evenkeel.KindWorkItem, evenkeel.KindFlagChange, evenkeel.KindEvidence}
		if len(revisions) != 1 || len(revisions[0].Applications) != 0 || gocmp.Diff(want, revisions[0].Kinds) != "" {
			t.Errorf("revisions: %+v", revisions)
		}
		if touched := must[map[string]int64](t)(w.Touched(t.Context(), before.Revision)); len(touched) != 0 {
			t.Errorf("touched: %v", touched)
		}
		if diff := gocmp.Diff(map[string]int64{id: before.Revision}, must[map[string]int64](t)(w.Touched(t.Context(), 0))); diff != "" {
			t.Errorf("touched (-want +got)\n%s", diff)
		}
		after := must[evenkeel.ApplicationFacts](t)(w.Facts(t.Context(), id))
		after.Revision = before.Revision
		if diff := gocmp.Diff(before, after, byCommits()); diff != "" {
			t.Errorf("facts (-before +after)\n%s", diff)
		}
		now := must[map[string]evenkeel.Activity](t)(w.Activity(t.Context()))[id]
		for i, kind := range want {
			activity.Facts[kind], activity.Last[kind] = 1, hours(6+i)
		}
		activity.LastAt = hours(8)
		if diff := gocmp.Diff(activity, now); diff != "" {
			t.Errorf("activity (-want +got)\n%s", diff)
		}
	})
}

// TestIncidentsOfARepository follows incidents that are kept beside the code:
// they belong to whoever claims the repository, as deployments do.
func TestIncidentsOfARepository(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		incident := event("github", "7", hours(1), &evenkeel.Incident{Repository: repo, OpenedAt: hours(1)})
		record(t, w, incident)
		unclaimed := must[[]evenkeel.UnclaimedSubject](t)(w.Unclaimed(t.Context()))
		if len(unclaimed) != 1 || unclaimed[0].Subject.Repository != repo || unclaimed[0].Facts != 1 {
			t.Errorf("unclaimed: %+v", unclaimed)
		}
		shop, pay := register(t, w, "shop", "repo:"+repo+"//shop"), register(t, w, "pay", "repo:"+repo+"//pay", "pagerduty:P1")
		for _, id := range []string{shop, pay} {
			if f := readFacts(t, w, id); len(f.Incidents) != 1 || !f.Incidents[0].Shared {
				t.Errorf("incidents: %+v", f.Incidents)
			}
		}
		if left := must[[]evenkeel.UnclaimedSubject](t)(w.Unclaimed(t.Context())); len(left) != 0 {
			t.Errorf("unclaimed: %+v", left)
		}
		before := must[int64](t)(w.Revision(t.Context()))
		record(t, w, event("pagerduty", "8", hours(2), &evenkeel.Incident{Origin: "pagerduty:P1", Repository: repo, OpenedAt: hours(2)}))
		named := must[[]evenkeel.Revision](t)(w.Revisions(t.Context(), before, 10))
		if len(named) != 1 || gocmp.Diff([]string{pay}, named[0].Applications) != "" {
			t.Errorf("an incident of a service: %+v", named)
		}
		// A deployment from a repository makes new commits there concern it; an
		// incident does not.
		if n := len(mentions(t, w)); n != 0 {
			t.Errorf("%d mentions of deployments", n)
		}
	})
}

// mentions lists the applications that a new commit of the repository concerns.
func mentions(t *testing.T, w *store.Workspace) []string {
	t.Helper()
	before := must[int64](t)(w.Revision(t.Context()))
	record(t, w, event("git", sha("c"), hours(3), &evenkeel.Commit{Repository: repo, SHA: sha("c"), CommittedAt: hours(3)}))
	var named []string
	for _, r := range must[[]evenkeel.Revision](t)(w.Revisions(t.Context(), before, 10)) {
		named = append(named, r.Applications...)
	}
	return named
}

// TestExploring compares lists and counts with a walk over all entries.
func TestExploring(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		shop, pay := register(t, w, "shop", "repo:r/one"), register(t, w, "pay", "ci:pay", "repo:r/one")
		members := map[string][]string{"app:shop": {shop}, "app:pay": {pay}, "origin:\x1fr/one": {shop, pay}, "origin:ci:pay\x1f": {pay}, "origin:ci:pay\x1fr/one": {pay}, "origin:ci:pay\x1fr/two": {pay}}
		rapid.Check(t, func(rt *rapid.T) {
			if _, err := w.Record(t.Context(), rapid.SliceOfN(rapid.Custom(drawEvent), 1, 20).Draw(rt, "events")); err != nil {
				rt.Fatal(err)
			}
			all := pagesOf(rt, t, w, evenkeel.EntryFilter{Limit: 500})
			f := drawFilter(rt, []string{shop, pay, "none"})
			checkExplored(rt, t, w, all, f, members)
		})
	})
}

func pagesOf(rt *rapid.T, t *testing.T, w *store.Workspace, f evenkeel.EntryFilter) (all []evenkeel.Entry) {
	for {
		page, err := w.Entries(t.Context(), f)
		if err != nil {
			rt.Fatal(err)
		}
		all = append(all, page.Items...)
		if f.Cursor = page.Next; page.Next == "" {
			return all
		}
	}
}

func drawFilter(rt *rapid.T, applications []string) evenkeel.EntryFilter {
	some := func(label string, of ...string) []string {
		return rapid.SliceOfNDistinct(rapid.SampledFrom(of), 0, 2, rapid.ID[string]).Draw(rt, label)
	}
	f := evenkeel.EntryFilter{
		Sources: some("sources", "ci", "cd/x", "none"), Environments: some("environments", "", "production"),
		Statuses: some("statuses", "", "success", "merged"), Applications: some("applications", applications...),
		Unclaimed: rapid.IntRange(0, 4).Draw(rt, "unclaimed") == 0, Query: rapid.SampledFrom([]string{"", "", "X/", "r/ONE", "%", "_", "!"}).Draw(rt, "query"),
		Limit: rapid.IntRange(1, 9).Draw(rt, "limit"),
	}
	for _, kind := range some("kinds", "deployment", "change", "incident", "dependency", "commit", "nonsense") {
		f.Kinds = append(f.Kinds, evenkeel.Kind(kind))
	}
	if rapid.Bool().Draw(rt, "window") {
		f.Window = evenkeel.Window{From: hours(rapid.IntRange(0, 3).Draw(rt, "from")), To: hours(rapid.IntRange(0, 5).Draw(rt, "to"))}
	}
	return f
}

// checkExplored computes what the filter finds in the plainest way.
func checkExplored(rt *rapid.T, t *testing.T, w *store.Workspace, all []evenkeel.Entry, f evenkeel.EntryFilter, members map[string][]string) {
	chosen := map[string]func(e evenkeel.Entry) bool{
		"kind":   func(e evenkeel.Entry) bool { return len(f.Kinds) == 0 || slices.Contains(f.Kinds, e.Kind) },
		"source": func(e evenkeel.Entry) bool { return len(f.Sources) == 0 || slices.Contains(f.Sources, e.Source) },
		"environment": func(e evenkeel.Entry) bool {
			return len(f.Environments) == 0 || slices.Contains(f.Environments, e.Environment)
		},
		"status": func(e evenkeel.Entry) bool { return len(f.Statuses) == 0 || slices.Contains(f.Statuses, e.Status) },
		"application": func(e evenkeel.Entry) bool {
			return len(f.Applications) == 0 || slices.ContainsFunc(members[e.Subject.String()], func(id string) bool { return slices.Contains(f.Applications, id) })
		},
		"": func(e evenkeel.Entry) bool {
			q := strings.ToLower(f.Query)
			return (f.Window == evenkeel.Window{} || f.Window.Contains(e.At)) && (!f.Unclaimed || len(members[e.Subject.String()]) == 0 && !e.Subject.Apart) &&
				(strings.Contains(strings.ToLower(e.ExternalID), q) || strings.Contains(strings.ToLower(e.Repository), q))
		},
	}
	fits := func(e evenkeel.Entry, but string) bool {
		for name, fit := range chosen {
			if (but == "" || name != but) && !fit(e) {
				return false
			}
		}
		return true
	}
	want := evenkeel.Facets{Kinds: map[evenkeel.Kind]int{}, Sources: map[string]int{}, Environments: map[string]int{}, Statuses: map[string]int{}, Applications: map[string]int{}}
	bars := map[time.Time]map[evenkeel.Kind]int{}
	var found []evenkeel.Entry
	for _, e := range all {
		if fits(e, "") {
			want.Total++
			found = append(found, e)
			from := e.At.Truncate(2 * time.Hour)
			if bars[from] == nil {
				bars[from] = map[evenkeel.Kind]int{}
			}
			bars[from][e.Kind]++
		}
		if fits(e, "kind") {
			want.Kinds[e.Kind]++
		}
		if fits(e, "source") {
			want.Sources[e.Source]++
		}
		if fits(e, "environment") {
			want.Environments[e.Environment]++
		}
		if fits(e, "status") {
			want.Statuses[e.Status]++
		}
		if fits(e, "application") {
			for _, id := range members[e.Subject.String()] {
				want.Applications[id]++
			}
		}
	}
	if diff := gocmp.Diff(found, pagesOf(rt, t, w, f)); diff != "" {
		rt.Fatalf("entries (-want +got)\n%s", diff)
	}
	if !slices.IsSortedFunc(all, func(a, b evenkeel.Entry) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.ID, a.ID)) }) {
		rt.Fatal("entries are not newest first")
	}
	facets, err := w.Facets(t.Context(), f)
	if diff := gocmp.Diff(want, facets); diff != "" || err != nil {
		rt.Fatalf("facets (-want +got)\n%s%v", diff, err)
	}
	got := map[time.Time]map[evenkeel.Kind]int{}
	list, err := w.Histogram(t.Context(), f, 2*time.Hour)
	for _, bar := range list {
		if got[bar.From] == nil {
			got[bar.From] = map[evenkeel.Kind]int{}
		}
		got[bar.From][bar.Kind] += bar.N
	}
	if diff := gocmp.Diff(bars, got); diff != "" || err != nil {
		rt.Fatalf("histogram (-want +got)\n%s%v", diff, err)
	}
	checkTail(rt, t, w, found, f)
}

// checkTail follows revisions from the beginning and must come by everything.
func checkTail(rt *rapid.T, t *testing.T, w *store.Workspace, want []evenkeel.Entry, f evenkeel.EntryFilter) {
	var tail []evenkeel.Entry
	for after := int64(0); ; {
		some, err := w.EntriesAfter(t.Context(), after, f, f.Limit)
		if err != nil {
			rt.Fatal(err)
		}
		if len(some) == 0 {
			break
		}
		tail = append(tail, some...)
		after = some[len(some)-1].Revision
	}
	want = slices.Clone(want)
	slices.SortFunc(want, func(a, b evenkeel.Entry) int {
		return cmp.Or(cmp.Compare(a.Revision, b.Revision), cmp.Compare(a.ID, b.ID))
	})
	if diff := gocmp.Diff(want, tail); diff != "" {
		rt.Fatalf("after revisions (-want +got)\n%s", diff)
	}
}

func TestReceivedIsWhenAFactWasFirstRecorded(t *testing.T) {
	t.Parallel()
	for name, dsn := range databases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := hours(1)
			s := openAt(t, dsn(t), func() time.Time { return now })
			ensure(t, s, "acme")
			w := s.In("acme")
			gone := event("ci", "d", hours(0), &evenkeel.Deployment{})
			gone.Deleted = true
			record(t, w, gone)
			record(t, w, deploy("ci", "a", evenkeel.Deployment{FinishedAt: hours(0)}))
			now = hours(5)
			record(t, w, event("ci", "a", hours(9), &evenkeel.Deployment{Version: "2"}), deploy("ci", "b", evenkeel.Deployment{FinishedAt: hours(-9)}))
			for id, want := range map[string]time.Time{"a": hours(1), "b": hours(5)} {
				e, err := w.Entry(t.Context(), evenkeel.FactID(evenkeel.KindDeployment, "ci\x1f"+id))
				if err != nil || !e.ReceivedAt.Equal(want) || e.Revision != 2 {
					t.Errorf("%s: %+v, %v", id, e, err)
				}
			}
			if _, err := w.Entry(t.Context(), evenkeel.FactID(evenkeel.KindDeployment, "ci\x1fd")); !isNotFound(err) {
				t.Errorf("a deleted fact: %v", err)
			}
		})
	}
}

func TestWrongFiltersAreInvalid(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		for _, f := range []evenkeel.EntryFilter{{Query: "\x00"}, {Sources: []string{"\xff"}}, {Cursor: "!"}} {
			if _, err := w.Entries(t.Context(), f); !isInvalid(err) {
				t.Errorf("entries of %+v: %v", f, err)
			}
		}
		if _, err := w.Facets(t.Context(), evenkeel.EntryFilter{Statuses: []string{"\x00"}}); !isInvalid(err) {
			t.Errorf("facets: %v", err)
		}
		if _, err := w.Histogram(t.Context(), evenkeel.EntryFilter{}, 0); !isInvalid(err) {
			t.Errorf("histogram: %v", err)
		}
	})
}

// BenchmarkExplore asks for what the explorer's first look shows: a page, the
// facets and the bars of the last 90 days of 130,000 facts.
func BenchmarkExplore(b *testing.B) {
	for _, database := range durableDatabases() {
		b.Run(database.name, func(b *testing.B) {
			const changes = 103_000
			w := company(b, database.dsn(b))
			importAll(b, w, history(changes, false))
			end := noon.Add(changes * 7 * time.Minute)
			f := evenkeel.EntryFilter{Window: evenkeel.Window{From: end.AddDate(0, 0, -90), To: end}}
			b.Run("facets", func(b *testing.B) {
				for b.Loop() {
					must[evenkeel.Facets](b)(w.Facets(b.Context(), f))
				}
			})
			b.Run("histogram", func(b *testing.B) {
				for b.Loop() {
					must[[]evenkeel.HistogramBar](b)(w.Histogram(b.Context(), f, 24*time.Hour))
				}
			})
			for name, f := range map[string]evenkeel.EntryFilter{"page": f, "application": {Applications: []string{firstOf(b, w)}, Window: f.Window}, "rare": {Kinds: []evenkeel.Kind{evenkeel.KindIncident}}, "search": {Query: "deploy-" + strconv.Itoa(changes/2)}} {
				b.Run(name, func(b *testing.B) {
					for b.Loop() {
						must[evenkeel.Page[evenkeel.Entry]](b)(w.Entries(b.Context(), f))
					}
				})
			}
		})
	}
}

func firstOf(b *testing.B, w *store.Workspace) string {
	b.Helper()
	c, _, err := w.Catalogue(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	return c.Applications[0].ID
}
