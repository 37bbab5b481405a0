package connectors

import (
	"strconv"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// pipelineHistory is how much of the past is read of a source of pipelines where
// nothing is written.
const pipelineHistory = "90d"

// pipelineRule says which runs of pipelines, or which jobs of them, are
// deployments.
type pipelineRule struct {
	Repository  string `json:"repository"`
	Pipeline    string `json:"pipeline"`
	Job         string `json:"job"`
	Branch      string `json:"branch"`
	Environment string `json:"environment"`
	Application string `json:"application"`
}

// pipelineRuleNotes describes the rules in the words of a source: what a
// pipeline is there, and a job; empty where it has none.
func pipelineRuleNotes(pipeline, job string) []Setting {
	notes := []Setting{
		{"deployments", "list", "none", "Rules that make a deployment of a run; the first that fits counts, and each part that it leaves out fits everything"},
		{"deployments[].repository", "text", "any", "Repository, `github.com/acme/checkout`; a glob"},
		{"deployments[].pipeline", "glob", "any", pipeline},
	}
	if job != "" {
		notes = append(notes, Setting{"deployments[].job", "glob", "the whole run", job})
	}
	return append(notes,
		Setting{"deployments[].branch", "glob", "any", "Branch of the run; `*` does not match a `/`. Runs for pull requests are no deployments"},
		Setting{"deployments[].environment", "text", "required", "Environment that is deployed to"},
		Setting{"deployments[].application", "slug", "by claims", "Application that is deployed"},
	)
}

func checkPipelineRules(c *settingsCheck, rules []pipelineRule, jobs bool) {
	for i, rule := range rules {
		at := "deployments[" + strconv.Itoa(i) + "]."
		c.required(at+"environment", rule.Environment)
		c.slug(at+"application", rule.Application)
		for name, glob := range map[string]string{"repository": rule.Repository, "pipeline": rule.Pipeline, "job": rule.Job, "branch": rule.Branch} {
			c.glob(at+name, glob)
		}
		switch {
		case rule.Pipeline == "" && rule.Job == "":
			c.add(at+"pipeline", "is required; without it every run would be a deployment")
		case rule.Job != "" && !jobs:
			c.add(at+"job", "is not told by this source; take it away")
		}
	}
}

// pipelineRun is one attempt of a pipeline, or of a job of it.
type pipelineRun struct {
	id string
	// run names the attempt of the pipeline that a job belongs to.
	run                        string
	repository, commit         string
	pipeline, job, branch, tag string
	attempt                    int
	queued, started, ended     time.Time
	result                     evenkeel.BuildResult
	actor                      evenkeel.ActorKind
	foreign                    bool // For a pull request, or from a fork: it deploys nothing.
	// origin is what the source calls the pipeline; it claims a deployment of
	// which the rule names no application. Commits are those of further
	// repositories.
	origin  string
	commits map[string]string
}

// build is what a run says of a build, of which repository and commit must be
// known.
func (r pipelineRun) build() *evenkeel.Build {
	return &evenkeel.Build{
		Repository: r.repository, Commit: r.commit, Pipeline: r.pipeline, Attempt: r.attempt,
		QueuedAt: r.queued, StartedAt: r.started, FinishedAt: r.ended, Result: r.result,
	}
}

// ruleFor finds the rule by which a run is a deployment.
func ruleFor(rules []pipelineRule, r pipelineRun) (pipelineRule, bool) {
	for _, rule := range rules {
		if (rule.Job != "") == (r.job != "") && !r.foreign &&
			globsFit(rule.Repository, r.repository, rule.Pipeline, r.pipeline, rule.Job, r.job, rule.Branch, r.branch) {
			return rule, true
		}
	}
	return pipelineRule{}, false
}

// ruled says whether rules may fit a repository: then they say what deploys
// there, and nothing else does.
func ruled(rules []pipelineRule, repository string) bool {
	for _, rule := range rules {
		if globsFit(rule.Repository, repository) {
			return true
		}
	}
	return false
}

// deployed are the events of a run that a rule makes a deployment. The jobs of
// one run that deploy to one environment are one deployment.
func (p *payload) deployed(rule pipelineRule, r pipelineRun, observed time.Time) []evenkeel.Event {
	facts := &evenkeel.Deployment{
		Application: rule.Application, Environment: rule.Environment, Repository: r.repository, Commit: r.commit,
		Commits: r.commits, Ref: firstText(r.tag, r.branch), Attempt: r.attempt, StartedAt: r.started, ActorKind: r.actor, Status: evenkeel.StatusRunning,
	}
	if rule.Application == "" {
		facts.Origin = r.origin
	}
	if r.tag != "" {
		facts.Version = gitVersionOf(r.tag)
	}
	if r.job != "" && r.run != "" {
		facts.Group = r.run + "/" + rule.Environment
	}
	if r.result == "" {
		return []evenkeel.Event{p.event(r.id, observed, facts)}
	}
	facts.Status = ""
	outcome := &evenkeel.Deployment{FinishedAt: r.ended, Status: map[evenkeel.BuildResult]evenkeel.DeploymentStatus{
		evenkeel.BuildSuccess: evenkeel.StatusSuccess, evenkeel.BuildFailure: evenkeel.StatusFailure,
	}[r.result]}
	if outcome.Status == "" {
		outcome.Status = evenkeel.StatusCancelled
	}
	return []evenkeel.Event{p.event(r.id, observed, facts), p.final(r.id, r.ended, outcome)}
}
