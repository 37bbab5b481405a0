package connectors

import (
	"regexp"
	"strings"
)

// streamName names a list of a thing that keeps its id when it is renamed:
// "pulls acme/checkout {673a6070-3421}".
func streamName(kind, name, id string) string {
	return kind + " " + name + " {" + strings.Trim(id, "{}") + "}"
}

// streamNameForm has the kind, the name of the thing and its id.
var streamNameForm = regexp.MustCompile(`^([a-z-]+) (.*) \{([0-9A-Za-z_-]+)\}$`)

// streamParts is the inverse of streamName; ok is false for names of another
// form.
func streamParts(stream string) (kind, name, id string, ok bool) {
	found := streamNameForm.FindStringSubmatch(stream)
	if found == nil {
		return "", "", "", false
	}
	return found[1], found[2], found[3], true
}

// SameStream says whether two names are those of one list, of a thing that was
// renamed between them. Names without an id are equal or not the same.
func SameStream(a, b string) bool {
	kind, _, id, ok := streamParts(a)
	otherKind, _, otherID, otherOK := streamParts(b)
	return a == b || ok && otherOK && kind == otherKind && id == otherID
}

// TellsIncidents says whether a list is one of incidents: "incidents", or that of
// a repository or project, "incidents acme/checkout".
func TellsIncidents(stream string) bool {
	kind, _, _ := strings.Cut(stream, " ")
	return kind == "incidents"
}
