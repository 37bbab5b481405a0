package server

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

// NamedView is a thing with a slug and a name.
type NamedView = views.Named

// ApplicationView is an application in a list.
type ApplicationView struct {
	ID               string        `json:"id"`
	Slug             string        `json:"slug"`
	Name             string        `json:"name"`
	Group            *NamedView    `json:"group"`
	Capability       *NamedView    `json:"capability"`
	Tier             evenkeel.Tier `json:"tier" doc:"1 (most critical) to 4; 0 is unassessed"`
	Cadence          string        `json:"cadence"`
	Lifecycle        string        `json:"lifecycle" doc:"experimental, production or deprecated; empty is not stated"`
	State            views.State   `json:"state"`
	LastDeploymentAt *time.Time    `json:"last_deployment_at"`
	Deployments      int           `json:"deployments" doc:"Deployments of any status and environment, over all time"`
}

// OwnerView is a group that owned an application from an instant on.
type OwnerView struct {
	Group NamedView  `json:"group" doc:"Of a group that is no more the name is its slug; unowned is empty"`
	From  *time.Time `json:"from" doc:"Null for the first owner, who owned it from the beginning"`
}

func ownerViews(c evenkeel.Catalogue, a evenkeel.Application) []OwnerView {
	found := []OwnerView{}
	for _, o := range a.Ownerships() {
		view := OwnerView{Group: NamedView{Slug: o.Group, Name: o.Group}, From: optional(o.From)}
		if g := views.GroupOf(c, o.Group); g != nil {
			view.Group = *g
		}
		found = append(found, view)
	}
	return found
}

// EnvironmentView is an environment that deployments name.
type EnvironmentView struct {
	Name        string                    `json:"name"`
	Class       evenkeel.EnvironmentClass `json:"class"`
	Deployments int                       `json:"deployments"`
}

// ApplicationDetail is one application.
type ApplicationDetail struct {
	ApplicationView
	Claims       []string          `json:"claims" nullable:"false"`
	Owners       []OwnerView       `json:"owners" nullable:"false" doc:"Who owned it one after the other, the owner of today last"`
	Environments []EnvironmentView `json:"environments" nullable:"false"`
	Repositories []string          `json:"repositories" nullable:"false"`
	FirstFactAt  *time.Time        `json:"first_fact_at"`
	LastFactAt   *time.Time        `json:"last_fact_at"`
}

type applicationsInput struct {
	WorkspaceInput
	PageInput
	Group      string `query:"group" doc:"Only applications of this group and of all groups below it" maxLength:"63"`
	Capability string `query:"capability" doc:"Only applications that serve this capability or one below it" maxLength:"63"`
	Query      string `query:"q" doc:"Only applications whose name or slug contains this, whatever the case" maxLength:"100"`
	AsOfInput
}

func (s *Server) getApplications(ctx context.Context, in *applicationsInput) (*body[list[ApplicationView]], error) {
	results, _, err := s.resultsAsOf(ctx, in.WorkspaceInput, in.AsOfInput, "")
	if err != nil {
		return nil, err
	}
	ids, err := results.Applications(jobs.Scope{Group: in.Group, Capability: in.Capability})
	if err != nil {
		return nil, err
	}
	var found []ApplicationView
	for _, a := range results.Catalogue.Applications {
		if slices.Contains(ids, a.ID) && contains(a, in.Query) {
			found = append(found, s.applicationView(results, a))
		}
	}
	page, next := pageOf(found, func(a ApplicationView) string { return strings.ToLower(a.Name) + " " + a.Slug }, in.PageInput)
	return answer(listOf(page, next)), nil
}

// pageOf sorts items by a unique key and takes one page; the cursor is the
// last key of the page before.
func pageOf[T any](items []T, key func(T) string, in PageInput) (page []T, next string) {
	slices.SortFunc(items, func(a, b T) int { return cmp.Compare(key(a), key(b)) })
	after := slices.IndexFunc(items, func(item T) bool { return key(item) > in.Cursor })
	if after < 0 {
		return nil, ""
	}
	page = items[after:]
	if len(page) > in.Limit {
		page = page[:in.Limit]
		next = key(page[in.Limit-1])
	}
	return page, next
}

func contains(a evenkeel.Application, query string) bool {
	query = strings.ToLower(query)
	return strings.Contains(a.Slug, query) || strings.Contains(strings.ToLower(a.Name), query)
}

func (s *Server) applicationView(r *jobs.Results, a evenkeel.Application) ApplicationView {
	activity := r.Activity[a.ID]
	return ApplicationView{
		ID: a.ID, Slug: a.Slug, Name: a.Name, Group: views.GroupOf(r.Catalogue, a.Group),
		Capability: views.CapabilityOf(r.Catalogue, a.Capability), Tier: a.Tier, Cadence: views.CadenceOf(r, a), Lifecycle: a.Lifecycle,
		State: views.StateOf(activity, s.present(r)), LastDeploymentAt: optional(activity.LastDeploymentAt),
		Deployments: activity.Facts[evenkeel.KindDeployment],
	}
}

type applicationInput struct {
	WorkspaceInput
	AsOfInput
	Slug string `path:"slug" maxLength:"63"`
}

func (s *Server) getApplication(ctx context.Context, in *applicationInput) (*body[ApplicationDetail], error) {
	results, _, err := s.resultsAsOf(ctx, in.WorkspaceInput, in.AsOfInput, "")
	if err != nil {
		return nil, err
	}
	a, err := results.Application(in.Slug)
	if err != nil {
		return nil, err
	}
	activity := results.Activity[a.ID]
	detail := ApplicationDetail{
		ApplicationView: s.applicationView(results, a), Claims: orEmpty(a.Claims), Owners: ownerViews(results.Catalogue, a), Repositories: orEmpty(activity.Repositories),
		Environments: []EnvironmentView{}, FirstFactAt: optional(activity.FirstAt), LastFactAt: optional(activity.LastAt),
	}
	for name, n := range activity.Environments {
		detail.Environments = append(detail.Environments, EnvironmentView{Name: name, Class: results.Policy.Class(name), Deployments: n})
	}
	slices.SortFunc(detail.Environments, func(a, b EnvironmentView) int {
		return cmp.Or(cmp.Compare(b.Deployments, a.Deployments), cmp.Compare(a.Name, b.Name))
	})
	return answer(detail), nil
}

func orEmpty[T any](items []T) []T {
	if items == nil {
		return []T{}
	}
	return items
}

type registerInput struct {
	WorkspaceInput
	Body struct {
		Slug   string   `json:"slug" minLength:"1" maxLength:"63"`
		Name   string   `json:"name,omitempty" maxLength:"200"`
		Claims []string `json:"claims,omitempty" maxItems:"100"`
	}
}

// postApplication registers an application, or adds claims to one. Doing it
// again changes nothing.
func (s *Server) postApplication(ctx context.Context, in *registerInput) (*body[evenkeel.Application], error) {
	w, slug, err := s.in(ctx, in.WorkspaceInput, evenkeel.ScopeIngest)
	if err != nil {
		return nil, err
	}
	application, err := w.RegisterApplication(ctx, evenkeel.Application{Slug: in.Body.Slug, Name: cmp.Or(in.Body.Name, in.Body.Slug), Claims: in.Body.Claims})
	if err != nil {
		return nil, err
	}
	if err := s.audit(ctx, slug, "application.register", application.Slug, strings.Join(in.Body.Claims, " ")); err != nil {
		return nil, err
	}
	return answer(application), nil
}

// GroupView is a group of the organisation.
type GroupView struct {
	evenkeel.Group
	Applications int `json:"applications" doc:"Applications of the group and of all groups below it"`
}

type groupsInput struct {
	WorkspaceInput
	PageInput
	AsOfInput
}

func (s *Server) getCapabilities(ctx context.Context, in *groupsInput) (*body[list[GroupView]], error) {
	results, _, err := s.resultsAsOf(ctx, in.WorkspaceInput, in.AsOfInput, "")
	if err != nil {
		return nil, err
	}
	return groupPage(results.Catalogue.Capabilities, results.Catalogue.Serving, in.PageInput), nil
}

func (s *Server) getGroups(ctx context.Context, in *groupsInput) (*body[list[GroupView]], error) {
	results, _, err := s.resultsAsOf(ctx, in.WorkspaceInput, in.AsOfInput, "")
	if err != nil {
		return nil, err
	}
	return groupPage(results.Catalogue.Groups, results.Catalogue.Owned, in.PageInput), nil
}

func groupPage(tree []evenkeel.Group, applications func(slug string) []string, in PageInput) *body[list[GroupView]] {
	found := []GroupView{}
	for _, g := range tree {
		found = append(found, GroupView{Group: g, Applications: len(applications(g.Slug))})
	}
	page, next := pageOf(found, func(g GroupView) string { return g.Slug }, in)
	return answer(listOf(page, next))
}

// UnclaimedView is a subject that no application claims.
type UnclaimedView struct {
	Applications []string   `json:"applications" nullable:"false" doc:"Unknown applications that the facts name"`
	Origin       string     `json:"origin"`
	Repository   string     `json:"repository"`
	Facts        int        `json:"facts"`
	LastAt       *time.Time `json:"last_at"`
}

func (s *Server) getUnclaimed(ctx context.Context, in *WorkspaceInput) (*body[list[UnclaimedView]], error) {
	w, _, err := s.in(ctx, *in, evenkeel.ScopeRead)
	if err != nil {
		return nil, err
	}
	subjects, err := w.Unclaimed(ctx)
	if err != nil {
		return nil, err
	}
	found := make([]UnclaimedView, len(subjects))
	for i, u := range subjects {
		found[i] = UnclaimedView{
			Applications: orEmpty(u.Subject.Applications), Origin: u.Subject.Origin, Repository: u.Subject.Repository,
			Facts: u.Facts, LastAt: optional(u.LastAt),
		}
	}
	return answer(listOf(found, "")), nil
}

// results brings the caller's workspace up to date.
func (s *Server) results(ctx context.Context, in WorkspaceInput) (*jobs.Results, string, error) {
	_, slug, err := s.in(ctx, in, evenkeel.ScopeRead)
	if err != nil {
		return nil, "", err
	}
	results, err := s.Deriver.Results(ctx, slug)
	return results, slug, err
}
