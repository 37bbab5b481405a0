package connectors

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/evenkeel-dev/evenkeel"
)

// EncodeEvents writes events as NDJSON, one per line, which [DecodeEvents]
// reads back as equal values. An event that the format cannot hold stops it
// with an error that wraps ErrInvalid and names the event; the events before
// it are written.
func EncodeEvents(w io.Writer, events []evenkeel.Event) error {
	out := bufio.NewWriterSize(w, inputBuffer)
	var line []byte
	for i, event := range events {
		var err error
		if line, err = appendEvent(line[:0], event); err != nil {
			err = errors.Join(err, out.Flush())
			return fmt.Errorf("event %d (%s %s): %w", i, event.Kind, shortQuote(event.ID), err)
		}
		if _, err = out.Write(line); err != nil {
			return fmt.Errorf("write events: %w", err)
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write events: %w", err)
	}
	return nil
}

func appendEvent(line []byte, e evenkeel.Event) ([]byte, error) {
	if err := encodable(e); err != nil {
		return nil, err
	}
	fields, err := json.Marshal(e.Payload, json.Deterministic(true))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", evenkeel.ErrInvalid, err)
	}
	line = appendText(append(line, `{"kind":`...), string(e.Kind))
	line = appendText(append(line, `,"id":`...), e.ID)
	line = appendText(append(line, `,"source":`...), e.Source)
	if !e.ObservedAt.IsZero() {
		line = append(append(line, `,"observed_at":"`...), e.ObservedAt.UTC().Format(time.RFC3339Nano)...)
		line = append(line, '"')
	}
	if e.Deleted {
		line = append(line, `,"deleted":true`...)
	}
	if e.Final {
		line = append(line, `,"final":true`...)
	}
	if len(fields) > len("{}") {
		line = append(append(line, ','), fields[1:len(fields)-1]...)
	}
	for _, name := range e.Cleared {
		line = append(appendText(append(line, ','), name), ":null"...)
	}
	return append(line, '}', '\n'), nil
}

func appendText(line []byte, text string) []byte {
	line, _ = jsontext.AppendQuote(line, text) // Valid UTF-8; see encodable.
	return line
}

// encodable reports what would not be read back.
func encodable(e evenkeel.Event) error {
	if e.Payload == nil || e.Payload.Kind() != e.Kind {
		return evenkeel.FieldErrors{{Field: "kind", Rule: "does not match the payload"}}
	}
	if err := e.Validate(); err != nil {
		return err
	}
	var broken evenkeel.FieldErrors
	s, v := shapes()[e.Kind], reflect.ValueOf(e.Payload).Elem()
	for i, name := range e.Cleared {
		place, known := s.places[name]
		switch {
		case !known || s.members[place].required:
			broken = append(broken, evenkeel.FieldError{Field: name, Rule: "cannot be cleared"})
		case !v.Field(s.members[place].index).IsZero():
			broken = append(broken, evenkeel.FieldError{Field: name, Rule: "has a value and is cleared; take one of them away"})
		case slices.Contains(e.Cleared[:i], name):
			broken = append(broken, evenkeel.FieldError{Field: name, Rule: "is cleared twice"})
		}
	}
	for _, m := range s.members {
		if m.shape.form != formText || m.shape.role != roleRepository {
			continue
		}
		if _, rule := roleRepository.normal(v.Field(m.index).String()); rule != "" {
			broken = append(broken, evenkeel.FieldError{Field: m.name, Rule: rule})
		}
	}
	if change, ok := e.Payload.(*evenkeel.Change); ok {
		for i, review := range change.Reviews {
			if review.At.IsZero() {
				broken = append(broken, evenkeel.FieldError{Field: fieldPath([]step{{name: "reviews"}, {index: i}, {name: "at"}}), Rule: "is required"})
			}
		}
	}
	if len(broken) > 0 {
		return broken
	}
	return nil
}
