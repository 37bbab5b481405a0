package slo

import (
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// IncidentSlices makes slices of incidents: bad and total are minutes, those
// with an incident that stood and all. An incident stands from when it was
// opened until it was mitigated, else resolved, else until now; those that
// overlap count once, and one without an opening does not count. Slices that
// begin before now are whole.
func IncidentSlices(incidents []evenkeel.Incident, window evenkeel.Window, slice time.Duration, now time.Time) (list []evenkeel.Slice) {
	stood := standing(incidents, now)
	for at := floor(window.From, slice); at.Before(window.To) && !at.Add(slice).After(now); at = at.Add(slice) {
		bad, total := overlap(stood, evenkeel.Window{From: at, To: at.Add(slice)}).Minutes(), slice.Minutes()
		list = append(list, evenkeel.Slice{At: at, Bad: &bad, Total: &total})
	}
	return list
}

// standing are the times in which any incident stood, joined and in order.
func standing(incidents []evenkeel.Incident, now time.Time) (joined []evenkeel.Window) {
	var all []evenkeel.Window
	for _, one := range incidents {
		w := evenkeel.Window{From: one.OpenedAt, To: now}
		for _, end := range []time.Time{one.MitigatedAt, one.ResolvedAt} {
			if !end.IsZero() {
				w.To = end
				break
			}
		}
		if !w.From.IsZero() && w.From.Before(w.To) {
			all = append(all, w)
		}
	}
	slices.SortFunc(all, func(a, b evenkeel.Window) int { return a.From.Compare(b.From) })
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

// overlap is how long any of the windows touches another.
func overlap(windows []evenkeel.Window, with evenkeel.Window) (sum time.Duration) {
	for _, w := range windows {
		from, to := w.From, w.To
		if with.From.After(from) {
			from = with.From
		}
		if with.To.Before(to) {
			to = with.To
		}
		sum += max(0, to.Sub(from))
	}
	return sum
}
