package connectors

import (
	"maps"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/evenkeel-dev/evenkeel"
)

// entityClaim is a claim that an annotation states.
type entityClaim struct {
	value, key string
	line       int
}

// claimOf is the repository that annotations of a component name: the place of
// its source if there is one, else the name of its project.
func claimOf(e entity) (entityClaim, bool) {
	const source, github, gitlab = "backstage.io/source-location", "github.com/project-slug", "gitlab.com/project-slug"
	if text, ok := e.annotations[source]; ok {
		if claim := sourceClaim(text.value); claim != "" {
			return entityClaim{claim, source, text.line}, true
		}
	}
	if text, ok := e.annotations[github]; ok {
		return entityClaim{"github:" + text.value, github, text.line}, true
	}
	text, ok := e.annotations[gitlab]
	if !ok {
		return entityClaim{}, false
	}
	if host, own := e.annotations["gitlab.com/instance"]; own && host.value != "gitlab.com" {
		return entityClaim{"repo:" + host.value + "/" + text.value, gitlab, text.line}, true
	}
	return entityClaim{"gitlab:" + text.value, gitlab, text.line}, true
}

// sourceTree is what stands between a repository and a path in its pages; the
// branch after it is taken to be one word.
var sourceTree = regexp.MustCompile(`/(?:-/)?(?:tree|blob|src)/[^/]+(?:/|$)`)

// sourceClaim claims what "url:https://github.com/acme/mono/tree/main/pay/"
// points to; empty is no such place.
func sourceClaim(text string) string {
	address, err := url.Parse(strings.TrimPrefix(text, "url:"))
	if err != nil || address.Host == "" || address.Scheme != "https" && address.Scheme != "http" {
		return ""
	}
	name, folder := address.Path, ""
	if found := sourceTree.FindStringIndex(name); found != nil {
		name, folder = name[:found[0]], name[found[1]:]
	}
	name = strings.TrimSuffix(strings.Trim(name, "/"), ".git")
	if !strings.Contains(name, "/") {
		return ""
	}
	claim := "repo:" + strings.ToLower(address.Hostname()+"/"+name)
	if folder = strings.Trim(path.Clean("/"+folder), "/"); folder != "" {
		claim += "//" + folder
	}
	return claim
}

// tier suggests the tier that a label or annotation states: evenkeel.dev/tier,
// or any key that ends with tier, service-tier or criticality.
func (r *ownershipReader) tier(e entity, s evenkeel.Suggestion) {
	s.Aspect = evenkeel.AspectTier
	for place, members := range map[string]map[string]entityText{"annotations": e.annotations, "labels": e.labels} {
		for _, key := range slices.Sorted(maps.Keys(members)) {
			if !slices.Contains([]string{"tier", "service-tier", "criticality"}, path.Base(key)) {
				continue
			}
			tier, sure := tierOf(members[key].value)
			if tier == "" {
				r.remark(e, members[key].line, "metadata."+place+"["+key+"]", shortQuote(members[key].value)+" is not a tier; write 1 to 4, tier-1 to tier-4, or critical, high, medium or low")
				continue
			}
			s.Value, s.Confidence, s.Source.Line = tier, sure, members[key].line
			s.Method, s.Detail, s.Reference = strings.TrimSuffix(place, "s"), key, members[key].value
			if place == "annotations" {
				s.Method = "annotation"
			}
			r.suggest(s)
		}
	}
}

var tierNumber = regexp.MustCompile(`^(?:tier|t)?[-_ ]?([1-4])$`)

// tierOf reads a tier as people write it.
func tierOf(text string) (string, evenkeel.Confidence) {
	text = strings.ToLower(strings.TrimSpace(text))
	if found := tierNumber.FindStringSubmatch(text); found != nil {
		return found[1], evenkeel.ConfidenceStated
	}
	words := map[string]string{"mission-critical": "1", "critical": "1", "high": "2", "medium": "3", "moderate": "3", "low": "4"}
	return words[text], evenkeel.ConfidenceLikely
}

// dependencies suggests what a component needs: components it depends on, and
// those that provide APIs it consumes.
func (r *ownershipReader) dependencies(in entityIndex, e entity, s evenkeel.Suggestion) {
	s.Aspect = evenkeel.AspectDependency
	for _, text := range e.specList("dependsOn", r.wrong) {
		if ref, ok := r.ref(e, "spec.dependsOn", text, "component"); ok {
			s.Method = "spec.dependsOn"
			r.needs(in, e, s, text, ref)
		}
	}
	for _, text := range e.specList("consumesApis", r.wrong) {
		if ref, ok := r.ref(e, "spec.consumesApis", text, "api"); ok {
			s.Method = "spec.consumesApis"
			r.needs(in, e, s, text, ref)
		}
	}
	for _, text := range e.specList("dependencyOf", r.wrong) {
		ref, ok := r.ref(e, "spec.dependencyOf", text, "component")
		if !ok {
			continue
		}
		reverse := s
		reverse.Method, reverse.Value, reverse.Reference, reverse.Source.Line = "spec.dependencyOf", s.Application, e.ref.String(), text.line
		if reverse.Application, ok = r.named(in, ref); !ok {
			r.remark(e, text.line, "spec.dependencyOf", ref.String()+" is no application and was not read")
		} else if reverse.Application != reverse.Value {
			r.suggest(reverse)
		}
	}
}

// needs suggests that an application needs what a reference names.
func (r *ownershipReader) needs(in entityIndex, e entity, s evenkeel.Suggestion, text entityText, ref entityRef) {
	s.Reference, s.Source.Line = ref.String(), text.line
	var needed []string
	switch ref.kind {
	case "api":
		s.Type = "api"
		for _, provider := range in.providers[ref] {
			if slug, ok := r.applicationOf(provider); ok {
				needed = append(needed, slug)
			}
		}
	case "component":
		if slug, ok := r.named(in, ref); ok {
			needed = append(needed, slug)
		}
	default:
		r.remark(e, text.line, s.Method, ref.String()+" is no application")
		return
	}
	if len(needed) == 0 {
		r.remark(e, text.line, s.Method, ref.String()+" leads to no application that is known or was read")
	}
	for _, s.Value = range needed {
		if s.Value != s.Application {
			r.suggest(s)
		}
	}
}

// named is the application of a component that was read, or that the catalogue
// has.
func (r *ownershipReader) named(in entityIndex, ref entityRef) (string, bool) {
	if e, ok := in.entities[ref]; ok {
		return r.applicationOf(e)
	}
	known := func(slug string) bool { _, ok := r.application(slug); return ok }
	slug := slugOf(known, ref.parts())
	return slug, ref.kind == "component" && known(slug)
}
