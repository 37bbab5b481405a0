package connectors

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/evenkeel-dev/evenkeel"
)

// cdeventsKind is how one type of event is read. Without read it is ignored,
// and facts says why.
type cdeventsKind struct {
	name, facts string
	read        func(e *cdevent) ([]evenkeel.Event, error)
}

func cdeventsKinds() []cdeventsKind {
	const environment = "environments are named by the events that concern them, and classed by the policy"
	return []cdeventsKind{
		{"service.deployed", "a successful deployment of the service at the time of the event: environment, artifact, and the commit of the custom data", (*cdevent).deployed},
		{"service.upgraded", "the same", (*cdevent).deployed},
		{"service.rolledback", "the same, of the kind rollback", (*cdevent).deployed},
		{"service.removed", "a service that is taken away deploys nothing", nil},
		{"service.published", "a service that becomes reachable deploys nothing", nil},
		{"incident.detected", "an incident: opened at `started_at` or the time of the event, detected then. One that was resolved is open again", (*cdevent).incident},
		{"incident.reported", "an incident: opened at `started_at` or the time of the event", (*cdevent).incident},
		{"incident.resolved", "the resolution of the incident with the same subject", (*cdevent).incident},
		{"change.created", "a change: opened, and its head. The number is read from the end of the subject's id", (*cdevent).change},
		{"change.updated", "the new head of a change", (*cdevent).change},
		{"change.reviewed", "the first review of a change", (*cdevent).change},
		{"change.merged", "the merge of a change, and its commit", (*cdevent).change},
		{"change.abandoned", "a change that is closed without a merge", (*cdevent).change},
		{"artifact.packaged", "an artifact with the commit and the repository that it was built from", (*cdevent).artifact},
		{"artifact.published", "the same, where the custom data tell commit and repository", (*cdevent).artifact},
		{"pipelinerun.queued", "a build, where the custom data tell commit and repository", (*cdevent).run},
		{"pipelinerun.started", "the same; a deployment too, where the setting `pipelines` lists the pipeline or the custom data name an environment", (*cdevent).run},
		{"pipelinerun.finished", "the same; outcome `success`, `failure`, `error` or `cancel`", (*cdevent).run},
		{"taskrun.started", "as of a pipeline run; a build only of a task that is part of none", (*cdevent).run},
		{"taskrun.finished", "the same", (*cdevent).run},
		{"ticket.created", "a work item: opened, its type by `ticket_types`", (*cdevent).ticket},
		{"ticket.updated", "type and link of a work item", (*cdevent).ticket},
		{"ticket.closed", "the end of a work item", (*cdevent).ticket},
		{"environment.created", environment, nil},
		{"environment.modified", environment, nil},
		{"environment.deleted", environment, nil},
		{"testsuiterun.finished", "test runs tell no counts; send a build with `tests`", nil},
	}
}

func cdeventsEventNotes() []EventNote {
	var notes []EventNote
	for _, one := range cdeventsKinds() {
		facts := one.facts
		if one.read == nil {
			facts = "nothing: " + facts
		}
		notes = append(notes, EventNote{Event: one.name, Facts: facts})
	}
	return notes
}

// deployed reads what was done to a service. Such an event is named by its own
// id, because the subject is the service.
func (e *cdevent) deployed() ([]evenkeel.Event, error) {
	facts := e.deployment()
	facts.Status, facts.FinishedAt = evenkeel.StatusSuccess, e.at
	if e.kind == "service.rolledback" && facts.ChangeKind == "" {
		facts.ChangeKind = evenkeel.ChangeRollback
	}
	facts.Artifact = e.content.ArtifactID
	facts.Origin = cdeventsOrigin(e.subject.ID)
	e.source = cdeventsName + ":" + e.origin
	return []evenkeel.Event{e.event(e.record("event:"+e.id), e.at, facts)}, nil
}

// record names a deployment: by deployment_id and subject, so that several
// services of one deployment stay apart, else by what the event says.
func (e *cdevent) record(otherwise string) string {
	if e.own.DeploymentID == "" {
		return otherwise
	}
	return "deployment:" + e.own.DeploymentID + "/" + e.subject.ID
}

// deployment is what any event says of one. A commit without a repository
// cannot be found, and is left out.
func (e *cdevent) deployment() *evenkeel.Deployment {
	facts := &evenkeel.Deployment{
		Application: e.own.Application, Environment: e.environment(), Repository: e.own.Repository,
		Commit: e.own.Commit, Ref: e.own.Ref, Version: e.own.Version, StartedAt: e.startedAt(),
		ChangeKind: e.own.ChangeKind, RollbackOf: e.own.RollbackOf,
	}
	if facts.Commit != "" && facts.Repository == "" {
		e.wrong(cdeventsOwnField+".repository", "is needed with commit, so that the commit can be found")
	}
	if e.own.DeploymentID != "" {
		facts.Group = cdeventsName + ":" + e.own.DeploymentID
	}
	return facts
}

// incident reads the events of an incident, which its subject names.
func (e *cdevent) incident() ([]evenkeel.Event, error) {
	facts := &evenkeel.Incident{
		Application: e.own.Application, Origin: cdeventsOrigin(e.content.Service.ID), Repository: e.own.Repository,
		Environment: e.environment(), Severity: e.own.Severity, CausedBy: e.own.CausedBy, OpenedAt: e.startedAt(),
	}
	told := e.event("incident:"+e.subject.ID, e.at, facts)
	switch e.kind {
	case "incident.resolved":
		facts.ResolvedAt = e.at
		told.ObservedAt = e.at.Add(githubStep)
		return []evenkeel.Event{told}, nil
	case "incident.detected":
		facts.DetectedAt = e.at
		told.Cleared = []string{"resolved_at"}
	}
	if facts.OpenedAt.IsZero() {
		facts.OpenedAt = e.at
	}
	return []evenkeel.Event{told}, nil
}

// cdeventsNumber is the number at the end of the id of a change.
var cdeventsNumber = regexp.MustCompile(`(?:^|[/#!])([1-9]\d{0,8})$`)

// change reads the events of a change.
func (e *cdevent) change() ([]evenkeel.Event, error) {
	facts := &evenkeel.Change{Application: e.own.Application, Repository: e.repository(e.content.Repository)}
	if facts.Repository == "" {
		return nil, ignored("the change names no repository with a host; set customData.evenkeel.repository, or the setting repository_host")
	}
	if found := cdeventsNumber.FindStringSubmatch(e.subject.ID); found != nil {
		facts.Number, _ = strconv.Atoi(found[1])
	}
	told := e.event("change:"+e.subject.ID, e.at, facts)
	switch e.kind {
	case "change.created":
		facts.State, facts.OpenedAt, facts.Head = evenkeel.ChangeOpen, e.at, e.own.Commit
	case "change.updated":
		facts.Head = e.own.Commit
	case "change.reviewed":
		facts.FirstReviewAt = e.at
	case "change.abandoned":
		facts.State, facts.ClosedAt = evenkeel.ChangeClosed, e.at
		told.ObservedAt = e.at.Add(githubStep)
	case "change.merged":
		facts.State, facts.MergedAt, facts.ClosedAt = evenkeel.ChangeMerged, e.at, e.at
		told.Final = true
		e.mergedAs(facts)
	}
	return []evenkeel.Event{told}, nil
}

// mergedAs notes the commit of a merge. A change without a number would become
// another fact by its merge commit, so there it is a commit of the change.
func (e *cdevent) mergedAs(facts *evenkeel.Change) {
	switch {
	case e.own.Commit == "":
	case facts.Number > 0:
		facts.MergeCommit = e.own.Commit
	default:
		facts.Commits = []evenkeel.ChangeCommit{{SHA: e.own.Commit}}
	}
}

// artifact reads what an artifact was built from: the change of the event,
// where that is a commit, or the custom data.
func (e *cdevent) artifact() ([]evenkeel.Event, error) {
	facts := &evenkeel.Artifact{Artifact: e.subject.ID, Repository: e.own.Repository, Commit: e.own.Commit}
	change := strings.ToLower(e.content.Change.ID)
	if facts.Commit == "" && evenkeel.ValidSHA(change) {
		facts.Commit = change
	}
	if base := e.content.Change.Source; facts.Repository == "" && isURL(base) {
		facts.Repository = GitRepositoryName(base)
	}
	if facts.Commit == "" || facts.Repository == "" {
		return nil, ignored("commit or repository of the artifact are not known; set customData.evenkeel.commit and repository")
	}
	if e.kind == "artifact.packaged" {
		facts.BuiltAt = e.at
	}
	return []evenkeel.Event{e.event("artifact:"+facts.Artifact, e.at, facts)}, nil
}

// run reads the run of a pipeline or a task: a build, and a deployment where
// the settings or the custom data say so.
func (e *cdevent) run() ([]evenkeel.Event, error) {
	unit, step, _ := strings.Cut(e.kind, ".")
	name := firstText(e.content.PipelineName, e.content.TaskName)
	var events []evenkeel.Event
	if e.own.Commit != "" && e.own.Repository != "" && name != "" && (unit == "pipelinerun" || e.content.PipelineRun.ID == "") {
		events = append(events, e.event(unit+":"+e.subject.ID, e.at, e.build(name, step)))
	}
	target := firstText(e.own.Environment, e.settings.Pipelines[name])
	if target != "" && step != "queued" {
		e.own.Environment = target
		events = append(events, e.runDeployment(unit, step)...)
	}
	if len(events) == 0 && len(e.problems.list) == 0 {
		return nil, ignored("a run is a build where the event has a name and customData.evenkeel commit and repository; it is a deployment where the setting pipelines lists it")
	}
	return events, nil
}

func (e *cdevent) build(name, step string) *evenkeel.Build {
	facts := &evenkeel.Build{Repository: e.own.Repository, Commit: e.own.Commit, Pipeline: name}
	switch step {
	case "queued":
		facts.QueuedAt = e.at
	case "started":
		facts.StartedAt = e.at
	default:
		facts.FinishedAt = e.at
		facts.Result, _ = e.outcome()
	}
	return facts
}

// outcome is how a run ended; both are empty where the event does not say.
func (e *cdevent) outcome() (evenkeel.BuildResult, evenkeel.DeploymentStatus) {
	switch strings.ToLower(e.content.Outcome) {
	case "":
		return "", ""
	case "success", "succeeded":
		return evenkeel.BuildSuccess, evenkeel.StatusSuccess
	case "failure", "failed", "error":
		return evenkeel.BuildFailure, evenkeel.StatusFailure
	case "cancel", "canceled", "cancelled", "abort", "aborted":
		return evenkeel.BuildCancelled, evenkeel.StatusCancelled
	}
	e.wrong("subject.content.outcome", shortQuote(e.content.Outcome)+" is none of success, failure, cancel and error")
	return "", ""
}

func (e *cdevent) runDeployment(unit, step string) []evenkeel.Event {
	facts := e.deployment()
	id := e.record(unit + ":" + e.subject.ID)
	if step == "started" {
		facts.Status, facts.StartedAt = evenkeel.StatusRunning, e.at
		return []evenkeel.Event{e.event(id, e.at, facts)}
	}
	_, status := e.outcome()
	if status == "" {
		e.wrong("subject.content.outcome", "is required of a run that deploys")
		return nil
	}
	end := e.event(id, e.at, &evenkeel.Deployment{Status: status, FinishedAt: e.at})
	end.Final = true
	return []evenkeel.Event{e.event(id, e.at, facts), end}
}

// ticket reads the events of a ticket. People of it are not looked at.
func (e *cdevent) ticket() ([]evenkeel.Event, error) {
	facts := &evenkeel.WorkItem{
		Application: e.own.Application, Origin: cdeventsOrigin(e.content.Group), Repository: e.own.Repository,
		Type: e.settings.TicketTypes[e.content.TicketType],
	}
	if link := githubLink(e.content.URI); link != "" {
		facts.Links = []string{link}
	}
	told := e.event("ticket:"+e.subject.ID, e.at, facts)
	switch e.kind {
	case "ticket.created":
		facts.State, facts.OpenedAt = evenkeel.WorkOpen, e.at
	case "ticket.closed":
		facts.State, facts.ClosedAt = evenkeel.WorkClosed, e.at
		told.ObservedAt = e.at.Add(githubStep)
	}
	return []evenkeel.Event{told}, nil
}
