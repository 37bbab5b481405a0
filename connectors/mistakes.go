package connectors

import (
	"errors"

	"github.com/evenkeel-dev/evenkeel"
)

// maxMistakes is how many broken rules are listed of one event.
const maxMistakes = 20

// mistakes gathers the broken rules of one event, in a size that a hostile
// event cannot choose.
type mistakes struct {
	list evenkeel.FieldErrors
	// more says that there are some that are not listed.
	more bool
}

func (m *mistakes) full() bool { return len(m.list) >= maxMistakes }

func (m *mistakes) add(field, rule string) {
	if m.full() {
		m.more = true
		return
	}
	m.list = append(m.list, evenkeel.FieldError{Field: field, Rule: rule})
}

func (m *mistakes) said(field string) bool {
	for _, one := range m.list {
		if one.Field == field {
			return true
		}
	}
	return false
}

// merge adds the FieldErrors that err holds, each rule behind what prefix says
// of its field. A field of which something is known to be wrong is not
// reported twice.
func (m *mistakes) merge(err error, prefix func(field string) string) {
	var broken evenkeel.FieldErrors
	if !errors.As(err, &broken) {
		return
	}
	for _, one := range broken {
		if !m.said(one.Field) {
			m.add(one.Field, prefix(one.Field)+one.Rule)
		}
	}
}

// judge is the event if nothing is wrong with it, else its kind and id and
// what is wrong.
func (m *mistakes) judge(e evenkeel.Event) (evenkeel.Event, error) {
	if len(m.list) == 0 {
		return e, nil
	}
	if m.more {
		m.list = append(m.list, evenkeel.FieldError{Field: "event", Rule: "has more mistakes like these"})
	}
	named := evenkeel.Event{Kind: e.Kind}
	if len(e.ID) <= evenkeel.MaxText {
		named.ID = e.ID
	}
	return named, m.list
}
