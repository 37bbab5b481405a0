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
	// repositories are those that were asked for, by id.
	repositories map[string]azureRepository
	builds       map[int64]*azureBuilt
	// first are the records of the first pages; nil until they are asked for.
	first map[string]record
}

// Pull implements Puller.
func (c *azureClient) Pull(ctx context.Context, stream string, cursor json.RawMessage, take func(context.Context, Page) error) error {
	kind, name, id, ok := streamParts(stream)
	if !ok {
		return fmt.Errorf("%w: stream %s", evenkeel.ErrNotFound, shortQuote(stream))
	}
	history, _ := evenkeel.ParseDuration(c.settings.API.History) // It was checked.
	l := &azureList{azureClient: c, project: id, thing: id, name: name[strings.LastIndexByte(name, '/')+1:], since: c.now().Add(-history), repositories: map[string]azureRepository{}, builds: map[int64]*azureBuilt{}}
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

// repositoryOf is a repository of which the id is known; without an address if
// it is not there any more.
func (l *azureList) repositoryOf(ctx context.Context, id string) (azureRepository, error) {
	if known, ok := l.repositories[id]; ok {
		return known, nil
	}
	found := azureRepository{}
	_, err := l.ask(ctx, l.asker, "_apis/git/repositories/"+url.PathEscape(id), url.Values{}, &found)
	if err != nil && !errors.Is(err, evenkeel.ErrNotFound) {
		return found, err
	}
	found.ID = id
	l.repositories[id] = found
	return found, nil
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
	id := of.id()
	switch {
	case of.URL != "" || id == "":
	case of.Type == "TfsGit":
		var found azureRepository
		found, err = l.repositoryOf(ctx, id)
		of.URL = found.address()
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
	repository := l.settings.repository(build.Repository.id(), build.Repository.URL)
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
	change.Repositories = []azureSource{{ID: build.Repository.id(), URL: build.Repository.URL, Ref: build.Branch, Change: azureNamed{Version: build.Version}}}
	return azureDocument(azureStage, at, change)
}
