package telemetry

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Figure names one headline figure.
type Figure string

// The headline figures.
const (
	FigureFrequency Figure = "evenkeel_deployments_per_day"
	FigureLeadTime  Figure = "evenkeel_change_lead_time_seconds"
	FigureFailRate  Figure = "evenkeel_change_fail_ratio"
	FigureRecovery  Figure = "evenkeel_recovery_time_seconds"
	FigureRework    Figure = "evenkeel_deployment_rework_ratio"
	FigureCoverage  Figure = "evenkeel_coverage_ratio"
	FigureOpen      Figure = "evenkeel_unresolved_incidents"
	FigureDeployed  Figure = "evenkeel_deployments"
	FigureFailed    Figure = "evenkeel_failed_deployments"
	FigureChanges   Figure = "evenkeel_changes_shipped"
	FigureLastFact  Figure = "evenkeel_last_fact_timestamp_seconds"
)

// help is a constant table.
func (f Figure) help() string {
	return map[Figure]string{
		FigureFrequency: "Counted production deployments per day of the last 30 days; absent where none is known.",
		FigureLeadTime:  "Change lead time of the last 30 days by the policy's statistic, the median by default; absent without changes.",
		FigureFailRate:  "Failed of counted production deployments of the last 30 days; absent without deployments.",
		FigureRecovery:  "Failed-deployment recovery time of the last 30 days by the policy's statistic; absent without recoveries.",
		FigureRework:    "Unplanned of counted production deployments of the last 30 days; absent without deployments.",
		FigureCoverage:  "Counted deployments of the last 30 days whose shipped changes are known; absent without deployments.",
		FigureOpen:      "Incidents of the last 30 days that a deployment caused and that are not restored.",
		FigureDeployed:  "Counted production deployments of the last 30 days.",
		FigureFailed:    "Failed production deployments of the last 30 days.",
		FigureChanges:   "Changes with a lead time that shipped in the last 30 days.",
		FigureLastFact:  "The latest instant that any fact carries; absent without facts.",
	}[f]
}

// Headline is one value of a figure.
type Headline struct {
	Figure Figure
	// Workspace is a slug, Kind is application, group or workspace, and Slug
	// names it.
	Workspace, Kind, Slug string
	Value                 float64
}

// MetricsWith answers a scrape, with headline figures beside what is told of
// the program.
func (t *Telemetry) MetricsWith(headlines []Headline) http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collection(headlines))
	return promhttp.HandlerFor(prometheus.Gatherers{t.registry, registry}, promhttp.HandlerOpts{})
}

// collection is headline figures as a collector. It is unchecked: which
// figures there are depends on the data.
type collection []Headline

// Describe implements prometheus.Collector.
func (collection) Describe(chan<- *prometheus.Desc) {}

// Collect implements prometheus.Collector.
func (c collection) Collect(out chan<- prometheus.Metric) {
	descriptions := map[Figure]*prometheus.Desc{}
	for _, h := range c {
		if descriptions[h.Figure] == nil {
			descriptions[h.Figure] = prometheus.NewDesc(string(h.Figure), h.Figure.help(), []string{"workspace", "kind", "slug"}, nil)
		}
		out <- prometheus.MustNewConstMetric(descriptions[h.Figure], prometheus.GaugeValue, h.Value, h.Workspace, h.Kind, h.Slug)
	}
}
