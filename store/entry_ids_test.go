package store_test

import (
	"maps"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/store"
)

func TestEntriesByIDAreThoseOfTheList(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		record(t, w, append(someEvents(), besideEvents()...)...)
		want := map[string]evenkeel.Entry{}
		for _, e := range must[evenkeel.Page[evenkeel.Entry]](t)(w.Entries(t.Context(), evenkeel.EntryFilter{})).Items {
			want[e.ID] = e
		}
		asked := append(slices.Collect(maps.Keys(want)), "00000000000000000000", "", "a\x00b", slices.Collect(maps.Keys(want))[0])
		got := must[map[string]evenkeel.Entry](t)(w.EntriesByID(t.Context(), asked))
		if diff := gocmp.Diff(want, got); diff != "" || len(got) == 0 {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if got := must[map[string]evenkeel.Entry](t)(w.EntriesByID(t.Context(), nil)); len(got) != 0 {
			t.Errorf("no ids give %v", got)
		}
		if got := must[map[string]evenkeel.Entry](t)(s.In("other").EntriesByID(t.Context(), asked)); len(got) != 0 {
			t.Errorf("another workspace sees %v", got)
		}
	})
}
