package connectors

import (
	"strconv"

	"github.com/evenkeel-dev/evenkeel"
)

// The events of documents that Azure DevOps was asked for and that no service
// hook has.
const (
	azureAskedPull       = "asked.pullrequest"
	azureAskedDeployment = "asked.deployment"
)

// azureAskedChange is a pull request with what hangs on it.
type azureAskedChange struct {
	azurePull

	Commits []azureCommit `json:"commits"`
	Votes   []azureVote   `json:"votes"`
}

// azureCommit is a commit of a pull request, and nothing of who made it.
type azureCommit struct {
	ID     string `json:"commitId"`
	Author struct {
		Date string `json:"date"`
	} `json:"author"`
}

// azureVote is a vote on a pull request: 10 and 5 approve, -5 and -10 ask for
// changes, and 0 takes an earlier one back.
type azureVote struct {
	At   string `json:"at"`
	Vote int    `json:"vote"`
	// Own says that it is that of the author.
	Own bool `json:"own"`
}

// askedPull reads a pull request as it stands, with its commits and votes.
func (d *azureDelivery) askedPull() ([]evenkeel.Event, error) {
	events, err := d.pull()
	if err != nil || len(events) == 0 {
		return events, err
	}
	var asked azureAskedChange
	d.into("resource", &asked)
	change, ok := events[0].Payload.(*evenkeel.Change)
	if !ok {
		return events, nil
	}
	for i, commit := range asked.Commits {
		at := "resource.commits[" + strconv.Itoa(i) + "]."
		change.Commits = append(change.Commits, evenkeel.ChangeCommit{SHA: d.sha(at+"commitId", commit.ID), AuthoredAt: d.instantIfAny(at+"author.date", commit.Author.Date)})
	}
	ended := d.instantIfAny("resource.closedDate", asked.Closed)
	for i, vote := range asked.Votes {
		at := d.instant("resource.votes["+strconv.Itoa(i)+"].at", vote.At)
		if vote.Own || vote.Vote == 0 || !ended.IsZero() && at.After(ended) {
			continue
		}
		if change.FirstReviewAt.IsZero() || at.Before(change.FirstReviewAt) {
			change.FirstReviewAt = at
		}
		if vote.Vote > 0 && at.After(change.ApprovedAt) {
			change.ApprovedAt = at
		}
	}
	return events, nil
}

// azureDeployment is a job of a run that deployed to an environment.
type azureDeployment struct {
	Record struct {
		ID       int64      `json:"id"`
		Stage    string     `json:"stageName"`
		Attempt  int        `json:"stageAttempt"`
		Result   string     `json:"result"`
		Queued   string     `json:"queueTime"`
		Started  string     `json:"startTime"`
		Finished string     `json:"finishTime"`
		Plan     string     `json:"planType"`
		Pipeline azureNamed `json:"definition"`
		Owner    struct {
			ID int64 `json:"id"`
		} `json:"owner"`
	} `json:"record"`
	Environment struct {
		ID   int64  `json:"id"`
		Name string `json:"name"`
	} `json:"environment"`
	// Build is the run; nil if it was deleted, or is none.
	Build *azureBuilt `json:"build"`
}

// askedDeployment reads a deployment to an environment, unless a rule makes one
// of its stage or of its run. Those of one run to one environment are one.
func (d *azureDelivery) askedDeployment() ([]evenkeel.Event, error) {
	var made azureDeployment
	d.into("resource", &made)
	record := made.Record
	run := pipelineRun{pipeline: record.Pipeline.Name}
	if made.Build != nil {
		run = d.run(*made.Build)
	}
	run.id = "environment:" + d.number("resource.environment.id", made.Environment.ID) + "/" + d.number("resource.record.id", record.ID)
	run.run, run.job = "run:"+d.number("resource.record.owner.id", record.Owner.ID), d.text("resource.record.stageName", record.Stage)
	whole := run
	whole.job = ""
	_, byStage := ruleFor(d.settings.Deployments, run)
	_, byRun := ruleFor(d.settings.Deployments, whole)
	if byStage || byRun {
		return nil, ignored("a rule of the setting deployments makes a deployment of the stage %s or of its run", shortQuote(record.Stage))
	}
	run.attempt = record.Attempt
	run.started = d.instantIfAny("resource.record.startTime", firstText(record.Started, record.Queued))
	if record.Result != "" {
		run.result, _ = d.result("resource.record.result", record.Result)
		run.ended = d.at
	}
	if run.result == evenkeel.BuildSkipped {
		return nil, ignored("the job was skipped")
	}
	if run.repository == "" || run.commit == "" {
		run.repository, run.commit = "", ""
	}
	name := made.Environment.Name
	return d.deployed(pipelineRule{Environment: firstText(d.settings.Environments[name], name)}, run, d.at), nil
}
