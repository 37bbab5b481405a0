package views

import (
	"strconv"
	"strings"

	"github.com/evenkeel-dev/evenkeel/metrics"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
)

// GroupsTable is the groups, or the capabilities, of an overview with their
// figures.
func GroupsTable(o Overview) Table {
	t := Table{
		Name: "groups", About: "Groups that own applications themselves, with the figures of what they own; no ranking.",
		Facts: append(basis(o.Scope, environment(""), o.TimeZone, o.Report.Policy.Version, o.Window, o.AsOf), TableFact{"revision", strconv.FormatInt(o.Revision, 10)}),
		Columns: append([]TableColumn{
			{"slug", "", "name of the group in addresses"},
			{"name", "", "name of the group"},
			{"path", "", "groups above it, outermost first"},
			{"applications", "count", "applications that it owns today"},
			{"state", "", "ok, few_data, no_data or stale"},
		}, figureColumns()...),
	}
	for _, g := range o.Groups {
		t.Rows = append(t.Rows, append([]any{g.Slug, g.Name, strings.Join(g.Path, " / "), g.Applications, string(g.State)}, figureCells(g.Report)...))
	}
	return t
}

// ApplicationsTable is the applications in scope with their figures.
func ApplicationsTable(r *jobs.Results, q Question) (Table, error) {
	ids, err := r.Applications(q.Scope)
	if err != nil {
		return Table{}, err
	}
	query, _, err := q.prepare(r)
	if err != nil {
		return Table{}, err
	}
	t := Table{
		Name: "applications", About: "Applications with their figures; no ranking.",
		Facts: answered(r, q, query).facts(query.Policy.Version),
		Columns: append([]TableColumn{
			{"slug", "", "name of the application in addresses"},
			{"name", "", "name of the application"},
			{"group", "", "group that owns it today"},
			{"capability", "", "business capability that it serves"},
			{"tier", "", "1 (most critical) to 4; 0 is unassessed"},
			{"cadence", "", "how often it wants to be deployed"},
			{"state", "", "ok, few_data, no_data or stale"},
		}, figureColumns()...),
	}
	rows := make([][]any, len(r.Catalogue.Applications))
	wanted := map[string]bool{}
	for _, id := range ids {
		wanted[id] = true
	}
	parallel(len(rows), func(i int) {
		if a := r.Catalogue.Applications[i]; wanted[a.ID] {
			report := metrics.Compute(q.alone(r, query, a.Slug), r.Of([]string{a.ID})...)
			rows[i] = append([]any{a.Slug, a.Name, a.Group, a.Capability, int(a.Tier), CadenceOf(r, a), string(StateOf(r.Activity[a.ID], q.Now))}, figureCells(report)...)
		}
	})
	for _, row := range rows {
		if row != nil {
			t.Rows = append(t.Rows, row)
		}
	}
	return t, nil
}

func (a Answered) facts(policy string) []TableFact {
	return append(basis(a.Scope, a.Environment, a.TimeZone, policy, a.Window, a.AsOf), TableFact{"revision", strconv.FormatInt(a.Revision, 10)})
}

// StagesTable is the stages of a value stream.
func StagesTable(v ValueStream, policy string) Table {
	t := Table{
		Name: "stages", About: "Where the changes of the window spent their time on the way to production.",
		Facts: v.facts(policy),
		Columns: []TableColumn{
			{"stage", "", "coding, pickup, review, merge_wait, build, deploy, in this order"},
			{"kind", "", "work, wait, or mixed: a wait and then a run"},
			{"n", "count", "changes of which both ends of the stage are known"},
			{"median_seconds", "seconds", "median"},
			{"p90_seconds", "seconds", "90th percentile"},
			{"work_seconds", "seconds", "time worked, over the changes of the flow efficiency"},
			{"wait_seconds", "seconds", "time waited, over the same changes"},
			{"share", "share", "of the time that all stages take together"},
		},
	}
	for _, s := range v.Stages {
		t.Rows = append(t.Rows, []any{s.Stage, string(s.Kind), s.N, value(s.Median), value(s.P90), value(s.Work), value(s.Wait), value(s.Share)})
	}
	return t
}

// BenchmarksTable is every cell of every published set.
func BenchmarksTable(sets []metrics.Benchmark) Table {
	t := Table{
		Name: "benchmarks", About: "Published survey clusters: centres of answers, not thresholds and not grades.",
		Columns: []TableColumn{
			{"set", "", "id of the set"},
			{"year", "", "year of the publication"},
			{"source", "", "page that publishes it"},
			{"figure", "", "name of the figure"},
			{"cluster", "", "name of the cluster of answers"},
			{"from", "", "lower end of the range; per day, seconds or share"},
			{"to", "", "upper end, not included; empty is open"},
			{"value", "", "typical answer where a number was asked for"},
			{"evidence", "", "how well the cell is known"},
		},
	}
	for _, b := range sets {
		for _, m := range metrics.Metrics() {
			for _, band := range b.Bands[string(m)] {
				t.Rows = append(t.Rows, []any{b.ID, b.Year, b.Source, string(m), band.Name, value(band.From), value(band.To), value(band.Value), string(band.Evidence)})
			}
		}
	}
	return t
}
