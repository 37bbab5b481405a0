package connectors

import (
	"strconv"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// azureDelivery is one event while it is read.
type azureDelivery struct {
	*payload
	settings *azureSettings
	name     string
	// at is when the event was made.
	at time.Time
}

// azureNamed is a thing of which some texts are known.
type azureNamed struct {
	Name     string `json:"name"`
	State    string `json:"state"`
	Result   string `json:"result"`
	URL      string `json:"url"`
	Version  string `json:"version"`
	CommitID string `json:"commitId"`
}

// azureRelease is a classic release.
type azureRelease struct {
	ID         int64  `json:"id"`
	Name       string `json:"name"`
	Definition struct {
		Name string `json:"name"`
	} `json:"releaseDefinition"`
	Artifacts []struct {
		Primary   bool                 `json:"isPrimary"`
		Reference map[string]azureText `json:"definitionReference"`
	} `json:"artifacts"`
}

// azureText is a value of an artifact.
type azureText struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// result is what the result of a build or of a stage means; false if it
// is none yet.
func (d *azureDelivery) result(field, result string) (evenkeel.BuildResult, bool) {
	switch strings.ToLower(result) {
	case "succeeded", "partiallysucceeded", "succeededwithissues":
		return evenkeel.BuildSuccess, true
	case "failed", "rejected":
		return evenkeel.BuildFailure, true
	case "canceled", "cancelled", "stopped", "abandoned":
		return evenkeel.BuildCancelled, true
	case "skipped":
		return evenkeel.BuildSkipped, true
	}
	d.wrong(field, shortQuote(result)+" is not a result that Azure DevOps documents")
	return "", false
}

// azureBranch is the branch or the tag of a ref; foreign says that it is the
// trial merge of a pull request.
func azureBranch(ref string) (branch, tag string, foreign bool) {
	if name, ok := strings.CutPrefix(ref, "refs/tags/"); ok {
		return "", name, false
	}
	return strings.TrimPrefix(ref, "refs/heads/"), "", strings.HasPrefix(ref, "refs/pull/")
}

// azureBuilt is a build, which for YAML pipelines is a run.
type azureBuilt struct {
	ID         int64          `json:"id"`
	Status     string         `json:"status"`
	Result     string         `json:"result"`
	Queued     string         `json:"queueTime"`
	Started    string         `json:"startTime"`
	Finished   string         `json:"finishTime"`
	Branch     string         `json:"sourceBranch"`
	Version    string         `json:"sourceVersion"`
	Reason     string         `json:"reason"`
	Definition azureNamed     `json:"definition"`
	Repository azureBuiltFrom `json:"repository"`
}

// azureBuiltFrom is the repository of a build. Lists may leave the address out.
type azureBuiltFrom struct {
	ID   any    `json:"id,omitempty"`
	Type string `json:"type"`
	URL  string `json:"url"`
}

// id is empty if it is none that stays.
func (b azureBuiltFrom) id() string {
	id, _ := b.ID.(string)
	return id
}

// run is what a build is of, whatever became of it.
func (d *azureDelivery) run(build azureBuilt) pipelineRun {
	run := pipelineRun{
		repository: d.settings.repository(build.Repository.id(), build.Repository.URL), commit: fullSHA(build.Version), pipeline: d.text("resource.definition.name", build.Definition.Name),
		queued: d.instantIfAny("resource.queueTime", build.Queued), started: d.instantIfAny("resource.startTime", build.Started),
	}
	run.branch, run.tag, run.foreign = azureBranch(build.Branch)
	run.foreign = run.foreign || build.Reason == "pullRequest"
	return run
}

// build reads a build that has ended. Version 1.0 of the event leaves out what
// was built.
func (d *azureDelivery) build() ([]evenkeel.Event, error) {
	var build azureBuilt
	d.into("resource", &build)
	run := d.run(build)
	run.id = "build:" + d.number("resource.id", build.ID)
	run.result, _ = d.result("resource.result", build.Result)
	if run.ended = d.instantIfAny("resource.finishTime", build.Finished); run.ended.IsZero() {
		run.ended = d.at
	}
	if run.repository == "" || run.commit == "" {
		return nil, ignored("the event names no commit of a git repository; let the subscription send version 2.0 with all details")
	}
	events := []evenkeel.Event{d.event(run.id, run.ended, run.build())}
	if rule, fits := ruleFor(d.settings.Deployments, run); fits {
		events = append(events, d.deployed(rule, run, run.ended)...)
	}
	return events, nil
}

// azureStageChange is a stage of a run, and what the run is of.
type azureStageChange struct {
	Stage struct {
		azureNamed

		ID string `json:"id"`
	} `json:"stage"`
	Run struct {
		ID       int64      `json:"id"`
		Pipeline azureNamed `json:"pipeline"`
	} `json:"run"`
	Pipeline     azureNamed    `json:"pipeline"`
	Repositories []azureSource `json:"repositories"`
}

// azureSource is a repository of which a run takes a version. Service hooks
// leave its id out.
type azureSource struct {
	ID     string     `json:"id,omitempty"`
	URL    string     `json:"url"`
	Ref    string     `json:"ref"`
	Change azureNamed `json:"change"`
}

// stage reads a stage of a YAML pipeline. A stage that is run again is told
// under the same name, so only its success is final.
func (d *azureDelivery) stage() ([]evenkeel.Event, error) {
	var resource azureStageChange
	d.into("resource", &resource)
	stage := resource.Stage
	run := pipelineRun{
		run:      "run:" + d.number("resource.run.id", resource.Run.ID),
		pipeline: firstText(resource.Pipeline.Name, resource.Run.Pipeline.Name), job: d.text("resource.stage.name", stage.Name),
	}
	run.id = run.run + "/" + firstText(stage.ID, stage.Name)
	if len(resource.Repositories) > 0 {
		first := resource.Repositories[0]
		run.repository = d.settings.repository(first.ID, first.URL)
		if run.branch, run.tag, run.foreign = azureBranch(first.Ref); run.repository != "" {
			run.commit = fullSHA(first.Change.Version)
		}
	}
	rule, fits := ruleFor(d.settings.Deployments, run)
	switch {
	case !fits:
		return nil, ignored("no rule of the setting deployments fits the stage %s", shortQuote(stage.Name))
	case stage.State == "running" || stage.State == "inProgress":
		began := d.final(run.id, d.at, &evenkeel.Deployment{StartedAt: d.at}) // A later attempt moves it no more.
		return append(d.deployed(rule, run, d.at), began), nil
	case stage.State != "completed":
		return nil, ignored("the stage waits")
	default:
		run.result, _ = d.result("resource.stage.result", stage.Result)
		run.ended = d.at
	}
	if run.result == evenkeel.BuildSkipped {
		return nil, ignored("the stage was skipped")
	}
	events := d.deployed(rule, run, d.at)
	if len(events) > 1 && run.result != evenkeel.BuildSuccess {
		events[1].Final = false
	}
	return events, nil
}

// azureReleaseChange is a deployment of a classic release.
type azureReleaseChange struct {
	Environment azureReleaseStage      `json:"environment"`
	Release     azureRelease           `json:"release"`
	Deployment  azureReleaseDeployment `json:"deployment"`
}

// azureReleaseStage is the environment of a classic release.
type azureReleaseStage struct {
	ID      int64        `json:"id"`
	Name    string       `json:"name"`
	Status  string       `json:"status"`
	Release azureRelease `json:"release"`
}

// azureReleaseDeployment is one attempt to deploy a classic release.
type azureReleaseDeployment struct {
	ID          int64        `json:"id"`
	Attempt     int          `json:"attempt"`
	Status      string       `json:"status"`
	State       string       `json:"deploymentStatus"`
	StartedOn   string       `json:"startedOn"`
	CompletedOn string       `json:"completedOn"`
	Release     azureRelease `json:"release"`
	Environment azureRelease `json:"environment"`
}

// released reads a deployment of a classic release. Where it stands differs
// between versions of the event. The commit is that of the primary artifact.
func (d *azureDelivery) released() ([]evenkeel.Event, error) {
	var resource azureReleaseChange
	d.into("resource", &resource)
	deployment, environment := resource.Deployment, resource.Environment
	name := firstText(environment.Name, deployment.Environment.Name)
	releaseID := max(resource.Release.ID, environment.Release.ID, deployment.Release.ID)
	id := "release:" + d.number("resource.release.id", releaseID) + "/" + d.text("resource.environment.name", name)
	switch {
	case deployment.ID > 0:
		id += "/" + strconv.FormatInt(deployment.ID, 10)
	case d.name == azureStarted:
		return nil, ignored("the event does not number the deployment; its outcome will tell of it")
	}
	facts := &evenkeel.Deployment{
		Environment: firstText(d.settings.Environments[name], name), Attempt: deployment.Attempt,
		Version:   firstText(resource.Release.Name, environment.Release.Name, deployment.Release.Name),
		StartedAt: d.instantIfAny("resource.deployment.startedOn", deployment.StartedOn),
	}
	for _, artifact := range resource.Release.Artifacts {
		of := artifact.Reference["repository"]
		repository := d.settings.repository(of.ID, of.Name)
		if commit := fullSHA(artifact.Reference["sourceVersion"].ID); artifact.Primary && commit != "" && repository != "" {
			facts.Repository, facts.Commit = repository, commit
		}
	}
	if definition := firstText(resource.Release.Definition.Name, deployment.Release.Definition.Name); definition != "" {
		facts.Origin = originOf(d.source, definition)
	}
	if d.name == azureStarted {
		if facts.Status = evenkeel.StatusRunning; facts.StartedAt.IsZero() {
			facts.StartedAt = d.at
		}
		return []evenkeel.Event{d.event(id, d.at, facts)}, nil
	}
	result, known := d.result("resource.deployment.status", firstText(deployment.State, deployment.Status, environment.Status))
	if !known {
		return nil, nil
	}
	ended := d.instantIfAny("resource.deployment.completedOn", deployment.CompletedOn)
	if ended.IsZero() {
		ended = d.at
	}
	outcome := &evenkeel.Deployment{FinishedAt: ended, Status: evenkeel.StatusCancelled}
	switch result {
	case evenkeel.BuildSuccess:
		outcome.Status = evenkeel.StatusSuccess
	case evenkeel.BuildFailure:
		outcome.Status = evenkeel.StatusFailure
	}
	return []evenkeel.Event{d.event(id, d.at, facts), d.final(id, ended, outcome)}, nil
}

// azurePull is a pull request.
type azurePull struct {
	ID         int64           `json:"pullRequestId"`
	Status     string          `json:"status"`
	Draft      bool            `json:"isDraft"`
	Created    string          `json:"creationDate"`
	Closed     string          `json:"closedDate"`
	Target     string          `json:"targetRefName"`
	Head       azureNamed      `json:"lastMergeSourceCommit"`
	Merge      azureNamed      `json:"lastMergeCommit"`
	Repository azureRepository `json:"repository"`
}

// azureRepository is where a repository lies.
type azureRepository struct {
	ID        string `json:"id,omitempty"`
	RemoteURL string `json:"remoteUrl"`
	WebURL    string `json:"webUrl"`
}

func (r azureRepository) address() string { return firstText(r.RemoteURL, r.WebURL) }

// pull reads an event of a pull request, which brings the whole request.
func (d *azureDelivery) pull() ([]evenkeel.Event, error) {
	var pull azurePull
	d.into("resource", &pull)
	repository := d.settings.repository(pull.Repository.ID, pull.Repository.address())
	if repository == "" {
		d.wrong("resource.repository.remoteUrl", "is not the address of a repository")
	}
	number := d.number("resource.pullRequestId", pull.ID)
	change := &evenkeel.Change{
		Repository: repository, Number: int(pull.ID), OpenedAt: d.instant("resource.creationDate", pull.Created),
		Head: fullSHA(pull.Head.CommitID), Base: strings.TrimPrefix(d.text("resource.targetRefName", pull.Target), "refs/heads/"),
	}
	e := d.event(number, d.at, change)
	switch pull.Status {
	case "active":
		change.State, e.Cleared = evenkeel.ChangeOpen, []string{"closed_at"}
		if d.name == azureOpened && !pull.Draft {
			change.ReadyAt = change.OpenedAt
		}
		return []evenkeel.Event{e}, nil
	case "abandoned":
		change.State, change.ClosedAt = evenkeel.ChangeClosed, d.instant("resource.closedDate", pull.Closed)
		return []evenkeel.Event{e}, nil
	case "completed":
		at := d.instant("resource.closedDate", pull.Closed)
		facts := &evenkeel.Change{Repository: repository, Number: int(pull.ID), State: evenkeel.ChangeMerged, MergedAt: at, ClosedAt: at, MergeCommit: fullSHA(pull.Merge.CommitID)}
		return []evenkeel.Event{e, d.final(number, at, facts)}, nil
	}
	d.wrong("resource.status", shortQuote(pull.Status)+" is not a status that Azure DevOps documents")
	return nil, nil
}
