package connectors

import (
	"path"
	"slices"
	"strings"

	"github.com/evenkeel-dev/evenkeel"
)

// entities reads the documents of all repositories.
func (r *ownershipReader) entities(repositories []OwnershipFiles) []entity {
	var all []entity
	for _, files := range repositories {
		for name, text := range files.Texts {
			if !isYAML(name) {
				continue
			}
			found, problems, unread := parseEntities(name, text)
			for i := range found {
				found[i].source.Repository, found[i].source.Commit = files.Repository, files.Commit
			}
			for i, problem := range problems {
				r.problem(files.Repository, problem, unread && i == len(problems)-1)
			}
			all = append(all, found...)
		}
	}
	slices.SortStableFunc(all, func(a, b entity) int {
		return strings.Compare(a.source.Repository+"\x1f"+a.source.Path, b.source.Repository+"\x1f"+b.source.Path)
	})
	return all
}

// entityIndex finds entities by their names.
type entityIndex struct {
	entities map[entityRef]entity
	// providers are the components that provide an API.
	providers map[entityRef][]entity
	// components counts those of a file, by repository and path.
	components map[[2]string]int
}

func (r *ownershipReader) index(all []entity) entityIndex {
	in := entityIndex{map[entityRef]entity{}, map[entityRef][]entity{}, map[[2]string]int{}}
	for _, e := range all {
		if _, known := in.entities[e.ref]; !known {
			in.entities[e.ref] = e
		}
		if e.ref.kind != "component" {
			continue
		}
		in.components[[2]string{e.source.Repository, e.source.Path}]++
		for _, text := range e.specList("providesApis", r.wrong) {
			if api, ok := r.ref(e, "spec.providesApis", text, "api"); ok {
				in.providers[api] = append(in.providers[api], e)
			}
		}
	}
	return in
}

func (r *ownershipReader) wrong(e entity, line int, field, rule string) {
	r.problem(e.source.Repository, OwnershipNote{Path: e.source.Path, Document: e.document, Line: line, Field: field, Rule: rule}, false)
}

func (r *ownershipReader) remark(e entity, line int, field, rule string) {
	r.note(OwnershipNote{Path: e.source.Path, Document: e.document, Line: line, Field: field, Rule: rule})
}

// ref reads a reference that is no person's name.
func (r *ownershipReader) ref(e entity, field string, text entityText, kind string) (entityRef, bool) {
	ref, ok := parseRef(text.value, kind, e.ref.namespace)
	if !ok {
		r.wrong(e, text.line, field, shortQuote(text.value)+" is not a reference; write [kind:][namespace/]name")
	}
	return ref, ok
}

// backstage suggests what components say.
func (r *ownershipReader) backstage(all []entity) {
	in := r.index(all)
	for _, e := range all {
		switch e.ref.kind {
		case "component":
			r.component(in, e)
		case "location":
			if _, elsewhere := e.targets(); len(elsewhere) > 0 {
				r.remark(e, e.source.Line, "spec.targets", strings.Join(elsewhere, ", ")+" lies elsewhere and is not followed")
			}
		case "system", "domain", "api", "group", "user", "resource":
		default:
			r.remark(e, e.source.Line, "kind", shortQuote(e.ref.kind)+" says nothing of applications")
		}
	}
}

// component suggests what one component says.
func (r *ownershipReader) component(in entityIndex, e entity) {
	slug, ok := r.applicationOf(e)
	if !ok {
		return
	}
	said := evenkeel.Suggestion{Application: slug, Confidence: evenkeel.ConfidenceStated, Source: e.source}
	r.owner(in, e, said)
	r.system(in, e, said)
	r.lifecycle(e, said)
	r.tier(e, said)
	r.repository(in, e, said)
	r.dependencies(in, e, said)
}

// applicationOf is the application that a component describes: the one that
// an annotation names, that bears its name, or that claims its repository and
// folder; else a new one of its name. A library that is no application yet is
// none.
func (r *ownershipReader) applicationOf(e entity) (string, bool) {
	key := entityPlace{e.source.Repository, e.source.Path, e.document}
	if slug, asked := r.described[key]; asked {
		return slug, slug != ""
	}
	slug, ok := r.describes(e)
	if !ok {
		slug = ""
	}
	if r.described == nil {
		r.described = map[entityPlace]string{}
	}
	r.described[key] = slug
	return slug, ok
}

// entityPlace is where a document stands.
type entityPlace struct {
	repository, path string
	document         int
}

func (r *ownershipReader) describes(e entity) (string, bool) {
	if text, ok := e.annotations["evenkeel.dev/application"]; ok {
		return text.value, r.slug(e, text.line, "metadata.annotations[evenkeel.dev/application]", text.value)
	}
	known := func(slug string) bool { _, ok := r.application(slug); return ok }
	slug := slugOf(known, e.ref.parts())
	if known(slug) {
		return slug, true
	}
	if claimed := r.claimant(e); claimed != "" {
		return claimed, true
	}
	if kind, _ := e.specText("type", r.wrong); kind.value == "library" || kind.value == "documentation" {
		r.remark(e, e.source.Line, "spec.type", "a "+kind.value+" is no application unless the catalogue has it as one")
		return "", false
	}
	return slug, r.slug(e, e.source.Line, "metadata.name", slug)
}

func (r *ownershipReader) slug(e entity, line int, field, slug string) bool {
	if evenkeel.ValidSlug(slug) {
		return true
	}
	r.wrong(e, line, field, shortQuote(slug)+" cannot be the slug of an application; name one with the annotation evenkeel.dev/application")
	return false
}

// claimant is the only application that claims exactly what the component says
// to be its repository.
func (r *ownershipReader) claimant(e entity) string {
	said, ok := claimOf(e)
	if !ok {
		return ""
	}
	wanted, err := evenkeel.ParseClaim(said.value)
	if err != nil || wanted.Repository == "" {
		return ""
	}
	found := ""
	for _, claim := range r.catalogue.PathClaims(wanted.Repository) {
		if claim.Path != wanted.Path {
			continue
		}
		if found != "" {
			return ""
		}
		found = claim.Application
	}
	i := slices.IndexFunc(r.catalogue.Applications, func(a evenkeel.Application) bool { return a.ID == found && found != "" })
	if i < 0 {
		return ""
	}
	return r.catalogue.Applications[i].Slug
}

// owner suggests the group that spec.owner names. Persons are counted.
func (r *ownershipReader) owner(in entityIndex, e entity, s evenkeel.Suggestion) {
	text, ok := e.specText("owner", r.wrong)
	if !ok {
		return
	}
	ref, ok := parseRef(text.value, "group", e.ref.namespace)
	user := entityRef{"user", ref.namespace, ref.name}
	_, isUser := in.entities[user]
	_, isGroup := in.entities[ref]
	switch {
	case strings.Contains(text.value, "@"), ok && ref.kind == "user", ok && ref.kind == "group" && isUser && !isGroup:
		r.found.Persons++
	case !ok || ref.kind != "group": // What it says is not repeated: it may name a person.
		r.wrong(e, text.line, "spec.owner", "is not a reference to a group; write group:default/payments or payments")
	default:
		group := in.entities[ref]
		s.Aspect, s.Method, s.Detail, s.Reference, s.Source.Line = evenkeel.AspectOwner, "spec.owner", "", ref.String(), text.line
		s.Value = slugOf(r.hasGroup, ref.parts())
		s.Name = firstText(group.displayName(), ref.name)
		s.Parent = group.parent("parent", "group", r.hasGroup)
		r.tree(e, s, text.line)
	}
}

// system suggests the business capability that the system is.
func (r *ownershipReader) system(in entityIndex, e entity, s evenkeel.Suggestion) {
	text, ok := e.specText("system", r.wrong)
	if !ok {
		return
	}
	ref, ok := r.ref(e, "spec.system", text, "system")
	if !ok {
		return
	}
	known := func(slug string) bool {
		return slices.ContainsFunc(r.catalogue.Capabilities, func(g evenkeel.Group) bool { return g.Slug == slug })
	}
	system := in.entities[ref]
	s.Aspect, s.Method, s.Reference, s.Source.Line = evenkeel.AspectCapability, "spec.system", ref.String(), text.line
	s.Value, s.Name = slugOf(known, ref.parts()), firstText(system.title, ref.name)
	s.Parent = system.parent("domain", "domain", known)
	r.tree(e, s, text.line)
}

// tree keeps a suggestion whose value is a slug.
func (r *ownershipReader) tree(e entity, s evenkeel.Suggestion, line int) {
	if !evenkeel.ValidSlug(s.Value) {
		r.wrong(e, line, s.Method, shortQuote(s.Value)+" cannot be a slug; it needs a letter or digit at both ends")
		return
	}
	r.suggest(s)
}

// displayName is how a group is called by people.
func (e entity) displayName() string {
	name, _ := textMember(yamlMember(e.spec, "profile"), "displayName")
	return firstText(e.title, name.value)
}

// parent is the slug of what encloses an entity.
func (e entity) parent(key, kind string, known func(slug string) bool) string {
	text, ok := textMember(e.spec, key)
	if !ok {
		return ""
	}
	ref, ok := parseRef(text.value, kind, e.ref.namespace)
	if !ok || ref.kind != kind {
		return ""
	}
	return slugOf(known, ref.parts())
}

func (r *ownershipReader) lifecycle(e entity, s evenkeel.Suggestion) {
	text, ok := e.specText("lifecycle", r.wrong)
	if !ok {
		return
	}
	s.Value = strings.ToLower(text.value)
	if !slices.Contains(evenkeel.Lifecycles(), s.Value) {
		r.remark(e, text.line, "spec.lifecycle", shortQuote(text.value)+" is not one of "+strings.Join(evenkeel.Lifecycles(), ", "))
		return
	}
	s.Aspect, s.Method, s.Reference, s.Source.Line = evenkeel.AspectLifecycle, "spec.lifecycle", text.value, text.line
	r.suggest(s)
}

// repository suggests the claim that a component makes, or that follows from
// where its file lies.
func (r *ownershipReader) repository(in entityIndex, e entity, s evenkeel.Suggestion) {
	s.Aspect = evenkeel.AspectRepository
	said, ok := claimOf(e)
	s.Method, s.Detail, s.Source.Line, s.Value = "annotation", said.key, said.line, said.value
	if !ok {
		if s.Value = placeOf(e); s.Value == "" || in.components[[2]string{e.source.Repository, e.source.Path}] > 1 {
			return
		}
		s.Method, s.Detail, s.Confidence, s.Source.Line = "file_place", e.source.Path, evenkeel.ConfidenceGuess, e.source.Line
	}
	if _, err := evenkeel.ParseClaim(s.Value); err != nil {
		r.wrong(e, s.Source.Line, "metadata.annotations["+s.Detail+"]", "is not a repository")
		return
	}
	r.suggest(s)
}

// placeOf claims the folder in which a file lies; folders that begin with a
// dot are about the one around them.
func placeOf(e entity) string {
	if e.source.Repository == "" || strings.HasPrefix(e.source.Repository, "local/") {
		return ""
	}
	folder := path.Dir(e.source.Path)
	for strings.HasPrefix(path.Base(folder), ".") && folder != "." {
		folder = path.Dir(folder)
	}
	if folder == "." {
		return "repo:" + e.source.Repository
	}
	return "repo:" + e.source.Repository + "//" + folder
}
