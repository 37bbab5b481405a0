package connectors

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
)

// Group is a group of projects at a vendor. Nobody who is in it is read.
type Group struct {
	// Path is the full one, "acme/shop"; Name is for people.
	Path, Name string
	// Parent is the path of the group above it; empty for one at the top.
	Parent string
	// Repositories are those of its own projects that are read, without those of
	// groups below it, as facts name them: "gitlab.com/acme/shop/checkout".
	Repositories []string
}

// Grouped is a Puller of a vendor that knows groups.
type Grouped interface {
	// Groups lists the groups that are read, by path, those above others first.
	Groups(ctx context.Context) ([]Group, error)
}

// Groups implements Grouped: the groups of the settings with those below them.
func (p *gitlabPuller) Groups(ctx context.Context) ([]Group, error) {
	byPath := map[string]*Group{}
	add := func(text json.RawMessage) error {
		var group struct {
			Path string `json:"full_path"`
			Name string `json:"name"`
		}
		if err := gitlabRead("a group", text, &group); err != nil {
			return err
		}
		parent := ""
		if at := strings.LastIndexByte(group.Path, '/'); at > 0 {
			parent = group.Path[:at]
		}
		byPath[group.Path] = &Group{Path: group.Path, Name: group.Name, Parent: parent}
		return nil
	}
	for _, name := range p.settings.API.Groups {
		list, err := p.groupsOf(ctx, name)
		if err != nil {
			return nil, err
		}
		for _, text := range list {
			if err := add(text); err != nil {
				return nil, err
			}
		}
	}
	projects, err := p.wanted(ctx)
	if err != nil {
		return nil, err
	}
	for _, project := range projects {
		if group := byPath[project.Path[:max(strings.LastIndexByte(project.Path, '/'), 0)]]; group != nil {
			group.Repositories = append(group.Repositories, GitRepositoryName(project.WebURL))
		}
	}
	groups := make([]Group, 0, len(byPath))
	for _, group := range byPath {
		slices.Sort(group.Repositories)
		groups = append(groups, *group)
	}
	slices.SortFunc(groups, func(a, b Group) int { return strings.Compare(a.Path, b.Path) })
	return groups, nil
}

// groupsOf lists a group and those below it, or all that the token is in.
func (p *gitlabPuller) groupsOf(ctx context.Context, name string) ([]json.RawMessage, error) {
	no := false
	if name == gitlabMember {
		return p.all(ctx, "groups", gitlabQuery{AllAvailable: &no}, maxRecords)
	}
	address := "groups/" + url.PathEscape(name)
	var group json.RawMessage
	if _, err := p.api.get(ctx, address, &gitlabQuery{WithProjects: &no}, "", &group); err != nil {
		return nil, err
	}
	below, err := p.all(ctx, address+"/descendant_groups", gitlabQuery{}, maxRecords)
	return append([]json.RawMessage{group}, below...), err
}
