package connectors

import "time"

// Queries of Jira name instants by the minute, in the time zone of the account
// and without saying which: where clocks are put back one text means two
// instants. The texts here are right whichever of them Jira takes.

const jqlMinute = "2006-01-02 15:04"

// jqlFrom is the latest minute of a zone that is not after an instant, and the
// first instant that it may mean.
func jqlFrom(at time.Time, zone *time.Location) (text string, first time.Time) {
	for minute := at.Truncate(time.Minute); ; minute = minute.Add(-time.Minute) {
		if first, last := jqlMeans(minute, zone); !last.After(at) {
			return minute.In(zone).Format(jqlMinute), first
		}
	}
}

// jqlBefore is the earliest minute of a zone that is not before an instant.
func jqlBefore(at time.Time, zone *time.Location) string {
	for minute := at.Add(time.Minute - 1).Truncate(time.Minute); ; minute = minute.Add(time.Minute) {
		if first, _ := jqlMeans(minute, zone); !first.Before(at) {
			return minute.In(zone).Format(jqlMinute)
		}
	}
}

// jqlMeans are the first and the last instant that the text of a minute may
// mean. Clocks are never moved by more than a day.
func jqlMeans(minute time.Time, zone *time.Location) (first, last time.Time) {
	first, last = minute, minute
	text := minute.In(zone).Format(jqlMinute)
	_, offset := minute.In(zone).Zone()
	for _, day := range []time.Duration{-24 * time.Hour, 24 * time.Hour} {
		_, other := minute.Add(day).In(zone).Zone()
		meant := minute.Add(time.Duration(offset-other) * time.Second)
		switch {
		case meant.In(zone).Format(jqlMinute) != text:
		case meant.Before(first):
			first = meant
		case meant.After(last):
			last = meant
		}
	}
	return first, last
}
