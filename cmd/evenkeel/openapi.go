package main

import (
	"bytes"
	"encoding/json"

	"github.com/spf13/cobra"

	"github.com/evenkeel-dev/evenkeel/server"
)

func newOpenAPI(p *Process) *cobra.Command {
	return &cobra.Command{
		Use:   "openapi",
		Short: "Print the description of the API (OpenAPI 3.1)",
		Args:  arguments(0, "no arguments"),
		RunE: func(*cobra.Command, []string) error {
			text, err := server.OpenAPI(p.Version)
			if err != nil {
				return err
			}
			var indented bytes.Buffer
			if err := json.Indent(&indented, text, "", "  "); err != nil {
				return err
			}
			indented.WriteByte('\n')
			_, err = p.Stdout.Write(indented.Bytes())
			return err
		},
	}
}
