package connectors

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/evenkeel-dev/evenkeel"
)

// itemDecoder turns the text of one item into an event. It is reused from item
// to item.
type itemDecoder struct {
	source   string
	maxEvent int
	maxDepth int

	text   []byte
	buffer bytes.Buffer
	json   *jsontext.Decoder
	kinds  *jsontext.Decoder

	event   evenkeel.Event
	shape   *shape
	payload reflect.Value
	// named says that the event has a member "kind"; resolved that it was
	// looked for, wherever in the event it stands.
	named, resolved bool
	path            []step
	problems        mistakes
	// err ends the item: its text is not JSON, or not an object.
	err   error
	words words
}

// step is one part of the path to the value being read.
type step struct {
	name  string
	index int
	key   bool
}

func newItemDecoder(o EventOptions) *itemDecoder {
	return &itemDecoder{
		source: o.DefaultSource, maxEvent: o.MaxEvent, maxDepth: o.MaxDepth,
		json: new(jsontext.Decoder), kinds: new(jsontext.Decoder), words: words{},
	}
}

// decode reads one item. The error is nil, FieldErrors or a *SyntaxError.
func (d *itemDecoder) decode(p piece) (evenkeel.Event, error) {
	if p.tooLong {
		return evenkeel.Event{}, &SyntaxError{Line: p.line, Column: p.column, Rule: fmt.Sprintf("the event is longer than %d bytes; send less in one event", d.maxEvent)}
	}
	d.begin(p.text)
	d.object()
	if d.err != nil {
		return evenkeel.Event{}, d.locate(p)
	}
	d.finish()
	return d.problems.judge(d.event)
}

func (d *itemDecoder) begin(text []byte) {
	d.text = text
	d.buffer = *bytes.NewBuffer(text)
	d.json.Reset(&d.buffer)
	d.event = evenkeel.Event{Source: d.source}
	d.shape, d.payload, d.named, d.resolved = nil, reflect.Value{}, false, false
	d.path, d.problems, d.err = d.path[:0], mistakes{}, nil
}

func (d *itemDecoder) object() {
	if kind := d.json.PeekKind(); kind != '{' {
		if _, err := d.json.ReadValue(); err != nil {
			d.err = err
			return
		}
		d.err = &SyntaxError{Column: 1, Rule: "is " + kindName(kind) + "; an event is one JSON object"}
		return
	}
	d.token()
	d.path = append(d.path, step{})
	var seen uint64
	for d.more('}') {
		d.topMember(&seen)
	}
	d.path = d.path[:0]
	d.token()
	if d.err != nil {
		return
	}
	d.missing(d.shape, seen)
	if rest := bytes.TrimLeft(d.text[d.json.InputOffset():], " \t\r\n"); len(rest) > 0 {
		d.err = &SyntaxError{Column: len(d.text) - len(rest) + 1, Rule: "more text follows the object; write one object per line"}
	}
}

// topMember reads one member of the event itself.
func (d *itemDecoder) topMember(seen *uint64) {
	raw := d.raw()
	if d.err != nil {
		return
	}
	name := d.unquoted(raw)
	switch string(name) {
	case "kind":
		d.path[0].name = "kind"
		d.setKind(d.string())
	case "id":
		d.path[0].name = "id"
		d.event.ID = string(d.filled(d.string()))
	case "source":
		d.path[0].name = "source"
		d.event.Source = d.words.keep(d.filled(d.string()))
	case "schema":
		d.path[0].name = "schema"
		d.schema()
	case "observed_at":
		d.path[0].name = "observed_at"
		d.event.ObservedAt = d.instant()
	case "deleted":
		d.path[0].name = "deleted"
		d.event.Deleted = d.boolean()
	case "final":
		d.path[0].name = "final"
		d.event.Final = d.boolean()
	default:
		d.payloadMember(name, seen)
	}
}

func (d *itemDecoder) payloadMember(name []byte, seen *uint64) {
	d.findKind()
	if d.shape == nil {
		d.skip()
		return
	}
	place, known := d.shape.places[string(name)]
	if !known {
		d.path[0].name = shorten(name)
		d.unknown(string(name), d.shape, true)
		return
	}
	m := &d.shape.members[place]
	d.path[0].name = m.name
	*seen |= 1 << place
	if d.json.PeekKind() == 'n' {
		d.null(m)
		return
	}
	d.value(m.shape, d.payload.Field(m.index))
}

// unknown reports a name that the record does not have, and skips its value.
func (d *itemDecoder) unknown(name string, s *shape, top bool) {
	rule := ""
	if !d.problems.full() { // Looking for near names is not free.
		rule = unknownMember(name, s, d.event.Kind, top)
	}
	d.problem(rule)
	d.skip()
}

func (d *itemDecoder) null(m *member) {
	d.token()
	switch {
	case m.required:
		d.problem("is required and cannot be cleared with null")
	case d.event.Kind.IsSeries():
		d.problem("cannot be cleared with null; leave it out")
	default:
		d.event.Cleared = append(d.event.Cleared, m.name)
	}
}

// findKind makes sure that the kind is known before the first member that
// depends on it is read.
func (d *itemDecoder) findKind() {
	if d.resolved {
		return
	}
	d.resolved = true
	buffer := bytes.NewBuffer(d.text)
	d.kinds.Reset(buffer)
	if _, err := d.kinds.ReadToken(); err != nil {
		return
	}
	for d.kinds.PeekKind() == '"' {
		name, err := d.kinds.ReadValue()
		if err != nil {
			return
		}
		isKind := string(d.unquoted(name)) == "kind"
		value, err := d.kinds.ReadValue()
		if err != nil {
			return
		}
		if isKind {
			if value.Kind() == '"' {
				d.prepare(evenkeel.Kind(d.unquoted(value)))
			}
			return
		}
	}
}

func (d *itemDecoder) prepare(kind evenkeel.Kind) {
	s, known := shapes()[kind]
	if !known {
		return
	}
	d.event.Kind, d.shape = kind, s
	d.event.Payload = evenkeel.NewPayload(kind)
	d.payload = reflect.ValueOf(d.event.Payload).Elem()
}

func (d *itemDecoder) setKind(text []byte, ok bool) {
	d.named = true
	if !d.resolved && ok {
		d.prepare(evenkeel.Kind(text))
	}
	d.resolved = true
	if d.shape == nil && ok {
		d.problem(unknownKind(string(text)))
	}
}

func (d *itemDecoder) schema() {
	if d.json.PeekKind() != '0' {
		d.mismatch("the number 1")
		return
	}
	if raw := d.raw(); d.err == nil && string(raw) != strconv.Itoa(evenkeel.EventSchema) {
		d.problem(fmt.Sprintf("%s is not supported; this program reads version %d", shorten(raw), evenkeel.EventSchema))
	}
}

func (d *itemDecoder) boolean() bool {
	kind := d.json.PeekKind()
	if kind != 't' && kind != 'f' {
		d.mismatch("true or false")
		return false
	}
	d.token()
	return kind == 't'
}

// finish applies the rules that concern the event as a whole.
func (d *itemDecoder) finish() {
	if !d.named {
		d.problems.add("kind", "is required; "+kindList())
	}
	if d.event.Payload != nil {
		d.problems.merge(d.event.Validate(), func(string) string { return "" })
	}
}

// missing reports required members of a record that did not appear.
func (d *itemDecoder) missing(s *shape, seen uint64) {
	if s == nil {
		return
	}
	for i := range s.members {
		if s.members[i].required && seen&(1<<i) == 0 {
			d.path = append(d.path, step{name: s.members[i].name})
			rule := "is required"
			if list := s.members[i].shape; list.form == formList && !list.filled {
				rule += "; [] if there are none"
			}
			d.problem(rule)
			d.path = d.path[:len(d.path)-1]
		}
	}
}

// problem notes what is wrong with the current value.
func (d *itemDecoder) problem(rule string) { d.problems.add(fieldPath(d.path), rule) }

// fieldPath writes a path the way the root package does: commits[2].sha.
func fieldPath(path []step) string {
	var out []byte
	for _, s := range path {
		switch {
		case s.key:
			out = append(strconv.AppendQuote(append(out, '['), shorten([]byte(s.name))), ']')
		case s.name != "":
			if len(out) > 0 {
				out = append(out, '.')
			}
			out = append(out, shorten([]byte(s.name))...)
		default:
			out = append(strconv.AppendInt(append(out, '['), int64(s.index), 10), ']')
		}
	}
	return string(out)
}

// locate turns the error that ended an item into a SyntaxError with its place
// in the input.
func (d *itemDecoder) locate(p piece) error {
	if own, ok := errors.AsType[*SyntaxError](d.err); ok {
		line, column := position(p, own.Column-1)
		return &SyntaxError{Line: line, Column: column, Rule: own.Rule}
	}
	at, rule, lost := explain(d.err, p.text)
	line, column := position(p, at)
	return &SyntaxError{Line: line, Column: column, Rule: rule, lost: lost}
}

// explain says where in a text the JSON reader stopped and why; lost says
// that the text is so broken that its end is not certain either.
func explain(err error, text []byte) (offset int, rule string, lost bool) {
	var syntax *jsontext.SyntacticError
	if !errors.As(err, &syntax) || errors.Is(syntax.Err, io.ErrUnexpectedEOF) {
		return len(text), "the text ends before the event does; send the whole object", true
	}
	offset = int(syntax.ByteOffset)
	switch {
	case errors.Is(syntax.Err, jsontext.ErrDuplicateName):
		return offset, "the name " + shortQuote(syntax.JSONPointer.LastToken()) + " appears twice in one object; keep one of them", false
	case !utf8.Valid(text):
		return offset, "is not valid UTF-8; convert the text", false
	case offset < len(text) && text[offset] == ',':
		return offset, "is not valid JSON: no member or value belongs to this comma; take it away", true
	}
	return offset, "is not valid JSON: " + syntax.Err.Error(), true
}

func position(p piece, offset int) (line, column int) {
	before := p.text[:min(max(offset, 0), len(p.text))]
	lines := bytes.Count(before, []byte("\n"))
	if lines == 0 {
		return p.line, p.column + len(before)
	}
	return p.line + lines, len(before) - bytes.LastIndexByte(before, '\n')
}

// words keeps one copy of texts that many events repeat.
type words map[string]string

const (
	maxWords      = 4096
	maxWordLength = 128
)

func (w words) keep(text []byte) string {
	if len(text) > maxWordLength {
		return string(text)
	}
	if kept, ok := w[string(text)]; ok {
		return kept
	}
	if len(w) >= maxWords {
		clear(w)
	}
	kept := string(text)
	w[kept] = kept
	return kept
}
