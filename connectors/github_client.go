package connectors

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/go-github/v60/github"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors/outgoing"
)

const (
	githubPublic = "https://api.github.com/"
	// githubPage is how many records one call asks for, the most that GitHub gives.
	githubPage = 100
	// githubCache is how much of unchanged answers is kept for a connection.
	githubCache = 16 << 20
)

// githubCalls makes requests with one set of credentials. go-github makes them
// and follows pages; the records themselves are kept as they came, because its
// types lack members that GitHub sends.
type githubCalls struct {
	calls *github.Client
	stack *outgoing.Client
}

func newGithubCalls(options outgoing.Options) githubCalls {
	options.Limit = githubLimit
	stack := outgoing.New(options)
	calls := github.NewClient(stack.Client)
	calls.BaseURL = options.Base
	return githubCalls{calls, stack}
}

// githubLimit is GitHub's name of the limit that a request counts against.
func githubLimit(request *http.Request) string {
	if strings.HasSuffix(request.URL.Path, "/graphql") {
		return "graphql"
	}
	return "core"
}

// get asks for one address; v is what the answer is read into. next is the
// page after it, 0 after the last.
func (c githubCalls) get(ctx context.Context, address string, v any) (next int, err error) {
	response, err := c.do(ctx, http.MethodGet, address, v)
	if err != nil {
		return 0, githubError(err)
	}
	return response.NextPage, nil
}

func (c githubCalls) do(ctx context.Context, method, address string, v any) (*github.Response, error) {
	request, err := c.calls.NewRequest(method, address, nil)
	if err != nil {
		return nil, err
	}
	return c.calls.Do(ctx, request, v)
}

// githubError puts what went wrong into words for whoever has to mend it.
func githubError(err error) error {
	if limit, ok := errors.AsType[*github.RateLimitError](err); ok { // go-github's own guess, before anything was sent.
		return &outgoing.LimitError{Until: limit.Rate.Reset.Time}
	}
	if app, ok := errors.AsType[*githubAppError](err); ok {
		return app
	}
	refused, ok := errors.AsType[*github.ErrorResponse](err)
	if !ok {
		return err
	}
	where := refused.Response.Request.URL.Path
	switch refused.Response.StatusCode {
	case http.StatusUnauthorized:
		return fmt.Errorf("%w: the token is wrong, was revoked or has expired", ErrRefused)
	case http.StatusForbidden:
		return fmt.Errorf("%s %w: %s", where, errGithubForbidden, shortQuote(refused.Message))
	case http.StatusNotFound:
		return fmt.Errorf("%s is not there, or %w", where, errGithubHidden)
	}
	return fmt.Errorf("%s: GitHub answered %d: %s", where, refused.Response.StatusCode, shortQuote(refused.Message))
}

// errGithubHidden says that something is not there, or may not be seen: GitHub
// does not tell these apart. errGithubForbidden says that it may not be seen.
var (
	errGithubHidden    = errors.New("the credentials may not see it")
	errGithubForbidden = errors.New("is forbidden")
)

// githubClient asks one installation of GitHub.
type githubClient struct {
	githubCalls

	settings githubSettings
	outside  Outside
	// app is the App that asks; nil where a token does.
	app *githubApp

	// batch is how many pull requests one query asks for.
	batch githubBatching

	mu    sync.Mutex
	found githubFound
}

func newGithubClient(settings githubSettings, o Outside) (*githubClient, error) {
	base, err := url.Parse(settings.API.URL)
	if err != nil {
		return nil, evenkeel.FieldErrors{{Field: "api.url", Rule: "is not an address"}}
	}
	client := &githubClient{settings: settings, outside: o}
	options := outgoing.Options{Base: base, CacheBytes: githubCache, Now: o.Now, Sleep: o.Sleep, Observe: o.Observe}
	if settings.API.App != nil {
		if client.app, err = newGithubApp(*settings.API.App, options, o); err != nil {
			return nil, err
		}
		options.Credentials = client.app
	} else {
		token, err := o.Secret(settings.API.Token)
		if err != nil {
			return nil, evenkeel.FieldErrors{{Field: "api.token", Rule: "cannot be resolved: " + err.Error()}}
		}
		options.Credentials = outgoing.Bearer(strings.TrimSpace(token))
	}
	client.githubCalls = newGithubCalls(options)
	return client, nil
}

// host is how people call the installation: github.com, or that of an
// Enterprise Server, of which the interface lies below /api/v3.
func (c *githubClient) host() string {
	if c.settings.API.URL == githubPublic {
		return "github.com"
	}
	return c.calls.BaseURL.Host
}

// Look implements Puller.
func (c *githubClient) Look(ctx context.Context) (evenkeel.Access, error) {
	access, err := c.access(ctx)
	if err != nil {
		return access, err
	}
	for name, limit := range c.stack.Limits() {
		access.Limits = append(access.Limits, evenkeel.CallLimit{Name: name, Remaining: limit.Remaining, Most: limit.Most, Reset: limit.Reset})
	}
	slices.SortFunc(access.Limits, func(a, b evenkeel.CallLimit) int { return strings.Compare(a.Name, b.Name) })
	found, err := c.repositories(ctx)
	if err != nil {
		return access, err
	}
	access.Names, access.Notes = maps.Clone(found.names), slices.Clone(found.notes)
	for _, repository := range found.kept {
		access.Streams = append(access.Streams, c.streamsOf(repository)...)
	}
	for _, hook := range found.hooks {
		access.Streams = append(access.Streams, githubHooks+" "+hook)
	}
	return access, nil
}

// access asks who we are and what we may.
func (c *githubClient) access(ctx context.Context) (access evenkeel.Access, err error) {
	if c.app != nil {
		if access, err = c.app.access(ctx); err != nil {
			return access, err
		}
	}
	response, err := c.do(ctx, http.MethodGet, "rate_limit", nil)
	if err != nil {
		return access, githubError(err)
	}
	if c.app == nil {
		access = evenkeel.Access{Identity: "a token for " + c.host(), ExpiresAt: githubExpiry(response.Header), Permissions: githubScopes(response.Header)}
	}
	return access, nil
}

// githubExpiry is when a token ends, as GitHub says with every answer.
func githubExpiry(header http.Header) time.Time {
	text := header.Get("Github-Authentication-Token-Expiration")
	for _, layout := range []string{"2006-01-02 15:04:05 MST", "2006-01-02 15:04:05 -0700"} {
		if at, err := time.Parse(layout, text); err == nil {
			return at.UTC()
		}
	}
	return time.Time{}
}

// githubNeeded are the permissions that asking needs.
func githubNeeded() []evenkeel.Permission {
	return []evenkeel.Permission{
		{Name: "metadata: read", For: "finding repositories"},
		{Name: "contents: read", For: "commits and releases"},
		{Name: "pull_requests: read", For: "changes"},
		{Name: "deployments: read", For: "deployments"},
		{Name: "actions: read", For: "builds"},
		{Name: "issues: read", For: "incidents"},
	}
}

// githubScopes are what is needed. Of a classic token GitHub says what it may;
// of a fine-grained one it does not.
func githubScopes(header http.Header) []evenkeel.Permission {
	needed := githubNeeded()
	scopes, classic := header["X-Oauth-Scopes"]
	if !classic {
		return needed
	}
	granted := false
	for scope := range strings.SplitSeq(strings.Join(scopes, ","), ",") {
		granted = granted || strings.TrimSpace(scope) == "repo"
	}
	for i := range needed {
		needed[i].Granted = &granted
	}
	return needed
}

// document is a record as the delivery that tells of it; members are those of
// its body beside the repository.
func (*githubClient) document(event string, repository json.RawMessage, members map[string]any) (Document, error) {
	members["repository"] = repository
	body, err := json.Marshal(members)
	return Document{Event: event, Header: map[string]string{githubEventHeader: event}, Body: body}, err
}
