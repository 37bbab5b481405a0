package store

import (
	"context"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/evenkeel-dev/evenkeel"
)

// tallyRow counts the visible facts that share a subject and what overviews
// group by. It changes in the transaction that changes the facts.
type tallyRow struct {
	Workspace   string `gorm:"primaryKey"`
	Subject     string `gorm:"primaryKey"`
	Kind        kind   `gorm:"primaryKey;autoIncrement:false"`
	Environment string `gorm:"primaryKey"`
	Repository  string `gorm:"primaryKey"`
	// Succeeded is whether deployments were successful; false for other kinds.
	Succeeded bool `gorm:"primaryKey"`
	N         int64
	FirstAt   instant
	LastAt    instant
}

func (tallyRow) TableName() string { return "tallies" }

// tallyKey is the key of a tally in its workspace.
type tallyKey struct {
	subject     string
	kind        kind
	environment string
	repository  string
	succeeded   bool
}

func (r tallyRow) key() tallyKey {
	return tallyKey{r.Subject, r.Kind, r.Environment, r.Repository, r.Succeeded}
}

func (r *factRow) tally() tallyKey {
	succeeded := r.Kind == kindDeployment && r.Status == string(evenkeel.StatusSuccess)
	return tallyKey{r.Subject, r.Kind, r.Environment, r.Repository, succeeded}
}

// counting is a tally while a transaction changes it.
type counting struct {
	row tallyRow
	// stale says that a fact at an end has left, so the ends must be looked up.
	stale bool
}

// tally brings the counts up to date with the visible changes.
func (r *recording) tally(seen []*folding, visible []*factRow) error {
	counts, err := r.counts(visible)
	if err != nil {
		return err
	}
	for _, f := range seen {
		if f.before != nil && !f.before.Gone {
			counts[f.before.tally()].leave(f.before.At)
		}
		if !f.after.Gone {
			counts[f.after.tally()].enter(f.after.At)
		}
	}
	var rows []tallyRow
	var ended []string
	for _, c := range counts {
		if c.row.N == 0 {
			ended = append(ended, c.row.Subject)
		}
		if c.stale && c.row.N > 0 {
			if err := r.ends(&c.row); err != nil {
				return err
			}
		}
		rows = append(rows, c.row)
	}
	slices.SortFunc(rows, func(a, b tallyRow) int { return strings.Compare(a.Subject, b.Subject) })
	if err := insert(r.tx, rows, clause.OnConflict{UpdateAll: true}); err != nil {
		return err
	}
	return eachChunk(ended, func(some []string) error {
		_, err := of[tallyRow](r.w, r.tx).Where("n = 0 AND subject IN ?", some).Delete(r.ctx)
		return err
	})
}

// counts reads the tallies that the changes touch; new ones count nothing.
func (r *recording) counts(visible []*factRow) (map[tallyKey]*counting, error) {
	counts := map[tallyKey]*counting{}
	var subjects []string
	for _, row := range visible {
		k := row.tally()
		if counts[k] != nil {
			continue
		}
		counts[k] = &counting{row: tallyRow{
			Workspace: r.w.slug, Subject: k.subject, Kind: k.kind, Environment: k.environment, Repository: k.repository, Succeeded: k.succeeded,
		}}
		subjects = append(subjects, k.subject)
	}
	err := eachChunk(subjects, func(some []string) error {
		rows, err := of[tallyRow](r.w, r.tx).Where(among{"subject", some}).Find(r.ctx)
		for _, row := range rows {
			if c := counts[row.key()]; c != nil {
				c.row = row
			}
		}
		return err
	})
	return counts, err
}

func (c *counting) enter(at instant) {
	c.row.N++
	c.row.FirstAt = earlier(c.row.FirstAt, at)
	c.row.LastAt = max(c.row.LastAt, at)
}

func (c *counting) leave(at instant) {
	c.row.N--
	c.stale = c.stale || at <= c.row.FirstAt || at >= c.row.LastAt
	if c.row.N == 0 {
		c.row.FirstAt, c.row.LastAt, c.stale = 0, 0, false
	}
}

// ends looks up the first and last fact of a tally.
func (r *recording) ends(row *tallyRow) error {
	facts := func() gorm.ChainInterface[factRow] {
		same := of[factRow](r.w, r.tx).Select("at").
			Where("kind = ? AND subject = ? AND environment = ? AND repository = ? AND gone = ?", row.Kind, row.Subject, row.Environment, row.Repository, false)
		if row.Kind != kindDeployment {
			return same
		}
		if row.Succeeded {
			return same.Where("status = ?", evenkeel.StatusSuccess)
		}
		return same.Where("status <> ?", evenkeel.StatusSuccess)
	}
	first, err := facts().Order("at").Take(r.ctx)
	if err != nil {
		return err
	}
	last, err := facts().Order("at DESC").Take(r.ctx)
	row.FirstAt, row.LastAt = first.At, last.At
	return err
}

// Activity says how much is known of each application that has facts, by
// application id.
func (w *Workspace) Activity(ctx context.Context) (map[string]evenkeel.Activity, error) {
	found := map[string]evenkeel.Activity{}
	err := w.read(ctx, func(tx *gorm.DB) error {
		owners, err := w.owners(ctx, tx)
		if err != nil {
			return err
		}
		rows, err := of[tallyRow](w, tx).Find(ctx)
		for _, row := range rows {
			for _, application := range owners[row.Subject] {
				found[application] = row.addTo(found[application])
			}
		}
		return err
	})
	for id, a := range found {
		slices.Sort(a.Repositories)
		a.Repositories = slices.Compact(a.Repositories)
		found[id] = a
	}
	return found, err
}

// owners reads the applications of every subject that has some.
func (w *Workspace) owners(ctx context.Context, tx *gorm.DB) (map[string][]string, error) {
	rows, err := of[membershipRow](w, tx).Distinct("subject", "application").Find(ctx)
	owners := make(map[string][]string, len(rows))
	for _, row := range rows {
		owners[row.Subject] = append(owners[row.Subject], row.Application)
	}
	return owners, err
}

func (r tallyRow) addTo(a evenkeel.Activity) evenkeel.Activity {
	if a.Facts == nil {
		a.Facts, a.Environments, a.Last = map[evenkeel.Kind]int{}, map[string]int{}, map[evenkeel.Kind]time.Time{}
	}
	a.Facts[r.Kind.name()] += int(r.N)
	if first := r.FirstAt.Time(); a.FirstAt.IsZero() || first.Before(a.FirstAt) {
		a.FirstAt = first
	}
	a.LastAt = later(a.LastAt, r.LastAt.Time())
	a.Last[r.Kind.name()] = later(a.Last[r.Kind.name()], r.LastAt.Time())
	if r.Repository != "" {
		a.Repositories = append(a.Repositories, r.Repository)
	}
	if r.Kind == kindDeployment {
		a.Environments[r.Environment] += int(r.N)
	}
	if r.Succeeded {
		a.LastDeploymentAt = later(a.LastDeploymentAt, r.LastAt.Time())
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// mentioned adds the subjects whose deployments name the repositories.
func (w *Workspace) mentioned(ctx context.Context, tx *gorm.DB, repositories []string, subjects map[string]bool) error {
	return eachChunk(repositories, func(some []string) error {
		rows, err := of[mentionRow](w, tx).Distinct("subject").Where(among{"repository", some}).Find(ctx)
		for _, row := range rows {
			subjects[row.Subject] = true
		}
		return err
	})
}
