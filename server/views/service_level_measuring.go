package views

import (
	"cmp"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/budgets"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// LevelMeasuring is how asking a connection for a service level stands.
type LevelMeasuring struct {
	Connection string       `json:"connection" doc:"Name of the connection that is asked; empty for one that is gone"`
	Source     string       `json:"source" doc:"Its type" example:"prometheus"`
	LastSlice  *time.Time   `json:"last_slice" doc:"End of the last slice that was asked for; null before the first"`
	LagSeconds *int64       `json:"lag_seconds" doc:"Age of last_slice; null before the first"`
	Error      string       `json:"error" doc:"Why the last question was not answered; empty if it was"`
	Since      *time.Time   `json:"since" doc:"When one was last answered; null if none ever was"`
	Next       *time.Time   `json:"next" doc:"When it is asked next; null if that is not known"`
	Failures   int          `json:"failures" doc:"Questions that were not answered since one last was"`
	Done       int          `json:"done" doc:"Slices of the window that are measured"`
	Total      int          `json:"total" doc:"Slices of the window"`
	Notes      []LevelNote  `json:"notes" nullable:"false" doc:"What was odd about the last answer"`
	Queries    []LevelQuery `json:"queries" nullable:"false"`
}

// Explain says what asking has to do with the status of a row; nothing if it has
// nothing to do with it.
func (v *LevelMeasuring) Explain(row LevelRow) slo.Said {
	at := cmp.Or(v.Connection, "the connection")
	known := row.Status != string(slo.StatusNoData) || row.Total == 0 && row.Coverage != nil && *row.Coverage > 0 // 0 of 0 is known.
	switch {
	case v.Error != "" && v.Since != nil:
		since := v.Since.UTC().Format(time.RFC3339)
		return slo.Say("failing_since", "asking "+at+" has failed since "+since+": "+v.Error, "connection", v.Connection, "failing", since, "error", v.Error)
	case v.Error != "":
		return slo.Say("failing", "asking "+at+" fails: "+v.Error, "connection", v.Connection, "error", v.Error)
	case known:
		return slo.Said{}
	case v.LastSlice == nil:
		return slo.Say("not_asked", at+" was not asked yet", "connection", v.Connection)
	case len(v.Notes) > 0:
		return slo.Say("noted", v.Notes[0].Text, "note", v.Notes[0].Text)
	}
	return slo.Say("empty", at+" answers, and its answers are empty: see what the queries find there", "connection", v.Connection)
}

// LevelNote is one thing that is odd about an answer.
type LevelNote struct {
	Kind  string `json:"kind" enum:"absent,unusable,partial,retention,dropped labels,suspect"`
	Name  string `json:"name" doc:"Part of the indicator: good, bad, total or value; empty is the answer as a whole"`
	Text  string `json:"text"`
	Count int    `json:"count" doc:"Slices concerned; 0 where it is not of slices"`
}

// LevelQuery is one query as it was asked.
type LevelQuery struct {
	Name  string  `json:"name" doc:"Part of the indicator: good, bad, total or value"`
	Query string  `json:"query"`
	Link  *string `json:"link" doc:"The query as a graph; null where there is no such address"`
}

// LevelSource is a series that a service level finds by its name.
type LevelSource struct {
	ID          string    `json:"id" doc:"The series"`
	Name        string    `json:"name" doc:"With labels" example:"availability{region=\"eu\"}"`
	Environment string    `json:"environment"`
	Source      string    `json:"source" doc:"Who sends it, or the type and the name of the connection that is asked"`
	SliceLength int       `json:"slice_seconds"`
	LastAt      time.Time `json:"last_at" doc:"Beginning of its last slice; as of an instant, of that slice's hour"`
	Counts      bool      `json:"counts" doc:"False for one that another source measured later"`
}

// levelSources are the series of a service level's budgets.
func levelSources(l *budgets.Level) []LevelSource {
	list, seen := []LevelSource{}, map[string]bool{"": true}
	add := func(i evenkeel.SeriesInfo, counts bool) {
		if !seen[i.ID] {
			list = append(list, LevelSource{i.ID, i.Name, i.Environment, i.Source, i.SliceSeconds, i.LastAt, counts})
		}
		seen[i.ID] = true
	}
	for _, b := range l.Budgets {
		add(b.Series, true)
		for _, other := range b.Others {
			add(other, false)
		}
	}
	return list
}

// LevelEvidence is how a service level was measured.
type LevelEvidence struct {
	Measuring *LevelMeasuring
	// Late are hours of any series.
	Late []evenkeel.LateHour
	// LateIncidents are hours of which incidents became known late.
	LateIncidents []slo.LateHour
	// Anomalies are those that tallies do not count.
	Anomalies []LevelAnomaly
	// Odd are the slices that tallies count as anomalies.
	Odd []slo.Oddity
}
