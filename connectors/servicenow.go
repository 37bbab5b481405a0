package connectors

import (
	stdjson "encoding/json"
	"net/http"

	"github.com/evenkeel-dev/evenkeel"
)

var _ = register(Source{
	Name:     "servicenow",
	Title:    "ServiceNow",
	Summary:  "Incidents, change requests with their deployments, and work items by query, of ServiceNow. It is asked for them.",
	Setup:    servicenowSetup,
	Headers:  []string{"User-Agent", "Content-Type"},
	Settings: servicenowSettingNotes(),
	Events: []EventNote{
		{servicenowIncident, "an incident as it stands; with `deployment.field` caused by the deployment of the change request that it names as its cause. A cancelled one is taken back"},
		{servicenowChange, "evidence `change-request` of the application: pass when approved, fail when rejected, with number, state and deployment"},
		{servicenowWorkItem, "a work item as it stands"},
	},
	Open: func(settings stdjson.RawMessage) (Receiver, error) {
		s, err := readServicenowSettings(settings)
		return &servicenowReceiver{settings: s}, err
	},
	Pull: func(settings stdjson.RawMessage, o Outside) (Puller, error) {
		s, err := readServicenowSettings(settings)
		if err != nil || s.API == nil {
			return nil, err
		}
		return newServicenowClient(s, o)
	},
})

// The events of documents that ServiceNow was asked for.
const (
	servicenowIncident = "incident"
	servicenowChange   = "change_request"
	servicenowWorkItem = "work_item"
)

const servicenowSetup = `ServiceNow is asked every five minutes for the records that were updated; it sends nothing. The connection has to be stated in the configuration.

1. Make a user for Evenkeel (*Web service access only*) that may read the tables ` + "`incident` and `change_request`" + `, those of work items, and the columns below: the role ` + "`itil`" + ` suffices, ` + "`sn_incident_read` and `sn_change_read`" + ` are enough for those two.
2. Let it log in with a password, or make an OAuth client (*Application Registry*) and write its id and secret down.
3. Write down which configuration items, services and groups are which applications, and which column of a change request holds the id of its deployment, if any does.
4. ` + "`evenkeel connection test NAME -f FILE`" + ` shows which tables the user may read.

An incident begins at ` + "`opened_at`" + `, and has ended at ` + "`resolved_at`, else `closed_at`" + `, while its state is one of those in which incidents have ended. Where a change request is its cause (*Caused by Change*) and ` + "`deployment.field`" + ` of that holds a deployment, that deployment failed. When a change request learns of its deployment later, the incidents that name it are read again.

Times are in UTC. Of a record the number, state, priority, dates, item, service, group and the named columns are kept: no description or note, and nothing of people. A record that is deleted, or that a query does not find any more, stays as it was last seen. Nothing is delivered, so no secret is needed.

` + "```yaml" + `
connections:
  - name: servicenow
    source: servicenow
    secrets: []
    settings:
      api:
        url: https://acme.service-now.com/
        client_id: 5d1c0b6f9e3a4f0c
        client_secret: ${env:SERVICENOW_SECRET}
      incidents: {query: "category=software"}
      change_requests: {}
      work_items:
        - {name: defects, table: rm_defect, type: bug}
      deployment: {field: correlation_id, source: "github:github.com"}
      applications:
        - {ci: "checkout-*", application: checkout}
        - {service: Payments, application: payment, environment: production}
      severities: {"1": sev1, "2": sev2, "3": sev3}
` + "```"

// servicenowReceiver reads the deliveries of one connection.
type servicenowReceiver struct{ settings servicenowSettings }

// Verify implements Receiver: a business rule may send a record with a key.
func (*servicenowReceiver) Verify(header http.Header, _ []byte, secrets []string) error {
	return verifyCredentials(header, secrets)
}

// Identify implements Receiver. The body names the event.
func (*servicenowReceiver) Identify(http.Header) (event, key string) { return "", "" }

// EventIn implements [EventNamer].
func (*servicenowReceiver) EventIn(body []byte) (event string) {
	if p, err := readPayload("ServiceNow", "", body); err == nil {
		p.into("event", &event)
	}
	return event
}

// Parse implements Receiver.
func (r *servicenowReceiver) Parse(_ http.Header, body []byte) ([]evenkeel.Event, error) {
	p, err := readPayload("ServiceNow", r.settings.Source, body)
	if err != nil {
		return nil, err
	}
	d := servicenowReading{payload: p, settings: &r.settings}
	var event string
	p.into("event", &event)
	if p.into("record", &d.record); p.members["record"] == nil {
		p.wrong("record", "is missing")
	}
	switch p.text("event", event) {
	case servicenowIncident:
		return p.judge(d.incident())
	case servicenowChange:
		return p.judge(d.change())
	case servicenowWorkItem:
		return p.judge(d.workItem())
	}
	return p.judge(nil, ignored("the event %s is not read", shortQuote(event)))
}
