package views

import (
	"cmp"
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// LevelMeasuring is how asking a connection for a service level stands.
type LevelMeasuring struct {
	LastSlice  *time.Time   `json:"last_slice" doc:"End of the last slice that was asked for; null before the first"`
	LagSeconds *int64       `json:"lag_seconds" doc:"Age of last_slice; null before the first"`
	Error      string       `json:"error" doc:"Why the last question was not answered; empty if it was"`
	Since      *time.Time   `json:"since" doc:"When one was last answered; null if none ever was"`
	Done       int          `json:"done" doc:"Slices of the window that are measured"`
	Total      int          `json:"total" doc:"Slices of the window"`
	Notes      []LevelNote  `json:"notes" nullable:"false" doc:"What was odd about the last answer"`
	Queries    []LevelQuery `json:"queries" nullable:"false"`
}

// LevelNote is one thing that is odd about an answer.
type LevelNote struct {
	Kind  string `json:"kind"`
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

// LevelLate is a stretch of which something became known late.
type LevelLate struct {
	From    time.Time `json:"from"`
	To      time.Time `json:"to" doc:"Not included"`
	KnownAt time.Time `json:"known_at" doc:"When it was last changed"`
	Changes int       `json:"changes" doc:"How often something came late"`
}

// LevelEvidence is how a service level was measured.
type LevelEvidence struct {
	Measuring *LevelMeasuring
	// Late are hours of any series.
	Late []evenkeel.LateHour
	// Anomalies are those that budgets do not tell by themselves.
	Anomalies []LevelAnomaly
}

// mostLate is how many stretches are told.
const mostLate = 50

// lateStretches puts hours together that follow each other and became known
// within an hour.
func lateStretches(hours []evenkeel.LateHour) []LevelLate {
	hours = slices.Clone(hours)
	slices.SortFunc(hours, func(a, b evenkeel.LateHour) int {
		return cmp.Or(a.Hour.Compare(b.Hour), a.LastAt.Compare(b.LastAt), cmp.Compare(a.Series, b.Series))
	})
	list := []LevelLate{}
	for _, h := range hours {
		end := h.Hour.Add(time.Hour)
		if last := len(list) - 1; last >= 0 && !h.Hour.After(list[last].To) && h.LastAt.Sub(list[last].KnownAt).Abs() <= time.Hour {
			one := &list[last]
			one.To, one.Changes = end, one.Changes+h.Changes
			if h.LastAt.After(one.KnownAt) {
				one.KnownAt = h.LastAt
			}
			continue
		}
		list = append(list, LevelLate{From: h.Hour, To: end, KnownAt: h.LastAt, Changes: h.Changes})
	}
	slices.SortStableFunc(list, func(a, b LevelLate) int { return b.KnownAt.Compare(a.KnownAt) })
	return list[:min(len(list), mostLate)]
}

// CountingAnomalies are what became of readings of counters in a window.
func CountingAnomalies(list []slo.Amounts, window evenkeel.Window) []LevelAnomaly {
	anomalies := []LevelAnomaly{
		{Kind: "reset", Text: "counters went back; what they had counted between their last reading and their reset is not known"},
		{Kind: "long_gap", Text: "counters were not read for long; what they counted meanwhile is laid to the slice after"},
		{Kind: "born", Text: "counters were first read later than the series, and taken to have begun at 0"},
	}
	inside := func(at time.Time) bool { return !at.Before(window.From) && at.Before(window.To) }
	for _, a := range list {
		for i, at := range [][]time.Time{a.Resets, ends(a.Gaps), a.Born} {
			anomalies[i].Count += int64(len(slices.DeleteFunc(slices.Clone(at), func(t time.Time) bool { return !inside(t) })))
		}
	}
	return slices.DeleteFunc(anomalies, func(a LevelAnomaly) bool { return a.Count == 0 })
}

func ends(windows []evenkeel.Window) (list []time.Time) {
	for _, w := range windows {
		list = append(list, w.To)
	}
	return list
}

// BehindAnomaly says that series have not been measured for longer than they
// should; n counts them, and last is the end of the oldest last slice.
func BehindAnomaly(n int64, last time.Time) LevelAnomaly {
	return LevelAnomaly{Kind: "behind", Text: "measuring is behind: the last slice ended at " + last.UTC().Format(time.RFC3339), Count: n}
}
