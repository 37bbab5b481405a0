package connectors

import (
	"bytes"
	stdjson "encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

const (
	alertmanagerName = "alertmanager"
	grafanaName      = "grafana"
	grafanaSignature = "X-Grafana-Alerting-Signature"
	grafanaTimestamp = "X-Grafana-Alerting-Signature-Timestamp"
)

var _ = register(Source{
	Name:     alertmanagerName,
	Title:    "Alertmanager",
	Summary:  "Alerts of Prometheus Alertmanager, which become incidents by rules that you write.",
	Setup:    alertmanagerSetup,
	Headers:  []string{"User-Agent", "Content-Type"},
	Settings: alertSettingNotes(alertmanagerName),
	Events:   alertNotes(),
	Open:     func(settings stdjson.RawMessage) (Receiver, error) { return openAlerts(alertmanagerName, settings) },
})

var _ = register(Source{
	Name:    grafanaName,
	Title:   "Grafana Alerting",
	Summary: "Alerts of Grafana, which become incidents by rules that you write.",
	Setup:   grafanaSetup,
	Headers: []string{"User-Agent", "Content-Type"},
	Settings: append(alertSettingNotes(grafanaName),
		Setting{"timestamp_header", "text", "`" + grafanaTimestamp + "`", "Header of the time of sending, where the contact point signs it too"}),
	Events: alertNotes(),
	Open:   func(settings stdjson.RawMessage) (Receiver, error) { return openAlerts(grafanaName, settings) },
})

func alertNotes() []EventNote {
	return []EventNote{
		{"firing", "an alert for each element of `alerts`. An alert is no incident: see [alerts and incidents](#alerts-and-incidents)"},
		{"resolved", "the end of each alert"},
	}
}

const alertmanagerSetup = `1. Make a connection. Its secret is a key of at least 32 random characters; Alertmanager signs nothing, so let requests come by https only.
2. Add a receiver and a route to it. ` + "`send_resolved`" + ` must be true (it is by default): without ends, alerts fire for ever.

` + "```yml" + `
receivers:
  - name: evenkeel
    webhook_configs:
      - url: https://evenkeel.example.com/hooks/alertmanager/ID
        send_resolved: true
        max_alerts: 0
        http_config:
          authorization: {credentials_file: /etc/alertmanager/evenkeel.key}
route:
  routes:
    - receiver: evenkeel
      continue: true
` + "```" + `

3. Say in the settings which alerts are incidents, and try it on the alerts that were received: ` + "`evenkeel connection preview`" + `.

` + "```yaml" + `
connections:
  - name: alertmanager
    source: alertmanager
    secrets: ["${env:ALERTMANAGER_KEY}"]
    settings:
      severities: {critical: sev1, warning: sev3}
      rules:
        - name: pages
          match: ['severity=~"critical|page"', 'environment="production"']
          minimum: 5m
          join: 10m
          group_by: [alertname]
` + "```" + `

Repeated notifications, those of several Alertmanagers of one cluster, and notifications that overtake one another end in the same facts. A payload that a template of your own makes is rejected.`

const grafanaSetup = `1. Make a connection. Its secret is a key of at least 32 random characters.
2. In Grafana open *Alerting*, *Contact points* and add one of the type *Webhook* with the address of the connection. Set the secret under *HMAC Signature*; the default header is understood, and a timestamp header, which is best named ` + "`X-Grafana-Alerting-Signature-Timestamp`" + `. Older versions send it as the credentials of the *Authorization* header, or as the password of basic authentication.
3. Leave *Disable resolved message* off, and *Max alerts* at 0: without ends, alerts fire for ever. Send the contact point what a notification policy selects, or everything.
4. Say in the settings which alerts are incidents, and try it: ` + "`evenkeel connection preview`" + `. A test notification is an alert like any other; no rule should match it.

The age of a signature is not checked: a delivery that comes again is recognised by what it holds.

` + "```yaml" + `
connections:
  - name: grafana
    source: grafana
    secrets: ["${env:GRAFANA_ALERTS_SECRET}"]
    settings:
      labels: {service: team}
      rules:
        - {name: pages, match: ['severity="critical"'], minimum: 5m, join: 10m, environment: production}
` + "```"

// alertReceiver reads the deliveries of one connection of either tool.
type alertReceiver struct {
	tool  string
	rules *AlertRules
}

func openAlerts(tool string, text stdjson.RawMessage) (*alertReceiver, error) {
	rules, err := openAlertRules(tool, text)
	return &alertReceiver{tool: tool, rules: rules}, err
}

// AlertRules implements [Alerting].
func (r *alertReceiver) AlertRules() *AlertRules { return r.rules }

// Verify implements Receiver. Grafana signs the body, or the time of sending, a
// colon and the body.
func (r *alertReceiver) Verify(header http.Header, raw []byte, secrets []string) error {
	if signature := header.Get(grafanaSignature); r.tool == grafanaName && signature != "" {
		if at := header.Get(firstText(r.rules.settings.TimestampHeader, grafanaTimestamp)); at != "" {
			raw = bytes.Join([][]byte{[]byte(at), raw}, []byte(":"))
		}
		return verifyHMAC(signature, "", raw, secrets)
	}
	return verifyCredentials(header, secrets)
}

// Identify implements Receiver. The body names the event.
func (*alertReceiver) Identify(http.Header) (event, key string) { return "", "" }

// EventIn implements [EventNamer].
func (*alertReceiver) EventIn(body []byte) string {
	var status string
	if p, err := readPayload("", "", body); err == nil {
		p.into("status", &status)
	}
	return status
}

// alertRecord is one alert of a notification.
type alertRecord struct {
	Status      string            `json:"status"`
	Labels      map[string]string `json:"labels"`
	StartsAt    string            `json:"startsAt"`
	EndsAt      string            `json:"endsAt"`
	Fingerprint string            `json:"fingerprint"`
}

// Parse implements Receiver.
func (r *alertReceiver) Parse(_ http.Header, body []byte) ([]evenkeel.Event, error) {
	p, err := readPayload(map[string]string{alertmanagerName: "Alertmanager", grafanaName: "Grafana"}[r.tool], r.rules.Source(), body)
	if err != nil {
		return nil, err
	}
	var records []alertRecord
	p.into("alerts", &records)
	if p.members["alerts"] == nil {
		p.wrong("alerts", "is missing; the body is not that of a notification, or a template made it")
	}
	events := make([]evenkeel.Event, len(records))
	for i, record := range records {
		events[i] = record.event(p, "alerts["+strconv.Itoa(i)+"].")
	}
	if len(events) == 0 {
		return p.judge(nil, ignored("the notification holds no alerts"))
	}
	return p.judge(events, nil)
}

// Remark implements [Remarker]: Alertmanager says how many alerts it left out.
func (*alertReceiver) Remark(body []byte) string {
	var left int
	if p, err := readPayload("", "", body); err == nil {
		p.into("truncatedAlerts", &left)
	}
	if left <= 0 {
		return ""
	}
	return strconv.Itoa(left) + " alerts are missing because the sender limits how many it sends; set max_alerts to 0"
}

// event is one firing of an alert. A notification does not say when it was
// sent, so its beginning is taken for it, and its end once that is told: then
// what is told of an alert does not depend on when it is told.
func (record alertRecord) event(p *payload, at string) evenkeel.Event {
	facts := &evenkeel.Alert{
		Fingerprint: p.text(at+"fingerprint", record.Fingerprint), Labels: map[string]string{},
		StartsAt: p.instant(at+"startsAt", record.StartsAt),
	}
	for name, value := range record.Labels {
		if name != "" && value != "" {
			facts.Labels[name] = value
		}
	}
	observed := facts.StartsAt
	switch record.Status {
	case "firing":
	case "resolved":
		facts.EndsAt = p.instant(at+"endsAt", record.EndsAt)
		observed = latest(observed, facts.EndsAt)
	default:
		p.wrong(at+"status", shortQuote(record.Status)+" is neither firing nor resolved")
	}
	return p.event(record.Fingerprint+"@"+facts.StartsAt.Format(time.RFC3339Nano), observed, facts)
}
