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

// Compress packs bytes as segments and bodies are packed.
func Compress(raw []byte) []byte {
	encoder, _ := codec()
	return encoder.EncodeAll(raw, nil)
}

// UnpackSlices reads a segment of a series and counts its slices.
func UnpackSlices(packed []byte) (int, error) {
	slices, err := unpackSlices(0, packed)
	return len(slices), err
}
