package main

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo/openslo"
)

func newSLOLint(p *Process) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "lint FILES…",
		Short: "Check OpenSLO documents and say what is wrong or doubtful by file, line and field",
		Long: `Check OpenSLO documents: files, every *.yaml file of a folder, or standard input
with "-". References are resolved across all files that are given.

An error keeps an SLO from being evaluated, a warning is probably a slip, a note
says what was made of something. Exit codes: 0 without errors, 2 for a wrong
command line, 3 with errors (with --strict also with warnings), 4 for a folder
without documents, 1 if a file cannot be read.`,
		Example: "  evenkeel slo lint slos/\n  evenkeel slo lint checkout.yaml slis.yaml --json",
		Args:    someFiles,
		RunE:    p.lintSLOs,
	}
	cmd.Flags().Bool("json", false, "print the result as JSON")
	cmd.Flags().Bool("strict", false, "let warnings count as errors")
	return cmd
}

// linted is what `slo lint --json` prints.
type linted struct {
	OK bool `json:"ok"`
	// SLOs are the names of those that can be evaluated.
	SLOs  []string       `json:"slos"`
	Lints []openslo.Lint `json:"lints"`
}

func (p *Process) lintSLOs(cmd *cobra.Command, args []string) error {
	files, err := p.documents(args)
	if err != nil {
		return err
	}
	set := openslo.Read(files...)
	strict, _ := cmd.Flags().GetBool("strict")
	bad := countLints(set.Lints, openslo.Error)
	if strict {
		bad += countLints(set.Lints, openslo.Warning)
	}
	result := linted{OK: bad == 0, SLOs: []string{}, Lints: append([]openslo.Lint{}, set.Lints...)}
	for _, d := range set.Definitions {
		result.SLOs = append(result.SLOs, d.Name)
	}
	if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
		err = json.NewEncoder(p.Stdout).Encode(result)
	} else {
		writeLints(p.Stdout, set.Lints)
		fmt.Fprintf(p.Stdout, "%s in %s can be evaluated; %s, %s\n", howMany(len(result.SLOs), "SLO", "SLOs"), howMany(len(files), "file", "files"),
			howMany(countLints(set.Lints, openslo.Error), "error", "errors"), howMany(countLints(set.Lints, openslo.Warning), "warning", "warnings"))
	}
	if err == nil && bad > 0 {
		err = fmt.Errorf("see to %s: %w", howMany(bad, "remark", "remarks"), evenkeel.ErrInvalid)
	}
	return err
}

func countLints(list []openslo.Lint, severity openslo.Severity) (n int) {
	for _, one := range list {
		if one.Severity == severity {
			n++
		}
	}
	return n
}

func writeLints(out io.Writer, list []openslo.Lint) {
	for _, one := range list {
		fmt.Fprintln(out, one)
	}
}
