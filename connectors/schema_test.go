package connectors_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
)

// fatal is what tests and properties have in common.
type fatal interface {
	Helper()
	Fatal(args ...any)
}

func jsonValue(t fatal, text string) any {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func compiledSchema(t fatal) *jsonschema.Schema {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiler.AssertFormat()
	if err := compiler.AddResource("urn:evenkeel:event:1", jsonValue(t, string(connectors.EventSchema()))); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("urn:evenkeel:event:1")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// schemaNode is as much of a schema as the tests look at.
type schemaNode struct {
	Description          string
	Type                 any
	Enum                 []any
	Const                any
	Format, Pattern      string
	Required             []string
	Properties           map[string]schemaNode
	Items                *schemaNode
	PropertyNames        *schemaNode
	AdditionalProperties any
	Not                  any
	Defs                 map[string]schemaNode `json:"$defs"`
}

func schemaTree(t testing.TB) schemaNode {
	t.Helper()
	var tree schemaNode
	if err := json.Unmarshal(connectors.EventSchema(), &tree); err != nil {
		t.Fatal(err)
	}
	return tree
}

func headerNames() []string {
	return []string{"schema", "kind", "id", "source", "observed_at", "deleted", "final"}
}

func TestEventSchemaListsExactlyTheFieldsOfThePayloads(t *testing.T) {
	t.Parallel()
	tree := schemaTree(t)
	if want, got := len(evenkeel.Kinds()), len(tree.Defs); want != got {
		t.Fatalf("%d kinds, %d definitions", want, got)
	}
	for _, kind := range evenkeel.Kinds() {
		want := append(headerNames(), jsonNames(payloadType(kind))...)
		compareNames(t, string(kind), payloadType(kind), want, tree.Defs[string(kind)])
	}
}

func payloadType(kind evenkeel.Kind) reflect.Type {
	return reflect.TypeOf(evenkeel.NewPayload(kind)).Elem()
}

// innerType is the type of the records that a member of t holds.
func innerType(t reflect.Type, name string) reflect.Type {
	field := t.Field(slices.Index(jsonNames(t), name)).Type
	for field.Kind() == reflect.Pointer || field.Kind() == reflect.Slice {
		field = field.Elem()
	}
	return field
}

func jsonNames(t reflect.Type) []string {
	var names []string
	for field := range t.Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		names = append(names, name)
	}
	return names
}

func compareNames(t *testing.T, path string, typ reflect.Type, want []string, node schemaNode) {
	t.Helper()
	got := slices.Sorted(maps.Keys(node.Properties))
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got)\n%s", path, diff)
	}
	if node.AdditionalProperties != false {
		t.Errorf("%s allows more members", path)
	}
	for name, property := range node.Properties {
		if property.Description == "" {
			t.Errorf("%s.%s has no description", path, name)
		}
		if property.Items != nil && property.Items.Properties != nil {
			property = *property.Items
		}
		if property.Properties != nil {
			inner := innerType(typ, name)
			compareNames(t, path+"."+name, inner, jsonNames(inner), property)
		}
	}
}

// TestEventSchemaEnumsMatchTheRules gives every enumerated member a wrong
// value and compares the values that the rule names with those of the schema.
func TestEventSchemaEnumsMatchTheRules(t *testing.T) {
	t.Parallel()
	enums := 0
	for _, kind := range evenkeel.Kinds() {
		payload := evenkeel.NewPayload(kind)
		v := reflect.ValueOf(payload).Elem()
		for i, name := range jsonNames(v.Type()) {
			field := v.Field(i)
			if field.Kind() != reflect.String || field.Type() == reflect.TypeFor[string]() {
				continue
			}
			enums++
			field.SetString("?")
			var allowed []string
			if broken, ok := errors.AsType[evenkeel.FieldErrors](payload.Validate()); ok {
				for _, one := range broken {
					if one.Field == name {
						allowed = strings.Split(strings.TrimPrefix(one.Rule, `"?" is not one of `), ", ")
					}
				}
			}
			var got []string
			for _, value := range schemaTree(t).Defs[string(kind)].Properties[name].Enum {
				if value != nil {
					got = append(got, fmt.Sprint(value))
				}
			}
			if diff := cmp.Diff(allowed, got); diff != "" {
				t.Errorf("%s.%s (-want +got)\n%s", kind, name, diff)
			}
		}
	}
	if enums != 15 {
		t.Errorf("%d enumerated members", enums)
	}
}

func TestEventSchemaIsStableAndNotShared(t *testing.T) {
	t.Parallel()
	first := connectors.EventSchema()
	if !json.Valid(first) || !bytes.Equal(first, connectors.EventSchema()) {
		t.Fatal("the schema is not JSON or not stable")
	}
	first[0] = 'x'
	if connectors.EventSchema()[0] != '{' {
		t.Error("callers share the text")
	}
}

func TestValidFixturesPassSchemaAndDecoder(t *testing.T) {
	t.Parallel()
	schema := compiledSchema(t)
	for _, kind := range evenkeel.Kinds() {
		text, err := os.ReadFile(filepath.Join("testdata/events/valid", string(kind)+".ndjson"))
		if err != nil {
			t.Fatal(err)
		}
		given := map[string]bool{}
		for line := range strings.Lines(string(text)) {
			if err := schema.Validate(jsonValue(t, line)); err != nil {
				t.Errorf("%s\n%v", line, err)
			}
			e := eventOf(t, line)
			if e.Kind != kind {
				t.Errorf("%s in %s", e.Kind, kind)
			}
			if _, err := e.Complete(time.Unix(0, 0)).Observe(); err != nil {
				t.Errorf("%s: %v", line, err)
			}
			for name := range jsonValue(t, line).(map[string]any) {
				given[name] = true
			}
		}
		for name := range schemaTree(t).Defs[string(kind)].Properties {
			if header := slices.Contains(headerNames(), name); !given[name] && !header {
				t.Errorf("no example gives %s.%s", kind, name)
			}
		}
	}
}

func TestInvalidFixturesFailSchemaAndDecoder(t *testing.T) {
	t.Parallel()
	schema := compiledSchema(t)
	files, err := filepath.Glob("testdata/events/invalid/*.json")
	if err != nil || len(files) < 40 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if schema.Validate(jsonValue(t, string(text))) == nil {
			t.Errorf("%s: the schema accepts it", file)
		}
		refused := false
		for item, err := range decode(string(text)) {
			refused = errors.Is(errors.Join(err, item.Err), evenkeel.ErrInvalid)
		}
		if !refused {
			t.Errorf("%s: the decoder accepts it", file)
		}
	}
}

// TestSchemaAndDecoderAgree takes members of valid events away, or puts other
// values in their place: schema and decoder accept and refuse the same.
func TestSchemaAndDecoderAgree(t *testing.T) {
	t.Parallel()
	schema := compiledSchema(t)
	values := []string{"", "null", "true", "false", "0", "-1", "1.5", "7", "1e400", `""`, `"x"`, `"X Y"`, `"2026-03-01T12:00:00Z"`, `"` + shaA + `"`, "[]", `[""]`, `["x"]`, "[null]", "{}", `{"x":"y"}`, `{"x":["y"]}`}
	accepted := 0
	for _, kind := range evenkeel.Kinds() {
		text, err := os.ReadFile(filepath.Join("testdata/events/valid", string(kind)+".ndjson"))
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			var members map[string]json.RawMessage
			if err := json.Unmarshal([]byte(line), &members); err != nil {
				t.Fatal(err)
			}
			for name, property := range schemaTree(t).Defs[string(kind)].Properties {
				tried := values
				if property.Items != nil || property.Properties != nil || property.PropertyNames != nil {
					tried = slices.Concat(values, innerValues())
				}
				for _, value := range tried {
					changed := maps.Clone(members)
					changed[name] = json.RawMessage(value)
					if value == "" {
						delete(changed, name)
					}
					accepted += agree(t, schema, changed)
				}
			}
		}
	}
	if accepted < 900 {
		t.Errorf("only %d variants were valid", accepted)
	}
}

// innerValues lists lists of slices and records, good and bad ones.
func innerValues() []string {
	values := []string{`{"passed":1,"failed":2,"skipped":3}`, `{"passed":1,"failed":2,"skipped":-3}`}
	for _, slice := range []string{
		`"good":1`, `"bad":0.5,"total":-0`, `"total":-1`, `"value":-2.5e3`, `"value":1e400`, `"value":null`, `"value":"1"`, `"good":1,"odd":1`,
		`"counts":{"on":1}`, `"counts":{"on":1,"off":0}`, `"counts":{}`, `"counts":{"":1}`, `"counts":{"on":-1}`, `"counts":{"on":0.5}`, `"counts":null`,
	} {
		values = append(values, `[{"at":"2026-03-01T12:00:00Z",`+slice+`}]`, `[{`+slice+`}]`)
	}
	for _, state := range []string{`"on":true`, `"on":null`, `"on":1`, `"shares":{"a":0.5,"b":1}`, `"shares":{"a":1.01}`, `"shares":{"a":-0.1}`, `"shares":{"":1}`, `"shares":{"a":"1"}`, `"shares":{}`, `"rules":""`} {
		values = append(values, "{"+state+"}", `{"passed":1,"failed":2,"skipped":3,`+state+"}")
	}
	return values
}

// agree counts 1 if both accept, 0 if both refuse.
func agree(t *testing.T, schema *jsonschema.Schema, members map[string]json.RawMessage) int {
	t.Helper()
	text, err := json.Marshal(members)
	if err != nil {
		t.Fatal(err)
	}
	var problem error
	for item, err := range decode(string(text)) {
		problem = errors.Join(err, item.Err)
	}
	bySchema := schema.Validate(jsonValue(t, string(text)))
	said := fmt.Sprint(problem)
	unsayable := strings.Contains(said, "is the commit itself") || strings.Contains(said, "is not the beginning of a slice") // No schema can say this.
	if (problem == nil) != (bySchema == nil) && !unsayable {
		t.Errorf("%s\ndecoder: %v\nschema: %v", text, problem, bySchema)
	}
	if problem == nil {
		return 1
	}
	return 0
}
