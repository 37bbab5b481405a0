package views

import (
	"fmt"
	"strconv"

	"github.com/evenkeel-dev/evenkeel/metrics"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
)

// BadgeDays is the window of badges, in days before the present.
const BadgeDays = 90

// Badge is one figure as a small picture: a label and a value, and the words
// for those who cannot see it.
type Badge struct {
	// Label names the figure and its window, "lead time 90 d".
	Label string
	// Value is the figure with its unit, or why there is none: "no data", "too
	// few", "not shown".
	Value string
	// Title is label and value; Description says of what, and how much it
	// rests on.
	Title, Description string
}

// NewBadge answers a question about the present with a badge. The question's
// window is that of badges, whatever it holds.
func NewBadge(r *jobs.Results, q Question, m metrics.Metric) (Badge, error) {
	q.From, q.To, q.Benchmark, q.Series = strconv.Itoa(BadgeDays)+"d", "", "none", ""
	answer, err := Dora(r, q)
	if err != nil {
		return Badge{}, err
	}
	f := badgeFigure(m, answer.Report)
	b := Badge{Label: f.label + " " + strconv.Itoa(BadgeDays) + " d", Value: f.text()}
	b.Title = b.Label + ": " + b.Value
	b.Description = fmt.Sprintf("%s of the %s %s from %s to %s: %s; %s.", f.long, answer.Scope.Kind, answer.Scope.Name,
		answer.Window.From.Format("2006-01-02"), answer.Window.To.Format("2006-01-02"), b.Value, f.basis)
	return b, nil
}

// BadgeMetrics are the figures that there are badges of.
func BadgeMetrics() []metrics.Metric {
	return []metrics.Metric{metrics.MetricLeadTime, metrics.MetricFrequency, metrics.MetricFailRate, metrics.MetricRecovery, metrics.MetricRework}
}

// badged is a figure as a badge shows it.
type badged struct {
	label, long, basis string
	value              *float64
	write              func(float64) string
	withheld           metrics.Withheld
}

func (f badged) text() string {
	switch f.withheld {
	case metrics.WithheldNoValue:
		return "no data"
	case metrics.WithheldTooFew:
		return "too few"
	case metrics.WithheldCoverage:
		return "not shown"
	}
	return f.write(*f.value)
}

func badgeFigure(m metrics.Metric, r metrics.Report) badged {
	switch m {
	case metrics.MetricFrequency:
		f := r.Frequency
		return badged{label: "deployments", long: "Deployment frequency", basis: count(f.Deployments, "deployment"), value: f.PerDay, withheld: f.Withheld, write: rateText}
	case metrics.MetricFailRate:
		f := r.FailRate
		return badged{label: "change fail rate", long: "Change fail rate", basis: fmt.Sprintf("%d of %s", f.Failed, count(f.N, "deployment")), value: f.Value, withheld: f.Withheld, write: shareText}
	case metrics.MetricRework:
		f := r.Rework
		return badged{label: "rework rate", long: "Deployment rework rate", basis: fmt.Sprintf("%d of %s", f.Rework, count(f.N, "deployment")), value: f.Value, withheld: f.Withheld, write: shareText}
	case metrics.MetricRecovery:
		f := r.Recovery
		return badged{
			label: "recovery time" + statistic(f.Statistic), long: "Failed-deployment recovery time", value: f.Value, withheld: f.Withheld, write: durationText,
			basis: fmt.Sprintf("%s of %s, %d not restored", f.Statistic, count(f.N, "incident"), f.Unresolved),
		}
	}
	f := r.LeadTime
	b := badged{label: "lead time" + statistic(f.Statistic), long: "Change lead time", value: f.Value, withheld: f.Withheld, write: durationText}
	b.basis = fmt.Sprintf("%s of %s", f.Statistic, count(f.N, string(f.Of)))
	if f.Coverage != nil {
		b.basis += ", shipped changes known of " + shareText(*f.Coverage) + " of the deployments"
	}
	return b
}

// statistic is named where it is not the usual one.
func statistic(s metrics.Statistic) string {
	if s == "median" {
		return ""
	}
	return " " + string(s)
}

func count(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return strconv.Itoa(n) + " " + what
}
