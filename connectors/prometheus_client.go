package connectors

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// prometheusClient asks the query API of Prometheus, version 1 (documented
// under "HTTP API"; Prometheus 2.42 and 3 answer alike in what is read here).
type prometheusClient struct {
	*asker

	api *prometheusAPI
	now func() time.Time
}

func newPrometheusClient(api *prometheusAPI, o Outside) (*prometheusClient, error) {
	asker, err := api.asker("Prometheus", o)
	if err != nil {
		return nil, err
	}
	asker.reason = prometheusReason
	return &prometheusClient{asker: asker, api: api, now: o.Now}, nil
}

// prometheusReason is what Prometheus says is wrong.
func prometheusReason(body []byte) string {
	var said struct {
		Error string `json:"error"`
	}
	if json.Unmarshal(body, &said) != nil {
		return ""
	}
	return said.Error
}

// maxPoints is below the 11,000 points of a series that Prometheus answers with
// at most, so that answers of many series stay below 32 MiB.
const maxPoints = 1440

// Terms implements Measurer.
func (p *prometheusClient) Terms() Terms {
	return Terms{Delay: p.api.delay(), Points: maxPoints, Address: p.api.URL}
}

// promAnswer is the envelope of every answer.
type promAnswer[T any] struct {
	// Status is "success", or "error" for the reason in Error: what stands before
	// a server may pass that on with 200.
	Status   string   `json:"status"`
	Error    string   `json:"error"`
	Data     T        `json:"data"`
	Warnings []string `json:"warnings"`
	// Partial is how VictoriaMetrics says that a part of it was away.
	Partial bool `json:"isPartial"`
}

// missing is what the server says is incomplete about its answer.
func (a promAnswer[T]) missing() []string {
	if a.Partial {
		return append(a.Warnings, "isPartial")
	}
	return a.Warnings
}

// promResult is the data of a query.
type promResult struct {
	Result []struct {
		Metric map[string]string `json:"metric"`
		Values []promSample      `json:"values"`
		Value  *promSample       `json:"value"`
		// Histograms are native ones, which are no amounts.
		Histograms json.RawMessage `json:"histograms"`
		Histogram  json.RawMessage `json:"histogram"`
	} `json:"result"`
}

// promSample is [seconds since 1970, "value"].
type promSample struct {
	at    float64
	value float64
}

// UnmarshalJSON reads both parts.
func (s *promSample) UnmarshalJSON(text []byte) error {
	var value string
	if err := json.Unmarshal(text, &[]any{&s.at, &value}); err != nil {
		return err
	}
	v, err := strconv.ParseFloat(value, 64)
	s.value = v
	return err
}

// ask sends one question.
func ask[T any](ctx context.Context, p *prometheusClient, path string, values url.Values) (promAnswer[T], error) {
	var answer promAnswer[T]
	err := p.within(ctx, p.api.timeout(), "api/v1/"+path+"?"+values.Encode(), &answer)
	switch {
	case errors.Is(err, evenkeel.ErrInvalid) && values.Has("query"):
		return answer, fmt.Errorf("the query %s is not accepted: %w", shortQuote(values.Get("query")), err)
	case err == nil && answer.Status == "error":
		return answer, fmt.Errorf("%s: %s answered with an error: %s", path, p.vendor, shortQuote(answer.Error))
	}
	return answer, err
}

// whole says what a server calls incomplete: an error, unless the settings
// take it.
func (p *prometheusClient) whole(field string, warnings []string) ([]MeasureNote, error) {
	if len(warnings) == 0 {
		return nil, nil
	}
	text := "the answer is partial: " + shortQuote(strings.Join(warnings, "; "))
	if !p.api.AcceptPartial {
		return nil, fmt.Errorf("%s: %s; nothing of it is counted (api.accept_partial counts it)", field, text)
	}
	return []MeasureNote{{Kind: NotePartial, Field: field, Text: text}}, nil
}

// span asks for the values of a query at instants of an even distance, from
// first to last.
func (p *prometheusClient) span(ctx context.Context, field, query string, first, last time.Time, step time.Duration) ([]line, []MeasureNote, error) {
	answer, err := ask[promResult](ctx, p, "query_range", url.Values{
		"query": {query}, "start": {seconds(first)}, "end": {seconds(last)}, "step": {strconv.FormatFloat(step.Seconds(), 'f', -1, 64)},
		"timeout": {strconv.FormatFloat(p.api.timeout().Seconds(), 'f', -1, 64)},
	})
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", field, err)
	}
	notes, err := p.whole(field, answer.missing())
	if err != nil {
		return nil, nil, err
	}
	var lines []line
	for _, one := range answer.Data.Result {
		if len(one.Histograms) > 0 {
			return nil, nil, fmt.Errorf("%w: %s: the query gives histograms, not numbers; take histogram_count or histogram_fraction of them", evenkeel.ErrInvalid, field)
		}
		l := emptyLine(one.Metric, int(last.Sub(first)/step)+1)
		for _, sample := range one.Values {
			if k := int(math.Round((sample.at - float64(first.Unix())) / step.Seconds())); k >= 0 && k < len(l.values) {
				l.values[k] = sample.value
			}
		}
		lines = append(lines, l)
	}
	return lines, notes, nil
}

func seconds(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) }

// at asks for the values of a query at one instant, and tells what the server
// says is missing.
func (p *prometheusClient) at(ctx context.Context, query string, t time.Time) (lines []line, missing []string, err error) {
	answer, err := ask[promResult](ctx, p, "query", url.Values{"query": {query}, "time": {seconds(t)}})
	if err != nil {
		return nil, nil, err
	}
	for _, one := range answer.Data.Result {
		if one.Value != nil {
			lines = append(lines, line{one.Metric, []float64{one.Value.value}})
		}
	}
	return lines, answer.missing(), nil
}

// count is how many series an expression has at an instant.
func (p *prometheusClient) count(ctx context.Context, expression string, t time.Time) (int, error) {
	lines, _, err := p.at(ctx, "count("+expression+")", t)
	if err != nil || len(lines) == 0 {
		return 0, err
	}
	return int(lines[0].values[0]), nil
}

// link shows a query as a graph.
func (p *prometheusClient) link(query string, window evenkeel.Window) string {
	return p.base.ResolveReference(&url.URL{Path: "graph", RawQuery: url.Values{
		"g0.expr": {query}, "g0.tab": {"0"}, "g0.range_input": {evenkeel.FormatDuration(window.To.Sub(window.From))}, "g0.end_input": {window.To.UTC().Format("2006-01-02 15:04:05")},
	}.Encode()}).String()
}

// Look implements Looker.
func (p *prometheusClient) Look(ctx context.Context) (evenkeel.Access, error) {
	if _, _, err := p.at(ctx, "vector(1)", p.now()); err != nil {
		return evenkeel.Access{}, err
	}
	granted := true
	access := evenkeel.Access{Identity: "a reader of " + p.base.Host, Permissions: []evenkeel.Permission{{Name: "query", For: "measurements", Granted: &granted}}}
	kept, text, err := p.retention(ctx)
	switch {
	case err != nil:
		return access, err
	case kept > 0:
		access.Notes = append(access.Notes, "measurements are kept for "+text+"; windows that are longer are not covered")
	}
	return access, nil
}

// retention is how long the server says that it keeps measurements, and its
// text; 0 where it does not say.
func (p *prometheusClient) retention(ctx context.Context) (kept time.Duration, text string, err error) {
	answer, err := ask[struct {
		Retention string `json:"storageRetention"`
	}](ctx, p, "status/runtimeinfo", nil)
	if errors.Is(err, evenkeel.ErrNotFound) || errors.Is(err, evenkeel.ErrInvalid) || errors.Is(err, evenkeel.ErrDenied) && !errors.Is(err, ErrRefused) {
		return 0, "", nil // Others that answer as Prometheus does know no such thing.
	}
	text, _, _ = strings.Cut(answer.Data.Retention, " or ")
	return promDuration(text), text, err
}

// promDuration reads "15d", "1y2w"; 0 for a text of another form.
func promDuration(text string) (total time.Duration) {
	units := []struct {
		name   string
		length time.Duration
	}{{"ms", time.Millisecond}, {"y", 365 * 24 * time.Hour}, {"w", 7 * 24 * time.Hour}, {"d", 24 * time.Hour}, {"h", time.Hour}, {"m", time.Minute}, {"s", time.Second}}
	for text != "" {
		digits := len(text) - len(strings.TrimLeft(text, "0123456789"))
		n, err := strconv.Atoi(text[:digits])
		text = text[digits:]
		found := false
		for _, unit := range units {
			if rest, ok := strings.CutPrefix(text, unit.name); ok && !found {
				total, text, found = total+time.Duration(n)*unit.length, rest, true
			}
		}
		if err != nil || !found {
			return 0
		}
	}
	return total
}
