package connectors_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
	"github.com/evenkeel-dev/evenkeel/connectors/outgoing"
	"github.com/evenkeel-dev/evenkeel/connectors/vendortest"
)

// asked is a vendor that is asked, and a connection to it.
type asked struct {
	t      *testing.T
	vendor *vendortest.Server
	clock  *vendortest.Clock
	puller connectors.Puller
	reads  connectors.Receiver
	cursor map[string]json.RawMessage
	// ignored are the reasons of documents that told nothing.
	ignored []string
	// seen is shown the body of every document; it may be nil.
	seen func(body []byte)
}

// ask connects a source; URL in the settings stands for the vendor's address.
func ask(t *testing.T, source string, now time.Time, vendor http.Handler, settings string) *asked {
	t.Helper()
	a := &asked{t: t, clock: vendortest.NewClock(now), cursor: map[string]json.RawMessage{}}
	a.vendor = vendortest.New(t, vendor)
	a.settings(source, settings)
	return a
}

// settings gives the connection other settings.
func (a *asked) settings(source, settings string) {
	a.t.Helper()
	written := json.RawMessage(strings.ReplaceAll(settings, "URL", a.vendor.URL))
	a.reads = receiverOf(a.t, sourceNamed(a.t, source), written)
	puller, err := sourceNamed(a.t, source).Pull(written, connectors.Outside{
		Secret: func(string) (string, error) { return "good", nil }, Now: a.clock.Now, Sleep: a.clock.Sleep,
	})
	if err != nil || puller == nil {
		a.t.Fatal(puller, err)
	}
	a.puller = puller
}

// pull reads a stream on and gives what the receiver makes of it.
func (a *asked) pull(stream string) (events []evenkeel.Event, err error) {
	a.t.Helper()
	err = a.puller.Pull(a.t.Context(), stream, a.cursor[stream], func(_ context.Context, page connectors.Page) error {
		a.cursor[stream] = page.Cursor
		for _, d := range page.Documents {
			if a.seen != nil {
				a.seen(d.Body)
			}
			read, err := a.reads.Parse(connectors.KeptHeader(d.Header), d.Body)
			lawful(a.t, read, err)
			switch {
			case errors.Is(err, evenkeel.ErrIgnored):
				a.ignored = append(a.ignored, err.Error())
			case err != nil:
				a.t.Errorf("%s: %v\n%s", d.Event, err, d.Body)
			}
			events = append(events, read...)
		}
		return nil
	})
	return events, err
}

// documents are the bodies of what a stream gives, as one text.
func (a *asked) documents(stream string) string {
	a.t.Helper()
	var text strings.Builder
	err := a.puller.Pull(a.t.Context(), stream, a.cursor[stream], func(_ context.Context, page connectors.Page) error {
		for _, d := range page.Documents {
			text.Write(d.Body)
		}
		return nil
	})
	if err != nil {
		a.t.Fatal(err)
	}
	return text.String()
}

func (a *asked) mustPull(stream string) []evenkeel.Event {
	a.t.Helper()
	events, err := a.pull(stream)
	if err != nil {
		a.t.Fatal(err)
	}
	return events
}

func (a *asked) look() evenkeel.Access {
	a.t.Helper()
	access, err := a.puller.Look(a.t.Context())
	if err != nil {
		a.t.Fatal(err)
	}
	return access
}

// pass moves the clock.
func (a *asked) pass(d time.Duration) {
	a.t.Helper()
	if err := a.clock.Sleep(a.t.Context(), d); err != nil {
		a.t.Fatal(err)
	}
}

// requests counts those of a call.
func (a *asked) requests(call func()) int {
	before := len(a.vendor.Requests())
	call()
	return len(a.vendor.Requests()) - before
}

// survives tries a vendor that misbehaves in every way: what passes is waited
// for, and what does not is an error that says what to do, while the stream goes
// on afterwards as if nothing had been. Fresh makes a connection to a vendor
// that has something to tell.
func survives(t *testing.T, fresh func(t *testing.T) *asked, stream string) {
	t.Helper()
	want := fresh(t).mustPull(stream)
	if len(want) == 0 {
		t.Fatal("the vendor tells nothing")
	}
	for name, test := range map[string]struct {
		faults []vendortest.Fault
		// says is part of the error; empty where there is none.
		says string
	}{
		"busy":                     {[]vendortest.Fault{vendortest.TooMany(http.StatusTooManyRequests, 3*time.Second)}, ""},
		"forbidden for a while":    {[]vendortest.Fault{vendortest.TooMany(http.StatusForbidden, 3*time.Second)}, ""},
		"a gateway that fails":     {[]vendortest.Fault{vendortest.Status(http.StatusBadGateway), vendortest.Status(http.StatusServiceUnavailable)}, ""},
		"slow":                     {[]vendortest.Fault{vendortest.Slow(time.Millisecond)}, ""},
		"forbidden":                {[]vendortest.Fault{vendortest.Status(http.StatusForbidden)}, "forbidden"},
		"a revoked token":          {[]vendortest.Fault{vendortest.Status(http.StatusUnauthorized)}, "revoked"},
		"not there":                {[]vendortest.Fault{vendortest.Status(http.StatusNotFound)}, "not found"},
		"another host":             {[]vendortest.Fault{vendortest.Redirect("http://elsewhere.example")}, "another host"},
		"an answer that breaks":    {[]vendortest.Fault{vendortest.Break()}, "EOF"},
		"an answer without end":    {[]vendortest.Fault{vendortest.Huge(40 << 20)}, "too large"},
		"a page that is no JSON":   {[]vendortest.Fault{vendortest.Instead(nil, "<html>Sign in</html>")}, "not the JSON"},
		"a page of something else": {[]vendortest.Fault{vendortest.Instead(nil, "[7]")}, "not the JSON"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := fresh(t)
			a.vendor.Plan(test.faults...)
			got, err := a.pull(stream)
			if (err == nil) != (test.says == "") || err != nil && !strings.Contains(err.Error(), test.says) || err != nil && strings.Contains(err.Error(), "good") {
				t.Fatalf("%v, want %q", err, test.says)
			}
			holdsAll(t, append(got, a.mustPull(stream)...), want)
		})
	}
	t.Run("a limit that lasts", func(t *testing.T) {
		t.Parallel()
		a := fresh(t)
		a.vendor.Always(vendortest.TooMany(http.StatusTooManyRequests, time.Hour))
		_, err := a.pull(stream)
		if limit, ok := errors.AsType[*outgoing.LimitError](err); !ok || limit.Until.Sub(a.clock.Now()) != time.Hour {
			t.Errorf("%v, want a limit of an hour", err)
		}
	})
	t.Run("everything twice", func(t *testing.T) {
		t.Parallel()
		a := fresh(t)
		holdsAll(t, want, append(a.mustPull(stream), a.mustPull(stream)...))
	})
}

// refuses wants that a token that was revoked is told as such.
func refuses(t *testing.T, a *asked) {
	t.Helper()
	a.vendor.Always(vendortest.Status(http.StatusUnauthorized))
	if _, err := a.puller.Look(t.Context()); !errors.Is(err, connectors.ErrRefused) {
		t.Errorf("a revoked token: %v", err)
	}
}
