package pull_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
	"github.com/evenkeel-dev/evenkeel/connectors/vendortest"
	"github.com/evenkeel-dev/evenkeel/server/intake"
	"github.com/evenkeel-dev/evenkeel/store/storetest"
)

// eachOf runs a test on both kinds of database with a connection of a source.
// URL in the settings stands for the vendor's address.
func eachOf(t *testing.T, source, settings string, now time.Time, vendor func() http.Handler, test func(t *testing.T, o *office, vendor http.Handler)) {
	t.Helper()
	for name, dsn := range map[string]func(testing.TB) string{"sqlite": storetest.SQLite, "postgres": storetest.Postgres} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answers := vendor()
			o := &office{t: t, dsn: dsn(t), clock: vendortest.NewClock(now), log: &bytes.Buffer{}, token: "good"}
			o.vendor = vendortest.New(t, answers)
			o.store = o.open()
			if err := o.store.EnsureWorkspace(t.Context(), evenkeel.WorkspaceInfo{Slug: "acme", CreatedAt: now}); err != nil {
				t.Fatal(err)
			}
			written := json.RawMessage(strings.ReplaceAll(settings, "URL", o.vendor.URL))
			var err error
			if o.connection, err = o.store.In("acme").SaveConnection(t.Context(), evenkeel.Connection{Source: source, Name: "acme", Settings: written}); err != nil {
				t.Fatal(err)
			}
			o.reader = o.reading(o.store)
			test(t, o, answers)
		})
	}
}

// webhook takes a fixture of the connection's source in, as its webhook would.
func (o *office) webhook(name string) {
	o.t.Helper()
	o.told(name)
}

// told takes a fixture in that is changed, by pairs of old and new text.
func (o *office) told(name string, changes ...string) {
	o.t.Helper()
	headers, body := o.fixture(name)
	o.deliver("", headers, []byte(strings.NewReplacer(changes...).Replace(string(body))))
}

// deliver takes a delivery in, as the server does.
func (o *office) deliver(event string, headers map[string]string, body []byte) {
	o.t.Helper()
	held, err := o.store.Connection(o.t.Context(), o.connection.ID)
	if err != nil {
		o.t.Fatal(err)
	}
	source, err := connectors.SourceNamed(held.Source)
	if err != nil {
		o.t.Fatal(err)
	}
	var receivers intake.Receivers
	reads, err := receivers.Of(held, source)
	if err != nil {
		o.t.Fatal(err)
	}
	d := intake.Understand(o.t.Context(), reads, evenkeel.Delivery{
		Connection: held.ID, Source: held.Source, Event: event, Headers: headers, Body: body, Size: len(body), ReceivedAt: o.clock.Now(),
	}, slog.New(slog.DiscardHandler))
	if d.Outcome != evenkeel.OutcomeRecorded {
		o.t.Fatal(d.Reason)
	}
	if _, err := o.store.In("acme").Deliver(o.t.Context(), []evenkeel.Delivery{d}); err != nil {
		o.t.Fatal(err)
	}
}

// fixture is a delivery that the tests of the connectors read.
func (o *office) fixture(name string) (headers map[string]string, body json.RawMessage) {
	o.t.Helper()
	text, err := os.ReadFile("../../connectors/testdata/deliveries/" + o.connection.Source + "/" + name + ".json")
	if err != nil {
		o.t.Fatal(err)
	}
	var held struct {
		Headers map[string]string `json:"headers"`
		Body    json.RawMessage   `json:"body"`
	}
	if err := json.Unmarshal(text, &held); err != nil {
		o.t.Fatal(err)
	}
	return held.Headers, held.Body
}

// incident is the only one that is known.
func (o *office) incident() evenkeel.Incident {
	o.t.Helper()
	page, err := o.store.In("acme").Incidents(o.t.Context(), evenkeel.Filter{Limit: 500})
	if err != nil {
		o.t.Fatal(err)
	}
	if len(page.Items) != 1 {
		o.t.Fatalf("%d incidents, want one", len(page.Items))
	}
	return page.Items[0].Value
}

// later lets an hour pass and reads what is due.
func (o *office) later() {
	o.t.Helper()
	if err := o.clock.Sleep(o.t.Context(), time.Hour); err != nil {
		o.t.Fatal(err)
	}
	o.readAll()
}

func clockOf(at time.Time) string { return at.Format(time.TimeOnly) }

func TestStatuspageByWebhookAndAskedIsOneIncident(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	page := func() http.Handler { return &vendortest.Statuspage{Page: map[string]any{"id": "pg4acme"}} }
	eachOf(t, "statuspage", `{"api":{"url":"URL"},"components":{"Payments":{"application":"checkout"}}}`, now, page, func(t *testing.T, o *office, vendor http.Handler) {
		o.webhook("investigating")
		for _, name := range []string{"identified", "resolved"} { // The webhook of the second was lost.
			_, body := o.fixture(name)
			var held struct {
				Incident map[string]any `json:"incident"`
			}
			if err := json.Unmarshal(body, &held); err != nil {
				t.Fatal(err)
			}
			vendor.(*vendortest.Statuspage).Put(held.Incident)
			o.later()
		}
		o.webhook("identified") // It comes late.
		i := o.incident()
		got := i.Application + " " + clockOf(i.OpenedAt) + " " + clockOf(i.MitigatedAt) + " " + clockOf(i.ResolvedAt)
		if want := "checkout 12:05:00 12:40:00 13:00:00"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
	})
}

func TestPagerdutyByWebhookAndAskedIsOneIncident(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	settings := `{"services":{"PCHK001":{"application":"checkout"}},"api":{"url":"URL","token":"${env:T}"}}`
	eachOf(t, "pagerduty", settings, now, func() http.Handler { return vendortest.NewPagerDuty() }, func(t *testing.T, o *office, vendor http.Handler) {
		o.webhook("acknowledged") // The webhook of the end was lost.
		_, body := o.fixture("resolved")
		var held struct {
			Event struct {
				Data map[string]any `json:"data"`
			} `json:"event"`
		}
		if err := json.Unmarshal(body, &held); err != nil {
			t.Fatal(err)
		}
		vendor.(*vendortest.PagerDuty).Put(held.Event.Data, [2]string{"trigger_log_entry", "2026-03-01T12:05:00Z"}, [2]string{"acknowledge_log_entry", "2026-03-01T12:08:30Z"}, [2]string{"resolve_log_entry", "2026-03-01T12:40:00Z"})
		o.readAll()
		o.webhook("triggered") // It comes late.
		i := o.incident()
		got := i.Application + " " + clockOf(i.OpenedAt) + " " + clockOf(i.AcknowledgedAt) + " " + clockOf(i.ResolvedAt)
		if want := "checkout 12:05:00 12:08:30 12:40:00"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
	})
}

func TestJenkinsJobsThatAreRenamedCountOnce(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	jenkins := func() http.Handler {
		j := vendortest.NewJenkins()
		j.Make("deploy", vendortest.JenkinsJob)
		for n := 1; n <= 3; n++ {
			j.Build("deploy", map[string]any{"number": n, "queueId": n, "building": false, "result": "SUCCESS", "timestamp": start.Add(time.Duration(n) * time.Hour).UnixMilli(), "duration": 1000, "actions": []any{}})
		}
		return j
	}
	settings := `{"deployments":[{"pipeline":"deploy*","environment":"production","application":"checkout"}],"api":{"url":"URL/jenkins/","user":"evenkeel","token":"${env:T}","jobs":["*"]}}`
	eachOf(t, "jenkins", settings, start.Add(24*time.Hour), jenkins, func(t *testing.T, o *office, vendor http.Handler) {
		o.readAll()
		vendor.(*vendortest.Jenkins).Rename("deploy", "deploy-production")
		o.later()
		if _, left := o.streams()["builds deploy"]; left || o.deployments() != 3 || !o.streams()["builds deploy-production"].Complete {
			t.Errorf("%d deployments by %v", o.deployments(), o.streams())
		}
	})
}
