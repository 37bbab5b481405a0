package store_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/store"
)

// TestDeliveriesBringTheSameFacts delivers random events in random deliveries
// and batches, some of them again, and compares with recording the events:
// readers see the same, links are complete, and each statement is fresh in
// exactly one delivery.
func TestDeliveriesBringTheSameFacts(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		run := 0
		rapid.Check(t, func(rt *rapid.T) {
			run++
			events := rapid.SliceOfN(rapid.Custom(drawEvent), 1, 14).Draw(rt, "events")
			catalogue := rapid.SampledFrom(catalogues()).Draw(rt, "catalogue")
			recorded := workspaceWith(t, s, fmt.Sprintf("recorded-%d", run))
			delivered := workspaceWith(t, s, fmt.Sprintf("delivered-%d", run))
			apply(rt, t, recorded, catalogue)
			apply(rt, t, delivered, catalogue)
			recordAll(rt, t, recorded, events)

			sent := drawDeliveries(rt, rapid.Permutation(events).Draw(rt, "order"))
			kept := deliverInBatches(rt, t, delivered, sent)
			want, got := view(t, recorded), view(t, delivered)
			if diff := cmp.Diff(want, got); diff != "" {
				rt.Fatalf("(-recorded +delivered)\n%s", diff)
			}
			checkLinks(rt, t, delivered, kept)
		})
	})
}

// drawDeliveries splits events into deliveries, of which some hold an event
// twice or one of another delivery.
func drawDeliveries(rt *rapid.T, events []evenkeel.Event) []evenkeel.Delivery {
	var sent []evenkeel.Delivery
	for rest := events; len(rest) > 0; {
		n := rapid.IntRange(0, len(rest)).Draw(rt, "in one delivery")
		some := slices.Clone(rest[:n])
		if rapid.Bool().Draw(rt, "with another") {
			some = append(some, rapid.SampledFrom(events).Draw(rt, "another"))
		}
		sent, rest = append(sent, delivery(len(sent), some...)), rest[n:]
		if len(sent) > 3 {
			return append(sent, delivery(len(sent), rest...))
		}
	}
	return sent
}

// deliverInBatches returns the deliveries by the ids under which they are kept.
func deliverInBatches(rt *rapid.T, t *testing.T, w *store.Workspace, sent []evenkeel.Delivery) map[string]evenkeel.Delivery {
	kept, repeats := map[string]evenkeel.Delivery{}, map[string]int{}
	seen := facts(t, w)
	for rest := slices.Concat(sent, rapid.SliceOfN(rapid.SampledFrom(sent), 0, 3).Draw(rt, "again")); len(rest) > 0; {
		n := rapid.IntRange(1, len(rest)).Draw(rt, "batch")
		for i, done := range deliver(t, w, rest[:n]...) {
			if _, known := kept[done.ID]; known != done.Repeated {
				rt.Fatalf("repeated: %v, known: %v", done.Repeated, known)
			}
			if done.Repeated {
				repeats[done.ID]++
			}
			kept[done.ID] = rest[i]
		}
		seen = checkNamed(rt, t, w, seen)
		rest = rest[n:]
	}
	for id := range kept {
		if d := must[evenkeel.Delivery](t)(w.Delivery(t.Context(), id)); d.Repeats != repeats[id] {
			rt.Fatalf("%d repeats are counted, %d happened", d.Repeats, repeats[id])
		}
	}
	return kept
}

func checkLinks(rt *rapid.T, t *testing.T, w *store.Workspace, kept map[string]evenkeel.Delivery) {
	fresh := map[string]int{}
	for _, id := range slices.Sorted(maps.Keys(kept)) {
		want := map[string]bool{}
		for _, e := range kept[id].Events {
			want[evenkeel.FactID(e.Kind, e.Payload.Key(e.Source, e.ID))] = true
		}
		got := map[string]bool{}
		for _, f := range must[[]evenkeel.DeliveredFact](t)(w.DeliveredFacts(t.Context(), id)) {
			got[f.Entry.ID] = true
			if f.Fresh {
				fresh[f.Entry.ID]++
			}
			if f.Entry.Kind != evenkeel.KindCommit {
				checkLineage(rt, t, w, f.Entry.ID, id)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			rt.Fatalf("facts of a delivery (-want +got)\n%s", diff)
		}
		if d := must[evenkeel.Delivery](t)(w.Delivery(t.Context(), id)); d.Facts != len(want) {
			rt.Fatalf("%d facts are counted of %d", d.Facts, len(want))
		}
	}
	for _, d := range kept {
		for _, e := range d.Events {
			if fresh[evenkeel.FactID(e.Kind, e.Payload.Key(e.Source, e.ID))] == 0 {
				rt.Fatalf("nobody was the first to speak of %s %q", e.Kind, e.ID)
			}
		}
	}
}

// checkLineage looks for the delivery in the lineage of a fact that it names,
// and at its order.
func checkLineage(rt *rapid.T, t *testing.T, w *store.Workspace, fact, delivery string) {
	found := false
	var last int64
	for _, said := range must[evenkeel.Lineage](t)(w.Lineage(t.Context(), fact)).Observations {
		if said.Revision < last || len(said.Deliveries) == 0 || !said.RecordedAt.Equal(noon) {
			rt.Fatalf("lineage of %s: %+v", fact, said)
		}
		last = said.Revision
		for i, ref := range said.Deliveries {
			found = found || ref.ID == delivery
			if i > 0 && ref.ID <= said.Deliveries[i-1].ID || ref.ReceivedAt.IsZero() || ref.Source != "github" {
				rt.Fatalf("deliveries: %+v", said.Deliveries)
			}
		}
	}
	if !found {
		rt.Fatalf("the lineage of %s misses delivery %s", fact, delivery)
	}
}

func TestLineageOfATakenInMerge(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		merge := event("git", sha("m1"), hours(2), &evenkeel.Change{Repository: repo, MergeCommit: sha("b"), OpenedAt: hours(1), MergedAt: hours(2)})
		numbered := event("github", "7", hours(3), &evenkeel.Change{Repository: repo, Number: 7, MergeCommit: sha("b"), OpenedAt: hours(1)})
		larger := event("github", "8", hours(3), &evenkeel.Change{Repository: repo, Number: 8, MergeCommit: sha("b"), OpenedAt: hours(1)})
		record(t, w, merge)
		done := deliver(t, w, delivery(1, numbered), delivery(2, larger), delivery(3, numbered, merge))
		id := func(e evenkeel.Event) string { return evenkeel.FactID(e.Kind, e.Payload.Key(e.Source, e.ID)) }
		for name, c := range map[string]struct {
			event evenkeel.Event
			want  [][]string
		}{
			"the winner": {numbered, [][]string{{done[2].ID}, {done[0].ID, done[2].ID}}},
			"a loser":    {larger, [][]string{{done[1].ID}}},
			"the merge":  {merge, [][]string{{done[2].ID}}},
		} {
			var got [][]string
			for _, said := range must[evenkeel.Lineage](t)(w.Lineage(t.Context(), id(c.event))).Observations {
				var ids []string
				for _, ref := range said.Deliveries {
					ids = append(ids, ref.ID)
				}
				got = append(got, ids)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%s (-want +got)\n%s", name, diff)
			}
		}
		for _, f := range must[[]evenkeel.DeliveredFact](t)(w.DeliveredFacts(t.Context(), done[2].ID)) {
			if f.Gone != (f.Entry.ID == id(merge)) {
				t.Errorf("fact %+v", f)
			}
		}
	})
}

func TestReparsing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		first := event("ci", "1", noon, &evenkeel.Deployment{})
		second := event("ci", "2", noon, &evenkeel.Deployment{})
		rejected := delivery(1, first)
		rejected.Outcome, rejected.Reason = evenkeel.OutcomeRejected, "not understood"
		id := deliver(t, w, rejected, delivery(2, second))[0].ID
		commit := event("git", "a", noon, &evenkeel.Commit{Repository: "r", SHA: sha("a"), CommittedAt: noon})
		want := evenkeel.Delivered{ID: id, Recorded: evenkeel.Recorded{Observations: 1, Repeated: 1, Facts: 1, Revision: 2}}
		if diff := cmp.Diff(want, must[evenkeel.Delivered](t)(w.Reparse(t.Context(), id, evenkeel.OutcomeRecorded, "", []evenkeel.Event{second, commit}))); diff != "" {
			t.Errorf("reparsed (-want +got)\n%s", diff)
		}
		want.Recorded = evenkeel.Recorded{Repeated: 3, Revision: 2}
		if diff := cmp.Diff(want, must[evenkeel.Delivered](t)(w.Reparse(t.Context(), id, evenkeel.OutcomeRecorded, "", []evenkeel.Event{commit, second, commit}))); diff != "" {
			t.Errorf("again (-want +got)\n%s", diff)
		}
		d := must[evenkeel.Delivery](t)(w.Delivery(t.Context(), id))
		if d.Outcome != evenkeel.OutcomeRecorded || d.Reason != "" || d.Facts != 3 || d.Body == nil {
			t.Errorf("delivery: %+v", d)
		}
		fresh := map[string]bool{}
		for _, f := range must[[]evenkeel.DeliveredFact](t)(w.DeliveredFacts(t.Context(), id)) {
			fresh[f.Entry.ExternalID] = f.Fresh
		}
		if diff := cmp.Diff(map[string]bool{"1": true, "2": false, sha("a"): true}, fresh); diff != "" {
			t.Errorf("fresh (-want +got)\n%s", diff)
		}
		if _, err := w.Reparse(t.Context(), id, "", "", nil); !isInvalid(err) {
			t.Errorf("no outcome: %v", err)
		}
		invalid := []evenkeel.Event{event("ci", "\x00", noon, &evenkeel.Deployment{})}
		if _, err := w.Reparse(t.Context(), id, evenkeel.OutcomeIgnored, "", invalid); !isInvalid(err) {
			t.Errorf("an invalid event: %v", err)
		}
		if now := must[evenkeel.Delivery](t)(w.Delivery(t.Context(), id)); cmp.Diff(d, now) != "" {
			t.Errorf("an error has changed the delivery: %+v", now)
		}
	})
}

// TestManyDeliverAtOnce delivers the same from several processes: every
// delivery is kept once, and nothing fails.
func TestManyDeliverAtOnce(t *testing.T) {
	t.Parallel()
	for name, dsn := range databases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			where := dsn(t)
			const processes, each = 4, 30
			failures := make(chan error, processes)
			first := open(t, where)
			ensure(t, first, "acme")
			for p := range processes {
				w := openAt(t, where, time.Now).In("acme")
				go func() {
					var err error
					for i := 0; i < each && err == nil; i += 3 {
						var batch []evenkeel.Delivery
						for k := range 3 {
							n := (i + k + p*3) % each
							batch = append(batch, delivery(n, event("ci", fmt.Sprint(n%7), hours(n), &evenkeel.Deployment{Version: fmt.Sprint(n), Origin: "x"})))
						}
						_, err = w.Deliver(t.Context(), batch)
					}
					failures <- err
				}()
			}
			for range processes {
				if err := <-failures; err != nil {
					t.Error(err)
				}
			}
			w := first.In("acme")
			a := must[map[string]evenkeel.ConnectionActivity](t)(w.ConnectionActivity(t.Context()))["c1"]
			if a.Deliveries[evenkeel.OutcomeRecorded] != each || a.Repeats != (processes-1)*each {
				t.Errorf("activity: %+v", a)
			}
			checkWhole(t, w)
		})
	}
}
