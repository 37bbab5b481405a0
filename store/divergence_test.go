package store_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/store"
)

// The same code means different things on SQLite and PostgreSQL in the ways
// tested here; the store must answer the same on both.

func TestAnOffsetIsTheSameInstant(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		tokyo := time.FixedZone("JST", 9*60*60)
		record(t, w, event("ci", "d", hours(1).In(tokyo), &evenkeel.Deployment{FinishedAt: hours(1).In(tokyo)}))
		for _, window := range []evenkeel.Window{
			{From: hours(1), To: hours(2)},
			{From: hours(1).In(tokyo), To: hours(2).In(tokyo)},
			{From: hours(1).In(time.Local), To: hours(2)}, //nolint:gosmopolitan // The machine's zone is what must not matter.
		} {
			page := must[evenkeel.Page[evenkeel.Fact[evenkeel.Deployment]]](t)(w.Deployments(t.Context(), evenkeel.Filter{Window: window}))
			if len(page.Items) != 1 {
				t.Errorf("window from %v: %d deployments", window.From, len(page.Items))
			}
		}
		for _, window := range []evenkeel.Window{{From: hours(0), To: hours(1)}, {From: hours(1).Add(time.Microsecond), To: hours(9)}} {
			page := must[evenkeel.Page[evenkeel.Fact[evenkeel.Deployment]]](t)(w.Deployments(t.Context(), evenkeel.Filter{Window: window}))
			if len(page.Items) != 0 {
				t.Errorf("window from %v: %d deployments", window.From, len(page.Items))
			}
		}
	})
}

func TestTimesComeBackInUTC(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		zone := time.FixedZone("", -5*60*60)
		id := register(t, w, "shop")
		record(t, w, event("ci", "d", hours(1).In(zone), &evenkeel.Deployment{Application: "shop", FinishedAt: hours(1).In(zone)}))
		d := readFacts(t, w, id).Deployments[0].Value
		r := must[[]evenkeel.Revision](t)(w.Revisions(t.Context(), 0, 10))
		infos := must[[]evenkeel.WorkspaceInfo](t)(s.Workspaces(t.Context()))
		activity := must[map[string]evenkeel.Activity](t)(w.Activity(t.Context()))[id]
		for name, at := range map[string]time.Time{
			"deployment": d.FinishedAt, "revision": r[0].At, "earliest": r[len(r)-1].Earliest, "workspace": infos[0].CreatedAt, "activity": activity.LastAt,
		} {
			if at.IsZero() || at.Location() != time.UTC {
				t.Errorf("%s: %v", name, at)
			}
		}
	})
}

func TestInstantsAreWholeMicroseconds(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		id := register(t, w, "shop", "repo:"+repo)
		fine := hours(1).Add(123456789)
		record(t, w, deploy("ci", "x", evenkeel.Deployment{Application: "shop", Repository: repo, Commit: sha("a")}),
			event("ci", "d", fine, &evenkeel.Deployment{Application: "shop", FinishedAt: fine}),
			event("git", "a", fine, &evenkeel.Commit{Repository: repo, SHA: sha("a"), CommittedAt: fine, AuthoredAt: fine}))
		want := hours(1).Add(123456 * time.Microsecond)
		f := readFacts(t, w, id)
		if got := f.Deployments[0].Value.FinishedAt; !got.Equal(want) {
			t.Errorf("deployment: %v, want %v", got, want)
		}
		if got := f.Graphs[repo].Committed(0); !got.Equal(want) {
			t.Errorf("commit: %v, want %v", got, want)
		}
		// What differs by nanoseconds only is one observation.
		if again := record(t, w, event("ci", "d", fine.Add(100), &evenkeel.Deployment{Application: "shop", FinishedAt: fine.Add(99)})); again.Repeated != 1 {
			t.Errorf("again: %+v", again)
		}
	})
}

func TestOneKeyTwiceInOneBatch(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		id := register(t, w, "shop")
		first := event("ci", "d", hours(1), &evenkeel.Deployment{Application: "shop", Status: evenkeel.StatusRunning, StartedAt: hours(1)})
		second := event("ci", "d", hours(2), &evenkeel.Deployment{Application: "shop", Status: evenkeel.StatusSuccess, FinishedAt: hours(2)})
		done := record(t, w, first, second, first, second)
		if done.Observations != 2 || done.Repeated != 2 || done.Facts != 1 {
			t.Errorf("first batch: %+v", done)
		}
		third := event("ci", "d", hours(3), &evenkeel.Deployment{Version: "3"})
		if done := record(t, w, third, third, first); done.Observations != 1 || done.Repeated != 2 || done.Facts != 1 {
			t.Errorf("second batch: %+v", done)
		}
		want := evenkeel.Deployment{Application: "shop", Status: evenkeel.StatusSuccess, StartedAt: hours(1), FinishedAt: hours(2), Version: "3"}
		if f := readFacts(t, w, id); len(f.Deployments) != 1 || cmp.Diff(want, f.Deployments[0].Value) != "" {
			t.Errorf("facts: %+v", f.Deployments)
		}
	})
}

func TestLongTextsAreKept(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		long := strings.Repeat("é", evenkeel.MaxText/2)
		record(t, w, event(long, long, hours(1), &evenkeel.Deployment{Environment: long, Version: long, FinishedAt: hours(1)}))
		page := must[evenkeel.Page[evenkeel.Fact[evenkeel.Deployment]]](t)(w.Deployments(t.Context(), evenkeel.Filter{Environment: long}))
		if len(page.Items) != 1 || page.Items[0].Source != long || page.Items[0].Value.Version != long {
			t.Errorf("%d deployments", len(page.Items))
		}
	})
}

func TestBytesThatNoDatabaseKeepsAreInvalid(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		for name, e := range map[string]evenkeel.Event{
			"a NUL byte in an id":      event("ci", "a\x00b", hours(1), &evenkeel.Deployment{}),
			"wrong UTF-8 in a source":  event("ci\xff", "a", hours(1), &evenkeel.Deployment{}),
			"a NUL byte in an origin":  event("ci", "a", hours(1), &evenkeel.Deployment{Origin: "x\x00"}),
			"wrong UTF-8 in an origin": event("ci", "a", hours(1), &evenkeel.Deployment{Origin: "x\xff"}),
			"an environment":           event("ci", "a", hours(1), &evenkeel.Deployment{Environment: "x\x00"}),
			"an artifact":              event("ci", "a", hours(1), &evenkeel.Deployment{Artifact: "x\xff"}),
			"a repository of a commit": event("ci", "a", hours(1), &evenkeel.Commit{Repository: "x\xff", SHA: sha("a"), CommittedAt: noon}),
			"a further repository":     event("ci", "a", hours(1), &evenkeel.Deployment{Commits: map[string]string{"x\x00": sha("a")}}),
			"a severity":               event("ci", "a", hours(1), &evenkeel.Incident{Severity: "x\x00"}),
		} {
			if _, err := w.Record(t.Context(), []evenkeel.Event{e}); !isInvalid(err) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := s.Audit(t.Context(), evenkeel.AuditEntry{Workspace: "acme", Actor: "a\x00", Detail: "\xff"}); err != nil {
			t.Errorf("what was done must be kept: %v", err)
		}
	})
}

func TestUnknownInstantsDoNotDisorderLists(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		for i := range 3 {
			record(t, w, event("ci", fmt.Sprint(i), hours(i), &evenkeel.Deployment{}))
		}
		record(t, w, event("ci", "known", hours(9), &evenkeel.Deployment{FinishedAt: hours(1).Add(time.Minute)}))
		var got []string
		for _, d := range must[evenkeel.Page[evenkeel.Fact[evenkeel.Deployment]]](t)(w.Deployments(t.Context(), evenkeel.Filter{})).Items {
			got = append(got, d.ExternalID)
		}
		if diff := cmp.Diff([]string{"2", "known", "1", "0"}, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}

func TestNamesAreComparedByteByByte(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		for _, name := range []string{"prod", "Prod", "prod ", "pröd"} {
			record(t, w, event("ci", name, hours(1), &evenkeel.Deployment{Environment: name}))
		}
		page := must[evenkeel.Page[evenkeel.Fact[evenkeel.Deployment]]](t)(w.Deployments(t.Context(), evenkeel.Filter{Environment: "prod"}))
		if diff := cmp.Diff([]string{"prod"}, idsOf(page.Items)); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}

func TestAnErrorEndsItsTransaction(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		good := event("ci", "good", hours(1), &evenkeel.Deployment{})
		if _, err := w.Record(t.Context(), []evenkeel.Event{good, event("ci", "\x00", hours(1), &evenkeel.Deployment{})}); !isInvalid(err) {
			t.Fatal(err)
		}
		if page := must[evenkeel.Page[evenkeel.Fact[evenkeel.Deployment]]](t)(w.Deployments(t.Context(), evenkeel.Filter{})); len(page.Items) != 0 {
			t.Errorf("half a piece is kept: %v", idsOf(page.Items))
		}
		if done := record(t, w, good); done.Observations != 1 || done.Revision != 1 {
			t.Errorf("after the error: %+v", done)
		}
	})
}

func TestExistingKeysAreConflicts(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		if _, err := s.CreateToken(t.Context(), evenkeel.Token{Workspace: "acme", Name: "a"}, []byte("hash")); err != nil {
			t.Fatal(err)
		}
		_, err := s.CreateToken(t.Context(), evenkeel.Token{Workspace: "acme", Name: "b"}, []byte("hash"))
		if !isConflict(err) {
			t.Errorf("the same hash: %v", err)
		}
		link := evenkeel.SignInLink{ExpiresAt: hours(1)}
		if err := errors.Join(s.CreateSignIn(t.Context(), link, []byte("x")), nil); err != nil {
			t.Fatal(err)
		}
		if err := s.CreateSignIn(t.Context(), link, []byte("x")); !isConflict(err) {
			t.Errorf("the same link: %v", err)
		}
	})
}

func TestNamesAreSortedByBytes(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		for _, slug := range []string{"b", "a-b", "ab", "a_b", "a.b", "a1"} {
			register(t, w, slug)
		}
		c, _, err := w.Catalogue(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, a := range c.Applications {
			got = append(got, a.Slug)
		}
		if diff := cmp.Diff([]string{"a-b", "a.b", "a1", "a_b", "ab", "b"}, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}
