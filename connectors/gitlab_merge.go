package connectors

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// gitlabRequest is a merge request.
type gitlabRequest struct {
	IID          int64         `json:"iid"`
	State        string        `json:"state"`
	Action       string        `json:"action"`
	Title        string        `json:"title"`
	Description  string        `json:"description"`
	Draft        bool          `json:"draft"`
	Progress     bool          `json:"work_in_progress"`
	Squash       bool          `json:"squash"`
	AuthorID     int64         `json:"author_id"`
	CreatedAt    string        `json:"created_at"`
	UpdatedAt    string        `json:"updated_at"`
	MergedAt     string        `json:"merged_at"`
	ClosedAt     string        `json:"closed_at"`
	MergeCommit  string        `json:"merge_commit_sha"`
	SquashCommit string        `json:"squash_commit_sha"`
	SourceBranch string        `json:"source_branch"`
	TargetBranch string        `json:"target_branch"`
	Labels       []gitlabLabel `json:"labels"`
	LastCommit   *gitlabHead   `json:"last_commit"`
}

// gitlabHead is a commit of which only the id matters.
type gitlabHead struct {
	ID string `json:"id"`
}

// mergeRequest reads the event of a merge request. Every action brings the
// whole request as it then is.
func (d *gitlabDelivery) mergeRequest() ([]evenkeel.Event, error) {
	var request gitlabRequest
	d.into("object_attributes", &request)
	if len(d.problems.list) > 0 {
		return nil, nil
	}
	switch request.Action {
	case "approved", "approval":
		return d.approval(request)
	case "unapproved", "unapproval":
		return nil, ignored("a review that is taken back was one all the same")
	}
	observed := d.instant("object_attributes.updated_at", request.UpdatedAt)
	change := d.change(request)
	told := d.event(strconv.Itoa(change.Number), observed, change)
	d.draft(request, observed, &told)
	if request.Action == "close" || request.Action == "reopen" {
		told.ObservedAt = observed.Add(githubStep)
	}
	switch request.State {
	case "opened":
		change.State, told.Cleared = evenkeel.ChangeOpen, append(told.Cleared, "closed_at")
	case "closed":
		change.State = evenkeel.ChangeClosed
		if change.ClosedAt = d.instantIfAny("object_attributes.closed_at", request.ClosedAt); change.ClosedAt.IsZero() && request.Action == "close" {
			change.ClosedAt = observed
		}
	case "locked": // While it is being merged.
	case "merged":
		if firstText(request.MergeCommit, request.SquashCommit) == "" && !request.Squash {
			change.MergeCommit = change.Head // A fast-forward merge, unless it was squashed: the API says.
		}
		return []evenkeel.Event{told, d.merged(request, observed)}, nil
	default:
		d.wrong("object_attributes.state", shortQuote(request.State)+" is not a state that GitLab documents")
	}
	return []evenkeel.Event{told}, nil
}

// change is what a merge request says of itself, but for how it stands. Who
// opened it is known while they are the one who acts.
func (d *gitlabDelivery) change(request gitlabRequest) *evenkeel.Change {
	d.number("object_attributes.iid", request.IID)
	change := &evenkeel.Change{
		Repository: d.repository, Number: int(request.IID), OpenedAt: d.instant("object_attributes.created_at", request.CreatedAt),
		Base: d.text("object_attributes.target_branch", request.TargetBranch), RevertOf: request.revertOf(d.repository), Labels: []string{},
	}
	if request.LastCommit != nil && request.LastCommit.ID != "" {
		change.Head = d.sha("object_attributes.last_commit.id", request.LastCommit.ID)
	}
	if d.user != nil && d.user.ID > 0 && d.user.ID == request.AuthorID {
		if change.ActorKind = d.kind(d.user); change.ActorKind == evenkeel.ActorBot {
			change.Bot = d.user.Username
		}
	}
	labels := request.Labels
	if _, listed := d.members["labels"]; listed {
		d.into("labels", &labels)
	}
	for _, label := range labels {
		change.Labels = append(change.Labels, label.Title)
	}
	return change
}

// gitlabDraft is how the title of a draft begins.
var gitlabDraft = regexp.MustCompile(`(?i)^\s*(?:\[(?:draft|wip)\]|\((?:draft|wip)\)|(?:draft|wip):)`)

// draft tells of a request that is ready from its opening on, that left its
// draft, or that went back to it. Older installations change only the title.
func (d *gitlabDelivery) draft(request gitlabRequest, at time.Time, told *evenkeel.Event) {
	change := told.Payload.(*evenkeel.Change)
	var changes struct {
		Draft *struct {
			Previous bool `json:"previous"`
			Current  bool `json:"current"`
		} `json:"draft"`
		Title *struct {
			Previous string `json:"previous"`
			Current  string `json:"current"`
		} `json:"title"`
	}
	d.into("changes", &changes)
	var before, after bool
	switch {
	case changes.Draft != nil:
		before, after = changes.Draft.Previous, changes.Draft.Current
	case changes.Title != nil:
		before, after = gitlabDraft.MatchString(changes.Title.Previous), gitlabDraft.MatchString(changes.Title.Current)
	}
	switch {
	case request.Action == "open":
		if !request.Draft && !request.Progress {
			change.ReadyAt = change.OpenedAt
		}
	case before && !after:
		change.ReadyAt, told.ObservedAt = at, at.Add(githubStep)
	case after && !before:
		told.Cleared, told.ObservedAt = append(told.Cleared, "ready_at"), at.Add(githubStep)
	}
}

// merged tells of the merge, which nothing takes back. Its time is that of the
// request at the action itself; at others it is not known.
func (d *gitlabDelivery) merged(request gitlabRequest, observed time.Time) evenkeel.Event {
	change := &evenkeel.Change{Repository: d.repository, Number: int(request.IID), State: evenkeel.ChangeMerged}
	if change.MergedAt = d.instantIfAny("object_attributes.merged_at", request.MergedAt); change.MergedAt.IsZero() && request.Action == "merge" {
		change.MergedAt = observed
	}
	change.ClosedAt = change.MergedAt
	if sha := firstText(request.MergeCommit, request.SquashCommit); sha != "" {
		change.MergeCommit = d.sha("object_attributes.merge_commit_sha", sha)
	}
	e := d.event(strconv.Itoa(change.Number), observed, change)
	e.Final = true
	return e
}

var gitlabRevertRequest = regexp.MustCompile(`(?m)^This reverts merge request ([\w./-]+)?!([1-9]\d{0,8})\s*$`)

// revertOf is what a merge request takes back, by the words of GitLab's button
// or those of git revert.
func (r gitlabRequest) revertOf(repository string) string {
	for _, found := range gitlabRevertRequest.FindAllStringSubmatch(r.Description, 16) {
		if found[1] == "" || strings.HasSuffix(repository, "/"+strings.ToLower(found[1])) {
			return "#" + found[2]
		}
	}
	if found := githubRevertCommit.FindStringSubmatch(r.Description); found != nil {
		return found[1]
	}
	return gitRevertBranchNumber(r.SourceBranch)
}

// approval reads that somebody approved. GitLab tells no time of it, and the
// request may not have changed for days, so it is the time of arrival.
func (d *gitlabDelivery) approval(request gitlabRequest) ([]evenkeel.Event, error) {
	d.number("object_attributes.iid", request.IID)
	switch reason := d.noReview(request.AuthorID); {
	case reason != "":
		return nil, ignored("%s", reason)
	case request.State == "merged":
		return nil, ignored("a review after the merge")
	case d.arrived.IsZero():
		d.wrong(ArrivalHeader, "is missing; it says when the approval was given")
	}
	change := &evenkeel.Change{Repository: d.repository, Number: int(request.IID), FirstReviewAt: d.arrived}
	if request.Action == "approved" {
		change.ApprovedAt = d.arrived
	}
	return []evenkeel.Event{d.event(strconv.Itoa(change.Number), d.arrived, change)}, nil
}

// note reads a comment on a merge request.
func (d *gitlabDelivery) note() ([]evenkeel.Event, error) {
	var note struct {
		On        string `json:"noteable_type"` //nolint:misspell // GitLab's spelling.
		System    bool   `json:"system"`
		AuthorID  int64  `json:"author_id"`
		CreatedAt string `json:"created_at"`
	}
	var request gitlabRequest
	d.into("object_attributes", &note)
	d.into("merge_request", &request)
	switch {
	case len(d.problems.list) > 0:
		return nil, nil
	case note.On != "MergeRequest":
		return nil, ignored("a comment on something else than a merge request")
	case note.System:
		return nil, ignored("a comment of GitLab itself")
	case d.user != nil && d.user.ID != note.AuthorID:
		return nil, ignored("a comment that somebody else than its author edited")
	}
	if reason := d.noReview(request.AuthorID); reason != "" {
		return nil, ignored("%s", reason)
	}
	if request.State == "merged" {
		return nil, ignored("a review after the merge")
	}
	d.number("merge_request.iid", request.IID)
	at := d.instant("object_attributes.created_at", note.CreatedAt)
	return []evenkeel.Event{d.event(strconv.Itoa(int(request.IID)), at, &evenkeel.Change{Repository: d.repository, Number: int(request.IID), FirstReviewAt: at})}, nil
}
