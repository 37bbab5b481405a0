package evenkeel

import (
	"encoding/json"
	"time"
)

// Outcome is what became of a delivery.
type Outcome string

// The outcomes of a delivery.
const (
	// OutcomeRecorded: its events are observations.
	OutcomeRecorded Outcome = "recorded"
	// OutcomeIgnored: it is genuine and holds nothing of interest.
	OutcomeIgnored Outcome = "ignored"
	// OutcomeRejected: it is genuine and could not be understood.
	OutcomeRejected Outcome = "rejected"
)

// Delivery is one request of a source whose signature was right, kept as it
// came whatever it holds.
type Delivery struct {
	// ID is given by the store; ids sort by arrival.
	ID string
	// Connection is the id of the connection it came through.
	Connection string
	// Source is the name of the connector, "github".
	Source string
	// Event is the source's name of what happened, "deployment_status"; it may be empty.
	Event string
	// Key is the source's own id of the delivery; it may be empty. It is not
	// signed, so two bodies may carry one key: both are kept.
	Key string
	// Headers are those the connector keeps, by canonical name.
	Headers map[string]string
	// Body is the request's body after decompression; nil once it has expired.
	Body []byte
	// Size is the length of the body in bytes, also after it has expired.
	Size       int
	ReceivedAt time.Time
	Outcome    Outcome
	// Reason says why a delivery was ignored or rejected, or what is missing of
	// one that was recorded.
	Reason string
	// Expired says that the body was dropped, by age or by an erasure.
	Expired bool
	// Repeats counts how often the same delivery came again.
	Repeats int
	// Facts counts the distinct facts that its events name.
	Facts int
	// Unclaimed says that a fact it names belongs to no application.
	Unclaimed bool
	// Events are what the connector understood. They are handed to the store
	// with the delivery, and are empty when a delivery is read.
	Events []Event
}

// Delivered is what became of one delivery in the store.
type Delivered struct {
	// ID is that of the delivery, or of the equal one that came before.
	ID string
	// Repeated says that the same delivery is kept already.
	Repeated bool
	Recorded
}

// DeliveryFilter narrows a list of deliveries. Zero members do not narrow.
type DeliveryFilter struct {
	Outcomes   []Outcome
	Source     string
	Connection string
	Event      string
	// Unclaimed asks for deliveries with a fact that no application claims.
	Unclaimed bool
	// Window is on the arrival.
	Window Window
	Cursor string
	// Limit is the most items of a page; 0 is 50, and 500 is the most.
	Limit int
	// Oldest lists the oldest first; a replay reads in this order.
	Oldest bool
}

// Connection lets one installation of a source deliver into a workspace.
type Connection struct {
	// ID cannot be guessed: it is part of the address that deliveries go to.
	ID        string
	Workspace string
	// Source is the name of the connector, "github".
	Source string
	// Name is unique in the workspace.
	Name string
	// Secrets are references, "${env:NAME}" or "${file:/path}"; any of them
	// may sign, so that a secret can be replaced without a gap.
	Secrets []string
	// Settings are the connector's own, a JSON object.
	Settings json.RawMessage
	// Names are those of [Access] that asking the vendor has taught. The store
	// fills them in; they are not saved with a connection.
	Names map[string]string
	// Managed is "config" for a connection that a file states, else "api".
	Managed   string
	CreatedAt time.Time
}

// ConnectionActivity says what has come through a connection.
type ConnectionActivity struct {
	// Deliveries counts by outcome.
	Deliveries map[Outcome]int
	// Repeats counts deliveries that came again.
	Repeats int
	// LastAt is the last arrival; zero before the first.
	LastAt time.Time
}
