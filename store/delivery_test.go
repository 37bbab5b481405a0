package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/store"
)

// delivery is one of connection "c1" that was received n minutes after noon.
func delivery(n int, events ...evenkeel.Event) evenkeel.Delivery {
	return evenkeel.Delivery{
		Connection: "c1", Source: "github", Event: "push", Key: fmt.Sprint("key-", n), Headers: map[string]string{"X-Event": "push"},
		Body: fmt.Append(nil, `{"n":`, n, `}`), ReceivedAt: noon.Add(time.Duration(n) * time.Minute), Outcome: evenkeel.OutcomeRecorded, Events: events,
	}
}

func deliver(t testing.TB, w *store.Workspace, deliveries ...evenkeel.Delivery) []evenkeel.Delivered {
	t.Helper()
	return must[[]evenkeel.Delivered](t)(w.Deliver(t.Context(), deliveries))
}

func deliveries(t testing.TB, w *store.Workspace, f evenkeel.DeliveryFilter) []evenkeel.Delivery {
	t.Helper()
	return must[evenkeel.Page[evenkeel.Delivery]](t)(w.Deliveries(t.Context(), f)).Items
}

func TestADeliveryIsKeptWithItsFacts(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		register(t, w, "shop", "repo:"+repo)
		done := deliver(t, w, delivery(1, someEvents()...), delivery(2, someEvents()[:3]...))
		want := []evenkeel.Delivered{
			{ID: done[0].ID, Recorded: evenkeel.Recorded{Observations: 6, Facts: 6, Revision: 2}},
			{ID: done[1].ID, Recorded: evenkeel.Recorded{Repeated: 3, Revision: 2}},
		}
		if diff := cmp.Diff(want, done); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		got := must[evenkeel.Delivery](t)(w.Delivery(t.Context(), done[0].ID))
		sent := delivery(1)
		sent.ID, sent.Size, sent.Facts = done[0].ID, len(sent.Body), 6
		if diff := cmp.Diff(sent, got); diff != "" {
			t.Errorf("(-sent +read)\n%s", diff)
		}
		for i, fresh := range []int{6, 0} {
			n := 0
			list := must[[]evenkeel.DeliveredFact](t)(w.DeliveredFacts(t.Context(), done[i].ID))
			for _, f := range list {
				if f.Fresh {
					n++
				}
			}
			if n != fresh || len(list) != 6-3*i {
				t.Errorf("delivery %d: %d facts, %d fresh", i, len(list), n)
			}
		}
		l := must[evenkeel.Lineage](t)(w.Lineage(t.Context(), evenkeel.FactID(evenkeel.KindDeployment, "ci\x1fd1")))
		if len(l.Observations) != 1 || len(l.Observations[0].Deliveries) != 2 || l.Entry.ExternalID != "d1" {
			t.Errorf("lineage: %+v", l)
		}
	})
}
