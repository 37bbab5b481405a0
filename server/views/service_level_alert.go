package views

import (
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// LevelAlertSpan is one time that an alert stood.
type LevelAlertSpan struct {
	Objective string     `json:"objective"`
	Series    string     `json:"series"`
	Severity  string     `json:"severity" enum:"page,ticket"`
	Row       string     `json:"row" doc:"Long and short lookback; of an alert policy its name and its lookback" example:"1h/5m"`
	State     string     `json:"state" enum:"pending,firing,no_data,resolved"`
	From      time.Time  `json:"from"`
	Until     *time.Time `json:"until" doc:"Null while it stands"`
	Peak      float64    `json:"peak" doc:"The highest burn rate"`
}

// LevelAlertSpans shows alerts that stood.
func LevelAlertSpans(list []evenkeel.AlertSpan) []LevelAlertSpan {
	views := []LevelAlertSpan{}
	for _, a := range list {
		v := LevelAlertSpan{Objective: a.Objective, Series: a.Series, Severity: a.Severity, Row: a.Row, State: a.State, From: a.From, Peak: a.Peak}
		if !a.Until.IsZero() {
			v.Until = &a.Until
		}
		views = append(views, v)
	}
	return views
}
