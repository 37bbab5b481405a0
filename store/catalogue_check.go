package store

import (
	"errors"
	"fmt"

	"github.com/evenkeel-dev/evenkeel"
)

// checkCatalogue reports every broken rule of a catalogue.
func checkCatalogue(c evenkeel.Catalogue) error {
	var broken evenkeel.FieldErrors
	add := func(field, rule string) { broken = append(broken, evenkeel.FieldError{Field: field, Rule: rule}) }
	groups := map[string]evenkeel.Group{}
	for i, g := range c.Groups {
		field := fmt.Sprintf("groups[%d]", i)
		checkSlug(add, field, g.Slug)
		if _, ok := groups[g.Slug]; ok {
			add(field+".slug", fmt.Sprintf("%q is another group's already", g.Slug))
		}
		groups[g.Slug] = g
	}
	for i, g := range c.Groups {
		if _, ok := groups[g.Parent]; g.Parent != "" && !ok {
			add(fmt.Sprintf("groups[%d].parent", i), fmt.Sprintf("there is no group %q", g.Parent))
		} else if enclosesItself(groups, g) {
			add(fmt.Sprintf("groups[%d].parent", i), fmt.Sprintf("group %q would enclose itself", g.Slug))
		}
	}
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
		checkApplication(add, field, a)
	}
	if len(broken) > 0 {
		return broken
	}
	return nil
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
	if !storable(a.Name) || !storable(a.Cadence) {
		add(field+".name", "holds a NUL byte or is not UTF-8")
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
