package store

import (
	"slices"

	"github.com/evenkeel-dev/evenkeel"
)

// folding is one fact while a transaction changes it.
type folding struct {
	id string
	// stored and fresh are its observations: those of earlier transactions
	// and those of this one.
	stored, fresh []observationRow
	// payload is that of the only observation; nil where there are several.
	payload evenkeel.Payload
	// before is the row as it was; nil when there was none.
	before *factRow
	// own is the fold of the fact's own observations, after is what is stored
	// in the end: for a change that takes in a merge, the fold of both.
	own, after factRow
}

func (f *folding) observations() []observationRow { return slices.Concat(f.stored, f.fresh) }

// single is the payload if the fact has one observation and it was just made.
func (f *folding) single() evenkeel.Payload {
	if len(f.stored) == 0 && len(f.fresh) == 1 {
		return f.payload
	}
	return nil
}

// foldOwn computes own from the fact's observations.
func (f *folding) foldOwn(workspace string) error {
	row, err := fold(f.observations(), f.single())
	if err != nil {
		return err
	}
	row.Workspace, row.ID = workspace, f.id
	f.own, f.after = row, row
	return nil
}

// changed says whether the stored row has to be written.
func (f *folding) changed() bool { return f.before == nil || !f.before.same(f.after) }

// seen says whether a reader can see the change.
func (f *folding) seen() bool {
	was := f.before != nil && !f.before.Gone
	return (was || !f.after.Gone) && f.changed()
}

// fold makes a fact's row of its observations. payload spares decoding where
// it is known to be what the only observation says.
func fold(rows []observationRow, payload evenkeel.Payload) (factRow, error) {
	first, observed := rows[0], rows[0].ObservedAt
	observations := make([]evenkeel.Observation, len(rows))
	for i, r := range rows {
		observations[i] = r.observation()
		if r.first(first) < 0 {
			first = r
		}
		observed = min(observed, r.ObservedAt)
	}
	body, deleted, err := evenkeel.Fold(observations)
	if err != nil {
		return factRow{}, err
	}
	if payload == nil {
		if payload, err = evenkeel.Decode(first.Kind.name(), body); err != nil {
			return factRow{}, err
		}
	}
	row := factRow{Source: first.Source, ExternalID: first.ExternalID, Gone: deleted, Body: body}
	row.describe(payload, observed)
	return row, nil
}

// hidden is the row of a fact that another one has taken in.
func (r factRow) hidden() factRow {
	r.Gone = true
	return r
}
