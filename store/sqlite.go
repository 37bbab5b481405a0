package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	driver "modernc.org/sqlite"
	codes "modernc.org/sqlite/lib"

	"github.com/evenkeel-dev/evenkeel"
)

// readers is how many connections read a SQLite file at once. They never
// wait for the writer; more than the machine's cores would only take turns.
const readers = 8

// pureGo is gorm's SQLite dialect over the pure Go driver, whose errors the
// dialect itself cannot read.
type pureGo struct{ sqlite.Dialector }

// Translate implements gorm.ErrorTranslator.
func (d pureGo) Translate(err error) error {
	var failure *driver.Error
	if !errors.As(err, &failure) {
		return err
	}
	switch failure.Code() {
	case codes.SQLITE_CONSTRAINT_PRIMARYKEY, codes.SQLITE_CONSTRAINT_UNIQUE, codes.SQLITE_CONSTRAINT_ROWID:
		return fmt.Errorf("%w: %w", gorm.ErrDuplicatedKey, failure)
	}
	return err
}

func openSQLite(ctx context.Context, path string, existing bool) (handles, error) {
	absolute, err := checkFile(path, existing)
	if err != nil {
		return handles{}, err
	}
	h := handles{snapshot: sql.TxOptions{ReadOnly: true}, explain: func(err error) error { return explainFile(path, err) }}
	common := url.Values{
		"_time_format": {"sqlite"},
		"_pragma":      {"busy_timeout(10000)", "foreign_keys(1)", "cache_size(-32768)", "temp_store(MEMORY)"},
	}
	writing := url.Values{
		"_txlock": {"immediate"},
		"_pragma": append([]string{"journal_mode(WAL)", "synchronous(FULL)", "wal_autocheckpoint(16000)", "analysis_limit(400)"}, common["_pragma"]...),
	}
	reading := url.Values{"mode": {"ro"}, "_txlock": {"deferred"}, "_pragma": common["_pragma"]}
	if h.writer, err = openFile(absolute, writing, 1); err != nil {
		return handles{}, h.explain(err)
	}
	// The writer makes the file and turns the journal to WAL, so it comes first.
	if err = pingHandle(ctx, h.writer); err != nil {
		return handles{}, errors.Join(h.explain(err), closeHandle(h.writer))
	}
	if h.reader, err = openFile(absolute, reading, readers); err != nil {
		return handles{}, errors.Join(h.explain(err), closeHandle(h.writer))
	}
	return h, nil
}

func openFile(path string, query url.Values, connections int) (*gorm.DB, error) {
	query.Set("_time_format", "sqlite")
	dsn := (&url.URL{Scheme: "file", OmitHost: true, Path: path, RawQuery: query.Encode()}).String()
	connector, err := driver.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	pool := sql.OpenDB(preparing{connector})
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	db, err := gorm.Open(pureGo{sqlite.Dialector{Conn: pool}}, gormConfig())
	if err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	return db, nil
}

func pingHandle(ctx context.Context, db *gorm.DB) error {
	pool, err := db.DB()
	if err != nil {
		return err
	}
	return pool.PingContext(ctx)
}

// checkFile finds what is wrong with a path before SQLite says less about it.
func checkFile(path string, existing bool) (string, error) {
	if path == "" || path == ":memory:" {
		return "", fmt.Errorf("%w: sqlite:%s: give the path of a file, as in sqlite:/var/lib/evenkeel/evenkeel.db", evenkeel.ErrInvalid, path)
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("sqlite:%s: %w", path, err)
	}
	info, err := os.Stat(absolute)
	switch {
	case err == nil && info.IsDir():
		return "", fmt.Errorf("%w: sqlite:%s: this is a folder; name a file in it, as in sqlite:%s", evenkeel.ErrInvalid, path, filepath.Join(path, "evenkeel.db"))
	case err != nil && existing:
		return "", fmt.Errorf("there is no database %s: %w", absolute, evenkeel.ErrNotFound)
	}
	folder := filepath.Dir(absolute)
	switch info, err := os.Stat(folder); {
	case errors.Is(err, os.ErrNotExist):
		return "", fmt.Errorf("%w: sqlite:%s: the folder %s does not exist; create it or name another path", evenkeel.ErrInvalid, path, folder)
	case err != nil:
		return "", fmt.Errorf("sqlite:%s: %w", path, err)
	case !info.IsDir():
		return "", fmt.Errorf("%w: sqlite:%s: %s is not a folder; name another path", evenkeel.ErrInvalid, path, folder)
	}
	return absolute, nil
}

// explainFile says what an operator can do about an error of opening a file.
func explainFile(path string, err error) error {
	var failure *driver.Error
	if !errors.As(err, &failure) {
		return err
	}
	const lowByte = 0xff // Of an extended code, the primary one.
	advice := ""
	switch failure.Code() & lowByte {
	case codes.SQLITE_READONLY:
		advice = "the file or its disk is read-only; make it writable for this user or name another path"
	case codes.SQLITE_CANTOPEN:
		advice = "the file cannot be created or opened; check that this user may write to the folder"
	case codes.SQLITE_NOTADB, codes.SQLITE_CORRUPT:
		advice = "the file is not an Evenkeel database or is damaged; name another path or restore a backup"
	case codes.SQLITE_BUSY, codes.SQLITE_LOCKED:
		advice = "another process has kept the file locked for more than 10 seconds; stop it or wait for it"
	case codes.SQLITE_FULL:
		advice = "the disk is full; free some space"
	case codes.SQLITE_IOERR:
		advice = "the disk reports an error; SQLite needs a local disk, not a network share"
	default:
		return fmt.Errorf("sqlite:%s: %w", path, err)
	}
	return fmt.Errorf("sqlite:%s: %s: %w", path, advice, err)
}
