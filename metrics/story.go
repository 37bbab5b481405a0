package metrics

import (
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// Story is what one deployment brought and what followed.
type Story struct {
	// Shipped are the changes that reached the environment with it.
	Shipped []Shipped
	// Commits counts the commits, without merge commits.
	Commits int
	// Incidents were laid to it, or started soon after it.
	Incidents []Followed
	// TakenBackBy is the first deployment that took it back, TakesBack the one
	// that it takes back itself; empty where there is none.
	TakenBackBy, TakesBack string
	Method                 Method
}

// Shipped is a change that a deployment ships, by its fact id.
type Shipped struct {
	Change string
	// LeadSeconds is nil where the change is excluded from lead time.
	LeadSeconds *float64
}

// Followed is an incident after a deployment, by its fact id.
type Followed struct {
	Incident string
	// Attributed says that it was laid to the deployment; Rung is then the evidence.
	Attributed bool
	Rung       *Rung
}

// Story tells of a deployment record by its fact id, and of the incidents that
// started within the given time after it. It is false for records that neither
// count nor failed; a failed attempt brought nothing.
func (d Derived) Story(deployment string, after time.Duration) (Story, bool) {
	if d.lookup == nil {
		return Story{}, false
	}
	at, ok := d.index().deployments[parseID(deployment)]
	if !ok {
		return Story{}, false
	}
	if at.row < 0 {
		return Story{Method: MethodNone}, true
	}
	e := d.environments[at.environment]
	id := e.deployments.id[at.row]
	s := Story{Method: methodName(e.deployments.method[at.row])}
	from, to := rowsOf(e.changes.deployment, at.row)
	for row := from; row < to; row++ {
		s.Shipped = append(s.Shipped, Shipped{e.changes.id[row].String(), secondsOf(e.changes.lead[row])})
	}
	from, to = rowsOf(e.commits.deployment, at.row)
	s.Commits = to - from
	if taken := slices.Index(e.reversals.id, id); taken >= 0 {
		s.TakenBackBy = e.reversals.by[taken].String()
	}
	for _, one := range d.environments { // A rollback may name a deployment of another environment.
		if takes := slices.Index(one.reversals.by, id); takes >= 0 {
			s.TakesBack = one.reversals.id[takes].String()
		}
		s.Incidents = append(s.Incidents, one.followed(e, int(at.row), after.Microseconds())...)
		if taken := slices.Index(one.reversals.id, id); taken >= 0 && s.TakenBackBy == "" {
			s.TakenBackBy = one.reversals.by[taken].String()
		}
	}
	return s, true
}

// rowsOf is the span of an ascending column that holds a value.
func rowsOf(column []int32, value int32) (from, to int) {
	from, _ = slices.BinarySearch(column, value)
	to, _ = slices.BinarySearch(column, value+1)
	return from, to
}

// followed lists the incidents of an environment after a deployment of home:
// those laid to it, and those of the same place that started soon after it.
func (e *environment) followed(home *environment, row int, after int64) []Followed {
	id, finished := home.deployments.id[row], home.deployments.at[row]
	unplaced := e.name == "" && home.class == evenkeel.Production
	var found []Followed
	for i := range e.incidents.id {
		laid := e.incidents.rung[i] != rungNone
		start := e.incidents.at[i]
		soon := start >= finished && start-finished <= after
		switch {
		case laid && e == home && e.incidents.deployment[i] == id:
			found = append(found, Followed{e.incidents.id[i].String(), true, rungName(e.incidents.rung[i])})
		case soon && (e == home || (unplaced && !laid)):
			found = append(found, Followed{Incident: e.incidents.id[i].String()})
		}
	}
	return found
}
