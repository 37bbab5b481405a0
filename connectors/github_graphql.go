package connectors

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel/connectors/outgoing"
)

// githubPullFields are the members of a pull request that are read, by
// GitHub's names in GraphQL (docs.github.com, "PullRequest").
const githubPullFields = `
fragment pull on PullRequest {
  number state isDraft merged body createdAt updatedAt closedAt mergedAt
  headRefName headRefOid baseRefName changedFiles additions deletions
  mergeCommit { oid }
  author { ...actor }
  labels(first: 100) { pageInfo { hasNextPage } nodes { name } }
  commits(first: 100) { pageInfo { hasNextPage } nodes { commit { oid authoredDate } } }
  reviews(first: 100) { pageInfo { hasNextPage } nodes { state submittedAt author { ...actor } } }
}
fragment actor on Actor {
  __typename login
  ... on User { databaseId }
  ... on Bot { databaseId }
  ... on Mannequin { databaseId }
}`

// githubNodes are a list within an answer.
type githubNodes[T any] struct {
	PageInfo struct {
		HasNextPage bool `json:"hasNextPage"`
	} `json:"pageInfo"`
	Nodes []T `json:"nodes"`
}

type githubActorNode struct {
	Type       string `json:"__typename"`
	Login      string `json:"login"`
	DatabaseID int64  `json:"databaseId"`
}

type githubReviewNode struct {
	State       string           `json:"state"`
	SubmittedAt string           `json:"submittedAt"`
	Author      *githubActorNode `json:"author"`
}

type githubCommitNode struct {
	Commit struct {
		OID        string `json:"oid"`
		AuthoredAt string `json:"authoredDate"`
	} `json:"commit"`
}

type githubOIDNode struct {
	OID string `json:"oid"`
}

// githubPullNode is a pull request as GraphQL gives it.
type githubPullNode struct {
	Number      int64                         `json:"number"`
	State       string                        `json:"state"`
	Draft       bool                          `json:"isDraft"`
	Merged      bool                          `json:"merged"`
	Body        string                        `json:"body"`
	CreatedAt   string                        `json:"createdAt"`
	UpdatedAt   string                        `json:"updatedAt"`
	ClosedAt    string                        `json:"closedAt"`
	MergedAt    string                        `json:"mergedAt"`
	HeadRef     string                        `json:"headRefName"`
	Head        string                        `json:"headRefOid"`
	BaseRef     string                        `json:"baseRefName"`
	Files       *int                          `json:"changedFiles"`
	Additions   *int                          `json:"additions"`
	Deletions   *int                          `json:"deletions"`
	MergeCommit githubOIDNode                 `json:"mergeCommit"`
	Author      *githubActorNode              `json:"author"`
	Labels      githubNodes[githubLabel]      `json:"labels"`
	Commits     githubNodes[githubCommitNode] `json:"commits"`
	Reviews     githubNodes[githubReviewNode] `json:"reviews"`
}

// githubGhostLogin stands for accounts that are gone, where anything does.
const githubGhostLogin = "ghost"

// githubGhost is the author of a pull request whose account is gone, as the
// other interface shows it.
func githubGhost() *githubUser { return &githubUser{ID: 10137, Login: githubGhostLogin, Type: "User"} }

// user is an actor as the other interface and webhooks show it.
func (a *githubActorNode) user() *githubUser {
	if a == nil {
		return nil
	}
	user := &githubUser{ID: a.DatabaseID, Login: a.Login, Type: a.Type}
	if a.Type == "Bot" && !strings.HasSuffix(a.Login, "[bot]") {
		user.Login += "[bot]"
	}
	return user
}

// members are a pull request as the other interface gives it; nil where more
// hangs on it than one answer holds.
func (n *githubPullNode) members() map[string]any {
	if n.Labels.PageInfo.HasNextPage || n.Commits.PageInfo.HasNextPage || n.Reviews.PageInfo.HasNextPage {
		return nil
	}
	pull := githubPull{
		Number: n.Number, State: strings.ToLower(n.State), Draft: n.Draft, Merged: n.Merged, Body: n.Body,
		CreatedAt: n.CreatedAt, UpdatedAt: n.UpdatedAt, ClosedAt: n.ClosedAt, MergedAt: n.MergedAt, MergeCommit: n.MergeCommit.OID,
		Labels: n.Labels.Nodes, Head: githubBranch{Ref: n.HeadRef, SHA: n.Head}, Base: githubBranch{Ref: n.BaseRef},
		Files: n.Files, Additions: n.Additions, Deletions: n.Deletions, User: n.Author.user(),
	}
	if pull.State == "merged" {
		pull.State = "closed"
	}
	if pull.User == nil {
		pull.User = githubGhost()
	}
	commits := make([]githubListedCommit, len(n.Commits.Nodes))
	for i, one := range n.Commits.Nodes {
		commits[i].SHA, commits[i].Commit.Author.Date = one.Commit.OID, one.Commit.AuthoredAt
	}
	reviews := make([]githubReview, len(n.Reviews.Nodes))
	for i, one := range n.Reviews.Nodes {
		reviews[i] = githubReview{State: one.State, SubmittedAt: one.SubmittedAt, User: one.Author.user()}
	}
	return map[string]any{"pull_request": pull, "commits": commits, "reviews": reviews}
}

// pullsAtOnce reads pull requests in as few queries as GitHub can take. What
// it leaves out is to be read one by one: that is all of them where GraphQL is
// not to be had.
func (l *githubList) pullsAtOnce(ctx context.Context, numbers []string) (map[string]map[string]any, error) {
	whole := map[string]map[string]any{}
	for len(numbers) > 0 {
		n := min(l.batch.next(l.outside.Now()), len(numbers))
		if n == 0 {
			return whole, nil
		}
		found, err := l.queryPulls(ctx, numbers[:n])
		switch {
		case errors.Is(err, errGithubHeavy):
			if !l.batch.heavy(n) {
				numbers = numbers[1:]
			}
			continue
		case errors.Is(err, errGithubNoQueries):
			l.batch.refused(l.outside.Now())
			return whole, nil
		case err != nil:
			return nil, err
		}
		l.batch.worked()
		for _, node := range found {
			if node != nil {
				whole[strconv.FormatInt(node.Number, 10)] = node.members()
			}
		}
		numbers = numbers[n:]
	}
	return whole, nil
}

var (
	// errGithubHeavy says that a query was too much work for GitHub.
	errGithubHeavy = errors.New("the query is too much for GitHub")
	// errGithubNoQueries says that GraphQL is not to be had here.
	errGithubNoQueries = errors.New("GitHub takes no queries")
)

// githubAnswer is what GraphQL answers, with status 200 also where something
// went wrong.
type githubAnswer struct {
	Data struct {
		Repository map[string]*githubPullNode `json:"repository"`
	} `json:"data"`
	Errors []struct {
		Type    string `json:"type"`
		Message string `json:"message"`
	} `json:"errors"`
}

// queryPulls asks one query.
func (l *githubList) queryPulls(ctx context.Context, numbers []string) (map[string]*githubPullNode, error) {
	owner, name, _ := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(l.at, "repos/"), "/"), "/")
	var query strings.Builder
	query.WriteString("query($owner: String!, $name: String!) { repository(owner: $owner, name: $name) {")
	for _, number := range numbers {
		fmt.Fprintf(&query, " p%s: pullRequest(number: %s) { ...pull }", number, number)
	}
	query.WriteString(" } }" + githubPullFields)
	text, err := json.Marshal(map[string]any{"query": query.String(), "variables": map[string]string{"owner": owner, "name": name}})
	if err != nil {
		return nil, err
	}
	answer, err := l.query(ctx, text)
	if err != nil {
		return nil, err
	}
	for _, wrong := range answer.Errors {
		switch {
		case wrong.Type == "RATE_LIMITED":
			return nil, &outgoing.LimitError{Until: latest(l.stack.Limits()["graphql"].Reset, l.outside.Now().Add(time.Minute))}
		case answer.Data.Repository == nil && wrong.Type == "":
			return nil, errGithubHeavy // "Something went wrong … a timeout, or a GitHub bug".
		}
	}
	if answer.Data.Repository == nil {
		return nil, errGithubNoQueries
	}
	return answer.Data.Repository, nil
}

// query sends a query. An Enterprise Server has its address beside that of the
// other interface.
func (l *githubList) query(ctx context.Context, text []byte) (answer githubAnswer, err error) {
	address := strings.TrimSuffix(l.settings.API.URL, "v3/") + "graphql"
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(text))
	if err != nil {
		return answer, err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := l.stack.Do(request)
	if err != nil {
		return answer, githubQueryError(ctx, err)
	}
	defer func() { _ = response.Body.Close() }()
	switch {
	case response.StatusCode >= http.StatusInternalServerError:
		return answer, errGithubHeavy
	case response.StatusCode == http.StatusUnauthorized:
		return answer, fmt.Errorf("%w: the token is wrong, was revoked or has expired", ErrRefused)
	case response.StatusCode != http.StatusOK:
		return answer, errGithubNoQueries
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		if ctx.Err() != nil {
			return answer, ctx.Err()
		}
		return answer, errGithubHeavy // It broke off.
	}
	return answer, nil
}

// githubQueryError tells what went wrong on the way from what is to be waited
// for or mended.
func githubQueryError(ctx context.Context, err error) error {
	if _, limit := errors.AsType[*outgoing.LimitError](err); limit || errors.Is(err, ErrRefused) || errors.Is(err, outgoing.ErrElsewhere) || ctx.Err() != nil {
		return err
	}
	return errGithubHeavy
}
