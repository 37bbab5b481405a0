package views

import (
	"strconv"

	"github.com/evenkeel-dev/evenkeel/metrics"
)

// FiguresTable is the five figures of an answer, one to a row.
func FiguresTable(d DORA) Table {
	t := Table{
		Name: "figures", About: "The five DORA figures of one scope and window.", Facts: d.basis(),
		Columns: []TableColumn{
			{"figure", "", "name of the figure"},
			{"value", "", "the figure in its unit; empty where there is no value, which is not 0"},
			{"unit", "", "seconds, per_day or share (1 is all)"},
			{"statistic", "", "how one value was made of many"},
			{"n", "count", "how many facts the value rests on"},
			{"low", "", "lower end of the 95 % interval"},
			{"high", "", "upper end of the 95 % interval"},
			{"coverage", "share", "share of what should be known that is known"},
			{"previous_value", "", "the figure of the window of equal length before"},
			{"direction", "", "better, worse, higher, lower, no_clear_change or no_value"},
			{"definition", "", "what the figure is"},
		},
	}
	r, before, c := d.Report, metrics.Report{}, d.Comparison
	if d.Previous != nil {
		before = *d.Previous
	}
	add := func(m metrics.Metric, v *float64, unit, statistic string, n int, low, high, coverage, previous *float64, direction metrics.Direction) {
		t.Rows = append(t.Rows, []any{string(m), value(v), unit, statistic, n, value(low), value(high), value(coverage), value(previous), string(direction), meaningOf(m)})
	}
	f := r.Frequency
	add(metrics.MetricFrequency, f.PerDay, "per_day", "rate", f.Deployments, f.Low, f.High, nil, before.Frequency.PerDay, c.Frequency.Direction)
	l := r.LeadTime
	add(metrics.MetricLeadTime, l.Value, "seconds", string(l.Statistic), l.N, l.Low, l.High, l.Coverage, before.LeadTime.Value, c.LeadTime.Direction)
	x := r.FailRate
	add(metrics.MetricFailRate, x.Value, "share", "share", x.N, x.Low, x.High, x.Coverage, before.FailRate.Value, c.FailRate.Direction)
	v := r.Recovery
	add(metrics.MetricRecovery, v.Value, "seconds", string(v.Statistic), v.N, v.Low, v.High, nil, before.Recovery.Value, c.Recovery.Direction)
	w := r.Rework
	add(metrics.MetricRework, w.Value, "share", "share", w.N, w.Low, w.High, nil, before.Rework.Value, c.Rework.Direction)
	return t
}

func (d DORA) basis() []TableFact {
	return append(basis(d.Scope, d.Environment, d.TimeZone, d.Policy.Version, d.Window, d.AsOf), TableFact{"revision", strconv.FormatInt(d.Revision, 10)})
}

// SeriesTable is the figures per day, week or month.
func SeriesTable(d DORA) Table {
	t := Table{
		Name: "series", About: "The headline figures per bucket of time; buckets are half-open.", Facts: d.basis(),
		Columns: []TableColumn{
			{"from", "", "beginning of the bucket"},
			{"to", "", "end of the bucket, not included"},
			{"complete", "", "false where the window or the present cuts the bucket"},
			{"lead_time_seconds", "seconds", meaningOf(metrics.MetricLeadTime)},
			{"lead_time_median_seconds", "seconds", "median, whatever the policy's aggregation"},
			{"lead_time_p75_seconds", "seconds", "75th percentile"},
			{"lead_time_p90_seconds", "seconds", "90th percentile"},
			{"lead_time_n", "count", "changes"},
			{"deployments", "count", "counted deployments"},
			{"deployment_days", "count", "days with a counted deployment"},
			{"deployments_per_day", "per_day", meaningOf(metrics.MetricFrequency)},
			{"fail_rate", "share", meaningOf(metrics.MetricFailRate)},
			{"failed", "count", "failed deployments"},
			{"fail_rate_low80", "share", "lower end of the 80 % Wilson interval"},
			{"fail_rate_high80", "share", "upper end of the 80 % Wilson interval"},
			{"recovery_seconds", "seconds", meaningOf(metrics.MetricRecovery)},
			{"recovery_n", "count", "incidents restored in the bucket"},
			{"rework_rate", "share", meaningOf(metrics.MetricRework)},
			{"rework", "count", "deployments that were unplanned fixes"},
		},
	}
	for _, b := range d.Series {
		t.Rows = append(t.Rows, []any{
			b.From, b.To, b.Complete, value(b.LeadTime.Value), value(b.LeadTime.Median), value(b.LeadTime.P75), value(b.LeadTime.P90), b.LeadTime.N,
			b.Frequency.Deployments, b.Frequency.DeploymentDays, value(b.Frequency.PerDay),
			value(b.FailRate.Value), b.FailRate.Failed, value(b.FailRate.Low80), value(b.FailRate.High80),
			value(b.Recovery.Value), b.Recovery.N, value(b.Rework.Value), b.Rework.Rework,
		})
	}
	return t
}

// figureColumns are the five figures as columns of a table of groups or
// applications.
func figureColumns() []TableColumn {
	return []TableColumn{
		{"lead_time_seconds", "seconds", meaningOf(metrics.MetricLeadTime)},
		{"lead_time_n", "count", "changes"},
		{"deployments", "count", "counted deployments"},
		{"deployments_per_day", "per_day", meaningOf(metrics.MetricFrequency)},
		{"fail_rate", "share", meaningOf(metrics.MetricFailRate)},
		{"failed", "count", "failed deployments"},
		{"recovery_seconds", "seconds", meaningOf(metrics.MetricRecovery)},
		{"recovery_n", "count", "incidents restored in the window"},
		{"rework_rate", "share", meaningOf(metrics.MetricRework)},
		{"rework", "count", "deployments that were unplanned fixes"},
		{"coverage", "share", "counted deployments whose shipped changes are known"},
	}
}

func figureCells(r metrics.Report) []any {
	return []any{
		value(r.LeadTime.Value), r.LeadTime.N, r.Frequency.Deployments, value(r.Frequency.PerDay), value(r.FailRate.Value), r.FailRate.Failed,
		value(r.Recovery.Value), r.Recovery.N, value(r.Rework.Value), r.Rework.Rework, value(r.LeadTime.Coverage),
	}
}
