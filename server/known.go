package server

import (
	"context"
	"fmt"
	"time"

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

// present is the instant that states are judged at.
func (s *Server) present(r *jobs.Results) time.Time {
	if r.Known != nil {
		return r.Known.At
	}
	return s.Now()
}

// factsAsOf are the results of the caller's workspace as of an instant, or of
// the present, with the facts that they rest on. Every endpoint that answers
// facts begins here, so that each of them can be asked as of an instant.
func (s *Server) factsAsOf(ctx context.Context, workspace WorkspaceInput, in AsOfInput) (*jobs.Results, Facts, error) {
	results, slug, err := s.resultsAsOf(ctx, workspace, in, "")
	if err != nil {
		return nil, nil, err
	}
	return results, s.factsOf(slug, results), nil
}

// factsOf are the facts as the results knew them.
func (s *Server) factsOf(slug string, r *jobs.Results) Facts {
	if r.Known != nil {
		return s.Past(slug, *r.Known)
	}
	return s.Workspace(slug)
}

const (
	// settled is after how long no server still records what belongs before an
	// instant: their clocks may differ, and transactions end after they began.
	settled = 2 * time.Minute
	// keepSettled lets a browser keep an answer that cannot change but by a
	// newer program.
	keepSettled = "private, max-age=3600"
)

// knownBasis names what an answer as of an instant is made from.
func (s *Server) knownBasis(ctx context.Context, w Workspace, slug, text, zone string) (basis, caching string, err error) {
	at, err := s.Deriver.AsOf(ctx, slug, text, zone, s.Now())
	if err != nil {
		return "", "", err
	}
	known, err := w.Known(ctx, at)
	if err != nil {
		return "", "", err
	}
	caching = "private, no-cache"
	if s.Now().Sub(at) > settled {
		caching = keepSettled
	}
	return fmt.Sprint("as of ", at.UnixMicro(), "\n", known.Revision, "\n", known.Policy.Version, "\n", known.Catalogue), caching, nil
}
