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
	// Confidence is empty where the method is none.
	Confidence Confidence
}

// Shipped is a change that a deployment ships, by its fact id.
type Shipped struct {
	Change string
	// LeadSeconds is nil where the change is excluded from lead time.
	LeadSeconds *float64
	// Method is how it was found, Confidence how sure that is.
	Method     Method
	Confidence Confidence
}

// Followed is an incident after a deployment, by its fact id.
type Followed struct {
	Incident string
	// Attributed says that it was laid to the deployment; Rung is then the evidence.
	Attributed bool
	Rung       *Rung
}

// StoryOf tells of a deployment record by its fact id, and of the incidents
// that started within the given time after it, over several applications:
// each change, commit and incident once. It is false for records that neither
// count nor failed; a failed attempt brought nothing.
func StoryOf(deployment string, after time.Duration, parts ...Derived) (s Story, known bool) {
	changes, commits := map[ID]bool{}, map[ID]bool{}
	s.Method = MethodNone
	for _, d := range parts {
		if d.lookup == nil {
			continue
		}
		at, ok := d.index().deployments[parseID(deployment)]
		if !ok {
			continue
		}
		if at.row >= 0 {
			s.tell(d, at, after.Microseconds(), changes, commits)
		}
		known = true
	}
	s.Commits = len(commits)
	return s, known
}

func (s *Story) tell(d Derived, at place, after int64, changes, commits map[ID]bool) {
	e := d.columns()[at.environment]
	id := e.deployments.id[at.row]
	if method := e.deployments.method[at.row]; s.Method == MethodNone {
		s.Method, s.Confidence = methodName(method), confidence(method, e.deployments.flags[at.row])
	}
	from, to := rowsOf(e.changes.deployment, at.row)
	for row := from; row < to; row++ {
		if change := e.changes.id[row]; !changes[change] {
			changes[change] = true
			method, flags := e.changes.method[row], e.changes.flags[row]
			s.Shipped = append(s.Shipped, Shipped{change.String(), secondsOf(e.changes.lead[row]), methodName(method), confidence(method, flags)})
		}
	}
	from, to = rowsOf(e.commits.deployment, at.row)
	for _, commit := range e.commits.id[from:to] {
		commits[commit] = true
	}
	for _, one := range d.columns() { // A rollback may name a deployment of another environment.
		one.followed(e, int(at.row), after, s.follow)
		if taken := slices.Index(one.reversals.id, id); taken >= 0 && s.TakenBackBy == "" {
			s.TakenBackBy = one.reversals.by[taken].String()
		}
		if takes := slices.Index(one.reversals.by, id); takes >= 0 && s.TakesBack == "" {
			s.TakesBack = one.reversals.id[takes].String()
		}
	}
}

// follow adds an incident; that it was laid to the deployment is what counts.
func (s *Story) follow(one Followed) {
	at := slices.IndexFunc(s.Incidents, func(held Followed) bool { return held.Incident == one.Incident })
	switch {
	case at < 0:
		s.Incidents = append(s.Incidents, one)
	case one.Attributed:
		s.Incidents[at] = one
	}
}

// rowsOf is the span of an ascending column that holds a value.
func rowsOf(column []int32, value int32) (from, to int) {
	from, _ = slices.BinarySearch(column, value)
	to, _ = slices.BinarySearch(column, value+1)
	return from, to
}

// followed tells of the incidents of an environment after a deployment of
// home: those laid to it, and those of the same place that started soon after.
func (e *environment) followed(home *environment, row int, after int64, tell func(Followed)) {
	id, finished := home.deployments.id[row], home.deployments.at[row]
	unplaced := e.name == "" && home.class == evenkeel.Production
	for i := range e.incidents.id {
		laid := e.incidents.rung[i] != rungNone
		start := e.incidents.at[i]
		soon := start >= finished && start-finished <= after
		if soon && (e == home || (unplaced && !laid)) {
			tell(Followed{Incident: e.incidents.id[i].String()})
		}
	}
	if e != home {
		return
	}
	for i, failed := range e.blames.id {
		if rung := e.blames.rung[i]; failed == id && evidenceKind(rung) == evenkeel.KindIncident {
			tell(Followed{e.blames.by[i].String(), true, rungName(rung)})
		}
	}
}
