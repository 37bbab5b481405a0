package store

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"github.com/evenkeel-dev/evenkeel"
)

// EntriesByID reads current facts of any kind by their ids. Ids of facts that
// are not there, or not shown, have no entry.
func (w *Workspace) EntriesByID(ctx context.Context, ids []string) (map[string]evenkeel.Entry, error) {
	entries, err := w.entries(ctx, evenkeel.EntryFilter{}, func(tx *gorm.DB) (found []factRow, err error) {
		err = eachChunk(storables(ids), func(some []string) error {
			rows, err := of[factRow](w, tx).Where("id IN ? AND gone = ?", some, false).Find(ctx)
			found = append(found, rows...)
			return err
		})
		return found, err
	})
	if err != nil {
		return nil, fmt.Errorf("store: facts by id: %w", err)
	}
	byID := make(map[string]evenkeel.Entry, len(entries))
	for _, e := range entries {
		byID[e.ID] = e
	}
	return byID, nil
}

// storables leaves out texts that no database holds.
func storables(texts []string) []string {
	kept := make([]string, 0, len(texts))
	for _, text := range texts {
		if storable(text) {
			kept = append(kept, text)
		}
	}
	return kept
}
