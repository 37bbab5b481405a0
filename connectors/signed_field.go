package connectors

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/evenkeel-dev/evenkeel"
)

// headerShapes describes the members of every event that a rule may give.
//
//nolint:gochecknoglobals // A constant table.
var headerShapes = map[string]*shape{
	"id": {form: formText}, "source": {form: formText}, "observed_at": {form: formInstant}, "deleted": {form: formBoolean}, "final": {form: formBoolean},
}

// fieldReader reads the fields of one rule.
type fieldReader struct {
	*settingReader

	at       string
	kind     evenkeel.Kind
	payload  *shape
	elements bool
}

func (r *fieldReader) all(v any) []signedField {
	o, ok := v.(map[string]any)
	if !ok {
		r.add(r.at, "must be an object of values by member, not "+treeName(v))
		return nil
	}
	var fields []signedField
	for _, name := range slices.Sorted(maps.Keys(o)) {
		here := r.at + "." + shorten([]byte(name))
		s, rule := r.member(name)
		outer, _, nested := strings.Cut(name, ".")
		if _, whole := o[outer]; rule == "" && nested && whole {
			rule = "is given beside " + outer + " as a whole; keep one of them"
		}
		if rule != "" {
			r.add(here, rule)
			continue
		}
		f := signedField{path: strings.Split(name, "."), shape: s}
		r.field(here, &f, o[name])
		fields = append(fields, f)
	}
	r.complete(o)
	return fields
}

// complete asks for the members without which no event is valid.
func (r *fieldReader) complete(o map[string]any) {
	needed := []string{"id"}
	for _, m := range r.payload.members {
		if m.required {
			needed = append(needed, m.name)
		}
	}
	for _, name := range needed {
		begun := func(given string) bool { return given == name || strings.HasPrefix(given, name+".") }
		if !slices.ContainsFunc(slices.Collect(maps.Keys(o)), begun) {
			r.add(r.at+"."+name, "is required for "+string(r.kind)+" events")
		}
	}
}

// member is the shape of a member, "finished_at" or "tests.passed".
func (r *fieldReader) member(name string) (s *shape, rule string) {
	if s, ok := headerShapes[name]; ok {
		return s, ""
	}
	outer, inner, nested := strings.Cut(name, ".")
	place, known := r.payload.places[outer]
	if !known {
		return nil, r.unknown(outer)
	}
	s = r.payload.members[place].shape
	if !nested {
		return s, ""
	}
	place, known = s.places[inner]
	switch {
	case s.form != formRecord:
		return nil, "has no members; map " + outer + " as a whole"
	case !known:
		return nil, unknownMember(inner, s, r.kind, false)
	}
	return s.members[place].shape, ""
}

func (r *fieldReader) unknown(name string) string {
	if _, known := header[name]; known {
		return "is not a field; give kind beside fields"
	}
	return unknownMember(name, r.payload, r.kind, true)
}

// field reads a pointer, or an object that says more.
func (r *fieldReader) field(at string, f *signedField, v any) {
	if text, isText := v.(string); isText {
		f.parts = []signedPart{{pointer: r.pointerAt(at, text, r.elements)}}
		return
	}
	o := r.object(at, v, "pointer", "text", "const", "map", "default", "format", "time_zone")
	f.fixed, f.isFixed = o["const"]
	sources := 0
	for _, name := range []string{"pointer", "text", "const"} {
		if _, given := o[name]; given {
			sources++
		}
	}
	if sources != 1 {
		r.add(at, "needs one of pointer, text and const")
		return
	}
	if _, given := o["pointer"]; given {
		f.parts = []signedPart{{pointer: r.pointerAt(inside(at, "pointer"), r.text(at, o, "pointer", ""), r.elements)}}
	}
	if _, given := o["text"]; given {
		f.parts = r.template(inside(at, "text"), r.text(at, o, "text", ""))
	}
	if f.isFixed {
		r.constant(at, f, o)
		return
	}
	r.clock(at, f, o)
	r.translation(at, f, o)
	if fallback, given := o["default"]; given {
		f.fallback = fit(f.shape, fallback)
		r.try(inside(at, "default"), f, fallback)
	}
}

// constant checks a value that is the same in every event.
func (r *fieldReader) constant(at string, f *signedField, o map[string]any) {
	for _, name := range []string{"map", "default", "format", "time_zone"} {
		if _, given := o[name]; given {
			r.add(inside(at, name), "does not apply to a const; take it away")
		}
	}
	if f.path[0] == "id" {
		r.add(at, "is the same in every event, which would be one fact; give a pointer")
	}
	if f.fixed == nil {
		r.clears(inside(at, "const"), f)
		return
	}
	f.fixed = fit(f.shape, f.fixed)
	r.try(inside(at, "const"), f, f.fixed)
}

// clears refuses null where it cannot say that a member is empty.
func (r *fieldReader) clears(at string, f *signedField) {
	place, isMember := r.payload.places[f.path[0]]
	if !isMember || len(f.path) > 1 || r.payload.members[place].required || r.kind.IsSeries() {
		r.add(at, "is null, but the member cannot be cleared; take it away")
	}
}

func (r *fieldReader) clock(at string, f *signedField, o map[string]any) {
	format, zone := r.text(at, o, "format", ""), r.text(at, o, "time_zone", "")
	switch {
	case format == "" && zone == "":
	case f.shape.form != formInstant:
		r.add(at, "is not a time; format and time_zone do not apply")
	default:
		var rule string
		if f.clock, rule = newClock(format, zone); rule != "" {
			r.add(at, rule)
		}
	}
}

func (r *fieldReader) translation(at string, f *signedField, o map[string]any) {
	v, given := o["map"]
	if !given {
		return
	}
	at = inside(at, "map")
	values, ok := v.(map[string]any)
	if !ok || len(values) == 0 {
		r.add(at, "must be an object of values by text")
		return
	}
	f.values = values
	for _, from := range slices.Sorted(maps.Keys(values)) {
		here := at + "[" + shortQuote(from) + "]"
		if _, scalar := scalarText(values[from]); !scalar {
			r.add(here, "must be a text, number, true or false, not "+treeName(values[from]))
			continue
		}
		if f.clock == nil {
			r.try(here, f, values[from])
		}
	}
}

// try decodes an event that holds nothing but a fixed value, and reports what
// is wrong with the value: the rules are those of every event.
func (r *fieldReader) try(at string, f *signedField, value any) {
	if value == nil {
		r.add(at, "is null; leave it out")
		return
	}
	event := map[string]any{"kind": string(r.kind)}
	f.put(event, fit(f.shape, value))
	text, err := composed(event)
	if err == nil {
		_, err = decodeComposed(newItemDecoder(EventOptions{DefaultSource: signedName}.withDefaults()), text)
	}
	var broken evenkeel.FieldErrors
	errors.As(err, &broken)
	name := strings.Join(f.path, ".")
	for _, one := range broken {
		if rest, about := strings.CutPrefix(one.Field, name); one.Field == "event" || about && (rest == "" || rest[0] == '[' || rest[0] == '.') {
			r.add(at, one.Rule)
		}
	}
}

// template reads a text with pointers in braces.
func (r *fieldReader) template(at, text string) []signedPart {
	var parts []signedPart
	pointers := 0
	for rest := text; rest != ""; {
		before, after, found := strings.Cut(rest, "{")
		if before != "" {
			parts = append(parts, signedPart{text: before})
		}
		if !found {
			break
		}
		path, behind, closed := strings.Cut(after, "}")
		if !closed {
			r.add(at, shortQuote(text)+" has a brace that is not closed")
			return nil
		}
		parts = append(parts, signedPart{pointer: r.pointerAt(at, path, r.elements)})
		rest, pointers = behind, pointers+1
	}
	if pointers == 0 {
		r.add(at, shortQuote(text)+" holds no pointer in braces; give it as const")
	}
	return parts
}
