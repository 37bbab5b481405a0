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
// measured. A span costs as much as it has incidents, however long it is.
type IncidentMinutes struct {
	definition Definition
	objective  Objective
	// stood are the times in which any incident stood, apart and in order.
	stood []evenkeel.Window
	// known begins and ends with a measured slice.
	known evenkeel.Window
}

// MinutesOf are the minutes of incidents, which are known from one instant to
// another: up to its end, and not beyond, those stand that have no end.
func MinutesOf(d Definition, o Objective, list []Outage, known evenkeel.Window) *IncidentMinutes {
	m := &IncidentMinutes{definition: d, objective: o, known: evenkeel.Window{From: ceiling(known.From, d.Slice), To: floor(known.To, d.Slice)}}
	for _, one := range list {
		for _, w := range one.Stood {
			if w.To.IsZero() || w.To.After(known.To) {
				w.To = known.To
			}
			if w.From.Before(w.To) {
				m.stood = append(m.stood, w)
			}
		}
	}
	m.stood = joinedWindows(m.stood)
	return m
}

// joinedWindows puts windows that meet together.
func joinedWindows(all []evenkeel.Window) (joined []evenkeel.Window) {
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
func (m *IncidentMinutes) edges(at time.Time) []time.Time {
	edges := []time.Time{m.known.From, m.known.To}
	if k := m.next(at); k < len(m.stood) {
		edges = append(edges, m.stood[k].From, m.stood[k].To)
	}
	return edges
}

// next is the number of the first window that ends after an instant.
func (m *IncidentMinutes) next(at time.Time) int {
	k, _ := slices.BinarySearchFunc(m.stood, at, func(w evenkeel.Window, at time.Time) int {
		if w.To.After(at) {
			return 1
		}
		return -1
	})
	return k
}

// slice is what one counted slice came to.
func (m *IncidentMinutes) slice(at time.Time, step time.Duration) Tally {
	from, to := later(at, m.known.From), earlier(at.Add(step), m.known.To)
	if !from.Before(to) {
		return Tally{NoData: 1}
	}
	bad := m.overlap(from, to)
	e := events{(to.Sub(from) - bad).Minutes(), bad.Minutes(), measured}
	t := Tally{Good: e.good, Bad: e.bad, BadRatios: e.bad / (e.good + e.bad)}
	if m.objective.state(e)&badSlice != 0 {
		t.BadSlices = 1
	} else {
		t.GoodSlices = 1
	}
	return t
}

// overlap is for how long any incident stood.
func (m *IncidentMinutes) overlap(from, to time.Time) (sum time.Duration) {
	for _, w := range m.stood[m.next(from):] {
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
		Good: t.Good * f, Bad: t.Bad * f, BadRatios: t.BadRatios * f, GoodSlices: t.GoodSlices * n, BadSlices: t.BadSlices * n, NoData: t.NoData * n,
	}
}
