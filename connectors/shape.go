package connectors

import (
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// form is how a value is written in JSON.
type form uint8

const (
	formText form = iota
	formWhole
	formInstant
	formList
	formDictionary
	formRecord
)

// role is what a text means, where that decides how it is checked and
// normalised.
type role uint8

const (
	roleText role = iota
	roleSlug
	roleRepository
	roleSHA
	roleReference
	roleTrailer
)

// shape describes one value of the neutral format. The intake reads by it and
// the published schema is written from it, so the two cannot differ.
type shape struct {
	form form
	role role
	// keys is what the names of a dictionary mean.
	keys role
	// enum lists the allowed texts; nil allows any.
	enum []string
	// element is the shape of list elements and dictionary values.
	element *shape
	// members and places describe a record, in the order of the Go type.
	members []member
	places  map[string]int
}

// member is one named value of a record.
type member struct {
	name     string
	index    int
	required bool
	note     string
	shape    *shape
}

// enums lists the allowed values of every enumerated type.
//
//nolint:gochecknoglobals // A constant table.
var enums = map[reflect.Type][]string{
	reflect.TypeFor[evenkeel.DeploymentStatus](): texts(evenkeel.StatusSuccess, evenkeel.StatusFailure, evenkeel.StatusCancelled, evenkeel.StatusRunning),
	reflect.TypeFor[evenkeel.ChangeKind]():       texts(evenkeel.ChangeFeature, evenkeel.ChangeFix, evenkeel.ChangeRollback, evenkeel.ChangeSecurity, evenkeel.ChangeReliability),
	reflect.TypeFor[evenkeel.ActorKind]():        texts(evenkeel.ActorHuman, evenkeel.ActorBot, evenkeel.ActorSystem),
	reflect.TypeFor[evenkeel.ArtifactKind]():     texts(evenkeel.ArtifactCode, evenkeel.ArtifactConfig, evenkeel.ArtifactContent, evenkeel.ArtifactSchema, evenkeel.ArtifactInfrastructure),
	reflect.TypeFor[evenkeel.Rollout]():          texts(evenkeel.RolloutAllAtOnce, evenkeel.RolloutCanary, evenkeel.RolloutStaged),
	reflect.TypeFor[evenkeel.ChangeState]():      texts(evenkeel.ChangeOpen, evenkeel.ChangeMerged, evenkeel.ChangeClosed),
	reflect.TypeFor[evenkeel.Basis]():            texts(evenkeel.BasisDeclared, evenkeel.BasisObserved),
}

func texts[T ~string](values ...T) []string {
	list := make([]string, len(values))
	for i, v := range values {
		list[i] = string(v)
	}
	return list
}

// shapes holds the shape of every kind's payload.
//
//nolint:gochecknoglobals // Computed once from the types; never changed.
var shapes = sync.OnceValue(func() map[evenkeel.Kind]*shape {
	all := map[evenkeel.Kind]*shape{}
	for _, kind := range evenkeel.Kinds() {
		all[kind] = shapeOf(string(kind), reflect.TypeOf(evenkeel.NewPayload(kind)).Elem())
	}
	return all
})

// shapeOf describes a type of the root package. path leads to the notes of
// its members, "change.commits".
func shapeOf(path string, t reflect.Type) *shape {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	about := notes[path]
	s := &shape{role: about.role, keys: about.keys, enum: enums[t]}
	switch {
	case t == reflect.TypeFor[time.Time]():
		s.form = formInstant
	case t.Kind() == reflect.Int:
		s.form = formWhole
	case t.Kind() == reflect.Slice:
		s.form, s.element = formList, shapeOf(path, t.Elem())
	case t.Kind() == reflect.Map:
		s.form, s.element = formDictionary, shapeOf(path, t.Elem())
	case t.Kind() == reflect.Struct:
		s.form = formRecord
		s.addMembers(path, t)
	}
	return s
}

func (s *shape) addMembers(path string, t reflect.Type) {
	s.places = map[string]int{}
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		about := notes[path+"."+name]
		s.places[name] = len(s.members)
		s.members = append(s.members, member{
			name: name, index: i, required: about.required, note: about.text,
			shape: shapeOf(path+"."+name, t.Field(i).Type),
		})
	}
}

// names lists the members of a record, sorted.
func (s *shape) names() []string {
	names := make([]string, len(s.members))
	for i, m := range s.members {
		names[i] = m.name
	}
	slices.Sort(names)
	return names
}
