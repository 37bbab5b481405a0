package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"gorm.io/gorm"

	"github.com/evenkeel-dev/evenkeel"
)

// migration is one step of the tables' history. Steps are never changed once
// released and never undone: the way back is a backup.
type migration struct {
	version int64
	up      func(tx *gorm.DB) error
}

func migrations() []migration {
	return []migration{{1, createTables}, {2, createDeliveries}, {3, exploreFacts}, {4, keepKnown}, {5, numberPolicies}, {6, keepLinks}, {7, dateOwners}, {8, readStreams}, {9, keepSuggestions}, {10, keepServiceLevels}, {11, keepLevelSearches}, {12, growSegments}, {13, rememberConnections}, {14, keepContacts}}
}

// migrate brings the tables up to date. On PostgreSQL one process at a time
// does; on SQLite the writing transaction of each step is the lock, and who
// loses the race finds the step done.
func (s *Store) migrate(ctx context.Context, locked, existing bool) error {
	pool, err := s.writer.DB()
	if err != nil {
		return err
	}
	provider, err := s.provider(pool, locked)
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	current, target, err := provider.GetVersions(ctx)
	switch {
	case err != nil:
		return fmt.Errorf("read the version of the tables: %w", err)
	case current == 0 && existing:
		return fmt.Errorf("the database has no tables of Evenkeel: %w", evenkeel.ErrNotFound)
	case current > target:
		return fmt.Errorf("%w: the database has tables of version %d, and this program knows versions up to %d; use the newer program that wrote it, or restore a backup", evenkeel.ErrConflict, current, target)
	case current == target:
		return nil
	case current > 0:
		s.log.InfoContext(ctx, "migrating tables, which may take minutes where much is stored", "from", current, "to", target)
	}
	if err := climb(ctx, provider, current, target); err != nil {
		return fmt.Errorf("migrate tables: %w", err)
	}
	s.log.InfoContext(ctx, "tables migrated", "from", current, "to", target)
	return nil
}

// climb takes the steps from one version to another. A step that fails because
// another process took it meanwhile is not taken again; the next ones are.
func climb(ctx context.Context, provider *goose.Provider, from, to int64) error {
	for {
		_, err := provider.Up(ctx)
		if err == nil {
			return nil
		}
		now, _, unread := provider.GetVersions(ctx)
		switch {
		case unread != nil || now <= from:
			return err
		case now >= to:
			return nil
		}
		from = now
	}
}

func (s *Store) provider(pool *sql.DB, locked bool) (*goose.Provider, error) {
	options := []goose.ProviderOption{
		goose.WithGoMigrations(s.steps()...),
		goose.WithDisableGlobalRegistry(true),
		goose.WithLogger(goose.NopLogger()),
	}
	dialect := goose.DialectSQLite3
	if locked {
		dialect = goose.DialectPostgres
		const everySecond, forFiveMinutes = 1, 300
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(everySecond, forFiveMinutes))
		if err != nil {
			return nil, err
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	return goose.NewProvider(dialect, pool, nil, options...)
}

func (s *Store) steps() []*goose.Migration {
	var steps []*goose.Migration
	for _, m := range migrations() {
		run := func(ctx context.Context, tx *sql.Tx) error {
			return m.up(s.onto(ctx, tx))
		}
		steps = append(steps, goose.NewGoMigration(m.version, &goose.GoFunc{RunTx: run}, nil))
	}
	return steps
}

// onto runs gorm on a transaction that somebody else began.
func (s *Store) onto(ctx context.Context, tx *sql.Tx) *gorm.DB {
	db := s.writer.Session(&gorm.Session{NewDB: true, Context: ctx})
	db.Statement.ConnPool = tx
	return db
}
