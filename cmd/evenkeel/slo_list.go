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
	"github.com/evenkeel-dev/evenkeel/server"
	"github.com/evenkeel-dev/evenkeel/server/views"
	"github.com/evenkeel-dev/evenkeel/slo"
)

func newSLOList(p *Process) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the error budgets of a workspace, the least first",
		Long: `List the error budgets of a workspace as they stand now, the least first: of the
local store, or of the server that EVENKEEL_URL names.

Exit codes: 0 done, 2 for a wrong command line, 4 if there is no service level.`,
		Example: "  evenkeel slo list --workspace demo\n  evenkeel slo list --status exhausted --json",
		Args:    arguments(0, "no arguments"),
		RunE:    func(cmd *cobra.Command, _ []string) error { return p.listSLOs(cmd) },
	}
	addWorkspaceFlag(cmd)
	cmd.Flags().String("status", "", "only budgets of a status: healthy, watch, at_risk, exhausted, no_data or too_few_events")
	cmd.Flags().Bool("json", false, "print JSON")
	return cmd
}

// statuses are the words that budgets are listed by.
func statuses() []slo.Status {
	return []slo.Status{slo.StatusHealthy, slo.StatusWatch, slo.StatusAtRisk, slo.StatusExhausted, slo.StatusNoData, slo.StatusTooFewEvents}
}

func (p *Process) listSLOs(cmd *cobra.Command) error {
	status, _ := cmd.Flags().GetString("status")
	if status != "" && !slices.Contains(statuses(), slo.Status(status)) {
		return fmt.Errorf("--status %q is none of %v: %w", status, statuses(), errUsage)
	}
	to, err := p.existing(cmd)
	if err != nil {
		return err
	}
	defer to.close()
	rows, err := to.budgets(cmd.Context())
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return fmt.Errorf("no service level is kept; state some under slos: of the configuration and run 'evenkeel apply': %w", evenkeel.ErrNotFound)
	}
	rows = slices.DeleteFunc(rows, func(row views.LevelRow) bool { return status != "" && row.Status != status })
	if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
		return json.NewEncoder(p.Stdout).Encode(rows)
	}
	return printBudgets(p.Stdout, rows)
}

func printBudgets(w io.Writer, rows []views.LevelRow) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "SERVICE LEVEL\tTARGET\tSLI\tBUDGET LEFT\tBURN 1H\tSTATUS\tWHY")
	for _, row := range rows {
		name := row.ID + row.Series
		if row.Objective != "" {
			name += " / " + row.Objective
		}
		if row.Problem != "" {
			fmt.Fprintf(table, "%s\t-\t-\t-\t-\t%s\t%s\n", name, row.Status, row.Problem)
			continue
		}
		sli, left := row.SLI, row.Budget.Remaining
		if row.Status == string(slo.StatusNoData) { // What it was before data stopped is not the present.
			sli, left = nil, nil
		}
		fmt.Fprintf(table, "%s\t%g %% in %s\t%s\t%s\t%s\t%s\t%s\n", name, 100*row.Target, row.Window.Span, percentOf(sli, 4), percentOf(left, 1),
			times(row.Burn["1h"]), row.Status, row.Reason)
	}
	return table.Flush()
}

// percentOf writes a share with so many decimals; "-" for no value.
func percentOf(share *float64, decimals int) string {
	if share == nil {
		return "-"
	}
	return fmt.Sprintf("%.*f %%", decimals, 100**share)
}

func times(v *float64) string {
	if v == nil {
		return "-"
	}
	return fmt.Sprintf("%.2f", *v)
}

func (l *local) budgets(ctx context.Context) ([]views.LevelRow, error) {
	book, err := newBudgets(l.store).Present(ctx, l.workspace, views.Present(l.now()))
	if err != nil {
		return nil, err
	}
	w := l.store.In(l.workspace)
	catalogue, _, err := w.Catalogue(ctx)
	if err != nil {
		return nil, err
	}
	rows := views.LevelRows(book, catalogue)
	views.SortLevels(rows, "remaining")
	return rows, server.TellMeasuring(ctx, w, l.now(), book, rows)
}

func (r *remote) budgets(ctx context.Context) (rows []views.LevelRow, err error) {
	query := url.Values{"limit": {"500"}}
	for {
		var page struct {
			Items []views.LevelRow `json:"items"`
			Next  *string          `json:"next"`
		}
		if err := r.call(ctx, http.MethodGet, "/api/v1/service-levels", query, nil, nil, &page); err != nil {
			return nil, err
		}
		if rows = append(rows, page.Items...); page.Next == nil {
			return rows, nil
		}
		query.Set("cursor", *page.Next)
	}
}
