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

// TestSeveralStreamsAreSavedTogether: those that nobody else has changed, and of
// the names that are asked for.
func TestSeveralStreamsAreSavedTogether(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		first := must[evenkeel.Stream](t)(w.SaveStream(t.Context(), reading(t, w, "slo a", noon.Add(time.Hour))))
		list := []evenkeel.Stream{first}
		for _, name := range []string{"slo b", "slo c"} {
			list = append(list, must[evenkeel.Stream](t)(w.SaveStream(t.Context(), evenkeel.Stream{Connection: first.Connection, Name: name, NextAt: noon})))
		}
		must[evenkeel.Stream](t)(w.SaveStream(t.Context(), list[1]))
		for i := range list {
			list[i].Done = 7
		}
		saved := must[map[string]evenkeel.Stream](t)(w.SaveStreams(t.Context(), first.Connection, list))
		if len(saved) != 2 || saved["slo a"].Version != 2 || saved["slo c"].Version != 2 {
			t.Errorf("saved: %+v", saved)
		}
		named := must[[]evenkeel.Stream](t)(w.StreamsNamed(t.Context(), first.Connection, []string{"slo a", "slo c", "slo d"}))
		if diff := cmp.Diff([]evenkeel.Stream{saved["slo c"], saved["slo a"]}, named); diff != "" {
			t.Error("the longest due first: ", diff)
		}
		if other := must[evenkeel.Stream](t)(w.Stream(t.Context(), first.Connection, "slo b")); other.Done != 0 || other.Version != 2 {
			t.Errorf("that of another process: %+v", other)
		}
		if others := must[[]evenkeel.Stream](t)(w.StreamsNamed(t.Context(), "another", []string{"slo a"})); len(others) != 0 {
			t.Errorf("of another connection: %+v", others)
		}
		if _, err := w.SaveStreams(t.Context(), "another", list); !errors.Is(err, evenkeel.ErrConflict) {
			t.Errorf("of a connection that is gone: %v", err)
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
