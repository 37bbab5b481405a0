package metrics

import (
	"github.com/evenkeel-dev/evenkeel"
)

// listing gathers the rows of one figure. It selects them exactly as figures
// do: through the union's parts, and the predicates that Compute uses.
type listing struct {
	u *union
	// span is the window up to the present, later the rest of it.
	span, later cuts
	// wanted narrows to some rows; nil is all of them.
	wanted  map[*environment]*picked
	entries []entry
	// listed are the ids with a row, once that was asked for; told the reasons
	// that were given.
	listed map[ID]bool
	told   map[toldReason]bool
	// lost are counted rows without a value; a note tells why.
	lost map[ID]entry
}

type toldReason struct {
	id     ID
	reason string
}

// entry is a row before it is shown.
type entry struct {
	id         ID
	kind       evenkeel.Kind
	at         int64
	value      float64
	included   bool
	immature   bool
	linked     bool // It has a deployment.
	rung       uint8
	flags      uint16
	deployment ID
	reason     string
}

func newListing(u *union, span, later cuts) *listing {
	return &listing{u: u, span: span, later: later, told: map[toldReason]bool{}, lost: map[ID]entry{}}
}

// include lists a counted row.
func (l *listing) include(e entry, value float64) {
	e.value, e.included = value, true
	l.add(e)
}

func (l *listing) add(e entry) {
	if l.listed != nil {
		l.listed[e.id] = true
	}
	l.entries = append(l.entries, e)
}

// exclude lists a row for a reason, once.
func (l *listing) exclude(e entry, reason string) {
	if l.told[toldReason{e.id, reason}] {
		return
	}
	e.reason = reason
	l.told[toldReason{e.id, reason}] = true
	l.add(e)
}

// mention lists a fact for a reason unless it is listed already.
func (l *listing) mention(e entry, reason string) {
	if l.listed == nil {
		l.listed = make(map[ID]bool, len(l.entries))
		for i := range l.entries {
			l.listed[l.entries[i].id] = true
		}
	}
	if !l.listed[e.id] {
		l.exclude(e, reason)
	}
}

func (l *listing) list(metric Metric) {
	switch metric {
	case MetricLeadTime:
		if l.u.perCommit() && l.wanted == nil {
			l.commits()
			return
		}
		l.changes()
	case MetricRecovery:
		l.recoveries()
	default:
		l.deployments(metric)
	}
}

// parts calls f for the parts whose environment is in scope.
func (l *listing) parts(f func(*part)) {
	for _, p := range l.u.parts {
		if !p.unplacedOnly {
			f(p)
		}
	}
}

// each calls f for the rows of a column that lie in some part of time.
func (l *listing) each(t table, p *part, at []int64, within cuts, f func(row int)) {
	if l.wanted == nil {
		within.each(at, func(_, row int) { f(row) })
		return
	}
	for _, row := range l.wanted[p.environment].of(t) {
		if at[row] >= within[0] && at[row] < within[len(within)-1] {
			f(int(row))
		}
	}
}

// eachOrUnknown is each, with the rows of unknown instants.
func (l *listing) eachOrUnknown(t table, p *part, at []int64, within cuts, f func(row int)) {
	if l.wanted == nil {
		within.eachOrUnknown(at, f)
		return
	}
	for _, row := range l.wanted[p.environment].of(t) {
		if at[row] == unknown {
			f(int(row))
		}
	}
	l.each(t, p, at, within, f)
}

// eachNote calls f for the notes in scope that exclude a fact from a metric.
func (l *listing) eachNote(within cuts, metric Metric, f func(e entry, reason string)) {
	kinds := noteKinds()
	for _, p := range l.u.parts {
		n := &p.notes
		l.eachOrUnknown(tableNotes, p, n.at, within, func(row int) {
			if kind := kinds[n.code[row]]; kind.metric == string(metric) && l.u.tells(n.code[row]) && p.seesNote(l.u.scope, row) {
				f(entry{id: n.id[row], kind: noteSubject(n.code[row]), at: n.at[row]}, kind.reason)
			}
		})
	}
}

// coming mentions what the notes of a metric say of the future.
func (l *listing) coming(metric Metric) {
	l.eachNote(l.later, metric, func(e entry, _ string) { l.mention(e, ReasonInFuture) })
}

// noted lists what the notes of a metric exclude.
func (l *listing) noted(metric Metric) {
	l.eachNote(l.span, metric, func(e entry, reason string) {
		if lost, ok := l.lost[e.id]; ok {
			e = lost
		}
		l.exclude(e, reason)
	})
}

// deployments lists what counts as a deployment, each worth what it adds to
// the metric.
func (l *listing) deployments(metric Metric) {
	worth := map[Metric]uint16{MetricFailRate: flagFailed, MetricRework: flagRework}[metric]
	l.parts(func(p *part) {
		l.each(tableDeployments, p, p.deployments.at, l.span, func(row int) {
			if e, counts := l.deployment(p, row); counts {
				value := 0.0
				if worth == 0 || e.flags&worth != 0 {
					value = 1
				}
				l.include(e, value)
			}
		})
	})
	l.noted(MetricFrequency)
	if metric != MetricFrequency {
		l.noted(metric)
	}
	l.attempts(l.span, l.exclude, ReasonFailedAttempt)
	l.records(l.span, ReasonGroup)
	l.parts(func(p *part) {
		l.each(tableDeployments, p, p.deployments.at, l.later, func(row int) {
			if e, counts := l.deployment(p, row); counts {
				l.mention(e, ReasonInFuture)
			}
		})
	})
	l.attempts(l.later, l.mention, ReasonInFuture)
	l.records(l.later, ReasonInFuture)
	l.coming(MetricFrequency)
	if metric == MetricFailRate {
		l.unattributed(l.span, ReasonUnattributed)
		l.unattributed(l.later, ReasonInFuture)
	}
}

func (l *listing) deployment(p *part, row int) (entry, bool) {
	d := &p.deployments
	one, counts := p.deployment(row)
	return entry{
		id: d.id[row], kind: evenkeel.KindDeployment, at: d.at[row], flags: one.flags, rung: one.rung, immature: d.at[row] > l.u.mature(),
	}, counts
}

func (l *listing) attempts(within cuts, add func(entry, string), reason string) {
	l.parts(func(p *part) {
		c := &p.attempts
		l.each(tableAttempts, p, c.at, within, func(row int) {
			if !p.skipAttempts[row] {
				add(entry{id: c.id[row], kind: evenkeel.KindDeployment, at: c.at[row]}, reason)
			}
		})
	})
}

// records lists the records of groups that another record stands for.
func (l *listing) records(within cuts, reason string) {
	l.parts(func(p *part) {
		d := &p.deployments
		if len(d.records) == 0 {
			return
		}
		l.each(tableRecords, p, d.atRows(d.recordOf), within, func(n int) {
			if e, counts := l.deployment(p, int(d.recordOf[n])); counts {
				e.deployment, e.linked = e.id, true
				e.id = d.records[n]
				l.mention(e, reason)
			}
		})
	})
}

// unattributed lists incidents that were laid to no deployment.
func (l *listing) unattributed(within cuts, reason string) {
	for _, p := range l.u.parts {
		l.eachOrUnknown(tableIncidents, p, p.incidents.at, within, func(row int) {
			if l.u.countsIncident(p, row) && p.incidents.rung[row] == rungNone {
				if reason == ReasonUnattributed && p.incidents.flags[row]&flagSaid != 0 {
					l.mention(p.incident(row), ReasonUnlinked)
					return
				}
				l.mention(p.incident(row), reason)
			}
		})
	}
}

// incidents calls f for the incidents that count, by the instant they started.
func (l *listing) incidents(within cuts, f func(p *part, row int, e entry)) {
	for _, p := range l.u.parts {
		l.each(tableIncidents, p, p.incidents.at, within, func(row int) {
			if l.u.countsIncident(p, row) {
				f(p, row, p.incident(row))
			}
		})
	}
}

func (p *part) incident(row int) entry {
	i := &p.incidents
	return entry{
		id: i.id[row], kind: evenkeel.KindIncident, at: i.at[row], rung: i.rung[row],
		deployment: i.deployment[row], linked: i.rung[row] != rungNone,
	}
}

// changes lists what shipped and what did not.
func (l *listing) changes() {
	var hidden []entry
	l.parts(func(p *part) {
		times := leads(p)
		l.each(tableChanges, p, times.at, l.span, func(row int) {
			e := p.change(row)
			switch {
			case !times.shows(row, l.u.hidden):
				hidden = append(hidden, e)
			case times.values[row] < 0:
				l.lost[e.id] = e
			default:
				l.include(e, *secondsOf(times.values[row]))
			}
		})
	})
	l.noted(MetricLeadTime)
	l.parts(func(p *part) {
		times := leads(p)
		l.each(tableChanges, p, times.at, l.later, func(row int) {
			if times.shows(row, l.u.hidden) {
				l.mention(p.change(row), ReasonInFuture)
			}
		})
	})
	l.coming(MetricLeadTime)
	l.unshipped(l.span)
	l.unshipped(l.later)
	for _, e := range hidden {
		l.mention(e, ReasonEarlier)
	}
}

// commits lists the commits that shipped, by the start of their ids.
func (l *listing) commits() {
	var hidden []entry
	l.parts(func(p *part) {
		c, times := &p.commits, commitLeads(p)
		within := func(span cuts, f func(e entry, row int)) {
			span.each(c.at, func(_, row int) {
				f(entry{id: c.id[row], kind: evenkeel.KindCommit, at: c.at[row], deployment: p.deployments.id[c.deployment[row]], linked: true}, row)
			})
		}
		within(l.span, func(e entry, row int) {
			switch {
			case !times.shows(row, l.u.hidden):
				hidden = append(hidden, e)
			case times.values[row] < 0:
				l.lost[e.id] = e
			default:
				l.include(e, *secondsOf(times.values[row]))
			}
		})
		within(l.later, func(e entry, row int) {
			if times.shows(row, l.u.hidden) {
				l.mention(e, ReasonInFuture)
			}
		})
	})
	l.noted(metricCommits)
	for _, e := range hidden {
		l.mention(e, ReasonEarlier)
	}
}

func (p *part) change(row int) entry {
	c := &p.changes
	deployment := c.deployment[row]
	return entry{
		id: c.id[row], kind: evenkeel.KindChange, at: c.at[row],
		deployment: p.deployments.id[deployment], linked: true,
	}
}

// unshipped lists changes that no environment in scope ships, whenever.
func (l *listing) unshipped(within cuts) {
	left := map[ID]entry{}
	reasons := map[ID]uint8{}
	l.parts(func(p *part) {
		c := &p.unshipped
		l.eachOrUnknown(tableUnshipped, p, c.at, within, func(row int) {
			id := c.id[row]
			if code, ok := reasons[id]; !ok || c.code[row] > code {
				left[id], reasons[id] = entry{id: id, kind: evenkeel.KindChange, at: c.at[row]}, c.code[row]
			}
		})
	})
	if len(left) == 0 {
		return
	}
	l.parts(func(p *part) {
		l.each(tableChanges, p, p.changes.at, always(), func(row int) { delete(left, p.changes.id[row]) })
	})
	l.eachNote(always(), MetricLeadTime, func(e entry, _ string) { delete(left, e.id) })
	for id, e := range left {
		l.mention(e, noteKinds()[reasons[id]].reason)
	}
}

// always is all of time.
func always() cuts { return cuts{minMicros, maxMicros + 1} }

// recoveries lists restored incidents, and failures that have no recovery.
func (l *listing) recoveries() {
	l.restored(l.span, func(e entry, value int64) {
		if value < 0 {
			l.lost[e.id] = e
			return
		}
		l.include(e, *secondsOf(value))
	})
	l.noted(MetricRecovery)
	l.incidents(l.span, func(p *part, row int, e entry) {
		if l.u.unresolved(p, row) {
			l.exclude(e, ReasonUnresolved)
		}
	})
	l.unattributed(l.span, ReasonUnattributed)
	l.incidents(l.later, func(_ *part, _ int, e entry) { l.mention(e, ReasonInFuture) })
	l.restored(l.later, func(e entry, _ int64) { l.mention(e, ReasonInFuture) })
	l.coming(MetricRecovery)
}

// restored calls f for the repaired failures that count, by the instant of
// repair.
func (l *listing) restored(within cuts, f func(e entry, value int64)) {
	l.parts(func(p *part) {
		c, times := &p.recoveries, l.u.recoveryTimes()(p)
		var incidents map[ID]int
		l.each(tableRecoveries, p, times.at, within, func(row int) {
			if !times.shows(row, l.u.hidden) {
				return
			}
			if incidents == nil {
				incidents = p.incidentRows()
			}
			e := entry{id: c.id[row], kind: evenkeel.KindDeployment, at: c.at[row], deployment: c.id[row], linked: true, flags: c.flags[row]}
			if i, ok := incidents[c.id[row]]; ok {
				e = p.incident(i)
				e.at = c.at[row]
			}
			f(e, times.values[row])
		})
	})
}

func (p *part) incidentRows() map[ID]int {
	rows := make(map[ID]int, len(p.incidents.id))
	for row, id := range p.incidents.id {
		rows[id] = row
	}
	return rows
}

// row shows an entry; a value is kept where the caller says.
func (e *entry) row(value *float64) Row {
	r := Row{ID: e.id.String(), Kind: e.kind, Included: e.included, Reason: e.reason, Flags: e.names(), Rung: rungName(e.rung)}
	if e.at != unknown {
		r.At = instant(e.at)
	}
	if e.included {
		*value = e.value
		r.Value = value
	}
	if e.linked {
		r.Deployment = e.deployment.String()
	}
	return r
}

func (e *entry) names() []string {
	names := []string{}
	for _, one := range [...]struct {
		flag uint16
		name string
	}{
		{flagFailed, "failed"},
		{flagInferred, "inferred"},
		{flagRollback, "rollback"},
		{flagRedeploy, "redeploy"},
		{flagRework, "rework"},
		{flagBaseline, "baseline"},
	} {
		if e.flags&one.flag != 0 {
			names = append(names, one.name)
		}
	}
	if e.immature {
		names = append(names, "immature")
	}
	return names
}
