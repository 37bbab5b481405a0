package store

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
)

// SigningKey is a key for one purpose, 32 bytes, made from the workspace's
// secret, which it does not give away. It is the same for as long as the
// workspace lives, and another one when it is made again. A workspace that
// does not exist is ErrNotFound.
func (w *Workspace) SigningKey(ctx context.Context, purpose string) ([]byte, error) {
	row, err := w.row(ctx, w.reader)
	if err != nil {
		return nil, fmt.Errorf("store: signing key: %w", err)
	}
	mac := hmac.New(sha256.New, row.Secret)
	mac.Write([]byte("evenkeel signing key\x00" + purpose))
	return mac.Sum(nil), nil
}
