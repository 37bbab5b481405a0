package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/evenkeel-dev/evenkeel/metrics"
	"github.com/evenkeel-dev/evenkeel/server"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

// peer prints our figures beside those of another product.
func (p *Process) peer(cmd *cobra.Command, as string) error {
	if _, err := metrics.ParsePeer(as); err != nil {
		return fmt.Errorf("--as: %w: %w", err, errUsage)
	}
	for _, other := range []string{"environment", "series", "csv", "benchmark"} {
		if cmd.Flags().Changed(other) {
			return fmt.Errorf("--%s does not go with --as: the other product knows one production and its own benchmark: %w", other, errUsage)
		}
	}
	question, err := p.figureQuestion(cmd)
	if err != nil {
		return err
	}
	to, err := p.existing(cmd)
	if err != nil {
		return err
	}
	defer to.close()
	view, err := to.peer(cmd.Context(), as, question)
	if err != nil {
		return err
	}
	if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
		return json.NewEncoder(p.Stdout).Encode(view)
	}
	return writePeer(p.Stdout, view)
}

func (l *local) peer(ctx context.Context, as string, q views.Question) (views.Peer, error) {
	results, err := l.results(ctx, &q)
	if err != nil {
		return views.Peer{}, err
	}
	return server.ComparePeer(ctx, l.store.In(l.workspace), results, q, as)
}

func (r *remote) peer(ctx context.Context, as string, q views.Question) (view views.Peer, err error) {
	query := parameters(q)
	query.Set("as", as)
	err = r.call(ctx, http.MethodGet, "/api/v1/peer", query, nil, nil, &view)
	return view, err
}

// writePeer prints a comparison for people: for each figure what both show,
// and the sum that leads from our rows to theirs.
func writePeer(out io.Writer, v views.Peer) error {
	texts := map[string]string{}
	for _, note := range v.Reasons {
		texts[note.Code] = note.Text
	}
	lines := []string{fmt.Sprintf("%s %s, %s to %s, beside %s", v.Scope.Kind, v.Scope.Name, stamp(v.Window.From), stamp(v.Window.To), v.Peer)}
	for _, f := range v.Figures {
		lines = append(lines, "", fmt.Sprintf("%-32s ours %s, theirs %s", figureName(f.Metric), peerValue(f.Ours), peerValue(f.Theirs)))
		lines = append(lines, fmt.Sprintf("  %6d %s of ours", f.Ours.Rows, rowWord(f.Unit)))
		for _, line := range f.Lines {
			sign := "-"
			if line.Side == metrics.SideTheirs {
				sign = "+"
			}
			subject := ""
			if f.Metric == metrics.MetricFailRate {
				subject = "failed deployments: "
			}
			lines = append(lines, fmt.Sprintf("  %6s %s", sign+strconv.Itoa(line.Count), subject+texts[line.Reason]))
		}
		lines = append(lines, fmt.Sprintf("  %6d of theirs; %d in both", f.Theirs.Rows, f.Both))
		for _, line := range f.Rules {
			lines = append(lines, fmt.Sprintf("         %d: %s", line.Count, texts[line.Reason]))
		}
	}
	if len(v.Unknown) > 0 {
		lines = append(lines, "")
	}
	for _, line := range v.Unknown {
		lines = append(lines, fmt.Sprintf("%d %s", line.Count, texts[line.Reason]))
	}
	lines = append(lines, "", "What is taken from where:")
	for _, note := range v.Assumptions {
		lines = append(lines, "  "+note.Text)
	}
	for _, line := range lines {
		if _, err := fmt.Fprintln(out, line); err != nil {
			return err
		}
	}
	return nil
}

func figureName(m metrics.Metric) string {
	return map[metrics.Metric]string{
		metrics.MetricFrequency: "Deployment frequency", metrics.MetricLeadTime: "Change lead time",
		metrics.MetricFailRate: "Change fail rate", metrics.MetricRecovery: "Failed-deployment recovery time",
	}[m]
}

func rowWord(unit string) string {
	if unit == "failed_deployments" {
		return "failed deployments"
	}
	return unit
}

// peerValue shows a figure with what it rests on.
func peerValue(v metrics.PeerValue) string {
	if v.Value == nil {
		return noData
	}
	var shown string
	switch v.Unit {
	case "seconds":
		shown = span(v.Value)
		if *v.Value < 0 {
			shown = strconv.FormatFloat(*v.Value, 'f', 0, 64) + " s"
		}
	case "share":
		shown = percent(v.Value)
	case "per_day":
		shown = perDay(v.Value)
	case "days_per_week":
		shown = strconv.FormatFloat(*v.Value, 'f', -1, 64) + " days a week"
	default:
		shown = strconv.FormatFloat(*v.Value, 'f', -1, 64) + " days a month"
	}
	if v.Band != "" {
		shown += " (" + v.Band + ")"
	}
	return shown + ", n = " + strconv.Itoa(v.N)
}
