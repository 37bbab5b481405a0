package views

import (
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
)

// Table is rows as they leave the product, with what they mean: who opens a
// file later has nothing else to go by.
type Table struct {
	Name  string `json:"table"`
	About string `json:"about"`
	// Facts name what the rows rest on: scope, window, time zone, as of,
	// revision, policy, engine.
	Facts   []TableFact   `json:"facts"`
	Columns []TableColumn `json:"columns"`
	// Rows hold a cell for each column: text, number, time, bool, or nil for no
	// value.
	Rows [][]any `json:"-"`
}

// TableFact is one line about a table.
type TableFact struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// TableColumn says what one column holds.
type TableColumn struct {
	Name string `json:"name"`
	// Unit is seconds, share, per_day, count, or empty.
	Unit    string `json:"unit"`
	Meaning string `json:"meaning"`
}

// basis lists what figures rest on.
func basis(scope Scope, environment, zone, policy string, window evenkeel.Window, asOf time.Time) []TableFact {
	return []TableFact{
		{"scope", scope.Kind + " " + scope.Slug},
		{"scope_name", scope.Name},
		{"environment", environment},
		{"window_from", stamp(window.From)},
		{"window_to", stamp(window.To) + " (not included)"},
		{"time_zone", zone},
		{"as_of", stamp(asOf)},
		{"policy", policy},
		{"engine", metrics.EngineVersion},
	}
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// value is what a pointer points at, or nil.
func value[T any](v *T) any {
	if v == nil {
		return nil
	}
	return *v
}

// meaningOf are the words of a figure.
func meaningOf(m metrics.Metric) string { return DefinitionOf(m).Text }
