package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/config"
	"github.com/evenkeel-dev/evenkeel/slo/openslo"
)

func newCheck(p *Process) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Check a configuration and report every problem by file and line",
		Args:  arguments(0, "no arguments; name the configuration with -f"),
		RunE:  func(cmd *cobra.Command, _ []string) error { return p.check(cmd) },
	}
	addFileFlag(cmd)
	cmd.Flags().Bool("json", false, "print the result as JSON")
	return cmd
}

func addFileFlag(cmd *cobra.Command) {
	cmd.Flags().StringP("file", "f", "", "configuration: a YAML file or a folder of them")
	_ = cmd.MarkFlagRequired("file")
}

func (p *Process) check(cmd *cobra.Command) error {
	file, _ := cmd.Flags().GetString("file")
	asJSON, _ := cmd.Flags().GetBool("json")
	loaded, err := config.Load(file)
	var problems config.Problems
	if err != nil && !errors.As(err, &problems) {
		return err
	}
	if asJSON {
		if problems == nil {
			problems = config.Problems{}
		}
		if err := json.NewEncoder(p.Stdout).Encode(map[string]any{"ok": len(problems) == 0, "problems": problems, "remarks": append([]openslo.Lint{}, loaded.Remarks...)}); err != nil {
			return err
		}
	}
	if len(problems) > 0 {
		if !asJSON {
			for _, problem := range problems {
				fmt.Fprintln(p.Stdout, problem)
			}
		}
		return fmt.Errorf("%s in %s: %w", howMany(len(problems), "problem", "problems"), file, evenkeel.ErrInvalid)
	}
	if !asJSON {
		writeLints(p.Stdout, loaded.Remarks)
		fmt.Fprintf(p.Stdout, "%s: ok, %s in %s\n", file, holds(loaded), howMany(len(loaded.Files), "file", "files"))
	}
	return nil
}
