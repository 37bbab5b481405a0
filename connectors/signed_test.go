package connectors_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
)

// A sender of signed webhooks signs in both ways; the settings say which one
// is looked at.
var _ = sends("signed", sender{
	sign: func(header http.Header, raw []byte, secret string) {
		if header.Get("Webhook-Id") == "" {
			header.Set("Webhook-Id", "msg_1")
			header.Set("Webhook-Timestamp", "1772366400")
		}
		header.Set("X-Signature-256", "sha256="+hex.EncodeToString(hmacOf(secret, raw)))
		header.Set("Webhook-Signature", "v1,"+base64.StdEncoding.EncodeToString(standardHMAC(header, []byte(secret), raw)))
	},
	eventHeader: "X-Event",
})

func hmacOf(secret string, raw []byte) []byte {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(raw)
	return mac.Sum(nil)
}

func standardHMAC(header http.Header, key, raw []byte) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(header.Get("Webhook-Id") + "." + header.Get("Webhook-Timestamp") + "."))
	mac.Write(raw)
	return mac.Sum(nil)
}

func signedReceiver(t testing.TB, settings string) connectors.Receiver {
	t.Helper()
	source, err := connectors.SourceNamed("signed")
	if err != nil {
		t.Fatal(err)
	}
	return receiverOf(t, source, json.RawMessage(settings))
}

// brokenSettings are settings with their mistakes.
func brokenSettings() map[string]struct{ in, want string } {
	rule := func(text string) string { return `{"rules":[` + text + `]}` }
	incident := func(fields string) string { return rule(`{"kind":"incident","fields":{"id":"/id",` + fields + `}}`) }
	return map[string]struct{ in, want string }{
		"a misspelt setting":      {`{"signatur":{}}`, `signatur: is not a setting; did you mean "signature"?`},
		"a misspelt member":       {`{"signature":{"heder":"X"}}`, `signature.heder: is not a setting; did you mean "header"?`},
		"an unknown member":       {`{"delivery":{"colour":"X"}}`, `delivery.colour: is not a setting; the settings are header`},
		"a list of settings":      {`[]`, `settings: must be an object, not an array`},
		"a text of settings":      {`"x"`, `settings: must be an object, not a string`},
		"two settings of a name":  {`{"source":"a","source":"b"}`, `settings: names a member twice`},
		"a number as source":      {`{"source":7}`, `source: must be a text, not a number`},
		"no source":               {`{"source":""}`, `source: is empty; leave it out, or name the source`},
		"a misspelt scheme":       {`{"signature":{"scheme":"hmac-sha265"}}`, `signature.scheme: "hmac-sha265" is not one of hmac-sha256, standard-webhooks; did you mean "hmac-sha256"?`},
		"a weak scheme":           {`{"signature":{"scheme":"plain"}}`, `signature.scheme: "plain" is not one of hmac-sha256, standard-webhooks`},
		"no name of a header":     {`{"signature":{"header":"X Signature"}}`, `signature.header: "X Signature" is not the name of a header`},
		"a header of the others":  {`{"signature":{"scheme":"standard-webhooks","header":"X-Sig"}}`, `signature.header: does not apply to standard-webhooks; take it away`},
		"a comma in the prefix":   {`{"signature":{"prefix":"v1,"}}`, `signature.prefix: holds a comma, which separates signatures`},
		"two names of an event":   {`{"event":{"header":"X-E","pointer":"/e"}}`, `event: has a header and a pointer; keep one of them`},
		"an element as event":     {`{"event":{"pointer":"./e"}}`, `event.pointer: "./e" begins at an element, and the rule has no each; begin with / at the top of the body`},
		"no rules":                {`{"rules":[]}`, `rules: is empty; leave it out if the body is neutral events`},
		"rules that are none":     {`{"rules":{}}`, `rules: must be a list, not an object`},
		"an empty rule":           {rule(`null`), `rules[0]: is empty; give kind and fields`},
		"a rule without a kind":   {rule(`{"fields":{}}`), `rules[0].kind: is required; one of deployment, change, commit, artifact, build, incident, dependency, work_item, flag_change, evidence, measurement, flag_usage, alert`},
		"a misspelt kind":         {rule(`{"kind":"incidents"}`), `rules[0].kind: "incidents" is not one of deployment, change, commit, artifact, build, incident, dependency, work_item, flag_change, evidence, measurement, flag_usage, alert; did you mean "incident"?`},
		"a rule without fields":   {rule(`{"kind":"incident"}`), `rules[0].fields: must be an object of values by member, not null`},
		"no id":                   {rule(`{"kind":"incident","fields":{}}`), `rules[0].fields.id: is required for incident events`},
		"a required member":       {rule(`{"kind":"flag_change","fields":{"id":"/id","flag":"/f","at":"/at"}}`), `rules[0].fields.action: is required for flag_change events`},
		"a misspelt field":        {incident(`"severty":"/s"`), `rules[0].fields.severty: is not a member; did you mean "severity"?`},
		"a field of another kind": {incident(`"status":"/s"`), `rules[0].fields.status: is a member of deployment events, not of incident`},
		"a kind as field":         {incident(`"kind":"/s"`), `rules[0].fields.kind: is not a field; give kind beside fields`},
		"a part of a text":        {incident(`"severity.name":"/s"`), `rules[0].fields.severity.name: has no members; map severity as a whole`},
		"a misspelt part":         {rule(`{"kind":"build","fields":{"id":"/i","repository":"/r","commit":"/c","pipeline":"/p","tests.pased":"/t"}}`), `rules[0].fields.tests.pased: is not a member; did you mean "passed"?`},
		"a whole and its part":    {rule(`{"kind":"build","fields":{"id":"/i","repository":"/r","commit":"/c","pipeline":"/p","tests":"/t","tests.passed":"/t"}}`), `rules[0].fields.tests.passed: is given beside tests as a whole; keep one of them`},
		"no pointer":              {incident(`"severity":"high"`), `rules[0].fields.severity: "high" is not a JSON pointer; write /a/b, or ./a/b for a member of the element`},
		"a broken pointer":        {incident(`"severity":"/a~2"`), `rules[0].fields.severity: "/a~2" is not a JSON pointer; write ~ as ~0, and / inside of a name as ~1`},
		"an element of nothing":   {incident(`"severity":"./s"`), `rules[0].fields.severity: "./s" begins at an element, and the rule has no each; begin with / at the top of the body`},
		"a field without source":  {incident(`"severity":{"default":"x"}`), `rules[0].fields.severity: needs one of pointer, text and const`},
		"a field of two sources":  {incident(`"severity":{"pointer":"/s","const":"x"}`), `rules[0].fields.severity: needs one of pointer, text and const`},
		"a misspelt option":       {incident(`"severity":{"pointr":"/s","pointer":"/s"}`), `rules[0].fields.severity.pointr: is not a setting; did you mean "pointer"?`},
		"the same id":             {rule(`{"kind":"incident","fields":{"id":{"const":"1"}}}`), `rules[0].fields.id: is the same in every event, which would be one fact; give a pointer`},
		"a required one cleared":  {rule(`{"kind":"dependency","fields":{"id":"/i","from":{"const":null},"to":"/t","basis":{"const":"observed"}}}`), `rules[0].fields.from.const: is null, but the member cannot be cleared; take it away`},
		"a const that is none":    {rule(`{"kind":"deployment","fields":{"id":"/i","status":{"const":"sucess"}}}`), `rules[0].fields.status.const: "sucess" is not one of success, failure, cancelled, running`},
		"a const with a map":      {incident(`"severity":{"const":"x","map":{"a":"b"}}`), `rules[0].fields.severity.map: does not apply to a const; take it away`},
		"an application's name":   {incident(`"application":{"pointer":"/a","default":"Check Out"}`), `rules[0].fields.application.default: "Check Out" is not a slug; use 1 to 63 of a-z, 0-9, '.', '_' and '-', with a letter or digit at both ends`},
		"a default of nothing":    {incident(`"severity":{"pointer":"/a","default":null}`), `rules[0].fields.severity.default: is null; leave it out`},
		"a value that is none":    {rule(`{"kind":"deployment","fields":{"id":"/i","status":{"pointer":"/s","map":{"OK":"sucess"}}}}`), `rules[0].fields.status.map["OK"]: "sucess" is not one of success, failure, cancelled, running`},
		"a list as value":         {incident(`"severity":{"pointer":"/s","map":{"OK":[]}}`), `rules[0].fields.severity.map["OK"]: must be a text, number, true or false, not an array`},
		"an empty map":            {incident(`"severity":{"pointer":"/s","map":{}}`), `rules[0].fields.severity.map: must be an object of values by text`},
		"a format of no time":     {incident(`"severity":{"pointer":"/s","format":"epoch"}`), `rules[0].fields.severity: is not a time; format and time_zone do not apply`},
		"a format without a zone": {incident(`"opened_at":{"pointer":"/s","format":"%F %T"}`), `rules[0].fields.opened_at: times in the format "%F %T" have no zone; add time_zone, such as UTC or Europe/Berlin`},
		"a text without pointers": {incident(`"severity":{"text":"high"}`), `rules[0].fields.severity.text: "high" holds no pointer in braces; give it as const`},
		"an open brace":           {incident(`"severity":{"text":"a{/b"}`), `rules[0].fields.severity.text: "a{/b" has a brace that is not closed`},
		"a condition on a list":   {rule(`{"when":{"/a":{}},"kind":"incident","fields":{"id":"/i"}}`), `rules[0].when["/a"]: must be a text, number, true, false or null, or a list of them, not an object`},
		"a condition on nothing":  {rule(`{"when":{"/a":[]},"kind":"incident","fields":{"id":"/i"}}`), `rules[0].when["/a"]: is an empty list, which nothing fits`},
		"a condition without /":   {rule(`{"when":{"a":1},"kind":"incident","fields":{"id":"/i"}}`), `rules[0].when["a"]: "a" is not a JSON pointer; write /a/b, or ./a/b for a member of the element`},
		"conditions in a list":    {rule(`{"when":[{"/a":1}],"kind":"incident","fields":{"id":"/i"}}`), `rules[0].when: must be an object of values by pointer, not an array`},
		"a switch as rule":        {rule(`true`), `rules[0]: must be an object, not true or false; rules[0].kind: is required; one of deployment, change, commit, artifact, build, incident, dependency, work_item, flag_change, evidence, measurement, flag_usage, alert`},
		"a very long name":        {`{"source":"` + strings.Repeat("x", 1025) + `"}`, `source: is longer than 1024 bytes`},
		"a very deep const":       {incident(`"severity":{"const":` + strings.Repeat("[", 40) + strings.Repeat("]", 40) + `}`), `rules[0].fields.severity.const: is nested deeper than 32 levels; take out what does not belong to the event`},
		"too many rules":          {`{"rules":[` + strings.Repeat("{},", 100) + `{}]}`, `rules: has more than 100 rules; make several connections`},
		"several mistakes":        {`{"source":1,"delivry":{},"rules":[{"kind":"incident","fields":{"id":"/i"}},{"kind":"x","fields":{}}]}`, `delivry: is not a setting; did you mean "delivery"?; source: must be a text, not a number; rules[1].kind: "x" is not one of deployment, change, commit, artifact, build, incident, dependency, work_item, flag_change, evidence, measurement, flag_usage, alert`},
	}
}

func TestSignedSettingsListAFewOfManyMistakes(t *testing.T) {
	t.Parallel()
	source, err := connectors.SourceNamed("signed")
	if err != nil {
		t.Fatal(err)
	}
	_, err = source.Open(json.RawMessage(`{"rules":[` + strings.Repeat("{},", 99) + `{}]}`))
	var broken evenkeel.FieldErrors
	if !errors.As(err, &broken) || len(broken) != 21 || broken[20] != (evenkeel.FieldError{Field: "settings", Rule: "have more mistakes like these"}) {
		t.Errorf("%v", err)
	}
}

func TestSignedSettingsNameTheirMistakes(t *testing.T) {
	t.Parallel()
	source, err := connectors.SourceNamed("signed")
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range brokenSettings() {
		_, err := source.Open(json.RawMessage(test.in))
		if err == nil || !errors.Is(err, evenkeel.ErrInvalid) || err.Error() != test.want {
			t.Errorf("%s: %v\nwant %s", name, err, test.want)
		}
	}
}

func TestSignedVerifiesWhatTheSettingsSay(t *testing.T) {
	t.Parallel()
	const body, secret = `{"test": 2432232314}`, "It's a Secret to Everybody"
	sum := hex.EncodeToString(hmacOf(secret, []byte(body)))
	const standard, whsec = `{"signature":{"scheme":"standard-webhooks"}}`, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	const good = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" // The example of the specification.
	message := func(id, at, signature string) map[string]string {
		return map[string]string{"Webhook-Id": id, "Webhook-Timestamp": at, "Webhook-Signature": signature}
	}
	const id, at = "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330"
	tests := map[string]struct {
		settings, secret string
		header           map[string]string
		denied           bool
	}{
		"the default":                  {"", secret, map[string]string{"X-Signature-256": "sha256=" + sum}, false},
		"upper case":                   {"", secret, map[string]string{"X-Signature-256": "sha256=" + strings.ToUpper(sum)}, false},
		"a weaker one beside it":       {"", secret, map[string]string{"X-Signature": "sha1=00"}, true},
		"without the prefix":           {"", secret, map[string]string{"X-Signature-256": sum}, true},
		"no prefix by the settings":    {`{"signature":{"prefix":"","header":"X-Sig"}}`, secret, map[string]string{"X-Sig": sum}, false},
		"several, the last is right":   {`{"signature":{"prefix":"v1="}}`, secret, map[string]string{"X-Signature-256": "v1=" + strings.Repeat("0", 64) + ", v1=" + sum}, false},
		"several, none is right":       {`{"signature":{"prefix":"v1="}}`, secret, map[string]string{"X-Signature-256": "v1=" + strings.Repeat("0", 64) + ",v0=" + sum}, true},
		"the fifth":                    {`{"signature":{"prefix":"v1="}}`, secret, map[string]string{"X-Signature-256": strings.Repeat("v1=00,", 4) + "v1=" + sum}, true},
		"the fourth":                   {`{"signature":{"prefix":"v1="}}`, secret, map[string]string{"X-Signature-256": strings.Repeat("v1=00,", 3) + "v1=" + sum + ",v1=00"}, false},
		"another header":               {`{"signature":{"header":"X-Sig"}}`, secret, map[string]string{"X-Signature-256": "sha256=" + sum}, true},
		"the scheme of another":        {"", whsec, message(id, at, good), true},
		"Standard Webhooks":            {standard, whsec, message(id, at, good), false},
		"among others":                 {standard, whsec, message(id, at, "v1a,AAAA v1,AAAA "+good), false},
		"under another version":        {standard, whsec, message(id, at, "v2"+good[2:]), true},
		"another id":                   {standard, whsec, message("msg_2", at, good), true},
		"another time":                 {standard, whsec, message(id, "1614265331", good), true},
		"no id":                        {standard, whsec, message("", at, good), true},
		"a time that is none":          {standard, whsec, message(id, "now", good), true},
		"a secret that is no base64":   {standard, "whsec_!", message(id, at, "v1,"+base64.StdEncoding.EncodeToString(hmacOf("", []byte(id+"."+at+"."+body)))), true},
		"an empty secret with prefix":  {standard, "whsec_", message(id, at, "v1,"+base64.StdEncoding.EncodeToString(hmacOf("", []byte(id+"."+at+"."+body)))), true},
		"a secret without the prefix":  {standard, secret, message(id, at, "v1,"+base64.StdEncoding.EncodeToString(hmacOf(secret, []byte(id+"."+at+"."+body)))), false},
		"the prefix is not the secret": {standard, whsec[6:], message(id, at, good), true},
	}
	for name, test := range tests {
		err := signedReceiver(t, test.settings).Verify(connectors.KeptHeader(test.header), []byte(body), []string{"", "another", test.secret})
		if test.denied != errors.Is(err, evenkeel.ErrDenied) || !test.denied && err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && (strings.Contains(err.Error(), test.secret) || strings.Contains(err.Error(), sum)) {
			t.Errorf("%s: the error tells a secret: %v", name, err)
		}
	}
}

func TestSignedNamesEventAndDelivery(t *testing.T) {
	t.Parallel()
	header := connectors.KeptHeader(map[string]string{"X-Event": "e", "X-Delivery-Id": "d", "Webhook-Id": "w", "X-Kind": "k", "X-Guid": "g"})
	tests := map[string]struct{ settings, event, key, inBody string }{
		"the defaults":      {"", "e", "d", ""},
		"Standard Webhooks": {`{"signature":{"scheme":"standard-webhooks"}}`, "e", "w", ""},
		"other headers":     {`{"event":{"header":"x-kind"},"delivery":{"header":"X-GUID"}}`, "k", "g", ""},
		"a place":           {`{"event":{"pointer":"/a/0/type"}}`, "", "d", "opened"},
		"no such place":     {`{"event":{"pointer":"/a/1/type"}}`, "", "d", ""},
		"a list":            {`{"event":{"pointer":"/a"}}`, "", "d", ""},
	}
	for name, test := range tests {
		r := signedReceiver(t, test.settings)
		event, key := r.Identify(header)
		namer, _ := r.(connectors.EventNamer)
		if inBody := namer.EventIn([]byte(`{"a":[{"type":"opened"}]}`)); event != test.event || key != test.key || inBody != test.inBody {
			t.Errorf("%s: event %q, delivery %q, in the body %q", name, event, key, inBody)
		}
		if namer.EventIn([]byte("{")) != "" {
			t.Errorf("%s: a broken body names an event", name)
		}
	}
}

// read parses a body by one rule of incidents.
func read(t testing.TB, settings, body string) ([]evenkeel.Event, error) {
	t.Helper()
	return signedReceiver(t, settings).Parse(http.Header{}, []byte(body))
}

// TestSignedFindsPlaces holds pointers to the examples of RFC 6901.
func TestSignedFindsPlaces(t *testing.T) {
	t.Parallel()
	const document = `{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\j":5,"k\"l":6,"two words":7,"m~n":8,"deep":{"~1":["x",{"":"y"}]}}`
	places := map[string]string{
		"/foo/0": "bar", "/": "0", "/a~1b": "1", "/c%d": "2", "/e^f": "3", "/g|h": "4", `/i\j`: "5", `/k"l`: "6", "/two words": "7", "/m~0n": "8",
		"/deep/~01/1/": "y", "/foo/1": "baz",
		"/foo/2": "", "/foo/-": "", "/foo/01": "", "/foo/+1": "", "/foo/0/0": "", "/nothing": "", "/foo": "", "": "",
	}
	for place, want := range places {
		settings := `{"rules":[{"kind":"incident","fields":{"id":{"const":"x"},"severity":` + strconv.Quote(place) + `}}]}`
		settings = strings.Replace(settings, `{"const":"x"}`, `"/foo/0"`, 1)
		events, err := read(t, settings, document)
		if want == "" && (place == "/foo" || place == "") {
			if !errors.Is(err, evenkeel.ErrInvalid) {
				t.Errorf("%q leads to %v, %v", place, events, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%q: %v", place, err)
			continue
		}
		if got := events[0].Payload.(*evenkeel.Incident).Severity; got != want {
			t.Errorf("%q leads to %q, want %q", place, got, want)
		}
	}
}

// TestSignedReadsValues gives one field of an event in many ways.
func TestSignedReadsValues(t *testing.T) {
	t.Parallel()
	const body = `{"id":7,"big":12345678901234567890,"name":"web","empty":"","none":null,"yes":true,"one":"1","half":1.5,"list":["a","b"],"object":{},` +
		`"at":"2026-03-01T12:00:00+01:00","seconds":1772366400,"text seconds":"1772366400.25","local":"01.03.2026 13:00","skipped":"29.03.2026 02:30"}`
	tests := map[string]struct{ kind, field, want string }{
		"a number as text":          {"incident", `"severity":"/big"`, `"severity":"12345678901234567890"`},
		"a switch as text":          {"incident", `"severity":"/yes"`, `"severity":"true"`},
		"an empty text":             {"incident", `"severity":"/empty"`, ``},
		"null":                      {"incident", `"severity":"/none"`, ``},
		"nothing":                   {"incident", `"severity":"/nothing"`, ``},
		"a default for nothing":     {"incident", `"severity":{"pointer":"/nothing","default":"x"}`, `"severity":"x"`},
		"a default for null":        {"incident", `"severity":{"pointer":"/none","default":3}`, `"severity":"3"`},
		"a default for empty":       {"incident", `"severity":{"pointer":"/empty","map":{"a":"b"},"default":"x"}`, `"severity":"x"`},
		"a text":                    {"incident", `"severity":{"text":"{/name}-{/id}!"}`, `"severity":"web-7!"`},
		"a text of nothing":         {"incident", `"severity":{"text":"{/name}-{/none}"}`, ``},
		"a text with a map":         {"incident", `"severity":{"text":"{/name}/{/yes}","map":{"web/true":"x"}}`, `"severity":"x"`},
		"a map of a number":         {"incident", `"severity":{"pointer":"/id","map":{"7":"x"}}`, `"severity":"x"`},
		"a map of a list":           {"incident", `"severity":{"pointer":"/list","map":{"7":"x"}}`, "rules[0]: severity: is an array; map translates texts, numbers, true and false"},
		"a map without the value":   {"incident", `"severity":{"pointer":"/name","map":{"7":"x"}}`, `rules[0]: severity: map does not list "web"; add it to the settings`},
		"a list as text":            {"incident", `"severity":"/list"`, "rules[0]: severity: must be a string, not an array"},
		"a list":                    {"work_item", `"links":"/list"`, `"links":["a","b"]`},
		"a list of several forms":   {"work_item", `"links":{"const":["a",1,true]}`, `"links":["a","1","true"]`},
		"one link":                  {"work_item", `"links":"/name"`, `"links":["web"]`},
		"a text as whole number":    {"deployment", `"attempt":"/one"`, `"attempt":1`},
		"half a number":             {"deployment", `"attempt":"/half"`, `rules[0]: attempt: "1.5" must be a whole number without decimals or exponent, such as 12`},
		"a text that is no number":  {"deployment", `"attempt":"/name"`, "rules[0]: attempt: must be a whole number, not a string; take the quotes away"},
		"an object as number":       {"deployment", `"attempt":"/object"`, "rules[0]: attempt: must be a whole number, not an object"},
		"a final switch":            {"deployment", `"final":"/yes"`, `"final":true`},
		"a switch that is none":     {"deployment", `"deleted":"/one"`, "rules[0]: deleted: must be true or false, not a string; take the quotes away"},
		"a time":                    {"incident", `"opened_at":"/at"`, `"opened_at":"2026-03-01T11:00:00Z"`},
		"seconds":                   {"incident", `"opened_at":{"pointer":"/seconds","format":"epoch"}`, `"opened_at":"2026-03-01T12:00:00Z"`},
		"seconds as text":           {"incident", `"opened_at":{"pointer":"/text seconds","format":"epoch"}`, `"opened_at":"2026-03-01T12:00:00.25Z"`},
		"seconds without a format":  {"incident", `"opened_at":"/seconds"`, `rules[0]: opened_at: must be an RFC 3339 time in quotes, not a number; as seconds it would be "2026-03-01T12:00:00Z"`},
		"a local time":              {"incident", `"opened_at":{"pointer":"/local","format":"%d.%m.%Y %H:%M","time_zone":"Europe/Berlin"}`, `"opened_at":"2026-03-01T12:00:00Z"`},
		"a time that was skipped":   {"incident", `"opened_at":{"pointer":"/skipped","format":"%d.%m.%Y %H:%M","time_zone":"Europe/Berlin"}`, `rules[0]: opened_at: "29.03.2026 02:30" does not exist in Europe/Berlin: the clocks were put forward over it`},
		"a list as time":            {"incident", `"opened_at":{"pointer":"/list","format":"epoch"}`, "rules[0]: opened_at: is an array, not a time"},
		"a const":                   {"incident", `"severity":{"const":"x"}`, `"severity":"x"`},
		"a const list":              {"incident", `"applications":{"const":["a","b"]}`, `"applications":["a","b"]`},
		"a const null":              {"incident", `"severity":{"const":null}`, `"severity":null`},
		"a source of its own":       {"incident", `"source":"/name"`, ``},
		"several mistakes at once":  {"incident", `"application":{"text":"A {/name}"},"opened_at":"/name"`, `rules[0]: opened_at: "web" is not a time; write it as RFC 3339, such as "2026-03-01T12:00:00Z"; application: "A web" is not a slug`},
		"an id of nothing (part 2)": {"incident", `"observed_at":"/local"`, `rules[0]: observed_at: "01.03.2026 13:00" is not a time; write it as RFC 3339, such as "2026-03-01T12:00:00Z"`},
	}
	for name, test := range tests {
		events, err := read(t, `{"rules":[{"kind":"`+test.kind+`","fields":{"id":"/id",`+test.field+`}}]}`, body)
		if strings.HasPrefix(test.want, "rules[0]") {
			if err == nil || !errors.Is(err, evenkeel.ErrInvalid) || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("%s: %v\nwant %s", name, err, test.want)
			}
			continue
		}
		if err != nil || len(events) != 1 {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var line strings.Builder
		if err := connectors.EncodeEvents(&line, events); err != nil {
			t.Fatal(err)
		}
		source := "signed"
		if strings.Contains(test.field, "source") {
			source = "web"
		}
		want := `{"kind":"` + test.kind + `","id":"7","source":"` + source + `"`
		if test.want != "" {
			want += "," + test.want
		}
		if diff := cmp.Diff(want+"}\n", line.String()); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

func TestSignedConditions(t *testing.T) {
	t.Parallel()
	const body = `{"id":"1","type":"a","n":1.0,"on":true,"none":null,"list":["a"]}`
	tests := map[string]bool{
		`{"/type":"a"}`: true, `{"/type":"A"}`: false, `{"/type":["b","a"]}`: true, `{"/n":1}`: true, `{"/n":"1"}`: false, `{"/n":2}`: false, `{"/on":true}`: true, `{"/on":"true"}`: false,
		`{"/none":null}`: true, `{"/nothing":null}`: true, `{"/type":null}`: false, `{"/type":[null,"a"]}`: true, `{"/list":"a"}`: false, `{"/list/0":"a"}`: true,
		`{"/type":"a","/on":false}`: false, `{"/type":"a","/on":[false,true]}`: true, `{}`: true, `{"":"a"}`: false,
	}
	for when, matches := range tests {
		events, err := read(t, `{"rules":[{"when":`+when+`,"kind":"incident","fields":{"id":"/id"}}]}`, body)
		if (len(events) == 1) != matches || errors.Is(err, evenkeel.ErrIgnored) == matches {
			t.Errorf("%s: %d events, %v", when, len(events), err)
		}
	}
}

func TestSignedLimits(t *testing.T) {
	t.Parallel()
	const each = `{"rules":[{"each":"/list","kind":"work_item","fields":{"id":".","links":"/links"}}]}`
	numbers := func(n int) string {
		var list []string
		for i := range n {
			list = append(list, strconv.Itoa(i))
		}
		return strings.Join(list, ",")
	}
	tests := map[string]struct{ settings, body, want string }{
		"many elements":       {each, `{"list":[` + numbers(10_000) + `]}`, ""},
		"too many elements":   {each, `{"list":[` + numbers(10_001) + `]}`, "rules[0]: each: leads to more than 10000 elements; send fewer in one delivery"},
		"a large common part": {each, `{"list":[` + numbers(1000) + `],"links":[` + numbers(10_000) + `]}`, "rules[0], element 121: invalid: the events of the delivery are longer than 8388608 bytes; map less, or send less at once"},
		"a deep body":         {each, strings.Repeat("[", 200) + strings.Repeat("]", 200), "body: is nested deeper than 128 levels"},
		"a deep value":        {each, `{"list":[1],"links":` + strings.Repeat("[", 60) + strings.Repeat("]", 60) + `}`, "rules[0], element 0: event: is nested deeper than 32 levels; take out what does not belong to the event"},
		"a name twice":        {each, `{"list":[1],"list":[2]}`, "body: names a member twice"},
		"no JSON":             {each, `{"list":[1]`, "body: is not valid JSON, at byte 11"},
		"two bodies":          {each, `{"list":[1]}{}`, "body: is not valid JSON, at byte 12"},
		"an element":          {each, `{"list":[{}]}`, "rules[0], element 0: id: must be a string, not an object"},
		"a string of bytes":   {each, "{\"list\":[\"\xff\"]}", "body: is not valid JSON, at byte 10"},
	}
	for name, test := range tests {
		events, err := read(t, test.settings, test.body)
		if test.want == "" {
			if err != nil || len(events) != 10_000 {
				t.Errorf("%s: %d events, %v", name, len(events), err)
			}
			continue
		}
		if err == nil || !errors.Is(err, evenkeel.ErrInvalid) || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%s: %v\nwant %s", name, err, test.want)
		}
	}
}

// TestSignedRulesSayWhatTheEventSays: an event that is mapped member by member
// is the event, whatever it holds.
func TestSignedRulesSayWhatTheEventSays(t *testing.T) {
	t.Parallel()
	receivers := map[evenkeel.Kind]connectors.Receiver{}
	for _, kind := range evenkeel.Kinds() {
		fields := []string{`"id":"/x~1y/0/id"`, `"source":"/x~1y/0/source"`, `"observed_at":"/x~1y/0/observed_at"`, `"deleted":"/x~1y/0/deleted"`, `"final":"/x~1y/0/final"`}
		for _, name := range jsonNames(payloadType(kind)) {
			fields = append(fields, fmt.Sprintf(`"%s":"/x~1y/0/%s"`, name, name))
		}
		receivers[kind] = signedReceiver(t, `{"rules":[{"kind":"`+string(kind)+`","fields":{`+strings.Join(fields, ",")+`}}]}`)
	}
	rapid.Check(t, func(t *rapid.T) {
		event := anyEvents().Draw(t, "event")
		event.Cleared = nil // Null in the body of another tool is unknown.
		var line strings.Builder
		if err := connectors.EncodeEvents(&line, []evenkeel.Event{event}); err != nil {
			t.Fatal(err)
		}
		events, err := receivers[event.Kind].Parse(http.Header{}, []byte(`{"x/y":[`+line.String()+`]}`))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]evenkeel.Event{event}, events); diff != "" {
			t.Fatalf("(-want +got)\n%s", diff)
		}
	})
}

// TestSignedNeutralBodiesAreAllOrNone: a body without rules says what the
// event intake takes of it, or nothing.
func TestSignedNeutralBodiesAreAllOrNone(t *testing.T) {
	t.Parallel()
	r := signedReceiver(t, "")
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOfN(anyEvents(), 1, 4).Draw(t, "events")
		var lines strings.Builder
		if err := connectors.EncodeEvents(&lines, want); err != nil {
			t.Fatal(err)
		}
		got, err := r.Parse(http.Header{}, []byte(lines.String()))
		if err != nil || !reflect.DeepEqual(want, got) {
			t.Fatalf("%v\n%s", err, cmp.Diff(want, got))
		}
		got, err = r.Parse(http.Header{}, []byte(lines.String()+`{"kind":"deployment"}`))
		if wrong := fmt.Sprintf("item %d: id: is required", len(want)); err == nil || err.Error() != wrong || got != nil {
			t.Fatalf("%d events, %v", len(got), err)
		}
	})
}
