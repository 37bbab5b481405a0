package store_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/store"
)

func sha(c string) string { return strings.Repeat(c, 40/len(c)) }

func hours(n int) time.Time { return noon.Add(time.Duration(n) * time.Hour) }

func event(source, id string, observed time.Time, payload evenkeel.Payload) evenkeel.Event {
	return evenkeel.Event{Kind: payload.Kind(), ID: id, Source: source, ObservedAt: observed, Payload: payload}
}

func record(t testing.TB, w *store.Workspace, events ...evenkeel.Event) evenkeel.Recorded {
	t.Helper()
	done, err := w.Record(t.Context(), events)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

func register(t testing.TB, w *store.Workspace, slug string, claims ...string) string {
	t.Helper()
	a, err := w.RegisterApplication(t.Context(), evenkeel.Application{Slug: slug, Claims: claims})
	if err != nil {
		t.Fatal(err)
	}
	return a.ID
}

func someEvents() []evenkeel.Event {
	return []evenkeel.Event{
		event("ci", "d1", hours(3), &evenkeel.Deployment{Application: "shop", Environment: "production", Status: evenkeel.StatusSuccess, Repository: "github.com/acme/shop", Commit: sha("b"), FinishedAt: hours(3)}),
		event("github", "1", hours(2), &evenkeel.Change{Repository: "github.com/acme/shop", Number: 1, State: evenkeel.ChangeMerged, OpenedAt: hours(1), MergedAt: hours(2), MergeCommit: sha("b"), Reviews: []evenkeel.Review{{At: hours(1), Author: "ada"}}}),
		event("git", "b", hours(2), &evenkeel.Commit{Repository: "github.com/acme/shop", SHA: sha("b"), Parents: []string{sha("a")}, AuthoredAt: hours(1), CommittedAt: hours(2)}),
		event("git", "a", hours(0), &evenkeel.Commit{Repository: "github.com/acme/shop", SHA: sha("a"), CommittedAt: hours(0)}),
		event("pager", "i1", hours(5), &evenkeel.Incident{Application: "shop", OpenedAt: hours(4), ResolvedAt: hours(5), CausedBy: "d1"}),
		event("cfg", "dep", hours(1), &evenkeel.Dependency{From: "shop", To: "pay", Basis: evenkeel.BasisDeclared, LastSeenAt: hours(1)}),
	}
}

func TestRecordingAgainChangesNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		id := register(t, w, "shop", "repo:github.com/acme/shop")
		first := record(t, w, someEvents()...)
		want := evenkeel.Recorded{Observations: 6, Facts: 6, Revision: 2}
		if diff := cmp.Diff(want, first); diff != "" {
			t.Errorf("first (-want +got)\n%s", diff)
		}
		before := must[evenkeel.ApplicationFacts](t)(w.Facts(t.Context(), id))
		again := record(t, w, someEvents()...)
		if diff := cmp.Diff(evenkeel.Recorded{Repeated: 6, Revision: 2}, again); diff != "" {
			t.Errorf("again (-want +got)\n%s", diff)
		}
		after := must[evenkeel.ApplicationFacts](t)(w.Facts(t.Context(), id))
		if diff := cmp.Diff(before, after, byCommits()); diff != "" {
			t.Errorf("facts (-before +after)\n%s", diff)
		}
		if len(after.Deployments) != 1 || len(after.Changes) != 1 || len(after.Incidents) != 1 || after.Graphs["github.com/acme/shop"].Len() != 2 {
			t.Errorf("facts are missing: %+v", after)
		}
	})
}
