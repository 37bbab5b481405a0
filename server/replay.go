package server

import (
	"context"
	"strings"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/intake"
)

type replayInput struct {
	WorkspaceInput
	Body intake.ReplayRequest
}

// postReplay parses kept deliveries again. Doing it again changes nothing.
func (s *Server) postReplay(ctx context.Context, in *replayInput) (*body[intake.Replayed], error) {
	w, slug, err := s.in(ctx, in.WorkspaceInput, evenkeel.ScopeIngest)
	if err != nil {
		return nil, err
	}
	window, err := s.arrivals(ctx, w, in.Body.Since, in.Body.Until)
	if err != nil {
		return nil, err
	}
	chosen, err := in.Body.Selection(window)
	if err != nil {
		return nil, err
	}
	done, err := intake.Replay(ctx, w, chosen, s.Logger)
	if !in.Body.DryRun && done.Changed > 0 {
		object := strings.Trim(in.Body.Source+" "+in.Body.Connection, " ")
		if failed := s.audit(context.WithoutCancel(ctx), slug, "deliveries.replay", object, done.Noted()); err == nil {
			err = failed
		}
	}
	if err != nil {
		return nil, err
	}
	return answer(done), nil
}
