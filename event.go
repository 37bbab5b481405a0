package evenkeel

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
)

// EventSchema is the version of the neutral event format.
const EventSchema = 1

// Event is what one source said of one fact at one instant: the unit that
// connectors produce and the store keeps as an immutable observation.
type Event struct {
	Kind Kind
	// ID is the source's own name of the fact, or of a batch of a series. A batch
	// may have none; it is then not remembered, and taken in again if it comes
	// again.
	ID string
	// Source is the source instance, "github:github.com" or a token's name.
	Source string
	// ObservedAt is when the source knew it, by the source's clock. Zero
	// before [Event.Complete].
	ObservedAt time.Time
	// Deleted says that the source no longer has the fact.
	Deleted bool
	// Final says that the fields given hold against what other reports say of
	// them; of several final reports of a field the first holds. It is how a
	// source states an outcome that later events only follow up on.
	Final bool
	// Payload holds the fields the source knows; zero fields are unknown.
	Payload Payload
	// Cleared names fields that the source knows to be empty.
	Cleared []string
}

// Validate reports every broken rule of header and payload.
func (e Event) Validate() error {
	var p problems
	if NewPayload(e.Kind) == nil {
		p.add("kind", quoted(string(e.Kind))+" is not one of "+kindList())
	}
	if !e.Kind.IsSeries() {
		p.required("id", e.ID)
	}
	p.text("id", e.ID)
	p.required("source", e.Source)
	p.text("source", e.Source)
	p.instant("observed_at", e.ObservedAt)
	if e.Kind.IsSeries() && (e.Deleted || len(e.Cleared) > 0) {
		p.add("deleted", "a batch of a series takes nothing back; send the slices again under another id")
	}
	if e.Final && (e.Kind.IsSeries() || e.Kind == KindCommit) {
		p.add("final", "is not for events of kind "+string(e.Kind))
	}
	if e.Payload == nil {
		return p.err()
	}
	if err := e.Payload.Validate(); err != nil {
		if list, ok := err.(FieldErrors); ok { //nolint:errorlint // Validate returns the list itself.
			p.list = append(p.list, list...)
		}
	}
	return p.err()
}

func kindList() string {
	names := make([]string, 0, len(Kinds()))
	for _, k := range Kinds() {
		names = append(names, string(k))
	}
	return strings.Join(names, ", ")
}

// Fact is a current fact: the fold of all events that name it.
type Fact[T any] struct {
	// ID is short, stable and safe in URLs; see [FactID].
	ID string
	// Source and ExternalID name the fact where it came from (its first event).
	Source     string
	ExternalID string
	// Shared says that the fact belongs to more than one application.
	Shared bool
	Value  T
}

// FactID derives a fact's id from its kind and natural key: 20 hexadecimal
// digits that are the same in every installation.
func FactID(k Kind, key string) string {
	sum := sha256.Sum256([]byte(string(k) + "\x1e" + key))
	return hex.EncodeToString(sum[:10])
}
