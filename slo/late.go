package slo

import "github.com/evenkeel-dev/evenkeel"

// Revision is what became known of a window between two instants of knowledge:
// late measurements, corrected ones, and those taken back.
type Revision struct {
	Window evenkeel.Window
	// Then and Now are what the whole window came to.
	Then, Now Tally
	// Arrived are slices that had no data and have some now, Withdrawn the other
	// way round, Altered those that had data and have other data.
	Arrived, Withdrawn, Altered int64
	// Spans are where slices differ, in order of time and apart.
	Spans []evenkeel.Window
}

// Changed says whether anything became known.
func (r Revision) Changed() bool { return len(r.Spans) > 0 }

// Compare says what changed in a window between two readings of it: what was
// known then and what is known now.
func Compare(d Definition, o Objective, then, now Tallies, window evenkeel.Window) Revision {
	step := o.counted(d)
	window = evenkeel.Window{From: floor(window.From, step), To: floor(window.To, step)}
	r := Revision{Window: window, Then: then.Tally(window), Now: now.Tally(window)}
	for at := window.From; at.Before(window.To); at = at.Add(step) {
		one := evenkeel.Window{From: at, To: at.Add(step)}
		r.slice(one, then.Tally(one).own(), now.Tally(one).own())
	}
	return r
}

// own is a tally without what is held, which is of slices before.
func (t Tally) own() Tally {
	t.HeldGood, t.HeldBad, t.HeldBadRatios = 0, 0, 0
	return t
}

// slice notes one slice.
func (r *Revision) slice(one evenkeel.Window, then, now Tally) {
	switch {
	case then == now:
		return
	case then.Measured() == 0 && now.Measured() > 0:
		r.Arrived++
	case then.Measured() > 0 && now.Measured() == 0:
		r.Withdrawn++
	default:
		r.Altered++
	}
	if last := len(r.Spans) - 1; last >= 0 && r.Spans[last].To.Equal(one.From) {
		r.Spans[last].To = one.To
		return
	}
	r.Spans = append(r.Spans, one)
}
