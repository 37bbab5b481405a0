package connectors

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// The events of documents that Bitbucket was asked for and that no webhook has.
const (
	bitbucketPullEvent       = "asked.pullrequest"
	bitbucketDeploymentEvent = "asked.deployment"
)

// bitbucketCompleted is the state of what has come to its end.
const bitbucketCompleted = "COMPLETED"

// bitbucketHappened is one entry of what happened to a pull request: one of its
// members is there, or none that is read.
type bitbucketHappened struct {
	Update struct {
		Date  string `json:"date"`
		State string `json:"state"`
	} `json:"update,omitzero"`
	Approval bitbucketReview `json:"approval,omitzero"`
	Changes  bitbucketReview `json:"changes_requested,omitzero"`
}

// hashed tells people apart without saying who they are.
func (p bitbucketPerson) hashed() bitbucketPerson {
	if p.UUID == "" {
		return p
	}
	sum := sha256.Sum256([]byte(p.UUID))
	return bitbucketPerson{UUID: hex.EncodeToString(sum[:8]), Type: p.Type}
}

// bitbucketEnvironment is an environment that Pipelines deploys to.
type bitbucketEnvironment struct {
	UUID string `json:"uuid"`
	Name string `json:"name"`
}

// bitbucketDeployment is a deployment of Pipelines.
type bitbucketDeployment struct {
	UUID  string `json:"uuid"`
	State struct {
		Name        string        `json:"name"`
		Status      bitbucketHash `json:"status"`
		StartedOn   string        `json:"started_on"`
		CompletedOn string        `json:"completed_on"`
	} `json:"state"`
	Environment bitbucketEnvironment `json:"environment"`
	Release     struct {
		Commit bitbucketHash `json:"commit"`
	} `json:"release"`
	LastUpdate string `json:"last_update_time"`
}

// began is when a deployment began, or what comes nearest; empty for one that
// waits to be begun.
func (b bitbucketDeployment) began() string {
	if b.State.Name != bitbucketCompleted && b.State.Name != "IN_PROGRESS" {
		return ""
	}
	return firstText(b.State.StartedOn, b.State.CompletedOn, b.LastUpdate)
}

// askedPull reads a pull request as it stands, with its commits and with what
// happened to it, of which the list alone tells when it was merged.
func (d *bitbucketDelivery) askedPull() ([]evenkeel.Event, error) {
	var pull bitbucketPull
	var happened []bitbucketHappened
	var commits []bitbucketCommit
	d.into("pullrequest", &pull)
	d.into("activity", &happened)
	d.into("commits", &commits)
	change, state := d.change(pull), pull.changeState()
	updated := d.instant("pullrequest.updated_on", pull.UpdatedOn)
	if pull.State == "OPEN" && !pull.Draft && pull.CreatedOn == pull.UpdatedOn {
		change.ReadyAt = change.OpenedAt
	}
	ended := updated
	for i, one := range happened {
		if one.Update.State == pull.State && state != evenkeel.ChangeOpen {
			if at := d.instant("activity["+strconv.Itoa(i)+"].update.date", one.Update.Date); at.Before(ended) {
				ended = at
			}
		}
	}
	d.askedReviews(change, pull.Author, happened, ended)
	for i, commit := range commits {
		at := "commits[" + strconv.Itoa(i) + "]."
		change.Commits = append(change.Commits, evenkeel.ChangeCommit{SHA: d.sha(at+"hash", commit.Hash), AuthoredAt: d.instantIfAny(at+"date", commit.Date)})
	}
	return d.changed(change, state, updated, ended, fullSHA(pull.Merge.Hash))
}

// askedReviews are the first review by somebody else, and the last approval
// before the end.
func (d *bitbucketDelivery) askedReviews(change *evenkeel.Change, author bitbucketPerson, happened []bitbucketHappened, ended time.Time) {
	for i, one := range happened {
		name, review := ".approval.date", one.Approval
		if review.Date == "" {
			name, review = ".changes_requested.date", one.Changes
		}
		if review.Date == "" || review.User == author {
			continue
		}
		at := d.instant("activity["+strconv.Itoa(i)+"]"+name, review.Date)
		if at.After(ended) {
			continue
		}
		if change.FirstReviewAt.IsZero() || at.Before(change.FirstReviewAt) {
			change.FirstReviewAt = at
		}
		if one.Approval.Date != "" && at.After(change.ApprovedAt) {
			change.ApprovedAt = at
		}
	}
}

// deployment reads a deployment of Pipelines, unless rules say what deploys in
// its repository.
func (d *bitbucketDelivery) deployment() ([]evenkeel.Event, error) {
	var made bitbucketDeployment
	var environment bitbucketEnvironment
	d.into("deployment", &made)
	d.into("environment", &environment)
	run := pipelineRun{
		id: "deployment:" + strings.Trim(d.text("deployment.uuid", made.UUID), "{}"), repository: d.repository(), commit: fullSHA(made.Release.Commit.Hash),
		started: d.instantIfAny("deployment.state.started_on", made.State.StartedOn),
	}
	if ruled(d.receiver.settings.Deployments, run.repository) {
		return nil, ignored("a rule of the setting deployments says what deploys in this repository; Bitbucket's own deployments would count twice")
	}
	if run.commit == "" {
		run.repository = ""
	}
	observed := d.instant("deployment.state.started_on", made.began())
	if made.State.Name == bitbucketCompleted {
		observed = d.instant("deployment.state.completed_on", firstText(made.State.CompletedOn, made.LastUpdate))
		run.ended, run.result = observed, d.bitbucketResult("deployment.state.status.name", made.State.Status.Name)
	}
	rule := pipelineRule{Environment: firstText(d.receiver.settings.Environments[environment.Name], environment.Name)}
	return d.deployed(rule, run, observed), nil
}

// bitbucketResult is what the status of a build or of a deployment that has
// ended means.
func (d *bitbucketDelivery) bitbucketResult(field, status string) evenkeel.BuildResult {
	switch status {
	case "SUCCESSFUL":
		return evenkeel.BuildSuccess
	case "FAILED":
		return evenkeel.BuildFailure
	case "STOPPED":
		return evenkeel.BuildCancelled
	}
	d.wrong(field, shortQuote(status)+" is not a state that Bitbucket documents")
	return ""
}
