package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"github.com/evenkeel-dev/evenkeel"
)

// tokenRow is an API token. The secret is not kept, only its hash.
type tokenRow struct {
	ID         string `gorm:"primaryKey"`
	Workspace  string `gorm:"index:tokens_workspace"`
	Name       string
	Scopes     string
	CreatedBy  string
	CreatedAt  instant `gorm:"autoCreateTime:false"`
	ExpiresAt  instant
	LastUsedAt instant
	RevokedAt  instant
	Hash       []byte `gorm:"uniqueIndex:tokens_hash"`
}

func (tokenRow) TableName() string { return "tokens" }

func (r tokenRow) token() evenkeel.Token {
	t := evenkeel.Token{
		ID: r.ID, Workspace: r.Workspace, Name: r.Name, CreatedBy: r.CreatedBy,
		CreatedAt: r.CreatedAt.Time(), ExpiresAt: r.ExpiresAt.Time(), LastUsedAt: r.LastUsedAt.Time(), RevokedAt: r.RevokedAt.Time(),
	}
	for name := range strings.SplitSeq(r.Scopes, ",") {
		if name != "" {
			t.Scopes = append(t.Scopes, evenkeel.Scope(name))
		}
	}
	return t
}

// CreateToken keeps a token under the hash of its secret, gives it an id if
// it has none, and returns it. A zero CreatedAt is now; a zero ExpiresAt is
// never. A hash that is known already is ErrConflict.
func (s *Store) CreateToken(ctx context.Context, t evenkeel.Token, hash []byte) (evenkeel.Token, error) {
	if len(hash) == 0 {
		return t, fmt.Errorf("store: create token: %w: hash: is required", evenkeel.ErrInvalid)
	}
	if t.ID == "" {
		id, err := newID()
		if err != nil {
			return t, fmt.Errorf("store: create token: %w", err)
		}
		t.ID = id
	}
	if t.CreatedAt.IsZero() {
		t.CreatedAt = s.now()
	}
	scopes := make([]string, len(t.Scopes))
	for i, scope := range t.Scopes {
		scopes[i] = string(scope)
	}
	row := tokenRow{
		ID: t.ID, Workspace: t.Workspace, Name: t.Name, Scopes: strings.Join(scopes, ","), CreatedBy: t.CreatedBy,
		CreatedAt: instantOf(t.CreatedAt), ExpiresAt: instantOf(t.ExpiresAt), Hash: hash,
	}
	if err := s.writer.WithContext(ctx).Create(&row).Error; err != nil {
		return t, fmt.Errorf("store: create token: %w", translate(err))
	}
	return row.token(), nil
}

// TokenByHash finds the token with the hash of its secret. One that is
// unknown, revoked or expired is ErrDenied.
func (s *Store) TokenByHash(ctx context.Context, hash []byte) (evenkeel.Token, error) {
	rows, err := gorm.G[tokenRow](s.reader).Where("hash = ?", hash).Find(ctx)
	if err != nil {
		return evenkeel.Token{}, fmt.Errorf("store: token: %w", translate(err))
	}
	if len(rows) == 0 || rows[0].RevokedAt != 0 || expired(rows[0].ExpiresAt, s.now()) {
		return evenkeel.Token{}, fmt.Errorf("store: token: %w: it is unknown, revoked or expired", evenkeel.ErrDenied)
	}
	return rows[0].token(), nil
}

// expired says whether an instant, at which something ends, has come; an
// unknown one never comes.
func expired(end instant, now time.Time) bool { return end != 0 && end <= instantOf(now) }

// Tokens lists the tokens of a workspace, revoked ones too, newest first.
func (s *Store) Tokens(ctx context.Context, workspace string) ([]evenkeel.Token, error) {
	rows, err := of[tokenRow](s.In(workspace), s.reader).Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("store: tokens: %w", translate(err))
	}
	list := make([]evenkeel.Token, len(rows))
	for i, row := range rows {
		list[i] = row.token()
	}
	slices.SortFunc(list, func(a, b evenkeel.Token) int {
		return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	return list, nil
}

// RevokeToken ends a token of a workspace; ErrNotFound where there is none.
// Revoking again keeps the first instant.
func (s *Store) RevokeToken(ctx context.Context, workspace, id string) error {
	err := s.write(ctx, func(tx *gorm.DB) error {
		row, err := of[tokenRow](s.In(workspace), tx).Where("id = ?", id).Take(ctx)
		if err != nil || row.RevokedAt != 0 {
			return err
		}
		_, err = of[tokenRow](s.In(workspace), tx).Where("id = ?", id).Update(ctx, "revoked_at", instantOf(s.now()))
		return err
	})
	if err != nil {
		return fmt.Errorf("store: revoke token %q: %w", id, err)
	}
	return nil
}

// TouchToken notes when a token was last used; an earlier instant than the
// one noted changes nothing.
func (s *Store) TouchToken(ctx context.Context, id string, at time.Time) error {
	_, err := gorm.G[tokenRow](s.writer).Where("id = ? AND last_used_at < ?", id, instantOf(at)).Update(ctx, "last_used_at", instantOf(at))
	if err != nil {
		return fmt.Errorf("store: token %q: %w", id, translate(err))
	}
	return nil
}
