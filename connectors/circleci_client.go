package connectors

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors/outgoing"
)

const (
	circlePublic = "https://circleci.com/api/v2/"
	// circlePipelines are the lists that are read, one of each project.
	circlePipelines = "pipelines"
)

// circleAPI says how CircleCI is asked for what its webhooks have not told.
type circleAPI struct {
	URL      string   `json:"url"`
	Token    string   `json:"token"`
	Projects []string `json:"projects"`
	History  string   `json:"history"`
}

func circleSettingNotes() []Setting {
	return append(pipelineRuleNotes("Name of the workflow", "Name of the job; with it, jobs are deployments instead of workflows"),
		Setting{"api.token", "reference", "none: CircleCI is not asked", "Personal API token, as `${env:NAME}` or `${file:/path}`"},
		Setting{"api.projects", "list", "required with a token", "Projects to read, by the slug of their settings: `gh/acme/checkout`, or `circleci/ORGANISATION/PROJECT` by ids"},
		Setting{"api.history", "duration", "`" + pipelineHistory + "`", "How much of the past is read at first"},
		Setting{"api.url", "address", "`" + circlePublic + "`", "Address of the interface; that of CircleCI server ends in `/api/v2/`"},
	)
}

// circleSlug keeps names out that would lead to another address.
var circleSlug = regexp.MustCompile(`^[A-Za-z0-9_-]+(/[A-Za-z0-9_-][A-Za-z0-9._-]*){2}$`)

// complete fills in what is not written, and checks the rest.
func (a *circleAPI) complete(c *settingsCheck) {
	a.URL, a.History = firstText(a.URL, circlePublic), firstText(a.History, pipelineHistory)
	c.address("api.url", a.URL, circlePublic)
	c.reference("api.token", a.Token)
	c.history("api.history", a.History)
	if len(a.Projects) == 0 {
		c.add("api.projects", "is empty; name at least one, such as gh/acme/checkout")
	}
	for i, slug := range a.Projects {
		if !circleSlug.MatchString(slug) {
			c.add("api.projects["+strconv.Itoa(i)+"]", shortQuote(slug)+" is not the slug of a project, such as gh/acme/checkout")
		}
	}
}

// circleClient asks CircleCI.
type circleClient struct {
	*asker

	settings circleSettings
	now      func() time.Time
	known    knownAccess
	told     toldRecords
}

func newCircleClient(settings circleSettings, o Outside) (*circleClient, error) {
	token, err := resolveSecret(o, "api.token", settings.API.Token)
	if err != nil {
		return nil, err
	}
	asker, err := newAsker("CircleCI", settings.API.URL, outgoing.Header{Name: "Circle-Token", Value: token}, o)
	return &circleClient{asker: asker, settings: settings, now: o.Now}, err
}

// Look implements Puller.
func (c *circleClient) Look(ctx context.Context) (evenkeel.Access, error) {
	if _, err := c.get(ctx, "me", &json.RawMessage{}); err != nil {
		return evenkeel.Access{}, err
	}
	access, err := c.known.get(ctx, c.now(), c.find)
	access.Identity, access.Limits = "a token for "+c.base.Host, c.callLimits()
	return access, err
}

// find asks for the projects, and whether their pipelines may be read. Tokens
// of CircleCI have no scopes: they may what their owner may.
func (c *circleClient) find(ctx context.Context) (access evenkeel.Access, err error) {
	for _, slug := range c.settings.API.Projects {
		var project struct {
			ID string `json:"id"`
		}
		if _, err := c.get(ctx, "project/"+slug, &project); err != nil {
			return access, err
		}
		may, err := c.may(ctx, "project/"+slug+"/pipeline")
		if err != nil {
			return access, err
		}
		access.Permissions = append(access.Permissions, evenkeel.Permission{Name: "view " + slug, For: "builds and deployments", Granted: may})
		access.Streams = append(access.Streams, streamName(circlePipelines, slug, firstText(project.ID, strings.ReplaceAll(slug, "/", "-"))))
	}
	return access, nil
}

// Pull implements Puller.
func (c *circleClient) Pull(ctx context.Context, stream string, cursor json.RawMessage, take func(context.Context, Page) error) error {
	kind, slug, id, ok := streamParts(stream)
	if !ok || kind != circlePipelines || !circleSlug.MatchString(slug) {
		return fmt.Errorf("%w: stream %s", evenkeel.ErrNotFound, shortQuote(stream))
	}
	history, _ := evenkeel.ParseDuration(c.settings.API.History) // It was checked.
	l := &circleList{circleClient: c, id: id, since: c.now().Add(-history)}
	walk := newestFirst{since: l.since, one: l.again, page: tokened(func(ctx context.Context, token string) ([]record, string, error) {
		return l.page(ctx, "project/"+slug+"/pipeline", token)
	})}
	return walk.read(ctx, cursor, take)
}

// circleList is the pipelines of one project while they are read.
type circleList struct {
	*circleClient

	id    string
	since time.Time
}

// circlePage is one page of any list.
type circlePage[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next_page_token"`
}

// circleListed is a pipeline in the list of a project.
type circleListed struct {
	circlePipeline

	ID    string `json:"id"`
	State string `json:"state"`
}

// circleAsked is the address of one page of a list.
func circleAsked(address, token string) string {
	if token == "" {
		return address
	}
	return address + "?page-token=" + url.QueryEscape(token)
}

// circleAll asks for every page of a short list.
func circleAll[T any](ctx context.Context, c *circleClient, address string) (all []T, err error) {
	seen, token := map[string]bool{}, ""
	for {
		var page circlePage[T]
		if _, err := c.get(ctx, circleAsked(address, token), &page); err != nil {
			return nil, err
		}
		all, token = append(all, page.Items...), page.Next
		switch {
		case token == "":
			return all, nil
		case seen[token] || len(seen) > maxPages:
			return nil, errEndless
		}
		seen[token] = true
	}
}

func (l *circleList) page(ctx context.Context, address, token string) ([]record, string, error) {
	var page circlePage[circleListed]
	if _, err := l.get(ctx, circleAsked(address, token), &page); err != nil {
		return nil, "", err
	}
	var list []record
	for _, one := range page.Items {
		r, err := l.pipeline(ctx, one)
		if err != nil {
			return nil, "", err
		}
		list = append(list, r)
	}
	return list, page.Next, nil
}

// again reads a pipeline that was open; one that is gone is open no more.
func (l *circleList) again(ctx context.Context, id string) (record, error) {
	var one circleListed
	_, err := l.get(ctx, "pipeline/"+url.PathEscape(id), &one)
	if errors.Is(err, evenkeel.ErrNotFound) {
		return record{}, nil
	}
	if err != nil {
		return record{}, err
	}
	return l.pipeline(ctx, one)
}

// pipeline is told by its workflows and jobs that have ended, as the webhooks
// do. One that waits for somebody is open as long as the past is wanted.
func (l *circleList) pipeline(ctx context.Context, one circleListed) (record, error) {
	r := record{id: one.ID, at: listedOr(one.CreatedAt, l.since)}
	if r.at.Before(l.since) {
		return r, nil
	}
	workflows, err := circleAll[circleRun](ctx, l.circleClient, "pipeline/"+url.PathEscape(one.ID)+"/workflow")
	if errors.Is(err, evenkeel.ErrNotFound) {
		err = nil
	}
	if err != nil {
		return record{}, err
	}
	r.open = len(workflows) == 0 && one.State != "errored" && l.now().Sub(r.at) < 24*time.Hour
	for _, workflow := range workflows {
		w, err := l.told.get(l.id+" "+workflow.ID, func() (record, error) { return l.workflow(ctx, one.circlePipeline, workflow) })
		if err != nil {
			return record{}, err
		}
		r.documents, r.open = append(r.documents, w.documents...), r.open || w.open
	}
	return r, nil
}

// workflow is a workflow with those of its jobs that may deploy.
func (l *circleList) workflow(ctx context.Context, pipeline circlePipeline, workflow circleRun) (r record, err error) {
	if r.open = !workflow.ended(); !r.open {
		d, err := circleDocument(circleWorkflow, map[string]any{"pipeline": pipeline, "workflow": workflow})
		if err != nil {
			return r, err
		}
		r.documents = append(r.documents, d)
	}
	if !l.jobsMayDeploy(pipeline, workflow) {
		return r, nil
	}
	jobs, err := circleAll[circleListedJob](ctx, l.circleClient, "workflow/"+url.PathEscape(workflow.ID)+"/job")
	if err != nil && !errors.Is(err, evenkeel.ErrNotFound) {
		return r, err
	}
	for _, job := range jobs {
		if !job.ended() || job.Type == "approval" || job.before(workflow) {
			continue
		}
		d, err := circleDocument(circleJob, map[string]any{"pipeline": pipeline, "workflow": workflow, "job": job.circleRun})
		if err != nil {
			return r, err
		}
		r.documents = append(r.documents, d)
	}
	return r, nil
}

// circleListedJob is a job in the list of a workflow; one of the type approval
// is a person's.
type circleListedJob struct {
	circleRun

	Type string `json:"type"`
}

// before says that a job belongs to an earlier run of the workflow: a run from
// where it failed lists the jobs again that had succeeded.
func (j circleListedJob) before(workflow circleRun) bool {
	return listedAt(j.StoppedAt).Before(listedAt(workflow.CreatedAt))
}

// ended says whether something has come to its end.
func (r circleRun) ended() bool {
	return r.StoppedAt != "" && !slices.Contains([]string{"running", "on_hold", "failing", "queued", "not_running", "blocked"}, r.Status)
}

// jobsMayDeploy says whether a rule may make deployments of jobs of a workflow.
func (l *circleList) jobsMayDeploy(pipeline circlePipeline, workflow circleRun) bool {
	repository := pipeline.repository()
	return slices.ContainsFunc(l.settings.Deployments, func(rule pipelineRule) bool {
		return rule.Job != "" && globsFit(rule.Repository, repository, rule.Pipeline, workflow.Name)
	})
}

// circleDocument is a record as the delivery that tells of it.
func circleDocument(event string, members map[string]any) (Document, error) {
	members["type"] = event
	body, err := json.Marshal(members)
	return Document{Event: event, Header: map[string]string{circleEvent: event}, Body: body}, err
}
