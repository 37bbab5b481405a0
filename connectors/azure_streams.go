package connectors

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// azureList is one list of one project while it is read.
type azureList struct {
	*azureClient

	// project and thing are the ids of the project, and of the repository or
	// environment that the list is of; name is what the thing is called.
	project, thing, name string
	since                time.Time
	// repositories are the addresses of those that were asked for.
	repositories map[string]string
	builds       map[int64]*azureBuilt
}

// Pull implements Puller.
func (c *azureClient) Pull(ctx context.Context, stream string, cursor json.RawMessage, take func(context.Context, Page) error) error {
	kind, name, id, ok := streamParts(stream)
	if !ok {
		return fmt.Errorf("%w: stream %s", evenkeel.ErrNotFound, shortQuote(stream))
	}
	history, _ := evenkeel.ParseDuration(c.settings.API.History) // It was checked.
	l := &azureList{azureClient: c, project: id, thing: id, name: name[strings.LastIndexByte(name, '/')+1:], since: c.now().Add(-history), repositories: map[string]string{}, builds: map[int64]*azureBuilt{}}
	walk := newestFirst{since: l.since}
	switch kind {
	case azurePulls:
		walk.page = l.pulls
	case azureActive:
		return l.active(ctx, take)
	case azureBuilds:
		walk.page, walk.one = tokened(l.built), l.builtAgain
	case azureEnvironment:
		l.project, l.thing, _ = strings.Cut(id, "_")
		walk.page, walk.one = tokened(l.deployments), l.deploymentAgain
	case azureDeployments:
		walk.page, walk.one = tokened(l.released), l.releasedAgain
	default:
		return fmt.Errorf("%w: stream %s", evenkeel.ErrNotFound, shortQuote(stream))
	}
	return walk.read(ctx, cursor, take)
}

// page asks for a page of a list of the project.
func azurePaged[T any](ctx context.Context, l *azureList, from *asker, address string, query url.Values, token string) (page []T, next string, err error) {
	if token != "" {
		query.Set("continuationToken", token)
	}
	var found azureListed[T]
	header, err := l.ask(ctx, from, l.project+address, query, &found)
	return found.Value, header.Get(azureToken), err
}

// document is a record as the service hook that tells of it.
func azureDocument(event, at string, resource any) (Document, error) {
	body, err := json.Marshal(map[string]any{"eventType": event, "createdDate": at, "resource": resource})
	return Document{Event: event, Body: body}, err
}

// addressOf is the address of a repository of which the id is known.
func (l *azureList) addressOf(ctx context.Context, id string) (string, error) {
	if known, ok := l.repositories[id]; ok {
		return known, nil
	}
	var found azureRepository
	_, err := l.ask(ctx, l.asker, "_apis/git/repositories/"+url.PathEscape(id), url.Values{}, &found)
	if err != nil && !errors.Is(err, evenkeel.ErrNotFound) {
		return "", err
	}
	l.repositories[id] = firstText(found.RemoteURL, found.WebURL)
	return l.repositories[id], nil
}

// built lists builds by when they were queued.
func (l *azureList) built(ctx context.Context, token string) ([]record, string, error) {
	query := url.Values{"queryOrder": {"queueTimeDescending"}, "$top": {strconv.Itoa(azurePage)}, "minTime": {l.since.UTC().Truncate(24 * time.Hour).Format(time.RFC3339)}}
	page, next, err := azurePaged[azureBuilt](ctx, l, l.asker, "/_apis/build/builds", query, token)
	if err != nil {
		return nil, "", err
	}
	list, err := recordsOf(ctx, page, l.build)
	return list, next, err
}

// recordsOf makes a record of each element of a page.
func recordsOf[T any](ctx context.Context, page []T, read func(context.Context, T) (record, error)) ([]record, error) {
	var list []record
	for _, one := range page {
		r, err := read(ctx, one)
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, nil
}

func (l *azureList) builtAgain(ctx context.Context, id string) (record, error) {
	var build azureBuilt
	_, err := l.ask(ctx, l.asker, l.project+"/_apis/build/builds/"+url.PathEscape(id), url.Values{}, &build)
	if errors.Is(err, evenkeel.ErrNotFound) { // Deleted: it is open no more.
		return record{}, nil
	}
	if err != nil {
		return record{}, err
	}
	return l.build(ctx, build)
}

// build is told when it has ended, as the service hook does, and with it the
// stages that rules may make deployments of.
func (l *azureList) build(ctx context.Context, build azureBuilt) (record, error) {
	id := strconv.FormatInt(build.ID, 10)
	r := record{id: id, at: listedOr(firstText(build.Queued, build.Started, build.Finished), l.since), open: build.Status != "completed"}
	if r.at.Before(l.since) {
		return record{id: id, at: r.at}, nil
	}
	return l.told.get(l.project+" "+id+" "+build.Finished, func() (record, error) {
		told := r
		if err := l.complete(ctx, &build); err != nil {
			return told, err
		}
		if !told.open {
			d, err := azureDocument(azureBuild, firstText(build.Finished, build.Started, build.Queued), build)
			if err != nil {
				return told, err
			}
			told.documents = append(told.documents, d)
		}
		stages, err := l.stages(ctx, build)
		told.documents = append(told.documents, stages...)
		return told, err
	})
}

// complete gives a build the address of its repository where the list names only
// the id.
func (l *azureList) complete(ctx context.Context, build *azureBuilt) (err error) {
	of := &build.Repository
	id, _ := of.ID.(string)
	switch {
	case of.URL != "" || id == "":
	case of.Type == "TfsGit":
		of.URL, err = l.addressOf(ctx, id)
	case of.Type == "GitHub":
		of.URL = "https://github.com/" + id
	}
	return err
}

// azureTimelineRecord is a part of a run, of which only stages are read.
type azureTimelineRecord struct {
	ID         string `json:"id"`
	Type       string `json:"type"`
	Name       string `json:"name"`
	Identifier string `json:"identifier"`
	State      string `json:"state"`
	Result     string `json:"result"`
	Started    string `json:"startTime"`
	Finished   string `json:"finishTime"`
}

// stages are told as the service hooks tell them: when they began and when they
// ended.
func (l *azureList) stages(ctx context.Context, build azureBuilt) (told []Document, err error) {
	repository := GitRepositoryName(build.Repository.URL)
	wanted := slices.ContainsFunc(l.settings.Deployments, func(rule pipelineRule) bool {
		return rule.Job != "" && globsFit(rule.Repository, repository, rule.Pipeline, build.Definition.Name)
	})
	if !wanted {
		return nil, nil
	}
	var timeline struct {
		Records []azureTimelineRecord `json:"records"`
	}
	_, err = l.ask(ctx, l.asker, l.project+"/_apis/build/builds/"+strconv.FormatInt(build.ID, 10)+"/timeline", url.Values{}, &timeline)
	if err != nil && !errors.Is(err, evenkeel.ErrNotFound) && !errors.Is(err, errNothing) {
		return nil, err
	}
	for _, stage := range timeline.Records {
		if stage.Type != "Stage" || stage.Result == "skipped" || stage.Started == "" {
			continue
		}
		began, err := azureStageDocument(build, stage, "running", stage.Started)
		if err != nil {
			return nil, err
		}
		told = append(told, began)
		if stage.State != "completed" || stage.Finished == "" {
			continue
		}
		ended, err := azureStageDocument(build, stage, stage.State, stage.Finished)
		if err != nil {
			return nil, err
		}
		told = append(told, ended)
	}
	return told, nil
}

func azureStageDocument(build azureBuilt, stage azureTimelineRecord, state, at string) (Document, error) {
	var change azureStageChange
	change.Stage.ID, change.Stage.Name, change.Stage.State = stage.ID, firstText(stage.Identifier, stage.Name), state
	if state == "completed" {
		change.Stage.Result = stage.Result
	}
	change.Run.ID, change.Pipeline = build.ID, azureNamed{Name: build.Definition.Name}
	change.Repositories = []azureSource{{URL: build.Repository.URL, Ref: build.Branch, Change: azureNamed{Version: build.Version}}}
	return azureDocument(azureStage, at, change)
}

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
	return azureFind(id, func(token string) ([]record, string, error) { return l.deployments(ctx, token) })
}

// azureFind looks a record up in the first pages of a list.
func azureFind(id string, page func(token string) ([]record, string, error)) (record, error) {
	token := ""
	for range azureAgain {
		list, next, err := page(token)
		if err != nil {
			return record{}, err
		}
		if at := slices.IndexFunc(list, func(r record) bool { return r.id == id }); at >= 0 {
			return list[at], nil
		}
		if token = next; token == "" {
			break
		}
	}
	return record{}, nil
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
	return azureFind(id, func(token string) ([]record, string, error) { return l.released(ctx, token) })
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
