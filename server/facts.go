package server

import (
	"context"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

// factsInput narrows a list of facts.
type factsInput struct {
	WorkspaceInput
	PageInput
	Application string `query:"application" doc:"Slug of an application" maxLength:"63"`
	Group       string `query:"group" doc:"Slug of a group; groups below it are included" maxLength:"63"`
	Environment string `query:"environment" doc:"Name of an environment" maxLength:"200"`
	From        string `query:"from" doc:"Only facts at or after this: an RFC 3339 instant, a date, or a length such as 90d" maxLength:"40"`
	To          string `query:"to" doc:"Only facts before this: an RFC 3339 instant or a date" maxLength:"40"`
	AsOfInput
}

// Identity names a fact.
type Identity struct {
	ID         string `json:"id"`
	Source     string `json:"source"`
	ExternalID string `json:"external_id"`
	// Applications are those that the fact belongs to.
	Belongs []NamedView `json:"belongs_to" nullable:"false"`
}

func identity[T any](f evenkeel.Fact[T], r *jobs.Results, subject evenkeel.Subject) Identity {
	return Identity{ID: f.ID, Source: f.Source, ExternalID: f.ExternalID, Belongs: namesOf(r.Catalogue).belongs(r.Catalogue, subject)}
}

// query turns a request into a filter of the store.
func (s *Server) query(ctx context.Context, in *factsInput) (Facts, *jobs.Results, evenkeel.Filter, error) {
	var f evenkeel.Filter
	results, facts, err := s.factsAsOf(ctx, in.WorkspaceInput, in.AsOfInput)
	if err != nil {
		return nil, nil, f, err
	}
	window, err := views.ParseBounds(in.From, in.To, s.present(results), results.Policy.Location())
	if err != nil {
		return nil, nil, f, err
	}
	f = evenkeel.Filter{Environment: in.Environment, Window: window, Cursor: in.Cursor, Limit: in.Limit}
	if in.Application != "" || in.Group != "" {
		if f.Applications, err = results.Applications(jobs.Scope{Application: in.Application, Group: in.Group}); err != nil {
			return nil, nil, f, err
		}
		if len(f.Applications) == 0 {
			f.Applications = []string{"-"} // A group without applications has no facts.
		}
	}
	return facts, results, f, nil
}

// show turns a page of facts into an answer.
func show[T, V any](page evenkeel.Page[evenkeel.Fact[T]], view func(evenkeel.Fact[T]) V) *body[list[V]] {
	views := make([]V, len(page.Items))
	for i, f := range page.Items {
		views[i] = view(f)
	}
	return answer(listOf(views, page.Next))
}

type factInput struct {
	WorkspaceInput
	AsOfInput
	ID string `path:"id" pattern:"^[0-9a-f]{20}$" doc:"The fact's id" example:"5f1c0d9e2ab34c7788aa"`
}
