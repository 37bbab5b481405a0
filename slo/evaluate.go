package slo

import (
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// Result is where an objective stands at an instant. Nil is no value: nothing
// was measured, or nothing can be said.
type Result struct {
	At time.Time
	// Window is what is counted: up to At for a rolling window, up to its end
	// for one of the calendar.
	Window evenkeel.Window
	Target Target
	// Tally is what was measured from the window's beginning to At.
	Tally Tally
	// Count is what the method made of it, in events or in slices.
	Count Count
	SLI   *float64
	// Consumed is the share of the budget that is spent, (1-SLI)/(1-target),
	// above 1 if it is overdrawn, and Remaining is 1 less it.
	Consumed, Remaining *float64
	// Projected is what was spent so far of the budget of the whole window of the
	// calendar, and Expected the events or slices that it will have had: all of
	// its slices but those excluded so far where slices are counted, and where
	// events are, what these have at the pace so far. Nil for a rolling window.
	Projected, Expected *float64
	// Coverage is the share of slices up to At of which it is known what
	// happened.
	Coverage *float64
}

// Evaluate says where an objective stands at an instant, which is moved down to
// the beginning of a counted slice: the slice that is still running is not
// counted.
func Evaluate(d Definition, o Objective, tallies Tallies, at time.Time) Result {
	at = floor(at, o.counted(d))
	r := evaluate(d, o, tallies, d.Window.At(at), at)
	if r.Consumed != nil && !d.Window.Rolling() {
		r.project(d, o)
	}
	return r
}

// evaluate says what a window came to up to an instant.
func evaluate(d Definition, o Objective, tallies Tallies, window evenkeel.Window, at time.Time) Result {
	r := Result{At: at, Window: window, Target: o.Target}
	r.Tally = tallies.Tally(evenkeel.Window{From: window.From, To: at})
	r.Count = r.Tally.Count(d.Method, d.Missing)
	r.Coverage = r.Tally.Coverage()
	r.spend()
	return r
}

// spend sets what follows from the count.
func (r *Result) spend() {
	if r.SLI = r.Count.SLI(); r.SLI == nil {
		return
	}
	consumed := r.Target.Spent(r.Count.Bad, r.Count.Total)
	remaining := 1 - consumed
	r.Consumed, r.Remaining = &consumed, &remaining
}

// project reckons the budget of the whole window of the calendar.
func (r *Result) project(d Definition, o Objective) {
	step := o.counted(d)
	begin, end := floor(r.Window.From, step), floor(r.Window.To, step)
	expected := float64(int64(end.Sub(begin)/step) - r.Tally.Excluded)
	if d.Method == Occurrences {
		expected = r.Count.Total * expected / float64(r.Tally.Slices())
	}
	projected := o.Target.Spent(r.Count.Bad, expected)
	r.Expected, r.Projected = &expected, &projected
}
