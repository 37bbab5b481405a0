package slo

import (
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// TimeWindow is the span over which a budget is counted: rolling, the last 30
// days, or by the calendar, this month.
type TimeWindow struct {
	Span Span
	// Start is the beginning of a first window of the calendar, in its zone;
	// zero is a rolling window.
	Start time.Time
}

// Rolling says whether the window moves with time.
func (w TimeWindow) Rolling() bool { return w.Start.IsZero() }

// At is the window that an instant lies in: of a rolling one [t-span, t), of a
// calendar [begin, end) with begin <= t < end, before its first start too.
func (w TimeWindow) At(t time.Time) evenkeel.Window {
	if w.Rolling() {
		return evenkeel.Window{From: t.Add(-w.Span.Fixed()), To: t}
	}
	k := w.guess(t)
	for !w.step(k + 1).After(t) {
		k++
	}
	for w.step(k).After(t) {
		k--
	}
	return evenkeel.Window{From: w.step(k), To: w.step(k + 1)}
}

// guess is near the number of whole windows between the start and t.
func (w TimeWindow) guess(t time.Time) int { return int(t.Sub(w.Start) / w.Span.Fixed()) }

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
		return w.Start.AddDate(0, 0, n)
	case Week:
		return w.Start.AddDate(0, 0, 7*n)
	default:
		return w.Start.Add(time.Duration(k) * w.Span.Fixed())
	}
}

// months adds months to the start and ends in the last day of a shorter month.
func (w TimeWindow) months(n int) time.Time {
	s := w.Start
	first := time.Date(s.Year(), s.Month()+time.Month(n), 1, s.Hour(), s.Minute(), s.Second(), 0, s.Location())
	last := time.Date(first.Year(), first.Month()+1, 0, 0, 0, 0, 0, s.Location()).Day()
	return time.Date(first.Year(), first.Month(), min(s.Day(), last), s.Hour(), s.Minute(), s.Second(), 0, s.Location())
}
