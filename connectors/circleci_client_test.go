package connectors_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors/vendortest"
)

const (
	circleHere   = "project/gh/acme/checkout"
	circleStream = "pipelines gh/acme/checkout {84996744-a854}"
)

// circleVendor has one project without pipelines.
func circleVendor(size int) *vendortest.Lists {
	vendor := vendortest.NewCircleCI(size)
	vendor.Put("me", map[string]any{"id": "1", "login": "kim", "name": "Kim"})
	vendor.Put(circleHere, map[string]any{"id": "84996744-a854", "slug": "gh/acme/checkout"})
	vendor.Clear(circleHere + "/pipeline")
	return vendor
}

func askCircle(t *testing.T, vendor *vendortest.Lists) *asked {
	t.Helper()
	settings := `{"deployments":[{"job":"deploy-production","branch":"main","environment":"production","application":"checkout"}],"api":{"url":"URL","token":"${env:T}","projects":["gh/acme/checkout"]}}`
	return ask(t, "circleci", time.Date(2026, 3, 3, 0, 0, 0, 0, time.UTC), vendor, settings)
}

// circlePast adds the pipeline, the workflow and the jobs of the fixtures.
func circlePast(t *testing.T, vendor *vendortest.Lists) (told []evenkeel.Event) {
	t.Helper()
	deliveries := fixtures(t, "circleci", "workflow", "job")
	for _, d := range deliveries {
		events, err := d.parseAs(t, "circleci")
		if err != nil {
			t.Fatal(err)
		}
		told = append(told, events...)
	}
	pipeline, _ := memberOf(t, deliveries[0], "pipeline").(map[string]any)
	pipeline["trigger"] = map[string]any{"actor": map[string]any{"login": "kim"}}
	workflow, _ := memberOf(t, deliveries[0], "workflow").(map[string]any)
	job, _ := memberOf(t, deliveries[1], "job").(map[string]any)
	vendor.Add(circleHere+"/pipeline", pipeline)
	vendor.Put(fmt.Sprint("pipeline/", pipeline["id"]), pipeline)
	vendor.Add(fmt.Sprint("pipeline/", pipeline["id"], "/workflow"), workflow)
	vendor.Add(fmt.Sprint("workflow/", workflow["id"], "/job"), map[string]any{"id": "a", "name": "deploy-production", "type": "approval", "status": "success", "started_at": job["started_at"], "stopped_at": job["stopped_at"]})
	vendor.Add(fmt.Sprint("workflow/", workflow["id"], "/job"), map[string]any{"id": "b", "name": "deploy-production", "type": "build", "status": "success", "started_at": "2026-03-01T09:00:00Z", "stopped_at": "2026-03-01T09:01:00Z"}) // Of an earlier run.
	vendor.Add(fmt.Sprint("workflow/", workflow["id"], "/job"), job)
	return told
}

func TestCircleAskedSaysWhatItsWebhooksSay(t *testing.T) {
	t.Parallel()
	vendor := circleVendor(2)
	told := circlePast(t, vendor)
	a := askCircle(t, vendor)
	if diff := cmp.Diff(told, a.mustPull(circleStream)); diff != "" {
		t.Error(diff)
	}
	if n := a.requests(func() { a.mustPull(circleStream) }); n != 2 {
		t.Errorf("%d requests for a pipeline that has ended, want the list and its workflows", n)
	}
	wantNobody(t, a, circleStream, "kim", "Kim")
}

// circleRan adds a pipeline of some minute of March 1st, with a workflow.
func circleRan(vendor *vendortest.Lists, minute int, status string) (workflow map[string]any) {
	at := time.Date(2026, 3, 1, 0, minute, 0, 0, time.UTC)
	id := strconv.Itoa(minute)
	pipeline := map[string]any{
		"id": "p" + id, "created_at": at.Format(time.RFC3339), "state": "created",
		"vcs": map[string]any{"target_repository_url": "https://github.com/acme/checkout", "revision": fmt.Sprintf("%040x", minute), "branch": "main"},
	}
	vendor.Add(circleHere+"/pipeline", pipeline)
	vendor.Put("pipeline/p"+id, pipeline)
	workflow = map[string]any{"id": "w" + id, "name": "build", "status": status, "created_at": at.Format(time.RFC3339)}
	if status == "success" {
		workflow["stopped_at"] = at.Add(30 * time.Second).Format(time.RFC3339)
	}
	vendor.Add("pipeline/p"+id+"/workflow", workflow)
	vendor.Clear("workflow/w" + id + "/job")
	return workflow
}

func TestTokensOfPagesGoOnWhereReadingStood(t *testing.T) {
	t.Parallel()
	vendor := circleVendor(5)
	for minute := 1; minute <= 23; minute++ {
		circleRan(vendor, minute, "success")
	}
	a := askCircle(t, vendor)
	pages := 0
	breaks := func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if pages++; strings.HasSuffix(r.URL.Path, "/pipeline") && pages > 20 {
			vendortest.Status(http.StatusForbidden)(w, r, next)
			return
		}
		next.ServeHTTP(w, r)
	}
	a.vendor.Always(breaks)
	first, err := a.pull(circleStream)
	if err == nil || len(first) == 0 || len(first) >= 23 {
		t.Fatalf("%d builds before the refusal, %v", len(first), err)
	}
	a.vendor.Always(nil)
	before := len(a.vendor.Requests())
	found := shas(append(first, a.mustPull(circleStream)...))
	if asked := a.vendor.Requests()[before].URL; asked.Query().Get("page-token") == "" {
		t.Errorf("reading begins anew with %s", asked)
	}
	if len(found) != 23 {
		t.Errorf("%d builds: %v", len(found), found)
	}
}

func TestATokenThatWasForgottenBeginsAtTheTop(t *testing.T) {
	t.Parallel()
	vendor := circleVendor(5)
	for minute := 1; minute <= 12; minute++ {
		circleRan(vendor, minute, "success")
	}
	a := askCircle(t, vendor)
	a.cursor[circleStream] = []byte(`{"page":2,"after":"forgotten","top":"2026-03-01T00:12:00Z"}`)
	a.vendor.Always(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if r.URL.Query().Get("page-token") == "forgotten" {
			vendortest.Status(http.StatusBadRequest)(w, r, next)
			return
		}
		next.ServeHTTP(w, r)
	})
	if found := shas(a.mustPull(circleStream)); len(found) != 12 {
		t.Errorf("%d builds: %v", len(found), found)
	}
}

func TestTokensThatLeadRoundInCirclesEnd(t *testing.T) {
	t.Parallel()
	for name, items := range map[string]string{"with records": `[{"id":"x","created_at":"2026-03-01T00:00:00Z"}]`, "empty": `[]`} {
		a := askCircle(t, circleVendor(5))
		a.vendor.Always(vendortest.Instead(nil, `{"items":`+items+`,"next_page_token":"again"}`))
		_, err := a.pull(circleStream)
		if err == nil || !strings.Contains(err.Error(), "does not end") || len(a.vendor.Requests()) > 8 {
			t.Errorf("%s: %v, %d requests", name, err, len(a.vendor.Requests()))
		}
	}
}

func TestAnEmptyPageEndsNothing(t *testing.T) {
	t.Parallel()
	vendor := circleVendor(5)
	circleRan(vendor, 1, "success")
	a := askCircle(t, vendor)
	a.vendor.Plan(vendortest.Instead(nil, `{"items":[],"next_page_token":"0"}`))
	if found := shas(a.mustPull(circleStream)); len(found) != 1 {
		t.Errorf("found %v", found)
	}
}

func TestRecordsThatAreMixedUpAreAllFound(t *testing.T) {
	t.Parallel()
	vendor := circleVendor(10)
	for _, minute := range []int{3, 1, 5, 2, 4} {
		circleRan(vendor, minute, "success")
	}
	old := map[string]any{"id": "old", "created_at": "2025-11-01T00:00:00Z", "state": "created"}
	vendor.Add(circleHere+"/pipeline", old)
	a := askCircle(t, vendor)
	if found := shas(a.mustPull(circleStream)); len(found) != 5 {
		t.Errorf("the past: %v", found)
	}
	a.pass(time.Hour)
	circleRan(vendor, 30, "success")
	vendor.Add(circleHere+"/pipeline", old)
	if found := shas(a.mustPull(circleStream)); found["workflow:w30"] != 1 {
		t.Errorf("news: %v", found)
	}
}

func TestAWorkflowThatWaitsIsAskedForAgain(t *testing.T) {
	t.Parallel()
	vendor := circleVendor(5)
	waits := circleRan(vendor, 1, "on_hold")
	a := askCircle(t, vendor)
	if got := a.mustPull(circleStream); len(got) != 0 {
		t.Errorf("one that waits: %s", asText(got...))
	}
	vendor.Clear(circleHere + "/pipeline") // Others have pushed it far down.
	waits["status"], waits["stopped_at"] = "canceled", "2026-03-02T10:00:00Z"
	vendor.Clear("pipeline/p1/workflow")
	vendor.Add("pipeline/p1/workflow", waits)
	got := a.mustPull(circleStream)
	if len(got) != 1 {
		t.Fatalf("got %s", asText(got...))
	}
	if build, ok := got[0].Payload.(*evenkeel.Build); !ok || build.Result != evenkeel.BuildCancelled {
		t.Errorf("got %s", asText(got...))
	}
	if n := a.requests(func() { a.mustPull(circleStream) }); n != 1 {
		t.Errorf("%d requests for one that has ended, want the list", n)
	}
}

func TestCircleSurvives(t *testing.T) {
	t.Parallel()
	survives(t, func(t *testing.T) *asked {
		vendor := circleVendor(2)
		circlePast(t, vendor)
		for minute := 1; minute <= 5; minute++ {
			circleRan(vendor, minute, "success")
		}
		return askCircle(t, vendor)
	}, circleStream)
	refuses(t, askCircle(t, circleVendor(1)))
}

func TestCircleSaysWhatItSees(t *testing.T) {
	t.Parallel()
	a := askCircle(t, circleVendor(5))
	access := a.look()
	want := evenkeel.Access{Identity: "a token for " + strings.TrimPrefix(a.vendor.URL, "http://"), Streams: []string{circleStream}}
	if granted(access) != "yes" {
		t.Errorf("granted: %s", granted(access))
	}
	access.Permissions = nil
	if diff := cmp.Diff(want, access); diff != "" {
		t.Error(diff)
	}
	if n := a.requests(func() { a.look() }); n != 1 {
		t.Errorf("%d requests to look again, want one", n)
	}
	if header := a.vendor.Requests()[0].Header; header.Get("Circle-Token") != "good" {
		t.Error("the token is not sent")
	}
	a.vendor.Always(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if strings.HasSuffix(r.URL.Path, "/pipeline") {
			vendortest.Status(http.StatusForbidden)(w, r, next)
			return
		}
		next.ServeHTTP(w, r)
	})
	a.pass(time.Hour)
	if said := granted(a.look()); said != "no" {
		t.Errorf("a project that may not be read: %s", said)
	}
}

func TestSettingsOfTheCircleInterface(t *testing.T) {
	t.Parallel()
	settingsNameTheMistake(t, "circleci", map[string]string{
		`{"api":{"token":"secret","projects":["gh/a/b"]}}`:                    "api.token: is not a reference",
		`{"api":{"token":"${env:T}"}}`:                                        "api.projects: is empty",
		`{"api":{"token":"${env:T}","projects":["acme/checkout"]}}`:           "api.projects[0]",
		`{"api":{"token":"${env:T}","projects":["gh/../me"]}}`:                "api.projects[0]",
		`{"api":{"token":"${env:T}","projects":["gh/a/b"],"history":"x"}}`:    "api.history",
		`{"api":{"token":"${env:T}","projects":["gh/a/b"],"url":"ftp://x"}}`:  "api.url",
		`{"api":{"token":"${env:T}","projects":["gh/a/b"],"repositories":1}}`: "api.repositories",
	})
}
