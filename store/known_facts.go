package store

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"github.com/evenkeel-dev/evenkeel"
)

// FactsAt reads what Facts read when a revision was the last: facts,
// memberships and commits as they were. An application that was not in the
// catalogue then has no facts.
func (w *Workspace) FactsAt(ctx context.Context, application string, revision int64) (evenkeel.ApplicationFacts, error) {
	var facts evenkeel.ApplicationFacts
	err := w.read(ctx, func(tx *gorm.DB) error {
		then, err := w.at(ctx, tx, revision)
		if err != nil {
			return err
		}
		r := &reading{w: w, ctx: ctx, tx: tx, application: application, texts: map[string]string{}, then: then, catalogue: then.members.catalogue}
		r.facts.Revision = revision
		err = r.run()
		facts = r.facts
		return err
	})
	if err != nil {
		return facts, fmt.Errorf("store: facts of %s at revision %d: %w", application, revision, err)
	}
	return facts, nil
}

// aboutThen reads the facts of a kind about some subjects.
func (r *reading) aboutThen(k kind, subjects []string) ([]factRow, error) {
	var rows []factRow
	err := eachChunk(subjects, func(some []string) error {
		found, err := r.collect(r.rows().Where("kind = ? AND subject IN ?", k, some))
		rows = append(rows, found...)
		return err
	})
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, subject := range distinct(subjects) {
		ids = append(ids, r.then.bySubject[kindText{k, subject}]...)
	}
	return r.withPast(rows, ids)
}

// linked reads the facts of a kind that a query for links finds.
func (r *reading) linked(k kind, query gorm.ChainInterface[factRow], links []string) ([]factRow, error) {
	rows, err := r.collect(query)
	if err != nil || r.then == nil {
		return rows, err
	}
	var ids []string
	for _, link := range links {
		ids = append(ids, r.then.byLink[kindText{k, link}]...)
	}
	return r.withPast(rows, ids)
}

// withPast adds facts that have changed since.
func (r *reading) withPast(rows []factRow, ids []string) ([]factRow, error) {
	past, err := r.then.fill(r.ctx, r.w, r.tx, ids)
	return append(rows, past...), err
}

// unclaimedThen reads the changes of repositories that nobody claimed.
func (r *reading) unclaimedThen(repositories []string) ([]factRow, error) {
	wanted := map[string]bool{}
	var subjects []string
	for _, repository := range repositories {
		wanted[repository] = true
		if subject := (evenkeel.Subject{Repository: repository}).String(); r.then.members.unclaimed[subject] {
			subjects = append(subjects, subject)
		}
	}
	rows, err := r.aboutThen(kindChange, subjects)
	if err != nil {
		return nil, err
	}
	named, err := r.aboutThen(kindChange, r.then.members.ghosts)
	if err != nil {
		return nil, err
	}
	for _, row := range named {
		var c evenkeel.Change
		if err := decode(row.Body, &c); err != nil {
			return nil, err
		}
		if wanted[c.Repository] {
			rows = append(rows, row)
		}
	}
	return rows, nil
}

// decodeRead reads rows into facts, marking those of several applications.
func decodeRead[T any](r *reading, rows []factRow) ([]evenkeel.Fact[T], error) {
	if r.then == nil {
		return decodeFacts[T](r.ctx, r.w, r.tx, rows)
	}
	return decodePast[T](r.then, rows)
}

// unchanged narrows to rows that are as they were at the moment; a nil moment
// is now.
func (m *moment) unchanged(rows gorm.ChainInterface[factRow]) gorm.ChainInterface[factRow] {
	if m == nil {
		return rows
	}
	return rows.Where("seq <= ?", m.revision)
}

// nameDeployments adds the deployments that texts stood for at the moment and
// that have changed since. askedBy lists texts by the ids they may stand for.
func (m *moment) nameDeployments(texts []string, askedBy map[string][]string, named map[string][]factRow) {
	if m == nil {
		return
	}
	for _, text := range texts {
		for _, id := range m.byName[text] {
			named[text] = append(named[text], m.rows[id].factRow)
		}
	}
	for id, some := range askedBy {
		row, known := m.rows[id]
		if !known || row.Kind != kindDeployment || row.Gone {
			continue
		}
		for _, text := range some {
			named[text] = append(named[text], row.factRow)
		}
	}
}

// ActivityAt says what Activity said when a revision was the last.
func (w *Workspace) ActivityAt(ctx context.Context, revision int64) (map[string]evenkeel.Activity, error) {
	found := map[string]evenkeel.Activity{}
	err := w.read(ctx, func(tx *gorm.DB) error {
		then, err := w.at(ctx, tx, revision)
		if err != nil {
			return err
		}
		count := func(row tallyRow) {
			for _, application := range then.members.owners[row.Subject] {
				found[application] = row.addTo(found[application])
			}
		}
		for _, row := range then.rows {
			if !row.Gone {
				k := row.tally()
				count(tallyRow{Subject: k.subject, Kind: k.kind, Environment: k.environment, Repository: k.repository, Succeeded: k.succeeded, N: 1, FirstAt: row.At, LastAt: row.At})
			}
		}
		return w.tallyUntil(tx.WithContext(ctx), revision, count)
	})
	for id, a := range found {
		slices.Sort(a.Repositories)
		a.Repositories = slices.Compact(a.Repositories)
		found[id] = a
	}
	if err != nil {
		return nil, fmt.Errorf("store: activity at revision %d: %w", revision, err)
	}
	return found, nil
}

// tallyUntil counts the visible facts that no later revision has changed.
func (w *Workspace) tallyUntil(tx *gorm.DB, revision int64, count func(tallyRow)) error {
	rows, err := tx.Raw(`SELECT subject, kind, environment, repository, status = ? AND kind = ? AS succeeded, count(*), min(at), max(at)
		FROM facts WHERE workspace = ? AND gone = false AND seq <= ?
		GROUP BY subject, kind, environment, repository, succeeded`, string(evenkeel.StatusSuccess), kindDeployment, w.slug, revision).Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var t tallyRow
		if err := rows.Scan(&t.Subject, &t.Kind, &t.Environment, &t.Repository, &t.Succeeded, &t.N, &t.FirstAt, &t.LastAt); err != nil {
			return err
		}
		count(t)
	}
	return rows.Err()
}
