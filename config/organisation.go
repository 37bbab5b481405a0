package config

import (
	"time"

	yaml "go.yaml.in/yaml/v3"

	"github.com/evenkeel-dev/evenkeel"
)

// group is a group or a capability.
type group struct{ slug, name, parent text }

func (d *document) readGroup(o object) group {
	return group{slug: o.required("slug", "payments"), name: o.text("name"), parent: o.text("parent")}
}

// groupsOf makes a tree of what was read.
func groupsOf(read []group) []evenkeel.Group {
	var tree []evenkeel.Group
	for _, g := range read {
		tree = append(tree, evenkeel.Group{Slug: g.slug.value, Name: nameOf(g.slug, g.name), Parent: g.parent.value})
	}
	return tree
}

// owner is one of the groups that owned an application one after the other.
type owner struct{ group, from text }

// readOwners reads who owned an application, first owner first.
func (d *document) readOwners(o object) []owner {
	var owners []owner
	for i, one := range o.list("owners") {
		member := d.object(o.at.file, one, o.member("owners", i), "group", "from")
		owners = append(owners, owner{group: member.required("group", "payments"), from: member.date("from")})
	}
	return owners
}

// date is the value of a key that holds a date or an instant, in quotes or not.
func (o object) date(key string) text {
	n, ok := o.values[key]
	if !ok {
		return text{}
	}
	if n.Kind == yaml.ScalarNode && n.ShortTag() == "!!timestamp" {
		return text{value: n.Value, at: at(o.at.file, n, o.child(key))}
	}
	return o.text(key)
}

// parseDate reads a date, which means its beginning in a zone, or an instant.
func parseDate(s string, zone *time.Location) (time.Time, bool) {
	t, err := time.ParseInLocation(time.DateOnly, s, zone)
	if err != nil {
		t, err = time.Parse(time.RFC3339, s)
	}
	return t.UTC(), err == nil && t.Year() >= 1970 && t.Year() < 2262
}

// checkOwners checks the owners of applications: known groups, one after the
// other, the last of them the owner of today.
func (d *document) checkOwners() {
	known := slugsOf(d.groups)
	for _, a := range d.applications {
		var before time.Time
		for i, o := range a.owners {
			if !d.unread {
				d.checkKnown(o.group, known, "group", "groups:")
			}
			before = d.checkHandover(i, o, before)
		}
		if n := len(a.owners); n > 0 && a.group.given() {
			d.add(a.group.at.problem("is given beside owners", "remove it; the last owner is the owner of today"))
		}
	}
}

// checkHandover checks when an owner began, and returns it.
func (d *document) checkHandover(i int, o owner, before time.Time) time.Time {
	if i == 0 {
		if o.from.given() {
			d.add(o.from.at.problem("is given for the first owner", "remove it: the first owner owns from the beginning"))
		}
		return before
	}
	if !o.from.given() {
		d.add(o.group.at.problem("has no from", "add the day of the handover, from: 2026-01-31"))
		return before
	}
	from, ok := parseDate(o.from.value, time.UTC)
	switch {
	case !ok:
		d.add(o.from.at.problem(quoted(o.from.value)+" is neither a date nor an instant", "write for example 2026-01-31 or 2026-01-31T12:00:00Z"))
	case !from.After(before):
		d.add(o.from.at.problem(quoted(o.from.value)+" is not after the handover before", "list owners from the first to the last"))
	default:
		return from
	}
	return before
}

// ownership sets who owns an application, and who did.
func (a application) ownership(to *evenkeel.Application, zone *time.Location) {
	to.Group = a.group.value
	for _, o := range a.owners {
		from, _ := parseDate(o.from.value, zone)
		if !o.from.given() {
			from = time.Time{}
		}
		to.Owners = append(to.Owners, evenkeel.Ownership{Group: o.group.value, From: from})
		to.Group = o.group.value
	}
	if len(to.Owners) == 1 {
		to.Owners = nil
	}
}

func slugsOf(tree []group) []string {
	slugs := make([]string, len(tree))
	for i, g := range tree {
		slugs[i] = g.slug.value
	}
	return slugs
}
