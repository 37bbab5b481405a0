package outgoing

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// ErrTooLarge says that an answer is larger than it may be.
var ErrTooLarge = errors.New("the answer is too large")

// maxErrorBody is how much of an answer that refuses something is read.
const maxErrorBody = 64 << 10

// capped bounds the size of answers.
type capped struct {
	next http.RoundTripper
	most int64
}

func (c capped) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := c.next.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	if response.StatusCode >= http.StatusBadRequest {
		return response, shorten(response)
	}
	response.Body = &cappedBody{ReadCloser: response.Body, left: c.most}
	return response, nil
}

// shorten replaces the body of an error by its beginning, so that it can be
// looked at before it is given on.
func shorten(response *http.Response) error {
	text, err := io.ReadAll(io.LimitReader(response.Body, maxErrorBody))
	if closed := response.Body.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fmt.Errorf("answer %d: %w", response.StatusCode, err)
	}
	response.Body, response.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
	return nil
}

// mentionsLimit says whether the text of an error is about a limit of calls.
func mentionsLimit(response *http.Response) bool {
	text, err := io.ReadAll(response.Body)
	response.Body = io.NopCloser(bytes.NewReader(text))
	lower := strings.ToLower(string(text))
	return err == nil && (strings.Contains(lower, "secondary rate limit") || strings.Contains(lower, "abuse detection"))
}

type cappedBody struct {
	io.ReadCloser
	left int64
}

func (c *cappedBody) Read(p []byte) (int, error) {
	if int64(len(p)) > c.left+1 {
		p = p[:c.left+1]
	}
	n, err := c.ReadCloser.Read(p)
	if c.left -= int64(n); c.left < 0 {
		return n, ErrTooLarge
	}
	return n, err
}

// discard gives the connection of an answer free that nobody reads.
func discard(response *http.Response) {
	_, _ = io.CopyN(io.Discard, response.Body, maxErrorBody)
	_ = response.Body.Close()
}

// observed tells of every request.
type observed struct {
	next http.RoundTripper
	now  func() time.Time
	tell func(Exchange)
}

func (o observed) RoundTrip(request *http.Request) (*http.Response, error) {
	began := o.now()
	response, err := o.next.RoundTrip(request)
	seen := Exchange{Method: request.Method, Took: o.now().Sub(began)}
	if err == nil {
		seen.Status = response.StatusCode
	}
	o.tell(seen)
	return response, err
}
