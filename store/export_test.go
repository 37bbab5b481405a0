package store

import (
	"context"
	"errors"
	"time"
)

// CreateLive makes the tables that the rows of today describe, in an empty
// database: what all migrations together must come to.
func CreateLive(ctx context.Context, dsn string) error {
	h, err := open(ctx, Options{DSN: dsn, Now: time.Now})
	if err != nil {
		return err
	}
	tables := append(workspaceTables(), &workspaceRow{}, &sessionRow{}, &auditRow{})
	return errors.Join(h.writer.Migrator().CreateTable(tables...), closeHandle(h.reader), closeHandle(h.writer))
}
