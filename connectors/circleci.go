package connectors

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/evenkeel-dev/evenkeel"
)

const (
	circleName     = "circleci"
	circleWorkflow = "workflow-completed"
	circleJob      = "job-completed"
	circleEvent    = "Circleci-Event-Type"
)

var _ = register(Source{
	Name:     circleName,
	Title:    "CircleCI",
	Summary:  "Workflows of CircleCI as builds, and workflows or jobs that you name as deployments, by webhooks and by asking.",
	Setup:    circleSetup,
	Headers:  []string{circleEvent, "Content-Type", "User-Agent"},
	Settings: circleSettingNotes(),
	Events: []EventNote{
		{circleWorkflow, "a build; where a rule of *deployments* without a job fits, also a deployment"},
		{circleJob, "a deployment, where a rule of *deployments* with a job fits"},
	},
	Open: func(settings json.RawMessage) (Receiver, error) { return openCircle(settings) },
	Pull: func(settings json.RawMessage, o Outside) (Puller, error) {
		r, err := openCircle(settings)
		if err != nil || r.settings.API == nil {
			return nil, err
		}
		return newCircleClient(r.settings, o)
	},
})

const circleSetup = `1. In the project's settings on CircleCI open *Webhooks* and add one. *Receiver URL* is the address of the connection, *Secret token* a secret of the connection: at least 32 random characters.
2. Choose both events. A project has at most five webhooks; one connection serves any number of projects.
3. Say under *deployments* which workflows or jobs deploy, and where to.

CircleCI tells of workflows and jobs when they end, so nothing is seen while it runs. A workflow that is run again is another workflow, and another deployment. The source of the facts is ` + "`circleci`" + `; an application claims them by its repository.

` + "```yaml" + `
connections:
  - name: circleci
    source: circleci
    secrets: ["${env:CIRCLECI_WEBHOOK_SECRET}"]
    settings:
      deployments:
        - {job: deploy-production, branch: main, environment: production}
        - {pipeline: deploy-staging, environment: staging}
` + "```" + `

CircleCI can also be [asked](#asking-the-vendor). Its tokens have no scopes: take a personal API token of an account that may view the projects; project tokens do not do.

` + "```yaml" + `
connections:
  - name: circleci
    source: circleci
    secrets: ["${env:CIRCLECI_WEBHOOK_SECRET}"]
    settings:
      api:
        token: ${env:CIRCLECI_TOKEN}
        projects: [gh/acme/checkout]
` + "```" + `

Pipelines are listed by their beginning. Of a workflow that is run again long after its pipeline had ended only the webhook tells. Jobs are only asked for where a rule with a job may fit their workflow: each workflow is a call of its own. A project that gets another slug is read on where it stood, once the new slug is written here.`

// circleSettings is what an operator may write for a connection.
type circleSettings struct {
	Deployments []pipelineRule `json:"deployments"`
	API         *circleAPI     `json:"api"`
}

type circleReceiver struct{ settings circleSettings }

func openCircle(text json.RawMessage) (*circleReceiver, error) {
	r := &circleReceiver{}
	if err := decodeSettings(text, &r.settings); err != nil {
		return nil, err
	}
	var c settingsCheck
	checkPipelineRules(&c, r.settings.Deployments, true)
	if r.settings.API != nil {
		r.settings.API.complete(&c)
	}
	return r, c.err()
}

// Verify implements Receiver.
func (*circleReceiver) Verify(header http.Header, raw []byte, secrets []string) error {
	return verifyHMACs(header.Get("Circleci-Signature"), "v1=", raw, secrets)
}

// Identify implements Receiver. The delivery is named in the body only.
func (*circleReceiver) Identify(header http.Header) (event, key string) {
	return header.Get(circleEvent), ""
}

// circlePipeline is what a workflow was started for. With GitHub Apps and with
// GitLab the commit stands among the parameters of the trigger.
type circlePipeline struct {
	CreatedAt string `json:"created_at"`
	VCS       struct {
		Origin   string `json:"origin_repository_url"`
		Target   string `json:"target_repository_url"`
		Revision string `json:"revision"`
		Branch   string `json:"branch"`
		Tag      string `json:"tag"`
	} `json:"vcs"`
	Parameters struct {
		Git struct {
			SHA    string `json:"checkout_sha"`
			URL    string `json:"checkout_url"`
			Branch string `json:"branch"`
			Tag    string `json:"tag"`
			Ref    string `json:"ref"`
		} `json:"git"`
	} `json:"trigger_parameters"`
}

// repository is the name of what a pipeline was started for.
func (p circlePipeline) repository() string {
	return GitRepositoryName(firstText(p.VCS.Target, p.Parameters.Git.URL))
}

// circleRun is a workflow or a job.
type circleRun struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Status    string `json:"status"`
	CreatedAt string `json:"created_at"`
	StartedAt string `json:"started_at"`
	StoppedAt string `json:"stopped_at"`
}

// Parse implements Receiver. The body names its event.
func (r *circleReceiver) Parse(_ http.Header, body []byte) ([]evenkeel.Event, error) {
	d, err := readPayload("CircleCI", circleName, body)
	if err != nil {
		return nil, err
	}
	var kind string
	var pipeline circlePipeline
	var workflow, job circleRun
	for name, v := range map[string]any{"type": &kind, "pipeline": &pipeline, "workflow": &workflow, "job": &job} {
		d.into(name, v)
	}
	run := d.circle(pipeline, workflow)
	switch d.text("type", kind); kind {
	case circleWorkflow:
		return d.judge(r.workflow(d, run, workflow))
	case circleJob:
		return d.judge(r.job(d, run, workflow, job))
	case "":
		return d.judge(nil, nil)
	}
	return nil, ignored("the event %s is not read", shortQuote(kind))
}

// circle is what workflow and job have in common.
func (p *payload) circle(pipeline circlePipeline, workflow circleRun) pipelineRun {
	vcs, git := pipeline.VCS, pipeline.Parameters.Git
	run := pipelineRun{
		pipeline:   p.text("workflow.name", workflow.Name),
		repository: pipeline.repository(),
		commit:     strings.ToLower(firstText(vcs.Revision, git.SHA)),
		branch:     firstText(vcs.Branch, git.Branch),
		tag:        firstText(vcs.Tag, git.Tag),
		queued:     p.instantIfAny("pipeline.created_at", pipeline.CreatedAt),
		foreign:    vcs.Origin != "" && vcs.Target != "" && GitRepositoryName(vcs.Origin) != GitRepositoryName(vcs.Target) || strings.HasPrefix(vcs.Branch, "pull/"),
	}
	if run.tag != "" {
		run.branch = ""
	}
	return run
}

// circleResult is what a status means.
func (p *payload) circleResult(field, status string) evenkeel.BuildResult {
	switch status {
	case "success":
		return evenkeel.BuildSuccess
	case "failed", "error", "failing", "unauthorized", "infrastructure_fail", "timedout": //nolint:misspell // CircleCI's spelling.
		return evenkeel.BuildFailure
	case "canceled":
		return evenkeel.BuildCancelled
	case "not_run":
		return evenkeel.BuildSkipped
	}
	p.wrong(field, shortQuote(status)+" is not a status that CircleCI documents for what has ended")
	return ""
}

func (r *circleReceiver) workflow(d *payload, run pipelineRun, workflow circleRun) ([]evenkeel.Event, error) {
	run.id = "workflow:" + d.text("workflow.id", workflow.ID)
	run.started, run.ended = d.instant("workflow.created_at", workflow.CreatedAt), d.instant("workflow.stopped_at", workflow.StoppedAt)
	run.result = d.circleResult("workflow.status", workflow.Status)
	if run.repository == "" || run.commit == "" {
		return nil, ignored("the pipeline names no commit of a repository: it was started by something else than git")
	}
	run.commit = d.sha("pipeline.vcs.revision", run.commit)
	events := []evenkeel.Event{d.event(run.id, run.ended, run.build())}
	if rule, fits := ruleFor(r.settings.Deployments, run); fits {
		events = append(events, d.deployed(rule, run, run.ended)...)
	}
	return events, nil
}

func (r *circleReceiver) job(d *payload, run pipelineRun, workflow, job circleRun) ([]evenkeel.Event, error) {
	run.id, run.job = "job:"+d.text("job.id", job.ID), d.text("job.name", job.Name)
	run.run = "workflow:" + d.text("workflow.id", workflow.ID)
	run.result = d.circleResult("job.status", job.Status)
	rule, fits := ruleFor(r.settings.Deployments, run)
	switch {
	case !fits:
		return nil, ignored("no rule of the setting deployments fits the job %s", shortQuote(job.Name))
	case run.result == evenkeel.BuildSkipped:
		return nil, ignored("the job did not run")
	}
	run.started, run.ended = d.instantIfAny("job.started_at", job.StartedAt), d.instant("job.stopped_at", job.StoppedAt)
	if run.repository == "" || run.commit == "" {
		run.repository, run.commit = "", ""
	} else {
		run.commit = d.sha("pipeline.vcs.revision", run.commit)
	}
	return d.deployed(rule, run, run.ended), nil
}
