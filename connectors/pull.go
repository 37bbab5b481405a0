package connectors

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors/outgoing"
)

// Puller asks a vendor for what its webhooks have not told. It is safe for
// concurrent use.
type Puller interface {
	Looker
	// Pull reads a stream on from where cursor stands, newest first while the
	// past is read. take keeps a page: what is kept is not asked for again. Pull
	// returns when there is nothing more for now, or with the error of take.
	Pull(ctx context.Context, stream string, cursor json.RawMessage, take func(context.Context, Page) error) error
}

// Pacer is a Puller that reads some streams less often than others.
type Pacer interface {
	// Pace is the time between two reads of a stream that is read to its end; 0
	// is the usual.
	Pace(stream string) time.Duration
}

// Refusal is part of every text of [ErrRefused], by which one that was kept is
// known.
const Refusal = "the vendor refuses the credentials"

// ErrRefused says that a vendor does not accept the credentials.
var ErrRefused = fmt.Errorf("%w: "+Refusal, evenkeel.ErrDenied)

// Page is what one step of reading a stream has found.
type Page struct {
	Documents []Document
	// Cursor is where reading goes on after this page.
	Cursor json.RawMessage
	// Done counts the records read so far, Total those there are; 0 is unknown.
	Done, Total int
	// Complete says that all of the past is read.
	Complete bool
}

// Document is one record of a vendor, in the form of the delivery that would
// have told of it: the receiver of the source reads both, so that they say the
// same.
type Document struct {
	// Event and Key are as Identify names them. Key is empty but for a delivery
	// that the vendor has tried to send.
	Event, Key string
	// Header is what Parse looks at.
	Header map[string]string
	Body   []byte
}

// Outside is what a puller needs of the program around it.
type Outside struct {
	// Connection is the id of the connection; empty before it is kept.
	Connection string
	// Unknown are the commits of a repository that were deployed since an instant
	// and that nobody has told of, the last deployed first; nil where nothing is kept.
	Unknown func(ctx context.Context, repository string, since time.Time) ([]string, error)
	// Secret resolves a reference to a secret, "${env:NAME}".
	Secret func(reference string) (string, error)
	Now    func() time.Time
	Sleep  func(context.Context, time.Duration) error
	// Observe is told of every request; it may be nil.
	Observe func(outgoing.Exchange)
}
