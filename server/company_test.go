package server_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/demo"
	"github.com/evenkeel-dev/evenkeel/server"
	"github.com/evenkeel-dev/evenkeel/store"
	"github.com/evenkeel-dev/evenkeel/store/storetest"
)

// startFilled is a site whose workspace "default" holds a small invented company.
func startFilled(t *testing.T) site {
	t.Helper()
	return startWith(t, company(t), func(*server.Config) {})
}

// company copies a database with a small invented company.
func company(t *testing.T) (dsn string) {
	t.Helper()
	snapshot, err := recorded()
	if err != nil {
		t.Fatal(err)
	}
	return storetest.CopySQLite(t, snapshot)
}

// recorded is the company's database, which is made once.
var recorded = sync.OnceValues(func() ([]byte, error) {
	return storetest.Snapshot(func(dsn string) error {
		ctx := context.Background()
		s, err := store.Open(ctx, store.Options{DSN: dsn, Now: clock})
		if err != nil {
			return err
		}
		err = s.EnsureWorkspace(ctx, evenkeel.WorkspaceInfo{Slug: "default", Name: "default"})
		if err == nil {
			err = fill(ctx, s.In("default"))
		}
		return errors.Join(err, s.Close())
	})
})

// fill records the company.
func fill(ctx context.Context, w *store.Workspace) error {
	world := demo.New(demo.Options{Seed: 1, Now: clock(), Scale: 0.05})
	if err := w.ApplyCatalogue(ctx, world.Catalogue); err != nil {
		return err
	}
	var events []evenkeel.Event
	for batch := range world.Events() {
		events = append(events, batch...)
	}
	_, err := w.Record(ctx, events)
	return err
}
