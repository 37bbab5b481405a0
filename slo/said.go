package slo

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Said is a sentence that can be told in other languages than English too.
type Said struct {
	// Code names the sentence, and stays what it is. Empty is a sentence that
	// only has its text.
	Code string
	// Values fill the sentence, by name: names as they are, numbers in decimal,
	// instants in RFC 3339, lengths of time such as "1h".
	Values map[string]string
	// Text is the sentence in English.
	Text string
}

// Say makes a sentence; values are names and what they stand for, in turns.
func Say(code, text string, values ...string) Said {
	s := Said{Code: code, Values: map[string]string{}, Text: text}
	for i := 0; i+1 < len(values); i += 2 {
		s.Values[values[i]] = values[i+1]
	}
	return s
}

// sayOf makes a sentence of names, which stand in its text where %s does.
func sayOf(names []string, code, text string) Said {
	slices.Sort(names)
	all := strings.Join(names, ", ")
	return Say(code, strings.Replace(text, "%s", all, 1), "names", all)
}

// String is the sentence in English.
func (s Said) String() string { return s.Text }

// decimal is a number as a value of a sentence.
func decimal(n float64) string { return strconv.FormatFloat(n, 'g', -1, 64) }

// instant is an instant as a value of a sentence.
func instant(t time.Time) string { return t.UTC().Format(time.RFC3339) }
