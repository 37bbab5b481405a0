package evenkeel

import (
	"maps"
	"slices"
	"strconv"
	"time"
)

// Alert is one time that an alert fired. It is no incident: only by a rule of
// its connection do alerts become one.
type Alert struct {
	// Fingerprint names the alert: what fires again is the same alert.
	Fingerprint string `json:"fingerprint,omitzero"`
	// Labels are all that the source says of it, "severity": "critical".
	Labels   map[string]string `json:"labels,omitzero"`
	StartsAt time.Time         `json:"starts_at,omitzero"`
	// EndsAt is zero while the alert fires, and when nobody told of its end.
	EndsAt time.Time `json:"ends_at,omitzero"`
}

// maxLabels is how many labels an alert may have.
const maxLabels = 100

// Kind implements Payload.
func (*Alert) Kind() Kind { return KindAlert }

// Key implements Payload: an alert is named by its source and id, which tells
// one firing from the next.
func (*Alert) Key(source, id string) string { return source + "\x1f" + id }

// Subject implements Payload: an alert itself belongs to no application.
func (*Alert) Subject() Subject { return Subject{Apart: true} }

// Validate implements Payload.
func (a *Alert) Validate() error {
	var p problems
	p.required("fingerprint", a.Fingerprint)
	p.text("fingerprint", a.Fingerprint)
	if len(a.Labels) > maxLabels {
		p.add("labels", "are more than "+strconv.Itoa(maxLabels))
	}
	for _, name := range slices.Sorted(maps.Keys(a.Labels)) {
		p.text("labels", name)
		p.text("labels", a.Labels[name])
	}
	if a.StartsAt.IsZero() {
		p.add("starts_at", "is required")
	}
	p.instant("starts_at", a.StartsAt)
	p.instant("ends_at", a.EndsAt)
	return p.err()
}
