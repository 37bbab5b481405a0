package connectors

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"sync"

	"github.com/evenkeel-dev/evenkeel"
)

// Patterns of the schema. They say what the intake accepts before it turns
// commit ids and repositories to lower case.
const (
	patternNoNUL      = `^[^\x00]*$`
	patternSlug       = `^[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9])?$`
	patternSHA        = `^(?:[0-9a-fA-F]{40}|[0-9a-fA-F]{64})$`
	patternURL        = `://|^[^/]*@[^/]*:`
	patternInstant    = `^(?:19[7-9][0-9]|2[01][0-9]{2}|22[0-5][0-9]|226[01])-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])$`
	schemaDialect     = "https://json-schema.org/draft/2020-12/schema"
	schemaIdentifier  = "urn:evenkeel:event:1"
	schemaDescription = "One event of the neutral format of Evenkeel: what one source says of one fact. Names are exact; members that are not listed are refused; null clears a member that may be null."
)

// object is a JSON object whose members keep their order.
type object []pair

type pair struct {
	name  string
	value any
}

// MarshalJSON implements json.Marshaler.
func (o object) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	out.WriteByte('{')
	for i, p := range o {
		if i > 0 {
			out.WriteByte(',')
		}
		name, err := json.Marshal(p.name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(p.value)
		if err != nil {
			return nil, err
		}
		out.Write(name)
		out.WriteByte(':')
		out.Write(value)
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// schemaText holds the encoded schema.
//
//nolint:gochecknoglobals // Computed once from constant tables; never changed.
var schemaText = sync.OnceValue(func() []byte {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(eventSchema()); err != nil {
		panic(fmt.Sprintf("encode event schema: %v", err)) // Constant data; a test encodes it.
	}
	return out.Bytes()
})

// EventSchema is the JSON Schema (draft 2020-12) of one neutral event. It is
// written from the Go types, so it lists exactly the members that
// [DecodeEvents] reads. DecodeEvents is stricter where a schema cannot say it:
// texts are limited in bytes, repeated names are refused, a commit is not its
// own parent, and slices begin at multiples of their length. The caller may change the result.
func EventSchema() []byte { return bytes.Clone(schemaText()) }

func eventSchema() object {
	var kinds []object
	var definitions object
	for _, kind := range evenkeel.Kinds() {
		kinds = append(kinds, object{{"$ref", "#/$defs/" + string(kind)}})
		definitions = append(definitions, pair{string(kind), kindSchema(kind)})
	}
	return object{
		{"$schema", schemaDialect},
		{"$id", schemaIdentifier},
		{"title", "Evenkeel neutral event"},
		{"description", schemaDescription},
		{"type", "object"},
		{"required", []string{"kind"}},
		{"properties", object{{"kind", object{{"enum", texts(evenkeel.Kinds()...)}}}}},
		{"oneOf", kinds},
		{"$defs", definitions},
	}
}

func kindSchema(kind evenkeel.Kind) object {
	s := shapes()[kind]
	properties := object{
		{"schema", object{{"description", header["schema"]}, {"const", evenkeel.EventSchema}}},
		{"kind", object{{"description", header["kind"]}, {"const", string(kind)}}},
		{"id", headerText("id")},
		{"source", headerText("source")},
		{"observed_at", append(object{{"description", header["observed_at"]}}, s.instant(false)...)},
		{"deleted", headerSwitch("deleted", !kind.IsSeries())},
		{"final", headerSwitch("final", !kind.IsSeries() && kind != evenkeel.KindCommit)},
	}
	required := []string{"kind"}
	if !kind.IsSeries() {
		required = append(required, "id")
	}
	for _, m := range s.members {
		properties = append(properties, pair{m.name, m.schema(true, !kind.IsSeries())})
		if m.required {
			required = append(required, m.name)
		}
	}
	out := object{{"type", "object"}, {"additionalProperties", false}, {"required", required}}
	if kind == evenkeel.KindDeployment {
		out = append(out, pair{"if", hasText("commit")}, pair{"then", hasText("repository")})
	}
	if kind == evenkeel.KindChange {
		only := object{{"required", []string{"actor_kind"}}, {"properties", object{{"actor_kind", object{{"const", string(evenkeel.ActorBot)}}}}}}
		out = append(out, pair{"if", hasText("bot")}, pair{"then", only})
	}
	if s.anyOf != nil {
		out = append(out, pair{"anyOf", each(s.anyOf, hasText)})
	}
	return append(out, pair{"properties", properties})
}

// hasText holds for objects in which the member is given and not null.
func hasText(name string) object {
	return object{{"required", []string{name}}, {"properties", object{{name, object{{"type", "string"}}}}}}
}

// has holds for objects in which the member is given.
func has(name string) object { return object{{"required", []string{name}}} }

func each(names []string, schema func(string) object) []object {
	list := make([]object, len(names))
	for i, name := range names {
		list[i] = schema(name)
	}
	return list
}

// headerSwitch describes a member that is true or false; it is refused as true
// for kinds that do not allow it.
func headerSwitch(name string, allowed bool) object {
	out := object{{"description", header[name]}, {"type", "boolean"}}
	if !allowed {
		out = append(out, pair{"const", false})
	}
	return out
}

func headerText(name string) object {
	return object{{"description", header[name]}, {"type", "string"}, {"minLength", 1}, {"maxLength", evenkeel.MaxText}, {"pattern", patternNoNUL}}
}

// schema describes a member. Members of the event itself may be null unless
// they are required or the kind clears nothing, and are not empty; those of
// inner records are neither.
func (m member) schema(top, clears bool) object {
	about := object{{"description", m.note}}
	return append(about, m.shape.schema(top && clears && !m.required, top || m.shape.role == roleSHA)...)
}

func (s *shape) schema(nullable, filled bool) object {
	switch s.form {
	case formWhole:
		return s.whole(nullable)
	case formNumber:
		return s.number(nullable)
	case formBoolean:
		return object{{"type", orNull("boolean", nullable)}}
	case formInstant:
		return s.instant(nullable)
	case formList:
		out := object{{"type", orNull("array", nullable)}, {"items", s.element.schema(false, s.element.role != roleText)}}
		return s.notEmpty(out, "minItems")
	case formDictionary:
		out := object{{"type", orNull("object", nullable)}, {"propertyNames", s.keys.schema(true)}}
		out = append(out, pair{"additionalProperties", s.element.schema(false, s.element.role != roleText)})
		return s.notEmpty(out, "minProperties")
	case formRecord:
		return s.record(nullable)
	case formText:
	}
	if s.enum != nil {
		return s.enumeration(nullable)
	}
	return append(object{{"type", orNull("string", nullable)}}, s.role.schema(filled)...)
}

func (s *shape) record(nullable bool) object {
	var properties object
	var required []string
	for _, m := range s.members {
		properties = append(properties, pair{m.name, m.schema(false, false)})
		if m.required {
			required = append(required, m.name)
		}
	}
	out := object{{"type", orNull("object", nullable)}, {"additionalProperties", false}}
	if required != nil {
		out = append(out, pair{"required", required})
	}
	if s.anyOf != nil {
		out = append(out, pair{"anyOf", each(s.anyOf, has)})
	}
	return append(out, pair{"properties", properties})
}

func (s *shape) notEmpty(out object, least string) object {
	if s.filled {
		out = append(out, pair{least, 1})
	}
	return out
}

func (s *shape) whole(nullable bool) object {
	if s.role == roleSeconds {
		return object{{"type", orNull("integer", nullable)}, {"enum", hourParts()}}
	}
	return object{{"type", orNull("integer", nullable)}, {"minimum", 0}, {"maximum", maxWhole}}
}

// hourParts lists the whole numbers that divide an hour.
func hourParts() []int {
	const hour = 3600
	var parts []int
	for n := 1; n <= hour; n++ {
		if hour%n == 0 {
			parts = append(parts, n)
		}
	}
	return parts
}

func (s *shape) number(nullable bool) object {
	least, most := -math.MaxFloat64, math.MaxFloat64
	switch s.role {
	case roleAmount:
		least = 0
	case roleShare:
		least, most = 0, 1
	case roleText, roleSlug, roleRepository, roleSHA, roleReference, roleTrailer, roleSeconds:
	}
	return object{{"type", orNull("number", nullable)}, {"minimum", least}, {"maximum", most}}
}

func (s *shape) enumeration(nullable bool) object {
	var values []any
	for _, v := range s.enum {
		values = append(values, v)
	}
	if nullable {
		values = append(values, nil)
	}
	return object{{"enum", values}}
}

func (*shape) instant(nullable bool) object {
	return object{{"type", orNull("string", nullable)}, {"format", "date-time"}, {"pattern", patternInstant}}
}

// schema says what texts of a role look like.
func (r role) schema(filled bool) object {
	var out object
	if filled {
		out = append(out, pair{"minLength", 1})
	}
	out = append(out, pair{"maxLength", evenkeel.MaxText})
	switch r {
	case roleSlug:
		return append(out, pair{"pattern", patternSlug})
	case roleSHA:
		return append(out, pair{"pattern", patternSHA})
	case roleRepository:
		return append(out, pair{"pattern", patternNoNUL}, pair{"not", object{{"type", "string"}, {"pattern", patternURL}}})
	case roleText, roleReference, roleTrailer, roleAmount, roleShare, roleSeconds:
	}
	return append(out, pair{"pattern", patternNoNUL})
}

func orNull(name string, nullable bool) any {
	if nullable {
		return []string{name, "null"}
	}
	return name
}
