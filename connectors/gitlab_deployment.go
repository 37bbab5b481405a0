package connectors

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/evenkeel-dev/evenkeel"
)

// gitlabCommitAddress ends in the full id of a commit, which GitLab tells
// nowhere else in a deployment.
var gitlabCommitAddress = regexp.MustCompile(`/commits?/([0-9a-f]{64}|[0-9a-f]{40})$`)

// gitlabStatus is what the status of a deployment or a job means; waiting ones
// are empty.
func gitlabStatus(text string) (status evenkeel.DeploymentStatus, known bool) {
	switch text {
	case "running":
		return evenkeel.StatusRunning, true
	case "success":
		return evenkeel.StatusSuccess, true
	case "failed":
		return evenkeel.StatusFailure, true
	case "canceled":
		return evenkeel.StatusCancelled, true
	case "created", "blocked", "skipped", "pending", "preparing", "waiting_for_resource", "waiting_for_callback", "manual", "scheduled", "canceling", "approved", "rejected":
		return "", true
	}
	return "", false
}

// deployment reads the event of a deployment.
func (d *gitlabDelivery) deployment() ([]evenkeel.Event, error) {
	var id int64
	var state, changed, environment, tier, ref, address, short string
	d.into("deployment_id", &id)
	d.into("status", &state)
	d.into("status_changed_at", &changed)
	d.into("environment", &environment)
	d.into("environment_tier", &tier)
	d.into("ref", &ref)
	d.into("commit_url", &address)
	d.into("short_sha", &short)
	status, known := gitlabStatus(state)
	switch {
	case !known:
		d.wrong("status", shortQuote(state)+" is not a status that GitLab documents")
		return nil, nil
	case status == "":
		return nil, ignored("the deployment is %s: nothing runs yet", state)
	}
	at := d.instant("status_changed_at", changed)
	facts := &evenkeel.Deployment{Repository: d.repository, Environment: d.environment(environment, tier), ActorKind: d.kind(d.user)}
	facts.Ref, facts.Version = githubRef(ref)
	if found := gitlabCommitAddress.FindStringSubmatch(strings.ToLower(address)); found != nil {
		facts.Commit = found[1]
	} else if facts.Version == "" {
		facts.Version = short // The start of an id: nobody can be sure which commit it is.
	}
	name := "deployment:" + d.number("deployment_id", id)
	if status == evenkeel.StatusRunning {
		facts.Status, facts.StartedAt = status, at
		return []evenkeel.Event{d.event(name, at, facts)}, nil
	}
	return d.ended(name, at, facts, status), nil
}

// gitlabJob is a job, whose members stand at the top of its event.
type gitlabJob struct {
	id, pipeline, retries      int64
	name, status, ref, sha     string
	created, started, finished string
	tag                        bool
	environment                struct{ Name, Action string }
}

func (d *gitlabDelivery) readJob() gitlabJob {
	var j gitlabJob
	d.into("build_id", &j.id)
	d.into("pipeline_id", &j.pipeline)
	d.into("retries_count", &j.retries)
	d.into("build_name", &j.name)
	d.into("build_status", &j.status)
	d.into("ref", &j.ref)
	d.into("sha", &j.sha)
	d.into("tag", &j.tag)
	d.into("build_created_at", &j.created)
	d.into("build_started_at", &j.started)
	d.into("build_finished_at", &j.finished)
	var environment struct {
		Name   string `json:"name"`
		Action string `json:"action"`
	}
	d.into("environment", &environment)
	j.environment.Name, j.environment.Action = environment.Name, environment.Action
	return j
}

// job reads the event of a job, which by the operator's rules is a deployment.
func (d *gitlabDelivery) job() ([]evenkeel.Event, error) {
	j := d.readJob()
	rule, fits := d.settings.job(j, d.project.DefaultBranch)
	switch {
	case !fits:
		return nil, ignored("no rule of the setting deployments.jobs makes a deployment of this job")
	case j.environment.Name != "":
		return nil, ignored("the job has an environment: the deployment hook tells of it")
	}
	status, known := gitlabStatus(j.status)
	switch {
	case !known:
		d.wrong("build_status", shortQuote(j.status)+" is not a status that GitLab documents")
		return nil, nil
	case status == "":
		return nil, ignored("the job is %s: nothing runs yet", j.status)
	}
	id := "job:" + d.number("build_id", j.id)
	facts := &evenkeel.Deployment{
		Repository: d.repository, Commit: d.sha("sha", j.sha), Environment: rule.Environment, ActorKind: d.kind(d.user),
		StartedAt: d.instantIfAny("build_started_at", j.started),
		// The jobs of a matrix are one deployment. An old pipeline whose jobs run
		// again must not move what it once was.
		Group: "pipeline:" + d.number("pipeline_id", j.pipeline) + "/" + strconv.FormatInt(j.retries, 10) + "/" + rule.Environment,
	}
	if facts.Ref = j.ref; j.tag {
		facts.Version = gitVersionOf(j.ref)
	}
	if status == evenkeel.StatusRunning {
		facts.Status = status
		return []evenkeel.Event{d.event(id, latest(d.instant("build_created_at", j.created), facts.StartedAt), facts)}, nil
	}
	return d.ended(id, d.instant("build_finished_at", j.finished), facts, status), nil
}

// gitlabRun is a pipeline.
type gitlabRun struct {
	ID         int64    `json:"id"`
	SHA        string   `json:"sha"`
	Source     string   `json:"source"`
	Status     string   `json:"status"`
	CreatedAt  string   `json:"created_at"`
	FinishedAt string   `json:"finished_at"`
	Queued     *float64 `json:"queued_duration"`
}

// pipeline reads the event of a pipeline. Jobs that run again open it again,
// so its end is never final.
func (d *gitlabDelivery) pipeline() ([]evenkeel.Event, error) {
	var run gitlabRun
	d.into("object_attributes", &run)
	if run.Source == "parent_pipeline" {
		return nil, ignored("a child pipeline is part of its parent")
	}
	facts := &evenkeel.Build{
		Repository: d.repository, Commit: d.sha("object_attributes.sha", run.SHA),
		Pipeline: firstText(d.project.CIConfigPath, ".gitlab-ci.yml"), QueuedAt: d.instant("object_attributes.created_at", run.CreatedAt),
	}
	if run.Queued != nil && *run.Queued >= 0 && *run.Queued < 1e8 {
		facts.StartedAt = facts.QueuedAt.Add(gitlabSeconds(*run.Queued))
	}
	result, ended := map[string]evenkeel.BuildResult{
		"success": evenkeel.BuildSuccess, "failed": evenkeel.BuildFailure, "canceled": evenkeel.BuildCancelled, "skipped": evenkeel.BuildSkipped,
	}[run.Status]
	if _, known := gitlabStatus(run.Status); !known {
		d.wrong("object_attributes.status", shortQuote(run.Status)+" is not a status that GitLab documents")
	}
	if ended {
		facts.Result, facts.FinishedAt = result, d.instantIfAny("object_attributes.finished_at", run.FinishedAt)
	}
	observed := latest(facts.QueuedAt, facts.StartedAt, facts.FinishedAt)
	return []evenkeel.Event{d.event("pipeline:"+d.number("object_attributes.id", run.ID), observed, facts)}, nil
}
