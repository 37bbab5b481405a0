package store

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/evenkeel-dev/evenkeel"
)

// subjectRow is a thing that visible facts are, or were, about. Memberships
// are kept by subject and not by fact, so that a change of the catalogue
// costs as much as there are subjects.
type subjectRow struct {
	Workspace string `gorm:"primaryKey;index:subjects_matched,priority:1"`
	Subject   string `gorm:"primaryKey"`
	// Matched says that the subject belongs to some application, or that none
	// can claim it.
	Matched bool `gorm:"index:subjects_matched,priority:2"`
	// Named says that the subject is a list of applications.
	Named bool
}

func (subjectRow) TableName() string { return "subjects" }

// membershipRow says that a subject belongs to an application, and why. A
// subject may belong to one application by several claims.
type membershipRow struct {
	Workspace   string `gorm:"primaryKey;index:memberships_application,priority:1"`
	Subject     string `gorm:"primaryKey;index:memberships_application,priority:3"`
	Application string `gorm:"primaryKey;index:memberships_application,priority:2"`
	Claim       string `gorm:"primaryKey"`
	Path        string
	// Catalogue is the version by which the membership was last decided.
	Catalogue int64
}

func (membershipRow) TableName() string { return "memberships" }

// mentionRow says that deployments of a subject name, or have named, a
// repository, by themselves or through an artifact. It is how a new commit
// finds the applications it concerns; what has ended stays and costs only a
// needless look.
type mentionRow struct {
	Workspace  string `gorm:"primaryKey"`
	Repository string `gorm:"primaryKey"`
	Subject    string `gorm:"primaryKey"`
}

func (mentionRow) TableName() string { return "mentions" }

// claimSubjects decides the memberships of subjects that are new.
func (r *recording) claimSubjects(seen []*folding) error {
	subjects := map[string]bool{}
	for _, f := range seen {
		if !f.after.Gone {
			subjects[f.after.Subject] = true
		}
	}
	for _, s := range r.segments {
		subjects[evenkeel.Subject{Repository: s.row.Repository}.String()] = true
	}
	for _, s := range r.series {
		subjects[s.row.Subject] = true
	}
	err := eachChunk(slices.Collect(maps.Keys(subjects)), func(some []string) error {
		rows, err := of[subjectRow](r.w, r.tx).Select("subject").Where(among{"subject", some}).Find(r.ctx)
		for _, row := range rows {
			delete(subjects, row.Subject)
		}
		return err
	})
	if err != nil || len(subjects) == 0 {
		return err
	}
	held, err := r.w.resolver(r.ctx, r.tx, r.workspace)
	if err != nil {
		return err
	}
	return r.w.keepSubjects(r.tx, held, r.workspace.Catalogue, slices.Sorted(maps.Keys(subjects)))
}

// keepSubjects writes subjects and their memberships.
func (w *Workspace) keepSubjects(tx *gorm.DB, held *resolver, version int64, subjects []string) error {
	var rows []subjectRow
	var memberships []membershipRow
	for _, text := range subjects {
		subject := evenkeel.ParseSubject(text)
		matches := held.resolve(subject)
		rows = append(rows, subjectRow{Workspace: w.slug, Subject: text, Matched: len(matches) > 0 || subject.Apart, Named: len(subject.Applications) > 0})
		memberships = append(memberships, w.memberships(text, matches, version)...)
	}
	replace := clause.OnConflict{UpdateAll: true}
	if err := insert(tx, rows, replace); err != nil {
		return err
	}
	return insert(tx, memberships, replace)
}

func (w *Workspace) memberships(subject string, matches []evenkeel.Match, version int64) []membershipRow {
	rows := make([]membershipRow, len(matches))
	for i, m := range matches {
		rows[i] = membershipRow{Workspace: w.slug, Subject: subject, Application: m.Application, Claim: m.Claim, Path: m.Path, Catalogue: version}
	}
	return rows
}

// resolver answers what Catalogue.Resolve answers, from indexes: the
// catalogue's own method reads every claim for every subject.
type resolver struct {
	catalogue  evenkeel.Catalogue
	version    int64
	slug       map[string]string
	origin     map[string][]evenkeel.Match
	repository map[string][]evenkeel.Match
}

func newResolver(c evenkeel.Catalogue, version int64) *resolver {
	held := &resolver{
		catalogue: c, version: version, slug: map[string]string{},
		origin: map[string][]evenkeel.Match{}, repository: map[string][]evenkeel.Match{},
	}
	for _, a := range c.Applications {
		held.slug[a.Slug] = a.ID
		for _, text := range a.Claims {
			if claim, err := evenkeel.ParseClaim(text); err == nil {
				held.add(claim, evenkeel.Match{Application: a.ID, Claim: text, Path: claim.Path})
			}
		}
	}
	for _, index := range []map[string][]evenkeel.Match{held.origin, held.repository} {
		for _, matches := range index {
			slices.SortFunc(matches, compareMatches)
		}
	}
	return held
}

func (c *resolver) add(claim evenkeel.Claim, m evenkeel.Match) {
	if claim.Origin != "" {
		c.origin[claim.Origin] = append(c.origin[claim.Origin], m)
	}
	if claim.Repository != "" {
		c.repository[claim.Repository] = append(c.repository[claim.Repository], m)
	}
}

func compareMatches(a, b evenkeel.Match) int {
	return cmp.Or(cmp.Compare(a.Application, b.Application), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Claim, b.Claim))
}

func (c *resolver) resolve(s evenkeel.Subject) []evenkeel.Match {
	if len(s.Applications) > 0 {
		var found []evenkeel.Match
		for _, slug := range s.Applications {
			if id, ok := c.slug[slug]; ok {
				found = append(found, evenkeel.Match{Application: id, Claim: "explicit"})
			}
		}
		slices.SortFunc(found, compareMatches)
		return found
	}
	if found := c.origin[s.Origin]; s.Origin != "" && len(found) > 0 {
		return found
	}
	if s.Repository == "" {
		return nil
	}
	return c.repository[s.Repository]
}

// pathClaims answers what Catalogue.PathClaims answers.
func (c *resolver) pathClaims(repository string) []evenkeel.PathClaim {
	var found []evenkeel.PathClaim
	for _, m := range c.repository[repository] {
		found = append(found, evenkeel.PathClaim{Path: m.Path, Application: m.Application})
	}
	slices.SortStableFunc(found, func(a, b evenkeel.PathClaim) int { return cmp.Compare(len(b.Path), len(a.Path)) })
	return found
}

// unmatched narrows to subjects that no application claims.
func (w *Workspace) unmatched(db *gorm.DB) *gorm.DB {
	return w.rows(db.Model(&subjectRow{})).Select("subject").Where("matched = ?", false)
}

// Unclaimed lists the subjects with facts that no application claims, those
// with the most facts first. One of which only commits or series are known is
// listed with 0 facts.
func (w *Workspace) Unclaimed(ctx context.Context) ([]evenkeel.UnclaimedSubject, error) {
	found := map[string]evenkeel.UnclaimedSubject{}
	err := w.read(ctx, func(tx *gorm.DB) error {
		rows, err := of[tallyRow](w, tx).Where("subject IN (?)", w.unmatched(tx)).Find(ctx)
		if err != nil {
			return err
		}
		for _, row := range rows {
			one := found[row.Subject]
			one.Facts += int(row.N)
			one.LastAt = later(one.LastAt, row.LastAt.Time())
			found[row.Subject] = one
		}
		if err := w.unclaimedSeries(ctx, tx, found); err != nil {
			return err
		}
		return w.unclaimedRepositories(ctx, tx, found)
	})
	if err != nil {
		return nil, err
	}
	list := make([]evenkeel.UnclaimedSubject, 0, len(found))
	for text, one := range found {
		one.Subject = evenkeel.ParseSubject(text)
		list = append(list, one)
	}
	slices.SortFunc(list, func(a, b evenkeel.UnclaimedSubject) int {
		return cmp.Or(cmp.Compare(b.Facts, a.Facts), cmp.Compare(a.Subject.String(), b.Subject.String()))
	})
	return list, nil
}

// unclaimedSeries adds subjects with series.
func (w *Workspace) unclaimedSeries(ctx context.Context, tx *gorm.DB, found map[string]evenkeel.UnclaimedSubject) error {
	rows, err := of[seriesRow](w, tx).Select("subject", "last_at").Where("subject IN (?)", w.unmatched(tx)).Find(ctx)
	for _, row := range rows {
		one := found[row.Subject]
		one.LastAt = later(one.LastAt, row.LastAt.Time())
		found[row.Subject] = one
	}
	return err
}

// unclaimedRepositories adds repositories with commits.
func (w *Workspace) unclaimedRepositories(ctx context.Context, tx *gorm.DB, found map[string]evenkeel.UnclaimedSubject) error {
	unmatched, err := of[subjectRow](w, tx).Where("matched = ? AND named = ?", false, false).Find(ctx)
	if err != nil {
		return err
	}
	var repositories []string
	for _, row := range unmatched {
		if s := evenkeel.ParseSubject(row.Subject); s.Origin == "" && s.Repository != "" {
			repositories = append(repositories, s.Repository)
		}
	}
	return eachChunk(repositories, func(some []string) error {
		rows, err := of[commitSegmentRow](w, tx).Select("repository", "last_at").Where("repository IN ?", some).Find(ctx)
		for _, row := range rows {
			text := evenkeel.Subject{Repository: row.Repository}.String()
			one := found[text]
			one.LastAt = later(one.LastAt, row.LastAt.Time())
			found[text] = one
		}
		return err
	})
}
