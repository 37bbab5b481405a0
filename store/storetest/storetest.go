// Package storetest gives tests an empty database of each kind: a SQLite file
// and a database of a private PostgreSQL cluster that lives as long as the
// test process. A package that uses it must call [Main] from TestMain. Databases
// have the tables of today, which are made once and copied; those that are
// called bare have none.
package storetest

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// RequireAll is the environment variable that, when it is "1", turns a test
// that cannot find PostgreSQL from skipped into failed.
const RequireAll = "EVENKEEL_REQUIRE_ALL"

// Main runs the tests, stops the clusters they have started, and says in one
// line if tests were skipped for want of PostgreSQL. It returns what os.Exit
// is to be called with.
func Main(m *testing.M) int { return run(m, os.Stderr) }

func run(m interface{ Run() int }, notes io.Writer) int {
	defer quick.stop()
	defer durable.stop()
	code := m.Run()
	if why := quick.missing(); why != nil {
		fmt.Fprintf(notes, "storetest: tests on PostgreSQL were skipped: %v\n", why)
	}
	return code
}

const sqlitePrefix = "sqlite:"

// SQLite makes a file with empty tables, in a folder that goes with the test.
func SQLite(tb testing.TB) (dsn string) {
	tb.Helper()
	snapshot, err := migrated()
	if err != nil {
		tb.Fatalf("SQLite: %v", err)
	}
	return CopySQLite(tb, snapshot)
}

// BareSQLite names a file that does not exist yet, in a folder that goes with
// the test.
func BareSQLite(tb testing.TB) (dsn string) {
	tb.Helper()
	return sqlitePrefix + filepath.Join(tb.TempDir(), "evenkeel.db")
}

// Postgres makes a database with empty tables in a cluster that forgets
// everything with the process, and so is fast. Without PostgreSQL on the machine
// the test is skipped, or fails where RequireAll is set.
func Postgres(tb testing.TB) (dsn string) {
	tb.Helper()
	return quick.database(tb, (*cluster).createMigrated)
}

// BarePostgres is like Postgres, and the database has no tables.
func BarePostgres(tb testing.TB) (dsn string) {
	tb.Helper()
	return quick.database(tb, (*cluster).create)
}

// DurablePostgres is like BarePostgres on a cluster that waits for the disk, as
// a production one does: for benchmarks, and for tests of crashes.
func DurablePostgres(tb testing.TB) (dsn string) {
	tb.Helper()
	return durable.database(tb, (*cluster).create)
}

// The clusters of this process, started by who first asks.
//
//nolint:gochecknoglobals // Tests share them; TestMain stops them.
var (
	quick   = &lazyCluster{settings: []string{"fsync=off", "synchronous_commit=off", "full_page_writes=off"}}
	durable = &lazyCluster{settings: []string{"shared_buffers=512MB", "max_wal_size=4GB"}}
)

// lazyCluster is a cluster that is started once, when it is needed.
type lazyCluster struct {
	settings []string

	mu      sync.Mutex
	tried   bool
	cluster *cluster
	err     error
}

func (l *lazyCluster) start() (*cluster, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.tried {
		l.tried = true
		l.cluster, l.err = startCluster(l.settings)
	}
	return l.cluster, l.err
}

func (l *lazyCluster) missing() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}

func (l *lazyCluster) stop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cluster != nil {
		l.cluster.stop()
	}
}

func (l *lazyCluster) database(tb testing.TB, create func(*cluster, context.Context) (string, error)) string {
	tb.Helper()
	c, err := l.start()
	if err != nil {
		if os.Getenv(RequireAll) == "1" {
			tb.Fatalf("PostgreSQL: %v", err)
		}
		tb.Skipf("PostgreSQL: %v", err)
	}
	name, err := create(c, tb.Context())
	if err != nil {
		tb.Fatalf("PostgreSQL: %v", err)
	}
	return c.dsn(name)
}
