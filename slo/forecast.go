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
// so far, errors as in the basis' lookback; of a composite each member's for
// itself, and the range is that of all members at their bounds at once. Nil where
// nothing was counted in either.
func (r Reader) Predict(at time.Time) *Forecast {
	f, _ := r.predict(at)
	return f
}

// predict says why there is no forecast.
func (r Reader) predict(at time.Time) (*Forecast, Said) {
	p, why := newProjection(r, floor(at, r.Step()))
	if p == nil {
		return nil, why
	}
	basis, why := p.recent()
	if why.Text != "" {
		return nil, why
	}
	f := &Forecast{At: p.at, Until: p.last(), Basis: p.basis(basis)}
	low, middle, high := basis.rates()
	f.Exhausts.At, f.Thaws.At = p.path(middle)
	f.Exhausts.Earliest, f.Thaws.Latest = p.path(high)
	f.Exhausts.Latest, f.Thaws.Earliest = p.path(low)
	f.Points = make([]ForecastPoint, 0, len(p.spots))
	for _, s := range p.spots {
		f.Points = append(f.Points, ForecastPoint{s.at, 1 - p.spent(s, high), 1 - p.spent(s, middle), 1 - p.spent(s, low)})
	}
	return f, Said{}
}

// PredictAt says when a budget will be exhausted and when it will have thawed if
// it burns at a rate from an instant on, of a composite every member's; nil is not
// within the horizon. Of a budget that is exhausted at the instant only the thaw is
// told.
func (r Reader) PredictAt(at time.Time, burn float64) (exhausts, thaws *time.Time) {
	p, _ := newProjection(r, floor(at, r.Step()))
	if p == nil {
		return nil, nil
	}
	return p.path(slices.Repeat([]float64{burn}, len(p.parts)))
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

// ratio is a share of bad as it was, and the bounds of its interval.
type ratio struct {
	count             Count
	low, middle, high float64
	budget            float64
}

// ratios are those of the parts of a budget.
type ratios []ratio

// rates are what the parts burn at.
func (l ratios) rates() (low, middle, high []float64) {
	for _, r := range l {
		low, middle, high = append(low, r.low/r.budget), append(middle, r.middle), append(high, r.high/r.budget)
	}
	return low, middle, high
}

// lookback is what the coming burn is taken from.
func (p *projection) lookback() time.Duration { return max(BasisLookback(p.d.Window), p.step) }

// recent are the parts' ratios of late, or why there are none.
func (p *projection) recent() (list ratios, why Said) {
	var silent []string
	for _, part := range p.parts {
		s := ReaderOf(p.d, part.o, part.tallies).look(p.at, p.lookback())
		if s.Burn == nil && part.rate > 0 {
			silent = append(silent, part.o.Name)
		}
		one := ratio{count: s.Count, budget: part.o.Target.Budget()}
		if s.Burn != nil {
			one.middle = *s.Burn
			one.low, one.high = Bounds(s.Count.Bad, s.Count.Total, forecastConfidence)
		}
		list = append(list, one)
	}
	switch {
	case len(silent) == 0:
		return list, Said{}
	case p.whole == nil:
		return nil, Say("uncounted", "nothing was counted of late")
	}
	return nil, sayOf(silent, "members_uncounted", "nothing was counted of %s of late")
}

// basis is what the parts burn at together.
func (p *projection) basis(list ratios) Basis {
	b := Basis{Lookback: p.lookback(), Confidence: forecastConfidence}
	var good, bad, total []float64
	low, middle, high := make([]Count, len(list)), make([]Count, len(list)), make([]Count, len(list))
	for i, r := range list {
		good, bad, total = append(good, r.count.Good), append(bad, r.count.Bad), append(total, r.count.Total)
		at := func(share float64) Count {
			return Count{(1 - share) * r.count.Total, share * r.count.Total, r.count.Total}
		}
		low[i], middle[i], high[i] = at(r.low), r.count, at(r.high)
	}
	b.Count = Count{add(good), add(bad), add(total)}
	if p.whole == nil {
		l, m, h := list.rates()
		b.Low, b.Middle, b.High = l[0], m[0], h[0]
		return b
	}
	b.Low, b.Middle, b.High = p.consumed(low), p.consumed(middle), p.consumed(high)
	return b
}

// projection is a budget's window as it moves on: what will be left in it of
// today's past, at instants about an hour apart.
type projection struct {
	d    Definition
	at   time.Time
	step time.Duration
	// window is that at the beginning.
	window evenkeel.Window
	// parts are the objective, or the members of a composite that is put together.
	parts []part
	whole *whole
	spots []spot
	// now is what the parts count where it is looked at.
	now []Count
}

// part is one objective of a projection: what the window holds of it, and how much
// is counted in a second.
type part struct {
	o       Objective
	tallies Tallies
	all     Tally
	count   Count
	rate    float64
}

// spot is an instant, where the window begins then, and what lies between that
// and now of each part.
type spot struct {
	at, from time.Time
	kept     []Count
}

// newProjection is nil where nothing was counted, and says why.
func newProjection(r Reader, at time.Time) (*projection, Said) {
	p := &projection{d: r.d, at: at, step: r.Step(), window: r.d.Window.At(at)}
	if r.tallies != nil {
		p.parts = []part{{o: r.o, tallies: r.tallies}}
	} else {
		p.whole = r.whole
		for i, o := range r.d.Objectives {
			p.parts = append(p.parts, part{o: o, tallies: r.whole.members[i]})
		}
	}
	p.now = make([]Count, len(p.parts))
	if why := p.count(); why.Text != "" {
		return nil, why
	}
	if p.whole != nil {
		if c := p.composed(p.counts()); c.Consumed == nil {
			return nil, p.whole.unknown(c)
		}
	}
	if r.d.Window.Rolling() {
		p.roll()
	} else {
		p.stay()
	}
	return p, Said{}
}

// count says what keeps a forecast from being made.
func (p *projection) count() Said {
	nothing, never := true, []string(nil)
	for i := range p.parts {
		one := &p.parts[i]
		one.all = one.tallies.Tally(evenkeel.Window{From: p.window.From, To: p.at})
		one.count = one.all.Count(p.d.Method, p.d.Missing)
		if one.count.Total == 0 {
			if p.whole == nil || !one.all.Quiet() {
				never = append(never, one.o.Name)
			}
			continue
		}
		nothing, one.rate = false, one.count.Total/(p.said(*one)*one.o.counted(p.d).Seconds())
	}
	switch {
	case len(never) > 0 && p.whole == nil:
		return Say("unmeasured", "nothing was measured in the window")
	case len(never) > 0:
		return sayOf(never, "members_unmeasured", "nothing was measured of %s")
	case nothing:
		return Say("idle", "nothing happened: 0 of 0")
	}
	return Said{}
}

// said is how many slices of a part say something of the traffic. Those without data
// do where they count; before anything that could be held, and where events count that
// a correction does not bring, they do not.
func (p *projection) said(one part) float64 {
	switch {
	case p.d.Method == Occurrences:
		return float64(one.all.Measured() + one.all.Idle - one.all.Assumed)
	case p.d.Missing == MissingExclude || p.d.Missing == "":
		return float64(one.all.Measured() + one.all.Idle)
	case p.d.Missing == MissingHold:
		return one.count.Total
	default:
		return float64(one.all.Slices())
	}
}

func (p *projection) counts() (list []Count) {
	for _, one := range p.parts {
		list = append(list, one.count)
	}
	return list
}

// composed is a composite of members that count so much.
func (p *projection) composed(counts []Count) Composite {
	return compose(p.d, nil, func(i int) Result {
		r := Result{At: p.at, Window: p.window, Target: p.parts[i].o.Target, Tally: p.parts[i].all, Count: counts[i]}
		r.spend()
		return r
	})
}

// consumed is the share of the budget that is spent where the parts count so much.
func (p *projection) consumed(counts []Count) float64 {
	if p.whole != nil {
		if c := p.composed(counts); c.Consumed != nil {
			return *c.Consumed
		}
		return 0
	}
	if counts[0].Total == 0 {
		return 0
	}
	return p.parts[0].o.Target.Spent(counts[0].Bad, counts[0].Total)
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
	n := len(p.parts)
	kept := make([]Count, n*len(p.spots))
	last := len(p.spots) - 1
	p.spots[last].kept = kept[n*last:]
	for k := last - 1; k >= 0; k-- {
		p.spots[k].kept = kept[n*k : n*(k+1)]
		p.keep(p.spots[k].kept, p.spots[k].from, p.spots[k+1])
	}
}

// keep adds what lies between an instant and the beginning of a spot to what is
// kept there.
func (p *projection) keep(kept []Count, from time.Time, next spot) {
	for i, one := range p.parts {
		count := one.tallies.Tally(evenkeel.Window{From: from, To: next.from}).Count(p.d.Method, p.d.Missing)
		kept[i] = count.plus(next.kept[i])
	}
}

// stay places spots every hour up to the end of a window of the calendar, which
// keeps everything.
func (p *projection) stay() {
	kept := p.counts()
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

func (c Count) plus(o Count) Count { return Count{c.Good + o.Good, c.Bad + o.Bad, c.Total + o.Total} }

// spent is the share of the budget that is spent at a spot if the parts burn at
// rates: what will have come by then added to what is kept.
func (p *projection) spent(s spot, burns []float64) float64 {
	for i, one := range p.parts {
		coming := one.rate * s.at.Sub(p.at).Seconds()
		bad := min(1, burns[i]*one.o.Target.Budget()) * coming
		p.now[i] = s.kept[i].plus(Count{coming - bad, bad, coming})
	}
	return p.consumed(p.now)
}

// path finds when nothing remains and when something does again. In a window of
// the calendar that stays exhausted, it does when the next one begins.
func (p *projection) path(burns []float64) (exhausts, thaws *time.Time) {
	k := 0
	if p.spent(p.spots[0], burns) < 1 {
		if k, exhausts = p.cross(0, burns, func(spent float64) bool { return spent >= 1 }); exhausts == nil {
			return nil, nil
		}
	}
	_, thaws = p.cross(k, burns, func(spent float64) bool { return spent < 1 })
	if thaws == nil && !p.d.Window.Rolling() {
		thaws = &p.window.To
	}
	return exhausts, thaws
}

// cross is the first spot after the kth at which something holds, and the
// instant since when; nil if it never does.
func (p *projection) cross(k int, burns []float64, holds func(spent float64) bool) (int, *time.Time) {
	next := slices.IndexFunc(p.spots[k:], func(s spot) bool { return holds(p.spent(s, burns)) })
	if next < 0 {
		return 0, nil
	}
	next += k
	if next == 0 {
		return 0, &p.spots[0].at
	}
	at := p.refine(p.spots[next-1], p.spots[next], burns, holds)
	return next, &at
}

// refine finds the counted slice at whose end something first holds, between a
// spot at which it does not and the next, at which it does.
func (p *projection) refine(before, after spot, burns []float64, holds func(spent float64) bool) time.Time {
	step := max(p.step, time.Minute)
	steps := int(math.Ceil(float64(after.at.Sub(before.at)) / float64(step)))
	for i := 1; i < steps; i++ {
		s := before
		s.at = before.at.Add(time.Duration(i) * step)
		if p.d.Window.Rolling() {
			s.from = before.from.Add(time.Duration(i) * step)
			s.kept = make([]Count, len(p.parts))
			p.keep(s.kept, s.from, after)
		}
		if holds(p.spent(s, burns)) {
			return s.at
		}
	}
	return after.at
}
