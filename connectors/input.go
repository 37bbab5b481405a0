package connectors

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
)

const (
	inputBuffer = 64 << 10

	ruleUTF16 = "is UTF-16; save or convert it as UTF-8 (iconv -f UTF-16 -t UTF-8)"
	ruleZstd  = "is compressed with zstd; send it plain or with gzip"
)

// open prepares an input: it unpacks gzip, skips a byte order mark, refuses
// what is clearly not UTF-8 text and ends with ErrTooLarge after limit bytes.
func open(r io.Reader, limit int64) (*bufio.Reader, error) {
	raw := bufio.NewReaderSize(r, inputBuffer)
	head, err := raw.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read events: %w", err)
	}
	text := &capped{r: raw, left: limit, limit: limit}
	switch {
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		if text.r, err = gzip.NewReader(raw); err != nil {
			return nil, &SyntaxError{Line: 1, Column: 1, Rule: "is not readable gzip: " + err.Error()}
		}
		text.packed = true
	case bytes.HasPrefix(head, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		return nil, &SyntaxError{Line: 1, Column: 1, Rule: ruleZstd}
	}
	in := bufio.NewReaderSize(text, inputBuffer)
	return in, skipMark(in)
}

func skipMark(in *bufio.Reader) error {
	head, err := in.Peek(3)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		_, err = in.Discard(3)
		return err
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")), len(head) > 1 && (head[0] == 0) != (head[1] == 0):
		return &SyntaxError{Line: 1, Column: 1, Rule: ruleUTF16}
	}
	return nil
}

// capped ends an input with ErrTooLarge once more than limit bytes came.
type capped struct {
	r           io.Reader
	left, limit int64
	packed      bool
}

// Read implements io.Reader.
func (c *capped) Read(p []byte) (int, error) {
	if c.left < 0 {
		return 0, c.exceeded()
	}
	if int64(len(p)) > c.left+1 {
		p = p[:c.left+1]
	}
	n, err := c.r.Read(p)
	if c.left -= int64(n); c.left < 0 {
		return n - 1, c.exceeded()
	}
	if err != nil && !errors.Is(err, io.EOF) {
		err = c.describe(err)
	}
	return n, err
}

func (c *capped) exceeded() error {
	if c.packed {
		return fmt.Errorf("%w: it unpacks to more than %d bytes; send it in parts", ErrTooLarge, c.limit)
	}
	return fmt.Errorf("%w: it is longer than %d bytes; send it in parts", ErrTooLarge, c.limit)
}

func (c *capped) describe(err error) error {
	var corrupt flate.CorruptInputError
	broken := errors.As(err, &corrupt) || errors.Is(err, gzip.ErrChecksum) || errors.Is(err, gzip.ErrHeader) || errors.Is(err, io.ErrUnexpectedEOF)
	if !c.packed || !broken {
		return fmt.Errorf("read events: %w", err)
	}
	return &SyntaxError{Line: 1, Column: 1, Rule: "is damaged gzip (" + err.Error() + "); compress and send it again"}
}
