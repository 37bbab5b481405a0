package metrics

import (
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// Trend is Series, and what the weekly charts of the five figures say of the
// window. wanted is how many deployments a week are meant to be made; nil is
// not stated. The charts are made from weeks whatever the grain; they hold
// points only if it is Week.
//
// Judged are the last whole weeks of the window that have elapsed, at most 13.
// The baseline is the 26 weeks before them. A judged week is never in the
// baseline, and the running week is never judged.
func Trend(q Query, g Grain, wanted *float64, parts ...Derived) ([]Bucket, Controls) {
	return newUnion(q, parts).trend(g, wanted)
}

func (u *union) trend(g Grain, wanted *float64) ([]Bucket, Controls) {
	series := u.series("window ", u.query.Window, g)
	weeks := u.weeks(g == Week)
	var all [5]Control
	for i, f := range figures(u.query, wanted) {
		all[i] = weeks.control(f)
	}
	return series, Controls{LeadTime: all[0], Frequency: all[1], FailRate: all[2], Recovery: all[3], Rework: all[4]}
}

// weeks are the baseline and the judged weeks, oldest first.
type weeks struct {
	buckets []Bucket
	// judged is the index of the first judged week.
	judged int
	// usable is the first instant that counts: nothing was known before, or
	// another policy held.
	usable time.Time
	// changed says that it is the policy that makes older weeks unusable.
	changed bool
	window  evenkeel.Window
	// shown says that points are wanted.
	shown bool
	asOf  time.Time
}

// weeks cuts the weeks that the charts of a window look at.
func (u *union) weeks(shown bool) weeks {
	q := u.query
	w := weeks{window: q.Window, shown: shown, asOf: q.AsOf, usable: u.firstDeployment()}
	end := q.Window.To
	if !q.AsOf.IsZero() && q.AsOf.Before(end) {
		end = q.AsOf
	}
	for _, v := range q.Versions {
		if v.From.After(w.usable) && v.From.Before(end) {
			w.usable, w.changed = v.From, true
		}
	}
	if q.Window.From.IsZero() || !q.Window.From.Before(end) {
		return w
	}
	zone := q.Policy.Location()
	last := bucketStart(end.In(zone), Week, q.Policy.WeekStart)
	first := last
	for range JudgedWeeks {
		earlier := weeksBefore(first, 1, zone)
		if earlier.Before(q.Window.From) {
			break
		}
		first = earlier
	}
	w.buckets = u.series("weeks ", evenkeel.Window{From: weeksBefore(first, BaselineWeeks, zone), To: last}, Week)
	w.judged = min(BaselineWeeks, len(w.buckets))
	return w
}

// weeksBefore is the start of the week so many weeks earlier, by the calendar.
func weeksBefore(start time.Time, n int, zone *time.Location) time.Time {
	year, month, day := start.In(zone).Date()
	return midnight(year, month, day-7*n, zone)
}

// firstDeployment is the first known deployment in scope; zero if there is none.
func (u *union) firstDeployment() (first time.Time) {
	if !u.known {
		return first
	}
	at := int64(maxMicros)
	for _, p := range u.parts {
		if !p.unplacedOnly && len(p.deployments.at) > 0 {
			at = min(at, p.deployments.at[0])
		}
	}
	return instant(at)
}

// reading is one week as one figure sees it.
type reading struct {
	Observation
	n   int
	use WeekUse
}

// read settles what each week does in a figure's chart.
func (w *weeks) read(f charted) []reading {
	out := make([]reading, len(w.buckets))
	for i, b := range w.buckets {
		r := reading{use: UseBaseline}
		if i >= w.judged {
			r.use = UseJudged
		}
		var ok bool
		r.Observation, r.n, ok = f.read(b)
		switch {
		case !ok:
			r.use = UseNoValue
		case b.From.Before(w.usable):
			r.use = UseBefore
		case i >= w.judged && !w.asOf.IsZero() && w.asOf.Before(b.To.Add(f.settles)):
			r.use = UseImmature
		}
		out[i] = r
	}
	if f.log {
		w.leaveThin(out)
	}
	return out
}

// leaveThin leaves out weeks whose median rests on so few cases that it swings
// for that reason alone: holidays, mostly.
func (w *weeks) leaveThin(all []reading) {
	var sizes []int
	for _, r := range all[:w.judged] {
		if r.use == UseBaseline {
			sizes = append(sizes, r.n)
		}
	}
	if len(sizes) == 0 {
		return
	}
	slices.Sort(sizes)
	usual := sizes[len(sizes)/2]
	for i, r := range all {
		if (r.use == UseBaseline || r.use == UseJudged) && 4*r.n < usual {
			all[i].use = UseThin
		}
	}
}

// control makes the chart of one figure.
func (w *weeks) control(f charted) Control {
	all := w.read(f)
	c := Control{
		State: Silent, Scale: "linear", Unit: f.unit, Verdict: TooFew, Found: FoundSilence, Signals: []Signal{}, Points: []ControlPoint{},
	}
	if f.log {
		c.Scale = "log"
	}
	var baseline []Observation
	valued := 0
	for _, r := range all {
		switch r.use {
		case UseBaseline:
			baseline = append(baseline, r.Observation)
		case UseJudged:
			c.Judged++
		default:
		}
		if r.use != UseNoValue {
			valued++
		}
	}
	if w.judged > 0 {
		c.Baseline.Window = evenkeel.Window{From: w.buckets[0].From, To: w.buckets[w.judged-1].To}
	}
	c.Baseline.Weeks = len(baseline)
	var chart Chart
	if c.Reason = w.silence(baseline, c.Judged, valued); c.Reason == "" {
		if chart, c.Chart = f.chart(baseline); chart == nil {
			c.Reason = SilentNoVariation
		}
	}
	if chart != nil {
		c.State = Provisional
		if len(baseline) >= FirmWeeks {
			c.State = Firm
		}
		w.judge(&c, f, chart, all)
	}
	if w.shown {
		c.Points = w.points(chart, all)
	}
	return c
}

func (w *weeks) silence(baseline []Observation, judged, valued int) SilentReason {
	switch {
	case len(w.buckets) > 0 && valued == 0:
		return SilentNoData
	case len(w.buckets) == 0 || w.judged == len(w.buckets):
		return SilentNoWeek
	case len(baseline) < ProvisionalWeeks && w.changed && w.buckets[0].From.Before(w.usable):
		return SilentDefinition
	case len(baseline) < ProvisionalWeeks:
		return SilentFewWeeks
	case judged == 0:
		return SilentNoWeek
	}
	return ""
}

// points are the weeks that lie in the window.
func (w *weeks) points(chart Chart, all []reading) []ControlPoint {
	list := []ControlPoint{}
	for i, r := range all {
		b := w.buckets[i]
		if b.From.Before(w.window.From) {
			continue
		}
		p := ControlPoint{Window: b.Window, N: r.n, Use: r.use}
		if r.use != UseNoValue {
			value := r.Value
			p.Value = &value
			if chart != nil && r.use != UseBefore {
				l := chart.Limits(r.Observation)
				p.Centre, p.Lower, p.Upper = &l.Centre, &l.Lower, &l.Upper
			}
		}
		list = append(list, p)
	}
	return list
}
