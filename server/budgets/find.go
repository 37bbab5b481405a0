package budgets

import (
	"cmp"
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/measure"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// named is a series with its name taken apart.
type named struct {
	evenkeel.SeriesInfo
	slo.SeriesName
}

// finder finds the series of service levels.
type finder struct {
	// byName are series by application and name without labels.
	byName map[[2]string][]named
	// reports are the incidents; nil where nothing is measured by them.
	reports *reports
}

func newFinder(list []evenkeel.SeriesInfo) finder {
	f := finder{byName: map[[2]string][]named{}}
	for _, s := range list {
		name := slo.SeriesNamed(s.Name)
		key := [2]string{s.Application, name.Name}
		f.byName[key] = append(f.byName[key], named{s, name})
	}
	return f
}

// budgets are those of a level's objectives, in the order of objectives,
// environments and labels.
func (f finder) budgets(l *Level) (list []*Budget) {
	for i, o := range l.Definition.Objectives {
		if o.In(l.Definition).Incidents != nil {
			list = append(list, &Budget{Objective: o, definition: l.Definition, Environment: l.Definition.Environment, level: l, outages: f.reports.of(l, o)})
			continue
		}
		found := f.of(l, o, "")
		for _, group := range found {
			one := group[0]
			kept := measure.AsKept(l.Definition, one.SeriesInfo)
			b := &Budget{Objective: kept.Objectives[i], definition: kept, Environment: one.Environment, Labels: slo.SeriesName{Labels: one.Labels}.String(), Series: one.SeriesInfo, Others: infos(group[1:]), level: l}
			b.cohorts = f.cohorts(l, b, one)
			list = append(list, b)
		}
		if len(found) == 0 {
			list = append(list, &Budget{Objective: o, definition: l.Definition, Environment: l.Definition.Environment, level: l})
		}
	}
	return list
}

// of are the series of an objective that have the labels which it names and those
// which budgets are told apart by, and one more where one is named, but no others. Those of one
// environment and labels are together; the one that was measured last counts,
// and is first, to the hour: two that go on do not take turns within one.
func (f finder) of(l *Level, o slo.Objective, more string) (groups [][]named) {
	d, wanted := l.Definition, slo.SeriesNamed(o.In(l.Definition).Series)
	var list []named
	for _, s := range f.byName[[2]string{d.Service, wanted.Name}] {
		if (d.Environment == "" || s.Environment == d.Environment) && s.has(wanted.Labels) && s.told(labelsOf(d, wanted), more) {
			list = append(list, s)
		}
	}
	slices.SortFunc(list, func(a, b named) int {
		return cmp.Or(cmp.Compare(a.Environment, b.Environment), cmp.Compare(a.String(), b.String()), newest(a, b))
	})
	for i, s := range list {
		if i > 0 && list[i-1].Environment == s.Environment && list[i-1].String() == s.String() {
			groups[len(groups)-1] = append(groups[len(groups)-1], s)
			continue
		}
		groups = append(groups, []named{s})
	}
	return groups
}

// newest puts what was measured in the latest hour first.
func newest(a, b named) int {
	return cmp.Or(b.LastAt.Truncate(time.Hour).Compare(a.LastAt.Truncate(time.Hour)), cmp.Compare(a.ID, b.ID))
}

// labelsOf are the names of the labels that a series of an objective has: those
// that it names, and those that budgets are told apart by.
func labelsOf(d slo.Definition, wanted slo.SeriesName) []string {
	labels := slices.Clone(d.GroupBy)
	for label := range wanted.Labels {
		if !slices.Contains(labels, label) {
			labels = append(labels, label)
		}
	}
	return labels
}

// has says whether a series has these labels with these values.
func (n named) has(labels map[string]string) bool {
	for label, value := range labels {
		if n.Labels[label] != value {
			return false
		}
	}
	return true
}

// told says whether a series has these labels and no others.
func (n named) told(labels []string, more string) bool {
	if more != "" {
		labels = append(slices.Clone(labels), more)
	}
	for _, label := range labels {
		if _, has := n.Labels[label]; !has {
			return false
		}
	}
	return len(n.Labels) == len(labels)
}

// mostCohorts is how many versions or variants of a budget are read.
const mostCohorts = 12

// cohorts are the series that are told apart by one label more than a budget's,
// those that were measured last.
func (f finder) cohorts(l *Level, b *Budget, of named) (list []cohort) {
	for _, dimension := range f.dimensions(l, b.Objective) {
		for _, group := range f.of(l, b.Objective, dimension) {
			one := group[0]
			if one.Environment == of.Environment && one.With(dimension, "").String() == of.String() {
				list = append(list, cohort{one, dimension})
			}
		}
	}
	slices.SortFunc(list, func(a, b cohort) int { return newest(a.named, b.named) })
	return list[:min(len(list), mostCohorts)]
}

// dimensions are the labels that series of an objective have beyond those which
// budgets are told apart by.
func (f finder) dimensions(l *Level, o slo.Objective) (list []string) {
	wanted := slo.SeriesNamed(o.In(l.Definition).Series)
	told := labelsOf(l.Definition, wanted)
	for _, s := range f.byName[[2]string{l.Definition.Service, wanted.Name}] {
		for label := range s.Labels {
			if !slices.Contains(told, label) && !slices.Contains(list, label) {
				list = append(list, label)
			}
		}
	}
	slices.Sort(list)
	return list
}

func infos(list []named) (found []evenkeel.SeriesInfo) {
	for _, m := range list {
		found = append(found, m.SeriesInfo)
	}
	return found
}
