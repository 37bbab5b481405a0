package config

import (
	"time"

	yaml "go.yaml.in/yaml/v3"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo/openslo"
)

// document is what all files say together, before it is checked.
type document struct {
	problems Problems
	files    []string
	// unread says that a file could not be read to its end.
	unread bool
	// folder is that of the file that is read, in the file system.
	folder string
	slos   []sloEntry
	levels *openslo.Set
	// sections says where the sections stand that may be written once only.
	sections map[string]place

	workspace, listen, publicURL, dsn text
	groups, capabilities              []group
	applications                      []application
	environments                      []environment
	connections                       []connection
	notifiers                         []notifier
	bodies                            text
	rules                             rules
}

type application struct {
	slug, name, group, cadence, capability, lifecycle text
	tier                                              evenkeel.Tier
	claims                                            []text
	owners                                            []owner
}

func (a application) application(zone *time.Location) evenkeel.Application {
	claims := make([]string, len(a.claims))
	for i, claim := range a.claims {
		claims[i] = claim.value
	}
	one := evenkeel.Application{
		Slug: a.slug.value, Name: nameOf(a.slug, a.name), Capability: a.capability.value,
		Tier: a.tier, Cadence: a.cadence.value, Lifecycle: a.lifecycle.value, Claims: claims,
	}
	a.ownership(&one, zone)
	return one
}

type environment struct{ pattern, class text }

func (d *document) add(p Problem) { d.problems = append(d.problems, p) }

// readTop reads the top of a file.
func (d *document) readTop(file string, n *yaml.Node) {
	top := d.object(file, n, "", "workspace", "server", "store", "groups", "capabilities", "applications", "environments", "connections", "slos", "notify", "retention", "policy")
	if d.once(top, "workspace") {
		d.workspace = top.text("workspace")
	}
	if d.once(top, "server") {
		server := d.object(file, top.values["server"], "server", "listen", "public_url")
		d.listen, d.publicURL = server.text("listen"), server.text("public_url")
	}
	if d.once(top, "store") {
		d.dsn = d.object(file, top.values["store"], "store", "dsn").text("dsn")
	}
	for i, one := range top.list("groups") {
		d.groups = append(d.groups, d.readGroup(d.object(file, one, top.member("groups", i), "slug", "name", "parent")))
	}
	for i, one := range top.list("capabilities") {
		d.capabilities = append(d.capabilities, d.readGroup(d.object(file, one, top.member("capabilities", i), "slug", "name", "parent")))
	}
	for i, one := range top.list("applications") {
		d.readApplication(d.object(file, one, top.member("applications", i), "slug", "name", "group", "owners", "capability", "claims", "tier", "cadence", "lifecycle"))
	}
	for i, one := range top.list("environments") {
		o := d.object(file, one, top.member("environments", i), "pattern", "class")
		d.environments = append(d.environments, environment{pattern: o.required("pattern", "prod-*"), class: o.required("class", "production")})
	}
	for i, one := range top.list("connections") {
		d.readConnection(d.object(file, one, top.member("connections", i), "name", "source", "secrets", "settings"))
	}
	d.readSLOs(top)
	for i, one := range top.list("notify") {
		d.readNotifier(d.object(file, one, top.member("notify", i), "type", "url", "secret", "workspace"))
	}
	if d.once(top, "retention") {
		d.readRetention(d.object(file, top.values["retention"], "retention", "bodies"))
	}
	if d.once(top, "policy") {
		d.readPolicy(d.object(file, top.values["policy"], "policy", policyKeys()...))
	}
}

// once says whether a section is written, and reports a second one.
func (d *document) once(top object, key string) bool {
	here, ok := top.place(key)
	if !ok {
		return false
	}
	if first, twice := d.sections[key]; twice {
		d.add(here.problem("is given already at "+first.String(), "keep one of them"))
		return false
	}
	if d.sections == nil {
		d.sections = map[string]place{}
	}
	d.sections[key] = here
	return true
}

func (d *document) readApplication(o object) {
	a := application{slug: o.required("slug", "checkout"), name: o.text("name"), group: o.text("group"), cadence: o.text("cadence"), capability: o.text("capability"), lifecycle: o.text("lifecycle"), owners: d.readOwners(o)}
	if tier, ok := o.integer("tier", 1, 4, "1 is the most critical; leave the key out while it is unassessed"); ok {
		a.tier = evenkeel.Tier(tier)
	}
	for i, one := range o.list("claims") {
		if claim := d.text(o.at.file, one, o.member("claims", i)); claim.given() {
			a.claims = append(a.claims, claim)
		}
	}
	d.applications = append(d.applications, a)
}
