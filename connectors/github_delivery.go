package connectors

import (
	"bytes"
	"errors"
	"net/url"
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

// githubDelivery is one body while it is read.
type githubDelivery struct {
	settings *githubSettings
	// members are the top of the body; null ones are left out.
	members map[string]jsontext.Value
	action  string
	// repository is host/owner/name, source the instance of GitHub.
	repository, source string
	defaultBranch      string
	problems           mistakes
	// unreadable says that a member could not be read, so that what it lacks
	// means nothing.
	unreadable bool
}

// newGithubDelivery opens a body and holds it to the event it is said to be.
func newGithubDelivery(settings *githubSettings, event githubEvent, body []byte) (*githubDelivery, error) {
	body, err := githubJSON(body)
	if err != nil {
		return nil, err
	}
	d := &githubDelivery{settings: settings}
	if d.members, err = jsonMembers(body); err != nil {
		return nil, err
	}
	for _, name := range event.needs {
		if _, has := d.members[name]; !has {
			d.wrong(name, "is missing; the body is not that of the event "+event.name)
		}
	}
	for _, name := range event.without {
		if _, has := d.members[name]; has {
			d.wrong(name, "belongs to another event than "+event.name)
		}
	}
	if d.into("action", &d.action); d.members["repository"] != nil {
		d.locate()
	}
	_, err = d.judge(nil, nil)
	return d, err
}

// githubJSON is the JSON of a body, which a webhook may also send as the one
// field of a form. The body itself tells which it is: no JSON begins so, and
// the header that says it is not signed.
func githubJSON(body []byte) ([]byte, error) {
	field, isForm := bytes.CutPrefix(body, []byte("payload="))
	if !isForm {
		return body, nil
	}
	text, err := url.QueryUnescape(string(field))
	if err != nil || bytes.ContainsAny(field, "&;") {
		return nil, evenkeel.FieldErrors{{Field: "body", Rule: "is not a form with the one field payload"}}
	}
	return []byte(text), nil
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
func (d *githubDelivery) into(name string, v any) {
	raw, has := d.members[name]
	if !has {
		return
	}
	err := json.Unmarshal(raw, v)
	if err == nil {
		return
	}
	if wrong, ok := errors.AsType[*json.SemanticError](err); ok {
		d.wrong(jsonPath(name, wrong.JSONPointer), "is not of the type that GitHub sends")
	} else {
		d.wrong(name, jsonRule(err))
	}
	d.unreadable = true
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
func (d *githubDelivery) wrong(field, rule string) {
	if !d.unreadable && !d.problems.said(field) {
		d.problems.add(field, rule)
	}
}

// locate reads where the delivery comes from. The host is part of the source,
// so that ids of several installations do not meet.
func (d *githubDelivery) locate() {
	var repository struct {
		HTMLURL       string `json:"html_url"`
		DefaultBranch string `json:"default_branch"`
	}
	if d.into("repository", &repository); len(d.problems.list) > 0 {
		return
	}
	name := GitRepositoryName(repository.HTMLURL)
	host, _, _ := strings.Cut(name, "/")
	if !strings.HasPrefix(repository.HTMLURL, "https://") && !strings.HasPrefix(repository.HTMLURL, "http://") || strings.Count(name, "/") != 2 {
		d.wrong("repository.html_url", "is not the address of a repository, https://host/owner/name")
		return
	}
	d.repository, d.source, d.defaultBranch = name, "github:"+host, repository.DefaultBranch
}

// judge is the result of reading, unless something was wrong.
func (d *githubDelivery) judge(events []evenkeel.Event, err error) ([]evenkeel.Event, error) {
	if len(d.problems.list) == 0 {
		for _, e := range events {
			d.problems.merge(e.Validate(), func(string) string { return "" })
		}
	}
	switch {
	case len(d.problems.list) > 0:
		return nil, d.problems.list
	case err != nil:
		return nil, err
	}
	return events, nil
}

// event says something of a fact. A zero observed is completed on arrival.
func (d *githubDelivery) event(id string, observed time.Time, payload evenkeel.Payload) evenkeel.Event {
	return evenkeel.Event{Kind: payload.Kind(), ID: id, Source: d.source, ObservedAt: observed, Payload: payload}
}

// unread says that an action of an event is not known.
func (d *githubDelivery) unread(event string) error {
	if d.action == "" {
		d.wrong("action", "is missing")
	}
	return ignored("the action %s of the event %s is not read", shortQuote(d.action), event)
}

// number is the id of a thing as text.
func (d *githubDelivery) number(field string, n int64) string {
	if n <= 0 {
		d.wrong(field, "is not the number of anything; it must be above 0")
	}
	return strconv.FormatInt(n, 10)
}

// text is a text that must be there.
func (d *githubDelivery) text(field, text string) string {
	if text == "" {
		d.wrong(field, "is required")
	}
	return text
}

// sha is a full commit id.
func (d *githubDelivery) sha(field, text string) string {
	text = strings.ToLower(text)
	if !evenkeel.ValidSHA(text) {
		d.wrong(field, "is not a full commit id")
	}
	return text
}

// instant is a time that must be there.
func (d *githubDelivery) instant(field, text string) time.Time {
	t, rule := parseInstant([]byte(text))
	switch {
	case text == "":
		d.wrong(field, "is required")
	case rule != "":
		d.wrong(field, rule)
	}
	return t
}

// instantIfAny is a time that may be missing.
func (d *githubDelivery) instantIfAny(field, text string) time.Time {
	if text == "" {
		return time.Time{}
	}
	return d.instant(field, text)
}

// githubStep sets changes of state apart from what else happened in the same
// second: GitHub's clock counts whole seconds, and of two reports of one
// instant neither would be the newer.
const githubStep = time.Millisecond

func latest(times ...time.Time) time.Time {
	var last time.Time
	for _, t := range times {
		if t.After(last) {
			last = t
		}
	}
	return last
}
