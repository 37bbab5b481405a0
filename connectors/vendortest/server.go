// Package vendortest is a vendor's server that misbehaves as vendors do, for
// tests of clients: it answers what a handler answers, and does to single
// requests what a test wants done to them.
package vendortest

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"time"
)

// Fault does something to a request instead of answering it, or before.
type Fault func(http.ResponseWriter, *http.Request, http.Handler)

// Server is a vendor. Its answers to GET carry an ETag of their own, and are
// 304 where the request knows it.
type Server struct {
	*httptest.Server
	next http.Handler

	mu       sync.Mutex
	plan     map[int]Fault
	always   Fault
	requests []*http.Request
}

// New starts a server that ends with the test.
func New(t *testing.T, next http.Handler) *Server {
	t.Helper()
	s := &Server{next: next, plan: map[int]Fault{}}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

// Plan does a fault to each of the next requests, in this order; nil answers.
func (s *Server) Plan(faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, fault := range faults {
		s.plan[len(s.requests)+i] = fault
	}
}

// Always does a fault to every request that has no other planned; nil ends it.
func (s *Server) Always(fault Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.always = fault
}

// Requests are those that came, in their order.
func (s *Server) Requests() []*http.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]*http.Request(nil), s.requests...)
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	fault, planned := s.plan[len(s.requests)]
	if !planned {
		fault = s.always
	}
	s.requests = append(s.requests, r.Clone(r.Context()))
	s.mu.Unlock()
	if fault == nil {
		tagged(w, r, s.next)
		return
	}
	fault(w, r, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { tagged(w, r, s.next) }))
}

// tagged answers with an ETag, or that nothing has changed.
func tagged(w http.ResponseWriter, r *http.Request, next http.Handler) {
	answer := httptest.NewRecorder()
	next.ServeHTTP(answer, r)
	header := w.Header()
	for name, values := range answer.Header() {
		if header[name] == nil { // What a fault says holds.
			header[name] = values
		}
	}
	if r.Method == http.MethodGet && answer.Code == http.StatusOK {
		tag := fmt.Sprintf("%q", fmt.Sprintf("%x", sha256.Sum256(answer.Body.Bytes()))[:16])
		header.Set("Etag", tag)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes())
}

// Status refuses with a status and nothing more.
func Status(code int) Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		w.WriteHeader(code)
		fmt.Fprintf(w, `{"message":%q}`, http.StatusText(code))
	}
}

// TooMany refuses with a status, 429 or 403, and says when to come again.
func TooMany(code int, after time.Duration) Fault {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		w.Header().Set("Retry-After", strconv.Itoa(int(after/time.Second)))
		Status(code)(w, r, next)
	}
}

// SlowDown answers, and says when it wants the next call.
func SlowDown(after time.Duration) Fault {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		w.Header().Set("Retry-After", strconv.Itoa(int(after/time.Second)))
		next.ServeHTTP(w, r)
	}
}

// SecondaryLimit refuses as GitHub does where it does not say for how long.
func SecondaryLimit() Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprint(w, `{"message":"You have exceeded a secondary rate limit. Please wait a few minutes before you try again."}`)
	}
}

// UsedUp answers, and says that it was the last call before reset, in the
// seconds since 1970 of GitHub.
func UsedUp(reset time.Time) Fault {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		w.Header().Set("X-Ratelimit-Limit", "5000")
		w.Header().Set("X-Ratelimit-Remaining", "0")
		w.Header().Set("X-Ratelimit-Reset", strconv.FormatInt(reset.Unix(), 10))
		next.ServeHTTP(w, r)
	}
}

// Redirect leads to the same path below another address.
func Redirect(to string) Fault {
	return func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
		w.Header().Set("Location", to+r.URL.RequestURI())
		w.WriteHeader(http.StatusTemporaryRedirect)
	}
}

// Slow answers after a while, or never if the client gives up before.
func Slow(d time.Duration) Fault {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		select {
		case <-time.After(d):
			next.ServeHTTP(w, r)
		case <-r.Context().Done():
		}
	}
}

// Break ends the connection in the middle of an answer.
func Break() Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		w.Header().Set("Content-Length", "1000")
		_, _ = w.Write([]byte(`[{"id":`))
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
}

// Huge answers with so many bytes.
func Huge(size int) Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		_, _ = w.Write(bytes.Repeat([]byte(" "), size))
	}
}

// Expired refuses every token but one.
func Expired(good string) Fault {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if r.Header.Get("Authorization") != "Bearer "+good {
			Status(http.StatusUnauthorized)(w, r, next)
			return
		}
		next.ServeHTTP(w, r)
	}
}

// Instead answers with a body of the test, as for a page that lies.
func Instead(header http.Header, body string) Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		maps.Copy(w.Header(), header)
		_, _ = w.Write([]byte(body))
	}
}
