package connectors

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/evenkeel-dev/evenkeel"
)

// deployments lists what was deployed to an environment.
func (l *azureList) deployments(ctx context.Context, token string) ([]record, string, error) {
	page, next, err := azurePaged[json.RawMessage](ctx, l, l.asker, l.records(), url.Values{"top": {strconv.Itoa(azurePage)}}, token)
	if err != nil {
		return nil, "", err
	}
	list, err := recordsOf(ctx, page, l.deployment)
	return list, next, err
}

func (l *azureList) records() string {
	return "/_apis/distributedtask/environments/" + l.thing + "/environmentdeploymentrecords"
}

// azureAgain is how many pages are looked through for a record that cannot be
// asked for alone.
const azureAgain = 5

// deploymentAgain looks a record up in the list, which is the only way to it.
// One that is not there any more is open no more.
func (l *azureList) deploymentAgain(ctx context.Context, id string) (record, error) {
	return l.find(ctx, id, l.deployments)
}

// find looks a record up in the first pages of a list, which are asked for once.
func (l *azureList) find(ctx context.Context, id string, page func(context.Context, string) ([]record, string, error)) (record, error) {
	if l.first == nil {
		first, token := map[string]record{}, ""
		for range azureAgain {
			list, next, err := page(ctx, token)
			if err != nil {
				return record{}, err
			}
			for _, r := range list {
				first[r.id] = r
			}
			if token = next; token == "" {
				break
			}
		}
		l.first = first
	}
	return l.first[id], nil
}

// deployment is told with its environment and its run.
func (l *azureList) deployment(ctx context.Context, element json.RawMessage) (record, error) {
	var made azureDeployment
	if err := l.one("a deployment", element, &made.Record); err != nil {
		return record{}, err
	}
	made.Environment.ID, _ = strconv.ParseInt(l.thing, 10, 64)
	made.Environment.Name = l.name
	id := strconv.FormatInt(made.Record.ID, 10)
	r := record{id: id, at: listedOr(firstText(made.Record.Queued, made.Record.Started), l.since), open: made.Record.Result == ""}
	if r.at.Before(l.since) {
		return record{id: id, at: r.at}, nil
	}
	return l.told.get(l.thing+" "+id+" deployment", func() (record, error) {
		told := r
		var err error
		if made.Build, err = l.buildOf(ctx, made); err != nil {
			return told, err
		}
		d, err := azureDocument(azureAskedDeployment, firstText(made.Record.Finished, made.Record.Started, made.Record.Queued), made)
		told.documents = []Document{d}
		return told, err
	})
}

// buildOf is the run that deployed; nil if it was deleted, or is none.
func (l *azureList) buildOf(ctx context.Context, made azureDeployment) (*azureBuilt, error) {
	id := made.Record.Owner.ID
	if known, ok := l.builds[id]; ok || made.Record.Plan != "" && !strings.EqualFold(made.Record.Plan, "build") {
		return known, nil
	}
	var build azureBuilt
	_, err := l.ask(ctx, l.asker, l.project+"/_apis/build/builds/"+strconv.FormatInt(id, 10), url.Values{}, &build)
	if errors.Is(err, evenkeel.ErrNotFound) {
		l.builds[id] = nil
		return nil, nil
	}
	if err == nil {
		err = l.complete(ctx, &build)
	}
	l.builds[id] = &build
	return &build, err
}

// released lists deployments of classic releases.
func (l *azureList) released(ctx context.Context, token string) ([]record, string, error) {
	query := url.Values{"queryOrder": {"descending"}, "$top": {strconv.Itoa(azurePage)}}
	page, next, err := azurePaged[azureReleasedDeployment](ctx, l, l.releases, "/_apis/release/deployments", query, token)
	if err != nil {
		return nil, "", err
	}
	list, err := recordsOf(ctx, page, l.release)
	return list, next, err
}

func (l *azureList) releasedAgain(ctx context.Context, id string) (record, error) {
	return l.find(ctx, id, l.released)
}

// azureReleasedDeployment is a deployment of a classic release in a list.
type azureReleasedDeployment struct {
	ID         int64        `json:"id"`
	Attempt    int          `json:"attempt"`
	Status     string       `json:"deploymentStatus"`
	Operation  string       `json:"operationStatus"`
	Queued     string       `json:"queuedOn"`
	Started    string       `json:"startedOn"`
	Completed  string       `json:"completedOn"`
	Modified   string       `json:"lastModifiedOn"`
	Release    azureRelease `json:"release"`
	Definition struct {
		Name string `json:"name"`
	} `json:"releaseDefinition"`
	Stage azureReleaseStage `json:"releaseEnvironment"`
}

// outcome is how a deployment ended; empty for one that has not.
func (r azureReleasedDeployment) outcome() string {
	operation := strings.ToLower(r.Operation)
	switch {
	case slices.Contains([]string{"succeeded", "partiallySucceeded", "failed"}, r.Status):
		return r.Status
	case operation == "rejected" || operation == "canceled" || operation == "cancelled":
		return operation
	}
	return ""
}

// release is told as the service hooks tell it: when it began and when it ended.
func (l *azureList) release(_ context.Context, made azureReleasedDeployment) (record, error) {
	r := record{id: strconv.FormatInt(made.ID, 10), at: listedOr(firstText(made.Queued, made.Started), l.since), open: made.outcome() == ""}
	if r.at.Before(l.since) {
		return record{id: r.id, at: r.at}, nil
	}
	change := azureReleaseChange{Environment: made.Stage, Release: made.Release, Deployment: azureReleaseDeployment{ID: made.ID, Attempt: made.Attempt, StartedOn: made.Started, CompletedOn: made.Completed}}
	change.Release.Definition.Name = firstText(change.Release.Definition.Name, made.Definition.Name)
	if made.Started != "" {
		d, err := azureDocument(azureStarted, made.Started, change)
		if err != nil {
			return record{}, err
		}
		r.documents = append(r.documents, d)
	}
	if r.open {
		return r, nil
	}
	change.Deployment.State = made.outcome()
	d, err := azureDocument(azureReleased, firstText(made.Completed, made.Modified, made.Queued), change)
	r.documents = append(r.documents, d)
	return r, err
}
