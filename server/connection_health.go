package server

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
	"github.com/evenkeel-dev/evenkeel/metrics"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

// shownDays is how many days of arrivals are shown one by one.
const shownDays = 14

// ConnectionHealth says how a connection does.
type ConnectionHealth struct {
	State views.ConnectionState `json:"state" enum:"refused,unusable,failing,late,paused,waiting,flowing" doc:"The worst that holds, in this order"`
	Wrong string                `json:"wrong" doc:"What is wrong, in the words of the vendor or of the server; empty where the state says it all"`
	// Expiring is of the credentials with which the vendor is asked.
	Expiring   bool             `json:"expiring" doc:"The credentials end within 14 days, or have ended"`
	UsualPause *float64         `json:"usual_pause_seconds" doc:"Longest pause between deliveries of 28 days; null where too few came to say. A longer silence is late"`
	Days       []views.DayCount `json:"days" nullable:"false" doc:"Deliveries of the last 14 days in the time zone of the workspace, today being the last"`
	Unclaimed  int              `json:"unclaimed" doc:"Deliveries of 28 days with a fact that belongs to no application"`
	Lag        metrics.Lag      `json:"lag" doc:"How long after what they tell of deliveries came, in 28 days"`
	TurnedAway *TurnedAwayView  `json:"turned_away" doc:"Requests that were not taken in since the server that answers was started; null without any"`
}

// TurnedAwayView counts requests to a connection that left no trace.
type TurnedAwayView struct {
	Count  int       `json:"count"`
	LastAt time.Time `json:"last_at"`
	Reason string    `json:"reason" doc:"Of the last one" enum:"signature,unconfigured,too_large,too_slow,encoding,aborted,busy"`
}

// healths judges connections of a workspace.
type healths struct {
	server   *Server
	now      time.Time
	zone     *time.Location
	activity map[string]evenkeel.ConnectionActivity
	pace     map[string]evenkeel.ConnectionPace
	// asked are the streams without a name, failed errors of other ones.
	asked  map[string]*evenkeel.Stream
	failed map[string]string
}

// readHealths reads what connections are judged by.
func (s *Server) readHealths(ctx context.Context, w Workspace, streams []evenkeel.Stream) (*healths, error) {
	h := &healths{server: s, now: s.Now(), asked: map[string]*evenkeel.Stream{}, failed: map[string]string{}}
	policy, err := w.Policy(ctx)
	if err != nil {
		return nil, err
	}
	h.zone = policy.Location()
	if h.activity, err = w.ConnectionActivity(ctx); err != nil {
		return nil, err
	}
	if h.pace, err = w.ConnectionPace(ctx, evenkeel.Window{From: h.now.AddDate(0, 0, -views.PaceDays), To: h.now.Add(evenkeel.ArrivalStep)}); err != nil {
		return nil, err
	}
	for i, stream := range streams {
		if stream.Name == "" {
			h.asked[stream.Connection] = &streams[i]
		} else if stream.Error != "" {
			h.failed[stream.Connection] = stream.Name + ": " + stream.Error
		}
	}
	return h, nil
}

// of judges one connection.
func (h *healths) of(c evenkeel.Connection) (ConnectionHealth, error) {
	asked, pace := h.asked[c.ID], h.pace[c.ID]
	facts := views.ConnectionFacts{
		Unusable: h.server.unusable(c, asked != nil), Asked: asked, Failed: h.failed[c.ID], LastAt: h.activity[c.ID].LastAt, Pace: pace,
	}
	if asked != nil {
		access, err := accessOf(*asked)
		if err != nil {
			return ConnectionHealth{}, err
		}
		facts.Access, facts.Refused = access, strings.Contains(asked.Error, connectors.Refusal)
	}
	health := ConnectionHealth{
		Expiring: views.Expiring(facts.Access.ExpiresAt, h.now), Days: views.ArrivalDays(pace, shownDays, h.now, h.zone),
		Unclaimed: pace.Unclaimed, Lag: metrics.Lag{}, TurnedAway: h.server.turnedAway.of(c.ID),
	}
	health.State, health.Wrong = views.StateOfConnection(facts, h.now)
	if pause, known := views.UsualPause(pace); known {
		seconds := pause.Seconds()
		health.UsualPause = &seconds
	}
	if source, err := connectors.SourceNamed(c.Source); err == nil && !source.Paths && !source.Arrival {
		health.Lag = metrics.LagOf(pace.Lags) // Others do not say when things happened.
	}
	return health, nil
}

// unusable says why deliveries cannot be taken in; empty if they can. A
// connection that asks its vendor needs no secret of deliveries.
func (s *Server) unusable(c evenkeel.Connection, asks bool) string {
	source, err := connectors.SourceNamed(c.Source)
	if err != nil {
		return "this version of the program does not know the source " + c.Source
	}
	if _, err := source.Open(c.Settings); err != nil {
		return "settings: " + err.Error()
	}
	for _, reference := range c.Secrets {
		if value, err := s.Secrets(reference); err == nil && value != "" {
			return ""
		}
	}
	if asks && len(c.Secrets) == 0 {
		return ""
	}
	return "no secret of the connection is set on the server: " + strings.Join(c.Secrets, " ")
}

// accessOf reads what a stream without a name has kept.
func accessOf(s evenkeel.Stream) (access evenkeel.Access, err error) {
	if len(s.Cursor) > 0 {
		err = json.Unmarshal(s.Cursor, &access)
	}
	return access, err
}
