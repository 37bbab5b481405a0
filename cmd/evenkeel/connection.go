package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/evenkeel-dev/evenkeel/server"
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
	cmd.AddCommand(list, newConnectionTest(p))
	return cmd
}

func (p *Process) connections(cmd *cobra.Command) error {
	to, err := p.target(cmd)
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
