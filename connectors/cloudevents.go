package connectors

import (
	"encoding/base64"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/evenkeel-dev/evenkeel"
)

// The modes of CloudEvents over HTTP that hold more than data.
const (
	cloudStructured = "application/cloudevents"
	cloudBatch      = "application/cloudevents-batch"
)

// cloudHeaders are the headers of a CloudEvent, which a source of them keeps.
// Nobody signs them: a source that reads a type or an id from an event of
// which the body tells it too reads the body.
func cloudHeaders() []string {
	return []string{"Ce-Specversion", "Ce-Id", "Ce-Source", "Ce-Type", "Ce-Subject", "Ce-Time", "Content-Type"}
}

// cloudEvent is one event in the CloudEvents 1.0 format.
type cloudEvent struct {
	// at is the place of the event in the body, for texts: "", or "[2].".
	at string
	// ID is unique within Source. They and Type are empty where a body came
	// without an envelope.
	ID, Source, Type, Subject string
	// Time is zero where the event has none.
	Time time.Time
	// Data is JSON; nil where there is none, or where it is not JSON.
	Data jsontext.Value
}

// identifyCloudEvent names event and delivery of a request; both are empty
// unless the headers hold the envelope. See EventNamer for the others.
func identifyCloudEvent(header http.Header) (event, key string) {
	id, source := cloudHeader(header, "Ce-Id"), cloudHeader(header, "Ce-Source")
	if id != "" || source != "" {
		key = source + " " + id
	}
	return cloudHeader(header, "Ce-Type"), key
}

// readCloudEvents reads the events of a request in binary, structured or batch
// mode. A body without any envelope is an event that has only data. All
// of them can be read, or none is.
func readCloudEvents(header http.Header, body []byte) ([]cloudEvent, error) {
	if tooDeep(body, maxDeliveryDepth) {
		return nil, evenkeel.FieldErrors{{Field: "body", Rule: "is nested deeper than " + strconv.Itoa(maxDeliveryDepth) + " levels"}}
	}
	media, _, _ := mime.ParseMediaType(header.Get("Content-Type"))
	mode, format, _ := strings.Cut(media, "+")
	switch {
	case mode != cloudStructured && mode != cloudBatch:
		return cloudBare(header, body)
	case format != "json":
		return nil, evenkeel.FieldErrors{{Field: "Content-Type", Rule: shortQuote(media) + " is not read; send " + mode + "+json"}}
	case mode == cloudBatch:
		return cloudMany(body)
	}
	e, err := cloudOne("", body)
	return []cloudEvent{e}, err
}

// cloudBare reads a body whose media type is that of its data: binary mode,
// or an event of which a proxy changed the type.
func cloudBare(header http.Header, body []byte) ([]cloudEvent, error) {
	if header.Get("Ce-Specversion") == "" {
		if jsontext.Value(body).Kind() == '[' {
			return cloudMany(body)
		}
		members, err := jsonMembers(body)
		if _, enveloped := members["specversion"]; err != nil || enveloped {
			e, err := cloudOne("", body)
			return []cloudEvent{e}, err
		}
		return []cloudEvent{{Data: body}}, nil
	}
	e := cloudEvent{
		ID: cloudHeader(header, "Ce-Id"), Source: cloudHeader(header, "Ce-Source"),
		Type: cloudHeader(header, "Ce-Type"), Subject: cloudHeader(header, "Ce-Subject"),
	}
	if len(body) > 0 {
		if !jsontext.Value(body).IsValid() {
			return nil, evenkeel.FieldErrors{{Field: "body", Rule: "is not valid JSON"}}
		}
		e.Data = body
	}
	return []cloudEvent{e}, e.check(cloudHeader(header, "Ce-Specversion"), cloudHeader(header, "Ce-Time"))
}

// cloudHeader is an attribute in a header, where it is percent-encoded.
func cloudHeader(header http.Header, name string) string {
	text := header.Get(name)
	if plain, err := url.PathUnescape(text); err == nil {
		return plain
	}
	return text
}

func cloudMany(body []byte) ([]cloudEvent, error) {
	var list []jsontext.Value
	if err := json.Unmarshal(body, &list); err != nil {
		return nil, evenkeel.FieldErrors{{Field: "body", Rule: "is not a JSON array of events: " + jsonRule(err)}}
	}
	events := make([]cloudEvent, 0, min(len(list), maxSignedElements))
	for i, one := range list {
		e, err := cloudOne("["+strconv.Itoa(i)+"].", one)
		if err != nil {
			return nil, err
		}
		events = append(events, e)
	}
	return events, nil
}

// cloudOne reads an event in its JSON format.
func cloudOne(at string, body []byte) (cloudEvent, error) {
	members, err := jsonMembers(body)
	if err != nil {
		return cloudEvent{}, err
	}
	p := &payload{vendor: "CloudEvents", members: members}
	e := cloudEvent{at: at}
	var version, moment, media, packed string
	p.into("specversion", &version)
	p.into("id", &e.ID)
	p.into("source", &e.Source)
	p.into("type", &e.Type)
	p.into("subject", &e.Subject)
	p.into("time", &moment)
	p.into("datacontenttype", &media)
	p.into("data_base64", &packed)
	if len(p.problems.list) > 0 {
		return e, placed(at, p.problems.list)
	}
	if cloudJSON(media) {
		e.Data = members["data"]
		if packed != "" {
			plain, err := base64.StdEncoding.DecodeString(packed)
			if err != nil || !jsontext.Value(plain).IsValid() {
				return e, placed(at, evenkeel.FieldErrors{{Field: "data_base64", Rule: "is not JSON in base64"}})
			}
			e.Data = plain
		}
	}
	return e, e.check(version, moment)
}

// cloudJSON says whether data of a media type is JSON; without one it is.
func cloudJSON(media string) bool {
	name, _, _ := mime.ParseMediaType(media)
	return media == "" || name == "application/json" || strings.HasSuffix(name, "+json")
}

// check holds an event to what every CloudEvent has.
func (e *cloudEvent) check(version, moment string) error {
	var broken mistakes
	if major, _, _ := strings.Cut(version, "."); major != "1" && version != "0.3" {
		broken.add("specversion", shortQuote(version)+" is not read; send CloudEvents 1.0")
	}
	for _, one := range [][2]string{{"id", e.ID}, {"source", e.Source}, {"type", e.Type}} {
		if one[1] == "" {
			broken.add(one[0], "is required")
		}
	}
	if moment != "" {
		at, rule := vendorInstant(moment)
		if e.Time = at; rule != "" {
			broken.add("time", rule)
		}
	}
	if len(broken.list) > 0 {
		return placed(e.at, broken.list)
	}
	return nil
}

// readEach reads the events of a request: all that they tell, if none of them
// is wrong. Where none tells anything, the last says why.
func readEach(list []cloudEvent, read func(*cloudEvent) ([]evenkeel.Event, error)) ([]evenkeel.Event, error) {
	var events []evenkeel.Event
	nothing := ignored("a batch without events")
	for i := range list {
		told, err := read(&list[i])
		switch {
		case err == nil:
			events = append(events, told...)
		case isIgnored(err):
			nothing = err
		default:
			return nil, err
		}
	}
	if len(events) == 0 {
		return nil, nothing
	}
	return events, nil
}

// placed puts a place before the fields of mistakes.
func placed(at string, list evenkeel.FieldErrors) evenkeel.FieldErrors {
	out := make(evenkeel.FieldErrors, len(list))
	for i, one := range list {
		out[i] = evenkeel.FieldError{Field: at + one.Field, Rule: one.Rule}
	}
	return out
}
