package connectors

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// The lists of a repository that are read.
const (
	githubCommits     = "commits"
	githubPulls       = "pulls"
	githubDeployments = "deployments"
	githubRuns        = "runs"
	githubReleases    = "releases"
	githubIncidents   = "incidents"
	// githubCompare are commits of deployments that no list tells.
	githubCompare = "compares"
	// githubHooks are the deliveries of one webhook.
	githubHooks = "hooks"
)

// streamsOf names the lists of a repository, "pulls acme/checkout". Those that
// the settings make nothing of are not read.
func (c *githubClient) streamsOf(repository string) []string {
	kinds := []string{githubCommits, githubPulls, githubDeployments, githubRuns, githubCompare}
	if c.settings.Deployments.Releases != nil {
		kinds = append(kinds, githubReleases)
	}
	if len(c.settings.IncidentLabels) > 0 {
		kinds = append(kinds, githubIncidents)
	}
	names := make([]string, len(kinds))
	for i, kind := range kinds {
		names[i] = kind + " " + repository
	}
	return names
}

// githubList is one list of one repository while it is read.
type githubList struct {
	*githubClient
	// at is the address of the repository, "repos/acme/checkout/".
	at string
	// itself is the repository as GitHub describes it.
	itself json.RawMessage
}

// Pull implements Puller.
func (c *githubClient) Pull(ctx context.Context, stream string, cursor json.RawMessage, take func(context.Context, Page) error) error {
	kind, repository, _ := strings.Cut(stream, " ")
	if kind == githubHooks {
		return c.sweep(ctx, repository, cursor, take)
	}
	l, err := c.open(ctx, repository)
	if err != nil {
		return err
	}
	history, _ := evenkeel.ParseDuration(c.settings.API.History) // It was checked.
	walk := newestFirst{since: c.outside.Now().Add(-history)}
	switch kind {
	case githubCommits:
		walk.page = numbered(l.commits)
	case githubPulls:
		walk.page, walk.fill = numbered(l.pulls), l.fillPulls
	case githubDeployments:
		walk.page, walk.one = numbered(l.deployments), l.deploymentAgain
	case githubRuns:
		walk.page, walk.one, walk.pages = numbered(l.runs), l.runAgain, githubShown/githubPage
		return windowed{newestFirst: walk, most: githubShown, window: l.runsIn, cut: l.runsCut, now: c.outside.Now()}.read(ctx, cursor, take)
	case githubCompare:
		return l.compare(ctx, cursor, take)
	case githubReleases:
		walk.page = numbered(l.releases)
	case githubIncidents:
		walk.page = numbered(l.incidents)
	default:
		return fmt.Errorf("%w: stream %s", evenkeel.ErrNotFound, shortQuote(stream))
	}
	return walk.read(ctx, cursor, take)
}

// list asks for a page of records.
func (l *githubList) list(ctx context.Context, what string, query url.Values, number int, v any) (next int, err error) {
	query.Set("per_page", strconv.Itoa(githubPage))
	query.Set("page", strconv.Itoa(number))
	return l.get(ctx, l.at+what+"?"+query.Encode(), v)
}

// all asks for every page of a short list that hangs on a record.
func (l *githubList) all(ctx context.Context, what string, most int) ([]json.RawMessage, error) {
	all := []json.RawMessage{} // An empty list is known, which none is not.
	for page := 1; page != 0 && len(all) < most; {
		var found []json.RawMessage
		next, err := l.list(ctx, what, url.Values{}, page, &found)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
		if next != 0 && next <= page {
			return nil, errEndless
		}
		page = next
	}
	return all, nil
}

// records makes a record of each element of a page.
func records(elements []json.RawMessage, read func(json.RawMessage) (record, error)) ([]record, error) {
	list := make([]record, len(elements))
	for i, element := range elements {
		var err error
		if list[i], err = read(element); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// commits lists those of the default branch, some of them in one document.
func (l *githubList) commits(ctx context.Context, number int) ([]record, int, error) {
	var page []json.RawMessage
	next, err := l.list(ctx, "commits", url.Values{}, number, &page)
	if err != nil {
		return nil, 0, err
	}
	list, err := records(page, func(element json.RawMessage) (record, error) {
		var commit githubListedCommit
		if err := json.Unmarshal(element, &commit); err != nil {
			return record{}, fmt.Errorf("a commit cannot be read: %w", err)
		}
		d, err := l.document(githubCommitEvent, l.itself, map[string]any{"commit": element})
		return record{id: commit.SHA, at: githubTime(commit.Commit.Committer.Date), documents: []Document{d}}, err
	})
	return list, next, err
}

// deployments lists deployments by their creation, each with its statuses.
func (l *githubList) deployments(ctx context.Context, number int) ([]record, int, error) {
	var page []json.RawMessage
	next, err := l.list(ctx, "deployments", url.Values{}, number, &page)
	if err != nil {
		return nil, 0, err
	}
	list, err := records(page, func(element json.RawMessage) (record, error) { return l.deployment(ctx, element) })
	return list, next, err
}

func (l *githubList) deploymentAgain(ctx context.Context, id string) (record, error) {
	var element json.RawMessage
	if _, err := l.get(ctx, l.at+"deployments/"+id, &element); err != nil {
		return record{}, err
	}
	return l.deployment(ctx, element)
}

// deployment is told as its webhooks would have: once without a status, and
// once for each, the oldest first.
func (l *githubList) deployment(ctx context.Context, element json.RawMessage) (record, error) {
	var made githubDeployment
	if err := json.Unmarshal(element, &made); err != nil {
		return record{}, fmt.Errorf("a deployment cannot be read: %w", err)
	}
	id := strconv.FormatInt(made.ID, 10)
	statuses, err := l.all(ctx, "deployments/"+id+"/statuses", 1000)
	if err != nil {
		return record{}, err
	}
	r := record{id: id, at: githubTime(made.CreatedAt), open: true}
	begun, err := l.document("deployment", l.itself, map[string]any{"action": "created", "deployment": element})
	if err != nil {
		return record{}, err
	}
	r.documents = append(r.documents, begun)
	for _, status := range slices.Backward(statuses) {
		var said struct {
			State string `json:"state"`
		}
		if err := json.Unmarshal(status, &said); err != nil {
			return record{}, fmt.Errorf("a status of a deployment cannot be read: %w", err)
		}
		d, err := l.document("deployment_status", l.itself, map[string]any{"action": "created", "deployment": element, "deployment_status": status})
		if err != nil {
			return record{}, err
		}
		r.documents = append(r.documents, d)
		r.open = r.open && !slices.Contains([]string{"success", "failure", "error", "inactive"}, said.State)
	}
	return r, nil
}

// releases lists releases.
func (l *githubList) releases(ctx context.Context, number int) ([]record, int, error) {
	var page []json.RawMessage
	next, err := l.list(ctx, "releases", url.Values{}, number, &page)
	if err != nil {
		return nil, 0, err
	}
	list, err := records(page, func(element json.RawMessage) (record, error) {
		var made struct {
			ID        int64  `json:"id"`
			CreatedAt string `json:"created_at"`
			Published string `json:"published_at"`
		}
		if err := json.Unmarshal(element, &made); err != nil {
			return record{}, fmt.Errorf("a release cannot be read: %w", err)
		}
		d, err := l.document("release", l.itself, map[string]any{"action": "published", "release": element})
		return record{id: strconv.FormatInt(made.ID, 10), at: githubTime(firstText(made.Published, made.CreatedAt)), documents: []Document{d}}, err
	})
	return list, next, err
}

// incidents lists issues by their last change, those that carry a label of
// incidents with what happened to them.
func (l *githubList) incidents(ctx context.Context, number int) ([]record, int, error) {
	var page []json.RawMessage
	next, err := l.list(ctx, "issues", url.Values{"state": {"all"}, "sort": {"updated"}, "direction": {"desc"}}, number, &page)
	if err != nil {
		return nil, 0, err
	}
	list, err := records(page, func(element json.RawMessage) (record, error) {
		var issue struct {
			githubIssue
			Number int64 `json:"number"`
		}
		if err := json.Unmarshal(element, &issue); err != nil {
			return record{}, fmt.Errorf("an issue cannot be read: %w", err)
		}
		one := "issues/" + strconv.FormatInt(issue.Number, 10)
		r := record{id: one, at: githubTime(issue.UpdatedAt)}
		if issue.PullRequest != nil || !l.settings.incident(issue.Labels...) {
			return r, nil
		}
		happened, err := l.all(ctx, one+"/events", 1000)
		if err != nil {
			return record{}, err
		}
		d, err := l.document(githubIssueEvent, l.itself, map[string]any{"issue": element, "events": happened})
		r.documents = []Document{d}
		return r, err
	})
	return list, next, err
}

// githubTime is an instant by which a list is sorted; zero if it cannot be
// read, which the receiver then says of the record.
func githubTime(text string) time.Time {
	at, _ := vendorInstant(text)
	return at
}
