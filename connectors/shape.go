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
	formNumber
	formBoolean
	formInstant
	formList
	formDictionary
	formRecord
)

// role is what a text or a number means, where that decides how it is checked
// and normalised.
type role uint8

const (
	roleText role = iota
	roleSlug
	roleRepository
	roleSHA
	roleReference
	roleTrailer
	// roleAmount is a number of 0 or more, roleShare one from 0 to 1.
	roleAmount
	roleShare
	// roleSeconds is a whole number that divides an hour.
	roleSeconds
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
	// filled says that a list or dictionary is not empty.
	filled bool
	// anyOf lists members of a record of which one at least is given.
	anyOf []string
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
	reflect.TypeFor[evenkeel.BuildResult]():      texts(evenkeel.BuildSuccess, evenkeel.BuildFailure, evenkeel.BuildCancelled, evenkeel.BuildSkipped),
	reflect.TypeFor[evenkeel.WorkType]():         texts(evenkeel.WorkFeature, evenkeel.WorkBug, evenkeel.WorkDebt, evenkeel.WorkSecurity, evenkeel.WorkUnplanned),
	reflect.TypeFor[evenkeel.WorkState]():        texts(evenkeel.WorkOpen, evenkeel.WorkStarted, evenkeel.WorkClosed),
	reflect.TypeFor[evenkeel.FlagKind]():         texts(evenkeel.FlagRelease, evenkeel.FlagExperiment, evenkeel.FlagOps, evenkeel.FlagPermission),
	reflect.TypeFor[evenkeel.FlagAction]():       texts(evenkeel.FlagCreated, evenkeel.FlagEnabled, evenkeel.FlagDisabled, evenkeel.FlagChanged, evenkeel.FlagArchived),
	reflect.TypeFor[evenkeel.EvidenceResult]():   texts(evenkeel.EvidencePass, evenkeel.EvidenceFail, evenkeel.EvidenceWarn, evenkeel.EvidenceNotApplicable, evenkeel.EvidenceUnknown, evenkeel.EvidenceWaived, evenkeel.EvidenceStale),
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
	s := &shape{role: about.role, keys: about.keys, enum: enums[t], filled: about.filled}
	switch {
	case t == reflect.TypeFor[time.Time]():
		s.form = formInstant
	case t.Kind() == reflect.Int:
		s.form = formWhole
	case t.Kind() == reflect.Float64:
		s.form = formNumber
	case t.Kind() == reflect.Bool:
		s.form = formBoolean
	case t.Kind() == reflect.Slice:
		s.form, s.element = formList, shapeOf(path, t.Elem())
	case t.Kind() == reflect.Map:
		s.form, s.element = formDictionary, shapeOf(path, t.Elem())
	case t.Kind() == reflect.Struct:
		s.form, s.anyOf = formRecord, about.anyOf
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
