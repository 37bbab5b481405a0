package views

import (
	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
	"github.com/evenkeel-dev/evenkeel/slo/openslo"
)

// LevelSuggestion is what a service could promise, from what it kept.
type LevelSuggestion struct {
	ID          string           `json:"id" doc:"Name of the service level"`
	Kind        string           `json:"kind" enum:"availability,latency"`
	Family      string           `json:"family" doc:"Kind of metrics that it is measured by"`
	Application LevelApplication `json:"application"`
	Target      float64          `json:"target"`
	Window      string           `json:"window"`
	Reached     float64          `json:"reached" doc:"Good share of all days"`
	Worst       float64          `json:"worst" doc:"Good share of the worst window"`
	Consumed    float64          `json:"consumed" doc:"Share of its budget that the last window would have used"`
	Events      float64          `json:"events" doc:"Those of the last window"`
	Budget      float64          `json:"budget" doc:"How many of them may be bad"`
	Days        int              `json:"days" doc:"Days with events"`
	Notes       []string         `json:"notes" nullable:"false"`
	Document    string           `json:"document" doc:"OpenSLO, YAML"`
}

// LevelSuggestions are what services could promise.
type LevelSuggestions struct {
	Items   []LevelSuggestion `json:"items" nullable:"false"`
	Notes   []string          `json:"notes" nullable:"false" doc:"What was left out, and why"`
	Queries int               `json:"queries" doc:"How many questions were asked"`
}

// NewLevelSuggestions shows what was found.
func NewLevelSuggestions(found connectors.Discovery, c evenkeel.Catalogue) (LevelSuggestions, error) {
	v, show := LevelSuggestions{Items: []LevelSuggestion{}, Notes: append([]string{}, found.Notes...), Queries: found.Queries}, newLevelShower(c)
	for _, s := range found.Suggestions {
		document, err := openslo.YAML(openslo.FromDefinition(s.Definition))
		if err != nil {
			return v, err
		}
		v.Items = append(v.Items, LevelSuggestion{
			ID: s.Definition.Name, Kind: s.Kind, Family: s.Family, Application: show.application(s.Definition.Service), Target: s.Target.Float(),
			Window: s.Definition.Window.Span.String(), Reached: s.Reached, Worst: s.Worst, Consumed: s.Consumed, Events: s.Events, Budget: s.Budget,
			Days: s.Days, Notes: append([]string{}, s.Notes...), Document: string(document),
		})
	}
	return v, nil
}
