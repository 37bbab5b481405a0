package slo

import (
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// anyBad counts slices that are bad for any member. One that is bad for none
// and of which a member knows nothing is missing; where a member was idle, the
// others decide.
func (c *Composite) anyBad(d Definition, jointly Tallies) {
	step := d.longest()
	t := jointly.Tally(evenkeel.Window{From: floor(c.Window.From, step), To: floor(c.At, step)})
	n := t.Count(Timeslices, MissingExclude)
	if n.Total == 0 {
		return
	}
	c.spend(d, n.Bad/n.Total, c.budgets())
}

// joint are slices that are good for all members or bad for any: a composite that
// is counted as one objective is. What was counted once is kept.
type joint struct {
	d       Definition
	members []Tallies
	step    time.Duration
	// slices and blocks of them are kept by the second that they begin at.
	slices, blocks map[int64]Tally
}

func newJoint(d Definition, members []Tallies) joint {
	return joint{d, members, d.longest(), map[int64]Tally{}, map[int64]Tally{}}
}

// Tally implements [Tallies].
func (j joint) Tally(window evenkeel.Window) (t Tally) {
	block := j.step
	if time.Hour%j.step == 0 {
		block = time.Hour
	}
	for at, to := floor(window.From, j.step), floor(window.To, j.step); at.Before(to); {
		if end := at.Add(block); block > j.step && at.Equal(floor(at, block)) && !end.After(to) {
			t, at = t.Add(j.block(evenkeel.Window{From: at, To: end})), end
			continue
		}
		t, at = t.Add(j.slice(at)), at.Add(j.step)
	}
	return t
}

func (j joint) block(window evenkeel.Window) Tally {
	return keep(j.blocks, window.From, func() (t Tally) {
		for at := window.From; at.Before(window.To); at = at.Add(j.step) {
			t = t.Add(j.judge(at))
		}
		return t
	})
}

func (j joint) slice(at time.Time) Tally {
	return keep(j.slices, at, func() Tally { return j.judge(at) })
}

func (j joint) judge(at time.Time) Tally {
	return anyBadSlice(j.d, j.members, evenkeel.Window{From: at, To: at.Add(j.step)}).tally()
}

// keep counts once what begins at an instant.
func keep(kept map[int64]Tally, at time.Time, count func() Tally) Tally {
	t, known := kept[at.Unix()]
	if !known {
		t = count()
		kept[at.Unix()] = t
	}
	return t
}

// together is the one objective that slices which are bad for any member are
// counted for, where the rule has it so and a budget is left.
func (d Definition) together() (Objective, bool) {
	if d.Composite != CompositeOpenSLO || d.Method != Timeslices {
		return Objective{}, false
	}
	o := Objective{Target: d.CompositeTarget, SliceWindow: d.longest()}
	if o.Target.IsZero() {
		o.Target = d.jointTarget()
	}
	return o, !o.Target.IsZero()
}

// jointTarget leaves the budgets of all members together; none if they are the
// whole or more.
func (d Definition) jointTarget() (t Target) {
	t.whole = 1
	for _, o := range d.Objectives {
		t.whole = max(t.whole, o.Target.whole)
	}
	left := t.whole
	for _, o := range d.Objectives { // Both are powers of ten.
		left -= (o.Target.whole - o.Target.parts) * (t.whole / o.Target.whole)
	}
	if left < 0 {
		return Target{}
	}
	return Target{left, t.whole}
}

// longest is the longest of the slices that objectives count.
func (d Definition) longest() (step time.Duration) {
	for _, o := range d.Objectives {
		step = max(step, o.counted(d))
	}
	return step
}

// verdict is what a slice is for all members together.
type verdict int

const (
	isUnknown verdict = iota
	isGood
	isBad
	// isQuiet is one in which nothing happened, isExcluded one that a correction of
	// some member leaves out.
	isQuiet
	isExcluded
)

func (v verdict) tally() Tally {
	switch v {
	case isGood:
		return Tally{GoodSlices: 1}
	case isBad:
		return Tally{BadSlices: 1}
	case isQuiet:
		return Tally{NoData: 1, Idle: 1}
	case isExcluded:
		return Tally{Excluded: 1}
	default:
		return Tally{NoData: 1}
	}
}

// anyBadSlice is bad if it is for any member, else unknown if it is for any, else
// excluded, else good.
func anyBadSlice(d Definition, members []Tallies, window evenkeel.Window) verdict {
	unknown, excluded, good := false, false, false
	for _, m := range members {
		t := m.Tally(window)
		switch n := t.Count(Timeslices, d.Missing); {
		case n.Bad > 0:
			return isBad
		case n.Good > 0:
			good = true
		case t.Excluded > 0:
			excluded = true
		case !t.Quiet():
			unknown = true
		}
	}
	switch {
	case unknown:
		return isUnknown
	case excluded:
		return isExcluded
	case good:
		return isGood
	default:
		return isQuiet
	}
}
