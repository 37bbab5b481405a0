package connectors

import (
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// githubPromotion is the age from which on a release that comes out was a
// pre-release before: it keeps the instant at which that was published.
const githubPromotion = time.Hour

// release reads the event of a release, which is a deployment where the
// operator says so: a library is deployed by publishing it.
func (d *githubDelivery) release() ([]evenkeel.Event, error) {
	var made struct {
		ID          int64       `json:"id"`
		TagName     string      `json:"tag_name"`
		Target      string      `json:"target_commitish"`
		Draft       bool        `json:"draft"`
		Prerelease  bool        `json:"prerelease"`
		PublishedAt string      `json:"published_at"`
		UpdatedAt   string      `json:"updated_at"`
		Author      *githubUser `json:"author"`
	}
	d.into("release", &made)
	id := "release:" + d.number("release.id", made.ID)
	rule := d.settings.Deployments.Releases
	switch {
	case rule == nil:
		return nil, ignored("releases are no deployments here; the setting deployments.releases makes them so")
	case made.Prerelease && !rule.Prereleases:
		return nil, ignored("a pre-release; the setting deployments.releases.prereleases counts them")
	case d.action == "unpublished" || d.action == "deleted" && !made.Draft:
		gone := d.event(id, time.Time{}, &evenkeel.Deployment{Repository: d.repository})
		gone.Deleted = true
		return []evenkeel.Event{gone}, nil
	case made.Draft:
		return nil, ignored("a draft of a release")
	case d.action == "created" || d.action == "edited":
		return nil, ignored("the action %s of a release deploys nothing", d.action)
	case d.action != "published" && d.action != "released" && d.action != "prereleased":
		return nil, d.unread("release")
	}
	published := d.instant("release.published_at", made.PublishedAt)
	updated := d.instantIfAny("release.updated_at", made.UpdatedAt)
	finished := published
	if d.action == "released" && !rule.Prereleases && updated.Sub(published) > githubPromotion {
		finished = updated
	}
	facts := &evenkeel.Deployment{
		Repository:  d.repository,
		Environment: rule.Environment,
		Status:      evenkeel.StatusSuccess,
		Ref:         d.text("release.tag_name", made.TagName),
		Version:     gitVersionOf(made.TagName),
		FinishedAt:  finished,
		ActorKind:   made.Author.kind(),
	}
	// The target is mostly a branch, which may have gone on since.
	if evenkeel.ValidSHA(made.Target) {
		facts.Commit = made.Target
	}
	return []evenkeel.Event{d.event(id, latest(published, updated), facts)}, nil
}
