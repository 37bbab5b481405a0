package slo

import (
	"math"
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// Basis is what a forecast takes the coming burn from: the error ratio of a
// lookback, with an interval.
type Basis struct {
	Lookback time.Duration
	// Count is what the lookback held.
	Count Count
	// Low, Middle and High are burn rates: the ratio as it was, and the bounds
	// of its interval at the confidence.
	Low, Middle, High float64
	Confidence        float64
}

// Crossing is when a budget crosses its end, for a middle burn and at the
// earliest and the latest for one of the interval; nil is not within the
// horizon.
type Crossing struct{ Earliest, At, Latest *time.Time }

// ForecastPoint is what will remain of a budget at an instant if it burns high
// (Low remains), as it did (Middle) or low (High).
type ForecastPoint struct {
	At                time.Time
	Low, Middle, High float64
}

// Forecast is what becomes of a budget if the burn stays as it is.
type Forecast struct {
	// At is when it was made, Until how far it reaches: a rolling window's length
	// ahead, when all of today's past has left it, or the end of a window of the
	// calendar.
	At, Until time.Time
	Basis     Basis
	// Exhausts is when nothing remains; empty if nothing remains already.
	Exhausts Crossing
	// Thaws is when something remains again afterwards: old errors have left a
	// rolling window, or a window of the calendar has begun anew. The earliest is
	// that of a low burn.
	Thaws  Crossing
	Points []ForecastPoint
}

// forecastConfidence is that of the interval of the recent error ratio.
const forecastConfidence = 0.95

// Predict forecasts a budget from an instant, which is moved down to the
// beginning of a counted slice. Traffic is taken to go on as it was in the window
// so far, errors as in the basis' lookback. Nil where nothing was counted in
// either.
func Predict(d Definition, o Objective, tallies Tallies, at time.Time) *Forecast {
	at = floor(at, o.counted(d))
	basis, ok := recent(d, o, tallies, at)
	p := newProjection(d, o, tallies, at)
	if !ok || p == nil {
		return nil
	}
	f := &Forecast{At: at, Until: p.last(), Basis: basis}
	f.Exhausts.At, f.Thaws.At = p.path(basis.Middle)
	f.Exhausts.Earliest, f.Thaws.Latest = p.path(basis.High)
	f.Exhausts.Latest, f.Thaws.Earliest = p.path(basis.Low)
	f.Points = make([]ForecastPoint, 0, len(p.spots))
	for _, s := range p.spots {
		f.Points = append(f.Points, ForecastPoint{s.at, 1 - p.spent(s, basis.High), 1 - p.spent(s, basis.Middle), 1 - p.spent(s, basis.Low)})
	}
	return f
}

// PredictAt says when a budget will be exhausted and when it will have thawed if
// it burns at a rate from an instant on; nil is not within the horizon. Of a
// budget that is exhausted at the instant only the thaw is told.
func PredictAt(d Definition, o Objective, tallies Tallies, at time.Time, burn float64) (exhausts, thaws *time.Time) {
	p := newProjection(d, o, tallies, floor(at, o.counted(d)))
	if p == nil {
		return nil, nil
	}
	return p.path(burn)
}

// BasisLookback is how far back the burn of a forecast is taken from: the
// longest of an hour, 6 hours, a day and 3 days that is at most a 28th of the
// window, and at least an hour.
func BasisLookback(w TimeWindow) time.Duration {
	for _, d := range []time.Duration{3 * day, day, 6 * time.Hour} {
		if d <= w.Span.Fixed()/28 {
			return d
		}
	}
	return time.Hour
}

func recent(d Definition, o Objective, tallies Tallies, at time.Time) (Basis, bool) {
	b := Basis{Lookback: max(BasisLookback(d.Window), o.counted(d)), Confidence: forecastConfidence}
	s := look(d, o, tallies, at, b.Lookback)
	if s.Burn == nil {
		return b, false
	}
	low, high := Bounds(s.Count.Bad, s.Count.Total, b.Confidence)
	b.Count, b.Low, b.Middle, b.High = s.Count, low/o.Target.Budget(), *s.Burn, high/o.Target.Budget()
	return b, true
}

// projection is a budget's window as it moves on: what will be left in it of
// today's past, at instants about an hour apart.
type projection struct {
	d       Definition
	o       Objective
	tallies Tallies
	at      time.Time
	// window is that at the beginning; rate is how much is counted in a second.
	window evenkeel.Window
	rate   float64
	spots  []spot
}

// spot is an instant, where the window begins then, and what lies between that
// and now.
type spot struct {
	at, from time.Time
	kept     Count
}

// newProjection is nil where nothing was counted.
func newProjection(d Definition, o Objective, tallies Tallies, at time.Time) *projection {
	p := &projection{d: d, o: o, tallies: tallies, at: at, window: d.Window.At(at)}
	all := tallies.Tally(evenkeel.Window{From: p.window.From, To: at})
	count := all.Count(d.Method, d.Missing)
	if count.Total == 0 {
		return nil
	}
	// Slices that say nothing say nothing of the traffic either.
	known := all.Slices()
	if d.Method == Occurrences || d.Missing == MissingExclude || d.Missing == "" {
		known = all.Measured() + all.Idle
	}
	p.rate = count.Total / (float64(known) * o.counted(d).Seconds())
	if d.Window.Rolling() {
		p.roll()
	} else {
		p.stay(count)
	}
	return p
}

// roll places spots where the window begins at a full hour. What is kept is
// added up from the newest hour to the oldest, so that nothing is subtracted.
func (p *projection) roll() {
	length := p.at.Sub(p.window.From)
	p.spots = make([]spot, 0, length/time.Hour+2)
	for from := p.window.From; ; from = floor(from, time.Hour).Add(time.Hour) {
		from = earlier(from, p.at)
		p.spots = append(p.spots, spot{at: from.Add(length), from: from})
		if from.Equal(p.at) {
			break
		}
	}
	for k := len(p.spots) - 2; k >= 0; k-- {
		p.spots[k].kept = p.count(p.spots[k].from, p.spots[k+1].from).plus(p.spots[k+1].kept)
	}
}

// stay places spots every hour up to the end of a window of the calendar, which
// keeps everything.
func (p *projection) stay(kept Count) {
	for at := p.at; ; at = floor(at, time.Hour).Add(time.Hour) {
		at = earlier(at, p.window.To)
		p.spots = append(p.spots, spot{at: at, from: p.window.From, kept: kept})
		if at.Equal(p.window.To) {
			break
		}
	}
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func (p *projection) last() time.Time { return p.spots[len(p.spots)-1].at }

func (p *projection) count(from, to time.Time) Count {
	return p.tallies.Tally(evenkeel.Window{From: from, To: to}).Count(p.d.Method, p.d.Missing)
}

func (c Count) plus(o Count) Count { return Count{c.Good + o.Good, c.Bad + o.Bad, c.Total + o.Total} }

// spent is the share of the budget that is spent at a spot, what will have come
// by then added to what is kept.
func (p *projection) spent(s spot, burn float64) float64 {
	coming := p.rate * s.at.Sub(p.at).Seconds()
	bad, total := s.kept.Bad+min(1, burn*p.o.Target.Budget())*coming, s.kept.Total+coming
	if total == 0 {
		return 0
	}
	return p.o.Target.Spent(bad, total)
}

// path finds when nothing remains and when something does again. In a window of
// the calendar that stays exhausted, it does when the next one begins.
func (p *projection) path(burn float64) (exhausts, thaws *time.Time) {
	k := 0
	if p.spent(p.spots[0], burn) < 1 {
		if k, exhausts = p.cross(0, burn, func(spent float64) bool { return spent >= 1 }); exhausts == nil {
			return nil, nil
		}
	}
	_, thaws = p.cross(k, burn, func(spent float64) bool { return spent < 1 })
	if thaws == nil && !p.d.Window.Rolling() {
		thaws = &p.window.To
	}
	return exhausts, thaws
}

// cross is the first spot after the kth at which something holds, and the
// instant since when; nil if it never does.
func (p *projection) cross(k int, burn float64, holds func(spent float64) bool) (int, *time.Time) {
	next := slices.IndexFunc(p.spots[k:], func(s spot) bool { return holds(p.spent(s, burn)) })
	if next < 0 {
		return 0, nil
	}
	next += k
	if next == 0 {
		return 0, &p.spots[0].at
	}
	at := p.refine(p.spots[next-1], p.spots[next], burn, holds)
	return next, &at
}

// refine finds the counted slice at whose end something first holds, between a
// spot at which it does not and the next, at which it does.
func (p *projection) refine(before, after spot, burn float64, holds func(spent float64) bool) time.Time {
	step := max(p.o.counted(p.d), time.Minute)
	steps := int(math.Ceil(float64(after.at.Sub(before.at)) / float64(step)))
	for i := 1; i < steps; i++ {
		s := before
		s.at = before.at.Add(time.Duration(i) * step)
		if p.d.Window.Rolling() {
			s.from = before.from.Add(time.Duration(i) * step)
			s.kept = p.count(s.from, after.from).plus(after.kept)
		}
		if holds(p.spent(s, burn)) {
			return s.at
		}
	}
	return after.at
}
