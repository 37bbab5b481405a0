package connectors

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/evenkeel-dev/evenkeel"
)

// event makes the event of one row.
func (t *csvTable) event(record []string, line int) (evenkeel.Event, error) {
	if len(record) != len(t.columns) {
		return evenkeel.Event{}, &SyntaxError{Line: line, Column: 1, Rule: fmt.Sprintf("the row has %d cells, the header %d; look for a delimiter that is not quoted", len(record), len(t.columns))}
	}
	for i, cell := range record {
		if !utf8.ValidString(cell) {
			at, column := t.rows.FieldPos(i)
			return evenkeel.Event{}, &SyntaxError{Line: at, Column: column, Rule: ruleNotUTF8}
		}
	}
	row := csvRow{table: t, record: record}
	row.event = evenkeel.Event{Kind: t.plan.kind, Source: t.source, Payload: evenkeel.NewPayload(t.plan.kind)}
	row.id()
	row.fill(reflect.ValueOf(row.event.Payload).Elem())
	row.check()
	return row.problems.judge(row.event)
}

// csvRow is one row on its way to an event.
type csvRow struct {
	table    *csvTable
	record   []string
	event    evenkeel.Event
	problems mistakes
}

func (r *csvRow) add(field, column, rule string) {
	r.problems.add(field, columnPrefix(column)+rule)
}

func columnPrefix(column string) string {
	if column == "" {
		return ""
	}
	return "column " + shortQuote(column) + ": "
}

func (r *csvRow) id() {
	var id bytes.Buffer
	for _, part := range r.table.plan.id {
		if part.column == "" {
			id.WriteString(part.text)
			continue
		}
		cell := strings.TrimSpace(r.record[part.place])
		if r.table.plan.missing[cell] {
			r.add("id", part.column, "is empty; every row needs an id")
		}
		id.WriteString(cell)
	}
	r.event.ID = id.String()
}

func (r *csvRow) fill(payload reflect.Value) {
	for i := range r.table.plan.cells {
		cell := &r.table.plan.cells[i]
		text, known := r.text(cell)
		if !known {
			continue
		}
		if rule := cell.set(r.target(cell, payload), text); rule != "" {
			r.add(cell.field, cell.column, rule)
		}
	}
	r.incomplete(payload)
}

// text is what the row says of a member; known is false if it says nothing.
func (r *csvRow) text(cell *csvCell) (text string, known bool) {
	if cell.column == "" {
		return cell.fixed, true
	}
	text = strings.TrimSpace(r.record[cell.place])
	if r.table.plan.missing[text] {
		return "", cell.required && cell.shape.form == formList
	}
	if cell.values == nil {
		return text, true
	}
	to, listed := cell.values[text]
	if !listed {
		r.add(cell.field, cell.column, "values does not list "+shortQuote(text)+"; add it to the mapping, or to missing if it means unknown")
	}
	return to, listed
}

func (r *csvRow) target(cell *csvCell, payload reflect.Value) reflect.Value {
	if cell.outer < 0 {
		return reflect.ValueOf(&r.event.ObservedAt).Elem()
	}
	v := payload.Field(cell.outer)
	if cell.inner < 0 {
		return v
	}
	if v.IsNil() {
		v.Set(reflect.New(v.Type().Elem()))
	}
	return v.Elem().Field(cell.inner)
}

// incomplete reports records of which the row does not give every required
// member: the others are unknown, and must not be read as 0.
func (r *csvRow) incomplete(payload reflect.Value) {
	for i := range r.table.plan.cells {
		cell := &r.table.plan.cells[i]
		if cell.inner < 0 || !cell.required || cell.column == "" || payload.Field(cell.outer).IsNil() {
			continue
		}
		if r.table.plan.missing[strings.TrimSpace(r.record[cell.place])] {
			r.add(cell.field, cell.column, "is empty, while other members of the same record are given; give all or none")
		}
	}
}

// check applies the rules of the kind and says which columns they concern.
func (r *csvRow) check() {
	r.problems.merge(r.event.Validate(), func(field string) string {
		return columnPrefix(r.table.plan.column(field))
	})
}

// column is the column that a field such as parents[0] comes from.
func (p *csvPlan) column(field string) string {
	name, _, _ := strings.Cut(field, "[")
	for _, cell := range p.cells {
		if cell.field == name {
			return cell.column
		}
	}
	return ""
}
