package server

import (
	"context"
	"crypto/rand"
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// TokenPrefix begins every token, so that scanners find leaked ones.
const TokenPrefix = "ek_"

// NewSecret makes a token's secret and the hash under which it is kept.
func NewSecret() (secret string, hash []byte) {
	secret = TokenPrefix + rand.Text()
	return secret, hashSecret(secret)
}

// TokenView is a token without its secret.
type TokenView struct {
	ID         string           `json:"id"`
	Name       string           `json:"name"`
	Scopes     []evenkeel.Scope `json:"scopes" nullable:"false"`
	CreatedBy  string           `json:"created_by"`
	CreatedAt  time.Time        `json:"created_at"`
	ExpiresAt  *time.Time       `json:"expires_at"`
	LastUsedAt *time.Time       `json:"last_used_at"`
	RevokedAt  *time.Time       `json:"revoked_at"`
}

// NewTokenView is a token with its secret, shown once.
type NewTokenView struct {
	TokenView
	Token string `json:"token" doc:"The secret; it is not kept and cannot be shown again"`
}

func tokenView(t evenkeel.Token) TokenView {
	return TokenView{
		ID: t.ID, Name: t.Name, Scopes: t.Scopes, CreatedBy: t.CreatedBy, CreatedAt: t.CreatedAt.UTC(),
		ExpiresAt: optional(t.ExpiresAt), LastUsedAt: optional(t.LastUsedAt), RevokedAt: optional(t.RevokedAt),
	}
}

// optional is null for the zero time.
func optional(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

func (s *Server) getTokens(ctx context.Context, in *WorkspaceInput) (*body[list[TokenView]], error) {
	slug, err := s.allowed(ctx, in.Workspace, evenkeel.ScopeAdmin)
	if err != nil {
		return nil, err
	}
	tokens, err := s.Store.Tokens(ctx, slug)
	if err != nil {
		return nil, err
	}
	views := make([]TokenView, len(tokens))
	for i, t := range tokens {
		views[i] = tokenView(t)
	}
	return answer(listOf(views, "")), nil
}

type createTokenInput struct {
	WorkspaceInput
	Body struct {
		Name          string           `json:"name" minLength:"1" maxLength:"100" doc:"What the token is for; the source of events sent with it"`
		Scopes        []evenkeel.Scope `json:"scopes" minItems:"1" nullable:"false" enum:"ingest,read,admin"`
		ExpiresInDays int              `json:"expires_in_days,omitempty" minimum:"1" maximum:"3650" default:"365"`
	}
}

func (s *Server) postToken(ctx context.Context, in *createTokenInput) (*body[NewTokenView], error) {
	slug, err := s.allowed(ctx, in.Workspace, evenkeel.ScopeAdmin)
	if err != nil {
		return nil, err
	}
	principal, _ := principalOf(ctx)
	slices.Sort(in.Body.Scopes)
	secret, hash := NewSecret()
	token, err := s.Store.CreateToken(ctx, evenkeel.Token{
		Workspace: slug, Name: in.Body.Name, Scopes: slices.Compact(in.Body.Scopes), CreatedBy: principal.actor(),
		CreatedAt: s.Now(), ExpiresAt: s.Now().AddDate(0, 0, in.Body.ExpiresInDays),
	}, hash)
	if err != nil {
		return nil, err
	}
	if err := s.audit(ctx, slug, "token.create", token.ID, token.Name); err != nil {
		return nil, err
	}
	return answer(NewTokenView{TokenView: tokenView(token), Token: secret}), nil
}

type tokenInput struct {
	WorkspaceInput
	ID string `path:"id" maxLength:"100"`
}

func (s *Server) deleteToken(ctx context.Context, in *tokenInput) (*struct{}, error) {
	slug, err := s.allowed(ctx, in.Workspace, evenkeel.ScopeAdmin)
	if err != nil {
		return nil, err
	}
	if err := s.Store.RevokeToken(ctx, slug, in.ID); err != nil {
		return nil, err
	}
	return nil, s.audit(ctx, slug, "token.revoke", in.ID, "")
}

// AuditView is one audited act.
type AuditView struct {
	ID        string    `json:"id"`
	At        time.Time `json:"at"`
	Actor     string    `json:"actor"`
	Action    string    `json:"action"`
	Object    string    `json:"object"`
	Detail    string    `json:"detail"`
	RequestID string    `json:"request_id"`
}

// PageInput is how every list is paged.
type PageInput struct {
	Cursor string `query:"cursor" doc:"The next member of the page before" maxLength:"500"`
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"50"`
}

type auditInput struct {
	WorkspaceInput
	PageInput
}

func (s *Server) getAudit(ctx context.Context, in *auditInput) (*body[list[AuditView]], error) {
	slug, err := s.allowed(ctx, in.Workspace, evenkeel.ScopeAdmin)
	if err != nil {
		return nil, err
	}
	page, err := s.Store.AuditEntries(ctx, slug, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	views := make([]AuditView, len(page.Items))
	for i, e := range page.Items {
		views[i] = AuditView{ID: e.ID, At: e.At.UTC(), Actor: e.Actor, Action: e.Action, Object: e.Object, Detail: e.Detail, RequestID: e.RequestID}
	}
	return answer(listOf(views, page.Next)), nil
}
