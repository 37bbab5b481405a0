package connectors

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/evenkeel-dev/evenkeel"
)

// DefaultMaxBody is the largest delivery in bytes, as sent and after
// decompression, of a source that states no other.
const DefaultMaxBody = 5 << 20

// Source is one kind of sender of signed deliveries. A source is one file of
// this package, which registers it, and a folder of fixtures,
// testdata/deliveries/NAME; docs/connectors.md is written from it.
type Source struct {
	// Name is part of the address of deliveries, "github".
	Name string
	// Title and Summary are for people; Summary is one sentence.
	Title, Summary string
	// Setup says in a few steps how the sender is set up, Markdown.
	Setup string
	// MaxBody is the largest body in bytes; 0 is DefaultMaxBody.
	MaxBody int64
	// Headers are kept with a delivery, by canonical name. Parse sees no
	// others, so that a delivery can be parsed again.
	Headers []string
	// Paths says that deliveries are also posted to places below the address of
	// a connection. Parse finds what stands behind that address under
	// [PathHeader], and the arrival under [ArrivalHeader]; both are kept.
	Paths bool
	// Arrival says that Parse needs to know when a delivery came, because the
	// sender does not say when things happened: it finds that under
	// [ArrivalHeader], which is kept. Sources with Paths find it too.
	Arrival bool
	// Settings are what an operator may write for a connection.
	Settings []Setting
	// Events say what becomes of each event of the source.
	Events []EventNote
	// Open makes a receiver from the settings of a connection, a JSON object
	// or nil. A mistake is an error that wraps ErrInvalid and names the setting.
	Open func(settings json.RawMessage) (Receiver, error)
	// Pull makes what asks the vendor, or nil where the settings name no
	// interface to ask; it is nil for a source that is never asked. Mistakes are
	// as those of Open.
	Pull func(settings json.RawMessage, o Outside) (Puller, error)
	// Measure makes what asks a monitoring system for measurements, or nil where
	// the settings name none. A source that has it takes no deliveries. Mistakes
	// are as those of Open.
	Measure func(settings json.RawMessage, o Outside) (Measurer, error)
}

// The headers that tell a source with Paths or Arrival more than its sender
// wrote: where it was posted to below the address of the connection, as in
// "issue/INC-7/close", and when it came (RFC 3339).
const (
	PathHeader    = "X-Evenkeel-Path"
	ArrivalHeader = "X-Evenkeel-Arrival"
)

// Callable is a Receiver whose connection has a name at its sender: by it and
// by their key requests are found that do not know our address.
type Callable interface {
	// Called is the name; it may be empty.
	Called() string
}

// Setting documents one setting.
type Setting struct{ Name, Type, Default, Meaning string }

// EventNote documents what one event of a source becomes.
type EventNote struct{ Event, Facts string }

// Receiver understands the deliveries of one connection. It is pure and safe
// for concurrent use.
type Receiver interface {
	// Verify checks the signature of a body as it was sent, before
	// decompression. Any of the secrets may have signed; none of them is
	// empty. A missing, wrong or weak signature wraps ErrDenied.
	Verify(header http.Header, raw []byte, secrets []string) error
	// Identify names the event and the delivery by what the source calls
	// them; both may be empty. They are not to be trusted: nobody signs headers.
	Identify(header http.Header) (event, key string)
	// Parse reads a body after decompression. Its events are valid, name their
	// source and carry UTC times; ObservedAt may be zero, see
	// [evenkeel.Event.Complete]. An error that wraps ErrIgnored says why a
	// genuine delivery holds nothing of interest, any other wraps ErrInvalid
	// and says what could not be understood; both come without events.
	Parse(header http.Header, body []byte) ([]evenkeel.Event, error)
}

// registered holds the sources by name. Each source adds itself while the
// package is initialised; nothing is added later.
//
//nolint:gochecknoglobals // The one registry: a new source is a new file.
var registered = map[string]Source{}

// register adds a source. It returns the name so that a package variable can
// hold the call.
func register(s Source) string { //nolint:unparam // See the comment.
	if _, ok := registered[s.Name]; ok || s.Open == nil || !evenkeel.ValidSlug(s.Name) {
		panic("connectors: source " + s.Name + " is registered twice or incomplete") // A mistake of the program.
	}
	if s.MaxBody == 0 {
		s.MaxBody = DefaultMaxBody
	}
	registered[s.Name] = s
	return s.Name
}

// Sources lists all sources by name.
func Sources() []Source {
	list := make([]Source, 0, len(registered))
	for _, s := range registered {
		list = append(list, s)
	}
	slices.SortFunc(list, func(a, b Source) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// SourceNamed finds a source; an unknown name is ErrNotFound.
func SourceNamed(name string) (Source, error) {
	s, ok := registered[name]
	if !ok {
		return s, fmt.Errorf("source %s: %w", shortQuote(name), evenkeel.ErrNotFound)
	}
	return s, nil
}

// Kept is the part of a request's header that is kept with a delivery.
func (s Source) Kept(header http.Header) map[string]string {
	kept := map[string]string{}
	for _, name := range s.Headers {
		if value := header.Get(name); value != "" && len(value) <= evenkeel.MaxText {
			kept[http.CanonicalHeaderKey(name)] = strings.ToValidUTF8(strings.ReplaceAll(value, "\x00", ""), "�")
		}
	}
	return kept
}

// KeptHeader is the inverse of Kept, for Parse.
func KeptHeader(kept map[string]string) http.Header {
	header := http.Header{}
	for name, value := range kept {
		header.Set(name, value)
	}
	return header
}

// Remarker is a Receiver that may have something to say of a delivery that it
// understood, such as that it is incomplete.
type Remarker interface {
	// Remark is one line on a body after decompression; it may be empty.
	Remark(body []byte) string
}
