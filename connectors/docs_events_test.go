package connectors_test

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
)

func eventsPage(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../docs/events.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// block is a fenced part of a page.
type block struct{ language, text string }

func blocks(page string) []block {
	var found []block
	var open *block
	for line := range strings.Lines(page) {
		fence, isFence := strings.CutPrefix(strings.TrimSpace(line), "```")
		switch {
		case isFence && open == nil:
			open = &block{language: fence}
		case isFence:
			found, open = append(found, *open), nil
		case open != nil:
			open.text += line
		}
	}
	return found
}

func TestEventsPageExamplesAreValid(t *testing.T) {
	t.Parallel()
	schema := compiledSchema(t)
	kinds := map[evenkeel.Kind]bool{}
	for _, b := range blocks(eventsPage(t)) {
		if b.language != "json" && b.language != "ndjson" {
			continue
		}
		items := 0
		for item, err := range decode(b.text) {
			if err := errors.Join(err, item.Err); err != nil {
				t.Errorf("%s\n%v", b.text, err)
			}
			kinds[item.Event.Kind] = true
			items++
		}
		if items == 0 {
			t.Errorf("no event in %s", b.text)
		}
		texts := []string{b.text}
		if b.language == "ndjson" {
			texts = slices.Collect(strings.Lines(b.text))
		}
		for _, text := range texts {
			value := jsonValue(t, text)
			list, isList := value.([]any)
			if !isList {
				list = []any{value}
			}
			for _, one := range list {
				if err := schema.Validate(one); err != nil {
					t.Errorf("%s\n%v", text, err)
				}
			}
		}
	}
	for _, kind := range evenkeel.Kinds() {
		if !kinds[kind] {
			t.Errorf("no example of %s", kind)
		}
	}
}

// TestEventsPageFoldingExample holds the page to what it says of its example.
func TestEventsPageFoldingExample(t *testing.T) {
	t.Parallel()
	var text string
	for _, b := range blocks(eventsPage(t)) {
		if strings.Contains(b.text, "INC-9") {
			text = b.text
		}
	}
	var kept []evenkeel.Observation
	for item, err := range decode(text) {
		o, observed := item.Event.Complete(item.Event.ObservedAt).Observe()
		if err := errors.Join(err, item.Err, observed); err != nil {
			t.Fatal(err)
		}
		kept = append(kept, o)
	}
	if len(kept) != 3 {
		t.Fatalf("%d events", len(kept))
	}
	for _, order := range [][]int{{0, 1, 2}, {2, 1, 0}, {1, 2, 0}} {
		fields, deleted, err := evenkeel.Fold([]evenkeel.Observation{kept[order[0]], kept[order[1]], kept[order[2]]})
		if want := `{"application":"checkout","opened_at":"2026-03-02T09:55:00Z"}`; err != nil || deleted || string(fields) != want {
			t.Errorf("order %v: %s, deleted %v, %v", order, fields, deleted, err)
		}
	}
}

func TestEventsPageCSVExampleIsValid(t *testing.T) {
	t.Parallel()
	var table, mapping string
	for _, b := range blocks(eventsPage(t)) {
		switch b.language {
		case "csv":
			table = b.text
		case "yaml":
			mapping = b.text
		}
	}
	got := outline(connectors.CSVEvents(strings.NewReader(table), csvMap(t, mapping), connectors.EventOptions{}))
	if diff := cmp.Diff([]string{"0 line 2 ok deployment checkout-118", "1 line 3 ok deployment payment-57"}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestEventsPageTablesMatchTheSchema: the page describes every member with
// the words of the schema.
func TestEventsPageTablesMatchTheSchema(t *testing.T) {
	t.Parallel()
	page := eventsPage(t)
	tree := schemaTree(t)
	compareTable(t, page, "Members of every event", payloadType("deployment"), tree.Defs["deployment"], headerNames())
	for _, kind := range evenkeel.Kinds() {
		node := tree.Defs[string(kind)]
		compareTable(t, page, string(kind), payloadType(kind), node, jsonNames(payloadType(kind)))
	}
}

func compareTable(t *testing.T, page, heading string, typ reflect.Type, node schemaNode, names []string) {
	t.Helper()
	_, section, found := strings.Cut(page, "\n### "+heading+"\n")
	section, _, _ = strings.Cut(section, "\n#")
	var got []string
	for line := range strings.Lines(section) {
		if strings.HasPrefix(line, "| `") {
			got = append(got, strings.TrimSpace(line))
		}
	}
	if diff := cmp.Diff(tableRows(typ, node, "", names), got); diff != "" || !found {
		t.Errorf("%s (-schema +page)\n%s\nthe schema says\n%s", heading, diff, strings.Join(tableRows(typ, node, "", names), "\n"))
	}
}

func tableRows(typ reflect.Type, node schemaNode, prefix string, names []string) []string {
	var rows []string
	for _, name := range names {
		property := node.Properties[name]
		required := ""
		if slices.Contains(node.Required, name) {
			required = "yes"
		}
		rows = append(rows, fmt.Sprintf("| `%s%s` | %s | %s | %s |", prefix, name, typeWords(property), required, property.Description))
		inner, path := property, prefix+name+"."
		if property.Items != nil {
			inner, path = *property.Items, prefix+name+"[]."
		}
		if inner.Properties != nil {
			rows = append(rows, tableRows(innerType(typ, name), inner, path, jsonNames(innerType(typ, name)))...)
		}
	}
	return rows
}

// typeWords says what a value is in the words of the page.
func typeWords(node schemaNode) string {
	main := fmt.Sprint(node.Type)
	if list, ok := node.Type.([]any); ok {
		main = fmt.Sprint(list[0])
	}
	switch {
	case node.Const == "deployment":
		return "name of a kind"
	case node.Const != nil:
		return fmt.Sprintf("`%v`", node.Const)
	case node.Enum != nil && main != "integer":
		var values []string
		for _, v := range node.Enum {
			if v != nil {
				values = append(values, fmt.Sprintf("`%v`", v))
			}
		}
		return strings.Join(values, ", ")
	case node.Format == "date-time":
		return "time"
	case node.Not != nil:
		return "repository"
	case strings.Contains(node.Pattern, "a-fA-F"):
		return "commit id"
	case strings.HasPrefix(node.Pattern, "^[a-z0-9]"):
		return "slug"
	case main == "array":
		return "list of " + typeWords(*node.Items) + "s"
	case node.PropertyNames != nil:
		return "object by name"
	}
	return map[string]string{"integer": "whole number", "number": "number", "boolean": "true or false", "object": "object", "string": "text"}[main]
}
