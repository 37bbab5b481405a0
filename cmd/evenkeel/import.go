package main

import (
	"github.com/spf13/cobra"
)

func newImport(p *Process) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "import",
		Short: "Take facts in from a git repository, from neutral events or from CSV",
	}
	cmd.AddCommand(newImportGit(p), newImportEvents(p), newImportCSV(p))
	return cmd
}
