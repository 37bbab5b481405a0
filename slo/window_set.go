package slo

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// Severity is what an alert asks of people.
type Severity string

// The severities.
const (
	// Page wants somebody now.
	Page Severity = "page"
	// Ticket wants somebody within days.
	Ticket Severity = "ticket"
)

// AlertRow is one pair of lookbacks of a window set: it alerts while the budget
// burns faster than its factor over both of them. The long one keeps a short
// peak from alerting, the short one ends the alert soon after the errors.
type AlertRow struct {
	Severity    Severity
	Long, Short time.Duration
	Factor      Factor
	// Share is how much of the budget of the set's window Long spends at Factor.
	Share float64
	// For is how long both lookbacks have to exceed before the alert fires.
	For time.Duration
	// Stated is the set's own factor where Factor had to be lower because no
	// error ratio could exceed it; zero elsewhere.
	Stated Factor
	// Policy is the alert policy of the document that the row is of; nil for one
	// of a window set.
	Policy *AlertPolicy
}

// Capped says that the set's own factor could never be exceeded.
func (r AlertRow) Capped() bool { return !r.Stated.IsZero() }

// Name names the row by its lookbacks, "1h/5m", or by its policy and the one
// that it has, "fast-burn 1h".
func (r AlertRow) Name() string {
	if r.Policy != nil {
		return r.Policy.Name + " " + evenkeel.FormatDuration(r.Long)
	}
	return evenkeel.FormatDuration(r.Long) + "/" + evenkeel.FormatDuration(r.Short)
}

// WindowSet is a named choice of rows, the fastest first.
type WindowSet struct {
	Name string
	// Window is the length of the budget's window that its shares are of.
	Window time.Duration
	Rows   []AlertRow
}

// NoAlerts is the name of the window set without rows.
const NoAlerts = "none"

const day = 24 * time.Hour

// lookbacks are those of the SRE Workbook, chapter 5: a short one is a twelfth
// of the long one.
func lookbacks() []AlertRow {
	return []AlertRow{
		{Severity: Page, Long: time.Hour, Short: 5 * time.Minute},
		{Severity: Page, Long: 6 * time.Hour, Short: 30 * time.Minute},
		{Severity: Ticket, Long: day, Short: 2 * time.Hour},
		{Severity: Ticket, Long: 3 * day, Short: 6 * time.Hour},
	}
}

// The shares of a budget that the rows spend, in thousandths. A week has larger
// ones: with those of a month, its factors would be near 1 and alert on what is
// promised.
func monthShares() []int64 { return []int64{20, 50, 100, 100} }
func weekShares() []int64  { return []int64{80, 125, 200, 420} }

// ParseWindowSet finds a window set by its name:
//
//   - workbook-30d, workbook-28d: 2, 5, 10 and 10 % of the budget in an hour, 6
//     hours, a day and 3 days; sloth-30d and sloth-28d are the same rows;
//   - workbook-7d: 8, 12.5, 20 and 42 %;
//   - pyrra-28d or any other length: factors 14, 7, 2 and 1, lookbacks that
//     grow with the window, and a time to wait;
//   - derived-45d or any other length: see [derived];
//   - none.
func ParseWindowSet(name string) (WindowSet, error) {
	kind, length, found := strings.Cut(name, "-")
	if name == NoAlerts {
		return WindowSet{Name: name}, nil
	}
	span, err := ParseSpan(length)
	if !found || err != nil {
		return WindowSet{}, unknownSet(name)
	}
	s := WindowSet{Name: name, Window: span.Fixed()}
	switch kind {
	case "workbook", "sloth":
		shares := map[time.Duration][]int64{30 * day: monthShares(), 28 * day: monthShares(), 7 * day: weekShares()}[s.Window]
		if shares == nil || kind == "sloth" && s.Window == 7*day {
			return WindowSet{}, unknownSet(name)
		}
		s.Rows = spend(lookbacks(), s.Window, shares)
	case "pyrra":
		s.Rows = pyrra(s.Window)
	case "derived":
		s.Rows = derived(s.Window)
	default:
		return WindowSet{}, unknownSet(name)
	}
	s.Rows = distinct(s.Rows)
	return s, nil
}

// distinct leaves of rows that look at the same the one with the lowest factor,
// which alerts whenever another does. Short windows have such rows.
func distinct(rows []AlertRow) (list []AlertRow) {
	for _, r := range rows {
		twin := slices.IndexFunc(list, func(o AlertRow) bool { return o.Severity == r.Severity && o.Name() == r.Name() })
		switch {
		case twin < 0:
			list = append(list, r)
		case list[twin].Factor.above(r.Factor):
			list[twin] = r
		}
	}
	return list
}

func unknownSet(name string) error {
	return fmt.Errorf("%q is no window set; give workbook-30d, workbook-28d, workbook-7d, sloth-30d, sloth-28d, pyrra-28d, derived-90d (the last two with any length) or none", name)
}

// DefaultWindowSet names the set for a window: the workbook's where it has one
// of that length, else the derived one. Of windows of the calendar the length is
// that of [Span.Fixed].
func DefaultWindowSet(w TimeWindow) string {
	switch w.Span.Fixed() {
	case 30 * day:
		return "workbook-30d"
	case 28 * day:
		return "workbook-28d"
	case 7 * day:
		return "workbook-7d"
	default:
		return "derived-" + w.Span.String()
	}
}

// spend sets factors so that rows spend shares of a window's budget.
func spend(rows []AlertRow, window time.Duration, thousandths []int64) []AlertRow {
	for i := range rows {
		rows[i].Factor = spending(thousandths[i], window, rows[i].Long)
		rows[i].Share = float64(thousandths[i]) / 1000
	}
	return rows
}

// derived are rows for windows of any length. From a week up they have the
// workbook's lookbacks, and as factor the larger one of what spends the shares
// of a month and what a week has, so that they are those of workbook-7d at 7
// days and those of workbook-30d at 30. A window beyond 90 days alerts as one of
// 90: nobody should wait for a tenth of a year's budget. Below a week, the
// week's rows shrink with the window to lookbacks of at least 12 minutes and a
// minute.
func derived(window time.Duration) []AlertRow {
	const week, quarter = 7 * day, 90 * day
	rows := lookbacks()
	if window < week {
		for i := range rows {
			rows[i].Short = max(time.Minute, scaled(rows[i].Short, window, week).Truncate(time.Minute))
			rows[i].Long = 12 * rows[i].Short
		}
		return spend(rows, window, weekShares())
	}
	for i := range rows {
		f, least := spending(monthShares()[i], min(window, quarter), rows[i].Long), spending(weekShares()[i], week, rows[i].Long)
		if least.above(f) {
			f = least
		}
		rows[i].Factor, rows[i].Share = f, f.share(rows[i].Long, window)
	}
	return rows
}

// share is how much of a window's budget a lookback spends at the factor.
func (f Factor) share(lookback, window time.Duration) float64 {
	return float64(f.parts*int64(lookback/time.Minute)) / float64(f.whole*int64(window/time.Minute))
}

// pyrra are the rows of Pyrra: fixed factors, and lookbacks and waiting times
// that are to the window as they are to 28 days, rounded to minutes.
func pyrra(window time.Duration) []AlertRow {
	fit := func(length time.Duration) time.Duration {
		return max(time.Minute, scaled(length, window, 28*day).Round(time.Minute))
	}
	rows := lookbacks()
	rows[3].Long = 4 * day
	factors := []int64{14, 7, 2, 1}
	waits := []time.Duration{2 * time.Minute, 15 * time.Minute, time.Hour, 3 * time.Hour}
	for i := range rows {
		r := &rows[i]
		r.Long, r.Short, r.For, r.Factor = fit(r.Long), fit(r.Short), fit(waits[i]), NewFactor(factors[i], 1)
		r.Share = r.Factor.share(r.Long, window)
	}
	return rows
}

// scaled is to a window as a length is to another one.
func scaled(length, window, other time.Duration) time.Duration {
	return time.Duration(float64(length) * (window.Minutes() / other.Minutes()))
}

// For are the rows for a target. Where no error ratio could burn faster than a
// row's factor, the factor is lowered to that of an error ratio of 0.9.
func (s WindowSet) For(t Target) []AlertRow {
	rows := slices.Clone(s.Rows)
	for i := range rows {
		rows[i].fit(t, s.Window)
	}
	return rows
}

// fit lowers a factor that no error ratio exceeds.
func (r *AlertRow) fit(t Target, window time.Duration) {
	if !r.Factor.reachable(t, r.Meeting()) {
		r.Stated, r.Factor = r.Factor, NewFactor(9*t.whole, 10*(t.whole-t.parts))
		r.Share = r.Factor.share(r.Long, window)
	}
}

// AlertRows are the rows that an objective alerts by: those of the window set and
// then those of the definition's policies. The error names a window set that is
// not known.
func AlertRows(d Definition, o Objective) ([]AlertRow, error) {
	rows, err := statedRows(d)
	for i := range rows {
		rows[i].fit(o.Target, d.alertWindow(rows[i]))
	}
	return rows, err
}

// statedRows are the rows of a definition, whatever the target.
func statedRows(d Definition) (rows []AlertRow, err error) {
	if d.Alerts != "" {
		s, err := ParseWindowSet(d.Alerts)
		if err != nil {
			return nil, fmt.Errorf("alerts: %w", err)
		}
		rows = s.Rows
	}
	for i := range d.Policies {
		rows = append(rows, d.Policies[i].row(d.Window.Span.Fixed()))
	}
	return rows, nil
}

// alertWindow is the length of the window that a row's share is of.
func (d Definition) alertWindow(r AlertRow) time.Duration {
	if s, err := ParseWindowSet(d.Alerts); err == nil && r.Policy == nil {
		return s.Window
	}
	return d.Window.Span.Fixed()
}

// LintAlerts says what the rows of an objective cannot do:
// factors that no error ratio exceeds, a set made for another window, lookbacks
// that are shorter than what is counted. Empty is well.
func LintAlerts(d Definition, o Objective) []Said {
	rows, err := AlertRows(d, o)
	if err != nil {
		return []Said{{Text: err.Error()}}
	}
	var list []Said
	for _, r := range rows {
		if r.Capped() {
			list = append(list, r.capped(o))
		}
		if step := o.counted(d); r.Short < step {
			lookback, slice := evenkeel.FormatDuration(r.Short), evenkeel.FormatDuration(step)
			list = append(list, Say("lookback_short", fmt.Sprintf("the lookback of %s is shorter than a counted slice of %s, which is looked at instead", lookback, slice), "lookback", lookback, "slice", slice))
		}
	}
	if s, _ := ParseWindowSet(d.Alerts); len(s.Rows) > 0 && s.Window != d.Window.Span.Fixed() {
		made, window, fits := evenkeel.FormatDuration(s.Window), d.Window.Span.String(), DefaultWindowSet(d.Window)
		list = append(list, Say("other_window", fmt.Sprintf("the window set %s is made for %s, the window is %s; %s fits", d.Alerts, made, window, fits), "set", d.Alerts, "made", made, "window", window, "fits", fits))
	}
	return list
}

// capped says that the row could never alert as it was stated.
func (r AlertRow) capped(o Objective) Said {
	target, most := o.Target.Percent(), 1/o.Target.Budget()
	text := fmt.Sprintf("at a target of %s %% nothing burns faster than %.4g, so the %s row %s with the factor %s could never alert; it alerts above %s instead. Give a higher target%s",
		target, most, r.Severity, r.Name(), r.Stated, r.Factor, r.otherwise())
	code := "capped"
	if r.Policy != nil {
		code = "capped_policy"
	}
	return Say(code, text, "target", target, "most", decimal(most), "severity", string(r.Severity), "row", r.Name(), "stated", r.Stated.String(), "factor", r.Factor.String())
}

// otherwise is what may be written in place of a row that cannot alert.
func (r AlertRow) otherwise() string {
	if r.Policy != nil {
		return " or a lower threshold"
	}
	return " or alerts: none"
}
