package evenkeel

import "time"

// EvidenceResult is the outcome of a check.
type EvidenceResult string

// The results of a check.
const (
	EvidencePass          EvidenceResult = "pass"
	EvidenceFail          EvidenceResult = "fail"
	EvidenceWarn          EvidenceResult = "warn"
	EvidenceNotApplicable EvidenceResult = "n/a"
	EvidenceUnknown       EvidenceResult = "unknown"
	EvidenceWaived        EvidenceResult = "waived"
	EvidenceStale         EvidenceResult = "stale"
)

// Evidence is what one check found about one application at one instant.
type Evidence struct {
	Application string `json:"application,omitzero"`
	// Repository claims the evidence where no application is named.
	Repository string `json:"repository,omitzero"`
	// Check names what was checked, "dependency-scan".
	Check  string         `json:"check,omitzero"`
	Result EvidenceResult `json:"result,omitzero"`
	// Value is what was observed, as people read it: "81.5 %".
	Value string    `json:"value,omitzero"`
	Link  string    `json:"link,omitzero"`
	At    time.Time `json:"at,omitzero"`
}

// Kind implements Payload.
func (*Evidence) Kind() Kind { return KindEvidence }

// Key implements Payload: evidence is named by its source and id.
func (*Evidence) Key(source, id string) string { return source + "\x1f" + id }

// Subject implements Payload.
func (e *Evidence) Subject() Subject { return newSubject(e.Application, nil, "", e.Repository) }

// Validate implements Payload.
func (e *Evidence) Validate() error {
	var p problems
	p.slug("application", e.Application)
	p.text("repository", e.Repository)
	if e.Application == "" && e.Repository == "" {
		p.add("application", "is required where no repository is named")
	}
	p.required("check", e.Check)
	p.text("check", e.Check)
	p.required("result", string(e.Result))
	oneOf(&p, "result", e.Result, EvidencePass, EvidenceFail, EvidenceWarn, EvidenceNotApplicable, EvidenceUnknown, EvidenceWaived, EvidenceStale)
	p.text("value", e.Value)
	p.text("link", e.Link)
	if e.At.IsZero() {
		p.add("at", "is required")
	}
	p.instant("at", e.At)
	return p.err()
}
