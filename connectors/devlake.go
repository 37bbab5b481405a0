package connectors

import (
	stdjson "encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

const (
	devlakeName         = "devlake"
	devlakeDeployments  = "deployments"
	devlakeIssues       = "issues"
	devlakeClose        = "issue_close"
	devlakePullRequests = "pull_requests"
)

var _ = register(Source{
	Name:    devlakeName,
	Title:   "DevLake webhooks",
	Summary: "Takes what pipelines post to an incoming webhook of Apache DevLake: deployments, incidents and pull requests, at DevLake's own addresses too.",
	Setup:   devlakeSetup,
	Headers: []string{PathHeader, ArrivalHeader, "Content-Type", "User-Agent"},
	Paths:   true,
	Settings: []Setting{
		{"webhook", "text", "the name of the connection", "Id or name that the webhook has in DevLake. Requests to DevLake's own addresses are known by it and by their key"},
		{"application", "slug", "none", "Application that everything belongs to which comes through the connection"},
		{"incident_types", "list of texts", "`INCIDENT`", "Types of issues that are incidents, in any case of letters; others are listed as ignored"},
		{"time_zone", "text", "`UTC`", "IANA zone of times that are written without one"},
	},
	Events: []EventNote{
		{devlakeDeployments, "a deployment for each commit of `deploymentCommits`, joined to one by their id; also the older form with `commit_sha` and `repo_url`. `environment` is production unless it is given, `result` success; a commit without a result has that of the deployment"},
		{devlakeIssues, "an incident, if the type of the issue is one of `incident_types`: opened at `createdDate`, resolved at `resolutionDate`, or at `updatedDate` where the status is DONE"},
		{devlakeClose, "the resolution of an incident at the time of the request: the address names the issue, and nothing else is sent"},
		{devlakePullRequests, "a change; its repository is read from `url`"},
	},
	Open: func(settings stdjson.RawMessage) (Receiver, error) { return openDevlake(settings) },
})

const devlakeSetup = `1. Make a connection of this source. Its secret is the API key that pipelines send to DevLake, or a new one of at least 32 random characters.
2. Pipelines go on posting to the addresses of DevLake, with another host: ` + "`/api/rest/plugins/webhook/connections/ID/deployments`" + `, and likewise ` + "`issues`, `issue/KEY/close`, `pull_requests`" + `; by id, by ` + "`by-name/NAME`" + `, and at the older addresses without ` + "`connections`" + ` or ` + "`rest`" + `. Say in the setting *webhook* which id or name that is. The key finds the connection.
3. Or let them post to the address of the connection, followed by ` + "`/deployments`" + ` and so on.
4. The key comes as ` + "`Authorization: Bearer KEY`" + `, or as the password of basic authentication. It proves the sender and not the body: let requests come by https only.

At DevLake's own addresses the answer is 200 instead of 202, because clients of DevLake wait for that.

The source of the facts is ` + "`devlake:WEBHOOK`, with the setting *webhook*; without it `devlake`" + `. That is also their origin, by which an application can claim all of them; deployments and pull requests can be claimed by their repository as well. [devlake.md](devlake.md) is the guide for changing over.

` + "```yaml" + `
connections:
  - name: checkout-pipeline
    source: devlake
    secrets: ["${env:DEVLAKE_API_KEY}"]
    settings: {webhook: "1", application: checkout}
` + "```"

// devlakeSettings is what an operator may write for a connection.
type devlakeSettings struct {
	Webhook       string   `json:"webhook"`
	Application   string   `json:"application"`
	IncidentTypes []string `json:"incident_types"`
	TimeZone      string   `json:"time_zone"`
}

// devlakeReceiver reads the deliveries of one connection.
type devlakeReceiver struct {
	settings devlakeSettings
	source   string
	zone     *time.Location
}

func openDevlake(text stdjson.RawMessage) (*devlakeReceiver, error) {
	r := &devlakeReceiver{source: devlakeName, zone: time.UTC}
	s := &r.settings
	if err := decodeSettings(text, s); err != nil {
		return nil, err
	}
	if s.IncidentTypes == nil {
		s.IncidentTypes = []string{"INCIDENT"}
	}
	var broken evenkeel.FieldErrors
	if s.Application != "" && !evenkeel.ValidSlug(s.Application) {
		broken = append(broken, evenkeel.FieldError{Field: "application", Rule: shortQuote(s.Application) + " is not a slug, such as checkout"})
	}
	if len(s.Webhook) > 200 || strings.ContainsAny(s.Webhook, "/\x00") {
		broken = append(broken, evenkeel.FieldError{Field: "webhook", Rule: "is longer than 200 characters or has a slash; write the id or the name that DevLake shows"})
	}
	if s.TimeZone != "" {
		zone, err := time.LoadLocation(s.TimeZone)
		if err != nil || s.TimeZone == "Local" {
			broken = append(broken, evenkeel.FieldError{Field: "time_zone", Rule: shortQuote(s.TimeZone) + " is not a time zone such as Europe/Berlin"})
		} else {
			r.zone = zone
		}
	}
	if s.Webhook != "" {
		r.source = devlakeName + ":" + s.Webhook
	}
	if len(broken) > 0 {
		return nil, broken
	}
	return r, nil
}

// Called implements [Callable].
func (r *devlakeReceiver) Called() string { return r.settings.Webhook }

// Verify implements Receiver: the key comes with the request, as a bearer token
// or as the password of basic authentication.
func (*devlakeReceiver) Verify(header http.Header, _ []byte, secrets []string) error {
	return verifyCredentials(header, secrets)
}

// devlakePath is what the address says behind that of the connection.
func devlakePath(header http.Header) (event, issue string) {
	path := strings.Trim(header.Get(PathHeader), "/")
	switch path {
	case devlakeDeployments, devlakeIssues, devlakePullRequests:
		return path, ""
	case "pullrequests": // As DevLake's comments write it.
		return devlakePullRequests, ""
	}
	if rest, ok := strings.CutPrefix(path, "issue/"); ok {
		if key, closes := strings.CutSuffix(rest, "/close"); closes && key != "" {
			return devlakeClose, key
		}
	}
	return "", ""
}

// Identify implements Receiver. A request that closes an issue has no body, so
// issue and arrival tell it apart: an issue may be closed again.
func (*devlakeReceiver) Identify(header http.Header) (event, key string) {
	event, issue := devlakePath(header)
	if event == devlakeClose {
		key = issue + "@" + header.Get(ArrivalHeader)
	}
	return event, key
}

// Parse implements Receiver.
func (r *devlakeReceiver) Parse(header http.Header, body []byte) ([]evenkeel.Event, error) {
	event, issue := devlakePath(header)
	d := &devlakeDelivery{devlakeReceiver: r}
	if at, rule := parseInstant([]byte(header.Get(ArrivalHeader))); rule == "" {
		d.arrived = at
	}
	if event == devlakeClose {
		return d.judged(d.closed(issue))
	}
	read, known := map[string]func() []evenkeel.Event{
		devlakeDeployments: d.deployments, devlakeIssues: d.issue, devlakePullRequests: d.pullRequest,
	}[event]
	if !known {
		return nil, evenkeel.FieldErrors{{Field: "path", Rule: shortQuote(header.Get(PathHeader)) + " is none of deployments, issues, issue/KEY/close and pull_requests"}}
	}
	tree, err := readTree("body", body)
	if err != nil {
		return nil, err
	}
	object, ok := tree.(map[string]any)
	if !ok {
		return nil, evenkeel.FieldErrors{{Field: "body", Rule: "is " + treeName(tree) + ", not an object"}}
	}
	d.body = newDevlakeObject(d, "", object)
	return d.judged(read())
}
