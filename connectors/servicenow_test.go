package connectors_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors/vendortest"
)

var _ = sends("servicenow", sender{sign: bearer, key: true})

// FuzzServicenow reads any body.
func FuzzServicenow(f *testing.F) { fuzzSource(f, "servicenow") }

const servicenowAsked = `{"api":{"url":%q,"user":"evenkeel","password":"${env:P}"},
	"incidents":{},"change_requests":{},"work_items":[{"name":"defects","table":"rm_defect","type":"bug"}],
	"applications":[{"ci":"checkout-*","application":"checkout"}],"deployment":{"field":"u_deployment"},"severities":{"1":"sev1"}}`

func newAskedServicenow(t *testing.T, page int) (*askedTracker, *vendortest.ServiceNow) {
	t.Helper()
	now := vendortest.NewServiceNow(page)
	return newAskedTracker(t, "servicenow", servicenowAsked, now), now
}

// ticket is an incident that was opened and last updated at an instant, and
// says much of people.
func ticket(number int, updated time.Time) vendortest.Row {
	at := updated.UTC().Format(time.DateTime)
	return vendortest.Row{
		"sys_id": fmt.Sprintf("%032x", number*7919%1000), "number": "INC" + strconv.Itoa(number), "sys_updated_on": at, "sys_mod_count": "0", "opened_at": at, "state": "1|New",
		"priority": "1|1 - Critical", "cmdb_ci": "c1|checkout-api", "caller_id": "u1|Kim Lee", "short_description": "Kim's till", "assigned_to": "u2|Bo Ek", "caused_by": "",
	}
}

func TestServicenowTellsOfAnIncidentAndItsDeployment(t *testing.T) {
	t.Parallel()
	a, now := newAskedServicenow(t, 100)
	row := ticket(1, jiraAt("2026-03-01T12:00:00Z"))
	row["caused_by"] = "chg1|CHG0030001"
	now.Put("incident", row)
	change := vendortest.Row{"sys_id": "chg1", "number": "CHG0030001", "sys_updated_on": "2026-03-01 10:00:00", "sys_mod_count": "1", "approval": "requested|Requested", "cmdb_ci": "c1|checkout-api", "state": "-2|Scheduled", "opened_at": "2026-02-27 10:00:00", "requested_by": "u1|Kim Lee"}
	now.Put("change_request", change)
	want := &evenkeel.Incident{Application: "checkout", Origin: "servicenow:checkout-api", Severity: "sev1", OpenedAt: jiraAt("2026-03-01T12:00:00Z")}
	events := a.mustPull("incidents")
	if diff := cmp.Diff(map[string]evenkeel.Payload{"INC1": want}, ticketFacts(t, events)); diff != "" {
		t.Error(diff)
	}
	evidence := a.mustPull("change-requests")
	if e, ok := ticketFacts(t, evidence)["CHG0030001"].(*evenkeel.Evidence); !ok || e.Result != evenkeel.EvidenceUnknown || e.Application != "checkout" || e.Check != "change-request" {
		t.Errorf("before the approval: %s", asText(evidence...))
	}
	// The change request is approved and learns of its deployment; the incident
	// itself is not updated.
	change = changed(change, "sys_updated_on", "2026-03-02 09:00:00", "sys_mod_count", "5", "approval", "approved|Approved", "approval_set", "2026-03-01 10:30:00", "u_deployment", "118")
	now.Put("change_request", change)
	events = append(events, a.mustPull("change-requests")...)
	want.CausedBy = "118"
	facts := ticketFacts(t, events)
	if diff := cmp.Diff(evenkeel.Payload(want), facts["INC1"]); diff != "" {
		t.Errorf("the cause is learnt later\n%s", diff)
	}
	if e, ok := facts["CHG0030001"].(*evenkeel.Evidence); !ok || e.Result != evenkeel.EvidencePass || !e.At.Equal(jiraAt("2026-03-01T10:30:00Z")) || !strings.Contains(e.Value, "deployment 118") {
		t.Errorf("after the approval: %+v", facts["CHG0030001"])
	}
	// It was another deployment after all: the incident is read again in whatever order.
	now.Put("change_request", changed(change, "sys_mod_count", "6", "u_deployment", ""))
	later := a.mustPull("change-requests")
	want.CausedBy = ""
	for _, order := range [][]evenkeel.Event{slices.Concat(events, later), slices.Concat(later, events)} {
		if diff := cmp.Diff(evenkeel.Payload(want), ticketFacts(t, order)["INC1"]); diff != "" {
			t.Errorf("the cause is taken back\n%s", diff)
		}
	}
	for _, body := range a.bodies {
		for _, person := range []string{"Kim", "Bo Ek", "till", "caller_id"} {
			if strings.Contains(body, person) {
				t.Errorf("%q is kept: %s", person, body)
			}
		}
	}
}

// changed is a row with other values.
func changed(row vendortest.Row, columnsAndValues ...string) vendortest.Row {
	other := maps.Clone(row)
	for i := 0; i+1 < len(columnsAndValues); i += 2 {
		other[columnsAndValues[i]] = columnsAndValues[i+1]
	}
	return other
}

func TestAnIncidentThatIsCancelledIsTakenBack(t *testing.T) {
	t.Parallel()
	a, now := newAskedServicenow(t, 100)
	row := ticket(1, jiraAt("2026-03-01T12:00:00Z"))
	now.Put("incident", row)
	events := a.mustPull("incidents")
	now.Put("incident", changed(row, "state", "8|Canceled", "sys_mod_count", "1")) // In the same second.
	if facts := ticketFacts(t, append(events, a.mustPull("incidents")...)); len(facts) != 0 {
		t.Errorf("left: %v", facts)
	}
}

func TestServicenowFaults(t *testing.T) {
	t.Parallel()
	trackerFaults(t, "incidents", func(t *testing.T) *askedTracker {
		a, now := newAskedServicenow(t, 100)
		for n := range 3 {
			now.Put("incident", ticket(n, jiraAt("2026-05-01T00:00:00Z")))
		}
		return a
	}, 3)
}

// TestServicenowReadsAll: every record is told of with its last update, also
// where many share a second, and some are updated, hidden or deleted between pages.
func TestServicenowReadsAll(t *testing.T) {
	t.Parallel()
	server := vendortest.New(t, http.NotFoundHandler())
	rapid.Check(t, func(rt *rapid.T) {
		now := vendortest.NewServiceNow(100)
		server.Always(func(w http.ResponseWriter, r *http.Request, _ http.Handler) { now.ServeHTTP(w, r) })
		a := connected(rt, "servicenow", fmt.Sprintf(servicenowAsked, server.URL), server)
		at := jiraAt("2026-03-29T00:30:00Z")
		last := map[string]time.Time{}
		hidden := rapid.IntRange(0, 120).Draw(rt, "hidden")
		for n := range hidden { // A whole page may be hidden.
			row := ticket(1000+n, jiraAt("2026-03-28T00:00:00Z").Add(time.Duration(n)*time.Second))
			row["sys_id"] = "hidden" + strconv.Itoa(n)
			now.Hidden[row["sys_id"]] = true
			now.Put("incident", row)
		}
		var events []evenkeel.Event
		for range rapid.IntRange(1, 4).Draw(rt, "polls") {
			for range rapid.IntRange(0, 3).Draw(rt, "batches") {
				at = at.Add(rapid.SampledFrom([]time.Duration{0, time.Second, time.Minute, time.Hour}).Draw(rt, "pause"))
				first := rapid.IntRange(0, 100).Draw(rt, "first")
				for n := range rapid.IntRange(0, 250).Draw(rt, "at once") {
					row := ticket(first+n, at)
					row["sys_id"] = fmt.Sprintf("%032x", (first+n)*7919)
					now.Put("incident", row)
					last[row["number"]] = at
				}
			}
			events = append(events, a.mustPull("incidents")...)
		}
		told := map[string]time.Time{}
		for _, e := range events {
			if e.ObservedAt.After(told[e.ID]) {
				told[e.ID] = e.ObservedAt
			}
		}
		if diff := cmp.Diff(last, told); diff != "" {
			rt.Fatalf("%d of %d\n%s", len(told), len(last), diff)
		}
	})
}

// TestServicenowLosesNothingThatMoves while pages are read.
func TestServicenowLosesNothingThatMoves(t *testing.T) {
	t.Parallel()
	a, now := newAskedServicenow(t, 100)
	for n := range 450 {
		row := ticket(n, jiraAt("2026-05-01T00:00:00Z").Add(time.Duration(n/200)*time.Second)) // Two hundred in each second.
		row["sys_id"] = fmt.Sprintf("%032x", n*7919)
		now.Put("incident", row)
	}
	pages := 0
	a.vendor.Always(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		next.ServeHTTP(w, r)
		switch pages++; pages {
		case 2: // Of the second that is read now, one that was read goes away,
			now.Remove("incident", fmt.Sprintf("%032x", 399*7919))
		case 3: // and one is updated.
			row := ticket(210, jiraAt("2026-05-02T00:00:00Z"))
			row["sys_id"] = fmt.Sprintf("%032x", 210*7919)
			now.Put("incident", row)
		}
	})
	all := ticketFacts(t, a.mustPull("incidents"))
	for n := range 450 {
		if all["INC"+strconv.Itoa(n)] == nil {
			t.Errorf("INC%d is missing", n)
		}
	}
}

func TestServicenowThatLiesAboutPagesIsLeft(t *testing.T) {
	t.Parallel()
	const row = `{"sys_id":{"value":"a"},"number":{"value":"INC1"},"sys_updated_on":{"value":"2026-05-01 00:00:00"},"opened_at":{"value":"2026-05-01 00:00:00"},"state":{"value":"1"}}`
	for name, body := range map[string]string{"the same page again": `{"result":[` + row + `]}`, "empty pages": `{"result":[]}`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, _ := newAskedServicenow(t, 100)
			n := 0
			a.vendor.Always(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
				n++
				vendortest.Instead(http.Header{"X-Total-Count": {"1000000"}}, body)(w, r, next)
			})
			if _, err := a.pull("incidents"); err == nil || n > 60 {
				t.Errorf("%d pages, %v", n, err)
			}
		})
	}
}

func TestServicenowThatIgnoresAConditionIsNotBelieved(t *testing.T) {
	t.Parallel()
	a, now := newAskedServicenow(t, 100)
	now.Put("incident", ticket(1, jiraAt("2020-05-01T00:00:00Z")))
	a.vendor.Always(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		query := r.URL.Query()
		query.Set("sysparm_query", "")
		r.URL.RawQuery = query.Encode()
		next.ServeHTTP(w, r)
	})
	if events, err := a.pull("incidents"); err == nil || len(events) != 0 {
		t.Errorf("%d events, %v", len(events), err)
	}
}

func TestServicenowTokensAreFetchedAndRenewed(t *testing.T) {
	t.Parallel()
	now := vendortest.NewServiceNow(100)
	now.Token = "first"
	now.Put("incident", ticket(1, jiraAt("2026-05-01T00:00:00Z")))
	settings := strings.Replace(servicenowAsked, `"user":"evenkeel","password":"${env:P}"`, `"client_id":"c","client_secret":"${env:S}"`, 1)
	a := newAskedTracker(t, "servicenow", settings, now)
	wanted := "first"
	a.vendor.Always(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if r.URL.Path != "/oauth_token.do" && r.Header.Get("Authorization") != "Bearer "+wanted {
			vendortest.Status(http.StatusUnauthorized)(w, r, next)
			return
		}
		next.ServeHTTP(w, r)
	})
	a.mustPull("incidents")
	a.mustPull("incidents")
	if n := now.Tokens(); n != 1 {
		t.Errorf("%d tokens for two polls", n)
	}
	now.Token, wanted = "second", "second" // The first is revoked.
	a.mustPull("incidents")
	if err := a.clock.Sleep(t.Context(), 29*time.Minute+time.Second); err != nil { // It is about to end.
		t.Fatal(err)
	}
	a.mustPull("incidents")
	if n := now.Tokens(); n != 3 {
		t.Errorf("%d tokens, want one each for the revoked and the one that ends", n)
	}
	now.Token = "third" // A client that is taken away.
	if _, err := a.pull("incidents"); err != nil {
		t.Errorf("a token that holds: %v", err)
	}
	wanted = "fourth"
	if _, err := a.pull("incidents"); err == nil || strings.Contains(err.Error(), "third") {
		t.Errorf("a token that is not accepted: %v", err)
	}
}

func TestServicenowSaysWhatIsGranted(t *testing.T) {
	t.Parallel()
	a, now := newAskedServicenow(t, 100)
	now.Put("incident", ticket(1, jiraAt("2026-05-01T00:00:00Z")))
	now.Denied["change_request"] = true
	access, err := a.puller.Look(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]bool{}
	for _, p := range access.Permissions {
		said[p.Name] = *p.Granted
		if !*p.Granted && p.For == "" {
			t.Errorf("%s: no reason", p.Name)
		}
	}
	want := map[string]bool{"incident: read": true, "change_request: read": false, "rm_defect: read": false} // There is no such table.
	if diff := cmp.Diff(want, said); diff != "" || !slices.Equal(access.Streams, []string{"incidents", "change-requests", "work-items defects"}) {
		t.Errorf("%q\n%s", access.Streams, diff)
	}
	a.vendor.Always(vendortest.Status(http.StatusUnauthorized))
	if _, err := a.puller.Look(t.Context()); err == nil {
		t.Error("a wrong password is accepted")
	}
}

// TestRulesOfApplications: which application a record is of depends on the
// first rule that fits, and on nothing else.
func TestRulesOfApplications(t *testing.T) {
	t.Parallel()
	globs := rapid.SampledFrom([]string{"", "*", "a", "a*", "?", "b-[12]", "ab"})
	names := rapid.SampledFrom([]string{"", "a", "ab", "b-1", "b-3", "A"})
	fits := func(glob, name string) bool { // By hand, of these globs alone.
		switch glob {
		case "", "*":
			return true
		case "a*":
			return strings.HasPrefix(name, "a")
		case "?":
			return len(name) == 1
		case "b-[12]":
			return name == "b-1" || name == "b-2"
		}
		return glob == name
	}
	rapid.Check(t, func(rt *rapid.T) {
		type rule struct{ ci, service, group string }
		rules := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) rule {
			return rule{globs.Draw(rt, "ci"), globs.Draw(rt, "service"), globs.Draw(rt, "group")}
		}), 0, 4).Draw(rt, "rules")
		var written []string
		ci, service, group := names.Draw(rt, "name of ci"), names.Draw(rt, "name of service"), names.Draw(rt, "name of group")
		want := ""
		for i, r := range rules {
			written = append(written, fmt.Sprintf(`{"ci":%q,"service":%q,"group":%q,"application":"app-%d"}`, r.ci, r.service, r.group, i))
			if want == "" && fits(r.ci, ci) && fits(r.service, service) && fits(r.group, group) {
				want = fmt.Sprintf("app-%d", i)
			}
		}
		s := sourceNamed(t, "servicenow")
		reads := receiverOf(t, s, []byte(`{"incidents":{},"applications":[`+strings.Join(written, ",")+`]}`))
		body := fmt.Sprintf(`{"event":"incident","record":{"number":{"value":"INC1"},"state":{"value":"1"},"sys_updated_on":{"value":"2026-03-01 12:00:00"},"opened_at":{"value":"2026-03-01 12:00:00"},
			"cmdb_ci":{"value":"","display_value":%q},"business_service":{"value":"","display_value":%q},"assignment_group":{"value":"","display_value":%q}}}`, ci, service, group)
		events, err := reads.Parse(http.Header{}, []byte(body))
		if err != nil {
			rt.Fatal(err)
		}
		if got := events[0].Payload.(*evenkeel.Incident).Application; got != want {
			rt.Fatalf("%q, want %q", got, want)
		}
	})
}

func TestServicenowSettings(t *testing.T) {
	t.Parallel()
	const url = `"url":"https://acme.service-now.com"`
	settingsNameTheMistake(t, "servicenow", map[string]string{
		`{"api":{` + url + `,"user":"u","password":"${env:P}"}}`:                                   "api: asks for nothing",
		`{"incidents":{},"api":{` + url + `}}`:                                                     "api.user: is required",
		`{"incidents":{},"api":{` + url + `,"user":"u","password":"s3cret"}}`:                      "api.password: is not a reference",
		`{"incidents":{},"api":{` + url + `,"client_id":"u"}}`:                                     "api.client_secret: is not a reference",
		`{"incidents":{},"api":{` + url + `,"token":"${env:T}","user":"u","password":"${env:P}"}}`: "api.token: stands beside",
		`{"incidents":{"query":"a=1^NQb=2"}}`:                                                      "incidents.query: holds several queries",
		`{"change_requests":{"query":"ORDERBYnumber"}}`:                                            "change_requests.query: orders",
		`{"work_items":[{"name":"x","type":"bug","table":"../user"}]}`:                             "work_items[0].table",
		`{"work_items":[{"name":"","type":"bug","table":"problem"}]}`:                              "work_items[0].name",
		`{"deployment":{"field":"a.b"}}`:                                                           "deployment.field",
		`{"deployment":{"source":"github"}}`:                                                       "deployment.field: is required",
		`{"severity_field":"colour"}`:                                                              "severity_field",
		`{"applications":[{"ci":"[","application":"a"}]}`:                                          "applications[0].ci",
		`{"applications":[{"ci":"a","application":"A!"}]}`:                                         "applications[0].application",
	})
}
