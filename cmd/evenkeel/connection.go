package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/config"
	"github.com/evenkeel-dev/evenkeel/server"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

// connectionLine is a connection as the command lists it.
type connectionLine struct {
	ID      string   `json:"id"`
	Source  string   `json:"source"`
	Name    string   `json:"name"`
	Path    string   `json:"path"`
	Secrets []string `json:"secrets"`
	Managed string   `json:"managed"`
}

func newConnection(p *Process) *cobra.Command {
	cmd := &cobra.Command{Use: "connection", Short: "Connections through which sources deliver"}
	list := &cobra.Command{
		Use:   "list",
		Short: "List connections with the addresses that deliveries are posted to",
		Args:  arguments(0, "no arguments"),
		RunE:  func(cmd *cobra.Command, _ []string) error { return p.connections(cmd) },
	}
	addWorkspaceFlag(list)
	list.Flags().Bool("json", false, "print the list as JSON")
	preview := &cobra.Command{
		Use:   "preview NAME",
		Short: "Show what the alert rules of a configuration would make of the last 30 days",
		Long: `Show how many incidents the rules that a configuration states for a connection
would make of the alerts received in the last 30 days, and the change fail rate
that results. Nothing is stored; 'evenkeel apply' puts the rules in force.`,
		Example: "  evenkeel connection preview alertmanager -f deploy/example --json",
		Args:    arguments(1, "the name of a connection"),
		RunE:    p.previewAlerts,
	}
	addWorkspaceFlag(preview)
	addFileFlag(preview)
	preview.Flags().Bool("json", false, "print the preview as JSON")
	cmd.AddCommand(list, preview, newConnectionTest(p))
	return cmd
}

func (p *Process) connections(cmd *cobra.Command) error {
	to, err := p.existing(cmd)
	if err != nil {
		return err
	}
	defer to.close()
	lines, err := to.connections(cmd.Context())
	if err != nil {
		return err
	}
	if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
		return json.NewEncoder(p.Stdout).Encode(map[string]any{"items": lines})
	}
	if len(lines) == 0 {
		fmt.Fprintln(p.Stdout, "No connections. State them in the configuration (docs/connectors.md) or create them through the API.")
		return nil
	}
	table := tabwriter.NewWriter(p.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "NAME\tSOURCE\tADDRESS\tSTATED BY")
	for _, c := range lines {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", c.Name, c.Source, c.Path, c.Managed)
	}
	return table.Flush()
}

func (l *local) connections(ctx context.Context) ([]connectionLine, error) {
	all, err := l.store.In(l.workspace).Connections(ctx)
	lines := make([]connectionLine, len(all))
	for i, c := range all {
		lines[i] = connectionLine{ID: c.ID, Source: c.Source, Name: c.Name, Path: server.HookPath(c), Secrets: c.Secrets, Managed: c.Managed}
	}
	return lines, err
}

func (r *remote) connections(ctx context.Context) ([]connectionLine, error) {
	var answer struct {
		Items []connectionLine `json:"items"`
	}
	err := r.call(ctx, http.MethodGet, "/api/v1/connections", nil, nil, nil, &answer)
	return answer.Items, err
}

// previewAlerts tries the settings that a configuration states.
func (p *Process) previewAlerts(cmd *cobra.Command, args []string) error {
	file, _ := cmd.Flags().GetString("file")
	stated, err := config.Load(file)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(stated.Connections, func(c evenkeel.Connection) bool { return c.Name == args[0] })
	if i < 0 {
		return fmt.Errorf("connection %q in %s: %w", args[0], file, evenkeel.ErrNotFound)
	}
	to, err := p.existing(cmd)
	if err != nil {
		return err
	}
	defer to.close()
	lines, err := to.connections(cmd.Context())
	if err != nil {
		return err
	}
	at := slices.IndexFunc(lines, func(c connectionLine) bool { return c.Name == args[0] })
	if at < 0 {
		return fmt.Errorf("connection %q has received nothing, because it does not exist yet; 'evenkeel apply' makes it, without rules at first: %w", args[0], evenkeel.ErrNotFound)
	}
	preview, err := to.previewAlerts(cmd.Context(), lines[at], stated.Connections[i].Settings)
	if err != nil {
		return err
	}
	if done, err := p.printed(cmd, preview); done {
		return err
	}
	return writeAlertPreview(p.Stdout, preview)
}

func writeAlertPreview(out io.Writer, v views.AlertPreview) error {
	fmt.Fprintf(out, "%s\n(%s to %s)\n", v.Sentence, stamp(v.Window.From), stamp(v.Window.To))
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "\nRULE\tALERTS\tINCIDENTS")
	for _, rule := range v.Rules {
		fmt.Fprintf(table, "%s\t%d\t%d\n", rule.Name, rule.Alerts, rule.Incidents)
	}
	fmt.Fprintln(table, "\nSCOPE\tDEPLOYMENTS\tFAILURES\tFAIL RATE\tRECOVERY")
	for _, row := range append([]views.PreviewRow{v.Whole}, v.Applications...) {
		b, a := row.Before, row.After
		fmt.Fprintf(table, "%s\t%d\t%d -> %d\t%s -> %s\t%s -> %s\n", row.Slug, a.Deployments, b.Failures, a.Failures, percent(b.FailRate), percent(a.FailRate), span(b.Recovery), span(a.Recovery))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for _, w := range v.Warnings {
		fmt.Fprintf(out, "warning: %s: %s\n", w.Field, w.Text)
	}
	return nil
}

func (l *local) previewAlerts(ctx context.Context, c connectionLine, settings json.RawMessage) (views.AlertPreview, error) {
	info := evenkeel.WorkspaceInfo{Slug: l.workspace, Name: l.workspace}
	return server.PreviewAlerts(ctx, l.store.In(l.workspace), l.deriver, info, c.Source, settings, views.Present(l.now()))
}

func (r *remote) previewAlerts(ctx context.Context, c connectionLine, settings json.RawMessage) (preview views.AlertPreview, err error) {
	body, err := json.Marshal(map[string]any{"settings": settings})
	if err == nil {
		err = r.call(ctx, http.MethodPost, "/api/v1/connections/"+url.PathEscape(c.ID)+"/alert-rules/preview", nil, jsonHeader(), body, &preview)
	}
	return preview, err
}
