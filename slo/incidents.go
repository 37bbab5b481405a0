package slo

import (
	"cmp"
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// Outage is an incident as a measurement.
type Outage struct {
	// Cause is the incident; its end means nothing here.
	Cause Cause
	// Stood are the times in which it stood; an end of zero is yet to come.
	Stood []evenkeel.Window
}

// IncidentMinutes are tallies of incidents: of a slice, bad are the minutes in
// which an incident stood, and good the others. Incidents that overlap count
// once. A slice that does not lie within what is known as a whole was not
// measured. A span costs as much as it has incidents and gaps, however long it is.
type IncidentMinutes struct {
	definition Definition
	objective  Objective
	// stood are the times in which any incident stood, known those of which it is
	// known whether one did: apart and in order. The latter begin and end with
	// measured slices.
	stood, known []evenkeel.Window
}

// MinutesOf are the minutes of incidents, of which some times are known: up to
// the end of the last, and not beyond, those stand that have no end.
func MinutesOf(d Definition, o Objective, list []Outage, known ...evenkeel.Window) *IncidentMinutes {
	m := &IncidentMinutes{definition: d, objective: o}
	known = Joined(known)
	if len(known) == 0 {
		return m
	}
	for _, w := range known {
		if w = (evenkeel.Window{From: ceiling(w.From, d.Slice), To: floor(w.To, d.Slice)}); w.From.Before(w.To) {
			m.known = append(m.known, w)
		}
	}
	end := known[len(known)-1].To
	for _, one := range list {
		for _, w := range one.Stood {
			if w.To.IsZero() || w.To.After(end) {
				w.To = end
			}
			if w.From.Before(w.To) {
				m.stood = append(m.stood, w)
			}
		}
	}
	m.stood = Joined(m.stood)
	return m
}

// Joined puts windows that meet together: they are apart then, and in order.
func Joined(all []evenkeel.Window) (joined []evenkeel.Window) {
	all = slices.Clone(all)
	slices.SortFunc(all, func(a, b evenkeel.Window) int { return cmp.Or(a.From.Compare(b.From), a.To.Compare(b.To)) })
	for _, w := range all {
		last := len(joined) - 1
		switch {
		case last < 0 || w.From.After(joined[last].To):
			joined = append(joined, w)
		case w.To.After(joined[last].To):
			joined[last].To = w.To
		}
	}
	return joined
}

// ceiling is the beginning of the first slice that does not begin before.
func ceiling(t time.Time, step time.Duration) time.Time {
	if at := floor(t, step); !at.Before(t) {
		return at
	}
	return floor(t, step).Add(step)
}

// Tally implements [Tallies].
func (m *IncidentMinutes) Tally(window evenkeel.Window) (t Tally) {
	step := m.objective.counted(m.definition)
	at, to := floor(window.From, step), floor(window.To, step)
	for at.Before(to) {
		run := m.run(at, to, step)
		t = t.Add(m.slice(at, step).times(int64(run.Sub(at) / step)))
		at = run
	}
	return t
}

// run is the end of slices that are alike, the first of which begins at an
// instant.
func (m *IncidentMinutes) run(at, to time.Time, step time.Duration) time.Time {
	next := at.Add(step)
	for _, edge := range m.edges(at) {
		if edge.Before(next) && edge.After(at) {
			return next // It lies within the slice, which is one of its own.
		}
		if edge.After(at) && edge.Before(to) {
			to = edge
		}
	}
	if end := floor(to, step); end.After(next) {
		return end
	}
	return next
}

// edges are the next instants at which slices become others.
func (m *IncidentMinutes) edges(at time.Time) (edges []time.Time) {
	for _, all := range [][]evenkeel.Window{m.known, m.stood} {
		if k := endingAfter(all, at); k < len(all) {
			edges = append(edges, all[k].From, all[k].To)
		}
	}
	return edges
}

// endingAfter is the number of the first window that ends after an instant.
func endingAfter(list []evenkeel.Window, at time.Time) int {
	k, _ := slices.BinarySearchFunc(list, at, func(w evenkeel.Window, at time.Time) int {
		if w.To.After(at) {
			return 1
		}
		return -1
	})
	return k
}

// slice is what one counted slice came to.
func (m *IncidentMinutes) slice(at time.Time, step time.Duration) Tally {
	if t, known := m.measured(at, step); known {
		return t
	}
	t := Tally{NoData: 1}
	if k := endingAfter(m.known, at); k > 0 { // The last slice before that was measured is held.
		last, _ := m.measured(floor(m.known[k-1].To.Add(-1), step), step)
		t.HeldGood, t.HeldBad, t.HeldBadRatios = last.GoodSlices, last.BadSlices, last.BadRatios
	}
	return t
}

// measured is what is known of one counted slice, and whether anything is.
func (m *IncidentMinutes) measured(at time.Time, step time.Duration) (Tally, bool) {
	var e events
	for _, w := range m.known[endingAfter(m.known, at):] {
		from, to := later(at, w.From), earlier(at.Add(step), w.To)
		if !from.Before(to) {
			break
		}
		bad := m.overlap(from, to)
		e = e.add(events{(to.Sub(from) - bad).Minutes(), bad.Minutes(), measured})
	}
	if e.good+e.bad == 0 {
		return Tally{}, false
	}
	t := Tally{Good: e.good, Bad: e.bad, BadRatios: e.bad / (e.good + e.bad)}
	if m.objective.state(e)&badSlice != 0 {
		t.BadSlices = 1
	} else {
		t.GoodSlices = 1
	}
	return t, true
}

// overlap is for how long any incident stood.
func (m *IncidentMinutes) overlap(from, to time.Time) (sum time.Duration) {
	for _, w := range m.stood[endingAfter(m.stood, from):] {
		if !w.From.Before(to) {
			break
		}
		sum += earlier(w.To, to).Sub(later(w.From, from))
	}
	return sum
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// times are so many slices of incidents that are alike.
func (t Tally) times(n int64) Tally {
	f := float64(n)
	return Tally{
		Good: t.Good * f, Bad: t.Bad * f, BadRatios: t.BadRatios * f, GoodSlices: t.GoodSlices * n, BadSlices: t.BadSlices * n,
		NoData: t.NoData * n, HeldGood: t.HeldGood * n, HeldBad: t.HeldBad * n, HeldBadRatios: t.HeldBadRatios * f,
	}
}
