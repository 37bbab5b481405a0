package store_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/store"
)

func byKindAndSource(a, b evenkeel.Flow) int {
	return slices.Compare([]string{string(a.Kind), a.Source, a.Repository}, []string{string(b.Kind), b.Source, b.Repository})
}

// TestFlows counts by the UTC day of facts: 23:59 of one day and 00:01 of the
// next are two days, wherever the database stands.
func TestFlows(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		shop := register(t, w, "shop", "repo:"+repo)
		midnight := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
		deployed := func(source, id, application string, at time.Time) evenkeel.Event {
			return event(source, id, at, &evenkeel.Deployment{Application: application, Environment: "production", Status: evenkeel.StatusSuccess, FinishedAt: at})
		}
		committed := func(c string, at time.Time) evenkeel.Event {
			return event("git", c, at, &evenkeel.Commit{Repository: repo, SHA: sha(c), CommittedAt: at})
		}
		gone := deployed("ci", "gone", "shop", midnight)
		gone.Deleted = true
		record(t, w,
			deployed("ci", "1", "shop", midnight.Add(-time.Minute)), deployed("ci", "2", "shop", midnight.Add(time.Minute)), deployed("ci", "3", "shop", midnight),
			deployed("cd", "4", "shop", midnight), deployed("ci", "5", "ghost", midnight), gone,
			deployed("ci", "6", "shop", noon.AddDate(0, -2, 0)), deployed("ci", "7", "shop", noon), // Outside the window.
			committed("a", midnight), committed("b", midnight.Add(-time.Minute)), committed("c", noon.AddDate(0, -2, 0)),
		)
		record(t, w, event("git", "a", noon, &evenkeel.Commit{Repository: repo, SHA: sha("a"), CommittedAt: midnight, Paths: []string{"x"}})) // Said again.
		day := evenkeel.DayOf(midnight)
		want := []evenkeel.Flow{
			{Kind: evenkeel.KindCommit, Repository: repo, Applications: []string{shop}, LastAt: midnight, Days: []evenkeel.DayCount{{Day: day - 1, N: 1}, {Day: day, N: 1}}},
			{Kind: evenkeel.KindDeployment, Source: "cd", Applications: []string{shop}, LastAt: midnight, Days: []evenkeel.DayCount{{Day: day, N: 1}}},
			{Kind: evenkeel.KindDeployment, Source: "ci", LastAt: midnight, Days: []evenkeel.DayCount{{Day: day, N: 1}}},
			{Kind: evenkeel.KindDeployment, Source: "ci", Applications: []string{shop}, LastAt: midnight.Add(time.Minute), Days: []evenkeel.DayCount{{Day: day - 1, N: 1}, {Day: day, N: 2}}},
		}
		got := must[[]evenkeel.Flow](t)(w.Flows(t.Context(), evenkeel.Window{From: midnight.AddDate(0, 0, -20), To: noon}))
		slices.SortFunc(got, func(a, b evenkeel.Flow) int {
			if c := byKindAndSource(a, b); c != 0 {
				return c
			}
			return len(a.Applications) - len(b.Applications)
		})
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}

func TestArrivedAndShared(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		first, second := delivery(1, someEvents()...), delivery(2, someEvents()...)
		second.Connection = "c2"
		ignored, rejected, tomorrow := delivery(3), delivery(4), delivery(24*60)
		ignored.Outcome, rejected.Outcome, tomorrow.Outcome = evenkeel.OutcomeIgnored, evenkeel.OutcomeRejected, evenkeel.OutcomeIgnored
		deliver(t, w, first, second, ignored, rejected, tomorrow)
		deliver(t, w, first)
		day := evenkeel.DayOf(noon)
		want := []evenkeel.Arrived{
			{Connection: "c1", Day: day, Recorded: 1, Ignored: 1, Rejected: 1, Repeats: 1},
			{Connection: "c1", Day: day + 1, Ignored: 1},
			{Connection: "c2", Day: day, Recorded: 1},
		}
		if diff := cmp.Diff(want, must[[]evenkeel.Arrived](t)(w.Arrived(t.Context(), evenkeel.Window{}))); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		half := must[[]evenkeel.Arrived](t)(w.Arrived(t.Context(), evenkeel.Window{From: noon.Add(2 * time.Minute), To: noon.Add(4 * time.Minute)}))
		if diff := cmp.Diff([]evenkeel.Arrived{{Connection: "c1", Day: day, Ignored: 1}, {Connection: "c2", Day: day, Recorded: 1}}, half); diff != "" {
			t.Errorf("from the second to before the fourth\n%s", diff)
		}
		shared := []evenkeel.Shared{{Connections: [2]string{"c1", "c2"}, Facts: 6, Since: noon.Add(time.Minute)}}
		if diff := cmp.Diff(shared, must[[]evenkeel.Shared](t)(w.SharedFacts(t.Context(), noon))); diff != "" {
			t.Errorf("shared\n%s", diff)
		}
		if got := must[[]evenkeel.Shared](t)(w.SharedFacts(t.Context(), noon.Add(2*time.Minute))); len(got) != 0 {
			t.Errorf("the second delivery alone shares nothing: %+v", got)
		}
	})
}

// TestHeard: a fact is as late as the first word that came when it had
// happened; without one it is ahead.
func TestHeard(t *testing.T) {
	t.Parallel()
	for name, dsn := range databases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := noon
			s := openAt(t, dsn(t), func() time.Time { return now })
			ensure(t, s, "acme")
			w := s.In("acme")
			merged := &evenkeel.Change{Repository: repo, Number: 1, State: evenkeel.ChangeMerged, OpenedAt: hours(-2), MergedAt: hours(1)}
			record(t, w,
				event("github", "1", noon, &evenkeel.Change{Repository: repo, Number: 1, OpenedAt: hours(-2)}),
				event("ci", "ahead", noon, &evenkeel.Deployment{Application: "shop", FinishedAt: hours(7)}),
				event("ci", "old", noon, &evenkeel.Deployment{Application: "shop", FinishedAt: hours(-100)}))
			now = hours(1).Add(3 * time.Minute)
			record(t, w, event("github", "1", now, merged))
			now = hours(5)
			later := *merged
			later.Labels = []string{"late"}
			record(t, w, event("mirror", "1", now, &later), event("ci", "ahead", now, &evenkeel.Deployment{Application: "shop", Version: "2", FinishedAt: hours(7)}))
			d := evenkeel.Deployment{}
			want := map[string]evenkeel.Heard{
				evenkeel.FactID(evenkeel.KindChange, merged.Key("", "")):       {Kind: evenkeel.KindChange, Source: "github", Other: "mirror", Lag: 3 * time.Minute},
				evenkeel.FactID(evenkeel.KindDeployment, d.Key("ci", "ahead")): {Kind: evenkeel.KindDeployment, Source: "ci", Lag: -2 * time.Hour},
			}
			got := map[string]evenkeel.Heard{}
			for _, h := range must[[]evenkeel.Heard](t)(w.Heard(t.Context(), hours(-50))) {
				id := h.Fact
				h.Fact = ""
				got[id] = h
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestTrace counts by hand: a deployment told of by two deliveries, of which
// the second says the same and something new, and by an import; and a change
// that has taken in the merge that only git knew.
func TestTrace(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		told := func(status evenkeel.DeploymentStatus, at time.Time) evenkeel.Event {
			return event("ci", "d1", at, &evenkeel.Deployment{Application: "shop", Environment: "production", Status: status, StartedAt: noon, FinishedAt: at})
		}
		running, success := told(evenkeel.StatusRunning, hours(1)), told(evenkeel.StatusSuccess, hours(2))
		deliver(t, w, delivery(1, running), delivery(2, running, success))
		record(t, w, event("export", "x", hours(3), &evenkeel.Deployment{Application: "pay"}))
		record(t, w, event("ci", "d1", hours(3), &evenkeel.Deployment{Application: "shop", Version: "2"}))
		record(t, w, event("git", "m", hours(1), &evenkeel.Change{Repository: repo, MergeCommit: sha("b"), MergedAt: hours(1)}))
		record(t, w, event("github", "1", hours(2), &evenkeel.Change{Repository: repo, Number: 1, MergeCommit: sha("b"), MergedAt: hours(1)}))
		d, c := evenkeel.Deployment{}, evenkeel.Change{Repository: repo, Number: 1}
		deployment, change := evenkeel.FactID(evenkeel.KindDeployment, d.Key("ci", "d1")), evenkeel.FactID(evenkeel.KindChange, c.Key("", ""))
		for name, one := range map[string]struct {
			ids    []string
			window evenkeel.Window
			want   evenkeel.Trace
		}{
			"the deployment": {[]string{deployment}, evenkeel.Window{}, evenkeel.Trace{Deliveries: 2, Within: 2, Records: 3, Told: 2, Observations: 3, Facts: 1}},
			"one arrived":    {[]string{deployment}, evenkeel.Window{From: noon.Add(2 * time.Minute), To: hours(9)}, evenkeel.Trace{Deliveries: 2, Within: 1, Records: 3, Told: 2, Observations: 3, Facts: 1}},
			"the change":     {[]string{change}, evenkeel.Window{}, evenkeel.Trace{Observations: 2, Facts: 2, TakenIn: 1}},
			"both, and none": {[]string{change, deployment, "0123456789abcdef0123", "\x00"}, evenkeel.Window{}, evenkeel.Trace{Deliveries: 2, Within: 2, Records: 3, Told: 2, Observations: 5, Facts: 3, TakenIn: 1}},
			"nothing":        {nil, evenkeel.Window{}, evenkeel.Trace{}},
		} {
			got := must[evenkeel.Trace](t)(w.Trace(t.Context(), one.ids, one.window))
			if diff := cmp.Diff(one.want, got); diff != "" {
				t.Errorf("%s (-want +got)\n%s", name, diff)
			}
		}
	})
}
