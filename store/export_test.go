package store

import (
	"context"
	"encoding/binary"
	"errors"
	"time"

	"gorm.io/gorm"

	"github.com/evenkeel-dev/evenkeel"
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
	slices, err := seriesSegmentRow{Body: packed}.unpack()
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

// createOld makes a database of an old version, and fills it.
func createOld(ctx context.Context, dsn string, version int64, fill func(tx *gorm.DB) error) error {
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
	if _, err := provider.UpTo(ctx, version); err != nil {
		return err
	}
	return errors.Join(h.writer.Transaction(fill), s.Close())
}

// CreateVersion1 makes a database of version 1 that holds a deployment.
func CreateVersion1(ctx context.Context, dsn string, v Version1) error {
	at := v.At.UnixMicro()
	w := &v1Workspace{Slug: v.Workspace, Name: v.Workspace, CreatedAt: at, Revision: 1, Secret: []byte("secret")}
	return createOld(ctx, dsn, 1, func(tx *gorm.DB) error {
		if v.Application != "" {
			w.Catalogue = 1
			if err := tx.Create(&v1Application{Workspace: v.Workspace, ID: "0123456789", Slug: v.Application, Name: v.Application}).Error; err != nil {
				return err
			}
		}
		return errors.Join(
			tx.Create(w).Error,
			tx.Create(&v1Observation{Workspace: v.Workspace, Fact: v.Fact, Digest: v.Digest, Kind: 1, Source: v.Source, ExternalID: v.ExternalID, ObservedAt: at, Fields: v.Fields, Seq: 1}).Error,
			tx.Create(&v1Fact{Workspace: v.Workspace, ID: v.Fact, Kind: 1, Subject: v.Subject, At: at, Source: v.Source, ExternalID: v.ExternalID, Earliest: at, Seq: 1, Body: v.Fields}).Error,
			tx.Create(&v1Subject{Workspace: v.Workspace, Subject: v.Subject}).Error,
			tx.Create(&v1Tally{Workspace: v.Workspace, Subject: v.Subject, Kind: 1, N: 1, FirstAt: at, LastAt: at}).Error,
			tx.Create(&v1Revision{Workspace: v.Workspace, Seq: 1, At: at, Kinds: "deployment", Applications: []byte("[]"), Earliest: at}).Error,
		)
	})
}

// Version11 is a series of slices of a minute, as version 11 has kept it: every
// batch has the whole hour in a row of its own.
type Version11 struct {
	Workspace, ID, Source, Series, Subject string
	// Hour is that of all slices, and Good what revision n+1 knew of them.
	Hour time.Time
	Good [][]float64
	// Observed is when the last batch was, and each one a minute before the next.
	Observed time.Time
}

// CreateVersion11 makes a database of version 11 that holds a series.
func CreateVersion11(ctx context.Context, dsn string, v Version11) error {
	return createOld(ctx, dsn, 11, func(tx *gorm.DB) error {
		last, hour, n := v.Observed.UnixMicro(), v.Hour.UnixMicro(), len(v.Good)
		errs := []error{
			tx.Create(&v1Workspace{Slug: v.Workspace, Name: v.Workspace, CreatedAt: hour, Revision: int64(n), Secret: []byte("secret")}).Error,
			tx.Model(&v4Workspace{}).Where("slug = ?", v.Workspace).Update("revised_at", last).Error,
			tx.Create(&v3Series{Workspace: v.Workspace, ID: v.ID, Kind: int16(kindMeasurement), Source: v.Source, Name: v.Series, SliceSeconds: 60, Subject: v.Subject, FirstAt: hour, LastAt: hour, Batches: int64(n), Seq: int64(n)}).Error,
		}
		for i, good := range v.Good {
			at := v.Observed.Add(time.Duration(i+1-n) * time.Minute).UnixMicro()
			errs = append(errs,
				tx.Create(&v1Revision{Workspace: v.Workspace, Seq: int64(i + 1), At: at, Kinds: "measurement", Applications: []byte("[]"), Earliest: hour}).Error,
				tx.Create(&v3SeriesSegment{Workspace: v.Workspace, Series: v.ID, HourAt: hour, Seq: int64(i + 1), Body: packVersion1(good, last)}).Error)
		}
		return errors.Join(errs...)
	})
}

// packVersion1 packs slices of a minute from the hour on as version 1 of the
// format did: their places and when they were observed as steps, then amounts.
func packVersion1(good []float64, observed int64) []byte {
	b := binary.AppendUvarint([]byte{1}, uint64(len(good)))
	for i := range good {
		b = binary.AppendVarint(b, int64(min(i, 1)*60))
	}
	for range good {
		b, observed = binary.AppendVarint(b, observed), 0
	}
	for _, n := range good {
		amounts := packMeasured(evenkeel.Slice{Good: &n})
		b = append(binary.AppendUvarint(b, uint64(len(amounts))), amounts...)
	}
	return Compress(b)
}
