package jobs

import (
	"context"
	"maps"
	"slices"

	"github.com/evenkeel-dev/evenkeel"
)

// touched says of which applications results may be out of date.
type touched struct {
	// steady says that rules and catalogue are those of the held results: only
	// what revisions name can differ.
	steady bool
	// few says that so few were touched that they may be touched again.
	few bool
	// revisions are the last that touched each application.
	revisions map[string]int64
	// stored are the states of stored results; not read where held results do.
	stored map[string]evenkeel.DerivedState
}

// alone says that nothing can have changed the results of an application.
func (t touched) alone(application string) bool {
	_, named := t.revisions[application]
	return t.steady && !named
}

// touched finds what changed since the held results, or, where there are none
// or others apply, since the oldest stored ones.
func (e *entry) touched(ctx context.Context, w Workspace, next *Results, version int64) (t touched, err error) {
	t.steady = e.results != nil && e.catalogue == version && e.results.Policy.Version == next.Policy.Version
	after := int64(0)
	if t.steady {
		after = e.results.Revision
	} else {
		if t.stored, err = w.DerivedStates(ctx); err != nil {
			return t, err
		}
		after = oldest(t.stored, next.Catalogue)
	}
	if t.revisions, err = w.Touched(ctx, after); err != nil {
		return t, err
	}
	t.few = e.results != nil && len(t.revisions) <= mostTouched
	return t, nil
}

// mostRevisions is after how many revisions the activity of every application
// is read again.
const mostRevisions = 500

// activity counts what is known of each application: anew for those that
// revisions name, if all that they tell of is counted with applications.
func (e *entry) activity(ctx context.Context, w Workspace, t touched) (map[string]evenkeel.Activity, error) {
	if !t.steady {
		return w.Activity(ctx)
	}
	revisions, err := w.Revisions(ctx, e.results.Revision, mostRevisions)
	if err != nil {
		return nil, err
	}
	if len(revisions) == mostRevisions || slices.ContainsFunc(revisions, unplaced) {
		return w.Activity(ctx)
	}
	ids := slices.Sorted(maps.Keys(t.revisions))
	counted, err := w.ActivityOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	all := maps.Clone(e.results.Activity)
	for _, id := range ids {
		delete(all, id)
	}
	maps.Copy(all, counted)
	return all, nil
}

// unplaced says that a revision may tell of facts whose applications it does
// not name, because no figure follows from them.
func unplaced(r evenkeel.Revision) bool {
	for _, k := range r.Kinds {
		switch k {
		case evenkeel.KindDeployment, evenkeel.KindChange, evenkeel.KindCommit, evenkeel.KindArtifact, evenkeel.KindIncident:
		default:
			return true
		}
	}
	return false
}
