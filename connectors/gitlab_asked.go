package connectors

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// The events of documents that GitLab was asked for and that no webhook has.
const (
	gitlabCommitEvent  = "asked.commit"
	gitlabRequestEvent = "asked.merge_request"
	gitlabIssueEvent   = "asked.issue"
	gitlabFlagEvent    = "asked.feature_flag"
)

// gitlabAsked are the events that only asking brings. GitLab sends none of
// these kinds.
func gitlabAsked() []gitlabEvent {
	return []gitlabEvent{
		{gitlabCommitEvent, gitlabCommitEvent, "", (*gitlabDelivery).askedCommit},
		{gitlabRequestEvent, gitlabRequestEvent, "", (*gitlabDelivery).askedRequest},
		{gitlabIssueEvent, gitlabIssueEvent, "", (*gitlabDelivery).askedIssue},
		{gitlabFlagEvent, gitlabFlagEvent, "", (*gitlabDelivery).askedFlag},
	}
}

// askedCommit reads a commit with its parents.
func (d *gitlabDelivery) askedCommit() ([]evenkeel.Event, error) {
	var commit gitlabListedCommit
	d.into("commit", &commit)
	at := d.instant("commit.committed_date", commit.CommittedAt)
	facts := &evenkeel.Commit{
		Repository: d.repository, SHA: d.sha("commit.id", commit.ID), Parents: []string{}, CommittedAt: at,
		AuthoredAt: d.instantIfAny("commit.authored_date", commit.AuthoredAt), Trailers: readGitNote(commit.Message).trailers(),
	}
	for i, parent := range commit.Parents {
		facts.Parents = append(facts.Parents, d.sha("commit.parent_ids["+strconv.Itoa(i)+"]", parent))
	}
	return []evenkeel.Event{d.event(facts.SHA, at, facts)}, nil
}

// askedRequest reads a merge request as it stands, with its commits and what
// happened to it.
func (d *gitlabDelivery) askedRequest() ([]evenkeel.Event, error) {
	var request gitlabRequest
	var commits []gitlabListedCommit
	var notes []gitlabNote
	d.into("object_attributes", &request)
	d.into("commits", &commits)
	d.into("notes", &notes)
	events, err := d.mergeRequest() // It names no action: nothing happened just now.
	if err != nil || len(events) == 0 {
		return events, err
	}
	change, ok := events[0].Payload.(*evenkeel.Change)
	if !ok {
		return events, nil
	}
	for i, commit := range slices.Backward(commits) { // GitLab gives the newest first.
		at := "commits[" + strconv.Itoa(i) + "]."
		change.Commits = append(change.Commits, evenkeel.ChangeCommit{SHA: d.sha(at+"id", commit.ID), AuthoredAt: d.instantIfAny(at+"authored_date", commit.AuthoredAt)})
	}
	d.askedNotes(request, notes, &events[0])
	return events, nil
}

// What GitLab notes of a merge request begins with one of these.
const (
	gitlabApproved = "approved this merge request"
	gitlabReady    = "marked this merge request as **ready**"
	gitlabWorks    = "unmarked as a **Work In Progress**"
)

// askedNotes finds the first review by somebody else, the last approval before
// the merge, and when the request left its draft.
func (d *gitlabDelivery) askedNotes(request gitlabRequest, notes []gitlabNote, told *evenkeel.Event) {
	change, _ := told.Payload.(*evenkeel.Change)
	draft := request.Draft || request.Progress
	if change.ReadyAt = change.OpenedAt; draft {
		change.ReadyAt, told.Cleared = time.Time{}, append(told.Cleared, "ready_at")
	}
	merged := githubTime(request.MergedAt)
	for i, note := range notes {
		at := d.instant("notes["+strconv.Itoa(i)+"].created_at", note.CreatedAt)
		approved := note.System && strings.EqualFold(note.Body, gitlabApproved)
		left := note.System && (note.Body == gitlabReady || strings.HasPrefix(note.Body, gitlabWorks))
		switch {
		case left && !draft && at.After(change.ReadyAt):
			change.ReadyAt = at
		case note.System && !approved, d.noReviewOf(note.Author, request.AuthorID) != "", !merged.IsZero() && at.After(merged):
			continue
		}
		if left {
			continue
		}
		if change.FirstReviewAt.IsZero() || at.Before(change.FirstReviewAt) {
			change.FirstReviewAt = at
		}
		if approved && at.After(change.ApprovedAt) {
			change.ApprovedAt = at
		}
	}
}

// askedIssue reads an incident as it stands, with when it was marked as one
// and opened again.
func (d *gitlabDelivery) askedIssue() ([]evenkeel.Event, error) {
	var issue gitlabIssue
	var states, labels []gitlabHappened
	d.into("object_attributes", &issue)
	d.into("states", &states)
	d.into("labelled", &labels)
	id := "issue:" + d.number("object_attributes.id", issue.ID)
	updated := d.instant("object_attributes.updated_at", issue.UpdatedAt)
	is := gitlabIncident(issue.Type) || d.settings.incident(issue.Labels...)
	switch unmarked := slices.ContainsFunc(labels, d.settings.unmarks); {
	case !is && !unmarked:
		return nil, ignored("neither an incident by its type nor by a label of the setting incident_labels")
	case !is, issue.MovedTo != nil:
		gone := d.event(id, updated.Add(githubStep), &evenkeel.Incident{Repository: d.repository})
		gone.Deleted = true
		return []evenkeel.Event{gone}, nil
	}
	issue.Action = "" // Nothing happened just now.
	events := d.incident(id, issue, false, updated)
	facts, ok := events[0].Payload.(*evenkeel.Incident)
	if !ok {
		return events, nil
	}
	facts.OpenedAt = d.instant("object_attributes.created_at", issue.CreatedAt)
	closed := time.Time{}
	for i, one := range states {
		switch at := d.instant("states["+strconv.Itoa(i)+"].created_at", one.CreatedAt); {
		case one.State == "closed" && closed.IsZero():
			closed = at
		case one.State == "reopened":
			facts.ReopenedAt = latest(facts.ReopenedAt, at)
		}
	}
	if marked := d.askedMark(labels); !gitlabIncident(issue.Type) && !marked.IsZero() && (closed.IsZero() || marked.Before(closed)) {
		facts.OpenedAt = marked // Marked afterwards, the label's time says nothing of the incident.
	}
	return events, nil
}

// unmarks says that a label of incidents was taken away.
func (s *gitlabSettings) unmarks(one gitlabHappened) bool {
	return one.Action == "remove" && one.Label != nil && s.incident(gitlabLabel{one.Label.Name})
}

// askedMark is when an issue first got a label of incidents; zero is never.
func (d *gitlabDelivery) askedMark(labels []gitlabHappened) (first time.Time) {
	for i, one := range labels {
		if one.Action != "add" || one.Label == nil || !d.settings.incident(gitlabLabel{one.Label.Name}) {
			continue
		}
		if at := d.instant("labelled["+strconv.Itoa(i)+"].created_at", one.CreatedAt); first.IsZero() || at.Before(first) {
			first = at
		}
	}
	return first
}

// askedFlag reads a feature flag as it stands, beside how it stood. GitLab
// says when it last changed, and not what.
func (d *gitlabDelivery) askedFlag() ([]evenkeel.Event, error) {
	var flag gitlabListedFlag
	var was *bool
	var gone string
	d.into("flag", &flag)
	d.into("was_active", &was)
	d.into("gone_at", &gone)
	d.number("project.id", d.project.ID)
	created, updated := d.instant("flag.created_at", flag.CreatedAt), d.instant("flag.updated_at", flag.UpdatedAt)
	tell := func(action evenkeel.FlagAction, at time.Time, after *evenkeel.FlagState) evenkeel.Event {
		facts := &evenkeel.FlagChange{Repository: d.repository, Flag: d.text("flag.name", flag.Name), Action: action, After: after, At: at}
		id := "flag:" + strconv.FormatInt(d.project.ID, 10) + "/" + flag.Name + "/" + string(action) + "/" + at.UTC().Format(time.RFC3339Nano)
		return d.event(id, at, facts)
	}
	now := &evenkeel.FlagState{On: &flag.Active}
	switch {
	case gone != "":
		return []evenkeel.Event{tell(evenkeel.FlagArchived, d.instant("gone_at", gone), nil)}, nil
	case was == nil && !updated.After(created):
		return []evenkeel.Event{tell(evenkeel.FlagCreated, created, now)}, nil
	case was == nil:
		return []evenkeel.Event{tell(evenkeel.FlagCreated, created, nil), tell(evenkeel.FlagChanged, updated, now)}, nil
	case *was == flag.Active:
		return []evenkeel.Event{tell(evenkeel.FlagChanged, updated, now)}, nil
	case flag.Active:
		return []evenkeel.Event{tell(evenkeel.FlagEnabled, updated, now)}, nil
	}
	return []evenkeel.Event{tell(evenkeel.FlagDisabled, updated, now)}, nil
}
