package connectors

import (
	"regexp"
	"slices"
	"strings"
)

// gitTool is a program that helps to write changes, as trailers name it.
type gitTool struct {
	// name is what is kept of a trailer, and no other text: values of these
	// trailers mostly name persons.
	name string
	// words begin the tool's name where it stands without an address.
	words []string
	// addresses are patterns of the addresses that it signs with.
	addresses []string
}

// knownGitTools is a constant table.
func knownGitTools() []gitTool {
	const noReply = "users.noreply.github.com"
	return []gitTool{
		{"copilot", []string{"copilot", "github copilot"}, []string{"copilot@github.com", "copilot@" + noReply, "copilot-swe-agent[bot]@" + noReply}},
		{"claude", []string{"claude code", "claude opus", "claude sonnet", "claude haiku", "claude"}, []string{"noreply@anthropic.com", "claude[bot]@" + noReply}},
		{"cursor", []string{"cursor", "cursor agent"}, []string{"cursoragent@cursor.com", "noreply@cursor.com", "cursor[bot]@" + noReply}},
		{"gemini", []string{"gemini code assist", "gemini cli", "gemini"}, []string{"gemini-code-assist[bot]@" + noReply, "google-labs-jules[bot]@" + noReply}},
		{"codex", []string{"codex", "openai codex", "chatgpt"}, []string{"codex@openai.com", "noreply@openai.com", "chatgpt-codex-connector[bot]@" + noReply}},
		{"devin", []string{"devin ai"}, []string{"devin-ai-integration[bot]@" + noReply}},
		{"aider", []string{"aider"}, []string{"noreply@aider.chat", "aider@aider.chat"}},
	}
}

// gitToolTrailers are the trailers by which tools are named.
var gitToolTrailers = regexp.MustCompile(`(?mi)^(co-authored-by|assisted-by|generated-by):[ \t]*([^\r\n]{1,200})[ \t\r]*$`)

// gitToolVersion is what may follow a tool's name that stands alone: versions
// and names of models, in which there is always a digit, or words in brackets.
var gitToolVersion = regexp.MustCompile(`^(?:[ :/@v-]*[a-z]*[-. ]?\d[\w.-]*)*(?: ?\([^()@]*\))?$`)

// gitTools finds the tools that a message thanks, by trailer. Only the names of
// known tools are kept, never what the trailer says.
func gitTools(body string) map[string][]string {
	var found map[string][]string
	for _, line := range gitToolTrailers.FindAllStringSubmatch(body, 16) {
		tool, ok := gitToolNamed(strings.ToLower(line[2]))
		if !ok {
			continue
		}
		if found == nil {
			found = map[string][]string{}
		}
		if key := strings.ToLower(line[1]); !slices.Contains(found[key], tool) {
			found[key] = append(found[key], tool)
		}
	}
	return found
}

// gitToolNamed reads the lower-case value of a trailer. An address decides, if
// there is one: persons bear names of tools too.
func gitToolNamed(value string) (string, bool) {
	name, address, addressed := strings.Cut(value, "<")
	address, _, _ = strings.Cut(address, ">")
	if _, plain, numbered := strings.Cut(address, "+"); numbered {
		address = plain // GitHub puts the account's number before it.
	}
	name = strings.TrimSpace(name)
	for _, tool := range knownGitTools() {
		if addressed {
			if slices.Contains(tool.addresses, strings.TrimSpace(address)) {
				return tool.name, true
			}
			continue
		}
		for _, word := range tool.words {
			if rest, ok := strings.CutPrefix(name, word); ok && gitToolVersion.MatchString(rest) {
				return tool.name, true
			}
		}
	}
	return "", false
}
