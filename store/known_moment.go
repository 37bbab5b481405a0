package store

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"gorm.io/gorm"

	"github.com/evenkeel-dev/evenkeel"
)

// A fact whose row says a revision up to the one asked for is exactly as it
// was then. Only facts that a later revision changed have to be folded anew,
// from the observations that were known: those are the past of a moment.

// moment is what facts were at a revision, where that is no longer what their
// rows say. It is not changed once it is made.
type moment struct {
	revision int64
	// upTo is the revision of the rows that it stands beside.
	upTo int64
	// own are the folds of what was known of each fact by itself, rows what
	// readers saw: where a change took in a merge, the fold of both. Bodies are
	// left out and read when they are asked for.
	own  map[string]factRow
	rows map[string]pastRow
	// bySubject and byLink list the ids of visible rows by kind and text.
	bySubject, byLink map[kindText][]string
	// byName lists the ids of visible deployments by external id.
	byName map[string][]string
	// newest are the places of visible rows in lists, newest first.
	newest []position
	// latest is an instant that no fact of the moment is later than.
	latest  instant
	members members
}

// pastRow is a row as it was.
type pastRow struct {
	factRow
	// parts are the facts of whose observations it is the fold.
	parts []string
}

type kindText struct {
	kind kind
	text string
}

// at brings a moment up to date with the rows that a transaction sees.
func (w *Workspace) at(ctx context.Context, tx *gorm.DB, revision int64) (*moment, error) {
	row, err := w.row(ctx, tx)
	if err != nil {
		return nil, err
	}
	key := momentKey{string(row.Secret), revision}
	defer w.moments.lock(key)()
	held := w.moments.get(key)
	if held != nil && held.upTo == row.Revision {
		return held, nil
	}
	m := &moment{revision: revision, upTo: row.Revision, own: map[string]factRow{}}
	after := revision
	if held != nil && held.upTo < row.Revision {
		m.own, m.members, m.latest, after = maps.Clone(held.own), held.members, held.latest, held.upTo
	} else {
		if m.members, err = w.membersAt(ctx, tx, revision); err != nil {
			return nil, err
		}
		if m.latest, err = w.latestUntil(ctx, tx, revision); err != nil {
			return nil, err
		}
	}
	if err := w.foldSince(ctx, tx, m, after); err != nil {
		return nil, err
	}
	if err := w.joinPast(ctx, tx, m); err != nil {
		return nil, err
	}
	m.index()
	w.moments.put(key, m)
	return m, nil
}

// latestUntil is the instant of the latest visible fact that no later revision
// has changed; lists begin there, not at what came since.
func (w *Workspace) latestUntil(ctx context.Context, tx *gorm.DB, revision int64) (instant, error) {
	rows, err := of[factRow](w, tx).Select("at").Where("gone = false AND seq <= ?", revision).Order("at DESC").Limit(1).Find(ctx)
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	return rows[0].At, nil
}

// foldSince folds what was known at the moment's revision of the facts that
// revisions after another one changed.
func (w *Workspace) foldSince(ctx context.Context, tx *gorm.DB, m *moment, after int64) error {
	// The literals are those of partial indexes.
	for _, changed := range []string{"f.gone = false", "f.gone = true"} {
		query := `SELECT o.fact, o.digest, o.kind, o.source, o.external_id, o.observed_at, o.deleted, o.final, o.fields, o.seq
			FROM facts f JOIN observations o ON o.workspace = f.workspace AND o.fact = f.id
			WHERE f.workspace = ? AND ` + changed + ` AND f.seq > ? AND o.seq <= ? ORDER BY o.fact`
		err := eachFact(tx.WithContext(ctx).Raw(query, w.slug, after, m.revision), func(said []observationRow) error {
			if _, known := m.own[said[0].Fact]; known {
				return nil
			}
			row, err := w.foldLight(said)
			m.own[row.ID] = row
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// eachFact reads observations that are ordered by fact, those of one fact at
// a time.
func eachFact(query *gorm.DB, work func(said []observationRow) error) error {
	rows, err := query.Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	var said []observationRow
	for rows.Next() {
		var o observationRow
		if err := rows.Scan(&o.Fact, &o.Digest, &o.Kind, &o.Source, &o.ExternalID, &o.ObservedAt, &o.Deleted, &o.Final, &o.Fields, &o.Seq); err != nil {
			return err
		}
		if len(said) > 0 && said[0].Fact != o.Fact {
			if err := work(said); err != nil {
				return err
			}
			said = said[:0]
		}
		said = append(said, o)
	}
	if len(said) > 0 {
		if err := work(said); err != nil {
			return err
		}
	}
	return rows.Err()
}

// foldLight is the row of a fact without its body, under the last revision
// that said something of it.
func (w *Workspace) foldLight(said []observationRow) (factRow, error) {
	row, err := fold(said, nil)
	if err != nil {
		return row, fmt.Errorf("fact %s: %w", said[0].Fact, err)
	}
	row.Workspace, row.ID, row.Body = w.slug, said[0].Fact, nil
	for _, o := range said {
		row.Seq = max(row.Seq, o.Seq)
	}
	return row, nil
}

// saidUntil reads what was known of facts at a revision, by fact.
func (w *Workspace) saidUntil(ctx context.Context, tx *gorm.DB, revision int64, ids []string) (map[string][]observationRow, error) {
	said := map[string][]observationRow{}
	err := eachChunk(ids, func(some []string) error {
		rows, err := of[observationRow](w, tx).Where("fact IN ? AND seq <= ?", some, revision).Find(ctx)
		for _, o := range rows {
			said[o.Fact] = append(said[o.Fact], o)
		}
		return err
	})
	return said, err
}

// joinPast decides which changes had taken in which merges, by the rules of
// joinChanges.
func (w *Workspace) joinPast(ctx context.Context, tx *gorm.DB, m *moment) error {
	m.rows = make(map[string]pastRow, len(m.own))
	merges := map[string]merge{}
	for id, row := range m.own {
		m.rows[id] = pastRow{row, []string{id}}
		if row.Kind == kindChange && row.Link != "" {
			merges[aliasID(row.Repository, row.Link)] = merge{row.Repository, row.Link}
		}
	}
	aliases, err := w.pastAliases(ctx, tx, m, merges)
	if err != nil {
		return err
	}
	winners, err := w.pastCandidates(ctx, tx, m, merges)
	if err != nil {
		return err
	}
	joined := map[string]string{}
	for alias, of := range merges {
		row, winner := aliases[alias], winners[of]
		unfit := row.ID == "" || row.Number > 0 || row.Link != of.commit || row.Repository != of.repository || row.Gone
		if winner.ID == "" || unfit {
			continue
		}
		if held, changed := m.rows[alias]; changed {
			held.Gone = true
			m.rows[alias] = held
		}
		if _, changed := m.own[winner.ID]; changed {
			joined[winner.ID] = alias
		}
	}
	return w.takeIn(ctx, tx, m, joined)
}

// pastAliases are the folds of the changes that were known by their merge
// commits only.
func (w *Workspace) pastAliases(ctx context.Context, tx *gorm.DB, m *moment, merges map[string]merge) (map[string]factRow, error) {
	aliases := map[string]factRow{}
	var missing []string
	for id := range merges {
		if row, changed := m.own[id]; changed {
			aliases[id] = row
		} else {
			missing = append(missing, id)
		}
	}
	said, err := w.saidUntil(ctx, tx, m.revision, missing)
	if err != nil {
		return nil, err
	}
	for id, observations := range said {
		if aliases[id], err = w.foldLight(observations); err != nil {
			return nil, err
		}
	}
	return aliases, nil
}

// pastCandidates finds, per merge, the live change with the smallest number
// that named it.
func (w *Workspace) pastCandidates(ctx context.Context, tx *gorm.DB, m *moment, merges map[string]merge) (map[merge]factRow, error) {
	found := map[merge]factRow{}
	consider := func(row factRow) {
		if row.Kind != kindChange || row.Number == 0 || row.Gone || row.Link == "" {
			return
		}
		of := merge{row.Repository, row.Link}
		if held := found[of]; held.ID == "" || row.Number < held.Number {
			found[of] = row
		}
	}
	for _, row := range m.own {
		consider(row)
	}
	commits := make([]string, 0, len(merges))
	for _, of := range merges {
		commits = append(commits, of.commit)
	}
	err := eachChunk(commits, func(some []string) error {
		rows, err := of[factRow](w, tx).Select("id", "kind", "repository", "link", "number", "gone").
			Where("kind = ? AND link <> '' AND link IN ? AND number > 0 AND gone = ? AND seq <= ?", kindChange, some, false, m.revision).Find(ctx)
		for _, row := range rows {
			consider(row)
		}
		return err
	})
	return found, err
}

// takeIn makes the rows of changes that had taken in a merge.
func (w *Workspace) takeIn(ctx context.Context, tx *gorm.DB, m *moment, joined map[string]string) error {
	ids := slices.AppendSeq(slices.Collect(maps.Keys(joined)), maps.Values(joined))
	said, err := w.saidUntil(ctx, tx, m.revision, ids)
	if err != nil {
		return err
	}
	for id, alias := range joined {
		row, err := w.foldLight(slices.Concat(said[id], said[alias]))
		if err != nil {
			return err
		}
		own := m.own[id]
		row.ID, row.Source, row.ExternalID = id, own.Source, own.ExternalID
		m.rows[id] = pastRow{row, []string{id, alias}}
	}
	return nil
}

// index lists the visible rows.
func (m *moment) index() {
	m.bySubject, m.byLink, m.byName = map[kindText][]string{}, map[kindText][]string{}, map[string][]string{}
	for id, row := range m.rows {
		if row.Gone {
			continue
		}
		m.newest = append(m.newest, position{row.At, id})
		m.latest = max(m.latest, row.At)
		subject := kindText{row.Kind, row.Subject}
		m.bySubject[subject] = append(m.bySubject[subject], id)
		if row.Kind == kindDeployment {
			m.byName[row.ExternalID] = append(m.byName[row.ExternalID], id)
		}
		if row.Link != "" {
			link := kindText{row.Kind, row.Link}
			m.byLink[link] = append(m.byLink[link], id)
		}
	}
	slices.SortFunc(m.newest, func(a, b position) int { return b.compare(a) })
}

// fill reads the rows of visible facts with their bodies; ids may repeat, and
// those that are not of the moment are passed over.
func (m *moment) fill(ctx context.Context, w *Workspace, tx *gorm.DB, ids []string) ([]factRow, error) {
	ids = slices.DeleteFunc(distinct(ids), func(id string) bool { row, known := m.rows[id]; return !known || row.Gone })
	var parts []string
	for _, id := range ids {
		parts = append(parts, m.rows[id].parts...)
	}
	said, err := w.saidUntil(ctx, tx, m.revision, parts)
	if err != nil {
		return nil, err
	}
	rows := make([]factRow, len(ids))
	for i, id := range ids {
		held := m.rows[id]
		var all []evenkeel.Observation
		for _, part := range held.parts {
			for _, o := range said[part] {
				all = append(all, o.observation())
			}
		}
		rows[i] = held.factRow
		if rows[i].Body, _, err = evenkeel.Fold(all); err != nil {
			return nil, fmt.Errorf("fact %s: %w", id, err)
		}
	}
	return rows, nil
}
