package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/evenkeel-dev/evenkeel"
)

// names are what persons are called: names, logins and e-mail addresses, in
// lower case.
type names [][]byte

// personNames makes names ready to be looked for.
func personNames(list []string) (names, error) {
	var n names
	for _, name := range list {
		trimmed := strings.TrimSpace(name)
		if trimmed == "" || !utf8.ValidString(trimmed) {
			return nil, fmt.Errorf("%w: names: an empty name or one that is not UTF-8 names nobody; leave it out", evenkeel.ErrInvalid)
		}
		n = append(n, bytes.ToLower([]byte(trimmed)))
	}
	if len(n) == 0 {
		return nil, fmt.Errorf("%w: names: give at least one", evenkeel.ErrInvalid)
	}
	return n, nil
}

// spellings are the ways in which a name may have been hashed.
func spellings(name string) []string {
	trimmed := strings.TrimSpace(name)
	return distinct([]string{name, trimmed, strings.ToLower(name), strings.ToLower(trimmed)})
}

// in says whether a text holds a name as words of its own, whatever the case.
func (n names) in(text []byte) bool {
	lower := bytes.ToLower(text)
	for _, name := range n {
		for from := 0; ; {
			at := bytes.Index(lower[from:], name)
			if at < 0 {
				break
			}
			start, end := from+at, from+at+len(name)
			if apart(lower[:start], lower[start:]) && apart(lower[:end], lower[end:]) {
				return true
			}
			from = start + 1
		}
	}
	return false
}

// apart says that no word goes on from one text to the next.
func apart(before, after []byte) bool {
	last, _ := utf8.DecodeLastRune(before)
	first, _ := utf8.DecodeRune(after)
	return len(before) == 0 || len(after) == 0 || !inWord(last) || !inWord(first)
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// escapes are those of JSON texts, one or several in a row.
var escapes = regexp.MustCompile(`(?:\\(?:u[0-9a-fA-F]{4}|[bfnrt"/\\]))+`)

// inBody looks into what a source sent: as it is, and without the escapes of
// JSON and of forms.
func (n names) inBody(body []byte) bool {
	if n.in(body) || n.in(unescaped(body)) {
		return true
	}
	if !bytes.ContainsAny(body, "%+") {
		return false
	}
	form, err := url.QueryUnescape(string(body))
	return err == nil && (n.in([]byte(form)) || n.in(unescaped([]byte(form))))
}

func unescaped(text []byte) []byte {
	if bytes.IndexByte(text, '\\') < 0 {
		return nil
	}
	return escapes.ReplaceAllFunc(text, func(escaped []byte) []byte {
		var plain string
		if err := json.Unmarshal([]byte(`"`+string(escaped)+`"`), &plain); err != nil {
			return escaped
		}
		return []byte(plain)
	})
}
