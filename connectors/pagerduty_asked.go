package connectors

import (
	"slices"
	"strconv"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// pagerdutyAsked names the documents that PagerDuty was asked for: an incident
// as it stands, and what its log says of its state.
const pagerdutyAsked = "asked.incident"

// pagerdutyEntry is an entry of the log of an incident.
type pagerdutyEntry struct {
	Type      string `json:"type"`
	CreatedAt string `json:"created_at"`
	at        time.Time
}

// pagerdutyStep is what an entry is in the words of webhooks, and the status
// that it leaves the incident in; ok is false for all other entries.
func pagerdutyStep(entry string) (event, status string, ok bool) {
	switch entry {
	case "trigger_log_entry":
		return pagerdutyTriggered, "triggered", true
	case "acknowledge_log_entry":
		return pagerdutyAcknowledged, "acknowledged", true
	case "unacknowledge_log_entry":
		return "incident.unacknowledged", "triggered", true
	case "reopen_log_entry":
		return pagerdutyReopened, "triggered", true
	case "resolve_log_entry":
		return pagerdutyResolved, "resolved", true
	}
	return "", "", false
}

// asked reads an incident with its log: every step as its webhook would have
// told it, and how the incident stands now.
func (r *pagerdutyReceiver) asked(p *payload) []evenkeel.Event {
	var now pagerdutyRecord
	var entries []pagerdutyEntry
	p.into("incident", &now)
	p.into("log_entries", &entries)
	for i := range entries {
		entries[i].at = p.instant("log_entries["+strconv.Itoa(i)+"].created_at", entries[i].CreatedAt)
	}
	changed := p.instantIfAny("incident.last_status_change_at", now.StatusChanged)
	last := latest(p.instant("incident.created_at", now.CreatedAt), changed)
	for _, entry := range entries {
		last = latest(last, entry.at)
	}
	if len(p.problems.list) > 0 {
		return nil
	}
	tell := func(event, status string, at time.Time) []evenkeel.Event {
		told := pagerdutyEvent{Type: event, OccurredAt: at.Format(time.RFC3339Nano), Data: now}
		told.Data.Status = firstText(status, now.Status)
		return r.incident(p, "incident.", told)
	}
	var events []evenkeel.Event
	if !now.merged() { // Of one that was merged there is no more to say than that.
		for _, step := range pagerdutySteps(entries, now.Status, firstInstant(changed, last)) {
			events = append(events, tell(step.event, step.status, step.at)...)
		}
	}
	return append(events, tell("", "", last)...)
}

// pagerdutyMove is one change of the state of an incident.
type pagerdutyMove struct {
	event, status string
	at            time.Time
}

// pagerdutySteps are the changes of state that a log tells. PagerDuty does not
// say in so many words that an incident was opened again: what goes on after
// the end does. A log that ends otherwise than the incident stands leaves its
// last change to be told as of when the status changed.
func pagerdutySteps(entries []pagerdutyEntry, status string, changed time.Time) (steps []pagerdutyMove) {
	entries = slices.Clone(entries)
	slices.SortStableFunc(entries, func(a, b pagerdutyEntry) int { return a.at.Compare(b.at) })
	over := false
	for _, entry := range entries {
		event, becomes, ok := pagerdutyStep(entry.Type)
		if !ok {
			continue
		}
		if over && event != pagerdutyResolved && event != pagerdutyReopened {
			steps = append(steps, pagerdutyMove{pagerdutyReopened, becomes, entry.at})
		}
		steps = append(steps, pagerdutyMove{event, becomes, entry.at})
		over = event == pagerdutyResolved
	}
	switch ended := status == "resolved"; {
	case ended && !over:
		steps = append(steps, pagerdutyMove{pagerdutyResolved, status, changed})
	case !ended && over:
		steps = append(steps, pagerdutyMove{pagerdutyReopened, status, changed})
	}
	return steps
}
