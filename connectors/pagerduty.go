package connectors

import (
	stdjson "encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

const (
	pagerdutySignature = "X-Pagerduty-Signature"

	pagerdutyTriggered    = "incident.triggered"
	pagerdutyAcknowledged = "incident.acknowledged"
	pagerdutyResolved     = "incident.resolved"
	pagerdutyReopened     = "incident.reopened"
)

var _ = register(Source{
	Name:    "pagerduty",
	Title:   "PagerDuty",
	Summary: "Incidents of PagerDuty, by its webhooks of version 3 and asked for: opened, taken on, resolved, reopened and merged.",
	Setup:   pagerdutySetup,
	Headers: []string{"X-Webhook-Id", "X-Webhook-Subscription", "User-Agent", "Content-Type"},
	Settings: []Setting{
		{"api.token", "reference", "none: PagerDuty is not asked", "API key that may read incidents, as `${env:NAME}` or `${file:/path}`; a read-only one is enough"},
		{"api.url", "address", "`https://api.pagerduty.com/`", "Address of the interface; that of Europe is `https://api.eu.pagerduty.com/`"},
		{"api.services", "list of texts", "all", "Ids of the services whose incidents are read, `PF9KMXH`"},
		{"api.history", "duration", "`365d`", "How much of the past is read at first"},
		{"source", "text", "`pagerduty`", "Source of the facts, such as `pagerduty:acme`; give one where several accounts are connected"},
		{"services", "objects by service", "none", "What a service of PagerDuty is, by its id (`PF9KMXH`) or its name"},
		{"services.*.application", "slug", "none", "Application that the incidents of the service are of. Without it an application claims them by the origin `pagerduty:ID`"},
		{"services.*.environment", "text", "that of the connection", "Environment that the service runs in"},
		{"environment", "text", "none: every environment of the production class", "Environment of all incidents"},
		{"severities", "texts by text", "as PagerDuty says, in lower case", "Severity by priority (`P1`) or, for incidents without one, by urgency (`high`, `low`)"},
	},
	Events: pagerdutyNotes(),
	Open:   func(settings stdjson.RawMessage) (Receiver, error) { return openPagerduty(settings) },
	Pull: func(settings stdjson.RawMessage, o Outside) (Puller, error) {
		read, err := readPagerdutySettings(settings)
		if err != nil || read.API == nil {
			return nil, err
		}
		return newPagerdutyClient(read, o)
	},
})

const pagerdutySetup = `1. In PagerDuty open *Integrations*, *Generic Webhooks (v3)* and add one, for the account, a team or a service. Several webhooks may tell of one incident: equal facts are one fact.
2. *Webhook URL* is the address of the connection. Take at least the events ` + "`incident.triggered`, `acknowledged`, `unacknowledged`, `priority_updated`, `service_updated`, `resolved` and `reopened`" + `; others do no harm.
3. PagerDuty shows the signing secret once, when the webhook is saved: it is a secret of the connection. While it is replaced PagerDuty signs with both.
4. *Send Test Event* is listed among the deliveries as ignored: the connection works.

An incident begins when PagerDuty made it, and is taken on when somebody first acknowledged it. One that was merged into another is dropped: the other stands for both. Of whoever acted nothing is kept. PagerDuty does not say which deployment caused an incident.

**The past.** With *api.token* (*Integrations*, *API Access Keys*, read-only) Evenkeel asks for incidents and their log, the past first and then every five minutes, from the configuration only. What webhook and interface tell is one incident. An incident that is opened again after Evenkeel has read its end is told by the webhook only.

` + "```yaml" + `
connections:
  - name: pagerduty
    source: pagerduty
    secrets: ["${env:PAGERDUTY_SECRET}"]
    settings:
      api: {token: "${env:PAGERDUTY_TOKEN}"}
      services:
        PF9KMXH: {application: checkout, environment: production}
      severities: {P1: sev1, P2: sev2, high: sev2, low: sev3}
` + "```"

func pagerdutyNotes() []EventNote {
	const state = "the incident as it stands: service, severity and whether it is open"
	return []EventNote{
		{"incident.triggered", "an incident, opened when PagerDuty made it"},
		{"incident.acknowledged", "when the incident was acknowledged; the first time counts"},
		{"incident.unacknowledged", state},
		{"incident.escalated", state},
		{"incident.reassigned", state},
		{"incident.delegated", state},
		{"incident.priority_updated", state},
		{"incident.service_updated", state},
		{"incident.incident_type.changed", state},
		{"incident.resolved", "the end of the incident; one that was merged into another is dropped"},
		{"incident.reopened", "the incident is open again"},
		{"incident.annotated", "nothing: notes, status updates, responders, fields and workflows say nothing of the incident's times"},
		{"pagey.ping", "nothing: it is PagerDuty's test of a webhook"},
	}
}

// pagerdutySettings is what an operator may write for a connection.
type pagerdutySettings struct {
	Source      string                  `json:"source"`
	Services    map[string]servicePlace `json:"services"`
	Environment string                  `json:"environment"`
	Severities  map[string]string       `json:"severities"`
	API         *pagerdutyAPI           `json:"api"`
}

// pagerdutyAPI says how PagerDuty is asked.
type pagerdutyAPI struct {
	URL      string   `json:"url"`
	Token    string   `json:"token"`
	Services []string `json:"services"`
	History  string   `json:"history"`
}

// complete fills in what is not written, and checks the rest.
func (a *pagerdutyAPI) complete(c *settingsCheck) {
	a.URL, a.History = firstText(a.URL, "https://api.pagerduty.com/"), firstText(a.History, "365d")
	c.address("api.url", a.URL, "https://api.pagerduty.com/")
	c.reference("api.token", a.Token)
	c.history("api.history", a.History)
	for i, id := range a.Services {
		c.required("api.services["+strconv.Itoa(i)+"]", id)
	}
}

// pagerdutyReceiver reads the deliveries of one connection.
type pagerdutyReceiver struct{ settings pagerdutySettings }

func openPagerduty(text stdjson.RawMessage) (*pagerdutyReceiver, error) {
	s, err := readPagerdutySettings(text)
	return &pagerdutyReceiver{settings: s}, err
}

func readPagerdutySettings(text stdjson.RawMessage) (pagerdutySettings, error) {
	var s pagerdutySettings
	err := readSettings(text, &s, func(broken *mistakes) {
		checkWord(broken, "source", s.Source)
		checkServices(broken, "services", s.Services)
		checkWord(broken, "environment", s.Environment)
		checkWords(broken, "severities", s.Severities)
		if s.API != nil {
			var c settingsCheck
			s.API.complete(&c)
			broken.list = append(broken.list, c.broken...)
		}
	})
	s.Source = firstText(s.Source, "pagerduty")
	return s, err
}

// Verify implements Receiver: while a secret is replaced there are several
// signatures.
func (*pagerdutyReceiver) Verify(header http.Header, raw []byte, secrets []string) error {
	return verifyHMACs(header.Get(pagerdutySignature), "v1=", raw, secrets)
}

// Identify implements Receiver. The body names the event.
func (*pagerdutyReceiver) Identify(header http.Header) (event, key string) {
	return "", header.Get("X-Webhook-Id")
}

// EventIn implements [EventNamer].
func (*pagerdutyReceiver) EventIn(body []byte) string {
	var e pagerdutyEvent
	if p, err := readPayload("PagerDuty", "", body); err == nil {
		p.into("event", &e)
	}
	return e.Type
}

// pagerdutyEvent is the envelope of all events.
type pagerdutyEvent struct {
	Type       string          `json:"event_type"`
	OccurredAt string          `json:"occurred_at"`
	Data       pagerdutyRecord `json:"data"`
}

// pagerdutyRecord is an incident; other records have another type.
type pagerdutyRecord struct {
	ID        string `json:"id"`
	Type      string `json:"type"`
	Status    string `json:"status"`
	CreatedAt string `json:"created_at"`
	Urgency   string `json:"urgency"`
	Service   *struct {
		ID      string `json:"id"`
		Summary string `json:"summary"`
	} `json:"service"`
	Priority *struct {
		Summary string `json:"summary"`
	} `json:"priority"`
	ResolveReason stdjson.RawMessage `json:"resolve_reason"`
	// StatusChanged is told by the interface only.
	StatusChanged string `json:"last_status_change_at"`
}

// merged says that the incident was resolved because another took it in.
func (r pagerdutyRecord) merged() bool {
	var text string
	var reason struct {
		Type string `json:"type"`
	}
	switch {
	case stdjson.Unmarshal(r.ResolveReason, &text) == nil:
		return text == "merged"
	case stdjson.Unmarshal(r.ResolveReason, &reason) == nil:
		return reason.Type == "merge_resolve_reason"
	}
	return false
}

// Parse implements Receiver.
func (r *pagerdutyReceiver) Parse(_ http.Header, body []byte) ([]evenkeel.Event, error) {
	p, err := readPayload("PagerDuty", r.settings.Source, body)
	if err != nil {
		return nil, err
	}
	if p.members["event"] == nil && p.members["log_entries"] != nil {
		return p.judge(r.asked(p), nil)
	}
	var e pagerdutyEvent
	if p.into("event", &e); p.members["event"] == nil {
		p.wrong("event", "is missing; the body is not that of a webhook of version 3")
	}
	p.text("event.event_type", e.Type)
	if _, err := p.judge(nil, nil); err != nil {
		return nil, err
	}
	if e.Data.Type != "incident" {
		return nil, ignored("the event %s says nothing of an incident's times", shortQuote(e.Type))
	}
	return p.judge(r.incident(p, "event.data.", e), nil)
}

// incident is the incident as an event shows it. An acknowledgement is final,
// so that of several the first holds. In is where its members stand.
func (r *pagerdutyReceiver) incident(p *payload, in string, e pagerdutyEvent) []evenkeel.Event {
	d := e.Data
	id := p.text(in+"id", d.ID)
	at := p.instant("event.occurred_at", e.OccurredAt)
	facts := &evenkeel.Incident{OpenedAt: p.instant(in+"created_at", d.CreatedAt), Severity: r.severity(d)}
	r.place(p, in, d, facts)
	now := p.event(id, at, facts)
	if d.merged() {
		now.Deleted = true
		return []evenkeel.Event{now}
	}
	switch d.Status {
	case "triggered", "acknowledged":
		now.Cleared = append(now.Cleared, "resolved_at")
	case "resolved":
	default:
		p.wrong(in+"status", shortQuote(d.Status)+" is none of triggered, acknowledged and resolved")
	}
	switch e.Type {
	case pagerdutyResolved:
		facts.ResolvedAt, now.ObservedAt = at, at.Add(time.Microsecond) // It holds against what else happened at the instant.
	case pagerdutyReopened:
		facts.ReopenedAt, now.ObservedAt = at, at.Add(time.Microsecond)
	case pagerdutyAcknowledged:
		taken := p.event(id, at, &evenkeel.Incident{AcknowledgedAt: at})
		taken.Final = true
		return []evenkeel.Event{whole(now, facts), taken}
	}
	return []evenkeel.Event{whole(now, facts)}
}

// place says what the incident is about.
func (r *pagerdutyReceiver) place(p *payload, in string, d pagerdutyRecord, facts *evenkeel.Incident) {
	facts.Environment = r.settings.Environment
	if d.Service == nil {
		facts.Origin = r.settings.Source
		return
	}
	facts.Origin = "pagerduty:" + p.text(in+"service.id", d.Service.ID)
	placed := r.settings.Services[d.Service.ID]
	if placed == (servicePlace{}) {
		placed = r.settings.Services[d.Service.Summary]
	}
	facts.Application = placed.Application
	facts.Environment = firstText(placed.Environment, facts.Environment)
}

func (r *pagerdutyReceiver) severity(d pagerdutyRecord) string {
	word := d.Urgency
	if d.Priority != nil && d.Priority.Summary != "" {
		word = d.Priority.Summary
	}
	return severityOf(r.settings.Severities, word)
}
