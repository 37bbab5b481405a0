package storetest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel/store"
)

// CopySQLite writes a file that [Snapshot] has read, in a folder that goes with
// the test.
func CopySQLite(tb testing.TB, snapshot []byte) (dsn string) {
	tb.Helper()
	dsn = BareSQLite(tb)
	if err := os.WriteFile(strings.TrimPrefix(dsn, sqlitePrefix), snapshot, 0o600); err != nil {
		tb.Fatal(err)
	}
	return dsn
}

// Snapshot makes a SQLite database and reads its file, so that many tests can
// begin with a copy. What fill opens, it closes.
func Snapshot(fill func(dsn string) error) (snapshot []byte, err error) {
	folder, err := os.MkdirTemp("", "evenkeel-sqlite-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	path := filepath.Join(folder, "evenkeel.db")
	if err := fill(sqlitePrefix + path); err != nil {
		return nil, err
	}
	if _, err := os.Stat(path + "-wal"); !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("%s is still open: %w", path, err)
	}
	return os.ReadFile(path)
}

// migrated is a SQLite file with the tables of today.
//
//nolint:gochecknoglobals // Tests share it.
var migrated = sync.OnceValues(func() ([]byte, error) { return Snapshot(migrate) })

// migrate makes the tables of today.
func migrate(dsn string) error {
	s, err := store.Open(context.Background(), store.Options{DSN: dsn, Now: func() time.Time { return time.Unix(0, 0).UTC() }})
	if err != nil {
		return err
	}
	return s.Close()
}
