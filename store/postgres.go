package store

import (
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"time"

	"gorm.io/driver/postgres"
	"gorm.io/gorm"

	"github.com/evenkeel-dev/evenkeel"
)

const (
	postgresWriters = 8
	postgresReaders = 16
	// postgresIdle is how long an unused connection is kept.
	postgresIdle = 5 * time.Minute
)

func openPostgres(dsn string) (handles, error) {
	target, err := url.Parse(dsn)
	if err != nil {
		return handles{}, fmt.Errorf("%w: database: this is not a URL such as postgres://USER@HOST/DATABASE", evenkeel.ErrInvalid)
	}
	// A reading transaction of several statements must see one state.
	h := handles{locked: true, snapshot: sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead}}
	h.explain = func(err error) error { return fmt.Errorf("database %s: %w", target.Redacted(), err) }
	if h.writer, err = openServer(target, false, postgresWriters); err != nil {
		return handles{}, h.explain(err)
	}
	if h.reader, err = openServer(target, true, postgresReaders); err != nil {
		return handles{}, errors.Join(h.explain(err), closeHandle(h.writer))
	}
	return h, nil
}

func openServer(target *url.URL, readOnly bool, connections int) (*gorm.DB, error) {
	named := *target
	query := named.Query()
	query.Set("timezone", "UTC")
	if readOnly {
		query.Set("default_transaction_read_only", "on")
	}
	named.RawQuery = query.Encode()
	db, err := gorm.Open(postgres.New(postgres.Config{DSN: named.String()}), gormConfig())
	if err != nil {
		return nil, err
	}
	pool, err := db.DB()
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	pool.SetConnMaxIdleTime(postgresIdle)
	if !readOnly {
		db.ConnPool, db.Statement.ConnPool = wires{pool}, wires{pool}
	}
	return db, nil
}
