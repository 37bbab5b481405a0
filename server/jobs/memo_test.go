package jobs_test

import (
	"encoding/json"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
	"github.com/evenkeel-dev/evenkeel/server/views"
	"github.com/evenkeel-dev/evenkeel/store"
	"github.com/evenkeel-dev/evenkeel/store/storetest"
)

// questions of different windows, zones, scopes and owners.
func questions() []views.Question {
	return []views.Question{
		{From: "90d"},
		{From: "180d", TimeZone: "America/Santiago"},
		{From: "30d", Series: metrics.Day},
		{From: "365d", Series: metrics.Month, ByCapability: true},
		{From: "90d", Scope: jobs.Scope{Group: "growth"}},
		{From: "90d", Scope: jobs.Scope{Group: "logistics", Today: true}},
		{From: "90d", Scope: jobs.Scope{Today: true}},
	}
}

// TestWhatIsRememberedIsWhatIsComputedAnew: while facts arrive in any order,
// applications change hands, rules change and minutes pass, every answer by
// what is remembered is, byte for byte, the one that is computed anew.
func TestWhatIsRememberedIsWhatIsComputedAnew(t *testing.T) {
	t.Parallel()
	catalogue, events := company()
	s := fresh(t, storetest.SQLite(t), catalogue)
	random := rand.New(rand.NewPCG(3, 4))
	random.Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
	d, now := follow(s), clock()
	memos := make([][2]views.Memo, len(questions()))
	few := events[:200]
	record(t, s, events[200:])
	for step := range 24 {
		moved := step%4 == 1
		switch step % 4 {
		case 0:
			record(t, s, few[:len(few)/4])
			few = few[len(few)/4:]
		case 1:
			now = now.Add(time.Minute)
		case 2:
			record(t, s, oneDeployment(catalogue.Applications[step%len(catalogue.Applications)].Slug, step, now))
		case 3:
			edit(t, s, &catalogue, step, now)
		}
		results, err := d.Results(t.Context(), "default")
		if err != nil {
			t.Fatal(err)
		}
		for i, q := range questions() {
			q.Now = now
			// Two memos take turns with the minutes, as those of this one and the next.
			turn := int(now.Unix()/60) % 2
			if moved {
				memos[i][turn].Share(&memos[i][1-turn])
			}
			remembered, err := memos[i][turn].Overview(results, q)
			if err != nil {
				t.Fatal(err)
			}
			anew, err := views.NewOverview(results, q)
			if err != nil {
				t.Fatal(err)
			}
			if a, b := written(t, remembered), written(t, anew); a != b {
				t.Fatalf("step %d, %+v: remembered\n%.2000s\nanew\n%.2000s", step, q, a, b)
			}
		}
	}
}

func written(t *testing.T, o views.Overview) string {
	t.Helper()
	text, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func oneDeployment(application string, n int, at time.Time) []evenkeel.Event {
	d := &evenkeel.Deployment{Application: application, Environment: "production", Status: evenkeel.StatusSuccess, FinishedAt: at.Add(-time.Duration(n) * time.Hour)}
	return []evenkeel.Event{{Kind: evenkeel.KindDeployment, ID: "more-" + at.Add(time.Duration(n)).Format(time.RFC3339Nano), Source: "test", ObservedAt: at, Payload: d}}
}

// edit gives an application to another group, or changes the rules.
func edit(t *testing.T, s *store.Store, c *evenkeel.Catalogue, step int, now time.Time) {
	t.Helper()
	if step%8 == 3 {
		a, other := &c.Applications[step%len(c.Applications)], c.Applications[(step+5)%len(c.Applications)].Group
		a.Owners = []evenkeel.Ownership{{Group: a.Group}, {Group: other, From: now.AddDate(0, 0, -60)}}
		a.Group = other
		if err := s.In("default").ApplyCatalogue(t.Context(), *c); err != nil {
			t.Fatal(err)
		}
		return
	}
	policy := evenkeel.DefaultPolicy()
	policy.Applications = map[string]evenkeel.Override{c.Applications[step%len(c.Applications)].Slug: {Aggregation: evenkeel.AggregateP90}}
	if _, _, err := s.In("default").SavePolicy(t.Context(), evenkeel.PolicyChange{Policy: policy}); err != nil {
		t.Fatal(err)
	}
}
