package connectors

import (
	stdjson "encoding/json"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/evenkeel-dev/evenkeel"
)

// maxSignedRules is how many rules a connection may have.
const maxSignedRules = 100

func signedSettingNotes() []Setting {
	return []Setting{
		{"signature.scheme", "`hmac-sha256`, `standard-webhooks`", "`hmac-sha256`", "How deliveries are signed: a hexadecimal HMAC of the body in a header, or [Standard Webhooks](https://www.standardwebhooks.com)"},
		{"signature.header", "text", "`X-Signature-256`", "Header of the signature; up to four signatures are separated by commas"},
		{"signature.prefix", "text", "`sha256=`", "What stands before the hexadecimal digits; it may be empty"},
		{"delivery.header", "text", "`X-Delivery-Id`, or `Webhook-Id`", "Header that names the delivery"},
		{"event.header", "text", "`X-Event`", "Header that names the event. No rule can ask for it, because nobody signs headers"},
		{"event.pointer", "pointer", "none", "Place in the body that names the event, instead of a header"},
		{"source", "text", "`signed`", "Source of the events, such as `pagerduty:acme`"},
		{"rules", "list", "none: the body is neutral events", "Rules that make events; all that match do. An empty list is refused"},
		{"rules[].when", "values by pointer", "always", "What the body must hold: a text, number, true, false, null (or missing), or a list of several of which one must be there"},
		{"rules[].each", "pointer", "none: the body is one event", "List in the body of which every element is an event"},
		{"rules[].kind", "kind", "required", "Kind of the events"},
		{"rules[].fields", "fields by member", "required", "Where each member comes from: a pointer, or an object of what follows. `id` and what the kind requires must be there; members of an object are written `tests.passed`"},
		{"rules[].fields.*.pointer", "pointer", "", "Place of the value. Missing values, null and empty texts are unknown: the member is left out"},
		{"rules[].fields.*.text", "text", "", "A text with pointers in braces, `github.com/{/repo/owner}/{/repo/name}`; unknown if one of them is"},
		{"rules[].fields.*.const", "any", "", "The same value in every event; null clears the member"},
		{"rules[].fields.*.map", "values by text", "values as they are", "Translates values. One that is not listed rejects the delivery"},
		{"rules[].fields.*.default", "any but null", "none", "Value where the source says nothing"},
		{"rules[].fields.*.format", "text", "`rfc3339`", "How a time is written: `epoch`, `epoch_ms`, or a pattern as in CSV mappings"},
		{"rules[].fields.*.time_zone", "text", "none", "IANA zone of times that are written without one"},
	}
}

// openSigned checks settings and prepares a receiver.
func openSigned(settings stdjson.RawMessage) (*signedReceiver, error) {
	var tree any
	if len(settings) > 0 {
		var err error
		if tree, err = readTree("settings", settings); err != nil {
			return nil, err
		}
	}
	var s settingReader
	receiver := s.receiver(tree)
	if len(s.list) > 0 {
		return nil, s.judge()
	}
	return receiver, nil
}

// settingReader reads settings and gathers what is wrong with them.
type settingReader struct{ mistakes }

func (s *settingReader) judge() error {
	if s.more {
		s.list = append(s.list, evenkeel.FieldError{Field: "settings", Rule: "have more mistakes like these"})
	}
	return s.list
}

// object is a JSON object of the named members; nil if nothing is given.
func (s *settingReader) object(at string, v any, names ...string) map[string]any {
	o, ok := v.(map[string]any)
	if !ok && v != nil {
		s.add(named(at, "settings"), "must be an object, not "+treeName(v))
	}
	for _, name := range slices.Sorted(maps.Keys(o)) {
		if slices.Contains(names, name) {
			continue
		}
		rule := "is not a setting; the settings are " + strings.Join(names, ", ")
		if near := nearest(name, names); near != "" {
			rule = "is not a setting; did you mean " + strconv.Quote(near) + "?"
		}
		s.add(inside(at, shorten([]byte(name))), rule)
	}
	return o
}

func inside(at, name string) string {
	if at == "" {
		return name
	}
	return at + "." + name
}

func named(at, otherwise string) string { return firstText(at, otherwise) }

// text is a member that must be a text, or what holds if it is not given.
func (s *settingReader) text(at string, o map[string]any, name, otherwise string) string {
	v, given := o[name]
	if !given {
		return otherwise
	}
	text, ok := v.(string)
	switch {
	case !ok:
		s.add(inside(at, name), "must be a text, not "+treeName(v))
		return otherwise
	case len(text) > evenkeel.MaxText:
		s.add(inside(at, name), "is longer than "+strconv.Itoa(evenkeel.MaxText)+" bytes")
	}
	return text
}

var headerPattern = regexp.MustCompile(`^[A-Za-z0-9_-]{1,100}$`)

func (s *settingReader) header(at string, o map[string]any, otherwise string) string {
	name := s.text(at, o, "header", otherwise)
	if !headerPattern.MatchString(name) {
		s.add(inside(at, "header"), shortQuote(name)+" is not the name of a header")
	}
	return name
}

// pointerAt reads a pointer; elements says whether it may begin at an element.
func (s *settingReader) pointerAt(at, text string, elements bool) *pointer {
	p, rule := parsePointer(text)
	if rule == "" && p.relative && !elements {
		rule = shortQuote(text) + " begins at an element, and the rule has no each; begin with / at the top of the body"
	}
	if rule != "" {
		s.add(at, rule)
	}
	return &p
}

func (s *settingReader) receiver(tree any) *signedReceiver {
	o := s.object("", tree, "signature", "delivery", "event", "source", "rules")
	r := &signedReceiver{source: s.text("", o, "source", signedName)}
	if r.source == "" {
		s.add("source", "is empty; leave it out, or name the source")
	}
	s.signature(r, o["signature"])
	otherwise := signedDelivery
	if r.scheme == schemeStandard {
		otherwise = webhookID
	}
	r.delivery = s.header("delivery", s.object("delivery", o["delivery"], "header"), otherwise)
	event := s.object("event", o["event"], "header", "pointer")
	r.event = s.header("event", event, signedEvent)
	if _, given := event["pointer"]; given {
		r.eventPointer = s.pointerAt("event.pointer", s.text("event", event, "pointer", ""), false)
		if _, both := event["header"]; both {
			s.add("event", "has a header and a pointer; keep one of them")
		}
	}
	if list, given := o["rules"]; given {
		r.rules = s.rules(list)
	}
	return r
}

func (s *settingReader) signature(r *signedReceiver, v any) {
	o := s.object("signature", v, "scheme", "header", "prefix")
	r.scheme = s.text("signature", o, "scheme", schemeHMAC)
	schemes := []string{schemeHMAC, schemeStandard}
	if !slices.Contains(schemes, r.scheme) {
		s.add("signature.scheme", s.unknownText(r.scheme, schemes))
	}
	r.signature = s.header("signature", o, "X-Signature-256")
	r.prefix = s.text("signature", o, "prefix", "sha256=")
	if strings.Contains(r.prefix, ",") {
		s.add("signature.prefix", "holds a comma, which separates signatures")
	}
	for _, name := range []string{"header", "prefix"} {
		if _, given := o[name]; given && r.scheme == schemeStandard {
			s.add("signature."+name, "does not apply to standard-webhooks; take it away")
		}
	}
}

func (*settingReader) unknownText(text string, valid []string) string {
	rule := shortQuote(text) + " is not one of " + strings.Join(valid, ", ")
	if near := nearest(text, valid); near != "" {
		rule += "; did you mean " + strconv.Quote(near) + "?"
	}
	return rule
}

func (s *settingReader) rules(v any) []signedRule {
	list, ok := v.([]any)
	switch {
	case !ok:
		s.add("rules", "must be a list, not "+treeName(v))
	case len(list) == 0:
		s.add("rules", "is empty; leave it out if the body is neutral events")
	case len(list) > maxSignedRules:
		s.add("rules", "has more than "+strconv.Itoa(maxSignedRules)+" rules; make several connections")
		return nil
	}
	rules := make([]signedRule, len(list))
	for i, one := range list {
		rules[i] = s.rule("rules["+strconv.Itoa(i)+"]", one)
	}
	return rules
}

func (s *settingReader) rule(at string, v any) signedRule {
	if v == nil {
		s.add(at, "is empty; give kind and fields")
	}
	o := s.object(at, v, "when", "each", "kind", "fields")
	rule := signedRule{kind: evenkeel.Kind(s.text(at, o, "kind", ""))}
	if _, given := o["each"]; given {
		rule.each = s.pointerAt(inside(at, "each"), s.text(at, o, "each", ""), false)
	}
	rule.when = s.conditions(inside(at, "when"), o["when"], rule.each != nil)
	payload := shapes()[rule.kind]
	switch {
	case v == nil:
	case rule.kind == "":
		s.add(inside(at, "kind"), "is required; "+kindList())
	case payload == nil:
		s.add(inside(at, "kind"), unknownKind(string(rule.kind)))
	default:
		fields := fieldReader{settingReader: s, at: inside(at, "fields"), kind: rule.kind, payload: payload, elements: rule.each != nil}
		rule.fields = fields.all(o["fields"])
	}
	return rule
}

func (s *settingReader) conditions(at string, v any, elements bool) []signedCondition {
	o, ok := v.(map[string]any)
	if !ok && v != nil {
		s.add(at, "must be an object of values by pointer, not "+treeName(v))
	}
	var list []signedCondition
	for _, text := range slices.Sorted(maps.Keys(o)) {
		here := at + "[" + shortQuote(text) + "]"
		c := signedCondition{pointer: *s.pointerAt(here, text, elements), wanted: []any{o[text]}}
		if several, isList := o[text].([]any); isList {
			c.wanted = several
		}
		if len(c.wanted) == 0 {
			s.add(here, "is an empty list, which nothing fits")
		}
		for _, wanted := range c.wanted {
			if _, scalar := scalarText(wanted); !scalar && wanted != nil {
				s.add(here, "must be a text, number, true, false or null, or a list of them, not "+treeName(wanted))
			}
		}
		list = append(list, c)
	}
	return list
}
