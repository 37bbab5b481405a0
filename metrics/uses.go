package metrics

import (
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// Use says whether a figure of an application counts a fact, and why not.
type Use struct {
	// Application is the application's id.
	Application string
	Metric      Metric
	Included    bool
	Reason      string
	// Value is what the fact adds; see [Row]. It is nil where it adds nothing
	// itself.
	Value *float64
	At    time.Time
}

// UsesOf says of facts, by their ids, in which figures of which applications
// they are counted, each application taken by itself. A query without a window
// is about all time. Facts that no figure could count have no uses: running
// deployments, changes to other applications' paths, facts of other kinds.
// Every id has an entry.
func UsesOf(q Query, ids []string, parts ...Derived) map[string][]Use {
	uses, wanted := make(map[string][]Use, len(ids)), make(map[ID]bool, len(ids))
	for _, id := range ids {
		wanted[parseID(id)] = true
	}
	found := map[ID][]Use{}
	seen := map[*lookup]bool{}
	for _, d := range parts {
		if d.lookup != nil && !seen[d.lookup] {
			d.uses(q, wanted, found)
		}
		seen[d.lookup] = true
	}
	for _, id := range ids {
		uses[id] = append([]Use{}, found[parseID(id)]...)
	}
	return uses
}

// uses adds what one application's figures make of the facts.
func (d Derived) uses(q Query, ids map[ID]bool, found map[ID][]Use) {
	rows, kinds := d.find(ids)
	if len(kinds) == 0 {
		return
	}
	u := newUnion(q, []Derived{d})
	for _, metric := range Metrics() {
		chosen := map[ID]Use{}
		for _, s := range u.stretches() {
			for id, e := range u.chosen(metric, rows, s) {
				if _, told := chosen[id]; !told && ids[id] {
					chosen[id] = s.use(e)
				}
			}
		}
		for id, kind := range kinds {
			use, told := chosen[id]
			if !told && !slices.Contains(metricsOf(kind), metric) {
				continue
			}
			if !told {
				use.Reason = u.scope.absence(kind)
			}
			use.Application, use.Metric = d.Application, metric
			found[id] = append(found[id], use)
		}
	}
}

// stretch is a part of time that is asked about, up to the present and after
// it. Beside a window, all time is asked about to tell what lies outside.
type stretch struct {
	span, later cuts
	outside     bool
}

func (u *union) stretches() []stretch {
	all := always()
	span := u.cuts(all[0], all[1])
	whole := stretch{span, span.later(all[1]), false}
	if u.query.Window == (evenkeel.Window{}) {
		return []stretch{whole}
	}
	span, end := u.span()
	whole.outside = true
	return []stretch{{span, span.later(end), false}, whole}
}

func (s stretch) use(e entry) Use {
	row := e.row(new(float64))
	if s.outside {
		return Use{Reason: ReasonOutside, At: row.At}
	}
	return Use{Included: row.Included, Reason: row.Reason, Value: row.Value, At: row.At}
}

// chosen lists rows of a figure, one for each id: the counted one, else that
// of the first reason.
func (u *union) chosen(metric Metric, rows map[*environment]*picked, s stretch) map[ID]entry {
	l := newListing(u, s.span, s.later)
	l.wanted = rows
	l.list(metric)
	if metric == MetricFailRate {
		l.blamed()
	}
	l.sort()
	best := map[ID]entry{}
	for _, e := range l.entries {
		if held, ok := best[e.id]; !ok || (e.included && !held.included) {
			best[e.id] = e
		}
	}
	return best
}

// blamed lists the incidents that make deployments fail: they count through them.
func (l *listing) blamed() {
	incidents := map[ID]entry{}
	l.parts(func(p *part) {
		for _, row := range l.wanted[p.environment].of(tableIncidents) {
			if e := p.incident(int(row)); e.linked && l.u.countsIncident(p, int(row)) {
				incidents[e.id] = e
			}
		}
	})
	if len(incidents) == 0 {
		return
	}
	l.parts(func(p *part) {
		for row, by := range p.blames.by {
			if e, ok := incidents[by]; ok {
				l.through(p, e, p.blames.id[row])
			}
		}
	})
}

// through lists an incident at the instant of a deployment that it made fail.
func (l *listing) through(p *part, e entry, deployment ID) {
	row := slices.Index(p.deployments.id, deployment)
	if row < 0 {
		return
	}
	e.at, e.deployment = p.deployments.at[row], deployment
	switch {
	case e.at >= l.span[0] && e.at < l.span[1]:
		e.included, e.reason = true, ReasonDeployment
		l.entries = append(l.entries, e)
	case e.at >= l.later[0] && e.at < l.later[1]:
		l.mention(e, ReasonInFuture)
	}
}

// metricsOf lists the figures that facts of a kind are counted in.
func metricsOf(kind evenkeel.Kind) []Metric {
	switch kind {
	case evenkeel.KindDeployment:
		return []Metric{MetricFrequency, MetricFailRate, MetricRework}
	case evenkeel.KindChange:
		return []Metric{MetricLeadTime}
	case evenkeel.KindIncident:
		return []Metric{MetricFailRate, MetricRecovery}
	}
	return nil
}

// absence says why a known fact has no row in scope.
func (s scope) absence(kind evenkeel.Kind) string {
	switch {
	case kind == evenkeel.KindChange:
		return ReasonNotShipped
	case s.class == evenkeel.Production:
		return ReasonNotProduction
	}
	return ReasonElsewhere
}
