package slo

import (
	"fmt"
	"regexp"
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
	// worst window among them.
	Reached, Worst float64
	// Consumed is the share of its budget that the last window would have used.
	Consumed float64
	// Events are those of the last window, and Budget how many of them may be bad.
	Events, Budget float64
	// Days are those with events.
	Days int
	// Notes are what an operator should know, a sentence each.
	Notes []string
}

// ladder are the targets that are proposed, from the highest.
func ladder() []string {
	return []string{"0.9999", "0.9995", "0.999", "0.995", "0.99", "0.95", "0.9"}
}

// minBudget is how many bad events a budget has at least: with fewer, luck
// cannot be told from quality.
const minBudget = 5

// Propose finds the highest target of 90, 95, 99, 99.5, 99.9, 99.95 and 99.99 %
// that no window of the history missed, and whose budget is at least five
// events. ok is false without events, or if there is none such.
func Propose(h History, span Span) (p Proposal, ok bool) {
	if len(h.Days) == 0 {
		return p, false
	}
	last := h.Days[len(h.Days)-1].At
	all := h.sum(time.Time{}, last)
	window := h.sum(last.Add(-span.Fixed()), last)
	p = Proposal{Reached: all.Good / all.Total, Worst: h.worst(span), Events: window.Total, Days: len(h.Days)}
	for _, text := range ladder() {
		target, err := ParseTarget(text)
		if err != nil || p.Worst < target.Float() {
			continue
		}
		if p.Budget = target.Budget() * window.Total; p.Budget < minBudget {
			continue
		}
		p.Target, p.Consumed = target, target.Spent(window.Total-window.Good, window.Total)
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

// worst is the lowest share of good events of any window that ends on a day,
// and lies within the history; of the whole history if that is shorter.
func (h History) worst(span Span) float64 {
	first := h.Days[0].At.Add(-24 * time.Hour)
	whole := h.sum(time.Time{}, h.Days[len(h.Days)-1].At)
	worst := whole.Good / whole.Total
	for _, d := range h.Days {
		from := d.At.Add(-span.Fixed())
		if from.Before(first) {
			continue
		}
		if one := h.sum(from, d.At); one.Total > 0 {
			worst = min(worst, one.Good/one.Total)
		}
	}
	return worst
}

// notSlug is what a slug does not have.
var notSlug = regexp.MustCompile(`[^a-z0-9]+`)

// SlugOf makes the slug of an application of a name in the monitoring:
// "shop/Checkout" is shop-checkout.
func SlugOf(name string) string {
	return strings.Trim(notSlug.ReplaceAllString(strings.ToLower(name), "-"), "-")
}
