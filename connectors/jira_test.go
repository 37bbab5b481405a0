package connectors_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors/vendortest"
)

var _ = sends("jira", sender{sign: hexSigner("X-Hub-Signature", "sha256=")})

// FuzzJira reads any body.
func FuzzJira(f *testing.F) { fuzzSource(f, "jira") }

const jiraAsked = `{"api":{"url":%q,"user":"bot@acme.example","token":"${env:T}"},
	"incidents":{"projects":["OPS"],"types":["Incident"]},
	"work_items":[{"name":"debt","jql":"labels = debt","type":"debt"},{"name":"bugs","jql":"type = Bug","type":"bug"}],
	"applications":[{"component":"checkout*","application":"checkout"}],
	"fields":{"caused_by":"customfield_1"},"severities":{"High":"sev2"},"mitigated_statuses":["Monitoring"]}`

// jiraEditions runs a test for both editions of Jira.
func jiraEditions(t *testing.T, test func(t *testing.T, cloud bool)) {
	t.Helper()
	for name, cloud := range map[string]bool{"cloud": true, "data center": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, cloud)
		})
	}
}

func zoneNamed(t trackerTest, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return zone
}

func newAskedJira(t *testing.T, cloud bool, page int) (*askedTracker, *vendortest.Jira) {
	t.Helper()
	jira := vendortest.NewJira(cloud, zoneNamed(t, "Europe/Berlin"), page)
	return newAskedTracker(t, "jira", jiraAsked, jira), jira
}

func jiraAt(text string) time.Time {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return at
}

// jiraIssue is an issue that was made and last updated at an instant, and says
// much of people.
func jiraIssue(key string, updated time.Time) vendortest.JiraIssue {
	person := map[string]any{"accountId": "5b10", "displayName": "Kim Lee", "emailAddress": "kim@acme.example"}
	return vendortest.JiraIssue{Key: key, Updated: updated, Fields: map[string]any{
		"created": updated.Format("2006-01-02T15:04:05.000-0700"), "summary": "Kim's till is down", "description": "call Kim", "assignee": person, "reporter": person,
		"project": map[string]any{"key": "OPS", "lead": person}, "status": vendortest.JiraStatus("1", "To Do", "new"),
		"priority": map[string]any{"name": "High"}, "components": []any{map[string]any{"name": "checkout-api", "lead": person}},
		"customfield_1": map[string]any{"value": "118"},
	}}
}

// jiraMoved is a change of status by a person.
func jiraMoved(at, from, to, name string) map[string]any {
	return map[string]any{
		"created": at, "author": map[string]any{"displayName": "Kim Lee"},
		"items": []any{
			map[string]any{"field": "status", "from": from, "to": to, "toString": name},
			map[string]any{"field": "assignee", "from": "5b10", "fromString": "Kim Lee", "to": "5b11", "toString": "Bo Ek"},
		},
	}
}

func TestJiraTellsOfAnIncidentByItsHistory(t *testing.T) {
	t.Parallel()
	jiraEditions(t, func(t *testing.T, cloud bool) {
		a, jira := newAskedJira(t, cloud, 50)
		issue := jiraIssue("OPS-7", jiraAt("2026-03-01T12:00:00Z"))
		issue.Updated = jiraAt("2026-03-01T16:00:00Z")
		issue.Fields["status"] = vendortest.JiraStatus("6", "Closed", "done")
		issue.Fields["resolutiondate"] = "2026-03-01T12:40:00.000+0000"
		issue.Histories = []map[string]any{
			jiraMoved("2026-03-01T17:00:00.000+0100", "5", "6", "Closed"),      // From done to done: it had ended before.
			jiraMoved("2026-03-01T16:30:00.000+0100", "3", "5", "Resolved"),    // 15:30
			jiraMoved("2026-03-01T15:00:00.000+0100", "5", "3", "In Progress"), // Opened again at 14:00.
			jiraMoved("2026-03-01T13:40:00.000+0100", "4", "5", "Resolved"),    // 12:40
			jiraMoved("2026-03-01T13:20:00.000+0100", "3", "4", "Monitoring"),  // 12:20, of the time before.
			jiraMoved("2026-03-01T13:05:00.000+0100", "1", "3", "In Progress"), // 12:05
		}
		jira.Put(issue)
		want := &evenkeel.Incident{
			Application: "checkout", Origin: "jira:OPS", Severity: "sev2", CausedBy: "118", OpenedAt: jiraAt("2026-03-01T12:00:00Z"),
			AcknowledgedAt: jiraAt("2026-03-01T12:05:00Z"), ReopenedAt: jiraAt("2026-03-01T14:00:00Z"), ResolvedAt: jiraAt("2026-03-01T15:30:00Z"),
		}
		if diff := cmp.Diff(map[string]evenkeel.Payload{"OPS-7": want}, ticketFacts(t, a.mustPull("incidents"))); diff != "" {
			t.Error(diff)
		}
		for _, body := range a.bodies {
			for _, person := range []string{"Kim", "kim@", "5b1", "Bo", "till", "call"} {
				if strings.Contains(body, person) {
					t.Errorf("%q is kept: %s", person, body)
				}
			}
		}
	})
}

func TestJiraIsReadInPagesAndGoesOnWhereItStood(t *testing.T) {
	t.Parallel()
	jiraEditions(t, func(t *testing.T, cloud bool) {
		a, jira := newAskedJira(t, cloud, 10)
		for n := 1; n <= 95; n++ {
			jira.Put(jiraIssue(fmt.Sprintf("OPS-%d", n), jiraAt("2026-05-01T00:00:00Z").Add(time.Duration(n)*20*time.Second)))
		}
		jira.Put(jiraIssue("OPS-1000", jiraAt("2024-01-01T00:00:00Z")))                 // Before the past that is wanted.
		a.vendor.Plan(nil, nil, nil, nil, nil, vendortest.Status(http.StatusForbidden)) // Account, site, statuses, two pages, then no.
		first, err := a.pull("incidents")
		if err == nil || len(first) < 15 || first[0].ID != "OPS-95" {
			t.Fatalf("%d events before the refusal, %v", len(first), err)
		}
		jira.Put(jiraIssue("OPS-96", jiraAt("2026-05-01T03:00:00Z")))
		jira.Put(jiraIssue("OPS-5", jiraAt("2026-05-01T03:00:30Z"))) // One of those that are still to come is updated.
		before := len(a.vendor.Requests())
		second := a.mustPull("incidents")
		if asked := len(a.vendor.Requests()) - before; asked > 20 {
			t.Errorf("%d requests to go on", asked)
		}
		news := a.mustPull("incidents")
		all := ticketFacts(t, slices.Concat(first, second, news))
		if len(all) != 96 || len(ticketFacts(t, news)) < 2 {
			t.Errorf("%d incidents, news of %d", len(all), len(ticketFacts(t, news)))
		}
		last := a.pages[len(a.pages)-1]
		if !last.Complete || last.Done < 94 || !cloud && last.Total < last.Done {
			t.Errorf("progress: %+v", last)
		}
		again := a.mustPull("incidents")
		if len(again) != 2 || !cmp.Equal(again, news[:2]) {
			t.Errorf("the overlap is not read the same: %s, then %s", asText(news[:2]...), asText(again...))
		}
	})
}

func TestJiraFaults(t *testing.T) {
	t.Parallel()
	trackerFaults(t, "incidents", func(t *testing.T) *askedTracker {
		a, jira := newAskedJira(t, true, 50)
		for n := range 3 {
			jira.Put(jiraIssue(fmt.Sprintf("OPS-%d", n), jiraAt("2026-05-01T00:00:00Z")))
		}
		return a
	}, 3)
}

// TestJiraMinutes: whichever way Jira reads the local times of queries, every
// issue is read with its last update, also where clocks are moved, many issues
// share a minute, and some are updated or deleted between pages.
func TestJiraMinutes(t *testing.T) {
	t.Parallel()
	server := vendortest.New(t, http.NotFoundHandler())
	moves := map[string]string{
		"Europe/Berlin": "2026-10-25T01:00:00Z", "America/New_York": "2026-11-01T06:00:00Z", "Australia/Lord_Howe": "2026-04-04T15:00:00Z",
		"America/St_Johns": "2026-03-08T05:30:00Z", "Asia/Kolkata": "2026-05-01T00:00:00Z", "UTC": "2026-05-01T00:00:00Z",
	}
	rapid.Check(t, func(rt *rapid.T) {
		name := rapid.SampledFrom([]string{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/St_Johns", "Asia/Kolkata", "UTC"}).Draw(rt, "zone")
		jira := vendortest.NewJira(rapid.Bool().Draw(rt, "cloud"), zoneNamed(rt, name), rapid.IntRange(1, 7).Draw(rt, "page"))
		jira.Late = rapid.Bool().Draw(rt, "late")
		server.Always(func(w http.ResponseWriter, r *http.Request, _ http.Handler) { jira.ServeHTTP(w, r) })
		a := connected(rt, "jira", fmt.Sprintf(jiraAsked, server.URL), server)
		began := jiraAt(moves[name]).Add(-2 * time.Hour)
		last := map[string]time.Time{}
		var events []evenkeel.Event
		now := began
		for range rapid.IntRange(1, 5).Draw(rt, "polls") {
			for range rapid.IntRange(0, 12).Draw(rt, "updates") {
				now = now.Add(rapid.SampledFrom([]time.Duration{0, time.Millisecond, time.Second, 59 * time.Second, time.Minute, 31 * time.Minute}).Draw(rt, "pause"))
				key := fmt.Sprintf("OPS-%d", rapid.IntRange(1, 15).Draw(rt, "issue"))
				jira.Put(jiraIssue(key, now))
				last[key] = now
			}
			events = append(events, a.mustPull("incidents")...)
		}
		told := map[string]time.Time{}
		for _, e := range events {
			if e.ObservedAt.After(told[e.ID]) {
				told[e.ID] = e.ObservedAt
			}
		}
		if len(told) != len(last) {
			rt.Fatalf("%d issues are told of, want %d", len(told), len(last))
		}
		for key, at := range last {
			if !told[key].Equal(at.Truncate(time.Millisecond)) {
				rt.Fatalf("%s was updated at %v, told %v", key, at, told[key])
			}
		}
	})
}

// TestJiraOffsetsDoNotLose what a deletion moves while a minute is read that
// holds more than a page.
func TestJiraOffsetsDoNotLose(t *testing.T) {
	t.Parallel()
	jiraEditions(t, func(t *testing.T, cloud bool) {
		a, jira := newAskedJira(t, cloud, 4)
		for n := range 30 {
			jira.Put(jiraIssue(fmt.Sprintf("OPS-%02d", n), jiraAt("2026-05-01T00:00:30Z")))
		}
		pages := 0
		a.vendor.Always(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			next.ServeHTTP(w, r)
			if strings.Contains(r.URL.Path, "search") {
				if pages++; pages == 4 {
					jira.Remove("OPS-29") // It was read; what comes after it moves up.
				}
			}
		})
		if all := ticketFacts(t, a.mustPull("incidents")); len(all) != 30 {
			t.Errorf("%d incidents, want 30", len(all))
		}
	})
}

func TestJiraThatLiesAboutPagesIsLeft(t *testing.T) {
	t.Parallel()
	page := `{"issues":[{"key":"OPS-1","fields":{"created":"2026-05-01T00:00:00.000+0000","updated":"2026-05-01T00:00:00.000+0000","project":{"key":"OPS"},"status":{"id":"1","name":"To Do","statusCategory":{"key":"new"}}},"changelog":{"histories":[]}}],%s}`
	for name, body := range map[string]func(n int) string{
		"the same token":        func(int) string { return fmt.Sprintf(page, `"nextPageToken":"a"`) },
		"always another token":  func(n int) string { return fmt.Sprintf(page, fmt.Sprintf(`"nextPageToken":"t%d"`, n)) },
		"empty pages for ever":  func(n int) string { return fmt.Sprintf(`{"issues":[],"nextPageToken":"t%d"}`, n) },
		"a total that is wrong": func(n int) string { return fmt.Sprintf(page, fmt.Sprintf(`"total":%d`, 100000+n)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, _ := newAskedJira(t, !strings.Contains(body(0), "total"), 10)
			n := 0
			a.vendor.Always(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
				if !strings.Contains(r.URL.Path, "search") {
					next.ServeHTTP(w, r)
					return
				}
				n++
				vendortest.Instead(nil, body(n))(w, r, next)
			})
			if _, err := a.pull("incidents"); err == nil || n > 60 {
				t.Errorf("%d pages, %v", n, err)
			}
		})
	}
}

func TestJiraEmptyPagesAreNotTheEnd(t *testing.T) {
	t.Parallel()
	a, jira := newAskedJira(t, true, 10)
	jira.Put(jiraIssue("OPS-1", jiraAt("2026-05-01T00:00:00Z")))
	empty := vendortest.Instead(nil, `{"issues":[],"nextPageToken":"9999"}`)
	a.vendor.Plan(nil, nil, nil, empty)
	if events := a.mustPull("incidents"); len(events) != 1 {
		t.Errorf("%d events behind an empty page", len(events))
	}
}

func TestJiraThatReadsTimesInAnotherZoneIsNotBelieved(t *testing.T) {
	t.Parallel()
	a, jira := newAskedJira(t, true, 10)
	jira.Put(jiraIssue("OPS-1", jiraAt("2026-05-01T00:00:00Z")))
	jira.Put(jiraIssue("OPS-2", jiraAt("2026-05-01T03:00:00Z")))
	a.mustPull("incidents")
	jira.Reads = zoneNamed(t, "Asia/Tokyo")
	if _, err := a.pull("incidents"); err == nil || !strings.Contains(err.Error(), "Europe/Berlin") {
		t.Errorf("got %v", err)
	}
}

func TestJiraHistoriesAreReadWhole(t *testing.T) {
	t.Parallel()
	jiraEditions(t, func(t *testing.T, cloud bool) {
		a, jira := newAskedJira(t, cloud, 25)
		issue := jiraIssue("SHOP-2", jiraAt("2026-05-01T00:00:00Z"))
		issue.Histories = []map[string]any{{"created": "2026-03-01T12:00:00.000+0000", "items": []any{map[string]any{"field": "Key", "fromString": "OPS-7", "toString": "SHOP-2"}}}}
		for range 60 {
			issue.Histories = append([]map[string]any{jiraMoved("2026-04-01T12:00:00.000+0000", "1", "1", "To Do")}, issue.Histories...)
		}
		jira.Put(issue)
		if facts := ticketFacts(t, a.mustPull("incidents")); facts["OPS-7"] == nil || len(facts) != 1 {
			t.Errorf("an issue that was moved: %v", facts)
		}
	})
}

func TestAnIssueOfTwoListsIsOfTheFirst(t *testing.T) {
	t.Parallel()
	a, jira := newAskedJira(t, true, 10)
	issue := jiraIssue("OPS-1", jiraAt("2026-05-01T00:00:00Z"))
	jira.Put(issue)
	debt := true
	jira.Lists["labels = debt"] = func(vendortest.JiraIssue) bool { return debt }
	both := a.mustPull("work-items bugs")
	both = append(both, a.mustPull("work-items debt")...)
	if w, ok := ticketFacts(t, both)["OPS-1"].(*evenkeel.WorkItem); !ok || w.Type != evenkeel.WorkDebt || w.State != evenkeel.WorkOpen || !slices.Equal(w.Links, []string{"https://jira.acme.example/browse/OPS-1"}) {
		t.Errorf("in both lists: %s", asText(both...))
	}
	debt, issue.Updated = false, issue.Updated.Add(time.Hour)
	jira.Put(issue)
	both = append(append(both, a.mustPull("work-items debt")...), a.mustPull("work-items bugs")...)
	if w, ok := ticketFacts(t, both)["OPS-1"].(*evenkeel.WorkItem); !ok || w.Type != evenkeel.WorkBug {
		t.Errorf("in the second alone: %s", asText(both...))
	}
}

func TestAQueryThatChangesIsReadAnew(t *testing.T) {
	t.Parallel()
	a, jira := newAskedJira(t, true, 10)
	jira.Put(jiraIssue("OPS-1", jiraAt("2026-05-01T00:00:00Z")))
	jira.Put(jiraIssue("OPS-2", jiraAt("2026-05-02T00:00:00Z")))
	a.mustPull("work-items bugs")
	if n := len(ticketFacts(t, a.mustPull("work-items bugs"))); n != 1 {
		t.Errorf("%d issues in the overlap", n)
	}
	b := connected(t, "jira", strings.Replace(fmt.Sprintf(jiraAsked, a.vendor.URL), "type = Bug", "type = Fault", 1), a.vendor)
	b.cursors = a.cursors
	if n := len(ticketFacts(t, b.mustPull("work-items bugs"))); n != 2 {
		t.Errorf("%d issues of another query, want both", n)
	}
}

func TestJiraSaysWhatIsGranted(t *testing.T) {
	t.Parallel()
	jiraEditions(t, func(t *testing.T, cloud bool) {
		jira := vendortest.NewJira(cloud, zoneNamed(t, "Europe/Berlin"), 10)
		a := newAskedTracker(t, "jira", strings.Replace(jiraAsked, "type = Bug", "nonsense = 1", 1), jira)
		jira.Denied["OPS"] = true
		access, err := a.puller.Look(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		said := map[string]bool{}
		for _, p := range access.Permissions {
			said[p.Name] = *p.Granted
			if p.Name == "search: work-items bugs" && !strings.Contains(p.For, "nonsense") {
				t.Errorf("why: %s", p.For)
			}
		}
		want := map[string]bool{"Browse projects: OPS": false, "search: incidents": true, "search: work-items debt": true, "search: work-items bugs": false}
		if diff := cmp.Diff(want, said); diff != "" {
			t.Error(diff)
		}
		if !strings.Contains(access.Identity, "Europe/Berlin") || strings.Contains(access.Identity, "Kim") || !slices.Equal(access.Streams, []string{"incidents", "work-items debt", "work-items bugs"}) {
			t.Errorf("%q, %q", access.Identity, access.Streams)
		}
	})
}

func TestJiraSettings(t *testing.T) {
	t.Parallel()
	const api = `"api":{"url":"https://acme.atlassian.net","token":"${env:T}"}`
	settingsNameTheMistake(t, "jira", map[string]string{
		`{` + api + `}`: "api: asks for nothing",
		`{"api":{"url":"acme","token":"${env:T}"},"incidents":{"projects":["A"],"types":["x"]}}`:            "api.url",
		`{"api":{"url":"https://a.example","token":"s3cret"},"incidents":{"projects":["A"],"types":["x"]}}`: "api.token: is not a reference",
		`{"api":{"url":"https://a.example","token":"${env:T}","user":"a:b"},"work_items":[]}`:               "api.user",
		`{"api":{"url":"https://a.example","token":"${env:T}","history":"long"},"work_items":[]}`:           "api.history",
		`{"incidents":{"types":["Incident"]}}`:                                                              "incidents.projects: is empty",
		`{"incidents":{"projects":["OPS"]}}`:                                                                "incidents.types: is empty",
		`{"incidents":{"projects":["OPS) OR (1=1"],"types":["Incident"]}}`:                                  "incidents.projects[0]",
		`{"incidents":{"projects":["OPS"],"types":["a\""]}}`:                                                "incidents.types[0]",
		`{"incidents":{"projects":["OPS"],"types":["a"],"jql":"x = 1 Order  By y"}}`:                        "incidents.jql: orders its results",
		`{"work_items":[{"name":"a","jql":"x","type":"epic"}]}`:                                             "work_items[0].type",
		`{"work_items":[{"name":"a","type":"bug"}]}`:                                                        "work_items[0].jql: is required",
		`{"work_items":[{"name":"a","jql":"x","type":"bug"},{"name":"a","jql":"y","type":"bug"}]}`:          "work_items[1].name",
		`{"applications":[{"component":"["}]}`:                                                              "applications[0].component",
		`{"applications":[{"component":"a"}]}`:                                                              "applications[0].application: is required",
		`{"applications":[{"value":"a","application":"a"}]}`:                                                "applications[0].value: needs fields.application",
		`{"fields":{"severity":"Severity"}}`:                                                                "fields.severity",
		`{"severities":{"High":""}}`:                                                                        "severities.High",
	})
}
