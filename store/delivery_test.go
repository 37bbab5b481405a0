package store_test

import (
	"fmt"
	"slices"
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

func TestDeliveriesAreFiltered(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		register(t, w, "shop", "ci:shop")
		build := func(n int, origin string) evenkeel.Event {
			return event("ci", fmt.Sprint(n), hours(n), &evenkeel.Deployment{Origin: origin, FinishedAt: hours(n)})
		}
		list := []evenkeel.Delivery{
			delivery(0, build(0, "ci:shop")),
			delivery(1, build(1, "ci:nobody")),
			delivery(2),
			delivery(3),
			delivery(4, event("git", "a", noon, &evenkeel.Commit{Repository: "r/nobody", SHA: sha("a"), CommittedAt: noon})),
			delivery(5, build(5, "ci:nobody"), evenkeel.Event{Kind: evenkeel.KindDeployment, Source: "ci", ID: "5", ObservedAt: hours(9), Deleted: true}),
			delivery(6),
		}
		list[2].Outcome, list[2].Reason = evenkeel.OutcomeIgnored, "nothing of interest"
		list[3].Outcome, list[3].Source, list[3].Connection = evenkeel.OutcomeRejected, "gitlab", "c2"
		list[6].Event, list[6].Connection = "ping", "c2"
		done := deliver(t, w, list...)
		at := map[string]int{}
		for i, d := range done {
			at[d.ID] = i
		}
		check := func(t *testing.T) {
			t.Helper()
			for name, c := range map[string]struct {
				filter evenkeel.DeliveryFilter
				want   []int
			}{
				"all":            {evenkeel.DeliveryFilter{}, []int{6, 5, 4, 3, 2, 1, 0}},
				"oldest first":   {evenkeel.DeliveryFilter{Oldest: true, Limit: 3}, []int{0, 1, 2}},
				"rejected":       {evenkeel.DeliveryFilter{Outcomes: []evenkeel.Outcome{evenkeel.OutcomeRejected}}, []int{3}},
				"two outcomes":   {evenkeel.DeliveryFilter{Outcomes: []evenkeel.Outcome{evenkeel.OutcomeRejected, evenkeel.OutcomeIgnored}}, []int{3, 2}},
				"source":         {evenkeel.DeliveryFilter{Source: "gitlab"}, []int{3}},
				"connection":     {evenkeel.DeliveryFilter{Connection: "c2"}, []int{6, 3}},
				"event":          {evenkeel.DeliveryFilter{Event: "ping"}, []int{6}},
				"unclaimed":      {evenkeel.DeliveryFilter{Unclaimed: true}, []int{4, 1}},
				"window":         {evenkeel.DeliveryFilter{Window: evenkeel.Window{From: list[1].ReceivedAt, To: list[3].ReceivedAt}}, []int{2, 1}},
				"fine window":    {evenkeel.DeliveryFilter{Window: evenkeel.Window{From: list[1].ReceivedAt.Add(1000), To: list[3].ReceivedAt.Add(1000)}}, []int{3, 2}},
				"strange source": {evenkeel.DeliveryFilter{Source: "a\x00\xff"}, nil},
			} {
				var got []int
				for _, d := range deliveries(t, w, c.filter) {
					got = append(got, at[d.ID])
					if i := at[d.ID]; d.Unclaimed != (i == 1 || i == 4) || d.Body != nil || d.Headers != nil {
						t.Errorf("%s: delivery %d is unclaimed: %v", name, i, d.Unclaimed)
					}
				}
				if diff := cmp.Diff(c.want, got); diff != "" {
					t.Errorf("%s (-want +got)\n%s", name, diff)
				}
			}
		}
		check(t)
		var many []evenkeel.Event
		for i := range 5001 {
			many = append(many, event("else", fmt.Sprint(i), noon, &evenkeel.Deployment{Origin: "ci:nobody"}))
		}
		record(t, w, many...)
		check(t)
		register(t, w, "nobody", "ci:nobody", "repo:r/nobody")
		if list := deliveries(t, w, evenkeel.DeliveryFilter{Unclaimed: true}); len(list) != 0 {
			t.Errorf("all are claimed: %+v", list)
		}
	})
}

func TestDeliveriesArePaged(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		var want []string
		for _, d := range []int{3, 1, 2, 2, 0, 7, 7, 7} { // Some arrive out of order, some at once.
			sent := delivery(d)
			sent.Key = fmt.Sprint(len(want))
			want = append(want, deliver(t, w, sent)[0].ID)
		}
		slices.Sort(want)
		for _, oldest := range []bool{true, false} {
			f := evenkeel.DeliveryFilter{Limit: 3, Oldest: oldest}
			var got []string
			for {
				page := must[evenkeel.Page[evenkeel.Delivery]](t)(w.Deliveries(t.Context(), f))
				for _, d := range page.Items {
					got = append(got, d.ID)
				}
				if f.Cursor = page.Next; f.Cursor == "" {
					break
				}
			}
			if !oldest {
				slices.Reverse(got)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("oldest %v (-want +got)\n%s", oldest, diff)
			}
		}
		if _, err := w.Deliveries(t.Context(), evenkeel.DeliveryFilter{Cursor: "x"}); !isInvalid(err) {
			t.Errorf("a wrong cursor: %v", err)
		}
	})
}

func TestRepeatedDeliveriesAreCounted(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		first := delivery(1, someEvents()...)
		again := delivery(5, someEvents()...) // Later, with a body of its own…
		again.Key, again.Body = first.Key, first.Body
		other := delivery(6)
		other.Key = first.Key // … and another body under the same key.
		elsewhere := first
		elsewhere.Connection = "c2"
		renamed := first
		renamed.Event = "ping"
		done := deliver(t, w, first, again, other)
		if done[0].Repeated || !done[1].Repeated || done[2].Repeated || done[0].ID != done[1].ID || done[0].ID == done[2].ID {
			t.Errorf("first batch: %+v", done)
		}
		revision := must[int64](t)(w.Revision(t.Context()))
		// The parser has learned something since, which a repeat does not bring in.
		again.Events = []evenkeel.Event{event("ci", "new", noon, &evenkeel.Deployment{})}
		done = deliver(t, w, again, again, elsewhere, renamed)
		if !done[0].Repeated || !done[1].Repeated || done[2].Repeated || done[3].Repeated || done[2].Observations != 0 || done[2].Recorded.Repeated != 6 {
			t.Errorf("second batch: %+v", done)
		}
		if now := must[int64](t)(w.Revision(t.Context())); now != revision {
			t.Errorf("repeats have made a revision")
		}
		if d := must[evenkeel.Delivery](t)(w.Delivery(t.Context(), done[0].ID)); d.Repeats != 3 || d.Facts != 6 || !d.ReceivedAt.Equal(first.ReceivedAt) {
			t.Errorf("delivery: %+v", d)
		}
		want := map[string]evenkeel.ConnectionActivity{
			"c1": {Deliveries: map[evenkeel.Outcome]int{evenkeel.OutcomeRecorded: 3}, Repeats: 3, LastAt: other.ReceivedAt},
			"c2": {Deliveries: map[evenkeel.Outcome]int{evenkeel.OutcomeRecorded: 1}, LastAt: first.ReceivedAt},
		}
		if diff := cmp.Diff(want, must[map[string]evenkeel.ConnectionActivity](t)(w.ConnectionActivity(t.Context()))); diff != "" {
			t.Errorf("activity (-want +got)\n%s", diff)
		}
	})
}

func TestABatchFailsWhole(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		good := delivery(1, event("ci", "good", noon, &evenkeel.Deployment{}))
		for name, change := range map[string]func(d *evenkeel.Delivery){
			"an invalid event": func(d *evenkeel.Delivery) {
				d.Events = []evenkeel.Event{event("ci", "\x00", noon, &evenkeel.Deployment{})}
			},
			"no outcome":    func(d *evenkeel.Delivery) { d.Outcome = "" },
			"no source":     func(d *evenkeel.Delivery) { d.Source = "" },
			"strange bytes": func(d *evenkeel.Delivery) { d.Connection = "\xff" },
		} {
			bad := delivery(2)
			change(&bad)
			if _, err := w.Deliver(t.Context(), []evenkeel.Delivery{good, bad}); !isInvalid(err) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if list := deliveries(t, w, evenkeel.DeliveryFilter{}); len(list) != 0 || revision(t, w) != 0 {
			t.Errorf("something is kept: %+v, revision %d", list, revision(t, w))
		}
		if _, err := s.In("nowhere").Deliver(t.Context(), []evenkeel.Delivery{good}); !isNotFound(err) {
			t.Errorf("no workspace: %v", err)
		}
		if done := deliver(t, w); len(done) != 0 {
			t.Errorf("nothing: %+v", done)
		}
		if done := deliver(t, w, good); done[0].Observations != 1 || done[0].Revision != 1 {
			t.Errorf("afterwards: %+v", done)
		}
	})
}

func TestABodyNeedNotBeKept(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		without := delivery(1, event("ci", "1", noon, &evenkeel.Deployment{}))
		without.Body, without.Size = nil, 1234
		other := without
		other.Events = []evenkeel.Event{event("ci", "2", noon, &evenkeel.Deployment{})}
		expired := delivery(2)
		expired.Expired = true
		done := deliver(t, w, without, without, other, expired)
		if !done[1].Repeated || done[2].Repeated {
			t.Errorf("without a body, events tell deliveries apart: %+v", done)
		}
		for i, size := range map[int]int{0: 1234, 3: len(expired.Body)} {
			if d := must[evenkeel.Delivery](t)(w.Delivery(t.Context(), done[i].ID)); !d.Expired || d.Body != nil || d.Headers != nil || d.Size != size {
				t.Errorf("delivery: %+v", d)
			}
		}
	})
}

func TestStrangeTextsOfADelivery(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		odd := delivery(1)
		odd.Key, odd.Event, odd.Reason = "a\x00b", "\xff", "c\x00"
		odd.Headers = map[string]string{"A\xff": "\x00", "B": "é\xff"}
		odd.Body = []byte("\x00\xff\xfe")
		id := deliver(t, w, odd)[0].ID
		d := must[evenkeel.Delivery](t)(w.Delivery(t.Context(), id))
		if d.Key != "a�b" || d.Event != "�" || d.Reason != "c�" || string(d.Body) != "\x00\xff\xfe" || d.Headers["B"] != "é�" {
			t.Errorf("delivery: %+v", d)
		}
		for _, id := range []string{"", "x\x00", "\xff", "unknown"} {
			_, err := w.Delivery(t.Context(), id)
			_, errFacts := w.DeliveredFacts(t.Context(), id)
			_, errLineage := w.Lineage(t.Context(), id)
			_, errParse := w.Reparse(t.Context(), id, evenkeel.OutcomeIgnored, "", nil)
			if !isNotFound(err) || !isNotFound(errFacts) || !isNotFound(errLineage) || !isNotFound(errParse) {
				t.Errorf("%q: %v, %v, %v, %v", id, err, errFacts, errLineage, errParse)
			}
		}
	})
}
