package server

import (
	"context"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

// AsOfInput asks for an answer from what was known at an instant.
type AsOfInput struct {
	AsOf string `query:"as_of" doc:"Answer from what was known at this RFC 3339 instant, or at the end of this date in tz; the present by default. What was recorded later changes nothing in the answer." maxLength:"40" example:"2026-05-12T14:00:00Z"`
}

// figures are what an answer with figures is made from: the results of the
// caller's workspace, and the question about them. Every endpoint that answers
// figures begins here, so that each of them can be asked as of an instant.
func (s *Server) figures(ctx context.Context, workspace WorkspaceInput, in WindowInput) (*jobs.Results, views.Question, error) {
	results, slug, err := s.resultsAsOf(ctx, workspace, in.AsOfInput, in.TimeZone)
	if err != nil {
		return nil, views.Question{}, err
	}
	question, err := s.question(ctx, slug, in)
	if results.Known != nil {
		question.Now = results.Known.At
	}
	return results, question, err
}

// resultsAsOf are the results of the caller's workspace as of an instant, or
// of the present. zone may be empty; it is that of dates.
func (s *Server) resultsAsOf(ctx context.Context, workspace WorkspaceInput, in AsOfInput, zone string) (*jobs.Results, string, error) {
	if in.AsOf == "" {
		return s.results(ctx, workspace)
	}
	_, slug, err := s.in(ctx, workspace, evenkeel.ScopeRead)
	if err != nil {
		return nil, "", err
	}
	at, err := s.Deriver.AsOf(ctx, slug, in.AsOf, zone, s.Now())
	if err != nil {
		return nil, "", err
	}
	results, err := s.Deriver.Known(ctx, slug, at)
	return results, slug, err
}
