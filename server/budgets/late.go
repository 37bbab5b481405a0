package budgets

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// Late lists the hours of a window of a level of a book of which it became known
// late what incidents there were: later than so long after their end. Objectives
// that are measured by the same incidents are told once.
func (b *Budgets) Late(ctx context.Context, slug string, book *Book, l *Level, window evenkeel.Window, after time.Duration) (list []slo.LateHour, err error) {
	told := map[string]bool{}
	for _, one := range l.Budgets {
		if !one.ByIncidents() || one.outages.application == "" {
			continue
		}
		by := strings.Join(one.Objective.In(one.definition).Incidents.Severities, "\x1f")
		if told[by] {
			continue
		}
		told[by] = true
		h, err := b.histories(ctx, slug, book, one)
		if err != nil {
			return nil, fmt.Errorf("late incidents of %q: %w", l.ID, err)
		}
		list = append(list, slo.LateHours(h.definition, one.Objective, window, after, h.instants(), h.minutes)...)
	}
	return list, nil
}

// histories are what was known of the incidents that a budget is measured by.
type histories struct {
	*outages
	definition slo.Definition
	objective  slo.Objective
	// of are those of the application, deleted ones too, and others are those of other
	// applications, by when they were first told of.
	of     []history
	others []other
}

// history is what was known of an incident, and other is one of which it counts
// only that its source has told of it.
type (
	history struct {
		source   string
		versions []evenkeel.StoodVersion
	}
	other struct {
		began
		told time.Time
	}
)

// histories reads them. They are counted in minutes, whatever the method counts.
func (b *Budgets) histories(ctx context.Context, slug string, book *Book, one *Budget) (*histories, error) {
	h := &histories{outages: one.outages, definition: one.definition, objective: one.Objective}
	h.definition.Method = slo.Occurrences
	all, err := b.workspace(slug).IncidentsTold(ctx, evenkeel.Known{Revision: book.Revision, At: book.At}, h.application)
	told := map[string]time.Time{}
	for _, incident := range all {
		if incident.Said == nil {
			told[incident.ID] = incident.FirstAt
			continue
		}
		versions, err := incident.Versions()
		if err != nil {
			return nil, err
		}
		h.of = append(h.of, history{sourceOf(incident.Source), versions})
	}
	for _, one := range h.sources.begun {
		if at, has := told[one.id]; has {
			h.others = append(h.others, other{one, at})
		}
	}
	slices.SortFunc(h.others, func(a, b other) int { return a.told.Compare(b.told) })
	return h, err
}

// instants are those at which something was told: of an incident, or all that a
// vendor had to tell of some time.
func (h *histories) instants() (list []time.Time) {
	for _, one := range h.of {
		for _, v := range one.versions {
			list = append(list, v.Known)
		}
	}
	for _, spans := range h.sources.spans {
		for _, one := range spans {
			for _, c := range one.Contacts {
				list = append(list, c.Begun)
			}
		}
	}
	firsts := map[string]time.Time{}
	for _, one := range h.others { // An earlier one than before moves the beginning.
		if first, has := firsts[one.source]; !has || one.at.Before(first) {
			list, firsts[one.source] = append(list, one.told), one.at
		}
	}
	return slices.DeleteFunc(list, func(at time.Time) bool { return at.IsZero() || at.After(h.sources.at) })
}

// minutes are those of incidents as they were known at an instant.
func (h *histories) minutes(at time.Time) *slo.IncidentMinutes {
	firsts := map[string]time.Time{}
	begin := func(source string, from time.Time) {
		if first, has := firsts[source]; !has || from.Before(first) {
			firsts[source] = from
		}
	}
	for _, one := range h.others {
		if !one.told.After(at) {
			begin(one.source, one.at)
		}
	}
	var list []slo.Outage
	for _, one := range h.of {
		v := one.at(at)
		if len(v.Stood) == 0 {
			continue
		}
		if begin(one.source, v.Stood[0].From); h.sources.counts(h.definition, h.objective, &v.Value) {
			list = append(list, slo.Outage{Stood: v.Stood})
		}
	}
	return slo.MinutesOf(h.definition, h.objective, list, within(h.sources.toldIn(firsts, at), h.from, at)...)
}

// at is what was known at an instant; nothing before the first word.
func (h history) at(at time.Time) (v evenkeel.StoodVersion) {
	for _, one := range h.versions {
		if one.Known.After(at) {
			break
		}
		v = one
	}
	return v
}
