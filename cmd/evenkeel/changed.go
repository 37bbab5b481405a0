package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/evenkeel-dev/evenkeel/server"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

func newChanged(p *Process) *cobra.Command {
	var q server.ChangedQuestion
	cmd := &cobra.Command{
		Use:   "changed --application A",
		Short: "What changed around an application: deployments, flags and incidents of it and of what it needs",
		Long: `List what happened to an application, and to what it needs up to three calls
away, newest first. The order for looking (1 first) says where a cause is most
plausible: recent, near, and marked by a failure or a rollback. It is no
probability; docs/formulas.md says how it is made.`,
		Example: "  evenkeel changed --application checkout --since 2h\n  evenkeel changed --application checkout --since 6h --until 2026-11-22T03:10:00Z --json",
		Args:    arguments(0, "flags only"),
		RunE:    func(cmd *cobra.Command, _ []string) error { return p.changed(cmd, q) },
	}
	addWorkspaceFlag(cmd)
	cmd.Flags().StringVar(&q.Application, "application", "", "slug of the application")
	cmd.Flags().StringVar(&q.Since, "since", "2h", "a length such as 30m, 2h or 7d, an RFC 3339 time or a date")
	cmd.Flags().StringVar(&q.Until, "until", "", "when the problem was seen: RFC 3339 or a date (default: now)")
	cmd.Flags().StringVar(&q.Environment, "environment", "", "name of an environment or a class (default: production)")
	addAsOfFlag(cmd)
	cmd.Flags().Bool("json", false, "print the answer as JSON")
	_ = cmd.MarkFlagRequired("application")
	return cmd
}

func (p *Process) changed(cmd *cobra.Command, q server.ChangedQuestion) error {
	to, err := p.existing(cmd)
	if err != nil {
		return err
	}
	defer to.close()
	q.Now = p.Now()
	q.AsOf, _ = cmd.Flags().GetString("as-of")
	changed, err := to.changed(cmd.Context(), q)
	if err != nil {
		return err
	}
	if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
		return json.NewEncoder(p.Stdout).Encode(changed)
	}
	return p.printChanged(changed)
}

func (p *Process) printChanged(c views.Changed) error {
	span := c.Since.Format(time.RFC3339) + " to " + c.Until.Format(time.RFC3339)
	if len(c.Items) == 0 {
		_, err := fmt.Fprintf(p.Stdout, "Nothing changed in %s and what it needs, %s\n", c.Application.Name, span)
		return err
	}
	fmt.Fprintf(p.Stdout, "%s, %s\n", c.Application.Name, span)
	table := tabwriter.NewWriter(p.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "LOOK\tTIME\tKIND\tAPPLICATION\tENVIRONMENT\tWHAT\tWHY")
	for _, item := range c.Items {
		var why []string
		for _, reason := range item.Reasons {
			why = append(why, reason.Text)
		}
		fmt.Fprintf(table, "%d\t%s\t%s\t%s\t%s\t%s\t%s\n", item.Rank, item.At.Format(time.RFC3339), item.Kind, item.Application.Slug,
			cmp.Or(item.Environment, "–"), item.Summary, strings.Join(why, "; "))
	}
	if c.Truncated {
		fmt.Fprintln(table, "…\tthere is more; choose a shorter time")
	}
	return table.Flush()
}

func (l *local) changed(ctx context.Context, q server.ChangedQuestion) (views.Changed, error) {
	results, err := l.resultsAsOf(ctx, q.AsOf, "", q.Now)
	if err != nil {
		return views.Changed{}, err
	}
	if results.Known != nil {
		q.Now = results.Known.At
	}
	return server.Changed(ctx, l.factsOf(results), results, q)
}

func (r *remote) changed(ctx context.Context, q server.ChangedQuestion) (views.Changed, error) {
	var changed views.Changed
	query := given(map[string]string{"application": q.Application, "since": q.Since, "until": q.Until, "environment": q.Environment, "as_of": q.AsOf})
	return changed, r.call(ctx, http.MethodGet, "/api/v1/changed", query, nil, nil, &changed)
}
