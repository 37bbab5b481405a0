package demo

import "time"

const day = 24 * time.Hour

// calendar is when a team works. Offsets are fixed, without summer time, so
// that results do not depend on a time zone database.
type calendar struct {
	offset        time.Duration // Local time minus UTC.
	opens, closes time.Duration // Local time of day.
}

func officeHours(offsetHours float64) calendar {
	return calendar{
		offset: time.Duration(offsetHours * float64(time.Hour)),
		opens:  8*time.Hour + 30*time.Minute,
		closes: 18 * time.Hour,
	}
}

// local is the wall clock of the team, written as if it were UTC.
func (c calendar) local(t time.Time) time.Time { return t.Add(c.offset) }

// at is the instant of a local time of day on the day of t.
func (c calendar) at(t time.Time, clock time.Duration) time.Time {
	return c.local(t).Truncate(day).Add(clock - c.offset)
}

// works says whether t lies on a working day of the team.
func (c calendar) works(t time.Time) bool { return workday(c.local(t)) }

// next is the first working instant at or after t.
func (c calendar) next(t time.Time) time.Time {
	if c.works(t) {
		if opening := c.at(t, c.opens); t.Before(opening) {
			return opening
		}
		if t.Before(c.at(t, c.closes)) {
			return t
		}
	}
	t = c.at(t, c.opens).Add(day)
	for !c.works(t) {
		t = t.Add(day)
	}
	return t
}

// add is the instant after so many whole seconds of working time.
func (c calendar) add(t time.Time, work time.Duration) time.Time {
	work = work.Truncate(time.Second)
	t = c.next(t)
	for {
		left := c.at(t, c.closes).Sub(t)
		if work < left {
			return t.Add(work)
		}
		work -= left
		t = c.next(t.Add(left))
	}
}

// frozen says whether planned production deployments pause: from 19 December
// to 1 January.
func (c calendar) frozen(t time.Time) bool {
	_, month, d := c.local(t).Date()
	return month == time.December && d >= 19 || month == time.January && d == 1
}

// thawed is the first working instant at or after t outside the freeze.
func (c calendar) thawed(t time.Time) time.Time {
	t = c.next(t)
	for c.frozen(t) {
		t = c.next(c.at(t, c.opens).Add(day))
	}
	return t
}

func workday(local time.Time) bool {
	if w := local.Weekday(); w == time.Saturday || w == time.Sunday {
		return false
	}
	_, month, d := local.Date()
	switch month {
	case time.December:
		return d != 24 && d != 25 && d != 26 && d != 31
	case time.January, time.May:
		return d != 1
	}
	return true
}
