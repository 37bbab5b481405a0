package connectors

import (
	"slices"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// gitlabIssue is an issue, or a work item of another type.
type gitlabIssue struct {
	ID        int64         `json:"id"`
	Type      string        `json:"type"`
	State     string        `json:"state"`
	Action    string        `json:"action"`
	Severity  string        `json:"severity"`
	MovedTo   *int64        `json:"moved_to_id"`
	Labels    []gitlabLabel `json:"labels"`
	CreatedAt string        `json:"created_at"`
	UpdatedAt string        `json:"updated_at"`
	ClosedAt  string        `json:"closed_at"`
}

// gitlabChanges are the changes that decide whether an issue is an incident.
type gitlabChanges struct {
	Labels *struct {
		Previous []gitlabLabel `json:"previous"`
		Current  []gitlabLabel `json:"current"`
	} `json:"labels"`
	Type *struct {
		Previous string `json:"previous"`
		Current  string `json:"current"`
	} `json:"type"`
}

// issue reads the event of an issue or a work item, confidential or not, which
// is an incident by its type or its labels.
func (d *gitlabDelivery) issue() ([]evenkeel.Event, error) {
	var issue gitlabIssue
	var changes gitlabChanges
	d.into("object_attributes", &issue)
	d.into("changes", &changes)
	if _, listed := d.members["labels"]; listed {
		d.into("labels", &issue.Labels)
	}
	id := "issue:" + d.number("object_attributes.id", issue.ID)
	updated := d.instant("object_attributes.updated_at", issue.UpdatedAt)
	s := d.settings
	was := changes.Labels != nil && s.incident(changes.Labels.Previous...) || changes.Type != nil && gitlabIncident(changes.Type.Previous)
	switch is := gitlabIncident(issue.Type) || s.incident(issue.Labels...); {
	case was && !is || is && issue.MovedTo != nil:
		gone := d.event(id, updated.Add(githubStep), &evenkeel.Incident{Repository: d.repository})
		gone.Deleted = true
		return []evenkeel.Event{gone}, nil
	case !is:
		return nil, ignored("neither an incident by its type nor by a label of the setting incident_labels")
	}
	marked := !gitlabIncident(issue.Type) && changes.Labels != nil && !s.incident(changes.Labels.Previous...)
	return d.incident(id, issue, marked, updated), nil
}

func gitlabIncident(kind string) bool { return strings.EqualFold(kind, "incident") }

// incident is the issue as it stands; marked says that a label just made it one.
func (d *gitlabDelivery) incident(id string, issue gitlabIssue, marked bool, updated time.Time) []evenkeel.Event {
	facts := &evenkeel.Incident{Repository: d.repository, Severity: d.settings.severity(issue)}
	e := d.event(id, updated, facts)
	if facts.Severity == "" {
		e.Cleared = append(e.Cleared, "severity")
	}
	created := d.instant("object_attributes.created_at", issue.CreatedAt)
	switch {
	case gitlabIncident(issue.Type), issue.Action == "open", marked && issue.State == "closed":
		facts.OpenedAt = created
	case marked:
		facts.OpenedAt = updated
	}
	switch issue.State {
	case "closed":
		if facts.ResolvedAt = d.instantIfAny("object_attributes.closed_at", issue.ClosedAt); facts.ResolvedAt.IsZero() && issue.Action == "close" {
			facts.ResolvedAt = updated
		}
	case "opened":
		e.Cleared = append(e.Cleared, "resolved_at")
	default:
		d.wrong("object_attributes.state", shortQuote(issue.State)+" is neither opened nor closed")
	}
	if issue.Action == "reopen" {
		facts.ReopenedAt = updated
	}
	if issue.Action == "close" || issue.Action == "reopen" {
		e.ObservedAt = updated.Add(githubStep)
	}
	return []evenkeel.Event{e}
}

// incident says whether one of the labels makes an issue an incident.
func (s *gitlabSettings) incident(labels ...gitlabLabel) bool {
	return slices.ContainsFunc(labels, func(label gitlabLabel) bool {
		return slices.ContainsFunc(s.IncidentLabels, func(name string) bool { return strings.EqualFold(name, label.Title) })
	})
}

// severity is that of the incident, else what its labels say.
func (s *gitlabSettings) severity(issue gitlabIssue) string {
	if text := strings.ToLower(issue.Severity); text != "" && text != "unknown" {
		return text
	}
	var found []string
	for _, label := range issue.Labels {
		for _, prefix := range s.SeverityLabels {
			if text := githubSeverity(label.Title, prefix); text != "" {
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
