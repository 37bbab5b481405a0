package connectors

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// githubDeployment is the object that GitHub keeps of a deployment.
type githubDeployment struct {
	ID          int64       `json:"id"`
	SHA         string      `json:"sha"`
	Ref         string      `json:"ref"`
	Environment string      `json:"environment"`
	CreatedAt   string      `json:"created_at"`
	UpdatedAt   string      `json:"updated_at"`
	Creator     *githubUser `json:"creator"`
}

// deployment reads the event of a deployment that begins. Its status is left
// unknown: nobody has said yet that anything runs.
func (d *githubDelivery) deployment() ([]evenkeel.Event, error) {
	if d.action != "created" {
		return nil, d.unread("deployment")
	}
	var made githubDeployment
	d.into("deployment", &made)
	id, facts := d.deployed(made)
	observed := latest(facts.StartedAt, d.instantIfAny("deployment.updated_at", made.UpdatedAt))
	return []evenkeel.Event{d.event(id, observed, facts)}, nil
}

// deployed is what both events say of a deployment, and its id.
func (d *githubDelivery) deployed(made githubDeployment) (id string, facts *evenkeel.Deployment) {
	ref, version := githubRef(made.Ref)
	facts = &evenkeel.Deployment{
		Repository:  d.repository,
		Commit:      d.sha("deployment.sha", made.SHA),
		Ref:         ref,
		Version:     version,
		Environment: made.Environment,
		StartedAt:   d.instant("deployment.created_at", made.CreatedAt),
		ActorKind:   made.Creator.kind(),
	}
	var run struct {
		ID      int64 `json:"id"`
		Attempt int   `json:"run_attempt"`
	}
	if d.into("workflow_run", &run); run.ID > 0 {
		facts.Group = d.runGroup(run.ID, run.Attempt, made.Environment)
	}
	return "deployment:" + d.number("deployment.id", made.ID), facts
}

// runGroup joins all that one attempt of a run puts into one environment: the
// jobs of a matrix make a deployment each, and the run itself may be one by a
// rule. Attempts are kept apart, because an old run is run again to roll back,
// and must not move the deployment that it once was.
func (d *githubDelivery) runGroup(run int64, attempt int, environment string) string {
	return "run:" + d.number("workflow_run.id", run) + "/" + strconv.Itoa(max(attempt, 1)) + "/" + environment
}

// githubTag is a ref that is surely a tag: a version of three numbers, or one
// behind a v.
var githubTag = regexp.MustCompile(`^(?:v?\d+\.\d+\.\d+|(?:.*[/@-])?v\d+\.\d+)[-+.\w]*$`)

// githubRef is the branch or tag that a ref names, and the version if it is a
// tag. A ref that is only the commit again says nothing.
func githubRef(ref string) (name, version string) {
	if name, isBranch := strings.CutPrefix(ref, "refs/heads/"); isBranch {
		return name, ""
	}
	name, isTag := strings.CutPrefix(ref, "refs/tags/")
	switch {
	case evenkeel.ValidSHA(strings.ToLower(name)):
		return "", ""
	case isTag || githubTag.MatchString(name):
		return name, gitVersionOf(name)
	}
	return name, ""
}

// deploymentStatus reads a status of a deployment.
func (d *githubDelivery) deploymentStatus() ([]evenkeel.Event, error) {
	if d.action != "created" {
		return nil, d.unread("deployment_status")
	}
	var made githubDeployment
	d.into("deployment", &made)
	var said struct {
		State       string `json:"state"`
		Environment string `json:"environment"`
		CreatedAt   string `json:"created_at"`
	}
	d.into("deployment_status", &said)
	made.Environment = firstText(said.Environment, made.Environment) // A status may name another environment.
	id, facts := d.deployed(made)
	at := d.instant("deployment_status.created_at", said.CreatedAt)
	switch said.State {
	case "success":
		return d.ended(id, at, facts, evenkeel.StatusSuccess), nil
	case "failure", "error":
		return d.ended(id, at, facts, evenkeel.StatusFailure), nil
	case "in_progress", "queued", "pending", "waiting":
		facts.Status = evenkeel.StatusRunning
		return []evenkeel.Event{d.event(id, at, facts)}, nil
	case "inactive":
		return nil, ignored("inactive is no outcome: a later deployment took the place of this one")
	}
	d.wrong("deployment_status.state", shortQuote(said.State)+" is not a state that GitHub documents")
	return nil, nil
}

// ended tells of a deployment that came to its end. The outcome is final: a
// status that is set again weeks later, as monitors do, moves nothing.
func (d *githubDelivery) ended(id string, at time.Time, facts *evenkeel.Deployment, status evenkeel.DeploymentStatus) []evenkeel.Event {
	outcome := d.event(id, at, &evenkeel.Deployment{Status: status, FinishedAt: at})
	outcome.Final = true
	return []evenkeel.Event{d.event(id, at, facts), outcome}
}

// deploymentReview reads the decision of those who guard an environment.
func (d *githubDelivery) deploymentReview() ([]evenkeel.Event, error) {
	result := map[string]evenkeel.EvidenceResult{"approved": evenkeel.EvidencePass, "rejected": evenkeel.EvidenceFail}[d.action]
	switch {
	case d.action == "requested":
		return nil, ignored("a review was asked for; its result will tell")
	case result == "":
		return nil, d.unread("deployment_review")
	}
	var run githubRun
	d.into("workflow_run", &run)
	var since string
	d.into("since", &since)
	at := latest(d.instant("since", since), d.instantIfAny("workflow_run.updated_at", run.UpdatedAt))
	var events []evenkeel.Event
	for _, environment := range d.reviewed() {
		events = append(events, d.event("deployment-review:"+d.attempt(run)+"/"+environment, at, &evenkeel.Evidence{
			Repository: d.repository,
			Check:      "deployment-review/" + environment,
			Result:     result,
			Link:       githubLink(run.HTMLURL),
			At:         at,
		}))
	}
	return events, nil
}

// reviewed lists the environments of a decision, which may concern several
// jobs at once.
func (d *githubDelivery) reviewed() []string {
	type job struct {
		Environment string `json:"environment"`
	}
	var one job
	var many []job
	var single string
	d.into("workflow_job_runs", &many)
	d.into("workflow_job_run", &one)
	d.into("environment", &single)
	var names []string
	for _, j := range append(many, one, job{single}) {
		if j.Environment != "" {
			names = append(names, j.Environment)
		}
	}
	if len(names) == 0 {
		d.wrong("workflow_job_runs[0].environment", "is required")
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// githubLink is an address that people may follow; empty if it is none.
func githubLink(address string) string {
	if !strings.HasPrefix(address, "https://") && !strings.HasPrefix(address, "http://") || len(address) > evenkeel.MaxText {
		return ""
	}
	return address
}
