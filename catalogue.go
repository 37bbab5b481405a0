package evenkeel

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Tier is how critical an application is: 1 (most critical) to 4; 0 is unassessed.
type Tier int

// Group is a node of the organisation: company, unit, group or team.
type Group struct {
	// Slug is unique in the workspace.
	Slug string `json:"slug"`
	Name string `json:"name"`
	// Parent is the slug of the enclosing group; empty at the top.
	Parent string `json:"parent,omitempty"`
}

// Application is a thing that is deployed and operated as one.
type Application struct {
	// ID never changes; a slug may be renamed.
	ID   string `json:"id"`
	Slug string `json:"slug"`
	Name string `json:"name"`
	// Group is the slug of the group that owns it today; empty is unowned.
	Group string `json:"group,omitempty"`
	// Owners are those that owned it one after the other, the last of them
	// Group. Empty: Group has owned it from the beginning.
	Owners []Ownership `json:"owners,omitempty"`
	// Capability is the slug of the business capability that it serves.
	Capability string `json:"capability,omitempty"`
	// Tier is the declared tier; 0 is unassessed.
	Tier Tier `json:"tier,omitempty"`
	// Cadence is the wanted time between deployments: "daily", "weekly",
	// "monthly", "quarterly", "on-demand"; empty is not stated.
	Cadence string `json:"cadence,omitempty"`
	// Lifecycle is one of [Lifecycles]; empty is not stated.
	Lifecycle string `json:"lifecycle,omitempty"`
	// Claims say which facts belong to the application; see [Claim].
	Claims []string `json:"claims,omitempty"`
}

// Lifecycles lists where in its life an application can be.
func Lifecycles() []string { return []string{"experimental", "production", "deprecated"} }

// Ownership says which group owned an application from an instant on.
type Ownership struct {
	// Group is a slug; empty is unowned.
	Group string `json:"group,omitempty"`
	// From is zero for the first owner: from the beginning.
	From time.Time `json:"from,omitzero"`
}

// Catalogue is the organisation of one workspace.
type Catalogue struct {
	Groups       []Group
	Applications []Application
	// Capabilities are what the business does; they nest as groups do, and an
	// application serves at most one.
	Capabilities []Group
}

// Claim is one parsed claim of an application:
//
//	repo:github.com/acme/mono//services/pay   a repository, or a path in it
//	github:acme/checkout                      an origin; also the repository github.com/acme/checkout
//	argocd:prod/checkout                      an origin
type Claim struct {
	Origin     string
	Repository string
	// Path is a folder of the repository; empty claims all of it.
	Path string
}

// ParseClaim reads a claim.
func ParseClaim(text string) (Claim, error) {
	var p problems
	scheme, rest, ok := strings.Cut(text, ":")
	if !ok || scheme == "" || rest == "" {
		p.add("claims", quoted(text)+" is not scheme:name, such as repo:github.com/acme/checkout")
		return Claim{}, p.err()
	}
	p.text("claims", text)
	name, path, _ := strings.Cut(rest, "//")
	claim := Claim{Origin: scheme + ":" + name, Path: strings.Trim(path, "/")}
	switch scheme {
	case "repo":
		claim.Origin, claim.Repository = "", name
	case "github":
		claim.Repository = "github.com/" + name
	case "gitlab":
		claim.Repository = "gitlab.com/" + name
	}
	claim.Repository = strings.ToLower(claim.Repository)
	if claim.Path != "" && claim.Repository == "" {
		p.add("claims", quoted(text)+" gives a path of an origin; only repositories have paths")
	}
	return claim, p.err()
}

// PathClaim is a claim on part of a repository.
type PathClaim struct {
	// Path is a folder; empty is the whole repository.
	Path        string
	Application string
}

// Match says that a subject belongs to an application, and by which claim.
type Match struct {
	// Application is the application's id.
	Application string
	// Claim is the claim's text, or "explicit".
	Claim string
	// Path is the claimed folder of the repository; empty is all of it.
	Path string
}

// Resolve finds the applications that a subject belongs to: those it names,
// else those that claim its origin, else those that claim its repository.
// A subject that names an unknown application, or that nobody claims, has no
// match. The result is sorted by application.
func (c Catalogue) Resolve(s Subject) []Match {
	if len(s.Applications) > 0 {
		return c.named(s.Applications)
	}
	if s.Origin != "" {
		if found := c.claimed(func(claim Claim) bool { return claim.Origin == s.Origin }); len(found) > 0 {
			return found
		}
	}
	if s.Repository == "" {
		return nil
	}
	return c.claimed(func(claim Claim) bool { return claim.Repository == s.Repository })
}

func (c Catalogue) named(slugs []string) []Match {
	var found []Match
	for _, a := range c.Applications {
		if slices.Contains(slugs, a.Slug) {
			found = append(found, Match{Application: a.ID, Claim: "explicit"})
		}
	}
	return sortedMatches(found)
}

func (c Catalogue) claimed(fits func(Claim) bool) []Match {
	var found []Match
	for _, a := range c.Applications {
		for _, text := range a.Claims {
			if claim, err := ParseClaim(text); err == nil && fits(claim) {
				found = append(found, Match{Application: a.ID, Claim: text, Path: claim.Path})
			}
		}
	}
	return sortedMatches(found)
}

func sortedMatches(found []Match) []Match {
	slices.SortFunc(found, func(a, b Match) int {
		return cmp.Or(cmp.Compare(a.Application, b.Application), cmp.Compare(a.Path, b.Path))
	})
	return found
}

// PathClaims lists the claims on a repository, longest path first.
func (c Catalogue) PathClaims(repository string) []PathClaim {
	var found []PathClaim
	for _, m := range c.claimed(func(claim Claim) bool { return claim.Repository == repository }) {
		found = append(found, PathClaim{Path: m.Path, Application: m.Application})
	}
	slices.SortStableFunc(found, func(a, b PathClaim) int { return cmp.Compare(len(b.Path), len(a.Path)) })
	return found
}

// Owners finds whose claim a touched path falls under: the longest claimed
// folder that contains it. claims must be sorted as PathClaims sorts them.
func Owners(claims []PathClaim, path string) []string {
	var owners []string
	length := -1
	for _, claim := range claims {
		if length >= 0 && len(claim.Path) < length {
			break
		}
		if claim.Path == "" || path == claim.Path || strings.HasPrefix(path, claim.Path+"/") {
			owners, length = append(owners, claim.Application), len(claim.Path)
		}
	}
	return owners
}

// Descendants lists the slugs of a group and of all groups below it. Unknown
// groups have none.
func (c Catalogue) Descendants(group string) []string { return descendants(c.Groups, group) }

// Below lists the slugs of a capability and of all below it; an unknown one
// has none.
func (c Catalogue) Below(capability string) []string { return descendants(c.Capabilities, capability) }

// Serving lists the ids of the applications that serve a capability or one
// below it. An unknown capability has none.
func (c Catalogue) Serving(capability string) []string {
	below := c.Below(capability)
	var ids []string
	for _, a := range c.Applications {
		if slices.Contains(below, a.Capability) {
			ids = append(ids, a.ID)
		}
	}
	return ids
}

func descendants(tree []Group, root string) []string {
	children := map[string][]string{}
	known := false
	for _, g := range tree {
		children[g.Parent] = append(children[g.Parent], g.Slug)
		known = known || g.Slug == root
	}
	if !known {
		return nil
	}
	seen := map[string]bool{root: true}
	found := []string{root}
	for i := 0; i < len(found); i++ {
		for _, child := range children[found[i]] {
			if !seen[child] {
				seen[child] = true
				found = append(found, child)
			}
		}
	}
	return found
}

// Owned lists the ids of the applications that a group, or one below it, owns
// today.
func (c Catalogue) Owned(group string) []string {
	groups := c.Descendants(group)
	var ids []string
	for _, a := range c.Applications {
		if slices.Contains(groups, a.Group) {
			ids = append(ids, a.ID)
		}
	}
	return ids
}
