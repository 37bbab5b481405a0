package demo

import (
	"strconv"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// joining is how a branch ends up on its base.
type joining int

const (
	byMerge joining = iota
	bySquash
	byRebase
)

// branch is one line of work from its first commit to its end.
type branch struct {
	services []*service
	fork     string
	base     string
	joins    joining
	authored []time.Time
	paths    []string
	labels   []string
	revertOf string
	trailers map[string][]string
	marks    marks
	// skew is how far the author's clock is wrong.
	skew time.Duration

	opened, ready, reviewed, approved, ends time.Time
	// dropped branches are closed without a merge.
	dropped bool
	reviews []evenkeel.Review
	size    evenkeel.Size

	// pulled is the trunk commit that was merged into the branch after its
	// first commits; empty for none.
	pulled   string
	pulledAt time.Time

	// number is 0 until the change is opened.
	number  int
	commits []evenkeel.ChangeCommit
	// landed is the commit by which the change is on its base.
	landed string
}

// write makes the commits of the branch that exist by now.
func (b *branch) write(r *repository, now time.Time) {
	head := b.fork
	pulled := b.pulled == ""
	for i, at := range b.authored {
		if at.After(now) {
			break
		}
		if !pulled && at.After(b.pulledAt) {
			head = r.record(commit{parents: []string{head, b.pulled}, authored: b.pulledAt, committed: b.pulledAt})
			b.commits = append(b.commits, evenkeel.ChangeCommit{SHA: head, AuthoredAt: b.pulledAt})
			pulled = true
		}
		written := at.Add(b.skew)
		head = r.record(commit{parents: []string{head}, authored: written, committed: at, paths: b.paths, patch: b.patch(r, i), trailers: b.trailers})
		b.commits = append(b.commits, evenkeel.ChangeCommit{SHA: head, AuthoredAt: written})
	}
}

// patch is the patch id of commit i. Merges need none: their commits keep
// their ids.
func (b *branch) patch(r *repository, i int) string {
	if b.joins == byMerge && len(b.authored) > 1 {
		return ""
	}
	return digest([]byte(r.name + b.fork + strconv.Itoa(i) + b.authored[0].String()))
}

// head is the newest commit of the branch.
func (b *branch) head() string { return b.commits[len(b.commits)-1].SHA }

// land puts the written branch on the commit onto and returns the new head.
func (b *branch) land(r *repository, onto string, at time.Time) string {
	switch b.joins {
	case bySquash:
		return r.record(commit{parents: []string{onto}, authored: at, committed: at, paths: b.paths, patch: b.squashed(r), trailers: b.trailers})
	case byRebase:
		for i, written := range b.authored {
			onto = r.record(commit{parents: []string{onto}, authored: written, committed: at, paths: b.paths, patch: b.patch(r, i)})
		}
		return onto
	}
	return r.record(commit{parents: []string{onto, b.head()}, authored: at, committed: at})
}

// squashed is the patch id of the whole branch.
func (b *branch) squashed(r *repository) string {
	if len(b.authored) == 1 {
		return b.patch(r, 0)
	}
	return digest([]byte(r.name + b.fork + "squashed" + b.authored[0].String()))
}

// change is what the review tool says of the branch at an instant.
func (b *branch) change(r *repository, now time.Time) *evenkeel.Change {
	c := &evenkeel.Change{
		Repository: r.name, Number: b.number, State: evenkeel.ChangeOpen, Base: b.base, Head: b.head(),
		OpenedAt: b.opened, ReadyAt: until(b.ready, now), FirstReviewAt: until(b.reviewed, now), ApprovedAt: until(b.approved, now),
		Commits: b.commits, Size: &b.size, Labels: b.labels, RevertOf: b.revertOf,
		ActorKind: b.marks.actor, Bot: b.marks.bot,
	}
	for _, review := range b.reviews {
		if !review.At.After(now) {
			c.Reviews = append(c.Reviews, review)
		}
	}
	switch {
	case b.ends.After(now):
	case b.dropped:
		c.State, c.ClosedAt, c.ApprovedAt = evenkeel.ChangeClosed, b.ends, time.Time{}
	default:
		c.State, c.MergedAt, c.ClosedAt, c.MergeCommit = evenkeel.ChangeMerged, b.ends, b.ends, b.landed
	}
	return c
}

// latest is the last instant up to now at which the open change moved.
func (b *branch) latest(now time.Time) time.Time {
	last := b.opened
	for _, t := range []time.Time{b.ready, b.reviewed, b.approved} {
		if t.After(last) && !t.After(now) {
			last = t
		}
	}
	for _, t := range b.authored {
		if t.After(last) && !t.After(now) {
			last = t
		}
	}
	return last
}

// until is t, or unknown if it lies after now.
func until(t, now time.Time) time.Time {
	if t.After(now) {
		return time.Time{}
	}
	return t
}

func (b *branch) id(r *repository) string { return r.name + "#" + strconv.Itoa(b.number) }
