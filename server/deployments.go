package server

import (
	"context"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
)

// DeploymentView is a deployment record and what became of it.
type DeploymentView struct {
	Identity
	evenkeel.Deployment
	Class   evenkeel.EnvironmentClass `json:"environment_class"`
	Outcome metrics.Outcome           `json:"outcome"`
}

func deploymentView(r *jobs.Results) func(evenkeel.Fact[evenkeel.Deployment]) DeploymentView {
	return func(f evenkeel.Fact[evenkeel.Deployment]) DeploymentView {
		v := DeploymentView{
			Identity: identity(f, r, f.Value.Subject()), Deployment: f.Value, Class: r.Policy.Class(f.Value.Environment),
			Outcome: metrics.OutcomeOf(f.ID, partsOf(r, f.Value.Subject())...),
		}
		return v
	}
}

func (s *Server) getDeployments(ctx context.Context, in *factsInput) (*body[list[DeploymentView]], error) {
	w, results, filter, err := s.query(ctx, in)
	if err != nil {
		return nil, err
	}
	page, err := w.Deployments(ctx, filter)
	if err != nil {
		return nil, err
	}
	return show(page, deploymentView(results)), nil
}

func (s *Server) getDeployment(ctx context.Context, in *factInput) (*body[DeploymentView], error) {
	results, facts, err := s.factsAsOf(ctx, in.WorkspaceInput, in.AsOfInput)
	if err != nil {
		return nil, err
	}
	fact, err := facts.Deployment(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return answer(deploymentView(results)(fact)), nil
}
