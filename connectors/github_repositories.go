package connectors

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

const (
	// githubSearch is how long it is believed which repositories there are.
	githubSearch = 10 * time.Minute
	// githubMost is how many repositories one connection reads.
	githubMost = 2000
	// githubHookNeeds is what reading webhooks takes.
	githubHookNeeds = "It takes a GitHub App with a webhook, or a token with organization_hooks: read or repository_hooks: read (admin:org_hook or read:repo_hook of a classic token)" //nolint:misspell // GitHub's names.
)

// githubFound are the repositories that are read.
type githubFound struct {
	at time.Time
	// kept are the names under which they are kept, in the order of the settings.
	kept []string
	// names lead from GitHub's number of every repository that was ever read to
	// the name that it had first.
	names repositoryNames
	notes []string
	// hooks are the addresses of the webhooks that lead here.
	hooks []string
}

// githubListed is a repository in a list.
type githubListed struct {
	ID       int64  `json:"id"`
	FullName string `json:"full_name"`
	Archived bool   `json:"archived"`
}

// repositories are those to be read: the names that the settings give, of
// which patterns stand for what the credentials can see.
func (c *githubClient) repositories(ctx context.Context) (githubFound, error) {
	c.mu.Lock()
	found := c.found
	c.mu.Unlock()
	if now := c.outside.Now(); !found.at.IsZero() && now.Sub(found.at) < githubSearch {
		return found, nil
	}
	found, err := c.search(ctx)
	if err == nil {
		c.mu.Lock()
		c.found = found
		c.mu.Unlock()
	}
	return found, err
}

func (c *githubClient) search(ctx context.Context) (githubFound, error) {
	s := &githubSearching{githubClient: c, seen: map[string]bool{}, learned: c.settings.Names.learning()}
	var patterns []string
	for _, name := range c.settings.API.Repositories {
		if githubGlobbed(name) {
			patterns = append(patterns, name)
		} else if err := s.one(ctx, name); err != nil {
			return githubFound{}, err
		}
	}
	for _, list := range c.lists(patterns) {
		if err := s.list(ctx, list, patterns); err != nil {
			return githubFound{}, err
		}
	}
	s.notes = slices.Concat(noteOf("%d archived repositories are left out: %s", s.archived), s.learned.notes())
	if s.left > 0 {
		s.notes = append(s.notes, fmt.Sprintf("%d repositories beyond %d are not read; narrow api.repositories, or make a second connection", s.left, githubMost))
	}
	hooks, without, err := c.hooks(ctx)
	if err != nil {
		return githubFound{}, err
	}
	s.notes = append(s.notes, noteOf("Deliveries of webhooks that failed are not looked for in %d places whose webhooks may not be read: %s. "+githubHookNeeds, without)...)
	return githubFound{at: c.outside.Now(), kept: s.kept, names: s.learned.names, notes: s.notes, hooks: hooks}, nil
}

// githubSearching is a search while it goes on.
type githubSearching struct {
	*githubClient

	learned     *nameLearning
	seen        map[string]bool
	kept, notes []string
	archived    []string
	left        int
}

// one looks a repository up that the settings name. One that cannot be seen is
// read nevertheless, and says so where people look for it.
func (s *githubSearching) one(ctx context.Context, name string) error {
	var found githubListed
	_, err := s.get(ctx, "repos/"+name, &found)
	if errors.Is(err, errGithubHidden) {
		found, err = githubListed{}, nil
	}
	if err != nil {
		return err
	}
	if found.FullName == "" {
		found.FullName = name
	}
	s.add(found)
	return nil
}

// lists are the addresses that list what patterns may fit.
func (c *githubClient) lists(patterns []string) (lists []string) {
	switch {
	case len(patterns) == 0:
		return nil
	case c.app != nil:
		return []string{"installation/repositories"}
	}
	for _, pattern := range patterns {
		owner, _, _ := strings.Cut(pattern, "/")
		list := "user/repos"
		if !githubGlobbed(owner) {
			list = "orgs/" + owner + "/repos"
		}
		if !slices.Contains(lists, list) {
			lists = append(lists, list)
		}
	}
	return lists
}

// list goes through a list. An owner that is no organisation is a person, whose
// repositories are among those of the token.
func (s *githubSearching) list(ctx context.Context, list string, patterns []string) error {
	for page := 1; page != 0; {
		found, next, err := s.listed(ctx, list, page)
		if page == 1 && errors.Is(err, errGithubHidden) && strings.HasPrefix(list, "orgs/") {
			return s.list(ctx, "user/repos", patterns)
		}
		if err != nil {
			return err
		}
		for _, one := range found {
			if !matchesAny(patterns, one.FullName) {
				continue
			}
			if one.Archived {
				s.archived = append(s.archived, one.FullName)
				continue
			}
			s.add(one)
		}
		if next != 0 && next <= page || next > maxPages {
			return errEndless
		}
		page = next
	}
	return nil
}

// listed is one page. What an installation sees comes within an object.
func (c *githubClient) listed(ctx context.Context, list string, page int) (found []githubListed, next int, err error) {
	var answer json.RawMessage
	next, err = c.get(ctx, list+"?"+url.Values{"per_page": {strconv.Itoa(githubPage)}, "page": {strconv.Itoa(page)}}.Encode(), &answer)
	if err != nil {
		return nil, 0, err
	}
	if list == "installation/repositories" {
		var within struct {
			Repositories []githubListed `json:"repositories"`
		}
		err = json.Unmarshal(answer, &within)
		found = within.Repositories
	} else {
		err = json.Unmarshal(answer, &found)
	}
	if err != nil {
		return nil, 0, fmt.Errorf("the list of repositories cannot be read: %w", err)
	}
	return found, next, nil
}

// add takes a repository up, under the name that it had first.
func (s *githubSearching) add(one githubListed) {
	if !githubName.MatchString(one.FullName) || matchesAny(s.settings.API.Exclude, one.FullName) {
		return
	}
	if len(s.kept) >= githubMost {
		s.left++
		return
	}
	kept := one.FullName
	if id := numberID(one.ID); id != "" {
		kept = s.learned.name(id, one.FullName)
	}
	if s.seen[kept] {
		return
	}
	s.seen[kept] = true
	s.kept = append(s.kept, kept)
}

func matchesAny(patterns []string, name string) bool {
	for _, pattern := range patterns {
		if fits, err := path.Match(strings.ToLower(pattern), strings.ToLower(name)); err == nil && fits {
			return true
		}
	}
	return false
}

// githubGlobbed says that a name stands for several.
func githubGlobbed(name string) bool { return strings.ContainsAny(name, "*?[") }

// open finds a repository by the name under which it is kept: where it is now,
// and what GitHub says of it. Its number decides, because a name that became
// free may belong to another repository by now.
func (c *githubClient) open(ctx context.Context, kept string) (*githubList, error) {
	if !githubName.MatchString(withoutMark(kept)) {
		return nil, fmt.Errorf("%w: repository %s", evenkeel.ErrNotFound, shortQuote(kept))
	}
	id := c.settings.Names.idOf(kept)
	l := &githubList{githubClient: c, at: "repos/" + withoutMark(kept) + "/"}
	itself, err := c.described(ctx, "repos/"+withoutMark(kept), &l.itself)
	if id != "" && (errors.Is(err, errGithubHidden) || err == nil && strconv.FormatInt(itself.ID, 10) != id) {
		itself, err = c.described(ctx, "repositories/"+id, &l.itself)
	}
	if err != nil {
		return nil, err
	}
	if githubName.MatchString(itself.FullName) && !strings.EqualFold(itself.FullName, withoutMark(kept)) {
		l.at = "repos/" + itself.FullName + "/"
	}
	return l, nil
}

func (c *githubClient) described(ctx context.Context, address string, whole *json.RawMessage) (short githubListed, err error) {
	if _, err = c.get(ctx, address, whole); err != nil {
		return short, err
	}
	if err = json.Unmarshal(*whole, &short); err != nil {
		return short, fmt.Errorf("the repository cannot be read: %w", err)
	}
	return short, nil
}
