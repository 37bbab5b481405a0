package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo/openslo"
)

func newSLO(p *Process) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "slo",
		Short:   "Service-level objectives: check, import, evaluate and list them, and write rules",
		Example: "  evenkeel slo lint slos/\n  evenkeel slo eval --spec checkout.yaml --data checkout.ndjson --at 2026-11-22T12:00:00Z --json",
	}
	cmd.AddCommand(newSLOLint(p), newSLOEval(p), newSLOImport(p), newSLORules(p), newSLOSuggest(p), newSLOList(p))
	return cmd
}

// someFiles takes at least one argument.
func someFiles(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("%s takes files, folders, or - for standard input: %w", cmd.CommandPath(), errUsage)
	}
	return nil
}

// documents are the files that arguments name: files, every *.yaml and *.yml
// file directly in a folder, and standard input for "-".
func (p *Process) documents(names []string) ([]openslo.File, error) {
	var files []openslo.File
	for _, name := range names {
		paths, err := yamlFiles(name)
		if err != nil {
			return nil, err
		}
		for _, path := range paths {
			text, err := p.read(path)
			if err != nil {
				return nil, err
			}
			files = append(files, openslo.File{Name: path, Text: text})
		}
	}
	return files, nil
}

// yamlFiles are the files of a folder in the order of their names, or the file
// itself.
func yamlFiles(name string) ([]string, error) {
	info, err := os.Stat(name)
	if name == "-" || err == nil && !info.IsDir() {
		return []string{name}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("the input cannot be read: %w", err)
	}
	var paths []string
	for _, pattern := range []string{"*.yaml", "*.yml"} {
		found, _ := filepath.Glob(filepath.Join(name, pattern)) // The pattern is good.
		paths = append(paths, found...)
	}
	if len(paths) == 0 {
		return nil, fmt.Errorf("%s holds no *.yaml file: %w", name, evenkeel.ErrNotFound)
	}
	slices.Sort(paths)
	return paths, nil
}

// read is a file's whole text; one byte more than is read of it at most, so
// that a file that is too large is known to be.
func (p *Process) read(name string) ([]byte, error) {
	input, err := p.open(name)
	if err != nil {
		return nil, err
	}
	defer input.Close()
	text, err := io.ReadAll(io.LimitReader(input, openslo.MaxFile+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return text, nil
}
