package evenkeel

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Acceptance is how a person wants suggestions to hold.
type Acceptance struct {
	// By is who accepts.
	By string
	// From is the instant from which a suggested group owns; zero is Now.
	From time.Time
	// Beginning says that it has always owned; only for what nobody owned.
	Beginning bool
	// Create makes groups, capabilities and applications that are missing.
	Create bool
	// Now is the present.
	Now time.Time
}

// SuggestionOutcome is what became of a suggestion that a person decided on.
type SuggestionOutcome struct {
	ID         string
	Suggestion Suggestion
	// Refused says why nothing was changed by it; nil where it was done.
	Refused error
}

// Missing is a thing that a suggestion names and the catalogue lacks.
type Missing struct {
	What string `json:"what" enum:"application,group,capability"`
	Slug string `json:"slug"`
}

// Missing lists what accepting a suggestion would have to make.
func (c Catalogue) Missing(s Suggestion) []Missing {
	missing := []Missing{}
	lacks := func(what, slug string, known bool) {
		if !known {
			missing = append(missing, Missing{what, slug})
		}
	}
	_, known := c.bySlug(s.Application)
	lacks("application", s.Application, known)
	switch s.Aspect {
	case AspectOwner:
		lacks("group", s.Value, grown(c.Groups, s.Value))
	case AspectCapability:
		lacks("capability", s.Value, grown(c.Capabilities, s.Value))
	case AspectDependency:
		_, known := c.bySlug(s.Value)
		lacks("application", s.Value, known)
	case AspectTier, AspectLifecycle, AspectRepository:
	}
	return missing
}

// grown says that a tree has a slug.
func grown(tree []Group, slug string) bool {
	return slices.ContainsFunc(tree, func(g Group) bool { return g.Slug == slug })
}

// Accept is the catalogue in which a suggestion holds, but for a dependency,
// which is a fact and not of the catalogue: of it only the ends are made. The
// errors are FieldErrors that say why it cannot be accepted so.
func (c Catalogue) Accept(s Suggestion, how Acceptance) (Catalogue, error) {
	var p problems
	missing := c.Missing(s)
	for _, m := range missing {
		if !how.Create {
			p.add(m.What, "there is no "+m.What+" "+quoted(m.Slug)+"; accept with create to make it")
		} else if !ValidSlug(m.Slug) {
			p.slug(m.What, m.Slug)
		}
	}
	if others := c.ClaimedBy(s); len(others) > 0 {
		p.add("claims", quoted(s.Value)+" is claimed by "+strings.Join(others, ", ")+" already; take the claim away there first")
	}
	if err := p.err(); err != nil {
		return c, err
	}
	c = c.with(missing, s)
	i := slices.IndexFunc(c.Applications, func(a Application) bool { return a.Slug == s.Application })
	changed, err := c.Applications[i].accept(s, how)
	c.Applications[i] = changed
	return c, err
}

// with is a copy of the catalogue with what is missing.
func (c Catalogue) with(missing []Missing, s Suggestion) Catalogue {
	c.Applications, c.Groups, c.Capabilities = slices.Clone(c.Applications), slices.Clone(c.Groups), slices.Clone(c.Capabilities)
	for _, m := range missing {
		switch m.What {
		case "application":
			c.Applications = append(c.Applications, Application{Slug: m.Slug})
		case "group":
			c.Groups = append(c.Groups, newGroup(c.Groups, s))
		case "capability":
			c.Capabilities = append(c.Capabilities, newGroup(c.Capabilities, s))
		}
	}
	return c
}

// newGroup is the suggested node; a parent that is not there is left out.
func newGroup(tree []Group, s Suggestion) Group {
	g := Group{Slug: s.Value, Name: s.Name}
	if s.Parent != s.Value && grown(tree, s.Parent) {
		g.Parent = s.Parent
	}
	return g
}

// accept is the application as suggested.
func (a Application) accept(s Suggestion, how Acceptance) (Application, error) {
	switch s.Aspect {
	case AspectOwner:
		return a.acceptOwner(s.Value, how)
	case AspectCapability:
		a.Capability = s.Value
	case AspectLifecycle:
		a.Lifecycle = s.Value
	case AspectTier:
		tier, err := strconv.Atoi(s.Value)
		if err != nil || tier < 1 || tier > 4 {
			return a, FieldErrors{{Field: "tier", Rule: quoted(s.Value) + " is not one of 1 to 4"}}
		}
		a.Tier = Tier(tier)
	case AspectRepository:
		a.Claims = append(slices.Clone(a.Claims), s.Value)
	case AspectDependency:
	}
	return a, nil
}

// acceptOwner hands the application over. Nothing that is known of earlier
// owners is lost by it, and nothing is said of the future.
func (a Application) acceptOwner(group string, how Acceptance) (Application, error) {
	var p problems
	owners := a.Ownerships()
	last := owners[len(owners)-1]
	from := how.From
	if from.IsZero() {
		from = how.Now
	}
	switch {
	case how.Beginning && (len(owners) > 1 || last.Group != ""):
		p.add("from", "the application had an owner before; give the day of the handover")
	case how.Beginning:
		a.Group, a.Owners = group, []Ownership{{Group: group}}
		return a, nil
	case from.After(how.Now):
		p.add("from", from.Format(time.RFC3339)+" is in the future; accept it on that day, or state the owners in the configuration")
	case last.Group != group && !last.From.IsZero() && !from.After(last.From):
		p.add("from", fmt.Sprintf("the owner of today, %q, owns it since %s; give a later day", last.Group, last.From.Format(time.RFC3339)))
	}
	p.instant("from", from)
	if err := p.err(); err != nil {
		return a, err
	}
	return a.HandOver(group, from), nil
}
