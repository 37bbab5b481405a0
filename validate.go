package evenkeel

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// MaxText is the longest text, in bytes, that a field of a fact may hold.
const MaxText = 1024

var slugPattern = regexp.MustCompile(`^[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9])?$`)

// ValidSlug says whether s may name an application, group or workspace:
// 1 to 63 lower-case letters, digits, dots, underscores and hyphens, with a
// letter or digit at both ends.
func ValidSlug(s string) bool { return slugPattern.MatchString(s) }

// ValidSHA says whether s is a full hexadecimal commit id (SHA-1 or SHA-256)
// in lower case.
func ValidSHA(s string) bool {
	if len(s) != 40 && len(s) != 64 {
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// FieldError is one broken rule of one field.
type FieldError struct {
	Field string `json:"field"`
	Rule  string `json:"rule"`
}

// FieldErrors is every broken rule of one value. It wraps ErrInvalid.
type FieldErrors []FieldError

// Error joins the rules, "status: is …; commit: is …".
func (e FieldErrors) Error() string {
	parts := make([]string, len(e))
	for i, one := range e {
		parts[i] = one.Field + ": " + one.Rule
	}
	return strings.Join(parts, "; ")
}

// Unwrap makes errors.Is(err, ErrInvalid) true.
func (FieldErrors) Unwrap() error { return ErrInvalid }

// problems gathers broken rules.
type problems struct{ list FieldErrors }

func (p *problems) add(field, rule string) {
	p.list = append(p.list, FieldError{Field: field, Rule: rule})
}

func (p *problems) err() error {
	if len(p.list) == 0 {
		return nil
	}
	return p.list
}

func (p *problems) required(field, value string) {
	if value == "" {
		p.add(field, "is required")
	}
}

func (p *problems) text(field, value string) {
	switch {
	case len(value) > MaxText:
		p.add(field, fmt.Sprintf("is %d bytes long; at most %d are kept", len(value), MaxText))
	case !utf8.ValidString(value):
		p.add(field, "is not valid UTF-8")
	case strings.ContainsRune(value, 0):
		p.add(field, "contains a NUL byte")
	}
}

// named refuses an empty name in a dictionary.
func (p *problems) named(field, name string) {
	if name == "" {
		p.add(field+`[""]`, "has an empty name")
	}
}

func (p *problems) slug(field, value string) {
	if value != "" && !ValidSlug(value) {
		p.add(field, quoted(value)+" is not a slug; use 1 to 63 of a-z, 0-9, '.', '_' and '-', with a letter or digit at both ends")
	}
}

func (p *problems) sha(field, value string) {
	if value != "" && !ValidSHA(value) {
		p.add(field, quoted(value)+" is not a full commit id; give all 40 (or 64) lower-case hexadecimal digits")
	}
}

func (p *problems) notNegative(field string, value int) {
	if value < 0 {
		p.add(field, strconv.Itoa(value)+" is negative")
	}
}

// instant accepts the zero time (unknown) and the years 1970 to 2261, which
// every database of the store keeps exactly.
func (p *problems) instant(field string, t time.Time) {
	if !t.IsZero() && (t.Year() < 1970 || t.Year() > 2261) {
		p.add(field, t.Format(time.RFC3339)+" is outside the years 1970 to 2261")
	}
}

func oneOf[T ~string](p *problems, field string, value T, allowed ...T) {
	if value == "" {
		return
	}
	names := make([]string, len(allowed))
	for i, a := range allowed {
		if value == a {
			return
		}
		names[i] = string(a)
	}
	p.add(field, quoted(string(value))+" is not one of "+strings.Join(names, ", "))
}

func indexed(field string, i int, member string) string {
	name := field + "[" + strconv.Itoa(i) + "]"
	if member != "" {
		name += "." + member
	}
	return name
}

// quoted shows a value of unknown length and content in a message.
func quoted(s string) string {
	const most = 64
	if len(s) > most {
		s = s[:most] + "…"
	}
	return strconv.Quote(s)
}
