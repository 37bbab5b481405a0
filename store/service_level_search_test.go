package store_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/store"
)

func TestOneOfTwoSearchesIsKept(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w, ctx := s.In("acme"), t.Context()
		if none := must[evenkeel.LevelSearch](t)(w.LevelSearch(ctx)); none.Version != 0 || none.Running || none.Body != nil {
			t.Errorf("before the first: %+v", none)
		}
		first := must[evenkeel.LevelSearch](t)(w.SaveLevelSearch(ctx, evenkeel.LevelSearch{Running: true, SeenAt: noon, Body: json.RawMessage(`{"done":1}`)}))
		if diff := cmp.Diff(first, must[evenkeel.LevelSearch](t)(w.LevelSearch(ctx))); diff != "" || first.Version != 1 {
			t.Error(diff)
		}
		if _, err := w.SaveLevelSearch(ctx, evenkeel.LevelSearch{Running: true, SeenAt: noon}); !errors.Is(err, evenkeel.ErrConflict) {
			t.Errorf("a second first search: %v", err)
		}
		next := first
		next.Running, next.Body = false, json.RawMessage(`{"done":2}`)
		next = must[evenkeel.LevelSearch](t)(w.SaveLevelSearch(ctx, next))
		if _, err := w.SaveLevelSearch(ctx, first); !errors.Is(err, evenkeel.ErrConflict) {
			t.Errorf("of a version that is over: %v", err)
		}
		if diff := cmp.Diff(next, must[evenkeel.LevelSearch](t)(w.LevelSearch(ctx))); diff != "" || next.Version != 2 {
			t.Error(diff)
		}
		if err := s.RemoveWorkspace(ctx, "acme"); err != nil {
			t.Fatal(err)
		}
		ensure(t, s, "acme")
		if gone := must[evenkeel.LevelSearch](t)(w.LevelSearch(ctx)); gone.Version != 0 {
			t.Errorf("of the workspace that was removed: %+v", gone)
		}
	})
}
