package store_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/store"
)

const repo = "github.com/acme/shop"

func readFacts(t testing.TB, w *store.Workspace, id string) evenkeel.ApplicationFacts {
	t.Helper()
	return must[evenkeel.ApplicationFacts](t)(w.Facts(t.Context(), id))
}

func idsOf[T any](facts []evenkeel.Fact[T]) []string {
	ids := []string{}
	for _, f := range facts {
		ids = append(ids, f.ExternalID)
	}
	slices.Sort(ids)
	return ids
}

// named lists the applications that the revisions after one name.
func named(t testing.TB, w *store.Workspace, after int64) []string {
	t.Helper()
	ids := []string{}
	for _, r := range must[[]evenkeel.Revision](t)(w.Revisions(t.Context(), after, 100)) {
		ids = append(ids, r.Applications...)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

func revision(t testing.TB, w *store.Workspace) int64 {
	t.Helper()
	return must[int64](t)(w.Revision(t.Context()))
}

func deploy(source, id string, d evenkeel.Deployment) evenkeel.Event {
	d.Environment, d.Status, d.FinishedAt = "production", evenkeel.StatusSuccess, hours(3)
	return event(source, id, hours(3), &d)
}

func TestTheIncidentsOwnSourceSaysWhichDeploymentItNames(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		shop, pay := register(t, w, "shop"), register(t, w, "pay")
		record(t, w, deploy("ci", "42", evenkeel.Deployment{Application: "shop"}), deploy("pager", "42", evenkeel.Deployment{Application: "pay"}),
			event("pager", "i", hours(4), &evenkeel.Incident{Application: "shop", OpenedAt: hours(4), CausedBy: "42"}))
		if f := readFacts(t, w, shop); len(f.Incidents) != 1 || !f.Foreign[f.Incidents[0].ID] {
			t.Errorf("shop: incidents %v, foreign %v", idsOf(f.Incidents), f.Foreign)
		}
		if f := readFacts(t, w, pay); len(f.Incidents) != 1 || len(f.Foreign) != 0 {
			t.Errorf("pay: incidents %v, foreign %v", idsOf(f.Incidents), f.Foreign)
		}
	})
}

func TestIncidentsFollowTheDeploymentTheyName(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		shop, pay := register(t, w, "shop"), register(t, w, "pay")
		record(t, w, event("pager", "late", hours(4), &evenkeel.Incident{Application: "shop", OpenedAt: hours(4), CausedBy: "d-pay"}))
		before := revision(t, w)
		record(t, w, deploy("ci", "d-pay", evenkeel.Deployment{Application: "pay"}))
		want := []string{shop, pay}
		slices.Sort(want)
		if diff := cmp.Diff(want, named(t, w, before)); diff != "" {
			t.Errorf("a deployment that an incident of shop names (-want +got)\n%s", diff)
		}
		if f := readFacts(t, w, shop); len(f.Incidents) != 1 || !f.Foreign[f.Incidents[0].ID] {
			t.Errorf("shop: incidents %v, foreign %v", idsOf(f.Incidents), f.Foreign)
		}
		if f := readFacts(t, w, pay); len(f.Incidents) != 1 || len(f.Foreign) != 0 {
			t.Errorf("pay: incidents %v, foreign %v", idsOf(f.Incidents), f.Foreign)
		}
		before = revision(t, w)
		record(t, w, event("pager", "more", hours(5), &evenkeel.Incident{Application: "shop", OpenedAt: hours(5), CausedBy: "ci/d-pay"}))
		if got := named(t, w, before); !slices.Contains(got, pay) {
			t.Errorf("an incident that names pay's deployment in full names %v", got)
		}
	})
}

func TestOneExternalIDInTwoSources(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		shop, pay := register(t, w, "shop"), register(t, w, "pay")
		record(t, w,
			deploy("ci-shop", "7", evenkeel.Deployment{Application: "shop"}),
			deploy("ci-pay", "7", evenkeel.Deployment{Application: "pay"}),
			event("pager", "unclear", hours(4), &evenkeel.Incident{Application: "shop", OpenedAt: hours(4), CausedBy: "7"}),
			event("ci-pay", "own", hours(4), &evenkeel.Incident{OpenedAt: hours(4), CausedBy: "7"}),
			event("pager", "full", hours(4), &evenkeel.Incident{OpenedAt: hours(4), CausedBy: "ci-shop/7"}),
		)
		if diff := cmp.Diff([]string{"full", "unclear"}, idsOf(readFacts(t, w, shop).Incidents)); diff != "" {
			t.Errorf("shop (-want +got)\n%s", diff)
		}
		if diff := cmp.Diff([]string{"own"}, idsOf(readFacts(t, w, pay).Incidents)); diff != "" {
			t.Errorf("pay (-want +got)\n%s", diff)
		}
	})
}

func TestArtifactsLeadToRepositories(t *testing.T) {
	t.Parallel()
	built := event("ci", "build", hours(2), &evenkeel.Artifact{Artifact: "sha256:1", Repository: repo, Commit: sha("b"), BuiltAt: hours(2)})
	deployed := deploy("argo", "d", evenkeel.Deployment{Application: "shop", Artifact: "sha256:1"})
	for name, order := range map[string][]evenkeel.Event{"the artifact comes first": {built, deployed}, "the artifact comes last": {deployed, built}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, s *store.Store) {
				w := s.In("acme")
				shop := register(t, w, "shop")
				record(t, w, order[0])
				before := revision(t, w)
				record(t, w, order[1])
				if diff := cmp.Diff([]string{shop}, named(t, w, before)); diff != "" {
					t.Errorf("second event (-want +got)\n%s", diff)
				}
				before = revision(t, w)
				record(t, w, event("git", "b", hours(2), &evenkeel.Commit{Repository: repo, SHA: sha("b"), CommittedAt: hours(1)}))
				if diff := cmp.Diff([]string{shop}, named(t, w, before)); diff != "" {
					t.Errorf("a commit of the artifact's repository (-want +got)\n%s", diff)
				}
				f := readFacts(t, w, shop)
				if len(f.Artifacts) != 1 || f.Graphs[repo] == nil {
					t.Errorf("artifacts %v, graphs %v", f.Artifacts, f.Graphs)
				}
			})
		})
	}
}

func TestUnclaimedChangesGoToWhoDeploysTheRepository(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		shop := register(t, w, "shop")
		record(t, w, deploy("ci", "d", evenkeel.Deployment{Application: "shop", Repository: repo, Commit: sha("a")}),
			event("gh", "1", hours(1), &evenkeel.Change{Repository: repo, Number: 1, OpenedAt: hours(1)}),
			event("gh", "2", hours(1), &evenkeel.Change{Repository: repo, Number: 2, OpenedAt: hours(1), Application: "ghost"}),
			event("gh", "3", hours(1), &evenkeel.Change{Repository: "github.com/acme/other", Number: 3, OpenedAt: hours(1)}))
		if diff := cmp.Diff([]string{"1", "2"}, idsOf(readFacts(t, w, shop).Changes)); diff != "" {
			t.Errorf("unclaimed (-want +got)\n%s", diff)
		}
		before := revision(t, w)
		pay := register(t, w, "pay", "repo:"+repo)
		want := []string{shop, pay}
		slices.Sort(want)
		if diff := cmp.Diff(want, named(t, w, before)); diff != "" {
			t.Errorf("who is concerned when pay claims the repository (-want +got)\n%s", diff)
		}
		if diff := cmp.Diff([]string{"2"}, idsOf(readFacts(t, w, shop).Changes)); diff != "" {
			t.Errorf("after the claim (-want +got)\n%s", diff)
		}
		if diff := cmp.Diff([]string{"1"}, idsOf(readFacts(t, w, pay).Changes)); diff != "" {
			t.Errorf("pay (-want +got)\n%s", diff)
		}
	})
}

func TestAMovedDeploymentConcernsWhoseIncidentNamesIt(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		shop := register(t, w, "shop")
		record(t, w, deploy("ci", "d", evenkeel.Deployment{Origin: "argo:x"}),
			event("pager", "i", hours(4), &evenkeel.Incident{Application: "shop", OpenedAt: hours(4), CausedBy: "d"}))
		before := revision(t, w)
		register(t, w, "pay", "argo:x")
		if got := named(t, w, before); !slices.Contains(got, shop) {
			t.Errorf("the revision names %v, not shop %s", got, shop)
		}
	})
}

func TestSharedFactsAreMarked(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		shop := register(t, w, "shop", "repo:"+repo+"//shop", "repo:"+repo+"//lib")
		record(t, w, event("gh", "1", hours(1), &evenkeel.Change{Repository: repo, Number: 1, OpenedAt: hours(1)}))
		if f := readFacts(t, w, shop); len(f.Changes) != 1 || f.Changes[0].Shared {
			t.Errorf("two claims of one application: %+v", f.Changes)
		}
		register(t, w, "pay", "repo:"+repo+"//pay")
		f := readFacts(t, w, shop)
		if len(f.Changes) != 1 || !f.Changes[0].Shared {
			t.Errorf("two applications: %+v", f.Changes)
		}
		if diff := cmp.Diff([]string{"shop", "lib", "pay"}, pathsOf(f.PathClaims[repo])); diff != "" {
			t.Errorf("path claims (-want +got)\n%s", diff)
		}
	})
}

func pathsOf(claims []evenkeel.PathClaim) []string {
	var paths []string
	for _, c := range claims {
		paths = append(paths, c.Path)
	}
	slices.Sort(paths[1:]) // The longest comes first; the others are equally long.
	return paths
}

func TestDeletions(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		shop := register(t, w, "shop")
		d := deploy("ci", "d", evenkeel.Deployment{Application: "shop"})
		record(t, w, d)
		gone := evenkeel.Event{Kind: evenkeel.KindDeployment, ID: "d", Source: "ci", ObservedAt: hours(4), Deleted: true}
		before := revision(t, w)
		record(t, w, gone)
		if f := readFacts(t, w, shop); len(f.Deployments) != 0 {
			t.Errorf("a deleted deployment is returned: %+v", f.Deployments)
		}
		if diff := cmp.Diff([]string{shop}, named(t, w, before)); diff != "" {
			t.Errorf("named by the deletion (-want +got)\n%s", diff)
		}
		id := evenkeel.FactID(evenkeel.KindDeployment, "ci\x1fd")
		if _, err := w.Deployment(t.Context(), id); !isNotFound(err) {
			t.Errorf("a deleted deployment by its id: %v", err)
		}
		again := d
		again.ObservedAt = hours(5)
		record(t, w, again)
		if f := readFacts(t, w, shop); len(f.Deployments) != 1 {
			t.Errorf("a deployment that came back is missing")
		}
	})
}

func TestAMergeIsTakenInByTheSmallestNumber(t *testing.T) {
	t.Parallel()
	merge := event("git", "m", hours(3), &evenkeel.Change{Repository: repo, MergeCommit: sha("a"), MergedAt: hours(3), Labels: []string{"from-git"}})
	two := event("gh", "2", hours(2), &evenkeel.Change{Repository: repo, Number: 2, MergeCommit: sha("a"), OpenedAt: hours(1)})
	one := event("gh", "1", hours(2), &evenkeel.Change{Repository: repo, Number: 1, MergeCommit: sha("a"), OpenedAt: hours(1)})
	elsewhere := event("gh", "9", hours(2), &evenkeel.Change{Repository: "github.com/acme/other", Number: 1, MergeCommit: sha("a"), OpenedAt: hours(1)})
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		listed := func() map[string]string {
			found := map[string]string{}
			for _, c := range must[evenkeel.Page[evenkeel.Fact[evenkeel.Change]]](t)(w.Changes(t.Context(), evenkeel.Filter{})).Items {
				found[c.ExternalID] = strings.Join(c.Value.Labels, ",")
			}
			return found
		}
		steps := []struct {
			event evenkeel.Event
			want  map[string]string
		}{
			{merge, map[string]string{"m": "from-git"}},
			{elsewhere, map[string]string{"m": "from-git", "9": ""}},
			{two, map[string]string{"2": "from-git", "9": ""}},
			{one, map[string]string{"1": "from-git", "2": "", "9": ""}},
			{event("gh", "1", hours(4), &evenkeel.Change{Repository: repo, Number: 1, MergeCommit: sha("c")}), map[string]string{"1": "", "2": "from-git", "9": ""}},
			{evenkeel.Event{Kind: evenkeel.KindChange, ID: "2", Source: "gh", ObservedAt: hours(5), Deleted: true, Payload: &evenkeel.Change{Repository: repo, Number: 2}}, map[string]string{"1": "", "m": "from-git", "9": ""}},
		}
		for i, step := range steps {
			record(t, w, step.event)
			if diff := cmp.Diff(step.want, listed()); diff != "" {
				t.Errorf("step %d (-want +got)\n%s", i, diff)
			}
		}
	})
}

func TestAForkWithTheSameMergeKeepsItsOwnJoin(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		const fork = "github.com/fork/shop"
		for _, repository := range []string{repo, fork} {
			record(t, w, event("git:"+repository, "m", hours(3), &evenkeel.Change{Repository: repository, MergeCommit: sha("a"), MergedAt: hours(3)}),
				event("gh:"+repository, "1", hours(2), &evenkeel.Change{Repository: repository, Number: 1, MergeCommit: sha("a"), OpenedAt: hours(1)}))
		}
		record(t, w, event("gh:"+repo, "1", hours(4), &evenkeel.Change{Repository: repo, Number: 1, Labels: []string{"later"}}))
		page := must[evenkeel.Page[evenkeel.Fact[evenkeel.Change]]](t)(w.Changes(t.Context(), evenkeel.Filter{}))
		for _, c := range page.Items {
			if c.Value.MergedAt.IsZero() || c.Value.Number != 1 {
				t.Errorf("%s lost what git knows: %+v", c.Value.Repository, c.Value)
			}
		}
		if len(page.Items) != 2 {
			t.Errorf("%d changes", len(page.Items))
		}
	})
}

func TestNamesOfPersonsAreHashedPerWorkspace(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		ensure(t, s, "other")
		e := event("gh", "1", hours(2), &evenkeel.Change{Repository: repo, Number: 1, OpenedAt: hours(1), Reviews: []evenkeel.Review{{At: hours(1), Author: "grace"}, {At: hours(2), Author: "grace"}, {At: hours(2), Author: "bob"}, {At: hours(2)}}})
		authors := map[string][]string{}
		for _, slug := range []string{"acme", "other"} {
			record(t, s.In(slug), e)
			for _, c := range must[evenkeel.Page[evenkeel.Fact[evenkeel.Change]]](t)(s.In(slug).Changes(t.Context(), evenkeel.Filter{})).Items {
				for _, review := range c.Value.Reviews {
					authors[slug] = append(authors[slug], review.Author)
				}
			}
		}
		a, b := authors["acme"], authors["other"]
		if len(a) != 4 || a[0] != a[1] || a[0] == a[2] || a[3] != "" || a[0] == b[0] || strings.Contains(strings.Join(a, ""), "grace") {
			t.Errorf("authors %q and %q", a, b)
		}
		if e.Payload.(*evenkeel.Change).Reviews[0].Author != "grace" {
			t.Error("recording has changed the event")
		}
		if again := record(t, s.In("acme"), e); again.Repeated != 1 {
			t.Errorf("the same event again: %+v", again)
		}
	})
}
