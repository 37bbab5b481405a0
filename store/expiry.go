package store

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"
)

// expiryChunk is how many bodies one transaction drops, so that it holds the
// writer for less than 100 ms.
const expiryChunk = 200

// ExpireBodies drops the bodies and headers of the deliveries of all
// workspaces that arrived before the instant's millisecond, and counts them.
// The deliveries stay, marked as expired.
func (s *Store) ExpireBodies(ctx context.Context, before time.Time) (int, error) {
	workspaces, err := s.Workspaces(ctx)
	if err != nil {
		return 0, err
	}
	total := 0
	for _, info := range workspaces {
		n, err := s.In(info.Slug).expireBodies(ctx, firstID(instantOf(before)))
		total += n
		if err != nil {
			return total, fmt.Errorf("store: expire bodies: %w", err)
		}
	}
	return total, nil
}

func (w *Workspace) expireBodies(ctx context.Context, before string) (total int, err error) {
	for n := expiryChunk; n == expiryChunk && err == nil; total += n {
		err = w.write(ctx, func(tx *gorm.DB) error {
			rows, err := of[deliveryBodyRow](w, tx).Select("delivery").Where("delivery < ?", before).Order("delivery").Limit(expiryChunk).Find(ctx)
			if err != nil {
				return err
			}
			ids := make([]string, len(rows))
			for i, row := range rows {
				ids[i] = row.Delivery
			}
			n = len(ids)
			return w.dropBodies(ctx, tx, ids)
		})
		if err != nil {
			n = 0
		}
	}
	return total, err
}

// dropBodies takes away what was sent with some deliveries. It holds the
// workspace's lock, because who counts repeats changes the same rows.
func (w *Workspace) dropBodies(ctx context.Context, tx *gorm.DB, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	if _, err := w.lock(ctx, tx); err != nil {
		return err
	}
	return eachChunk(ids, func(some []string) error {
		if _, err := of[deliveryBodyRow](w, tx).Where("delivery IN ?", some).Delete(ctx); err != nil {
			return err
		}
		_, err := of[deliveryRow](w, tx).Where("id IN ?", some).Update(ctx, "expired", true)
		return err
	})
}
