package main

import (
	"fmt"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// tellOdd says on standard error what is odd about the data of an objective's
// window: its figures stand, and somebody should know what they rest on.
func (p *Process) tellOdd(d slo.Definition, o slo.Objective, r grouped, a slo.Assessment) {
	name := d.Name + r.group
	if o.Name != "" {
		name += " " + o.Name
	}
	tell := func(n int, text string, at ...time.Time) {
		if n > 0 {
			fmt.Fprintf(p.Stderr, "%s: %d %s%s\n", name, n, text, first(at))
		}
	}
	if o.In(d).Counter {
		odd := counted(d, r.measured)
		resets, born, gaps := within(instants(odd.Resets), a.Window, a.At), within(instants(odd.Born), a.Window, a.At), within(ends(odd.Gaps), a.Window, a.At)
		tell(len(resets), "times a counter went back; what it had counted between its last reading and then is lost", resets...)
		tell(len(born), "times a counter was first read later than its series, and taken to have begun at 0", born...)
		tell(len(gaps), "long spans without a reading; the increase is laid to the slice after", gaps...)
	}
	tell(int(a.Tally.Overfull), "slices had more good or bad events than there were at all (good_gt_total)")
	tell(int(a.Tally.Unusable), "slices were left out: a number was negative or not a number (unusable)")
}

// within are the instants of a window up to when it was evaluated.
func within(list []time.Time, w evenkeel.Window, at time.Time) (inside []time.Time) {
	for _, t := range list {
		if !t.Before(w.From) && t.Before(at) {
			inside = append(inside, t)
		}
	}
	return inside
}

func instants(list []slo.CounterEvent) (at []time.Time) {
	for _, e := range list {
		at = append(at, e.At)
	}
	return at
}

func ends(windows []evenkeel.Window) (list []time.Time) {
	for _, w := range windows {
		list = append(list, w.To)
	}
	return list
}

// first names the first instant; empty for none.
func first(at []time.Time) string {
	if len(at) == 0 {
		return ""
	}
	return ", first at " + stamp(at[0])
}
