package server

import (
	"bytes"
	"context"
	"encoding/gob"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"github.com/evenkeel-dev/evenkeel"
)

const (
	sessionCookie    = "evenkeel_session"
	csrfCookie       = "evenkeel_csrf"
	sessionPrincipal = "principal"
)

func newSessions(c Config) *scs.SessionManager {
	m := scs.New()
	m.Store = c.Store
	m.Lifetime = 12 * time.Hour
	m.IdleTimeout = 2 * time.Hour
	m.HashTokenInStore = true
	m.Cookie.Name = sessionCookie
	m.Cookie.HttpOnly = true
	m.Cookie.SameSite = http.SameSiteLaxMode
	m.Cookie.Secure = secure(c)
	m.Cookie.Path = "/"
	return m
}

func secure(c Config) bool { return strings.HasPrefix(c.PublicURL, "https://") }

// csrf demands a token of unsafe requests that a browser's cookie could have
// authenticated; requests with an API token need none.
func (s *Server) csrf() echo.MiddlewareFunc {
	protect := middleware.CSRFWithConfig(middleware.CSRFConfig{
		Skipper: func(c echo.Context) bool {
			_, withToken := bearer(c.Request())
			return withToken || openRoute(c.Request().URL.Path)
		},
		TokenLookup:    "header:X-CSRF-Token",
		CookieName:     csrfCookie,
		CookiePath:     "/",
		CookieHTTPOnly: true,
		CookieSecure:   secure(s.Config),
		CookieSameSite: http.SameSiteStrictMode,
		ErrorHandler: func(error, echo.Context) error {
			return problemf(http.StatusForbidden, "the X-CSRF-Token header is missing or wrong; GET /api/v1/session gives it")
		},
	})
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return protect(func(c echo.Context) error {
			token, _ := c.Get(middleware.DefaultCSRFConfig.ContextKey).(string)
			c.SetRequest(c.Request().WithContext(context.WithValue(c.Request().Context(), keyCSRF, token)))
			return next(c)
		})
	}
}

func csrfToken(ctx context.Context) string {
	token, _ := ctx.Value(keyCSRF).(string)
	return token
}

// storedPrincipal is a principal as a session keeps it.
type storedPrincipal struct {
	Kind, Name string
	Role       evenkeel.Role
	Workspaces []string
}

// withSession lets the principal of the session in.
func (s *Server) withSession(c echo.Context, next echo.HandlerFunc) error {
	return s.session(c, func(c echo.Context) error {
		principal, ok := s.sessionPrincipal(c.Request())
		if !ok {
			return problemf(http.StatusUnauthorized, "sign in with the link that the server printed, or send a token")
		}
		return next(withPrincipal(c, principal))
	})
}

// session loads the session of a request and saves it before the first byte
// of the answer, errors included.
func (s *Server) session(c echo.Context, next echo.HandlerFunc) error {
	original := c.Response().Writer
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.SetRequest(r)
		c.Response().Writer = w
		if err := next(c); err != nil {
			c.Error(err)
		}
	})
	s.sessions.LoadAndSave(handler).ServeHTTP(original, c.Request())
	c.Response().Writer = original
	return nil
}

// sessionPrincipal reads who is signed in. A browser on this machine is
// signed in as a viewer where the configuration says so.
func (s *Server) sessionPrincipal(r *http.Request) (Principal, bool) {
	ctx := r.Context()
	if raw := s.sessions.GetBytes(ctx, sessionPrincipal); raw != nil {
		var stored storedPrincipal
		if gob.NewDecoder(bytes.NewReader(raw)).Decode(&stored) == nil {
			return Principal{Kind: stored.Kind, Name: stored.Name, Role: stored.Role, Workspaces: stored.Workspaces}, true
		}
	}
	if len(s.Local) == 0 || !loopbackAddr(r.RemoteAddr) {
		return Principal{}, false
	}
	local := Principal{Kind: "local", Name: "Local browser", Role: evenkeel.RoleViewer, Workspaces: s.Local}
	s.keep(ctx, local)
	return local, true
}

func (s *Server) keep(ctx context.Context, p Principal) {
	var raw bytes.Buffer
	_ = gob.NewEncoder(&raw).Encode(storedPrincipal{Kind: p.Kind, Name: p.Name, Role: p.Role, Workspaces: p.Workspaces})
	s.sessions.Put(ctx, sessionPrincipal, raw.Bytes())
}

// getSignIn uses up a one-time link and starts a session.
func (s *Server) getSignIn(c echo.Context) error {
	c.Response().Header().Set("Cache-Control", "no-store")
	return s.session(c, func(c echo.Context) error {
		if err := s.signIn(c.Request()); err != nil {
			return err
		}
		return c.Redirect(http.StatusSeeOther, "/")
	})
}

func (s *Server) signIn(r *http.Request) error {
	ctx := r.Context()
	link, err := s.Store.UseSignIn(ctx, hashSecret(r.URL.Query().Get("token")))
	if err != nil {
		return problemf(http.StatusForbidden, "the link was used already, has expired or is not complete; make another with `evenkeel signin`")
	}
	if err := s.sessions.RenewToken(ctx); err != nil {
		return err
	}
	principal := Principal{Kind: "person", Name: string(link.Role), Role: link.Role}
	if link.Workspace != "" {
		principal.Workspaces = []string{link.Workspace}
	}
	s.keep(ctx, principal)
	return s.Store.Audit(ctx, evenkeel.AuditEntry{
		Workspace: link.Workspace, At: s.Now(), Actor: principal.actor(), Action: "session.start", Object: "session", RequestID: requestIDOf(ctx),
	})
}

// WorkspaceView names a workspace.
type WorkspaceView struct {
	Slug string `json:"slug"`
	Name string `json:"name"`
	Demo bool   `json:"demo" doc:"True for invented data"`
}

// SessionView says who is signed in, and to what.
type SessionView struct {
	Principal  Principal       `json:"principal"`
	Workspaces []WorkspaceView `json:"workspaces" nullable:"false"`
	CSRFToken  string          `json:"csrf_token" doc:"To be sent as X-CSRF-Token with unsafe requests"`
	Version    string          `json:"version"`
}

func (s *Server) getSession(ctx context.Context, _ *struct{}) (*body[SessionView], error) {
	principal, ok := principalOf(ctx)
	if !ok {
		return nil, problemf(http.StatusUnauthorized, "sign in, or send a token")
	}
	known, err := s.Store.Workspaces(ctx)
	if err != nil {
		return nil, err
	}
	view := SessionView{Principal: principal, Workspaces: []WorkspaceView{}, CSRFToken: csrfToken(ctx), Version: s.Version}
	for _, w := range known {
		if principal.sees(w.Slug) {
			view.Workspaces = append(view.Workspaces, workspaceView(w))
		}
	}
	slices.SortStableFunc(view.Workspaces, func(a, b WorkspaceView) int { return boolOrder(b.Demo, a.Demo) })
	return answer(view), nil
}

func workspaceView(w evenkeel.WorkspaceInfo) WorkspaceView {
	return WorkspaceView{Slug: w.Slug, Name: w.Name, Demo: w.Demo}
}

func boolOrder(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

func (s *Server) postSignOut(ctx context.Context, _ *struct{}) (*struct{}, error) {
	if principal, _ := principalOf(ctx); principal.Kind == "token" {
		return nil, problemf(http.StatusConflict, "a token has no session to end")
	}
	return nil, s.sessions.Destroy(ctx)
}
