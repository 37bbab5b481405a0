package store

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"
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

// Version1 is one deployment as version 1 has kept it.
type Version1 struct {
	Workspace, Fact, Source, ExternalID, Subject string
	Digest, Fields                               []byte
	At                                           time.Time
	// Application is the slug of the only application; empty is none.
	Application string
}

// CreateVersion1 makes a database of version 1 that holds a deployment.
func CreateVersion1(ctx context.Context, dsn string, v Version1) error {
	h, err := open(ctx, Options{DSN: dsn, Now: time.Now})
	if err != nil {
		return err
	}
	s := &Store{writer: h.writer, reader: h.reader}
	pool, err := h.writer.DB()
	if err != nil {
		return err
	}
	provider, err := s.provider(pool, h.locked)
	if err != nil {
		return err
	}
	if _, err := provider.UpTo(ctx, 1); err != nil {
		return err
	}
	at := v.At.UnixMicro()
	w := &v1Workspace{Slug: v.Workspace, Name: v.Workspace, CreatedAt: at, Revision: 1, Secret: []byte("secret")}
	if v.Application != "" {
		w.Catalogue = 1
		if err := h.writer.Create(&v1Application{Workspace: v.Workspace, ID: "0123456789", Slug: v.Application, Name: v.Application}).Error; err != nil {
			return err
		}
	}
	return errors.Join(h.writer.Transaction(func(tx *gorm.DB) error {
		return errors.Join(
			tx.Create(w).Error,
			tx.Create(&v1Observation{Workspace: v.Workspace, Fact: v.Fact, Digest: v.Digest, Kind: 1, Source: v.Source, ExternalID: v.ExternalID, ObservedAt: at, Fields: v.Fields, Seq: 1}).Error,
			tx.Create(&v1Fact{Workspace: v.Workspace, ID: v.Fact, Kind: 1, Subject: v.Subject, At: at, Source: v.Source, ExternalID: v.ExternalID, Earliest: at, Seq: 1, Body: v.Fields}).Error,
			tx.Create(&v1Subject{Workspace: v.Workspace, Subject: v.Subject}).Error,
			tx.Create(&v1Tally{Workspace: v.Workspace, Subject: v.Subject, Kind: 1, N: 1, FirstAt: at, LastAt: at}).Error,
			tx.Create(&v1Revision{Workspace: v.Workspace, Seq: 1, At: at, Kinds: "deployment", Applications: []byte("[]"), Earliest: at}).Error,
		)
	}), s.Close())
}
