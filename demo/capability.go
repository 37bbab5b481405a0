package demo

import (
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// capabilities are what the business does, whoever runs the software for it.
func capabilities() []evenkeel.Group {
	return []evenkeel.Group{
		{Slug: "sell", Name: "Sell freight"},
		{Slug: "find-and-order", Name: "Find and order", Parent: "sell"},
		{Slug: "price", Name: "Price and promote", Parent: "sell"},
		{Slug: "move", Name: "Move goods"},
		{Slug: "plan-routes", Name: "Plan routes", Parent: "move"},
		{Slug: "store-goods", Name: "Store goods", Parent: "move"},
		{Slug: "follow-shipments", Name: "Follow shipments", Parent: "move"},
		{Slug: "get-paid", Name: "Get paid"},
		{Slug: "run-software", Name: "Run software"},
	}
}

// capabilityOf says which capability an application serves; some serve none.
func capabilityOf(application string) string {
	for capability, applications := range map[string][]string{
		"find-and-order":   {"checkout-web", "catalog-api", "search-api", "customer-portal", "mobile-app", "mobile-gateway"},
		"price":            {"pricing-api", "campaign-service", "recommendation-engine", "demand-forecast"},
		"plan-routes":      {"route-planner", "eta-service", "dispatch-api", "fleet-analytics"},
		"store-goods":      {"inventory-service", "picking-api", "dock-scheduler"},
		"follow-shipments": {"tracking-api", "event-ingest", "customs-gateway", "notification-service", "partner-edi"},
		"get-paid":         {"payments-api", "ledger", "fraud-scoring", "freight-billing", "payroll-connector"},
		"run-software":     {"identity-service", "api-gateway", "config-registry", "document-store"},
	} {
		if slices.Contains(applications, application) {
			return capability
		}
	}
	return ""
}

// earlierOwner says which group owned an application before, and for how long
// it no longer does.
func earlierOwner(application string) (group string, ago time.Duration, moved bool) {
	switch application {
	case "event-ingest":
		return "platform", 130 * day, true
	case "notification-service":
		return "mobile", 75 * day, true
	case "fleet-analytics":
		return "routing", 100 * day, true
	}
	return "", 0, false
}

// owners are those of an application one after the other; nil if it has had
// but one.
func owners(application, group string, now time.Time) []evenkeel.Ownership {
	before, ago, moved := earlierOwner(application)
	if !moved {
		return nil
	}
	return []evenkeel.Ownership{{Group: before}, {Group: group, From: now.Truncate(day).Add(-ago)}}
}
