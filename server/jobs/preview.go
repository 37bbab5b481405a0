package jobs

import (
	"context"
	"fmt"
	"maps"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
)

// Preview derives in memory what a policy would make of a workspace, beside
// what the one in force makes of it. Only applications of which it changes
// the rules are derived. One preview of a workspace runs at a time; another
// is ErrConflict. Nothing is stored.
func (d *Deriver) Preview(ctx context.Context, slug string, policy evenkeel.Policy) (before, after *Results, err error) {
	if _, running := d.previews.LoadOrStore(slug, true); running {
		return nil, nil, fmt.Errorf("%w: a preview of this workspace is running; try again when it has ended", evenkeel.ErrConflict)
	}
	defer d.previews.Delete(slug)
	before, err = d.Results(ctx, slug)
	if err != nil {
		return nil, nil, err
	}
	w := d.workspace(slug)
	next := *before
	next.Policy, next.Derived = policy, maps.Clone(before.Derived)
	if next.Eras, err = eras(ctx, w, policy); err != nil {
		return nil, nil, err
	}
	for _, a := range before.Catalogue.Applications {
		by := rulesOf(next.Eras, a.Slug)
		if by.digest() == rulesOf(before.Eras, a.Slug).digest() {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		if next.Derived[a.ID], err = tried(ctx, w, a.ID, by); err != nil {
			return nil, nil, fmt.Errorf("preview of application %s: %w", a.Slug, err)
		}
	}
	return before, &next, nil
}

func tried(ctx context.Context, w Workspace, id string, by rules) (metrics.Derived, error) {
	facts, err := w.Facts(ctx, id)
	if err != nil {
		return metrics.Derived{}, err
	}
	return metrics.DeriveBy(inputOf(id, facts), by), nil
}
