package connectors

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors/outgoing"
)

const (
	// gitlabPage is how many records one call asks for, the most that GitLab gives.
	gitlabPage = 100
	// gitlabDeepest is the last page that may be asked for by its number: GitLab
	// goes no further than 50,000 records so.
	gitlabDeepest = 50_000 / gitlabPage
	// gitlabProjectsAge is how long the list of projects holds: with many of
	// them it takes many calls.
	gitlabProjectsAge = 10 * time.Minute
)

// gitlabPuller asks one installation of GitLab. It is safe for concurrent use.
type gitlabPuller struct {
	settings gitlabSettings
	outside  Outside
	// asker has the stack that all calls go through.
	asker *asker
	api   gitlabCalls

	mu       sync.Mutex
	projects map[int64]*gitlabListedProject
	listed   time.Time
}

// gitlabListedProject is a project in a list of the interface.
type gitlabListedProject struct {
	gitlabProject
	Path     string `json:"path_with_namespace"`
	Archived bool   `json:"archived"`
	Empty    bool   `json:"empty_repo"`
	// What a project has switched off is "disabled".
	Requests     string `json:"merge_requests_access_level"`
	Repository   string `json:"repository_access_level"`
	Builds       string `json:"builds_access_level"`
	Environments string `json:"environments_access_level"`
	Releases     string `json:"releases_access_level"`
	Issues       string `json:"issues_access_level"`
	Flags        string `json:"feature_flags_access_level"`
}

func newGitlabPuller(settings gitlabSettings, o Outside) (*gitlabPuller, error) {
	token, err := resolveSecret(o, "api.token", settings.API.Token)
	if err != nil {
		return nil, err
	}
	p := &gitlabPuller{settings: settings, outside: o}
	// GitLab takes every kind of token as a bearer's.
	if p.asker, err = newAsker("GitLab", settings.API.URL, outgoing.Bearer(token), o); err != nil {
		return nil, err
	}
	p.api, err = newGitlabLibrary(settings.API.URL, p.asker.calls.Client)
	return p, err
}

// Look implements Puller.
func (p *gitlabPuller) Look(ctx context.Context) (evenkeel.Access, error) {
	token, err := p.token(ctx)
	if err != nil {
		return evenkeel.Access{}, err
	}
	access := evenkeel.Access{Identity: "a token for " + p.asker.base.Host, ExpiresAt: token.expires(p.outside.Now()), Permissions: p.permissions(token)}
	projects, err := p.wanted(ctx)
	for _, project := range projects {
		access.Streams = append(access.Streams, p.streamsOf(project)...)
	}
	learned := p.settings.learn(projects)
	access.Limits, access.Names, access.Notes = p.asker.callLimits(), learned.names, learned.notes()
	return access, err
}

// gitlabToken is what GitLab says of the token that asks: of those of people,
// projects and groups in one form, of those of OAuth in another.
type gitlabToken struct {
	Scopes    []string `json:"scopes"`
	ExpiresAt string   `json:"expires_at"`
	Scope     []string `json:"scope"`
	ExpiresIn int64    `json:"expires_in"`
}

// token asks which token this is. Where GitLab does not say, any call shows
// whether it holds.
func (p *gitlabPuller) token(ctx context.Context) (t gitlabToken, err error) {
	_, err = p.api.get(ctx, "personal_access_tokens/self", nil, "", &t)
	if _, unknown := errors.AsType[*gitlabRefusal](err); !unknown {
		return t, err
	}
	if _, err := p.asker.get(ctx, "oauth/token/info", &t); err == nil { // It lies outside the interface.
		return t, nil
	}
	var version json.RawMessage
	_, err = p.api.get(ctx, "version", nil, "", &version)
	return gitlabToken{}, err
}

// expires is when a token ends: at the beginning of a day, or some seconds
// from now. Zero is never, or unknown.
func (t gitlabToken) expires(now time.Time) time.Time {
	if t.ExpiresIn > 0 {
		return now.Add(time.Duration(t.ExpiresIn) * time.Second).Truncate(time.Minute).UTC()
	}
	at, _ := time.Parse(time.DateOnly, t.ExpiresAt)
	return at
}

// permissions are what is needed. GitLab tells the scopes of a token, but not
// in a call or two which role it has in each project.
func (p *gitlabPuller) permissions(t gitlabToken) []evenkeel.Permission {
	reads := evenkeel.Permission{Name: "read_api", For: "everything that is read"}
	if scopes := slices.Concat(t.Scopes, t.Scope); len(scopes) > 0 {
		granted := slices.Contains(scopes, "read_api") || slices.Contains(scopes, "api")
		reads.Granted = &granted
	}
	needed := []evenkeel.Permission{reads, {Name: "role Reporter", For: "deployments, environments, pipelines and confidential incidents"}}
	if p.settings.API.FeatureFlags {
		needed = append(needed, evenkeel.Permission{Name: "role Developer", For: "feature flags"})
	}
	return needed
}

// wanted are the projects to be read, by id.
func (p *gitlabPuller) wanted(ctx context.Context) ([]*gitlabListedProject, error) {
	p.mu.Lock()
	held, age := p.projects, p.outside.Now().Sub(p.listed)
	p.mu.Unlock()
	if held == nil || age >= gitlabProjectsAge {
		var err error
		if held, err = p.find(ctx); err != nil {
			return nil, err
		}
		p.mu.Lock()
		p.projects, p.listed = held, p.outside.Now()
		p.mu.Unlock()
	}
	list := make([]*gitlabListedProject, 0, len(held))
	for _, project := range held {
		list = append(list, project)
	}
	slices.SortFunc(list, func(a, b *gitlabListedProject) int { return int(a.ID - b.ID) })
	return list, nil
}

// find lists the projects of the groups, and looks up the single ones.
func (p *gitlabPuller) find(ctx context.Context) (map[int64]*gitlabListedProject, error) {
	found := map[int64]*gitlabListedProject{}
	for _, group := range p.settings.API.Groups {
		list, err := p.projectsOf(ctx, group)
		if err != nil {
			return nil, err
		}
		for _, element := range list {
			project := &gitlabListedProject{}
			if err := gitlabRead("a project", element, project); err != nil {
				return nil, err
			}
			if !project.Archived && p.settings.API.wants(project.Path) {
				found[project.ID] = project
			}
		}
	}
	for _, path := range p.settings.API.Projects {
		project := &gitlabListedProject{}
		if _, err := p.api.get(ctx, "projects/"+url.PathEscape(path), nil, "", project); err != nil {
			return nil, err
		}
		found[project.ID] = project
	}
	return found, nil
}

// projectsOf lists the projects of a group and its sub-groups, or those that
// the token is a member of; only the latter list is given by keyset.
func (p *gitlabPuller) projectsOf(ctx context.Context, group string) ([]json.RawMessage, error) {
	no := false
	query := gitlabQuery{OrderBy: "id", Sort: "asc", Archived: &no}
	if group == gitlabMember {
		query.Pagination, query.Membership = "keyset", true
		return p.all(ctx, "projects", query, maxRecords)
	}
	query.IncludeSubgroups, query.WithShared = true, &no
	return p.all(ctx, "groups/"+url.PathEscape(group)+"/projects", query, maxRecords)
}

// all asks for every page of a list, up to about so many records. A list that
// leads to a page twice, or gives one page under every number, has no end.
func (p *gitlabPuller) all(ctx context.Context, address string, query gitlabQuery, most int) (all []json.RawMessage, err error) {
	query.PerPage = gitlabPage
	asked, first := map[string]bool{}, ""
	for more := ""; ; {
		var page []json.RawMessage
		pages, err := p.api.get(ctx, address, &query, more, &page)
		if err != nil {
			return nil, err
		}
		next := strconv.Itoa(pages.next)
		if query.Pagination != "" {
			next, more = pages.more, pages.more
		}
		switch all = append(all, page...); {
		case next == "" || next == "0" || len(all) >= most:
			return all, nil
		case len(page) == 0:
			return nil, errHollow
		case asked[next] || first == string(page[0]) || len(asked) >= maxPages || query.Pagination == "" && pages.next > gitlabDeepest:
			return nil, errEndless
		}
		asked[next], first, query.Page = true, string(page[0]), pages.next
	}
}

// project is one by its id, which stays when it is renamed or moved.
func (p *gitlabPuller) project(ctx context.Context, id int64) (*gitlabListedProject, error) {
	p.mu.Lock()
	held, fresh := p.projects[id], p.outside.Now().Sub(p.listed) < gitlabProjectsAge
	p.mu.Unlock()
	if held != nil && fresh {
		return held, nil
	}
	project := &gitlabListedProject{}
	_, err := p.api.get(ctx, "projects/"+strconv.FormatInt(id, 10), nil, "", project)
	return project, err
}
