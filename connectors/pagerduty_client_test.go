package connectors_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors/vendortest"
)

const pagerdutySettings = `{"services":{"PCHK001":{"application":"checkout","environment":"production"},"Search":{"application":"search"}},` +
	`"severities":{"P1":"sev1","P2":"sev2","high":"sev2","low":"sev4"},"api":{"url":"URL","token":"${env:T}","history":"400d"}}`

// pagerdutyNow is after the story that the fixtures tell.
var pagerdutyNow = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

func askPagerduty(t *testing.T) (*asked, *vendortest.PagerDuty) {
	t.Helper()
	pagerduty := vendortest.NewPagerDuty()
	return ask(t, "pagerduty", pagerdutyNow, pagerduty, pagerdutySettings), pagerduty
}

// pagerdutyIncident is the incident that a webhook shows, as the interface
// shows it later.
func pagerdutyIncident(t *testing.T, fixture, changed string) map[string]any {
	t.Helper()
	var body struct {
		Event struct {
			Data map[string]any `json:"data"`
		} `json:"event"`
	}
	if err := json.Unmarshal(fixtures(t, "pagerduty", fixture)[0].Body, &body); err != nil {
		t.Fatal(err)
	}
	body.Event.Data["last_status_change_at"] = changed
	return body.Event.Data
}

// pagerdutyLog is the log of the story that the fixtures tell. It says nothing
// in so many words of the incident that was opened again.
func pagerdutyLog() [][2]string {
	return [][2]string{
		{"trigger_log_entry", "2026-03-01T12:05:00Z"},
		{"notify_log_entry", "2026-03-01T12:05:01Z"},
		{"acknowledge_log_entry", "2026-03-01T12:08:30Z"},
		{"unacknowledge_log_entry", "2026-03-01T12:20:00Z"},
		{"acknowledge_log_entry", "2026-03-01T12:25:00Z"},
		{"resolve_log_entry", "2026-03-01T12:40:00Z"},
		{"trigger_log_entry", "2026-03-01T13:00:00Z"},
		{"resolve_log_entry", "2026-03-01T13:20:00Z"},
	}
}

// TestPagerdutyAskedSaysWhatItsWebhooksSay: the incident is the same whether
// webhooks tell of it, or the interface, or both in any order.
func TestPagerdutyAskedSaysWhatItsWebhooksSay(t *testing.T) {
	t.Parallel()
	names := []string{"triggered", "acknowledged", "priority_updated", "unacknowledged", "acknowledged_again", "service_updated", "resolved", "reopened", "resolved_again"}
	all := parsed(t, "pagerduty", names...)
	var told []evenkeel.Event
	for _, name := range names {
		told = append(told, all[name]...)
	}
	a, pagerduty := askPagerduty(t)
	pagerduty.Put(pagerdutyIncident(t, "resolved_again", "2026-03-01T13:20:00Z"), pagerdutyLog()...)
	got := a.mustPull("incidents")
	want := []string{"checkout", "pagerduty:PCHK001", "production", "sev2", "12:05:00", "12:08:30", "13:00:00", "13:20:00"}
	rapid.Check(t, func(t *rapid.T) {
		for _, events := range [][]evenkeel.Event{told, got, append(append([]evenkeel.Event{}, told...), got...)} {
			i, gone := incidentOf(t, anyOrder(t, events))
			is := []string{i.Application, i.Origin, i.Environment, i.Severity, stampOf(i.OpenedAt), stampOf(i.AcknowledgedAt), stampOf(i.ReopenedAt), stampOf(i.ResolvedAt)}
			if gone || !equalTexts(is, want) {
				t.Fatalf("gone %v: %v, want %v", gone, is, want)
			}
		}
	})
}

func TestPagerdutyAskedKnowsWhatWasMerged(t *testing.T) {
	t.Parallel()
	a, pagerduty := askPagerduty(t)
	pagerduty.Put(pagerdutyIncident(t, "resolved_merged", "2026-03-01T12:12:00Z"), pagerdutyLog()[:3]...)
	if _, gone := incidentOf(t, a.mustPull("incidents")); !gone {
		t.Error("a merged incident counts twice")
	}
}

func TestPagerdutyIncidentsThatAreOpenAreAskedForAgain(t *testing.T) {
	t.Parallel()
	a, pagerduty := askPagerduty(t)
	pagerduty.Put(pagerdutyIncident(t, "acknowledged", "2026-03-01T12:08:30Z"), pagerdutyLog()[:3]...)
	if i, _ := incidentOf(t, a.mustPull("incidents")); stampOf(i.AcknowledgedAt) != "12:08:30" || !i.ResolvedAt.IsZero() {
		t.Errorf("open: %+v", i)
	}
	a.pass(30 * 24 * time.Hour)
	pagerduty.Put(pagerdutyIncident(t, "resolved", "2026-03-01T12:40:00Z"), pagerdutyLog()[:6]...)
	if i, _ := incidentOf(t, a.mustPull("incidents")); stampOf(i.ResolvedAt) != "12:40:00" {
		t.Errorf("resolved: %+v", i)
	}
	if n := a.requests(func() { a.mustPull("incidents") }); n > 2 { // The list, and the log of the newest once more.
		t.Errorf("%d requests when nothing is open", n)
	}
}

// TestPagerdutyIsReadInWindows: PagerDuty refuses more than 180 days at once,
// and between incidents there may be windows without any.
func TestPagerdutyIsReadInWindows(t *testing.T) {
	t.Parallel()
	a, pagerduty := askPagerduty(t)
	for n, days := range []int{1, 2, 399, 401} {
		incident := maps.Clone(pagerdutyIncident(t, "resolved", ""))
		incident["id"], incident["created_at"] = fmt.Sprint("Q", n), pagerdutyNow.AddDate(0, 0, -days).Format(time.RFC3339)
		incident["last_status_change_at"] = incident["created_at"]
		pagerduty.Put(incident)
	}
	ids := map[string]bool{}
	for _, e := range a.mustPull("incidents") {
		ids[e.ID] = true
	}
	if len(ids) != 3 || !ids["Q2"] || ids["Q3"] {
		t.Errorf("incidents: %v", ids)
	}
	for _, document := range a.vendor.Requests() {
		if got := document.Header.Get("Authorization"); got != "Token token=good" {
			t.Errorf("asked as %q", got)
		}
	}
}

func TestPagerdutyKeepsNothingOfPeople(t *testing.T) {
	t.Parallel()
	a, pagerduty := askPagerduty(t)
	pagerduty.Put(pagerdutyIncident(t, "resolved", "2026-03-01T12:40:00Z"), pagerdutyLog()[:6]...)
	a.seen = func(body []byte) {
		if strings.Contains(string(body), "Kim Doe") || strings.Contains(string(body), "assignees") {
			t.Errorf("kept: %s", body)
		}
	}
	a.mustPull("incidents")
}

func TestPagerdutyIsLookedAt(t *testing.T) {
	t.Parallel()
	a, _ := askPagerduty(t)
	access := a.look()
	if !strings.HasPrefix(access.Identity, "an API key for 127.0.0.1") || !equalTexts(access.Streams, []string{"incidents"}) || len(access.Limits) != 1 || access.Limits[0].Most != 960 {
		t.Errorf("access: %+v", access)
	}
	refuses(t, a)
	if _, err := a.pull("services"); err == nil {
		t.Error("a stream that is none is read")
	}
	settingsNameTheMistake(t, "pagerduty", map[string]string{
		`{"api":{}}`:                                   "api.token",
		`{"api":{"token":"u+abc"}}`:                    "api.token",
		`{"api":{"token":"${env:T}","url":"x"}}`:       "api.url",
		`{"api":{"token":"${env:T}","history":"x"}}`:   "api.history",
		`{"api":{"token":"${env:T}","services":[""]}}`: "api.services[0]",
	})
}

func TestPagerdutyThatMisbehaves(t *testing.T) {
	t.Parallel()
	survives(t, func(t *testing.T) *asked {
		t.Helper()
		a, pagerduty := askPagerduty(t)
		pagerduty.Put(pagerdutyIncident(t, "resolved", "2026-03-01T12:40:00Z"), pagerdutyLog()[:6]...)
		return a
	}, "incidents")
}
