package connectors

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
)

const httpJSONName = "http"

var _ = register(Source{
	Name:     httpJSONName,
	Title:    "HTTP and JSON",
	Summary:  "Measurements of service levels from any interface that answers GET with JSON.",
	Setup:    httpJSONSetup,
	Settings: append(accessNotes("Address below which documents ask"), Setting{"api.max_series", "number", strconv.Itoa(defaultMaxSeries), "How many combinations of labels of one service level have a budget of their own; more is an error"}),
	Open: func(settings json.RawMessage) (Receiver, error) {
		_, err := openHTTPJSON(settings)
		return deaf{}, err
	},
	Measure: func(settings json.RawMessage, o Outside) (Measurer, error) {
		api, err := openHTTPJSON(settings)
		if err != nil || api == nil {
			return nil, err
		}
		asker, err := api.asker("the interface", o)
		if err != nil {
			return nil, err
		}
		return &httpJSONClient{asker: asker, api: api}, nil
	},
})

const httpJSONSetup = `1. State a connection with the address and the credentials.
2. Say in the document where the numbers are. ` + "`path`" + ` goes below the address; ` + "`items`" + ` is a JSON pointer to the list of points, and the others lead from a point to its members.

` + "```yaml" + `
connections:
  - name: reports
    source: http
    settings:
      api:
        url: https://reports.example.com/api
        token: ${env:REPORTS_TOKEN}
` + "```" + `

` + "```yml" + `
good:
  metricSource:
    type: HTTP
    metricSourceRef: reports
    spec:
      path: series/checkout-good?from={{.from}}&to={{.to}}&step={{.seconds}}
      items: /points
      at: ./time
      value: ./count
      labels: {region: ./region}
` + "```" + `

` + "`{{.from}}` and `{{.to}}`" + ` are seconds since 1970, ` + "`{{.from_rfc3339}}` and `{{.to_rfc3339}}`" + ` texts. A point stands at the beginning of its slice, as seconds or milliseconds since 1970 or as RFC 3339; one that does not, or a second one of a slice, is an error. A point without a value was not measured.`

// httpJSONSettings is what an operator may write for a connection.
type httpJSONSettings struct {
	API *httpJSONAPI `json:"api"`
}

type httpJSONAPI struct {
	measuredAccess

	MaxSeries int `json:"max_series"`
}

func openHTTPJSON(text json.RawMessage) (*httpJSONAPI, error) {
	var s httpJSONSettings
	if err := decodeSettings(text, &s); err != nil || s.API == nil {
		return nil, err
	}
	var c settingsCheck
	s.API.complete(&c, "https://reports.example.com/api")
	c.seriesBound(&s.API.MaxSeries)
	return s.API, c.err()
}

// httpJSONClient asks an interface that documents describe.
type httpJSONClient struct {
	*asker

	api *httpJSONAPI
}

// Terms implements Measurer.
func (h *httpJSONClient) Terms() Terms {
	return Terms{Delay: h.api.delay(), Points: maxPoints, Address: h.api.URL}
}

// Look implements Looker. Only documents know a path, so that an answer of
// whatever kind is one, unless it refuses the credentials.
func (h *httpJSONClient) Look(ctx context.Context) (evenkeel.Access, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, h.base.String(), nil)
	if err != nil {
		return evenkeel.Access{}, err
	}
	response, err := h.calls.Do(request)
	if err != nil {
		return evenkeel.Access{}, plainly(err)
	}
	defer response.Body.Close()
	if response.StatusCode == http.StatusUnauthorized || response.StatusCode >= http.StatusInternalServerError {
		return evenkeel.Access{}, h.refusal(response)
	}
	_, _ = io.CopyN(io.Discard, response.Body, 1<<16) // So that the connection can be used again.
	return evenkeel.Access{Identity: "a reader of " + h.base.Host}, nil
}

// httpJSONSpec is metricSource.spec of a document.
type httpJSONSpec struct {
	path             string
	items, at, value pointer
	labels           map[string]pointer
}

// httpJSONSpecOf reads the members that say where numbers are.
func httpJSONSpecOf(field string, s slo.Source) (spec httpJSONSpec, err error) {
	spec.labels = map[string]pointer{}
	var c settingsCheck
	if spec.path, _ = s.Spec["path"].(string); spec.path == "" {
		spec.path = s.Query
	}
	c.required(field+".metricSource.spec.path", spec.path)
	spec.items = c.pointer(field, "items", s.Spec["items"], "")
	spec.at = c.pointer(field, "at", s.Spec["at"], "./at")
	spec.value = c.pointer(field, "value", s.Spec["value"], "./value")
	labels, _ := s.Spec["labels"].(map[string]any)
	for name, path := range labels {
		spec.labels[name] = c.pointer(field, "labels."+name, path, "")
	}
	return spec, c.err()
}

// pointer reads a member of a spec.
func (c *settingsCheck) pointer(field, member string, given any, usual string) pointer {
	text, isText := given.(string)
	if given == nil {
		text, isText = usual, true
	}
	p, rule := parsePointer(text)
	if !isText {
		rule = "is not a text"
	}
	if rule != "" {
		c.add(field+".metricSource.spec."+member, rule)
	}
	return p
}

// Measure implements Measurer.
func (h *httpJSONClient) Measure(ctx context.Context, q Question) (Answer, error) {
	if q.Indicator.Counter {
		return Answer{}, fmt.Errorf("%w: counter: true is not for HTTP; let the interface answer with amounts", evenkeel.ErrInvalid)
	}
	g := newGathering(q)
	var queries []AskedQuery
	for _, part := range g.parts {
		spec, err := httpJSONSpecOf(part.field, *part.source)
		if err != nil {
			return Answer{}, err
		}
		path := httpJSONPath(spec.path, q)
		lines, err := h.lines(ctx, spec, path, q)
		if err != nil {
			return Answer{}, fmt.Errorf("%s: %w", part.field, err)
		}
		if err := tooMany(part.field, len(lines), h.api.MaxSeries, "group by labels with fewer values, or raise api.max_series"); err != nil {
			return Answer{}, err
		}
		if err := g.add(part.field, lines); err != nil {
			return Answer{}, err
		}
		queries = append(queries, AskedQuery{Field: part.field, Query: path})
	}
	answer := g.answer()
	answer.Queries = queries
	return answer, nil
}

// httpJSONPath is a path with the window in it.
func httpJSONPath(path string, q Question) string {
	text := func(t time.Time) string { return url.QueryEscape(t.UTC().Format(time.RFC3339)) }
	return strings.NewReplacer(
		"{{.from}}", seconds(q.Window.From), "{{.to}}", seconds(q.Window.To), "{{.from_rfc3339}}", text(q.Window.From), "{{.to_rfc3339}}", text(q.Window.To),
		"{{.seconds}}", strconv.Itoa(int(q.Slice/time.Second)), "{{.window}}", evenkeel.FormatDuration(q.Slice),
	).Replace(strings.TrimPrefix(path, "/"))
}

// lines reads the points of an answer.
func (h *httpJSONClient) lines(ctx context.Context, spec httpJSONSpec, path string, q Question) ([]line, error) {
	var text json.RawMessage
	if err := h.within(ctx, h.api.timeout(), path, &text); err != nil {
		return nil, err
	}
	document, err := readTree("the answer", text)
	if err != nil {
		return nil, err
	}
	points, isList := spec.items.find(document, document).([]any)
	if !isList {
		return nil, fmt.Errorf("%w: items leads to no list in the answer", evenkeel.ErrInvalid)
	}
	found := map[string]line{}
	for i, point := range points {
		labels := map[string]string{}
		for name, path := range spec.labels {
			labels[name], _ = scalarText(path.find(document, point))
		}
		key := labelText(labels)
		if _, has := found[key]; !has {
			found[key] = emptyLine(labels, q.slices())
		}
		if err := spec.put(found[key], document, point, q); err != nil {
			return nil, fmt.Errorf("%w: point %d: %w", evenkeel.ErrInvalid, i, err)
		}
	}
	var lines []line
	for _, key := range slices.Sorted(maps.Keys(found)) {
		lines = append(lines, found[key])
	}
	return lines, nil
}

// put puts a point into its slice; one outside of the window is left out.
func (spec httpJSONSpec) put(l line, document, point any, q Question) error {
	text, _ := scalarText(spec.at.find(document, point))
	at, err := pointAt(text)
	if err != nil {
		return err
	}
	if at.Before(q.Window.From) || !at.Before(q.Window.To) {
		return nil
	}
	past := at.Sub(q.Window.From)
	if past%q.Slice != 0 {
		return fmt.Errorf("%s is not the beginning of a slice of %s", at.UTC().Format(time.RFC3339), evenkeel.FormatDuration(q.Slice))
	}
	value := spec.value.find(document, point)
	if value == nil {
		return nil
	}
	number, isScalar := scalarText(value)
	v, err := strconv.ParseFloat(number, 64)
	if !isScalar || err != nil {
		return fmt.Errorf("value %s is not a number", shortQuote(number))
	}
	k := int(past / q.Slice)
	if !math.IsNaN(l.values[k]) {
		return fmt.Errorf("%s has two points; name what tells them apart in labels and in evenkeel.dev/group-by", at.UTC().Format(time.RFC3339))
	}
	l.values[k] = v
	return nil
}

// milliseconds is what no count of seconds since 1970 reaches for 3,000 years.
const milliseconds = 1e11

// pointAt reads an instant as interfaces write them.
func pointAt(text string) (time.Time, error) {
	if n, err := strconv.ParseFloat(text, 64); err == nil {
		if n >= milliseconds {
			n /= 1000
		}
		return time.UnixMilli(int64(n * 1000)).UTC(), nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return at, fmt.Errorf("at %s is neither a number of seconds since 1970 nor as 2026-03-01T12:00:00Z", shortQuote(text))
	}
	return at.UTC(), nil
}
