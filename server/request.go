package server

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"regexp"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/telemetry"
)

type contextKey int

const (
	keyRequestID contextKey = iota
	keyPrincipal
	keyCSRF
)

var requestIDPattern = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// requestID names every request, with the caller's X-Request-Id if it is sane.
func (s *Server) requestID(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		id := c.Request().Header.Get(echo.HeaderXRequestID)
		if !requestIDPattern.MatchString(id) {
			id = rand.Text()
		}
		c.Response().Header().Set(echo.HeaderXRequestID, id)
		c.SetRequest(c.Request().WithContext(context.WithValue(c.Request().Context(), keyRequestID, id)))
		return next(c)
	}
}

func requestIDOf(ctx context.Context) string {
	id, _ := ctx.Value(keyRequestID).(string)
	return id
}

// logRequests writes one line per request; neither query nor body nor headers
// are logged, because they may hold secrets.
func (s *Server) logRequests(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := s.Now()
		if err := next(c); err != nil {
			c.Error(err)
		}
		took := s.Now().Sub(start)
		s.Telemetry.Request(c.Request().Method, c.Path(), c.Response().Status, took)
		level := slog.LevelDebug
		if c.Response().Status >= http.StatusInternalServerError {
			level = slog.LevelError
		}
		s.Logger.LogAttrs(c.Request().Context(), level, "request",
			slog.String("method", c.Request().Method),
			slog.String("path", loggedPath(c.Request().URL.Path)),
			slog.Int("status", c.Response().Status),
			slog.Duration("took", took),
			slog.String("request_id", requestIDOf(c.Request().Context())),
			slog.String("trace_id", telemetry.TraceID(c.Request().Context())))
		return nil
	}
}

// loggedPath is a path without what stands behind the address of a connection:
// some senders can put their key nowhere else.
func loggedPath(path string) string {
	if parts := strings.SplitN(path, "/", 5); len(parts) == 5 && parts[1] == "hooks" {
		return strings.Join(parts[:4], "/")
	}
	return path
}

// hostGuard refuses names other than loopback ones while browsers of this
// machine are let in without signing in: it is what keeps a web page that
// rebinds its own name to 127.0.0.1 out.
func (s *Server) hostGuard(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if len(s.Local) > 0 && !loopbackHost(c.Request().Host) {
			return problemf(http.StatusMisdirectedRequest, "this server answers to localhost only")
		}
		return next(c)
	}
}

func loopbackHost(hostport string) bool {
	host := hostport
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		host = h
	}
	host = strings.Trim(strings.ToLower(host), "[]")
	if host == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}

func loopbackAddr(remote string) bool {
	addr, err := netip.ParseAddrPort(remote)
	return err == nil && addr.Addr().Unmap().IsLoopback()
}

// securityHeaders are on every answer; pages add their own content policy.
func securityHeaders(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		if strings.HasPrefix(c.Request().URL.Path, "/api/") {
			h.Set("Cache-Control", "no-store")
			h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		}
		return next(c)
	}
}

// getMetrics answers a scrape by a token that may read, or a signed-in person.
func (s *Server) getMetrics(c echo.Context) error {
	principal, ok := principalOf(c.Request().Context())
	switch {
	case !ok:
		return problemf(http.StatusUnauthorized, "send a token with the scope read")
	case !principal.may(evenkeel.ScopeRead):
		return problemf(http.StatusForbidden, "%s may not do this: it needs %s", principal.actor(), rightName(principal, evenkeel.ScopeRead))
	}
	figures, err := s.headlinesOf(c.Request().Context(), principal)
	if err != nil {
		return err
	}
	s.Telemetry.MetricsWith(figures).ServeHTTP(c.Response(), c.Request())
	return nil
}

// readyTimeout is how long the store may take to answer a probe.
const readyTimeout = 2 * time.Second

func (s *Server) getLive(c echo.Context) error {
	return c.String(http.StatusOK, "ok\n")
}

func (s *Server) getReady(c echo.Context) error {
	ctx, cancel := context.WithTimeout(c.Request().Context(), readyTimeout)
	defer cancel()
	if err := s.Store.Ping(ctx); err != nil {
		s.Logger.WarnContext(ctx, "not ready", slog.Any("err", err))
		return problemf(http.StatusServiceUnavailable, "the store does not answer")
	}
	return c.String(http.StatusOK, "ready\n")
}
