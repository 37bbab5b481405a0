package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"unicode/utf8"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/evenkeel-dev/evenkeel"
)

// What people say of the causes of incidents is only ever added to: the last
// word of an incident holds. Each word is a revision of its own, so that a
// later one does not change what was known before it.

// incidentLinkRow is one word of a person.
type incidentLinkRow struct {
	Workspace string `gorm:"primaryKey"`
	Incident  string `gorm:"primaryKey"`
	// Seq is the revision that brought it.
	Seq    int64 `gorm:"primaryKey;autoIncrement:false"`
	At     instant
	Actor  string
	Reason string
	// Deployments is a JSON list of fact ids.
	Deployments []byte
	Withdrawn   bool
}

func (incidentLinkRow) TableName() string { return "incident_links" }

func (r incidentLinkRow) link() (evenkeel.IncidentLink, error) {
	l := evenkeel.IncidentLink{Incident: r.Incident, Deployments: []string{}, At: r.At.Time(), By: r.Actor, Reason: r.Reason, Withdrawn: r.Withdrawn}
	if err := json.Unmarshal(r.Deployments, &l.Deployments); err != nil {
		return l, fmt.Errorf("link of incident %s: %w", r.Incident, err)
	}
	return l, nil
}

// linkedDeploymentRow says that somebody once laid an incident to a deployment.
type linkedDeploymentRow struct {
	Workspace  string `gorm:"primaryKey;index:linked_incidents,priority:1"`
	Deployment string `gorm:"primaryKey;index:linked_incidents,priority:3"`
	Incident   string `gorm:"primaryKey;index:linked_incidents,priority:2"`
}

func (linkedDeploymentRow) TableName() string { return "linked_deployments" }

const (
	// maxLinked is how many deployments one incident can be laid to.
	maxLinked = 50
	// maxReason is how long the reason of a word can be.
	maxReason = 1000
)

// LinkIncident keeps what a person said of an incident; At is now. Saying the
// same again keeps nothing and answers what holds. An incident that is not
// known is ErrNotFound, a deployment that is not known an error of the field
// deployments, and withdrawing what nobody said ErrConflict.
func (w *Workspace) LinkIncident(ctx context.Context, link evenkeel.IncidentLink) (evenkeel.IncidentLink, error) {
	link.Deployments = slices.Clone(link.Deployments)
	slices.Sort(link.Deployments)
	link.Deployments = append([]string{}, slices.Compact(link.Deployments)...)
	if link.Withdrawn {
		link.Deployments = []string{}
	}
	if err := checkLink(link); err != nil {
		return link, fmt.Errorf("store: %w", err)
	}
	workspace, err := w.row(ctx, w.reader)
	if err != nil {
		return link, fmt.Errorf("store: link incident %s: %w", link.Incident, err)
	}
	_, err = w.transact(ctx, workspace.Secret, func(r *recording) (err error) {
		link, err = r.say(link)
		return err
	})
	if err != nil {
		return link, fmt.Errorf("store: link incident %s: %w", link.Incident, err)
	}
	return link, nil
}

func checkLink(link evenkeel.IncidentLink) error {
	var broken evenkeel.FieldErrors
	if len(link.Deployments) > maxLinked {
		broken = append(broken, evenkeel.FieldError{Field: "deployments", Rule: fmt.Sprintf("has %d of at most %d; name those that began it", len(link.Deployments), maxLinked)})
	}
	if !storable(link.Reason) || utf8.RuneCountInString(link.Reason) > maxReason {
		broken = append(broken, evenkeel.FieldError{Field: "reason", Rule: fmt.Sprintf("is not a text of at most %d characters", maxReason)})
	}
	if !storable(link.By) || link.By == "" {
		broken = append(broken, evenkeel.FieldError{Field: "by", Rule: "is required: who says it"})
	}
	if broken != nil {
		return broken
	}
	return nil
}

// say keeps a word and publishes it to the applications that it concerns.
func (r *recording) say(link evenkeel.IncidentLink) (evenkeel.IncidentLink, error) {
	incident, err := of[factRow](r.w, r.tx).Where("id = ? AND kind = ? AND gone = ?", link.Incident, kindIncident, false).Take(r.ctx)
	if err != nil {
		return link, err
	}
	subjects, err := r.subjectsNamed(link.Deployments)
	if err != nil {
		return link, err
	}
	held, said, err := r.holding(link.Incident)
	switch {
	case err != nil:
		return link, err
	case link.Withdrawn && (!said || held.Withdrawn):
		return link, fmt.Errorf("nobody has said what caused this incident, so there is nothing to withdraw: %w", evenkeel.ErrConflict)
	case said && held.Withdrawn == link.Withdrawn && held.Reason == link.Reason && slices.Equal(held.Deployments, link.Deployments):
		return held, nil
	}
	if err := r.keepWord(&link, incident); err != nil {
		return link, err
	}
	reached := map[string]bool{incident.Subject: true}
	for _, subject := range subjects {
		reached[subject] = true
	}
	return link, r.publishWord(incident, reached)
}

// subjectsNamed are the subjects of deployments, which must be known.
func (r *recording) subjectsNamed(deployments []string) ([]string, error) {
	found := map[string]string{}
	err := eachChunk(deployments, func(some []string) error {
		rows, err := of[factRow](r.w, r.tx).Select("id", "subject").Where("id IN ? AND kind = ? AND gone = ?", some, kindDeployment, false).Find(r.ctx)
		for _, row := range rows {
			found[row.ID] = row.Subject
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	var broken evenkeel.FieldErrors
	subjects := make([]string, 0, len(deployments))
	for i, id := range deployments {
		subject, ok := found[id]
		if !ok {
			broken = append(broken, evenkeel.FieldError{Field: fmt.Sprintf("deployments[%d]", i), Rule: fmt.Sprintf("%.40q is not the id of a deployment here; take one of the candidates of the incident, or of /api/v1/deployments", id)})
		}
		subjects = append(subjects, subject)
	}
	if broken != nil {
		return nil, broken
	}
	return subjects, nil
}

// holding is the last word of an incident.
func (r *recording) holding(incident string) (held evenkeel.IncidentLink, said bool, err error) {
	rows, err := of[incidentLinkRow](r.w, r.tx).Where("incident = ?", incident).Order("seq DESC").Limit(1).Find(r.ctx)
	if err != nil || len(rows) == 0 {
		return held, false, err
	}
	held, err = rows[0].link()
	return held, true, err
}

func (r *recording) keepWord(link *evenkeel.IncidentLink, incident factRow) error {
	named, err := json.Marshal(link.Deployments)
	if err != nil {
		return err
	}
	at := r.workspace.next(r.w.now())
	link.At = at.Time()
	row := incidentLinkRow{
		Workspace: r.w.slug, Incident: incident.ID, Seq: r.workspace.Revision + 1, At: at,
		Actor: link.By, Reason: link.Reason, Deployments: named, Withdrawn: link.Withdrawn,
	}
	if err := r.tx.Create(&row).Error; err != nil {
		return err
	}
	linked := make([]linkedDeploymentRow, len(link.Deployments))
	for i, id := range link.Deployments {
		linked[i] = linkedDeploymentRow{r.w.slug, id, incident.ID}
	}
	return insert(r.tx, linked, clause.OnConflict{DoNothing: true})
}

// publishWord is publish for a word: no fact has changed.
func (r *recording) publishWord(incident factRow, subjects map[string]bool) error {
	if err := r.w.reachNamed(r.ctx, r.tx, linkTexts([]factRow{incident}), subjects); err != nil {
		return err
	}
	if err := r.w.reachLinked(r.ctx, r.tx, nil, []string{incident.ID}, subjects); err != nil {
		return err
	}
	applications, err := r.w.applicationsOf(r.ctx, r.tx, sortedTexts(subjects))
	if err != nil {
		return err
	}
	revision := revisionRow{Workspace: r.w.slug, Seq: r.workspace.Revision + 1, At: r.workspace.next(r.w.now()), Earliest: incident.Earliest}
	revision.setKinds(nil) // No fact tells of it, so everything is read anew.
	revision.setApplications(applications)
	if err := r.tx.Create(&revision).Error; err != nil {
		return err
	}
	return r.w.advance(r.ctx, r.tx, revision)
}

func sortedTexts(set map[string]bool) []string {
	list := make([]string, 0, len(set))
	for text := range set {
		list = append(list, text)
	}
	slices.Sort(list)
	return list
}

// IncidentLinks lists what people said of an incident, last first.
func (w *Workspace) IncidentLinks(ctx context.Context, incident string) ([]evenkeel.IncidentLink, error) {
	return w.linksOf(ctx, incident, ever)
}

// linksOf lists what people had said of an incident at a revision, last first.
func (w *Workspace) linksOf(ctx context.Context, incident string, revision int64) ([]evenkeel.IncidentLink, error) {
	rows, err := of[incidentLinkRow](w, w.reader).Where("incident = ? AND seq <= ?", incident, revision).Order("seq DESC").Find(ctx)
	if err != nil {
		return nil, fmt.Errorf("store: links of incident %s: %w", incident, translate(err))
	}
	list := make([]evenkeel.IncidentLink, len(rows))
	for i, row := range rows {
		if list[i], err = row.link(); err != nil {
			return nil, fmt.Errorf("store: %w", err)
		}
	}
	return list, nil
}

// linksAt reads the words that held at a revision, by incident.
func (w *Workspace) linksAt(ctx context.Context, tx *gorm.DB, revision int64) (map[string]evenkeel.IncidentLink, error) {
	rows, err := of[incidentLinkRow](w, tx).Where("seq <= ?", revision).Order("seq").Find(ctx)
	if err != nil {
		return nil, err
	}
	held := map[string]evenkeel.IncidentLink{}
	for _, row := range rows {
		if held[row.Incident], err = row.link(); err != nil {
			return nil, err
		}
	}
	return held, nil
}

// reachLinked adds the subjects at both ends of the words on deployments and
// incidents, whether or not they still hold.
func (w *Workspace) reachLinked(ctx context.Context, tx *gorm.DB, deployments, incidents []string, subjects map[string]bool) error {
	ends := map[string]bool{}
	err := eachChunk(deployments, func(some []string) error {
		rows, err := of[linkedDeploymentRow](w, tx).Where("deployment IN ?", some).Find(ctx)
		for _, row := range rows {
			ends[row.Incident] = true
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, id := range incidents {
		ends[id] = true
	}
	err = eachChunk(sortedTexts(ends), func(some []string) error {
		rows, err := of[linkedDeploymentRow](w, tx).Where("incident IN ?", some).Find(ctx)
		for _, row := range rows {
			ends[row.Deployment] = true
		}
		return err
	})
	if err != nil {
		return err
	}
	return eachChunk(sortedTexts(ends), func(some []string) error {
		rows, err := of[factRow](w, tx).Distinct("subject").Where("id IN ?", some).Find(ctx)
		for _, row := range rows {
			subjects[row.Subject] = true
		}
		return err
	})
}

// reachEveryWord adds the subjects at both ends of all words.
func (w *Workspace) reachEveryWord(ctx context.Context, tx *gorm.DB, subjects map[string]bool) error {
	rows, err := of[linkedDeploymentRow](w, tx).Distinct("incident").Find(ctx)
	if err != nil {
		return err
	}
	incidents := make([]string, len(rows))
	for i, row := range rows {
		incidents[i] = row.Incident
	}
	return w.reachLinked(ctx, tx, nil, incidents, subjects)
}

// reachWords adds the subjects that words connect with changed facts.
func (r *recording) reachWords(rows []*factRow, subjects map[string]bool) error {
	var deployments, incidents []string
	for _, row := range rows {
		switch row.Kind {
		case kindDeployment:
			deployments = append(deployments, row.ID)
		case kindIncident:
			incidents = append(incidents, row.ID)
		}
	}
	if len(deployments)+len(incidents) == 0 {
		return nil
	}
	some, err := of[linkedDeploymentRow](r.w, r.tx).Limit(1).Find(r.ctx)
	if err != nil || len(some) == 0 {
		return err
	}
	return r.w.reachLinked(r.ctx, r.tx, deployments, incidents, subjects)
}

// readLinks reads the words on incidents, and adds the incidents of others
// that they lay to deployments of the application. own are the incidents that
// belong to it, and rows all that are read so far.
func (r *reading) readLinks(own map[string]bool, rows []factRow) ([]factRow, error) {
	said, err := r.w.linksAt(r.ctx, r.tx, r.facts.Revision)
	if err != nil {
		return nil, err
	}
	held := map[string]bool{}
	for _, row := range rows {
		held[row.ID] = true
	}
	if rows, err = r.addGuests(said, held, rows); err != nil {
		return nil, err
	}
	r.facts.Links, r.facts.Guests = map[string]evenkeel.IncidentLink{}, map[string]bool{}
	var others []string
	for _, row := range rows {
		if !own[row.ID] {
			r.facts.Guests[row.ID] = true
		}
		if link, ok := said[row.ID]; ok {
			r.facts.Links[row.ID] = link
			others = append(others, slices.DeleteFunc(slices.Clone(link.Deployments), r.ownsID)...)
		}
	}
	elsewhere, err := r.byID(kindDeployment, others)
	for _, row := range elsewhere {
		r.facts.Foreign[row.ID] = true
	}
	return rows, err
}

// addGuests reads the incidents that are not held and were laid to deployments
// of the application.
func (r *reading) addGuests(said map[string]evenkeel.IncidentLink, held map[string]bool, rows []factRow) ([]factRow, error) {
	var wanted []string
	for id, link := range said {
		if !held[id] && !link.Withdrawn && slices.ContainsFunc(link.Deployments, r.ownsID) {
			wanted = append(wanted, id)
		}
	}
	guests, err := r.byID(kindIncident, wanted)
	return append(rows, guests...), err
}

func (r *reading) ownsID(deployment string) bool { return r.owns(factRow{ID: deployment}) }

// byID reads facts of a kind by id; those that are not visible are left out.
func (r *reading) byID(k kind, ids []string) ([]factRow, error) {
	var found []factRow
	ids = distinct(ids)
	err := eachChunk(ids, func(some []string) error {
		rows, err := r.collect(r.rows().Where("kind = ? AND id IN ?", k, some))
		found = append(found, rows...)
		return err
	})
	if err != nil || r.then == nil {
		return found, err
	}
	found, err = r.withPast(found, ids)
	return slices.DeleteFunc(found, func(row factRow) bool { return row.Kind != k }), err
}

// erasedName stands where a person's name was.
const erasedName = "erased"

// eraseLinks takes persons out of what was said of incidents.
func (e *erasure) eraseLinks() error {
	rows, err := of[incidentLinkRow](e.w, e.w.reader).Find(e.ctx)
	if err != nil {
		return err
	}
	rows = slices.DeleteFunc(rows, func(row incidentLinkRow) bool {
		return !e.names.in([]byte(row.Actor)) && !e.names.in([]byte(row.Reason))
	})
	slices.SortFunc(rows, func(a, b incidentLinkRow) int {
		return cmp.Or(cmp.Compare(a.Seq, b.Seq), cmp.Compare(a.Incident, b.Incident))
	})
	for some := range slices.Chunk(rows, eraseChunk) {
		_, err := e.w.transact(e.ctx, e.secret, func(r *recording) error {
			for _, row := range some {
				if err := e.eraseLink(r.tx, row); err != nil {
					return err
				}
			}
			return r.publish(r.workspace.Revision+1, nil) // Answers that hold a name are old now.
		})
		if err != nil {
			return err
		}
		e.done.Links += len(some)
	}
	return nil
}

func (e *erasure) eraseLink(tx *gorm.DB, row incidentLinkRow) error {
	if e.names.in([]byte(row.Actor)) {
		row.Actor = erasedName
	}
	if e.names.in([]byte(row.Reason)) {
		row.Reason = erasedName
	}
	_, err := of[incidentLinkRow](e.w, tx).Where("incident = ? AND seq = ?", row.Incident, row.Seq).Select("actor", "reason").Updates(e.ctx, row)
	return err
}
