package evenkeel

import "time"

// Basis says how a dependency is known.
type Basis string

// The bases of a dependency.
const (
	BasisDeclared Basis = "declared"
	BasisObserved Basis = "observed"
)

// Dependency says that one application needs another.
type Dependency struct {
	From string `json:"from,omitzero"`
	To   string `json:"to,omitzero"`
	// Type is free text: "http", "queue", "database".
	Type       string    `json:"type,omitzero"`
	Basis      Basis     `json:"basis,omitzero"`
	LastSeenAt time.Time `json:"last_seen_at,omitzero"`
}

// Kind implements Payload.
func (*Dependency) Kind() Kind { return KindDependency }

// Key implements Payload: the two ends and the type.
func (d *Dependency) Key(_, _ string) string { return d.From + "\x1f" + d.To + "\x1f" + d.Type }

// Subject implements Payload: a dependency belongs to the application that needs.
func (d *Dependency) Subject() Subject { return newSubject(d.From, nil, "", "") }

// Validate implements Payload.
func (d *Dependency) Validate() error {
	var p problems
	p.required("from", d.From)
	p.slug("from", d.From)
	p.required("to", d.To)
	p.slug("to", d.To)
	p.text("type", d.Type)
	p.required("basis", string(d.Basis))
	oneOf(&p, "basis", d.Basis, BasisDeclared, BasisObserved)
	p.instant("last_seen_at", d.LastSeenAt)
	return p.err()
}
