package evenkeel

// Kind names a sort of fact. Its values are the "kind" member of neutral events.
type Kind string

// The kinds of fact.
const (
	KindDeployment  Kind = "deployment"
	KindChange      Kind = "change"
	KindCommit      Kind = "commit"
	KindArtifact    Kind = "artifact"
	KindBuild       Kind = "build"
	KindIncident    Kind = "incident"
	KindDependency  Kind = "dependency"
	KindWorkItem    Kind = "work_item"
	KindFlagChange  Kind = "flag_change"
	KindEvidence    Kind = "evidence"
	KindMeasurement Kind = "measurement"
	KindFlagUsage   Kind = "flag_usage"
	KindAlert       Kind = "alert"
)

// Kinds lists every kind in the order of the documentation.
func Kinds() []Kind {
	return []Kind{
		KindDeployment, KindChange, KindCommit, KindArtifact, KindBuild, KindIncident, KindDependency,
		KindWorkItem, KindFlagChange, KindEvidence, KindMeasurement, KindFlagUsage,
		KindAlert,
	}
}

// IsSeries says that events of the kind are batches of a series, not facts of
// their own: the payload's key names the series and the event's id the batch.
func (k Kind) IsSeries() bool { return k == KindMeasurement || k == KindFlagUsage }

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
	case KindBuild:
		return &Build{}
	case KindIncident:
		return &Incident{}
	case KindDependency:
		return &Dependency{}
	case KindWorkItem:
		return &WorkItem{}
	case KindFlagChange:
		return &FlagChange{}
	case KindEvidence:
		return &Evidence{}
	case KindMeasurement:
		return &Measurement{}
	case KindFlagUsage:
		return &FlagUsage{}
	case KindAlert:
		return &Alert{}
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
