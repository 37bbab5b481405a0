package store

import (
	"context"
	"maps"
	"slices"

	"gorm.io/gorm"

	"github.com/evenkeel-dev/evenkeel"
)

// remember decides the membership of every subject anew, writes those that
// changed, and returns the ids of the applications whose figures may change.
func (w *Workspace) remember(ctx context.Context, tx *gorm.DB, old, held *resolver) ([]string, error) {
	rows, err := of[subjectRow](w, tx).Select("subject").Find(ctx)
	if err != nil {
		return nil, err
	}
	affected := editedApplications(old.catalogue, held.catalogue)
	var moved []string
	for _, row := range rows {
		subject := evenkeel.ParseSubject(row.Subject)
		was, is := old.resolve(subject), held.resolve(subject)
		if slices.Equal(was, is) {
			continue
		}
		moved = append(moved, row.Subject)
		for _, m := range slices.Concat(was, is) {
			affected[m.Application] = true
		}
	}
	if err := w.moveSubjects(tx, held, moved); err != nil {
		return nil, err
	}
	neighbours, err := w.neighbours(ctx, tx, old, held, moved)
	for _, id := range neighbours {
		affected[id] = true
	}
	return slices.Sorted(maps.Keys(affected)), err
}

// editedApplications lists the applications that were added, taken away or
// edited.
func editedApplications(before, after evenkeel.Catalogue) map[string]bool {
	held := map[string]evenkeel.Application{}
	for _, a := range before.Applications {
		held[a.ID] = a
	}
	edited := map[string]bool{}
	for _, a := range after.Applications {
		if b, ok := held[a.ID]; !ok || !sameApplication(a, b) {
			edited[a.ID] = true
		}
		delete(held, a.ID)
	}
	for id := range held {
		edited[id] = true
	}
	return edited
}

// moveSubjects replaces the memberships of subjects.
func (w *Workspace) moveSubjects(tx *gorm.DB, held *resolver, moved []string) error {
	err := eachChunk(moved, func(some []string) error {
		return w.rows(tx).Where("subject IN ?", some).Delete(&membershipRow{}).Error
	})
	if err != nil {
		return err
	}
	return w.keepSubjects(tx, held, held.version, distinct(moved))
}

// neighbours lists the applications that see other facts because subjects
// moved, or other owners of paths because claims on a repository changed:
// those that deploy from the repositories concerned, and those at both ends of
// links from incidents to deployments, because a deployment may have become
// another's.
func (w *Workspace) neighbours(ctx context.Context, tx *gorm.DB, old, held *resolver, moved []string) ([]string, error) {
	repositories, err := w.repositoriesOf(ctx, tx, moved)
	if err != nil {
		return nil, err
	}
	repositories = append(repositories, reclaimed(old, held)...)
	subjects := map[string]bool{}
	if err := w.mentioned(ctx, tx, repositories, subjects); err != nil {
		return nil, err
	}
	if len(moved) > 0 {
		linked, err := of[factRow](w, tx).Distinct("subject", "link").Where("kind = ? AND link <> '' AND gone = ?", kindIncident, false).Find(ctx)
		if err != nil {
			return nil, err
		}
		links := make([]string, len(linked))
		for i, row := range linked {
			subjects[row.Subject], links[i] = true, row.Link
		}
		if err := w.reachNamed(ctx, tx, links, subjects); err != nil {
			return nil, err
		}
		if err := w.reachEveryWord(ctx, tx, subjects); err != nil {
			return nil, err
		}
	}
	ids, err := w.applicationsOf(ctx, tx, slices.Collect(maps.Keys(subjects)))
	for _, repository := range reclaimed(old, held) {
		for _, claim := range slices.Concat(old.pathClaims(repository), held.pathClaims(repository)) {
			ids = append(ids, claim.Application)
		}
	}
	return ids, err
}

// repositoriesOf lists the repositories that facts of the subjects name.
func (w *Workspace) repositoriesOf(ctx context.Context, tx *gorm.DB, subjects []string) ([]string, error) {
	var repositories []string
	for _, text := range subjects {
		if s := evenkeel.ParseSubject(text); s.Repository != "" {
			repositories = append(repositories, s.Repository)
		}
	}
	err := eachChunk(subjects, func(some []string) error {
		rows, err := of[tallyRow](w, tx).Distinct("repository").Where("subject IN ? AND repository <> ''", some).Find(ctx)
		for _, row := range rows {
			repositories = append(repositories, row.Repository)
		}
		return err
	})
	return repositories, err
}

// reclaimed lists the repositories on which the claims differ.
func reclaimed(old, held *resolver) []string {
	var list []string
	for repository, matches := range held.repository {
		if !slices.Equal(old.repository[repository], matches) {
			list = append(list, repository)
		}
	}
	for repository := range old.repository {
		if held.repository[repository] == nil {
			list = append(list, repository)
		}
	}
	return list
}
