package connectors

import (
	"cmp"
	stdjson "encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

var _ = register(Source{
	Name:    "statuspage",
	Title:   "Statuspage",
	Summary: "Incidents of a page of Atlassian Statuspage: announced to its subscribers, or asked for without credentials.",
	Setup:   statuspageSetup,
	Headers: []string{"User-Agent", "Content-Type"},
	Paths:   true,
	Settings: []Setting{
		{"api.url", "address", "none: the page is not asked", "Address of the page, which then is asked every five minutes"},
		{"source", "text", "`statuspage`", "Source of the facts; give one where several pages are connected"},
		{"application", "slug", "none", "Application of incidents that name no known component. Without it an application claims them by the origin `statuspage:PAGE`"},
		{"components", "objects by component", "none", "What a component of the page is, by its id or its name"},
		{"components.*.application", "slug", "none", "Application that the component belongs to; an incident of several components is one of several applications"},
		{"components.*.environment", "text", "that of the connection", "Environment that the component runs in"},
		{"environment", "text", "none: every environment of the production class", "Environment of all incidents"},
		{"severities", "texts by text", "as Statuspage says", "Severity by impact (`minor`, `major`, `critical`, `none`)"},
	},
	Events: []EventNote{
		{statuspageIncident, "an incident: opened when it began, mitigated when it went to monitoring, resolved, reopened. Planned maintenance is ignored"},
		{statuspageComponent, "nothing: states of components say nothing of an incident's times"},
	},
	Open: func(settings stdjson.RawMessage) (Receiver, error) { return openStatuspage(settings) },
	Pull: func(settings stdjson.RawMessage, o Outside) (Puller, error) {
		read, err := readStatuspageSettings(settings)
		if err != nil || read.API == nil {
			return nil, err
		}
		return newStatuspageClient(read, o)
	},
})

const (
	statuspageIncident  = "incident"
	statuspageComponent = "component_update"

	statuspageMonitoring = "monitoring"
	statuspageResolved   = "resolved"
	statuspagePostmortem = "postmortem"
)

const statuspageSetup = `1. Make a connection. Its secret is a key of at least 32 random letters and digits.
2. Subscribe to the page: *Subscribe to updates*, *Webhook*, or in the administration of the page *Notifications*, *Subscribers*. The address is that of the connection, followed by a slash and the key: ` + "`https://evenkeel.example.com/hooks/statuspage/ID/KEY`" + `. A proxy that can send ` + "`Authorization: Bearer KEY`" + ` may do so instead.
3. Statuspage signs nothing: whoever knows the address can send. The key is neither kept nor logged by Evenkeel; keep it out of the logs of proxies, too, and let requests come by https only.

**Without a subscription.** The public interface of a page needs no credentials: with *api.url* Evenkeel asks for it every five minutes, from the configuration only; *secrets* may then be empty. A page shows its last 50 incidents and those that are open; what is older it tells nobody. An incident that both a webhook and the interface tell of is one.

The page may be your own or that of a supplier. It does not say which deployment caused an incident.

` + "```yaml" + `
connections:
  - name: status
    source: statuspage
    secrets: ["${env:STATUSPAGE_KEY}"]
    settings:
      api: {url: https://status.example.com/}
      components:
        Payments: {application: checkout}
      severities: {critical: sev1, major: sev2, minor: sev3}
` + "```"

// statuspageSettings is what an operator may write for a connection.
type statuspageSettings struct {
	Source      string                  `json:"source"`
	Application string                  `json:"application"`
	Components  map[string]servicePlace `json:"components"`
	Environment string                  `json:"environment"`
	Severities  map[string]string       `json:"severities"`
	API         *statuspageAPI          `json:"api"`
}

// statuspageAPI says that the page is asked.
type statuspageAPI struct {
	URL string `json:"url"`
}

// statuspageReceiver reads the deliveries of one connection.
type statuspageReceiver struct{ settings statuspageSettings }

func openStatuspage(text stdjson.RawMessage) (*statuspageReceiver, error) {
	s, err := readStatuspageSettings(text)
	return &statuspageReceiver{settings: s}, err
}

func readStatuspageSettings(text stdjson.RawMessage) (statuspageSettings, error) {
	var s statuspageSettings
	err := readSettings(text, &s, func(broken *mistakes) {
		checkWord(broken, "source", s.Source)
		checkSlug(broken, "application", s.Application)
		checkServices(broken, "components", s.Components)
		checkWord(broken, "environment", s.Environment)
		checkWords(broken, "severities", s.Severities)
		if s.API != nil {
			var c settingsCheck
			c.address("api.url", s.API.URL, "https://status.example.com/")
			broken.list = append(broken.list, c.broken...)
		}
	})
	s.Source = firstText(s.Source, "statuspage")
	return s, err
}

// Verify implements Receiver: the key stands behind the address, because
// Statuspage can send it nowhere else.
func (*statuspageReceiver) Verify(header http.Header, _ []byte, secrets []string) error {
	if header.Get("Authorization") != "" {
		return verifyCredentials(header, secrets)
	}
	key := strings.Trim(header.Get(PathHeader), "/")
	if plain, err := url.PathUnescape(key); err == nil {
		key = plain
	}
	return verifyKey(key, secrets)
}

// Identify implements Receiver. The body names the event.
func (*statuspageReceiver) Identify(http.Header) (event, key string) { return "", "" }

// EventIn implements [EventNamer].
func (*statuspageReceiver) EventIn(body []byte) string {
	p, err := readPayload("Statuspage", "", body)
	if err != nil {
		return ""
	}
	for _, name := range []string{statuspageIncident, statuspageComponent} {
		if p.members[name] != nil {
			return name
		}
	}
	return ""
}

// statuspageRecord is an incident.
type statuspageRecord struct {
	ID           string `json:"id"`
	Status       string `json:"status"`
	Impact       string `json:"impact"`
	CreatedAt    string `json:"created_at"`
	StartedAt    string `json:"started_at"`
	UpdatedAt    string `json:"updated_at"`
	MonitoringAt string `json:"monitoring_at"`
	ResolvedAt   string `json:"resolved_at"`
	ScheduledFor string `json:"scheduled_for"`
	Updates      []struct {
		Status    string `json:"status"`
		CreatedAt string `json:"created_at"`
		Affected  []struct {
			Code string `json:"code"`
			Name string `json:"name"`
		} `json:"affected_components"`
	} `json:"incident_updates"`
	Components []statuspageThing `json:"components"`
}

// statuspageThing is a component of a page.
type statuspageThing struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// things are the components that the incident is about; where it names none,
// those of its updates.
func (record statuspageRecord) things() []statuspageThing {
	list := record.Components
	for _, update := range record.Updates {
		for _, one := range update.Affected {
			if len(record.Components) == 0 {
				list = append(list, statuspageThing{one.Code, one.Name})
			}
		}
	}
	return list
}

// Parse implements Receiver.
func (r *statuspageReceiver) Parse(_ http.Header, body []byte) ([]evenkeel.Event, error) {
	p, err := readPayload("Statuspage", r.settings.Source, body)
	if err != nil {
		return nil, err
	}
	var page struct {
		ID string `json:"id"`
	}
	var record statuspageRecord
	p.into("page", &page)
	p.into(statuspageIncident, &record)
	p.text("page.id", page.ID)
	switch {
	case p.members[statuspageIncident] != nil:
	case p.members[statuspageComponent] != nil:
		return p.judge(nil, ignored("the state of a component, not an incident"))
	default:
		p.wrong(statuspageIncident, "is missing; the body is not that of Statuspage")
		return p.judge(nil, nil)
	}
	if record.ScheduledFor != "" || record.Impact == "maintenance" {
		return p.judge(nil, ignored("planned maintenance, not an incident"))
	}
	return p.judge(r.incident(p, page.ID, record), nil)
}

// incident is the incident as the page shows it.
func (r *statuspageReceiver) incident(p *payload, page string, record statuspageRecord) []evenkeel.Event {
	facts := &evenkeel.Incident{
		Origin: "statuspage:" + page, Environment: r.settings.Environment, Severity: severityOf(r.settings.Severities, record.Impact),
		OpenedAt: p.instant("incident.created_at", record.CreatedAt), MitigatedAt: p.instantIfAny("incident.monitoring_at", record.MonitoringAt),
	}
	mitigated, resolved, reopened := record.steps(p)
	if facts.ReopenedAt = reopened; facts.MitigatedAt.IsZero() {
		facts.MitigatedAt = mitigated
	}
	if begun := p.instantIfAny("incident.started_at", record.StartedAt); !begun.IsZero() {
		facts.OpenedAt = begun
	}
	r.place(record, facts)
	e := p.event(p.text("incident.id", record.ID), p.instant("incident.updated_at", record.UpdatedAt), facts)
	switch record.Status {
	case statuspageResolved, statuspagePostmortem:
		if facts.ResolvedAt = resolved; record.ResolvedAt != "" || resolved.IsZero() {
			facts.ResolvedAt = p.instant("incident.resolved_at", record.ResolvedAt)
		}
	case "investigating", "identified", statuspageMonitoring:
		e.Cleared = append(e.Cleared, "resolved_at")
	default:
		p.wrong("incident.status", shortQuote(record.Status)+" is none of investigating, identified, monitoring, resolved and postmortem")
	}
	if facts.MitigatedAt.IsZero() {
		e.Cleared = append(e.Cleared, "mitigated_at")
	}
	return []evenkeel.Event{whole(e, facts)}
}

// place says what the incident is about: the applications of its components.
func (r *statuspageReceiver) place(record statuspageRecord, facts *evenkeel.Incident) {
	var named []string
	for _, c := range record.things() {
		placed := r.settings.Components[c.ID]
		if placed == (servicePlace{}) {
			placed = r.settings.Components[c.Name]
		}
		if placed.Application != "" {
			named = append(named, placed.Application)
			facts.Environment = firstText(placed.Environment, facts.Environment)
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

// steps are what the updates tell of an incident's times, each zero if they do
// not: since when it is mitigated and resolved, and when it last went on after
// it was resolved.
func (record statuspageRecord) steps(p *payload) (mitigated, resolved, reopened time.Time) {
	type step struct {
		at     time.Time
		status string
	}
	steps := make([]step, len(record.Updates))
	for i, u := range record.Updates {
		steps[i] = step{p.instant("incident.incident_updates.created_at", u.CreatedAt), u.Status}
	}
	slices.SortStableFunc(steps, func(a, b step) int { return cmp.Compare(a.at.UnixNano(), b.at.UnixNano()) })
	for _, s := range steps {
		over := s.status == statuspageResolved || s.status == statuspagePostmortem
		switch {
		case over && resolved.IsZero():
			resolved = s.at
		case !over && !resolved.IsZero():
			reopened, resolved, mitigated = s.at, time.Time{}, time.Time{}
		}
		switch {
		case s.status == statuspageMonitoring && mitigated.IsZero():
			mitigated = s.at
		case !over && s.status != statuspageMonitoring:
			mitigated = time.Time{}
		}
	}
	return mitigated, resolved, reopened
}
