package demo

import (
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// host is where all repositories live; the ending is reserved for examples.
const host = "git.larkmoor.example"

// company is who works on what.
type company struct {
	slug, name string
	units      []evenkeel.Group
	teams      []team
}

// team is a group of people with one way of working.
type team struct {
	slug, name, unit string
	works            personality
	hours            calendar
	// monorepo is the repository that all applications share; empty means one each.
	monorepo string
	apps     []application
}

// application is what a team runs, with what is special about it.
type application struct {
	slug, name string
	tier       evenkeel.Tier
	cadence    string
	named      naming
	// regions are its production environments; nil is "production" alone.
	regions []string
	// canary applications reach each environment in two records of one group.
	canary bool
	// blind is the share of deployments whose commit nobody reported.
	blind float64
	// exactly is the number of changes in the year, if not 0.
	exactly int
	// quietSince is how long before now the last fact was reported.
	quietSince time.Duration
	// skewed applications meet one wrong clock on an author's machine and one
	// on a deployer's.
	skewed bool
	// silent applications have no facts at all.
	silent bool
}

// naming is how the deployments of an application say what they deploy.
type naming int

const (
	namesApplication naming = iota
	namesRepository
	// namesArtifact says only an origin and a digest; artifact facts lead on.
	namesArtifact
)

func newCompany() company {
	return company{
		slug: "larkmoor",
		name: "Larkmoor Freight",
		units: []evenkeel.Group{
			{Slug: "customer-experience", Name: "Customer Experience"},
			{Slug: "logistics", Name: "Logistics"},
			{Slug: "finance-and-platform", Name: "Finance and Platform"},
		},
		teams: slices.Concat(customerTeams(), logisticsTeams(), platformTeams(), []team{unowned()}),
	}
}

func customerTeams() []team {
	const unit = "customer-experience"
	return []team{
		{slug: "storefront", name: "Storefront", unit: unit, works: fastAndSafe(), hours: officeHours(1), apps: []application{
			{slug: "checkout-web", name: "Checkout", tier: 1, cadence: "daily"},
			{slug: "catalog-api", name: "Catalogue API", tier: 2, cadence: "daily", skewed: true},
			{slug: "search-api", name: "Search API", tier: 2, cadence: "daily"},
			{slug: "customer-portal", name: "Customer portal", tier: 3, cadence: "daily"},
		}},
		{slug: "growth", name: "Growth", unit: unit, works: fastButFragile(), hours: officeHours(-5), apps: []application{
			{slug: "pricing-api", name: "Pricing API", tier: 1, cadence: "daily"},
			{slug: "campaign-service", name: "Campaigns", tier: 3, cadence: "on-demand"},
			{slug: "recommendation-engine", name: "Recommendations", tier: 3, cadence: "daily"},
			{slug: "notification-service", name: "Notifications", tier: 2, cadence: "daily"},
		}},
		{slug: "mobile", name: "Mobile", unit: unit, works: slowAndCareful(), hours: officeHours(0), apps: []application{
			{slug: "mobile-app", name: "Mobile app", tier: 1, cadence: "weekly"},
			{slug: "mobile-gateway", name: "Mobile gateway", tier: 2, cadence: "weekly"},
		}},
		{slug: "insights", name: "Insights", unit: unit, works: ordinary(), hours: officeHours(1), apps: []application{
			{slug: "document-store", name: "Document store", tier: 3, cadence: "weekly", blind: 0.4},
			{slug: "demand-forecast", name: "Demand forecast", tier: 4, exactly: 3},
			{slug: "carbon-report", name: "Carbon report", cadence: "monthly", silent: true},
		}},
	}
}

func logisticsTeams() []team {
	const unit = "logistics"
	return []team{
		{slug: "routing", name: "Routing", unit: unit, works: improving(), hours: officeHours(5.5), apps: []application{
			{slug: "route-planner", name: "Route planner", tier: 1, cadence: "daily", named: namesRepository},
			{slug: "eta-service", name: "Arrival times", tier: 2, cadence: "weekly", named: namesRepository},
			{slug: "dispatch-api", name: "Dispatch API", tier: 1, cadence: "daily", named: namesRepository},
		}},
		{slug: "warehouse", name: "Warehouse", unit: unit, works: sharedRepository(), hours: officeHours(1), monorepo: "warehouse", apps: []application{
			{slug: "inventory-service", name: "Inventory", tier: 1, cadence: "daily"},
			{slug: "picking-api", name: "Picking API", tier: 2, cadence: "daily"},
			{slug: "dock-scheduler", name: "Dock scheduler", tier: 3, cadence: "weekly"},
		}},
		{slug: "tracking", name: "Tracking", unit: unit, works: deteriorating(), hours: officeHours(-6), apps: []application{
			{slug: "tracking-api", name: "Tracking API", tier: 1, cadence: "daily", named: namesRepository},
			{slug: "event-ingest", name: "Event ingest", tier: 1, cadence: "daily"},
			{slug: "customs-gateway", name: "Customs gateway", tier: 2, cadence: "weekly"},
		}},
	}
}

func platformTeams() []team {
	const unit = "finance-and-platform"
	return []team{
		{slug: "payments", name: "Payments", unit: unit, works: guarded(), hours: officeHours(1), apps: []application{
			{slug: "payments-api", name: "Payments API", tier: 1, cadence: "daily", regions: []string{"prod-eu", "prod-us"}, canary: true},
			{slug: "ledger", name: "Ledger", tier: 1, cadence: "weekly"},
			{slug: "fraud-scoring", name: "Fraud scoring", tier: 1, cadence: "daily"},
		}},
		{slug: "platform", name: "Platform", unit: unit, works: trunkBased(), hours: officeHours(2), apps: []application{
			{slug: "identity-service", name: "Identity", tier: 1, cadence: "on-demand"},
			{slug: "api-gateway", name: "API gateway", tier: 1, cadence: "daily", named: namesArtifact},
			{slug: "config-registry", name: "Configuration registry", tier: 2, cadence: "on-demand"},
		}},
		{slug: "back-office", name: "Back office", unit: unit, works: quarterlyReleases(), hours: officeHours(0), apps: []application{
			{slug: "freight-billing", name: "Freight billing", tier: 2, cadence: "quarterly"},
			{slug: "partner-edi", name: "Partner data exchange", tier: 2, cadence: "quarterly"},
			{slug: "payroll-connector", name: "Payroll connector", tier: 4, cadence: "quarterly"},
		}},
	}
}

// unowned holds what a team gave up and nobody took.
func unowned() team {
	return team{works: ordinary(), hours: officeHours(1), apps: []application{
		{slug: "fleet-analytics", name: "Fleet analytics", quietSince: 76 * day},
	}}
}

// strays are facts that no application claims: a forgotten experiment.
func strays() team {
	return team{slug: "sandbox", works: ordinary(), hours: officeHours(1), apps: []application{
		{slug: "load-lab", named: namesRepository, exactly: 12},
	}}
}

// catalogue is the company as the product keeps it at an instant.
func (c company) catalogue(now time.Time) evenkeel.Catalogue {
	catalogue := evenkeel.Catalogue{Groups: []evenkeel.Group{{Slug: c.slug, Name: c.name}}, Capabilities: capabilities()}
	for _, unit := range c.units {
		unit.Parent = c.slug
		catalogue.Groups = append(catalogue.Groups, unit)
	}
	for _, t := range c.teams {
		if t.slug != "" {
			catalogue.Groups = append(catalogue.Groups, evenkeel.Group{Slug: t.slug, Name: t.name, Parent: t.unit})
		}
		for _, a := range t.apps {
			catalogue.Applications = append(catalogue.Applications, evenkeel.Application{
				ID: a.slug, Slug: a.slug, Name: a.name, Group: t.slug, Owners: owners(a.slug, t.slug, now),
				Capability: capabilityOf(a.slug), Tier: a.tier, Cadence: a.cadence, Claims: t.claims(a),
			})
		}
	}
	return catalogue
}

// claims lists what of the company's facts belongs to an application.
func (t team) claims(a application) []string {
	claims := []string{"repo:" + t.repository(a)}
	if t.monorepo != "" {
		claims[0] += "//" + a.folder()
	}
	if a.named == namesArtifact {
		claims = append(claims, a.origin("production"), a.origin("staging"))
	}
	return claims
}

// repository is the name of the repository that holds an application.
func (t team) repository(a application) string {
	owner := t.slug
	if owner == "" {
		owner = "archive"
	}
	if t.monorepo != "" {
		return host + "/" + owner + "/" + t.monorepo
	}
	return host + "/" + owner + "/" + a.slug
}

// repositories lists the team's applications by the repository they share,
// without those that nothing is known of.
func (t team) repositories() [][]application {
	var all [][]application
	for _, a := range t.apps {
		switch {
		case a.silent:
		case t.monorepo != "" && len(all) > 0:
			all[0] = append(all[0], a)
		default:
			all = append(all, []application{a})
		}
	}
	return all
}

func (a application) folder() string { return "services/" + a.slug }

func (a application) origin(environment string) string { return "argocd:" + environment + "/" + a.slug }

func (a application) production() []string {
	if a.regions == nil {
		return []string{"production"}
	}
	return a.regions
}
