package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

// Policies keeps the versions of a workspace's policy.
type Policies interface {
	PolicyVersions(ctx context.Context) ([]evenkeel.PolicyVersion, error)
	SavePolicy(ctx context.Context, c evenkeel.PolicyChange) (v evenkeel.PolicyVersion, saved bool, err error)
}

// previewTime bounds one preview.
const previewTime = 60 * time.Second

type policiesInput struct {
	WorkspaceInput
	AsOfInput
}

func (s *Server) getPolicies(ctx context.Context, in *policiesInput) (*body[list[views.PolicyVersion]], error) {
	versions, err := s.policies(ctx, in.WorkspaceInput, in.AsOfInput)
	if err != nil {
		return nil, err
	}
	return answer(listOf(versions, "")), nil
}

// policies are the versions until an instant, or until now.
func (s *Server) policies(ctx context.Context, in WorkspaceInput, then AsOfInput) ([]views.PolicyVersion, error) {
	w, slug, err := s.in(ctx, in, evenkeel.ScopeRead)
	if err != nil {
		return nil, err
	}
	versions, err := w.PolicyVersions(ctx)
	if err != nil {
		return nil, err
	}
	if then.AsOf != "" {
		at, err := s.Deriver.AsOf(ctx, slug, then.AsOf, "", s.Now())
		if err != nil {
			return nil, err
		}
		return policiesAt(ctx, w, versions, at)
	}
	catalogue, _, err := w.Catalogue(ctx)
	return views.PolicyVersions(versions, catalogue), err
}

// policiesAt are the versions that had come into force at an instant.
func policiesAt(ctx context.Context, w Workspace, versions []evenkeel.PolicyVersion, at time.Time) ([]views.PolicyVersion, error) {
	known, err := w.Known(ctx, at)
	if err != nil {
		return nil, err
	}
	versions = slices.DeleteFunc(versions, func(v evenkeel.PolicyVersion) bool { return v.At.After(at) })
	catalogue, err := w.CatalogueAt(ctx, known.Revision)
	return views.PolicyVersions(versions, catalogue), err
}

type policyInput struct {
	WorkspaceInput
	AsOfInput
	Version string `path:"version" maxLength:"100" doc:"Number or name of a version"`
}

func (s *Server) getPolicy(ctx context.Context, in *policyInput) (*body[views.PolicyVersion], error) {
	versions, err := s.policies(ctx, in.WorkspaceInput, in.AsOfInput)
	if err != nil {
		return nil, err
	}
	for _, v := range versions {
		if v.Version == in.Version || strconv.FormatInt(v.Number, 10) == in.Version {
			return answer(v), nil
		}
	}
	return nil, fmt.Errorf("policy version %q: %w", in.Version, evenkeel.ErrNotFound)
}

type previewPolicyInput struct {
	WorkspaceInput
	Body struct {
		Policy views.PolicyBody `json:"policy"`
	}
}

// postPolicyPreview derives the last year under a proposed policy. It changes
// nothing, so that whoever may read may try.
func (s *Server) postPolicyPreview(ctx context.Context, in *previewPolicyInput) (*body[views.PolicyPreview], error) {
	_, slug, err := s.in(ctx, in.WorkspaceInput, evenkeel.ScopeRead)
	if err != nil {
		return nil, err
	}
	preview, _, err := s.previewPolicy(ctx, slug, in.Body.Policy)
	if err != nil {
		return nil, err
	}
	return answer(preview), nil
}

// previewPolicy reads, checks and tries a policy.
func (s *Server) previewPolicy(ctx context.Context, slug string, proposed views.PolicyBody) (views.PolicyPreview, evenkeel.Policy, error) {
	catalogue, _, err := s.Workspace(slug).Catalogue(ctx)
	if err != nil {
		return views.PolicyPreview{}, evenkeel.Policy{}, err
	}
	policy, err := views.ReadPolicy(proposed, catalogue, s.Now())
	if err != nil {
		return views.PolicyPreview{}, policy, err
	}
	policy.Version = "proposed"
	bounded, cancel := context.WithTimeout(ctx, previewTime)
	defer cancel()
	before, after, err := s.Deriver.Preview(bounded, slug, policy)
	if errors.Is(err, context.DeadlineExceeded) {
		return views.PolicyPreview{}, policy, problemf(http.StatusServiceUnavailable, "the preview took longer than %s; run 'evenkeel policy preview' on the machine of the store, which has no limit", previewTime)
	}
	if err != nil {
		return views.PolicyPreview{}, policy, err
	}
	info, err := s.workspaceInfo(ctx, slug)
	if err != nil {
		return views.PolicyPreview{}, policy, err
	}
	return views.NewPolicyPreview(info, before, after, views.Present(s.Now())), policy, nil
}

func (s *Server) workspaceInfo(ctx context.Context, slug string) (evenkeel.WorkspaceInfo, error) {
	known, err := s.Store.Workspaces(ctx)
	for _, w := range known {
		if w.Slug == slug {
			return w, err
		}
	}
	return evenkeel.WorkspaceInfo{Slug: slug, Name: slug}, err
}

type savePolicyInput struct {
	WorkspaceInput
	Body struct {
		Policy views.PolicyBody `json:"policy"`
		Note   string           `json:"note" minLength:"1" maxLength:"500" doc:"Why the policy changes"`
		Base   string           `json:"base" minLength:"1" maxLength:"64" doc:"Digest of the version that the change was made from"`
		Force  bool             `json:"force,omitempty" doc:"Save a policy by which nothing counts"`
	}
}

// SavedPolicy is a version, and whether it is new.
type SavedPolicy struct {
	views.PolicyVersion
	Saved bool `json:"saved" doc:"False where the content was in force already"`
}

func (s *Server) postPolicy(ctx context.Context, in *savePolicyInput) (*body[SavedPolicy], error) {
	w, slug, err := s.in(ctx, in.WorkspaceInput, evenkeel.ScopeAdmin)
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(in.Body.Note) == "" {
		return nil, evenkeel.FieldErrors{{Field: "note", Rule: "is empty; say in a sentence why the policy changes"}}
	}
	preview, policy, err := s.previewPolicy(ctx, slug, in.Body.Policy)
	if err != nil {
		return nil, err
	}
	if preview.Nothing && !in.Body.Force {
		return nil, evenkeel.FieldErrors{{Field: preview.Warnings[0].Field, Rule: preview.Warnings[0].Text + "; change it, or send force to save it all the same"}}
	}
	principal, _ := principalOf(ctx)
	saved, isNew, err := w.SavePolicy(ctx, evenkeel.PolicyChange{Policy: policy, Base: in.Body.Base, Author: principal.actor(), Note: strings.TrimSpace(in.Body.Note)})
	if err != nil {
		return nil, err
	}
	if isNew {
		if err := s.audit(ctx, slug, "policy.save", saved.Policy.Version, changesText(preview.Changes)); err != nil {
			return nil, err
		}
	}
	versions, err := s.policies(ctx, in.WorkspaceInput, AsOfInput{})
	if err != nil {
		return nil, err
	}
	return answer(SavedPolicy{versions[0], isNew}), nil
}

// changesText is what changed, for the audit: member, before and after.
func changesText(changes []views.PolicyChange) string {
	const most = 4000
	var b strings.Builder
	for _, c := range changes {
		fmt.Fprintf(&b, "%s: %q -> %q; ", c.Member, c.Before, c.After)
	}
	text := strings.TrimSuffix(b.String(), "; ")
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	return text
}
