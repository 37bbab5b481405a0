package connectors_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel/connectors"
)

// TestDocsOfConnectors: docs/connectors.md says of the sources what the
// registry says. The flag -update writes it.
func TestDocsOfConnectors(t *testing.T) {
	t.Parallel()
	const file = "../docs/connectors.md"
	const end = "<!-- The end of what is written. -->"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, begins := strings.Cut(string(text), "-run Docs -update -->\n")
	_, after, ends := strings.Cut(rest, end)
	if !begins || !ends {
		t.Fatalf("%s lacks the marks of what is written", file)
	}
	var written strings.Builder
	for _, s := range connectors.Sources() {
		describe(&written, s)
	}
	want := before + "-run Docs -update -->\n\n" + written.String() + end + after
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Errorf("stale; go test ./connectors -run Docs -update (-want +got)\n%s", diff)
	}
}

func describe(w *strings.Builder, s connectors.Source) {
	size := fmt.Sprintf("A delivery has at most %d MiB.", s.MaxBody>>20)
	if s.Measure != nil {
		size = "It is asked, and takes no deliveries."
	}
	fmt.Fprintf(w, "## %s\n\n`%s` · %s %s\n\n### Set-up of %s\n\n%s\n\n", s.Title, s.Name, s.Summary, size, s.Name, s.Setup)
	if len(s.Events) > 0 {
		fmt.Fprintf(w, "### Events of %s\n\n| event | what it becomes |\n|---|---|\n", s.Name)
	}
	for _, e := range s.Events {
		fmt.Fprintf(w, "| `%s` | %s |\n", e.Event, cell(e.Facts))
	}
	if len(s.Settings) > 0 {
		fmt.Fprintf(w, "\n### Settings of %s\n\n| setting | type | default | meaning |\n|---|---|---|---|\n", s.Name)
	}
	for _, one := range s.Settings {
		fmt.Fprintf(w, "| `%s` | %s | %s | %s |\n", one.Name, cell(one.Type), cell(one.Default), cell(one.Meaning))
	}
	if len(s.Headers) > 0 {
		fmt.Fprintf(w, "\nHeaders that are kept: `%s`.\n", strings.Join(s.Headers, "`, `"))
	}
	w.WriteString("\n")
}

// cell is text within a table.
func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }
