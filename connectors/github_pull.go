package connectors

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/evenkeel-dev/evenkeel"
)

// githubPull is a pull request.
type githubPull struct {
	Number      int64         `json:"number"`
	State       string        `json:"state"`
	Draft       bool          `json:"draft"`
	Merged      bool          `json:"merged"`
	Body        string        `json:"body"`
	User        *githubUser   `json:"user"`
	CreatedAt   string        `json:"created_at"`
	UpdatedAt   string        `json:"updated_at"`
	ClosedAt    string        `json:"closed_at"`
	MergedAt    string        `json:"merged_at"`
	MergeCommit string        `json:"merge_commit_sha"`
	Labels      []githubLabel `json:"labels"`
	Head        githubBranch  `json:"head"`
	Base        githubBranch  `json:"base"`
	Files       *int          `json:"changed_files"`
	Additions   *int          `json:"additions"`
	Deletions   *int          `json:"deletions"`
}

type githubBranch struct {
	Ref string `json:"ref"`
	SHA string `json:"sha"`
}

type githubLabel struct {
	Name string `json:"name"`
}

// pullRequest reads the event of a pull request. Every action brings the whole
// request as it then is, so every one is worth keeping.
func (d *githubDelivery) pullRequest() ([]evenkeel.Event, error) {
	var pull githubPull
	d.into("pull_request", &pull)
	if d.text("action", d.action); len(d.problems.list) > 0 {
		return nil, nil
	}
	change := d.change(pull)
	observed := d.instant("pull_request.updated_at", pull.UpdatedAt)
	var cleared []string
	switch d.action {
	case "opened":
		if !pull.Draft {
			change.ReadyAt = change.OpenedAt
		}
	case "ready_for_review":
		change.ReadyAt = observed
		observed = observed.Add(githubStep)
	case "converted_to_draft":
		cleared = append(cleared, "ready_at")
		observed = observed.Add(githubStep)
	case "closed", "reopened":
		observed = observed.Add(githubStep)
	}
	events := []evenkeel.Event{d.event(strconv.Itoa(change.Number), observed, change)}
	switch {
	case pull.Merged:
		return append(events, d.merged(pull)), nil
	case pull.State == "closed":
		change.State, change.ClosedAt = evenkeel.ChangeClosed, d.instant("pull_request.closed_at", pull.ClosedAt)
	case pull.State == "open":
		change.State, cleared = evenkeel.ChangeOpen, append(cleared, "closed_at")
	default:
		d.wrong("pull_request.state", shortQuote(pull.State)+" is neither open nor closed")
	}
	events[0].Cleared = cleared
	return events, nil
}

// change is what a pull request says of itself, but for how it stands.
func (d *githubDelivery) change(pull githubPull) *evenkeel.Change {
	d.number("pull_request.number", pull.Number)
	change := &evenkeel.Change{
		Repository: d.repository,
		Number:     int(pull.Number),
		OpenedAt:   d.instant("pull_request.created_at", pull.CreatedAt),
		Head:       d.sha("pull_request.head.sha", pull.Head.SHA),
		Base:       d.text("pull_request.base.ref", pull.Base.Ref),
		RevertOf:   pull.revertOf(d.repository),
		Labels:     []string{}, // None is known too.
		ActorKind:  pull.User.kind(),
	}
	if change.ActorKind == evenkeel.ActorBot {
		change.Bot = d.text("pull_request.user.login", pull.User.Login)
	}
	for _, label := range pull.Labels {
		change.Labels = append(change.Labels, label.Name)
	}
	if pull.Files != nil && pull.Additions != nil && pull.Deletions != nil {
		change.Size = &evenkeel.Size{Files: *pull.Files, Added: *pull.Additions, Deleted: *pull.Deletions}
	}
	return change
}

// merged tells of the merge, which nothing later takes back: a merged request
// cannot be opened again. A request closed without one carries a
// merge_commit_sha too, that of a trial merge.
func (d *githubDelivery) merged(pull githubPull) evenkeel.Event {
	at := d.instant("pull_request.merged_at", pull.MergedAt)
	change := &evenkeel.Change{
		Repository: d.repository, Number: int(pull.Number), State: evenkeel.ChangeMerged,
		MergedAt: at, ClosedAt: latest(at, d.instantIfAny("pull_request.closed_at", pull.ClosedAt)),
	}
	if pull.MergeCommit != "" {
		change.MergeCommit = d.sha("pull_request.merge_commit_sha", pull.MergeCommit)
	}
	e := d.event(strconv.Itoa(change.Number), at, change)
	e.Final = true
	return e
}

var (
	githubRevertRequest = regexp.MustCompile(`(?m)^Reverts ([\w.-]+/[\w.-]+)?(#[1-9]\d{0,8})\s*$`)
	githubRevertCommit  = regexp.MustCompile(`(?m)^This reverts commit ([0-9a-f]{64}|[0-9a-f]{40})\b`)
)

// revertOf is what a pull request takes back, by the words of GitHub's button,
// the branch that it makes, or the words of git revert.
func (p githubPull) revertOf(repository string) string {
	for _, found := range githubRevertRequest.FindAllStringSubmatch(p.Body, 16) {
		if found[1] == "" || strings.HasSuffix(repository, "/"+strings.ToLower(found[1])) {
			return found[2]
		}
	}
	if number := gitRevertBranchNumber(p.Head.Ref); number != "" {
		return number
	}
	if found := githubRevertCommit.FindStringSubmatch(p.Body); found != nil {
		return found[1]
	}
	return ""
}

// githubReview is a review of a pull request.
type githubReview struct {
	State       string      `json:"state"`
	SubmittedAt string      `json:"submitted_at"`
	User        *githubUser `json:"user"`
}

// state is in small letters; webhooks and the interface differ in that.
func (r githubReview) state() string { return strings.ToLower(r.State) }

// pullRequestReview reads the event of a review. Only the instants are told:
// one delivery knows its own review, not the list of all.
func (d *githubDelivery) pullRequestReview() ([]evenkeel.Event, error) {
	switch d.action {
	case "submitted", "edited":
	case "dismissed":
		return nil, ignored("a review that is dismissed was one all the same")
	default:
		return nil, d.unread("pull_request_review")
	}
	var review githubReview
	d.into("review", &review)
	var pull githubPull
	d.into("pull_request", &pull)
	d.number("pull_request.number", pull.Number)
	if reason := githubNoReview(review.state(), review.User, pull.User); reason != "" {
		return nil, ignored("%s", reason)
	}
	at := d.instant("review.submitted_at", review.SubmittedAt)
	if merged := d.instantIfAny("pull_request.merged_at", pull.MergedAt); !merged.IsZero() && at.After(merged) {
		return nil, ignored("a review after the merge")
	}
	change := &evenkeel.Change{Repository: d.repository, Number: int(pull.Number), FirstReviewAt: at}
	switch review.state() {
	case "approved":
		change.ApprovedAt = at
	case "commented", "changes_requested":
	default:
		d.wrong("review.state", shortQuote(review.State)+" is not a state that GitHub documents")
	}
	return []evenkeel.Event{d.event(strconv.Itoa(change.Number), at, change)}, nil
}

// githubNoReview says why a review is none by somebody else than the author.
func githubNoReview(state string, reviewer, author *githubUser) string {
	switch {
	case state == "pending":
		return "a review that is not submitted yet"
	case state == "dismissed":
		return "a review that is dismissed was one all the same"
	case reviewer == nil || reviewer.ID <= 0 || reviewer.Login == githubGhostLogin:
		return "a review of an account that no longer exists"
	case reviewer.bot():
		return "a review by a bot"
	case author != nil && author.ID == reviewer.ID:
		return "a review by the author of the pull request"
	}
	return ""
}
