package evenkeel

import "time"

// IncidentLink is what a person said about the cause of an incident. It takes
// the place of what the rules find; that stays known beside it.
type IncidentLink struct {
	// Incident is the fact id of the incident.
	Incident string `json:"incident"`
	// Deployments are the fact ids of the deployments that caused it; none
	// means that no deployment did.
	Deployments []string `json:"deployments"`
	// At is when it was said; By names who, as audit entries do; Reason is
	// their text.
	At     time.Time `json:"at"`
	By     string    `json:"by"`
	Reason string    `json:"reason,omitzero"`
	// Withdrawn gives the question back to the rules.
	Withdrawn bool `json:"withdrawn,omitzero"`
}
