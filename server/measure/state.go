package measure

import (
	"encoding/json"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
)

// State is how measuring one indicator of a service level goes.
type State struct {
	// SLO is the name of the service level, Connection the id of where it is
	// asked.
	SLO, Connection string
	// Through is the end of the last slice that was asked for; zero before the
	// first. From is the beginning of the first.
	From, Through time.Time
	// Lag is how old Through is, and Delay how old it is when all goes well.
	Lag, Delay time.Duration
	// Next is when it is asked next.
	Next time.Time
	// Error says why the last question was not answered, Since is when one last
	// was, and Failures counts those that were not since.
	Error    string
	Since    time.Time
	Failures int
	// Done of Total slices of the window are measured.
	Done, Total int
	Complete    bool
	Notes       []connectors.MeasureNote
	Queries     []connectors.AskedQuery
}

// States are those of all service levels among streams, in their order.
func States(streams []evenkeel.Stream, now time.Time) (list []State) {
	for _, s := range streams {
		name := DefinitionIn(s.Name)
		if name == "" {
			continue
		}
		state := State{SLO: name, Connection: s.Connection, Next: s.NextAt, Error: s.Error, Since: s.LastAt, Failures: s.Failures, Done: s.Done, Total: s.Total, Complete: s.Complete}
		var p Progress
		if json.Unmarshal(s.Cursor, &p) == nil && !p.Through.IsZero() { // None before the first.
			state.From, state.Through, state.Lag = p.From, p.Through, now.Sub(p.Through)
			state.Delay, state.Notes, state.Queries = p.Delay, p.odd(), p.Queries
		}
		list = append(list, state)
	}
	return list
}
