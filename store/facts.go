package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"

	"gorm.io/gorm"

	"github.com/evenkeel-dev/evenkeel"
)

// Facts reads all that figures of one application, given by its id, are
// derived from, as of one revision. Facts are ordered by instant, then id. An
// application that does not exist has no facts.
func (w *Workspace) Facts(ctx context.Context, application string) (evenkeel.ApplicationFacts, error) {
	var facts evenkeel.ApplicationFacts
	err := w.read(ctx, func(tx *gorm.DB) error {
		row, err := w.row(ctx, tx)
		if err != nil {
			return err
		}
		r := &reading{w: w, ctx: ctx, tx: tx, application: application, texts: map[string]string{}}
		if r.catalogue, err = w.resolver(ctx, tx, row); err != nil {
			return err
		}
		r.facts.Revision = row.Revision
		err = r.run()
		facts = r.facts
		return err
	})
	if err != nil {
		return facts, fmt.Errorf("store: facts of %s: %w", application, err)
	}
	return facts, nil
}

// reading gathers the facts of one application in one reading transaction.
type reading struct {
	w           *Workspace
	ctx         context.Context //nolint:containedctx // That of the transaction.
	tx          *gorm.DB
	application string
	catalogue   *resolver
	// then is set where facts are read as they were at a revision.
	then *moment
	// deployments are the rows behind facts.Deployments.
	deployments []factRow
	// deploymentIDs are their ids, sorted.
	deploymentIDs []string
	// texts holds each repeating text once.
	texts map[string]string
	facts evenkeel.ApplicationFacts
}

func (r *reading) run() error {
	for _, step := range []func() error{r.readDeployments, r.readArtifacts, r.readChanges, r.readBuilds, r.readIncidents, r.readGraphs} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// own reads the rows of a kind by membership.
func (r *reading) own(k kind) ([]factRow, error) {
	if r.then != nil {
		return r.aboutThen(k, r.then.members.subjects[r.application])
	}
	return r.collect(r.rows().Where("kind = ? AND subject IN (?)", k, r.w.subjectsOf(r.tx, []string{r.application})))
}

// rows selects visible facts with the columns that collect reads.
func (r *reading) rows() gorm.ChainInterface[factRow] {
	rows := of[factRow](r.w, r.tx).Select("id", "subject", "at", "source", "external_id", "link", "kind", "body").Where("gone = ?", false)
	if r.then != nil {
		rows = rows.Where("seq <= ?", r.then.revision)
	}
	return rows
}

// collect reads rows by hand: an application has up to hundreds of thousands,
// and half of the time would go to finding fields by reflection. Texts that
// repeat are kept once.
func (r *reading) collect(query gorm.ChainInterface[factRow]) (rows []factRow, err error) {
	cursor, err := query.Rows(r.ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, cursor.Close()) }()
	var subject, source, link sql.RawBytes
	for cursor.Next() {
		var row factRow
		var at, k int64
		if err := cursor.Scan(&row.ID, &subject, &at, &source, &row.ExternalID, &link, &k, &row.Body); err != nil {
			return nil, err
		}
		row.At, row.Kind = instant(at), kind(k)
		row.Subject, row.Source, row.Link = r.text(subject), r.text(source), r.text(link)
		rows = append(rows, row)
	}
	return rows, cursor.Err()
}

func (r *reading) text(raw []byte) string {
	if len(raw) == 0 {
		return ""
	}
	if held, ok := r.texts[string(raw)]; ok {
		return held
	}
	held := string(raw)
	r.texts[held] = held
	return held
}

func byInstant(a, b factRow) int { return position{a.At, a.ID}.compare(position{b.At, b.ID}) }

func (r *reading) readDeployments() (err error) {
	if r.deployments, err = r.own(kindDeployment); err != nil {
		return err
	}
	slices.SortFunc(r.deployments, byInstant)
	for _, d := range r.deployments {
		r.deploymentIDs = append(r.deploymentIDs, d.ID)
	}
	slices.Sort(r.deploymentIDs)
	r.facts.Deployments, err = decodeRead[evenkeel.Deployment](r, r.deployments)
	return err
}

// readArtifacts reads what the deployments' artifacts were built from.
func (r *reading) readArtifacts() error {
	var found []factRow
	links := make([]string, 0, len(r.deployments))
	for _, d := range r.facts.Deployments {
		if d.Value.Artifact != "" {
			links = append(links, d.Value.Artifact)
		}
	}
	err := eachChunk(links, func(some []string) error {
		rows, err := r.linked(kindArtifact, r.rows().Where("kind = ? AND link <> '' AND link IN ?", kindArtifact, some), some)
		found = append(found, rows...)
		return err
	})
	if err != nil {
		return err
	}
	slices.SortFunc(found, byInstant)
	r.facts.Artifacts, err = decodeRead[evenkeel.Artifact](r, found)
	return err
}

// repositories are those that deployments name, by themselves or through an
// artifact, sorted.
func (r *reading) repositories() []string {
	named := map[string]bool{}
	for _, d := range r.facts.Deployments {
		named[d.Value.Repository] = true
		for repository := range d.Value.Commits {
			named[repository] = true
		}
	}
	for _, a := range r.facts.Artifacts {
		named[a.Value.Repository] = true
	}
	delete(named, "")
	return slices.Sorted(maps.Keys(named))
}

// readChanges reads the application's changes and those that nobody claims
// in repositories it deploys from.
func (r *reading) readChanges() error {
	rows, err := r.own(kindChange)
	if err != nil {
		return err
	}
	unclaimed, err := r.unclaimedChanges(r.repositories())
	if err != nil {
		return err
	}
	rows = append(rows, unclaimed...)
	slices.SortFunc(rows, byInstant)
	r.facts.Changes, err = decodeRead[evenkeel.Change](r, rows)
	return err
}

// readBuilds reads the builds of the repositories that deployments name.
func (r *reading) readBuilds() error {
	var subjects []string
	for _, repository := range r.repositories() {
		b := evenkeel.Build{Repository: repository}
		subjects = append(subjects, b.Subject().String())
	}
	rows, err := r.about(kindBuild, subjects)
	if err != nil {
		return err
	}
	slices.SortFunc(rows, byInstant)
	r.facts.Builds, err = decodeRead[evenkeel.Build](r, rows)
	return err
}

// about reads the facts of a kind by their subjects.
func (r *reading) about(k kind, subjects []string) (rows []factRow, err error) {
	if r.then != nil {
		return r.aboutThen(k, subjects)
	}
	err = eachChunk(subjects, func(some []string) error {
		found, err := r.collect(r.rows().Where("kind = ? AND subject IN ?", k, some))
		rows = append(rows, found...)
		return err
	})
	return rows, err
}

// unclaimedChanges reads the changes of repositories that nobody claims.
func (r *reading) unclaimedChanges(repositories []string) (rows []factRow, err error) {
	if r.then != nil {
		return r.unclaimedThen(repositories)
	}
	var subjects []string
	for _, repository := range repositories {
		subjects = append(subjects, evenkeel.Subject{Repository: repository}.String())
	}
	err = eachChunk(subjects, func(some []string) error {
		unclaimed, err := r.collect(r.rows().Where("kind = ? AND subject IN (?)", kindChange, r.w.unmatched(r.tx).Where("subject IN ?", some)))
		rows = append(rows, unclaimed...)
		return err
	})
	if err != nil {
		return nil, err
	}
	// Changes that name unknown applications are few, so they are found by
	// their subjects and not by an index on repositories.
	err = eachChunk(repositories, func(some []string) error {
		unclaimed, err := r.collect(r.rows().Where("kind = ? AND repository IN ? AND subject IN (?)", kindChange, some, r.w.unmatched(r.tx).Where("named = ?", true)))
		rows = append(rows, unclaimed...)
		return err
	})
	return rows, err
}

// readGraphs reads the commits and the claims on paths of the repositories.
func (r *reading) readGraphs() (err error) {
	repositories := r.repositories()
	if r.facts.Graphs, err = r.w.graphs(r.ctx, r.tx, repositories, r.then); err != nil {
		return err
	}
	if r.facts.Packs, err = r.w.packs(r.ctx, r.tx, repositories); err != nil {
		return err
	}
	for _, c := range r.facts.Changes {
		repositories = append(repositories, c.Value.Repository)
	}
	slices.Sort(repositories)
	r.facts.PathClaims = map[string][]evenkeel.PathClaim{}
	for _, repository := range slices.Compact(repositories) {
		if claims := r.catalogue.pathClaims(repository); len(claims) > 0 {
			r.facts.PathClaims[repository] = claims
		}
	}
	return nil
}
