package connectors

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// gitlabDelivery is one body while it is read.
type gitlabDelivery struct {
	*payload
	settings *gitlabSettings
	// arrived is when it came; zero if that is not known.
	arrived time.Time
	// moment names what happened, the same for all hooks that tell of it.
	moment string
	// repository is host/path of the project.
	repository string
	project    gitlabProject
	user       *gitlabUser
}

// gitlabProject is the project of an event.
type gitlabProject struct {
	ID            int64  `json:"id"`
	WebURL        string `json:"web_url"`
	Homepage      string `json:"homepage,omitempty"`
	DefaultBranch string `json:"default_branch,omitempty"`
	CIConfigPath  string `json:"ci_config_path,omitempty"`
}

// gitlabUser is whoever did something. Nothing of it is kept but its kind, and
// the name of a program.
type gitlabUser struct {
	ID       int64  `json:"id"`
	Username string `json:"username"`
}

type gitlabLabel struct {
	Title string `json:"title"`
}

// newGitlabDelivery opens a body; kind is the event that it says it is.
func newGitlabDelivery(settings *gitlabSettings, header http.Header, body []byte) (d *gitlabDelivery, kind string, err error) {
	read, err := readPayload("GitLab", "", body)
	if err != nil {
		return nil, "", err
	}
	d = &gitlabDelivery{payload: read, settings: settings}
	if at, rule := parseInstant([]byte(header.Get(ArrivalHeader))); rule == "" {
		d.arrived = at
	}
	d.moment = firstText(header.Get(gitlabUUIDHeader), header.Get(gitlabOnceHeader), header.Get(ArrivalHeader))
	var name string
	d.into("object_kind", &kind)
	d.into("event_name", &name)
	if kind = firstText(kind, name); kind == "" {
		d.wrong("object_kind", "is missing; the body is none of GitLab's events")
	}
	_, err = d.judge(nil, nil)
	return d, kind, err
}

// locate reads where the delivery comes from. The host is part of the source,
// so that ids of several installations do not meet.
func (d *gitlabDelivery) locate() {
	d.into("project", &d.project)
	d.into("user", &d.user)
	address, field := d.project.WebURL, "project.web_url"
	if _, has := d.members["project"]; !has { // Jobs of older installations.
		var repository gitlabProject
		d.into("repository", &repository)
		address, field = repository.Homepage, "repository.homepage"
	}
	name := GitRepositoryName(address)
	host, within, _ := strings.Cut(name, "/")
	if !strings.HasPrefix(address, "https://") && !strings.HasPrefix(address, "http://") || strings.Count(name, "/") < 2 {
		d.wrong(field, "is not the address of a project, https://host/group/project")
		return
	}
	d.repository, d.source = host+"/"+d.settings.Names.kept(numberID(d.project.ID), within), "gitlab:"+host
}

// gitlabBot is how GitLab names programs: tokens of projects and groups,
// service accounts, and its own.
var gitlabBot = regexp.MustCompile(`^(?:(?:project|group)_\d+_bot(?:_[0-9a-z_]+)?|service_account_[0-9a-z_]+|(?:alert|support|security|migration|automation|llm|duo|ghost-?\d*)-bot\d*|gitlab-dependabot|GitLab(?:Duo|-Security-Bot|-Support-Bot))$`)

// kind is empty for an actor of whom nothing is known.
func (d *gitlabDelivery) kind(u *gitlabUser) evenkeel.ActorKind {
	switch {
	case u == nil || u.Username == "":
		return ""
	case gitlabBot.MatchString(u.Username) || slices.Contains(d.settings.Bots, u.Username):
		return evenkeel.ActorBot
	}
	return evenkeel.ActorHuman
}

// noReview says why whoever acts here reviews nothing.
func (d *gitlabDelivery) noReview(author int64) string { return d.noReviewOf(d.user, author) }

// noReviewOf says why somebody reviews nothing: an author never reviews a
// change of their own.
func (d *gitlabDelivery) noReviewOf(user *gitlabUser, author int64) string {
	switch {
	case user == nil || user.ID <= 0:
		return "a review of an account that no longer exists"
	case d.kind(user) == evenkeel.ActorBot:
		return "a review by a bot"
	case user.ID == author:
		return "a review by the author of the merge request"
	}
	return ""
}

// environment is the name of an environment by the rules of the settings.
func (d *gitlabDelivery) environment(name, tier string) string {
	for _, rule := range d.settings.Environments {
		named := rule.Environment == "" || githubGlob(rule.Environment, name)
		if named && (rule.Tier == "" || rule.Tier == tier) && name != "" {
			return strings.ReplaceAll(rule.Name, "{environment}", name)
		}
	}
	return name
}

// ended tells of a deployment that came to its end. The outcome is final: what
// is tried again is another deployment.
func (d *gitlabDelivery) ended(id string, at time.Time, facts *evenkeel.Deployment, status evenkeel.DeploymentStatus) []evenkeel.Event {
	outcome := d.event(id, at, &evenkeel.Deployment{Status: status, FinishedAt: at})
	outcome.Final = true
	return []evenkeel.Event{d.event(id, at, facts), outcome}
}
