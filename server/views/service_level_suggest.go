package views

import (
	"cmp"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
	"github.com/evenkeel-dev/evenkeel/slo/openslo"
)

// LevelSearch is the last search for services that could promise something, and
// what it has found.
type LevelSearch struct {
	State      string     `json:"state" enum:"none,running,done,failed" doc:"none where nothing was ever looked for"`
	Connection string     `json:"connection" doc:"Id of the connection that is asked"`
	Name       string     `json:"name" doc:"Its name when the search began"`
	Days       int        `json:"days" doc:"How much of the past is looked at"`
	Window     string     `json:"window" doc:"Window of what is suggested"`
	StartedAt  *time.Time `json:"started_at"`
	EndedAt    *time.Time `json:"ended_at"`
	Done       int        `json:"done" doc:"Questions that were asked, or are not needed any more"`
	Total      int        `json:"total" doc:"Questions at most; 0 before the first"`
	Queries    int        `json:"queries" doc:"Questions that were asked, once it is done"`
	Fault      LevelFault `json:"fault" enum:",stopped,interrupted,down,slow,refused,denied,secret,other" doc:"Why it failed"`
	Error      string     `json:"error" doc:"Why it failed, in words"`

	Items    []LevelSuggestion `json:"items" nullable:"false"`
	Families []LevelFamily     `json:"families" nullable:"false" doc:"The kinds of metrics that were looked for"`
	LeftOut  []LevelLeftOut    `json:"left_out" nullable:"false" doc:"What services could not be proposed"`
}

// LevelFault is why a search failed.
type LevelFault string

// Why a search failed.
const (
	// FaultStopped: a person has stopped it.
	FaultStopped LevelFault = "stopped"
	// FaultInterrupted: whoever searched is gone.
	FaultInterrupted LevelFault = "interrupted"
	FaultDown        LevelFault = "down"
	FaultSlow        LevelFault = "slow"
	// FaultRefused: the credentials are wrong, FaultDenied: they may not.
	FaultRefused LevelFault = "refused"
	FaultDenied  LevelFault = "denied"
	// FaultSecret: the credentials could not be read.
	FaultSecret LevelFault = "secret"
	FaultOther  LevelFault = "other"
)

// LevelSuggestion is what a service could promise, from what it kept.
type LevelSuggestion struct {
	ID          string           `json:"id" doc:"Name of the service level"`
	Kind        string           `json:"kind" enum:"availability,latency"`
	Family      string           `json:"family" doc:"Kind of metrics that it is measured by"`
	Service     string           `json:"service" doc:"Name of the service in the monitoring"`
	Application LevelApplication `json:"application"`
	Exists      bool             `json:"exists" doc:"There is a service level of this name"`
	Bound       *float64         `json:"bound" doc:"What a latency may take, in seconds; null of an availability"`
	Target      float64          `json:"target"`
	Reached     float64          `json:"reached" doc:"Good share of all days"`
	Worst       float64          `json:"worst" doc:"Good share of the worst window"`
	Windows     []float64        `json:"windows" nullable:"false" doc:"Good share of every window that ends on a day and lies within what was looked at, the oldest first"`
	Consumed    float64          `json:"consumed" doc:"Share of its budget that the last window would have used"`
	Events      float64          `json:"events" doc:"Those of the last window"`
	Bad         float64          `json:"bad" doc:"Bad ones of the last window"`
	Budget      float64          `json:"budget" doc:"How many of them may be bad"`
	Days        int              `json:"days" doc:"Days with events"`
	Queries     []LevelQuery     `json:"queries" nullable:"false"`
	Document    string           `json:"document" doc:"OpenSLO, YAML"`
}

// LevelFamily is a kind of metrics that was looked for.
type LevelFamily struct {
	Name         string `json:"name"`
	Label        string `json:"label" doc:"Names services"`
	Requests     string `json:"requests" doc:"Metric that counts requests"`
	Durations    string `json:"durations" doc:"Histogram of how long they took"`
	Services     int    `json:"services" doc:"Services that have it"`
	Error        string `json:"error" doc:"Why it was left out; empty if it was not"`
	LatencyError string `json:"latency_error" doc:"Why its latencies were left out; empty if they were not"`
}

// LevelLeftOut is what could not be proposed.
type LevelLeftOut struct {
	Kind    string                `json:"kind" enum:"availability,latency"`
	Service string                `json:"service"`
	Family  string                `json:"family"`
	Reason  connectors.LeftReason `json:"reason" enum:"missed,few,twice,nameless" doc:"A window missed 90 %, too few events for any target, proposed from other metrics, or a name of which nothing can be made"`
}

// Found fills in what was found.
func (v *LevelSearch) Found(found connectors.Discovery) error {
	v.Queries = found.Queries
	for _, f := range found.Families {
		v.Families = append(v.Families, LevelFamily{f.Name, f.Service, f.Total, f.Bucket, f.Services, f.Error, f.LatencyError})
	}
	for _, l := range found.LeftOut {
		v.LeftOut = append(v.LeftOut, LevelLeftOut{l.Kind, l.Service, l.Family, l.Reason})
	}
	for _, s := range found.Suggestions {
		one, err := newLevelSuggestion(s)
		if err != nil {
			return err
		}
		v.Items = append(v.Items, one)
	}
	return nil
}

func newLevelSuggestion(s connectors.Suggested) (LevelSuggestion, error) {
	document, err := openslo.YAML(openslo.FromDefinition(s.Definition))
	v := LevelSuggestion{
		ID: s.Definition.Name, Kind: s.Kind, Family: s.Family, Service: s.Service, Application: LevelApplication{Named: Named{Slug: s.Definition.Service}},
		Target: s.Target.Float(), Reached: s.Reached, Worst: s.Worst, Windows: append([]float64{}, s.Windows...), Consumed: s.Consumed,
		Events: s.Events, Bad: s.Bad, Budget: s.Budget, Days: s.Days, Queries: []LevelQuery{}, Document: string(document),
	}
	if s.Bound > 0 {
		v.Bound = &s.Bound
	}
	for _, q := range s.Queries {
		query := LevelQuery{Name: q.Field, Query: q.Query}
		if q.URL != "" {
			query.Link = &q.URL
		}
		v.Queries = append(v.Queries, query)
	}
	return v, err
}

// Known says of what was found whose it is, and what of it there is by now.
func (v *LevelSearch) Known(c evenkeel.Catalogue, levels []evenkeel.ServiceLevel) {
	there := map[string]bool{}
	for _, l := range levels {
		there[l.ID] = true
	}
	show := newLevelShower(c)
	for i, one := range v.Items {
		v.Items[i].Application, v.Items[i].Exists = show.application(one.Application.Slug), there[one.ID]
	}
	v.State = cmp.Or(v.State, "none")
	if v.Items == nil {
		v.Items = []LevelSuggestion{}
	}
	if v.Families == nil {
		v.Families = []LevelFamily{}
	}
	if v.LeftOut == nil {
		v.LeftOut = []LevelLeftOut{}
	}
}
