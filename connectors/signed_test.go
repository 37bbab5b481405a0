package connectors_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"testing"

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
		"a rule without a kind":   {rule(`{"fields":{}}`), `rules[0].kind: is required; one of deployment, change, commit, artifact, build, incident, dependency, work_item, flag_change, evidence, measurement, flag_usage`},
		"a misspelt kind":         {rule(`{"kind":"incidents"}`), `rules[0].kind: "incidents" is not one of deployment, change, commit, artifact, build, incident, dependency, work_item, flag_change, evidence, measurement, flag_usage; did you mean "incident"?`},
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
		"several mistakes":        {`{"source":1,"delivry":{},"rules":[{"kind":"incident","fields":{"id":"/i"}},{"kind":"x","fields":{}}]}`, `delivry: is not a setting; did you mean "delivery"?; source: must be a text, not a number; rules[1].kind: "x" is not one of deployment, change, commit, artifact, build, incident, dependency, work_item, flag_change, evidence, measurement, flag_usage`},
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
