package connectors

import (
	stdjson "encoding/json"
	"net/http"
	"regexp"
	"slices"

	"github.com/go-json-experiment/json"

	"github.com/evenkeel-dev/evenkeel"
)

const cdeventsName = "cdevents"

var _ = register(Source{
	Name:     cdeventsName,
	Title:    "CDEvents",
	Summary:  "Takes CDEvents 0.3 to 0.5 as CloudEvents over HTTP: services deployed, changes, artifacts, pipeline runs, incidents and tickets of any tool that speaks them.",
	Setup:    cdeventsSetup,
	Headers:  append(cloudHeaders(), "User-Agent"),
	Settings: cdeventsSettingNotes(),
	Events:   cdeventsEventNotes(),
	Open:     func(settings stdjson.RawMessage) (Receiver, error) { return openCDEvents(settings) },
})

const cdeventsSetup = `1. Let the tool send CDEvents as CloudEvents over HTTP to the address of the connection: in binary mode, structured, or in batches.
2. CDEvents sign nothing. The secret of the connection therefore comes as ` + "`Authorization: Bearer KEY`" + `, or as the password of basic authentication: at least 32 random characters, by https only. If what sends can compute an HMAC-SHA256 of the body, name its header in *signature.header*.
3. An application claims deployments, incidents and tickets by the origin ` + "`cdevents:SERVICE`" + `, with the id of the service (of a ticket: its group), and all else by its repository. The source of the facts is ` + "`cdevents:SOURCE`" + `, with the source of the subject.

What CDEvents have no place for may stand in their custom data, in an object of the name *evenkeel*; every member is optional, and others are refused:

| member | meaning |
|---|---|
| ` + "`application`" + ` | slug of the application, the strongest claim |
| ` + "`repository`" + `, ` + "`commit`" + ` | repository as host/path, and the full commit id: what a deployment runs, what an artifact and a pipeline run are made from, head or merge commit of a change |
| ` + "`ref`, `version`" + ` | branch or tag, and version, of a deployment |
| ` + "`environment`" + ` | name of the environment, instead of its id. A pipeline or task run that has one is a deployment |
| ` + "`deployment_id`" + ` | the same in every event of one deployment; they count once |
| ` + "`started_at`" + ` | begin of a deployment or an incident, where the event tells only its end or its discovery |
| ` + "`change_kind`, `rollback_of`" + ` | of a deployment, as in [neutral events](events.md) |
| ` + "`severity`, `caused_by`" + ` | of an incident |

` + "```json" + `
{"context": {"specversion": "0.5.1", "id": "e-1", "source": "https://ci.example.com/", "type": "dev.cdevents.service.deployed.0.3.0",
  "timestamp": "2026-03-01T12:00:00Z"},
 "subject": {"id": "shop/checkout", "content": {"environment": {"id": "production"}, "artifactId": "pkg:oci/checkout@sha256%3A5e1f"}},
 "customData": {"evenkeel": {"repository": "github.com/acme/checkout", "commit": "f95f852bd8fca8fcc58a9a2d6c842781e32a215e"}}}
` + "```" + `

Without a commit a deployment finds its own by its artifact: an ` + "`artifact.packaged`" + ` of the same id, of which the change is a full commit id, leads to it.`

// cdeventsSettings is what an operator may write for a connection.
type cdeventsSettings struct {
	Signature struct {
		Header string `json:"header"`
		Prefix string `json:"prefix"`
	} `json:"signature"`
	Environments   map[string]string            `json:"environments"`
	Pipelines      map[string]string            `json:"pipelines"`
	RepositoryHost string                       `json:"repository_host"`
	TicketTypes    map[string]evenkeel.WorkType `json:"ticket_types"`
}

func cdeventsSettingNotes() []Setting {
	return []Setting{
		{"signature.header", "text", "none: the key is in `Authorization`", "Header with a hexadecimal HMAC-SHA256 of the body; several are separated by commas"},
		{"signature.prefix", "text", "none", "What stands before the hexadecimal digits, such as `sha256=`"},
		{"environments", "names by id", "ids are names", "Names of environments by what their events call them"},
		{"pipelines", "environments by name", "none", "Pipelines and tasks of which every run deploys, by their name, and the environment they deploy to. Do not list those whose deployments are told by `service` events too"},
		{"repository_host", "text", "none", "Host of repositories that are named without one, such as `github.com`"},
		{"ticket_types", "types of work by type", "`bug`: bug, `enhancement`: feature, `incident`: unplanned", "Which types of tickets are which type of work; others have none"},
	}
}

func openCDEvents(text stdjson.RawMessage) (*cdeventsReceiver, error) {
	r := &cdeventsReceiver{}
	s := &r.settings
	if len(text) > 0 {
		if err := json.Unmarshal(text, s, json.RejectUnknownMembers(true)); err != nil {
			return nil, settingsError(err)
		}
	}
	if s.TicketTypes == nil {
		s.TicketTypes = map[string]evenkeel.WorkType{"bug": evenkeel.WorkBug, "enhancement": evenkeel.WorkFeature, "incident": evenkeel.WorkUnplanned}
	}
	var broken mistakes
	if s.Signature.Header == "" && s.Signature.Prefix != "" {
		broken.add("signature.header", "is required with signature.prefix")
	}
	for _, list := range []struct {
		name   string
		values map[string]string
	}{{"environments", s.Environments}, {"pipelines", s.Pipelines}} {
		for _, key := range sortedKeys(list.values) {
			if key == "" || list.values[key] == "" {
				broken.add(list.name+"["+shortQuote(key)+"]", "needs a name on both sides")
			}
		}
	}
	for _, key := range sortedKeys(s.TicketTypes) {
		if err := (&evenkeel.WorkItem{Type: s.TicketTypes[key]}).Validate(); err != nil {
			broken.merge(err, func(string) string { return "of " + shortQuote(key) + " " })
		}
	}
	if host := s.RepositoryHost; host != "" && GitRepositoryName("https://"+host+"/a/b") != host+"/a/b" {
		broken.add("repository_host", shortQuote(host)+" is not a host, such as github.com")
	}
	if len(broken.list) > 0 {
		return nil, broken.list
	}
	return r, nil
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// cdeventsReceiver reads the deliveries of one connection.
type cdeventsReceiver struct{ settings cdeventsSettings }

// Verify implements Receiver.
func (r *cdeventsReceiver) Verify(header http.Header, raw []byte, secrets []string) error {
	if name := r.settings.Signature.Header; name != "" {
		return verifyHMACs(header.Get(name), r.settings.Signature.Prefix, raw, secrets)
	}
	return verifyCredentials(header, secrets)
}

// Identify implements Receiver. Structured events are named by EventIn.
func (*cdeventsReceiver) Identify(header http.Header) (event, key string) {
	event, key = identifyCloudEvent(header)
	if read := cdeventsType.FindStringSubmatch(event); read != nil {
		event = read[1] + "." + read[2]
	}
	return event, key
}

// EventIn implements EventNamer: the type of the first event, "change.merged".
func (*cdeventsReceiver) EventIn(body []byte) string {
	events, err := readCloudEvents(http.Header{}, body)
	if err != nil || len(events) == 0 {
		return ""
	}
	var said struct {
		Context struct {
			Type string `json:"type"`
		} `json:"context"`
	}
	if json.Unmarshal(events[0].Data, &said) != nil {
		return ""
	}
	if read := cdeventsType.FindStringSubmatch(said.Context.Type); read != nil {
		return read[1] + "." + read[2]
	}
	return said.Context.Type
}

// cdeventsType is a type of CDEvents: subject, predicate, and the version of
// the event, of which only the major number has a meaning here.
var cdeventsType = regexp.MustCompile(`^dev\.cdevents\.([a-z]+)\.([a-z]+)\.(\d{1,6})\.\d{1,6}\.\d{1,6}(?:-[0-9A-Za-z.-]+)?$`)

// Parse implements Receiver. Of a batch all that tells something is recorded,
// if none of it is wrong.
func (r *cdeventsReceiver) Parse(header http.Header, body []byte) ([]evenkeel.Event, error) {
	list, err := readCloudEvents(header, body)
	if err != nil {
		return nil, err
	}
	return readEach(list, r.one)
}
