package connectors

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestTrailersKeepToolsAndNeverPersons: of what helped to write a commit only
// the names of known tools are kept, in the words of a table and not in those
// of the message.
func TestTrailersKeepToolsAndNeverPersons(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]map[string][]string{
		"Co-authored-by: Copilot <223556219+Copilot@users.noreply.github.com>": {"co-authored-by": {"copilot"}},
		"Co-Authored-By: Claude Opus 4.5 <noreply@anthropic.com>":              {"co-authored-by": {"claude"}},
		"co-authored-by: Cursor <cursoragent@cursor.com>":                      {"co-authored-by": {"cursor"}},
		"Assisted-by: Claude Code":                                             {"assisted-by": {"claude"}},
		"Assisted-by: GitHub Copilot (agent mode)":                             {"assisted-by": {"copilot"}},
		"Generated-by: codex gpt-5.1":                                          {"generated-by": {"codex"}},
		"Assisted-by: aider v0.86.1\r":                                         {"assisted-by": {"aider"}},
		// Persons, some with the name of a tool.
		"Co-authored-by: Ada Lovelace <ada@example.org>":                      nil,
		"Co-authored-by: Claude Monet <claude@example.org>":                   nil,
		"Co-authored-by: Claude <claude@example.org>":                         nil,
		"Co-authored-by: Devin Booker <7+devin@users.noreply.github.com>":     nil,
		"Assisted-by: Claude Monet":                                           nil,
		"Assisted-by: Devin":                                                  nil,
		"Assisted-by: Gemini Rossi <noreply@anthropic.com.example.org>":       nil,
		"Assisted-by: Cursor Jones (cursor.jones@example.org)":                nil,
		"Reviewed-by: Claude <noreply@anthropic.com>":                         nil,
		"Signed-off-by: Copilot <223556219+Copilot@users.noreply.github.com>": nil,
	} {
		got := readGitNote("Subject\n\nBody.\n\n" + line + "\n").trailers()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got)\n%s", line, diff)
		}
	}
}

// FuzzTrailersNameNoPerson: whatever a message says, nothing of it survives but
// the names of tools.
func FuzzTrailersNameNoPerson(f *testing.F) {
	f.Add("Co-authored-by: Ada <ada@example.org>")
	f.Add("Assisted-by: claude 4 (ada@example.org)")
	f.Fuzz(func(t *testing.T, body string) {
		tools := map[string]bool{}
		for _, tool := range knownGitTools() {
			tools[tool.name] = true
		}
		for key, values := range gitTools(body) {
			for _, value := range values {
				if !tools[value] || strings.Contains(value, "@") {
					t.Fatalf("%q keeps %q under %q", body, value, key)
				}
			}
		}
	})
}
