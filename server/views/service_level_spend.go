package views

import (
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/budgets"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// LevelCause is a deployment, an incident or a flag change.
type LevelCause struct {
	Kind  string    `json:"kind" enum:"deployment,flag_change,incident"`
	ID    string    `json:"id" doc:"The fact"`
	Title string    `json:"title"`
	At    time.Time `json:"at"`
}

// LevelSpendEvidence is why an entry is laid to its causes: that of its greatest
// stretch of excess. Ratios are bad events of all.
type LevelSpendEvidence struct {
	Basis     string       `json:"basis" enum:"timing,cohort,caused_by,incident,stood" doc:"timing: it began with the change; cohort: those whom the change reached met more than others; caused_by: people laid an incident to it; incident: it lasted meanwhile, and no change explains it; stood: incidents are what is measured, and nothing is set against a baseline"`
	Sure      float64      `json:"sure" doc:"How probable it is that the excess began with one of the causes"`
	From      time.Time    `json:"from" doc:"When this stretch began"`
	During    float64      `json:"during" doc:"Ratio meanwhile"`
	Before    float64      `json:"before" doc:"Ratio of the baseline"`
	Low       float64      `json:"before_low" doc:"Least of the baseline's interval"`
	High      float64      `json:"before_high" doc:"Most of the baseline's interval"`
	Delay     *int64       `json:"delay_seconds" doc:"How long after the last of the causes it began; negative before it; null where timing is not the basis"`
	Cohort    *float64     `json:"cohort" doc:"Ratio of those whom the change reached; null without cohorts"`
	Rest      *float64     `json:"rest" doc:"Ratio of the others at the same time; null without cohorts"`
	Incidents []LevelCause `json:"incidents" nullable:"false" doc:"Those that lasted meanwhile, beside the causes"`
}

// LevelSpendEntry is what one cause spent, or several that no evidence can tell
// apart.
type LevelSpendEntry struct {
	Kind     string             `json:"kind" enum:"deployment,flag_change,incident,joint"`
	Causes   []LevelCause       `json:"causes" nullable:"false"`
	Bad      float64            `json:"bad" doc:"Excess over the baseline"`
	Low      float64            `json:"low" doc:"The least that the baseline's interval allows"`
	High     float64            `json:"high" doc:"The most that the baseline's interval allows"`
	Share    float64            `json:"share" doc:"Of all that was consumed"`
	Budget   *float64           `json:"budget" doc:"Of the whole budget"`
	Minutes  float64            `json:"minutes" doc:"How long it was bad"`
	From     time.Time          `json:"from"`
	To       time.Time          `json:"to"`
	Evidence LevelSpendEvidence `json:"evidence"`
}

// LevelSpend says who spent a budget. What the entries and unattributed hold
// adds up to bad.
type LevelSpend struct {
	Window       evenkeel.Window   `json:"window"`
	Unit         string            `json:"unit" enum:"events,slices,minutes"`
	Bad          float64           `json:"bad"`
	Consumed     *float64          `json:"consumed" doc:"Share of the budget that is spent"`
	Horizon      int               `json:"horizon_seconds" doc:"How long after its beginning excess is laid to a change"`
	Baseline     int               `json:"baseline_seconds" doc:"How far back the ratio without excess is taken from"`
	Entries      []LevelSpendEntry `json:"entries" nullable:"false" doc:"The greatest first"`
	Unattributed float64           `json:"unattributed" doc:"Within the baseline, or without a cause that explains it"`
}

// NewLevelSpend shows who spent a budget.
func NewLevelSpend(b *budgets.Budget, s slo.Spending) LevelSpend {
	v := LevelSpend{
		Window: s.Window, Unit: unitOf(b.Level().Definition, b.Objective), Bad: s.Bad, Consumed: b.Contractual.Consumed,
		Horizon: int(s.Policy.Horizon / time.Second), Baseline: int(s.Policy.Baseline / time.Second),
		Entries: []LevelSpendEntry{}, Unattributed: s.Unattributed,
	}
	for _, e := range s.Entries {
		entry := LevelSpendEntry{
			Kind: string(e.Kind), Causes: levelCauses(e.Causes), Bad: e.Bad, Low: e.Low, High: e.High, Share: e.Share, Minutes: e.Minutes,
			From: e.From, To: e.To, Evidence: newLevelSpendEvidence(e.Evidence),
		}
		if v.Consumed != nil {
			budget := e.Share * *v.Consumed
			entry.Budget = &budget
		}
		v.Entries = append(v.Entries, entry)
	}
	return v
}

func levelCauses(list []slo.Cause) []LevelCause {
	causes := []LevelCause{}
	for _, c := range list {
		causes = append(causes, LevelCause{string(c.Kind), c.ID, c.Title, c.At})
	}
	return causes
}

func newLevelSpendEvidence(e slo.SpendEvidence) LevelSpendEvidence {
	v := LevelSpendEvidence{
		Basis: string(e.Basis), Sure: e.Sure, From: e.From, During: e.During, Before: e.Before, Low: e.Low, High: e.High,
		Cohort: e.Cohort, Rest: e.Rest, Incidents: levelCauses(e.Incidents),
	}
	if e.Basis == slo.BasisTiming {
		delay := int64(e.Delay / time.Second)
		v.Delay = &delay
	}
	return v
}

// NewLevelSpender shows who spent last; nil if nobody did.
func NewLevelSpender(s slo.Spending) *LevelSpender {
	e := s.LastSpender()
	if e == nil {
		return nil
	}
	v := LevelSpender{Kind: string(e.Kind), At: e.From, Share: e.Share}
	for i, c := range e.Causes {
		if i == 0 {
			v.Title, v.At = c.Title, c.At
		}
		if len(e.Causes) == 1 {
			v.ID = c.ID
		}
	}
	return &v
}
