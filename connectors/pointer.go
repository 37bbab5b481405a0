package connectors

import (
	"bytes"
	"errors"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/evenkeel-dev/evenkeel"
)

// readTree reads any JSON. Numbers stay as they are written, so that ids of
// many digits are kept.
func readTree(field string, text []byte) (any, error) {
	if tooDeep(text, maxDeliveryDepth) {
		return nil, evenkeel.FieldErrors{{Field: field, Rule: "is nested deeper than " + strconv.Itoa(maxDeliveryDepth) + " levels"}}
	}
	exact := json.UnmarshalFromFunc(func(d *jsontext.Decoder, v *any) error {
		if d.PeekKind() == '0' {
			*v = jsontext.Value(nil)
		}
		return errors.ErrUnsupported
	})
	var tree any
	if err := json.Unmarshal(bytes.TrimSpace(text), &tree, json.WithUnmarshalers(exact)); err != nil {
		return nil, evenkeel.FieldErrors{{Field: field, Rule: jsonRule(err)}}
	}
	return tree, nil
}

// scalarText is a text, number, true or false as text.
func scalarText(v any) (text string, ok bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case jsontext.Value:
		return string(v), true
	case bool:
		return strconv.FormatBool(v), true
	}
	return "", false
}

// treeName says what a value is, for messages.
func treeName(v any) string {
	switch v.(type) {
	case nil:
		return kindName('n')
	case bool:
		return kindName('t')
	case string:
		return kindName('"')
	case jsontext.Value:
		return kindName('0')
	case []any:
		return kindName('[')
	}
	return kindName('{')
}

// pointer leads to a value of a document (RFC 6901), or, if its text begins
// with a dot, of an element of a list of the document.
type pointer struct {
	tokens   []string
	relative bool
}

// parsePointer reads "/a/b", "./a/b", "." and "". rule says what is wrong.
func parsePointer(text string) (p pointer, rule string) {
	path, relative := strings.CutPrefix(text, ".")
	p.relative = relative
	if path == "" {
		return p, ""
	}
	if path[0] != '/' {
		return p, shortQuote(text) + " is not a JSON pointer; write /a/b, or ./a/b for a member of the element"
	}
	for token := range strings.SplitSeq(path[1:], "/") {
		plain := strings.NewReplacer("~0", "", "~1", "").Replace(token)
		if strings.Contains(plain, "~") {
			return p, shortQuote(text) + " is not a JSON pointer; write ~ as ~0, and / inside of a name as ~1"
		}
		p.tokens = append(p.tokens, strings.NewReplacer("~0", "~", "~1", "/").Replace(token))
	}
	return p, ""
}

// find is the value that the pointer leads to; nil if there is none.
func (p pointer) find(document, element any) any {
	at := document
	if p.relative {
		at = element
	}
	for _, token := range p.tokens {
		switch inside := at.(type) {
		case map[string]any:
			at = inside[token]
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(inside) || strconv.Itoa(i) != token {
				return nil
			}
			at = inside[i]
		default:
			return nil
		}
	}
	return at
}
