package metrics

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// Metric names one of the five figures.
type Metric string

// The five figures.
const (
	MetricLeadTime  Metric = metricLeadTime
	MetricFrequency Metric = metricFrequency
	MetricFailRate  Metric = metricFailRate
	MetricRecovery  Metric = metricRecovery
	MetricRework    Metric = "deployment_rework_rate"
)

// Metrics lists the figures in the order of the documentation.
func Metrics() []Metric {
	return []Metric{MetricFrequency, MetricLeadTime, MetricFailRate, MetricRecovery, MetricRework}
}

// Explanation is one figure of a [Report] with every fact behind it.
type Explanation struct {
	Metric Metric `json:"metric"`
	// Of is the kind of fact that the figure counts.
	Of evenkeel.Kind `json:"of"`
	// Statistic is rate, share, or the policy's: median, p75, p90, mean.
	Statistic string `json:"statistic"`
	// Unit is per_day, seconds or share.
	Unit  string   `json:"unit"`
	Value *float64 `json:"value"`
	// N counts the included rows.
	N    int      `json:"n"`
	Low  *float64 `json:"low"`
	High *float64 `json:"high"`
	// Coverage is nil for figures that have none.
	Coverage *float64 `json:"coverage"`
	// Exclusions count the excluded rows by reason. They hold those of the
	// report, and further reasons why a fact of the window is not counted.
	Exclusions []Exclusion `json:"exclusions"`
	// Anomalies are those of the report that bear on the figure.
	Anomalies []Anomaly `json:"anomalies"`
	// Methods are nil where shipping does not matter.
	Methods *Methods `json:"methods"`
	// Sensitivity is that of the fail rate; nil for other figures.
	Sensitivity []WindowRate `json:"sensitivity,omitempty"`
	Chain       []Step       `json:"chain"`
	Rows        []Row        `json:"rows"`
}

// Step counts the distinct facts of the figure's own kind that are left after
// one step of narrowing.
type Step struct {
	Step  string `json:"step" enum:"known,in_scope,in_window,included"`
	Count int    `json:"count"`
}

// Row is one fact that a figure counts, or that it leaves out for one reason.
type Row struct {
	ID   string
	Kind evenkeel.Kind
	// At places the fact in a window; zero is unknown and in every window.
	At time.Time
	// Value is what the fact adds: seconds for a median, 1 or 0 for a share, 1
	// for a rate. It is nil for excluded rows.
	Value    *float64
	Included bool
	// Reason says why the fact is not included.
	Reason string
	// Flags are failed, inferred, rollback, redeploy, rework, baseline, immature.
	Flags []string
	// Deployment ships a change, is blamed for an incident, or stands for the
	// other records of its group.
	Deployment string
	// Rung is the evidence of a failure.
	Rung *Rung
}

// Reasons for which a fact of the window is no part of a figure, beyond those
// that reports list as exclusions.
const (
	ReasonFailedAttempt = "failed_attempt"     // It failed or was cancelled, and counts as an attempt only.
	ReasonGroup         = "counted_with_group" // Another record stands for its group.
	ReasonInFuture      = "in_future"
	ReasonUnattributed  = "unattributed"       // It was laid to no deployment.
	ReasonUnlinked      = "laid_to_none"       // A person said that no deployment caused it.
	ReasonUnresolved    = "unresolved"         // It is not restored yet.
	ReasonEarlier       = "shipped_earlier"    // Another environment or application shipped it earlier.
	ReasonNotShipped    = "not_shipped"        // No deployment of the scope ships it.
	ReasonBefore        = "shipped_before"     // The baseline held it.
	ReasonCarried       = "carried_by_others"  // Its work is counted as that of another change.
	ReasonCarrier       = "carries_artifact"   // It only says which artifact to run.
	ReasonNotProduction = "not_production"     // It is of another class than the production class asked for.
	ReasonElsewhere     = "other_environment"  // It is of another environment than the one asked for.
	ReasonOutside       = "outside_window"     // It is in another window.
	ReasonDeployment    = "through_deployment" // Counted: it makes its deployment fail.
)

// Explain computes a figure as [Compute] does, with the rows it rests on,
// newest first. Included rows give the figure; an id is listed once per
// reason. An unknown metric is an error that wraps evenkeel.ErrInvalid.
func Explain(q Query, metric Metric, parts ...Derived) (Explanation, error) {
	if !slices.Contains(Metrics(), metric) {
		return Explanation{}, evenkeel.FieldErrors{{Field: "metric", Rule: fmt.Sprintf("%q is not one of %v", metric, Metrics())}}
	}
	u := newUnion(q, parts)
	c, end := u.span()
	e := figure(metric, u.report(c, end))
	l := newListing(u, c, c.later(end))
	l.list(metric)
	l.sort()
	e.Of = u.kindOf(metric)
	e.Chain = append(u.chain(metric, parts), Step{"in_window", l.facts(e.Of)}, Step{"included", e.N})
	e.Exclusions, e.Rows = l.exclusions(metric), l.shown()
	return e, nil
}

// figure takes one figure out of a report.
func figure(metric Metric, r Report) Explanation {
	e := Explanation{Metric: metric, Anomalies: []Anomaly{}}
	switch metric {
	case MetricLeadTime:
		v := r.LeadTime
		e.Statistic, e.Unit, e.Value, e.N, e.Low, e.High, e.Coverage = string(v.Statistic), "seconds", v.Value, v.N, v.Low, v.High, v.Coverage
		e.Methods = &r.Methods
	case MetricFrequency:
		v := r.Frequency
		e.Statistic, e.Unit, e.Value, e.N, e.Low, e.High = "rate", "per_day", v.PerDay, v.Deployments, v.Low, v.High
	case MetricFailRate:
		v := r.FailRate
		e.Statistic, e.Unit, e.Value, e.N, e.Low, e.High, e.Coverage = "share", "share", v.Value, v.N, v.Low, v.High, v.Coverage
		e.Sensitivity = v.Sensitivity
	case MetricRecovery:
		v := r.Recovery
		e.Statistic, e.Unit, e.Value, e.N, e.Low, e.High = string(v.Statistic), "seconds", v.Value, v.N, v.Low, v.High
	case MetricRework:
		v := r.Rework
		e.Statistic, e.Unit, e.Value, e.N, e.Low, e.High = "share", "share", v.Value, v.N, v.Low, v.High
	}
	for _, a := range r.Anomalies {
		if slices.Contains(concerned(a.Kind), metric) {
			e.Anomalies = append(e.Anomalies, a)
		}
	}
	return e
}

// concerned lists the figures that an anomaly bears on.
func concerned(anomaly string) []Metric {
	switch anomaly {
	case "unknown_base", "commit_cycle", "merged_after_deployment", "negative_lead_time", "negative_phase":
		return []Metric{MetricLeadTime}
	case "finish_before_start":
		return []Metric{MetricFrequency, MetricLeadTime, MetricFailRate, MetricRework}
	case "overtaken_deployment":
		return []Metric{MetricFrequency, MetricFailRate, MetricRework}
	case "ambiguous_link", "unknown_link", "said_cause_unknown", "said_cause_not_counted":
		return []Metric{MetricFailRate, MetricRecovery}
	case "cause_not_counted":
		return []Metric{MetricFailRate}
	case "incident_without_start":
		return []Metric{MetricFailRate, MetricRecovery}
	case "resolved_before_opened":
		return []Metric{MetricRecovery}
	}
	return Metrics()
}

// kindOf is the kind of fact that a figure counts.
func kindOf(metric Metric) evenkeel.Kind {
	switch metric {
	case MetricLeadTime:
		return evenkeel.KindChange
	case MetricRecovery:
		return evenkeel.KindIncident
	}
	return evenkeel.KindDeployment
}

// kindOf is the kind of fact that a figure counts under the query's policy.
func (u *union) kindOf(metric Metric) evenkeel.Kind {
	if metric == MetricLeadTime && u.perCommit() {
		return evenkeel.KindCommit
	}
	return kindOf(metric)
}

// chain counts the distinct facts that are known, and those in scope.
func (u *union) chain(metric Metric, derived []Derived) []Step {
	kind := u.kindOf(metric)
	n := 0
	for _, d := range derived {
		for _, e := range d.columns() {
			n += e.size(kind)
		}
	}
	scoped := make(map[ID]bool, n) // By id of what is known.
	inScope := 0
	for _, p := range u.parts {
		p.facts(kind, func(id ID, incident int) {
			sees := !p.unplacedOnly
			if kind == evenkeel.KindIncident {
				sees = p.seesIncident(u.scope, incident)
			}
			if sees && !scoped[id] {
				scoped[id] = true
				inScope++
			}
		})
	}
	for _, d := range derived {
		for _, e := range d.columns() {
			if !u.scope.environment(e) || kind == evenkeel.KindIncident {
				e.facts(kind, func(id ID, _ int) {
					if _, ok := scoped[id]; !ok {
						scoped[id] = false
					}
				})
			}
		}
	}
	return []Step{{"known", len(scoped)}, {"in_scope", inScope}}
}

// size is about how many facts of a kind an environment has rows of.
func (e *environment) size(kind evenkeel.Kind) int {
	switch kind {
	case evenkeel.KindIncident:
		return len(e.incidents.id)
	case evenkeel.KindChange:
		return len(e.changes.id) + len(e.unshipped.id)
	case evenkeel.KindCommit:
		return len(e.commits.id)
	}
	return len(e.deployments.id) + len(e.deployments.records) + len(e.attempts.id)
}

// facts visits the facts of a kind that an environment has rows of; incident
// is the row of an incident.
func (e *environment) facts(kind evenkeel.Kind, visit func(id ID, incident int)) {
	all := func(columns ...[]ID) {
		for _, ids := range columns {
			for row, id := range ids {
				visit(id, row)
			}
		}
	}
	switch kind {
	case evenkeel.KindIncident:
		all(e.incidents.id)
		return
	case evenkeel.KindChange:
		all(e.changes.id, e.unshipped.id)
	case evenkeel.KindCommit:
		all(e.commits.id)
	default:
		all(e.deployments.id, e.deployments.records, e.attempts.id)
	}
	kinds := noteKinds()
	for row, code := range e.notes.code {
		if kinds[code].metric != "" && noteSubject(code) == kind {
			visit(e.notes.id[row], row)
		}
	}
}

// noteSubject is the kind of fact that a note is about.
func noteSubject(code uint8) evenkeel.Kind {
	switch code {
	case notePathsUnknown, noteStartUnknown, noteMergedAfter, noteNegativeLead, noteNegativePhase, noteNotShipped, noteShippedBefore, noteCarried, noteCarrier, noteStranded, noteDefinitionChanged:
		return evenkeel.KindChange
	case noteCycle, noteCommitPathsUnknown, noteCommitAuthoredUnknown, noteCommitNegative:
		return evenkeel.KindCommit
	case noteUncountedLink, noteIncidentStartUnknown, noteResolvedBeforeOpened, noteRestoredBeforeFinish, noteSaidUnknown, noteSaidUncounted:
		return evenkeel.KindIncident
	}
	return evenkeel.KindDeployment // A link's note names the record or incident that has the link; neither is an exclusion.
}

// exclusions counts the excluded rows by reason.
func (l *listing) exclusions(metric Metric) []Exclusion {
	byReason := map[string][]ID{}
	for i := range l.entries {
		if e := &l.entries[i]; !e.included {
			byReason[e.reason] = append(byReason[e.reason], e.id)
		}
	}
	list := []Exclusion{}
	for _, reason := range sortedKeys(byReason) {
		ids := byReason[reason]
		list = append(list, Exclusion{string(metric), reason, len(ids), firstNames(ids)})
	}
	return list
}

// facts counts the distinct facts of a kind that are listed.
func (l *listing) facts(kind evenkeel.Kind) int {
	ids := make([]ID, 0, len(l.entries))
	for i := range l.entries {
		if l.entries[i].kind == kind {
			ids = append(ids, l.entries[i].id)
		}
	}
	slices.SortFunc(ids, ID.compare)
	return len(slices.Compact(ids))
}

func (l *listing) sort() {
	slices.SortFunc(l.entries, func(a, b entry) int {
		return cmp.Or(cmp.Compare(b.at, a.at), a.id.compare(b.id), cmp.Compare(a.reason, b.reason))
	})
}

// shown makes rows of the entries; values lie side by side.
func (l *listing) shown() []Row {
	rows, values := make([]Row, len(l.entries)), make([]float64, len(l.entries))
	for i := range l.entries {
		rows[i] = l.entries[i].row(&values[i])
	}
	return rows
}
