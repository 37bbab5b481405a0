package connectors_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors/vendortest"
)

const (
	azureProject    = "33dd33dd-ee44"
	azureRepository = "4bc14d40-c903"
	azurePullsAt    = "_apis/git/repositories/" + azureRepository + "/pullrequests"
	azureBuildsAt   = azureProject + "/_apis/build/builds"
	azureRecordsAt  = azureProject + "/_apis/distributedtask/environments/12/environmentdeploymentrecords"
	azureReleasesAt = azureProject + "/_apis/release/deployments"

	azurePullStream        = "pulls Payments/checkout {" + azureRepository + "}"
	azureActiveStream      = "active Payments/checkout {" + azureRepository + "}"
	azureBuildStream       = "builds Payments {" + azureProject + "}"
	azureEnvironmentStream = "environment Payments/Prod {" + azureProject + "_12}"
	azureReleaseStream     = "releases Payments {" + azureProject + "}"
)

// azureVendor has one project, with one repository and one environment, in
// which nothing has happened.
func azureVendor(size int) *vendortest.Lists {
	vendor := vendortest.NewAzureDevOps(size)
	vendor.Add("_apis/projects", map[string]any{"id": azureProject, "name": "Payments"}, map[string]any{"id": "0", "name": "Another"})
	repository := map[string]any{"id": azureRepository, "name": "checkout", "remoteUrl": "https://acme@dev.azure.com/acme/Payments/_git/checkout"}
	vendor.Add(azureProject+"/_apis/git/repositories", repository, map[string]any{"id": "9", "name": "old", "isDisabled": true})
	vendor.Put("_apis/git/repositories/"+azureRepository, repository)
	vendor.Add(azureProject+"/_apis/distributedtask/environments", map[string]any{"id": 12, "name": "Prod"})
	for _, list := range []string{azurePullsAt, azureBuildsAt, azureRecordsAt, azureReleasesAt} {
		vendor.Clear(list)
	}
	return vendor
}

func askAzure(t *testing.T, vendor *vendortest.Lists) *asked {
	t.Helper()
	settings := strings.TrimSuffix(strings.TrimSpace(string(fixtures(t, "azure-devops", "build")[0].Settings)), "}")
	return ask(t, "azure-devops", time.Date(2026, 3, 3, 0, 0, 0, 0, time.UTC), vendor, settings+`,"api":{"url":"URL","token":"${env:T}","projects":["Pay*"]}}`)
}

func toldBy(t *testing.T, names ...string) (told []evenkeel.Event) {
	t.Helper()
	for _, d := range fixtures(t, "azure-devops", names...) {
		events, err := d.parseAs(t, "azure-devops")
		if err != nil {
			t.Fatal(err)
		}
		told = append(told, events...)
	}
	return told
}

// azureRun is the build of the fixtures as the interface lists it.
func azureRun(t *testing.T, id int) map[string]any {
	t.Helper()
	build, _ := memberOf(t, fixtures(t, "azure-devops", "build_failed")[0], "resource").(map[string]any)
	build["id"], build["requestedFor"] = id, map[string]any{"displayName": "Kim"}
	return build
}

func TestAzureAskedSaysWhatItsHooksSay(t *testing.T) {
	t.Parallel()
	t.Run("a build", func(t *testing.T) {
		t.Parallel()
		vendor := azureVendor(100)
		build := azureRun(t, 2727068)
		build["repository"] = map[string]any{"id": azureRepository, "type": "TfsGit"} // Lists leave the address out.
		vendor.Add(azureBuildsAt, build)
		a := askAzure(t, vendor)
		if diff := cmp.Diff(toldBy(t, "build_failed"), a.mustPull(azureBuildStream)); diff != "" {
			t.Error(diff)
		}
		wantNobody(t, a, azureBuildStream, "Kim")
	})
	t.Run("a stage", func(t *testing.T) {
		t.Parallel()
		vendor := azureVendor(100)
		vendor.Add(azureBuildsAt, azureRun(t, 480))
		vendor.Put(azureBuildsAt+"/480/timeline", map[string]any{"records": []any{
			map[string]any{"id": "j", "type": "Job", "name": "production", "state": "completed", "result": "succeeded", "startTime": "2026-03-02T09:18:00Z", "finishTime": "2026-03-02T09:20:00Z"},
			map[string]any{"id": "s", "type": "Stage", "name": "Skipped", "identifier": "production", "state": "completed", "result": "skipped"},
			map[string]any{
				"id": "c2c2c2c2-dddd-eeee-ffff-a3a3a3a3a3a3", "type": "Stage", "name": "To production", "identifier": "production",
				"state": "completed", "result": "succeeded", "startTime": "2026-03-02T09:18:00Z", "finishTime": "2026-03-02T09:20:39.137Z",
			},
		}})
		holdsAll(t, askAzure(t, vendor).mustPull(azureBuildStream), toldBy(t, "stage_running", "stage"))
	})
	t.Run("a classic release", func(t *testing.T) {
		t.Parallel()
		vendor := azureVendor(100)
		vendor.Add(azureReleasesAt, azureClassic(t, "succeeded", "Approved"))
		want := toldBy(t, "release_completed")
		for i := range want {
			want[i].ObservedAt = time.Date(2026, 3, 2, 9, 33, 0, 2e8, time.UTC) // The interface does not tell when it told.
		}
		holdsAll(t, askAzure(t, vendor).mustPull(azureReleaseStream), want)
	})
}

// azureClassic is the deployment of the fixtures as the interface lists it.
func azureClassic(t *testing.T, status, operation string) map[string]any {
	t.Helper()
	d := fixtures(t, "azure-devops", "release_completed")[0]
	release, _ := memberOf(t, d, "resource", "release").(map[string]any)
	made := map[string]any{
		"id": 31, "attempt": 2, "deploymentStatus": status, "operationStatus": operation, "queuedOn": "2026-03-02T09:29:00Z", "startedOn": "2026-03-02T09:30:00.1Z",
		"release": release, "releaseDefinition": release["releaseDefinition"], "releaseEnvironment": map[string]any{"id": 5, "name": "Prod"}, "requestedBy": map[string]any{"displayName": "Kim"},
	}
	if status == "succeeded" {
		made["completedOn"] = "2026-03-02T09:33:00.2Z"
	}
	return made
}

func TestAzureAskedForAPullRequestKnowsItsCommitsAndVotes(t *testing.T) {
	t.Parallel()
	vendor := azureVendor(100)
	merged, _ := memberOf(t, fixtures(t, "azure-devops", "pr_merged")[0], "resource").(map[string]any)
	merged["createdBy"] = map[string]any{"id": "author", "displayName": "Kim"}
	delete(merged, "repository")
	vendor.Add(azurePullsAt, merged)
	one := "_apis/git/repositories/" + azureRepository + "/pullRequests/17"
	vendor.Add(one+"/commits", map[string]any{"commitId": bitbucketSHA, "author": map[string]any{"name": "Kim", "date": "2026-03-01T09:30:00Z"}})
	for _, vote := range [][3]string{{"author", "10", "11"}, {"other", "-5", "12"}, {"other", "10", "13"}, {"other", "10", "16"}} {
		vendor.Add(one+"/threads", map[string]any{
			"publishedDate": "2026-03-01T" + vote[2] + ":00:00Z", "identities": map[string]any{"1": map[string]any{"id": vote[0], "displayName": "Ana"}},
			"properties": map[string]any{"CodeReviewThreadType": map[string]any{"$value": "VoteUpdate"}, "CodeReviewVoteResult": map[string]any{"$value": vote[1]}, "CodeReviewVotedByIdentity": map[string]any{"$value": "1"}},
		})
	}
	vendor.Add(one+"/threads", map[string]any{"publishedDate": "2026-03-01T10:30:00Z", "properties": map[string]any{}})
	a := askAzure(t, vendor)
	if diff := cmp.Diff(toldBy(t, "asked_pull"), a.mustPull(azurePullStream)); diff != "" {
		t.Error(diff)
	}
	if n := a.requests(func() { a.mustPull(azurePullStream) }); n != 1 {
		t.Errorf("%d requests for a pull request that is unchanged, want the list", n)
	}
	wantNobody(t, a, azurePullStream, "Kim", "Ana", "author\":\"", "other")
}

// azureClosed adds a pull request that was closed on a day of the past.
func azureClosed(vendor *vendortest.Lists, number int, closed time.Time) {
	vendor.Add(azurePullsAt, map[string]any{
		"pullRequestId": number, "status": "completed", "creationDate": closed.Add(-200 * 24 * time.Hour).Format(time.RFC3339), "closedDate": closed.Format(time.RFC3339),
		"targetRefName": "refs/heads/main", "lastMergeCommit": map[string]any{"commitId": fmt.Sprintf("%040x", number)},
	})
}

func TestAzurePullRequestsAreFoundByWhenTheyWereClosed(t *testing.T) {
	t.Parallel()
	vendor := azureVendor(100)
	now := time.Date(2026, 3, 3, 0, 0, 0, 0, time.UTC)
	for _, days := range []int{40, 3, 89, 1, 95, 41} { // Sorted by nothing.
		azureClosed(vendor, days, now.Add(-time.Duration(days)*24*time.Hour))
	}
	a := askAzure(t, vendor)
	found := shas(a.mustPull(azurePullStream))
	if len(found) != 5 || found["95"] != 0 {
		t.Errorf("found %v, want those of 90 days", found)
	}
	a.pass(30 * 24 * time.Hour)
	azureClosed(vendor, 200, now.Add(time.Hour))
	azureClosed(vendor, 201, now.Add(29*24*time.Hour))
	var news map[string]int
	if n := a.requests(func() { news = shas(a.mustPull(azurePullStream)) }); news["200"] == 0 || news["201"] == 0 || news["3"] != 0 || n != 6 {
		t.Errorf("news: %v with %d requests, want the list, the repository and two for each of two", news, n)
	}
	a.vendor.Always(func(w http.ResponseWriter, r *http.Request, next http.Handler) { // An old server.
		query := r.URL.Query()
		query.Del("searchCriteria.status")
		r.URL.RawQuery = query.Encode()
		next.ServeHTTP(w, r)
	})
	if again := shas(a.mustPull(azurePullStream)); len(again) != 1 || again["201"] == 0 {
		t.Errorf("of a server that knows no windows: %v", again)
	}
}

func TestAzureTellsOfOpenPullRequests(t *testing.T) {
	t.Parallel()
	vendor := azureVendor(100)
	opened, _ := memberOf(t, fixtures(t, "azure-devops", "pr_updated")[0], "resource").(map[string]any)
	vendor.Add(azurePullsAt, opened)
	a := askAzure(t, vendor)
	got := a.mustPull(azureActiveStream)
	if len(got) != 1 {
		t.Fatalf("got %s", asText(got...))
	}
	if change, ok := got[0].Payload.(*evenkeel.Change); !ok || change.State != evenkeel.ChangeOpen || change.Repository != "dev.azure.com/acme/payments/_git/checkout" {
		t.Errorf("got %s", asText(got...))
	}
	if again := a.mustPull(azureActiveStream); len(again) != 0 {
		t.Errorf("told again: %s", asText(again...))
	}
	opened["targetRefName"] = "refs/heads/release"
	vendor.Clear(azurePullsAt)
	vendor.Add(azurePullsAt, opened)
	if changed := a.mustPull(azureActiveStream); !strings.Contains(asText(changed...), `"base":"release"`) {
		t.Errorf("with another target: %s", asText(changed...))
	}
}

func TestAzureAskedForDeploymentsToEnvironments(t *testing.T) {
	t.Parallel()
	vendor := azureVendor(100)
	d := fixtures(t, "azure-devops", "asked_deployment")[0]
	record, _ := memberOf(t, d, "resource", "record").(map[string]any)
	record["id"] = 71
	running := maps.Clone(record)
	delete(running, "result")
	delete(running, "finishTime")
	vendor.Add(azureRecordsAt, running)
	vendor.Put(azureBuildsAt+"/480", memberOf(t, d, "resource", "build"))
	a := askAzure(t, vendor)
	if first := a.mustPull(azureEnvironmentStream); len(first) != 1 || strings.Contains(asText(first...), "finished_at") {
		t.Errorf("one that runs: %s", asText(first...))
	}
	vendor.Clear(azureRecordsAt)
	vendor.Add(azureRecordsAt, record)
	if diff := cmp.Diff(toldBy(t, "asked_deployment"), a.mustPull(azureEnvironmentStream)[:2]); diff != "" {
		t.Error(diff)
	}
	if n := a.requests(func() { a.mustPull(azureEnvironmentStream) }); n != 1 {
		t.Errorf("%d requests for one that has ended, want the list", n)
	}
}

func TestAzureReleasesThatRunAreAskedForAgain(t *testing.T) {
	t.Parallel()
	vendor := azureVendor(100)
	vendor.Add(azureReleasesAt, azureClassic(t, "inProgress", "PhaseInProgress"))
	a := askAzure(t, vendor)
	if first := a.mustPull(azureReleaseStream); len(first) != 1 || strings.Contains(asText(first...), "finished_at") {
		t.Errorf("one that runs: %s", asText(first...))
	}
	vendor.Clear(azureReleasesAt)
	rejected := azureClassic(t, "notDeployed", "Rejected")
	rejected["lastModifiedOn"] = "2026-03-02T09:40:00Z"
	vendor.Add(azureReleasesAt, rejected)
	if second := asText(a.mustPull(azureReleaseStream)...); !strings.Contains(second, `"failure"`) || !strings.Contains(second, "2026-03-02T09:40:00Z") {
		t.Errorf("one that was rejected: %s", second)
	}
}

func TestOpenRecordsAreLookedUpTogether(t *testing.T) {
	t.Parallel()
	vendor := azureVendor(2)
	for id := 1; id <= 6; id++ {
		vendor.Add(azureRecordsAt, map[string]any{"id": id, "stageName": "europe", "queueTime": "2026-03-02T09:00:00Z", "planType": "Release", "owner": map[string]any{"id": 480}})
	}
	a := askAzure(t, vendor)
	a.mustPull(azureEnvironmentStream)
	if n := a.requests(func() { a.mustPull(azureEnvironmentStream) }); n != 6 {
		t.Errorf("%d requests for six that run, want three pages and three of news", n)
	}
}

func TestABuildThatRunsIsAskedForAgain(t *testing.T) {
	t.Parallel()
	vendor := azureVendor(100)
	build := azureRun(t, 2727068)
	build["status"] = "inProgress"
	vendor.Add(azureBuildsAt, build)
	a := askAzure(t, vendor)
	if first := a.mustPull(azureBuildStream); len(first) != 0 {
		t.Errorf("one that runs: %s", asText(first...))
	}
	vendor.Clear(azureBuildsAt)
	build["status"] = "completed"
	vendor.Put(azureBuildsAt+"/2727068", build)
	if diff := cmp.Diff(toldBy(t, "build_failed"), a.mustPull(azureBuildStream)); diff != "" {
		t.Error(diff)
	}
}

func TestAzureSurvives(t *testing.T) {
	t.Parallel()
	survives(t, func(t *testing.T) *asked {
		vendor := azureVendor(2)
		for id := 1; id <= 5; id++ {
			vendor.Add(azureBuildsAt, azureRun(t, id))
		}
		return askAzure(t, vendor)
	}, azureBuildStream)
	refuses(t, askAzure(t, azureVendor(10)))
	a := askAzure(t, azureVendor(10))
	for name, fault := range map[string]vendortest.Fault{
		"the page for signing in": func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
			w.WriteHeader(http.StatusNonAuthoritativeInfo)
			fmt.Fprint(w, "<html>Sign in</html>")
		},
		"the way to it": vendortest.Redirect("http://signin.example"),
	} {
		a.vendor.Always(fault)
		if _, err := a.puller.Look(t.Context()); err == nil || !strings.Contains(err.Error(), "revoked") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAListThatIsCountedThroughEnds(t *testing.T) {
	t.Parallel()
	a := askAzure(t, azureVendor(10))
	page := strings.Repeat(`{"id":"1","name":"Payments"},`, 100)
	a.vendor.Always(vendortest.Instead(nil, `{"value":[`+strings.TrimSuffix(page, ",")+`]}`))
	_, err := a.puller.Look(t.Context())
	if err == nil || !strings.Contains(err.Error(), "does not end") || len(a.vendor.Requests()) > 4 {
		t.Errorf("%v, %d requests", err, len(a.vendor.Requests()))
	}
	a.vendor.Always(vendortest.Instead(http.Header{"X-Ms-Continuationtoken": {"again"}}, `{"value":[{"id":1,"queueTime":"2026-03-02T00:00:00Z"}]}`))
	if _, err = a.pull(azureReleaseStream); err == nil || !strings.Contains(err.Error(), "does not end") {
		t.Error(err)
	}
}

func TestAzureSaysWhatTheTokenMay(t *testing.T) {
	t.Parallel()
	a := askAzure(t, azureVendor(10))
	access := a.look()
	want := []string{azurePullStream, azureActiveStream, azureBuildStream, azureEnvironmentStream, azureReleaseStream}
	if diff := cmp.Diff(want, access.Streams); diff != "" || granted(access) != "yes yes yes yes" {
		t.Error(granted(access), diff)
	}
	if n := a.requests(func() { a.look() }); n != 1 {
		t.Errorf("%d requests to look again, want one", n)
	}
	if _, password, ok := a.vendor.Requests()[0].BasicAuth(); !ok || password != "good" {
		t.Error("the token is not sent as a password")
	}
	a.vendor.Always(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if strings.Contains(r.URL.Path, "/distributedtask/") {
			vendortest.Status(http.StatusUnauthorized)(w, r, next)
			return
		}
		next.ServeHTTP(w, r)
	})
	a.pass(time.Hour)
	access = a.look()
	if diff := cmp.Diff([]string{azurePullStream, azureActiveStream, azureBuildStream, azureReleaseStream}, access.Streams); diff != "" || granted(access) != "yes yes no yes" {
		t.Error(granted(access), diff)
	}
	a.settings("azure-devops", `{"api":{"url":"URL","token":"${env:T}","projects":["Pay","Payments"]}}`)
	if _, err := a.puller.Look(t.Context()); err == nil || !strings.Contains(err.Error(), `"Pay"`) {
		t.Errorf("a project that is not there: %v", err)
	}
}

func TestSettingsOfTheAzureInterface(t *testing.T) {
	t.Parallel()
	settingsNameTheMistake(t, "azure-devops", map[string]string{
		`{"organisation":"acme","api":{"token":"secret","projects":["a"]}}`:                      "api.token: is not a reference",
		`{"organisation":"acme","api":{"token":"${env:T}"}}`:                                     "api.projects: is empty",
		`{"organisation":"acme","api":{"token":"${env:T}","projects":[""]}}`:                     "api.projects[0]: is required",
		`{"organisation":"acme","api":{"token":"${env:T}","projects":["["]}}`:                    "api.projects[0]",
		`{"organisation":"acme","api":{"token":"${env:T}","projects":["a"],"history":"x"}}`:      "api.history",
		`{"organisation":"acme","api":{"token":"${env:T}","projects":["a"],"version":"v7"}}`:     "api.version",
		`{"organisation":"acme","api":{"token":"${env:T}","projects":["a"],"url":"ftp://x"}}`:    "api.url",
		`{"organisation":"acme","api":{"token":"${env:T}","projects":["a"],"releases_url":"x"}}`: "api.releases_url",
		`{"api":{"token":"${env:T}","projects":["a"]}}`:                                          "api.url: is required",
	})
	if _, err := sourceNamed(t, "azure-devops").Open(json.RawMessage(`{"organisation":"acme","api":{"token":"${env:T}","projects":["a"]}}`)); err != nil {
		t.Error(err)
	}
}
