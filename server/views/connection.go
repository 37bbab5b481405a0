package views

import (
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// ConnectionState says in one word how a connection does.
type ConnectionState string

// The states of connections, worst first.
const (
	// ConnectionRefused: the vendor does not accept the credentials.
	ConnectionRefused ConnectionState = "refused"
	// ConnectionUnusable: its secrets or settings cannot be used here.
	ConnectionUnusable ConnectionState = "unusable"
	// ConnectionFailing: asking the vendor fails for another reason.
	ConnectionFailing ConnectionState = "failing"
	// ConnectionLate: nothing has come for longer than ever before.
	ConnectionLate ConnectionState = "late"
	// ConnectionPaused: the vendor's limit of calls is used up.
	ConnectionPaused ConnectionState = "paused"
	// ConnectionWaiting: nothing has come yet.
	ConnectionWaiting ConnectionState = "waiting"
	// ConnectionFlowing: what happens arrives.
	ConnectionFlowing ConnectionState = "flowing"
)

const (
	// PaceDays is how many days the usual pause of a connection is taken from.
	PaceDays = 28
	// usualDeliveries and usualSpan are what must have come before a pause can
	// be called unusual: a week holds a weekend.
	usualDeliveries = 20
	usualSpan       = 7 * 24 * time.Hour
	// leastPause is never unusual.
	leastPause = time.Hour
	// asksEvery is how often the vendor is asked for access at least.
	asksEvery = 5 * time.Minute
	// expiryWarning is how long before their end credentials are warned of.
	expiryWarning = 14 * 24 * time.Hour
)

// ConnectionFacts are what the state of a connection follows from.
type ConnectionFacts struct {
	// Unusable says why secrets or settings cannot be used; empty if they can.
	Unusable string
	// Asked is the stream without a name of a connection that asks its vendor;
	// nil for others. Access is what it has kept.
	Asked  *evenkeel.Stream
	Access evenkeel.Access
	// Refused says that the error of Asked is that the vendor does not accept
	// the credentials.
	Refused bool
	// Failed is the error of one of the other streams; empty if none failed.
	Failed string
	// LastAt is the last arrival; zero before the first.
	LastAt time.Time
	Pace   evenkeel.ConnectionPace
}

// StateOfConnection judges a connection, and says what is wrong in words;
// they are empty where nothing is.
func StateOfConnection(f ConnectionFacts, now time.Time) (state ConnectionState, wrong string) {
	if f.Asked != nil {
		ends := f.Access.ExpiresAt
		switch {
		case f.Refused:
			return ConnectionRefused, f.Asked.Error
		case !ends.IsZero() && !ends.After(now):
			return ConnectionRefused, "the credentials ended at " + ends.UTC().Format(time.RFC3339)
		case f.Asked.Error != "":
			return ConnectionFailing, f.Asked.Error
		}
	}
	pause, known := UsualPause(f.Pace)
	silent := now.Sub(f.LastAt)
	switch {
	case f.Unusable != "":
		return ConnectionUnusable, f.Unusable
	case f.Failed != "":
		return ConnectionFailing, f.Failed
	case !f.LastAt.IsZero() && (known && silent > max(pause+evenkeel.ArrivalStep, leastPause) || silent > PaceDays*24*time.Hour):
		return ConnectionLate, ""
	case f.Asked != nil && f.Asked.NextAt.Sub(now) > asksEvery:
		return ConnectionPaused, "the vendor's limit of calls is used up until " + f.Asked.NextAt.UTC().Format(time.RFC3339)
	case f.LastAt.IsZero() && (f.Asked == nil || f.Asked.LastAt.IsZero()):
		return ConnectionWaiting, ""
	}
	return ConnectionFlowing, ""
}

// UsualPause is the longest pause between deliveries; known is false where too
// little has come to call another pause unusual.
func UsualPause(p evenkeel.ConnectionPace) (pause time.Duration, known bool) {
	n := 0
	for i, step := range p.Arrivals {
		n += step.N
		if i > 0 {
			pause = max(pause, step.At.Sub(p.Arrivals[i-1].At))
		}
	}
	if n < usualDeliveries || p.Arrivals[len(p.Arrivals)-1].At.Sub(p.Arrivals[0].At) < usualSpan {
		return 0, false
	}
	return pause, true
}

// Expiring says whether credentials end soon, or have ended.
func Expiring(ends, now time.Time) bool { return !ends.IsZero() && ends.Sub(now) < expiryWarning }

// DayCount is how many deliveries came on a day.
type DayCount struct {
	Date string `json:"date" format:"date" doc:"In the time zone of the workspace"`
	N    int    `json:"n"`
}

// ArrivalDays counts deliveries of the last days, today being the last, in a
// time zone. Days on which none came count 0.
func ArrivalDays(p evenkeel.ConnectionPace, days int, now time.Time, zone *time.Location) []DayCount {
	list, at := make([]DayCount, days), map[string]int{}
	year, month, day := now.In(zone).Date()
	for i := range list {
		list[i].Date = time.Date(year, month, day-days+1+i, 12, 0, 0, 0, zone).Format(time.DateOnly)
		at[list[i].Date] = i
	}
	for _, step := range p.Arrivals {
		if i, ok := at[step.At.In(zone).Format(time.DateOnly)]; ok {
			list[i].N += step.N
		}
	}
	return list
}
