package metrics

import (
	"strings"

	"github.com/evenkeel-dev/evenkeel"
)

// scope says which environments a query is about: a class, or one by name.
type scope struct {
	class evenkeel.EnvironmentClass
	name  string
}

func scopeOf(environment string) scope {
	name := environmentName(environment)
	if name == "" {
		return scope{class: evenkeel.Production}
	}
	if class, ok := classNamed(name); ok {
		return scope{class: class}
	}
	return scope{name: name}
}

func classNamed(name string) (evenkeel.EnvironmentClass, bool) {
	switch c := evenkeel.EnvironmentClass(name); c {
	case evenkeel.Production, evenkeel.Staging, evenkeel.Testing, evenkeel.Development, evenkeel.Unclassified:
		return c, true
	}
	return "", false
}

// environment says whether deployments of e are wanted.
func (s scope) environment(e *environment) bool {
	if s.class != "" {
		return e.class == s.class
	}
	return e.name == s.name
}

// unplaced says whether incidents of e that name no environment and were laid
// to no deployment are wanted: they are of the production class.
func (s scope) unplaced(e *environment) bool {
	return e.name == "" && s.class == evenkeel.Production
}

// environmentName is an environment's name as it is compared.
func environmentName(name string) string { return strings.ToLower(strings.TrimSpace(name)) }
