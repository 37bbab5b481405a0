package connectors

import (
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// jenkinsJob is what a build belongs to.
type jenkinsJob struct {
	// Name is the full name; of a multibranch project that of the project.
	Name string `json:"name"`
	// Branch is the branch of a multibranch project.
	Branch string `json:"branch"`
}

// jenkinsRun is a build as the interface gives it.
type jenkinsRun struct {
	Number int64 `json:"number"`
	// QueueID names the item of the queue that the build came from; it stays
	// when the job is renamed. Old builds have -1.
	QueueID  int64  `json:"queueId"`
	Building bool   `json:"building"`
	Result   string `json:"result"`
	// Timestamp is when the build left the queue, in milliseconds since 1970;
	// Duration is in milliseconds too, and 0 while it runs.
	Timestamp int64           `json:"timestamp"`
	Duration  int64           `json:"duration"`
	Actions   []jenkinsAction `json:"actions"`
}

// jenkinsAction is what plug-ins know of a build; most know nothing that is
// asked for.
type jenkinsAction struct {
	Revision *struct {
		SHA1   string `json:"SHA1"`
		Branch []struct {
			Name string `json:"name"`
		} `json:"branch"`
	} `json:"lastBuiltRevision"`
	Remotes []string `json:"remoteUrls"`
	Queued  *int64   `json:"queuingDurationMillis"`
	Causes  []struct {
		Class string `json:"_class"`
	} `json:"causes"`
}

// ended says that a build is over. A pipeline may have a result before.
func (r *jenkinsRun) ended() bool { return !r.Building && r.Result != "" }

// Remark implements [Remarker]: a deployment without a commit says why.
func (r *jenkinsReceiver) Remark(body []byte) string {
	var build jenkinsRun
	p, err := readPayload("Jenkins", jenkinsName, body)
	if err != nil {
		return ""
	}
	p.into("build", &build)
	_, reason := build.revision(r.settings.Repositories)
	return reason
}

// Parse implements Receiver.
func (r *jenkinsReceiver) Parse(_ http.Header, body []byte) ([]evenkeel.Event, error) {
	p, err := readPayload("Jenkins", jenkinsName, body)
	if err != nil {
		return nil, err
	}
	var address string
	var job jenkinsJob
	var build jenkinsRun
	p.into("jenkins", &address)
	p.into("job", &job)
	p.into("build", &build)
	if place := firstText(r.settings.Instance, jenkinsPlace(address)); place != "" {
		p.source = jenkinsName + ":" + place
	}
	events, err := r.read(p, job, &build)
	return p.judge(events, err)
}

// read makes a build of it, and by a rule a deployment.
func (r *jenkinsReceiver) read(p *payload, job jenkinsJob, build *jenkinsRun) ([]evenkeel.Event, error) {
	run := p.jenkins(job, build)
	run.result = p.jenkinsResult(build, r.settings.Unstable)
	found, reason := build.revision(r.settings.Repositories)
	if found.doubtful {
		return nil, ignored("%s", reason) // So that it is read anew once the setting says more.
	}
	run.repository, run.commit, run.commits = found.repository, found.commit, found.others
	if run.branch == "" {
		run.branch, run.tag = jenkinsBranch(found.branch)
	}
	if run.commit != "" {
		run.commit = p.sha("build.actions.lastBuiltRevision.SHA1", run.commit)
	}
	observed := run.started
	if !run.ended.IsZero() {
		observed = run.ended
	}
	var events []evenkeel.Event
	if run.commit != "" {
		events = append(events, p.event(run.id, observed, run.build()))
	}
	rule, fits := ruleFor(r.settings.Deployments, run)
	if fits && run.result != evenkeel.BuildSkipped {
		events = append(events, p.deployed(rule, run, observed)...)
	}
	if len(events) == 0 {
		return nil, ignored("%s", reason)
	}
	return events, nil
}

// jenkins is what job and build tell but for commit and result.
func (p *payload) jenkins(job jenkinsJob, build *jenkinsRun) pipelineRun {
	run := pipelineRun{
		pipeline: p.text("job.name", job.Name), branch: job.Branch, foreign: jenkinsChange.MatchString(job.Branch),
		id: build.id(job), started: p.jenkinsInstant("build.timestamp", build.Timestamp), actor: build.actor(),
	}
	p.number("build.number", build.Number)
	run.origin = originOf(p.source, run.pipeline)
	if build.ended() {
		run.ended = p.jenkinsInstant("build.duration", build.Timestamp+max(build.Duration, 0))
	}
	for _, action := range build.Actions {
		if action.Queued != nil && *action.Queued >= 0 {
			run.queued = p.jenkinsInstant("build.actions.queuingDurationMillis", build.Timestamp-*action.Queued)
		}
	}
	return run
}

// jenkinsChange is what the branch sources call a job for a proposed change.
var jenkinsChange = regexp.MustCompile(`^(?:PR|MR|CHANGE)-[0-9]+(?:-|$)`)

// id names a build by what stays when its job is renamed or moved: the item of
// the queue, its number and the instant.
func (r *jenkinsRun) id(job jenkinsJob) string {
	id := "#" + strconv.FormatInt(r.Number, 10) + "@" + strconv.FormatInt(r.Timestamp, 10)
	if r.QueueID > 0 {
		return id + "/" + strconv.FormatInt(r.QueueID, 10)
	}
	return strings.TrimSuffix(job.Name+"/"+job.Branch, "/") + id
}

// jenkinsInstant is an instant in milliseconds since 1970.
func (p *payload) jenkinsInstant(field string, milliseconds int64) time.Time {
	at := time.UnixMilli(milliseconds).UTC()
	if milliseconds <= 0 || at.Year() > 2261 {
		p.wrong(field, "is not an instant in milliseconds since 1970")
		return time.Time{}
	}
	return at
}

// jenkinsResult is what a result means; empty for a build that runs.
func (p *payload) jenkinsResult(build *jenkinsRun, unstable string) evenkeel.BuildResult {
	if !build.ended() {
		return ""
	}
	switch build.Result {
	case "SUCCESS":
		return evenkeel.BuildSuccess
	case "UNSTABLE":
		return evenkeel.BuildResult(unstable)
	case "FAILURE":
		return evenkeel.BuildFailure
	case "ABORTED":
		return evenkeel.BuildCancelled
	case "NOT_BUILT":
		return evenkeel.BuildSkipped
	}
	p.wrong("build.result", shortQuote(build.Result)+" is not a result that Jenkins documents")
	return ""
}

// actor says whether a person started a build; of a build of which nothing is
// said it is empty.
func (r *jenkinsRun) actor() evenkeel.ActorKind {
	var actor evenkeel.ActorKind
	for _, action := range r.Actions {
		for _, cause := range action.Causes {
			if strings.HasSuffix(cause.Class, "$UserIdCause") {
				return evenkeel.ActorHuman
			}
			if cause.Class != "" {
				actor = evenkeel.ActorSystem
			}
		}
	}
	return actor
}

// jenkinsRevision is what a build was made from.
type jenkinsRevision struct {
	repository, commit, branch string
	// others are the commits of further repositories.
	others map[string]string
	// doubtful says that it could be one of several.
	doubtful bool
}

// revisions are the distinct ones that a build has checked out, in order.
func (r *jenkinsRun) revisions() (list []jenkinsRevision) {
	for _, action := range r.Actions {
		if action.Revision == nil || action.Revision.SHA1 == "" {
			continue
		}
		one := jenkinsRevision{commit: strings.ToLower(action.Revision.SHA1)}
		for _, remote := range action.Remotes {
			one.repository = firstText(one.repository, GitRepositoryName(remote))
		}
		for _, branch := range action.Revision.Branch {
			one.branch = firstText(one.branch, branch.Name)
		}
		known := slices.ContainsFunc(list, func(k jenkinsRevision) bool { return k.repository == one.repository && k.commit == one.commit })
		if one.repository != "" && !known {
			list = append(list, one)
		}
	}
	return list
}

// revision is what a build was made from, or why that cannot be said.
func (r *jenkinsRun) revision(wanted []string) (found jenkinsRevision, reason string) {
	all := r.revisions()
	var chosen []jenkinsRevision
	for _, glob := range wanted {
		for _, one := range all {
			known := slices.ContainsFunc(chosen, func(k jenkinsRevision) bool { return k.repository == one.repository && k.commit == one.commit })
			if globsFit(glob, one.repository) && !known {
				chosen = append(chosen, one)
			}
		}
	}
	if len(wanted) == 0 {
		chosen = all
	}
	switch {
	case len(all) == 0:
		return found, "the build has checked out no repository of git"
	case len(chosen) == 0:
		return found, "no repository that the build has checked out fits the setting repositories: " + jenkinsNames(all)
	case len(wanted) == 0 && !r.ended():
		return found, "the build runs and may check out more"
	case len(wanted) == 0 && len(chosen) > 1:
		return jenkinsRevision{doubtful: true}, "the build has checked out several repositories or commits; say in the setting repositories which is built: " + jenkinsNames(all)
	}
	found = chosen[0]
	for _, one := range chosen[1:] {
		if one.repository == found.repository || found.others[one.repository] != "" {
			return jenkinsRevision{doubtful: true}, "the build has checked out several commits of " + one.repository
		}
		if evenkeel.ValidSHA(one.commit) {
			if found.others == nil {
				found.others = map[string]string{}
			}
			found.others[one.repository] = one.commit
		}
	}
	return found, ""
}

func jenkinsNames(list []jenkinsRevision) string {
	var names []string
	for _, one := range list {
		if !slices.Contains(names, one.repository) {
			names = append(names, one.repository)
		}
	}
	return shorten([]byte(strings.Join(names, ", ")))
}

// jenkinsBranch is branch or tag by what the git plug-in calls it.
func jenkinsBranch(name string) (branch, tag string) {
	name = strings.TrimPrefix(name, "refs/remotes/")
	if tag, found := strings.CutPrefix(name, "refs/tags/"); found {
		return "", tag
	}
	name = strings.TrimPrefix(strings.TrimPrefix(name, "refs/heads/"), "origin/")
	if name == "detached" {
		return "", ""
	}
	return name, ""
}
