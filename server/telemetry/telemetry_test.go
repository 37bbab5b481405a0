package telemetry_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/evenkeel-dev/evenkeel/server/telemetry"
)

func TestMetricsSayWhatWasCounted(t *testing.T) {
	t.Parallel()
	watch := telemetry.New("1.2.3", nil)
	watch.Request("GET", "/api/v1/overview", 200, 12*time.Millisecond)
	watch.Request("BREW", "/api/v1/overview", 405, time.Millisecond)
	watch.Delivery("github", "recorded")
	watch.Delivery("github", "recorded")
	watch.Delivery("github", "repeated")
	watch.Refused("github", "signature")
	watch.Committed(7, 3*time.Millisecond)
	watch.Waiting(func() int { return 5 })
	watch.Derived(time.Second)
	watch.Expired(4)
	watch.Told("webhook", "failed", 2)
	answer := httptest.NewRecorder()
	watch.MetricsWith(nil).ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	for _, line := range []string{
		`evenkeel_http_request_duration_seconds_count{method="GET",route="/api/v1/overview",status="200"} 1`,
		`evenkeel_http_request_duration_seconds_count{method="other",route="/api/v1/overview",status="405"} 1`,
		`evenkeel_deliveries_total{outcome="recorded",source="github"} 2`,
		`evenkeel_deliveries_total{outcome="repeated",source="github"} 1`,
		`evenkeel_deliveries_refused_total{reason="signature",source="github"} 1`,
		`evenkeel_delivery_batch_size_sum 7`,
		`evenkeel_deliveries_waiting 5`,
		`evenkeel_derivation_duration_seconds_sum 1`,
		`evenkeel_bodies_expired_total 4`,
		`evenkeel_alert_notices_total{notifier="webhook",outcome="failed"} 2`,
		`evenkeel_build_info{version="1.2.3"} 1`,
		`go_goroutines `,
	} {
		if !strings.Contains(answer.Body.String(), line) {
			t.Errorf("the scrape lacks %s", line)
		}
	}
}

// collector is a receiver of spans that keeps what it is sent.
type collector struct {
	*httptest.Server
	mu   sync.Mutex
	got  bytes.Buffer
	path string
}

func newCollector(t *testing.T) *collector {
	t.Helper()
	c := &collector{}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.path = r.URL.Path
		c.got.Write(body)
		w.Header().Set("Content-Type", "application/x-protobuf")
	}))
	t.Cleanup(c.Close)
	return c
}

func TestSpansNameRoutesAndHoldNoSecrets(t *testing.T) {
	t.Parallel()
	c := newCollector(t)
	exporter, err := telemetry.NewExporter(t.Context(), c.URL+"/v1/traces", "1.2.3")
	if err != nil {
		t.Fatal(err)
	}
	watch := telemetry.New("1.2.3", exporter)
	e := echo.New()
	e.Use(watch.Middleware())
	var trace string
	e.POST("/hooks/:source/:connection", func(c echo.Context) error {
		ctx, done := watch.Step(c.Request().Context(), "keep deliveries")
		done(errors.New("row holds confidential-text"))
		trace = telemetry.TraceID(ctx)
		return c.NoContent(http.StatusAccepted)
	})
	r := httptest.NewRequest(http.MethodPost, "/hooks/github/abc?token=query-secret", strings.NewReader("body-secret"))
	r.Header.Set("Authorization", "Bearer header-secret")
	r.Header.Set("X-Hub-Signature-256", "sha256=signature-secret")
	r.Header.Set("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
	e.ServeHTTP(httptest.NewRecorder(), r)
	if err := exporter.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	sent := c.got.String()
	if trace != "0af7651916cd43dd8448eb211c80319c" || c.path != "/v1/traces" {
		t.Errorf("trace %q, sent to %q", trace, c.path)
	}
	for _, wanted := range []string{"POST /hooks/:source/:connection", "keep deliveries", "evenkeel", "1.2.3"} {
		if !strings.Contains(sent, wanted) {
			t.Errorf("no span holds %q", wanted)
		}
	}
	for _, secret := range []string{"query-secret", "body-secret", "header-secret", "signature-secret", "confidential-text"} {
		if strings.Contains(sent, secret) {
			t.Errorf("a span holds %q", secret)
		}
	}
}

func TestWithoutCollectorThereIsNoTrace(t *testing.T) {
	t.Parallel()
	ctx, done := telemetry.New("1", nil).Step(t.Context(), "work")
	done(nil)
	if id := telemetry.TraceID(ctx); id != "" {
		t.Errorf("trace %q", id)
	}
}
