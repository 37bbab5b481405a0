package config

import (
	"errors"
	"net"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/evenkeel-dev/evenkeel"
)

const slugRule = "use 1 to 63 of a-z, 0-9, '.', '_' and '-', with a letter or digit at both ends"

// check looks at what the files say together.
func (d *document) check() {
	d.checkSlug(d.workspace)
	d.checkServer()
	d.checkStore()
	d.checkGroups()
	d.checkApplications()
	d.checkOwners()
	d.checkClaims()
	d.checkEnvironments()
	d.checkConnections()
	d.checkNotifiers()
	d.checkRetention()
	d.checkPolicy()
}

func (d *document) checkSlug(t text) bool {
	if !t.given() {
		return false
	}
	if !evenkeel.ValidSlug(t.value) {
		d.add(t.at.problem(quoted(t.value)+" is not a slug", slugRule))
		return false
	}
	return true
}

// checkUnique checks slugs, and reports those that are given twice.
func (d *document) checkUnique(slugs []text, noun string) {
	first := map[string]place{}
	for _, slug := range slugs {
		if !d.checkSlug(slug) {
			continue
		}
		if before, twice := first[slug.value]; twice {
			d.add(slug.at.problem(noun+" "+quoted(slug.value)+" is given already at "+before.String(), "rename or remove one"))
			continue
		}
		first[slug.value] = slug.at
	}
}

func (d *document) checkServer() {
	if d.listen.given() {
		_, port, err := net.SplitHostPort(d.listen.value)
		if n, bad := strconv.Atoi(port); err != nil || bad != nil || n < 0 || n > 65535 {
			d.add(d.listen.at.problem(quoted(d.listen.value)+" is not host:port", "write for example localhost:8080, or :8080 for every address"))
		}
	}
	if !d.publicURL.given() {
		return
	}
	u, err := url.Parse(d.publicURL.value)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		d.add(d.publicURL.at.problem(quoted(d.publicURL.value)+" is not an http or https address", "write for example https://evenkeel.example.com"))
	case u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.Trim(u.Path, "/") != "":
		d.add(d.publicURL.at.problem(quoted(d.publicURL.value)+" has more than scheme, host and port", "write for example https://evenkeel.example.com"))
	}
}

func (d *document) checkStore() {
	if !d.dsn.given() {
		return
	}
	dsn := Secret(d.dsn.value)
	for _, rule := range dsn.rules() {
		d.add(d.dsn.at.problem(rule, "write a secret as ${env:NAME} or ${file:/path}"))
	}
	rest, isSQLite := strings.CutPrefix(dsn.plain(), "sqlite:")
	u, err := url.Parse(dsn.plain())
	switch {
	case dsn.whole(), isSQLite && rest != "":
	case err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql":
		d.add(d.dsn.at.problem("is neither sqlite:PATH nor postgres://USER@HOST/DATABASE", "write for example sqlite:/var/lib/evenkeel/evenkeel.db"))
	case holdsPassword(d.dsn.value):
		d.add(d.dsn.at.problem("holds a password", "write a reference in its place: postgres://USER:${env:NAME}@HOST/DATABASE"))
	}
}

// holdsPassword says whether a PostgreSQL address has a password that is not
// wholly a reference.
func holdsPassword(dsn string) bool {
	literal, err := url.Parse(referencePattern.ReplaceAllString(dsn, ""))
	if err != nil {
		return true
	}
	password, _ := literal.User.Password()
	return password != "" || literal.Query().Get("password") != ""
}

func (d *document) checkGroups() {
	d.checkTree(d.groups, "group")
	d.checkTree(d.capabilities, "capability")
	if d.unread {
		return // What is missing here may stand in a file that cannot be read.
	}
	groups, capabilities := slugsOf(d.groups), slugsOf(d.capabilities)
	for _, g := range d.groups {
		d.checkKnown(g.parent, groups, "group", "groups:")
	}
	for _, g := range d.capabilities {
		d.checkKnown(g.parent, capabilities, "capability", "capabilities:")
	}
	for _, a := range d.applications {
		d.checkKnown(a.group, groups, "group", "groups:")
		d.checkKnown(a.capability, capabilities, "capability", "capabilities:")
	}
}

// checkKnown reports a group or capability that nobody describes.
func (d *document) checkKnown(slug text, known []string, noun, list string) {
	if slug.given() && !slices.Contains(known, slug.value) {
		d.add(slug.at.problem(noun+" "+quoted(slug.value)+" is not described", didYouMean(slug.value, known, list)))
	}
}

// checkTree checks that slugs are good and given once, and reports each ring
// of parents once, at its first member.
func (d *document) checkTree(tree []group, noun string) {
	slugs := make([]text, len(tree))
	parents := map[string]text{}
	for i, g := range tree {
		slugs[i] = g.slug
		if _, twice := parents[g.slug.value]; !twice && g.slug.given() && g.parent.given() {
			parents[g.slug.value] = g.parent
		}
	}
	d.checkUnique(slugs, noun)
	reported := map[string]bool{}
	for _, g := range tree {
		slug := g.slug.value
		ring := ringOf(parents, slug)
		if ring == nil || reported[slug] {
			continue
		}
		for _, member := range ring {
			reported[member] = true
		}
		d.add(parents[slug].at.problem(noun+" "+quoted(slug)+" lies in itself: "+strings.Join(append(ring, slug), " in "), "give one of them another parent or none"))
	}
}

// ringOf is the path from a group through its parents back to itself; nil if
// there is none.
func ringOf(parents map[string]text, slug string) []string {
	ring := []string{slug}
	seen := map[string]bool{slug: true}
	for next := parents[slug]; next.given(); next = parents[next.value] {
		if next.value == slug {
			return ring
		}
		if seen[next.value] {
			return nil
		}
		seen[next.value] = true
		ring = append(ring, next.value)
	}
	return nil
}

func (d *document) checkApplications() {
	slugs := make([]text, len(d.applications))
	for i, a := range d.applications {
		slugs[i] = a.slug
	}
	d.checkUnique(slugs, "application")
	cadences := []string{"daily", "weekly", "monthly", "quarterly", "on-demand"}
	for _, a := range d.applications {
		d.checkOneOf(a.cadence, cadences)
		d.checkOneOf(a.lifecycle, evenkeel.Lifecycles())
	}
}

func (d *document) checkOneOf(t text, allowed []string) {
	if t.given() && !slices.Contains(allowed, t.value) {
		d.add(t.at.problem(quoted(t.value)+" is not one of "+strings.Join(allowed, ", "), didYouMean(t.value, allowed, "")))
	}
}

// claimant is the application and the place of a claim.
type claimant struct {
	application string
	claim       text
}

// checkClaims checks the form of claims, and that no two claim the same.
func (d *document) checkClaims() {
	first := map[string]claimant{}
	for _, a := range d.applications {
		for _, claim := range a.claims {
			parsed, ok := d.checkClaim(claim)
			if !ok {
				continue
			}
			d.checkTie(first, claimant{application: a.slug.value, claim: claim}, parsed)
		}
	}
}

func (d *document) checkTie(first map[string]claimant, c claimant, parsed evenkeel.Claim) {
	tied := false
	for _, key := range claimKeys(parsed) {
		before, taken := first[key]
		switch {
		case !taken:
			first[key] = c
		case tied:
		case before.application == c.application:
			tied = true
			d.add(c.claim.at.problem(quoted(c.claim.value)+" is claimed already at "+before.claim.at.String(), "remove one"))
		default:
			tied = true
			d.add(c.claim.at.problem(quoted(c.claim.value)+" of application "+quoted(c.application)+" is claimed by application "+quoted(before.application)+" too, at "+before.claim.at.String(), "let one of them claim a folder (repo:HOST/PATH//FOLDER) or drop one"))
		}
	}
}

// claimKeys names what is claimed: an origin, a repository's folder, or both.
func claimKeys(c evenkeel.Claim) []string {
	var keys []string
	if c.Origin != "" {
		keys = append(keys, "origin:"+c.Origin+"//"+c.Path)
	}
	if c.Repository != "" {
		keys = append(keys, "repo:"+c.Repository+"//"+c.Path)
	}
	return keys
}

func (d *document) checkClaim(claim text) (evenkeel.Claim, bool) {
	scheme, rest, _ := strings.Cut(claim.value, ":")
	switch {
	case strings.Contains(rest, "//") && slices.Contains([]string{"http", "https", "ssh", "git"}, scheme), strings.Contains(claim.value, "://") && slices.Contains([]string{"repo", "github", "gitlab"}, scheme):
		d.add(claim.at.problem(quoted(claim.value)+" is an address", "write repo:HOST/PATH, for example repo:github.com/acme/checkout"))
		return evenkeel.Claim{}, false
	case strings.ContainsAny(claim.value, " @") && scheme == "repo", strings.Contains(scheme, "@"):
		d.add(claim.at.problem(quoted(claim.value)+" is not the name of a repository", "write repo:HOST/PATH, for example repo:github.com/acme/checkout"))
		return evenkeel.Claim{}, false
	case scheme == "repo" && strings.HasSuffix(rest, ".git"):
		d.add(claim.at.problem(quoted(claim.value)+" ends in .git", "leave .git out"))
		return evenkeel.Claim{}, false
	}
	parsed, err := evenkeel.ParseClaim(claim.value)
	if fields, ok := errors.AsType[evenkeel.FieldErrors](err); ok {
		for _, one := range fields {
			d.add(claim.at.problem(one.Rule, ""))
		}
		return evenkeel.Claim{}, false
	}
	if parsed.Path != "" && (path.Clean(parsed.Path) != parsed.Path || strings.HasPrefix(parsed.Path, "../")) {
		d.add(claim.at.problem("folder "+quoted(parsed.Path)+" is not a plain path", "write it without '.', '..' and double slashes"))
		return evenkeel.Claim{}, false
	}
	if name := parsed.Repository; name != "" && (path.Clean(name) != name || strings.HasPrefix(name, "/") || !strings.Contains(name, "/")) {
		d.add(claim.at.problem(quoted(claim.value)+" does not name a repository", "write repo:HOST/PATH, for example repo:github.com/acme/checkout"))
		return evenkeel.Claim{}, false
	}
	return parsed, err == nil
}
