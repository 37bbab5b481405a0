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
	Target   float64     `json:"target"`
	Window   LevelWindow `json:"window" doc:"That of the present"`
	Present  bool        `json:"present" doc:"It is what the definition says"`
	SLI      *float64    `json:"sli"`
	Budget   LevelBudget `json:"budget"`
	Coverage *float64    `json:"coverage" doc:"Share of the present window's slices of which it is known what happened"`
	Met      int         `json:"met" doc:"Windows of the past in which it was kept"`
	Missed   int         `json:"missed"`
	Unknown  int         `json:"unknown" doc:"Windows in which nothing was measured"`
	Windows  []LevelPast `json:"windows" nullable:"false" doc:"Whole windows of the past, the newest first; those that begin before since are left out"`
}

// LevelWhatIf is the past under several targets.
type LevelWhatIf struct {
	Since    *time.Time     `json:"since" doc:"From when on the past is tried: the first measurement, or 400 days ago; null if nothing was measured"`
	Unit     string         `json:"unit" enum:"events,slices,minutes"`
	Outcomes []LevelOutcome `json:"outcomes" nullable:"false"`
}

// NewLevelOutcome shows an outcome; present is the definition's own.
func NewLevelOutcome(b *budgets.Budget, o slo.Outcome) LevelOutcome {
	d := b.Definition()
	own := d.Window
	d.Window = o.Window
	v := LevelOutcome{
		Target: o.Target.Float(), Window: levelWindow(d, o.Now), SLI: o.Now.SLI, Budget: levelBudget(o.Now), Coverage: o.Now.Coverage, Met: o.Met, Missed: o.Missed, Unknown: o.Unknown,
		Windows: []LevelPast{}, Present: o.Target == b.Objective.Target && o.Window == own,
	}
	for _, w := range o.Windows {
		v.Windows = append(v.Windows, LevelPast{w.Window.From, w.Window.To, w.SLI, w.Consumed, w.Met, w.Coverage})
	}
	return v
}

// NewLevelWhatIf begins the past of a budget, of which something is known since
// an instant; zero if nothing is.
func NewLevelWhatIf(b *budgets.Budget, since time.Time) LevelWhatIf {
	v := LevelWhatIf{Unit: unitOf(b.Level().Definition, b.Objective), Outcomes: []LevelOutcome{}}
	if !since.IsZero() {
		v.Since = &since
	}
	return v
}
