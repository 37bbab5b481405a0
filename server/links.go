package server

import (
	"context"
	"fmt"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

// Links keeps what people say of the causes of incidents.
type Links interface {
	LinkIncident(ctx context.Context, link evenkeel.IncidentLink) (evenkeel.IncidentLink, error)
}

// IncidentDetail is one incident, what it was laid to, and what may have
// caused it.
type IncidentDetail struct {
	views.Incident
	MayLink bool `json:"may_link" doc:"The caller may say what caused it; never as of an instant"`
}

// judgeScope is what saying the cause of an incident needs: operators and who
// may more, or tokens that may do everything.
func judgeScope(p Principal) evenkeel.Scope {
	if p.Kind == "token" {
		return evenkeel.ScopeAdmin
	}
	return evenkeel.ScopeIngest
}

// mayLink says whether the caller may say what caused an incident.
func mayLink(ctx context.Context) bool {
	principal, ok := principalOf(ctx)
	return ok && principal.may(judgeScope(principal))
}

func (s *Server) getIncident(ctx context.Context, in *factInput) (*body[IncidentDetail], error) {
	results, facts, err := s.factsAsOf(ctx, in.WorkspaceInput, in.AsOfInput)
	if err != nil {
		return nil, err
	}
	view, err := views.IncidentOf(ctx, facts, results, in.ID)
	if err != nil {
		return nil, err
	}
	if principal, _ := principalOf(ctx); principal.Kind == "token" {
		view.HideActors()
	}
	return answer(IncidentDetail{Incident: view, MayLink: mayLink(ctx) && results.Known == nil}), nil
}

type linkIncidentInput struct {
	WorkspaceInput
	ID   string `path:"id" pattern:"^[0-9a-f]{20}$" doc:"The incident's id" example:"5f1c0d9e2ab34c7788aa"`
	Body struct {
		Deployments []string `json:"deployments" maxItems:"50" nullable:"false" doc:"Ids of the deployments that caused it; none says that no deployment did"`
		Reason      string   `json:"reason,omitempty" maxLength:"1000" doc:"Why; other people read it"`
	}
}

// postIncidentLink says which deployments caused an incident, or that none did.
func (s *Server) postIncidentLink(ctx context.Context, in *linkIncidentInput) (*body[IncidentDetail], error) {
	link := evenkeel.IncidentLink{Incident: in.ID, Deployments: in.Body.Deployments, Reason: in.Body.Reason}
	return s.sayOfIncident(ctx, in.WorkspaceInput, link, "incident.link")
}

type unlinkIncidentInput struct {
	WorkspaceInput
	ID     string `path:"id" pattern:"^[0-9a-f]{20}$" doc:"The incident's id" example:"5f1c0d9e2ab34c7788aa"`
	Reason string `query:"reason" maxLength:"1000" doc:"Why; other people read it"`
}

// deleteIncidentLink gives the question back to the rules.
func (s *Server) deleteIncidentLink(ctx context.Context, in *unlinkIncidentInput) (*body[IncidentDetail], error) {
	link := evenkeel.IncidentLink{Incident: in.ID, Reason: in.Reason, Withdrawn: true}
	return s.sayOfIncident(ctx, in.WorkspaceInput, link, "incident.withdraw")
}

// sayOfIncident keeps a word and answers what follows from it.
func (s *Server) sayOfIncident(ctx context.Context, in WorkspaceInput, link evenkeel.IncidentLink, action string) (*body[IncidentDetail], error) {
	principal, _ := principalOf(ctx)
	w, slug, err := s.in(ctx, in, judgeScope(principal))
	if err != nil {
		return nil, err
	}
	if _, err := w.Incident(ctx, link.Incident); err != nil {
		return nil, err
	}
	results, _, err := s.results(ctx, WorkspaceInput{Workspace: slug})
	if err != nil {
		return nil, err
	}
	if err := views.Linkable(ctx, w, results, link.Deployments); err != nil {
		return nil, err
	}
	link.By = principal.actor()
	if link, err = w.LinkIncident(ctx, link); err != nil {
		return nil, err
	}
	if err := s.audit(ctx, slug, action, link.Incident, fmt.Sprintf("%d deployments", len(link.Deployments))); err != nil {
		return nil, err
	}
	return s.getIncident(ctx, &factInput{WorkspaceInput: WorkspaceInput{Workspace: slug}, ID: link.Incident})
}
