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
		if a := s.bookOf(t, time.Time{}, 0).Levels[0].Budgets[0].Contractual; a.Status == slo.StatusNoData || a.Burn["1h"] == nil || *a.Burn["1h"] != 0 || a.Count.Total != 52*60 || a.Count.Bad != 60 {
			t.Errorf("connected again: %s, %s, %+v: of the seven hours without nothing is known", a.Status, a.Reason, a.Count)
		}
		unchanged("connected again")
		if diff := gocmp.Diff(standings(later.Levels[0]), standings(s.bookOf(t, later.At, later.Revision).Levels[0]), everything()); diff != "" {
			t.Errorf("the time without (-then +as of)\n%s", diff)
		}
	})
}

// TestIncidentsThatAreToldLateAreListed, by hand. At noon an incident of the hour
// from eight is told of a source that was connected at six: what is known of the time
// since six is known since noon. At three the end of another, of the hour from noon,
// is told: it lasted 40 minutes, and the first is taken back in the evening. As of
// five the first still stands.
func TestIncidentsThatAreToldLateAreListed(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s site) {
		ctx, w := t.Context(), s.workspace(t, "acme")
		if _, err := w.RegisterApplication(ctx, evenkeel.Application{Slug: "shop"}); err != nil {
			t.Fatal(err)
		}
		d := &evenkeel.Deployment{Application: "shop", Environment: "production", Status: evenkeel.StatusSuccess, FinishedAt: noon.Add(-100 * time.Hour)}
		record(ctx, t, w, evenkeel.Event{Kind: evenkeel.KindDeployment, ID: "1", Source: "ci", ObservedAt: noon, Payload: d})
		if _, err := w.SaveConnection(ctx, evenkeel.Connection{Source: "pager", Name: "pager", CreatedAt: noon.Add(-6 * time.Hour)}); err != nil {
			t.Fatal(err)
		}
		save(ctx, t, w, "a", shape{missing: "exclude", method: "Occurrences", window: "{duration: 1d, isRolling: true}", target: "0.9", incidents: true}.document("a"))
		tell := func(id string, from, to time.Duration, deleted bool) {
			t.Helper()
			i := &evenkeel.Incident{Application: "shop", Severity: "sev1", OpenedAt: noon.Add(from)}
			if to != 0 {
				i.ResolvedAt = noon.Add(to)
			}
			record(ctx, t, w, evenkeel.Event{Kind: evenkeel.KindIncident, ID: id, Source: "pager", ObservedAt: s.now(), Deleted: deleted, Payload: i})
		}
		late := func(book *budgets.Book) []slo.LateHour {
			t.Helper()
			list, err := s.Late(ctx, "acme", book, book.Levels[0], evenkeel.Window{From: book.At.Add(-24 * time.Hour), To: book.At}, 15*time.Minute)
			if err != nil {
				t.Fatal(err)
			}
			return list
		}
		tell("1", -4*time.Hour, -4*time.Hour+30*time.Minute, false)
		s.pass(30 * time.Minute)
		tell("2", 5*time.Minute, 0, false)
		s.pass(150 * time.Minute)
		tell("2", 5*time.Minute, 45*time.Minute, false)
		s.pass(2 * time.Hour)
		then := s.bookOf(t, time.Time{}, 0)
		had := late(then)
		s.pass(2 * time.Hour)
		tell("1", 0, 0, true)
		s.pass(time.Hour)
		now := late(s.bookOf(t, time.Time{}, 0))
		type told struct {
			Hour, Last time.Duration
			Changes    int
			Bad, Now   float64
			Filled     bool
		}
		short := func(list []slo.LateHour) (made []told) {
			for _, h := range list {
				one := told{Hour: h.Hour.Sub(noon) / time.Hour, Last: h.LastAt.Sub(noon) / time.Hour, Changes: h.Changes, Filled: h.Change == nil}
				if h.Change != nil {
					one.Bad, one.Now = h.Change.Then.Bad, h.Change.Now.Bad
				}
				made = append(made, one)
			}
			return made
		}
		filled := func(hour time.Duration) told { return told{Hour: hour, Changes: 1, Filled: true} }
		// What is known since noon of the hour before it, and of those after two, is in time.
		want := []told{filled(-6), filled(-5), filled(-4), filled(-3), filled(-2), {Hour: 0, Last: 3, Changes: 1, Bad: 55, Now: 40}, {Hour: 1, Last: 3, Changes: 1, Bad: 60}}
		if diff := gocmp.Diff(want, short(had)); diff != "" {
			t.Errorf("at five (-want +got)\n%s", diff)
		}
		want[2] = told{Hour: -4, Last: 7, Changes: 2, Bad: 30}
		if diff := gocmp.Diff(want, short(now)); diff != "" {
			t.Errorf("at eight (-want +got)\n%s", diff)
		}
		if diff := gocmp.Diff(had, late(s.bookOf(t, then.At, then.Revision))); diff != "" {
			t.Errorf("as of five (-then +now)\n%s", diff)
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
