package metrics

import "fmt"

// Columns are the columns of results as text, to compare them by.
func Columns(d Derived) map[string]string {
	out := map[string]string{}
	for _, e := range d.columns() {
		add := func(name string, column any) { out[e.name+" "+name] = fmt.Sprintf("%+v", column) }
		add("deployments", e.deployments)
		add("attempts", e.attempts)
		add("changes", e.changes)
		add("commits", e.commits)
		add("incidents", e.incidents)
		add("recoveries", e.recoveries)
		add("notes", e.notes)
		add("unshipped", e.unshipped)
		add("reversals", e.reversals)
		add("blames", e.blames)
		add("open", e.open)
		add("builds", e.builds)
	}
	return out
}
