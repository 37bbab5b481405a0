package server

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/labstack/echo/v4"

	"github.com/evenkeel-dev/evenkeel"
)

const (
	// hookReadTimeout is how long the body of a delivery may take to arrive.
	hookReadTimeout = 10 * time.Second
	// maxHookMemory is the most bytes of bodies that are held at once.
	maxHookMemory = 256 << 20
	// firstHookBuffer is the most that a body's announced length reserves.
	firstHookBuffer = 64 << 10
)

// memory bounds the bytes of bodies that all requests hold together.
type memory struct{ used atomic.Int64 }

// lease is what one request holds of it.
type lease struct {
	of    *memory
	bytes int64
}

func (m *memory) lease() *lease { return &lease{of: m} }

// take says whether n more bytes may be held.
func (l *lease) take(n int) bool {
	if l.of.used.Add(int64(n)) > maxHookMemory {
		l.of.used.Add(int64(-n))
		return false
	}
	l.bytes += int64(n)
	return true
}

func (l *lease) end() { l.of.used.Add(-l.bytes) }

// readHook reads the body of a request as it was sent, up to the limit of its
// source and within the time a body may take.
func (s *Server) readHook(c echo.Context, h *hook) ([]byte, error) {
	request := c.Request()
	if request.ContentLength > h.source.MaxBody {
		return nil, s.refuseHook(c, h, errTooLarge)
	}
	stop := expire(http.NewResponseController(c.Response()), hookReadTimeout)
	defer stop()
	raw, err := readAll(request.Body, request.ContentLength, h.source.MaxBody, h.memory)
	switch {
	case err == nil:
		return raw, nil
	case errors.Is(err, errTooLarge), errors.Is(err, errMemory):
		c.Response().Header().Set("Connection", "close") // The rest is not read.
	case errors.Is(err, os.ErrDeadlineExceeded):
		c.Response().Header().Set("Connection", "close")
		err = errTooSlow
	default:
		err = errAborted
	}
	return nil, s.refuseHook(c, h, err)
}

// expire ends reading from a connection after some time, unless it is stopped
// before.
func expire(c *http.ResponseController, after time.Duration) (stop func()) {
	var mu sync.Mutex
	stopped := false
	timer := time.AfterFunc(after, func() {
		mu.Lock()
		defer mu.Unlock()
		if !stopped {
			_ = c.SetReadDeadline(time.Unix(1, 0)) // Any instant of the past.
		}
	})
	return func() {
		timer.Stop()
		mu.Lock()
		defer mu.Unlock()
		stopped = true
	}
}

// readAll reads to the end, at most limit bytes. hint is the expected length,
// or negative.
func readAll(r io.Reader, hint, limit int64, held *lease) ([]byte, error) {
	size := int(min(max(hint, 511)+1, firstHookBuffer))
	if !held.take(size) {
		return nil, errMemory
	}
	body := make([]byte, 0, size)
	for {
		if len(body) == cap(body) {
			if !held.take(cap(body)) {
				return nil, errMemory
			}
			body = slices.Grow(body, cap(body))
		}
		n, err := r.Read(body[len(body):cap(body)])
		body = body[:len(body)+n]
		switch {
		case int64(len(body)) > limit:
			return nil, errTooLarge
		case errors.Is(err, io.EOF):
			return body, nil
		case err != nil:
			return nil, err
		}
	}
}

// unpack undoes the encoding of a body, up to limit bytes. Damaged data are
// ErrInvalid.
func unpack(encoding string, raw []byte, limit int64, held *lease) ([]byte, error) {
	var text io.Reader
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "", "identity":
		return raw, nil
	case "gzip", "x-gzip":
		r, err := gzip.NewReader(bytes.NewReader(raw))
		if err != nil {
			return nil, fmt.Errorf("%w: the body is not gzip", evenkeel.ErrInvalid)
		}
		text = r
	case "zstd":
		r, err := zstd.NewReader(bytes.NewReader(raw), zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(8<<20))
		if err != nil {
			return nil, fmt.Errorf("%w: the body is not zstd", evenkeel.ErrInvalid)
		}
		defer r.Close()
		text = r
	default:
		return nil, errEncoding
	}
	body, err := readAll(text, int64(len(raw)), limit, held)
	if err == nil || errors.Is(err, errTooLarge) || errors.Is(err, errMemory) {
		return body, err
	}
	return nil, fmt.Errorf("%w: the packed body is damaged", evenkeel.ErrInvalid)
}
