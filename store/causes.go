package store

import (
	"context"
	"maps"
	"slices"
	"strings"

	"gorm.io/gorm"

	"github.com/evenkeel-dev/evenkeel"
)

// An incident names the deployment that caused it by the deployment's
// external id or by "source/id". Sources may use the same external ids, so
// what a text stands for is decided over the workspace: the deployment of the
// incident's own source first, then the one it names in full, then whatever
// has the external id.

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
	named, err := r.w.deploymentsNamed(r.ctx, r.tx, append(linkTexts(rows), linkTexts(linked)...), r.then)
	if err != nil {
		return err
	}
	r.findForeign(rows, named)
	for _, row := range linked {
		if !held[row.ID] && r.caused(row, named[row.Link]) {
			rows = append(rows, row)
		}
	}
	if rows, err = r.readLinks(held, rows); err != nil {
		return err
	}
	slices.SortFunc(rows, byInstant)
	r.facts.Incidents, err = decodeRead[evenkeel.Incident](r, rows)
	return err
}

// linkTexts lists what incidents name.
func linkTexts(incidents []factRow) []string {
	var texts []string
	for _, row := range incidents {
		if row.Link != "" {
			texts = append(texts, row.Link)
		}
	}
	return texts
}

// caused says whether an incident of others names deployments of this
// application and of no other.
func (r *reading) caused(incident factRow, named []factRow) bool {
	causes := causesOf(incident, named)
	return len(causes) > 0 && !slices.ContainsFunc(causes, func(d factRow) bool { return !r.owns(d) })
}

func (r *reading) owns(deployment factRow) bool {
	_, found := slices.BinarySearchFunc(r.deploymentIDs, deployment.ID, strings.Compare)
	return found
}

// causesOf narrows the deployments that an incident's text may stand for to
// those of the strongest reading.
func causesOf(incident factRow, named []factRow) []factRow {
	for _, reading := range []func(d factRow) bool{
		func(d factRow) bool { return d.ExternalID == incident.Link && d.Source == incident.Source },
		func(d factRow) bool { return d.ExternalID != incident.Link },
		func(factRow) bool { return true },
	} {
		if found := slices.DeleteFunc(slices.Clone(named), func(d factRow) bool { return !reading(d) }); len(found) > 0 {
			return found
		}
	}
	return nil
}

// incidentsNaming reads the incidents that name deployments. Where few
// incidents name any, what they name is looked through; else the deployments'
// names are looked up. Either way the cost follows the application's own size.
func (r *reading) incidentsNaming(names map[string]bool) ([]factRow, error) {
	if len(names) == 0 {
		return nil, nil
	}
	list, err := r.linksTo(names)
	if err != nil {
		return nil, err
	}
	var found []factRow
	err = eachChunk(list, func(some []string) error {
		rows, err := r.linked(kindIncident, r.rows().Where("kind = ? AND link <> '' AND link IN ?", kindIncident, some), some)
		found = append(found, rows...)
		return err
	})
	return found, err
}

// linksTo narrows names to those that incidents name, where that takes reading
// no more links than there are names. The index alone answers it.
func (r *reading) linksTo(names map[string]bool) ([]string, error) {
	all := slices.Collect(maps.Keys(names))
	if r.then != nil {
		return all, nil
	}
	var links []string
	query := r.w.rows(r.tx.WithContext(r.ctx).Model(&factRow{})).Where("kind = ? AND link <> ''", kindIncident)
	if err := query.Limit(len(names)+1).Pluck("link", &links).Error; err != nil || len(links) > len(names) {
		return all, err
	}
	return slices.DeleteFunc(links, func(link string) bool { return !names[link] }), nil
}

// findForeign notes which of the application's own incidents name deployments
// of others only, by the strongest reading of their text.
func (r *reading) findForeign(incidents []factRow, named map[string][]factRow) {
	r.facts.Foreign = map[string]bool{}
	for _, incident := range incidents {
		causes := causesOf(incident, named[incident.Link])
		if len(causes) > 0 && !slices.ContainsFunc(causes, r.owns) {
			r.facts.Foreign[incident.ID] = true
		}
	}
}

// deploymentsNamed finds the deployments that texts may stand for, by text.
// Texts that name none are left out. then asks for those of a moment; it may
// be nil.
func (w *Workspace) deploymentsNamed(ctx context.Context, tx *gorm.DB, texts []string, then *moment) (map[string][]factRow, error) {
	texts = distinct(texts)
	named := map[string][]factRow{}
	askedBy := map[string][]string{}
	var ids []string
	for _, text := range texts {
		for _, id := range namedFacts(text) {
			askedBy[id] = append(askedBy[id], text)
			ids = append(ids, id)
		}
	}
	// The kind is a literal so that the index of deployments' names is used.
	visible := func() gorm.ChainInterface[factRow] {
		return then.unchanged(of[factRow](w, tx).Select("id", "subject", "source", "external_id").Where("gone = ?", false))
	}
	then.nameDeployments(texts, askedBy, named)
	err := eachChunk(texts, func(some []string) error {
		rows, err := visible().Where("kind = 1").Where(among{"external_id", some}).Find(ctx)
		for _, row := range rows {
			named[row.ExternalID] = append(named[row.ExternalID], row)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	err = eachChunk(ids, func(some []string) error {
		rows, err := visible().Where(among{"id", some}).Find(ctx)
		for _, row := range rows {
			for _, text := range askedBy[row.ID] {
				named[text] = append(named[text], row)
			}
		}
		return err
	})
	return named, err
}
