package evenkeel

import (
	"encoding/json"
	"time"
)

// Stream is one list of a vendor that is read bit by bit, such as the pull
// requests of one repository, and where reading it stands.
type Stream struct {
	// Workspace and Connection say whose it is.
	Workspace, Connection string
	// Name is the connector's, "pulls acme/checkout". The stream without a name
	// is the connection itself: who it is known as, what it may, and which other
	// streams there are.
	Name string
	// Cursor is where reading goes on, a JSON value that only the connector
	// understands; nil before the first page.
	Cursor json.RawMessage
	// Done counts the records read so far, Total those that the vendor says
	// there are; Total is 0 where it does not say.
	Done, Total int
	// Complete says that all of the past is read.
	Complete bool
	// LastAt is when a page was last read; zero before the first.
	LastAt time.Time
	// NextAt is when the stream is to be read next.
	NextAt time.Time
	// Failures counts the reads that failed since the last that did not, and
	// Error says why the last did.
	Failures int
	Error    string
	// Version counts the changes: 0 for a stream that is not kept yet.
	Version int64
}

// Permission is something that a connection has to be allowed to do.
type Permission struct {
	// Name is the vendor's, "pull_requests: read"; For says what it is for.
	Name, For string
	// Granted is nil where the vendor does not say.
	Granted *bool
}

// Access is what a vendor says of the credentials of a connection.
type Access struct {
	// Identity is who the vendor takes us for, such as the name of an app. It
	// never is that of a person.
	Identity    string
	Permissions []Permission
	// ExpiresAt is when the credentials end; zero if never, or if the vendor
	// does not say.
	ExpiresAt time.Time
	// Limits are the vendor's limits of calls, by its names of them.
	Limits []CallLimit
	// Streams are the names of what can be read.
	Streams []string
	// Names are the names under which the facts of repositories are kept, by the
	// vendor's ids of them: an id stays when a repository is renamed. Connectors
	// may keep other names that they need beside them.
	Names map[string]string
	// Notes are what an operator should know, a sentence each, such as what is
	// left out.
	Notes []string
}

// CallLimit is how many calls a vendor allows.
type CallLimit struct {
	// Name is empty where a vendor has only one limit.
	Name            string
	Remaining, Most int
	Reset           time.Time
}
