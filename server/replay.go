package server

import (
	"context"
	"fmt"
	"strings"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/intake"
)

type replayInput struct {
	WorkspaceInput
	Body struct {
		Source     string   `json:"source,omitempty" maxLength:"63"`
		Connection string   `json:"connection,omitempty" doc:"Id of a connection" maxLength:"100"`
		Since      string   `json:"since,omitempty" doc:"Only what arrived at or after this: an RFC 3339 instant, a date, or a length such as 7d" maxLength:"40"`
		Until      string   `json:"until,omitempty" doc:"Only what arrived before this: an RFC 3339 instant or a date" maxLength:"40"`
		Outcomes   []string `json:"outcomes,omitempty" doc:"recorded, ignored or rejected; without it, rejected and ignored" maxItems:"3"`
		Unclaimed  bool     `json:"unclaimed,omitempty" doc:"Only deliveries with a fact that belongs to no application"`
		IDs        []string `json:"ids,omitempty" doc:"Just these deliveries, whatever else is said" maxItems:"1000"`
		DryRun     bool     `json:"dry_run,omitempty" doc:"Parse everything and write nothing"`
	}
}

// postReplay parses kept deliveries again. Doing it again changes nothing.
func (s *Server) postReplay(ctx context.Context, in *replayInput) (*body[intake.Replayed], error) {
	w, slug, err := s.in(ctx, in.WorkspaceInput, evenkeel.ScopeIngest)
	if err != nil {
		return nil, err
	}
	chosen := intake.Selection{IDs: in.Body.IDs, DryRun: in.Body.DryRun, Filter: evenkeel.DeliveryFilter{
		Source: in.Body.Source, Connection: in.Body.Connection, Unclaimed: in.Body.Unclaimed,
		Outcomes: []evenkeel.Outcome{evenkeel.OutcomeRejected, evenkeel.OutcomeIgnored},
	}}
	if len(in.Body.Outcomes) > 0 {
		if chosen.Filter.Outcomes, err = outcomes("outcomes", in.Body.Outcomes); err != nil {
			return nil, err
		}
	}
	if chosen.Filter.Window, err = s.arrivals(ctx, w, in.Body.Since, in.Body.Until); err != nil {
		return nil, err
	}
	done, err := intake.Replay(ctx, w, chosen, s.Logger)
	if !in.Body.DryRun && done.Changed > 0 {
		object := strings.Trim(in.Body.Source+" "+in.Body.Connection, " ")
		detail := fmt.Sprintf("examined %d, changed %d, observations %d", done.Examined, done.Changed, done.Observations)
		if failed := s.audit(context.WithoutCancel(ctx), slug, "deliveries.replay", object, detail); err == nil {
			err = failed
		}
	}
	if err != nil {
		return nil, err
	}
	return answer(done), nil
}
