package metrics

import (
	"cmp"
	"slices"

	"github.com/evenkeel-dev/evenkeel"
)

// maxIDs is how many ids an exclusion or anomaly names.
const maxIDs = 20

// Compute answers a query over the union of the rows of several applications:
// a fact they share is counted once, and a change with the earliest of its
// shipments, before the window is applied. It is linear in the rows of the
// window; shared rows are looked at for all time.
func Compute(q Query, parts ...Derived) Report { return newUnion(q, parts).compute() }

func (u *union) compute() Report { return u.report(u.span()) }

// span is the window up to the present, and the instant at which the window
// ends, which may lie in the future.
func (u *union) span() (c cuts, end int64) {
	from, to := micros(u.query.Window.From), micros(u.query.Window.To)
	if from == unknown {
		from = to
	}
	return u.cuts(from, max(from, to)), to
}

// report is the headline, and what explains and breaks it down.
func (u *union) report(c cuts, end int64) Report {
	r := u.headline(c)
	r.FailRate.Sensitivity = u.sensitivity(c, u.windows())
	for i, name := range phaseNames() {
		one := summaryOf(u.ranked(c, name, phaseTimes(i)), 0)
		r.LeadTime.Phases = append(r.LeadTime.Phases, Phase{Phase: name, Median: one.median, N: one.n})
	}
	s := summaryOf(u.ranked(c, commitsColumn, commitLeads), 0)
	r.LeadTime.PerCommit = PerCommit{Median: s.median, P75: s.p75, P90: s.p90, N: s.n}
	s = summarise(u.gather(c, deploymentTimes)[0])
	r.Recovery.FromDeployment = FromDeployment{Median: s.median, N: s.n}
	r.Exclusions, r.Anomalies = u.reportNotes(c, end)
	return r
}

// Headline is Compute without what [Compare] does not read: phases, lead time
// per commit, recovery from deployments, other failure windows, exclusions and
// anomalies stay empty. It is for judging many scopes.
func Headline(q Query, parts ...Derived) Report {
	return Join(q.Environment, parts...).Headline(q)
}

func (u *union) headline(c cuts) Report {
	t := u.tallies(c)[0]
	r := Report{Window: u.query.Window, Policy: PolicyRef{u.query.versions(u.query.Window)}}
	r.Frequency = u.frequency(t, c)
	r.FailRate = failRate(t)
	r.Rework = Rework{Value: share(t.rework, t.deployments), Rework: t.rework, N: t.deployments}
	r.Rework.Low, r.Rework.High = wilson(t.rework, t.deployments, z95)
	r.Incidents = Incidents{Opened: t.opened, Attributed: t.attributed, Unlinked: t.unlinked}
	r.Unattributed = t.opened - t.attributed - t.unlinked
	r.Methods = Methods{
		Ancestry: t.methods[methodAncestry], Artifact: t.methods[methodArtifact], Pick: t.methods[methodPick], Rewrite: t.methods[methodRewrite],
		Patch: t.methods[methodPatch], Branch: t.methods[methodBranch], Time: t.methods[methodTime], None: t.methods[methodNone],
	}
	r.LeadTime, r.samples.lead = u.leadTime(c)
	r.LeadTime.Coverage = share(t.deployments-t.uncovered, t.deployments)
	r.Recovery, r.samples.recovery = u.recovery(c)
	r.Recovery.Unresolved = t.unresolved
	r.samples.days = elapsedDays(c[0], c[1])
	r.withhold()
	return r
}

func (u *union) frequency(t tally, c cuts) Frequency {
	f := Frequency{Deployments: t.deployments, DeploymentDays: t.days, Unit: "per_day", Rollbacks: t.rollbacks, Redeployments: t.redeployments}
	elapsed := elapsedDays(c[0], c[1])
	if !u.known || elapsed <= 0 {
		return f
	}
	low, high := garwood(t.deployments)
	low, high = low/elapsed, high/elapsed
	rate := float64(t.deployments) / elapsed
	f.PerDay, f.Low, f.High = &rate, &low, &high
	return f
}

func failRate(t tally) FailRate {
	f := FailRate{
		Value: share(t.failed, t.deployments), Failed: t.failed, N: t.deployments, Coverage: share(t.attributed+t.unlinked, t.opened),
		FailedAttempts: t.attempts, Inferred: t.inferred, Immature: t.immature,
	}
	f.Low, f.High = wilson(t.failed, t.deployments, z95)
	f.Attempts = AttemptRate{Failed: t.attemptsFailed, Cancelled: t.attempts - t.attemptsFailed, N: t.attemptsFailed + t.succeeded}
	f.Attempts.Value = share(f.Attempts.Failed, f.Attempts.N)
	f.Attempts.Low, f.Attempts.High = wilson(f.Attempts.Failed, f.Attempts.N, z95)
	return f
}

func (u *union) leadTime(c cuts) (LeadTime, sample) {
	s, counted := u.leadSummary(c)
	l := LeadTime{
		Value: s.value, Statistic: statistic(u.aggregation()), Of: evenkeel.UnitChange,
		Median: s.median, P75: s.p75, P90: s.p90, N: s.n, Low: s.low, High: s.high, Unit: "seconds",
	}
	if u.perCommit() {
		l.Of = evenkeel.UnitCommit
	}
	return l, counted
}

// names of columns beside those of phases.
const changesColumn, commitsColumn = "changes", "commits"

func (u *union) leadSummary(c cuts) (summary, sample) {
	name := changesColumn
	if u.perCommit() {
		name = commitsColumn
	}
	if u.pools == nil {
		values := u.gather(c, u.leadTimes())[0]
		return aggregate(values, u.aggregation()), newSample(values)
	}
	r := u.ranked(c, name, u.leadTimes())
	return aggregateOf(r, u.aggregation()), r.sample()
}

func (u *union) recovery(c cuts) (Recovery, sample) {
	values := u.gather(c, u.recoveryTimes())[0]
	s := aggregate(values, u.aggregation())
	r := Recovery{
		Value: s.value, Statistic: statistic(u.aggregation()), Clock: evenkeel.RecoverFromFailure,
		Median: s.median, P75: s.p75, P90: s.p90, N: s.n, Low: s.low, High: s.high,
	}
	if u.fromDeployment() {
		r.Clock = evenkeel.RecoverFromDeployment
	}
	return r, newSample(values)
}

// findings counts notes by code.
type findings struct {
	count [noteCount]int
	ids   [noteCount][]ID
	seen  map[shownNote]bool
}

type shownNote struct {
	code uint8
	id   ID
}

// add counts a note once.
func (f *findings) add(code uint8, id ID) {
	if code >= noteCount || f.seen[shownNote{code, id}] {
		return
	}
	f.seen[shownNote{code, id}] = true
	f.count[code]++
	f.ids[code] = append(f.ids[code], id)
}

// reportNotes lists what is left out or contradictory in the window.
func (u *union) reportNotes(c cuts, end int64) ([]Exclusion, []Anomaly) {
	f := findings{seen: map[shownNote]bool{}}
	for _, p := range u.parts {
		c.eachOrUnknown(p.notes.at, func(row int) {
			if p.seesNote(u.scope, row) {
				f.add(p.notes.code[row], p.notes.id[row])
			}
		})
		u.future(&f, p, c.later(end))
	}
	return f.exclusions(u.tells), f.anomalies()
}

// seesNote says whether a note is in scope.
func (p *part) seesNote(s scope, row int) bool {
	if p.notes.flags[row]&flagUnplaced != 0 {
		return s.class == evenkeel.Production
	}
	return !p.unplacedOnly
}

// future lists what happens in the part of the window that has not elapsed.
func (u *union) future(f *findings, p *part, later cuts) {
	later.each(p.incidents.at, func(_, row int) {
		if p.seesIncident(u.scope, row) {
			f.add(noteInFuture, p.incidents.id[row])
		}
	})
	if p.unplacedOnly {
		return
	}
	later.each(p.deployments.at, func(_, row int) { f.add(noteInFuture, p.deployments.id[row]) })
	later.each(p.attempts.at, func(_, row int) { f.add(noteInFuture, p.attempts.id[row]) })
	later.each(p.recoveries.at, func(_, row int) { f.add(noteInFuture, p.recoveries.id[row]) })
}

// firstNames writes the first ids, in order.
func firstNames(ids []ID) []string {
	slices.SortFunc(ids, ID.compare)
	names := make([]string, 0, min(len(ids), maxIDs))
	for _, id := range ids[:min(len(ids), maxIDs)] {
		names = append(names, id.String())
	}
	return names
}

func (f *findings) exclusions(tells func(code uint8) bool) []Exclusion {
	list := []Exclusion{}
	for code, kind := range noteKinds() {
		if f.count[code] > 0 && kind.metric != "" && tells(uint8(code)) {
			list = append(list, Exclusion{kind.metric, kind.reason, f.count[code], firstNames(f.ids[code])})
		}
	}
	slices.SortStableFunc(list, func(a, b Exclusion) int {
		return cmp.Or(cmp.Compare(a.Metric, b.Metric), cmp.Compare(a.Reason, b.Reason))
	})
	return list
}

func (f *findings) anomalies() []Anomaly {
	list := []Anomaly{}
	for code, kind := range noteKinds() {
		if f.count[code] > 0 && kind.anomaly != "" {
			list = append(list, Anomaly{kind.anomaly, f.count[code], firstNames(f.ids[code])})
		}
	}
	slices.SortStableFunc(list, func(a, b Anomaly) int { return cmp.Compare(a.Kind, b.Kind) })
	return list
}
