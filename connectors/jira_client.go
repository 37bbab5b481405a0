package connectors

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors/outgoing"
)

// jiraClient asks one site, of the Cloud or of a Data Center.
type jiraClient struct {
	*asker
	settings jiraSettings
	outside  Outside

	mu sync.Mutex
	// understood are the queries that Jira has answered.
	understood map[string]bool
}

func newJiraClient(settings jiraSettings, o Outside) (*jiraClient, error) {
	token, err := resolveSecret(o, "api.token", settings.API.Token)
	if err != nil {
		return nil, err
	}
	var credentials outgoing.Credentials = outgoing.Bearer(token)
	if settings.API.User != "" {
		credentials = outgoing.Basic{Name: settings.API.User, Password: token}
	}
	asks, err := newAsker("Jira", settings.API.URL, credentials, o)
	if err != nil {
		return nil, err
	}
	asks.reason = jiraReason
	return &jiraClient{asker: asks, settings: settings, outside: o, understood: map[string]bool{}}, nil
}

// jiraReason is what Jira says of a request that it refuses.
func jiraReason(body []byte) string {
	var said struct {
		Messages []string          `json:"errorMessages"`
		Errors   map[string]string `json:"errors"`
	}
	if json.Unmarshal(body, &said) != nil {
		return ""
	}
	for _, text := range said.Errors {
		said.Messages = append(said.Messages, text)
	}
	return firstText(said.Messages...)
}

// jiraSite is what Jira says of itself and of the account.
type jiraSite struct {
	// Address is the one that people open.
	Address string
	Cloud   bool
	// zone is that of the times in queries.
	zone *time.Location
}

func (s jiraSite) edition() string {
	if s.Cloud {
		return "Cloud"
	}
	return "Data Center"
}

// site asks who Jira is, and who we are: only the account's own address refuses
// a token that is wrong, others answer as to anybody.
func (c *jiraClient) site(ctx context.Context) (jiraSite, error) {
	var account struct {
		TimeZone string `json:"timeZone"`
	}
	if _, err := c.get(ctx, "rest/api/2/myself", &account); err != nil {
		return jiraSite{}, err
	}
	var info struct {
		BaseURL string `json:"baseUrl"`
		Type    string `json:"deploymentType"`
	}
	if _, err := c.get(ctx, "rest/api/2/serverInfo", &info); err != nil {
		return jiraSite{}, err
	}
	zone, err := time.LoadLocation(account.TimeZone)
	if err != nil || account.TimeZone == "" || account.TimeZone == "Local" {
		return jiraSite{}, fmt.Errorf("jira says that the account's time zone is %s, which is none; choose another in its profile", shortQuote(account.TimeZone))
	}
	return jiraSite{Address: firstText(info.BaseURL, c.base.String()), Cloud: strings.EqualFold(info.Type, "Cloud"), zone: zone}, nil
}

// Look implements Puller.
func (c *jiraClient) Look(ctx context.Context) (evenkeel.Access, error) {
	site, err := c.site(ctx)
	if err != nil {
		return evenkeel.Access{}, err
	}
	access := evenkeel.Access{Identity: "an account of " + c.base.Host + " (" + site.edition() + ", time zone " + site.zone.String() + ")", Limits: c.callLimits()}
	if access.Permissions, err = c.permissions(ctx); err != nil {
		return access, err
	}
	for _, list := range c.lists() {
		understood, err := c.understands(ctx, site, list)
		if err != nil {
			return access, err
		}
		access.Permissions = append(access.Permissions, understood)
		access.Streams = append(access.Streams, list.name)
	}
	return access, nil
}

// permissions asks for the right to see issues, in the projects that are named
// or, where queries choose, anywhere.
func (c *jiraClient) permissions(ctx context.Context) (found []evenkeel.Permission, err error) {
	projects := []string{""}
	if c.settings.Incidents != nil {
		projects = c.settings.Incidents.Projects
	}
	for _, project := range projects {
		query, name := url.Values{"permissions": {"BROWSE_PROJECTS"}}, "Browse projects"
		if project != "" {
			query.Set("projectKey", project)
			name += ": " + project
		}
		var mine struct {
			Permissions map[string]struct {
				Have bool `json:"havePermission"`
			} `json:"permissions"`
		}
		if _, err := c.get(ctx, "rest/api/2/mypermissions?"+query.Encode(), &mine); err != nil && !errors.Is(err, evenkeel.ErrNotFound) && !errors.Is(err, evenkeel.ErrInvalid) {
			return nil, err
		}
		granted := mine.Permissions["BROWSE_PROJECTS"].Have
		found = append(found, evenkeel.Permission{Name: name, For: "seeing issues", Granted: &granted})
	}
	return found, nil
}

// understands says whether Jira answers a query. One that it has answered is
// not tried again.
func (c *jiraClient) understands(ctx context.Context, site jiraSite, list jiraList) (evenkeel.Permission, error) {
	granted := true
	p := evenkeel.Permission{Name: "search: " + list.name, For: "reading the list", Granted: &granted}
	c.mu.Lock()
	known := c.understood[list.jql]
	c.mu.Unlock()
	if known {
		return p, nil
	}
	_, err := c.get(ctx, site.search()+url.Values{"jql": {list.jql}, "maxResults": {"1"}, "fields": {"updated"}}.Encode(), &struct{}{})
	if errors.Is(err, evenkeel.ErrInvalid) {
		granted, p.For = false, err.Error()
		return p, nil
	}
	if err == nil {
		c.mu.Lock()
		c.understood[list.jql] = true
		c.mu.Unlock()
	}
	return p, err
}

// search is the address that finds issues, up to its query.
func (s jiraSite) search() string {
	if s.Cloud {
		return "rest/api/3/search/jql?"
	}
	return "rest/api/2/search?"
}
