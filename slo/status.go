package slo

import (
	"fmt"
	"strconv"
	"time"
)

// Status is one word for where an objective stands.
type Status string

// The words, the one that wins first.
const (
	// StatusNoData: nothing was counted, or nothing of late, so that no other
	// word can be said.
	StatusNoData Status = "no_data"
	// StatusExhausted: nothing remains of the budget.
	StatusExhausted Status = "exhausted"
	// StatusAtRisk: a page fires, or nothing will remain within the window if the
	// budget burns on as it does.
	StatusAtRisk Status = "at_risk"
	// StatusWatch: a ticket fires, or less than a quarter of the budget remains.
	StatusWatch Status = "watch"
	// StatusTooFewEvents: the whole budget is less than five events, so that a
	// single one decides.
	StatusTooFewEvents Status = "too_few_events"
	StatusHealthy      Status = "healthy"
)

const (
	// watchBelow is the share of the budget below which it is watched.
	watchBelow = 0.25
	// FewEvents is the least budget that can tell luck from trouble, in events.
	FewEvents = 5
)

// StatusOf finds the word and says why it is that. It is given what was
// counted, the alerts that last, the forecast if there is one, and when anything
// was last known of late: fresh is false where nothing was known of the basis'
// lookback. An alert without data counts as firing, for nobody has seen it end;
// so does what remains, which is why exhausted and at risk win over data that
// has stopped.
func StatusOf(r Result, alerts []Alert, f *Forecast, fresh bool) (Status, Said) {
	page, ticket := lasting(alerts, Page), lasting(alerts, Ticket)
	switch {
	case r.Remaining == nil:
		return StatusNoData, nothing(r.Tally)
	case *r.Remaining <= 0:
		return StatusExhausted, Say("spent", fmt.Sprintf("%.4g %% of the budget is spent", 100**r.Consumed), "share", decimal(*r.Consumed))
	case page != nil:
		return StatusAtRisk, page.reason()
	case !fresh:
		return StatusNoData, Say("stopped", "nothing was measured of late")
	case f != nil && f.Exhausts.At != nil:
		return StatusAtRisk, f.reason()
	case ticket != nil:
		return StatusWatch, ticket.reason()
	case *r.Remaining < watchBelow:
		return StatusWatch, remains(r)
	case !r.Target.IsZero() && r.Target.Allowed(r.Count.Total) < FewEvents:
		return StatusTooFewEvents, few(r)
	}
	return StatusHealthy, remains(r)
}

func remains(r Result) Said {
	return Say("remains", fmt.Sprintf("%.4g %% of the budget remains", 100**r.Remaining), "share", decimal(*r.Remaining))
}

func few(r Result) Said {
	allowed := r.Target.Allowed(r.Count.Total)
	return Say("too_few", fmt.Sprintf("the budget is %.3g of %.6g: too few to tell luck from trouble", allowed, r.Count.Total), "allowed", decimal(allowed), "total", decimal(r.Count.Total))
}

// nothing says why nothing was counted.
func nothing(t Tally) Said {
	switch {
	case t.Unusable > 0:
		return Say("unusable", fmt.Sprintf("%d slices were unusable: a number was negative or not a number", t.Unusable), "count", strconv.FormatInt(t.Unusable, 10))
	case t.Idle > 0:
		return Say("idle", "nothing happened: 0 of 0")
	default:
		return Say("unmeasured", "nothing was measured in the window")
	}
}

// reason says when nothing remains.
func (f *Forecast) reason() Said {
	at, burn := *f.Exhausts.At, f.Basis.Middle
	return Say("exhausts", fmt.Sprintf("nothing remains at %s if it burns on at %.3g", at.Format(time.RFC3339), burn), "at", instant(at), "burn", decimal(burn))
}

// lasting is the alert of a severity that lasts, the fastest first. One that is
// only of data that stopped says nothing of the budget.
func lasting(alerts []Alert, s Severity) *Alert {
	for i := range alerts {
		if alerts[i].Severity == s && alerts[i].Lasts() && alerts[i].Peak > 0 {
			return &alerts[i]
		}
	}
	return nil
}

func (a Alert) reason() Said {
	s := Say("fires", fmt.Sprintf("the %s alert of %s fires since %s", a.Severity, a.Row(), a.Fired.Format(time.RFC3339)), "severity", string(a.Severity), "row", a.Row(), "since", instant(a.Fired))
	switch {
	case a.State == AlertNoData && a.Since.IsZero():
		s.Code, s.Text = "fires_blind", s.Text+", without data at present"
	case a.State == AlertNoData:
		s.Code, s.Text = "fires_blind_since", s.Text+", without data since "+a.Since.Format(time.RFC3339)
		s.Values["blind"] = instant(a.Since)
	}
	return s
}
