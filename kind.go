package evenkeel

// Kind names a sort of fact. Its values are the "kind" member of neutral events.
type Kind string

// The kinds of fact.
const (
	KindDeployment Kind = "deployment"
	KindChange     Kind = "change"
	KindCommit     Kind = "commit"
	KindArtifact   Kind = "artifact"
	KindIncident   Kind = "incident"
	KindDependency Kind = "dependency"
)

// Kinds lists every kind in the order of the documentation.
func Kinds() []Kind {
	return []Kind{KindDeployment, KindChange, KindCommit, KindArtifact, KindIncident, KindDependency}
}

// NewPayload returns an empty payload of the kind, or nil if the kind is unknown.
func NewPayload(k Kind) Payload {
	switch k {
	case KindDeployment:
		return &Deployment{}
	case KindChange:
		return &Change{}
	case KindCommit:
		return &Commit{}
	case KindArtifact:
		return &Artifact{}
	case KindIncident:
		return &Incident{}
	case KindDependency:
		return &Dependency{}
	}
	return nil
}

// Payload is what one source says of one fact. Zero fields are unknown.
// It is implemented by the pointer types of the fact structs.
type Payload interface {
	Kind() Kind
	// Key is the fact's natural key within a workspace; source and id are
	// those of the event that carries the payload.
	Key(source, id string) string
	// Subject says what the fact is about, for membership.
	Subject() Subject
	// Validate reports every broken rule, each naming its field; the error
	// wraps ErrInvalid.
	Validate() error
}
