package views

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
)

// AlertPreview says what rules would make of the alerts of the last 30 days,
// beside what was made of them.
type AlertPreview struct {
	Window   evenkeel.Window `json:"window"`
	Sentence string          `json:"sentence" doc:"The figures in one English sentence"`
	Alerts   int             `json:"alerts" doc:"Firings that began in the window"`
	Matched  int             `json:"matched" doc:"Those of them that a rule takes"`
	Endless  int             `json:"endless" doc:"Firings of which nobody told the end for more than a day"`
	// Incidents are those that began in the window; Before those in force now.
	Incidents int `json:"incidents"`
	Before    int `json:"incidents_before" doc:"Incidents that the rules in force have made in the window"`
	Unclaimed int `json:"unclaimed" doc:"Incidents that belong to no application, and bear on no figure"`
	// Rules are in their order.
	Rules []AlertRulePreview `json:"rules" nullable:"false"`
	Whole PreviewRow         `json:"whole"`
	// Applications are those whose figures change, at most 50.
	Applications      []PreviewRow `json:"applications" nullable:"false"`
	ApplicationsTotal int          `json:"applications_total"`
	// Newest are at most 20 of the incidents.
	Newest   []AlertIncident  `json:"newest" nullable:"false"`
	Warnings []PreviewWarning `json:"warnings" nullable:"false"`
}

// AlertRulePreview is what one rule makes.
type AlertRulePreview struct {
	Name      string `json:"name"`
	Alerts    int    `json:"alerts"`
	Incidents int    `json:"incidents"`
}

// AlertIncident is an incident that a rule makes.
type AlertIncident struct {
	ID          string     `json:"id"`
	Application string     `json:"application"`
	Origin      string     `json:"origin"`
	Environment string     `json:"environment"`
	Severity    string     `json:"severity"`
	OpenedAt    time.Time  `json:"opened_at"`
	ResolvedAt  *time.Time `json:"resolved_at" doc:"Null while it is open"`
}

// AlertWindow is what previews of alerts look at.
func AlertWindow(now time.Time) evenkeel.Window {
	return evenkeel.Window{From: now.AddDate(0, 0, -30).UTC(), To: now.UTC()}
}

// Compare adds the figures to a preview of which the counts and Newest, here all
// incidents of the window, are known.
func (p AlertPreview) Compare(w evenkeel.WorkspaceInfo, before, after *jobs.Results) AlertPreview {
	query := func(r *jobs.Results, slug string) metrics.Query {
		return metrics.Query{Window: p.Window, Policy: r.Policy.For(slug), AsOf: p.Window.To}
	}
	compared := func(scope Scope, slug string, ids []string) PreviewRow {
		return PreviewRow{scope, figuresOf(metrics.Compute(query(before, slug), before.Of(ids)...)), figuresOf(metrics.Compute(query(after, slug), after.Of(ids)...))}
	}
	ids := []string{}
	p.Applications = []PreviewRow{}
	for _, a := range before.Catalogue.Applications {
		ids = append(ids, a.ID)
		row := compared(Scope{Kind: "application", Slug: a.Slug, Name: a.Name}, a.Slug, []string{a.ID})
		if row.Before.Failures != row.After.Failures {
			p.Applications = append(p.Applications, row)
		}
	}
	p.Whole = compared(Scope{Kind: "workspace", Slug: w.Slug, Name: w.Name}, "", ids)
	p.ApplicationsTotal = len(p.Applications)
	slices.SortStableFunc(p.Applications, func(a, b PreviewRow) int { return cmp.Compare(b.moved(), a.moved()) })
	p.Applications = p.Applications[:min(len(p.Applications), previewApplications)]
	for _, i := range p.Newest {
		subject := (&evenkeel.Incident{Application: i.Application, Origin: i.Origin}).Subject()
		if len(before.Catalogue.Resolve(subject)) == 0 {
			p.Unclaimed++
		}
	}
	slices.SortFunc(p.Newest, func(a, b AlertIncident) int { return cmp.Or(b.OpenedAt.Compare(a.OpenedAt), cmp.Compare(a.ID, b.ID)) })
	p.Newest = p.Newest[:min(len(p.Newest), previewFacts)]
	return p.judged()
}

// judged writes the sentence, and what must be looked at.
func (p AlertPreview) judged() AlertPreview {
	p.Sentence = fmt.Sprintf("Of %d alerts in 30 days the rules take %d and make %d incidents (before %d); the change fail rate is %s, before %s.",
		p.Alerts, p.Matched, p.Incidents, p.Before, knownRate(p.Whole.After.FailRate), knownRate(p.Whole.Before.FailRate))
	p.Warnings = []PreviewWarning{}
	warn := func(field, format string, n int) {
		if n > 0 {
			p.Warnings = append(p.Warnings, PreviewWarning{field, fmt.Sprintf(format, n)})
		}
	}
	if p.Alerts == 0 {
		p.Warnings = append(p.Warnings, PreviewWarning{"source", "no alert was received in 30 days; nothing can be said of the rules"})
	}
	warn("rules", "%d incidents belong to no application: name one in services or in a rule, or claim their origin", p.Unclaimed)
	warn("source", "of %d firings nobody told the end for more than a day; does the sender send what is resolved?", p.Endless)
	for i, rule := range p.Rules {
		if rule.Alerts == 0 && p.Alerts > 0 {
			p.Warnings = append(p.Warnings, PreviewWarning{fmt.Sprintf("rules[%d]", i), rule.Name + " takes no alert"})
		}
	}
	return p
}

func knownRate(v *float64) string {
	if v == nil {
		return "unknown"
	}
	return fmt.Sprintf("%.1f %%", *v*100)
}
