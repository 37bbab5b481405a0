package slo

import (
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// anyBad counts slices that are bad for any member. One that is bad for none
// and of which a member knows nothing is missing; where a member was idle, the
// others decide.
func (c *Composite) anyBad(d Definition, members []Tallies) {
	step := d.longest()
	t := joint(d, members, evenkeel.Window{From: floor(c.Window.From, step), To: floor(c.At, step)})
	n := t.Count(Timeslices, MissingExclude)
	if n.Total == 0 {
		return
	}
	c.spend(d, n.Bad/n.Total, c.budgets())
}

// joint is a tally of slices that are good for all members or bad for any.
func joint(d Definition, members []Tallies, window evenkeel.Window) (t Tally) {
	step := d.longest()
	for at := window.From; at.Before(window.To); at = at.Add(step) {
		switch anyBadSlice(d, members, evenkeel.Window{From: at, To: at.Add(step)}) {
		case isGood:
			t.GoodSlices++
		case isBad:
			t.BadSlices++
		default:
			t.NoData++
		}
	}
	return t
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
)

func anyBadSlice(d Definition, members []Tallies, window evenkeel.Window) verdict {
	v, unknown := isUnknown, false
	for _, m := range members {
		t := m.Tally(window)
		switch n := t.Count(Timeslices, d.Missing); {
		case n.Bad > 0:
			return isBad
		case n.Good > 0:
			v = isGood
		case !t.Quiet():
			unknown = true
		}
	}
	if unknown {
		return isUnknown
	}
	return v
}
