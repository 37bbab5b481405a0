package slo

import (
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// TimeWindow is the span over which a budget is counted: rolling, the last 30
// days, or by the calendar, this month.
type TimeWindow struct {
	Span Span
	// Start is the beginning of a first window of the calendar, in its zone, in
	// whole seconds; zero is a rolling window.
	Start time.Time
}

// Rolling says whether the window moves with time.
func (w TimeWindow) Rolling() bool { return w.Start.IsZero() }

// At is the window that an instant lies in: of a rolling one [t-span, t), of a
// calendar [begin, end) with begin <= t < end, before its first start too. It
// needs a span.
func (w TimeWindow) At(t time.Time) evenkeel.Window {
	if w.Rolling() {
		return evenkeel.Window{From: t.Add(-w.Span.Fixed()), To: t}
	}
	k := int(t.Sub(w.Start) / w.Span.Fixed())
	for !w.step(k + 1).After(t) {
		k++
	}
	for w.step(k).After(t) {
		k--
	}
	return evenkeel.Window{From: w.step(k), To: w.step(k + 1)}
}

// Before is the whole window before the one of a calendar that begins at an
// instant, or the rolling one that ends there.
func (w TimeWindow) Before(from time.Time) evenkeel.Window {
	if w.Rolling() {
		return w.At(from)
	}
	return w.At(from.Add(-time.Nanosecond))
}

// step is the beginning of the kth window. It is reckoned from the start and
// not from the window before, so that windows from the 31st of January begin
// on the 29th of February and on the 31st of March.
func (w TimeWindow) step(k int) time.Time {
	n := k * w.Span.N
	switch w.Span.Unit {
	case Month:
		return w.months(n)
	case Quarter:
		return w.months(3 * n)
	case Year:
		return w.months(12 * n)
	case Day:
		return w.days(n)
	case Week:
		return w.days(7 * n)
	default:
		return w.Start.Add(time.Duration(k) * w.Span.Fixed())
	}
}

// days adds days of the calendar to the start.
func (w TimeWindow) days(n int) time.Time {
	year, month, day := w.Start.Date()
	return w.clock(time.Date(year, month, day+n, 0, 0, 0, 0, time.UTC))
}

// months adds months to the start and ends in the last day of a shorter month.
func (w TimeWindow) months(n int) time.Time {
	year, month, day := w.Start.Date()
	last := time.Date(year, month+time.Month(n)+1, 0, 0, 0, 0, 0, time.UTC).Day()
	return w.clock(time.Date(year, month+time.Month(n), min(day, last), 0, 0, 0, 0, time.UTC))
}

// clock is when clocks in the zone of the start show its time of day on a date:
// the first time if they show it twice, and when they are put forward if they
// skip it.
func (w TimeWindow) clock(date time.Time) time.Time {
	year, month, day := date.Date()
	hour, minute, second := w.Start.Clock()
	t := time.Date(year, month, day, hour, minute, second, 0, w.Start.Location())
	wanted := time.Date(year, month, day, hour, minute, second, 0, time.UTC)
	begins, ends := t.ZoneBounds()
	switch shown := wall(t); {
	case shown.After(wanted) && !begins.IsZero():
		return begins
	case shown.Before(wanted) && !ends.IsZero():
		return ends
	}
	if begins.IsZero() {
		return t
	}
	_, now := t.Zone()
	_, before := begins.Add(-time.Second).Zone()
	if earlier := t.Add(time.Duration(now-before) * time.Second); earlier.Before(begins) && wall(earlier).Equal(wanted) {
		return earlier
	}
	return t
}

// wall is what clocks show, as if in UTC.
func wall(t time.Time) time.Time {
	_, offset := t.Zone()
	return t.UTC().Add(time.Duration(offset) * time.Second)
}
