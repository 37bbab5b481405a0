package connectors

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/evenkeel-dev/evenkeel"
)

// signedRule makes events of the documents, or of the elements, that match.
type signedRule struct {
	when []signedCondition
	// each leads to a list of which every element is an event; nil if the
	// document is one.
	each   *pointer
	kind   evenkeel.Kind
	fields []signedField
}

// signedCondition asks for one of several values; nil asks for none.
type signedCondition struct {
	pointer pointer
	wanted  []any
}

// signedField says what one member of the event is.
type signedField struct {
	// path is the member's name in parts, after.on.
	path  []string
	shape *shape
	// parts make a text, or hand one value on.
	parts []signedPart
	// values translates; nil takes values as they are.
	values map[string]any
	// fallback stands for what is unknown; nil leaves the member out.
	fallback any
	// fixed is the value in every event where isFixed says so; nil clears.
	fixed   any
	isFixed bool
	clock   *clock
}

// signedPart is a fixed text or a pointer.
type signedPart struct {
	text    string
	pointer *pointer
}

// signedMaker makes the events of one document.
type signedMaker struct {
	decoder  *itemDecoder
	document any
	events   []evenkeel.Event
	size     int
}

// apply adds the events of a rule. The error begins with the punctuation that
// follows the name of the rule.
func (m *signedMaker) apply(rule *signedRule) error {
	if rule.each == nil {
		return m.one(rule, nil, "")
	}
	found := rule.each.find(m.document, nil)
	list, isList := found.([]any)
	switch {
	case found == nil || !rule.matches(m.document, nil, false):
		return nil
	case !isList:
		return fmt.Errorf(": %w", evenkeel.FieldErrors{{Field: "each", Rule: "leads to " + treeName(found) + ", not to a list"}})
	case len(list) > maxSignedElements:
		return fmt.Errorf(": %w", evenkeel.FieldErrors{{Field: "each", Rule: "leads to more than " + strconv.Itoa(maxSignedElements) + " elements; send fewer in one delivery"}})
	}
	for i, element := range list {
		if err := m.one(rule, element, ", element "+strconv.Itoa(i)); err != nil {
			return err
		}
	}
	return nil
}

// one adds the event of the document or of one element, if it matches.
func (m *signedMaker) one(rule *signedRule, element any, place string) error {
	if !rule.matches(m.document, element, true) {
		return nil
	}
	text, err := rule.compose(m.document, element)
	if err != nil {
		return fmt.Errorf("%s: %w", place, err)
	}
	if m.size += len(text); m.size > maxSignedEvents {
		return fmt.Errorf("%s: %w: the events of the delivery are longer than %d bytes; map less, or send less at once", place, evenkeel.ErrInvalid, maxSignedEvents)
	}
	event, err := decodeComposed(m.decoder, text)
	if err != nil {
		return fmt.Errorf("%s: %w", place, err)
	}
	m.events = append(m.events, event)
	return nil
}

// matches says whether all conditions hold; elements says whether those of the
// element are asked too.
func (r *signedRule) matches(document, element any, elements bool) bool {
	for _, c := range r.when {
		if (elements || !c.pointer.relative) && !c.holds(c.pointer.find(document, element)) {
			return false
		}
	}
	return true
}

func (c signedCondition) holds(value any) bool {
	for _, wanted := range c.wanted {
		if sameScalar(wanted, value) {
			return true
		}
	}
	return false
}

// sameScalar compares texts, numbers by their value, true, false and null.
func sameScalar(a, b any) bool {
	x, isNumber := a.(jsontext.Value)
	y, both := b.(jsontext.Value)
	if isNumber && both {
		m, errM := strconv.ParseFloat(string(x), 64)
		n, errN := strconv.ParseFloat(string(y), 64)
		return errM == nil && errN == nil && m == n
	}
	switch b.(type) {
	case nil, string, bool:
		return a == b
	}
	return false
}

// compose writes the neutral event.
func (r *signedRule) compose(document, element any) ([]byte, error) {
	event := map[string]any{"kind": string(r.kind)}
	var broken evenkeel.FieldErrors
	for i := range r.fields {
		f := &r.fields[i]
		value, known, rule := f.value(document, element)
		switch {
		case rule != "":
			broken = append(broken, evenkeel.FieldError{Field: strings.Join(f.path, "."), Rule: rule})
		case known:
			f.put(event, value)
		}
	}
	if len(broken) > 0 {
		return nil, broken
	}
	return composed(event)
}

func composed(event map[string]any) ([]byte, error) {
	text, err := json.Marshal(event, json.Deterministic(true))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", evenkeel.ErrInvalid, err)
	}
	return text, nil
}

// decodeComposed reads a composed event. Nobody sees its text, so a mistake in
// it is named without its place.
func decodeComposed(d *itemDecoder, text []byte) (evenkeel.Event, error) {
	event, err := d.decode(piece{text: text, line: 1, column: 1})
	if syntax, ok := errors.AsType[*SyntaxError](err); ok {
		return event, evenkeel.FieldErrors{{Field: "event", Rule: syntax.Rule}}
	}
	return event, err
}

// put sets the member; a record around it is made when it is first needed.
func (f *signedField) put(event map[string]any, value any) {
	last := len(f.path) - 1
	for _, name := range f.path[:last] {
		inside, ok := event[name].(map[string]any)
		if !ok {
			inside = map[string]any{}
			event[name] = inside
		}
		event = inside
	}
	event[f.path[last]] = value
}

// value is what the member is; known is false if nothing is known of it.
func (f *signedField) value(document, element any) (value any, known bool, rule string) {
	if f.isFixed {
		return f.fixed, true, ""
	}
	value = f.source(document, element)
	if value == nil || value == "" {
		return f.fallback, f.fallback != nil, ""
	}
	if f.values != nil {
		if value, rule = f.translate(value); rule != "" {
			return nil, false, rule
		}
	}
	if f.clock != nil {
		value, rule = f.instant(value)
		return value, true, rule
	}
	return fit(f.shape, value), true, ""
}

// source is the value itself, or the text made of several; nil if one of them
// is unknown.
func (f *signedField) source(document, element any) any {
	if len(f.parts) == 1 && f.parts[0].pointer != nil {
		return f.parts[0].pointer.find(document, element)
	}
	var out strings.Builder
	for _, part := range f.parts {
		if part.pointer == nil {
			out.WriteString(part.text)
			continue
		}
		text, _ := scalarText(part.pointer.find(document, element))
		if text == "" {
			return nil
		}
		out.WriteString(text)
	}
	return out.String()
}

func (f *signedField) translate(value any) (any, string) {
	text, ok := scalarText(value)
	if !ok {
		return nil, "is " + treeName(value) + "; map translates texts, numbers, true and false"
	}
	to, listed := f.values[text]
	if !listed {
		return nil, "map does not list " + shortQuote(text) + "; add it to the settings"
	}
	return to, ""
}

func (f *signedField) instant(value any) (any, string) {
	text, ok := scalarText(value)
	if !ok {
		return nil, "is " + treeName(value) + ", not a time"
	}
	t, rule := f.clock.parse(text)
	return t.UTC().Format(time.RFC3339Nano), rule
}

// fit writes a value in the form that the member has, where nothing is lost:
// other tools write numbers as texts, and texts as numbers. What does not fit
// is left to the decoder to refuse.
func fit(s *shape, value any) any {
	if list, isList := value.([]any); isList && s.form == formList {
		fitted := make([]any, len(list))
		for i, one := range list {
			fitted[i] = fit(s.element, one)
		}
		return fitted
	}
	text, scalar := scalarText(value)
	switch {
	case !scalar:
	case s.form == formText:
		return text
	case s.form == formList && s.element.form == formText:
		return []any{text}
	case (s.form == formWhole || s.form == formNumber) && jsontext.Value(text).Kind() == '0' && jsontext.Value(text).IsValid():
		return jsontext.Value(text)
	case s.form == formBoolean && (text == "true" || text == "false"):
		return text == "true"
	}
	return value
}
