package store

import (
	"context"
	"fmt"
	"slices"

	"github.com/evenkeel-dev/evenkeel"
)

// Lineage is [Workspace.Lineage] of then: what was said until then, and by
// which deliveries that had come.
func (p *Past) Lineage(ctx context.Context, factID string) (evenkeel.Lineage, error) {
	var found evenkeel.Lineage
	err := p.look(ctx, fmt.Sprintf("fact %q", factID), func(l looking) error {
		row, err := l.anyRow(factID)
		if err != nil {
			return err
		}
		said, err := l.saidOf(row, instantOf(p.known.At))
		if err != nil {
			return err
		}
		if len(said) == 0 {
			return evenkeel.ErrNotFound
		}
		if row, err = l.shown(row, said); err != nil {
			return err
		}
		entries, err := l.w.entriesOf(ctx, l.tx, []factRow{row}, l.revision)
		if err != nil {
			return err
		}
		found.Entry = entries[0]
		found.Observations, err = l.w.said(ctx, l.tx, said, instantOf(p.known.At))
		return err
	})
	return found, err
}

// anyRow is the row of a fact, whether or not it was shown. The body of a
// changed one is left out.
func (l looking) anyRow(id string) (factRow, error) {
	if !storable(id) {
		return factRow{}, evenkeel.ErrNotFound
	}
	if row, changed := l.rows[id]; changed {
		return row.factRow, nil
	}
	return l.unchanged(of[factRow](l.w, l.tx).Where("id = ?", id)).Take(l.ctx)
}

// shown is a row with its body. What a fact that is not shown would hold may
// change without a revision, so it is folded from what was said.
func (l looking) shown(row factRow, said []observationRow) (factRow, error) {
	if !row.Gone {
		rows := []factRow{row}
		err := l.complete(rows)
		return rows[0], err
	}
	folded, err := fold(said, nil)
	folded.Workspace, folded.ID, folded.Seq = row.Workspace, row.ID, row.Seq
	return folded, err
}

// saidOf reads the observations of a fact until an instant, and those of the
// merge that it had taken in. What was said without changing anything that is
// shown has come under the revision before it, so the instant decides.
func (l looking) saidOf(row factRow, until instant) ([]observationRow, error) {
	ids := []string{row.ID}
	of := merge{row.Repository, row.Link}
	alias := aliasID(of.repository, of.commit)
	if row.Kind == kindChange && row.Number > 0 && row.Link != "" && !row.Gone {
		winners, err := l.w.pastCandidates(l.ctx, l.tx, l.moment, map[string]merge{alias: of})
		if err != nil {
			return nil, err
		}
		if winners[of].ID == row.ID {
			ids = append(ids, alias)
		}
	}
	said, err := l.w.saidUntil(l.ctx, l.tx, l.revision, ids)
	if err != nil {
		return nil, err
	}
	come := func(rows []observationRow) []observationRow {
		return slices.DeleteFunc(rows, func(o observationRow) bool { return o.RecordedAt > until })
	}
	own, taken := come(said[row.ID]), come(said[alias])
	if len(ids) == 1 || len(taken) == 0 {
		return own, nil
	}
	if merged, err := fold(taken, nil); err != nil || merged.Gone {
		return own, err
	}
	return append(own, taken...), nil
}

// IncidentLinks is [Workspace.IncidentLinks] of then.
func (p *Past) IncidentLinks(ctx context.Context, incident string) ([]evenkeel.IncidentLink, error) {
	return p.w.linksOf(ctx, incident, p.known.Revision)
}
