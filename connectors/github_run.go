package connectors

import (
	"path"
	"strconv"
	"strings"

	"github.com/evenkeel-dev/evenkeel"
)

// githubRun is a run of a workflow.
type githubRun struct {
	ID           int64       `json:"id"`
	Name         string      `json:"name"`
	Path         string      `json:"path"`
	Event        string      `json:"event"`
	Status       string      `json:"status"`
	Conclusion   string      `json:"conclusion"`
	HeadSHA      string      `json:"head_sha"`
	HeadBranch   string      `json:"head_branch"`
	HTMLURL      string      `json:"html_url"`
	RunAttempt   int         `json:"run_attempt"`
	CreatedAt    string      `json:"created_at"`
	RunStartedAt string      `json:"run_started_at"`
	UpdatedAt    string      `json:"updated_at"`
	Actor        *githubUser `json:"triggering_actor"`
	Repository   githubOwned `json:"repository"`
	Head         githubOwned `json:"head_repository"`
}

type githubOwned struct {
	ID int64 `json:"id"`
}

// workflowRun reads the event of a run: a build, and by the operator's rules
// also a deployment.
func (d *githubDelivery) workflowRun() ([]evenkeel.Event, error) {
	switch d.action {
	case "requested", "in_progress", "completed":
	default:
		return nil, d.unread("workflow_run")
	}
	var run githubRun
	d.into("workflow_run", &run)
	var workflow struct {
		Name string `json:"name"`
		Path string `json:"path"`
	}
	d.into("workflow", &workflow)
	run.Path, _, _ = strings.Cut(firstText(run.Path, workflow.Path), "@")
	run.Name = firstText(run.Name, workflow.Name)
	run.RunAttempt = max(run.RunAttempt, 1)
	build := d.build(run)
	observed := d.instant("workflow_run.updated_at", run.UpdatedAt)
	events := []evenkeel.Event{d.event("run:"+d.attempt(run), observed, build)}
	if rule, fits := d.rule(run); fits {
		events = append(events, d.runDeployment(run, rule)...)
	}
	return events, nil
}

// attempt names one attempt of a run. Runs that are repeated keep their id.
func (d *githubDelivery) attempt(run githubRun) string {
	return d.number("workflow_run.id", run.ID) + "/" + strconv.Itoa(max(run.RunAttempt, 1))
}

// githubEnd is what a conclusion means.
type githubEnd struct {
	// ended says that the attempt is over; one that waits for an approval is not.
	ended  bool
	result evenkeel.BuildResult
	status evenkeel.DeploymentStatus
}

// end reads how a run ended. Runs that were skipped, went stale or came to no
// opinion have deployed nothing.
func (d *githubDelivery) end(run githubRun) githubEnd {
	if run.Status != "completed" {
		return githubEnd{}
	}
	switch run.Conclusion {
	case "success":
		return githubEnd{true, evenkeel.BuildSuccess, evenkeel.StatusSuccess}
	case "failure", "timed_out", "startup_failure":
		return githubEnd{true, evenkeel.BuildFailure, evenkeel.StatusFailure}
	case "cancelled", "stale":
		return githubEnd{true, evenkeel.BuildCancelled, evenkeel.StatusCancelled}
	case "skipped":
		return githubEnd{true, evenkeel.BuildSkipped, evenkeel.StatusCancelled}
	case "neutral":
		return githubEnd{true, "", evenkeel.StatusCancelled}
	case "action_required":
		return githubEnd{}
	}
	d.wrong("workflow_run.conclusion", shortQuote(run.Conclusion)+" is not a conclusion that GitHub documents")
	return githubEnd{}
}

func (d *githubDelivery) build(run githubRun) *evenkeel.Build {
	build := &evenkeel.Build{
		Repository: d.repository,
		Commit:     d.sha("workflow_run.head_sha", run.HeadSHA),
		Pipeline:   d.text("workflow_run.path", firstText(run.Path, run.Name)),
		Attempt:    run.RunAttempt,
		StartedAt:  d.instantIfAny("workflow_run.run_started_at", run.RunStartedAt),
	}
	// A run keeps the instant of its first attempt, from which later ones
	// have not been waiting.
	if queued := d.instant("workflow_run.created_at", run.CreatedAt); run.RunAttempt == 1 {
		build.QueuedAt = queued
	}
	if end := d.end(run); end.ended {
		build.FinishedAt, build.Result = d.instant("workflow_run.updated_at", run.UpdatedAt), end.result
	}
	return build
}

// rule finds the rule by which a run is a deployment. A fork names its
// branches as it likes, so its runs are none.
func (d *githubDelivery) rule(run githubRun) (githubWorkflowRule, bool) {
	if run.Head.ID != run.Repository.ID {
		return githubWorkflowRule{}, false
	}
	for _, r := range d.settings.Deployments.Workflows {
		branch := r.Branch
		if branch == "" {
			branch = githubLiteral(d.defaultBranch)
		}
		named := githubGlob(r.Workflow, path.Base(run.Path)) || githubGlob(r.Workflow, run.Name)
		started := r.Event == run.Event || r.Event == "" && !strings.HasPrefix(run.Event, "pull_request")
		if named && started && githubGlob(branch, run.HeadBranch) {
			return r, true
		}
	}
	return githubWorkflowRule{}, false
}

func githubGlob(pattern, name string) bool {
	matched, err := path.Match(pattern, name)
	return err == nil && matched && name != ""
}

// githubLiteral is the pattern that matches a name and nothing else.
func githubLiteral(name string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(name)
}

func (d *githubDelivery) runDeployment(run githubRun, rule githubWorkflowRule) []evenkeel.Event {
	id := "run:" + d.attempt(run)
	observed := d.instant("workflow_run.updated_at", run.UpdatedAt)
	ref, version := githubRef(run.HeadBranch) // Of a run for a tag this is the tag.
	facts := &evenkeel.Deployment{
		Repository:  d.repository,
		Commit:      d.sha("workflow_run.head_sha", run.HeadSHA),
		Ref:         ref,
		Version:     version,
		Environment: rule.Environment,
		Group:       d.runGroup(run.ID, run.RunAttempt, rule.Environment),
		Attempt:     run.RunAttempt,
		StartedAt:   d.instantIfAny("workflow_run.run_started_at", run.RunStartedAt),
		ActorKind:   run.Actor.kind(),
	}
	if end := d.end(run); end.ended {
		return d.ended(id, observed, facts, end.status)
	}
	facts.Status = evenkeel.StatusRunning
	return []evenkeel.Event{d.event(id, observed, facts)}
}
