package slo

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// History is what one service did, day by day, as far as it is known.
type History struct {
	// Service is its name in the monitoring.
	Service string
	// Days are in order of time; a day without events is not among them.
	Days []HistoryDay
}

// HistoryDay is one day of a service.
type HistoryDay struct {
	// At is its end.
	At time.Time
	// Good and Total are events.
	Good, Total float64
}

// Proposal is a promise that a service has kept in the past.
type Proposal struct {
	Target Target
	// Reached is the share of good events of all days, and Worst that of the
	// worst window among them, or of all days if that was lower.
	Reached, Worst float64
	// Windows are the shares of good events of every window that ends on a day
	// and lies within the history, the oldest first; none if it is shorter.
	Windows []float64
	// Consumed is the share of its budget that the last window would have used.
	Consumed float64
	// Events are those of the last window, Bad those of them that were bad, and
	// Budget how many may be.
	Events, Bad, Budget float64
	// Days are those with events.
	Days int
	// Notes are what an operator should know, a sentence each.
	Notes []string
}

// Missed says that some window of the past did not keep the lowest target that
// is proposed.
func (p Proposal) Missed() bool { return p.Days > 0 && p.Worst < lowest }

// lowest is the last target of the ladder.
const lowest = 0.9

// ladder are the targets that are proposed, from the highest.
func ladder() []string {
	return []string{"0.9999", "0.9995", "0.999", "0.995", "0.99", "0.95", "0.9"}
}

// minBudget is how many bad events a budget has at least: with fewer, luck
// cannot be told from quality.
const minBudget = 5

// Propose finds the highest target of 90, 95, 99, 99.5, 99.9, 99.95 and 99.99 %
// that no window of the history missed, and whose budget is at least five
// events. ok is false without events, or if there is none such: because the
// worst window missed 90 % ([Proposal.Missed]), or because there were too few.
func Propose(h History, span Span) (p Proposal, ok bool) {
	if len(h.Days) == 0 {
		return p, false
	}
	last := h.Days[len(h.Days)-1].At
	all := h.sum(time.Time{}, last)
	window := h.sum(last.Add(-span.Fixed()), last)
	p = Proposal{
		Reached: all.Good / all.Total, Windows: h.windows(span), Events: window.Total, Bad: window.Total - window.Good, Days: len(h.Days),
	}
	p.Worst = slices.Min(append(p.Windows, p.Reached))
	for _, text := range ladder() {
		target, err := ParseTarget(text)
		if err != nil || p.Worst < target.Float() {
			continue
		}
		if p.Budget = target.Budget() * window.Total; p.Budget < minBudget {
			continue
		}
		p.Target, p.Consumed = target, target.Spent(p.Bad, window.Total)
		p.Notes = append(p.Notes, h.notes(span)...)
		return p, true
	}
	return p, false
}

// notes say how much of a window the history covers.
func (h History) notes(span Span) (list []string) {
	days := int(span.Fixed() / (24 * time.Hour))
	if len(h.Days) < days {
		list = append(list, fmt.Sprintf("only %d days with events are known, of a window of %d", len(h.Days), days))
	}
	return list
}

// sum adds up the days that end in (from, to].
func (h History) sum(from, to time.Time) (sum HistoryDay) {
	for _, d := range h.Days {
		if d.At.After(from) && !d.At.After(to) {
			sum.Good, sum.Total = sum.Good+d.Good, sum.Total+d.Total
		}
	}
	return sum
}

// windows are the shares of good events of all windows that end on a day and
// lie within the history.
func (h History) windows(span Span) (shares []float64) {
	first := h.Days[0].At.Add(-24 * time.Hour)
	for _, d := range h.Days {
		from := d.At.Add(-span.Fixed())
		if from.Before(first) {
			continue
		}
		if one := h.sum(from, d.At); one.Total > 0 {
			shares = append(shares, one.Good/one.Total)
		}
	}
	return shares
}

// notSlug is what a slug does not have.
var notSlug = regexp.MustCompile(`[^a-z0-9]+`)

// SlugOf makes the slug of an application of a name in the monitoring:
// "shop/Checkout" is shop-checkout.
func SlugOf(name string) string {
	return strings.Trim(notSlug.ReplaceAllString(strings.ToLower(name), "-"), "-")
}
