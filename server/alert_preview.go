package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
	"github.com/evenkeel-dev/evenkeel/server/intake"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

// endless is how long an alert fires before one wonders about its end.
const endless = 24 * time.Hour

type previewAlertsInput struct {
	WorkspaceInput
	ID   string `path:"id" maxLength:"100"`
	Body struct {
		Settings map[string]any `json:"settings" doc:"Settings of the connection as they would be"`
	}
}

// postAlertPreview tries the rules of a connection of alerts. It changes
// nothing, so that whoever may read may try.
func (s *Server) postAlertPreview(ctx context.Context, in *previewAlertsInput) (*body[views.AlertPreview], error) {
	w, slug, err := s.in(ctx, in.WorkspaceInput, evenkeel.ScopeRead)
	if err != nil {
		return nil, err
	}
	connections, err := w.Connections(ctx)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(connections, func(c evenkeel.Connection) bool { return c.ID == in.ID })
	if at < 0 {
		return nil, fmt.Errorf("connection: %w", evenkeel.ErrNotFound)
	}
	settings, err := json.Marshal(in.Body.Settings)
	if err != nil {
		return nil, fmt.Errorf("%w: settings: %w", evenkeel.ErrInvalid, err)
	}
	info, err := s.workspaceInfo(ctx, slug)
	if err != nil {
		return nil, err
	}
	bounded, cancel := context.WithTimeout(ctx, previewTime)
	defer cancel()
	preview, err := PreviewAlerts(bounded, w, s.Deriver, info, connections[at].Source, settings, views.Present(s.Now()))
	if errors.Is(err, context.DeadlineExceeded) {
		return nil, problemf(http.StatusServiceUnavailable, "the preview took longer than %s; run 'evenkeel connection preview' on the machine of the store, which has no limit", previewTime)
	}
	if err != nil {
		return nil, err
	}
	return answer(preview), nil
}

// PreviewAlerts tries settings of a source of alerts on what was received in
// the last 30 days. Settings that are wrong, and a source that has no alerts,
// are ErrInvalid.
func PreviewAlerts(ctx context.Context, w intake.AlertStore, d *jobs.Deriver, info evenkeel.WorkspaceInfo, source string, settings json.RawMessage, now time.Time) (views.AlertPreview, error) {
	var none views.AlertPreview
	known, err := connectors.SourceNamed(source)
	if err != nil {
		return none, err
	}
	receiver, err := known.Open(settings)
	if err != nil {
		return none, err
	}
	alerting, ok := receiver.(connectors.Alerting)
	if !ok {
		return none, evenkeel.FieldErrors{{Field: "source", Rule: "is not one of alerts; rules are for alertmanager and grafana"}}
	}
	rules := alerting.AlertRules()
	p := views.AlertPreview{Window: views.AlertWindow(now), Newest: []views.AlertIncident{}, Rules: []views.AlertRulePreview{}}
	spans, err := takenAlerts(ctx, w, rules, &p)
	if err != nil {
		return none, err
	}
	other := jobs.OtherIncidents{Source: rules.Source(), Prefix: connectors.AlertIncident}
	other.Events, _ = connectors.AlertIncidents(rules.Source(), spans, now)
	if err := replacedIncidents(ctx, w, &other, &p); err != nil {
		return none, err
	}
	countIncidents(rules, other.Events, spans, &p)
	before, after, err := d.PreviewIncidents(ctx, info.Slug, other)
	if err != nil {
		return none, err
	}
	return p.Compare(info, before, after), nil
}

// takenAlerts reads all alerts of the source, because an incident may have
// begun before the window, and counts those of the window.
func takenAlerts(ctx context.Context, w intake.AlertStore, rules *connectors.AlertRules, p *views.AlertPreview) ([]connectors.AlertSpan, error) {
	alerts, _, err := w.ChangedFacts(ctx, evenkeel.KindAlert, rules.Source(), 0)
	if err != nil {
		return nil, err
	}
	var spans []connectors.AlertSpan
	for _, f := range alerts {
		var alert evenkeel.Alert
		if err := json.Unmarshal(f.Fields, &alert); err != nil {
			return nil, err
		}
		if f.Gone {
			continue
		}
		span, takes := rules.Take(alert)
		if takes {
			spans = append(spans, span)
		}
		if p.Window.Contains(alert.StartsAt) {
			p.Alerts++
			if takes {
				p.Matched++
			}
		}
		if alert.EndsAt.IsZero() && p.Window.To.Sub(alert.StartsAt) > endless {
			p.Endless++
		}
	}
	return spans, nil
}

// replacedIncidents reads what the rules in force have made.
func replacedIncidents(ctx context.Context, w intake.AlertStore, other *jobs.OtherIncidents, p *views.AlertPreview) error {
	held, _, err := w.ChangedFacts(ctx, evenkeel.KindIncident, other.Source, 0)
	if err != nil {
		return err
	}
	for _, f := range held {
		if f.Gone || !strings.HasPrefix(f.ExternalID, other.Prefix) {
			continue
		}
		var incident evenkeel.Incident
		if err := json.Unmarshal(f.Fields, &incident); err != nil {
			return err
		}
		other.Replaced = append(other.Replaced, incident.Subject())
		if p.Window.Contains(incident.OpenedAt) {
			p.Before++
		}
	}
	return nil
}

// countIncidents counts what began in the window, by rule.
func countIncidents(rules *connectors.AlertRules, events []evenkeel.Event, spans []connectors.AlertSpan, p *views.AlertPreview) {
	of := map[string]*views.AlertRulePreview{}
	names := rules.Names()
	for _, name := range names {
		of[name] = &views.AlertRulePreview{Name: name}
	}
	for _, span := range spans {
		if p.Window.Contains(span.From) {
			of[span.Rule].Alerts++
		}
	}
	for _, e := range events {
		i, ok := e.Payload.(*evenkeel.Incident)
		if !ok || !p.Window.Contains(i.OpenedAt) {
			continue
		}
		p.Incidents++
		rule, _, _ := strings.Cut(strings.TrimPrefix(e.ID, connectors.AlertIncident), "/")
		of[rule].Incidents++
		p.Newest = append(p.Newest, views.AlertIncident{
			ID: e.ID, Application: i.Application, Origin: i.Origin, Environment: i.Environment, Severity: i.Severity, OpenedAt: i.OpenedAt, ResolvedAt: optional(i.ResolvedAt),
		})
	}
	for _, name := range names {
		p.Rules = append(p.Rules, *of[name])
	}
}
