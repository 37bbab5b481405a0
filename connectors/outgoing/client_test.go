package outgoing_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel/connectors/outgoing"
	"github.com/evenkeel-dev/evenkeel/connectors/vendortest"
)

// bench is a vendor, a clock and a client.
type bench struct {
	t      *testing.T
	vendor *vendortest.Server
	clock  *vendortest.Clock
	client *outgoing.Client
}

func newBench(t *testing.T, change func(*outgoing.Options)) *bench {
	t.Helper()
	b := &bench{t: t, clock: vendortest.NewClock(time.Unix(1_780_000_000, 0))}
	b.vendor = vendortest.New(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		fmt.Fprintf(w, `{"path":%q,"body":%q}`, r.URL.Path, body)
	}))
	base, err := url.Parse(b.vendor.URL)
	if err != nil {
		t.Fatal(err)
	}
	options := outgoing.Options{Base: base, Now: b.clock.Now, Sleep: b.clock.Sleep, Credentials: outgoing.Bearer("good"), CacheBytes: 1 << 20}
	if change != nil {
		change(&options)
	}
	b.client = outgoing.New(options)
	return b
}

// get asks for a path and gives status and text.
func (b *bench) get(path string) (int, string, error) { return b.do(http.MethodGet, path, nil) }

func (b *bench) do(method, path string, body io.Reader) (int, string, error) {
	b.t.Helper()
	request, err := http.NewRequestWithContext(b.t.Context(), method, b.vendor.URL+path, body)
	if err != nil {
		b.t.Fatal(err)
	}
	response, err := b.client.Do(request)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return response.StatusCode, string(text), err
}

func (b *bench) wantOK(path string) {
	b.t.Helper()
	status, text, err := b.get(path)
	if err != nil || status != http.StatusOK || text != fmt.Sprintf(`{"path":%q,"body":""}`, path) {
		b.t.Fatalf("%s: %d %q, %v", path, status, text, err)
	}
}

func (b *bench) wantRequests(want int) {
	b.t.Helper()
	if got := len(b.vendor.Requests()); got != want {
		b.t.Errorf("%d requests were sent, want %d", got, want)
	}
}

func TestWhatFailsForAPassingReasonIsSentAgain(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]vendortest.Fault{
		"bad gateway": vendortest.Status(http.StatusBadGateway), "unavailable": vendortest.Status(http.StatusServiceUnavailable),
	} {
		b := newBench(t, nil)
		b.vendor.Plan(fault, fault)
		b.wantOK("/" + name[:3])
		b.wantRequests(3)
		slept := b.clock.Slept()
		if len(slept) != 2 || slept[0] < time.Second/2 || slept[0] > time.Second || slept[1] < time.Second || slept[1] > 2*time.Second {
			t.Errorf("%s: pauses %v, want up to 1 s and up to 2 s", name, slept)
		}
	}
}

func TestAVendorThatStaysDownIsGivenUp(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.vendor.Always(vendortest.Status(http.StatusBadGateway))
	if status, _, err := b.get("/x"); err != nil || status != http.StatusBadGateway {
		t.Errorf("got %d, %v; want the last answer", status, err)
	}
	b.wantRequests(5)
}

func TestWhatChangesSomethingIsSentOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.vendor.Plan(vendortest.Status(http.StatusBadGateway))
	if status, _, err := b.do(http.MethodPost, "/graphql", strings.NewReader("query")); err != nil || status != http.StatusBadGateway {
		t.Errorf("got %d, %v", status, err)
	}
	b.wantRequests(1)
}

func TestWhatWasRefusedUnreadIsSentAgainWithItsBody(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.vendor.Plan(vendortest.TooMany(http.StatusTooManyRequests, 3*time.Second))
	_, text, err := b.do(http.MethodPost, "/graphql", strings.NewReader("query"))
	if err != nil || text != `{"path":"/graphql","body":"query"}` {
		t.Errorf("got %q, %v", text, err)
	}
	if slept := b.clock.Slept(); !slices.Equal(slept, []time.Duration{3 * time.Second}) {
		t.Errorf("pauses %v, want the three seconds that the vendor asked for", slept)
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault func(now time.Time) vendortest.Fault
		slept time.Duration
	}{
		"429 with Retry-After":             {func(time.Time) vendortest.Fault { return vendortest.TooMany(429, 7*time.Second) }, 7 * time.Second},
		"403 with Retry-After":             {func(time.Time) vendortest.Fault { return vendortest.TooMany(403, 7*time.Second) }, 7 * time.Second},
		"403 without it":                   {func(time.Time) vendortest.Fault { return vendortest.SecondaryLimit() }, time.Minute},
		"429 without it":                   {func(time.Time) vendortest.Fault { return vendortest.Status(429) }, time.Minute},
		"the last call":                    {func(now time.Time) vendortest.Fault { return vendortest.UsedUp(now.Add(90 * time.Second)) }, 90 * time.Second},
		"an answer that asks to slow down": {func(time.Time) vendortest.Fault { return vendortest.SlowDown(9 * time.Second) }, 9 * time.Second},
		"a reset in the past":              {func(time.Time) vendortest.Fault { return vendortest.UsedUp(time.Unix(-62135596800, 0)) }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, nil)
			b.vendor.Plan(test.fault(b.clock.Now()))
			b.wantOK("/first")
			b.wantOK("/second")
			var slept time.Duration
			for _, d := range b.clock.Slept() {
				slept += d
			}
			if slept != test.slept {
				t.Errorf("waited %v, want %v", slept, test.slept)
			}
		})
	}
}

func TestAWaitLongerThanTheBudgetSaysWhenToComeAgain(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	until := b.clock.Now().Add(time.Hour)
	b.vendor.Plan(vendortest.UsedUp(until))
	b.wantOK("/first")
	_, _, err := b.get("/second")
	if limit, ok := errors.AsType[*outgoing.LimitError](err); !ok || !limit.Until.Equal(until) {
		t.Errorf("got %v, want a limit until %v", err, until)
	}
	b.wantRequests(1)
	if limit := b.client.Limits()[""]; limit.Remaining != 0 || limit.Most != 5000 || !limit.Reset.Equal(until) {
		t.Errorf("limits: %+v", limit)
	}
}

func TestAVendorThatAlwaysRefusesIsALimit(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.vendor.Always(vendortest.TooMany(http.StatusTooManyRequests, time.Second))
	_, _, err := b.get("/x")
	if _, ok := errors.AsType[*outgoing.LimitError](err); !ok {
		t.Errorf("got %v, want a limit", err)
	}
	b.wantRequests(5)
}

func TestWhatIsForbiddenIsNoLimit(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.vendor.Always(vendortest.Status(http.StatusForbidden))
	status, text, err := b.get("/x")
	if err != nil || status != http.StatusForbidden || !strings.Contains(text, "Forbidden") {
		t.Errorf("got %d %q, %v", status, text, err)
	}
	b.wantRequests(1)
}

func TestAnUnchangedAnswerIsGivenAgain(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.wantOK("/x")
	b.wantOK("/x")
	b.wantRequests(2)
	if asked := b.vendor.Requests()[1].Header.Get("If-None-Match"); asked == "" {
		t.Error("the second request does not name the ETag")
	}
}

func TestTheCacheIsBounded(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(o *outgoing.Options) { o.CacheBytes = 3000 })
	for _, path := range []string{"/a", "/b", "/c", "/a"} {
		b.wantOK(path)
	}
	if b.vendor.Requests()[3].Header.Get("If-None-Match") != "" {
		t.Error("the oldest of three answers is still kept in room for two")
	}
	b.wantOK("/c")
	if b.vendor.Requests()[4].Header.Get("If-None-Match") == "" {
		t.Error("an answer that was used just before is not kept")
	}
}

func TestARedirectToAnotherHostIsRefused(t *testing.T) {
	t.Parallel()
	other := vendortest.New(t, http.NotFoundHandler())
	for _, credentials := range []outgoing.Credentials{outgoing.Bearer("SECRET"), outgoing.Header{Name: "Private-Token", Value: "SECRET"}} {
		b := newBench(t, func(o *outgoing.Options) { o.Credentials = credentials })
		b.vendor.Plan(vendortest.Redirect(other.URL))
		_, _, err := b.get("/x")
		if !errors.Is(err, outgoing.ErrElsewhere) || strings.Contains(err.Error(), "SECRET") {
			t.Errorf("got %v", err)
		}
	}
	if len(other.Requests()) != 0 {
		t.Error("the other host was asked")
	}
}

func TestARedirectWithinTheHostIsFollowed(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.vendor.Plan(vendortest.Redirect(b.vendor.URL + "/renamed"))
	status, text, err := b.get("/x")
	if err != nil || status != http.StatusOK || !strings.Contains(text, "/renamed/x") {
		t.Errorf("got %d %q, %v", status, text, err)
	}
	b.vendor.Always(vendortest.Redirect(b.vendor.URL + "/round"))
	if _, _, err := b.get("/y"); err == nil || !strings.Contains(err.Error(), "more than 5 times") {
		t.Errorf("a circle: %v", err)
	}
}

func TestAnotherHostIsNeverAsked(t *testing.T) {
	t.Parallel()
	other := vendortest.New(t, http.NotFoundHandler())
	b := newBench(t, nil)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, other.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := b.client.Do(request)
	if err == nil {
		response.Body.Close()
	}
	if !errors.Is(err, outgoing.ErrElsewhere) || len(other.Requests()) != 0 {
		t.Errorf("got %v, %d requests", err, len(other.Requests()))
	}
}

func TestAnAnswerThatIsTooLarge(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(o *outgoing.Options) { o.MaxBody = 1000 })
	b.vendor.Plan(vendortest.Huge(1000), vendortest.Huge(1001))
	if _, text, err := b.get("/x"); err != nil || len(text) != 1000 {
		t.Errorf("%d bytes, %v", len(text), err)
	}
	if _, _, err := b.get("/y"); !errors.Is(err, outgoing.ErrTooLarge) {
		t.Errorf("got %v", err)
	}
}

func TestAnErrorOfAnySizeIsCut(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.vendor.Plan(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		w.WriteHeader(http.StatusNotFound)
		vendortest.Huge(1<<20)(w, r, next)
	})
	if status, text, err := b.get("/x"); err != nil || status != http.StatusNotFound || len(text) != 64<<10 {
		t.Errorf("got %d, %d bytes, %v", status, len(text), err)
	}
}

func TestABrokenAnswerIsAnError(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.vendor.Plan(vendortest.Break())
	if _, _, err := b.get("/x"); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v", err)
	}
	b.wantOK("/x")
}

func TestAContextEndsAWait(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	b.vendor.Always(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		cancel()
		vendortest.Slow(time.Hour)(w, r, next)
	})
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, b.vendor.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := b.client.Do(request)
	if err == nil {
		response.Body.Close()
	}
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	b.wantRequests(1)
}

// renewing has a token that expires, and another.
type renewing struct {
	mu      sync.Mutex
	tokens  []string
	renewed int
}

func (r *renewing) Sign(ctx context.Context, request *http.Request) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return outgoing.Bearer(r.tokens[0]).Sign(ctx, request)
}

func (r *renewing) Renew(context.Context) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.tokens) == 1 {
		return false
	}
	r.tokens, r.renewed = r.tokens[1:], r.renewed+1
	return true
}

func TestAnExpiredTokenIsRenewedOnce(t *testing.T) {
	t.Parallel()
	credentials := &renewing{tokens: []string{"old", "good"}}
	b := newBench(t, func(o *outgoing.Options) { o.Credentials = credentials })
	b.vendor.Always(vendortest.Expired("good"))
	b.wantOK("/x")
	b.wantOK("/y")
	if b.wantRequests(3); credentials.renewed != 1 {
		t.Errorf("renewed %d times", credentials.renewed)
	}
	b.vendor.Always(vendortest.Expired("another"))
	if status, _, err := b.get("/z"); err != nil || status != http.StatusUnauthorized {
		t.Errorf("a token that is refused for good: %d, %v", status, err)
	}
}

func TestEveryRequestIsObserved(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var seen []int
	b := newBench(t, func(o *outgoing.Options) {
		o.Observe = func(e outgoing.Exchange) { mu.Lock(); defer mu.Unlock(); seen = append(seen, e.Status) }
	})
	b.vendor.Plan(vendortest.Status(502), nil, nil)
	b.wantOK("/x")
	b.wantOK("/x")
	if want := []int{502, 200, 304}; !slices.Equal(seen, want) {
		t.Errorf("observed %v, want %v", seen, want)
	}
}
