package config

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/evenkeel-dev/evenkeel"
)

// Problem is one thing that is wrong in a file.
type Problem struct {
	File string `json:"file"`
	// Line and Column count from 1; columns count characters.
	Line   int `json:"line"`
	Column int `json:"column"`
	// Where is the path of the value, "applications[3].claims[0]"; indices count
	// from 0 within the file. Empty for the file as a whole.
	Where string `json:"where"`
	// What is wrong, and how to put it right; Fix is empty where What says it.
	What string `json:"what"`
	Fix  string `json:"fix,omitempty"`
}

// String is "file.yaml:12:5: applications[3].claims[0]: what is wrong; fix".
func (p Problem) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s:%d:%d: ", p.File, p.Line, p.Column)
	if p.Where != "" {
		b.WriteString(p.Where + ": ")
	}
	b.WriteString(p.What)
	if p.Fix != "" {
		b.WriteString("; " + p.Fix)
	}
	return b.String()
}

// Problems is everything that is wrong with a configuration, sorted by file,
// line and column. It wraps [evenkeel.ErrInvalid].
type Problems []Problem

// Error is one line per problem.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, one := range p {
		lines[i] = one.String()
	}
	return strings.Join(lines, "\n")
}

// Unwrap makes errors.Is(err, evenkeel.ErrInvalid) true.
func (Problems) Unwrap() error { return evenkeel.ErrInvalid }

func (p Problems) sorted() Problems {
	slices.SortStableFunc(p, func(a, b Problem) int {
		return cmp.Or(
			strings.Compare(a.File, b.File),
			cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Column, b.Column),
			strings.Compare(a.Where, b.Where),
			strings.Compare(a.What, b.What),
		)
	})
	return slices.Compact(p)
}

// place is where a value stands.
type place struct {
	file         string
	line, column int
	where        string
}

// String is how another problem names the place.
func (p place) String() string { return fmt.Sprintf("%s:%d:%d", p.file, p.line, p.column) }

func (p place) problem(what, fix string) Problem {
	return Problem{File: p.file, Line: p.line, Column: p.column, Where: p.where, What: what, Fix: fix}
}

// quoted shows a value of unknown length and content.
func quoted(s string) string {
	const most = 64
	if runes := []rune(s); len(runes) > most {
		s = string(runes[:most]) + "…"
	}
	return strconv.Quote(s)
}
