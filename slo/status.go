package slo

import (
	"fmt"
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

// StatusOf finds the word and its reason in plain words. It is given what was
// counted, the alerts that last, the forecast if there is one, and when anything
// was last known of late: fresh is false where nothing was known of the basis'
// lookback. An alert without data counts as firing, for nobody has seen it end;
// so does what remains, which is why exhausted and at risk win over data that
// has stopped.
func StatusOf(r Result, alerts []Alert, f *Forecast, fresh bool) (Status, string) {
	page, ticket := lasting(alerts, Page), lasting(alerts, Ticket)
	switch {
	case r.Remaining == nil:
		return StatusNoData, nothing(r.Tally)
	case *r.Remaining <= 0:
		return StatusExhausted, fmt.Sprintf("%.4g %% of the budget is spent", 100**r.Consumed)
	case page != nil:
		return StatusAtRisk, page.reason()
	case !fresh:
		return StatusNoData, "nothing was measured of late"
	case f != nil && f.Exhausts.At != nil:
		return StatusAtRisk, fmt.Sprintf("nothing remains at %s if it burns on at %.3g", f.Exhausts.At.Format(time.RFC3339), f.Basis.Middle)
	case ticket != nil:
		return StatusWatch, ticket.reason()
	case *r.Remaining < watchBelow:
		return StatusWatch, fmt.Sprintf("%.4g %% of the budget remains", 100**r.Remaining)
	case !r.Target.IsZero() && r.Target.Allowed(r.Count.Total) < FewEvents:
		return StatusTooFewEvents, fmt.Sprintf("the budget is %.3g of %.6g: too few to tell luck from trouble", r.Target.Allowed(r.Count.Total), r.Count.Total)
	}
	return StatusHealthy, fmt.Sprintf("%.4g %% of the budget remains", 100**r.Remaining)
}

// nothing says why nothing was counted.
func nothing(t Tally) string {
	switch {
	case t.Unusable > 0:
		return fmt.Sprintf("%d slices were unusable: a number was negative or not a number", t.Unusable)
	case t.Idle > 0:
		return "nothing happened: 0 of 0"
	default:
		return "nothing was measured in the window"
	}
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

func (a Alert) reason() string {
	text := fmt.Sprintf("the %s alert of %s fires since %s", a.Severity, a.Row(), a.Fired.Format(time.RFC3339))
	switch {
	case a.State == AlertNoData && a.Since.IsZero():
		text += ", without data at present"
	case a.State == AlertNoData:
		text += ", without data since " + a.Since.Format(time.RFC3339)
	}
	return text
}
