package metrics

import (
	"cmp"
	"slices"
	"sync"
)

// monthly are the columns of an application by month. They are joined when they
// are first asked for, so that following facts touches only some months.
type monthly struct {
	months []segmentName // By environment and month.
	parts  []*environment
	once   sync.Once
	joined []*environment
}

func (m *monthly) environments() []*environment {
	m.once.Do(func() {
		for i, part := range m.parts {
			if i == 0 || m.parts[i-1].name != part.name {
				m.joined = append(m.joined, &environment{name: part.name, class: part.class})
			}
			m.joined[len(m.joined)-1].appendMonth(part)
		}
	})
	return m.joined
}

// columns are by environment, sorted by time.
func (d Derived) columns() []*environment {
	if d.monthly != nil {
		return d.monthly.environments()
	}
	return d.environments
}

// monthsOf cuts derived columns into months.
func monthsOf(d Derived) *monthly {
	m := &monthly{}
	for _, e := range d.columns() {
		months := e.months()
		for _, name := range sortedKeys(months) {
			part := months[name]
			part.changes.at, part.commits.at = part.deployments.atRows(part.changes.deployment), part.deployments.atRows(part.commits.deployment)
			m.months, m.parts = append(m.months, segmentName{e.name, name}), append(m.parts, part)
		}
	}
	return m
}

// with is m with other columns in some months.
func (m *monthly) with(touched map[segmentName]*environment) *monthly {
	out := &monthly{months: slices.Clone(m.months), parts: slices.Clone(m.parts)}
	for name, part := range touched {
		at, found := slices.BinarySearchFunc(out.months, name, segmentName.compare)
		if found {
			out.months, out.parts = slices.Delete(out.months, at, at+1), slices.Delete(out.parts, at, at+1)
		}
		if part.rows() > 0 {
			out.months, out.parts = slices.Insert(out.months, at, name), slices.Insert(out.parts, at, part)
		}
	}
	return out
}

func (n segmentName) compare(o segmentName) int {
	return cmp.Or(cmp.Compare(n.environment, o.environment), cmp.Compare(n.month, o.month))
}

// rows counts the rows of all columns.
func (e *environment) rows() int {
	return len(e.deployments.id) + len(e.attempts.id) + len(e.changes.id) + len(e.commits.id) + len(e.incidents.id) + len(e.recoveries.id) +
		len(e.notes.id) + len(e.unshipped.id) + len(e.reversals.id) + len(e.blames.id) + len(e.open.id) + len(e.builds.id)
}
