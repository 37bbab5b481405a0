package store

import (
	"maps"
	"slices"
)

// A change is known by its number, or, where only git knows it, by its merge
// commit. The second is then the alias of the first: once a live numbered
// change names the merge commit, it takes the alias's observations in and the
// alias is hidden. Of several numbers with one merge commit the smallest takes
// it. All this follows from the folds of the changes' own observations, so
// arrival order cannot matter.

// merge names a merge commit of a repository.
type merge struct{ repository, commit string }

// joinChanges finds which numbered changes take in which aliases among the
// facts of the transaction, and reads in what else is concerned.
func (r *recording) joinChanges() error {
	touched := r.touchedMerges()
	if err := r.fetchFacts(slices.Collect(maps.Keys(touched))); err != nil {
		return err
	}
	maps.DeleteFunc(touched, func(alias string, _ merge) bool { return r.facts[alias] == nil })
	if err := r.fetchCandidates(touched); err != nil {
		return err
	}
	winners := r.candidates()
	for alias, m := range touched {
		if err := r.facts[alias].joinInto(winners[m], m); err != nil {
			return err
		}
	}
	return nil
}

// touchedMerges lists the merges, by alias id, that changes of the
// transaction name or have named.
func (r *recording) touchedMerges() map[string]merge {
	touched := map[string]merge{}
	add := func(row *factRow) {
		if row.Kind == kindChange && row.Link != "" {
			touched[aliasID(row.Repository, row.Link)] = merge{row.Repository, row.Link}
		}
	}
	for _, f := range r.facts {
		add(&f.own)
		if f.before != nil {
			add(f.before)
		}
	}
	return touched
}

// fetchCandidates reads in the numbered changes that name the merges, and no
// others: what is read in is also decided anew.
func (r *recording) fetchCandidates(merges map[string]merge) error {
	var commits, ids []string
	for _, m := range merges {
		commits = append(commits, m.commit)
	}
	err := eachChunk(commits, func(some []string) error {
		rows, err := of[factRow](r.w, r.tx).Select("id", "repository", "link").
			Where("kind = ? AND link <> '' AND number > 0", kindChange).Where(among{"link", some}).Find(r.ctx)
		for _, row := range rows {
			if _, ok := merges[aliasID(row.Repository, row.Link)]; ok {
				ids = append(ids, row.ID)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	return r.fetchFacts(ids)
}

// candidates finds, per merge, the live change with the smallest number.
func (r *recording) candidates() map[merge]*folding {
	found := map[merge]*folding{}
	for _, f := range r.facts {
		if f.own.Kind != kindChange || f.own.Number == 0 || f.own.Gone || f.own.Link == "" {
			continue
		}
		m := merge{f.own.Repository, f.own.Link}
		if held := found[m]; held == nil || f.own.Number < held.own.Number {
			found[m] = f
		}
	}
	return found
}

// joinInto lets a numbered change take the alias in; winner is nil where no
// live change names the merge.
func (f *folding) joinInto(winner *folding, m merge) error {
	unfit := f.own.Number > 0 || f.own.Link != m.commit || f.own.Repository != m.repository || f.own.Gone
	if winner == nil || unfit {
		return nil
	}
	joined, err := fold(slices.Concat(winner.observations(), f.observations()), nil)
	if err != nil {
		return err
	}
	joined.Workspace, joined.ID = winner.own.Workspace, winner.id
	joined.Source, joined.ExternalID = winner.own.Source, winner.own.ExternalID
	winner.after, f.after = joined, f.own.hidden()
	return nil
}
