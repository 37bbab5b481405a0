package metrics

import (
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// tally counts one bucket.
type tally struct {
	deployments, days, rollbacks, redeployments   int
	failed, inferred, immature, rework, uncovered int
	attempts                                      int
	methods                                       [methodCount]int
	opened, attributed, unresolved                int
}

// tallies counts everything that is not a duration, per bucket.
func (u *union) tallies(c cuts) []tally {
	out := make([]tally, len(c)-1)
	days := u.newDays(c)
	mature := u.asOf - u.query.Policy.FailureWindow.Microseconds()
	for _, p := range u.parts {
		u.tallyIncidents(c, p, out)
		if p.unplacedOnly {
			continue
		}
		d := &p.deployments
		days.at = 0
		c.each(d.at, func(bucket, row int) {
			if p.skipDeployments != nil && p.skipDeployments[row] {
				return
			}
			flags, method := d.flags[row], d.method[row]
			if j, ok := p.joined[row]; ok {
				flags, method = j.flags, j.method
			}
			out[bucket].deployment(flags, method)
			if d.at[row] > mature && !u.query.AsOf.IsZero() {
				out[bucket].immature++
			}
			days.mark(d.at[row])
		})
		c.each(p.attempts.at, func(bucket, row int) {
			if !p.skipAttempts[row] {
				out[bucket].attempts++
			}
		})
	}
	days.count(c, out)
	return out
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
		if p.skipIncidents[row] || !p.seesIncident(u.scope, row) {
			return
		}
		out[bucket].opened++
		if i.rung[row] == rungNone {
			return
		}
		out[bucket].attributed++
		if i.restored[row] == unknown || i.restored[row] > u.asOf {
			out[bucket].unresolved++
		}
	})
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
	values, flags := c.values[from:to], c.flags[from:to]
	for i, v := range values {
		if v >= 0 && flags[i]&hidden == 0 && (c.skip == nil || !c.skip[from+i]) {
			out = append(out, v)
		}
	}
	return out
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
