package connectors

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// style is how the items of an input follow one another.
type style uint8

const (
	// styleLines is one object per line.
	styleLines style = iota
	// styleArray is a JSON array.
	styleArray
	// styleObjects is objects that are written over several lines.
	styleObjects
)

// piece is the text of one item, valid until the next one is read.
type piece struct {
	text []byte
	line int
	// column is where the text begins on its line, from 1.
	column int
	// tooLong says that the text was longer than allowed and is dropped.
	tooLong bool
}

// framer splits an input into items without interpreting them.
type framer struct {
	in    *bufio.Reader
	max   int
	style style
	// line and column say where the next byte stands, from 1.
	line, column int
	started      bool
	spill        []byte
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// detect finds the style from the beginning of the input.
func (f *framer) detect() error {
	f.column = 1
	c, err := f.skipSpace()
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		return err
	case c == '[':
		f.style = styleArray
		f.advance(1)
	case c == '{' && f.severalLines():
		f.style = styleObjects
	}
	return nil
}

// severalLines says that the first line opens an object that the next line
// goes on with, instead of beginning an object of its own.
func (f *framer) severalLines() bool {
	for size := 1; size <= inputBuffer; size = f.in.Buffered() + 1 {
		_, err := f.in.Peek(size)
		window, _ := f.in.Peek(f.in.Buffered())
		first, rest, found := bytes.Cut(window, []byte("\n"))
		rest = bytes.TrimLeft(rest, " \t\r\n")
		if found && len(rest) > 0 {
			return openObject(first) && rest[0] != '{'
		}
		if err != nil {
			return false
		}
	}
	return false
}

// openObject says that a line leaves an object open, and no string.
func openObject(line []byte) bool {
	var b balance
	for _, c := range line {
		b.step(c)
	}
	return b.depth > 0 && !b.inString
}

// balance follows brackets and strings through JSON text.
type balance struct {
	depth    int
	inString bool
	escaped  bool
}

// step takes one byte; it says whether a bracket closed the outermost value.
func (b *balance) step(c byte) bool {
	if b.inString {
		switch {
		case b.escaped:
			b.escaped = false
		case c == '\\':
			b.escaped = true
		case c == '"':
			b.inString = false
		}
		return false
	}
	switch c {
	case '"':
		b.inString = true
	case '{', '[':
		b.depth++
	case '}', ']':
		b.depth--
		return b.depth <= 0
	}
	return false
}

// next reads the next item; io.EOF says that there is none.
func (f *framer) next() (piece, error) {
	switch f.style {
	case styleArray:
		return f.nextElement()
	case styleObjects:
		if _, err := f.skipSpace(); err != nil {
			return piece{line: f.line}, err
		}
		return f.value()
	case styleLines:
	}
	return f.nextLine()
}

// nextLine reads the next line that is not blank.
func (f *framer) nextLine() (piece, error) {
	for {
		p, err := f.readLine()
		if err != nil {
			return p, err
		}
		text := bytes.TrimRight(p.text, " \t\r\n")
		trimmed := bytes.TrimLeft(text, " \t\r\n")
		if len(trimmed) == 0 && !p.tooLong {
			continue
		}
		p.column += len(text) - len(trimmed)
		p.text = trimmed
		return p, nil
	}
}

func (f *framer) readLine() (piece, error) {
	p := piece{line: f.line, column: f.column}
	f.spill = f.spill[:0]
	for {
		chunk, err := f.in.ReadSlice('\n')
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) && !errors.Is(err, io.EOF) {
			return p, err
		}
		if errors.Is(err, io.EOF) && len(chunk) == 0 && len(f.spill) == 0 && !p.tooLong {
			return p, io.EOF
		}
		whole := err == nil && len(f.spill) == 0
		if len(f.spill)+len(bytes.TrimRight(chunk, "\r\n")) > f.max {
			p.tooLong, f.spill = true, f.spill[:0]
		}
		switch {
		case p.tooLong:
		case whole:
			p.text = chunk
		default:
			f.spill = append(f.spill, chunk...)
			p.text = f.spill
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		f.line, f.column = f.line+1, 1
		return p, nil
	}
}

// nextElement reads the next element of an array.
func (f *framer) nextElement() (piece, error) {
	c, err := f.arraySpace()
	if err != nil {
		return piece{line: f.line}, err
	}
	if c == ']' && !f.started {
		f.advance(1)
		return piece{line: f.line}, f.end()
	}
	if f.started {
		if done, err := f.separator(c); done || err != nil {
			return piece{line: f.line}, err
		}
	}
	f.started = true
	return f.value()
}

// separator reads what follows an element. done says that the array ended.
func (f *framer) separator(c byte) (done bool, err error) {
	switch c {
	case ']':
		f.advance(1)
		return true, f.end()
	case ',':
		f.advance(1)
	default:
		return true, f.broken(fmt.Sprintf("%q stands between two elements; separate them with one comma", c))
	}
	if c, err = f.arraySpace(); err == nil && (c == ']' || c == ',') {
		return true, f.broken("an element is missing after the comma; take the comma away")
	}
	return false, err
}

func (f *framer) arraySpace() (byte, error) {
	c, err := f.skipSpace()
	if errors.Is(err, io.EOF) {
		return 0, f.broken("the input ends inside the array; its last ] is missing")
	}
	return c, err
}

// end reads what follows the array, which must be nothing.
func (f *framer) end() error {
	if _, err := f.skipSpace(); err != nil {
		return err
	}
	return f.broken("more text follows the array; put all events into it, or write one object per line")
}

func (f *framer) broken(rule string) error {
	return &SyntaxError{Line: f.line, Column: f.column, Rule: rule}
}

// value reads one JSON value up to its last bracket, or, for anything else, up
// to the next separator. A value that the input does not finish is returned as
// far as it goes; decoding reports it.
func (f *framer) value() (piece, error) {
	p := piece{line: f.line, column: f.column}
	f.spill = f.spill[:0]
	var v valueEnd
	for done := false; !done; {
		chunk, err := f.chunk()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return p, err
		}
		var n int
		n, done = v.find(chunk)
		if len(f.spill)+n > f.max {
			p.tooLong = true
		}
		if !p.tooLong {
			f.spill = append(f.spill, chunk[:n]...)
		}
		f.advance(n)
	}
	p.text = f.spill
	return p, nil
}

// valueEnd finds the end of a JSON value that arrives in chunks.
type valueEnd struct {
	balance

	begun, bracketed bool
}

// find is the length of the value's part in the chunk, and whether it ends there.
func (v *valueEnd) find(chunk []byte) (n int, done bool) {
	for i, c := range chunk {
		if v.begun && !v.bracketed && !v.inString && (isSpace(c) || c == ',' || c == ']' || c == '}') {
			return i, true
		}
		v.begun = true
		closed := v.step(c)
		v.bracketed = v.bracketed || v.depth > 0
		if closed {
			return i + 1, true
		}
	}
	return len(chunk), false
}

// chunk shows what is buffered, reading more if that is nothing.
func (f *framer) chunk() ([]byte, error) {
	if _, err := f.in.Peek(1); err != nil {
		return nil, err
	}
	return f.in.Peek(f.in.Buffered())
}

// skipSpace moves to the next byte that is not white space and shows it.
func (f *framer) skipSpace() (byte, error) {
	for {
		chunk, err := f.chunk()
		if err != nil {
			return 0, err
		}
		n := 0
		for n < len(chunk) && isSpace(chunk[n]) {
			n++
		}
		f.advance(n)
		if n < len(chunk) {
			return chunk[n], nil
		}
	}
}

// advance skips n bytes of the buffer.
func (f *framer) advance(n int) {
	chunk, _ := f.in.Peek(n)
	f.count(chunk)
	_, _ = f.in.Discard(n) // They are buffered; this cannot fail.
}

// count moves the position over some text.
func (f *framer) count(text []byte) {
	lines := bytes.Count(text, []byte("\n"))
	if lines == 0 {
		f.column += len(text)
		return
	}
	f.line += lines
	f.column = len(text) - bytes.LastIndexByte(text, '\n')
}
