package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/store"
)

func savePolicy(ctx context.Context, w *store.Workspace, p evenkeel.Policy) error {
	_, _, err := w.SavePolicy(ctx, evenkeel.PolicyChange{Policy: p, Author: "person:ada", Note: "because"})
	return err
}

// TestPolicies saves policies one after the other: each new content is the
// next version, what is in force already is none, and all stay readable.
func TestPolicies(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		ctx, w := t.Context(), s.In("acme")
		standard := evenkeel.DefaultPolicy()
		if diff := cmp.Diff(standard, must[evenkeel.Policy](t)(w.Policy(ctx))); diff != "" {
			t.Errorf("default (-want +got)\n%s", diff)
		}
		hour := standard
		hour.FailureWindow, hour.WeekStart = time.Hour, time.Sunday
		bare := hour
		bare.Assisted, bare.Bots = evenkeel.MarkRule{}, evenkeel.MarkRule{}
		bare.Applications = map[string]evenkeel.Override{"shop": {TimeZone: "Europe/Berlin"}}
		for i, step := range []struct {
			policy  evenkeel.Policy
			version string
			saved   bool
		}{{standard, "default-1", false}, {hour, "1", true}, {hour, "1", false}, {bare, "2", true}, {standard, "3", true}, {hour, "4", true}} {
			v, saved, err := w.SavePolicy(ctx, evenkeel.PolicyChange{Policy: step.policy, Author: "person:ada", Note: "why"})
			if err != nil || v.Policy.Version != step.version || saved != step.saved {
				t.Fatalf("step %d: version %q, saved %v, %v", i, v.Policy.Version, saved, err)
			}
			want := step.policy
			want.Version = step.version
			if diff := cmp.Diff(want, must[evenkeel.Policy](t)(w.Policy(ctx))); diff != "" {
				t.Errorf("step %d: in force (-want +got)\n%s", i, diff)
			}
		}
		versions := must[[]evenkeel.PolicyVersion](t)(w.PolicyVersions(ctx))
		digests := []string{standard.Digest(), hour.Digest(), bare.Digest(), standard.Digest(), hour.Digest()}
		if len(versions) != len(digests) {
			t.Fatalf("%d versions, want %d", len(versions), len(digests))
		}
		for i, v := range versions {
			if v.Number != int64(i) || v.Policy.Digest() != digests[i] || (i > 0 && (v.Author != "person:ada" || v.Note != "why" || !v.At.Equal(noon))) {
				t.Errorf("version %d: %+v", i, v)
			}
		}
	})
}

func TestAPolicyThatChangedMeanwhileIsNotOverwritten(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		ctx, w := t.Context(), s.In("acme")
		first, second := evenkeel.DefaultPolicy(), evenkeel.DefaultPolicy()
		base := first.Digest()
		first.FailureWindow, second.FailureWindow = time.Hour, 2*time.Hour
		if _, saved, err := w.SavePolicy(ctx, evenkeel.PolicyChange{Policy: first, Base: base}); err != nil || !saved {
			t.Fatal(saved, err)
		}
		if _, _, err := w.SavePolicy(ctx, evenkeel.PolicyChange{Policy: second, Base: base}); !isConflict(err) {
			t.Errorf("made from what is no longer in force: %v", err)
		}
		if got := must[evenkeel.Policy](t)(w.Policy(ctx)); got.FailureWindow != time.Hour {
			t.Errorf("in force: %v", got.FailureWindow)
		}
		if _, _, err := w.SavePolicy(ctx, evenkeel.PolicyChange{Policy: second, Note: "a\x00b"}); !isInvalid(err) {
			t.Errorf("a note that cannot be kept: %v", err)
		}
	})
}
