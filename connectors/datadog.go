package connectors

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors/outgoing"
)

const (
	datadogName   = "datadog"
	datadogPublic = "https://api.datadoghq.com"
	// datadogPoints is below the 1,500 points of a series that Datadog answers
	// with before it makes them coarser.
	datadogPoints = 1440
)

var _ = register(Source{
	Name:     datadogName,
	Title:    "Datadog",
	Summary:  "Measurements of service levels from the metrics of Datadog.",
	Setup:    datadogSetup,
	Settings: datadogNotes(),
	Open: func(settings json.RawMessage) (Receiver, error) {
		_, err := openDatadog(settings)
		return deaf{}, err
	},
	Measure: func(settings json.RawMessage, o Outside) (Measurer, error) {
		api, err := openDatadog(settings)
		if err != nil || api == nil {
			return nil, err
		}
		return newDatadogClient(api, o)
	},
})

const datadogSetup = `1. Make an API key and an application key with the scope *timeseries_query*.
2. State a connection for every organisation and site.
3. Let queries give one point for every slice, and let absent points be none: ` + "`sum:requests{service:checkout,!status:5xx}.as_count().rollup(sum, {{.seconds}})`" + `.

` + "```yaml" + `
connections:
  - name: datadog-eu
    source: datadog
    settings:
      api:
        url: https://api.datadoghq.eu
        key: ${env:DD_API_KEY}
        application_key: ${env:DD_APP_KEY}
` + "```" + `

A query whose points are not one slice apart is refused: Datadog makes points coarser where a query does not say how far they are apart. docs/slo.md, *Sources*, has the rest.`

// datadogSettings is what an operator may write for a connection.
type datadogSettings struct {
	API *datadogAPI `json:"api"`
}

type datadogAPI struct {
	URL            string `json:"url"`
	Key            string `json:"key"`
	ApplicationKey string `json:"application_key"`
	Delay          string `json:"ingestion_delay"`
	Timeout        string `json:"timeout"`
	MaxSeries      int    `json:"max_series"`
}

func datadogNotes() []Setting {
	return []Setting{
		{"api.key", "reference", "required", "API key, as `${env:NAME}` or `${file:/path}`"},
		{"api.application_key", "reference", "required", "Application key"},
		{"api.url", "address", "`" + datadogPublic + "`", "Address of the site's interface"},
		{"api.ingestion_delay", "duration", "`2m`", "How long measurements may take to arrive; younger slices are not asked for"},
		{"api.timeout", "duration", "`" + defaultTimeout + "`", "How long one answer may take"},
		{"api.max_series", "number", strconv.Itoa(defaultMaxSeries), "How many combinations of tags of one service level have a budget of their own; more is an error"},
	}
}

func openDatadog(text json.RawMessage) (*datadogAPI, error) {
	var s datadogSettings
	if err := decodeSettings(text, &s); err != nil || s.API == nil {
		return nil, err
	}
	var c settingsCheck
	a := s.API
	a.URL, a.Delay, a.Timeout = firstText(a.URL, datadogPublic), firstText(a.Delay, "2m"), firstText(a.Timeout, defaultTimeout)
	c.address("api.url", a.URL, datadogPublic)
	c.reference("api.key", a.Key)
	c.reference("api.application_key", a.ApplicationKey)
	c.length("api.ingestion_delay", a.Delay, 0)
	c.length("api.timeout", a.Timeout, time.Second)
	c.seriesBound(&a.MaxSeries)
	return a, c.err()
}

// seriesBound fills in and checks how many series there may be.
func (c *settingsCheck) seriesBound(n *int) {
	if *n == 0 {
		*n = defaultMaxSeries
	}
	if *n < 1 || *n > maxRaw {
		c.add("api.max_series", strconv.Itoa(*n)+" is not a number of 1 to "+strconv.Itoa(maxRaw))
	}
}

// datadogClient asks the metrics API of Datadog, version 1: GET
// /api/v1/query?from=&to=&query=.
type datadogClient struct {
	*asker

	api *datadogAPI
}

func newDatadogClient(api *datadogAPI, o Outside) (*datadogClient, error) {
	key, err := resolveSecret(o, "api.key", api.Key)
	if err != nil {
		return nil, err
	}
	application, err := resolveSecret(o, "api.application_key", api.ApplicationKey)
	if err != nil {
		return nil, err
	}
	asker, err := measuringAsker("Datadog", api.URL, outgoing.Several{
		outgoing.Header{Name: "Dd-Api-Key", Value: key}, outgoing.Header{Name: "Dd-Application-Key", Value: application},
	}, nil, o)
	if err != nil {
		return nil, err
	}
	asker.reason, asker.signing = datadogReason, signing{"api.key or api.application_key is wrong or was revoked", "the key of api.application_key"}
	return &datadogClient{asker: asker, api: api}, nil
}

// datadogReason is what Datadog says is wrong.
func datadogReason(body []byte) string {
	var said struct {
		Errors []string `json:"errors"`
	}
	if json.Unmarshal(body, &said) != nil {
		return ""
	}
	return strings.Join(said.Errors, "; ")
}

// Terms implements Measurer.
func (d *datadogClient) Terms() Terms {
	delay, _ := evenkeel.ParseDuration(d.api.Delay) // It was checked.
	return Terms{Delay: delay, Points: datadogPoints, Address: d.api.URL}
}

// Look implements Looker.
func (d *datadogClient) Look(ctx context.Context) (evenkeel.Access, error) {
	var valid struct {
		Valid bool `json:"valid"`
	}
	if _, err := d.get(ctx, "api/v1/validate", &valid); err != nil {
		return evenkeel.Access{}, err
	}
	if !valid.Valid {
		return evenkeel.Access{}, fmt.Errorf("%w: the API key is not valid", ErrRefused)
	}
	return evenkeel.Access{Identity: "an API key of " + d.base.Host, Limits: d.callLimits()}, nil
}

// datadogAnswer is what a query gives. Points are [milliseconds, value or null].
type datadogAnswer struct {
	Status string `json:"status"`
	Error  string `json:"error"`
	// ResType and the rest say nothing that is needed here.
	Series []struct {
		Interval int           `json:"interval"`
		Tags     []string      `json:"tag_set"`
		Points   [][2]*float64 `json:"pointlist"`
	} `json:"series"`
}

// Measure implements Measurer. A point stands at the beginning of its slice.
func (d *datadogClient) Measure(ctx context.Context, q Question) (Answer, error) {
	if q.Indicator.Counter {
		return Answer{}, fmt.Errorf("%w: counter: true is not for Datadog, which keeps amounts; take the query as_count() and write counter: false", evenkeel.ErrInvalid)
	}
	g := newGathering(q)
	var queries []AskedQuery
	for _, part := range g.parts {
		query := datadogQuery(part.source.Query, q.Slice)
		lines, err := d.lines(ctx, part.field, query, q)
		if err != nil {
			return Answer{}, err
		}
		if err := tooMany(part.field, len(lines), d.api.MaxSeries, "group by tags with fewer values, or raise api.max_series"); err != nil {
			return Answer{}, err
		}
		if err := g.add(part.field, lines); err != nil {
			return Answer{}, err
		}
		queries = append(queries, AskedQuery{Field: part.field, Query: query})
	}
	answer := g.answer()
	answer.Queries = queries
	return answer, nil
}

func datadogQuery(query string, slice time.Duration) string {
	n := strconv.Itoa(int(slice / time.Second))
	return strings.NewReplacer("{{.seconds}}", n, "{{ .seconds }}", n).Replace(filledIn(query, slice))
}

func (d *datadogClient) lines(ctx context.Context, field, query string, q Question) (lines []line, err error) {
	var answer datadogAnswer
	timeout, _ := evenkeel.ParseDuration(d.api.Timeout) // It was checked.
	err = d.within(ctx, timeout, "api/v1/query?"+url.Values{
		"from": {seconds(q.Window.From)}, "to": {seconds(q.Window.To.Add(-time.Second))}, "query": {query},
	}.Encode(), &answer)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: the query %s: %w", field, shortQuote(query), err)
	case answer.Status == "error" || answer.Error != "":
		return nil, fmt.Errorf("%w: %s: the query %s: Datadog says %s", evenkeel.ErrInvalid, field, shortQuote(query), shortQuote(answer.Error))
	}
	for _, one := range answer.Series {
		if step := time.Duration(one.Interval) * time.Second; step != q.Slice && len(one.Points) > 0 {
			return nil, fmt.Errorf("%w: %s: the points are %s apart and a slice is %s; append .rollup(sum, {{.seconds}}) to the query", evenkeel.ErrInvalid, field, evenkeel.FormatDuration(step), evenkeel.FormatDuration(q.Slice))
		}
		l := emptyLine(tagged(one.Tags), q.slices())
		for _, point := range one.Points {
			if point[0] == nil || point[1] == nil {
				continue
			}
			if k := int(math.Floor((*point[0]/1000 - float64(q.Window.From.Unix())) / q.Slice.Seconds())); k >= 0 && k < len(l.values) {
				l.values[k] = *point[1]
			}
		}
		lines = append(lines, l)
	}
	return lines, nil
}

// tagged makes labels of tags: "region:eu".
func tagged(tags []string) map[string]string {
	labels := map[string]string{}
	for _, tag := range tags {
		name, value, _ := strings.Cut(tag, ":")
		labels[name] = value
	}
	return labels
}
