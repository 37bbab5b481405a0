// Package telemetry says how the program itself does: metrics for Prometheus
// and traces for OpenTelemetry. Neither holds payloads, secrets or addresses of
// requests beyond their route.
package telemetry

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"
)

// Telemetry holds the instruments. Make one with New; it is safe for
// concurrent use.
type Telemetry struct {
	registry *prometheus.Registry
	tracing  trace.TracerProvider

	requests   *prometheus.HistogramVec
	deliveries *prometheus.CounterVec
	refused    *prometheus.CounterVec
	batches    prometheus.Histogram
	commits    prometheus.Histogram
	derived    prometheus.Histogram
	expired    prometheus.Counter
	told       *prometheus.CounterVec
}

// New makes the instruments of one process. tracing may be nil.
func New(version string, tracing trace.TracerProvider) *Telemetry {
	if tracing == nil {
		tracing = noop.NewTracerProvider()
	}
	t := &Telemetry{
		registry: prometheus.NewRegistry(),
		tracing:  tracing,
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "evenkeel_http_request_duration_seconds", Help: "Time to answer requests, by route.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
		}, []string{"method", "route", "status"}),
		deliveries: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "evenkeel_deliveries_total", Help: "Signed deliveries that were kept, by what became of them; repeated ones changed nothing.",
		}, []string{"source", "outcome"}),
		refused: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "evenkeel_deliveries_refused_total", Help: "Requests to hooks of which nothing was kept, by reason.",
		}, []string{"source", "reason"}),
		batches: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "evenkeel_delivery_batch_size", Help: "Deliveries of one transaction.", Buckets: prometheus.ExponentialBuckets(1, 2, 9),
		}),
		commits: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "evenkeel_delivery_commit_duration_seconds", Help: "Time of transactions that keep deliveries.",
			Buckets: prometheus.ExponentialBuckets(.001, 2, 12),
		}),
		derived: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "evenkeel_derivation_duration_seconds", Help: "Time to bring the results of a workspace up to date.",
			Buckets: prometheus.ExponentialBuckets(.001, 4, 9),
		}),
		expired: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "evenkeel_bodies_expired_total", Help: "Bodies of deliveries that were dropped by age.",
		}),
		told: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "evenkeel_alert_notices_total", Help: "Notices of alerts of service levels, by type of notifier; those that failed are sent again.",
		}, []string{"notifier", "outcome"}),
	}
	t.registry.MustRegister(t.requests, t.deliveries, t.refused, t.batches, t.commits, t.derived, t.expired, t.told, buildInfo(version),
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return t
}

func buildInfo(version string) prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "evenkeel_build_info", Help: "Always 1; the label is the version.", ConstLabels: prometheus.Labels{"version": version},
	}, func() float64 { return 1 })
}

// Request counts an answered request. route is the pattern, never the address.
func (t *Telemetry) Request(method, route string, status int, took time.Duration) {
	t.requests.WithLabelValues(knownMethod(method), route, strconv.Itoa(status)).Observe(took.Seconds())
}

// knownMethod keeps the number of label values bounded.
func knownMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodOptions, http.MethodPatch:
		return method
	}
	return "other"
}

// Delivery counts a delivery that was kept; outcome may be "repeated".
func (t *Telemetry) Delivery(source, outcome string) {
	t.deliveries.WithLabelValues(source, outcome).Inc()
}

// Refused counts a request to a hook that nothing was kept of. source is the
// name of a known source, else "unknown".
func (t *Telemetry) Refused(source, reason string) { t.refused.WithLabelValues(source, reason).Inc() }

// Waiting asks, at each scrape, how many deliveries wait for their transaction.
func (t *Telemetry) Waiting(n func() int) {
	t.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "evenkeel_deliveries_waiting", Help: "Deliveries that wait for their transaction.",
	}, func() float64 { return float64(n()) }))
}

// Committed notes a transaction that kept n deliveries.
func (t *Telemetry) Committed(n int, took time.Duration) {
	t.batches.Observe(float64(n))
	t.commits.Observe(took.Seconds())
}

// Derived notes that results were brought up to date.
func (t *Telemetry) Derived(took time.Duration) { t.derived.Observe(took.Seconds()) }

// Expired counts dropped bodies.
func (t *Telemetry) Expired(n int) { t.expired.Add(float64(n)) }

// Told counts notices of alerts; outcome is "sent" or "failed".
func (t *Telemetry) Told(notifier, outcome string, n int) {
	t.told.WithLabelValues(notifier, outcome).Add(float64(n))
}
