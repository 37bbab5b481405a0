package watch_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
	"github.com/evenkeel-dev/evenkeel/connectors/vendortest"
	"github.com/evenkeel-dev/evenkeel/server/budgets"
	"github.com/evenkeel-dev/evenkeel/server/watch"
	"github.com/evenkeel-dev/evenkeel/store"
	"github.com/evenkeel-dev/evenkeel/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

func databases() map[string]func(testing.TB) string {
	return map[string]func(testing.TB) string{"sqlite": storetest.SQLite, "postgres": storetest.Postgres}
}

// onBoth runs a test on both databases.
func onBoth(t *testing.T, test func(t *testing.T, s *scene)) {
	t.Helper()
	for name, dsn := range databases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, newScene(t, dsn(t)))
		})
	}
}

// start is minute 0 of the tests.
var start = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func after(minutes int) time.Time { return start.Add(time.Duration(minutes) * time.Minute) }

const level = "shop-availability"

// document promises 99.9 % over 30 days.
const document = `apiVersion: openslo/v1
kind: SLO
metadata:
  name: shop-availability
  displayName: Shop answers
  annotations:
    evenkeel.dev/series: availability
    evenkeel.dev/environment: production
    evenkeel.dev/alerts: %s
spec:
  service: shop
  budgetingMethod: Occurrences
  timeWindow:
    - duration: 30d
      isRolling: true
  indicator:
    metadata:
      name: availability
    spec:
      ratioMetric:
        counter: false
        good:
          metricSource: {type: Pushed, spec: {}}
        total:
          metricSource: {type: Pushed, spec: {}}
  objectives:
    - target: 0.999
`

// scene is a store with a service level that was well for three days, a clock
// that is moved, and somebody who is told.
type scene struct {
	t     *testing.T
	store *store.Store
	w     *store.Workspace
	mu    sync.Mutex
	now   time.Time
	told  *received
	log   bytes.Buffer
	// counts are notices by type and outcome.
	counts map[string]int
}

func newScene(t *testing.T, dsn string) *scene {
	t.Helper()
	c := &scene{t: t, now: start, counts: map[string]int{}, told: &received{}}
	s, err := store.Open(t.Context(), store.Options{DSN: dsn, Now: c.clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	c.must(s.EnsureWorkspace(t.Context(), evenkeel.WorkspaceInfo{Slug: "acme", CreatedAt: start}))
	c.store, c.w, c.told.Server = s, s.In("acme"), vendortest.New(t, c.told)
	c.promise("workbook-30d")
	for day := -3; day < 0; day++ {
		c.measure(day*24*60, 24*60, func(int) float64 { return 0 })
	}
	return c
}

func (c *scene) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

func (c *scene) clock() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// promise keeps the document with a window set.
func (c *scene) promise(alerts string) {
	c.t.Helper()
	_, _, err := c.w.SaveServiceLevel(c.t.Context(), evenkeel.ServiceLevelChange{
		ID: level, Application: "shop", Document: fmt.Sprintf(document, alerts), Source: evenkeel.ServiceLevelSource{Kind: evenkeel.FromFile}, By: "test",
	})
	c.must(err)
}

// measure records minutes of 10,000 events each; less than 0 bad ones is a
// minute that was not measured.
func (c *scene) measure(from, n int, bad func(minute int) float64) {
	c.t.Helper()
	m := &evenkeel.Measurement{Application: "shop", Environment: "production", Series: "availability", SliceSeconds: 60}
	for minute := from; minute < from+n; minute++ {
		if b := bad(minute); b >= 0 {
			m.Slices = append(m.Slices, evenkeel.Slice{At: after(minute), Bad: new(b), Total: new(10_000.0)})
		}
	}
	if len(m.Slices) == 0 {
		return
	}
	_, err := c.w.Record(c.t.Context(), []evenkeel.Event{{Kind: evenkeel.KindMeasurement, ID: fmt.Sprint(from), Source: "probe", ObservedAt: after(from + n), Payload: m}})
	c.must(err)
}

// until moves the clock to a minute, measures the one before it, and has
// everybody look.
func (c *scene) until(from, to int, bad func(minute int) float64, watches ...*watch.Watch) {
	c.t.Helper()
	for minute := from; minute <= to; minute++ {
		c.mu.Lock()
		c.now = after(minute)
		c.mu.Unlock()
		c.measure(minute-1, 1, bad)
		for _, w := range watches {
			c.must(w.Look(c.t.Context()))
		}
	}
}

// replica is a process that has just started.
func (c *scene) replica(targets ...*watch.Target) *watch.Watch {
	return watch.New(watch.Options{
		Workspaces: c.store.Workspaces, Workspace: func(slug string) watch.Workspace { return c.store.In(slug) },
		Budgets: budgets.New(func(slug string) budgets.Workspace { return c.store.In(slug) }),
		Targets: targets, Link: "https://evenkeel.example.com", Now: c.clock, Logger: slog.New(slog.NewTextHandler(&c.log, nil)),
		Told: func(notifier, outcome string, n int) { // Of several targets at once.
			c.mu.Lock()
			defer c.mu.Unlock()
			c.counts[notifier+" "+outcome] += n
		},
	})
}

func (c *scene) outside() connectors.Outside {
	return connectors.Outside{Now: c.clock, Sleep: func(context.Context, time.Duration) error { return nil }}
}

func (c *scene) webhook() *watch.Target {
	c.t.Helper()
	n, err := connectors.NewWebhookNotifier(connectors.NotifierSettings{URL: c.told.URL + "/hooks/s3cret"}, c.outside())
	c.must(err)
	return &watch.Target{Kind: "webhook", Notifier: n}
}

func (c *scene) alertmanager() *watch.Target {
	c.t.Helper()
	n, err := connectors.NewAlertmanagerNotifier(connectors.NotifierSettings{URL: c.told.URL}, c.outside())
	c.must(err)
	return &watch.Target{Kind: "alertmanager", Notifier: n, Repeats: connectors.AlertmanagerKeeps / 3}
}

// spans is the history, the first first, as "row state from until".
func (c *scene) spans() (list []string) {
	c.t.Helper()
	page, err := c.w.AlertSpans(c.t.Context(), evenkeel.AlertSpanFilter{ServiceLevels: []string{level}})
	c.must(err)
	for _, s := range slices.Backward(page.Items) {
		until := "now"
		if !s.Until.IsZero() {
			until = fmt.Sprint(s.Until.Sub(start).Minutes())
		}
		list = append(list, fmt.Sprint(s.Severity, " ", s.Row, " ", s.State, " ", s.From.Sub(start).Minutes(), " ", until))
	}
	return list
}

// received keeps what was posted.
type received struct {
	*vendortest.Server
	bodies []string
}

func (r *received) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	body, _ := io.ReadAll(request.Body)
	r.bodies = append(r.bodies, string(body))
	w.WriteHeader(http.StatusNoContent)
}

// messages are those of a webhook, as "type row instant".
func (r *received) messages(t *testing.T) (list []string) {
	t.Helper()
	for _, body := range r.bodies {
		var m struct {
			Type      string
			Timestamp time.Time
			Data      struct{ Long, Short, Link string }
		}
		if err := json.Unmarshal([]byte(body), &m); err != nil {
			t.Fatal(err)
		}
		if want := "https://evenkeel.example.com/w/acme/slos/" + level; m.Data.Link != want {
			t.Errorf("link %s", m.Data.Link)
		}
		list = append(list, fmt.Sprint(m.Type, " ", m.Data.Long, "/", m.Data.Short, " ", m.Timestamp.Sub(start).Minutes()))
	}
	return list
}
