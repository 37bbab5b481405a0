package outgoing

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"
)

const (
	// firstPause is that before the second attempt; each further one is twice
	// as long, and up to a half is left off by chance.
	firstPause = time.Second
	maxPause   = 30 * time.Second
	// secondaryPause is how long GitHub asks to wait where it does not say.
	secondaryPause = time.Minute
)

// retried sends again what failed for a passing reason. Requests that change
// something are sent again only where the vendor has refused them unread.
type retried struct {
	next    http.RoundTripper
	options Options
	known   *limits
	jitter  func() float64
}

func (r retried) RoundTrip(request *http.Request) (*http.Response, error) {
	for attempt := 1; ; attempt++ {
		copied, err := again(request)
		if err != nil {
			return nil, err
		}
		response, err := r.next.RoundTrip(copied)
		until, worth := r.judge(request, response, err, attempt)
		if !worth || !repeatable(request) {
			return response, err
		}
		if attempt >= r.options.Attempts {
			return exhausted(response, err, until)
		}
		if response != nil {
			discard(response)
		}
		if err := waitUntil(request.Context(), until, r.options.Now, r.options.Sleep); err != nil {
			return nil, err
		}
	}
}

// exhausted is the end of a call that was tried often enough. A vendor that
// still asks to wait is answered with when that is over.
func exhausted(response *http.Response, err error, until time.Time) (*http.Response, error) {
	if response != nil && refused(response) {
		discard(response)
		return nil, &LimitError{Until: until}
	}
	return response, err
}

// judge says whether it is worth to try again, and when.
func (r retried) judge(request *http.Request, response *http.Response, err error, attempt int) (until time.Time, worth bool) {
	switch {
	case request.Context().Err() != nil:
		return until, false
	case err != nil:
		return r.later(attempt), r.idempotent(request) && passing(err)
	case refused(response):
		until = r.asked(response, attempt)
		r.known.pause(until)
		return until, true
	case response.StatusCode >= 500 && response.StatusCode != http.StatusNotImplemented:
		return r.later(attempt), r.idempotent(request)
	}
	return until, false
}

func (r retried) idempotent(request *http.Request) bool {
	return request.Method == http.MethodGet || request.Method == http.MethodHead || r.options.Repeat(request)
}

// passing says that an error of the way may be gone the next time.
func passing(err error) bool {
	_, limit := errors.AsType[*LimitError](err)
	return !limit && !errors.Is(err, ErrElsewhere) && !errors.Is(err, context.Canceled) && !errors.Is(err, errCredentials)
}

// refused says that the vendor wants fewer calls. GitHub answers 403 to that
// as well as to what is forbidden, which is not worth repeating.
func refused(response *http.Response) bool {
	switch response.StatusCode {
	case http.StatusTooManyRequests:
		return true
	case http.StatusForbidden:
		return response.Header.Get("Retry-After") != "" || first(response.Header, "X-Ratelimit-Remaining", "Ratelimit-Remaining") == "0" || mentionsLimit(response)
	}
	return false
}

// asked is when the vendor wants the next call, or a guess where it does not say.
func (r retried) asked(response *http.Response, attempt int) time.Time {
	now := r.options.Now()
	if until, says := retryAfter(response.Header, now); says {
		return until
	}
	if first(response.Header, "X-Ratelimit-Remaining", "Ratelimit-Remaining") == "0" {
		if reset := r.known.reset(first(response.Header, "X-Ratelimit-Reset", "Ratelimit-Reset")); reset.After(now) {
			return reset
		}
	}
	return now.Add(secondaryPause << (attempt - 1))
}

// retryAfter is when an answer asks for the next call, in seconds or as a date.
func retryAfter(header http.Header, now time.Time) (until time.Time, says bool) {
	text := header.Get("Retry-After")
	if seconds, err := strconv.Atoi(text); err == nil && seconds >= 0 {
		return now.Add(time.Duration(seconds) * time.Second), true
	}
	until, err := http.ParseTime(text)
	return until, err == nil
}

func (r retried) later(attempt int) time.Time {
	pause := min(firstPause<<(attempt-1), maxPause)
	return r.options.Now().Add(pause - time.Duration(r.jitter()*float64(pause)/2))
}
