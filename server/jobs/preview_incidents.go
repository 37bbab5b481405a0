package jobs

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
)

// OtherIncidents are incidents that take the place of those of a source.
type OtherIncidents struct {
	// Source and Prefix name what is replaced: the incidents of the source of
	// which the id begins so.
	Source, Prefix string
	// Replaced are the subjects of what is replaced.
	Replaced []evenkeel.Subject
	// Events are what takes the place.
	Events []evenkeel.Event
}

// PreviewIncidents derives in memory what a workspace would be with other
// incidents, beside what it is. Only applications that either concern are
// derived. One preview of a workspace runs at a time; another is ErrConflict.
// Nothing is stored.
func (d *Deriver) PreviewIncidents(ctx context.Context, slug string, other OtherIncidents) (before, after *Results, err error) {
	if _, running := d.previews.LoadOrStore(slug, true); running {
		return nil, nil, fmt.Errorf("%w: a preview of this workspace is running; try again when it has ended", evenkeel.ErrConflict)
	}
	defer d.previews.Delete(slug)
	if before, err = d.Results(ctx, slug); err != nil {
		return nil, nil, err
	}
	next := *before
	next.Derived = maps.Clone(before.Derived)
	for id, facts := range other.byApplication(before.Catalogue) {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		held, err := d.workspace(slug).Facts(ctx, id)
		if err != nil {
			return nil, nil, fmt.Errorf("preview of application %s: %w", before.slug(id), err)
		}
		held.Incidents = other.replace(held.Incidents, facts)
		next.Derived[id] = metrics.DeriveBy(inputOf(id, held), rulesOf(before.Eras, before.slug(id)))
	}
	return before, &next, nil
}

// byApplication lays the incidents to the applications they belong to; one
// that only loses some has none.
func (o OtherIncidents) byApplication(c evenkeel.Catalogue) map[string][]evenkeel.Fact[evenkeel.Incident] {
	found := map[string][]evenkeel.Fact[evenkeel.Incident]{}
	for _, subject := range o.Replaced {
		for _, id := range matched(c, subject) {
			found[id] = nil
		}
	}
	for _, e := range o.Events {
		value, ok := e.Payload.(*evenkeel.Incident)
		if !ok {
			continue
		}
		ids := matched(c, value.Subject())
		fact := evenkeel.Fact[evenkeel.Incident]{
			ID: evenkeel.FactID(e.Kind, value.Key(e.Source, e.ID)), Source: e.Source, ExternalID: e.ID, Shared: len(ids) > 1, Value: *value,
		}
		for _, id := range ids {
			found[id] = append(found[id], fact)
		}
	}
	return found
}

// matched are the ids of the applications that a subject belongs to, each once.
func matched(c evenkeel.Catalogue, s evenkeel.Subject) []string {
	var ids []string
	for _, m := range c.Resolve(s) {
		ids = append(ids, m.Application)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// replace leaves out what is replaced and adds facts, by instant and id.
func (o OtherIncidents) replace(held, facts []evenkeel.Fact[evenkeel.Incident]) []evenkeel.Fact[evenkeel.Incident] {
	all := slices.Clone(facts)
	for _, f := range held {
		if f.Source != o.Source || !strings.HasPrefix(f.ExternalID, o.Prefix) {
			all = append(all, f)
		}
	}
	slices.SortStableFunc(all, func(a, b evenkeel.Fact[evenkeel.Incident]) int {
		startA, _ := metrics.IncidentTimes(a.Value)
		startB, _ := metrics.IncidentTimes(b.Value)
		return cmp.Or(startA.Compare(startB), strings.Compare(a.ID, b.ID))
	})
	return all
}
