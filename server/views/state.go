// Package views joins results for the pages of the dashboard and for the
// command line. It holds no formula: figures come from the pure packages.
package views

import (
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// Named is a thing with a slug and a name.
type Named struct {
	Slug string `json:"slug"`
	Name string `json:"name"`
}

// State says how far the figures of an application or group can be trusted.
type State string

// The states of data.
const (
	StateOK      State = "ok"
	StateFewData State = "few_data"
	StateNoData  State = "no_data"
	StateStale   State = "stale"
)

const (
	// fewDeployments is the number below which figures are mostly chance.
	fewDeployments = 5
	// staleAfter is how long nothing may be heard of an application.
	staleAfter = 45 * 24 * time.Hour
)

// StateOf judges what is known of one application.
func StateOf(a evenkeel.Activity, now time.Time) State {
	switch {
	case a.Facts[evenkeel.KindDeployment] == 0:
		return StateNoData
	case now.Sub(a.LastAt) > staleAfter:
		return StateStale
	case a.Facts[evenkeel.KindDeployment] < fewDeployments:
		return StateFewData
	}
	return StateOK
}

// joined is what is known of several applications together.
func joined(activity map[string]evenkeel.Activity, applications []string) evenkeel.Activity {
	sum := evenkeel.Activity{Facts: map[evenkeel.Kind]int{}}
	for _, id := range applications {
		a := activity[id]
		for kind, n := range a.Facts {
			sum.Facts[kind] += n
		}
		if a.LastAt.After(sum.LastAt) {
			sum.LastAt = a.LastAt
		}
		if a.LastDeploymentAt.After(sum.LastDeploymentAt) {
			sum.LastDeploymentAt = a.LastDeploymentAt
		}
	}
	return sum
}

// GroupOf names a group of the catalogue; nil when the slug is empty or unknown.
func GroupOf(c evenkeel.Catalogue, slug string) *Named { return named(c.Groups, slug) }

// CapabilityOf names a capability of the catalogue; nil when the slug is empty
// or unknown.
func CapabilityOf(c evenkeel.Catalogue, slug string) *Named { return named(c.Capabilities, slug) }

func named(tree []evenkeel.Group, slug string) *Named {
	for _, g := range tree {
		if g.Slug == slug {
			return &Named{Slug: g.Slug, Name: g.Name}
		}
	}
	return nil
}

// pathsIn finds the names of the groups above a group, outermost first.
func pathsIn(tree []evenkeel.Group) func(slug string) []string {
	groups := make(map[string]evenkeel.Group, len(tree))
	for _, g := range tree {
		groups[g.Slug] = g
	}
	return func(slug string) []string {
		path := []string{}
		for up, depth := groups[slug].Parent, 0; up != "" && depth < len(groups); up, depth = groups[up].Parent, depth+1 {
			path = append([]string{groups[up].Name}, path...)
		}
		return path
	}
}
