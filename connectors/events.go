package connectors

import (
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/evenkeel-dev/evenkeel"
)

// The limits that hold where [EventOptions] states none.
const (
	// DefaultMaxEvent is the largest single event or CSV record, in bytes.
	DefaultMaxEvent = 1 << 20
	// DefaultMaxBytes is the largest input, in bytes after decompression.
	DefaultMaxBytes = 1 << 30
	// DefaultMaxDepth is the deepest nesting of one event; real events need 4.
	DefaultMaxDepth = 32
)

// ErrTooLarge says that an input is larger, after decompression, than its
// reader accepts. It wraps ErrInvalid.
var ErrTooLarge = fmt.Errorf("%w: input is too large", evenkeel.ErrInvalid)

// EventOptions limits and completes what is read. The zero value is ready to
// use.
type EventOptions struct {
	// DefaultSource is the source of events that name none; if it is empty
	// too, such events are refused.
	DefaultSource string
	// MaxEvent is the largest single event (or CSV record) in bytes; 0 is
	// DefaultMaxEvent.
	MaxEvent int
	// MaxBytes is the largest whole input in bytes, counted after
	// decompression; 0 is DefaultMaxBytes.
	MaxBytes int64
	// MaxDepth is the deepest nesting of one event; 0 is DefaultMaxDepth.
	MaxDepth int
}

func (o EventOptions) withDefaults() EventOptions {
	if o.MaxEvent <= 0 {
		o.MaxEvent = DefaultMaxEvent
	}
	if o.MaxBytes <= 0 {
		o.MaxBytes = DefaultMaxBytes
	}
	if o.MaxDepth <= 0 {
		o.MaxDepth = DefaultMaxDepth
	}
	return o
}

// Item is one event of an input, or the reason why it is none.
type Item struct {
	// Index counts the items of the input from 0, broken ones included.
	Index int
	// Line is the line on which the item begins, from 1.
	Line int
	// Event is valid but for ObservedAt, which may still be zero; see
	// [evenkeel.Event.Complete]. Where Err is set it holds no more than the
	// kind and the id, as far as they are known.
	Event evenkeel.Event
	// Err is nil, an [evenkeel.FieldErrors] for an event that breaks rules, or
	// a [*SyntaxError] for text that is no event. It wraps ErrInvalid.
	Err error
}

// SyntaxError says where and why a text could not be read. It wraps
// ErrInvalid.
type SyntaxError struct {
	// Line and Column count from 1; Column counts bytes.
	Line, Column int
	// Rule says what is wrong and what to write instead.
	Rule string

	// lost says that nobody knows where the next item begins.
	lost bool
}

// Error names line, column and rule.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Rule)
}

// Unwrap makes errors.Is(err, ErrInvalid) true.
func (*SyntaxError) Unwrap() error { return evenkeel.ErrInvalid }

// DecodeEvents reads neutral events: one JSON object, a JSON array of
// objects, or one object per line (NDJSON), each plain or compressed with
// gzip, in UTF-8 with or without a byte order mark. Which of them r holds is
// found out from its beginning.
//
// Every item is yielded with a nil error, also a broken one, whose Item.Err
// says why; reading goes on with the next item. A non-nil error is the last
// thing yielded and says that the rest of the input was not read: a
// [*SyntaxError] where the input cannot be split into items any more (as after
// a broken array element; the Item tells which), [ErrTooLarge] where MaxBytes
// is exceeded, else the error of r. An empty input yields nothing.
//
// Memory use is bounded by MaxEvent, whatever r holds.
func DecodeEvents(r io.Reader, o EventOptions) iter.Seq2[Item, error] {
	o = o.withDefaults()
	return func(yield func(Item, error) bool) {
		in, err := open(r, o.MaxBytes)
		if err != nil {
			yield(Item{Line: 1}, err)
			return
		}
		f := &framer{in: in, max: o.MaxEvent, line: 1}
		d := newItemDecoder(o)
		if err = f.detect(); err != nil {
			yield(Item{Line: 1}, err)
			return
		}
		f.each(d, yield)
	}
}

// each yields the items that the framer finds.
func (f *framer) each(d *itemDecoder, yield func(Item, error) bool) {
	for index := 0; ; index++ {
		piece, err := f.next()
		if errors.Is(err, io.EOF) {
			return
		}
		item := Item{Index: index, Line: piece.line}
		if err != nil {
			yield(item, err)
			return
		}
		item.Event, item.Err = d.decode(piece)
		var syntax *SyntaxError
		if f.style != styleLines && errors.As(item.Err, &syntax) && syntax.lost {
			yield(item, syntax)
			return
		}
		if !yield(item, nil) {
			return
		}
	}
}
