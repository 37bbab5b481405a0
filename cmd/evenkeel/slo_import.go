package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
	"github.com/evenkeel-dev/evenkeel/slo/openslo"
)

func newSLOImport(p *Process) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "import FILES…",
		Short: "Turn specifications of Sloth or Pyrra into OpenSLO documents",
		Long: `Turn specifications of Sloth (prometheus/v1 and PrometheusServiceLevel) or Pyrra
(ServiceLevelObjective) into OpenSLO documents on standard output. What cannot be
carried over is said on standard error. Exit codes: 0 done, 2 for a wrong command
line, 3 if an SLO cannot be imported (the others are printed).`,
		Example: "  evenkeel slo import sloth/*.yml > slos.yaml\n  evenkeel slo import --from pyrra --service checkout pyrra.yaml",
		Args:    someFiles,
		RunE:    p.importSLOs,
	}
	cmd.Flags().String("from", "", "format: "+strings.Join(openslo.Formats(), " or ")+"; found out if not given")
	cmd.Flags().String("service", "", "application that all SLOs are of")
	cmd.Flags().String("window", "30d", "window of Sloth's SLOs, which is on its command line")
	cmd.Flags().String("data-source", "", "connection that is asked; without it the one of type Prometheus")
	cmd.Flags().Bool("json", false, "print documents and remarks as JSON")
	return cmd
}

// importOptions are those of the command line.
func importOptions(cmd *cobra.Command) (o openslo.ImportOptions, err error) {
	from, _ := cmd.Flags().GetString("from")
	window, _ := cmd.Flags().GetString("window")
	o.From = openslo.Format(from)
	o.Service, _ = cmd.Flags().GetString("service")
	o.DataSource, _ = cmd.Flags().GetString("data-source")
	if from != "" && !slices.Contains(openslo.Formats(), from) {
		return o, fmt.Errorf("--from %q is not one of %s: %w", from, strings.Join(openslo.Formats(), ", "), errUsage)
	}
	if o.Window, err = slo.ParseSpan(window); err != nil {
		return o, fmt.Errorf("--window %w: %w", err, errUsage)
	}
	return o, nil
}

func (p *Process) importSLOs(cmd *cobra.Command, args []string) error {
	options, err := importOptions(cmd)
	if err != nil {
		return err
	}
	files, err := p.documents(args)
	if err != nil {
		return err
	}
	set := openslo.Import(options, files...)
	text, err := openslo.YAML(set.Documents...)
	if err != nil {
		return err
	}
	if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
		err = json.NewEncoder(p.Stdout).Encode(map[string]any{"documents": string(text), "slos": len(set.Documents), "lints": append([]openslo.Lint{}, set.Lints...)})
	} else {
		writeLints(p.Stderr, set.Lints)
		_, err = p.Stdout.Write(text)
	}
	if n := countLints(set.Lints, openslo.Error); err == nil && n > 0 {
		err = fmt.Errorf("%d errors: %w", n, evenkeel.ErrInvalid)
	}
	return err
}
