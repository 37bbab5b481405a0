package connectors

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/evenkeel-dev/evenkeel"
)

// CSVEvents reads the rows of a CSV file (RFC 4180, UTF-8, first line names
// the columns, plain or gzip) as events. It yields what [DecodeEvents] yields:
// items, of which broken ones say why and do not stop the reading, and at most
// one last error. That error is [evenkeel.FieldErrors] for an invalid mapping
// or a column that the file does not have, and a [*SyntaxError] for a file
// without a usable header. Item.Line is the line of the row's first cell.
//
// Empty cells are unknown, never cleared. Rows whose cells are all empty are
// skipped.
func CSVEvents(r io.Reader, m CSVMap, o EventOptions) iter.Seq2[Item, error] {
	o = o.withDefaults()
	return func(yield func(Item, error) bool) {
		plan, err := m.plan()
		if err != nil {
			yield(Item{}, err)
			return
		}
		in, err := open(r, o.MaxBytes)
		if err != nil {
			yield(Item{Line: 1}, err)
			return
		}
		bounded := &boundedRecords{r: in, max: int64(o.MaxEvent)}
		table := &csvTable{plan: plan, rows: csv.NewReader(bounded), bounded: bounded, source: firstText(plan.source, o.DefaultSource)}
		if err := table.header(); err != nil {
			yield(Item{Line: 1}, err)
			return
		}
		table.each(yield)
	}
}

// boundedRecords ends an input in which one record is too long, as after a
// quotation mark that is never closed.
type boundedRecords struct {
	r           io.Reader
	total, mark int64
	max         int64
}

// Read implements io.Reader.
func (b *boundedRecords) Read(p []byte) (int, error) {
	if b.total-b.mark > b.max {
		return 0, fmt.Errorf("%w: a record is longer than %d bytes; look for a quotation mark that is not closed", ErrTooLarge, b.max)
	}
	n, err := b.r.Read(p)
	b.total += int64(n)
	return n, err
}

// csvTable reads the rows of one file.
type csvTable struct {
	plan    *csvPlan
	rows    *csv.Reader
	bounded *boundedRecords
	source  string
	columns []string
	// line is where the row before began.
	line int
}

// header reads the first line and finds the mapped columns in it.
func (t *csvTable) header() error {
	t.rows.Comma = t.plan.comma
	t.rows.FieldsPerRecord = -1
	record, err := t.read()
	var parse *csv.ParseError
	switch {
	case errors.Is(err, io.EOF):
		return &SyntaxError{Line: 1, Column: 1, Rule: "the file is empty; its first line must name the columns"}
	case errors.As(err, &parse):
		return csvSyntax(parse)
	case err != nil:
		return err
	}
	for _, name := range record {
		if !utf8.ValidString(name) {
			return &SyntaxError{Line: 1, Column: 1, Rule: ruleNotUTF8}
		}
		t.columns = append(t.columns, strings.TrimSpace(name))
	}
	t.rows.ReuseRecord, t.line = true, 1
	return t.bind()
}

const ruleNotUTF8 = "is not UTF-8 (perhaps Latin-1 or Windows-1252); convert the file: iconv -f WINDOWS-1252 -t UTF-8"

// bind finds the place of every mapped column.
func (t *csvTable) bind() error {
	var broken evenkeel.FieldErrors
	look := func(field, column string) int {
		place, rule := t.place(column)
		if rule != "" {
			broken = append(broken, evenkeel.FieldError{Field: field, Rule: rule})
		}
		return place
	}
	for i, part := range t.plan.id {
		if part.column != "" {
			t.plan.id[i].place = look("id", part.column)
		}
	}
	for i, cell := range t.plan.cells {
		if cell.column != "" {
			t.plan.cells[i].place = look("fields."+cell.field, cell.column)
		}
	}
	if len(broken) > 0 {
		return broken
	}
	return nil
}

func (t *csvTable) place(column string) (int, string) {
	place := slices.Index(t.columns, column)
	if place < 0 {
		return 0, t.unknownColumn(column)
	}
	if next := slices.Index(t.columns[place+1:], column); next >= 0 {
		return 0, fmt.Sprintf("the file has two columns %s, the %d. and the %d.; rename one", shortQuote(column), place+1, place+next+2)
	}
	return place, ""
}

func (t *csvTable) unknownColumn(column string) string {
	rule := "the file has no column " + shortQuote(column)
	if len(t.columns) == 1 {
		for _, other := range []string{";", "\t", "|", ","} {
			if strings.Contains(t.columns[0], other) {
				return rule + "; its columns seem to be separated by " + shortQuote(other) + ", so set delimiter"
			}
		}
	}
	if near := nearest(column, t.columns); near != "" {
		return rule + "; did you mean " + shortQuote(near) + "?"
	}
	return rule + "; it has " + shorten([]byte(strings.Join(t.columns, ", ")))
}

func (t *csvTable) read() ([]string, error) {
	t.bounded.mark = t.bounded.total
	return t.rows.Read()
}

// each yields the rows.
func (t *csvTable) each(yield func(Item, error) bool) {
	for index := 0; ; {
		record, err := t.read()
		if errors.Is(err, io.EOF) {
			return
		}
		item := Item{Index: index}
		var parse *csv.ParseError
		switch {
		case errors.As(err, &parse):
			item.Line, item.Err = parse.StartLine, csvSyntax(parse)
		case err != nil:
			item.Line = t.line + 1
			yield(item, fmt.Errorf("after line %d: %w", t.line, err))
			return
		case allEmpty(record):
			continue
		default:
			item.Line, _ = t.rows.FieldPos(0)
			item.Event, item.Err = t.event(record, item.Line)
		}
		if !yield(item, nil) {
			return
		}
		t.line, index = item.Line, index+1
	}
}

func allEmpty(record []string) bool {
	return !slices.ContainsFunc(record, func(cell string) bool { return strings.TrimSpace(cell) != "" })
}

func csvSyntax(e *csv.ParseError) *SyntaxError {
	rule := "is not valid CSV: " + e.Err.Error()
	switch {
	case errors.Is(e.Err, csv.ErrBareQuote):
		rule = `a quotation mark stands inside a cell that is not quoted; quote the cell and write the mark twice`
	case errors.Is(e.Err, csv.ErrQuote) && e.Line > e.StartLine:
		return &SyntaxError{Line: e.StartLine, Column: 1, Rule: "a quoted cell that begins in this row never ends properly; close it with a quotation mark, and write a mark inside it twice"}
	case errors.Is(e.Err, csv.ErrQuote):
		rule = `a quoted cell does not end properly; close it with a quotation mark, and write a mark inside it twice`
	}
	return &SyntaxError{Line: e.Line, Column: e.Column, Rule: rule}
}
