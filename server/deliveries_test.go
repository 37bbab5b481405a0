package server_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server"
	"github.com/evenkeel-dev/evenkeel/store/storetest"
)

// mended are the settings of a fixture with one more application in its map.
func mended(t *testing.T, f fixture) string {
	t.Helper()
	known := []byte(`"web-checkout": "checkout"`)
	settings := bytes.ReplaceAll(f.settings, known, append(known, []byte(`, "web-other": "other"`)...))
	if bytes.Equal(settings, f.settings) {
		t.Fatal("the settings of the fixture hold no map")
	}
	return fmt.Sprintf(`{"settings":%s}`, settings)
}

func counts(r response, names ...string) string {
	var b strings.Builder
	for _, name := range names {
		fmt.Fprintf(&b, "%s %v ", name, r.json[name])
	}
	return strings.TrimSpace(b.String())
}

// TestReplayTurnsRejectedDeliveriesIntoFacts mends the settings of a
// connection after they have lost a delivery.
func TestReplayTurnsRejectedDeliveriesIntoFacts(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.admin()
	f := one(t, "signed", "octopus_unknown_project")
	c := s.connect("octopus", "signed", f.settings, secretName)
	if got := s.deliver(c, f, f.body); got.json["outcome"] != "rejected" || !strings.Contains(got.text, "web-other") || s.facts() != 0 {
		t.Fatalf("with wrong settings = %d %s, %d facts", got.status, got.text, s.facts())
	}
	const all = `{"source":"signed"}`
	if got := s.do("POST", "/api/v1/deliveries/replay", admin, all); counts(got, "examined", "changed", "rejected") != "examined 1 changed 0 rejected 1" {
		t.Fatalf("nothing was mended: %d %s", got.status, got.text)
	}
	if got := s.do("PUT", "/api/v1/connections/"+c.ID, admin, mended(t, f)); got.status != 200 {
		t.Fatalf("mend = %d %s", got.status, got.text)
	}
	dry := s.do("POST", "/api/v1/deliveries/replay", admin, `{"source":"signed","dry_run":true}`)
	if counts(dry, "changed", "recorded", "observations", "dry_run") != "changed 1 recorded 1 observations 0 dry_run true" || s.facts() != 0 || s.kept(c)[0].Outcome != evenkeel.OutcomeRejected {
		t.Fatalf("a dry run = %s, %d facts", dry.text, s.facts())
	}
	done := s.do("POST", "/api/v1/deliveries/replay", admin, all)
	if counts(done, "changed", "recorded", "observations", "facts") != "changed 1 recorded 1 observations 1 facts 1" || s.facts() != 1 {
		t.Fatalf("replay = %s, %d facts", done.text, s.facts())
	}
	item := done.json["items"].([]any)[0].(map[string]any)
	if item["before"] != "rejected" || item["after"] != "recorded" || item["reason"] != "" || item["events"] != 1.0 {
		t.Errorf("item = %v", item)
	}
	if d := s.kept(c)[0]; d.Outcome != evenkeel.OutcomeRecorded || d.Reason != "" || d.Facts != 1 {
		t.Errorf("kept = %+v", d)
	}
	for _, again := range []string{all, `{"outcomes":["recorded","rejected","ignored"]}`} {
		got := s.do("POST", "/api/v1/deliveries/replay", admin, again)
		if counts(got, "changed", "observations", "facts") != "changed 0 observations 0 facts 0" || s.facts() != 1 {
			t.Errorf("%s, again = %s, %d facts", again, got.text, s.facts())
		}
	}
	if got := s.do("GET", "/api/v1/audit", admin, ""); strings.Count(got.text, "deliveries.replay") != 1 {
		t.Errorf("audit = %s", got.text)
	}
}

// TestARepeatedDeliveryIsReadWithNewSettings sends a lost delivery again, as
// people do from the sender's own page.
func TestARepeatedDeliveryIsReadWithNewSettings(t *testing.T) {
	t.Parallel()
	s := start(t)
	f := one(t, "signed", "octopus_unknown_project")
	c := s.connect("octopus", "signed", f.settings, secretName)
	s.deliver(c, f, f.body)
	s.do("PUT", "/api/v1/connections/"+c.ID, s.admin(), mended(t, f))
	for range 2 {
		got := s.deliver(c, f, f.body)
		if got.status != 202 || got.json["outcome"] != "recorded" || got.json["repeated"] != true || s.facts() != 1 {
			t.Fatalf("= %d %s, %d facts", got.status, got.text, s.facts())
		}
	}
	if all := s.kept(c); len(all) != 1 || all[0].Outcome != evenkeel.OutcomeRecorded || all[0].Repeats != 2 {
		t.Errorf("kept %+v", all)
	}
}

// TestWrongSettingsLoseNothing delivers through a connection whose settings
// this version does not understand.
func TestWrongSettingsLoseNothing(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.admin()
	f := one(t, "signed", "neutral_object")
	c := s.connect("desk", "signed", json.RawMessage(`{"rulez":[]}`), secretName)
	if got := s.deliver(c, f, f.body); got.status != 202 || got.json["outcome"] != "rejected" || !strings.Contains(got.text, "settings of the connection") {
		t.Fatalf("= %d %s", got.status, got.text)
	}
	if got := s.deliver(c, f, f.body, "X-Signature-256", ""); got.status != 503 {
		t.Errorf("unsigned = %d %s, want 503: the right settings may name another header", got.status, got.text)
	}
	s.do("PUT", "/api/v1/connections/"+c.ID, admin, `{"settings":{"source":"desk"}}`)
	if got := s.do("POST", "/api/v1/deliveries/replay", admin, `{}`); counts(got, "changed", "recorded") != "changed 1 recorded 1" || s.facts() != 1 {
		t.Errorf("replay = %s, %d facts", got.text, s.facts())
	}
	if got := s.do("DELETE", "/api/v1/connections/"+c.ID, admin, ""); got.status != 204 {
		t.Fatalf("remove = %d %s", got.status, got.text)
	}
	if got := s.do("POST", "/api/v1/deliveries/replay", admin, `{"outcomes":["recorded"]}`); got.status != 200 || counts(got, "examined", "recorded") != "examined 1 recorded 1" {
		t.Errorf("replay without connection = %d %s", got.status, got.text)
	}
	if got := s.deliver(c, f, f.body); got.status != 404 {
		t.Errorf("a removed connection = %d", got.status)
	}
}

func TestReplayIsBounded(t *testing.T) {
	t.Parallel()
	s := startWith(t, storetest.SQLite(t), func(c *server.Config) { c.KeepBodies = false })
	f := one(t, "github", "ping")
	c := s.connect("acme", "github", nil, secretName)
	id, _ := s.deliver(c, f, f.body).json["delivery"].(string)
	read := s.token("default", clock().Add(time.Hour), evenkeel.ScopeRead)
	ingest := s.token("default", clock().Add(time.Hour), evenkeel.ScopeIngest)
	other := s.token("other", clock().Add(time.Hour), evenkeel.ScopeAdmin)
	for body, c := range map[string]struct {
		token string
		want  int
		says  string
	}{
		`{}`:                               {read, 403, "scope ingest"},
		`{"source":"github"}`:              {ingest, 200, `"expired":1`},
		`{"source":"signed"}`:              {ingest, 200, `"examined":0`},
		`{"since":"yesterday"}`:            {ingest, 422, "RFC 3339"},
		`{"outcomes":["lost"]}`:            {ingest, 422, "recorded, ignored, rejected"},
		`{"ids":["` + id + `"]}`:           {ingest, 200, `"examined":1`},
		`{"ids":["` + id + `"] }`:          {other, 404, "not found"},
		`{"ids":["0123456789abcdef0123"]}`: {ingest, 404, "not found"},
		`{"until":"2020-01-01"}`:           {ingest, 200, `"examined":0`},
		`{"unclaimed":true}`:               {ingest, 200, `"examined":0`},
		`{"every":true}`:                   {ingest, 422, "every"},
	} {
		if got := s.do("POST", "/api/v1/deliveries/replay", c.token, body); got.status != c.want || !strings.Contains(got.text, c.says) {
			t.Errorf("%s = %d %s, want %d with %s", body, got.status, got.text, c.want, c.says)
		}
	}
}

func TestDeliveriesAreListed(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.admin()
	github := s.connect("acme", "github", nil, secretName)
	desk := s.connect("desk", "signed", nil, secretName)
	for _, name := range []string{"deployment_status_success", "ping", "duplicate_name"} {
		f := one(t, "github", name)
		s.deliver(github, f, f.body)
	}
	neutral := one(t, "signed", "neutral_object")
	s.deliver(desk, neutral, neutral.body)
	for query, want := range map[string]int{
		"": 4, "outcome=recorded": 2, "outcome=ignored": 1, "outcome=rejected": 1, "outcome=ignored,rejected": 2, "source=signed": 1,
		"connection=" + github.ID: 3, "event=ping": 1, "unclaimed=true": 2, "from=1d": 4, "to=2026-11-01": 0, "source=none": 0, "limit=3": 3,
	} {
		if got := s.do("GET", "/api/v1/deliveries?"+query, admin, ""); got.status != 200 || len(got.json["items"].([]any)) != want {
			t.Errorf("%s = %d %s, want %d", query, got.status, got.text, want)
		}
	}
	if got := s.do("GET", "/api/v1/deliveries?outcome=lost", admin, ""); got.status != 422 {
		t.Errorf("an unknown outcome = %d %s", got.status, got.text)
	}
	if got := s.do("GET", "/api/v1/deliveries?workspace=other", admin, ""); got.status != 404 {
		t.Errorf("another workspace = %d", got.status)
	}
	first := s.do("GET", "/api/v1/deliveries?connection="+desk.ID, admin, "").json["items"].([]any)[0].(map[string]any)
	if first["connection"].(map[string]any)["name"] != "desk" || first["facts"] != 1.0 || first["received_at"] != "2026-11-22T12:00:00Z" || first["size"] != float64(len(neutral.body)) {
		t.Errorf("delivery = %v", first)
	}
}

func TestADeliveryIsShownWithoutPersons(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.admin()
	c := s.connect("acme", "github", nil, secretName)
	s.do("POST", "/api/v1/applications", admin, `{"slug":"checkout","claims":["repo:github.com/acme/checkout"]}`)
	f := one(t, "github", "deployment_status_success")
	id, _ := s.deliver(c, f, f.body).json["delivery"].(string)
	got := s.do("GET", "/api/v1/deliveries/"+id, admin, "")
	text, _ := got.json["body"].(string)
	if got.status != 200 || strings.Contains(got.text, "kim-example") || strings.Contains(got.text, "21031067") || !strings.Contains(text, "\n    \"state\": \"success\",\n") {
		t.Fatalf("= %d %s", got.status, got.text)
	}
	facts := got.json["facts"].([]any)
	if len(facts) != 1 {
		t.Fatalf("facts = %v", facts)
	}
	fact := facts[0].(map[string]any)
	if fact["kind"] != "deployment" || fact["fresh"] != true || fact["status"] != "success" || fact["belongs_to"].([]any)[0].(map[string]any)["slug"] != "checkout" || len(fact["uses"].([]any)) == 0 {
		t.Errorf("fact = %v", fact)
	}
	if missing := s.do("GET", "/api/v1/deliveries/0123456789abcdef0123", admin, ""); missing.status != 404 {
		t.Errorf("an unknown delivery = %d", missing.status)
	}
}

// TestBodiesAreShownRedacted delivers what cannot be understood, so that any
// body can be looked at.
func TestBodiesAreShownRedacted(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.admin()
	c := s.connect("acme", "github", nil, secretName)
	f := one(t, "github", "ping")
	f.headers = map[string]string{"X-GitHub-Event": "push"}
	for name, c2 := range map[string]struct{ in, want string }{
		"order and numbers stay":  {`{"b":1.50,"a":[1e3,true,null,[],{}]}`, "{\n  \"b\": 1.50,\n  \"a\": [\n    1e3,\n    true,\n    null,\n    [],\n    {}\n  ]\n}"},
		"secrets":                 {`{"access_token":"x1","password":{"now":"x2","pin":7},"Authorization":["x3"],"tokens_used":5,"key":"k"}`, "{\n  \"access_token\": \"[redacted]\",\n  \"password\": {\n    \"now\": \"[redacted]\",\n    \"pin\": \"[redacted]\"\n  },\n  \"Authorization\": [\n    \"[redacted]\"\n  ],\n  \"tokens_used\": \"[redacted]\",\n  \"key\": \"k\"\n}"},
		"persons":                 {`{"author":{"name":"Kim","date":"2026-01-01","id":9},"assignees":["kim"],"user":"kim","x":{"login":"kim"},"name":"checkout"}`, "{\n  \"author\": {\n    \"name\": \"[redacted]\",\n    \"date\": \"2026-01-01\",\n    \"id\": \"[redacted]\"\n  },\n  \"assignees\": [\n    \"[redacted]\"\n  ],\n  \"user\": \"[redacted]\",\n  \"x\": {\n    \"login\": \"[redacted]\"\n  },\n  \"name\": \"checkout\"\n}"},
		"texts that name persons": {`{"message":"fix\n\nSigned-off-by: Kim Example <kim@example.com>\nby kim@example.com","ssh":"git@github.com:a/b.git"}`, "{\n  \"message\": \"fix\\n\\nSigned-off-by: [redacted]<[redacted]>\\nby [redacted]\",\n  \"ssh\": \"git@github.com:a/b.git\"\n}"},
		"mentions":                {`{"name":"Build 3 by @kim-example (@lee)","uses":"actions/checkout@v4 and @types/node"}`, "{\n  \"name\": \"Build 3 by [redacted] ([redacted])\",\n  \"uses\": \"actions/checkout@v4 and [redacted]/node\"\n}"},
		"a form":                  {"payload=%7B%22login%22%3A%22kim%22%7D", "{\n  \"login\": \"[redacted]\"\n}"},
		"two values":              {`{"a":1} {"a":2}`, "{\n  \"a\": 1\n}\n{\n  \"a\": 2\n}"},
		"half a value":            {`{"login":"kim","email":"ki`, "{\n  \"login\": \"[redacted]\",\n  \"email\": \n[the rest, 3 bytes, is not JSON]"},
		"other text":              {"oops <kim@example.com> & so", "oops <[redacted]> & so"},
		"no text":                 {"\xff\x00\x01", "[3 bytes that are not UTF-8 text]"},
		"nothing":                 {"", ""},
	} {
		t.Run(name, func(t *testing.T) {
			id, _ := s.deliver(c, f, []byte(c2.in)).json["delivery"].(string)
			got := s.do("GET", "/api/v1/deliveries/"+id, admin, "")
			if diff := cmp.Diff(c2.want, got.json["body"]); got.status != 200 || diff != "" || got.json["body_truncated"] != false {
				t.Errorf("= %d (-want +got)\n%s", got.status, diff)
			}
		})
	}
	for name, in := range map[string]string{
		"a long text": strings.Repeat("ä", 200_000), "a long list": "[" + strings.Repeat("1,", 200_000) + "1]", "deep nesting": strings.Repeat("[", 100_000),
	} {
		id, _ := s.deliver(c, f, []byte(in)).json["delivery"].(string)
		got := s.do("GET", "/api/v1/deliveries/"+id, admin, "")
		if text, _ := got.json["body"].(string); got.status != 200 || len(text) > 256<<10 || len(text) < 255<<10 || got.json["body_truncated"] != true {
			t.Errorf("%s = %d with %d bytes, cut %v", name, got.status, len(text), got.json["body_truncated"])
		}
	}
}
