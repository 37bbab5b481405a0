package watch

import (
	"net/url"

	"github.com/evenkeel-dev/evenkeel/connectors"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// notice is what others hear of an alert that fired.
func (f *following) notice(w watched, a slo.Alert) connectors.AlertNotice {
	b, d := w.budget, w.budget.Definition()
	n := connectors.AlertNotice{
		SLO: w.level, Title: d.DisplayName, Objective: w.objective, Series: b.Labels, Application: d.Service, Environment: b.Environment,
		Severity: w.severity, State: connectors.AlertState(a.State), Policy: w.row.PolicyName(), Meeting: w.row.Meeting(), Long: a.Long, Short: a.Short, Factor: w.row.Factor.Float(),
		Peak: a.Peak, Remaining: b.Contractual.Remaining, Fired: a.Fired, Since: a.Since,
	}
	for _, r := range b.Contractual.Readings {
		if r.Row.Name() == w.key.row && r.Row.Severity == w.row.Severity {
			n.Burn = r.Long.Burn
		}
	}
	if f.link != "" {
		n.Link = f.link + "/w/" + url.PathEscape(f.slug) + "/slos/" + url.PathEscape(w.level)
	}
	return n
}
