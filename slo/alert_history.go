package slo

import (
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// AlertState is where an alert stands.
type AlertState string

// The states of an alert.
const (
	// AlertPending exceeds, and waits for its row's time.
	AlertPending AlertState = "pending"
	AlertFiring  AlertState = "firing"
	// AlertNoData was pending or firing when data stopped: nobody knows whether
	// it still is, so it is not over.
	AlertNoData AlertState = "no_data"
	// AlertResolved is over.
	AlertResolved AlertState = "resolved"
)

// Alert is one time that a row alerted, from the first instant at which both
// lookbacks exceeded to the first at which they were seen not to.
type Alert struct {
	Severity    Severity
	Long, Short time.Duration
	// Policy names the alert policy; empty for a row of a window set.
	Policy string
	State  AlertState
	// Since is when it came into its state.
	Since time.Time
	// From is when both lookbacks first exceeded; Fired is when it fired, zero
	// while pending, and Until when it was over, zero while it lasts.
	From, Fired, Until time.Time
	// Peak is the highest burn of the long lookback; 0 where data stopped and
	// nothing had exceeded.
	Peak float64
	// Blind is for how long of it nobody looked or there was no data.
	Blind time.Duration
}

// Row names the row as [AlertRow.Name] does.
func (a Alert) Row() string {
	if a.Policy != "" {
		return a.Policy + " " + evenkeel.FormatDuration(a.Long)
	}
	return evenkeel.FormatDuration(a.Long) + "/" + evenkeel.FormatDuration(a.Short)
}

// Lasts says that it fired and is not over; also one without data.
func (a Alert) Lasts() bool { return !a.Fired.IsZero() && a.Until.IsZero() }

// AlertHistory is what became of one row, instant after instant. The zero value
// is a row that was never looked at.
type AlertHistory struct {
	// Seen is the last instant.
	Seen time.Time
	// Now is the alert that lasts; nil while the row is quiet.
	Now *Alert
	// Past are alerts that fired and are over, oldest first.
	Past []Alert
}

// Resume is a history that goes on from what was kept of the alert that lasts:
// its state, when both lookbacks first exceeded, its highest burn, and the last
// instant that was looked at. One that is kept without data is taken to have
// fired.
func Resume(row AlertRow, state AlertState, from time.Time, peak float64, seen time.Time) AlertHistory {
	a := newAlert(row, state, from)
	a.Peak = peak
	if state != AlertPending {
		a.Fired = from.Add(row.For)
		a.Since = a.Fired
	}
	return AlertHistory{Seen: seen, Now: a}
}

// Kept is an alert that a history kept: its row by name, its state, when both
// lookbacks first exceeded, and its highest burn. When it came into its state is
// not known.
func Kept(row AlertRow, state AlertState, from time.Time, peak float64) Alert {
	a := *Resume(row, state, from, peak, time.Time{}).Now
	if state == AlertNoData {
		a.Since = time.Time{}
	}
	return a
}

// Step is the history after another instant. An instant that is not after the
// last one changes nothing, so that readings may be repeated. Instants are a step
// apart; where there are more, the time between was not looked at: it does not
// count as waiting, and what lasted over it says so.
func (h AlertHistory) Step(r AlertReading, every time.Duration) AlertHistory {
	if !r.At.After(h.Seen) {
		return h
	}
	gap := time.Duration(0)
	if !h.Seen.IsZero() {
		gap = max(0, r.At.Sub(h.Seen)-every)
	}
	h.Seen = r.At
	if h.Now == nil {
		if r.Over || r.Silent {
			h.Now = begin(r)
		}
		return h
	}
	now := *h.Now
	now.Blind += gap
	switch {
	case !r.Known():
		now.Blind += every
		now.enter(AlertNoData, r.At)
		if r.Silent {
			now.wait(r)
		}
	case r.Over:
		now.goOn(r, gap > 0)
	default:
		return h.end(now, r.At)
	}
	h.Now = &now
	return h
}

func newAlert(row AlertRow, state AlertState, from time.Time) *Alert {
	return &Alert{Severity: row.Severity, Long: row.Long, Short: row.Short, Policy: row.PolicyName(), State: state, Since: from, From: from}
}

func begin(r AlertReading) *Alert {
	if r.Silent {
		a := newAlert(r.Row, AlertNoData, r.At)
		a.wait(r)
		return a
	}
	a := newAlert(r.Row, AlertPending, r.At)
	a.Peak = *r.Long.Burn
	a.fire(r)
	return a
}

// wait says that the alert counts once the row's time has passed.
func (a *Alert) wait(r AlertReading) {
	if a.Fired.IsZero() && r.At.Sub(a.From) >= r.Row.For {
		a.Fired = r.At
	}
}

// fire fires once the row's time has passed.
func (a *Alert) fire(r AlertReading) {
	if a.wait(r); !a.Fired.IsZero() {
		a.enter(AlertFiring, r.At)
	}
}

// goOn takes another instant that exceeds. What waits begins again after time
// that nobody saw.
func (a *Alert) goOn(r AlertReading, unseen bool) {
	a.Peak = max(a.Peak, *r.Long.Burn)
	if !a.Fired.IsZero() {
		a.enter(AlertFiring, r.At)
		return
	}
	if unseen || a.State == AlertNoData {
		a.From, a.Blind = r.At, 0
	}
	a.enter(AlertPending, r.At)
	a.fire(r)
}

func (a *Alert) enter(s AlertState, at time.Time) {
	if a.State != s {
		a.State, a.Since = s, at
	}
}

// end closes what lasted; what never fired is not kept.
func (h AlertHistory) end(a Alert, at time.Time) AlertHistory {
	h.Now = nil
	if !a.Fired.IsZero() {
		a.Until = at
		a.enter(AlertResolved, at)
		h.Past = append(slices.Clip(h.Past), a)
	}
	return h
}
