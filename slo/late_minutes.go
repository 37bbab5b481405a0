package slo

import (
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// LateHour is an hour of incident minutes of which something became known late.
type LateHour struct {
	Hour time.Time
	// LastAt is when it last changed, and Changes how often it did, late.
	LastAt  time.Time
	Changes int
	// Change compares what was known in time, or first, with what is; nil where the
	// hour was filled in: nothing was known in time, and what was then has not
	// changed since.
	Change *Revision
}

// LateHours lists the hours of a window that changed late: later than so long
// after their end. told are the instants at which something was told, in any order,
// and known is what was known at an instant.
func LateHours(d Definition, o Objective, window evenkeel.Window, after time.Duration, told []time.Time, known func(at time.Time) *IncidentMinutes) (list []LateHour) {
	changes := map[time.Time][]time.Time{}
	told = slices.Clone(told)
	slices.SortFunc(told, time.Time.Compare)
	for _, at := range slices.CompactFunc(told, time.Time.Equal) {
		before, now := known(at.Add(-time.Microsecond)), known(at)
		for _, hour := range before.differs(now, evenkeel.Window{From: window.From, To: earlier(window.To, at.Add(-after-time.Microsecond))}) {
			changes[hour] = append(changes[hour], at)
		}
	}
	for hour, late := range changes {
		one := evenkeel.Window{From: hour, To: hour.Add(time.Hour)}
		h := LateHour{Hour: hour, LastAt: late[len(late)-1], Changes: len(late)}
		before := known(one.To.Add(after))
		if before.Tally(one).Measured() == 0 {
			before, late = known(late[0]), late[1:]
		}
		if len(late) > 0 {
			change := Compare(d, o, before, known(window.To), one)
			h.Change = &change
		}
		list = append(list, h)
	}
	slices.SortFunc(list, func(a, b LateHour) int { return a.Hour.Compare(b.Hour) })
	return list
}

// differs lists the hours in a window, as wholes, that are others in other
// minutes.
func (m *IncidentMinutes) differs(other *IncidentMinutes, window evenkeel.Window) (hours []time.Time) {
	apart := slices.Concat(outside(m.stood, other.stood), outside(other.stood, m.stood), outside(m.known, other.known), outside(other.known, m.known))
	for _, w := range Joined(apart) {
		hour := floor(later(w.From, window.From), time.Hour)
		for ; hour.Before(w.To) && !hour.Add(time.Hour).After(window.To); hour = hour.Add(time.Hour) {
			one := evenkeel.Window{From: hour, To: hour.Add(time.Hour)}
			again := len(hours) > 0 && !hour.After(hours[len(hours)-1])
			if !again && m.Tally(one).own() != other.Tally(one).own() {
				hours = append(hours, hour)
			}
		}
	}
	return hours
}

// outside are the parts of windows that lie in none of others; both are apart and
// in order.
func outside(list, others []evenkeel.Window) (parts []evenkeel.Window) {
	for _, w := range list {
		for _, o := range others[endingAfter(others, w.From):] {
			if !o.From.Before(w.To) {
				break
			}
			if w.From.Before(o.From) {
				parts = append(parts, evenkeel.Window{From: w.From, To: o.From})
			}
			w.From = o.To
		}
		if w.From.Before(w.To) {
			parts = append(parts, w)
		}
	}
	return parts
}
