package openslo

import (
	"cmp"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	yaml "go.yaml.in/yaml/v3"

	"github.com/evenkeel-dev/evenkeel/slo"
)

// decoder fills the types of this package with YAML nodes, remembers the line
// of every field and reports what does not fit.
type decoder struct {
	file string
	// format is what the document is written in; empty is OpenSLO v1.
	format string
	lines  map[string]int
	lints  []Lint
}

func (d *decoder) lint(n *yaml.Node, severity Severity, field, text, fix string) {
	d.lints = append(d.lints, Lint{File: d.file, Line: max(1, n.Line), Field: field, Severity: severity, Text: text, Fix: fix})
}

// wrong reports a value of another form than the field has.
func (d *decoder) wrong(n *yaml.Node, field, fix string) {
	d.lint(n, Error, field, kindOf(n), fix)
}

// decode fills a value. What is null leaves it as it is.
func (d *decoder) decode(n *yaml.Node, into reflect.Value, field string) {
	if _, ok := d.lines[field]; !ok {
		d.lines[field] = n.Line
	}
	if isNull(n) {
		return
	}
	switch into.Kind() {
	case reflect.Pointer:
		into.Set(reflect.New(into.Type().Elem()))
		d.decode(n, into.Elem(), field)
	case reflect.Struct:
		d.object(n, into, field)
	case reflect.Slice:
		d.list(n, into, field)
	case reflect.Map:
		d.mapping(n, into, field)
	case reflect.Interface:
		if v := plain(n); v != nil {
			into.Set(reflect.ValueOf(v))
		}
	case reflect.Bool:
		d.boolean(n, into, field)
	default:
		d.text(n, into, field)
	}
}

// object fills a struct. A text in the place of an object is the member that
// stands for it, if there is one.
func (d *decoder) object(n *yaml.Node, into reflect.Value, field string) {
	fields := fieldsOf(into.Type())
	if n.Kind == yaml.ScalarNode && fields.scalar >= 0 {
		d.decode(n, into.Field(fields.scalar), field)
		return
	}
	if n.Kind != yaml.MappingNode {
		d.wrong(n, field, "write keys and values: "+strings.Join(fields.names, ", "))
		return
	}
	for key, value := range d.members(n, field) {
		at := slices.Index(fields.names, key.Value)
		if at < 0 {
			d.unknown(key, fields.names, field)
			continue
		}
		path := join(field, key.Value)
		d.lines[path] = key.Line
		d.decode(value, into.Field(fields.index[at]), path)
	}
}

// members are the keys and values of a mapping, without repeated keys.
func (d *decoder) members(n *yaml.Node, field string) func(func(key, value *yaml.Node) bool) {
	return func(yield func(key, value *yaml.Node) bool) {
		seen := map[string]int{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			key := n.Content[i]
			if key.Kind != yaml.ScalarNode {
				d.wrong(key, field, "write a text as the key")
				continue
			}
			if line, twice := seen[key.Value]; twice {
				d.lint(key, Error, join(field, key.Value), "is given twice, first in line "+strconv.Itoa(line), "remove one")
				continue
			}
			seen[key.Value] = key.Line
			if !yield(key, n.Content[i+1]) {
				return
			}
		}
	}
}

// unknown reports a key that the object does not have. One that is near a
// known key, or that has its place elsewhere, would be missed where it counts.
func (d *decoder) unknown(key *yaml.Node, known []string, field string) {
	path := join(field, key.Value)
	if best := nearest(key.Value, known); best != "" {
		d.lint(key, Error, path, "is no field of "+cmp.Or(d.format, "OpenSLO v1"), "did you mean "+quoted(best)+"?")
		return
	}
	if d.format != "" {
		d.lint(key, Warning, path, "is not known and is not carried over", "")
		return
	}
	if slices.Contains(countingFields(), key.Value) {
		d.lint(key, Error, path, "has its place elsewhere in the document and would have no effect here", "known here: "+strings.Join(known, ", "))
		return
	}
	d.tell(path, key, Warning, slo.Say("unknown_field", "is no field of OpenSLO v1 and has no effect"), "remove it, or write it as an annotation")
}

// countingFields are fields that decide about numbers.
func countingFields() []string {
	return []string{
		"budgetingMethod", "timeWindow", "objectives", "indicator", "indicatorRef", "duration", "isRolling", "calendar", "startTime",
		"timeZone", "op", "value", "target", "targetPercent", "timeSliceTarget", "timeSliceWindow", "compositeWeight", "ratioMetric",
		"thresholdMetric", "counter", "good", "bad", "total", "raw", "rawType", "service",
	}
}

// list fills a slice; a single text or object stands for a list of one.
func (d *decoder) list(n *yaml.Node, into reflect.Value, field string) {
	items := n.Content
	if n.Kind != yaml.SequenceNode {
		items = []*yaml.Node{n}
	}
	for i, item := range items {
		one := reflect.New(into.Type().Elem()).Elem()
		d.decode(item, one, field+"["+strconv.Itoa(i)+"]")
		into.Set(reflect.Append(into, one))
	}
}

func (d *decoder) mapping(n *yaml.Node, into reflect.Value, field string) {
	if n.Kind != yaml.MappingNode {
		d.wrong(n, field, "write keys and values")
		return
	}
	into.Set(reflect.MakeMap(into.Type()))
	for key, value := range d.members(n, field) {
		one := reflect.New(into.Type().Elem()).Elem()
		path := join(field, key.Value)
		d.lines[path] = key.Line
		d.decode(value, one, path)
		into.SetMapIndex(reflect.ValueOf(key.Value), one)
	}
}

func (d *decoder) boolean(n *yaml.Node, into reflect.Value, field string) {
	value, err := strconv.ParseBool(strings.ToLower(n.Value))
	if n.ShortTag() != "!!bool" || err != nil {
		d.wrong(n, field, "write true or false")
		return
	}
	into.SetBool(value)
}

// text takes the text of any scalar: numbers and dates as they are written.
func (d *decoder) text(n *yaml.Node, into reflect.Value, field string) {
	if n.Kind != yaml.ScalarNode {
		d.wrong(n, field, "write a text")
		return
	}
	into.SetString(n.Value)
}

// objectFields are the YAML names of a struct's fields and their indices.
type objectFields struct {
	names []string
	index []int
	// scalar is the index of the field that a plain text fills; -1 for none.
	scalar int
}

func fieldsOf(t reflect.Type) objectFields {
	fields := objectFields{scalar: -1}
	for i := range t.NumField() {
		tag, ok := t.Field(i).Tag.Lookup("yaml")
		if !ok {
			continue
		}
		name, _, _ := strings.Cut(tag, ",")
		fields.names, fields.index = append(fields.names, name), append(fields.index, i)
		if t.Field(i).Tag.Get("scalar") != "" {
			fields.scalar = i
		}
	}
	return fields
}

// plain is a value of any form: maps by text, lists, texts, numbers, booleans
// and nil. A whole number is an int64; a number that neither int64 nor float64
// holds, and a date, is a text.
func plain(n *yaml.Node) any {
	switch n.Kind {
	case yaml.MappingNode:
		m := make(map[string]any, len(n.Content)/2)
		for i := 0; i+1 < len(n.Content); i += 2 {
			if _, twice := m[n.Content[i].Value]; !twice {
				m[n.Content[i].Value] = plain(n.Content[i+1])
			}
		}
		return m
	case yaml.SequenceNode:
		list := make([]any, len(n.Content))
		for i, one := range n.Content {
			list[i] = plain(one)
		}
		return list
	}
	return plainScalar(n)
}

func plainScalar(n *yaml.Node) any {
	switch n.ShortTag() {
	case "!!null":
		return nil
	case "!!bool":
		return strings.EqualFold(n.Value, "true")
	case "!!int":
		if i, err := strconv.ParseInt(n.Value, 10, 64); err == nil {
			return i
		}
	case "!!float":
		f, err := strconv.ParseFloat(n.Value, 64)
		if err == nil && !math.IsInf(f, 0) && !math.IsNaN(f) {
			const exact = 1 << 53
			if f == math.Trunc(f) && math.Abs(f) < exact {
				return int64(f)
			}
			return f
		}
	}
	return n.Value
}

func join(field, key string) string {
	if field == "" {
		return key
	}
	return field + "." + key
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }

// kindOf says what a value is, for a message that wants something else.
func kindOf(n *yaml.Node) string {
	switch n.Kind {
	case yaml.SequenceNode:
		return "is a list"
	case yaml.MappingNode:
		return "is a mapping"
	}
	return quoted(n.Value) + " is not of the form that is wanted"
}
