package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"github.com/evenkeel-dev/evenkeel"
)

// revisionRow says that a transaction changed what readers see.
type revisionRow struct {
	Workspace string  `gorm:"primaryKey;index:revisions_touching,priority:1,where:length(applications) > 2;index:revisions_at,priority:1"`
	Seq       int64   `gorm:"primaryKey;autoIncrement:false;index:revisions_touching,priority:2;index:revisions_at,priority:3"`
	At        instant `gorm:"index:revisions_at,priority:2"`
	// Kinds are names joined by commas.
	Kinds string
	// Applications is a JSON list of ids.
	Applications []byte
	Earliest     instant
}

func (revisionRow) TableName() string { return "revisions" }

func (r *revisionRow) setKinds(kinds []evenkeel.Kind) {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = string(k)
	}
	r.Kinds = strings.Join(names, ",")
}

func (r *revisionRow) setApplications(ids []string) {
	r.Applications = []byte("[]")
	if len(ids) > 0 {
		r.Applications = []byte(`["` + strings.Join(ids, `","`) + `"]`) // Ids are hexadecimal digits.
	}
}

func (r revisionRow) revision() (evenkeel.Revision, error) {
	v := evenkeel.Revision{Seq: r.Seq, At: r.At.Time(), Earliest: r.Earliest.Time()}
	for name := range strings.SplitSeq(r.Kinds, ",") {
		if name != "" {
			v.Kinds = append(v.Kinds, evenkeel.Kind(name))
		}
	}
	if err := json.Unmarshal(r.Applications, &v.Applications); err != nil {
		return v, fmt.Errorf("revision %d: %w", r.Seq, err)
	}
	return v, nil
}

// Revisions lists the revisions after one, oldest first; limit is at least 1.
func (w *Workspace) Revisions(ctx context.Context, after int64, limit int) ([]evenkeel.Revision, error) {
	rows, err := of[revisionRow](w, w.reader).Where("seq > ?", after).Order("seq").Limit(max(limit, 1)).Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("store: revisions: %w", translate(err))
	}
	list := make([]evenkeel.Revision, len(rows))
	for i, row := range rows {
		if list[i], err = row.revision(); err != nil {
			return nil, fmt.Errorf("store: %w", err)
		}
	}
	return list, nil
}

// Touched finds the last revision after the given one that may have changed
// the figures of each application, by application id. Revisions that can have
// changed no figure, such as those of flags and series, are not even read.
func (w *Workspace) Touched(ctx context.Context, after int64) (map[string]int64, error) {
	// The condition is that of the index.
	rows, err := of[revisionRow](w, w.reader).Select("seq", "applications").Where("length(applications) > 2 AND seq > ?", after).Order("seq").Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("store: touched: %w", translate(err))
	}
	touched := map[string]int64{}
	for _, row := range rows {
		revision, err := row.revision()
		if err != nil {
			return nil, fmt.Errorf("store: %w", err)
		}
		for _, id := range revision.Applications {
			touched[id] = row.Seq
		}
	}
	return touched, nil
}

// advance sets the workspace's counter. The caller holds the workspace's lock.
func (w *Workspace) advance(ctx context.Context, tx *gorm.DB, to revisionRow) error {
	_, err := gorm.G[workspaceRow](tx).Where("slug = ?", w.slug).Select("revision", "revised_at").
		Updates(ctx, workspaceRow{Revision: to.Seq, RevisedAt: to.At})
	return err
}

// applicationsOf lists the ids of the applications that subjects belong to.
func (w *Workspace) applicationsOf(ctx context.Context, tx *gorm.DB, subjects []string) ([]string, error) {
	var ids []string
	err := eachChunk(subjects, func(some []string) error {
		rows, err := of[membershipRow](w, tx).Distinct("application").Where(among{"subject", some}).Find(ctx)
		for _, row := range rows {
			ids = append(ids, row.Application)
		}
		return err
	})
	slices.Sort(ids)
	return slices.Compact(ids), err
}
