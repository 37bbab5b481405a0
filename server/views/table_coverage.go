package views

import (
	"github.com/evenkeel-dev/evenkeel/metrics"
)

// CoverageTable is the matrix of applications and signals, one row for each
// pair.
func CoverageTable(c Coverage) Table {
	t := Table{
		Name: "coverage", About: "Signals of each application: whether they flow, are stale or were never seen, and why.",
		Facts: []TableFact{{"judged_at", stamp(c.Now)}, {"engine", metrics.EngineVersion}},
		Columns: []TableColumn{
			{"application", "", "name of the application in addresses"},
			{"name", "", "name of the application"},
			{"group", "", "group that owns it today"},
			{"signal", "", "kind of fact, or ownership"},
			{"state", "", "flowing, stale, never or not_expected"},
			{"reason", "", "why, as a code of docs/data-quality.md"},
			{"last_at", "", "the last fact's own instant"},
			{"recent", "count", "facts of the last 90 days"},
			{"usual_seconds", "seconds", "usual silence between days with a fact"},
			{"limit_seconds", "seconds", "longest silence that is not remarkable"},
			{"fix", "", "where it is mended"},
		},
	}
	for _, row := range c.Rows {
		group := ""
		if row.Group != nil {
			group = row.Group.Slug
		}
		for _, cell := range row.Cells {
			t.Rows = append(t.Rows, []any{
				row.Application.Slug, row.Application.Name, group, string(cell.Signal), string(cell.State), string(cell.Reason),
				value(cell.LastAt), value(cell.Recent), value(cell.Usual), value(cell.Limit), cell.Fix,
			})
		}
	}
	return t
}
