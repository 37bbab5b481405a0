package connectors_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// sender is how a source signs and labels its deliveries. The test file of a
// source adds its own with senders.
type sender struct {
	// sign sets the headers that prove who sent a body.
	sign func(header http.Header, raw []byte, secret string)
	// eventHeader names the event; empty where the body does.
	eventHeader string
	// key says that the sender sends a secret instead of a signature, which
	// says nothing of the body.
	key bool
	// bodyless is an event of which the body does not matter.
	bodyless string
}

var senders = map[string]sender{}

// sends adds the sender of a source, as in var _ = sends("github", sender{…}).
func sends(source string, s sender) string {
	senders[source] = s
	return source
}

// delivery is a fixture, testdata/deliveries/SOURCE/NAME.json. Beside it
// NAME.golden.json holds what becomes of it.
type delivery struct {
	Headers  map[string]string `json:"headers"`
	Settings json.RawMessage   `json:"settings,omitempty"`
	// Body is sent as compact JSON; Raw is sent as it is.
	Body json.RawMessage `json:"body,omitempty"`
	Raw  string          `json:"raw,omitempty"`

	name string
}

func (d delivery) header() http.Header { return connectors.KeptHeader(d.Headers) }

func (d delivery) bytes(t testing.TB) []byte {
	t.Helper()
	if d.Body == nil {
		return []byte(d.Raw)
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, d.Body); err != nil {
		t.Fatalf("%s: %v", d.name, err)
	}
	return compact.Bytes()
}

func deliveriesOf(t testing.TB, source string) []delivery {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata/deliveries", source, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all []delivery
	for _, file := range files {
		if strings.HasSuffix(file, ".golden.json") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		d := delivery{name: strings.TrimSuffix(filepath.Base(file), ".json")}
		reader := json.NewDecoder(bytes.NewReader(text))
		reader.DisallowUnknownFields()
		if err := reader.Decode(&d); err != nil || (d.Body == nil) == (d.Raw == "") {
			t.Fatalf("%s: %v; a fixture has headers, settings if need be, and either body or raw", file, err)
		}
		all = append(all, d)
	}
	if len(all) == 0 {
		t.Fatalf("source %s has no fixtures in testdata/deliveries/%s", source, source)
	}
	return all
}

func receiverOf(t testing.TB, s connectors.Source, settings json.RawMessage) connectors.Receiver {
	t.Helper()
	r, err := s.Open(settings)
	if err != nil {
		t.Fatalf("open %s: %v", s.Name, err)
	}
	return r
}

// eachDelivery runs a test for every fixture of every source.
func eachDelivery(t *testing.T, test func(t *testing.T, s connectors.Source, r connectors.Receiver, d delivery)) {
	t.Helper()
	for _, s := range connectors.Sources() {
		if s.Measure != nil {
			continue // It takes no deliveries.
		}
		for _, d := range deliveriesOf(t, s.Name) {
			t.Run(s.Name+"/"+d.name, func(t *testing.T) {
				t.Parallel()
				test(t, s, receiverOf(t, s, d.Settings), d)
			})
		}
	}
}

func TestSourcesAreDescribed(t *testing.T) {
	t.Parallel()
	for _, s := range connectors.Sources() {
		if s.Title == "" || !strings.HasSuffix(s.Summary, ".") || s.Setup == "" || s.MaxBody <= 0 || (len(s.Events) == 0) != (s.Measure != nil) {
			t.Errorf("%s: title, summary (a sentence), set-up, size and events, or measurements, are needed", s.Name)
		}
		if _, known := senders[s.Name]; known == (s.Measure != nil) {
			t.Errorf("%s: its test file says with sends(%q, …) how it signs", s.Name, s.Name)
		}
		for _, name := range s.Headers {
			if http.CanonicalHeaderKey(name) != name {
				t.Errorf("%s: header %s is not written as %s", s.Name, name, http.CanonicalHeaderKey(name))
			}
		}
		for _, setting := range s.Settings {
			if setting.Name == "" || setting.Type == "" || setting.Meaning == "" {
				t.Errorf("%s: setting %+v is not described", s.Name, setting)
			}
		}
		if s.Measure != nil {
			continue
		}
		seen := map[string]bool{}
		for _, d := range deliveriesOf(t, s.Name) {
			r := receiverOf(t, s, d.Settings)
			event, _ := r.Identify(d.header())
			if namer, ok := r.(connectors.EventNamer); ok && event == "" {
				event = namer.EventIn(d.bytes(t))
			}
			seen[event] = true
		}
		for _, note := range s.Events {
			if !seen[note.Event] && note.Event != "any" {
				t.Errorf("%s: no fixture of event %s", s.Name, note.Event)
			}
		}
	}
}

func TestSourcesRefuseUnknownSettings(t *testing.T) {
	t.Parallel()
	for _, s := range connectors.Sources() {
		for _, settings := range []string{`{"no_such_setting":1}`, `[]`, `"x"`, `{`, `{}{}`} {
			if _, err := s.Open(json.RawMessage(settings)); !errors.Is(err, evenkeel.ErrInvalid) {
				t.Errorf("%s %s: %v, want ErrInvalid", s.Name, settings, err)
			}
		}
		for _, settings := range []string{"", "{}", "null"} {
			if _, err := s.Open(json.RawMessage(settings)); err != nil {
				t.Errorf("%s %q: %v", s.Name, settings, err)
			}
		}
	}
}

func TestDeliveriesMustBeSigned(t *testing.T) {
	t.Parallel()
	const secret, other = "It's a Secret to Everybody", "another secret"
	eachDelivery(t, func(t *testing.T, s connectors.Source, r connectors.Receiver, d delivery) {
		raw := d.bytes(t)
		signed := func(raw []byte, secret string) http.Header {
			header := d.header()
			senders[s.Name].sign(header, raw, secret)
			return header
		}
		for name, good := range map[string][]string{"one": {secret}, "the new one": {other, secret}, "the old one": {secret, other}} {
			if err := r.Verify(signed(raw, secret), raw, good); err != nil {
				t.Errorf("secret %s: %v", name, err)
			}
		}
		flipped := bytes.Clone(raw)
		flipped[len(flipped)/2] ^= 1
		for name, bad := range map[string]struct {
			header  http.Header
			secrets []string
		}{
			"unsigned":                  {d.header(), []string{secret}},
			"another secret":            {signed(raw, other), []string{secret}},
			"no secret":                 {signed(raw, secret), nil},
			"an empty secret":           {signed(raw, ""), []string{""}},
			"signature of another body": {signed(flipped, secret), []string{secret}},
			"signature of an empty one": {signed(nil, secret), []string{secret}},
			"signature of a longer one": {signed(append(bytes.Clone(raw), '\n'), secret), []string{secret}},
		} {
			if senders[s.Name].key && strings.HasPrefix(name, "signature of") {
				continue
			}
			if err := r.Verify(bad.header, raw, bad.secrets); !errors.Is(err, evenkeel.ErrDenied) {
				t.Errorf("%s: %v, want ErrDenied", name, err)
			}
		}
	})
}

// golden is what becomes of a fixture.
type golden struct {
	Outcome evenkeel.Outcome  `json:"outcome"`
	Reason  string            `json:"reason,omitempty"`
	Events  []json.RawMessage `json:"events,omitempty"`
}

func goldenOf(t *testing.T, events []evenkeel.Event, err error) []byte {
	t.Helper()
	g := golden{Outcome: evenkeel.OutcomeRecorded}
	switch {
	case errors.Is(err, evenkeel.ErrIgnored):
		g.Outcome, g.Reason = evenkeel.OutcomeIgnored, err.Error()
	case errors.Is(err, evenkeel.ErrInvalid):
		g.Outcome, g.Reason = evenkeel.OutcomeRejected, err.Error()
	case err != nil:
		t.Fatalf("%v is neither ErrIgnored nor ErrInvalid", err)
	}
	var lines bytes.Buffer
	if err := connectors.EncodeEvents(&lines, events); err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(lines.Bytes()) {
		g.Events = append(g.Events, bytes.TrimSpace(line))
	}
	var out bytes.Buffer
	writer := json.NewEncoder(&out)
	writer.SetEscapeHTML(false)
	writer.SetIndent("", "  ")
	if err := writer.Encode(g); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestDeliveriesBecomeWhatIsWritten(t *testing.T) {
	t.Parallel()
	eachDelivery(t, func(t *testing.T, s connectors.Source, r connectors.Receiver, d delivery) {
		events, err := r.Parse(d.header(), d.bytes(t))
		got := goldenOf(t, events, err)
		file := filepath.Join("testdata/deliveries", s.Name, d.name+".golden.json")
		if *update {
			if err := os.WriteFile(file, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}

// lawful holds what every answer of Parse must hold to, whatever the input.
func lawful(t testing.TB, events []evenkeel.Event, err error) {
	t.Helper()
	if err != nil {
		if errors.Is(err, evenkeel.ErrIgnored) == errors.Is(err, evenkeel.ErrInvalid) {
			t.Fatalf("%v is not one of ErrIgnored and ErrInvalid", err)
		}
		if len(events) > 0 || err.Error() == "" {
			t.Fatalf("%d events beside the error %q", len(events), err)
		}
		return
	}
	if len(events) == 0 {
		t.Fatal("no events and no reason")
	}
	received := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, e := range events {
		if e.ID == "" || e.Source == "" || e.ObservedAt.Location() != time.UTC {
			t.Fatalf("event %+v lacks id, source or UTC", e)
		}
		complete := e.Complete(received)
		if err := complete.Validate(); err != nil || complete.ObservedAt.IsZero() {
			t.Fatalf("event %s %s: %v", e.Kind, e.ID, err)
		}
		if _, err := complete.Observe(); err != nil {
			t.Fatalf("event %s %s: %v", e.Kind, e.ID, err)
		}
	}
}

func TestDeliveriesAreReadPurely(t *testing.T) {
	t.Parallel()
	eachDelivery(t, func(t *testing.T, s connectors.Source, r connectors.Receiver, d delivery) {
		header, raw := d.header(), d.bytes(t)
		header.Set("X-Not-Kept", "1")
		headerBefore, rawBefore := header.Clone(), bytes.Clone(raw)
		events, err := r.Parse(header, raw)
		lawful(t, events, err)
		if !bytes.Equal(raw, rawBefore) || !maps.EqualFunc(header, headerBefore, slices.Equal) {
			t.Error("Parse changes its input")
		}
		for name, again := range map[string]http.Header{"again": header, "from what is kept": connectors.KeptHeader(s.Kept(header))} {
			repeated, repeatedErr := receiverOf(t, s, d.Settings).Parse(again, rawBefore)
			if diff := cmp.Diff(events, repeated); diff != "" || (err == nil) != (repeatedErr == nil) || err != nil && err.Error() != repeatedErr.Error() {
				t.Errorf("%s: %v, then %v\n%s", name, err, repeatedErr, diff)
			}
		}
	})
}

// factName tells facts apart as the store does.
type factName struct {
	kind evenkeel.Kind
	key  string
}

func factNames(events []evenkeel.Event) map[factName]bool {
	names := map[factName]bool{}
	for _, e := range events {
		names[factName{e.Kind, e.Payload.Key(e.Source, e.ID)}] = true
	}
	return names
}

// TestDeliveriesCannotBeRelabelled: the header that names the event is not
// signed, so a body under a wrong name gives no fact that it does not give
// under its own.
func TestDeliveriesCannotBeRelabelled(t *testing.T) {
	t.Parallel()
	eachDelivery(t, func(t *testing.T, s connectors.Source, r connectors.Receiver, d delivery) {
		eventHeader := senders[s.Name].eventHeader
		if eventHeader == "" {
			return // The body itself names the event.
		}
		genuine, _ := r.Parse(d.header(), d.bytes(t))
		own := factNames(genuine)
		for _, name := range eventNames(t, s) {
			header := d.header()
			header.Set(eventHeader, name)
			events, err := r.Parse(header, d.bytes(t))
			lawful(t, events, err)
			for fact := range factNames(events) {
				if !own[fact] {
					t.Errorf("as %q it tells of %v", name, fact)
				}
			}
		}
	})
}

func eventNames(t *testing.T, s connectors.Source) []string {
	t.Helper()
	names := []string{"", "no_such_event"}
	for _, note := range s.Events {
		names = append(names, note.Event)
	}
	for _, d := range deliveriesOf(t, s.Name) {
		name, _ := receiverOf(t, s, d.Settings).Identify(d.header())
		names = append(names, name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func TestBrokenDeliveriesTellNothing(t *testing.T) {
	t.Parallel()
	eachDelivery(t, func(t *testing.T, s connectors.Source, r connectors.Receiver, d delivery) {
		if event, _ := r.Identify(d.header()); event != "" && event == senders[s.Name].bodyless {
			return
		}
		raw := d.bytes(t)
		refused := func(name string, body []byte) {
			t.Helper()
			events, err := r.Parse(d.header(), body)
			lawful(t, events, err)
			if err == nil {
				t.Errorf("%s: tells of %d facts", name, len(events))
			}
		}
		for at := 0; at < len(raw); at += 97 {
			refused("truncated", raw[:at])
		}
		refused("doubled", append(bytes.Clone(raw), raw...))
		for _, deep := range []string{
			strings.Repeat("[", 10_000),
			strings.Repeat(`{"a":`, 10_000),
			strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000),
			strings.Repeat(`{"a":`, 10_000) + "1" + strings.Repeat("}", 10_000),
		} {
			refused("nested", []byte(deep))
			if inside := bytes.Replace(raw, []byte("{"), []byte(`{"nested":`+deep+`,`), 1); !bytes.Equal(inside, raw) {
				refused("nested inside", inside)
			}
		}
		for at := 0; at < len(raw); at += 13 {
			flipped := bytes.Clone(raw)
			flipped[at] ^= 1 << (at % 8)
			events, err := r.Parse(d.header(), flipped)
			lawful(t, events, err)
		}
	})
}
