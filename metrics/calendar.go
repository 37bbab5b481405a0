package metrics

import (
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// edges cuts a window at the starts of its days, weeks or months: element i
// and i+1 bound bucket i. whole says of each bucket whether the window holds
// all of it. An empty window has no edges.
func edges(w evenkeel.Window, g Grain, p evenkeel.Policy) (cuts []time.Time, whole []bool) {
	if w.From.IsZero() || !w.From.Before(w.To) {
		return nil, nil
	}
	zone := p.Location()
	start := bucketStart(w.From.In(zone), g, p.WeekStart)
	cuts = append(cuts, w.From)
	steps := steps{grain: g, zone: zone}
	for {
		end := steps.next(start)
		if !end.Before(w.To) {
			whole = append(whole, !start.Before(w.From) && end.Equal(w.To))
			return append(cuts, w.To), whole
		}
		cuts = append(cuts, end)
		whole = append(whole, !start.Before(w.From))
		start = end
	}
}

// bucketStart is the start of the bucket that holds t, in t's zone.
func bucketStart(t time.Time, g Grain, weekStart time.Weekday) time.Time {
	year, month, day := t.Date()
	switch g {
	case Month:
		day = 1
	case Week:
		day -= (int(t.Weekday()) - int(weekStart) + 7) % 7
	case Day:
	}
	return midnight(year, month, day, t.Location())
}

// steps finds the starts of one bucket after the other.
type steps struct {
	grain Grain
	zone  *time.Location
	// even is the end of the time in which the clock does not change; zero is
	// not known, and there is none where it is endless.
	even    time.Time
	endless bool
}

// next is the start after one. Where the clock does not change between two
// midnights a day is 24 hours, which is found faster than a date.
func (s *steps) next(start time.Time) time.Time {
	length := 24 * time.Hour
	if s.grain == Week {
		length *= 7
	}
	start = start.In(s.zone)
	if hour, minute, second := start.Clock(); s.grain == Month || hour != 0 || minute != 0 || second != 0 {
		return nextStart(start, s.grain, s.zone)
	}
	if end := start.Add(length); s.endless || end.Before(s.even) {
		return end
	}
	_, until := start.ZoneBounds()
	s.even, s.endless = until, until.IsZero()
	if end := start.Add(length); s.endless || end.Before(s.even) {
		return end
	}
	return nextStart(start, s.grain, s.zone)
}

func nextStart(start time.Time, g Grain, zone *time.Location) time.Time {
	year, month, day := start.In(zone).Date()
	switch g {
	case Month:
		month, day = month+1, 1
	case Week:
		day += 7
	default:
		day++
	}
	return midnight(year, month, day, zone)
}

// midnight is the first instant of a calendar day. Where clocks skip 00:00 the
// day begins later; where 00:00 happens twice it begins with the first.
func midnight(year int, month time.Month, day int, zone *time.Location) time.Time {
	t := time.Date(year, month, day, 0, 0, 0, 0, zone)
	wanted := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	if t.Day() != wanted.Day() { // 00:00 was skipped and t fell before the change.
		_, changed := t.ZoneBounds()
		return changed
	}
	changed, _ := t.ZoneBounds()
	if changed.IsZero() {
		return t
	}
	_, now := t.Zone()
	_, before := changed.Add(-1).Zone()
	if earlier := t.Add(time.Duration(now-before) * time.Second); before > now && earlier.Before(changed) {
		return earlier
	}
	return t
}
