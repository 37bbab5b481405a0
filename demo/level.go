package demo

import (
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// level is a service-level objective of the company with what it is measured
// by.
type level struct {
	name, title, app, environment string
	// target is a share; method is OpenSLO's, Occurrences if empty.
	target, method string
	// window is a span, of the calendar in a zone if that is given.
	window, zone string
	// annotations are those of the document, with "evenkeel.dev/" before them.
	annotations map[string]string
	// policies are its alert policies; without any it alerts by a window set.
	policies []alertPolicy
	// series is empty for a level that is measured by incidents.
	series []gauge
	// spends is the share of the budget that troubles spend in 30 days; 0 leaves
	// them as they are.
	spends float64
	// old moves what is spent to the window's last days, so that the budget
	// thaws soon.
	old bool
	// silent is how long ago its measurements ended.
	silent time.Duration
	// maintained is the age of a maintenance that a correction leaves out.
	maintained time.Duration
}

// alertPolicy is an alert policy of a document: a burn rate over a lookback, and
// how long it has to last.
type alertPolicy struct {
	name, severity, threshold, lookback, after string
	// unresolved says that nobody is told when it is over.
	unresolved bool
}

// gauge is one series of a level.
type gauge struct {
	// name is the series', and labels what stands behind it.
	name, labels string
	kind         gaugeKind
	// perSlice is the mean number of events in five minutes; base the share of
	// bad ones without any trouble.
	perSlice, base float64
	// share is how many troubles the series meets.
	share float64
}

// gaugeKind is what a series measures.
type gaugeKind int

const (
	goodOfTotal gaugeKind = iota
	badOfTotal
	// latency is a value in milliseconds that should stay below 300.
	latency
)

// slowest is the latency that is promised, in milliseconds.
const slowest = 300

// levels are the company's objectives, those of the most critical applications
// first of all.
func levels() []level {
	requests := func(name string, perSlice, base float64) []gauge {
		return []gauge{{name: name, perSlice: perSlice, base: base, share: 1}}
	}
	regions := []gauge{}
	for _, region := range []struct {
		name     string
		perSlice float64
		share    float64
	}{{"ap", 140, 0.3}, {"eu", 900, 1}, {"us", 420, 0.6}} {
		regions = append(regions, gauge{name: "availability-by-region", labels: `{region="` + region.name + `"}`, perSlice: region.perSlice, base: 0.0008, share: region.share})
	}
	return []level{
		{name: "checkout-availability", title: "Checkout works", app: "checkout-web", target: "0.999", window: "30d", spends: 0.42, series: requests("availability", 4200, 0.00012)},
		{name: "checkout-latency", title: "Checkout is fast", app: "checkout-web", target: "0.99", window: "28d", series: []gauge{{name: "latency-p95", kind: latency, share: 1}}},
		{name: "checkout-regions", title: "Checkout works in every region", app: "checkout-web", target: "0.995", window: "30d", annotations: map[string]string{"group-by": "region"}, series: regions},
		{name: "checkout-incidents", title: "Checkout is without incidents", app: "checkout-web", target: "0.99", window: "30d", annotations: map[string]string{"source": "incidents"}},
		{name: "pricing-availability", title: "Prices are given", app: "pricing-api", target: "0.995", window: "30d", spends: 1.3, series: requests("availability", 2600, 0.0007)},
		{name: "pricing-quotes", title: "Quotes arrive in a quarter of a second", app: "pricing-api", target: "0.997", window: "30d", spends: 1.15, old: true, series: requests("fast-quotes", 1800, 0.0004)},
		{name: "payments-availability", title: "Payments are accepted in Europe", app: "payments-api", environment: "prod-eu", target: "0.9995", window: "30d", spends: 0.5, maintained: 9 * day, series: requests("availability", 3100, 0.00006)},
		{name: "payments-journey", title: "A payment succeeds from end to end", app: "payments-api", environment: "prod-us", target: "0.999", window: "30d", annotations: map[string]string{"composite": "weighted"}, series: []gauge{
			{name: "authorisation", perSlice: 1500, base: 0.0001, share: 1}, {name: "capture", perSlice: 1200, base: 0.0002, share: 0.5},
		}},
		{name: "ledger-postings", title: "Postings are kept", app: "ledger", target: "0.999", window: "30d", series: requests("availability", 0.4, 0)},
		{name: "fraud-answers", title: "Fraud scoring answers in time", app: "fraud-scoring", target: "0.995", method: "Timeslices", window: "30d", series: requests("availability", 700, 0.001)},
		{name: "route-planning", title: "Routes are planned", app: "route-planner", target: "0.995", window: "30d", silent: 3 * day, series: requests("availability", 520, 0.0006)},
		{name: "dispatch-month", title: "Dispatch works, month by month", app: "dispatch-api", target: "0.998", window: "1M", zone: "Europe/Berlin", series: requests("availability", 640, 0.0003)},
		{name: "inventory-answers", title: "Inventory answers", app: "inventory-service", target: "0.997", method: "RatioTimeslices", window: "30d", spends: 0.6, series: requests("availability", 1100, 0.0005)},
		{name: "tracking-availability", title: "Shipments can be tracked", app: "tracking-api", target: "0.998", window: "30d", spends: 0.82, series: requests("availability", 2400, 0.0002)},
		{name: "ingest-acceptance", title: "Events are accepted", app: "event-ingest", target: "0.999", window: "28d", spends: 0.35, series: []gauge{{name: "availability", kind: badOfTotal, perSlice: 5200, base: 0.0001, share: 1}}},
		{name: "identity-logins", title: "People can log in", app: "identity-service", target: "0.999", window: "30d", spends: 0.3, series: requests("availability", 860, 0.00015)},
		{name: "gateway-availability", title: "The gateway answers", app: "api-gateway", target: "0.9995", window: "30d", spends: 0.7, series: requests("availability", 9800, 0.00008), policies: []alertPolicy{
			{name: "gateway-burns-fast", severity: "page", threshold: "10", lookback: "1h", after: "5m"},
			{name: "gateway-burns-on", severity: "ticket", threshold: "1.5", lookback: "1d", after: "1h", unresolved: true},
		}},
		{name: "mobile-sessions", title: "The app does not crash", app: "mobile-app", target: "0.995", window: "28d", series: requests("availability", 1500, 0.0012)},
	}
}

// production is the environment that a level is measured in.
func (v level) production() string {
	if v.environment != "" {
		return v.environment
	}
	return "production"
}

// maintenance is the time that a correction leaves out; zero without one.
func (v level) maintenance(now time.Time) evenkeel.Window {
	if v.maintained == 0 {
		return evenkeel.Window{}
	}
	from := now.Truncate(day).Add(-v.maintained + 2*time.Hour)
	return evenkeel.Window{From: from, To: from.Add(2 * time.Hour)}
}

// begun is when a level was promised first.
func (o Options) begun() time.Time { return o.Now.Truncate(day).Add(-measuredDays * day) }

// ServiceLevels are the documents of the company's service-level objectives, by
// name, and what was said of stretches of time, none of them without an id.
func ServiceLevels(o Options) ([]evenkeel.ServiceLevel, []evenkeel.Correction) {
	o.Now = o.Now.UTC().Truncate(time.Second)
	var list []evenkeel.ServiceLevel
	var corrections []evenkeel.Correction
	for _, v := range levels() {
		list = append(list, evenkeel.ServiceLevel{
			ID: v.name, Application: v.app, Document: v.document(), Source: evenkeel.ServiceLevelSource{Kind: evenkeel.FromDemo}, At: o.begun(), By: "demo",
		})
		if m := v.maintenance(o.Now); !m.From.IsZero() {
			corrections = append(corrections, evenkeel.Correction{
				ID: v.name + "-maintenance", ServiceLevel: v.name, From: m.From, To: m.To, Mode: evenkeel.CorrectionExclude,
				Reason: "Announced maintenance of the card network", Author: "demo", At: m.From.Add(-2 * day),
			})
		}
	}
	return list, corrections
}
