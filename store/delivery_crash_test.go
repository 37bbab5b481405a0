package store_test

import (
	"fmt"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/store"
)

// deliverInto makes this test binary a process which delivers into a database
// until it is killed.
const deliverInto = "EVENKEEL_TEST_DELIVER_INTO"

// crashBatches are batches of deliveries with events of all row kinds and
// commits; each delivery has some facts of its own and some of others.
func crashBatches() [][]evenkeel.Delivery {
	var list []evenkeel.Delivery
	for some := range slices.Chunk(history(150, true), 3) {
		list = append(list, delivery(len(list), append(some, event("ci", "all", hours(len(list)), &evenkeel.Deployment{Version: fmt.Sprint(len(list))}))...))
	}
	return slices.Collect(slices.Chunk(list, 5))
}

func TestChildDelivers(t *testing.T) {
	dsn := os.Getenv(deliverInto)
	if dsn == "" {
		t.Skip("a part of TestKilledDeliveries")
	}
	w := open(t, dsn).In("acme")
	for i, batch := range crashBatches() {
		deliver(t, w, batch...)
		fmt.Println("piece", i)
	}
}

// TestKilledDeliveries kills a process while it delivers, at several moments:
// of each batch all is kept or nothing. Delivering all again then brings what
// a process that was never killed brings.
func TestKilledDeliveries(t *testing.T) {
	t.Parallel()
	for name, dsn := range databases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			where := dsn(t)
			killed, whole := open(t, where), open(t, dsn(t))
			for _, s := range []*store.Store{killed, whole} {
				ensure(t, s, "acme")
				register(t, s.In("acme"), "service-1", "repo:github.com/acme/service-1")
			}
			for _, moment := range []int{0, 2, 9, 23} {
				killAt(t, deliverInto, where, moment)
				checkWhole(t, killed.In("acme"))
				checkBatches(t, killed.In("acme"))
			}
			for _, batch := range crashBatches() {
				deliver(t, whole.In("acme"), batch...)
				deliver(t, killed.In("acme"), batch...)
			}
			if diff := cmp.Diff(anonymous(view(t, whole.In("acme"))), anonymous(view(t, killed.In("acme")))); diff != "" {
				t.Errorf("(-never killed +killed)\n%s", diff)
			}
			if n := checkBatches(t, killed.In("acme")); n != len(crashBatches()) {
				t.Errorf("%d batches are kept", n)
			}
		})
	}
}

// checkBatches checks that batches are kept whole, with their bodies and
// facts, and counts them.
func checkBatches(t *testing.T, w *store.Workspace) int {
	t.Helper()
	kept := map[string]evenkeel.Delivery{}
	f := evenkeel.DeliveryFilter{Limit: 500}
	for _, d := range deliveries(t, w, f) {
		if kept[d.Key].ID != "" {
			t.Errorf("%s is kept twice", d.Key)
		}
		kept[d.Key] = d
	}
	batches := 0
	for i, batch := range crashBatches() {
		n := 0
		for _, d := range batch {
			if held, ok := kept[d.Key]; ok {
				n++
				full := must[evenkeel.Delivery](t)(w.Delivery(t.Context(), held.ID))
				if list := must[[]evenkeel.DeliveredFact](t)(w.DeliveredFacts(t.Context(), held.ID)); len(list) != held.Facts || string(full.Body) != string(d.Body) {
					t.Errorf("%s: %d facts of %d, body %q", d.Key, len(list), held.Facts, full.Body)
				}
			}
		}
		if n == len(batch) {
			batches++
		} else if n > 0 {
			t.Errorf("%d deliveries of batch %d are kept, of %d", n, i, len(batch))
		}
	}
	return batches
}
