package connectors

import (
	stdjson "encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

const (
	incidentioName    = "incident-io"
	incidentioCreated = "public_incident.incident_created_v2"
	incidentioUpdated = "public_incident.incident_updated_v2"
	incidentioStatus  = "public_incident.incident_status_updated_v2"
)

var _ = register(Source{
	Name:    incidentioName,
	Title:   "incident.io",
	Summary: "Incidents of incident.io: when their impact began, when they were reported, accepted, fixed and resolved, and what they concern.",
	Setup:   incidentioSetup,
	Headers: []string{webhookID, "User-Agent", "Content-Type"},
	Settings: []Setting{
		{"source", "text", "`incident-io`", "Source of the facts; give one where several organisations are connected"},
		{"service_field", "text", "none", "Name of the custom field that says what an incident concerns, such as `Affected services`"},
		{"services", "objects by service", "none", "What a service is, by its name in that field"},
		{"services.*.application", "slug", "none", "Application that the service belongs to; an incident of several services is one of several applications"},
		{"services.*.environment", "text", "that of the connection", "Environment that the service runs in"},
		{"application", "slug", "none", "Application of incidents that name no known service. Without it an application claims them by the origin `incident-io:SERVICE`"},
		{"environment", "text", "none: every environment of the production class", "Environment of all incidents"},
		{"severities", "texts by text", "as incident.io says, in lower case", "Severity by its name: `Critical: sev1`"},
		{"timestamps", "texts by text", "`Impact started at`, `Reported at`, `Accepted at`, `Fixed at`, `Resolved at`", "Names of the timestamps for `opened`, `detected`, `acknowledged`, `mitigated` and `resolved`, where an organisation calls them otherwise"},
	},
	Events: []EventNote{
		{incidentioCreated, "an incident, unless it waits for triage. One that is declined, merged or cancelled is taken back; tests and tutorials are ignored"},
		{incidentioUpdated, "the same, as it stands then"},
		{incidentioStatus, "the same; from the change of the status also when it was resolved, where no timestamp says so, and reopened"},
	},
	Open: func(settings stdjson.RawMessage) (Receiver, error) { return openIncidentio(settings) },
})

const incidentioSetup = `1. In incident.io open *Settings*, *Webhooks* and add an endpoint. The address is that of the connection. Choose the three events of the table below.
2. Copy the *Signing secret*, which begins with ` + "`whsec_`" + `, into the secret of the connection.
3. Say in the settings which custom field names what an incident concerns, and what each of its values is.

Of private incidents incident.io tells the id only; they are ignored. Times are those of the incident's timestamps, and follow corrections of them; only a beginning that is moved to a later time does not, because of several the earliest counts. People are never kept as facts.

` + "```yaml" + `
connections:
  - name: incidents
    source: incident-io
    secrets: ["${env:INCIDENT_IO_SECRET}"]
    settings:
      service_field: Affected services
      services:
        Payments: {application: checkout}
      severities: {Critical: sev1, Major: sev2, Minor: sev3}
` + "```"

// incidentioSettings is what an operator may write for a connection.
type incidentioSettings struct {
	Source       string                  `json:"source"`
	ServiceField string                  `json:"service_field"`
	Services     map[string]servicePlace `json:"services"`
	Application  string                  `json:"application"`
	Environment  string                  `json:"environment"`
	Severities   map[string]string       `json:"severities"`
	Timestamps   map[string]string       `json:"timestamps"`
}

// incidentioTimes are the names that an organisation begins with.
func incidentioTimes() map[string]string {
	return map[string]string{
		"opened": "Impact started at", "detected": "Reported at", "acknowledged": "Accepted at", "mitigated": "Fixed at", "resolved": "Resolved at",
	}
}

type incidentioReceiver struct{ settings incidentioSettings }

func openIncidentio(text stdjson.RawMessage) (*incidentioReceiver, error) {
	r := &incidentioReceiver{}
	s := &r.settings
	err := readSettings(text, s, func(broken *mistakes) {
		checkWord(broken, "source", s.Source)
		checkWord(broken, "service_field", s.ServiceField)
		checkServices(broken, "services", s.Services)
		checkSlug(broken, "application", s.Application)
		checkWord(broken, "environment", s.Environment)
		checkWords(broken, "severities", s.Severities)
		checkWords(broken, "timestamps", s.Timestamps)
		for name := range s.Timestamps {
			if incidentioTimes()[name] == "" {
				broken.add(inside("timestamps", shorten([]byte(name))), "is none of opened, detected, acknowledged, mitigated and resolved")
			}
		}
	})
	s.Source = firstText(s.Source, incidentioName)
	return r, err
}

// Verify implements Receiver.
func (*incidentioReceiver) Verify(header http.Header, raw []byte, secrets []string) error {
	return verifyStandardWebhook(header, raw, secrets)
}

// Identify implements Receiver. The body names the event.
func (*incidentioReceiver) Identify(header http.Header) (event, key string) {
	return "", header.Get(webhookID)
}

// EventIn implements [EventNamer].
func (*incidentioReceiver) EventIn(body []byte) (event string) {
	if p, err := readPayload("incident.io", "", body); err == nil {
		p.into("event_type", &event)
	}
	return event
}

// incidentioNamed is a thing of which the name is known.
type incidentioNamed struct {
	Name     string `json:"name"`
	Category string `json:"category"`
}

// incidentioRecord is an incident.
type incidentioRecord struct {
	ID        string          `json:"id"`
	Mode      string          `json:"mode"`
	CreatedAt string          `json:"created_at"`
	UpdatedAt string          `json:"updated_at"`
	Status    incidentioNamed `json:"incident_status"`
	Severity  incidentioNamed `json:"severity"`
	Fields    []struct {
		Field  incidentioNamed `json:"custom_field"`
		Values []struct {
			Text   string `json:"value_text"`
			Option struct {
				Value string `json:"value"`
			} `json:"value_option"`
			Entry incidentioNamed `json:"value_catalog_entry"`
		} `json:"values"`
	} `json:"custom_field_entries"`
	Times []struct {
		Timestamp incidentioNamed `json:"incident_timestamp"`
		Value     struct {
			Value string `json:"value"`
		} `json:"value"`
	} `json:"incident_timestamp_values"`
}

// Parse implements Receiver. The member that the event names holds the incident.
func (r *incidentioReceiver) Parse(_ http.Header, body []byte) ([]evenkeel.Event, error) {
	p, err := readPayload("incident.io", r.settings.Source, body)
	if err != nil {
		return nil, err
	}
	var event string
	var record incidentioRecord
	var change struct {
		Incident incidentioRecord `json:"incident"`
		Before   incidentioNamed  `json:"previous_status"`
	}
	switch p.into("event_type", &event); event {
	case incidentioCreated, incidentioUpdated:
		p.into(event, &record)
	case incidentioStatus:
		p.into(event, &change)
		record = change.Incident
	default:
		if p.text("event_type", event) != "" {
			return p.judge(nil, ignored("the event %s is not read", shortQuote(event)))
		}
		return p.judge(nil, nil)
	}
	switch {
	case record.Mode != "" && record.Mode != "standard" && record.Mode != "retrospective":
		return p.judge(nil, ignored("a test or a tutorial, not an incident"))
	case record.Status.Category == "triage":
		return p.judge(nil, ignored("it waits for triage; when it is accepted it becomes an incident with the times that it has"))
	}
	return p.judge([]evenkeel.Event{r.incident(p, record, change.Before.Category)}, nil)
}

// incident is the incident as it stands; before is the category of its status
// before, where that has just changed.
func (r *incidentioReceiver) incident(p *payload, record incidentioRecord, before string) evenkeel.Event {
	times := r.times(p, record)
	updated := p.instant("incident.updated_at", record.UpdatedAt)
	facts := &evenkeel.Incident{
		Environment: r.settings.Environment, Severity: severityOf(r.settings.Severities, record.Severity.Name),
		OpenedAt: times["opened"], DetectedAt: times["detected"], AcknowledgedAt: times["acknowledged"], MitigatedAt: times["mitigated"],
	}
	if facts.OpenedAt.IsZero() {
		facts.OpenedAt = p.instant("incident.created_at", record.CreatedAt)
	}
	r.place(p, record, facts)
	e := p.event(p.text("incident.id", record.ID), updated, facts)
	for name, at := range map[string]time.Time{"detected_at": facts.DetectedAt, "acknowledged_at": facts.AcknowledgedAt, "mitigated_at": facts.MitigatedAt} {
		if at.IsZero() {
			e.Cleared = append(e.Cleared, name)
		}
	}
	over := before == "learning" || before == "closed"
	switch record.Status.Category {
	case "live":
		e.Cleared = append(e.Cleared, "resolved_at")
		if over {
			facts.ReopenedAt = updated
		}
	case "learning", "closed":
		if facts.ResolvedAt = times["resolved"]; facts.ResolvedAt.IsZero() && before == "live" {
			facts.ResolvedAt = updated
		}
	case "declined", "merged", "canceled", "cancelled":
		e.Deleted, e.Cleared = true, nil
		return e
	default:
		p.wrong("incident.incident_status.category", shortQuote(record.Status.Category)+" is not a category that incident.io documents")
	}
	return whole(e, facts)
}

// times are the timestamps of an incident by what they mean; one without a
// value is zero.
func (r *incidentioReceiver) times(p *payload, record incidentioRecord) map[string]time.Time {
	times := map[string]time.Time{}
	for meaning, name := range incidentioTimes() {
		name = firstText(r.settings.Timestamps[meaning], name)
		for _, one := range record.Times {
			if strings.EqualFold(one.Timestamp.Name, name) {
				times[meaning] = p.instantIfAny("incident.incident_timestamp_values."+meaning, one.Value.Value)
			}
		}
	}
	return times
}

// place says what an incident concerns: the applications of its services.
func (r *incidentioReceiver) place(p *payload, record incidentioRecord, facts *evenkeel.Incident) {
	var named []string
	for _, field := range record.Fields {
		if r.settings.ServiceField == "" || !strings.EqualFold(field.Field.Name, r.settings.ServiceField) {
			continue
		}
		for _, value := range field.Values {
			service := firstText(value.Entry.Name, value.Option.Value, value.Text)
			placed := r.settings.Services[service]
			if facts.Environment = firstText(placed.Environment, facts.Environment); placed.Application != "" {
				named = append(named, placed.Application)
			} else if facts.Origin == "" && service != "" {
				facts.Origin = originOf(p.source, service)
			}
		}
	}
	slices.Sort(named)
	switch named = slices.Compact(named); len(named) {
	case 0:
		facts.Application = r.settings.Application
	case 1:
		facts.Application = named[0]
	default:
		facts.Applications = named
	}
}
