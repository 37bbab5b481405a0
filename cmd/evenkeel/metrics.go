package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/evenkeel-dev/evenkeel/metrics"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

func newMetrics(p *Process) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "metrics",
		Short: "Print the five DORA metrics of an application, a group or the workspace",
		Long: `Print change lead time, deployment frequency, change fail rate,
failed-deployment recovery time and deployment rework rate. The figures are the
ones that the dashboard shows. A figure without facts is null in JSON, empty in
CSV and "no data" in text. The window is half-open: --to is not included.`,
		Example: `  evenkeel metrics --application checkout --from 90d
  evenkeel metrics --group payments --from 2026-01-01 --to 2026-04-01 --tz Europe/Berlin --json
  evenkeel metrics --series week --csv > weekly.csv
  evenkeel metrics --group payments --as devlake-2023
  evenkeel metrics --group payments --as-of 2026-05-12T14:00:00Z`,
		Args: arguments(0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error { return p.metrics(cmd) },
	}
	addWorkspaceFlag(cmd)
	f := cmd.Flags()
	f.String("application", "", "slug of an application")
	f.String("group", "", "slug of a group; groups below it are included")
	f.String("capability", "", "slug of a business capability; those below it are included")
	f.String("ownership", "then", "whose a group's applications are: then (who owned them when it happened) or today")
	f.String("environment", "", "name of an environment, or a class (default: the production class)")
	f.String("from", "", "RFC 3339 instant, date, or a length such as 90d (default: 90d)")
	f.String("to", "", "RFC 3339 instant or date (default: now)")
	addAsOfFlag(cmd)
	f.String("tz", "", "time zone of days, weeks and months (default: the policy's)")
	f.String("series", "", "also print a series: day, week or month")
	f.String("benchmark", "", "benchmark set (default: dora-2023)")
	f.String("as", "", "put the figures beside those that another product would show: devlake-2023")
	f.Bool("json", false, "print JSON")
	f.Bool("csv", false, "print CSV, one row per metric, or per bucket with --series")
	cmd.MarkFlagsMutuallyExclusive("json", "csv")
	cmd.MarkFlagsMutuallyExclusive("application", "group", "capability")
	return cmd
}

func (p *Process) metrics(cmd *cobra.Command) error {
	if as, _ := cmd.Flags().GetString("as"); as != "" {
		return p.peer(cmd, as)
	}
	view, err := p.dora(cmd)
	if err != nil {
		return err
	}
	asJSON, _ := cmd.Flags().GetBool("json")
	asCSV, _ := cmd.Flags().GetBool("csv")
	switch {
	case asJSON:
		return json.NewEncoder(p.Stdout).Encode(view)
	case asCSV:
		return writeCSV(p.Stdout, view)
	}
	return writeText(p.Stdout, view)
}

// dora asks the server that the environment names, else the local store.
func (p *Process) dora(cmd *cobra.Command) (views.DORA, error) {
	question, err := p.figureQuestion(cmd)
	if err != nil {
		return views.DORA{}, err
	}
	to, err := p.existing(cmd)
	if err != nil {
		return views.DORA{}, err
	}
	defer to.close()
	return to.dora(cmd.Context(), question)
}

// figureQuestion reads what is asked of figures from the flags.
func (p *Process) figureQuestion(cmd *cobra.Command) (views.Question, error) {
	flag := func(name string) string { text, _ := cmd.Flags().GetString(name); return text }
	if !slices.Contains([]string{"then", "today"}, flag("ownership")) {
		return views.Question{}, fmt.Errorf("--ownership %q is neither then nor today: %w", flag("ownership"), errUsage)
	}
	return views.Question{
		Scope:       jobs.Scope{Application: flag("application"), Group: flag("group"), Capability: flag("capability"), Today: flag("ownership") == "today"},
		Environment: flag("environment"), From: flag("from"), To: flag("to"),
		TimeZone: flag("tz"), Series: metrics.Grain(flag("series")), Benchmark: flag("benchmark"), AsOf: flag("as-of"), Now: views.Present(p.Now()),
	}, nil
}

func (l *local) dora(ctx context.Context, q views.Question) (views.DORA, error) {
	results, err := l.results(ctx, &q)
	if err != nil {
		return views.DORA{}, err
	}
	return views.Dora(results, q)
}

func (r *remote) dora(ctx context.Context, q views.Question) (view views.DORA, err error) {
	err = r.call(ctx, http.MethodGet, "/api/v1/metrics/dora", parameters(q), nil, nil, &view)
	return view, err
}

// parameters are a question about figures as the API takes it.
func parameters(q views.Question) url.Values {
	return given(map[string]string{
		"application": q.Application, "group": q.Group, "capability": q.Capability, "ownership": q.Ownership(), "environment": q.Environment, "from": q.From, "to": q.To,
		"tz": q.TimeZone, "series": string(q.Series), "benchmark": q.Benchmark, "as_of": q.AsOf,
	})
}

// given are the parameters that are not empty.
func given(values map[string]string) url.Values {
	query := url.Values{}
	for name, value := range values {
		if value != "" {
			query.Set(name, value)
		}
	}
	return query
}

// figure is one headline figure as a row of CSV.
type figure struct {
	metric, unit, statistic string
	value, low, high        *float64
	n                       int
	coverage                *float64
}

func figures(r metrics.Report) []figure {
	lead, fail, recovery := r.LeadTime, r.FailRate, r.Recovery
	return []figure{
		{"deployment_frequency", "per_day", "rate", r.Frequency.PerDay, r.Frequency.Low, r.Frequency.High, r.Frequency.Deployments, nil},
		{"change_lead_time", "seconds", "median", lead.Median, lead.Low, lead.High, lead.N, lead.Coverage},
		{"change_lead_time", "seconds", "p75", lead.P75, nil, nil, lead.N, lead.Coverage},
		{"change_lead_time", "seconds", "p90", lead.P90, nil, nil, lead.N, lead.Coverage},
		{"change_fail_rate", "share", "ratio", fail.Value, fail.Low, fail.High, fail.N, fail.Coverage},
		{"failed_deployment_recovery_time", "seconds", "median", recovery.Median, recovery.Low, recovery.High, recovery.N, nil},
		{"deployment_rework_rate", "share", "ratio", r.Rework.Value, r.Rework.Low, r.Rework.High, r.Rework.N, nil},
	}
}

func number(v *float64) string {
	if v == nil {
		return ""
	}
	return strconv.FormatFloat(*v, 'f', -1, 64)
}

func writeCSV(out io.Writer, v views.DORA) error {
	w := csv.NewWriter(out)
	if len(v.Series) > 0 {
		return writeSeries(w, v)
	}
	rows := [][]string{{"scope", "slug", "environment", "from", "to", "metric", "statistic", "unit", "value", "low", "high", "n", "coverage", "policy"}}
	for _, f := range figures(v.Report) {
		rows = append(rows, []string{
			v.Scope.Kind, v.Scope.Slug, v.Environment, stamp(v.Window.From), stamp(v.Window.To), f.metric, f.statistic, f.unit,
			number(f.value), number(f.low), number(f.high), strconv.Itoa(f.n), number(f.coverage), v.Policy.Version,
		})
	}
	return w.WriteAll(rows)
}

func writeSeries(w *csv.Writer, v views.DORA) error {
	rows := [][]string{{"scope", "slug", "environment", "from", "to", "complete", "deployments", "deployment_days", "lead_median_seconds", "lead_p75_seconds", "lead_p90_seconds", "lead_n", "fail_rate", "failed", "fail_n", "recovery_median_seconds", "recovery_n", "rework_rate", "rework", "rework_n"}}
	for _, b := range v.Series {
		rows = append(rows, []string{
			v.Scope.Kind, v.Scope.Slug, v.Environment, stamp(b.From), stamp(b.To), strconv.FormatBool(b.Complete),
			strconv.Itoa(b.Frequency.Deployments), strconv.Itoa(b.Frequency.DeploymentDays),
			number(b.LeadTime.Median), number(b.LeadTime.P75), number(b.LeadTime.P90), strconv.Itoa(b.LeadTime.N),
			number(b.FailRate.Value), strconv.Itoa(b.FailRate.Failed), strconv.Itoa(b.FailRate.N),
			number(b.Recovery.Median), strconv.Itoa(b.Recovery.N),
			number(b.Rework.Value), strconv.Itoa(b.Rework.Rework), strconv.Itoa(b.Rework.N),
		})
	}
	return w.WriteAll(rows)
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// writeText prints the figures for people.
func writeText(out io.Writer, v views.DORA) error {
	r := v.Report
	lines := []string{
		fmt.Sprintf("%s %s, %s, %s to %s (%s)", v.Scope.Kind, v.Scope.Name, v.Environment, stamp(r.Window.From), stamp(r.Window.To), v.TimeZone),
		asKnown(v.Known),
		fmt.Sprintf("Deployment frequency            %s (%d deployments on %d days)", perDay(r.Frequency.PerDay), r.Frequency.Deployments, r.Frequency.DeploymentDays),
		fmt.Sprintf("Change lead time                %s (n = %d, coverage %s)", spans(r.LeadTime.Median, r.LeadTime.P75, r.LeadTime.P90), r.LeadTime.N, percent(r.LeadTime.Coverage)),
		fmt.Sprintf("Change fail rate                %s (%d of %d deployments; %d failed attempts apart)", rate(r.FailRate.Value, r.FailRate.Low, r.FailRate.High), r.FailRate.Failed, r.FailRate.N, r.FailRate.FailedAttempts),
		fmt.Sprintf("Failed-deployment recovery time %s (n = %d)", spans(r.Recovery.Median, r.Recovery.P75, r.Recovery.P90), r.Recovery.N),
		fmt.Sprintf("Deployment rework rate          %s (%d of %d deployments)", rate(r.Rework.Value, r.Rework.Low, r.Rework.High), r.Rework.Rework, r.Rework.N),
		fmt.Sprintf("Unattributed incidents          %d of %d", r.Unattributed, r.Incidents.Opened),
	}
	for _, e := range r.Exclusions {
		lines = append(lines, fmt.Sprintf("  left out of %s: %d, %s", e.Metric, e.Count, e.Reason))
	}
	for _, a := range r.Anomalies {
		lines = append(lines, fmt.Sprintf("  anomaly: %d, %s", a.Count, a.Kind))
	}
	for _, line := range lines {
		if _, err := fmt.Fprintln(out, line); err != nil {
			return err
		}
	}
	return nil
}

const noData = "no data"

func percent(v *float64) string {
	if v == nil {
		return noData
	}
	return strconv.FormatFloat(*v*100, 'f', 1, 64) + " %"
}

// rate shows a share with its 95 % interval.
func rate(value, low, high *float64) string {
	if value == nil {
		return noData
	}
	return percent(value) + ", 95 % interval " + percent(low) + " to " + percent(high)
}

// spans shows a median with the percentiles above it.
func spans(median, p75, p90 *float64) string {
	if median == nil {
		return noData
	}
	return "median " + span(median) + ", p75 " + span(p75) + ", p90 " + span(p90)
}

func perDay(v *float64) string {
	if v == nil {
		return noData
	}
	return strconv.FormatFloat(*v, 'f', 2, 64) + " per day"
}

// span shows seconds in the largest unit of which there is more than one.
func span(seconds *float64) string {
	if seconds == nil {
		return noData
	}
	d := time.Duration(*seconds * float64(time.Second))
	switch {
	case d >= 48*time.Hour:
		return strconv.FormatFloat(d.Hours()/24, 'f', 1, 64) + " d"
	case d >= 2*time.Hour:
		return strconv.FormatFloat(d.Hours(), 'f', 1, 64) + " h"
	case d >= 2*time.Minute:
		return strconv.FormatFloat(d.Minutes(), 'f', 1, 64) + " min"
	}
	return strconv.FormatFloat(d.Seconds(), 'f', 1, 64) + " s"
}
