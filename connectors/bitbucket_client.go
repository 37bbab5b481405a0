package connectors

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors/outgoing"
)

const bitbucketPublic = "https://api.bitbucket.org/2.0/"

// bitbucketClient asks Bitbucket Cloud.
type bitbucketClient struct {
	*asker

	settings bitbucketSettings
	now      func() time.Time
	known    knownAccess
	told     toldRecords
}

func newBitbucketClient(settings bitbucketSettings, o Outside) (*bitbucketClient, error) {
	token, err := resolveSecret(o, "api.token", settings.API.Token)
	if err != nil {
		return nil, err
	}
	var credentials outgoing.Credentials = outgoing.Bearer(token)
	if settings.API.User != "" {
		credentials = outgoing.Basic{Name: settings.API.User, Password: token}
	}
	asker, err := newAsker("Bitbucket", settings.API.URL, credentials, o)
	return &bitbucketClient{asker: asker, settings: settings, now: o.Now}, err
}

// bitbucketFound is a repository in a list of those that there are.
type bitbucketFound struct {
	UUID     string `json:"uuid"`
	FullName string `json:"full_name"`
}

// Look implements Puller.
func (c *bitbucketClient) Look(ctx context.Context) (evenkeel.Access, error) {
	workspace, _, _ := strings.Cut(c.settings.API.Repositories[0], "/")
	header, err := c.get(ctx, "repositories/"+workspace+"?pagelen=1&fields=values.uuid", &json.RawMessage{})
	if err != nil {
		return evenkeel.Access{}, err
	}
	access, err := c.known.get(ctx, c.now(), c.find)
	access.Identity, access.Limits = "a token for "+c.base.Host, c.callLimits()
	access.Permissions = bitbucketPermissions(header)
	return access, err
}

// bitbucketPermissions are what is needed. Of most kinds of tokens Bitbucket
// says what they may.
func bitbucketPermissions(header http.Header) []evenkeel.Permission {
	needed := []evenkeel.Permission{
		{Name: "repository", For: "finding repositories, commits and their build statuses"},
		{Name: "pullrequest", For: "changes"},
		{Name: "pipeline", For: "builds and deployments of Pipelines"},
	}
	scopes, says := header["X-Oauth-Scopes"]
	if !says {
		return needed
	}
	var may []string
	for scope := range strings.SplitSeq(strings.Join(scopes, ","), ",") {
		may = append(may, bitbucketGrants(strings.TrimSpace(scope))...)
	}
	for i := range needed {
		granted := slices.Contains(may, needed[i].Name)
		needed[i].Granted = &granted
	}
	return needed
}

// bitbucketGrants are the scopes that a scope contains, as Bitbucket calls them:
// "pullrequest:write" and "read:pullrequest:bitbucket" both read pull requests,
// and who may read pull requests may read repositories in the older form.
func bitbucketGrants(scope string) []string {
	if newer, ok := strings.CutSuffix(scope, ":bitbucket"); ok {
		_, thing, _ := strings.Cut(newer, ":")
		return []string{thing}
	}
	thing, _, _ := strings.Cut(scope, ":")
	if thing == "pullrequest" {
		return []string{thing, "repository"}
	}
	return []string{thing}
}

// find asks for the repositories that the settings name, of which patterns
// stand for what the token can see.
func (c *bitbucketClient) find(ctx context.Context) (access evenkeel.Access, err error) {
	found, err := c.repositories(ctx)
	if err != nil {
		return access, err
	}
	learned, seen := c.settings.Names.learning(), map[bitbucketFound]bool{}
	for _, repository := range found {
		if seen[repository] {
			continue
		}
		seen[repository] = true
		kept := repository.FullName
		if id := bitbucketID(repository.UUID); id != "" && keptPath.MatchString(kept) {
			kept = learned.name(id, kept)
		}
		access.Streams = append(access.Streams, c.streamsOf(repository, kept)...)
	}
	access.Names, access.Notes = learned.names, learned.notes()
	return access, nil
}

func (c *bitbucketClient) repositories(ctx context.Context) (found []bitbucketFound, err error) {
	listed := map[string]bool{}
	for _, one := range c.settings.API.Repositories {
		workspace, _, _ := strings.Cut(one, "/")
		var more []bitbucketFound
		switch {
		case !strings.ContainsAny(one, "*?["):
			more, err = c.named(ctx, workspace, one)
		case !listed[workspace]:
			listed[workspace] = true
			more, err = c.matching(ctx, workspace)
		}
		if err != nil {
			return nil, err
		}
		found = append(found, more...)
	}
	return found, nil
}

// named looks a name up. The repository that is kept under it may be called
// otherwise by now, and the name may be that of another, which is read too.
func (c *bitbucketClient) named(ctx context.Context, workspace, name string) (found []bitbucketFound, err error) {
	const fields = "?fields=uuid,full_name"
	if id := c.settings.Names.idOf(name); id != "" {
		var kept bitbucketFound
		if err := c.ifAny(ctx, bitbucketAt(workspace, id, fields), &kept); err != nil {
			return nil, err
		}
		if kept.UUID != "" {
			found = append(found, kept)
		}
	}
	var now bitbucketFound
	_, err = c.get(ctx, "repositories/"+name+fields, &now)
	if errors.Is(err, evenkeel.ErrNotFound) && len(found) > 0 {
		return found, nil
	}
	return append(found, now), err
}

// matching are the repositories of a workspace that fit a pattern of the settings.
func (c *bitbucketClient) matching(ctx context.Context, workspace string) (found []bitbucketFound, err error) {
	all, err := c.all(ctx, "repositories/"+workspace+"?pagelen=100&fields=next,values.uuid,values.full_name", maxPages)
	if err != nil {
		return nil, err
	}
	for _, element := range all {
		var one bitbucketFound
		if err := c.one("a repository", element, &one); err != nil {
			return nil, err
		}
		if matchesAny(c.settings.API.Repositories, one.FullName) {
			found = append(found, one)
		}
	}
	return found, nil
}

// page asks for one page of a list; next is the address of the page after it,
// "" after the last.
func (c *bitbucketClient) page(ctx context.Context, address string) (page bitbucketPage, next string, err error) {
	if _, err := c.get(ctx, address, &page); err != nil {
		return page, "", err
	}
	if page.Next != "" {
		next, err = c.below(page.Next)
	}
	return page, next, err
}

// bitbucketPage is a page of a list. Size counts the whole list; 0 is unknown.
type bitbucketPage struct {
	Values []json.RawMessage `json:"values"`
	Next   string            `json:"next"`
	Size   int               `json:"size"`
}

// all asks for every page of a list, until there are so many records.
func (c *bitbucketClient) all(ctx context.Context, address string, most int) (all []json.RawMessage, err error) {
	seen := map[string]bool{}
	for address != "" && len(all) < most {
		if seen[address] || len(seen) > maxPages {
			return nil, errEndless
		}
		seen[address] = true
		page, next, err := c.page(ctx, address)
		if err != nil {
			return nil, err
		}
		all, address = append(all, page.Values...), next
	}
	return all, nil
}

// bitbucketAt addresses something of a repository by its id, which a change of its
// name leaves.
func bitbucketAt(workspace, id, what string) string {
	return "repositories/" + workspace + "/" + url.PathEscape("{"+id+"}") + what
}
