package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/store"
)

// TestPaceOfConnectionsByHand: four deliveries through one connection, of which
// one is of before the window; the connection was made at noon.
func TestPaceOfConnectionsByHand(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		c := must[evenkeel.Connection](t)(w.SaveConnection(t.Context(), evenkeel.Connection{Source: "ci", Name: "ci", CreatedAt: noon}))
		delivery := func(key string, received time.Time, events ...evenkeel.Event) evenkeel.Delivery {
			return evenkeel.Delivery{Connection: c.ID, Source: "ci", Key: key, ReceivedAt: received, Outcome: evenkeel.OutcomeRecorded, Body: []byte(key), Events: events}
		}
		deployed := func(id string, at time.Time) evenkeel.Event {
			return event("ci", id, at, &evenkeel.Deployment{Origin: "nobody/claims", StartedAt: at})
		}
		minutes := func(n int) time.Time { return noon.Add(time.Duration(n) * time.Minute) }
		// Old came with what happened before the connection was made; late says
		// again what soon has said; mute says nothing of when.
		old := delivery("old", minutes(5), deployed("1", hours(-200)))
		soon := delivery("soon", minutes(14), deployed("2", minutes(13)), deployed("3", minutes(10)))
		late := delivery("late", minutes(15), deployed("2", minutes(13)))
		mute := delivery("mute", minutes(40), deployed("4", minutes(40)))
		ahead := delivery("ahead", minutes(44), deployed("5", minutes(45)))
		before := delivery("before", minutes(-1), deployed("6", minutes(-2)))
		for _, d := range []evenkeel.Delivery{before, old, soon, late, mute, ahead} {
			deliver(t, w, d)
		}
		window := evenkeel.Window{From: noon, To: hours(1)}
		want := map[string]evenkeel.ConnectionPace{c.ID: {
			Arrivals:  []evenkeel.ArrivalCount{{At: noon, N: 2}, {At: minutes(15), N: 1}, {At: minutes(30), N: 2}},
			Unclaimed: 5,
			Lags:      []time.Duration{-time.Minute, time.Minute},
		}}
		if diff := cmp.Diff(want, must[map[string]evenkeel.ConnectionPace](t)(w.ConnectionPace(t.Context(), window))); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		if got := must[map[string]evenkeel.ConnectionPace](t)(w.ConnectionPace(t.Context(), evenkeel.Window{From: hours(1), To: hours(2)})); len(got) != 0 {
			t.Errorf("in a window without deliveries: %v", got)
		}
	})
}
