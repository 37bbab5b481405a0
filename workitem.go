package evenkeel

import "time"

// WorkType is what a work item is for.
type WorkType string

// The types of work.
const (
	WorkFeature   WorkType = "feature"
	WorkBug       WorkType = "bug"
	WorkDebt      WorkType = "debt"
	WorkSecurity  WorkType = "security"
	WorkUnplanned WorkType = "unplanned"
)

// WorkState is how far a work item is.
type WorkState string

// The states of a work item.
const (
	WorkOpen    WorkState = "open"
	WorkStarted WorkState = "started"
	WorkClosed  WorkState = "closed"
)

// WorkItem is planned or unplanned work on an application.
type WorkItem struct {
	Application string `json:"application,omitzero"`
	// Origin is what the source calls the thing concerned, "jira:SHOP".
	Origin string `json:"origin,omitzero"`
	// Repository is host/path, where the item is kept beside the code.
	Repository string    `json:"repository,omitzero"`
	Type       WorkType  `json:"type,omitzero"`
	State      WorkState `json:"state,omitzero"`
	OpenedAt   time.Time `json:"opened_at,omitzero"`
	StartedAt  time.Time `json:"started_at,omitzero"`
	ClosedAt   time.Time `json:"closed_at,omitzero"`
	DueAt      time.Time `json:"due_at,omitzero"`
	// Links lead to the item in its source and to what it is about.
	Links []string `json:"links,omitzero"`
}

// Kind implements Payload.
func (*WorkItem) Kind() Kind { return KindWorkItem }

// Key implements Payload: a work item is named by its source and id.
func (*WorkItem) Key(source, id string) string { return source + "\x1f" + id }

// Subject implements Payload.
func (w *WorkItem) Subject() Subject { return newSubject(w.Application, nil, w.Origin, w.Repository) }

// Validate implements Payload.
func (w *WorkItem) Validate() error {
	var p problems
	p.slug("application", w.Application)
	p.text("origin", w.Origin)
	p.text("repository", w.Repository)
	oneOf(&p, "type", w.Type, WorkFeature, WorkBug, WorkDebt, WorkSecurity, WorkUnplanned)
	oneOf(&p, "state", w.State, WorkOpen, WorkStarted, WorkClosed)
	p.instant("opened_at", w.OpenedAt)
	p.instant("started_at", w.StartedAt)
	p.instant("closed_at", w.ClosedAt)
	p.instant("due_at", w.DueAt)
	for i, link := range w.Links {
		p.text(indexed("links", i, ""), link)
	}
	return p.err()
}
