package connectors_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
	"github.com/evenkeel-dev/evenkeel/connectors/promtest"
	"github.com/evenkeel-dev/evenkeel/connectors/vendortest"
)

// received keeps what was posted.
type received struct {
	paths   []string
	headers []http.Header
	bodies  []string
}

func (r *received) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	body, _ := io.ReadAll(request.Body)
	r.paths, r.headers, r.bodies = append(r.paths, request.Method+" "+request.URL.Path), append(r.headers, request.Header), append(r.bodies, string(body))
	w.WriteHeader(http.StatusNoContent)
}

func notifying(clock *vendortest.Clock) connectors.Outside {
	return connectors.Outside{Now: clock.Now, Sleep: clock.Sleep}
}

var firedAt = time.Date(2026, 11, 1, 10, 9, 0, 0, time.UTC)

func burning() connectors.AlertNotice {
	return connectors.AlertNotice{
		SLO: "checkout-availability", Title: "Checkout answers", Application: "checkout", Environment: "production", Severity: "page",
		State: connectors.AlertFiring, Long: time.Hour, Short: 5 * time.Minute, Factor: 14.4, Burn: new(50.0), Peak: 50, Remaining: new(0.75),
		Fired: firedAt, Since: firedAt, Link: "https://evenkeel.example.com/w/default/slos/1",
	}
}

func resolved() connectors.AlertNotice {
	n := burning()
	n.State, n.Since = connectors.AlertResolved, firedAt.Add(26*time.Minute)
	return n
}

// TestWebhookMessage is the documented body; it is signed as we want others to
// sign for us, and the same message has the same id.
func TestWebhookMessage(t *testing.T) {
	t.Parallel()
	got, clock := &received{}, vendortest.NewClock(firedAt.Add(time.Minute))
	server := vendortest.New(t, got)
	server.Plan(vendortest.Status(http.StatusBadGateway))
	const secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
	notifier, err := connectors.NewWebhookNotifier(connectors.NotifierSettings{URL: server.URL + "/hooks/slo", Secret: secret}, notifying(clock))
	if err != nil {
		t.Fatal(err)
	}
	if err := notifier.Notify(t.Context(), []connectors.AlertNotice{burning(), resolved()}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"POST /hooks/slo", "POST /hooks/slo"}, got.paths); diff != "" {
		t.Fatal(diff)
	}
	const want = `{"type":"slo.alert.resolved","timestamp":"2026-11-01T10:35:00Z","data":{"id":"ID","slo":"checkout-availability","title":"Checkout answers",` +
		`"objective":null,"series":null,"application":"checkout","environment":"production","severity":"page","policy":null,"state":"resolved","long":"1h","short":"5m",` +
		`"factor":14.4,"burn":50,"peak":50,"remaining":0.75,"fired_at":"2026-11-01T10:09:00Z","resolved_at":"2026-11-01T10:35:00Z",` +
		`"summary":"Checkout answers no longer burns its error budget too fast",` +
		`"description":"The budget burned at more than 14.4 times the rate that it can hold over the last 1h and the last 5m, at most at 50. 75 % of it remains.",` +
		`"link":"https://evenkeel.example.com/w/default/slos/1"}}`
	if diff := cmp.Diff(strings.Replace(want, "ID", resolved().ID(), 1), got.bodies[1]); diff != "" {
		t.Error(diff)
	}
	// incident.io signs its webhooks in the same way.
	source, err := connectors.SourceNamed("incident-io")
	if err != nil {
		t.Fatal(err)
	}
	receiver := receiverOf(t, source, nil)
	for i, h := range got.headers {
		if err := receiver.Verify(h, []byte(got.bodies[i]), []string{secret}); err != nil {
			t.Errorf("message %d: %v", i, err)
		}
		if err := receiver.Verify(h, []byte(got.bodies[i]+" "), []string{secret}); !errors.Is(err, evenkeel.ErrDenied) {
			t.Errorf("message %d is changed, and taken: %v", i, err)
		}
	}
	if burning().ID() != got.headers[0].Get("webhook-id") || burning().ID() == resolved().ID() {
		t.Errorf("ids %s and %s", got.headers[0].Get("webhook-id"), resolved().ID())
	}
}

// TestAlertmanagerMessage is what Alertmanager's interface takes.
func TestAlertmanagerMessage(t *testing.T) {
	t.Parallel()
	got, clock := &received{}, vendortest.NewClock(firedAt.Add(40*time.Minute))
	server := httptest.NewServer(got)
	defer server.Close()
	notifier, err := connectors.NewAlertmanagerNotifier(connectors.NotifierSettings{URL: server.URL + "/alerts/", Secret: "t0ken"}, notifying(clock))
	if err != nil {
		t.Fatal(err)
	}
	silent := burning()
	silent.State, silent.Severity, silent.Title, silent.Objective, silent.Since, silent.Remaining = connectors.AlertNoData, "ticket", "", "fast", firedAt.Add(time.Hour), nil
	if err := notifier.Notify(t.Context(), []connectors.AlertNotice{resolved(), silent}); err != nil {
		t.Fatal(err)
	}
	const labels = `"alertname":"EvenkeelBudgetBurn","evenkeel_environment":"production","evenkeel_long":"1h",`
	const numbers = `"description":"The budget burned at more than 14.4 times the rate that it can hold over the last 1h and the last 5m, at most at 50.`
	const want = `[{"labels":{` + labels + `"evenkeel_service":"checkout","evenkeel_short":"5m","evenkeel_slo":"checkout-availability","severity":"page"},` +
		`"annotations":{` + numbers + ` 75 % of it remains.","summary":"Checkout answers no longer burns its error budget too fast"},` +
		`"startsAt":"2026-11-01T10:09:00Z","endsAt":"2026-11-01T10:35:00Z","generatorURL":"https://evenkeel.example.com/w/default/slos/1"},` +
		`{"labels":{` + labels + `"evenkeel_objective":"fast","evenkeel_service":"checkout","evenkeel_short":"5m","evenkeel_slo":"checkout-availability","severity":"ticket"},` +
		`"annotations":{` + numbers + `","summary":"checkout-availability (fast) burned its error budget too fast when its data stopped at 2026-11-01T11:09:00Z"},` +
		`"startsAt":"2026-11-01T10:09:00Z","endsAt":"2026-11-01T11:04:00Z","generatorURL":"https://evenkeel.example.com/w/default/slos/1"}]`
	if diff := cmp.Diff(want, strings.Join(got.bodies, "")); diff != "" {
		t.Error(diff)
	}
	if got.paths[0] != "POST /alerts/api/v2/alerts" || got.headers[0].Get("Authorization") != "Bearer t0ken" || got.headers[0].Get("Content-Type") != "application/json" {
		t.Errorf("%v, %v", got.paths, got.headers)
	}
}

// TestARealAlertmanager takes what it is told: a firing alert is there, told
// again it is one, and after the word of its end it is not.
func TestARealAlertmanager(t *testing.T) {
	t.Parallel()
	address := promtest.Alertmanager(t)
	notifier, err := connectors.NewAlertmanagerNotifier(connectors.NotifierSettings{URL: address}, connectors.Outside{Now: time.Now, Sleep: vendortest.NewClock(firedAt).Sleep})
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now().UTC().Truncate(time.Second)
	fires := burning()
	fires.Fired, fires.Since = now.Add(-time.Hour), now.Add(-time.Hour)
	for range 2 {
		if err := notifier.Notify(t.Context(), []connectors.AlertNotice{fires}); err != nil {
			t.Fatal(err)
		}
	}
	list := alertsOf(t, address)
	if len(list) != 1 || list[0].Labels["evenkeel_slo"] != fires.SLO || list[0].Labels["severity"] != "page" || !list[0].StartsAt.Equal(fires.Fired) {
		t.Fatalf("%+v", list)
	}
	over := fires
	over.State, over.Since = connectors.AlertResolved, now
	if err := notifier.Notify(t.Context(), []connectors.AlertNotice{over}); err != nil {
		t.Fatal(err)
	}
	if list = alertsOf(t, address); len(list) != 0 {
		t.Errorf("after its end: %+v", list)
	}
}

// kept is an alert as Alertmanager tells of it.
type kept struct {
	Labels   map[string]string `json:"labels"`
	StartsAt time.Time         `json:"startsAt"`
}

func alertsOf(t *testing.T, address string) (list []kept) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address+"/api/v2/alerts", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if err := json.NewDecoder(response.Body).Decode(&list); err != nil {
		t.Fatal(err)
	}
	return list
}

// TestNoticesThatCannotBeSent: what is wrong is named, the others are sent, and
// no secret is told.
func TestNoticesThatCannotBeSent(t *testing.T) {
	t.Parallel()
	got, clock := &received{}, vendortest.NewClock(firedAt)
	server := vendortest.New(t, got)
	notifier, err := connectors.NewWebhookNotifier(connectors.NotifierSettings{URL: server.URL, Secret: "very secret"}, notifying(clock))
	if err != nil {
		t.Fatal(err)
	}
	pending := burning()
	pending.State = "pending"
	err = notifier.Notify(t.Context(), []connectors.AlertNotice{pending, {}, burning()})
	if !errors.Is(err, evenkeel.ErrInvalid) || !strings.Contains(err.Error(), "pending") || len(got.bodies) != 1 {
		t.Errorf("%v, %d sent", err, len(got.bodies))
	}
	for status, want := range map[int]string{http.StatusForbidden: connectors.ErrRefused.Error(), http.StatusUnprocessableEntity: "answered 422", http.StatusServiceUnavailable: "answered 503"} {
		server.Always(vendortest.Status(status))
		if err := notifier.Notify(t.Context(), []connectors.AlertNotice{burning()}); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%d: %v", status, err)
		}
	}
}

func TestNotifierSettings(t *testing.T) {
	t.Parallel()
	clock := vendortest.NewClock(firedAt)
	for _, s := range []connectors.NotifierSettings{{}, {URL: "alertmanager:9093"}, {URL: "https://name:word@host"}, {URL: "ftp://host"}} {
		if _, err := connectors.NewAlertmanagerNotifier(s, notifying(clock)); err == nil || !strings.Contains(err.Error(), "url") || strings.Contains(err.Error(), "word") {
			t.Errorf("%+v: %v", s, err)
		}
	}
	if _, err := connectors.NewWebhookNotifier(connectors.NotifierSettings{URL: "https://host", Secret: "whsec_?"}, notifying(clock)); err == nil || !strings.Contains(err.Error(), "secret") {
		t.Error(err)
	}
}
