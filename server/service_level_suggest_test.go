package server_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
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
	connection := s.prometheus(prometheus.URL, "")
	if none := s.searched(); none.State != "none" || none.Items == nil || none.Families == nil || none.LeftOut == nil {
		t.Errorf("before the first search: %+v", none)
	}
	begun := decode[views.LevelSearch](t, s.do("POST", "/api/v1/service-levels/suggestions", s.admin(), `{"connection":"`+connection+`"}`))
	if begun.State != "running" || begun.Connection != connection || begun.Name != "prom" || begun.Days != 30 || begun.Window != "28d" {
		t.Errorf("%+v", begun)
	}
	found := s.searched()
	if found.State != "done" || found.Done != found.Total || found.Total == 0 || found.Queries == 0 || len(found.Items) != 1 {
		t.Fatalf("%+v", found)
	}
	one := found.Items[0]
	if one.ID != "shop-availability" || one.Service != "shop" || one.Target != 0.999 || !one.Application.Known || one.Exists || len(one.Windows) != 3 || one.Bound != nil || len(one.Queries) != 2 {
		t.Fatalf("%+v", one)
	}
	if f := found.Families[0]; f.Services != 1 || f.Requests != "http_server_request_duration_seconds_count" || f.Error != "" {
		t.Errorf("%+v", f)
	}
	text, _ := json.Marshal(map[string]any{"documents": []string{found.Items[0].Document, "kind: SLO"}})
	first := s.do("POST", "/api/v1/service-levels/accept", s.admin(), string(text))
	if first.status != http.StatusOK || !strings.Contains(first.text, `"saved":true`) || strings.Count(first.text, `"error":""`) != 1 {
		t.Errorf("accepted: %d %s", first.status, first.text)
	}
	if again := s.searched(); !again.Items[0].Exists {
		t.Errorf("what was accepted is offered again: %+v", again.Items[0])
	}
	second := s.do("POST", "/api/v1/service-levels/accept", s.admin(), string(text))
	if second.status != http.StatusOK || strings.Contains(second.text, `"error":""`) {
		t.Errorf("accepted again: %d %s", second.status, second.text)
	}
	for body, want := range map[string]string{`{"connection":"nope"}`: "no connection", `{"connection":"` + connection + `","window":"1x"}`: "window"} {
		if got := s.do("POST", "/api/v1/service-levels/suggestions", s.admin(), body); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.text, want) {
			t.Errorf("%s: %d %s", body, got.status, got.text)
		}
	}
}

// searched is the search for services when it is over.
func (s site) searched() views.LevelSearch {
	s.t.Helper()
	for s.t.Context().Err() == nil {
		view := decode[views.LevelSearch](s.t, s.do("GET", "/api/v1/service-levels/suggestions/search", s.admin(), ""))
		if view.State != "running" {
			return view
		}
		time.Sleep(10 * time.Millisecond)
	}
	s.t.Fatal("the search has no end")
	return views.LevelSearch{}
}

// TestASearchThatFailsSaysWhy asks servers that refuse, are down and slow.
func TestASearchThatFailsSaysWhy(t *testing.T) {
	t.Parallel()
	answering := func(status int, wait bool) string {
		vendor := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if wait {
				<-r.Context().Done()
			}
			w.WriteHeader(status)
		}))
		t.Cleanup(vendor.Close)
		return vendor.URL
	}
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	for fault, c := range map[views.LevelFault]struct{ url, more, text string }{
		views.FaultRefused: {answering(http.StatusUnauthorized, false), "", "it asks for credentials"},
		views.FaultDenied:  {answering(http.StatusForbidden, false), "", "forbidden to requests without credentials"},
		views.FaultDown:    {gone.URL, "", "Prometheus is down"},
		views.FaultSlow:    {answering(http.StatusOK, true), `,"timeout":"1s"`, "Prometheus is slow: no answer within 1s"},
		views.FaultOther:   {answering(http.StatusTeapot, false), "", "answered 418"},
	} {
		t.Run(string(fault), func(t *testing.T) {
			t.Parallel()
			s := start(t)
			connection := s.prometheus(c.url, c.more)
			s.do("POST", "/api/v1/service-levels/suggestions", s.admin(), `{"connection":"`+connection+`"}`)
			if v := s.searched(); v.State != "failed" || v.Fault != fault || !strings.Contains(v.Error, c.text) || v.EndedAt == nil || len(v.Items) != 0 {
				t.Errorf("%+v", v)
			}
		})
	}
}

// prometheus is the id of a connection to one.
func (s site) prometheus(url, more string) string {
	s.t.Helper()
	c, err := s.store.In("default").SaveConnection(s.t.Context(), evenkeel.Connection{Name: "prom", Source: "prometheus", Settings: json.RawMessage(`{"api":{"url":"` + url + `"` + more + `}}`)})
	if err != nil {
		s.t.Fatal(err)
	}
	return c.ID
}

// TestOneSearchRunsAndCanBeStopped: of a Prometheus that does not answer. What
// another process has begun and left is interrupted.
func TestOneSearchRunsAndCanBeStopped(t *testing.T) {
	t.Parallel()
	asked := make(chan struct{}, 100)
	silent := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		asked <- struct{}{}
		<-r.Context().Done()
	}))
	t.Cleanup(silent.Close)
	s := start(t)
	search := `{"connection":"` + s.prometheus(silent.URL, "") + `","days":90,"window":"7d"}`
	const address = "/api/v1/service-levels/suggestions"
	if begun := s.do("POST", address, s.admin(), search); begun.status != http.StatusOK {
		t.Fatal(begun.status, begun.text)
	}
	<-asked
	if again := s.do("POST", address, s.admin(), search); again.status != http.StatusConflict || !strings.Contains(again.text, "runs already") {
		t.Errorf("a second search: %d %s", again.status, again.text)
	}
	if v := decode[views.LevelSearch](t, s.do("GET", address+"/search", s.token("default", time.Time{}, evenkeel.ScopeRead), "")); v.State != "running" || v.Days != 90 || v.Window != "7d" {
		t.Errorf("%+v", v)
	}
	for _, method := range []string{"POST", "DELETE"} {
		path := map[string]string{"POST": address, "DELETE": address + "/search"}[method]
		if refused := s.do(method, path, s.token("default", time.Time{}, evenkeel.ScopeRead), search); refused.status != http.StatusForbidden {
			t.Errorf("%s by who may only read: %d", method, refused.status)
		}
	}
	for range 2 {
		v := decode[views.LevelSearch](t, s.do("DELETE", address+"/search", s.admin(), ""))
		if v.State != "failed" || v.Fault != views.FaultStopped {
			t.Errorf("stopped: %+v", v)
		}
	}
	w := s.store.In("default")
	kept, err := w.LevelSearch(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	kept.Running, kept.SeenAt, kept.Body = true, clock().Add(-2*time.Minute), json.RawMessage(`{"state":"running"}`)
	if _, err := w.SaveLevelSearch(t.Context(), kept); err != nil {
		t.Fatal(err)
	}
	if v := s.searched(); v.State != "failed" || v.Fault != views.FaultInterrupted || !v.EndedAt.Equal(kept.SeenAt) {
		t.Errorf("left: %+v", v)
	}
}

// TestAClosedServerHasEndedItsSearch: what is kept says so, and nobody has to wait
// until the search is taken to be lost.
func TestAClosedServerHasEndedItsSearch(t *testing.T) {
	t.Parallel()
	asked := make(chan struct{}, 100)
	silent := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		asked <- struct{}{}
		<-r.Context().Done()
	}))
	t.Cleanup(silent.Close)
	s := start(t)
	s.do("POST", "/api/v1/service-levels/suggestions", s.admin(), `{"connection":"`+s.prometheus(silent.URL, "")+`"}`)
	<-asked
	s.handler.Close()
	s.handler.Wait()
	kept, err := s.store.In("default").LevelSearch(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if v := s.searched(); kept.Running || v.State != "failed" || v.Fault != views.FaultInterrupted {
		t.Errorf("runs: %t, %+v", kept.Running, v)
	}
}
