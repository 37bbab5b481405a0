package connectors

import (
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

func gitlabSeconds(seconds float64) time.Duration {
	return time.Duration(seconds * float64(time.Second)).Truncate(time.Millisecond)
}

// release reads the event of a release, which is a deployment where the
// operator says so.
func (d *gitlabDelivery) release() ([]evenkeel.Event, error) {
	var action, tag, created, released string
	var commit struct {
		ID string `json:"id"`
	}
	d.into("action", &action)
	d.into("tag", &tag)
	d.into("created_at", &created)
	d.into("released_at", &released)
	d.into("commit", &commit)
	rule := d.settings.Deployments.Releases
	if rule == nil {
		return nil, ignored("releases are no deployments here; the setting deployments.releases makes them so")
	}
	// The interface tells of a release neither its id nor, once it is renamed,
	// the old path of its project.
	id := "release:" + d.number("project.id", d.project.ID) + "@" + d.text("tag", tag)
	switch action {
	case "delete":
		gone := d.event(id, d.arrived, &evenkeel.Deployment{Repository: d.repository})
		gone.Deleted = true
		return []evenkeel.Event{gone}, nil
	case "create", "update":
	default:
		d.wrong("action", shortQuote(action)+" is not an action that GitLab documents")
	}
	facts := &evenkeel.Deployment{
		Repository: d.repository, Environment: rule.Environment, Status: evenkeel.StatusSuccess,
		Ref: tag, Version: gitVersionOf(tag), FinishedAt: d.instant("released_at", released),
	}
	if commit.ID != "" {
		facts.Commit = d.sha("commit.id", commit.ID)
	}
	return []evenkeel.Event{d.event(id, latest(facts.FinishedAt, d.instantIfAny("created_at", created)), facts)}, nil
}

// tagPush reads the push of a tag. It tells no time, and of an annotated tag
// the commit only in checkout_sha.
func (d *gitlabDelivery) tagPush() ([]evenkeel.Event, error) {
	var ref, after, commit string
	d.into("ref", &ref)
	d.into("after", &after)
	d.into("checkout_sha", &commit)
	tag := d.text("ref", strings.TrimPrefix(ref, "refs/tags/"))
	rule := d.settings.Deployments.Tags
	switch {
	case rule == nil || !githubGlob(rule.Tag, tag):
		return nil, ignored("the tag is no deployment here; the setting deployments.tags says which are")
	case commit == "" || githubZero(after):
		return nil, ignored("a tag was deleted")
	case d.arrived.IsZero():
		d.wrong(ArrivalHeader, "is missing; it says when the tag came")
	}
	facts := &evenkeel.Deployment{
		Repository: d.repository, Environment: rule.Environment, Status: evenkeel.StatusSuccess,
		Commit: d.sha("checkout_sha", commit), Ref: tag, Version: gitVersionOf(tag),
	}
	id := "tag:" + d.repository + "@" + tag + "/" + facts.Commit
	end := d.event(id, d.arrived, &evenkeel.Deployment{Status: evenkeel.StatusSuccess, FinishedAt: d.arrived})
	end.Final = true // The first arrival counts.
	return []evenkeel.Event{d.event(id, d.arrived, facts), end}, nil
}

// push says why pushes tell nothing: a push of one commit may have replaced
// the tip of a branch as well as gone on from it.
func (*gitlabDelivery) push() ([]evenkeel.Event, error) {
	return nil, ignored("GitLab tells neither the parents of commits nor whether a branch was moved by force, so import the repository with git, or send its commits to the API")
}

// featureFlag reads a flag that was turned on or off. It tells no time. All
// hooks that tell of one switch name the same event.
func (d *gitlabDelivery) featureFlag() ([]evenkeel.Event, error) {
	if d.settings.API != nil && d.settings.API.FeatureFlags {
		return nil, ignored("asking tells of the change, and of its time: the setting api.feature_flags is on")
	}
	var flag struct {
		ID     int64  `json:"id"`
		Name   string `json:"name"`
		Active *bool  `json:"active"`
	}
	d.into("object_attributes", &flag)
	if flag.Active == nil {
		d.wrong("object_attributes.active", "is required")
	}
	if d.arrived.IsZero() {
		d.wrong(ArrivalHeader, "is missing; it says when the flag was changed")
	}
	id := "flag:" + d.number("object_attributes.id", flag.ID)
	if len(d.problems.list) > 0 {
		return nil, nil
	}
	facts := &evenkeel.FlagChange{
		Repository: d.repository, Flag: d.text("object_attributes.name", flag.Name), Action: evenkeel.FlagDisabled,
		After: &evenkeel.FlagState{On: flag.Active}, ActorKind: d.kind(d.user), At: d.arrived,
	}
	state := "/off/"
	if *flag.Active {
		facts.Action, state = evenkeel.FlagEnabled, "/on/"
	}
	e := d.event(id+state+d.moment, d.arrived, facts)
	e.Final = true // The first arrival counts.
	return []evenkeel.Event{e}, nil
}
