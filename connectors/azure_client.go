package connectors

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors/outgoing"
)

// azurePage is how many records one call asks for.
const azurePage = 100

// azureClient asks Azure DevOps. Classic releases lie on a host of their own.
type azureClient struct {
	*asker

	releases *asker
	settings azureSettings
	now      func() time.Time
	known    knownAccess
	told     toldRecords
}

func newAzureClient(settings azureSettings, o Outside) (*azureClient, error) {
	token, err := resolveSecret(o, "api.token", settings.API.Token)
	if err != nil {
		return nil, err
	}
	var credentials outgoing.Credentials = outgoing.Basic{Password: token}
	if settings.API.Bearer {
		credentials = outgoing.Bearer(token)
	}
	c := &azureClient{settings: settings, now: o.Now}
	if c.asker, err = newAsker("Azure DevOps", settings.API.URL, credentials, o); err != nil {
		return nil, err
	}
	c.releases, err = newAsker("Azure DevOps", settings.API.Releases, credentials, o)
	return c, err
}

// azureSignIn is what Azure DevOps means by leading to its page for signing in.
func azureSignIn(err error) error {
	if errors.Is(err, outgoing.ErrElsewhere) {
		return fmt.Errorf("%w: Azure DevOps asks to sign in; the token is wrong, was revoked or has expired (%w)", ErrRefused, err)
	}
	return err
}

// ask asks for an address with parameters. Most of the interface has a version;
// a part of it only as a preview.
func (c *azureClient) ask(ctx context.Context, from *asker, address string, query url.Values, v any) (http.Header, error) {
	version := c.settings.API.Version
	if strings.Contains(address, "/distributedtask/") {
		version += "-preview.1"
	}
	query.Set("api-version", version)
	header, err := from.get(ctx, address+"?"+query.Encode(), v)
	return header, azureSignIn(err)
}

// azureListed is one page of any list.
type azureListed[T any] struct {
	Value []T `json:"value"`
}

// azureToken is where a list goes on, as the header of an answer says.
const azureToken = "X-Ms-Continuationtoken"

// azureAll asks for every page of a list that is not long.
func azureAll[T any](ctx context.Context, c *azureClient, address string, query url.Values) (all []T, err error) {
	query.Set("$top", strconv.Itoa(azurePage))
	for seen := map[string]bool{"": true}; ; {
		var page azureListed[T]
		header, err := c.ask(ctx, c.asker, address, query, &page)
		if err != nil {
			return nil, err
		}
		all = append(all, page.Value...)
		token := header.Get(azureToken)
		switch {
		case token == "":
			return all, nil
		case seen[token] || len(seen) > maxPages:
			return nil, errEndless
		}
		seen[token] = true
		query.Set("continuationToken", token)
	}
}

// azureSkipped asks for every page of a list that is counted through. One that
// gives the same page again would never end.
func azureSkipped[T any](ctx context.Context, c *azureClient, address string, query url.Values) (all []T, err error) {
	query.Set("$top", strconv.Itoa(azurePage))
	for first := []byte(nil); len(all) < maxPages; {
		var found azureListed[json.RawMessage]
		query.Set("$skip", strconv.Itoa(len(all)))
		if _, err := c.ask(ctx, c.asker, address, query, &found); err != nil {
			return nil, err
		}
		if len(found.Value) > 0 && bytes.Equal(first, found.Value[0]) {
			return nil, errEndless
		}
		for _, element := range found.Value {
			var one T
			if err := c.one("a record", element, &one); err != nil {
				return nil, err
			}
			all = append(all, one)
		}
		if len(found.Value) < azurePage {
			return all, nil
		}
		first = found.Value[0]
	}
	return nil, errEndless
}

// azureThing is a project, a repository or an environment in a list. Only
// repositories have an address.
type azureThing struct {
	ID       json.RawMessage `json:"id"` // A text or a number.
	Name     string          `json:"name"`
	Disabled bool            `json:"isDisabled"`
	Remote   string          `json:"remoteUrl"`
	Web      string          `json:"webUrl"`
}

func (t azureThing) id() string { return strings.Trim(string(t.ID), `"`) }

// azureNeed is a permission that is needed, and the list that it opens.
type azureNeed struct{ name, purpose, list string }

func azureNeeds() []azureNeed {
	return []azureNeed{
		{"Code (read)", "changes", "/_apis/git/repositories"},
		{"Build (read)", "builds, and stages as deployments", "/_apis/build/builds"},
		{"Environment (read & manage)", "deployments to environments of pipelines", "/_apis/distributedtask/environments"},
		{"Release (read)", "deployments of classic releases", "/_apis/release/deployments"},
	}
}

// from is the host that a list lies on.
func (c *azureClient) from(list string) *asker {
	if strings.Contains(list, "/release/") {
		return c.releases
	}
	return c.asker
}

// Look implements Puller.
func (c *azureClient) Look(ctx context.Context) (evenkeel.Access, error) {
	if _, err := c.ask(ctx, c.asker, "_apis/projects", url.Values{"$top": {"1"}}, &json.RawMessage{}); err != nil {
		return evenkeel.Access{}, err
	}
	access, err := c.known.get(ctx, c.now(), c.find)
	access.Identity = "a token for " + c.base.Host + strings.TrimSuffix(c.base.Path, "/")
	access.Limits = c.callLimits()
	return access, err
}

// find asks for the projects, and for what may be read in them.
func (c *azureClient) find(ctx context.Context) (access evenkeel.Access, err error) {
	projects, err := c.projects(ctx)
	if err != nil {
		return access, err
	}
	may := map[string]bool{}
	for _, need := range azureNeeds() {
		granted, err := c.mayList(ctx, projects[0].id(), need.list)
		if err != nil {
			return access, err
		}
		may[need.list] = granted != nil && *granted
		access.Permissions = append(access.Permissions, evenkeel.Permission{Name: need.name, For: need.purpose, Granted: granted})
	}
	learned := c.settings.Names.learning()
	for _, project := range projects {
		if key := azureProjectKey + project.id(); learned.names[key] == "" && azureNameFits(key, project.Name) {
			learned.names[key] = project.Name
		}
		streams, err := c.streamsOf(ctx, project, may, learned)
		if err != nil {
			return access, err
		}
		access.Streams = append(access.Streams, streams...)
	}
	access.Names, access.Notes = learned.names, learned.notes()
	return access, nil
}

// mayList says whether the token may read a list of a project.
func (c *azureClient) mayList(ctx context.Context, project, list string) (*bool, error) {
	granted := true
	_, err := c.ask(ctx, c.from(list), project+list, url.Values{"$top": {"1"}}, &json.RawMessage{})
	switch {
	case errors.Is(err, evenkeel.ErrNotFound): // A server without this part.
		return nil, nil
	case errors.Is(err, evenkeel.ErrDenied): // To a token that holds for other lists.
		granted = false
	case err != nil:
		return nil, err
	}
	return &granted, nil
}

// projects are those that the settings name; at least one.
func (c *azureClient) projects(ctx context.Context) (wanted []azureThing, err error) {
	all, err := azureSkipped[azureThing](ctx, c, "_apis/projects", url.Values{})
	if err != nil {
		return nil, err
	}
	for _, pattern := range c.settings.API.Projects {
		found := false
		for _, project := range all {
			first := c.settings.Names[azureProjectKey+project.id()]
			if !matchesAny([]string{pattern}, project.Name) && !strings.EqualFold(pattern, first) {
				continue
			}
			found = true
			if !slices.ContainsFunc(wanted, func(w azureThing) bool { return w.id() == project.id() }) {
				wanted = append(wanted, project)
			}
		}
		if !found {
			return nil, fmt.Errorf("project %s: %w there, or the token may not see it", shortQuote(pattern), evenkeel.ErrNotFound)
		}
	}
	return wanted, nil
}

// The lists of a project that are read.
const (
	azurePulls       = "pulls"
	azureActive      = "active"
	azureBuilds      = "builds"
	azureEnvironment = "environment"
	azureDeployments = "releases"
)

// streamsOf names the lists of a project that may be read, and learns the names
// of its repositories.
func (c *azureClient) streamsOf(ctx context.Context, project azureThing, may map[string]bool, learned *nameLearning) (names []string, err error) {
	for _, need := range azureNeeds() {
		if !may[need.list] {
			continue
		}
		switch need.list {
		case "/_apis/git/repositories":
			repositories, err := azureAll[azureThing](ctx, c, project.id()+need.list, url.Values{})
			if err != nil {
				return nil, err
			}
			for _, one := range repositories {
				if c.settings.learn(learned, one.id(), firstText(one.Remote, one.Web)); !one.Disabled {
					name, id := project.Name+"/"+one.Name, one.id()
					names = append(names, streamName(azurePulls, name, id), streamName(azureActive, name, id))
				}
			}
		case "/_apis/build/builds":
			names = append(names, streamName(azureBuilds, project.Name, project.id()))
		case "/_apis/distributedtask/environments":
			environments, err := azureAll[azureThing](ctx, c, project.id()+need.list, url.Values{})
			if errors.Is(err, evenkeel.ErrNotFound) {
				continue
			}
			if err != nil {
				return nil, err
			}
			for _, one := range environments {
				names = append(names, streamName(azureEnvironment, project.Name+"/"+one.Name, project.id()+"_"+one.id()))
			}
		default:
			names = append(names, streamName(azureDeployments, project.Name, project.id()))
		}
	}
	return names, nil
}
