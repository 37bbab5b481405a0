package store_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/store"
)

func TestAnApplicationChangesHandsWhenItsGroupDoes(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		groups := []evenkeel.Group{{Slug: "red"}, {Slug: "blue"}}
		of := func(group string, owners ...evenkeel.Ownership) evenkeel.Catalogue {
			return evenkeel.Catalogue{Groups: groups, Applications: []evenkeel.Application{{Slug: "pay", Group: group, Owners: owners}}}
		}
		owners := func(c evenkeel.Catalogue) []evenkeel.Ownership {
			t.Helper()
			applyCatalogue(t, w, c)
			found, _ := bySlug(t, w)
			return found["pay"].Owners
		}
		if got := owners(of("red")); got != nil {
			t.Errorf("the first owner is dated: %v", got)
		}
		handed := owners(of("blue"))
		if len(handed) != 2 || handed[0] != (evenkeel.Ownership{Group: "red"}) || handed[1].Group != "blue" || handed[1].From.IsZero() {
			t.Fatalf("after the group changed: %v", handed)
		}
		before := revision(t, w)
		if diff := cmp.Diff(handed, owners(of("blue"))); diff != "" {
			t.Errorf("applied again: %s", diff)
		}
		if after := revision(t, w); after != before {
			t.Errorf("applying again made revision %d of %d", after, before)
		}
		march := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
		stated := []evenkeel.Ownership{{Group: "red"}, {Group: "blue", From: march}}
		if diff := cmp.Diff(stated, owners(of("blue", stated...))); diff != "" {
			t.Errorf("stated owners: %s", diff)
		}
		if after := revision(t, w); after == before {
			t.Error("another date of the handover is no revision")
		}
		wrong := of("blue", evenkeel.Ownership{Group: "red", From: march})
		wantFields(t, w.ApplyCatalogue(t.Context(), wrong), "applications[0].owners[0].from", "applications[0].group")
	})
}

func TestCapabilitiesAreCheckedAndKept(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		c := evenkeel.Catalogue{
			Capabilities: []evenkeel.Group{{Slug: "money", Name: "Money"}, {Slug: "refunds", Name: "Refunds", Parent: "money"}},
			Applications: []evenkeel.Application{{Slug: "pay", Name: "Pay", Capability: "refunds"}},
		}
		applyCatalogue(t, w, c)
		got, _, err := w.Catalogue(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.Capabilities, got.Capabilities); diff != "" {
			t.Error(diff)
		}
		if ids := got.Serving("money"); len(ids) != 1 || ids[0] != got.Applications[0].ID {
			t.Errorf("money is served by %v", ids)
		}
		c.Capabilities[0].Parent = "refunds"
		c.Applications[0].Capability = "nothing"
		wantFields(t, w.ApplyCatalogue(t.Context(), c), "capabilities[0].parent", "capabilities[1].parent", "applications[0].capability")
	})
}

// wantFields wants an error about these fields.
func wantFields(t *testing.T, err error, fields ...string) {
	t.Helper()
	for _, field := range fields {
		if err == nil || !strings.Contains(err.Error(), field) {
			t.Errorf("got %v, want a word on %s", err, field)
		}
	}
}
