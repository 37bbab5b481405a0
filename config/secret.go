package config

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/evenkeel-dev/evenkeel"
)

// Secret is a text that may hold references, ${env:NAME} or ${file:/path}, in
// the place of secrets. The text itself holds none and may be printed.
type Secret string

var referencePattern = regexp.MustCompile(`\$\{[^}]*\}?`)

// Resolve puts the referenced values in. A reference that is a part of the
// text is percent-encoded, so that a password may hold any character of a URL;
// one that is the whole text is taken as it is. One line end at the end of a
// file is not part of the value. lookup is os.LookupEnv and read is
// os.ReadFile in production. An unset variable or an unreadable file is an
// error that names the reference and never the value.
func (s Secret) Resolve(lookup func(string) (string, bool), read func(string) ([]byte, error)) (string, error) {
	text := string(s)
	var failed error
	resolved := referencePattern.ReplaceAllStringFunc(text, func(reference string) string {
		value, err := resolve(reference, lookup, read)
		if err != nil && failed == nil {
			failed = err
		}
		if s.whole() {
			return value
		}
		return strings.ReplaceAll(url.QueryEscape(value), "+", "%20")
	})
	if failed != nil {
		return "", failed
	}
	return resolved, nil
}

func resolve(reference string, lookup func(string) (string, bool), read func(string) ([]byte, error)) (string, error) {
	kind, name, rule := splitReference(reference)
	if rule != "" {
		return "", fmt.Errorf("config: %s %s: %w", quoted(reference), rule, evenkeel.ErrInvalid)
	}
	if kind == "env" {
		value, ok := lookup(name)
		if !ok || value == "" {
			return "", fmt.Errorf("config: %s: environment variable %s: %w", reference, name, evenkeel.ErrNotFound)
		}
		return value, nil
	}
	data, err := read(name)
	if err != nil {
		return "", fmt.Errorf("config: %s: %w", reference, err)
	}
	value := strings.TrimSuffix(strings.TrimSuffix(string(data), "\n"), "\r")
	if value == "" {
		return "", fmt.Errorf("config: %s: the file is empty: %w", reference, evenkeel.ErrNotFound)
	}
	return value, nil
}

// splitReference takes "${env:NAME}" apart; rule says what is wrong with it.
func splitReference(reference string) (kind, name, rule string) {
	inner, closed := strings.CutSuffix(strings.TrimPrefix(reference, "${"), "}")
	kind, name, named := strings.Cut(inner, ":")
	switch {
	case !closed:
		return "", "", "has no closing brace"
	case !named || name == "" || kind != "env" && kind != "file":
		return "", "", "is not ${env:NAME} or ${file:/path}"
	case kind == "file" && !strings.HasPrefix(name, "/"):
		return "", "", "must give the full path of a file"
	}
	return kind, name, ""
}

// rules says what is wrong with the references of a text.
func (s Secret) rules() []string {
	var broken []string
	for _, reference := range referencePattern.FindAllString(string(s), -1) {
		if _, _, rule := splitReference(reference); rule != "" {
			broken = append(broken, quoted(reference)+" "+rule)
		}
	}
	return broken
}

// plain replaces each reference by a letter, so that the rest can be looked at.
func (s Secret) plain() string { return referencePattern.ReplaceAllString(string(s), "x") }

// whole says whether the text is one reference and nothing else.
func (s Secret) whole() bool {
	return s != "" && referencePattern.FindString(string(s)) == string(s)
}
