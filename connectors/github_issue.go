package connectors

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/evenkeel-dev/evenkeel"
)

// githubMarked is the action by which an issue gets a label.
const githubMarked = "labeled" //nolint:misspell // GitHub's spelling.

// githubIssue is an issue.
type githubIssue struct {
	ID        int64         `json:"id"`
	State     string        `json:"state"`
	Labels    []githubLabel `json:"labels"`
	CreatedAt string        `json:"created_at"`
	UpdatedAt string        `json:"updated_at"`
	ClosedAt  string        `json:"closed_at"`
	// PullRequest is there when the issue is one.
	PullRequest *struct{} `json:"pull_request"`
}

// issue reads the event of an issue, which is an incident while it carries one
// of the labels that the operator names.
func (d *githubDelivery) issue() ([]evenkeel.Event, error) {
	var issue githubIssue
	d.into("issue", &issue)
	var label githubLabel // The label that was put on or taken off.
	d.into("label", &label)
	id := "issue:" + d.number("issue.id", issue.ID)
	updated := d.instant("issue.updated_at", issue.UpdatedAt)
	d.text("action", d.action)
	marks := d.settings.incident(label)
	switch {
	case issue.PullRequest != nil:
		return nil, ignored("a pull request, not an issue")
	case d.action == "unlabeled" && marks && !d.settings.incident(issue.Labels...):
		return d.noIncident(id, updated.Add(githubStep)), nil
	case !d.settings.incident(issue.Labels...):
		return nil, ignored("the issue carries none of the labels in the setting incident_labels")
	case d.action == "deleted" || d.action == "transferred":
		return d.noIncident(id, time.Time{}), nil // The issue does not say when.
	}
	return d.incident(id, issue, marks, updated), nil
}

func (d *githubDelivery) noIncident(id string, at time.Time) []evenkeel.Event {
	gone := d.event(id, at, &evenkeel.Incident{Repository: d.repository})
	gone.Deleted = true
	return []evenkeel.Event{gone}
}

// incident is the issue as it stands; marks says that the action concerns a
// label that makes incidents.
func (d *githubDelivery) incident(id string, issue githubIssue, marks bool, updated time.Time) []evenkeel.Event {
	facts := &evenkeel.Incident{Repository: d.repository, Severity: d.settings.severity(issue.Labels)}
	e := d.event(id, updated, facts)
	if facts.Severity == "" {
		e.Cleared = append(e.Cleared, "severity")
	}
	created := d.instant("issue.created_at", issue.CreatedAt)
	closed := issue.State == "closed"
	switch {
	case d.action == "opened":
		facts.OpenedAt = created
	case d.action == githubMarked && marks && closed:
		facts.OpenedAt = created // Marked afterwards: the label's time says nothing of the incident.
	case d.action == githubMarked && marks:
		facts.OpenedAt = updated
	case d.action == "reopened":
		facts.ReopenedAt = updated
	}
	switch {
	case closed:
		facts.ResolvedAt = d.instant("issue.closed_at", issue.ClosedAt)
	case issue.State == "open":
		e.Cleared = append(e.Cleared, "resolved_at")
	default:
		d.wrong("issue.state", shortQuote(issue.State)+" is neither open nor closed")
	}
	if d.action == "closed" || d.action == "reopened" {
		e.ObservedAt = updated.Add(githubStep)
	}
	return []evenkeel.Event{e}
}

// incident says whether one of the labels makes an issue an incident.
func (s *githubSettings) incident(labels ...githubLabel) bool {
	return slices.ContainsFunc(labels, func(label githubLabel) bool {
		return slices.ContainsFunc(s.IncidentLabels, func(name string) bool { return strings.EqualFold(name, label.Name) })
	})
}

// severity is what the labels say of it; of several the first in the order of
// the alphabet, sev1 before sev2.
func (s *githubSettings) severity(labels []githubLabel) string {
	var found []string
	for _, label := range labels {
		for _, prefix := range s.SeverityLabels {
			if text := githubSeverity(label.Name, prefix); text != "" {
				found = append(found, text)
				break
			}
		}
	}
	if len(found) == 0 {
		return ""
	}
	return slices.Min(found)
}

// githubSeverity is "sev1" of "sev1", "SEV-1: outage" and "severity: 1", and "high" of
// "severity/high"; empty if the label does not begin so. Behind a letter only
// a digit or a mark may follow: "several" names no severity.
func githubSeverity(label, prefix string) string {
	rest, fits := strings.CutPrefix(strings.ToLower(label), strings.ToLower(prefix))
	if !fits || rest == "" {
		return ""
	}
	first, last := rune(rest[0]), rune(prefix[len(prefix)-1])
	if unicode.IsLetter(last) && (unicode.IsLetter(first) || first >= 0x80) {
		return ""
	}
	rest = strings.Trim(rest, " :/-_=.")
	if word := strings.TrimLeft(rest, "0123456789"); word != rest {
		return "sev" + strings.TrimSuffix(rest, word)
	}
	return rest
}
