package connectors

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// defaultNamespace is that of entities and references that name none.
const defaultNamespace = "default"

// entityRef names an entity, in lower case: case does not tell entities apart.
type entityRef struct{ kind, namespace, name string }

var entityNamePattern = regexp.MustCompile(`^[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$`)

func entityName(text string) bool { return entityNamePattern.MatchString(text) }

// folded is the reference in lower case, with the default namespace.
func (r entityRef) folded() entityRef {
	if r.namespace == "" {
		r.namespace = defaultNamespace
	}
	return entityRef{strings.ToLower(r.kind), strings.ToLower(r.namespace), strings.ToLower(r.name)}
}

// parseRef reads "kind:namespace/name", of which kind and namespace may be
// left out: then they are those given.
func parseRef(text, kind, namespace string) (entityRef, bool) {
	if before, rest, ok := strings.Cut(text, ":"); ok {
		kind, text = before, rest
	}
	if before, rest, ok := strings.Cut(text, "/"); ok {
		namespace, text = before, rest
	}
	if !entityName(kind) || !entityName(namespace) || !entityName(text) {
		return entityRef{}, false
	}
	return entityRef{kind, namespace, text}.folded(), true
}

// String is the reference in full.
func (r entityRef) String() string { return r.kind + ":" + r.namespace + "/" + r.name }

// parts are namespace and name; the default namespace is no part.
func (r entityRef) parts() []string {
	if r.namespace == defaultNamespace {
		return []string{r.name}
	}
	return []string{r.namespace, r.name}
}

// OwnershipTargets lists the files that Locations in some files name, as paths
// of the repository, and the targets that lie elsewhere and are not followed.
// A target with "*" or "?" is a pattern over paths.
func OwnershipTargets(files OwnershipFiles) (targets, elsewhere []string) {
	for name, text := range files.Texts {
		if !isYAML(name) {
			continue
		}
		entities, _, _ := parseEntities(name, text)
		for _, e := range entities {
			here, away := e.targets()
			targets, elsewhere = append(targets, here...), append(elsewhere, away...)
		}
	}
	slices.Sort(targets)
	slices.Sort(elsewhere)
	return slices.Compact(targets), slices.Compact(elsewhere)
}

// targets are the files that a Location names.
func (e entity) targets() (here, elsewhere []string) {
	if e.ref.kind != "location" {
		return nil, nil
	}
	quiet := func(entity, int, string, string) {}
	list := e.specList("targets", quiet)
	if one, ok := textMember(e.spec, "target"); ok {
		list = append(list, one)
	}
	for _, target := range list {
		full := path.Join(path.Dir(e.source.Path), target.value)
		if strings.Contains(target.value, "://") || path.IsAbs(target.value) || full == ".." || strings.HasPrefix(full, "../") {
			elsewhere = append(elsewhere, target.value)
			continue
		}
		here = append(here, full)
	}
	return here, elsewhere
}

// MatchesTarget says that a file is one that a Location's target means.
func MatchesTarget(target, name string) bool {
	if !strings.ContainsAny(target, "*?") {
		return target == name
	}
	match, err := fnmatch(target)
	return err == nil && match.MatchString(name)
}
