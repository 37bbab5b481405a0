package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
)

// mostPrepared is how many statements one connection keeps ready. There are
// fewer kinds of statements; the limit is for texts that nobody foresaw.
const mostPrepared = 256

// preparing opens SQLite connections that keep what they execute prepared: to
// parse an INSERT of 256 rows costs SQLite as much as a tenth of doing it.
type preparing struct{ driver.Connector }

// Connect implements driver.Connector.
func (p preparing) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := p.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	held, ok := conn.(fileConn)
	if !ok {
		return nil, errors.Join(fmt.Errorf("the driver's connection is %T, which lacks methods", conn), conn.Close())
	}
	return &preparedConn{fileConn: held, ready: map[string]driver.Stmt{}}, nil
}

// fileConn is what a connection of the driver can do.
type fileConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// preparedConn keeps statements that give no rows; like every connection it
// is used by one goroutine at a time.
type preparedConn struct {
	fileConn
	ready map[string]driver.Stmt
}

// ExecContext implements driver.ExecerContext.
func (c *preparedConn) ExecContext(ctx context.Context, query string, arguments []driver.NamedValue) (driver.Result, error) {
	if len(arguments) == 0 { // Pragmas and scripts.
		return c.fileConn.ExecContext(ctx, query, arguments)
	}
	statement, err := c.prepared(ctx, query)
	if err != nil {
		return nil, err
	}
	executor, ok := statement.(driver.StmtExecContext)
	if !ok {
		return nil, fmt.Errorf("the driver's statement is %T, which lacks methods", statement)
	}
	return executor.ExecContext(ctx, arguments)
}

func (c *preparedConn) prepared(ctx context.Context, query string) (driver.Stmt, error) {
	if found := c.ready[query]; found != nil {
		return found, nil
	}
	if len(c.ready) >= mostPrepared {
		if err := c.forget(); err != nil {
			return nil, err
		}
	}
	made, err := c.PrepareContext(ctx, query)
	if err == nil {
		c.ready[query] = made
	}
	return made, err
}

func (c *preparedConn) forget() error {
	var err error
	for _, statement := range c.ready {
		err = errors.Join(err, statement.Close())
	}
	clear(c.ready)
	return err
}

// Close implements driver.Conn.
func (c *preparedConn) Close() error { return errors.Join(c.forget(), c.fileConn.Close()) }
