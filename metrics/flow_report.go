package metrics

import (
	"cmp"
	"slices"
)

// FlowOf answers where the changes that shipped in the window spent their
// time, over the union of the rows of several applications, as Compute does.
// Work in progress is that of the applications in open; these are parts
// themselves where ownership plays no role.
func FlowOf(q Query, open []Derived, parts ...Derived) Flow {
	u := newUnion(q, parts)
	c, _ := u.span()
	rows := u.shipped(c)
	t := u.tallies(c)[0]
	f := Flow{Changes: len(rows), Coverage: share(t.deployments-t.uncovered, t.deployments)}
	lead := summarise(u.gather(c, leads)[0])
	f.Lead = FlowLead{P50: lead.median, P90: lead.p90, N: lead.n}
	var left exclusionCount
	f.Efficiency, f.Stages = u.stages(c, rows, &left)
	f.Batch = batchOf(rows)
	f.Builds = builtIn(c, parts, rows)
	f.Points, f.PointsOf = pointsOf(rows)
	f.Longest = longest(rows, "", 0, maxLongest)
	f.WIP = inProgress(q, open, c[len(c)-1], &left)
	f.Exclusions, _ = u.reportNotes(c, c[len(c)-1])
	f.Exclusions = slices.DeleteFunc(f.Exclusions, func(e Exclusion) bool { return e.Metric != metricLeadTime })
	f.Exclusions = append(f.Exclusions, left.list()...)
	return f
}

// Longest lists changes of the window by their lead time or by one stage, the
// longest first, from a place on; more says that there are others after them.
func Longest(q Query, stage string, from, limit int, parts ...Derived) (list []LongChange, more bool) {
	u := newUnion(q, parts)
	c, _ := u.span()
	rows := u.shipped(c)
	list = longest(rows, stage, from, limit+1)
	if len(list) > limit {
		return list[:limit], true
	}
	return list, false
}

// shipped lists the rows of the changes that shipped in the window.
func (u *union) shipped(c cuts) []shared {
	var rows []shared
	for _, p := range u.parts {
		if p.unplacedOnly {
			continue
		}
		col := leads(p)
		c.each(p.changes.at, func(_, row int) {
			if col.shows(row, u.hidden) {
				rows = append(rows, shared{p, row})
			}
		})
	}
	return rows
}

// deployment is the id of the deployment that shipped a row's change.
func (s shared) deployment() ID {
	return s.part.deployments.id[s.part.changes.deployment[s.row]]
}

// flowTotals are sums over the changes of the flow efficiency, in microseconds.
type flowTotals struct {
	n, shipped int
	work, all  [phaseCount]int64
}

// add takes a change in, or says why it is left out.
func (t *flowTotals) add(c *changes, row int) (reason string) {
	switch {
	case c.phases[phaseCoding][row] < 0:
		return "coding_unknown"
	case c.phases[phasePickup][row] < 0 || c.phases[phaseReview][row] < 0:
		return "review_unknown"
	case c.flags[row]&flagChained == 0:
		return "stages_contradict"
	case c.deployRun[row] < 0 || (c.phases[phaseBuild][row] >= 0 && c.buildRun[row] < 0):
		return "running_time_unknown"
	}
	t.n++
	for p := range phaseCount {
		t.all[p] += max(c.phases[p][row], 0)
	}
	t.work[phaseCoding] += c.phases[phaseCoding][row]
	t.work[phaseReview] += c.phases[phaseReview][row]
	t.work[phaseBuild] += max(c.buildRun[row], 0)
	t.work[phaseDeploy] += c.deployRun[row]
	return ""
}

func (t *flowTotals) efficiency() Efficiency {
	e := Efficiency{N: t.n, Coverage: share(t.n, t.shipped)}
	var work, all int64
	for p := range phaseCount {
		work, all = work+t.work[p], all+t.all[p]
	}
	if t.n == 0 {
		return e
	}
	e.Work, e.Total = secondsOf(work), secondsOf(all)
	if all > 0 {
		value := float64(work) / float64(all)
		e.Value = &value
	}
	return e
}

const metricEfficiency = "flow_efficiency"

func (u *union) stages(c cuts, rows []shared, left *exclusionCount) (Efficiency, []FlowStage) {
	totals := flowTotals{shipped: len(rows)}
	for _, r := range rows {
		if reason := totals.add(&r.part.changes, r.row); reason != "" {
			left.add(metricEfficiency, reason, r.part.changes.id[r.row])
		}
	}
	e := totals.efficiency()
	list := make([]FlowStage, phaseCount)
	for i, name := range phaseNames() {
		s := summarise(u.gather(c, phaseTimes(i))[0])
		list[i] = FlowStage{Stage: name, Kind: stageKinds()[i], N: s.n, Median: s.median, P90: s.p90}
		if totals.n == 0 {
			continue
		}
		list[i].Work, list[i].Wait = secondsOf(totals.work[i]), secondsOf(totals.all[i]-totals.work[i])
		if e.Value != nil {
			part := float64(totals.all[i]) / 1e6 / *e.Total
			list[i].Share = &part
		}
	}
	return e, list
}

func batchOf(rows []shared) Batch {
	var counts, lines []int64
	for _, n := range perDeployment(rows) {
		counts = append(counts, n*1e6) // As microseconds, so that quantiles are in units.
	}
	for _, r := range rows {
		if size := r.part.changes.size[r.row]; size >= 0 {
			lines = append(lines, size*1e6)
		}
	}
	changes, size := summarise(counts), summarise(lines)
	return Batch{Changes: changes.median, ChangesN: changes.n, Lines: size.median, LinesN: size.n}
}

// perDeployment counts the changes of each deployment that ships any.
func perDeployment(rows []shared) map[ID]int64 {
	counts := map[ID]int64{}
	for _, r := range rows {
		counts[r.deployment()]++
	}
	return counts
}

// compareShipments orders rows by shipment, then id.
func compareShipments(a, b shared) int {
	x, y := &a.part.changes, &b.part.changes
	return cmp.Or(cmp.Compare(x.at[a.row], y.at[b.row]), x.id[a.row].compare(y.id[b.row]))
}

// pointsOf keeps all changes with a lead time if they are few; else, of each
// of 250 stretches with equally many changes, the shortest and the longest.
func pointsOf(rows []shared) (points []FlowPoint, of int) {
	timed := make([]shared, 0, len(rows))
	for _, r := range rows {
		if r.part.changes.lead[r.row] >= 0 {
			timed = append(timed, r)
		}
	}
	slices.SortFunc(timed, compareShipments)
	points = []FlowPoint{}
	if len(timed) <= maxPoints {
		for _, r := range timed {
			points = append(points, r.point())
		}
		return points, len(timed)
	}
	byLead := func(a, b shared) int { return cmp.Compare(a.part.changes.lead[a.row], b.part.changes.lead[b.row]) }
	for i := range maxPoints / 2 {
		some := timed[i*len(timed)/(maxPoints/2) : (i+1)*len(timed)/(maxPoints/2)]
		low, high := slices.MinFunc(some, byLead), slices.MaxFunc(some, byLead)
		kept := []shared{low, high}
		if low == high { // One row, or all are equally long.
			kept = kept[:1]
		}
		slices.SortFunc(kept, compareShipments)
		for _, r := range kept {
			points = append(points, r.point())
		}
	}
	return points, len(timed)
}

func (s shared) point() FlowPoint {
	c := &s.part.changes
	return FlowPoint{ID: c.id[s.row].String(), Application: s.part.application, At: instant(c.at[s.row]), Lead: *secondsOf(c.lead[s.row])}
}

// duration is what rows are ordered by: one stage, or the lead time.
func (s shared) duration(stage string) int64 {
	if at := slices.Index(stageNames(), stage); at >= 0 {
		return s.part.changes.phases[at][s.row]
	}
	return s.part.changes.lead[s.row]
}

func stageNames() []string {
	names := phaseNames()
	return names[:]
}

// longest lists rows with a lead time, the longest by a stage first.
func longest(rows []shared, stage string, from, limit int) []LongChange {
	timed := make([]shared, 0, len(rows))
	for _, r := range rows {
		if r.part.changes.lead[r.row] >= 0 && r.duration(stage) >= 0 {
			timed = append(timed, r)
		}
	}
	slices.SortFunc(timed, func(a, b shared) int {
		return cmp.Or(cmp.Compare(b.duration(stage), a.duration(stage)), compareShipments(a, b))
	})
	list := []LongChange{}
	if from >= len(timed) {
		return list
	}
	counts := perDeployment(rows)
	for _, r := range timed[from:min(len(timed), from+limit)] {
		list = append(list, r.long(counts))
	}
	return list
}

func (s shared) long(counts map[ID]int64) LongChange {
	c := &s.part.changes
	l := LongChange{
		ID: c.id[s.row].String(), Application: s.part.application, Total: *secondsOf(c.lead[s.row]),
		Others: int(counts[s.deployment()]) - 1, Deployment: s.deployment().String(), DeployedAt: instant(c.at[s.row]),
	}
	greatest := int64(none)
	for i, name := range phaseNames() {
		if c.phases[i][s.row] > greatest {
			greatest, l.Stage = c.phases[i][s.row], name
		}
	}
	l.StageSeconds = secondsOf(greatest)
	return l
}

// exclusionCount counts what is left out of figures, by figure and reason.
type exclusionCount struct {
	order []Exclusion
	ids   [][]ID
}

func (e *exclusionCount) add(metric, reason string, id ID) {
	at := slices.IndexFunc(e.order, func(x Exclusion) bool { return x.Metric == metric && x.Reason == reason })
	if at < 0 {
		at = len(e.order)
		e.order, e.ids = append(e.order, Exclusion{Metric: metric, Reason: reason}), append(e.ids, nil)
	}
	e.order[at].Count++
	e.ids[at] = append(e.ids[at], id)
}

func (e *exclusionCount) list() []Exclusion {
	list := make([]Exclusion, len(e.order))
	for i, x := range e.order {
		x.IDs = firstNames(e.ids[i])
		list[i] = x
	}
	slices.SortStableFunc(list, func(a, b Exclusion) int {
		return cmp.Or(cmp.Compare(a.Metric, b.Metric), cmp.Compare(a.Reason, b.Reason))
	})
	return list
}
