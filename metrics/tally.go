package metrics

import (
	"math"
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// tally counts one bucket.
type tally struct {
	deployments, days, rollbacks, redeployments   int
	failed, inferred, immature, rework, uncovered int
	attempts, attemptsFailed, succeeded           int
	methods                                       [methodCount]int
	opened, attributed, unlinked, unresolved      int
}

// tallies counts everything that is not a duration, per bucket.
func (u *union) tallies(c cuts) []tally {
	out := make([]tally, len(c)-1)
	days := u.newDays(c)
	mature := u.mature()
	for _, p := range u.parts {
		u.tallyIncidents(c, p, out)
		if p.unplacedOnly {
			continue
		}
		d := &p.deployments
		days.at = 0
		c.each(d.at, func(bucket, row int) {
			one, counts := p.deployment(row)
			if !counts {
				return
			}
			out[bucket].deployment(one.flags, one.method)
			out[bucket].succeeded += p.recordsOf(row)
			if d.at[row] > mature {
				out[bucket].immature++
			}
			days.mark(d.at[row])
		})
		c.each(p.attempts.at, func(bucket, row int) {
			if p.skipAttempts[row] {
				return
			}
			out[bucket].attempts++
			if p.attempts.flags[row]&flagFailed != 0 {
				out[bucket].attemptsFailed++
			}
		})
	}
	days.count(c, out)
	return out
}

// deployment is what is known of a counted deployment; counts is false where
// another application's row stands for it.
func (p *part) deployment(row int) (one joinedDeployment, counts bool) {
	if p.skipDeployments != nil && p.skipDeployments[row] {
		return one, false
	}
	if joined, ok := p.joined[row]; ok {
		return joined, true
	}
	d := &p.deployments
	return joinedDeployment{flags: d.flags[row], rung: d.rung[row], method: d.method[row], nearGap: d.nearGap[row]}, true
}

// recordsOf counts the records of a counted deployment.
func (p *part) recordsOf(row int) int {
	from, to := rowsOf(p.deployments.recordOf, int32(row))
	return 1 + to - from
}

// mature is the last instant of which the failure window has passed.
func (u *union) mature() int64 {
	if u.query.AsOf.IsZero() {
		return math.MaxInt64
	}
	return u.asOf - u.query.Policy.FailureWindow.Microseconds()
}

func (t *tally) deployment(flags uint16, method uint8) {
	t.deployments++
	t.methods[method]++
	for _, one := range [...]struct {
		flag  uint16
		count *int
	}{{flagRollback, &t.rollbacks}, {flagRedeploy, &t.redeployments}, {flagFailed, &t.failed}, {flagInferred, &t.inferred}, {flagRework, &t.rework}} {
		if flags&one.flag != 0 {
			*one.count++
		}
	}
	if flags&flagBaseline != 0 || method == methodNone {
		t.uncovered++
	}
}

func (u *union) tallyIncidents(c cuts, p *part, out []tally) {
	i := &p.incidents
	c.each(i.at, func(bucket, row int) {
		if !u.countsIncident(p, row) {
			return
		}
		out[bucket].opened++
		if i.rung[row] == rungNone {
			if i.flags[row]&flagSaid != 0 {
				out[bucket].unlinked++
			}
			return
		}
		out[bucket].attributed++
		if u.unresolved(p, row) {
			out[bucket].unresolved++
		}
	})
}

// countsIncident says whether an incident is in scope, and no other
// application's row stands for it.
func (u *union) countsIncident(p *part, row int) bool {
	return !p.skipIncidents[row] && p.seesIncident(u.scope, row)
}

// unresolved says that an attributed incident is not restored at the present.
func (u *union) unresolved(p *part, row int) bool {
	i := &p.incidents
	return i.rung[row] != rungNone && (i.restored[row] == unknown || i.restored[row] > u.asOf)
}

// days marks the calendar days on which something was deployed.
type days struct {
	starts []int64 // One more than there are days.
	marked []bool
	at     int // Of the last mark; marks of one part ascend.
}

// newDays covers the days on which anything was deployed, however long the
// window is.
func (u *union) newDays(c cuts) *days {
	from, to := int64(maxMicros), int64(minMicros)
	for _, p := range u.parts {
		at := p.deployments.at
		first, _ := slices.BinarySearch(at, c[0])
		last, _ := slices.BinarySearch(at, c[len(c)-1])
		if first < last {
			from, to = min(from, at[first]), max(to, at[last-1]+1)
		}
	}
	bounds, _ := edges(evenkeel.Window{From: instant(from), To: instant(to)}, Day, u.query.Policy)
	d := &days{starts: make([]int64, len(bounds)), marked: make([]bool, len(bounds))}
	for i, t := range bounds {
		d.starts[i] = micros(t)
	}
	return d
}

func (d *days) mark(at int64) {
	for d.at+1 < len(d.starts) && at >= d.starts[d.at+1] {
		d.at++
	}
	d.marked[d.at] = true
}

func (d *days) count(c cuts, out []tally) {
	for i, marked := range d.marked {
		if !marked {
			continue
		}
		bucket, exact := slices.BinarySearch(c, d.starts[i])
		if !exact {
			bucket--
		}
		out[min(bucket, len(out)-1)].days++
	}
}

// column is a part's durations with what hides them.
type column struct {
	at, values []int64
	flags      []uint16
	skip       map[int]bool
}

// gather collects a column's visible durations per bucket. A single bucket
// lies in a buffer that the next call overwrites.
func (u *union) gather(c cuts, of func(*part) column) [][]int64 {
	out := make([][]int64, len(c)-1)
	if len(out) == 1 {
		u.buffer = slices.Grow(u.buffer[:0], u.rows(c, of))
		out[0] = u.buffer
	}
	for _, p := range u.parts {
		if p.unplacedOnly {
			continue
		}
		col := of(p)
		row, _ := slices.BinarySearch(col.at, c[0])
		for bucket := range out {
			to, _ := slices.BinarySearch(col.at[row:], c[bucket+1])
			out[bucket] = col.append(out[bucket], row, row+to, u.hidden)
			row += to
		}
	}
	return out
}

// rows is how many rows a column holds in the window.
func (u *union) rows(c cuts, of func(*part) column) int {
	n := 0
	for _, p := range u.parts {
		at := of(p).at
		from, _ := slices.BinarySearch(at, c[0])
		to, _ := slices.BinarySearch(at[from:], c[len(c)-1])
		n += to
	}
	return n
}

func (c column) append(out []int64, from, to int, hidden uint16) []int64 {
	for i, v := range c.values[from:to] {
		if v >= 0 && c.shows(from+i, hidden) {
			out = append(out, v)
		}
	}
	return out
}

// shows says whether a row is neither hidden nor stood for by another one. It
// is counted if it also has a value.
func (c *column) shows(row int, hidden uint16) bool {
	return c.flags[row]&hidden == 0 && (c.skip == nil || !c.skip[row])
}

func leads(p *part) column {
	return column{p.changes.at, p.changes.lead, p.changes.flags, p.skipChanges}
}

func commitLeads(p *part) column {
	return column{p.commits.at, p.commits.lead, p.commits.flags, p.skipCommits}
}

func phaseTimes(phase int) func(*part) column {
	return func(p *part) column {
		return column{p.changes.at, p.changes.phases[phase], p.changes.flags, p.skipChanges}
	}
}

func recoveryTimes(p *part) column {
	c := &p.recoveries
	return column{c.at, p.withJoined(c.recovery, func(r recoveryRow) int64 { return r.recovery }), c.flags, p.skipRecoveries}
}

func deploymentTimes(p *part) column {
	c := &p.recoveries
	return column{c.at, p.withJoined(c.fromDeployment, func(r recoveryRow) int64 { return r.fromDeployment }), c.flags, p.skipRecoveries}
}

// withJoined is a column of recoveries with what sharing changes in it.
func (p *part) withJoined(values []int64, of func(recoveryRow) int64) []int64 {
	if len(p.joinedRecovery) == 0 {
		return values
	}
	values = slices.Clone(values)
	for row, joined := range p.joinedRecovery {
		values[row] = of(joined)
	}
	return values
}

// elapsedDays is the length of a bucket in days of 24 hours.
func elapsedDays(from, to int64) float64 {
	return float64(to-from) / float64((24 * time.Hour).Microseconds())
}
