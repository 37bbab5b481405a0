package connectors

import (
	stdjson "encoding/json"
	"net/http"

	"github.com/evenkeel-dev/evenkeel"
)

const jiraSignature = "X-Hub-Signature"

var _ = register(Source{
	Name:     "jira",
	Title:    "Jira",
	Summary:  "Incidents of Jira and Jira Service Management, and work items by query, of Jira Cloud and Data Center. Jira is asked for them.",
	Setup:    jiraSetup,
	Headers:  []string{"X-Atlassian-Webhook-Identifier", "User-Agent", "Content-Type"},
	Settings: jiraSettingNotes(),
	Events: []EventNote{
		{jiraIncidentEvent, "an incident as it stands, with when it was taken on, mitigated, resolved and opened again by its history"},
		{jiraWorkEvent, "a work item as it stands, with when work on it began and ended by its history"},
		{"jira:issue_updated", "nothing: Jira is asked for what its webhooks would tell, and for its history, which they do not tell"},
	},
	Open: func(settings stdjson.RawMessage) (Receiver, error) {
		s, err := readJiraSettings(settings)
		return &jiraReceiver{settings: s}, err
	},
	Pull: func(settings stdjson.RawMessage, o Outside) (Puller, error) {
		s, err := readJiraSettings(settings)
		if err != nil || s.API == nil {
			return nil, err
		}
		return newJiraClient(s, o)
	},
})

// The events of documents that Jira was asked for. Jira sends none of these names.
const (
	jiraIncidentEvent = "asked.incident"
	jiraWorkEvent     = "asked.work_item"
)

const jiraSetup = `Jira is asked every five minutes for the issues that were updated; it sends nothing. The connection has to be stated in the configuration.

1. Make an account for Evenkeel that reads and nothing else: *Browse projects* in each project, and in Jira Service Management projects a licence as an agent or collaborator. Take away no issue-level security that it needs to see incidents.
2. Jira Cloud: log in as that account and make an API token (*Account settings*, *Security*); ` + "`api.user`" + ` is its e-mail. Data Center: make a personal access token in its profile, and leave ` + "`api.user`" + ` out.
3. Write down which projects and types of issues are incidents, which queries find work items, and which components are which applications.
4. ` + "`evenkeel connection test NAME -f FILE`" + ` shows what Jira grants, and whether it understands the queries.

Issues are named by the key that they had first: one that is moved to another project stays the same fact. Times come from the history of an issue: it is taken on when it leaves the category *To Do*, resolved when it enters *Done*, and opened again when it leaves that. JQL names instants by the minute and in the time zone of the account, which Jira is asked for; where clocks are put back, more is read than needed.

Of an issue its key, project, type, status, priority, components, dates and the named custom fields are kept: no summary, description or comment, and nothing of people. An issue that is deleted, or that a query does not find any more, stays as it was last seen. Nothing is delivered, so no secret is needed.

` + "```yaml" + `
connections:
  - name: jira
    source: jira
    secrets: []
    settings:
      api:
        url: https://acme.atlassian.net/
        user: evenkeel@acme.example
        token: ${env:JIRA_TOKEN}
      incidents:
        projects: [OPS]
        types: [Incident]
      work_items:
        - {name: debt, jql: "labels = tech-debt", type: debt}
        - {name: bugs, jql: "project in (SHOP, PAY) AND issuetype = Bug", type: bug}
      applications:
        - {component: "checkout*", application: checkout}
        - {project: PAY, application: payment}
      severities: {Highest: sev1, High: sev2, Medium: sev3}
` + "```"

// jiraReceiver reads the deliveries of one connection.
type jiraReceiver struct{ settings jiraSettings }

// Verify implements Receiver, for webhooks with a secret.
func (*jiraReceiver) Verify(header http.Header, raw []byte, secrets []string) error {
	return verifyHMAC(header.Get(jiraSignature), "sha256=", raw, secrets)
}

// Identify implements Receiver. The body names the event.
func (*jiraReceiver) Identify(header http.Header) (event, key string) {
	return "", header.Get("X-Atlassian-Webhook-Identifier")
}

// EventIn implements [EventNamer].
func (*jiraReceiver) EventIn(body []byte) (event string) {
	if p, err := readPayload("Jira", "", body); err == nil {
		p.into("webhookEvent", &event)
	}
	return event
}

// Parse implements Receiver.
func (r *jiraReceiver) Parse(_ http.Header, body []byte) ([]evenkeel.Event, error) {
	p, err := readPayload("Jira", r.settings.Source, body)
	if err != nil {
		return nil, err
	}
	i := jiraReading{payload: p, settings: &r.settings}
	p.into("webhookEvent", &i.asked)
	switch p.text("webhookEvent", i.asked); {
	case len(p.problems.list) > 0:
		return p.judge(nil, nil)
	case i.asked != jiraIncidentEvent && i.asked != jiraWorkEvent:
		return nil, ignored("Jira is asked for its issues; the event %s is not read", shortQuote(i.asked))
	}
	return i.read()
}
