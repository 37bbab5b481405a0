package store_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/store"
)

// reading is a stream of a connection that exists.
func reading(t *testing.T, w *store.Workspace, name string, next time.Time) evenkeel.Stream {
	t.Helper()
	connection := must[evenkeel.Connection](t)(w.SaveConnection(t.Context(), evenkeel.Connection{Source: "github", Name: "acme " + name}))
	return evenkeel.Stream{Connection: connection.ID, Name: name, NextAt: next}
}

func TestAStreamIsKept(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		want := reading(t, w, "pulls acme/checkout", noon.Add(time.Minute))
		want.Cursor, want.Done, want.Total, want.Complete = json.RawMessage(`{"until":"2026-03-02"}`), 3, 9, true
		want.LastAt, want.Failures, want.Error = noon, 2, "no way"
		want = must[evenkeel.Stream](t)(w.SaveStream(t.Context(), want))
		if want.Version != 1 || want.Workspace != "acme" {
			t.Errorf("version %d in %q", want.Version, want.Workspace)
		}
		got := must[[]evenkeel.Stream](t)(w.Streams(t.Context()))
		if diff := cmp.Diff([]evenkeel.Stream{want}, got); diff != "" {
			t.Error(diff)
		}
		want.Cursor, want.Error, want.Failures = nil, "", 0
		want = must[evenkeel.Stream](t)(w.SaveStream(t.Context(), want))
		if diff := cmp.Diff([]evenkeel.Stream{want}, must[[]evenkeel.Stream](t)(w.Streams(t.Context()))); diff != "" {
			t.Error("after a second save: ", diff)
		}
	})
}

func TestOneOfTwoReadersGoesOn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		read := must[evenkeel.Stream](t)(w.SaveStream(t.Context(), reading(t, w, "runs", noon)))
		for i, want := range []error{nil, evenkeel.ErrConflict, evenkeel.ErrConflict} {
			if _, err := w.SaveStream(t.Context(), read); !errors.Is(err, want) {
				t.Errorf("save %d of the same version: %v, want %v", i+1, err, want)
			}
		}
		read.Version = 0
		if _, err := w.SaveStream(t.Context(), read); !errors.Is(err, evenkeel.ErrConflict) {
			t.Errorf("a second first save: %v", err)
		}
	})
}

func TestStreamsThatAreDue(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		ensure(t, s, "other")
		for name, w := range map[string]*store.Workspace{"later": s.In("acme"), "now": s.In("acme"), "before": s.In("other")} {
			at := map[string]time.Time{"later": noon.Add(time.Second), "now": noon, "before": noon.Add(-time.Hour)}[name]
			must[evenkeel.Stream](t)(w.SaveStream(t.Context(), reading(t, w, name, at)))
		}
		var names []string
		for _, due := range must[[]evenkeel.Stream](t)(s.DueStreams(t.Context(), noon, 10)) {
			names = append(names, due.Workspace+" "+due.Name)
		}
		if diff := cmp.Diff([]string{"other before", "acme now"}, names); diff != "" {
			t.Error(diff)
		}
		if first := must[[]evenkeel.Stream](t)(s.DueStreams(t.Context(), noon, 1)); len(first) != 1 || first[0].Name != "before" {
			t.Errorf("the one that waits longest: %v", first)
		}
	})
}

func TestStreamsEndWithTheirConnection(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		read := must[evenkeel.Stream](t)(w.SaveStream(t.Context(), reading(t, w, "runs", noon)))
		kept := must[evenkeel.Stream](t)(w.SaveStream(t.Context(), reading(t, w, "pulls", noon)))
		if err := w.RemoveConnection(t.Context(), read.Connection); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]evenkeel.Stream{kept}, must[[]evenkeel.Stream](t)(w.Streams(t.Context()))); diff != "" {
			t.Error(diff)
		}
		if _, err := w.SaveStream(t.Context(), read); !errors.Is(err, evenkeel.ErrConflict) {
			t.Errorf("a page that arrives after that: %v", err)
		}
		if err := w.RemoveStream(t.Context(), kept.Connection, kept.Name); err != nil {
			t.Fatal(err)
		}
		if left := must[[]evenkeel.Stream](t)(w.Streams(t.Context())); len(left) != 0 {
			t.Errorf("left: %v", left)
		}
	})
}
