package evenkeel

import (
	"strconv"
	"time"
)

// ChangeState is the state of a change.
type ChangeState string

// The states of a change.
const (
	ChangeOpen   ChangeState = "open"
	ChangeMerged ChangeState = "merged"
	ChangeClosed ChangeState = "closed"
)

// Change is a reviewed unit of work: a pull or merge request, or a merge that
// only git knows.
type Change struct {
	Application string `json:"application,omitzero"`
	Repository  string `json:"repository,omitzero"`
	// Number is the request's number in its repository; 0 when only git knows the change.
	Number        int         `json:"number,omitzero"`
	State         ChangeState `json:"state,omitzero"`
	OpenedAt      time.Time   `json:"opened_at,omitzero"`
	ReadyAt       time.Time   `json:"ready_at,omitzero"`
	FirstReviewAt time.Time   `json:"first_review_at,omitzero"`
	ApprovedAt    time.Time   `json:"approved_at,omitzero"`
	MergedAt      time.Time   `json:"merged_at,omitzero"`
	ClosedAt      time.Time   `json:"closed_at,omitzero"`
	// MergeCommit is the commit by which the change is on its base branch.
	MergeCommit string         `json:"merge_commit,omitzero"`
	Head        string         `json:"head,omitzero"`
	Base        string         `json:"base,omitzero"`
	Commits     []ChangeCommit `json:"commits,omitzero"`
	Reviews     []Review       `json:"reviews,omitzero"`
	Size        *Size          `json:"size,omitzero"`
	Labels      []string       `json:"labels,omitzero"`
	// ActorKind says what sort of actor opened the change, and Bot names the
	// program if it was one; persons are never named.
	ActorKind ActorKind `json:"actor_kind,omitzero"`
	Bot       string    `json:"bot,omitzero"`
	// RevertOf names what this change takes back: a change number, "#12", or a commit id.
	RevertOf string `json:"revert_of,omitzero"`
}

// ChangeCommit is one commit of a change, before any squash or rebase.
type ChangeCommit struct {
	SHA        string    `json:"sha"`
	AuthoredAt time.Time `json:"authored_at,omitzero"`
}

// Review is one review of a change. Author is hashed at the edge and never shown.
type Review struct {
	At     time.Time `json:"at"`
	State  string    `json:"state,omitzero"`
	Author string    `json:"author,omitzero"`
}

// Size is how much a change touches.
type Size struct {
	Files   int `json:"files"`
	Added   int `json:"added"`
	Deleted int `json:"deleted"`
}

// Kind implements Payload.
func (*Change) Kind() Kind { return KindChange }

// Key implements Payload: repository and number, or repository and merge
// commit when only git knows the change. The store joins the second form to
// the first once a source names both.
func (c *Change) Key(_, id string) string {
	switch {
	case c.Number > 0:
		return c.Repository + "\x1f#" + strconv.Itoa(c.Number)
	case c.MergeCommit != "":
		return c.Repository + "\x1f" + c.MergeCommit
	}
	return c.Repository + "\x1fid:" + id
}

// Subject implements Payload.
func (c *Change) Subject() Subject { return newSubject(c.Application, nil, "", c.Repository) }

// Validate implements Payload.
func (c *Change) Validate() error {
	var p problems
	p.slug("application", c.Application)
	p.required("repository", c.Repository)
	p.text("repository", c.Repository)
	p.notNegative("number", c.Number)
	oneOf(&p, "state", c.State, ChangeOpen, ChangeMerged, ChangeClosed)
	p.instant("opened_at", c.OpenedAt)
	p.instant("ready_at", c.ReadyAt)
	p.instant("first_review_at", c.FirstReviewAt)
	p.instant("approved_at", c.ApprovedAt)
	p.instant("merged_at", c.MergedAt)
	p.instant("closed_at", c.ClosedAt)
	p.sha("merge_commit", c.MergeCommit)
	p.sha("head", c.Head)
	p.text("base", c.Base)
	for i, commit := range c.Commits {
		p.required(indexed("commits", i, "sha"), commit.SHA)
		p.sha(indexed("commits", i, "sha"), commit.SHA)
		p.instant(indexed("commits", i, "authored_at"), commit.AuthoredAt)
	}
	for i, review := range c.Reviews {
		p.instant(indexed("reviews", i, "at"), review.At)
		p.text(indexed("reviews", i, "state"), review.State)
		p.text(indexed("reviews", i, "author"), review.Author)
	}
	if c.Size != nil {
		p.notNegative("size.files", c.Size.Files)
		p.notNegative("size.added", c.Size.Added)
		p.notNegative("size.deleted", c.Size.Deleted)
	}
	for i, label := range c.Labels {
		p.text(indexed("labels", i, ""), label)
	}
	oneOf(&p, "actor_kind", c.ActorKind, ActorHuman, ActorBot, ActorSystem)
	p.text("bot", c.Bot)
	if c.Bot != "" && c.ActorKind != ActorBot {
		p.add("bot", "needs actor_kind \"bot\": only programs are named")
	}
	p.text("revert_of", c.RevertOf)
	return p.err()
}
