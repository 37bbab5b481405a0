package store_test

import (
	"os"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/store"
	"github.com/evenkeel-dev/evenkeel/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

// noon is when the tests happen.
var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// each runs a test on an empty store of every kind of database, with the
// workspace "acme".
func each(t *testing.T, test func(t *testing.T, s *store.Store)) {
	t.Helper()
	for name, dsn := range databases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, dsn(t))
			ensure(t, s, "acme")
			test(t, s)
		})
	}
}

func databases() map[string]func(testing.TB) string {
	return map[string]func(testing.TB) string{"sqlite": storetest.SQLite, "postgres": storetest.Postgres}
}

// bare databases have no tables yet.
func bare() map[string]func(testing.TB) string {
	return map[string]func(testing.TB) string{"sqlite": storetest.BareSQLite, "postgres": storetest.BarePostgres}
}

func open(t testing.TB, dsn string) *store.Store {
	t.Helper()
	return openAt(t, dsn, func() time.Time { return noon })
}

func openAt(t testing.TB, dsn string, now func() time.Time) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{DSN: dsn, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

func ensure(t testing.TB, s *store.Store, slug string) {
	t.Helper()
	if err := s.EnsureWorkspace(t.Context(), evenkeel.WorkspaceInfo{Slug: slug, CreatedAt: noon}); err != nil {
		t.Fatal(err)
	}
}

// must returns a value or ends the test.
func must[T any](t testing.TB) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}
