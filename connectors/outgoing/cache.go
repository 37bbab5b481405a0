package outgoing

import (
	"bytes"
	"container/list"
	"fmt"
	"io"
	"net/http"
	"sync"
)

// cached keeps answers to GET that have an ETag, up to a number of bytes, the
// ones used last. GitHub counts no call that is answered with "unchanged".
type cached struct {
	next http.RoundTripper
	most int

	mu     sync.Mutex
	bytes  int
	recent *list.List // of *entry, the last used first
	of     map[string]*list.Element
}

// entry is an answer that is kept.
type entry struct {
	key, tag string
	status   string
	header   http.Header
	body     []byte
}

func (e *entry) size() int { return len(e.key) + len(e.body) + 1024 }

func newCached(next http.RoundTripper, most int) http.RoundTripper {
	if most <= 0 {
		return next
	}
	return &cached{next: next, most: most, recent: list.New(), of: map[string]*list.Element{}}
}

// FromCacheHeader marks an answer that the vendor said is unchanged. go-github
// looks for it.
const FromCacheHeader = "X-From-Cache"

func (c *cached) RoundTrip(request *http.Request) (*http.Response, error) {
	if request.Method != http.MethodGet || request.Header.Get("If-None-Match") != "" {
		return c.next.RoundTrip(request)
	}
	key := request.URL.String() + " " + request.Header.Get("Accept")
	kept := c.find(key)
	if kept != nil {
		request = request.Clone(request.Context())
		request.Header.Set("If-None-Match", kept.tag)
	}
	response, err := c.next.RoundTrip(request)
	switch {
	case err != nil:
		return nil, err
	case response.StatusCode == http.StatusNotModified && kept != nil:
		discard(response)
		return kept.answer(request, response.Header), nil
	case response.StatusCode != http.StatusOK || response.Header.Get("Etag") == "":
		return response, nil
	}
	return c.keep(key, response)
}

// answer is what is kept, with what the vendor says of its limits now.
func (e *entry) answer(request *http.Request, fresh http.Header) *http.Response {
	header := e.header.Clone()
	for name, values := range fresh {
		if name != "Content-Length" && name != "Content-Type" {
			header[name] = values
		}
	}
	header.Set(FromCacheHeader, "1")
	return &http.Response{
		Status: e.status, StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, Body: io.NopCloser(bytes.NewReader(e.body)), ContentLength: int64(len(e.body)), Request: request,
	}
}

func (c *cached) find(key string) *entry {
	c.mu.Lock()
	defer c.mu.Unlock()
	element, ok := c.of[key]
	if !ok {
		return nil
	}
	c.recent.MoveToFront(element)
	return element.Value.(*entry) //nolint:forcetypeassert // Nothing else is put in.
}

func (c *cached) keep(key string, response *http.Response) (*http.Response, error) {
	body, err := io.ReadAll(response.Body)
	if closed := response.Body.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return nil, fmt.Errorf("reading the answer: %w", err)
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	c.put(&entry{key: key, tag: response.Header.Get("Etag"), status: response.Status, header: response.Header.Clone(), body: body})
	return response, nil
}

func (c *cached) put(e *entry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if before, ok := c.of[e.key]; ok {
		c.drop(before)
	}
	c.of[e.key] = c.recent.PushFront(e)
	for c.bytes += e.size(); c.bytes > c.most; {
		c.drop(c.recent.Back())
	}
}

func (c *cached) drop(element *list.Element) {
	e := c.recent.Remove(element).(*entry) //nolint:forcetypeassert // Nothing else is put in.
	delete(c.of, e.key)
	c.bytes -= e.size()
}
