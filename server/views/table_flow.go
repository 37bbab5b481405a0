package views

import "github.com/evenkeel-dev/evenkeel/metrics"

// ChangesTable is shipped changes and where they spent their time.
func ChangesTable(a Answered, policy string, changes []FlowChange) Table {
	t := Table{
		Name: "changes", About: "The changes that shipped in the window, the longest first. Who wrote them is not known.",
		Facts: a.facts(policy),
		Columns: []TableColumn{
			{"id", "", "id of the fact"},
			{"repository", "", "host and path"},
			{"number", "", "number of the request; empty where only git knows the change"},
			{"application", "", "application that shipped it"},
			{"group", "", "group that owns the application today"},
			{"total_seconds", "seconds", meaningOf(metrics.MetricLeadTime)},
			{"longest_stage", "", "stage that took longest"},
			{"longest_seconds", "seconds", "time of that stage"},
			{"reviews", "count", "reviews of the request"},
			{"lines_added", "count", "lines added"},
			{"lines_deleted", "count", "lines deleted"},
			{"with_others", "count", "other changes of the same deployment"},
			{"deployment", "", "id of the deployment that shipped it first"},
			{"deployed_at", "", "when that deployment had finished"},
		},
	}
	for _, c := range changes {
		var added, deleted any
		if c.Size != nil {
			added, deleted = c.Size.Added, c.Size.Deleted
		}
		group := ""
		if c.Group != nil {
			group = c.Group.Slug
		}
		t.Rows = append(t.Rows, []any{
			c.ID, c.Repository, value(c.Number), c.Application.Slug, group, c.Total, value(c.Stage), value(c.StageSeconds), value(c.Rounds),
			added, deleted, c.Others, c.Deployment, c.DeployedAt,
		})
	}
	return t
}

// AssistedTable is the comparison of assisted and other changes.
func AssistedTable(a AssistedChanges, policy string) Table {
	t := Table{
		Name: "assisted", About: "Changes marked as written with a model's help beside others; matched by application and size. It shows differences, not causes.",
		Facts: a.facts(policy),
		Columns: []TableColumn{
			{"figure", "", "lead_time, lines, fail_rate or rework_rate"},
			{"assisted", "", "median or share of the assisted changes"},
			{"assisted_n", "count", "assisted changes"},
			{"other", "", "median or share of the other changes"},
			{"other_n", "count", "other changes"},
			{"matched", "", "ratio (lead_time, lines) or difference of shares, like with like"},
			{"low", "", "lower end of the 95 % interval"},
			{"high", "", "upper end of the 95 % interval"},
			{"verdict", "", "better, worse, higher, lower, no_clear_change or too_few"},
		},
	}
	x, y, m := a.Sides.Assisted, a.Sides.Other, a.Matched
	ratio := func(name string, one, other *float64, r metrics.RatioResult) {
		t.Rows = append(t.Rows, []any{name, value(one), x.N, value(other), y.N, value(r.Ratio), value(r.Low), value(r.High), string(r.Verdict)})
	}
	difference := func(name string, one, other metrics.Rate, d metrics.RateDifference) {
		t.Rows = append(t.Rows, []any{name, value(one.Value), one.N, value(other.Value), other.N, value(d.Difference), value(d.Low), value(d.High), string(d.Verdict)})
	}
	ratio("lead_time", x.Lead, y.Lead, m.Lead)
	ratio("lines", x.Lines, y.Lines, m.Lines)
	difference("fail_rate", x.Fail, y.Fail, m.Fail)
	difference("rework_rate", x.Rework, y.Rework, m.Rework)
	return t
}

// RowsTable is the facts behind a figure, those left out with their reason.
func RowsTable(a Answered, policy string, metric metrics.Metric, rows []metrics.Row) Table {
	t := Table{
		Name: "rows", About: "Every fact behind a figure: " + meaningOf(metric), Facts: append(a.facts(policy), TableFact{"figure", string(metric)}),
		Columns: []TableColumn{
			{"id", "", "id of the fact"},
			{"kind", "", "kind of fact"},
			{"at", "", "instant under which it is counted; empty where unknown"},
			{"included", "", "whether the figure counts it"},
			{"value", "", "what it adds: seconds, or 1 and 0"},
			{"reason", "", "why it is left out"},
			{"deployment", "", "deployment that ships it or is blamed for it"},
			{"rung", "", "evidence of a failure"},
		},
	}
	for _, r := range rows {
		var at any
		if !r.At.IsZero() {
			at = r.At
		}
		rung := ""
		if r.Rung != nil {
			rung = string(*r.Rung)
		}
		t.Rows = append(t.Rows, []any{r.ID, string(r.Kind), at, r.Included, value(r.Value), r.Reason, r.Deployment, rung})
	}
	return t
}
