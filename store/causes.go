package store

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"github.com/evenkeel-dev/evenkeel"
)

// An incident names the deployment that caused it by the deployment's
// external id, by "source/id", or by its id here.

// readIncidents reads the application's incidents, those that name one of its
// deployments, and which of the named deployments are others'.
func (r *reading) readIncidents() error {
	rows, err := r.own(kindIncident)
	if err != nil {
		return err
	}
	mine := map[string]bool{}
	for _, d := range r.deployments {
		for _, name := range d.names() {
			mine[name] = true
		}
	}
	held := map[string]bool{}
	for _, row := range rows {
		held[row.ID] = true
	}
	linked, err := r.incidentsNaming(mine)
	if err != nil {
		return err
	}
	for _, row := range linked {
		if !held[row.ID] {
			rows = append(rows, row)
		}
	}
	slices.SortFunc(rows, byInstant)
	if err := r.findForeign(rows, mine); err != nil {
		return err
	}
	r.facts.Incidents, err = decodeFacts[evenkeel.Incident](r.ctx, r.w, r.tx, rows)
	return err
}

// incidentsNaming reads the incidents that name deployments. Where few
// incidents name any, all of those are read; else the deployments' names are
// looked up. Either way the cost follows the application's own size.
func (r *reading) incidentsNaming(names map[string]bool) ([]factRow, error) {
	if len(names) == 0 {
		return nil, nil
	}
	naming := func() gorm.ChainInterface[factRow] { return r.rows().Where("kind = ? AND link <> ''", kindIncident) }
	found, err := naming().Limit(len(names) + 1).Find(r.ctx)
	if err != nil {
		return nil, err
	}
	if len(found) <= len(names) {
		return slices.DeleteFunc(found, func(row factRow) bool { return !names[row.Link] }), nil
	}
	found = nil
	list := make([]string, 0, len(names))
	for name := range names {
		list = append(list, name)
	}
	err = eachChunk(list, func(some []string) error {
		rows, err := naming().Where("link IN ?", some).Find(r.ctx)
		found = append(found, rows...)
		return err
	})
	return found, err
}

// findForeign notes which caused_by values name deployments of others.
func (r *reading) findForeign(incidents []factRow, mine map[string]bool) error {
	r.facts.Foreign = map[string]bool{}
	var links []string
	for _, row := range incidents {
		if row.Link != "" && !mine[row.Link] {
			links = append(links, row.Link)
		}
	}
	named, err := r.w.deploymentsNamed(r.ctx, r.tx, links)
	for link := range named {
		r.facts.Foreign[link] = true
	}
	return err
}

// deploymentsNamed finds the deployments that texts may stand for, by text.
// Texts that name none are left out.
func (w *Workspace) deploymentsNamed(ctx context.Context, tx *gorm.DB, texts []string) (map[string][]factRow, error) {
	texts = slices.Compact(slices.Sorted(slices.Values(texts)))
	named := map[string][]factRow{}
	askedBy := map[string][]string{}
	var ids []string
	for _, text := range texts {
		for _, id := range append(namedFacts(text), text) {
			askedBy[id] = append(askedBy[id], text)
			ids = append(ids, id)
		}
	}
	// The kind is a literal so that the index of deployments' names is used.
	deployments := func() gorm.ChainInterface[factRow] {
		return of[factRow](w, tx).Select("id", "subject", "external_id").Where("kind = 1 AND gone = ?", false)
	}
	err := eachChunk(texts, func(some []string) error {
		rows, err := deployments().Where("external_id IN ?", some).Find(ctx)
		for _, row := range rows {
			named[row.ExternalID] = append(named[row.ExternalID], row)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	err = eachChunk(ids, func(some []string) error {
		rows, err := deployments().Where("id IN ?", some).Find(ctx)
		for _, row := range rows {
			for _, text := range askedBy[row.ID] {
				named[text] = append(named[text], row)
			}
		}
		return err
	})
	return named, err
}
