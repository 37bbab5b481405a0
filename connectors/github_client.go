package connectors

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
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

// githubClient asks one installation of GitHub. go-github makes the requests
// and follows pages; the records themselves are kept as they came, because
// its types lack members that GitHub sends.
type githubClient struct {
	settings githubSettings
	outside  Outside
	calls    *github.Client
	limits   *outgoing.Client
}

func newGithubClient(settings githubSettings, o Outside) (*githubClient, error) {
	token, err := o.Secret(settings.API.Token)
	if err != nil {
		return nil, evenkeel.FieldErrors{{Field: "api.token", Rule: "cannot be resolved: " + err.Error()}}
	}
	base, err := url.Parse(settings.API.URL)
	if err != nil {
		return nil, evenkeel.FieldErrors{{Field: "api.url", Rule: "is not an address"}}
	}
	client := &githubClient{settings: settings, outside: o}
	client.limits = outgoing.New(outgoing.Options{
		Base: base, Credentials: outgoing.Bearer(token), CacheBytes: githubCache, Now: o.Now, Sleep: o.Sleep, Observe: o.Observe,
	})
	client.calls = github.NewClient(client.limits.Client)
	client.calls.BaseURL = base
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

// get asks for one address; v is what the answer is read into. next is the
// page after it, 0 after the last.
func (c *githubClient) get(ctx context.Context, address string, v any) (next int, err error) {
	request, err := c.calls.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		return 0, err
	}
	response, err := c.calls.Do(ctx, request, v)
	if err != nil {
		return 0, githubError(err)
	}
	return response.NextPage, nil
}

// githubError puts what went wrong into words for whoever has to mend it.
func githubError(err error) error {
	if limit, ok := errors.AsType[*github.RateLimitError](err); ok { // go-github's own guess, before anything was sent.
		return &outgoing.LimitError{Until: limit.Rate.Reset.Time}
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
		return fmt.Errorf("%s is forbidden: %s", where, shortQuote(refused.Message))
	case http.StatusNotFound:
		return fmt.Errorf("%s is not there, or the token may not see it", where)
	}
	return fmt.Errorf("%s: GitHub answered %d: %s", where, refused.Response.StatusCode, shortQuote(refused.Message))
}

// Look implements Puller.
func (c *githubClient) Look(ctx context.Context) (evenkeel.Access, error) {
	request, err := c.calls.NewRequest(http.MethodGet, "rate_limit", nil)
	if err != nil {
		return evenkeel.Access{}, err
	}
	response, err := c.calls.Do(ctx, request, nil)
	if err != nil {
		return evenkeel.Access{}, githubError(err)
	}
	access := evenkeel.Access{Identity: "a token for " + c.host(), ExpiresAt: githubExpiry(response.Header), Permissions: c.permissions(response.Header)}
	for name, limit := range c.limits.Limits() {
		access.Limits = append(access.Limits, evenkeel.CallLimit{Name: name, Remaining: limit.Remaining, Most: limit.Most, Reset: limit.Reset})
	}
	repositories, err := c.repositories(ctx)
	for _, repository := range repositories {
		access.Streams = append(access.Streams, c.streamsOf(repository)...)
	}
	return access, err
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

// permissions are what is needed. Of a classic token GitHub says what it may;
// of a fine-grained one it does not.
func (*githubClient) permissions(header http.Header) []evenkeel.Permission {
	needed := []evenkeel.Permission{
		{Name: "metadata: read", For: "finding repositories"},
		{Name: "contents: read", For: "commits and releases"},
		{Name: "pull_requests: read", For: "changes"},
		{Name: "deployments: read", For: "deployments"},
		{Name: "actions: read", For: "builds"},
		{Name: "issues: read", For: "incidents"},
	}
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

// repositories are those to be read: the names that the settings give, of
// which patterns stand for what the token can see.
func (c *githubClient) repositories(ctx context.Context) ([]string, error) {
	var names, patterns []string
	for _, one := range c.settings.API.Repositories {
		if strings.ContainsAny(one, "*?[") {
			patterns = append(patterns, one)
		} else {
			names = append(names, one)
		}
	}
	if len(patterns) == 0 {
		return names, nil
	}
	for page := 1; page != 0; {
		var found []struct {
			FullName string `json:"full_name"`
			Archived bool   `json:"archived"`
		}
		next, err := c.get(ctx, "user/repos?per_page="+strconv.Itoa(githubPage)+"&page="+strconv.Itoa(page), &found)
		if err != nil {
			return nil, err
		}
		for _, one := range found {
			if !one.Archived && matchesAny(patterns, one.FullName) {
				names = append(names, one.FullName)
			}
		}
		if page = next; page > maxPages {
			return nil, errEndless
		}
	}
	return names, nil
}

func matchesAny(patterns []string, name string) bool {
	for _, pattern := range patterns {
		if fits, err := path.Match(strings.ToLower(pattern), strings.ToLower(name)); err == nil && fits {
			return true
		}
	}
	return false
}

// document is a record as the delivery that tells of it; members are those of
// its body beside the repository.
func (c *githubClient) document(event string, repository json.RawMessage, members map[string]any) (Document, error) {
	members["repository"] = repository
	body, err := json.Marshal(members)
	return Document{Event: event, Header: map[string]string{githubEventHeader: event}, Body: body}, err
}
