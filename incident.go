package evenkeel

import "time"

// Incident is a degradation that people had to act on.
type Incident struct {
	Application  string   `json:"application,omitzero"`
	Applications []string `json:"applications,omitzero"`
	// Origin is what the source calls the thing concerned, "pagerduty:PSVC1".
	Origin string `json:"origin,omitzero"`
	// Repository is host/path, where the incident is kept beside the code.
	Repository string `json:"repository,omitzero"`
	// Environment is a name; empty means the production class.
	Environment    string    `json:"environment,omitzero"`
	Severity       string    `json:"severity,omitzero"`
	OpenedAt       time.Time `json:"opened_at,omitzero"`
	DetectedAt     time.Time `json:"detected_at,omitzero"`
	AcknowledgedAt time.Time `json:"acknowledged_at,omitzero"`
	MitigatedAt    time.Time `json:"mitigated_at,omitzero"`
	ResolvedAt     time.Time `json:"resolved_at,omitzero"`
	ReopenedAt     time.Time `json:"reopened_at,omitzero"`
	// CausedBy is the id of a deployment, or "source/id".
	CausedBy string `json:"caused_by,omitzero"`
}

// Kind implements Payload.
func (*Incident) Kind() Kind { return KindIncident }

// Key implements Payload: an incident is named by its source and id.
func (*Incident) Key(source, id string) string { return source + "\x1f" + id }

// Subject implements Payload.
func (i *Incident) Subject() Subject {
	return newSubject(i.Application, i.Applications, i.Origin, i.Repository)
}

// Validate implements Payload. A resolution before the opening is kept and
// listed as an anomaly when figures are computed.
func (i *Incident) Validate() error {
	var p problems
	p.slug("application", i.Application)
	for n, application := range i.Applications {
		p.required(indexed("applications", n, ""), application)
		p.slug(indexed("applications", n, ""), application)
	}
	p.text("origin", i.Origin)
	p.text("repository", i.Repository)
	p.text("environment", i.Environment)
	p.text("severity", i.Severity)
	p.instant("opened_at", i.OpenedAt)
	p.instant("detected_at", i.DetectedAt)
	p.instant("acknowledged_at", i.AcknowledgedAt)
	p.instant("mitigated_at", i.MitigatedAt)
	p.instant("resolved_at", i.ResolvedAt)
	p.instant("reopened_at", i.ReopenedAt)
	p.text("caused_by", i.CausedBy)
	return p.err()
}
