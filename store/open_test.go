package store_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/store"
	"github.com/evenkeel-dev/evenkeel/store/storetest"
)

func TestWhatCannotBeOpenedIsExplained(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	text := filepath.Join(folder, "notes.txt")
	if err := os.WriteFile(text, []byte(strings.Repeat("these are notes, not tables\n", 500)), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, one := range map[string]struct{ dsn, says, advice string }{
		"no scheme":               {"evenkeel.db", "database", "sqlite:PATH"},
		"an unknown scheme":       {"mysql://localhost/x", "mysql", "postgres://"},
		"no path":                 {"sqlite:", "sqlite:", "give the path"},
		"a database in memory":    {"sqlite::memory:", "sqlite::memory:", "give the path"},
		"a folder that is not":    {"sqlite:" + folder + "/no/such/evenkeel.db", folder + "/no/such", "create it"},
		"a folder in place":       {"sqlite:" + folder, folder, "name a file in it"},
		"a file in place":         {"sqlite:" + text + "/evenkeel.db", text, ""},
		"a file of another kind":  {"sqlite:" + text, text, "not an Evenkeel database"},
		"a place nobody may fill": {"sqlite:/proc/evenkeel.db", "/proc/evenkeel.db", "may write to the folder"},
		"a server that is not":    {"postgres://nobody:secret@127.0.0.1:1/x?sslmode=disable&connect_timeout=2", "127.0.0.1:1", ""},
		"a URL that is none":      {"postgres://[::1/x", "database", "postgres://USER@HOST/DATABASE"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := store.Open(t.Context(), store.Options{DSN: one.dsn, Now: time.Now})
			if err == nil {
				t.Fatal("it opened", s.Close())
			}
			if !strings.Contains(err.Error(), one.says) || !strings.Contains(err.Error(), one.advice) || strings.Contains(err.Error(), "secret") {
				t.Errorf("error: %v", err)
			}
		})
	}
	if _, err := store.Open(t.Context(), store.Options{DSN: "sqlite:" + filepath.Join(folder, "x.db")}); !isInvalid(err) {
		t.Errorf("without a clock: %v", err)
	}
}

func TestPathsMayHoldAnyCharacter(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a b?mode=ro#%41é.db")
	s := open(t, "sqlite:"+path)
	ensure(t, s, "acme")
	if _, err := os.Stat(path); err != nil {
		t.Error(err)
	}
}

func TestOpeningAgainKeepsEverything(t *testing.T) {
	t.Parallel()
	for name, dsn := range bare() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			where := dsn(t)
			first := open(t, where)
			ensure(t, first, "acme")
			register(t, first.In("acme"), "shop", "repo:"+repo)
			record(t, first.In("acme"), someEvents()...)
			second := open(t, where)
			if err := second.Ping(t.Context()); err != nil {
				t.Error(err)
			}
			if again := record(t, second.In("acme"), someEvents()...); again.Repeated != 6 || again.Observations != 0 {
				t.Errorf("recorded again by another process: %+v", again)
			}
			// Both write in turn, so what each remembers of commits grows old.
			for i, s := range []*store.Store{first, second, first, second} {
				c := event("git", "x", hours(i), &evenkeel.Commit{Repository: repo, SHA: sha(string("cdef"[i])), CommittedAt: hours(i)})
				record(t, s.In("acme"), c)
				for _, other := range []*store.Store{first, second} {
					if again := record(t, other.In("acme"), c); again.Repeated != 1 {
						t.Errorf("commit %d: %+v", i, again)
					}
				}
			}
		})
	}
}

func TestANewerDatabaseIsRefused(t *testing.T) {
	t.Parallel()
	for name, dsn := range bare() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			where := dsn(t)
			open(t, where)
			db := raw(t, where)
			if _, err := db.ExecContext(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, "+map[string]string{"sqlite": "1", "postgres": "true"}[name]+")"); err != nil {
				t.Fatal(err)
			}
			s, err := store.Open(t.Context(), store.Options{DSN: where, Now: time.Now})
			if err == nil {
				t.Fatal("it opened", s.Close())
			}
			if !isConflict(err) || !strings.Contains(err.Error(), "9999") || !strings.Contains(err.Error(), "knows versions up to") {
				t.Errorf("error: %v", err)
			}
		})
	}
}

// raw opens a database behind the store's back.
func raw(t testing.TB, dsn string) *sql.DB {
	t.Helper()
	driver, source := "pgx", dsn
	if path, ok := strings.CutPrefix(dsn, "sqlite:"); ok {
		driver, source = "sqlite", "file:"+path+"?_pragma=busy_timeout(10000)"
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func TestManyOpenOneNewDatabase(t *testing.T) {
	t.Parallel()
	for name, dsn := range bare() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			where := dsn(t)
			var all sync.WaitGroup
			errs := make([]error, 6)
			for i := range errs {
				all.Go(func() {
					s, err := store.Open(context.Background(), store.Options{DSN: where, Now: time.Now})
					if err == nil {
						err = errors.Join(s.EnsureWorkspace(context.Background(), evenkeel.WorkspaceInfo{Slug: "acme"}), s.Close())
					}
					errs[i] = err
				})
			}
			all.Wait()
			if err := errors.Join(errs...); err != nil {
				t.Error(err)
			}
			if infos := must[[]evenkeel.WorkspaceInfo](t)(open(t, where).Workspaces(t.Context())); len(infos) != 1 {
				t.Errorf("workspaces: %+v", infos)
			}
		})
	}
}

func TestADamagedSegmentIsAnError(t *testing.T) {
	t.Parallel()
	for _, damage := range []string{"x''", "x'28b52ffd0400'", "substr(body, 1, 20)", "zeroblob(100)", "shas"} {
		where := storetest.SQLite(t)
		s := open(t, where)
		ensure(t, s, "acme")
		id := register(t, s.In("acme"), "shop", "repo:"+repo)
		record(t, s.In("acme"), someEvents()...)
		if _, err := raw(t, where).ExecContext(t.Context(), "UPDATE commit_segments SET body = "+damage); err != nil {
			t.Fatal(err)
		}
		if _, err := s.In("acme").Facts(t.Context(), id); err == nil || !strings.Contains(err.Error(), repo) {
			t.Errorf("%s: %v", damage, err)
		}
	}
}
