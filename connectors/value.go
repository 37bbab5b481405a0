package connectors

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/evenkeel-dev/evenkeel"
)

// value reads what stands next into v by its shape. What does not fit is
// reported and skipped.
func (d *itemDecoder) value(s *shape, v reflect.Value) {
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
		v = v.Elem()
	}
	switch s.form {
	case formText:
		d.textValue(s, v)
	case formWhole:
		d.whole(v)
	case formNumber:
		d.number(v)
	case formBoolean:
		v.SetBool(d.boolean())
	case formInstant:
		*v.Addr().Interface().(*time.Time) = d.instant()
	case formList:
		d.list(s, v)
	case formDictionary:
		d.dictionary(s, v)
	case formRecord:
		d.record(s, v)
	}
}

func (d *itemDecoder) textValue(s *shape, v reflect.Value) {
	text, ok := d.string()
	if len(d.path) == 1 {
		text, ok = d.filled(text, ok), ok && len(text) > 0
	}
	if !ok {
		return
	}
	kept := d.words.keep(text)
	if s.role == roleSHA || len(text) > maxWordLength {
		kept = string(text)
	}
	kept, rule := s.role.normal(kept)
	if rule != "" {
		d.problem(rule)
		return
	}
	v.SetString(kept)
}

// filled refuses an empty text where only a missing member means unknown.
func (d *itemDecoder) filled(text []byte, ok bool) []byte {
	if ok && len(text) == 0 {
		d.problem(emptyRule)
	}
	return text
}

const emptyRule = "is empty; leave it out if it is unknown, or give null to clear it"

func (d *itemDecoder) whole(v reflect.Value) {
	if d.json.PeekKind() != '0' {
		d.mismatch("a whole number")
		return
	}
	raw := d.raw()
	if d.err != nil {
		return
	}
	n, rule := parseWhole(string(raw))
	if rule != "" {
		d.problem(rule)
		return
	}
	v.SetInt(n)
}

const maxWhole = 1<<53 - 1

func parseWhole(text string) (int64, string) {
	n, err := strconv.ParseInt(text, 10, 64)
	switch {
	case err != nil && strings.ContainsAny(text, ".eE"):
		return 0, shortQuote(text) + " must be a whole number without decimals or exponent, such as 12"
	case err != nil && !isDigits(strings.TrimPrefix(text, "-")):
		return 0, shortQuote(text) + " is not a whole number"
	case err != nil || n > maxWhole:
		return 0, fmt.Sprintf("%s is too large; at most %d is kept", shorten([]byte(text)), int64(maxWhole))
	case n < 0:
		return 0, text + " is negative"
	}
	return n, ""
}

func (d *itemDecoder) number(v reflect.Value) {
	if d.json.PeekKind() != '0' {
		d.mismatch("a number")
		return
	}
	raw := d.raw()
	if d.err != nil {
		return
	}
	n, err := strconv.ParseFloat(string(raw), 64)
	if err != nil {
		d.problem(shorten(raw) + " is too large")
		return
	}
	v.SetFloat(n + 0) // There is one zero.
}

func isDigits(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}

func (d *itemDecoder) instant() time.Time {
	switch d.json.PeekKind() {
	case '"':
		text, _ := d.string()
		t, rule := parseInstant(text)
		if rule != "" && d.err == nil {
			d.problem(rule)
		}
		return t
	case '0':
		if raw := d.raw(); d.err == nil {
			d.problem("must be an RFC 3339 time in quotes, not a number" + epochHint(string(raw)))
		}
	default:
		d.mismatch(`an RFC 3339 time such as "2026-03-01T12:00:00Z"`)
	}
	return time.Time{}
}

func (d *itemDecoder) list(s *shape, v reflect.Value) {
	if d.json.PeekKind() != '[' {
		d.mismatch("an array")
		return
	}
	d.token()
	v.Set(reflect.MakeSlice(v.Type(), 0, 1))
	for i := 0; d.more(']'); i++ {
		d.path = append(d.path, step{index: i})
		if i == v.Cap() {
			v.Grow(1)
		}
		v.SetLen(i + 1)
		v.Index(i).SetZero()
		d.value(s.element, v.Index(i))
		d.path = d.path[:len(d.path)-1]
	}
	d.token()
}

func (d *itemDecoder) dictionary(s *shape, v reflect.Value) {
	if d.json.PeekKind() != '{' {
		d.mismatch("an object")
		return
	}
	d.token()
	v.Set(reflect.MakeMap(v.Type()))
	for d.more('}') {
		raw := d.raw()
		if d.err != nil {
			break
		}
		name := string(d.unquoted(raw))
		d.path = append(d.path, step{name: name, key: true})
		d.entry(s, v, name)
		d.path = d.path[:len(d.path)-1]
	}
	d.token()
}

func (d *itemDecoder) entry(s *shape, v reflect.Value, name string) {
	normal, rule := s.keys.normal(name)
	key := reflect.ValueOf(normal)
	switch {
	case rule != "":
		d.problem(rule)
	case name == "":
		d.problem("has an empty name")
	case v.MapIndex(key).IsValid():
		d.problem(fmt.Sprintf("names %s a second time (upper and lower case are the same here); keep one", shortQuote(normal)))
	}
	element := reflect.New(v.Type().Elem()).Elem()
	d.value(s.element, element)
	v.SetMapIndex(key, element)
}

func (d *itemDecoder) record(s *shape, v reflect.Value) {
	if d.json.PeekKind() != '{' {
		d.mismatch("an object")
		return
	}
	d.token()
	var seen uint64
	for d.more('}') {
		raw := d.raw()
		if d.err != nil {
			break
		}
		name := string(d.unquoted(raw))
		d.path = append(d.path, step{name: name})
		if place, known := s.places[name]; known {
			seen |= 1 << place
			d.value(s.members[place].shape, v.Field(s.members[place].index))
		} else {
			d.unknown(name, s, false)
		}
		d.path = d.path[:len(d.path)-1]
	}
	d.token()
	if d.err == nil {
		d.missing(s, seen)
	}
}

// more says that the current object or array goes on.
func (d *itemDecoder) more(end jsontext.Kind) bool {
	return d.err == nil && d.json.PeekKind() != end
}

func (d *itemDecoder) token() {
	if d.err == nil {
		_, d.err = d.json.ReadToken()
	}
}

// raw reads the next value as it is written; it is valid until the next read.
func (d *itemDecoder) raw() jsontext.Value {
	if d.err != nil {
		return nil
	}
	var value jsontext.Value
	value, d.err = d.json.ReadValue()
	return value
}

// string reads the next value if it is a string, else it reports and skips it.
func (d *itemDecoder) string() ([]byte, bool) {
	if d.json.PeekKind() != '"' {
		d.mismatch("a string")
		return nil, false
	}
	raw := d.raw()
	if d.err != nil {
		return nil, false
	}
	return d.unquoted(raw), true
}

// unquoted is the text of a valid JSON string, which is copied only if it
// holds escapes.
func (*itemDecoder) unquoted(raw jsontext.Value) []byte {
	inner := raw[1 : len(raw)-1]
	if !slices.Contains(inner, '\\') {
		return inner
	}
	text, _ := jsontext.AppendUnquote[jsontext.Value](nil, raw) // It was validated when it was read.
	return text
}

// mismatch reports a value of another type and skips it.
func (d *itemDecoder) mismatch(want string) {
	kind := d.json.PeekKind()
	hint := ""
	switch {
	case kind == 'n' && len(d.path) == 1 && d.path[0].name != "kind" && d.path[0].name != "id":
		hint = "; leave it out"
	case kind == '"' && (want == "a whole number" || want == "a number" || want == "true or false"):
		hint = "; take the quotes away"
	case kind == '0' && want == "a string":
		hint = "; put it in quotes"
	}
	if d.err == nil {
		d.problem("must be " + want + ", not " + kindName(kind) + hint)
	}
	d.skip()
}

// skip passes over the next value, however deep, without recursion.
func (d *itemDecoder) skip() {
	if kind := d.json.PeekKind(); kind != '{' && kind != '[' {
		d.raw()
		return
	}
	depth := d.json.StackDepth()
	for d.token(); d.err == nil && d.json.StackDepth() > depth; d.token() {
		if d.json.StackDepth() > d.maxDepth {
			d.err = &SyntaxError{Column: int(d.json.InputOffset()), Rule: fmt.Sprintf("is nested deeper than %d levels; take out what does not belong to the event", d.maxDepth)}
		}
	}
}

func kindName(kind jsontext.Kind) string {
	switch kind {
	case 'n':
		return "null"
	case 't', 'f':
		return "true or false"
	case '"':
		return "a string"
	case '0':
		return "a number"
	case '{':
		return "an object"
	case '[':
		return "an array"
	}
	return "broken text"
}

// normal is a text as it is kept, or the rule that it breaks.
func (r role) normal(text string) (kept, rule string) {
	switch r {
	case roleRepository:
		if isURL(text) {
			return "", shortQuote(text) + " is a URL; write host/path, such as github.com/acme/checkout"
		}
		return strings.ToLower(text), ""
	case roleSHA, roleTrailer:
		return strings.ToLower(text), ""
	case roleReference:
		if lower := strings.ToLower(text); evenkeel.ValidSHA(lower) {
			return lower, ""
		}
	case roleText, roleSlug, roleAmount, roleShare, roleSeconds:
	}
	return text, ""
}

// isURL recognises https://host/path and user@host:path.
func isURL(text string) bool {
	if strings.Contains(text, "://") {
		return true
	}
	beforeSlash, _, _ := strings.Cut(text, "/")
	_, host, found := strings.Cut(beforeSlash, "@")
	return found && strings.Contains(host, ":")
}
