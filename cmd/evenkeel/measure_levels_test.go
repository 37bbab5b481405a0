package main

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/store"
)

// TestLevelsInForceAreMeasured: those of the store, but for retired ones.
func TestLevelsInForceAreMeasured(t *testing.T) {
	t.Parallel()
	s, err := store.Open(t.Context(), store.Options{DSN: "sqlite:" + filepath.Join(t.TempDir(), "evenkeel.db"), Now: present})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.EnsureWorkspace(t.Context(), evenkeel.WorkspaceInfo{Slug: "acme", CreatedAt: present()}); err != nil {
		t.Fatal(err)
	}
	const id = "checkout-availability"
	if _, _, err := s.In("acme").SaveServiceLevel(t.Context(), evenkeel.ServiceLevelChange{ID: id, Application: "checkout", Document: checkoutSLO, Source: evenkeel.ServiceLevelSource{Kind: evenkeel.FromFile}, By: "test"}); err != nil {
		t.Fatal(err)
	}
	levels := measuredLevels(s)("acme")
	one, err := levels.SLO(t.Context(), id)
	all, allErr := levels.SLOs(t.Context())
	if err != nil || allErr != nil || len(all) != 1 || one.Name != id || all[0].Indicator.Good.Query != "good" {
		t.Fatalf("%+v, %v; %v, %v", one, err, all, allErr)
	}
	if _, err := s.In("acme").RetireServiceLevel(t.Context(), id, "test"); err != nil {
		t.Fatal(err)
	}
	all, allErr = levels.SLOs(t.Context())
	if _, err := levels.SLO(t.Context(), id); !errors.Is(err, evenkeel.ErrNotFound) || len(all) != 0 || allErr != nil {
		t.Errorf("retired: %v, %v, %v", err, all, allErr)
	}
}
