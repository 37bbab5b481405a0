package store

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/alexedwards/scs/v2"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Store keeps the sessions of browsers.
var _ scs.CtxStore = (*Store)(nil)

// sessionRow is one browser's session, under the hash of its token: who reads
// the database cannot take a session over.
type sessionRow struct {
	Hash      []byte `gorm:"primaryKey"`
	Data      []byte
	ExpiresAt instant `gorm:"index:sessions_expiry"`
}

func (sessionRow) TableName() string { return "sessions" }

func sessionHash(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// FindCtx implements scs.CtxStore: a session that is unknown or expired is
// not found, and that is no error.
func (s *Store) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	rows, err := gorm.G[sessionRow](s.reader).Where("hash = ? AND expires_at > ?", sessionHash(token), instantOf(s.now())).Find(ctx)
	if err != nil {
		return nil, false, fmt.Errorf("store: session: %w", translate(err))
	}
	if len(rows) == 0 {
		return nil, false, nil
	}
	return rows[0].Data, true, nil
}

// CommitCtx implements scs.CtxStore. It also takes away sessions that have
// expired.
func (s *Store) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	row := sessionRow{Hash: sessionHash(token), Data: data, ExpiresAt: instantOf(expiry)}
	err := s.write(ctx, func(tx *gorm.DB) error {
		if _, err := gorm.G[sessionRow](tx).Where("expires_at <= ?", instantOf(s.now())).Delete(ctx); err != nil {
			return err
		}
		return tx.Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error
	})
	if err != nil {
		return fmt.Errorf("store: session: %w", err)
	}
	return nil
}

// DeleteCtx implements scs.CtxStore.
func (s *Store) DeleteCtx(ctx context.Context, token string) error {
	if _, err := gorm.G[sessionRow](s.writer).Where("hash = ?", sessionHash(token)).Delete(ctx); err != nil {
		return fmt.Errorf("store: session: %w", translate(err))
	}
	return nil
}

// Find implements scs.Store for callers without a context.
func (s *Store) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit implements scs.Store for callers without a context.
func (s *Store) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

// Delete implements scs.Store for callers without a context.
func (s *Store) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }
