package metrics

import (
	"cmp"
	"slices"

	"github.com/evenkeel-dev/evenkeel"
)

// Flags of open changes beside those of shipped ones; see [open].
const (
	openUndeployed   uint16 = 1 << 1 // No production deployment of its repository is known.
	openPathsUnknown uint16 = 1 << 2 // It is not known whose it is.
)

// openRow is a change that did not reach production.
type openRow struct {
	id                 ID
	at, merged, closed int64
	flags              uint16
	size               int64
	change             int32
}

// open lists the changes that no production deployment shipped.
func (d *derivation) open() {
	deployed := d.deployed()
	for i := range d.changes {
		if row, ok := d.inProgress(int32(i), deployed); ok {
			d.opened = append(d.opened, row)
		}
	}
	slices.SortFunc(d.opened, openRow.compare)
}

// deployed names the repositories that production is deployed from.
func (d *derivation) deployed() map[string]bool {
	repositories := map[string]bool{}
	for _, s := range d.ordered {
		if s.class() != evenkeel.Production {
			continue
		}
		for name, l := range s.lanes {
			if l.baseline > 0 {
				repositories[name] = true
			}
		}
	}
	return repositories
}

// inProgress says whether a change is not in production. What was closed
// without a merge at an unknown time was in progress at no known time and is
// left out.
func (d *derivation) inProgress(i int32, deployed map[string]bool) (row openRow, ok bool) {
	c := &d.changes[i]
	if c.verdict == pathsOthers {
		return row, false
	}
	for _, s := range d.ordered {
		if s.rests != nil && s.rests[i].done {
			return row, false
		}
	}
	row, ok = c.open()
	row.change = i
	if !deployed[c.repo.name] {
		row.flags |= openUndeployed
	}
	return row, ok
}

// fill turns rows into columns.
func (o *open) fill(rows []openRow) {
	for _, r := range rows {
		o.id, o.at, o.merged, o.closed = append(o.id, r.id), append(o.at, r.at), append(o.merged, r.merged), append(o.closed, r.closed)
		o.flags, o.size = append(o.flags, r.flags), append(o.size, r.size)
	}
}

func (c *change) open() (openRow, bool) {
	v := &c.fact.Value
	row := openRow{id: c.id, at: c.begun(), merged: micros(v.MergedAt), closed: unknown, flags: sharedFlag(c.fact.Shared), size: c.size()}
	if c.verdict == pathsUnknown {
		row.flags |= openPathsUnknown
	}
	merged := row.merged != unknown || v.State == evenkeel.ChangeMerged
	if !merged && v.State != evenkeel.ChangeOpen {
		row.closed = micros(v.ClosedAt)
	}
	return row, merged || v.State != evenkeel.ChangeClosed || row.closed != unknown
}

// progress is a change in progress.
type progress struct {
	id          ID
	application string
	begun       int64
}

const metricProgress = "work_in_progress"

// inProgress lists what had begun at the instant t, and had neither reached
// production by then nor been closed. A change of several applications counts
// once, and is done once it reached production in one of them.
func inProgress(q Query, parts []Derived, t int64, left *exclusionCount) InProgress {
	q.Environment = string(evenkeel.Production)
	u := newUnion(q, parts)
	// Facts of the instant itself are the future of the window.
	done, seen := u.doneBefore(t), map[ID]bool{}
	var list []progress
	take := func(p *part, id ID, flags uint16, begun int64, reason string) {
		if begun >= t || flags&flagShared != 0 && (done[id] || seen[id]) {
			return
		}
		seen[id] = flags&flagShared != 0
		if reason != "" {
			left.add(metricProgress, reason, id)
			return
		}
		list = append(list, progress{id, p.application, begun})
	}
	for _, p := range u.parts {
		if p.unplacedOnly {
			continue
		}
		c, col := &p.changes, leads(p)
		for row, _ := slices.BinarySearch(c.at, t); row < len(c.at); row++ {
			if col.shows(row, u.hidden) {
				take(p, c.id[row], c.flags[row], c.begun[row], unbegun(c.begun[row]))
			}
		}
	}
	for _, p := range unnamed(parts) {
		o := &p.open
		for row, id := range o.id {
			if closed := o.closed[row]; closed == unknown || closed >= t {
				take(p, id, o.flags[row], o.at[row], cmp.Or(unbegun(o.at[row]), o.excluded(row, t)))
			}
		}
	}
	return aged(list, min(t, u.asOf))
}

// unbegun is the reason why a change of unknown beginning is left out.
func unbegun(at int64) string {
	if at == unknown {
		return "start_unknown"
	}
	return ""
}

// excluded says why a change that had begun is not counted as in progress.
func (o *open) excluded(row int, t int64) string {
	switch {
	case o.flags[row]&openPathsUnknown != 0:
		return "paths_unknown"
	case o.flags[row]&openUndeployed != 0 && o.merged[row] != unknown && o.merged[row] < t:
		return "deployment_unknown"
	}
	return ""
}

// doneBefore lists changes of several applications that reached production
// before an instant.
func (u *union) doneBefore(t int64) map[ID]bool {
	done := map[ID]bool{}
	for _, p := range u.parts {
		if p.unplacedOnly {
			continue
		}
		for row, flags := range p.changes.flags {
			if flags&flagShared != 0 && p.changes.at[row] < t {
				done[p.changes.id[row]] = true
			}
		}
		for row, code := range p.unshipped.code {
			if (code == noteShippedBefore || code == noteCarried || code == noteCarrier) && p.unshipped.flags[row]&flagShared != 0 {
				done[p.unshipped.id[row]] = true
			}
		}
	}
	return done
}

func aged(list []progress, t int64) InProgress {
	slices.SortFunc(list, func(a, b progress) int { return cmp.Or(cmp.Compare(a.begun, b.begun), a.id.compare(b.id)) })
	w := InProgress{At: instant(t), N: len(list), Oldest: []OpenChange{}}
	ages := make([]int64, len(list))
	for i, p := range list {
		ages[i] = t - p.begun
		if i < maxOldest {
			w.Oldest = append(w.Oldest, OpenChange{ID: p.id.String(), Application: p.application, Age: *secondsOf(ages[i])})
		}
	}
	if len(ages) > 0 {
		slices.Sort(ages)
		s := &selection{values: ages, n: len(ages), sorted: true}
		w.Median, w.P85 = quantile(s, 0.5), quantile(s, 0.85)
	}
	return w
}
