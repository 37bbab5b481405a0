package evenkeel

import "time"

// Day is a calendar day in UTC, as the number of days since 1 January 1970.
type Day int

// DayOf is the day in which an instant lies.
func DayOf(t time.Time) Day {
	seconds := t.Unix()
	day := seconds / secondsOfDay
	if seconds%secondsOfDay < 0 {
		day--
	}
	return Day(day)
}

const secondsOfDay = 24 * 60 * 60

// Start is the instant at which the day begins.
func (d Day) Start() time.Time { return time.Unix(int64(d)*secondsOfDay, 0).UTC() }

// DayCount is how often something was on one day.
type DayCount struct {
	Day Day
	N   int
}

// Flow is how the facts of one kind about one subject came from one source,
// by the days of their own instants.
type Flow struct {
	Kind Kind
	// Source is empty for commits, which are kept without their sources.
	Source string
	// Applications are the ids of those that the facts belong to; none for
	// facts that nobody claims.
	Applications []string
	// Repository is that of commits; empty for other kinds.
	Repository string
	// LastAt is the last instant of the flow. For commits it may lie before the
	// first of Days.
	LastAt time.Time
	// Days ascend; days without a fact are left out.
	Days []DayCount
}

// Arrived counts the deliveries that came through one connection on one day.
type Arrived struct {
	Connection                  string
	Day                         Day
	Recorded, Ignored, Rejected int
	// Repeats came again and had no effect; they count on the day of the first.
	Repeats int
}

// Deliveries are all that came on the day, each once.
func (a Arrived) Deliveries() int { return a.Recorded + a.Ignored + a.Rejected }

// Heard tells how a fact's own instant lies to when it became known.
type Heard struct {
	Fact string
	Kind Kind
	// Source is who told of it first, by name; Other is another source that
	// told of it as well, empty if there is none.
	Source, Other string
	// Lag is from the fact's own instant to the first word of it that came then
	// or later. It is negative where no word did: the source's clock was ahead.
	Lag time.Duration
}

// Shared counts the facts of which two connections told.
type Shared struct {
	// Connections are ids, sorted.
	Connections [2]string
	Facts       int
	// Since is the first arrival that was counted.
	Since time.Time
}

// Trace counts what lies behind some facts.
type Trace struct {
	// Deliveries spoke of them, Within of which arrived in the window asked for.
	Deliveries, Within int
	// Records are what the deliveries said of them, Told the different ones.
	Records, Told int
	// Observations are all different records, also those that no delivery
	// brought but an import or a post.
	Observations int
	// Facts were told of. TakenIn of them are not shown, because another change
	// has taken them in.
	Facts, TakenIn int
}
