package demo

import (
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// needs lists who calls whom: from, to, type.
func (c company) needs() [][3]string {
	return [][3]string{
		{"checkout-web", "payments-api", "http"},
		{"checkout-web", "pricing-api", "http"},
		{"checkout-web", "identity-service", "http"},
		{"catalog-api", "search-api", "http"},
		{"customer-portal", "tracking-api", "http"},
		{"customer-portal", "document-store", "http"},
		{"campaign-service", "notification-service", "queue"},
		{"recommendation-engine", "catalog-api", "http"},
		{"pricing-api", "route-planner", "http"},
		{"mobile-app", "mobile-gateway", "http"},
		{"mobile-gateway", "api-gateway", "http"},
		{"mobile-gateway", "notification-service", "queue"},
		{"route-planner", "eta-service", "http"},
		{"dispatch-api", "route-planner", "http"},
		{"dispatch-api", "inventory-service", "http"},
		{"picking-api", "inventory-service", "http"},
		{"dock-scheduler", "dispatch-api", "http"},
		{"tracking-api", "event-ingest", "queue"},
		{"customs-gateway", "document-store", "http"},
		{"eta-service", "event-ingest", "queue"},
		{"payments-api", "ledger", "database"},
		{"payments-api", "fraud-scoring", "http"},
		{"ledger", "config-registry", "http"},
		{"api-gateway", "identity-service", "http"},
		{"identity-service", "config-registry", "http"},
		{"freight-billing", "ledger", "file"},
		{"partner-edi", "freight-billing", "file"},
		{"payroll-connector", "identity-service", "http"},
		{"demand-forecast", "tracking-api", "http"},
	}
}

// noteDependencies declares every dependency a year ago; two in three were
// also seen in traffic lately.
func noteDependencies(c company, o Options, l *ledger) {
	r := newChance(o.Seed, "dependencies")
	declared := o.Now.Truncate(day).Add(-365 * day)
	for _, n := range c.needs() {
		l.add(declared, catalogueSource, "declared:"+n[0]+">"+n[1], &evenkeel.Dependency{From: n[0], To: n[1], Type: n[2], Basis: evenkeel.BasisDeclared})
		if r.often(0.67) {
			seen := o.Now.Add(-r.between(time.Hour, 5*day))
			l.add(seen, meshSource, "seen:"+n[0]+">"+n[1], &evenkeel.Dependency{From: n[0], To: n[1], Type: n[2], Basis: evenkeel.BasisObserved, LastSeenAt: seen})
		}
	}
}

// dependant is an application that calls app, or "".
func (c company) dependant(app string) string {
	for _, n := range c.needs() {
		if n[1] == app {
			return n[0]
		}
	}
	return ""
}
