package server

import (
	"context"
	"errors"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
	"github.com/evenkeel-dev/evenkeel/server/budgets"
	"github.com/evenkeel-dev/evenkeel/server/measure"
	"github.com/evenkeel-dev/evenkeel/server/views"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// asking is who asks for some service levels of a workspace at present. As of an
// instant nothing is known of that.
type asking struct {
	past bool
	// places are those that can be asked, at their connections in the same order.
	places []measure.Place
	at     []evenkeel.Connection
	// connections are by id.
	connections map[string]evenkeel.Connection
	// states are by the name of the service level.
	states map[string][]measure.State
	// looks are the streams of connections themselves, by id.
	looks map[string]evenkeel.Stream
}

// Asked is what is read of how asking for service levels stands.
type Asked interface {
	Connections(ctx context.Context) ([]evenkeel.Connection, error)
	StreamsNamed(ctx context.Context, connection string, names []string) ([]evenkeel.Stream, error)
}

// TellMeasuring tells rows of a book of the present how asking for them stands at
// an instant.
func TellMeasuring(ctx context.Context, w Asked, now time.Time, book *budgets.Book, rows []views.LevelRow) error {
	a, err := askers(ctx, w, now, book.Levels)
	for i := range rows {
		level, unknown := book.Level(rows[i].ID)
		if err = errors.Join(err, unknown); err != nil {
			return err
		}
		a.tell(level, rows[i:i+1])
	}
	return err
}

func (s *Server) askers(ctx context.Context, slug string, past bool, levels ...*budgets.Level) (asking, error) {
	if past {
		return asking{past: true}, nil
	}
	return askers(ctx, s.Workspace(slug), s.Now(), levels)
}

func askers(ctx context.Context, w Asked, now time.Time, levels []*budgets.Level) (asking, error) {
	a := asking{states: map[string][]measure.State{}, connections: map[string]evenkeel.Connection{}, looks: map[string]evenkeel.Stream{}}
	connections, err := w.Connections(ctx)
	if err != nil {
		return a, err
	}
	bySource := map[string]int{}
	for _, c := range connections {
		bySource[c.Source]++
		a.connections[c.ID] = c
	}
	names := []string{""} // That of the connection itself.
	for _, l := range levels {
		names = append(names, measure.StreamsOf(l.Definition)...)
	}
	for _, c := range connections {
		source, err := connectors.SourceNamed(c.Source)
		if err != nil || source.Measure == nil {
			continue
		}
		a.places, a.at = append(a.places, measure.Place{Name: c.Name, Source: source.Name, Only: bySource[c.Source] == 1}), append(a.at, c)
		streams, err := w.StreamsNamed(ctx, c.ID, names)
		if err != nil {
			return a, err
		}
		for _, state := range measure.States(streams, now) {
			a.states[state.SLO] = append(a.states[state.SLO], state)
		}
		for _, one := range streams {
			if one.Name == "" {
				a.looks[c.ID] = one
			}
		}
	}
	return a, nil
}

// tell tells rows of a service level how asking for it stands, and those without
// data if nobody asks. What keeps it from being asked is part of the reason,
// whatever the status: figures of before look as well as those of now.
func (a asking) tell(l *budgets.Level, rows []views.LevelRow) {
	measuring, why := a.measuring(l), slo.Said{}
	if l.Problem == "" && measuring == nil && !a.past {
		why = measure.Unasked(l.Definition, a.places)
	}
	for i := range rows {
		rows[i].Measuring = measuring
		switch {
		case why.Text != "" && rows[i].Status == string(slo.StatusNoData):
			rows[i].LevelReason = views.NewLevelReason(why)
		case measuring != nil && l.Problem == "":
			rows[i].Asked(measuring.Explain(rows[i]))
		}
	}
}

// measuring puts the indicators of a service level together: what lags most, and
// the first error. It is nil for levels that nobody asks for.
func (a asking) measuring(l *budgets.Level) *views.LevelMeasuring {
	states := a.states[l.Definition.Name]
	if len(states) == 0 {
		return a.unread(l)
	}
	at := a.connections[states[0].Connection]
	v := &views.LevelMeasuring{Connection: at.Name, Source: at.Source, Notes: []views.LevelNote{}, Queries: []views.LevelQuery{}}
	last, since, next := states[0].Through, states[0].Since, states[0].Next
	for _, s := range states {
		if s.Through.Before(last) {
			last = s.Through
		}
		if s.Since.Before(since) {
			since = s.Since
		}
		if s.Next.Before(next) {
			next = s.Next
		}
		if v.Error == "" {
			v.Error = s.Error
		}
		v.Failures = max(v.Failures, s.Failures)
		v.Done, v.Total = v.Done+s.Done, v.Total+s.Total
		for _, n := range s.Notes {
			v.Notes = append(v.Notes, views.LevelNote{Kind: string(n.Kind), Name: n.Field, Text: n.Text, Count: n.N})
		}
		for _, q := range s.Queries {
			query := views.LevelQuery{Name: q.Field, Query: q.Query}
			if q.URL != "" {
				query.Link = &q.URL
			}
			v.Queries = append(v.Queries, query)
		}
	}
	v.Next = optional(next)
	if v.LastSlice, v.Since = optional(last), optional(since); v.LastSlice != nil {
		for _, s := range states {
			if lag := int64(s.Lag / time.Second); v.LagSeconds == nil || lag > *v.LagSeconds {
				v.LagSeconds = &lag
			}
		}
	}
	return v
}

// unread is how a service level stands of which nothing was asked yet: as its
// connection does. It is nil where none is to be asked.
func (a asking) unread(l *budgets.Level) *views.LevelMeasuring {
	for i, place := range a.places {
		if len(measure.Tasks([]slo.Definition{l.Definition}, place)) == 0 {
			continue
		}
		c := a.at[i]
		look := a.looks[c.ID]
		return &views.LevelMeasuring{
			Connection: c.Name, Source: c.Source, Error: look.Error, Failures: look.Failures, Next: optional(look.NextAt),
			Notes: []views.LevelNote{}, Queries: []views.LevelQuery{},
		}
	}
	return nil
}

// behindSlices is how many slices measuring may be behind, beyond the time that
// measurements take to arrive.
const behindSlices = 3

// behind says that a service level should have been measured since: an indicator
// that is asked for, or a series that is sent.
func (a asking) behind(l *budgets.Level, at time.Time) []views.LevelAnomaly {
	var n int64
	var oldest time.Time
	late := func(end time.Time, delay time.Duration) {
		if at.Sub(end) <= behindSlices*l.Definition.Slice+delay {
			return
		}
		if n++; n == 1 || end.Before(oldest) {
			oldest = end
		}
	}
	states := a.states[l.Definition.Name]
	for _, s := range states {
		if !s.Through.IsZero() {
			late(s.Through, s.Delay)
		}
	}
	if len(states) == 0 && !a.past {
		for _, b := range l.Budgets {
			if b.Series.ID != "" {
				late(b.Series.LastAt.Add(l.Definition.Slice), l.Definition.Delay)
			}
		}
	}
	if n == 0 {
		return nil
	}
	return []views.LevelAnomaly{views.BehindAnomaly(n, oldest)}
}

// evidence is how a service level was measured.
func (s *Server) evidence(ctx context.Context, k known, a asking, l *budgets.Level) (e views.LevelEvidence, err error) {
	if e.Measuring = a.measuring(l); l.Problem != "" {
		return e, nil
	}
	window := evenkeel.Window{From: l.Definition.Begin(k.book.At), To: k.book.At}
	e.Anomalies = a.behind(l, k.book.At)
	counting, odd, err := s.looked(ctx, k, l)
	if err != nil {
		return e, err
	}
	e.Odd, e.Anomalies = odd, append(e.Anomalies, views.CountingAnomalies(counting, window)...)
	e.Late, err = s.Workspace(k.slug).LateMeasurements(ctx, k.book.Revision, seriesOf(l), window, tolerated+l.Definition.Delay)
	if err == nil {
		e.LateIncidents, err = s.Budgets.Late(ctx, k.slug, k.book, l, window, tolerated+l.Definition.Delay)
	}
	return e, err
}

// tolerated is how long after its end an hour is on time: as far back as what is
// polled is asked again.
const tolerated = 15 * time.Minute

// mostLooked is how many series of one service level are looked at for what is
// odd about them.
const mostLooked = 20

// looked is what became of the counters of a service level, and the slices that
// its tallies count as odd.
func (s *Server) looked(ctx context.Context, k known, l *budgets.Level) (counting []slo.Amounts, odd []slo.Oddity, err error) {
	n := 0
	for _, b := range l.Budgets {
		t := b.Experienced.Tally
		if n == mostLooked || !b.Counter() && t.Overfull+t.Unusable == 0 {
			continue
		}
		n++
		m, err := s.Budgets.Measured(ctx, k.slug, k.book, b, time.Time{})
		if err != nil {
			return nil, nil, err
		}
		counting = append(counting, m.Counting)
		window := evenkeel.Window{From: b.Experienced.Window.From, To: b.Experienced.At}
		odd = append(odd, slo.Oddities(b.Definition(), b.Objective, m.Slices, window)...)
	}
	return counting, odd, nil
}

func seriesOf(l *budgets.Level) (ids []string) {
	for _, b := range l.Budgets {
		if b.Series.ID != "" {
			ids = append(ids, b.Series.ID)
		}
	}
	return ids
}
