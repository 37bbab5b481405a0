package server

import (
	"context"
	"crypto/sha256"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/evenkeel-dev/evenkeel"
)

// Principal is who makes a request.
type Principal struct {
	// Kind is "token", "person" or "local".
	Kind string `json:"kind" enum:"token,person,local"`
	Name string `json:"name"`
	// Role is empty for tokens, which have scopes.
	Role   evenkeel.Role    `json:"role,omitempty"`
	Scopes []evenkeel.Scope `json:"scopes,omitempty"`
	// Workspaces limits what the principal may see; empty is all.
	Workspaces []string `json:"-"`
}

// actor is the principal's name in audit entries.
func (p Principal) actor() string {
	if p.Kind == "local" {
		return p.Kind
	}
	return p.Kind + ":" + p.Name
}

// may says whether the principal may do what a scope allows.
func (p Principal) may(scope evenkeel.Scope) bool {
	if p.Kind == "token" {
		return slices.Contains(p.Scopes, scope) || slices.Contains(p.Scopes, evenkeel.ScopeAdmin)
	}
	switch scope {
	case evenkeel.ScopeRead:
		return p.Role.Includes(evenkeel.RoleViewer)
	case evenkeel.ScopeIngest:
		return p.Role.Includes(evenkeel.RoleOperator)
	}
	return p.Role.Includes(evenkeel.RoleAdmin)
}

func (p Principal) sees(workspace string) bool {
	return len(p.Workspaces) == 0 || slices.Contains(p.Workspaces, workspace)
}

func principalOf(ctx context.Context) (Principal, bool) {
	p, ok := ctx.Value(keyPrincipal).(Principal)
	return p, ok
}

// authenticate finds out who makes the request: a token, a session, or a
// browser on this machine where that is allowed. It lets nobody through whom
// it does not know.
func (s *Server) authenticate(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if openRoute(c.Request().URL.Path) {
			return next(c)
		}
		if secret, ok := bearer(c.Request()); ok {
			principal, err := s.tokenPrincipal(c.Request().Context(), secret)
			if err != nil {
				return err
			}
			return next(withPrincipal(c, principal))
		}
		return s.withSession(c, next)
	}
}

// openRoute lists what needs no principal: probes, sign-in, hooks, which check
// keys of their own, badges, whose addresses are signed, and the dashboard's
// own files, which hold no data.
func openRoute(path string) bool {
	return !strings.HasPrefix(path, "/api/") && path != "/metrics" || devlakeRoute(path)
}

func bearer(r *http.Request) (string, bool) {
	secret, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	return strings.TrimSpace(secret), ok
}

func withPrincipal(c echo.Context, p Principal) echo.Context {
	c.SetRequest(c.Request().WithContext(context.WithValue(c.Request().Context(), keyPrincipal, p)))
	return c
}

// hashSecret is how secrets are kept: they are 128 random bits or more, so a
// plain digest is enough.
func hashSecret(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

func (s *Server) tokenPrincipal(ctx context.Context, secret string) (Principal, error) {
	token, err := s.Store.TokenByHash(ctx, hashSecret(secret))
	if errors.Is(err, evenkeel.ErrDenied) {
		return Principal{}, problemf(http.StatusUnauthorized, "the token is unknown, revoked or expired; make one with 'evenkeel token create'")
	}
	if err != nil {
		return Principal{}, err
	}
	now := s.Now()
	if now.Sub(token.LastUsedAt) > time.Minute {
		if err := s.Store.TouchToken(ctx, token.ID, now); err != nil {
			s.Logger.WarnContext(ctx, "token use not noted", slog.Any("err", err))
		}
	}
	return Principal{Kind: "token", Name: token.Name, Scopes: token.Scopes, Workspaces: []string{token.Workspace}}, nil
}

// WorkspaceInput is the workspace parameter of every operation on data.
type WorkspaceInput struct {
	Workspace string `query:"workspace" doc:"Workspace; a token's own, or default" example:"default"`
}

// in checks that the caller may do something in a workspace, and opens it.
func (s *Server) in(ctx context.Context, in WorkspaceInput, scope evenkeel.Scope) (Workspace, string, error) {
	slug, err := s.allowed(ctx, in.Workspace, scope)
	if err != nil {
		return nil, "", err
	}
	return s.Workspace(slug), slug, nil
}

// allowed resolves the workspace of a request and checks the caller's right.
// A workspace that the caller may not see does not exist for it.
func (s *Server) allowed(ctx context.Context, slug string, scope evenkeel.Scope) (string, error) {
	principal, ok := principalOf(ctx)
	if !ok {
		return "", problemf(http.StatusUnauthorized, "sign in, or send a token")
	}
	if slug == "" {
		slug = "default"
		if principal.Kind == "token" {
			slug = principal.Workspaces[0]
		}
	}
	known, err := s.Store.Workspaces(ctx)
	if err != nil {
		return "", err
	}
	exists := slices.ContainsFunc(known, func(w evenkeel.WorkspaceInfo) bool { return w.Slug == slug })
	if !exists || !principal.sees(slug) {
		return "", problemf(http.StatusNotFound, "workspace %q: not found", slug)
	}
	if !principal.may(scope) {
		return "", problemf(http.StatusForbidden, "%s may not do this: it needs %s", principal.actor(), rightName(principal, scope))
	}
	return slug, nil
}

func rightName(p Principal, scope evenkeel.Scope) string {
	if p.Kind == "token" {
		return "the scope " + string(scope)
	}
	switch scope {
	case evenkeel.ScopeIngest:
		return "the role operator"
	case evenkeel.ScopeAdmin:
		return "the role admin"
	}
	return "the role viewer"
}

// audit notes what the caller of a request did.
func (s *Server) audit(ctx context.Context, workspace, action, object, detail string) error {
	principal, _ := principalOf(ctx)
	return s.Store.Audit(ctx, evenkeel.AuditEntry{
		Workspace: workspace, At: s.Now(), Actor: principal.actor(), Action: action, Object: object, Detail: detail, RequestID: requestIDOf(ctx),
	})
}
