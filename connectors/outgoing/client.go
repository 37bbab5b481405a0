package outgoing

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"time"
)

// Options make a client. Base, Now and Sleep are required; every other zero
// value has a meaning.
type Options struct {
	// Base is an address of the one host that is called, "https://api.github.com".
	Base *url.URL
	// Credentials sign requests; nil signs none.
	Credentials Credentials
	// Transport carries requests; nil is a transport with time limits.
	Transport http.RoundTripper
	// MaxBody is the largest answer in bytes; 0 is 32 MiB.
	MaxBody int64
	// CacheBytes is how much of answers with an ETag is kept; 0 keeps none.
	CacheBytes int
	// Budget is the longest that one call waits for limits and between
	// attempts, all in all; 0 is two minutes.
	Budget time.Duration
	// Attempts is how often a call is sent at most; 0 is 5.
	Attempts int
	// Limit names the limit that a request counts against, for a vendor that has
	// several; nil is for one that has one.
	Limit func(*http.Request) string
	// Repeat says of a request that changes something that sending it again does
	// no harm; nil says so of none.
	Repeat func(*http.Request) bool
	Now    func() time.Time
	// Sleep waits, or returns the error of a context that ends before.
	Sleep func(context.Context, time.Duration) error
	// Observe is told of every request that was answered or failed; it may be nil.
	Observe func(Exchange)
}

// Exchange is one request as it went over the network.
type Exchange struct {
	Method string
	// Status is 0 where no answer came.
	Status int
	Took   time.Duration
}

const (
	defaultMaxBody  = 32 << 20
	defaultBudget   = 2 * time.Minute
	defaultAttempts = 5
	maxRedirects    = 5
)

// Client is an http.Client with what its calls have taught.
type Client struct {
	*http.Client
	limits *limits
}

// New makes a client.
func New(o Options) *Client {
	o = o.withDefaults()
	known := &limits{now: o.Now, name: o.Limit, of: map[string]Limit{}}
	var next http.RoundTripper = capped{next: o.Transport, most: o.MaxBody}
	next = observed{next: next, now: o.Now, tell: o.Observe}
	next = &signed{next: next, host: hostOf(o.Base), credentials: o.Credentials}
	next = limited{next: next, known: known, sleep: o.Sleep}
	next = retried{next: next, options: o, known: known, jitter: rand.Float64}
	next = newCached(next, o.CacheBytes)
	next = budgeted{next: next, budget: o.Budget}
	return &Client{Client: &http.Client{Transport: next, CheckRedirect: sameHost(hostOf(o.Base))}, limits: known}
}

func (o Options) withDefaults() Options {
	if o.Transport == nil {
		o.Transport = transport()
	}
	if o.MaxBody == 0 {
		o.MaxBody = defaultMaxBody
	}
	if o.Budget == 0 {
		o.Budget = defaultBudget
	}
	if o.Attempts == 0 {
		o.Attempts = defaultAttempts
	}
	if o.Limit == nil {
		o.Limit = func(*http.Request) string { return "" }
	}
	if o.Repeat == nil {
		o.Repeat = func(*http.Request) bool { return false }
	}
	if o.Observe == nil {
		o.Observe = func(Exchange) {}
	}
	return o
}

// transport is that of the standard library, with limits on how long a vendor
// may take. It has no limit on a whole call: contexts set that.
func transport() *http.Transport {
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 10 * time.Second}).DialContext,
		TLSHandshakeTimeout:   10 * time.Second,
		ResponseHeaderTimeout: time.Minute,
		MaxIdleConnsPerHost:   16, // What is asked at once of one monitoring system.
		IdleConnTimeout:       90 * time.Second,
		ForceAttemptHTTP2:     true,
	}
}

// Limits are what the vendor last said of its limits, by their names; empty
// before the first answer and where a vendor has none.
func (c *Client) Limits() map[string]Limit { return c.limits.all() }

// ErrElsewhere says that a request would have gone to another host.
var ErrElsewhere = errors.New("leads to another host")

// hostOf is scheme, name and port.
func hostOf(u *url.URL) string { return u.Scheme + "://" + u.Host }

// sameHost follows redirects within the host, as for a repository that has
// been renamed, and no others: they would carry credentials along.
func sameHost(host string) func(*http.Request, []*http.Request) error {
	return func(request *http.Request, before []*http.Request) error {
		if hostOf(request.URL) != host {
			return fmt.Errorf("the redirect of %s %w, %s", before[0].URL.Path, ErrElsewhere, request.URL.Host)
		}
		if len(before) >= maxRedirects {
			return fmt.Errorf("%s is redirected more than %d times", before[0].URL.Path, maxRedirects)
		}
		return nil
	}
}

// budgetKey is where a context carries what a call may still wait.
type budgetKey struct{}

// budgeted gives each call its budget.
type budgeted struct {
	next   http.RoundTripper
	budget time.Duration
}

func (b budgeted) RoundTrip(request *http.Request) (*http.Response, error) {
	left := b.budget
	return b.next.RoundTrip(request.WithContext(context.WithValue(request.Context(), budgetKey{}, &left)))
}

// spend takes from the budget of a call; false where it does not suffice.
func spend(ctx context.Context, d time.Duration) bool {
	left, ok := ctx.Value(budgetKey{}).(*time.Duration)
	if !ok || *left < d {
		return false
	}
	*left -= d
	return true
}
