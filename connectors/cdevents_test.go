package connectors_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
)

var _ = sends("cdevents", sender{key: true, sign: func(header http.Header, _ []byte, secret string) {
	header.Set("Authorization", "Bearer "+secret)
}})

func cdeventsReceiver(t testing.TB, settings string) connectors.Receiver {
	t.Helper()
	s, err := connectors.SourceNamed("cdevents")
	if err != nil {
		t.Fatal(err)
	}
	return receiverOf(t, s, json.RawMessage(settings))
}

func TestCDEventsMayBeSigned(t *testing.T) {
	t.Parallel()
	r := cdeventsReceiver(t, `{"signature":{"header":"X-Ci-Signature","prefix":"sha256="}}`)
	raw := []byte("Hello, World!")
	const good = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
	for name, test := range map[string]struct {
		header map[string]string
		denied bool
	}{
		"signed":               {map[string]string{"X-Ci-Signature": good}, false},
		"by two":               {map[string]string{"X-Ci-Signature": "sha256=00, " + good}, false},
		"the key in its place": {map[string]string{"Authorization": "Bearer It's a Secret to Everybody"}, true},
		"the key as signature": {map[string]string{"X-Ci-Signature": "It's a Secret to Everybody"}, true},
		"without the prefix":   {map[string]string{"X-Ci-Signature": good[7:]}, true},
		"nothing":              {nil, true},
	} {
		err := r.Verify(connectors.KeptHeader(test.header), raw, []string{"It's a Secret to Everybody"})
		if errors.Is(err, evenkeel.ErrDenied) != test.denied || err != nil != test.denied {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCDEventsSettingsNameTheMistake(t *testing.T) {
	t.Parallel()
	s, err := connectors.SourceNamed("cdevents")
	if err != nil {
		t.Fatal(err)
	}
	for settings, want := range map[string]string{
		`{"signature":{"prefix":"v1="}}`:           "signature.header: is required",
		`{"environments":{"a":""}}`:                `environments["a"]: needs a name`,
		`{"pipelines":{"":"production"}}`:          `pipelines[""]: needs a name`,
		`{"pipelines":["deploy"]}`:                 "pipelines: is not of the right type",
		`{"ticket_types":{"task":"chore"}}`:        `of "task"`,
		`{"repository_host":"https://github.com"}`: "repository_host: ",
		`{"environment":{}}`:                       "environment: is not a setting",
	} {
		if _, err := s.Open(json.RawMessage(settings)); !errors.Is(err, evenkeel.ErrInvalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", settings, err, want)
		}
	}
}

// TestCDEventsNameTheirEvent: also where only the body tells it.
func TestCDEventsNameTheirEvent(t *testing.T) {
	t.Parallel()
	r := cdeventsReceiver(t, "")
	namer := r.(connectors.EventNamer)
	for _, d := range deliveriesOf(t, "cdevents") {
		switch d.name {
		case "structured", "batch", "service_deployed":
			if got := namer.EventIn(d.bytes(t)); got != "service.deployed" {
				t.Errorf("%s is named %q", d.name, got)
			}
		case "not_json", "batch_of_nothing":
			if got := namer.EventIn(d.bytes(t)); got != "" {
				t.Errorf("%s is named %q", d.name, got)
			}
		}
	}
	event, key := r.Identify(connectors.KeptHeader(map[string]string{"Ce-Type": "dev.cdevents.change.merged.0.3.0", "Ce-Id": "7", "Ce-Source": "/ci"}))
	if event != "change.merged" || key != "/ci 7" {
		t.Errorf("%q %q", event, key)
	}
}

// TestCDEventsKeepNoPerson: the names of people in the fixtures are in no event.
func TestCDEventsKeepNoPerson(t *testing.T) {
	t.Parallel()
	for _, d := range deliveriesOf(t, "cdevents") {
		events, err := cdeventsReceiver(t, string(d.Settings)).Parse(d.header(), d.bytes(t))
		if err != nil {
			continue
		}
		if said := strings.ToLower(string(goldenOf(t, events, nil))); strings.Contains(said, "kim") || strings.Contains(said, "sam-example") {
			t.Errorf("%s tells of a person", d.name)
		}
	}
}

// officialSchemas are those of the specification by their address.
type officialSchemas struct {
	compiled map[string]*jsonschema.Schema
	texts    map[string]map[string]any
}

func readOfficialSchemas(t testing.TB) officialSchemas {
	t.Helper()
	text, err := os.ReadFile("testdata/cdevents/schemas.ndjson")
	if err != nil {
		t.Fatal(err)
	}
	all := officialSchemas{map[string]*jsonschema.Schema{}, map[string]map[string]any{}}
	compiler := jsonschema.NewCompiler()
	for line := range bytes.Lines(text) {
		schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(line))
		if err != nil {
			t.Fatal(err)
		}
		id := schema.(map[string]any)["$id"].(string)
		all.texts[id] = schema.(map[string]any)
		if err := compiler.AddResource(id, schema); err != nil {
			t.Fatal(err)
		}
	}
	for id := range all.texts {
		if all.compiled[id], err = compiler.Compile(id); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// of is the schema of an event by its type, versions and all.
func (o officialSchemas) of(kind string) (id string, found bool) {
	for id, text := range o.texts {
		enum := []any{}
		if context, ok := property(text, "context"); ok {
			if kind, ok := property(context, "type"); ok {
				enum, _ = kind["enum"].([]any)
			}
		}
		if len(enum) == 1 && enum[0] == kind {
			return id, true
		}
	}
	return "", false
}

func property(schema map[string]any, name string) (map[string]any, bool) {
	all, _ := schema["properties"].(map[string]any)
	one, ok := all[name].(map[string]any)
	return one, ok
}

// TestCDEventsFixturesAreOfficial: what is read here is what the specification
// allows to be sent.
func TestCDEventsFixturesAreOfficial(t *testing.T) {
	t.Parallel()
	official := readOfficialSchemas(t)
	broken := map[string]bool{"environment_as_a_text": true}
	checked := 0
	for _, d := range deliveriesOf(t, "cdevents") {
		var body any
		if d.Body == nil || json.Unmarshal(d.Body, &body) != nil {
			continue
		}
		event, _ := body.(map[string]any)
		context, _ := event["context"].(map[string]any)
		kind, _ := context["type"].(string)
		id, known := official.of(kind)
		if !known || strings.HasPrefix(d.name, "without") {
			continue
		}
		checked++
		if err := official.compiled[id].Validate(body); (err != nil) != broken[d.name] {
			t.Errorf("%s: %v", d.name, err)
		}
	}
	if checked < 40 {
		t.Errorf("only %d fixtures were checked", checked)
	}
}

// TestCDEventsTakesAllThatIsOfficial: an event that a schema of the
// specification allows is recorded or ignored, in every mode, never refused.
func TestCDEventsTakesAllThatIsOfficial(t *testing.T) {
	t.Parallel()
	official := readOfficialSchemas(t)
	var ids []string
	for id := range official.texts {
		if !strings.Contains(id, "/links/") {
			ids = append(ids, id)
		}
	}
	if len(ids) < 70 {
		t.Fatalf("only %d schemas", len(ids))
	}
	r := cdeventsReceiver(t, `{"repository_host":"github.com"}`)
	rapid.Check(t, func(rt *rapid.T) {
		id := rapid.SampledFrom(ids).Draw(rt, "schema")
		event := official.draw(rt, official.texts[id], "")
		if err := official.compiled[id].Validate(event); err != nil {
			rt.Fatalf("%s: %v", id, err)
		}
		text, err := json.Marshal(event)
		if err != nil {
			rt.Fatal(err)
		}
		events, err := r.Parse(http.Header{}, text)
		lawful(t, events, err)
		if errors.Is(err, evenkeel.ErrInvalid) {
			rt.Fatalf("%s\n%s\n%v", id, text, err)
		}
		wrapped := []byte(`{"specversion":"1.0","id":"1","source":"s","type":"t","data":` + string(text) + `}`)
		again, againErr := r.Parse(connectors.KeptHeader(map[string]string{"Content-Type": "application/cloudevents+json"}), wrapped)
		if !cmp.Equal(events, again) || (err == nil) != (againErr == nil) {
			rt.Fatalf("structured: %v, then %v", err, againErr)
		}
	})
}

// draw makes a value that a schema of the specification allows.
func (o officialSchemas) draw(t *rapid.T, schema map[string]any, name string) any {
	if enum, ok := schema["enum"].([]any); ok {
		return rapid.SampledFrom(enum).Draw(t, name)
	}
	for _, choice := range []string{"oneOf", "anyOf"} {
		if list, ok := schema[choice].([]any); ok {
			return o.draw(t, list[0].(map[string]any), name)
		}
	}
	switch schema["type"] {
	case "object":
		value := map[string]any{}
		required, _ := schema["required"].([]any)
		properties, _ := schema["properties"].(map[string]any)
		for member, shape := range properties {
			if _, reference := shape.(map[string]any)["$ref"]; reference {
				continue // Links, which may be missing.
			}
			if contains(required, member) || rapid.Bool().Draw(t, name+member+"?") {
				value[member] = o.draw(t, shape.(map[string]any), member)
			}
		}
		return value
	case "array":
		return []any{"x"}
	}
	return drawText(t, schema, name)
}

func contains(list []any, name string) bool {
	for _, one := range list {
		if one == name {
			return true
		}
	}
	return false
}

func drawText(t *rapid.T, schema map[string]any, name string) any {
	choices := []string{"x", "12", "Acme/Checkout", "ünïcode …", "f95f852bd8fca8fcc58a9a2d6c842781e32a215e", " "}
	switch {
	case schema["format"] == "date-time":
		return time.Unix(rapid.Int64Range(0, 2_000_000_000).Draw(t, name), 0).In(time.FixedZone("", rapid.IntRange(-12, 14).Draw(t, "zone")*3600)).Format(time.RFC3339)
	case schema["format"] == "uri":
		choices = []string{"https://example.com/a", "urn:x:y"}
	case schema["format"] == "uri-reference":
		choices = []string{"https://github.com", "/ci/7", "https://gitlab.example.com/acme/checkout", "ci"}
	case name == "outcome":
		choices = []string{"success", "failure", "cancel", "error"}
	}
	return rapid.SampledFrom(choices).Draw(t, name)
}

// TestCDEventsStoriesEndTheSame: in whatever order and however often the
// events of a story arrive, the facts are the same.
func TestCDEventsStoriesEndTheSame(t *testing.T) {
	t.Parallel()
	event := func(kind, at, subject, content, own string) string {
		return `{"context":{"specversion":"0.5.1","id":"` + kind + at + `","source":"/ci","type":"dev.cdevents.` + kind + `.0.3.0","timestamp":"2026-03-01T` + at + `Z"},` +
			`"subject":{"id":"` + subject + `","content":{` + content + `}},"customData":{"evenkeel":{` + own + `}}}`
	}
	const place, repository = `"environment":{"id":"production"}`, `"repository":{"id":"acme/checkout","source":"https://github.com"}`
	const sha = "f95f852bd8fca8fcc58a9a2d6c842781e32a215e"
	for name, story := range map[string]struct {
		events []string
		want   map[string]string
	}{
		"an incident that comes back": {
			[]string{
				event("incident.detected", "10:00:00", "I-1", place, ""), event("incident.reported", "10:05:00", "I-1", place, `"severity":"sev1"`),
				event("incident.resolved", "10:05:00", "I-1", place, ""), event("incident.reported", "10:10:00", "I-1", place, ""),
				event("incident.detected", "11:00:00", "I-1", place, ""), event("incident.resolved", "11:00:00", "I-1", place, ""),
			},
			map[string]string{"incident:I-1": `{"detected_at":"2026-03-01T11:00:00Z","environment":"production","opened_at":"2026-03-01T10:00:00Z","resolved_at":"2026-03-01T11:00:00Z","severity":"sev1"}`},
		},
		"a change": {
			[]string{
				event("change.created", "10:00:00", "12", repository, ""), event("change.updated", "10:01:00", "12", repository, `"commit":"`+sha+`"`),
				event("change.abandoned", "10:01:00", "12", repository, ""), event("change.reviewed", "10:20:00", "12", repository, ""),
				event("change.reviewed", "10:10:00", "12", repository, ""), event("change.merged", "10:30:00", "12", repository, `"commit":"`+sha+`"`),
			},
			map[string]string{"change:12": `{"closed_at":"2026-03-01T10:30:00Z","first_review_at":"2026-03-01T10:10:00Z","head":"` + sha + `","merge_commit":"` + sha + `","merged_at":"2026-03-01T10:30:00Z","number":12,"opened_at":"2026-03-01T10:00:00Z","repository":"github.com/acme/checkout","state":"merged"}`},
		},
		"a run that deploys and fails within a second": {
			[]string{
				event("pipelinerun.queued", "10:00:00", "r-1", "", `"environment":"production"`), event("pipelinerun.started", "10:00:00", "r-1", "", `"environment":"production"`),
				event("pipelinerun.finished", "10:00:00", "r-1", `"outcome":"failure"`, `"environment":"production"`),
			},
			map[string]string{"pipelinerun:r-1": `{"environment":"production","finished_at":"2026-03-01T10:00:00Z","started_at":"2026-03-01T10:00:00Z","status":"failure"}`},
		},
		"a ticket": {
			[]string{event("ticket.created", "10:00:00", "T-1", `"ticketType":"bug"`, ""), event("ticket.closed", "10:00:00", "T-1", "", ""), event("ticket.updated", "10:10:00", "T-1", `"ticketType":"incident"`, "")},
			map[string]string{"ticket:T-1": `{"closed_at":"2026-03-01T10:00:00Z","opened_at":"2026-03-01T10:00:00Z","state":"closed","type":"unplanned"}`},
		},
	} {
		rapid.Check(t, func(rt *rapid.T) {
			r := cdeventsReceiver(t, "")
			order := rapid.Permutation(story.events).Draw(rt, "order")
			order = append(order, rapid.SliceOfN(rapid.SampledFrom(story.events), 0, 4).Draw(rt, "again")...)
			kept := map[string][]evenkeel.Observation{}
			for i, text := range order {
				events, err := r.Parse(http.Header{}, []byte(text))
				if err != nil && !errors.Is(err, evenkeel.ErrIgnored) {
					rt.Fatal(name, err)
				}
				for _, e := range events {
					o, err := e.Complete(time.Date(2026, 4, 1, 0, i, 0, 0, time.UTC)).Observe()
					if err != nil {
						rt.Fatal(err)
					}
					kept[e.ID] = append(kept[e.ID], o)
				}
			}
			got := map[string]string{}
			for id, observations := range kept {
				fields, _, err := evenkeel.Fold(observations)
				if err != nil {
					rt.Fatal(err)
				}
				var members map[string]any
				if err := json.Unmarshal(fields, &members); err != nil {
					rt.Fatal(err)
				}
				text, _ := json.Marshal(members)
				got[id] = string(text)
			}
			if diff := cmp.Diff(story.want, got); diff != "" {
				rt.Fatalf("%s, %s (-want +got)\n%s", name, strconv.Itoa(len(order)), diff)
			}
		})
	}
}
