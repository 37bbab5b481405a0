package measure

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// Task is one indicator that a connection is asked for.
type Task struct {
	// Stream names it among the streams of the connection.
	Stream     string
	Definition slo.Definition
	Indicator  slo.Indicator
}

// Place is a connection as documents may name it.
type Place struct {
	Name, Source, Address string
	// Only says that there is no other of its source, which is where documents
	// go that name none.
	Only bool
}

// streamPrefix begins the names of streams that are service levels.
const streamPrefix = "slo "

// StreamsOf are the names of the streams that measure a definition.
func StreamsOf(d slo.Definition) (names []string) {
	for i := range indicators(d) {
		name := streamPrefix + d.Name
		if i > 0 {
			name += " " + strconv.Itoa(i)
		}
		names = append(names, name)
	}
	return names
}

// Tasks are what a connection is asked for among definitions. An indicator of
// which one part is at another place is an error that says so, see [Task.Check].
func Tasks(definitions []slo.Definition, p Place) (list []Task) {
	for _, d := range definitions {
		names := StreamsOf(d)
		for i, one := range indicators(d) {
			if p.has(one) {
				list = append(list, Task{names[i], d, one})
			}
		}
	}
	return list
}

// DefinitionIn is the name of the definition that a stream measures; empty for
// other streams.
func DefinitionIn(stream string) string {
	rest, ok := strings.CutPrefix(stream, streamPrefix)
	if !ok {
		return ""
	}
	name, _, _ := strings.Cut(rest, " ")
	return name
}

// indicators are that of the definition and those of its objectives.
func indicators(d slo.Definition) []slo.Indicator {
	list := []slo.Indicator{d.Indicator}
	for _, o := range d.Objectives {
		if o.Indicator != nil {
			list = append(list, *o.Indicator)
		}
	}
	return list
}

// sources are where the parts of an indicator are asked.
func sources(i slo.Indicator) (list []slo.Source) {
	for _, one := range []*slo.Source{i.Good, i.Bad, i.Total, i.Value} {
		if one != nil {
			list = append(list, *one)
		}
	}
	return list
}

// has says whether the first part of an indicator is at a place.
func (p Place) has(i slo.Indicator) bool {
	list := sources(i)
	return len(list) > 0 && p.is(list[0])
}

// is says whether a source is this place.
func (p Place) is(s slo.Source) bool {
	switch s.DataSource {
	case "":
		return p.Only && (s.Type == "" || strings.EqualFold(s.Type, p.Source))
	case p.Name:
		return true
	}
	return p.Address != "" && strings.EqualFold(strings.TrimSuffix(s.DataSource, "/"), strings.TrimSuffix(p.Address, "/"))
}

// Check refuses a task of which parts are at several places: they could not be
// asked at one instant.
func (t Task) Check(p Place) error {
	for _, one := range sources(t.Indicator) {
		if !p.is(one) {
			return fmt.Errorf("%w: the indicator is asked at %s and at %q; all of its metrics have to be of one data source", evenkeel.ErrInvalid, p.Name, one.DataSource)
		}
	}
	return nil
}

// digest tells one way of measuring from another.
func (t Task) digest() string {
	d := t.Definition
	text, err := json.Marshal([]any{d.Service, d.Environment, d.Slice, d.GroupBy, t.Indicator})
	if err != nil {
		text = []byte(err.Error()) // Members of documents are plain JSON.
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}
