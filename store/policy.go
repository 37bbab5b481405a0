package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"gorm.io/gorm"

	"github.com/evenkeel-dev/evenkeel"
)

// policyRow is one version of a workspace's policy; versions never change.
type policyRow struct {
	Workspace string `gorm:"primaryKey"`
	Version   string `gorm:"primaryKey"`
	At        instant
	Body      []byte
	// Number counts the versions of the workspace from 1.
	Number int64
	Author string
	Note   string
	Digest string
}

func (policyRow) TableName() string { return "policies" }

// version reads what a row holds.
func (r policyRow) version() (v evenkeel.PolicyVersion, err error) {
	v = evenkeel.PolicyVersion{Number: r.Number, At: r.At.Time(), Author: r.Author, Note: r.Note}
	err = json.Unmarshal(r.Body, &v.Policy)
	if p, standard := &v.Policy, evenkeel.DefaultPolicy(); p.Unit == "" { // Written before there were such rules.
		p.Unit, p.Start, p.Aggregation, p.Recovery = standard.Unit, standard.Start, standard.Aggregation, standard.Recovery
		p.Assisted, p.Bots = standard.Assisted, standard.Bots
	}
	return v, err
}

// builtIn is the policy of a workspace that has saved none.
func builtIn() evenkeel.PolicyVersion {
	return evenkeel.PolicyVersion{Policy: evenkeel.DefaultPolicy()}
}

// Policy is the policy in force; the default policy before one is saved.
func (w *Workspace) Policy(ctx context.Context) (evenkeel.Policy, error) {
	var v evenkeel.PolicyVersion
	err := w.read(ctx, func(tx *gorm.DB) error {
		row, err := w.row(ctx, tx)
		if err != nil {
			return err
		}
		v, err = w.policyVersion(ctx, tx, row.Policy)
		return err
	})
	if err != nil {
		return v.Policy, fmt.Errorf("store: policy: %w", err)
	}
	return v.Policy, nil
}

// policyVersion reads a version; the empty one is the default policy.
func (w *Workspace) policyVersion(ctx context.Context, tx *gorm.DB, version string) (evenkeel.PolicyVersion, error) {
	if version == "" {
		return builtIn(), nil
	}
	held, err := of[policyRow](w, tx).Where("version = ?", version).Take(ctx)
	if err != nil {
		return evenkeel.PolicyVersion{}, fmt.Errorf("version %q: %w", version, err)
	}
	return held.version()
}

// PolicyVersions lists the policies that were in force, oldest first; the
// last is in force. The first is the built-in policy, from the beginning.
func (w *Workspace) PolicyVersions(ctx context.Context) ([]evenkeel.PolicyVersion, error) {
	list := []evenkeel.PolicyVersion{builtIn()}
	err := w.read(ctx, func(tx *gorm.DB) error {
		if _, err := w.row(ctx, tx); err != nil {
			return err
		}
		held, err := of[policyRow](w, tx).Find(ctx)
		if err != nil {
			return err
		}
		turns, err := of[policyInForceRow](w, tx).Order("n").Find(ctx)
		if err != nil {
			return err
		}
		for _, turn := range turns {
			v, err := turnOf(turn, held)
			if err != nil {
				return fmt.Errorf("version %q: %w", turn.Version, err)
			}
			list = append(list, v)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("store: policies: %w", err)
	}
	return list, nil
}

func turnOf(turn policyInForceRow, held []policyRow) (v evenkeel.PolicyVersion, err error) {
	v = builtIn()
	if turn.Version != "" {
		at := slices.IndexFunc(held, func(r policyRow) bool { return r.Version == turn.Version })
		if at < 0 {
			return v, evenkeel.ErrNotFound
		}
		v, err = held[at].version()
	}
	v.At = turn.At.Time()
	return v, err
}

// SavePolicy puts a policy in force as the next version of the workspace, and
// says whether it did: the content that is in force already makes no version.
// Its Version is given here. Where the change names the digest of the policy
// that it was made from, another one in force is ErrConflict.
func (w *Workspace) SavePolicy(ctx context.Context, c evenkeel.PolicyChange) (v evenkeel.PolicyVersion, saved bool, err error) {
	if !storable(c.Note) || !storable(c.Author) {
		return v, false, fmt.Errorf("store: policy: %w: note: holds characters that cannot be kept", evenkeel.ErrInvalid)
	}
	err = w.write(ctx, func(tx *gorm.DB) error {
		v, saved, err = w.savePolicy(ctx, tx, c)
		return err
	})
	if err != nil {
		return evenkeel.PolicyVersion{}, false, fmt.Errorf("store: policy: %w", err)
	}
	return v, saved, nil
}

func (w *Workspace) savePolicy(ctx context.Context, tx *gorm.DB, c evenkeel.PolicyChange) (v evenkeel.PolicyVersion, saved bool, err error) {
	row, err := w.lock(ctx, tx)
	if err != nil {
		return v, false, err
	}
	v, err = w.policyVersion(ctx, tx, row.Policy)
	if err != nil {
		return v, false, err
	}
	inForce := v.Policy.Digest()
	switch {
	case c.Base != "" && c.Base != inForce:
		return v, false, fmt.Errorf("%w: version %s is in force by now; look at it and make the change again", evenkeel.ErrConflict, v.Policy.Version)
	case c.Policy.Digest() == inForce:
		return v, false, nil
	}
	next, err := w.nextPolicy(ctx, tx, c)
	if err != nil {
		return v, false, err
	}
	if err := tx.Create(&next).Error; err != nil {
		return v, false, err
	}
	if err := w.noteInForce(ctx, tx, next.Version); err != nil {
		return v, false, err
	}
	if _, err := gorm.G[workspaceRow](tx).Where("slug = ?", w.slug).Update(ctx, "policy", next.Version); err != nil {
		return v, false, err
	}
	v, err = next.version()
	return v, true, err
}

// nextPolicy is the row of the next version. Numbers that older programs have
// given as names are passed over.
func (w *Workspace) nextPolicy(ctx context.Context, tx *gorm.DB, c evenkeel.PolicyChange) (row policyRow, err error) {
	held, err := of[policyRow](w, tx).Select("version", "number").Find(ctx)
	if err != nil {
		return row, err
	}
	row = policyRow{Workspace: w.slug, At: instantOf(w.now()), Author: c.Author, Note: c.Note, Digest: c.Policy.Digest(), Number: 1}
	if len(held) > 0 {
		row.Number += slices.MaxFunc(held, func(a, b policyRow) int { return cmp.Compare(a.Number, b.Number) }).Number
	}
	named := func(r policyRow) bool { return r.Version == strconv.FormatInt(row.Number, 10) }
	for slices.ContainsFunc(held, named) {
		row.Number++
	}
	row.Version = strconv.FormatInt(row.Number, 10)
	c.Policy.Version = row.Version
	row.Body, err = json.Marshal(c.Policy)
	return row, err
}
