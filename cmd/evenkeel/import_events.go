package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"

	"github.com/spf13/cobra"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
	"github.com/evenkeel-dev/evenkeel/server/intake"
)

func newImportEvents(p *Process) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "events FILE|-",
		Short: "Take neutral events in: one JSON object, an array or one per line",
		Long: `Take neutral events in from a file, or from standard input with "-". Valid
items are recorded whatever the others hold; every refused one is listed with
the field and the fix. Sending the same input again changes nothing.

The format is described in docs/events.md.`,
		Example: "  evenkeel import events deployments.ndjson.gz\n  generate | evenkeel import events - --dry-run",
		Args:    arguments(1, "a file, or - for standard input"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.importItems(cmd, args[0], connectors.DecodeEvents)
		},
	}
	addIntakeFlags(cmd)
	return cmd
}

func newImportCSV(p *Process) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "csv FILE|- --map MAPPING",
		Short:   "Take facts in from CSV, by a mapping of columns to fields",
		Long:    "Take facts in from CSV. The mapping is a YAML file; docs/events.md describes it.",
		Example: "  evenkeel import csv incidents.csv --map incidents.map.yaml",
		Args:    arguments(1, "a file, or - for standard input"),
		RunE:    p.importCSV,
	}
	addIntakeFlags(cmd)
	cmd.Flags().String("map", "", "YAML file that maps columns to fields")
	_ = cmd.MarkFlagRequired("map")
	return cmd
}

func (p *Process) importCSV(cmd *cobra.Command, args []string) error {
	name, _ := cmd.Flags().GetString("map")
	text, err := os.ReadFile(name)
	if err != nil {
		return fmt.Errorf("the mapping cannot be read: %w", err)
	}
	mapping, err := connectors.ParseCSVMap(text)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return p.importItems(cmd, args[0], func(r io.Reader, o connectors.EventOptions) iter.Seq2[connectors.Item, error] {
		return connectors.CSVEvents(r, mapping, o)
	})
}

func addIntakeFlags(cmd *cobra.Command) {
	addWorkspaceFlag(cmd)
	cmd.Flags().String("source", "import", "source of events that name none")
	cmd.Flags().Bool("dry-run", false, "check everything and record nothing")
	cmd.Flags().Bool("json", false, "print the result as JSON")
}

// importItems reads a file into the target and reports.
func (p *Process) importItems(cmd *cobra.Command, name string, open func(io.Reader, connectors.EventOptions) iter.Seq2[connectors.Item, error]) error {
	input, err := p.open(name)
	if err != nil {
		return err
	}
	defer input.Close()
	to, err := p.target(cmd)
	if err != nil {
		return err
	}
	defer to.close()
	source, _ := cmd.Flags().GetString("source")
	items := open(input, connectors.EventOptions{DefaultSource: source})
	dryRun, _ := cmd.Flags().GetBool("dry-run")
	bar := p.progress("Reading")
	sum, err := intake.Take(cmd.Context(), items, intake.Options{
		Received: p.Now(), DryRun: dryRun, Record: to.record, Progress: func(n int) { bar.set(n, -1) },
	})
	bar.finish()
	if !dryRun {
		err = errors.Join(err, to.finish(cmd.Context()))
	}
	return p.reportIntake(cmd, sum, err)
}

// open opens a file or, for "-", standard input.
func (p *Process) open(name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(p.Stdin), nil
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("the input cannot be read: %w", err)
	}
	return file, nil
}

func (p *Process) reportIntake(cmd *cobra.Command, sum intake.Summary, err error) error {
	if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
		if e := json.NewEncoder(p.Stdout).Encode(sum); e != nil {
			return e
		}
	} else {
		p.printIntake(sum)
	}
	if err != nil {
		return err
	}
	if sum.Rejected > 0 {
		return fmt.Errorf("%d of %d items were refused: %w", sum.Rejected, sum.Accepted+sum.Rejected, evenkeel.ErrInvalid)
	}
	return nil
}

func (p *Process) printIntake(sum intake.Summary) {
	const most = 20
	shown := 0
	for _, item := range sum.Items {
		if item.Status != intake.Rejected || shown == most {
			continue
		}
		shown++
		for _, e := range item.Errors {
			fmt.Fprintf(p.Stderr, "item %d (line %d) %s %s: %s\n", item.Index, item.Line, item.Kind, item.ID, evenkeel.FieldErrors{e})
		}
	}
	if sum.Rejected > shown {
		fmt.Fprintf(p.Stderr, "… and %d more; --json lists up to 1000\n", sum.Rejected-shown)
	}
	if sum.DryRun {
		fmt.Fprintf(p.Stdout, "%d events are valid, %d are not; nothing was recorded\n", sum.Accepted, sum.Rejected)
		return
	}
	fmt.Fprintf(p.Stdout, "%d events accepted: %d observations new, %d known already, %d facts created or changed\n", sum.Accepted, sum.Observations, sum.Repeated, sum.Facts)
}
