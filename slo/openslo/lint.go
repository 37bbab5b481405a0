package openslo

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/agnivade/levenshtein"
)

// Severity is how much a lint matters.
type Severity string

// The severities. An error keeps an SLO from being evaluated; a warning is
// probably a slip; a note says what was made of something.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Note    Severity = "note"
)

// Lint is a remark on a document.
type Lint struct {
	File string `json:"file"`
	// Line counts from 1; 0 is not known.
	Line int `json:"line"`
	// Field is the path of the field, "spec.objectives[0].target"; empty for
	// the file as a whole.
	Field    string   `json:"field"`
	Severity Severity `json:"severity"`
	Text     string   `json:"text"`
	// Fix says how to put it right; empty where Text says it.
	Fix string `json:"fix,omitempty"`
	// Code names Text and Fix, so that they can be told in other languages; it
	// stays what it is. Empty for errors that only have their text. Values fill
	// them, by name.
	Code   string            `json:"code,omitempty"`
	Values map[string]string `json:"values,omitempty"`
}

// String is "file.yaml:12:spec.objectives[0].target: error: text; fix".
func (l Lint) String() string {
	text := fmt.Sprintf("%s:%d:%s: %s: %s", l.File, l.Line, l.Field, l.Severity, l.Text)
	if l.Fix != "" {
		text += "; " + l.Fix
	}
	return text
}

// sorted are the lints by file and line, each once.
func sorted(list []Lint) []Lint {
	slices.SortStableFunc(list, func(a, b Lint) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), strings.Compare(a.Field, b.Field), strings.Compare(a.Text, b.Text))
	})
	return slices.CompactFunc(list, func(a, b Lint) bool {
		return a.File == b.File && a.Line == b.Line && a.Field == b.Field && a.Severity == b.Severity && a.Text == b.Text && a.Fix == b.Fix
	})
}

// quoted shows a value of unknown length.
func quoted(s string) string {
	const most = 64
	if runes := []rune(s); len(runes) > most {
		s = string(runes[:most]) + "…"
	}
	return strconv.Quote(s)
}

// nearest is the known word that was probably meant; empty if none is near.
func nearest(word string, known []string) string {
	best, least := "", max(1, len(word)/3)+1
	for _, candidate := range known {
		if len(word)-len(candidate) >= least {
			continue // However long a wrong word is, comparing stays cheap.
		}
		if d := levenshtein.ComputeDistance(strings.ToLower(word), strings.ToLower(candidate)); d < least {
			best, least = candidate, d
		}
	}
	return best
}

// oneOf is a fix that proposes the nearest of few words, or lists them.
func oneOf(word string, known []string) string {
	if best := nearest(word, known); best != "" {
		return "did you mean " + quoted(best) + "?"
	}
	return "write one of " + strings.Join(known, ", ")
}

// line is where a field stands, or the nearest field around it that does.
func (d Document) line(field string) int {
	for {
		if n, ok := d.lines[field]; ok {
			return n
		}
		cut := strings.LastIndexAny(field, ".[")
		if cut < 0 {
			return d.lines[""]
		}
		field = field[:cut]
	}
}
