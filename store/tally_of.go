package store

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"github.com/evenkeel-dev/evenkeel"
)

// ActivityOf says how much is known of some applications, by their ids; those
// without facts are left out.
func (w *Workspace) ActivityOf(ctx context.Context, applications []string) (map[string]evenkeel.Activity, error) {
	found := map[string]evenkeel.Activity{}
	err := w.read(ctx, func(tx *gorm.DB) error {
		owners := map[string][]string{}
		err := eachChunk(applications, func(some []string) error {
			rows, err := of[membershipRow](w, tx).Distinct("subject", "application").Where("application IN ?", some).Find(ctx)
			for _, row := range rows {
				owners[row.Subject] = append(owners[row.Subject], row.Application)
			}
			return err
		})
		if err != nil {
			return err
		}
		subjects := make([]string, 0, len(owners))
		for subject := range owners {
			subjects = append(subjects, subject)
		}
		return eachChunk(subjects, func(some []string) error {
			rows, err := of[tallyRow](w, tx).Where("subject IN ?", some).Find(ctx)
			for _, row := range rows {
				for _, application := range owners[row.Subject] {
					found[application] = row.addTo(found[application])
				}
			}
			return err
		})
	})
	if err != nil {
		return nil, fmt.Errorf("store: activity: %w", err)
	}
	for id, a := range found {
		slices.Sort(a.Repositories)
		a.Repositories = slices.Compact(a.Repositories)
		found[id] = a
	}
	return found, nil
}
