package server

import (
	"context"
	"slices"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

// WindowInput chooses a window and how it is cut.
type WindowInput struct {
	From      string        `query:"from" doc:"RFC 3339 instant, a date in tz, or a length such as 90d counted back from to" maxLength:"40"`
	To        string        `query:"to" doc:"RFC 3339 instant or a date in tz; not included; now by default" maxLength:"40"`
	TimeZone  string        `query:"tz" doc:"IANA time zone of days, weeks and months; the policy's by default" maxLength:"60" example:"Europe/Berlin"`
	Series    metrics.Grain `query:"series" doc:"Length of the buckets of a series" enum:"day,week,month"`
	Benchmark string        `query:"benchmark" doc:"Id of a benchmark set" maxLength:"40"`
	AsOfInput
}

// ScopeInput says whose figures are wanted.
type ScopeInput struct {
	Application string `query:"application" doc:"Slug of an application" maxLength:"63"`
	Group       string `query:"group" doc:"Slug of a group; groups below it are included" maxLength:"63"`
	Capability  string `query:"capability" doc:"Slug of a business capability; those below it are included" maxLength:"63"`
	OwnershipInput
}

// OwnershipInput says to which group things are laid.
type OwnershipInput struct {
	Ownership string `query:"ownership" enum:"then,today" default:"then" doc:"Figures of a group hold what happened while it owned an application (then), or all of what it owns today"`
}

func (in ScopeInput) scope() jobs.Scope {
	return jobs.Scope{Application: in.Application, Group: in.Group, Capability: in.Capability, Today: in.Ownership == "today"}
}

type doraInput struct {
	WorkspaceInput
	WindowInput
	ScopeInput
	Environment string `query:"environment" doc:"Name of an environment, or a class; the production class by default" maxLength:"200"`
}

func (s *Server) getDora(ctx context.Context, in *doraInput) (*body[views.DORA], error) {
	results, question, err := s.figures(ctx, in.WorkspaceInput, in.WindowInput)
	if err != nil {
		return nil, err
	}
	question.Scope, question.Environment = in.scope(), in.Environment
	view, err := views.Dora(results, question)
	return answer(view), err
}

type overviewInput struct {
	WorkspaceInput
	WindowInput
	Group      string `query:"group" doc:"Only this group and the groups below it" maxLength:"63"`
	Capability string `query:"capability" doc:"Only this business capability and those below it" maxLength:"63"`
	By         string `query:"by" enum:"group,capability" default:"group" doc:"What the table of the overview lists"`
	OwnershipInput
}

func (s *Server) getOverview(ctx context.Context, in *overviewInput) (*body[views.Overview], error) {
	results, question, err := s.figures(ctx, in.WorkspaceInput, in.WindowInput)
	if err != nil {
		return nil, err
	}
	question.Scope = ScopeInput{Group: in.Group, Capability: in.Capability, OwnershipInput: in.OwnershipInput}.scope()
	question.ByCapability = in.By == "capability"
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
