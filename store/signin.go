package store

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"github.com/evenkeel-dev/evenkeel"
)

// signInRow is a link that lets one browser in, once.
type signInRow struct {
	Hash      []byte `gorm:"primaryKey"`
	Workspace string `gorm:"index:sign_ins_workspace"`
	Role      string
	ExpiresAt instant
	UsedAt    instant
}

func (signInRow) TableName() string { return "sign_ins" }

// CreateSignIn keeps a sign-in link under the hash of its secret. The link
// must expire.
func (s *Store) CreateSignIn(ctx context.Context, link evenkeel.SignInLink, hash []byte) error {
	if len(hash) == 0 || link.ExpiresAt.IsZero() {
		return fmt.Errorf("store: sign-in link: %w: hash and expiry are required", evenkeel.ErrInvalid)
	}
	row := signInRow{Hash: hash, Workspace: link.Workspace, Role: string(link.Role), ExpiresAt: instantOf(link.ExpiresAt)}
	if err := s.writer.WithContext(ctx).Create(&row).Error; err != nil {
		return fmt.Errorf("store: sign-in link: %w", translate(err))
	}
	return nil
}

// UseSignIn takes the link with the hash of its secret. It succeeds once, for
// one of any number of callers; a link that is unknown, used or expired is
// ErrDenied.
func (s *Store) UseSignIn(ctx context.Context, hash []byte) (evenkeel.SignInLink, error) {
	var link evenkeel.SignInLink
	err := s.write(ctx, func(tx *gorm.DB) error {
		now := instantOf(s.now())
		taken, err := gorm.G[signInRow](tx).Where("hash = ? AND used_at = 0 AND expires_at > ?", hash, now).Update(ctx, "used_at", now)
		if err != nil {
			return err
		}
		if taken != 1 {
			return fmt.Errorf("%w: it is unknown, used or expired", evenkeel.ErrDenied)
		}
		row, err := gorm.G[signInRow](tx).Where("hash = ?", hash).Take(ctx)
		link = evenkeel.SignInLink{Workspace: row.Workspace, Role: evenkeel.Role(row.Role), ExpiresAt: row.ExpiresAt.Time()}
		return err
	})
	if err != nil {
		return evenkeel.SignInLink{}, fmt.Errorf("store: sign-in link: %w", err)
	}
	return link, nil
}
