package connectors_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
	"github.com/evenkeel-dev/evenkeel/connectors/outgoing"
	"github.com/evenkeel-dev/evenkeel/connectors/vendortest"
)

// trackerTest is a test, or a check of rapid.
type trackerTest interface {
	Helper()
	Fatalf(format string, args ...any)
	Context() context.Context
}

// askedTracker is a vendor of tickets and a connection to it.
type askedTracker struct {
	t       trackerTest
	vendor  *vendortest.Server
	clock   *vendortest.Clock
	puller  connectors.Puller
	reads   connectors.Receiver
	cursors map[string]json.RawMessage
	// bodies are those of all documents.
	bodies []string
	pages  []connectors.Page
}

// newAskedTracker connects a source to a vendor; in settings %q is its address.
func newAskedTracker(t *testing.T, source, settings string, vendor http.Handler) *askedTracker {
	t.Helper()
	server := vendortest.New(t, vendor)
	return connected(t, source, fmt.Sprintf(settings, server.URL), server)
}

func connected(t trackerTest, source, settings string, server *vendortest.Server) *askedTracker {
	t.Helper()
	a := &askedTracker{t: t, vendor: server, clock: vendortest.NewClock(time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)), cursors: map[string]json.RawMessage{}}
	s, err := connectors.SourceNamed(source)
	if err != nil {
		t.Fatalf("%v", err)
	}
	if a.reads, err = s.Open(json.RawMessage(settings)); err != nil {
		t.Fatalf("%v", err)
	}
	a.puller, err = s.Pull(json.RawMessage(settings), connectors.Outside{
		Secret: func(string) (string, error) { return "good", nil }, Now: a.clock.Now, Sleep: a.clock.Sleep,
	})
	if err != nil {
		t.Fatalf("%v", err)
	}
	return a
}

// pull reads a stream on and gives what the receiver makes of it.
func (a *askedTracker) pull(stream string) (events []evenkeel.Event, err error) {
	a.t.Helper()
	err = a.puller.Pull(a.t.Context(), stream, a.cursors[stream], func(_ context.Context, page connectors.Page) error {
		a.cursors[stream] = page.Cursor
		a.pages = append(a.pages, page)
		for _, d := range page.Documents {
			a.bodies = append(a.bodies, string(d.Body))
			read, err := a.reads.Parse(connectors.KeptHeader(d.Header), d.Body)
			if err != nil && !errors.Is(err, evenkeel.ErrIgnored) {
				a.t.Fatalf("%s: %v\n%s", d.Event, err, d.Body)
			}
			if named := a.reads.(connectors.EventNamer).EventIn(d.Body); named != d.Event {
				a.t.Fatalf("the document of %s names %s", d.Event, named)
			}
			events = append(events, read...)
		}
		return nil
	})
	return events, err
}

func (a *askedTracker) mustPull(stream string) []evenkeel.Event {
	a.t.Helper()
	events, err := a.pull(stream)
	if err != nil {
		a.t.Fatalf("%s: %v", stream, err)
	}
	return events
}

// ticketFacts are the facts of events by the id that the source gave them.
func ticketFacts(t trackerTest, events []evenkeel.Event) map[string]evenkeel.Payload {
	t.Helper()
	kept, kinds := map[string][]evenkeel.Observation{}, map[string]evenkeel.Kind{}
	for _, e := range events {
		o, err := e.Complete(e.ObservedAt).Observe()
		if err != nil {
			t.Fatalf("%v", err)
		}
		kept[e.ID], kinds[e.ID] = append(kept[e.ID], o), e.Kind
	}
	facts := map[string]evenkeel.Payload{}
	for id, observations := range kept {
		fields, deleted, err := evenkeel.Fold(observations)
		if err != nil {
			t.Fatalf("%v", err)
		}
		if !deleted {
			if facts[id], err = evenkeel.Decode(kinds[id], fields); err != nil {
				t.Fatalf("%v", err)
			}
		}
	}
	return facts
}

// trackerFaults are what vendors do to requests, and what comes of it: each
// test wants every one of them.
func trackerFaults(t *testing.T, stream string, asked func(t *testing.T) *askedTracker, want int) {
	t.Helper()
	for name, test := range map[string]struct {
		fault func(a *askedTracker)
		check func(a *askedTracker, events []evenkeel.Event, err error) string
	}{
		"429 with Retry-After is waited for": {
			func(a *askedTracker) { a.vendor.Plan(vendortest.TooMany(http.StatusTooManyRequests, 7*time.Second)) },
			func(a *askedTracker, events []evenkeel.Event, err error) string {
				if slept := a.clock.Slept(); err != nil || len(ticketFacts(a.t, events)) != want || len(slept) != 1 || slept[0] != 7*time.Second {
					return fmt.Sprintf("%d events, pauses %v, %v", len(events), slept, err)
				}
				return ""
			},
		},
		"a limit that lasts is told": {
			func(a *askedTracker) { a.vendor.Always(vendortest.TooMany(http.StatusTooManyRequests, time.Hour)) },
			func(a *askedTracker, _ []evenkeel.Event, err error) string {
				if limit, ok := errors.AsType[*outgoing.LimitError](err); !ok || limit.Until.Sub(a.clock.Now()) != time.Hour {
					return fmt.Sprint(err)
				}
				return ""
			},
		},
		"401 is a refusal": {
			func(a *askedTracker) { a.vendor.Always(vendortest.Status(http.StatusUnauthorized)) },
			func(_ *askedTracker, _ []evenkeel.Event, err error) string {
				if !errors.Is(err, connectors.ErrRefused) || strings.Contains(err.Error(), "good") {
					return fmt.Sprint(err)
				}
				return ""
			},
		},
		"502 passes": {
			func(a *askedTracker) { a.vendor.Plan(vendortest.Status(502), nil, vendortest.Status(502)) },
			func(a *askedTracker, events []evenkeel.Event, err error) string {
				if err != nil || len(ticketFacts(a.t, events)) != want {
					return fmt.Sprintf("%d events, %v", len(events), err)
				}
				return ""
			},
		},
		"a page of HTML is no answer": {
			func(a *askedTracker) {
				a.vendor.Always(vendortest.Instead(nil, "<html>Your instance is hibernating, log in</html>"))
			},
			func(_ *askedTracker, events []evenkeel.Event, err error) string {
				if err == nil || len(events) != 0 || !strings.Contains(err.Error(), "JSON") {
					return fmt.Sprintf("%d events, %v", len(events), err)
				}
				return ""
			},
		},
		"another host is not followed": {
			func(a *askedTracker) { a.vendor.Always(vendortest.Redirect("http://other.example")) },
			func(_ *askedTracker, _ []evenkeel.Event, err error) string {
				if !errors.Is(err, outgoing.ErrElsewhere) {
					return fmt.Sprint(err)
				}
				return ""
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := asked(t)
			test.fault(a)
			events, err := a.pull(stream)
			if wrong := test.check(a, events, err); wrong != "" {
				t.Error(wrong)
			}
			a.vendor.Always(nil)
			if err := a.clock.Sleep(t.Context(), 2*time.Hour); err != nil {
				t.Fatal(err)
			}
			if all := ticketFacts(t, append(events, a.mustPull(stream)...)); len(all) != want {
				t.Errorf("%d facts afterwards, want %d", len(all), want)
			}
		})
	}
}
