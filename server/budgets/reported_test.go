package budgets_test

import (
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/budgets"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// TestARemovedConnectionIsStillOfThePast: incidents are reported for fifty hours
// when the only connection to their source is removed. What was known before does
// not change; what comes after is known to nobody, and is not good.
func TestARemovedConnectionIsStillOfThePast(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s site) {
		ctx, w := t.Context(), s.workspace(t, "acme")
		if _, err := w.RegisterApplication(ctx, evenkeel.Application{Slug: "shop"}); err != nil {
			t.Fatal(err)
		}
		d := &evenkeel.Deployment{Application: "shop", Environment: "production", Status: evenkeel.StatusSuccess, FinishedAt: noon.Add(-100 * time.Hour)}
		record(ctx, t, w, evenkeel.Event{Kind: evenkeel.KindDeployment, ID: "1", Source: "ci", ObservedAt: noon, Payload: d})
		connect := func(at time.Time) evenkeel.Connection {
			t.Helper()
			c, err := w.SaveConnection(ctx, evenkeel.Connection{Source: "pager", Name: "pager", CreatedAt: at})
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		since := noon.Add(-50 * time.Hour)
		c := connect(since)
		save(ctx, t, w, "a", shape{missing: "exclude", method: "Occurrences", window: "{duration: 4d, isRolling: true}", target: "0.9", incidents: true}.document("a"))
		i := &evenkeel.Incident{Application: "shop", Severity: "sev1", OpenedAt: noon.Add(-2 * time.Hour), ResolvedAt: noon.Add(-time.Hour)}
		record(ctx, t, w, evenkeel.Event{Kind: evenkeel.KindIncident, ID: "1", Source: "pager:eu", ObservedAt: noon, Payload: i})

		s.pass(time.Hour)
		first := s.bookOf(t, time.Time{}, 0)
		if b := first.Levels[0].Budgets[0]; !b.Since().Equal(since) || b.Contractual.Count != (slo.Count{Good: 50 * 60, Bad: 60, Total: 51 * 60}) {
			t.Errorf("since %v: %+v", b.Since(), b.Contractual.Count)
		}
		first = s.bookOf(t, first.At, first.Revision)
		if err := w.RemoveConnection(ctx, c.ID); err != nil {
			t.Fatal(err)
		}
		removed := s.now()
		unchanged := func(when string) {
			t.Helper()
			again := s.bookOf(t, first.At, first.Revision)
			if diff := gocmp.Diff(standings(first.Levels[0]), standings(again.Levels[0]), everything()); diff != "" {
				t.Errorf("%s: the past (-then +as of)\n%s", when, diff)
			}
		}
		unchanged("removed")

		s.pass(7 * time.Hour)
		later := s.bookOf(t, time.Time{}, 0)
		b := later.Levels[0].Budgets[0]
		later = s.bookOf(t, later.At, later.Revision)
		if a := b.Contractual; a.Count.Total != 51*60 || a.Count.Bad != 60 || a.Status != slo.StatusNoData || !strings.Contains(a.Reason.Text, "was removed at "+removed.Format(time.RFC3339)) || a.Burn["1h"] != nil {
			t.Errorf("%s: %s, %+v", a.Status, a.Reason, a.Count)
		}
		unchanged("seven hours later")

		s.pass(time.Minute)
		connect(s.now())
		s.pass(time.Hour)
		if a := s.bookOf(t, time.Time{}, 0).Levels[0].Budgets[0].Contractual; a.Status == slo.StatusNoData || a.Burn["1h"] == nil || *a.Burn["1h"] != 0 {
			t.Errorf("connected again: %s, %s", a.Status, a.Reason)
		}
		unchanged("connected again")
		if diff := gocmp.Diff(standings(later.Levels[0]), standings(s.bookOf(t, later.At, later.Revision).Levels[0]), everything()); diff != "" {
			t.Errorf("the time without (-then +as of)\n%s", diff)
		}
	})
}

// bookOf is the book of the present, or as it was known.
func (s site) bookOf(t *testing.T, at time.Time, revision int64) *budgets.Book {
	t.Helper()
	book, err := s.Present(t.Context(), "acme", s.now())
	if !at.IsZero() {
		book, err = s.Known(t.Context(), "acme", revision, at)
	}
	if err != nil {
		t.Fatal(err)
	}
	if len(book.Levels) != 1 || len(book.Levels[0].Budgets) != 1 {
		t.Fatalf("%+v", book.Levels)
	}
	return book
}
