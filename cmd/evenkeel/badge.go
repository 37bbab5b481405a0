package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
	"github.com/evenkeel-dev/evenkeel/server"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

func newBadge(p *Process) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "badge",
		Short: "Print the address of a badge, a picture of one figure for pages of others",
		Long: `Print the signed address of a badge and the Markdown that shows it. Whoever
knows the address sees the figure without signing in, and nothing else; an
address cannot be guessed. The figure is that of the last 90 days.`,
		Example: "  evenkeel badge --application checkout --metric change_lead_time\n  evenkeel badge --group payments --base https://evenkeel.example.com --json",
		Args:    arguments(0, "flags only"),
		RunE:    func(cmd *cobra.Command, _ []string) error { return p.badge(cmd) },
	}
	addWorkspaceFlag(cmd)
	f := cmd.Flags()
	f.String("application", "", "slug of an application")
	f.String("group", "", "slug of a group; groups below it are included")
	f.String("capability", "", "slug of a business capability; those below it are included")
	f.String("metric", "", "only this figure: "+metricWords()+" (default: all)")
	f.String("base", "", "address of the server that people reach (default: EVENKEEL_URL, else EVENKEEL_OPEN)")
	f.Bool("json", false, "print JSON")
	cmd.MarkFlagsMutuallyExclusive("application", "group", "capability")
	return cmd
}

func metricWords() string {
	var words []string
	for _, m := range views.BadgeMetrics() {
		words = append(words, string(m))
	}
	return strings.Join(words, ", ")
}

// badgeQuestion asks where badges are.
type badgeQuestion struct {
	scope  jobs.Scope
	metric metrics.Metric
	// base is the address of the server that people reach, without a slash at
	// its end; it may be empty.
	base string
}

func (p *Process) badge(cmd *cobra.Command) error {
	flag := func(name string) string { text, _ := cmd.Flags().GetString(name); return text }
	q := badgeQuestion{
		scope:  jobs.Scope{Application: flag("application"), Group: flag("group"), Capability: flag("capability")},
		metric: metrics.Metric(flag("metric")), base: p.badgeBase(flag("base")),
	}
	if q.metric != "" && !slices.Contains(views.BadgeMetrics(), q.metric) {
		return fmt.Errorf("--metric %q is not one of %s: %w", q.metric, metricWords(), errUsage)
	}
	if base, err := url.Parse(q.base); err != nil || q.base != "" && (base.Host == "" || base.Scheme != "http" && base.Scheme != "https") {
		return fmt.Errorf("--base %q is not an address such as https://evenkeel.example.com: %w", q.base, errUsage)
	}
	to, err := p.existing(cmd)
	if err != nil {
		return err
	}
	defer to.close()
	found, err := to.badges(cmd.Context(), q)
	if err != nil {
		return err
	}
	if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
		return json.NewEncoder(p.Stdout).Encode(map[string]any{"items": found})
	}
	for _, b := range found {
		fmt.Fprintf(p.Stdout, "%s: %s\n  %s\n  %s\n", b.Label, b.Value, b.Address, b.Markdown)
	}
	return nil
}

// badgeBase is the server's address as stated, else as the environment says.
func (p *Process) badgeBase(stated string) string {
	for _, base := range []string{stated, p.Env("EVENKEEL_URL"), p.Env("EVENKEEL_OPEN")} {
		if base != "" {
			return strings.TrimSuffix(base, "/")
		}
	}
	return ""
}

func (l *local) badges(ctx context.Context, q badgeQuestion) ([]server.BadgeView, error) {
	key, err := l.store.In(l.workspace).SigningKey(ctx, server.BadgePurpose)
	if err != nil {
		return nil, err
	}
	results, err := l.deriver.Results(ctx, l.workspace)
	if err != nil {
		return nil, err
	}
	question := views.Question{Workspace: evenkeel.WorkspaceInfo{Slug: l.workspace}, Scope: q.scope, Now: views.Present(l.now())}
	return server.NewBadgeViews(results, question, q.metric, q.base, key)
}

func (r *remote) badges(ctx context.Context, q badgeQuestion) ([]server.BadgeView, error) {
	query := url.Values{}
	for name, value := range map[string]string{"application": q.scope.Application, "group": q.scope.Group, "capability": q.scope.Capability, "metric": string(q.metric)} {
		if value != "" {
			query.Set(name, value)
		}
	}
	var found struct {
		Items []server.BadgeView `json:"items"`
	}
	err := r.call(ctx, http.MethodGet, "/api/v1/badges", query, nil, nil, &found)
	for i, b := range found.Items {
		found.Items[i] = b.At(q.base)
	}
	return found.Items, err
}
