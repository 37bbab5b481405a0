package connectors

import (
	"encoding/json"
	"strconv"
)

// PrometheusName is the name of the source, and of its measurements.
const PrometheusName = "prometheus"

var _ = register(Source{
	Name:     PrometheusName,
	Title:    "Prometheus",
	Summary:  "Measurements of service levels from Prometheus, and from what answers as it does: Mimir, Thanos, VictoriaMetrics.",
	Setup:    prometheusSetup,
	Settings: append(accessNotes("Address of the server: `https://prometheus.example.com`"), prometheusNotes()...),
	Open: func(settings json.RawMessage) (Receiver, error) {
		_, err := openPrometheus(settings)
		return deaf{}, err
	},
	Measure: func(settings json.RawMessage, o Outside) (Measurer, error) {
		api, err := openPrometheus(settings)
		if err != nil || api == nil {
			return nil, err
		}
		return newPrometheusClient(api, o)
	},
})

const prometheusSetup = `1. State a connection for every server, each with a name of its own.
2. Let the *DataSource* of an OpenSLO document, or the ` + "`metricSourceRef`" + ` of an indicator, have that name. A document that names none goes to the only connection there is.
3. ` + "`evenkeel connection test NAME -f FILE`" + ` says whether the server answers, and how long it keeps measurements.

` + "```yaml" + `
connections:
  - name: prometheus-eu
    source: prometheus
    settings:
      api:
        url: https://prometheus.example.com
        token: ${env:PROMETHEUS_TOKEN}
` + "```" + `

What is asked and how it is counted stands in docs/slo.md, *Sources*, and in docs/connectors/prometheus.md.`

const (
	// defaultMaxSeries is how many label sets of one service level there may be.
	defaultMaxSeries = 100
	// maxRaw is how many counters may be added up for one label set or all.
	maxRaw = 500
)

func prometheusNotes() []Setting {
	return []Setting{
		{"api.max_series", "number", strconv.Itoa(defaultMaxSeries), "How many combinations of labels of one service level have a budget of their own; more is an error"},
		{"api.accept_partial", "true or false", "false", "Whether answers that the server calls incomplete are counted all the same"},
	}
}

// prometheusSettings is what an operator may write for a connection.
type prometheusSettings struct {
	API *prometheusAPI `json:"api"`
}

type prometheusAPI struct {
	measuredAccess

	MaxSeries     int  `json:"max_series"`
	AcceptPartial bool `json:"accept_partial"`
}

func openPrometheus(text json.RawMessage) (*prometheusAPI, error) {
	var s prometheusSettings
	if err := decodeSettings(text, &s); err != nil || s.API == nil {
		return nil, err
	}
	var c settingsCheck
	s.API.complete(&c, "https://prometheus.example.com")
	c.seriesBound(&s.API.MaxSeries)
	return s.API, c.err()
}
