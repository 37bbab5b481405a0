package connectors

import (
	"strconv"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// The events of documents that GitHub was asked for and that no webhook has.
const (
	githubCommitEvent = "asked.commit"
	githubPullEvent   = "asked.pull_request"
	githubIssueEvent  = "asked.issue"
	githubGapEvent    = "asked.gap"
)

// githubAsked are the events that only asking brings. GitHub sends none of
// these names.
func githubAsked() []githubEvent {
	return []githubEvent{
		{githubCommitEvent, "", []string{"commit", "repository"}, nil, (*githubDelivery).askedCommit},
		{githubPullEvent, "", []string{"pull_request", "commits", "reviews", "repository"}, nil, (*githubDelivery).askedPull},
		{githubIssueEvent, "", []string{"issue", "events", "repository"}, nil, (*githubDelivery).askedIssue},
		{githubGapEvent, "", []string{"gap", "repository"}, nil, (*githubDelivery).askedGap},
	}
}

// githubListedCommit is a commit in a list of the interface.
type githubListedCommit struct {
	SHA     string           `json:"sha"`
	Parents []githubParent   `json:"parents"`
	Commit  githubCommitSaid `json:"commit"`
}

type githubParent struct {
	SHA string `json:"sha"`
}

type githubCommitSaid struct {
	Message   string     `json:"message"`
	Author    githubWhen `json:"author"`
	Committer githubWhen `json:"committer"`
}

// githubWhen is when somebody did something, and nothing of who it was.
type githubWhen struct {
	Date string `json:"date"`
}

// askedCommit reads a commit with its parents.
func (d *githubDelivery) askedCommit() ([]evenkeel.Event, error) {
	var commit githubListedCommit
	d.into("commit", &commit)
	at := d.instant("commit.commit.committer.date", commit.Commit.Committer.Date)
	facts := &evenkeel.Commit{
		Repository: d.repository, SHA: d.sha("commit.sha", commit.SHA), Parents: []string{}, CommittedAt: at,
		AuthoredAt: d.instantIfAny("commit.commit.author.date", commit.Commit.Author.Date),
		Trailers:   readGitNote(commit.Commit.Message).trailers(),
	}
	for i, parent := range commit.Parents {
		facts.Parents = append(facts.Parents, d.sha("commit.parents["+strconv.Itoa(i)+"].sha", parent.SHA))
	}
	return []evenkeel.Event{d.event(facts.SHA, at, facts)}, nil
}

// askedPull reads a pull request as it stands, with its commits, of which a
// squash keeps none on the base branch, and its reviews.
func (d *githubDelivery) askedPull() ([]evenkeel.Event, error) {
	var pull githubPull
	d.into("pull_request", &pull)
	if len(d.problems.list) > 0 {
		return nil, nil
	}
	d.action = "edited" // It happened nothing that has an instant of its own.
	events, err := d.pullRequest()
	if err != nil || len(events) == 0 {
		return events, err
	}
	if change, ok := events[0].Payload.(*evenkeel.Change); ok {
		change.Commits = d.askedCommits()
		d.askedReviews(pull, change)
	}
	return events, nil
}

func (d *githubDelivery) askedCommits() []evenkeel.ChangeCommit {
	var listed []githubListedCommit
	d.into("commits", &listed)
	commits := make([]evenkeel.ChangeCommit, len(listed))
	for i, one := range listed {
		at := "commits[" + strconv.Itoa(i) + "]."
		commits[i] = evenkeel.ChangeCommit{SHA: d.sha(at+"sha", one.SHA), AuthoredAt: d.instantIfAny(at+"commit.author.date", one.Commit.Author.Date)}
	}
	return commits
}

// askedReviews are the first review by somebody else, and the last approval
// before the merge.
func (d *githubDelivery) askedReviews(pull githubPull, change *evenkeel.Change) {
	var reviews []githubReview
	d.into("reviews", &reviews)
	merged := githubTime(pull.MergedAt)
	for i, review := range reviews {
		if githubNoReview(review.state(), review.User, pull.User) != "" {
			continue
		}
		at := d.instant("reviews["+strconv.Itoa(i)+"].submitted_at", review.SubmittedAt)
		if !merged.IsZero() && at.After(merged) {
			continue
		}
		if change.FirstReviewAt.IsZero() || at.Before(change.FirstReviewAt) {
			change.FirstReviewAt = at
		}
		if review.state() == "approved" && at.After(change.ApprovedAt) {
			change.ApprovedAt = at
		}
	}
}

// askedIssue reads an incident as it stands, with when it was marked as one
// and opened again.
func (d *githubDelivery) askedIssue() ([]evenkeel.Event, error) {
	var issue githubIssue
	d.into("issue", &issue)
	var happened []struct {
		Event     string      `json:"event"`
		CreatedAt string      `json:"created_at"`
		Label     githubLabel `json:"label"`
	}
	d.into("events", &happened)
	updated := d.instant("issue.updated_at", issue.UpdatedAt)
	if !d.settings.incident(issue.Labels...) {
		return nil, ignored("the issue carries none of the labels in the setting incident_labels")
	}
	d.action = "edited"
	events := d.incident("issue:"+d.number("issue.id", issue.ID), issue, false, updated)
	facts, ok := events[0].Payload.(*evenkeel.Incident)
	if !ok {
		return events, nil
	}
	facts.OpenedAt = d.instant("issue.created_at", issue.CreatedAt)
	closed, marked := time.Time{}, false
	for i, one := range happened {
		at := d.instant("events["+strconv.Itoa(i)+"].created_at", one.CreatedAt)
		switch {
		case one.Event == githubMarked && d.settings.incident(one.Label):
			if closed.IsZero() && !marked { // Marked afterwards, the label's time says nothing of the incident.
				facts.OpenedAt = at
			}
			marked = true
		case one.Event == "closed":
			closed = at
		case one.Event == "reopened":
			facts.ReopenedAt, closed = at, time.Time{}
		}
	}
	return events, nil
}

// githubGap is a part of a list that GitHub does not show.
type githubGap struct {
	List string `json:"list"`
	// At is when its records were created, or Of what they lead to.
	At    string `json:"at,omitempty"`
	Of    string `json:"of,omitempty"`
	Total int    `json:"total"`
	Shown int    `json:"shown"`
}

// askedGap refuses: what is missing stands among the deliveries that could not
// be read, where people look for what is lost.
func (d *githubDelivery) askedGap() ([]evenkeel.Event, error) {
	var gap githubGap
	d.into("gap", &gap)
	where := "that were created at " + gap.At
	if gap.Of != "" {
		where = "that lead to " + gap.Of
	}
	d.wrong("gap", strconv.Itoa(gap.Shown)+" of the "+strconv.Itoa(gap.Total)+" "+gap.List+" "+where+" were read, which is all that GitHub shows or that is asked for; the others are not known")
	return nil, nil
}
