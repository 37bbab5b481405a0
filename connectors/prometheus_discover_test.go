package connectors_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel/connectors"
	"github.com/evenkeel-dev/evenkeel/connectors/promtest"
	"github.com/evenkeel-dev/evenkeel/connectors/vendortest"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// hourly is a counter over 31 days that grows by as much each hour.
func hourly(name string, growth float64, labels map[string]string) promtest.Series {
	values := make([]float64, 31*24+1)
	for h := range values {
		values[h] = growth * float64(h)
	}
	return promtest.Series{Name: name, Labels: labels, Samples: promtest.Every(measured.Add(-31*24*time.Hour), time.Hour, values...)}
}

// TestServicesAreFoundAndPromisesProposed, by hand: of 1,000 requests an hour 0.8
// fail, so 99.92 % are reached: 99.9 % is kept and 80 % of its budget used.
// Within 500 ms are 99.6 %, so 99.5 % is kept and 80 % used; within 250 ms are
// only 98 %. The service behind the ingress never fails, and has too few
// requests for more than 99 %: 28 days of 24 hours of one request are 672, of
// which 99 % allows 6.72.
func TestServicesAreFoundAndPromisesProposed(t *testing.T) {
	t.Parallel()
	server := func(more ...string) map[string]string {
		labels := map[string]string{"service_name": "Shop/Checkout"}
		for i := 0; i < len(more); i += 2 {
			labels[more[i]] = more[i+1]
		}
		return labels
	}
	p := measurerOf(t, "prometheus", promtest.Start(t, []promtest.Series{
		hourly("http_server_request_duration_seconds_count", 999.2, server("http_response_status_code", "200")),
		hourly("http_server_request_duration_seconds_count", 0.8, server("http_response_status_code", "503")),
		hourly("http_server_request_duration_seconds_bucket", 980, server("le", "0.25")),
		hourly("http_server_request_duration_seconds_bucket", 996, server("le", "0.5")),
		hourly("http_server_request_duration_seconds_bucket", 1000, server("le", "+Inf")),
		hourly("nginx_ingress_controller_requests", 1, map[string]string{"ingress": "docs", "status": "200"}),
		hourly("traefik_service_requests_total", 0.001, map[string]string{"service": "rare", "code": "200"}),
	}).URL, "")
	steps, last := 0, 0
	found, err := p.(connectors.Discoverer).Discover(t.Context(), connectors.Search{
		Days: 30, Window: slo.Span{N: 28, Unit: slo.Day}, DataSource: "prom", Most: 10,
		Tell: func(done, total int) { last, steps = done, total },
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		name, target string
		consumed     float64
	}{{"docs-availability", "0.99", 0}, {"shop-checkout-availability", "0.999", 0.8}, {"shop-checkout-latency", "0.995", 0.8}}
	if len(found.Suggestions) != len(want) || last != steps || found.Queries > 60 {
		t.Fatalf("%+v\n%d of %d steps, %d queries", found, last, steps, found.Queries)
	}
	for i, s := range found.Suggestions {
		if s.Definition.Name != want[i].name || s.Target.String() != want[i].target || math.Abs(s.Consumed-want[i].consumed) > 1e-6 || s.Days != 30 {
			t.Errorf("%+v, want %v", s, want[i])
		}
		if err := s.Definition.Check(); err != nil {
			t.Error(err)
		}
	}
	latency := found.Suggestions[2].Definition
	if latency.Indicator.Good.Query != `sum(http_server_request_duration_seconds_bucket{service_name="Shop/Checkout",le="0.5"})` || !strings.Contains(latency.Description, "Answers within 500 ms") {
		t.Errorf("latency: %+v", latency)
	}
	if notes := found.Notes(); len(notes) != 1 || !strings.Contains(notes[0], `availability of "rare" (ingress Traefik): no target`) {
		t.Errorf("notes: %q", notes)
	}
	if diff := cmp.Diff([]connectors.LeftOut{{Kind: "availability", Service: "rare", Family: "ingress Traefik", Reason: connectors.LeftFew}}, found.LeftOut); diff != "" {
		t.Error(diff)
	}
	services := map[string]int{}
	for _, f := range found.Families {
		services[f.Total] += f.Services
		if f.Error != "" || f.LatencyError != "" {
			t.Errorf("%+v", f)
		}
	}
	if diff := cmp.Diff(map[string]int{"http_server_request_duration_seconds_count": 1, "http_request_duration_seconds_count": 0, "nginx_ingress_controller_requests": 1, "traefik_service_requests_total": 1, "istio_requests_total": 0}, services); diff != "" {
		t.Error(diff)
	}
	if one := found.Suggestions[2]; one.Service != "Shop/Checkout" || one.Bound != 0.5 || len(one.Windows) != 3 || len(one.Queries) != 2 || !strings.Contains(one.Queries[0].URL, "/graph?") {
		t.Errorf("%+v", one)
	}
	// What is suggested can be measured.
	for _, s := range found.Suggestions {
		q := question(s.Definition.Indicator, 0)
		q.Window.From, q.Window.To, q.Slice = measured.Add(-5*time.Hour), measured, time.Hour
		if a, err := p.Measure(t.Context(), q); err != nil || len(a.Series) != 1 || len(a.Notes) > 0 {
			t.Errorf("%s: %+v, %v", s.Definition.Name, a, err)
		}
	}
	few, err := p.(connectors.Discoverer).Discover(t.Context(), connectors.Search{Days: 1, Window: slo.Span{N: 28, Unit: slo.Day}, Most: 0})
	if err != nil || len(few.Suggestions) != 0 || len(few.Notes()) != 3 || !strings.Contains(few.Notes()[0], "1 services, and 0 are looked at") || few.Families[0].Services != 1 {
		t.Errorf("%+v, %v", few, err)
	}
}

func TestASearchOfAServerThatIsDownIsAnError(t *testing.T) {
	t.Parallel()
	vendor := vendortest.New(t, fakePrometheus(""))
	vendor.Always(vendortest.Status(500))
	_, err := measurerOf(t, "prometheus", vendor.URL, "").(connectors.Discoverer).Discover(t.Context(), connectors.Search{Days: 30, Window: slo.Span{N: 28, Unit: slo.Day}, Most: 10})
	if err == nil || !strings.Contains(err.Error(), "Prometheus answered 500") {
		t.Error(err)
	}
}
