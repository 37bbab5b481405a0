package slo

import (
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// Outcome is how windows of the past would have ended with another target or
// window.
type Outcome struct {
	Target Target
	Window TimeWindow
	// Windows are whole windows from the newest back; rolling ones end one span
	// apart.
	Windows []PastWindow
	// Met and Missed are how many of them have a value; Unknown how many do not.
	Met, Missed, Unknown int
	// Now is where the objective would stand.
	Now Result
}

// PastWindow is how one window ended. Nil is no value.
type PastWindow struct {
	Window        evenkeel.Window
	SLI, Consumed *float64
	Met           *bool
	Coverage      *float64
}

// WhatIf says how the past would look with other targets and a window, one outcome
// for each target. Windows that begin before since are left out, and without an
// instant all are. The method, the slices and what they were judged by stay. The
// tallies of what is said of an instant are asked for by it: what slices hold is
// looked for no further back than [Definition.Since] of it.
func WhatIf(d Definition, o Objective, targets []Target, tallies func(at time.Time) Tallies, since, at time.Time) []Outcome {
	list := make([]Outcome, len(targets))
	now := tallies(at)
	for i, target := range targets {
		o.Target = target
		list[i] = Outcome{Target: target, Window: d.Window, Now: Evaluate(d, o, now, at)}
	}
	w := d.Window.At(floor(at, o.counted(d)))
	if !d.Window.Rolling() {
		w = d.Window.Before(w.From)
	}
	for ; !since.IsZero() && !w.From.Before(since); w = d.Window.Before(w.From) {
		t := tallies(w.To).Tally(w)
		for i := range list {
			list[i].add(d, t, w)
		}
	}
	return list
}

func (out *Outcome) add(d Definition, t Tally, w evenkeel.Window) {
	n := t.Count(d.Method, d.Missing)
	past := PastWindow{Window: w, SLI: n.SLI(), Coverage: t.Coverage()}
	if n.Total > 0 {
		consumed := out.Target.Spent(n.Bad, n.Total)
		met := consumed <= 1
		past.Consumed, past.Met = &consumed, &met
	}
	switch {
	case past.Met == nil:
		out.Unknown++
	case *past.Met:
		out.Met++
	default:
		out.Missed++
	}
	out.Windows = append(out.Windows, past)
}
