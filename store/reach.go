package store

import (
	"context"
	"maps"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/evenkeel-dev/evenkeel"
)

// reach lists the subjects whose figures the visible changes may alter: those
// of the facts before and after, those whose deployments name a repository,
// artifact or incident concerned, and those whose incidents name a deployment.
func (r *recording) reach(seen []*folding, rows []*factRow) ([]string, error) {
	subjects := map[string]bool{}
	for _, row := range rows {
		subjects[row.Subject] = true
	}
	links, err := r.linkArtifacts(rows, subjects)
	if err != nil {
		return nil, err
	}
	if err := r.mention(seen, links); err != nil {
		return nil, err
	}
	if err := r.reachRepositories(rows, subjects); err != nil {
		return nil, err
	}
	if err := r.reachCauses(rows, subjects); err != nil {
		return nil, err
	}
	if err := r.reachWords(rows, subjects); err != nil {
		return nil, err
	}
	return slices.Collect(maps.Keys(subjects)), nil
}

// rowsOf lists the visible rows of facts, as they were and as they are.
func rowsOf(seen []*folding) []*factRow {
	rows := make([]*factRow, 0, len(seen))
	for _, f := range seen {
		if f.before != nil && !f.before.Gone {
			rows = append(rows, f.before)
		}
		if !f.after.Gone {
			rows = append(rows, &f.after)
		}
	}
	return rows
}

// linksOf lists what the facts of a kind link to.
func linksOf(rows []*factRow, k kind) []string {
	var links []string
	for _, row := range rows {
		if row.Kind == k && row.Link != "" {
			links = append(links, row.Link)
		}
	}
	return links
}

// linkArtifacts adds the subjects whose deployments name an artifact of the
// transaction, and returns the mentions that follow from artifacts: of those
// deployments, and of the transaction's own deployments.
func (r *recording) linkArtifacts(rows []*factRow, subjects map[string]bool) (map[mentionRow]bool, error) {
	wanted := slices.Concat(linksOf(rows, kindArtifact), linksOf(rows, kindDeployment))
	repositories := map[string][]string{}
	deployers := map[string][]string{}
	err := eachChunk(wanted, func(some []string) error {
		linked, err := of[factRow](r.w, r.tx).Distinct("kind", "link", "repository", "subject").
			Where("kind IN ? AND link <> '' AND link IN ? AND gone = ?", []kind{kindArtifact, kindDeployment}, some, false).Find(r.ctx)
		for _, row := range linked {
			if row.Kind == kindArtifact {
				repositories[row.Link] = append(repositories[row.Link], row.Repository)
			} else {
				deployers[row.Link] = append(deployers[row.Link], row.Subject)
			}
		}
		return err
	})
	mentions := map[mentionRow]bool{}
	for artifact, named := range repositories {
		for _, repository := range named {
			for _, subject := range deployers[artifact] {
				mentions[mentionRow{r.w.slug, repository, subject}] = true
			}
		}
	}
	for _, artifact := range linksOf(rows, kindArtifact) {
		for _, subject := range deployers[artifact] {
			subjects[subject] = true
		}
	}
	return mentions, err
}

// mention notes which subjects deploy from which repositories.
func (r *recording) mention(seen []*folding, mentions map[mentionRow]bool) error {
	for _, f := range seen {
		if f.after.Kind != kindDeployment || f.after.Gone {
			continue
		}
		var d evenkeel.Deployment
		if err := decode(f.after.Body, &d); err != nil {
			return err
		}
		if d.Repository != "" {
			mentions[mentionRow{r.w.slug, d.Repository, f.after.Subject}] = true
		}
		for repository := range d.Commits {
			mentions[mentionRow{r.w.slug, repository, f.after.Subject}] = true
		}
	}
	return insert(r.tx, slices.Collect(maps.Keys(mentions)), clause.OnConflict{DoNothing: true})
}

// reachRepositories adds the subjects that deploy from repositories of which
// commits, changes, artifacts or builds have changed.
func (r *recording) reachRepositories(rows []*factRow, subjects map[string]bool) error {
	var repositories []string
	for _, row := range rows {
		if row.Kind == kindChange || row.Kind == kindArtifact || row.Kind == kindBuild {
			repositories = append(repositories, row.Repository)
		}
	}
	for _, s := range r.segments {
		repositories = append(repositories, s.row.Repository)
	}
	return r.w.mentioned(r.ctx, r.tx, repositories, subjects)
}

// reachCauses adds the subjects at both ends of the links between incidents
// and deployments that the changes touch: incidents that name a deployment of
// the transaction, and all deployments that these incidents, or those of the
// transaction, may stand for. What one incident stands for depends on all of
// them.
func (r *recording) reachCauses(rows []*factRow, subjects map[string]bool) error {
	links := linksOf(rows, kindIncident)
	var names []string
	for _, row := range rows {
		if row.Kind == kindDeployment {
			names = append(names, row.names()...)
		}
	}
	err := eachChunk(names, func(some []string) error {
		found, err := of[factRow](r.w, r.tx).Distinct("subject", "link").
			Where("kind = ? AND link <> '' AND gone = ?", kindIncident, false).Where(among{"link", some}).Find(r.ctx)
		for _, row := range found {
			subjects[row.Subject] = true
			links = append(links, row.Link)
		}
		return err
	})
	if err != nil {
		return err
	}
	return r.w.reachNamed(r.ctx, r.tx, links, subjects)
}

// reachNamed adds the subjects of deployments that texts may stand for.
func (w *Workspace) reachNamed(ctx context.Context, tx *gorm.DB, links []string, subjects map[string]bool) error {
	named, err := w.deploymentsNamed(ctx, tx, links, nil)
	for _, rows := range named {
		for _, row := range rows {
			subjects[row.Subject] = true
		}
	}
	return err
}
