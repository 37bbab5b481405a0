package connectors

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/evenkeel-dev/evenkeel"
)

// maxDeliveryDepth is the deepest nesting of a delivery that is read. Vendors
// need about ten levels, and a deployment may carry a payload of its own.
const maxDeliveryDepth = 128

// payload is the body of one delivery while it is read: a JSON object of
// which a source reads the members that it needs, and notes what is wrong.
type payload struct {
	// vendor is the name of the sender in texts, "GitHub".
	vendor string
	// source is the source of its events, "github:github.com".
	source string
	// members are the top of the body; null ones are left out.
	members  map[string]jsontext.Value
	problems mistakes
	// unreadable says that a member could not be read, so that what it lacks
	// means nothing.
	unreadable bool
}

// readPayload opens a body; one that is no JSON object is an error.
func readPayload(vendor, source string, body []byte) (*payload, error) {
	members, err := jsonMembers(body)
	if err != nil {
		return nil, err
	}
	return &payload{vendor: vendor, source: source, members: members}, nil
}

// jsonMembers splits one JSON object into its members.
func jsonMembers(body []byte) (map[string]jsontext.Value, error) {
	if tooDeep(body, maxDeliveryDepth) {
		return nil, evenkeel.FieldErrors{{Field: "body", Rule: "is nested deeper than " + strconv.Itoa(maxDeliveryDepth) + " levels"}}
	}
	var members map[string]jsontext.Value
	if err := json.Unmarshal(body, &members); err != nil {
		return nil, evenkeel.FieldErrors{{Field: "body", Rule: jsonRule(err)}}
	}
	for name, value := range members {
		if value.Kind() == 'n' {
			delete(members, name)
		}
	}
	return members, nil
}

// tooDeep counts brackets outside texts.
func tooDeep(body []byte, limit int) bool {
	depth, inside := 0, false
	for i := 0; i < len(body); i++ {
		switch c := body[i]; {
		case inside && c == '\\':
			i++
		case c == '"':
			inside = !inside
		case inside:
		case c == '{' || c == '[':
			if depth++; depth > limit {
				return true
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return false
}

// jsonRule says what is wrong with a text of JSON without showing it.
func jsonRule(err error) string {
	var syntax *jsontext.SyntacticError
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName):
		return "names a member twice"
	case errors.As(err, &syntax):
		return "is not valid JSON, at byte " + strconv.FormatInt(syntax.ByteOffset, 10)
	}
	return "is not a JSON object"
}

// into reads a member of the body; one that is missing leaves v as it is.
func (p *payload) into(name string, v any) {
	raw, has := p.members[name]
	if !has {
		return
	}
	err := json.Unmarshal(raw, v)
	if err == nil {
		return
	}
	if wrong, ok := errors.AsType[*json.SemanticError](err); ok {
		p.wrong(jsonPath(name, wrong.JSONPointer), "is not of the type that "+p.vendor+" sends")
	} else {
		p.wrong(name, jsonRule(err))
	}
	p.unreadable = true
}

// jsonPath writes where in a member something stands, "commits[0].id".
func jsonPath(name string, inside jsontext.Pointer) string {
	for token := range inside.Tokens() {
		switch {
		case isDigits(token):
			name += "[" + token + "]"
		case name == "":
			name = token
		default:
			name += "." + token
		}
	}
	return shorten([]byte(name))
}

// wrong notes a mistake, once per field.
func (p *payload) wrong(field, rule string) {
	if !p.unreadable && !p.problems.said(field) {
		p.problems.add(field, rule)
	}
}

// judge is the result of reading, unless something was wrong.
func (p *payload) judge(events []evenkeel.Event, err error) ([]evenkeel.Event, error) {
	if len(p.problems.list) == 0 {
		for _, e := range events {
			p.problems.merge(e.Validate(), func(string) string { return "" })
		}
	}
	switch {
	case len(p.problems.list) > 0:
		return nil, p.problems.list
	case err != nil:
		return nil, err
	}
	return events, nil
}

// event says something of a fact. A zero observed is completed on arrival.
func (p *payload) event(id string, observed time.Time, facts evenkeel.Payload) evenkeel.Event {
	return evenkeel.Event{Kind: facts.Kind(), ID: id, Source: p.source, ObservedAt: observed, Payload: facts}
}

// final says what nothing later may move.
func (p *payload) final(id string, at time.Time, facts evenkeel.Payload) evenkeel.Event {
	e := p.event(id, at, facts)
	e.Final = true
	return e
}

// originOf is what a source calls a thing, as claims name it: "flux:a/b" of the
// source "flux", "flux:prod/a/b" of "flux:prod".
func originOf(source, name string) string {
	if strings.Contains(source, ":") {
		return source + "/" + name
	}
	return source + ":" + name
}

// number is the id of a thing as text.
func (p *payload) number(field string, n int64) string {
	if n <= 0 {
		p.wrong(field, "is not the number of anything; it must be above 0")
	}
	return strconv.FormatInt(n, 10)
}

// text is a text that must be there.
func (p *payload) text(field, text string) string {
	if text == "" {
		p.wrong(field, "is required")
	}
	return text
}

// sha is a full commit id.
func (p *payload) sha(field, text string) string {
	text = strings.ToLower(text)
	if !evenkeel.ValidSHA(text) {
		p.wrong(field, "is not a full commit id")
	}
	return text
}

// instant is a time that must be there.
func (p *payload) instant(field, text string) time.Time {
	t, rule := vendorInstant(text)
	switch {
	case text == "":
		p.wrong(field, "is required")
	case rule != "":
		p.wrong(field, rule)
	}
	return t
}

// instantIfAny is a time that may be missing.
func (p *payload) instantIfAny(field, text string) time.Time {
	if text == "" {
		return time.Time{}
	}
	return p.instant(field, text)
}
