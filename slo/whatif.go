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

// WhatIf says how the past would look with another target and window, from the
// slices that are known since an instant: windows that begin before it are left
// out, and without an instant all are. The method, the slices and what they were
// judged by stay.
func WhatIf(d Definition, o Objective, tallies Tallies, since, at time.Time) Outcome {
	out := Outcome{Target: o.Target, Window: d.Window, Now: Evaluate(d, o, tallies, at)}
	w := out.Now.Window
	if !d.Window.Rolling() {
		w = d.Window.Before(w.From)
	}
	for ; !since.IsZero() && !w.From.Before(since); w = d.Window.Before(w.From) {
		out.add(d, o, tallies, w)
	}
	return out
}

func (out *Outcome) add(d Definition, o Objective, tallies Tallies, w evenkeel.Window) {
	t := tallies.Tally(w)
	n := t.Count(d.Method, d.Missing)
	past := PastWindow{Window: w, SLI: n.SLI(), Coverage: t.Coverage()}
	if n.Total > 0 {
		consumed := o.Target.Spent(n.Bad, n.Total)
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
