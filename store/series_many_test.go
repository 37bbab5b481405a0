package store_test

import (
	"errors"
	"fmt"
	"maps"
	"sync/atomic"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/store"
)

func TestSeriesAreFoundByName(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		for i, one := range []struct{ application, environment, name string }{
			{"shop", "production", "availability"},
			{"shop", "production", `availability{zone="a"}`},
			{"shop", "staging", "availability"},
			{"shop", "production", "AVAILABILITY{}"},
			{"shop", "production", "availability2"},
			{"shop", "production", "avail_bility{}"},
			{"pay", "production", "availability"},
		} {
			m := &evenkeel.Measurement{Application: one.application, Environment: one.environment, Series: one.name, SliceSeconds: 60, Slices: []evenkeel.Slice{{At: noon, Good: new(1.0)}}}
			record(t, w, event("probe", fmt.Sprint(i), noon, m))
		}
		for _, one := range []struct {
			environment, name string
			want              []string
		}{
			{"", "availability", []string{"availability", `availability{zone="a"}`, "availability"}},
			{"production", "availability", []string{"availability", `availability{zone="a"}`}},
			{"", "avail_bility", []string{"avail_bility{}"}},
			{"", "avail", nil},
			{"\x00", "availability", nil},
		} {
			var names []string
			for _, info := range must[[]evenkeel.SeriesInfo](t)(w.SeriesNamed(t.Context(), "shop", one.environment, one.name)) {
				names = append(names, info.Name)
			}
			if diff := gocmp.Diff(one.want, names); diff != "" {
				t.Errorf("%q in %q (-want +got)\n%s", one.name, one.environment, diff)
			}
		}
	})
}

// TestManySeriesAreReadAsOne records random batches, late, corrected and out of
// order, and compares every way of reading with reading series one by one: of
// now, and of every revision with what was read when it was the last.
func TestManySeriesAreReadAsOne(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		run := 0
		rapid.Check(t, func(rt *rapid.T) {
			run++
			w, ctx := workspaceWith(t, s, fmt.Sprintf("many-%d", run)), t.Context()
			window := evenkeel.Window{From: noon.Add(20 * time.Minute), To: noon.Add(time.Duration(rapid.IntRange(30, 170).Draw(rt, "to")) * time.Minute)}
			var then []map[string][]evenkeel.Slice
			var told []map[string][]evenkeel.MeasuredHour
			var ids []string
			for i := range rapid.IntRange(1, 8).Draw(rt, "batches") {
				e := drawBatch(rt, fmt.Sprint(i))
				if ids = append(ids, seriesID(e)); e.Kind == evenkeel.KindFlagUsage {
					ids = ids[:len(ids)-1]
				}
				before := revisionOf(rt, t, w)
				if _, err := w.Record(ctx, []evenkeel.Event{e}); err != nil {
					rt.Fatal(err)
				}
				one := map[string][]evenkeel.Slice{}
				for _, id := range ids {
					list, err := w.Measurements(ctx, id, window)
					if err != nil {
						rt.Fatal(err)
					}
					if len(list) > 0 {
						one[id] = list
					}
				}
				many, err := w.MeasurementsOf(ctx, ids, window)
				if diff := gocmp.Diff(one, many, cmpopts.EquateEmpty(), noEmpty()); err != nil || diff != "" {
					rt.Fatalf("%v (-one by one +together)\n%s", err, diff)
				}
				for now := revisionOf(rt, t, w); int64(len(then)) <= now; {
					then = append(then, one)
				}
				hours, _, whole, err := w.MeasuredSince(ctx, before)
				if err != nil || whole {
					rt.Fatal(err)
				}
				told = append(told, map[string][]evenkeel.MeasuredHour{})
				for _, h := range hours {
					told[len(told)-1][h.Series] = append(told[len(told)-1][h.Series], h)
				}
			}
			for at, want := range then[1:] {
				got, err := w.MeasurementsAt(ctx, int64(at+1), ids, window)
				if diff := gocmp.Diff(want, got, cmpopts.EquateEmpty(), noEmpty()); err != nil || diff != "" {
					rt.Fatalf("at revision %d: %v (-want +got)\n%s", at+1, err, diff)
				}
			}
			compareHours(rt, t, w, ids, told)
		})
	})
}

// compareHours puts together what was told of changes and compares it with
// all hours there are.
func compareHours(rt *rapid.T, t *testing.T, w *store.Workspace, ids []string, told []map[string][]evenkeel.MeasuredHour) {
	type key struct {
		series string
		hour   time.Time
	}
	followed, all, some := map[key]evenkeel.MeasuredHour{}, map[key]evenkeel.MeasuredHour{}, map[key]evenkeel.MeasuredHour{}
	for _, hours := range told {
		for _, list := range hours {
			for _, h := range list {
				followed[key{h.Series, h.Hour}] = h
			}
		}
	}
	into := func(m map[key]evenkeel.MeasuredHour) func(evenkeel.MeasuredHour) error {
		return func(h evenkeel.MeasuredHour) error { m[key{h.Series, h.Hour}] = h; return nil }
	}
	second := noon.Add(time.Hour)
	err := errors.Join(w.MeasuredHours(t.Context(), ids, evenkeel.Window{}, into(all)), w.MeasuredIn(t.Context(), ids, []time.Time{second.Add(time.Minute)}, into(some)))
	if diff := gocmp.Diff(all, followed); err != nil || diff != "" {
		rt.Fatalf("%v (-all +followed)\n%s", err, diff)
	}
	maps.DeleteFunc(all, func(k key, _ evenkeel.MeasuredHour) bool { return !k.hour.Equal(second) })
	if diff := gocmp.Diff(all, some); diff != "" {
		rt.Fatalf("(-hours +in one)\n%s", diff)
	}
}

func revisionOf(rt *rapid.T, t *testing.T, w *store.Workspace) int64 {
	n, err := w.Revision(t.Context())
	if err != nil {
		rt.Fatal(err)
	}
	return n
}

// noEmpty passes over series without slices.
func noEmpty() gocmp.Option {
	return cmpopts.IgnoreMapEntries(func(_ string, list []evenkeel.Slice) bool { return len(list) == 0 })
}

// goods is a slice of so many good of 100 events.
func goods(at time.Time, good float64) evenkeel.Slice {
	return evenkeel.Slice{At: at, Good: &good, Total: new(100.0)}
}

func TestLateHoursAreTold(t *testing.T) {
	t.Parallel()
	clocked(t, func(t *testing.T, s *store.Store, _ string, clock *atomic.Pointer[time.Time]) {
		w, ctx := s.In("acme"), t.Context()
		first := measured("1", noon, noon, 1, 2)
		set(clock, noon.Add(10*time.Minute))
		record(t, w, first)
		set(clock, noon.Add(65*time.Minute))
		record(t, w, measured("2", hours(1), noon.Add(55*time.Minute), 3), measured("3", hours(1), hours(1), 4))
		id := []string{seriesID(first)}
		late := func(revision int64, after time.Duration) []evenkeel.LateHour {
			return must[[]evenkeel.LateHour](t)(w.LateMeasurements(ctx, revision, id, evenkeel.Window{}, after))
		}
		if list := late(evenkeel.LastRevision, 10*time.Minute); len(list) != 0 {
			t.Errorf("in time: %+v", list)
		}
		then := revision(t, w)
		set(clock, hours(30))
		record(t, w, measured("4", hours(30), noon, 9), measured("5", hours(30), hours(-48), 7))
		want := []evenkeel.LateHour{
			{Series: id[0], Hour: hours(-48), FirstAt: hours(30), LastAt: hours(30), Changes: 1},
			{
				Series: id[0], Hour: noon, FirstAt: noon.Add(10 * time.Minute), LastAt: hours(30), Changes: 1,
				Before: []evenkeel.Slice{goods(noon, 1), goods(noon.Add(5*time.Minute), 2), goods(noon.Add(55*time.Minute), 3)},
				Now:    []evenkeel.Slice{goods(noon, 9), goods(noon.Add(5*time.Minute), 2), goods(noon.Add(55*time.Minute), 3)},
			},
		}
		if diff := gocmp.Diff(want, late(evenkeel.LastRevision, 10*time.Minute)); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		if list := late(then, 10*time.Minute); len(list) != 0 {
			t.Errorf("as known before: %+v", list)
		}
		want[1].Changes, want[1].Before = 2, want[1].Before[:2] // The third came 5 minutes after the hour.
		if diff := gocmp.Diff(want, late(evenkeel.LastRevision, 0)); diff != "" {
			t.Errorf("within no time (-want +got)\n%s", diff)
		}
		inside := must[[]evenkeel.LateHour](t)(w.LateMeasurements(ctx, evenkeel.LastRevision, id, evenkeel.Window{From: noon.Add(time.Minute)}, time.Minute*10))
		if len(inside) != 1 || !inside[0].Hour.Equal(noon) {
			t.Errorf("in a window: %+v", inside)
		}
	})
}
