package server

import (
	"context"
	"slices"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

// WindowInput chooses a window and how it is cut.
type WindowInput struct {
	From      string        `query:"from" doc:"RFC 3339 instant, a date in tz, or a length such as 90d counted back from to" maxLength:"40"`
	To        string        `query:"to" doc:"RFC 3339 instant or a date in tz; not included; now by default" maxLength:"40"`
	TimeZone  string        `query:"tz" doc:"IANA time zone of days, weeks and months; the policy's by default" maxLength:"60" example:"Europe/Berlin"`
	Series    metrics.Grain `query:"series" doc:"Length of the buckets of a series" enum:"day,week,month"`
	Benchmark string        `query:"benchmark" doc:"Id of a benchmark set" maxLength:"40"`
}

type doraInput struct {
	WorkspaceInput
	WindowInput
	Application string `query:"application" doc:"Slug of an application" maxLength:"63"`
	Group       string `query:"group" doc:"Slug of a group; groups below it are included" maxLength:"63"`
	Environment string `query:"environment" doc:"Name of an environment, or a class; the production class by default" maxLength:"200"`
}

func (s *Server) getDora(ctx context.Context, in *doraInput) (*body[views.DORA], error) {
	results, slug, err := s.results(ctx, in.WorkspaceInput)
	if err != nil {
		return nil, err
	}
	question, err := s.question(ctx, slug, in.WindowInput)
	if err != nil {
		return nil, err
	}
	question.Application, question.Group, question.Environment = in.Application, in.Group, in.Environment
	view, err := views.Dora(results, question)
	return answer(view), err
}

type overviewInput struct {
	WorkspaceInput
	WindowInput
	Group string `query:"group" doc:"Only this group and the groups below it" maxLength:"63"`
}

func (s *Server) getOverview(ctx context.Context, in *overviewInput) (*body[views.Overview], error) {
	results, slug, err := s.results(ctx, in.WorkspaceInput)
	if err != nil {
		return nil, err
	}
	question, err := s.question(ctx, slug, in.WindowInput)
	if err != nil {
		return nil, err
	}
	question.Group = in.Group
	view, err := s.overviews.answer(results, question)
	return answer(view), err
}

func (s *Server) question(ctx context.Context, slug string, in WindowInput) (views.Question, error) {
	known, err := s.Store.Workspaces(ctx)
	if err != nil {
		return views.Question{}, err
	}
	q := views.Question{From: in.From, To: in.To, TimeZone: in.TimeZone, Series: in.Series, Benchmark: in.Benchmark, Now: views.Present(s.Now())}
	if at := slices.IndexFunc(known, func(w evenkeel.WorkspaceInfo) bool { return w.Slug == slug }); at >= 0 {
		q.Workspace = known[at]
	}
	return q, nil
}

func (s *Server) getBenchmarks(ctx context.Context, in *WorkspaceInput) (*body[list[metrics.Benchmark]], error) {
	if _, err := s.allowed(ctx, in.Workspace, evenkeel.ScopeRead); err != nil {
		return nil, err
	}
	return answer(listOf(metrics.Benchmarks(), "")), nil
}
