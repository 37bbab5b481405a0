package connectors

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// The lists of a project that are read.
const (
	gitlabCommits     = "commits"
	gitlabRequests    = "merge-requests"
	gitlabDeployments = "deployments"
	gitlabPipelines   = "pipelines"
	gitlabJobs        = "jobs"
	gitlabReleases    = "releases"
	gitlabIncidents   = "incidents"
	gitlabFlags       = "feature-flags"
)

// gitlabWindow is how many pages are counted from one instant on; then the
// next ones are counted from where these ended, so that no page lies deep.
const gitlabWindow = 50

// gitlabOff is what a project says of something that it has switched off.
const gitlabOff = "disabled"

// streamsOf names the lists of a project. Those that the settings make nothing
// of, or that the project has switched off, are not read.
func (p *gitlabPuller) streamsOf(project *gitlabListedProject) []string {
	var names []string
	for _, one := range []struct {
		kind, level string
		wanted      bool
	}{
		{gitlabCommits, project.Repository, !project.Empty},
		{gitlabRequests, project.Requests, true},
		{gitlabDeployments, project.Environments, true},
		{gitlabPipelines, project.Builds, true},
		{gitlabJobs, project.Builds, len(p.settings.Deployments.Jobs) > 0},
		{gitlabReleases, project.Releases, p.settings.Deployments.Releases != nil},
		{gitlabIncidents, project.Issues, true},
		{gitlabFlags, project.Flags, p.settings.API.FeatureFlags},
	} {
		if one.wanted && one.level != gitlabOff {
			names = append(names, streamName(one.kind, project.Path, strconv.FormatInt(project.ID, 10)))
		}
	}
	return names
}

// gitlabList is one list of one project while it is read.
type gitlabList struct {
	*gitlabPuller
	// at is the address of the project, "projects/30/".
	at      string
	project *gitlabListedProject
	// since is where the past begins that is wanted.
	since time.Time
	// tiers are those of the environments by name, once they were asked for.
	tiers map[string]string
}

// Pull implements Puller.
func (p *gitlabPuller) Pull(ctx context.Context, stream string, cursor json.RawMessage, take func(context.Context, Page) error) error {
	kind, _, number, _ := streamParts(stream)
	id, err := strconv.ParseInt(number, 10, 64)
	if err != nil || id <= 0 {
		return fmt.Errorf("%w: stream %s", evenkeel.ErrNotFound, shortQuote(stream))
	}
	project, err := p.project(ctx, id)
	if err != nil {
		return err
	}
	history, _ := evenkeel.ParseDuration(p.settings.API.History) // It was checked.
	// Whole days, so that one address is asked for all day.
	since := p.outside.Now().Add(-history).UTC().Truncate(24 * time.Hour)
	l := &gitlabList{gitlabPuller: p, at: "projects/" + number + "/", project: project, since: since}
	walk := newestFirst{since: since}
	switch kind {
	case gitlabCommits:
		walk.page = numbered(l.commits)
	case gitlabRequests:
		walk.page = l.requests
	case gitlabDeployments:
		walk.page = l.deployments
	case gitlabPipelines:
		walk.page = l.pipelines
	case gitlabJobs:
		walk.page, walk.one = tokened(l.jobs), l.jobAgain
	case gitlabReleases:
		walk.page = numbered(l.releases)
	case gitlabIncidents:
		walk.page = l.incidents
	case gitlabFlags:
		return l.flags(ctx, cursor, take)
	default:
		return fmt.Errorf("%w: stream %s", evenkeel.ErrNotFound, shortQuote(stream))
	}
	return walk.read(ctx, cursor, take)
}

// updated reads a page of a list that is sorted by the last change.
func (l *gitlabList) updated(ctx context.Context, what string, query gitlabQuery, at place, read func(json.RawMessage) (record, error)) (listing, error) {
	query.OrderBy, query.Sort, query.Page, query.PerPage = "updated_at", "desc", at.Page, gitlabPage
	query.UpdatedAfter, query.UpdatedBefore = gitlabText(at.since), gitlabText(at.Before)
	var page []json.RawMessage
	pages, err := l.api.get(ctx, l.at+what, &query, "", &page)
	if err != nil {
		return listing{}, err
	}
	found := listing{total: pages.total}
	if found.records, err = records(page, read); err != nil {
		return listing{}, err
	}
	found.next, err = gitlabNext(at, found.records, pages.next)
	return found, err
}

// gitlabNext is the place after a page. Instants are shown with fewer digits
// than GitLab sorts by, so the next window begins above the last of them.
func gitlabNext(at place, page []record, next int) (place, error) {
	switch {
	case next == 0:
		return place{}, nil
	case next > gitlabDeepest:
		return place{}, errEndless
	case next <= gitlabWindow || len(page) == 0 || !page[0].at.After(page[len(page)-1].at):
		return place{Page: next, Before: at.Before}, nil
	}
	return place{Page: 1, Before: page[len(page)-1].at.Add(time.Millisecond)}, nil
}

// gitlabText writes an instant for a query; none is empty.
func gitlabText(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format("2006-01-02T15:04:05.000Z")
}

// list reads a page of a list by its number.
func (l *gitlabList) list(ctx context.Context, what string, query gitlabQuery, number int, read func(json.RawMessage) (record, error)) ([]record, int, error) {
	query.Page, query.PerPage = number, gitlabPage
	var page []json.RawMessage
	pages, err := l.api.get(ctx, l.at+what, &query, "", &page)
	if err != nil {
		return nil, 0, err
	}
	if pages.next > gitlabDeepest {
		return nil, 0, errEndless
	}
	list, err := records(page, read)
	return list, pages.next, err
}

// document is a record as the delivery that tells of it; members are those of
// its body beside the kind and the project.
func (l *gitlabList) document(event, kind string, members map[string]any) (Document, error) {
	members["object_kind"], members["project"] = kind, l.project.gitlabProject
	body, err := json.Marshal(members)
	return Document{Event: event, Header: map[string]string{gitlabEventHeader: event}, Body: body}, err
}

// commits lists those of the default branch.
func (l *gitlabList) commits(ctx context.Context, number int) ([]record, int, error) {
	return l.list(ctx, "repository/commits", gitlabQuery{Since: gitlabText(l.since)}, number, func(element json.RawMessage) (record, error) {
		var commit gitlabListedCommit
		if err := gitlabRead("a commit", element, &commit); err != nil {
			return record{}, err
		}
		d, err := l.document(gitlabCommitEvent, gitlabCommitEvent, map[string]any{"commit": commit})
		return record{id: commit.ID, at: githubTime(commit.CommittedAt), documents: []Document{d}}, err
	})
}

// requests lists merge requests by their last change.
func (l *gitlabList) requests(ctx context.Context, at place) (listing, error) {
	return l.updated(ctx, "merge_requests", gitlabQuery{Scope: "all", State: "all"}, at, func(element json.RawMessage) (record, error) {
		return l.request(ctx, element)
	})
}

// pipelines lists pipelines by their last change; only a single one tells when
// it ran.
func (l *gitlabList) pipelines(ctx context.Context, at place) (listing, error) {
	return l.updated(ctx, "pipelines", gitlabQuery{}, at, func(element json.RawMessage) (record, error) {
		var short struct {
			ID        int64  `json:"id"`
			UpdatedAt string `json:"updated_at"`
		}
		if err := gitlabRead("a pipeline", element, &short); err != nil {
			return record{}, err
		}
		id := strconv.FormatInt(short.ID, 10)
		var run gitlabRun
		if _, err := l.api.get(ctx, l.at+"pipelines/"+id, nil, "", &run); err != nil {
			return record{}, err
		}
		d, err := l.document("Pipeline Hook", "pipeline", map[string]any{"object_attributes": run})
		return record{id: id, at: githubTime(short.UpdatedAt), documents: []Document{d}}, err
	})
}

// releases lists releases by when they were made. Those that are announced are
// none yet.
func (l *gitlabList) releases(ctx context.Context, number int) ([]record, int, error) {
	return l.list(ctx, "releases", gitlabQuery{OrderBy: "created_at", Sort: "desc"}, number, func(element json.RawMessage) (record, error) {
		var made struct {
			Tag        string `json:"tag_name"`
			CreatedAt  string `json:"created_at"`
			ReleasedAt string `json:"released_at"`
			Upcoming   bool   `json:"upcoming_release"`
			Commit     struct {
				ID string `json:"id"`
			} `json:"commit"`
		}
		if err := gitlabRead("a release", element, &made); err != nil {
			return record{}, err
		}
		r := record{id: made.Tag, at: githubTime(made.CreatedAt)}
		if made.Upcoming {
			return r, nil
		}
		d, err := l.document("Release Hook", "release", map[string]any{
			"action": "create", "tag": made.Tag, "created_at": made.CreatedAt, "released_at": made.ReleasedAt, "commit": made.Commit,
		})
		r.documents = []Document{d}
		return r, err
	})
}
