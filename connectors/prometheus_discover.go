package connectors

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// family is metrics of HTTP servers that several programs expose alike.
type family struct {
	// name is for people; total counts requests, and bucket is their durations,
	// in units of a second divided by unit.
	name, total, bucket string
	unit                float64
	// service is the label that names the service, and more further matchers.
	service, more string
	// bad is the matcher of failures.
	bad string
}

// families are the metrics that are looked for, by the documentation of
// OpenTelemetry (semantic conventions for HTTP metrics), ingress-nginx, Traefik
// and Istio (standard metrics).
func families() []family {
	return []family{
		{"HTTP server (OpenTelemetry)", "http_server_request_duration_seconds_count", "http_server_request_duration_seconds_bucket", 1, "service_name", "", `http_response_status_code=~"5.."`},
		{"HTTP server (OpenTelemetry)", "http_server_request_duration_seconds_count", "http_server_request_duration_seconds_bucket", 1, "job", `service_name=""`, `http_response_status_code=~"5.."`},
		{"HTTP server", "http_request_duration_seconds_count", "http_request_duration_seconds_bucket", 1, "job", "", `code=~"5.."`},
		{"ingress nginx", "nginx_ingress_controller_requests", "nginx_ingress_controller_request_duration_seconds_bucket", 1, "ingress", "", `status=~"5.."`},
		{"ingress Traefik", "traefik_service_requests_total", "traefik_service_request_duration_seconds_bucket", 1, "service", "", `code=~"5.."`},
		{"mesh (Istio)", "istio_requests_total", "istio_request_duration_milliseconds_bucket", 1000, "destination_service_name", `reporter="destination"`, `response_code=~"5.."`},
	}
}

// selector is a metric with matchers; empty ones are left out.
func selector(metric string, matchers ...string) string {
	matchers = slices.DeleteFunc(slices.Clone(matchers), func(m string) bool { return m == "" })
	if len(matchers) == 0 {
		return metric
	}
	return metric + "{" + strings.Join(matchers, ",") + "}"
}

// Discovery is what was found of services that are measured.
type Discovery struct {
	Suggestions []Suggested
	// Families are the kinds of metrics that were looked for.
	Families []FoundFamily
	// LeftOut are promises that services could not be proposed.
	LeftOut []LeftOut
	// Queries counts those that were asked.
	Queries int
}

// Notes are what was left out, a sentence each.
func (d Discovery) Notes() (notes []string) {
	for _, f := range d.Families {
		if f.Error != "" {
			notes = append(notes, f.Name+" is left out: "+f.Error)
		}
		if f.LatencyError != "" {
			notes = append(notes, "latencies of "+f.Name+" are left out: "+f.LatencyError)
		}
	}
	for _, l := range d.LeftOut {
		what := fmt.Sprintf("%s of %s (%s): no target from 90 %% to 99.99 %% was kept with a budget of at least five events", l.Kind, shortQuote(l.Service), l.Family)
		if l.Reason == LeftTwice {
			what = fmt.Sprintf("%s of %s is measured at %s too; the first stands", l.Kind, shortQuote(l.Service), l.Family)
		}
		notes = append(notes, what)
	}
	return notes
}

// FoundFamily is what was found of one kind of metrics.
type FoundFamily struct {
	// Name is for people, Service the label that names services, and Total and
	// Bucket are the metrics.
	Name, Service, Total, Bucket string
	// Services counts those that have the metrics.
	Services int
	// Error says why it was left out, LatencyError why its latencies were.
	Error, LatencyError string
}

// LeftOut is a promise that is not proposed.
type LeftOut struct {
	// Kind is "availability" or "latency", Service the name in the monitoring.
	Kind, Service, Family string
	Reason                LeftReason
}

// LeftReason is why a promise is not proposed.
type LeftReason string

// Why a promise is not proposed.
const (
	// LeftMissed: some window of the past did not keep 90 %.
	LeftMissed LeftReason = "missed"
	// LeftFew: the budget of every target is below five events.
	LeftFew LeftReason = "few"
	// LeftTwice: another kind of metrics has proposed it already.
	LeftTwice LeftReason = "twice"
	// LeftNameless: no slug can be made of the service's name.
	LeftNameless LeftReason = "nameless"
)

// Suggested is one service level that a service could have.
type Suggested struct {
	// Kind is "availability" or "latency", Family where it is measured, and
	// Service the name in the monitoring.
	Kind, Family, Service string
	// Bound is what a latency may take, in seconds; 0 for an availability.
	Bound float64
	// Queries are those of the definition.
	Queries    []AskedQuery
	Definition slo.Definition
	slo.Proposal
}

// Search says what to look for.
type Search struct {
	// Days are how much of the past is looked at, and Window the window of what is
	// suggested.
	Days   int
	Window slo.Span
	// DataSource is what documents name the server.
	DataSource string
	// Most is how many services of a family are looked at.
	Most int
	// Tell is told how many of the steps are done; it may be nil.
	Tell func(done, total int)
}

// Discoverer is a Measurer that finds services.
type Discoverer interface {
	Discover(ctx context.Context, s Search) (Discovery, error)
}

// discoverDays is how many days one query spans, so that it stays bounded.
const discoverDays = 10

// searching is a search while it is done.
type searching struct {
	*prometheusClient
	Search

	found Discovery
	until time.Time
	done  int
}

// Discover implements Discoverer. It asks some queries for each family of
// metrics, whatever the number of services.
func (p *prometheusClient) Discover(ctx context.Context, s Search) (Discovery, error) {
	work := &searching{prometheusClient: p, Search: s, until: time.Unix(p.now().Unix()/86400*86400, 0).UTC()}
	if work.Tell == nil {
		work.Tell = func(int, int) {}
	}
	for i, f := range families() {
		found := FoundFamily{Name: f.name, Service: f.service, Total: f.total, Bucket: f.bucket}
		if err := work.family(ctx, f, &found); err != nil {
			if ctx.Err() != nil || !errors.Is(err, evenkeel.ErrInvalid) && work.found.Queries <= 1 {
				return work.found, err
			}
			found.Error = err.Error()
		}
		work.found.Families = append(work.found.Families, found)
		work.done = (i + 1) * work.perFamily()
		work.Tell(work.done, work.steps())
	}
	slices.SortStableFunc(work.found.Suggestions, func(a, b Suggested) int { return strings.Compare(a.Definition.Name, b.Definition.Name) })
	return work.found, nil
}

// perFamily is how many steps a family has: one to see what there is, and three
// for each piece of the past.
func (s *searching) perFamily() int { return 1 + 3*((s.Days+discoverDays-1)/discoverDays) }

func (s *searching) steps() int { return s.perFamily() * len(families()) }

func (s *searching) step() {
	s.found.Queries++
	s.done++
	s.Tell(s.done, s.steps())
}

// family looks for the services of one family.
func (s *searching) family(ctx context.Context, f family, found *FoundFamily) error {
	known := f.service + `!=""`
	s.step()
	n, err := s.count(ctx, "count by ("+f.service+") ("+selector(f.total, known, f.more)+")", s.until)
	if err != nil || n == 0 {
		return err
	}
	if found.Services = n; n > s.Most {
		return fmt.Errorf("%w: it has %d services, and %d are looked at; look with a connection that sees fewer", evenkeel.ErrInvalid, n, s.Most)
	}
	total, err := s.daily(ctx, f.total, known, f)
	if err != nil {
		return err
	}
	bad, err := s.daily(ctx, f.total, known+","+f.bad, f)
	if err != nil {
		return err
	}
	buckets, err := s.daily(ctx, f.bucket, known, f, "le")
	if err != nil {
		found.LatencyError = err.Error()
	}
	for _, key := range slices.Sorted(maps.Keys(total)) {
		s.availability(f, total[key], bad[key])
	}
	s.latencies(f, buckets)
	return nil
}

// daily is the events of each day of every service, by service and, if asked
// for, bucket.
func (s *searching) daily(ctx context.Context, metric, matchers string, f family, by ...string) (map[string]line, error) {
	const day = 24 * time.Hour
	labels := append([]string{f.service}, by...)
	expression := "sum by (" + strings.Join(labels, ", ") + ") (increase(" + selector(metric, matchers, f.more) + "[1d]))"
	found := map[string]line{}
	for from := 0; from < s.Days; from += discoverDays {
		n := min(discoverDays, s.Days-from)
		first := s.until.Add(-time.Duration(s.Days-from-1) * day)
		s.step()
		lines, _, err := s.span(ctx, metric, expression, first, first.Add(time.Duration(n-1)*day), day)
		if err != nil {
			return nil, err
		}
		for _, one := range lines {
			key := labelText(one.labels)
			if _, has := found[key]; !has {
				found[key] = emptyLine(one.labels, s.Days)
			}
			copy(found[key].values[from:], one.values)
		}
	}
	return found, nil
}

// history puts days together; bad or good may be empty, which is none.
func (s *searching) history(service string, total []float64, part func(k int) float64) slo.History {
	h := slo.History{Service: service}
	for k, n := range total {
		if math.IsNaN(n) || n <= 0 {
			continue
		}
		at := s.until.Add(-time.Duration(len(total)-1-k) * 24 * time.Hour)
		h.Days = append(h.Days, slo.HistoryDay{At: at, Good: min(max(part(k), 0), n), Total: n})
	}
	return h
}

func (s *searching) availability(f family, total, bad line) {
	service := total.labels[f.service]
	h := s.history(service, total.values, func(k int) float64 {
		if k >= len(bad.values) || math.IsNaN(bad.values[k]) {
			return total.values[k]
		}
		return total.values[k] - bad.values[k]
	})
	this := f.service + "=" + strconv.Quote(service)
	s.suggest(Suggested{Kind: "availability"}, f, h, slo.Indicator{
		Kind: slo.BadOfTotal, Counter: true,
		Bad:   s.source("sum(" + selector(f.total, this, f.more, f.bad) + ") or vector(0)"),
		Total: s.source("sum(" + selector(f.total, this, f.more) + ")"),
	}, "answers without a failure of the server")
}

// latencies finds for each service the shortest bound that 99 % of its requests
// kept.
func (s *searching) latencies(f family, buckets map[string]line) {
	services := map[string]map[string]line{}
	for _, one := range buckets {
		name := one.labels[f.service]
		if services[name] == nil {
			services[name] = map[string]line{}
		}
		services[name][one.labels["le"]] = one
	}
	for _, name := range slices.Sorted(maps.Keys(services)) {
		if bound, ok := usualBound(services[name]); ok {
			s.latency(f, name, services[name], bound)
		}
	}
}

// usualShare is the share of requests by which a bound is chosen.
const usualShare = 0.99

// usualBound is the lowest bound that 99 % of all requests kept; without one, the
// greatest that is finite.
func usualBound(bounds map[string]line) (bound string, ok bool) {
	type one struct {
		text  string
		at    float64
		count float64
	}
	var list []one
	all := 0.0
	for text, l := range bounds {
		at, err := strconv.ParseFloat(text, 64)
		switch {
		case err != nil:
		case math.IsInf(at, 1):
			all = sum(l.values)
		default:
			list = append(list, one{text, at, sum(l.values)})
		}
	}
	slices.SortFunc(list, func(a, b one) int { return cmp.Compare(a.at, b.at) })
	for _, b := range list {
		if bound = b.text; all > 0 && b.count >= usualShare*all {
			break
		}
	}
	return bound, all > 0 && len(list) > 0
}

func sum(values []float64) (total float64) {
	for _, v := range values {
		if !math.IsNaN(v) {
			total += v
		}
	}
	return total
}

func (s *searching) latency(f family, service string, bounds map[string]line, bound string) {
	good := bounds[bound]
	var whole line
	for text, l := range bounds {
		if at, err := strconv.ParseFloat(text, 64); err == nil && math.IsInf(at, 1) {
			whole = l
		}
	}
	h := s.history(service, whole.values, func(k int) float64 {
		if math.IsNaN(good.values[k]) {
			return 0
		}
		return good.values[k]
	})
	at, _ := strconv.ParseFloat(bound, 64)
	this := f.service + "=" + strconv.Quote(service)
	s.suggest(Suggested{Kind: "latency", Bound: at / f.unit}, f, h, slo.Indicator{
		Kind: slo.GoodOfTotal, Counter: true,
		Good:  s.source("sum(" + selector(f.bucket, this, f.more, "le="+strconv.Quote(bound)) + ")"),
		Total: s.source("sum(" + selector(f.bucket, this, f.more, `le="+Inf"`) + ")"),
	}, "answers within "+strconv.FormatFloat(at/f.unit*1000, 'f', -1, 64)+" ms")
}

func (s *searching) source(query string) *slo.Source {
	return &slo.Source{DataSource: s.DataSource, Type: "Prometheus", Query: query, Spec: map[string]any{"query": query}}
}

// suggest proposes a target for an indicator.
func (s *searching) suggest(one Suggested, f family, h slo.History, i slo.Indicator, what string) {
	slug := slo.SlugOf(h.Service)
	proposal, ok := slo.Propose(h, s.Window)
	name := slug + "-" + one.Kind
	reason := LeftReason("")
	switch {
	case slug == "":
		reason = LeftNameless
	case !ok && proposal.Missed():
		reason = LeftMissed
	case !ok:
		reason = LeftFew
	case slices.ContainsFunc(s.found.Suggestions, func(before Suggested) bool { return before.Definition.Name == name }):
		reason = LeftTwice
	}
	if reason != "" {
		s.found.LeftOut = append(s.found.LeftOut, LeftOut{one.Kind, h.Service, f.name, reason})
		return
	}
	d := slo.Definition{
		Name: name, DisplayName: h.Service + ": " + one.Kind, Service: slug, Indicator: i,
		Description: fmt.Sprintf("%s, measured at %s. Suggested from %d days, of whose events %.4g %% were good.", strings.ToUpper(what[:1])+what[1:], f.name, proposal.Days, 100*proposal.Reached),
		Window:      slo.TimeWindow{Span: s.Window}, Method: slo.Occurrences, Slice: time.Minute, Missing: slo.MissingExclude,
		Objectives: []slo.Objective{{Target: proposal.Target, Weight: 1}},
	}
	d.Indicator.Series = d.Name
	d.Alerts = slo.DefaultWindowSet(d.Window)
	one.Family, one.Service, one.Definition, one.Proposal, one.Queries = f.name, h.Service, d, proposal, s.queries(i)
	s.found.Suggestions = append(s.found.Suggestions, one)
}

// queries are those of an indicator, with graphs of what was looked at.
func (s *searching) queries(i slo.Indicator) (list []AskedQuery) {
	window := evenkeel.Window{From: s.until.AddDate(0, 0, -s.Days), To: s.until}
	for _, part := range []struct {
		field string
		from  *slo.Source
	}{{"good", i.Good}, {"bad", i.Bad}, {"total", i.Total}} {
		if part.from != nil {
			list = append(list, AskedQuery{Field: part.field, Query: part.from.Query, URL: s.link(part.from.Query, window)})
		}
	}
	return list
}
