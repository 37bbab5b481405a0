package server

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

// etag answers 304 when nothing that the answer depends on has changed: the
// facts, the policy, the engine, the query, the caller's rights, and the minute,
// because windows end now by default. An answer as of an instant depends on
// what was known then, and can be kept.
func (s *Server) etag(ctx huma.Context, next func(huma.Context)) {
	tag, caching, err := s.tagOf(ctx)
	if err != nil {
		next(ctx) // The handler meets the same error and reports it.
		return
	}
	ctx.SetHeader("ETag", tag)
	ctx.SetHeader("Cache-Control", caching)
	ctx.AppendHeader("Vary", "Authorization, Cookie")
	if matches(ctx.Header("If-None-Match"), tag) {
		ctx.SetStatus(http.StatusNotModified)
		return
	}
	next(ctx)
}

// tagOf is the tag of an answer, and how long it may be kept.
func (s *Server) tagOf(ctx huma.Context) (tag, caching string, err error) {
	w, slug, err := s.in(ctx.Context(), WorkspaceInput{Workspace: ctx.Query("workspace")}, evenkeel.ScopeRead)
	if err != nil {
		return "", "", err
	}
	basis, caching, err := s.basisOf(ctx, w, slug)
	if err != nil {
		return "", "", err
	}
	principal, _ := principalOf(ctx.Context())
	url := ctx.URL()
	sum := sha256.Sum256(fmt.Append(nil, slug, "\n", basis, "\n", metrics.EngineVersion, "\n", s.Version, "\n",
		url.Path, "?", url.RawQuery, "\n", principal.Kind, principal.Role, principal.Scopes))
	return `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`, caching, nil
}

// basisOf names what an answer is made from: what is known now, or what was.
func (s *Server) basisOf(ctx huma.Context, w Workspace, slug string) (basis, caching string, err error) {
	if text := ctx.Query("as_of"); text != "" {
		return s.knownBasis(ctx.Context(), w, slug, text, ctx.Query("tz"))
	}
	revision, err := w.Revision(ctx.Context())
	if err != nil {
		return "", "", err
	}
	policy, err := w.Policy(ctx.Context())
	return fmt.Sprint(revision, "\n", policy.Version, "\n", views.Present(s.Now()).Unix()), "private, no-cache", err
}

// matches reads If-None-Match (RFC 9110, 13.1.2) with weak comparison.
func matches(header, tag string) bool {
	for candidate := range strings.SplitSeq(header, ",") {
		candidate = strings.TrimPrefix(strings.TrimSpace(candidate), "W/")
		if candidate == tag || candidate == "*" {
			return true
		}
	}
	return false
}
