package connectors_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel/connectors/vendortest"
)

const statuspageSettings = `{"components":{"Payments":{"application":"checkout"},"cmp9search":{"application":"search","environment":"production"}},"severities":{"critical":"sev1","major":"sev2"},"api":{"url":"URL"}}`

func askStatuspage(t *testing.T) (*asked, *vendortest.Statuspage) {
	t.Helper()
	page := &vendortest.Statuspage{Page: map[string]any{"id": "pg4acme", "name": "Acme", "updated_at": "2026-03-02T00:00:00Z"}}
	return ask(t, "statuspage", time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC), page, statuspageSettings), page
}

// statuspageIncident is the incident of a webhook's body.
func statuspageIncident(t *testing.T, d delivery) map[string]any {
	t.Helper()
	var body struct {
		Incident map[string]any `json:"incident"`
	}
	if err := json.Unmarshal(d.Body, &body); err != nil {
		t.Fatal(err)
	}
	return body.Incident
}

// TestStatuspageAskedSaysWhatItsWebhooksSay: each state of an incident is told
// as its webhook tells it, and once.
func TestStatuspageAskedSaysWhatItsWebhooksSay(t *testing.T) {
	t.Parallel()
	a, page := askStatuspage(t)
	for _, name := range []string{"investigating", "identified", "monitoring", "resolved", "reopened"} {
		d := fixtures(t, "statuspage", name)[0]
		page.Put(statuspageIncident(t, d))
		told, err := d.parseAs(t, "statuspage")
		if err != nil {
			t.Fatal(err)
		}
		got := a.mustPull("incidents")
		if holdsAll(t, got, told); len(got) != len(told) {
			t.Errorf("%s: told %s", name, asText(got...))
		}
		if again := a.mustPull("incidents"); len(again) != 0 {
			t.Errorf("%s: told again %s", name, asText(again...))
		}
	}
	for _, request := range a.vendor.Requests() {
		if request.Header.Get("Authorization") != "" {
			t.Errorf("%s carries credentials", request.URL)
		}
	}
}

// TestStatuspageTimesOfUpdates: where an incident itself lacks the times, its
// updates tell them.
func TestStatuspageTimesOfUpdates(t *testing.T) {
	t.Parallel()
	a, page := askStatuspage(t)
	incident := statuspageIncident(t, fixtures(t, "statuspage", "resolved")[0])
	incident["monitoring_at"], incident["resolved_at"], incident["components"] = nil, nil, []any{}
	for _, update := range incident["incident_updates"].([]any) {
		update.(map[string]any)["affected_components"] = []any{map[string]any{"code": "cmp9search", "name": "Search"}}
	}
	page.Put(incident)
	i, gone := incidentOf(t, a.mustPull("incidents"))
	got := []string{i.Application, stampOf(i.OpenedAt), stampOf(i.MitigatedAt), stampOf(i.ResolvedAt), stampOf(i.ReopenedAt)}
	if want := []string{"search", "12:05:00", "12:40:00", "13:00:00", ""}; gone || !equalTexts(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestStatuspageMaintenanceIsNoIncident(t *testing.T) {
	t.Parallel()
	a, page := askStatuspage(t)
	page.Put(statuspageIncident(t, fixtures(t, "statuspage", "maintenance")[0]))
	if got := a.mustPull("incidents"); len(got) != 0 || len(a.ignored) != 1 || !strings.Contains(a.ignored[0], "maintenance") {
		t.Errorf("told %s, ignored %v", asText(got...), a.ignored)
	}
}

// TestStatuspageOldIncidentsThatAreOpen are below the fifty that a page shows.
func TestStatuspageOldIncidentsThatAreOpen(t *testing.T) {
	t.Parallel()
	a, page := askStatuspage(t)
	page.Put(statuspageIncident(t, fixtures(t, "statuspage", "identified")[0]))
	for n := range 60 {
		incident := statuspageIncident(t, fixtures(t, "statuspage", "resolved")[0])
		incident["id"] = fmt.Sprintf("inc%d", n)
		page.Put(incident)
	}
	ids := map[string]bool{}
	for _, e := range a.mustPull("incidents") {
		ids[e.ID] = true
	}
	if len(ids) != 51 || !ids["inc7w1x2"] || !ids["inc59"] || ids["inc9"] {
		t.Errorf("told of %d: %v", len(ids), ids)
	}
}

func TestStatuspageIsLookedAt(t *testing.T) {
	t.Parallel()
	a, _ := askStatuspage(t)
	if access := a.look(); access.Identity != "a visitor of the page Acme" || !equalTexts(access.Streams, []string{"incidents"}) {
		t.Errorf("access: %+v", access)
	}
	a.vendor.Plan(vendortest.Instead(http.Header{"Content-Type": {"application/json"}}, `{"status":"ok"}`))
	if _, err := a.puller.Look(t.Context()); err == nil || !strings.Contains(err.Error(), "names no page") {
		t.Errorf("something else than a page: %v", err)
	}
	if _, err := a.pull("components"); err == nil {
		t.Error("a stream that is none is read")
	}
	settingsNameTheMistake(t, "statuspage", map[string]string{`{"api":{}}`: "api.url", `{"api":{"url":"status.example.com"}}`: "api.url", `{"api":{"url":"https://x.example","token":"x"}}`: "api.token"})
}

func TestStatuspageThatMisbehaves(t *testing.T) {
	t.Parallel()
	survives(t, func(t *testing.T) *asked {
		t.Helper()
		a, page := askStatuspage(t)
		page.Put(statuspageIncident(t, fixtures(t, "statuspage", "resolved")[0]))
		return a
	}, "incidents")
}
