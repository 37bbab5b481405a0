package connectors

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
)

func cloudRequest(headers ...string) http.Header {
	header := http.Header{}
	for i := 0; i < len(headers); i += 2 {
		header.Set(headers[i], headers[i+1])
	}
	return header
}

// TestCloudEventsInEveryMode: the same event in each mode is the same event.
func TestCloudEventsInEveryMode(t *testing.T) {
	t.Parallel()
	const data = `{"a":1}`
	const attributes = `"specversion":"1.0","id":"7","source":"/ci/ä","type":"t.x","subject":"s","time":"2026-03-01T12:00:00.5+01:00"`
	binary := []string{
		"Ce-Specversion", "1.0", "Ce-Id", "7", "Ce-Source", "/ci/%C3%A4", "Ce-Type", "t.x", "Ce-Subject", "s",
		"Ce-Time", "2026-03-01T12:00:00.5+01:00",
	}
	want := cloudEvent{ID: "7", Source: "/ci/ä", Type: "t.x", Subject: "s", Time: time.Date(2026, 3, 1, 11, 0, 0, 500_000_000, time.UTC), Data: []byte(data)}
	second := want
	want.at, second.at = "[0].", "[1]."
	for name, test := range map[string]struct {
		header http.Header
		body   string
	}{
		"binary":                          {cloudRequest(append(binary, "Content-Type", "application/json")...), data},
		"structured":                      {cloudRequest("Content-Type", "application/cloudevents+json; charset=UTF-8"), `{` + attributes + `,"data":` + data + `}`},
		"structured, data in base64":      {cloudRequest("Content-Type", "application/cloudevents+json"), `{` + attributes + `,"datacontenttype":"application/json","data_base64":"eyJhIjoxfQ=="}`},
		"structured, another media type":  {cloudRequest("Content-Type", "application/json"), `{` + attributes + `,"data":` + data + `}`},
		"batch":                           {cloudRequest("Content-Type", "application/cloudevents-batch+json"), `[{` + attributes + `,"data":` + data + `},{` + attributes + `,"data":` + data + `}]`},
		"batch, another media type":       {cloudRequest(), ` [{` + attributes + `,"data":` + data + `},{` + attributes + `,"data":` + data + `}]`},
		"structured with extension names": {cloudRequest("Content-Type", "application/cloudevents+json"), `{"traceparent":"00-1","dataschema":"x:y",` + attributes + `,"data":` + data + `}`},
	} {
		list := []cloudEvent{want}
		if strings.HasPrefix(name, "batch") {
			list = append(list, second)
		} else {
			list[0].at = ""
		}
		got, err := readCloudEvents(test.header, []byte(test.body))
		if diff := cmp.Diff(list, got, cmp.AllowUnexported(cloudEvent{})); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", name, err, diff)
		}
	}
}

func TestCloudEventsWithoutJSON(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"no data": `{"specversion":"1.0","id":"7","source":"s","type":"t"}`,
		"a text":  `{"specversion":"1.0","id":"7","source":"s","type":"t","datacontenttype":"text/xml","data":"<a/>"}`,
	} {
		got, err := readCloudEvents(cloudRequest("Content-Type", "application/cloudevents+json"), []byte(body))
		if err != nil || len(got) != 1 || got[0].Data != nil {
			t.Errorf("%s: %v %v", name, got, err)
		}
	}
	if got, err := readCloudEvents(cloudRequest(), []byte(`{"context":{}}`)); err != nil || got[0].Type != "" || string(got[0].Data) != `{"context":{}}` {
		t.Errorf("a body alone: %v %v", got, err)
	}
}

func TestCloudEventsSayWhatIsWrong(t *testing.T) {
	t.Parallel()
	structured := cloudRequest("Content-Type", "application/cloudevents+json")
	batch := cloudRequest("Content-Type", "application/cloudevents-batch+json")
	for name, test := range map[string]struct {
		header     http.Header
		body, want string
	}{
		"a version to come": {structured, `{"specversion":"2.0","id":"7","source":"s","type":"t"}`, `specversion: "2.0" is not read`},
		"no version":        {batch, `[{"id":"7","source":"s","type":"t"}]`, `[0].specversion: "" is not read`},
		"no id, second":     {batch, `[{"specversion":"1.0","id":"7","source":"s","type":"t"},{"specversion":"1.0","source":"s","type":"t"}]`, "[1].id: is required"},
		"an id of its own":  {structured, `{"specversion":"1.0","id":7,"source":"s","type":"t"}`, "id: is not of the type"},
		"a time of no zone": {structured, `{"specversion":"1.0","id":"7","source":"s","type":"t","time":"2026-03-01T12:00:00"}`, "time: "},
		"broken base64":     {structured, `{"specversion":"1.0","id":"7","source":"s","type":"t","data_base64":"%"}`, "data_base64: is not JSON in base64"},
		"not a batch":       {batch, `{}`, "body: is not a JSON array"},
		"avro":              {cloudRequest("Content-Type", "application/cloudevents+avro"), `{}`, "Content-Type: "},
		"binary, no type":   {cloudRequest("Ce-Specversion", "1.0", "Ce-Id", "7", "Ce-Source", "s"), `{}`, "type: is required"},
		"binary, no JSON":   {cloudRequest("Ce-Specversion", "1.0", "Ce-Id", "7", "Ce-Source", "s", "Ce-Type", "t"), `{`, "body: is not valid JSON"},
		"nested":            {cloudRequest("Ce-Specversion", "1.0", "Ce-Id", "7", "Ce-Source", "s", "Ce-Type", "t"), strings.Repeat("[", 200), "body: is nested deeper"},
	} {
		if _, err := readCloudEvents(test.header, []byte(test.body)); !errors.Is(err, evenkeel.ErrInvalid) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
	}
}

func TestCloudEventsAreNamedByTheirHeaders(t *testing.T) {
	t.Parallel()
	if event, key := identifyCloudEvent(cloudRequest("Ce-Type", "t", "Ce-Id", "7", "Ce-Source", "/a%20b")); event != "t" || key != "/a b 7" {
		t.Errorf("%q %q", event, key)
	}
	if event, key := identifyCloudEvent(cloudRequest()); event+key != "" {
		t.Errorf("%q %q", event, key)
	}
	for _, name := range cloudHeaders() {
		if http.CanonicalHeaderKey(name) != name {
			t.Errorf("%s is not canonical", name)
		}
	}
}
