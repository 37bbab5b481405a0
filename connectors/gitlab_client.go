package connectors

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	gitlab "github.com/xanzy/go-gitlab"

	"github.com/evenkeel-dev/evenkeel"
)

// gitlabCalls is all that is wanted of a library of GitLab's interface, so that
// another one can take its place in this file. Records come as GitLab wrote
// them, because the types of libraries lack members that GitLab sends.
type gitlabCalls interface {
	// get asks for an address below the interface, of which every part is
	// escaped: "projects/30/jobs". query is a record of parameters, or nil; more
	// are those that lead to a page of a list that has no numbers. What is
	// answered is read into a record of its own.
	get(ctx context.Context, address string, query *gitlabQuery, more string, into any) (gitlabPages, error)
}

// gitlabPages is what an answer says of the pages of its list.
type gitlabPages struct {
	// next is the number of the page after it; 0 is none.
	next int
	// more leads to the page after it in a list without numbers; empty is none.
	more string
	// total counts the records of the list; 0 is unknown.
	total int
}

// gitlabQuery are parameters of lists; zero ones are not sent. Instants are
// texts, because go-gitlab would cut off what is below a second.
type gitlabQuery struct {
	Pagination       string `url:"pagination,omitempty"`
	Page             int    `url:"page,omitempty"`
	PerPage          int    `url:"per_page,omitempty"`
	OrderBy          string `url:"order_by,omitempty"`
	Sort             string `url:"sort,omitempty"`
	UpdatedAfter     string `url:"updated_after,omitempty"`
	UpdatedBefore    string `url:"updated_before,omitempty"`
	Since            string `url:"since,omitempty"`
	Scope            string `url:"scope,omitempty"`
	State            string `url:"state,omitempty"`
	IssueType        string `url:"issue_type,omitempty"`
	Archived         *bool  `url:"archived,omitempty"`
	Membership       bool   `url:"membership,omitempty"`
	IncludeSubgroups bool   `url:"include_subgroups,omitempty"`
	WithShared       *bool  `url:"with_shared,omitempty"`
	WithProjects     *bool  `url:"with_projects,omitempty"`
	AllAvailable     *bool  `url:"all_available,omitempty"`
	IncludeRetried   bool   `url:"include_retried,omitempty"`
}

// gitlabLibrary is go-gitlab, which makes the requests and reads the errors.
// What it does beyond that is switched off: it would try again without heeding
// Retry-After, wait by a limiter of its own that is not safe for concurrent
// use, send its token along to other hosts, and fall over a malformed Link.
type gitlabLibrary struct{ calls *gitlab.Client } //nolint:staticcheck // Deprecated, and chosen: docs/adr/0032.

func newGitlabLibrary(base string, client *http.Client) (*gitlabLibrary, error) {
	own := *client
	own.Transport = gitlabLinks{client.Transport}
	calls, err := gitlab.NewOAuthClient("", //nolint:staticcheck // As above. The stack below signs requests.
		gitlab.WithBaseURL(base), gitlab.WithHTTPClient(&own), gitlab.WithoutRetries(), gitlab.WithCustomLimiter(gitlabPatience{}))
	if err != nil {
		return nil, fmt.Errorf("the address of GitLab: %w", err)
	}
	calls.UserAgent = "Evenkeel"
	return &gitlabLibrary{calls}, nil
}

// gitlabPatience is a limiter that never waits: the stack below does.
type gitlabPatience struct{}

func (gitlabPatience) Wait(context.Context) error { return nil }

// get implements gitlabCalls.
func (l *gitlabLibrary) get(ctx context.Context, address string, query *gitlabQuery, more string, into any) (gitlabPages, error) {
	options := []gitlab.RequestOptionFunc{gitlab.WithContext(ctx)}
	if more != "" {
		options = append(options, gitlab.WithKeysetPaginationParameters("?"+more))
	}
	var parameters any
	if query != nil {
		parameters = *query
	}
	request, err := l.calls.NewRequest(http.MethodGet, address, parameters, options)
	if err != nil {
		return gitlabPages{}, err
	}
	response, err := l.calls.Do(request, into)
	if err != nil {
		return gitlabPages{}, gitlabError(address, err)
	}
	return gitlabPages{next: response.NextPage, total: response.TotalItems, more: response.Header.Get(gitlabMore)}, nil
}

// gitlabRefusal is an answer of GitLab that refuses something.
type gitlabRefusal struct {
	status int
	text   string
}

func (r *gitlabRefusal) Error() string {
	if r.status == http.StatusNotFound {
		return "not found: " + r.text
	}
	return r.text
}

// Unwrap says what kind of refusal it is; nil for one of no kind.
func (r *gitlabRefusal) Unwrap() error {
	return map[int]error{
		http.StatusBadRequest: evenkeel.ErrInvalid, http.StatusForbidden: evenkeel.ErrDenied, http.StatusNotFound: evenkeel.ErrNotFound,
	}[r.status]
}

// gitlabError puts what went wrong into words for whoever has to mend it.
func gitlabError(address string, err error) error {
	if path, bad := url.PathUnescape(address); bad == nil {
		address = path
	}
	if errors.Is(err, gitlab.ErrNotFound) {
		return &gitlabRefusal{http.StatusNotFound, address + " is not there, or the token may not see it"}
	}
	if misread(err) {
		return fmt.Errorf("%s: what is answered is not the JSON that GitLab sends: %w", address, err)
	}
	refused, ok := errors.AsType[*gitlab.ErrorResponse](err)
	if !ok {
		return fmt.Errorf("%s: %w", address, plainly(err))
	}
	switch status := refused.Response.StatusCode; status {
	case http.StatusUnauthorized:
		return fmt.Errorf("%w: the token is wrong, was revoked or has expired", ErrRefused)
	case http.StatusForbidden:
		return &gitlabRefusal{status, address + " is forbidden: " + shortQuote(refused.Message)}
	default:
		return &gitlabRefusal{status, address + ": GitLab answered " + strconv.Itoa(status) + ": " + shortQuote(refused.Message)}
	}
}

// misread says that an error is one of reading JSON.
func misread(err error) bool {
	_, syntax := errors.AsType[*json.SyntaxError](err)
	_, kind := errors.AsType[*json.UnmarshalTypeError](err)
	return syntax || kind
}

// gitlabRead reads one record of a list.
func gitlabRead(what string, text json.RawMessage, into any) error {
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("%s is not the JSON that GitLab sends: %w", what, err)
	}
	return nil
}

// gitlabMore is where gitlabLinks leaves the parameters of the next page.
const gitlabMore = "X-Evenkeel-More"

// gitlabLinks reads the header Link in the place of go-gitlab. Of the address
// of the next page it keeps the parameters only, so that no answer can lead
// somewhere else.
type gitlabLinks struct{ next http.RoundTripper }

func (l gitlabLinks) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := l.next.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	links := strings.Join(response.Header.Values("Link"), ", ")
	response.Header.Del("Link")
	response.Header.Set(gitlabMore, gitlabNextOf(links))
	return response, nil
}

var gitlabLink = regexp.MustCompile(`<([^<>]*)>\s*;[^<]*\brel="?next"?`)

func gitlabNextOf(links string) string {
	found := gitlabLink.FindStringSubmatch(links)
	if found == nil {
		return ""
	}
	next, err := url.Parse(found[1])
	if err != nil {
		return ""
	}
	return next.RawQuery
}
