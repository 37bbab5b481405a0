package connectors

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// devlakeDelivery is one delivery while it is read.
type devlakeDelivery struct {
	*devlakeReceiver
	mistakes
	body devlakeObject
	// arrived is when the delivery came; zero if that is not known.
	arrived time.Time
	// ignored says why there is nothing of interest.
	ignored string
}

// judged is what became of a delivery.
func (d *devlakeDelivery) judged(events []evenkeel.Event) ([]evenkeel.Event, error) {
	for i := range events {
		if len(d.list) > 0 {
			break
		}
		if err := events[i].Complete(time.Unix(0, 0)).Validate(); err != nil {
			d.merge(err, func(string) string { return "" })
		}
	}
	switch {
	case len(d.list) > 0:
		return nil, d.list
	case d.ignored != "":
		return nil, ignored("%s", d.ignored)
	case len(events) > maxSignedElements:
		return nil, evenkeel.FieldErrors{{Field: "deploymentCommits", Rule: "has too many elements"}}
	}
	return events, nil
}

// event is a fact as the last request told it: in DevLake a later request
// replaces an earlier one, whatever times it holds.
func (d *devlakeDelivery) event(id string, facts evenkeel.Payload) evenkeel.Event {
	return evenkeel.Event{Kind: facts.Kind(), ID: id, Source: d.source, ObservedAt: d.arrived, Payload: facts}
}

// devlakeObject is a JSON object of which members are found as DevLake finds
// them: in any case of letters, and by their older names with underscores.
type devlakeObject struct {
	d       *devlakeDelivery
	at      string
	members map[string]any
	names   map[string]string
}

func newDevlakeObject(d *devlakeDelivery, at string, object map[string]any) devlakeObject {
	o := devlakeObject{d: d, at: at, members: map[string]any{}, names: map[string]string{}}
	for _, name := range sortedNames(object) {
		plain := strings.ToLower(strings.ReplaceAll(name, "_", ""))
		if _, twice := o.members[plain]; twice && object[name] == nil {
			continue
		}
		o.members[plain], o.names[plain] = object[name], name
	}
	return o
}

func sortedNames(object map[string]any) []string {
	names := make([]string, 0, len(object))
	for name := range object {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// find is the first of the members that is there and not null.
func (o devlakeObject) find(names ...string) (value any, place string) {
	for _, name := range names {
		if v, ok := o.members[strings.ToLower(name)]; ok && v != nil {
			return v, o.at + o.names[strings.ToLower(name)]
		}
	}
	return nil, o.at + names[0]
}

// text is a text or a number of any of the names; empty if there is none.
func (o devlakeObject) text(names ...string) string {
	v, place := o.find(names...)
	if v == nil {
		return ""
	}
	text, ok := scalarText(v)
	if !ok {
		o.d.add(place, "is "+treeName(v)+", not a text")
	}
	text = strings.TrimSpace(text)
	if len(text) > evenkeel.MaxText {
		o.d.add(place, "is too long")
		return ""
	}
	return text
}

// required is a text that must be there.
func (o devlakeObject) required(names ...string) string {
	text := o.text(names...)
	if text == "" {
		_, place := o.find(names...)
		if !o.d.said(place) {
			o.d.add(place, "is required")
		}
	}
	return text
}

// instant reads a time as DevLake does: RFC 3339, and forms close to it.
// Without a zone it is in that of the settings.
func (o devlakeObject) instant(names ...string) time.Time {
	text := o.text(names...)
	if text == "" {
		return time.Time{}
	}
	for _, layout := range []string{
		time.RFC3339Nano, "2006-01-02T15:04:05.999999999Z0700", "2006-01-02T15:04:05.999999999Z07", "2006-01-02T15:04Z07:00",
		"2006-01-02 15:04:05.999999999Z07:00", "2006-01-02 15:04:05.999999999Z0700", "2006-01-02 15:04:05.999999999 Z0700",
		"2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999", "2006-01-02T15:04", time.DateOnly,
	} {
		if at, err := time.ParseInLocation(layout, text, o.d.zone); err == nil && at.UTC().Year() >= 1970 && at.UTC().Year() <= 2261 {
			return at.UTC()
		}
	}
	_, place := o.find(names...)
	o.d.add(place, shortQuote(text)+" is not a time of the years 1970 to 2261; "+timeExample)
	return time.Time{}
}

// objects is a list of objects.
func (o devlakeObject) objects(names ...string) []devlakeObject {
	v, place := o.find(names...)
	if v == nil {
		return nil
	}
	list, ok := v.([]any)
	if !ok {
		o.d.add(place, "is "+treeName(v)+", not a list")
		return nil
	}
	found := make([]devlakeObject, 0, len(list))
	for i, element := range list {
		at := place + "[" + strconv.Itoa(i) + "]"
		object, ok := element.(map[string]any)
		if !ok {
			o.d.add(at, "is "+treeName(element)+", not an object")
			continue
		}
		found = append(found, newDevlakeObject(o.d, at+".", object))
	}
	return found
}
