package store

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/evenkeel-dev/evenkeel"
)

// checkCatalogue reports every broken rule of a catalogue.
func checkCatalogue(c evenkeel.Catalogue) error {
	var broken evenkeel.FieldErrors
	add := func(field, rule string) { broken = append(broken, evenkeel.FieldError{Field: field, Rule: rule}) }
	groups := checkTree(add, "groups", "group", c.Groups)
	capabilities := checkTree(add, "capabilities", "capability", c.Capabilities)
	slugs, ids := map[string]bool{}, map[string]bool{}
	for i, a := range c.Applications {
		field := fmt.Sprintf("applications[%d]", i)
		checkSlug(add, field, a.Slug)
		if slugs[a.Slug] || (a.ID != "" && ids[a.ID]) {
			add(field+".slug", fmt.Sprintf("%q is another application's already", a.Slug))
		}
		slugs[a.Slug], ids[a.ID] = true, true
		if _, ok := groups[a.Group]; a.Group != "" && !ok {
			add(field+".group", fmt.Sprintf("there is no group %q", a.Group))
		}
		if _, ok := capabilities[a.Capability]; a.Capability != "" && !ok {
			add(field+".capability", fmt.Sprintf("there is no capability %q", a.Capability))
		}
		checkApplication(add, field, a)
	}
	if len(broken) > 0 {
		return broken
	}
	return nil
}

// checkTree checks groups or capabilities, and finds them by slug.
func checkTree(add func(field, rule string), list, noun string, tree []evenkeel.Group) map[string]evenkeel.Group {
	nodes := map[string]evenkeel.Group{}
	for i, g := range tree {
		field := fmt.Sprintf("%s[%d]", list, i)
		checkSlug(add, field, g.Slug)
		if _, ok := nodes[g.Slug]; ok {
			add(field+".slug", fmt.Sprintf("%q is another %s's already", g.Slug, noun))
		}
		nodes[g.Slug] = g
	}
	for i, g := range tree {
		if _, ok := nodes[g.Parent]; g.Parent != "" && !ok {
			add(fmt.Sprintf("%s[%d].parent", list, i), fmt.Sprintf("there is no %s %q", noun, g.Parent))
		} else if enclosesItself(nodes, g) {
			add(fmt.Sprintf("%s[%d].parent", list, i), fmt.Sprintf("%s %q would enclose itself", noun, g.Slug))
		}
	}
	return nodes
}

func checkSlug(add func(field, rule string), field, slug string) {
	if !evenkeel.ValidSlug(slug) {
		add(field+".slug", fmt.Sprintf("%q is not a slug; use 1 to 63 of a-z, 0-9, '.', '_' and '-', with a letter or digit at both ends", slug))
	}
}

func checkApplication(add func(field, rule string), field string, a evenkeel.Application) {
	if a.Tier < 0 || a.Tier > 4 {
		add(field+".tier", fmt.Sprintf("%d is not one of 0 (unassessed) to 4", a.Tier))
	}
	if a.Lifecycle != "" && !slices.Contains(evenkeel.Lifecycles(), a.Lifecycle) {
		add(field+".lifecycle", fmt.Sprintf("%q is not one of %s", a.Lifecycle, strings.Join(evenkeel.Lifecycles(), ", ")))
	}
	if !storable(a.Name) || !storable(a.Cadence) {
		add(field+".name", "holds a NUL byte or is not UTF-8")
	}
	if rules, ok := errors.AsType[evenkeel.FieldErrors](a.CheckOwners()); ok {
		for _, rule := range rules {
			add(field+"."+rule.Field, rule.Rule)
		}
	}
	for i, text := range a.Claims {
		_, err := evenkeel.ParseClaim(text)
		if rules, ok := errors.AsType[evenkeel.FieldErrors](err); ok {
			for _, rule := range rules {
				add(fmt.Sprintf("%s.claims[%d]", field, i), rule.Rule)
			}
		}
	}
}

func enclosesItself(groups map[string]evenkeel.Group, g evenkeel.Group) bool {
	for range len(groups) {
		if g.Parent == "" {
			return false
		}
		g = groups[g.Parent]
	}
	return g.Parent != ""
}
