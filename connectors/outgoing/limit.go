package outgoing

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// Limit is what a vendor said of one of its limits.
type Limit struct {
	// Remaining counts the calls that are left until Reset, of Most; Most is 0
	// where the vendor does not say.
	Remaining, Most int
	Reset           time.Time
}

// LimitError says that a limit is used up for longer than a call may wait.
type LimitError struct {
	// Until is when to come again.
	Until time.Time
}

func (e *LimitError) Error() string {
	return "the vendor's limit of calls is used up until " + e.Until.UTC().Format(time.RFC3339)
}

// limits are the limits of one set of credentials, by the vendor's names of
// them; a vendor without names has one, "".
type limits struct {
	now func() time.Time
	// name says which limit a request counts against.
	name func(*http.Request) string

	mu sync.Mutex
	of map[string]Limit
	// paused is until when nothing may be sent at all.
	paused time.Time
}

func (l *limits) all() map[string]Limit {
	l.mu.Lock()
	defer l.mu.Unlock()
	return maps.Clone(l.of)
}

// free is when a call may be sent that counts against a limit.
func (l *limits) free(name string) time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	free := l.paused
	if limit, ok := l.of[name]; ok && limit.Remaining <= 0 && limit.Reset.After(free) {
		free = limit.Reset
	}
	return free
}

// pause keeps everything back until an instant.
func (l *limits) pause(until time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if until.After(l.paused) {
		l.paused = until
	}
}

// note takes in what the answer to a request says. A limit that ends in the past, or never
// began, is none: installations with limits switched off say so.
func (l *limits) note(request *http.Request, header http.Header) {
	remaining, err := strconv.Atoi(first(header, "X-Ratelimit-Remaining", "Ratelimit-Remaining"))
	if err != nil {
		return
	}
	limit := Limit{Remaining: remaining, Reset: l.reset(first(header, "X-Ratelimit-Reset", "Ratelimit-Reset"))}
	limit.Most, _ = strconv.Atoi(first(header, "X-Ratelimit-Limit", "Ratelimit-Limit"))
	l.mu.Lock()
	defer l.mu.Unlock()
	l.of[l.name(request)] = limit
}

// reset reads a count of seconds: since 1970 as GitHub and GitLab write it, or
// from now as the draft of the standard has it
// (draft-ietf-httpapi-ratelimit-headers).
func (l *limits) reset(text string) time.Time {
	seconds, err := strconv.ParseInt(text, 10, 64)
	switch {
	case err != nil || seconds <= 0:
		return time.Time{}
	case seconds < 1e9:
		return l.now().Add(time.Duration(seconds) * time.Second)
	}
	return time.Unix(seconds, 0)
}

func first(header http.Header, names ...string) string {
	for _, name := range names {
		if value := header.Get(name); value != "" {
			return value
		}
	}
	return ""
}

// limited waits until a limit that is used up is free again, and learns from
// answers.
type limited struct {
	next  http.RoundTripper
	known *limits
	sleep func(context.Context, time.Duration) error
}

func (l limited) RoundTrip(request *http.Request) (*http.Response, error) {
	if err := waitUntil(request.Context(), l.known.free(l.known.name(request)), l.known.now, l.sleep); err != nil {
		return nil, err
	}
	response, err := l.next.RoundTrip(request)
	if err == nil {
		l.known.note(request, response.Header)
		l.known.slow(response)
	}
	return response, err
}

// slow keeps calls back for as long as an answer asks that refused nothing, as
// Azure DevOps does before it refuses anything.
func (l *limits) slow(response *http.Response) {
	if response.StatusCode >= http.StatusMultipleChoices {
		return
	}
	if until, asked := retryAfter(response.Header, l.now()); asked {
		l.pause(until)
	}
}

// waitUntil waits within the budget of a call.
func waitUntil(ctx context.Context, until time.Time, now func() time.Time, sleep func(context.Context, time.Duration) error) error {
	d := until.Sub(now())
	if d <= 0 {
		return nil
	}
	if !spend(ctx, d) {
		return &LimitError{Until: until}
	}
	if err := sleep(ctx, d); err != nil {
		return fmt.Errorf("waiting for the vendor's limit: %w", err)
	}
	return nil
}
