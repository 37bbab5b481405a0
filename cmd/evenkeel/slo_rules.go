package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
	"github.com/evenkeel-dev/evenkeel/slo/openslo"
	"github.com/evenkeel-dev/evenkeel/slo/rules"
)

func newSLORules(p *Process) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "rules FILES…",
		Short: "Write SLOs as rules for Prometheus: error ratios, multi-window alerts, an alert on silence",
		Long: `Write the SLOs of OpenSLO documents that Prometheus measures as rules for
Prometheus: error ratios of every lookback, alerts where the budget burns too
fast over two lookbacks at once, and an alert where nothing is measured. The
files are those of slo lint.

What is left out or differs is said on standard error. Exit codes: 0 for rules of
at least one SLO, 2 for a wrong command line or window set, 3 if a document has
errors or no SLO can be written, 4 for a folder without documents, 1 if a file
cannot be read or written.`,
		Example: "  evenkeel slo rules slos/ -o /etc/prometheus/rules/slos.yaml\n  evenkeel slo rules checkout.yaml --window-set pyrra-28d | promtool check rules /dev/stdin",
		Args:    someFiles,
		RunE:    p.writeRules,
	}
	cmd.Flags().String("window-set", "", "alert by this window set instead of that of each SLO: workbook-30d, pyrra-28d, derived-90d, none, …")
	cmd.Flags().StringP("output", "o", "", "write to a file instead of standard output")
	return cmd
}

func (p *Process) writeRules(cmd *cobra.Command, args []string) error {
	flag := func(name string) string { text, _ := cmd.Flags().GetString(name); return text }
	if name := flag("window-set"); name != "" {
		if _, err := slo.ParseWindowSet(name); err != nil {
			return fmt.Errorf("--window-set: %w: %w", err, errUsage)
		}
	}
	files, err := p.documents(args)
	if err != nil {
		return err
	}
	set := openslo.Read(files...)
	if err := set.Err(); err != nil {
		return fmt.Errorf("%w: %w", err, evenkeel.ErrInvalid)
	}
	file, notes, err := rules.Export(set.Definitions, flag("window-set"))
	if err != nil {
		return fmt.Errorf("%w: %w", err, evenkeel.ErrInvalid)
	}
	for _, one := range notes {
		fmt.Fprintln(p.Stderr, noteText(one))
	}
	if len(file.Groups) == 0 {
		return fmt.Errorf("no SLO of these files can be written as rules: %w", evenkeel.ErrInvalid)
	}
	text, err := file.YAML()
	if err != nil {
		return err
	}
	if to := flag("output"); to != "" {
		return os.WriteFile(to, text, 0o644) //nolint:gosec // Prometheus runs as another user, and rules are no secret.
	}
	_, err = p.Stdout.Write(text)
	return err
}

func noteText(n rules.Note) string {
	if n.Left {
		return n.String() + " (left out)"
	}
	return n.String()
}
