package server_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors/promtest"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

// perHour is a counter that grows by so much every hour, for 40 days before the
// clock's present.
func perHour(name string, amount float64, labels map[string]string) promtest.Series {
	s := promtest.Series{Name: name, Labels: labels}
	begin := clock().Truncate(24*time.Hour).AddDate(0, 0, -40)
	for n := 0; !begin.Add(time.Duration(n) * time.Hour).After(clock()); n++ {
		s.Samples = append(s.Samples, promtest.Sample{At: begin.Add(time.Duration(n) * time.Hour), Value: float64(n) * amount})
	}
	return s
}

// TestServicesAreSuggestedAndAcceptedTogether asks a real Prometheus through a
// connection, accepts what it finds, and accepts it again.
func TestServicesAreSuggestedAndAcceptedTogether(t *testing.T) {
	t.Parallel()
	prometheus := promtest.Start(t, []promtest.Series{
		perHour("http_server_request_duration_seconds_count", 999.2, map[string]string{"service_name": "shop", "http_response_status_code": "200"}),
		perHour("http_server_request_duration_seconds_count", 0.8, map[string]string{"service_name": "shop", "http_response_status_code": "503"}),
	})
	s := start(t)
	s.register("shop")
	settings, _ := json.Marshal(map[string]any{"api": map[string]any{"url": prometheus.URL}})
	connection, err := s.store.In("default").SaveConnection(t.Context(), evenkeel.Connection{Name: "prom", Source: "prometheus", Settings: settings})
	if err != nil {
		t.Fatal(err)
	}
	found := decode[views.LevelSuggestions](t, s.do("POST", "/api/v1/service-levels/suggestions", s.admin(), `{"connection":"`+connection.ID+`"}`))
	if len(found.Items) != 1 || found.Items[0].ID != "shop-availability" || found.Items[0].Target != 0.999 || !found.Items[0].Application.Known {
		t.Fatalf("%+v", found)
	}
	text, _ := json.Marshal(map[string]any{"documents": []string{found.Items[0].Document, "kind: SLO"}})
	first := s.do("POST", "/api/v1/service-levels/accept", s.admin(), string(text))
	if first.status != http.StatusOK || !strings.Contains(first.text, `"saved":true`) || strings.Count(first.text, `"error":""`) != 1 {
		t.Errorf("accepted: %d %s", first.status, first.text)
	}
	second := s.do("POST", "/api/v1/service-levels/accept", s.admin(), string(text))
	if second.status != http.StatusOK || strings.Contains(second.text, `"error":""`) {
		t.Errorf("accepted again: %d %s", second.status, second.text)
	}
	for body, want := range map[string]string{`{"connection":"nope"}`: "no connection", `{"connection":"` + connection.ID + `","window":"1x"}`: "window"} {
		if got := s.do("POST", "/api/v1/service-levels/suggestions", s.admin(), body); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.text, want) {
			t.Errorf("%s: %d %s", body, got.status, got.text)
		}
	}
}
