package demo

import (
	"math"
	"time"
)

// The local times of day at which planned deployments are prepared.
const (
	morning   = 9*time.Hour + 30*time.Minute
	afternoon = 14 * time.Hour
)

// planSlots plans the day's fixed occasions to deploy.
func (v *service) planSlots(d time.Time) {
	v.at(v.team.hours.at(d, morning), func() { v.slot(true) })
	v.at(v.team.hours.at(d, afternoon), func() { v.slot(false) })
}

// slot prepares a deployment if the rhythm asks for one now.
func (v *service) slot(early bool) {
	switch r := v.works.rhythm(v.progress()); {
	case r == train && early && v.weekday() == time.Monday:
		v.cut(v.team.hours.at(v.now.Add(2*day), morning))
	case r == quarterly && early && sameDay(nextCut(v.team.hours, v.now), v.now):
		v.cut(v.team.hours.at(v.now.Add(v.works.soak), 17*time.Hour))
	case due(r, v.weekday(), early):
		v.stage()
	}
}

func (v *service) weekday() time.Weekday { return v.team.hours.local(v.now).Weekday() }

// due says whether a rhythm without release branches has an occasion.
func due(r rhythm, w time.Weekday, early bool) bool {
	switch r {
	case twiceDaily:
		return true
	case daily:
		return early
	case twiceWeekly:
		return early && (w == time.Tuesday || w == time.Thursday)
	case weekly:
		return early && w == time.Tuesday
	}
	return false
}

// nextCut is when the next quarterly release is cut: on the first working
// morning from the 7th of the quarter's third month on.
func nextCut(h calendar, t time.Time) time.Time {
	local := h.local(t).Truncate(day)
	for month := local.Month(); ; month++ {
		if month%3 != 0 {
			continue
		}
		cut := h.next(time.Date(local.Year(), month, 7, 0, 0, 0, 0, time.UTC).Add(morning - h.offset))
		cut = h.at(cut, morning)
		if !cut.Before(t.Truncate(time.Second)) || sameDay(cut, t) {
			return cut
		}
	}
}

// rush is how busy a team is so long before a quarterly cut; 1 on average.
func rush(left time.Duration) float64 {
	const calm, last = 6.0, 2.5
	days := left.Hours()/24 - last
	if days < 0 {
		return 0
	}
	return 91 / calm * math.Exp(-days/calm)
}

func sameDay(a, b time.Time) bool { return a.Truncate(day).Equal(b.Truncate(day)) }
