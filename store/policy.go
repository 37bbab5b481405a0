package store

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"gorm.io/gorm"

	"github.com/evenkeel-dev/evenkeel"
)

// policyRow is one version of a workspace's policy; versions never change.
type policyRow struct {
	Workspace string `gorm:"primaryKey"`
	Version   string `gorm:"primaryKey"`
	At        instant
	Body      []byte
}

func (policyRow) TableName() string { return "policies" }

// Policy is the policy in force; the default policy before one is set.
func (w *Workspace) Policy(ctx context.Context) (evenkeel.Policy, error) {
	var policy evenkeel.Policy
	err := w.read(ctx, func(tx *gorm.DB) error {
		row, err := w.row(ctx, tx)
		if err != nil {
			return err
		}
		if row.Policy == "" {
			policy = evenkeel.DefaultPolicy()
			return nil
		}
		held, err := of[policyRow](w, tx).Where("version = ?", row.Policy).Take(ctx)
		if err != nil {
			return err
		}
		return json.Unmarshal(held.Body, &policy)
	})
	if err != nil {
		return policy, fmt.Errorf("store: policy: %w", err)
	}
	return policy, nil
}

// SetPolicy puts a policy in force. A version names its content for ever:
// the same version with other content is ErrConflict, and the version of the
// default policy is taken.
func (w *Workspace) SetPolicy(ctx context.Context, p evenkeel.Policy) error {
	if p.Version == "" || !storable(p.Version) {
		return fmt.Errorf("store: policy: %w: version: is required", evenkeel.ErrInvalid)
	}
	body, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("store: policy %q: %w", p.Version, err)
	}
	err = w.write(ctx, func(tx *gorm.DB) error {
		if _, err := w.lock(ctx, tx); err != nil {
			return err
		}
		if err := w.keepPolicy(ctx, tx, p.Version, body); err != nil {
			return err
		}
		if err := w.noteInForce(ctx, tx, p.Version); err != nil {
			return err
		}
		_, err := gorm.G[workspaceRow](tx).Where("slug = ?", w.slug).Update(ctx, "policy", p.Version)
		return err
	})
	if err != nil {
		return fmt.Errorf("store: policy %q: %w", p.Version, err)
	}
	return nil
}

func (w *Workspace) keepPolicy(ctx context.Context, tx *gorm.DB, version string, body []byte) error {
	rows, err := of[policyRow](w, tx).Where("version = ?", version).Find(ctx)
	if err != nil {
		return err
	}
	held, err := json.Marshal(evenkeel.DefaultPolicy())
	if err != nil {
		return err
	}
	standard := version == evenkeel.DefaultPolicy().Version
	if len(rows) > 0 {
		held = rows[0].Body
	}
	if (standard || len(rows) > 0) && !bytes.Equal(held, body) {
		return fmt.Errorf("%w: this version has other content; give the new policy a new version", evenkeel.ErrConflict)
	}
	if len(rows) > 0 {
		return nil
	}
	return tx.Create(&policyRow{Workspace: w.slug, Version: version, At: instantOf(w.now()), Body: body}).Error
}
