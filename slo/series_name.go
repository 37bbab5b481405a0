package slo

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// SeriesName is what a series of measurements is called: a name and the labels
// that tell it from others of that name. The zero value is no series.
type SeriesName struct {
	Name string
	// Labels have no empty values: a label without a value is none.
	Labels map[string]string
}

// String writes the canonical form, by which names are equal or not: labels in
// the order of their names, values quoted as Prometheus does, label names only
// where they need it: availability{region="eu",zone="a"}.
func (n SeriesName) String() string {
	var b strings.Builder
	b.WriteString(n.Name)
	open := byte('{')
	for _, label := range slices.Sorted(maps.Keys(n.Labels)) {
		if n.Labels[label] == "" {
			continue
		}
		b.WriteByte(open)
		open = ','
		if isLabelName(label) {
			b.WriteString(label)
		} else {
			b.WriteString(strconv.Quote(label))
		}
		b.WriteByte('=')
		b.WriteString(strconv.Quote(n.Labels[label]))
	}
	if open == ',' {
		b.WriteByte('}')
	}
	return b.String()
}

// With is the name with one more label, or another value of it; an empty value
// takes the label away.
func (n SeriesName) With(label, value string) SeriesName {
	labels := maps.Clone(n.Labels)
	if labels == nil {
		labels = map[string]string{}
	}
	if labels[label] = value; value == "" {
		delete(labels, label)
	}
	return SeriesName{n.Name, labels}
}

// ParseSeriesName reads a name with or without labels: checkout,
// availability{region="eu"}, latency{"http.route"="/cart"}. Spaces and a comma
// at the end are allowed.
func ParseSeriesName(text string) (SeriesName, error) {
	name, rest, braced := strings.Cut(text, "{")
	n := SeriesName{Name: strings.TrimSpace(name)}
	switch {
	case !utf8.ValidString(text):
		return SeriesName{}, errors.New("series: is not UTF-8")
	case n.Name == "":
		return SeriesName{}, fmt.Errorf("series: %q has no name before its labels", text)
	case strings.Contains(n.Name, "}"):
		return SeriesName{}, fmt.Errorf("series: %q closes labels that were never opened", text)
	case !braced:
		return n, nil
	}
	n.Labels = map[string]string{}
	if err := n.labels(rest); err != nil {
		return SeriesName{}, fmt.Errorf("series: %q %w", text, err)
	}
	return n, nil
}

// SeriesNamed is [ParseSeriesName] of a name that may be of somebody else's
// making: one that cannot be read stands for itself.
func SeriesNamed(text string) SeriesName {
	name, err := ParseSeriesName(text)
	if err != nil {
		return SeriesName{Name: text}
	}
	return name
}

// labels reads what stands after the opening brace.
func (n SeriesName) labels(rest string) error {
	seen := map[string]bool{}
	for {
		if rest = strings.TrimSpace(rest); strings.HasPrefix(rest, "}") {
			if strings.TrimSpace(rest[1:]) != "" {
				return errors.New("goes on after its labels")
			}
			return nil
		}
		label, value, after, err := readLabel(rest)
		if err != nil {
			return err
		}
		if seen[label] {
			return fmt.Errorf("names the label %s twice", label)
		}
		if seen[label] = true; value != "" {
			n.Labels[label] = value
		}
		if rest = strings.TrimSpace(after); strings.HasPrefix(rest, ",") {
			rest = rest[1:]
		} else if !strings.HasPrefix(rest, "}") {
			return errors.New(`lacks a comma or a closing brace after a label`)
		}
	}
}

// readLabel reads one label and says what stands after it.
func readLabel(text string) (label, value, after string, err error) {
	if strings.HasPrefix(text, `"`) {
		if label, text, err = readQuoted(text); err != nil {
			return "", "", "", err
		}
	} else {
		end := strings.IndexFunc(text, func(r rune) bool { return r == '=' || r == ' ' })
		if end < 0 || !isLabelName(text[:end]) {
			return "", "", "", errors.New(`has a label that is not name="value"; names other than letters, digits and _ are quoted`)
		}
		label, text = text[:end], text[end:]
	}
	text = strings.TrimSpace(text)
	if label == "" || !strings.HasPrefix(text, "=") {
		return "", "", "", errors.New(`has a label that is not name="value"`)
	}
	value, after, err = readQuoted(strings.TrimSpace(text[1:]))
	return label, value, after, err
}

// readQuoted reads text in double quotes and says what stands after it.
func readQuoted(text string) (value, after string, err error) {
	quoted, err := strconv.QuotedPrefix(text)
	if err != nil || quoted[0] != '"' {
		return "", "", errors.New("has a value that is not in double quotes")
	}
	value, err = strconv.Unquote(quoted)
	if err != nil || !utf8.ValidString(value) {
		return "", "", errors.New("has a value that is not UTF-8")
	}
	return value, text[len(quoted):], nil
}

// isLabelName says whether a label's name stands without quotes.
func isLabelName(name string) bool {
	for i, r := range name {
		letter := r == '_' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return name != ""
}
