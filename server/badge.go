package server

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

const (
	// badgePath is where badges are.
	badgePath = "/badges/"
	// badgeSeconds is how long a badge may be kept.
	badgeSeconds = 300
	// BadgePurpose names the key that signs addresses of badges.
	BadgePurpose = "badge"
	// signatureBytes is how much of the digest is in an address.
	signatureBytes = 16
)

// BadgeName says what a badge shows.
type BadgeName struct {
	Workspace string
	// Kind is application, group, capability or workspace, and Slug names it.
	Kind, Slug string
	Metric     metrics.Metric
}

// Path is the address of a badge below the server's own, signed with the
// workspace's key for [BadgePurpose].
func (b BadgeName) Path(key []byte) string {
	return badgePath + b.Workspace + "/" + b.Kind + "/" + b.Slug + "/" + string(b.Metric) + "-" + b.signature(key) + ".svg"
}

func (b BadgeName) signature(key []byte) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(b.Kind + "/" + b.Slug + "/" + string(b.Metric)))
	return hex.EncodeToString(mac.Sum(nil)[:signatureBytes])
}

// Signed says whether a signature is that of the badge, in a time that does
// not depend on how much of it is right.
func (b BadgeName) Signed(key []byte, signature string) bool {
	return hmac.Equal([]byte(b.signature(key)), []byte(signature))
}

// ParseBadge reads the path of a badge's address. Whatever is not written as
// [BadgeName.Path] writes it is none.
func ParseBadge(path string) (b BadgeName, signature string, ok bool) {
	rest, found := strings.CutPrefix(path, badgePath)
	parts := strings.Split(rest, "/")
	if !found || len(parts) != 4 {
		return BadgeName{}, "", false
	}
	name, isPicture := strings.CutSuffix(parts[3], ".svg")
	metric, signature, signed := strings.Cut(name, "-")
	b = BadgeName{Workspace: parts[0], Kind: parts[1], Slug: parts[2], Metric: metrics.Metric(metric)}
	if !isPicture || !signed || len(signature) != 2*signatureBytes || !b.valid() {
		return BadgeName{}, "", false
	}
	return b, signature, true
}

func (b BadgeName) valid() bool {
	if !evenkeel.ValidSlug(b.Workspace) || !evenkeel.ValidSlug(b.Slug) || !slices.Contains(views.BadgeMetrics(), b.Metric) {
		return false
	}
	switch b.Kind {
	case "application", "group", "capability":
		return true
	}
	return b.Kind == "workspace" && b.Slug == b.Workspace
}

func (b BadgeName) scope() jobs.Scope {
	switch b.Kind {
	case "application":
		return jobs.Scope{Application: b.Slug}
	case "group":
		return jobs.Scope{Group: b.Slug}
	case "capability":
		return jobs.Scope{Capability: b.Slug}
	}
	return jobs.Scope{}
}

// NewBadgeName names the badge of a scope.
func NewBadgeName(workspace string, s jobs.Scope, m metrics.Metric) BadgeName {
	b := BadgeName{Workspace: workspace, Kind: "workspace", Slug: workspace, Metric: m}
	switch {
	case s.Application != "":
		b.Kind, b.Slug = "application", s.Application
	case s.Group != "":
		b.Kind, b.Slug = "group", s.Group
	case s.Capability != "":
		b.Kind, b.Slug = "capability", s.Capability
	}
	return b
}

// BadgeView is where the badge of a figure is.
type BadgeView struct {
	Metric metrics.Metric `json:"metric"`
	Path   string         `json:"path" doc:"Path of the picture on this server; whoever knows it sees the figure"`
	Page   string         `json:"page" doc:"Path of the page that tells more, for those who may sign in"`
	// Address begins with the server's public address; without one it is the path.
	Address string `json:"address" doc:"The path below the server's public address, if it has one"`
	// Markdown shows the picture and links to its page.
	Markdown string `json:"markdown"`
	// Label and Value are what the picture says now.
	Label string `json:"label"`
	Value string `json:"value"`
}

// NewBadgeViews lists the badges of a question's scope: that of one metric, or
// those of all where it is empty. base is the server's address or empty.
func NewBadgeViews(r *jobs.Results, q views.Question, m metrics.Metric, base string, key []byte) ([]BadgeView, error) {
	var list []BadgeView
	for _, metric := range views.BadgeMetrics() {
		if m != "" && m != metric {
			continue
		}
		shown, err := views.NewBadge(r, q, metric)
		if err != nil {
			return nil, err
		}
		name := NewBadgeName(q.Workspace.Slug, q.Scope, metric)
		v := BadgeView{Metric: metric, Path: name.Path(key), Page: name.page(), Label: shown.Label, Value: shown.Value}
		list = append(list, v.At(base))
	}
	return list, nil
}

// At is the view with the addresses that it has below a server's own.
func (v BadgeView) At(base string) BadgeView {
	base = strings.TrimSuffix(base, "/")
	v.Address = base + v.Path
	v.Markdown = fmt.Sprintf("[![%s](%s)](%s)", v.Label, v.Address, base+v.Page)
	return v
}

// page is the path of the page that tells more.
func (b BadgeName) page() string {
	folder := map[string]string{"application": "/applications/", "group": "/groups/", "capability": "/capabilities/"}[b.Kind]
	if folder == "" {
		return "/w/" + b.Workspace + "/overview"
	}
	return "/w/" + b.Workspace + folder + b.Slug
}

type badgesInput struct {
	WorkspaceInput
	Application string         `query:"application" doc:"Slug of an application" maxLength:"63"`
	Group       string         `query:"group" doc:"Slug of a group; groups below it are included" maxLength:"63"`
	Capability  string         `query:"capability" doc:"Slug of a business capability; those below it are included" maxLength:"63"`
	Metric      metrics.Metric `query:"metric" enum:"deployment_frequency,change_lead_time,change_fail_rate,failed_deployment_recovery_time,deployment_rework_rate" doc:"Only the badge of this figure"`
}

// getBadges answers where the badges of a scope are.
func (s *Server) getBadges(ctx context.Context, in *badgesInput) (*body[list[BadgeView]], error) {
	w, slug, err := s.in(ctx, in.WorkspaceInput, evenkeel.ScopeRead)
	if err != nil {
		return nil, err
	}
	key, err := w.SigningKey(ctx, BadgePurpose)
	if err != nil {
		return nil, err
	}
	results, question, err := s.figures(ctx, WorkspaceInput{Workspace: slug}, WindowInput{})
	if err != nil {
		return nil, err
	}
	question.Scope = jobs.Scope{Application: in.Application, Group: in.Group, Capability: in.Capability}
	found, err := NewBadgeViews(results, question, in.Metric, s.PublicURL, key)
	return answer(listOf(found, "")), err
}

// getBadge answers with the picture of a signed address. Everything else is
// not found, whatever is wrong with it.
func (s *Server) getBadge(c echo.Context) error {
	picture, err := s.badge(c.Request().Context(), c.Request().URL.Path)
	if errors.Is(err, evenkeel.ErrNotFound) {
		return problemf(http.StatusNotFound, "there is no badge at this address")
	}
	if err != nil {
		return err
	}
	sum := sha256.Sum256(picture)
	tag := `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
	h := c.Response().Header()
	h.Set("ETag", tag)
	h.Set("Cache-Control", fmt.Sprintf("max-age=%d", badgeSeconds))
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin") // Pages of others show badges.
	if matches(c.Request().Header.Get("If-None-Match"), tag) {
		return c.NoContent(http.StatusNotModified)
	}
	return c.Blob(http.StatusOK, "image/svg+xml; charset=utf-8", picture)
}

func (s *Server) badge(ctx context.Context, path string) ([]byte, error) {
	name, signature, ok := ParseBadge(path)
	if !ok {
		return nil, evenkeel.ErrNotFound
	}
	key, err := s.Workspace(name.Workspace).SigningKey(ctx, BadgePurpose)
	if err != nil {
		return nil, err
	}
	if !name.Signed(key, signature) {
		return nil, evenkeel.ErrNotFound
	}
	results, err := s.Deriver.Results(ctx, name.Workspace)
	if err != nil {
		return nil, err
	}
	question, err := s.question(ctx, name.Workspace, WindowInput{})
	if err != nil {
		return nil, err
	}
	question.Scope = name.scope()
	shown, err := views.NewBadge(results, question, name.Metric)
	return shown.SVG(), err
}
