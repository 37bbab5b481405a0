package views

import (
	"cmp"
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/budgets"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// LevelLate is a stretch of which something became known late.
type LevelLate struct {
	From    time.Time   `json:"from"`
	To      time.Time   `json:"to" doc:"Not included"`
	KnownAt time.Time   `json:"known_at" doc:"When it was last changed"`
	Changes int         `json:"changes" doc:"How often something came late"`
	Change  *LevelShift `json:"change" doc:"What it did to what was known; null where the stretch was filled in: nothing was known of it in time, and what was then has not changed since"`
}

// LevelShift is how what is known of a stretch differs from what was.
type LevelShift struct {
	Arrived   int64 `json:"arrived" doc:"Slices that had nothing and have something"`
	Altered   int64 `json:"altered" doc:"Slices that have something else"`
	Withdrawn int64 `json:"withdrawn" doc:"Slices that had something and have nothing"`
	// Of counters no amounts are known of an hour by itself.
	Before *LevelEvents `json:"before" doc:"What was known of its hours in time, or first; null for readings of counters"`
	Now    *LevelEvents `json:"now" doc:"What is known; null for readings of counters"`
}

// LevelEvents are events, or minutes of incidents, whatever the budgeting method
// counts.
type LevelEvents struct {
	Bad   float64 `json:"bad"`
	Total float64 `json:"total"`
}

// mostLate is how many stretches are told.
const mostLate = 50

// lateStretches puts hours together that follow each other, became known within
// an hour, and were filled in or were not.
func lateStretches(l *budgets.Level, e LevelEvidence) []LevelLate {
	var hours []LevelLate
	for _, h := range e.Late {
		hours = append(hours, LevelLate{From: h.Hour, To: h.Hour.Add(time.Hour), KnownAt: h.LastAt, Changes: h.Changes, Change: shift(l, h)})
	}
	for _, h := range e.LateIncidents {
		one := LevelLate{From: h.Hour, To: h.Hour.Add(time.Hour), KnownAt: h.LastAt, Changes: h.Changes}
		if h.Change != nil {
			one.Change = newLevelShift(*h.Change, true)
		}
		hours = append(hours, one)
	}
	slices.SortStableFunc(hours, func(a, b LevelLate) int { return cmp.Or(a.From.Compare(b.From), a.KnownAt.Compare(b.KnownAt)) })
	list := []LevelLate{}
	for _, one := range hours {
		if last := len(list) - 1; last >= 0 && list[last].meets(one) {
			list[last] = list[last].with(one)
			continue
		}
		list = append(list, one)
	}
	slices.SortStableFunc(list, func(a, b LevelLate) int { return b.KnownAt.Compare(a.KnownAt) })
	return list[:min(len(list), mostLate)]
}

// meets says whether a later stretch goes on with one.
func (v LevelLate) meets(o LevelLate) bool {
	return !o.From.After(v.To) && o.KnownAt.Sub(v.KnownAt).Abs() <= time.Hour && (o.Change == nil) == (v.Change == nil)
}

func (v LevelLate) with(o LevelLate) LevelLate {
	v.To, v.Changes = o.To, v.Changes+o.Changes
	if o.KnownAt.After(v.KnownAt) {
		v.KnownAt = o.KnownAt
	}
	if v.Change != nil {
		v.Change = v.Change.plus(o.Change)
	}
	return v
}

func (s *LevelShift) plus(o *LevelShift) *LevelShift {
	return &LevelShift{s.Arrived + o.Arrived, s.Altered + o.Altered, s.Withdrawn + o.Withdrawn, s.Before.plus(o.Before), s.Now.plus(o.Now)}
}

func (e *LevelEvents) plus(o *LevelEvents) *LevelEvents {
	if e == nil || o == nil {
		return nil
	}
	return &LevelEvents{e.Bad + o.Bad, e.Total + o.Total}
}

// shift is what late measurements did to an hour of a series; nil where nothing
// was known before. It is counted in events, by the first budget of the series.
func shift(l *budgets.Level, h evenkeel.LateHour) *LevelShift {
	at := slices.IndexFunc(l.Budgets, func(b *budgets.Budget) bool { return b.Series.ID == h.Series })
	if at < 0 || h.Now == nil {
		return nil
	}
	b := l.Budgets[at]
	d, window := b.Definition(), evenkeel.Window{From: h.Hour, To: h.Hour.Add(time.Hour)}
	d.Method = slo.Occurrences
	r := slo.Compare(d, b.Objective, slo.Gather(d, b.Objective, h.Before, window), slo.Gather(d, b.Objective, h.Now, window), window)
	return newLevelShift(r, !b.Counter())
}

// newLevelShift is a change with its events, where they are known.
func newLevelShift(r slo.Revision, events bool) *LevelShift {
	v := &LevelShift{Arrived: r.Arrived, Altered: r.Altered, Withdrawn: r.Withdrawn}
	if events {
		v.Before, v.Now = newLevelEvents(r.Then), newLevelEvents(r.Now)
	}
	return v
}

func newLevelEvents(t slo.Tally) *LevelEvents {
	c := t.Count(slo.Occurrences, slo.MissingExclude)
	return &LevelEvents{c.Bad, c.Total}
}
