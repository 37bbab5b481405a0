package metrics

import (
	"math"
	"slices"

	"github.com/evenkeel-dev/evenkeel"
)

// Within is what happened while one of the spans lasted: each row by its own
// instant, work in progress by its beginning. Rows of unknown instants stay,
// because they belong to every window. A zero From or To leaves a span open
// at that end. One open span gives d itself; no span gives nothing.
func (d Derived) Within(spans []evenkeel.Window) Derived {
	if len(spans) == 1 && spans[0].From.IsZero() && spans[0].To.IsZero() {
		return d
	}
	out := Derived{Application: d.Application, lookup: &lookup{}}
	if len(spans) == 0 {
		return out
	}
	s := spansOf(spans)
	for _, e := range d.columns() {
		out.environments = append(out.environments, e.within(s))
	}
	return out
}

// spans are pairs of instants, half-open and ascending.
type spans [][2]int64

func spansOf(windows []evenkeel.Window) spans {
	out := make(spans, len(windows))
	for i, w := range windows {
		out[i] = [2]int64{micros(w.From), micros(w.To)}
		if w.To.IsZero() {
			out[i][1] = math.MaxInt64
		}
	}
	return out
}

func (s spans) hold(at int64) bool {
	return at == unknown || slices.ContainsFunc(s, func(span [2]int64) bool { return span[0] <= at && at < span[1] })
}

// rows lists the rows of a column that lie in the spans.
func (s spans) rows(at []int64) []int32 {
	var kept []int32
	for row, instant := range at {
		if s.hold(instant) {
			kept = append(kept, int32(row))
		}
	}
	return kept
}

// pick is the given rows of a column.
func pick[T any](column []T, rows []int32) []T {
	out := make([]T, len(rows))
	for i, row := range rows {
		out[i] = column[row]
	}
	return out
}

// renumbered is the given rows of a column of deployments' rows, as they are
// after only some deployments were kept.
func renumbered(column, rows, deployments []int32) []int32 {
	out := make([]int32, len(rows))
	for i, row := range rows {
		at, _ := slices.BinarySearch(deployments, column[row])
		out[i] = int32(at)
	}
	return out
}

func (e *environment) within(s spans) *environment {
	out := &environment{name: e.name, class: e.class, known: e.deployed()}
	kept := s.rows(e.deployments.at)
	out.deployments = e.deployments.pick(kept)
	out.changes = e.changes.pick(s.rows(e.changes.at), kept)
	rows := s.rows(e.commits.at)
	c := &e.commits
	out.commits = commits{id: pick(c.id, rows), at: pick(c.at, rows), deployment: renumbered(c.deployment, rows, kept), flags: pick(c.flags, rows), lead: pick(c.lead, rows)}
	rows = s.rows(e.attempts.at)
	out.attempts = attempts{pick(e.attempts.id, rows), pick(e.attempts.at, rows), pick(e.attempts.flags, rows)}
	out.incidents = e.incidents.pick(s.rows(e.incidents.at))
	rows = s.rows(e.recoveries.at)
	r := &e.recoveries
	out.recoveries = recoveries{pick(r.id, rows), pick(r.at, rows), pick(r.flags, rows), pick(r.recovery, rows), pick(r.fromDeployment, rows)}
	out.notes, out.unshipped = e.notes.pick(s.rows(e.notes.at)), e.unshipped.pick(s.rows(e.unshipped.at))
	rows = s.rows(e.reversals.at)
	out.reversals = reversals{pick(e.reversals.at, rows), pick(e.reversals.by, rows), pick(e.reversals.id, rows)}
	rows = s.rows(e.blames.at)
	out.blames = e.blames.pick(rows)
	rows = s.rows(e.open.at)
	o := &e.open
	out.open = open{pick(o.id, rows), pick(o.at, rows), pick(o.merged, rows), pick(o.closed, rows), pick(o.flags, rows), pick(o.size, rows)}
	rows = s.rows(e.builds.at)
	b := &e.builds
	out.builds = builds{pick(b.id, rows), pick(b.at, rows), pick(b.flags, rows), pick(b.wait, rows), pick(b.run, rows)}
	return out
}

func (c *deployments) pick(rows []int32) deployments {
	out := deployments{
		id: pick(c.id, rows), at: pick(c.at, rows), flags: pick(c.flags, rows), rung: pick(c.rung, rows), method: pick(c.method, rows),
		shipped: pick(c.shipped, rows), nearGap: pick(c.nearGap, rows),
	}
	for n, of := range c.recordOf {
		if at, ok := slices.BinarySearch(rows, of); ok {
			out.records, out.recordOf = append(out.records, c.records[n]), append(out.recordOf, int32(at))
		}
	}
	return out
}

func (c *changes) pick(rows, deployments []int32) changes {
	out := changes{
		id: pick(c.id, rows), at: pick(c.at, rows), deployment: renumbered(c.deployment, rows, deployments), flags: pick(c.flags, rows), lead: pick(c.lead, rows),
		method: pick(c.method, rows), buildRun: pick(c.buildRun, rows), deployRun: pick(c.deployRun, rows), size: pick(c.size, rows), begun: pick(c.begun, rows),
	}
	for p := range c.phases {
		out.phases[p] = pick(c.phases[p], rows)
	}
	return out
}

func (c *incidents) pick(rows []int32) incidents {
	return incidents{
		pick(c.id, rows), pick(c.at, rows), pick(c.flags, rows), pick(c.rung, rows), pick(c.deployment, rows),
		pick(c.restored, rows), pick(c.recovery, rows), pick(c.automatic, rows), pick(c.automaticRung, rows),
	}
}

func (c *blames) pick(rows []int32) blames {
	return blames{pick(c.at, rows), pick(c.by, rows), pick(c.id, rows), pick(c.rung, rows), pick(c.flags, rows)}
}

func (n *notes) pick(rows []int32) notes {
	return notes{pick(n.at, rows), pick(n.code, rows), pick(n.flags, rows), pick(n.id, rows)}
}
