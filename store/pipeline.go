package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/gorm"
)

// On PostgreSQL a statement costs a way to the server and back, which for a
// webhook is more than the server's own work. So the rows that a transaction
// adds wait until it asks for something or ends, and then go together.

// wires is the pool of PostgreSQL's writing connections; its transactions are
// pipelines.
type wires struct{ *sql.DB }

// GetDBConn implements gorm.GetDBConnector.
func (w wires) GetDBConn() (*sql.DB, error) { return w.DB, nil }

// BeginTx implements gorm.ConnPoolBeginner.
func (w wires) BeginTx(ctx context.Context, options *sql.TxOptions) (gorm.ConnPool, error) {
	conn, err := w.Conn(ctx)
	if err != nil {
		return nil, err
	}
	tx, err := conn.BeginTx(ctx, options)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return &pipeline{Tx: tx, ctx: ctx, conn: conn}, nil
}

// pipeline is a transaction whose added rows wait. What it is asked after an
// error fails, as the transaction has.
type pipeline struct {
	*sql.Tx
	ctx     context.Context //nolint:containedctx // That of the transaction.
	conn    *sql.Conn
	waiting *pgx.Batch
}

// add has a statement wait whose result nobody asks for.
func (p *pipeline) add(query string, arguments ...any) {
	if p.waiting == nil {
		p.waiting = &pgx.Batch{}
	}
	p.waiting.Queue(query, arguments...)
}

// flush sends what waits. The context is that which ends the transaction, so
// nothing is sent after its end.
func (p *pipeline) flush() error {
	if p.waiting == nil {
		return nil
	}
	batch := p.waiting
	p.waiting = nil
	return p.driver(func(c *pgx.Conn) error { return c.SendBatch(p.ctx, batch).Close() })
}

// copyRows sends n rows, which values gives one by one, by the protocol that
// is made for many.
func (p *pipeline) copyRows(table string, columns []string, n int, values func(i int) ([]any, error)) error {
	if err := p.flush(); err != nil {
		return err
	}
	return p.driver(func(c *pgx.Conn) error {
		_, err := c.CopyFrom(p.ctx, pgx.Identifier{table}, columns, pgx.CopyFromSlice(n, values))
		return err
	})
}

// driver works on the connection below database/sql.
func (p *pipeline) driver(work func(c *pgx.Conn) error) error {
	return p.conn.Raw(func(raw any) error {
		held, ok := raw.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("the driver is %T and not pgx", raw)
		}
		return work(held.Conn())
	})
}

// ExecContext implements gorm.ConnPool.
func (p *pipeline) ExecContext(ctx context.Context, query string, arguments ...any) (sql.Result, error) {
	if err := p.flush(); err != nil {
		return nil, err
	}
	return p.Tx.ExecContext(ctx, query, arguments...)
}

// QueryContext implements gorm.ConnPool.
func (p *pipeline) QueryContext(ctx context.Context, query string, arguments ...any) (*sql.Rows, error) {
	if err := p.flush(); err != nil {
		return nil, err
	}
	return p.Tx.QueryContext(ctx, query, arguments...)
}

// Commit implements gorm.TxCommitter.
func (p *pipeline) Commit() error {
	if err := p.flush(); err != nil {
		return err // Who began the transaction rolls it back.
	}
	return errors.Join(p.Tx.Commit(), p.conn.Close())
}

// Rollback implements gorm.TxCommitter. After a failed commit there is
// nothing left to do.
func (p *pipeline) Rollback() error {
	p.waiting = nil
	err := errors.Join(p.Tx.Rollback(), p.conn.Close())
	if errors.Is(err, sql.ErrTxDone) || errors.Is(err, sql.ErrConnDone) {
		return nil
	}
	return err
}
