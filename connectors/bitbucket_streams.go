package connectors

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// The lists of a repository of Bitbucket that are read.
const (
	bitbucketCommits     = "commits"
	bitbucketPulls       = "pulls"
	bitbucketBuilds      = "builds"
	bitbucketDeployments = "deployments"
)

// streamsOf names the lists of a repository that is kept under a name. What
// rules make of builds is not also read from Bitbucket's own deployments: it
// would count twice.
func (c *bitbucketClient) streamsOf(found bitbucketFound, kept string) []string {
	kinds := []string{bitbucketCommits, bitbucketPulls, bitbucketBuilds}
	if !ruled(c.settings.Deployments, strings.ToLower("bitbucket.org/"+kept)) {
		kinds = append(kinds, bitbucketDeployments)
	}
	names := make([]string, len(kinds))
	for i, kind := range kinds {
		names[i] = streamName(kind, found.FullName, found.UUID)
	}
	return names
}

// bitbucketList is one list of one repository while it is read.
type bitbucketList struct {
	*bitbucketClient

	workspace, id string
	// itself is the repository as Bitbucket describes it, without its people.
	itself bitbucketItself
	since  time.Time
	// size counts the list of the page that was read last; 0 is unknown.
	size int
}

// bitbucketItself is what documents say of their repository.
type bitbucketItself struct {
	bitbucketRepository

	Main bitbucketHash `json:"mainbranch"`
}

// Pull implements Puller.
func (c *bitbucketClient) Pull(ctx context.Context, stream string, cursor json.RawMessage, take func(context.Context, Page) error) error {
	kind, name, id, ok := streamParts(stream)
	workspace, _, slashed := strings.Cut(name, "/")
	if !ok || !slashed || !githubRepository.MatchString(name) {
		return fmt.Errorf("%w: stream %s", evenkeel.ErrNotFound, shortQuote(stream))
	}
	history, _ := evenkeel.ParseDuration(c.settings.API.History) // It was checked.
	l := &bitbucketList{bitbucketClient: c, workspace: workspace, id: id, since: c.now().Add(-history)}
	if _, err := c.get(ctx, bitbucketAt(workspace, id, ""), &l.itself); err != nil {
		return err
	}
	walk := newestFirst{since: l.since}
	switch kind {
	case bitbucketCommits:
		walk.page = l.list("/commits/"+url.PathEscape(l.itself.Main.Name)+"?pagelen=100", l.commit)
	case bitbucketPulls:
		walk.page = l.list("/pullrequests?pagelen=50&sort=-updated_on&state=OPEN&state=MERGED&state=DECLINED&state=SUPERSEDED&q="+url.QueryEscape(l.wanted()), l.pull)
		walk.page = l.counted(walk.page)
	case bitbucketBuilds:
		walk.page, walk.one = l.list("/pipelines?pagelen=100&sort=-created_on", l.pipeline), l.again("/pipelines/", l.pipeline)
	case bitbucketDeployments:
		walk.page, walk.one = l.list("/deployments?pagelen=100&sort=-state.started_on", l.deployment), l.again("/deployments/", l.deployment)
	default:
		return fmt.Errorf("%w: stream %s", evenkeel.ErrNotFound, shortQuote(stream))
	}
	return walk.read(ctx, cursor, take)
}

// wanted asks for pull requests of whatever state that were changed since. Where
// no state is named, Bitbucket gives those that are open.
func (l *bitbucketList) wanted() string {
	since := l.since.UTC().Truncate(24 * time.Hour).Format("2006-01-02T15:04:05-07:00")
	return `(state="OPEN" OR state="MERGED" OR state="DECLINED" OR state="SUPERSEDED") AND updated_on>=` + since
}

// list reads the pages of a list; the token of a page is its address.
func (l *bitbucketList) list(what string, read func(context.Context, json.RawMessage) (record, error)) func(context.Context, place) (listing, error) {
	return tokened(func(ctx context.Context, token string) ([]record, string, error) {
		page, next, err := l.page(ctx, firstText(token, bitbucketAt(l.workspace, l.id, what)))
		if errors.Is(err, evenkeel.ErrNotFound) && !strings.HasPrefix(what, "/pullrequests") {
			return nil, "", nil // A repository without commits, or without Pipelines.
		}
		if err != nil {
			return nil, "", err
		}
		l.size = page.Size
		var list []record
		for _, value := range page.Values {
			r, err := read(ctx, value)
			if err != nil {
				return nil, "", err
			}
			if !r.at.IsZero() {
				list = append(list, r)
			}
		}
		return list, next, nil
	})
}

// counted says of a list how long it is. Only that of pull requests is asked for
// no further back than it is wanted.
func (l *bitbucketList) counted(page func(context.Context, place) (listing, error)) func(context.Context, place) (listing, error) {
	return func(ctx context.Context, at place) (listing, error) {
		found, err := page(ctx, at)
		found.total = l.size
		return found, err
	}
}

// again reads a record that was open; one that is gone is open no more.
func (l *bitbucketList) again(what string, read func(context.Context, json.RawMessage) (record, error)) func(context.Context, string) (record, error) {
	return func(ctx context.Context, id string) (record, error) {
		var element json.RawMessage
		_, err := l.get(ctx, bitbucketAt(l.workspace, l.id, what+url.PathEscape(id)), &element)
		if errors.Is(err, evenkeel.ErrNotFound) {
			return record{}, nil
		}
		if err != nil {
			return record{}, err
		}
		return read(ctx, element)
	}
}

// document is a record as the delivery that tells of it.
func (l *bitbucketList) document(event string, members map[string]any) (Document, error) {
	members["repository"] = l.itself
	body, err := json.Marshal(members)
	return Document{Event: event, Header: map[string]string{bitbucketEvent: event}, Body: body}, err
}

// commit is told as a push of it alone.
func (l *bitbucketList) commit(_ context.Context, element json.RawMessage) (record, error) {
	var commit bitbucketCommit
	if err := l.one("a commit", element, &commit); err != nil {
		return record{}, err
	}
	d, err := l.document("repo:push", map[string]any{"push": map[string]any{"changes": []any{map[string]any{"commits": []any{commit}}}}})
	return record{id: commit.Hash, at: listedOr(commit.Date, l.since), documents: []Document{d}}, err
}

// pull is a pull request with its commits, and with what happened to it.
func (l *bitbucketList) pull(ctx context.Context, element json.RawMessage) (record, error) {
	var pull bitbucketPull
	if err := l.one("a pull request", element, &pull); err != nil {
		return record{}, err
	}
	r := record{id: strconv.FormatInt(pull.ID, 10) + "/" + pull.UpdatedOn, at: listedOr(pull.UpdatedOn, l.since)}
	if r.at.Before(l.since) {
		return r, nil // Nothing of it is wanted.
	}
	return l.told.get(l.id+" "+r.id, func() (record, error) { return l.wholePull(ctx, r, pull) })
}

func (l *bitbucketList) wholePull(ctx context.Context, r record, pull bitbucketPull) (record, error) {
	at := "/pullrequests/" + strconv.FormatInt(pull.ID, 10)
	commits, err := gather[bitbucketCommit](ctx, l, at+"/commits?pagelen=100", 1000)
	if err != nil {
		return record{}, err
	}
	for i := range commits {
		commits[i].Message = "" // Only which they are is read.
	}
	if len(commits) > 0 && strings.HasPrefix(commits[0].Hash, pull.Source.Commit.Hash) {
		pull.Source.Commit.Hash = commits[0].Hash
	}
	happened, err := gather[bitbucketHappened](ctx, l, at+"/activity?pagelen=50", 1000)
	if err != nil {
		return record{}, err
	}
	pull.Author = pull.Author.hashed()
	for i := range happened {
		happened[i].Approval.User, happened[i].Changes.User = happened[i].Approval.User.hashed(), happened[i].Changes.User.hashed()
	}
	if pull.Merge.Hash, err = l.whole(ctx, pull.Merge.Hash); err != nil {
		return record{}, err
	}
	d, err := l.document(bitbucketPullEvent, map[string]any{"pullrequest": pull, "commits": commits, "activity": happened})
	r.documents = []Document{d}
	return r, err
}

// gather reads all of a short list that hangs on a record; one that is gone
// is empty.
func gather[T any](ctx context.Context, l *bitbucketList, what string, most int) ([]T, error) {
	found := []T{}
	elements, err := l.all(ctx, bitbucketAt(l.workspace, l.id, what), most)
	if err != nil && !errors.Is(err, evenkeel.ErrNotFound) {
		return nil, err
	}
	for _, element := range elements {
		var one T
		if err := l.one("a record", element, &one); err != nil {
			return nil, err
		}
		found = append(found, one)
	}
	return found, nil
}

// whole is the full id of a commit that a pull request shortens; as it is if
// the commit is not there any more.
func (l *bitbucketList) whole(ctx context.Context, short string) (string, error) {
	if short == "" || fullSHA(short) != "" {
		return short, nil
	}
	commit := bitbucketHash{Hash: short}
	err := l.ifAny(ctx, bitbucketAt(l.workspace, l.id, "/commit/"+url.PathEscape(short)+"?fields=hash"), &commit)
	return commit.Hash, err
}

// pipeline is told by the build statuses of its commit, as the webhook does.
func (l *bitbucketList) pipeline(ctx context.Context, element json.RawMessage) (record, error) {
	var pipeline struct {
		UUID      string        `json:"uuid"`
		CreatedOn string        `json:"created_on"`
		State     bitbucketHash `json:"state"`
		Target    struct {
			Commit bitbucketHash `json:"commit"`
		} `json:"target"`
	}
	if err := l.one("a pipeline", element, &pipeline); err != nil {
		return record{}, err
	}
	r := record{id: pipeline.UUID, at: listedOr(pipeline.CreatedOn, l.since)}
	commit := pipeline.Target.Commit.Hash
	if commit == "" || r.at.Before(l.since) {
		return r, nil
	}
	r.open = pipeline.State.Name != bitbucketCompleted
	return l.told.get(l.id+" "+r.id, func() (told record, err error) {
		told = r
		told.documents, err = l.statusesOf(ctx, commit)
		return told, err
	})
}

func (l *bitbucketList) statusesOf(ctx context.Context, commit string) (told []Document, err error) {
	statuses, err := gather[bitbucketStatus](ctx, l, "/commit/"+url.PathEscape(commit)+"/statuses?pagelen=100", 1000)
	for _, status := range statuses {
		if err == nil {
			var d Document
			d, err = l.document("repo:commit_status_updated", map[string]any{"commit_status": status})
			told = append(told, d)
		}
	}
	return told, err
}

// deployment is told with its environment. One that was never begun is none.
func (l *bitbucketList) deployment(ctx context.Context, element json.RawMessage) (record, error) {
	var made bitbucketDeployment
	if err := l.one("a deployment", element, &made); err != nil {
		return record{}, err
	}
	r := record{id: made.UUID, at: listedAt(made.began())}
	if r.at.IsZero() || r.at.Before(l.since) {
		return r, nil
	}
	r.open = made.State.Name != bitbucketCompleted
	return l.told.get(l.id+" "+r.id, func() (record, error) {
		environment, err := l.environment(ctx, made.Environment.UUID)
		if err != nil {
			return record{}, err
		}
		d, err := l.document(bitbucketDeploymentEvent, map[string]any{"deployment": made, "environment": environment})
		told := r
		told.documents = []Document{d}
		return told, err
	})
}

// environment is one of the repository, which deployments name by its id only.
func (l *bitbucketList) environment(ctx context.Context, id string) (found bitbucketEnvironment, err error) {
	found.UUID = id
	if id == "" {
		return found, nil
	}
	err = l.ifAny(ctx, bitbucketAt(l.workspace, l.id, "/environments/"+url.PathEscape(id)), &found)
	return found, err
}
