package store

import (
	"context"
	"encoding/json"

	"gorm.io/gorm"

	"github.com/evenkeel-dev/evenkeel"
)

// catalogueVersionRow is a catalogue as a revision left it; it is never
// changed.
type catalogueVersionRow struct {
	Workspace string `gorm:"primaryKey"`
	Version   int64  `gorm:"primaryKey;autoIncrement:false"`
	// Seq is the revision that brought it.
	Seq int64
	At  instant
	// Assumed says that the catalogue is older than the keeping of versions:
	// it stands in for those before.
	Assumed bool
	Body    []byte
}

func (catalogueVersionRow) TableName() string { return "catalogue_versions" }

// policyInForceRow says from when on a policy was in force, until the next.
type policyInForceRow struct {
	Workspace string `gorm:"primaryKey"`
	// N numbers the rows of a workspace from 1.
	N int64 `gorm:"primaryKey;autoIncrement:false"`
	// Version is that of the policy; empty is the default policy.
	Version string
	At      instant
}

func (policyInForceRow) TableName() string { return "policies_in_force" }

// packJSON writes a value as compressed JSON.
func packJSON(value any) ([]byte, error) {
	body, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	encoder, _ := codec()
	return encoder.EncodeAll(body, nil), nil
}

func unpackJSON(packed []byte, into any) error {
	_, decoder := codec()
	body, err := decoder.DecodeAll(packed, nil)
	if err != nil {
		return err
	}
	return json.Unmarshal(body, into)
}

// keepCatalogue keeps a version of the catalogue for ever.
func (w *Workspace) keepCatalogue(tx *gorm.DB, c evenkeel.Catalogue, version int64, by revisionRow) error {
	body, err := packJSON(c)
	if err != nil {
		return err
	}
	return tx.Create(&catalogueVersionRow{Workspace: w.slug, Version: version, Seq: by.Seq, At: by.At, Body: body}).Error
}

// noteInForce notes that a policy is in force from now on.
func (w *Workspace) noteInForce(ctx context.Context, tx *gorm.DB, version string) error {
	row := policyInForceRow{Workspace: w.slug, N: 1, Version: version, At: instantOf(w.now())}
	last, err := of[policyInForceRow](w, tx).Order("n DESC").Limit(1).Find(ctx)
	if err != nil {
		return err
	}
	if len(last) > 0 {
		if last[0].Version == version {
			return nil
		}
		row.N, row.At = last[0].N+1, max(row.At, last[0].At)
	}
	return tx.Create(&row).Error
}

// policyOf reads the policy that was in force at an instant.
func (w *Workspace) policyOf(ctx context.Context, tx *gorm.DB, at instant) (p evenkeel.Policy, err error) {
	rows, err := of[policyInForceRow](w, tx).Where("at <= ?", at).Order("n DESC").Limit(1).Find(ctx)
	if err != nil {
		return p, err
	}
	if len(rows) == 0 || rows[0].Version == "" {
		return evenkeel.DefaultPolicy(), nil
	}
	v, err := w.policyVersion(ctx, tx, rows[0].Version)
	return v.Policy, err
}
