package server

import (
	"context"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

// IncidentView is an incident and the deployment it was laid to.
type IncidentView struct {
	Identity
	evenkeel.Incident
	Attribution     metrics.Attribution `json:"attribution"`
	RecoverySeconds *float64            `json:"recovery_seconds"`
}

func incidentView(r *jobs.Results) func(evenkeel.Fact[evenkeel.Incident]) IncidentView {
	return func(f evenkeel.Fact[evenkeel.Incident]) IncidentView {
		v := IncidentView{Identity: identity(f, r, f.Value.Subject()), Incident: f.Value}
		v.Attribution = views.AttributionOf(r, f.ID)
		v.RecoverySeconds = v.Attribution.RecoverySeconds
		return v
	}
}

func (s *Server) getIncidents(ctx context.Context, in *factsInput) (*body[list[IncidentView]], error) {
	w, results, filter, err := s.query(ctx, in)
	if err != nil {
		return nil, err
	}
	page, err := w.Incidents(ctx, filter)
	if err != nil {
		return nil, err
	}
	return show(page, incidentView(results)), nil
}

// DependencyView is a dependency between two applications.
type DependencyView struct {
	Identity
	evenkeel.Dependency
}

func (s *Server) getDependencies(ctx context.Context, in *factsInput) (*body[list[DependencyView]], error) {
	w, results, filter, err := s.query(ctx, in)
	if err != nil {
		return nil, err
	}
	page, err := w.Dependencies(ctx, filter)
	if err != nil {
		return nil, err
	}
	return show(page, func(f evenkeel.Fact[evenkeel.Dependency]) DependencyView {
		return DependencyView{Identity: identity(f, results, f.Value.Subject()), Dependency: f.Value}
	}), nil
}
