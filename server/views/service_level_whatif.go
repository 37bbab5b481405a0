package views

import (
	"time"

	"github.com/evenkeel-dev/evenkeel/server/budgets"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// LevelPast is how one window of the past would have ended.
type LevelPast struct {
	From     time.Time `json:"from"`
	To       time.Time `json:"to"`
	SLI      *float64  `json:"sli"`
	Consumed *float64  `json:"consumed"`
	Met      *bool     `json:"met" doc:"Null where nothing was measured"`
	Coverage *float64  `json:"coverage"`
}

// LevelOutcome is how the past would look with another target or window.
type LevelOutcome struct {
	Target  float64     `json:"target"`
	Window  string      `json:"window"`
	Present bool        `json:"present" doc:"It is what the definition says"`
	SLI     *float64    `json:"sli"`
	Budget  LevelBudget `json:"budget"`
	Met     int         `json:"met"`
	Missed  int         `json:"missed"`
	Unknown int         `json:"unknown"`
	Windows []LevelPast `json:"windows" nullable:"false" doc:"The newest first"`
}

// LevelWhatIf is the past under several targets.
type LevelWhatIf struct {
	Since    *time.Time     `json:"since" doc:"The first measurement; null if there is none"`
	Unit     string         `json:"unit" enum:"events,slices,minutes"`
	Outcomes []LevelOutcome `json:"outcomes" nullable:"false"`
}

// NewLevelOutcome shows an outcome; present is the definition's own.
func NewLevelOutcome(b *budgets.Budget, o slo.Outcome) LevelOutcome {
	v := LevelOutcome{
		Target: o.Target.Float(), Window: o.Window.Span.String(), SLI: o.Now.SLI, Budget: levelBudget(o.Now), Met: o.Met, Missed: o.Missed, Unknown: o.Unknown,
		Windows: []LevelPast{}, Present: o.Target == b.Objective.Target && o.Window.Span == b.Level().Definition.Window.Span,
	}
	for _, w := range o.Windows {
		v.Windows = append(v.Windows, LevelPast{w.Window.From, w.Window.To, w.SLI, w.Consumed, w.Met, w.Coverage})
	}
	return v
}

// NewLevelWhatIf begins the past of a budget, of which something is known since
// an instant.
func NewLevelWhatIf(b *budgets.Budget, since time.Time) LevelWhatIf {
	v := LevelWhatIf{Unit: unitOf(b.Level().Definition, b.Objective), Outcomes: []LevelOutcome{}}
	if !b.Since().IsZero() {
		v.Since = &since
	}
	return v
}
