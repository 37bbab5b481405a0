package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"github.com/evenkeel-dev/evenkeel"
)

// Options says which database to open. Logger and Now may be left out of
// tests that need neither: the zero Logger discards and the zero Now is
// refused.
type Options struct {
	// DSN is "sqlite:PATH" or a PostgreSQL URL, "postgres://…".
	DSN string
	// Logger takes what an operator may want to know; nil discards it.
	Logger *slog.Logger
	// Now is the clock of row stamps, expiry and revisions.
	Now func() time.Time
	// Existing refuses a store that is not there yet, with an error that wraps
	// ErrNotFound, instead of making it.
	Existing bool
}

// Store is an open database. It is safe for concurrent use.
type Store struct {
	dsn string
	// writer serves everything that changes rows; on SQLite it is the single
	// connection that may. reader serves everything else.
	writer, reader *gorm.DB
	// snapshot is how a reading transaction of several statements is begun.
	snapshot   sql.TxOptions
	log        *slog.Logger
	now        func() time.Time
	known      *knownCommits
	catalogues *catalogueCache
	statistics *statistics
	arrivals   *arrivals
	moments    *moments
}

// handles is what a kind of database opens to.
type handles struct {
	writer, reader *gorm.DB
	snapshot       sql.TxOptions
	// locked says that migrations need a lock across processes.
	locked bool
	// explain adds what an operator can do to errors of opening; it may be nil.
	explain func(error) error
}

// Open opens a database and brings its tables up to date. A database that a
// newer version of the program has written is refused with an error that
// wraps ErrConflict; a wrong DSN with one that wraps ErrInvalid.
func Open(ctx context.Context, o Options) (*Store, error) {
	if o.Now == nil {
		return nil, fmt.Errorf("store: %w: options need a clock", evenkeel.ErrInvalid)
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	arrivals, err := newArrivals()
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	h, err := open(ctx, o)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	s := &Store{
		dsn: o.DSN, writer: h.writer, reader: h.reader, snapshot: h.snapshot,
		log: o.Logger, now: o.Now, known: newKnownCommits(), catalogues: newCatalogueCache(), statistics: &statistics{}, arrivals: arrivals, moments: &moments{},
	}
	if err := s.migrate(ctx, h.locked, o.Existing); err != nil {
		return nil, errors.Join(fmt.Errorf("store: %w", h.explained(err)), s.Close())
	}
	return s, nil
}

func (h handles) explained(err error) error {
	if h.explain == nil {
		return err
	}
	return h.explain(err)
}

func open(ctx context.Context, o Options) (handles, error) {
	scheme, rest, _ := strings.Cut(o.DSN, ":")
	switch scheme {
	case "sqlite":
		return openSQLite(ctx, rest, o.Existing)
	case "postgres", "postgresql":
		return openPostgres(o.DSN)
	}
	return handles{}, fmt.Errorf("%w: database %q: give sqlite:PATH or postgres://USER@HOST/DATABASE", evenkeel.ErrInvalid, scheme+":…")
}

// gormConfig is the same for every handle: no hidden transactions, errors
// of all databases in gorm's terms, and no logging of statements, because
// they hold data.
func gormConfig() *gorm.Config {
	return &gorm.Config{
		SkipDefaultTransaction: true,
		TranslateError:         true,
		Logger:                 logger.Discard,
		DisableAutomaticPing:   true,
	}
}

// Queue is where jobs can lie beside the facts: the one writing connection of
// a SQLite database, or else the address of a PostgreSQL database.
func (s *Store) Queue() (sqlite *sql.DB, postgres string, err error) {
	if !strings.HasPrefix(s.dsn, "sqlite:") {
		return nil, s.dsn, nil
	}
	sqlite, err = s.writer.DB()
	return sqlite, "", err
}

// Close closes all connections. The store cannot be used afterwards.
func (s *Store) Close() error {
	return errors.Join(closeHandle(s.reader), closeHandle(s.writer))
}

func closeHandle(db *gorm.DB) error {
	pool, err := db.DB()
	if err != nil {
		return err
	}
	return pool.Close()
}

// Ping says whether the database answers, for reading and for writing.
func (s *Store) Ping(ctx context.Context) error {
	for _, db := range []*gorm.DB{s.reader, s.writer} {
		pool, err := db.DB()
		if err != nil {
			return err
		}
		if err := pool.PingContext(ctx); err != nil {
			return fmt.Errorf("store: ping: %w", err)
		}
	}
	return nil
}

// write runs one writing transaction.
func (s *Store) write(ctx context.Context, work func(tx *gorm.DB) error) error {
	return translate(s.writer.WithContext(ctx).Transaction(work))
}

// read runs several reading statements on one state of the database.
func (s *Store) read(ctx context.Context, work func(tx *gorm.DB) error) error {
	options := s.snapshot
	return translate(s.reader.WithContext(ctx).Transaction(work, &options))
}

// Workspace is the data of one company. It is the single place where the
// workspace is applied: every statement on facts starts from rows or locked.
type Workspace struct {
	*Store
	slug string
}

// In is the view of one workspace. The workspace need not exist: it then
// has no facts, and recording into it is ErrNotFound.
func (s *Store) In(workspace string) *Workspace { return &Workspace{Store: s, slug: workspace} }

// rows narrows a statement to the workspace.
func (w *Workspace) rows(db *gorm.DB) *gorm.DB { return db.Where("workspace = ?", w.slug) }

// of starts a statement on the workspace's rows of a table.
func of[T any](w *Workspace, db *gorm.DB) gorm.ChainInterface[T] {
	return gorm.G[T](db).Where("workspace = ?", w.slug)
}
