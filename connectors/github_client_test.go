package connectors_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
	"github.com/evenkeel-dev/evenkeel/connectors/outgoing"
	"github.com/evenkeel-dev/evenkeel/connectors/vendortest"
)

const githubHere = "repos/acme/checkout"

// askedGithub is a GitHub with one repository, and a connection to it.
type askedGithub struct {
	t      *testing.T
	github *vendortest.GitHub
	vendor *vendortest.Server
	clock  *vendortest.Clock
	puller connectors.Puller
	source connectors.Source
	reads  connectors.Receiver
	cursor json.RawMessage
}

func newAskedGithub(t *testing.T, page int) *askedGithub {
	t.Helper()
	a := &askedGithub{t: t, github: vendortest.NewGitHub(page), clock: vendortest.NewClock(time.Date(2019, 5, 20, 0, 0, 0, 0, time.UTC))}
	a.vendor = vendortest.New(t, a.github)
	a.github.Put(githubHere, map[string]any{"id": 1, "html_url": "https://github.com/Acme/Checkout", "default_branch": "master"})
	settings := fmt.Appendf(nil, `{"deployments":{"releases":{"environment":"production"}},"api":{"url":%q,"token":"${env:T}","repositories":["acme/checkout"]}}`, a.vendor.URL)
	var err error
	if a.source, err = connectors.SourceNamed("github"); err != nil {
		t.Fatal(err)
	}
	if a.reads, err = a.source.Open(settings); err != nil {
		t.Fatal(err)
	}
	a.puller, err = a.source.Pull(settings, connectors.Outside{
		Secret: func(string) (string, error) { return "good", nil }, Now: a.clock.Now, Sleep: a.clock.Sleep,
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// until moves the clock on.
func (a *askedGithub) until(text string) {
	a.t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err == nil {
		err = a.clock.Sleep(a.t.Context(), at.Sub(a.clock.Now()))
	}
	if err != nil {
		a.t.Fatal(err)
	}
}

// pull reads a stream on and gives what the receiver makes of it.
func (a *askedGithub) pull(kind string) (events []evenkeel.Event, err error) {
	a.t.Helper()
	err = a.puller.Pull(a.t.Context(), kind+" acme/checkout", a.cursor, func(_ context.Context, page connectors.Page) error {
		a.cursor = page.Cursor
		for _, d := range page.Documents {
			read, err := a.reads.Parse(connectors.KeptHeader(d.Header), d.Body)
			if err != nil && !errors.Is(err, evenkeel.ErrIgnored) {
				a.t.Errorf("%s: %v\n%s", d.Event, err, d.Body)
			}
			events = append(events, read...)
		}
		return nil
	})
	return events, err
}

func (a *askedGithub) mustPull(kind string) []evenkeel.Event {
	a.t.Helper()
	events, err := a.pull(kind)
	if err != nil {
		a.t.Fatal(err)
	}
	return events
}

// githubFixture is the body of a delivery, and the events that it tells.
func githubFixture(t *testing.T, reads connectors.Receiver, name string) (body map[string]json.RawMessage, told []evenkeel.Event) {
	t.Helper()
	text, err := os.ReadFile("testdata/deliveries/github/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var kept struct {
		Headers map[string]string          `json:"headers"`
		Body    json.RawMessage            `json:"body"`
		Members map[string]json.RawMessage `json:"-"`
	}
	if err := json.Unmarshal(text, &kept); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(kept.Body, &body); err != nil {
		t.Fatal(err)
	}
	if told, err = reads.Parse(connectors.KeptHeader(kept.Headers), kept.Body); err != nil {
		t.Fatal(err)
	}
	return body, told
}

// holdsAll wants that every event of want is among got.
func holdsAll(t *testing.T, got, want []evenkeel.Event) {
	t.Helper()
	for _, w := range want {
		found := false
		for _, g := range got {
			found = found || cmp.Equal(w, g)
		}
		if !found {
			t.Errorf("not told: %s\nbut %s", asText(w), asText(got...))
		}
	}
}

func asText(events ...evenkeel.Event) string {
	text, err := json.Marshal(events)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

func TestGithubAskedSaysWhatItsWebhooksSay(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ stream, fixture, member, now string }{
		"a deployment": {"deployments", "deployment_status_success", "deployment", "2019-05-20T00:00:00Z"},
		"a run":        {"runs", "workflow_run_success", "workflow_run", "2021-12-17T00:00:00Z"},
		"a release":    {"releases", "release_published", "release", "2019-05-20T00:00:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAskedGithub(t, 100)
			body, told := githubFixture(t, a.reads, test.fixture)
			a.github.Put(githubHere, body["repository"])
			a.until(test.now)
			list := githubHere + "/" + strings.Replace(test.stream, "runs", "actions/runs", 1)
			a.github.Add(list, body[test.member])
			if status, ok := body["deployment_status"]; ok {
				a.github.Add(githubHere+"/deployments/145988746/statuses", status)
			}
			holdsAll(t, a.mustPull(test.stream), told)
		})
	}
}

func TestGithubAskedForAPullRequestKnowsItsCommitsAndReviews(t *testing.T) {
	t.Parallel()
	a := newAskedGithub(t, 100)
	body, told := githubFixture(t, a.reads, "pull_request_merged")
	a.github.Put(githubHere, body["repository"])
	var pull struct {
		Number   int    `json:"number"`
		MergedAt string `json:"merged_at"`
	}
	if err := json.Unmarshal(body["pull_request"], &pull); err != nil {
		t.Fatal(err)
	}
	one := fmt.Sprintf("%s/pulls/%d", githubHere, pull.Number)
	merged, err := time.Parse(time.RFC3339, pull.MergedAt)
	if err != nil {
		t.Fatal(err)
	}
	before := func(d time.Duration) string { return merged.Add(-d).Format(time.RFC3339) }
	a.github.Add(githubHere+"/pulls", body["pull_request"])
	a.github.Put(one, body["pull_request"])
	sha := strings.Repeat("a", 40)
	a.github.Add(one+"/commits", map[string]any{"sha": sha, "commit": map[string]any{"author": map[string]any{"date": before(50 * time.Hour), "name": "Kim"}, "committer": map[string]any{"date": before(3 * time.Hour)}}})
	for _, review := range []map[string]any{
		{"state": "APPROVED", "submitted_at": before(-time.Hour), "user": map[string]any{"id": 5, "login": "late", "type": "User"}},
		{"state": "APPROVED", "submitted_at": before(time.Hour), "user": map[string]any{"id": 5, "login": "ana", "type": "User"}},
		{"state": "COMMENTED", "submitted_at": before(2 * time.Hour), "user": map[string]any{"id": 6, "login": "bo", "type": "User"}},
		{"state": "COMMENTED", "submitted_at": before(9 * time.Hour), "user": map[string]any{"id": 7, "login": "lint[bot]", "type": "Bot"}},
	} {
		a.github.Add(one+"/reviews", review)
	}
	got := a.mustPull("pulls")
	if len(got) == 0 {
		t.Fatal("nothing is told")
	}
	change, ok := got[0].Payload.(*evenkeel.Change)
	if !ok {
		t.Fatalf("got %T", got[0].Payload)
	}
	want := evenkeel.Change{
		FirstReviewAt: merged.Add(-2 * time.Hour), ApprovedAt: merged.Add(-time.Hour),
		Commits: []evenkeel.ChangeCommit{{SHA: sha, AuthoredAt: merged.Add(-50 * time.Hour)}},
	}
	if diff := cmp.Diff(want, evenkeel.Change{FirstReviewAt: change.FirstReviewAt, ApprovedAt: change.ApprovedAt, Commits: change.Commits}); diff != "" {
		t.Error(diff)
	}
	if text := asText(got...); strings.Contains(text, "Kim") || strings.Contains(text, "ana") {
		t.Errorf("a person is named: %s", text)
	}
	holdsAll(t, got, told[len(told)-1:]) // The merge.
}

func TestGithubAskedForAnIncidentKnowsWhenItWasMarked(t *testing.T) {
	t.Parallel()
	a := newAskedGithub(t, 100)
	issue := map[string]any{
		"id": 9, "number": 3, "state": "closed", "labels": []any{map[string]any{"name": "incident"}},
		"created_at": "2019-05-10T10:00:00Z", "updated_at": "2019-05-12T09:00:00Z", "closed_at": "2019-05-12T09:00:00Z",
	}
	a.github.Add(githubHere+"/issues", map[string]any{"id": 8, "number": 2, "state": "open", "labels": []any{}, "created_at": "2019-05-09T10:00:00Z", "updated_at": "2019-05-09T10:00:00Z"})
	a.github.Add(githubHere+"/issues", issue)
	events := githubHere + "/issues/3/events"
	for _, happened := range [][2]string{{"closed", "2019-05-12T09:00:00Z"}, {"reopened", "2019-05-11T08:00:00Z"}, {"closed", "2019-05-11T07:00:00Z"}, {"labeled", "2019-05-10T12:00:00Z"}} {
		a.github.Add(events, map[string]any{"event": happened[0], "created_at": happened[1], "label": map[string]any{"name": "incident"}})
	}
	got := a.mustPull("incidents")
	if len(got) != 1 {
		t.Fatalf("got %s", asText(got...))
	}
	at := func(text string) time.Time { v, _ := time.Parse(time.RFC3339, text); return v }
	want := &evenkeel.Incident{
		Repository: "github.com/acme/checkout", OpenedAt: at("2019-05-10T12:00:00Z"), ReopenedAt: at("2019-05-11T08:00:00Z"), ResolvedAt: at("2019-05-12T09:00:00Z"),
	}
	if diff := cmp.Diff(evenkeel.Payload(want), got[0].Payload); diff != "" {
		t.Error(diff)
	}
}

// committed adds a commit of some minute.
func (a *askedGithub) committed(minute int) {
	at := time.Date(2019, 5, 1, 0, minute, 0, 0, time.UTC).Format(time.RFC3339)
	a.github.Add(githubHere+"/commits", map[string]any{
		"sha": fmt.Sprintf("%040x", minute), "parents": []any{map[string]any{"sha": fmt.Sprintf("%040x", minute-1)}},
		"commit": map[string]any{"message": "work", "author": map[string]any{"date": at}, "committer": map[string]any{"date": at}},
	})
}

func shas(events []evenkeel.Event) map[string]int {
	found := map[string]int{}
	for _, e := range events {
		found[e.ID]++
	}
	return found
}

func TestThePastIsReadInPagesAndGoesOnWhereItStood(t *testing.T) {
	t.Parallel()
	a := newAskedGithub(t, 10)
	for minute := 1; minute <= 95; minute++ {
		a.committed(minute)
	}
	a.vendor.Plan(nil, nil, nil, nil, vendortest.Status(http.StatusForbidden)) // The repository, three pages, then no.
	first, err := a.pull("commits")
	if err == nil || len(first) != 30 {
		t.Fatalf("%d commits before the refusal, %v", len(first), err)
	}
	if first[0].ID != fmt.Sprintf("%040x", 95) {
		t.Errorf("the newest does not come first, but %s", first[0].ID)
	}
	for minute := 96; minute <= 99; minute++ { // These move the pages on.
		a.committed(minute)
	}
	found := shas(append(first, a.mustPull("commits")...))
	for minute := 1; minute <= 95; minute++ {
		if found[fmt.Sprintf("%040x", minute)] == 0 {
			t.Errorf("commit %d is missing", minute)
		}
	}
	if news := shas(a.mustPull("commits")); news[fmt.Sprintf("%040x", 99)] != 1 || news[fmt.Sprintf("%040x", 96)] != 1 {
		t.Errorf("news: %v", news)
	}
}

func TestNewsAreReadWithAnOverlap(t *testing.T) {
	t.Parallel()
	a := newAskedGithub(t, 10)
	for minute := 1; minute <= 60; minute++ {
		a.committed(minute)
	}
	if n := len(a.mustPull("commits")); n != 60 {
		t.Fatalf("%d commits", n)
	}
	a.committed(61)
	before := len(a.vendor.Requests())
	news := shas(a.mustPull("commits"))
	if news[fmt.Sprintf("%040x", 61)] != 1 || len(news) != 17 { // 61, and those from 45 on.
		t.Errorf("%d commits: %v", len(news), news)
	}
	if asked := len(a.vendor.Requests()) - before; asked != 3 { // The repository and two pages.
		t.Errorf("%d requests", asked)
	}
}

func TestADeploymentThatRunsIsAskedForAgain(t *testing.T) {
	t.Parallel()
	a := newAskedGithub(t, 10)
	body, told := githubFixture(t, a.reads, "deployment_status_success")
	a.github.Put(githubHere, body["repository"])
	a.github.Add(githubHere+"/deployments", body["deployment"])
	a.github.Put(githubHere+"/deployments/145988746", body["deployment"])
	a.mustPull("deployments")
	a.clock.Sleep(t.Context(), 24*time.Hour)
	a.github.Add(githubHere+"/deployments/145988746/statuses", body["deployment_status"])
	a.github.Clear(githubHere + "/deployments") // Others have pushed it far down.
	holdsAll(t, a.mustPull("deployments"), told)
	asked := len(a.vendor.Requests())
	a.mustPull("deployments")
	if now := len(a.vendor.Requests()) - asked; now != 2 {
		t.Errorf("%d requests for one that has ended, want the repository and the list", now)
	}
}

func TestAVendorThatLiesAboutPagesIsLeft(t *testing.T) {
	t.Parallel()
	for name, link := range map[string]string{
		"the same page again": `<http://%s/repos/acme/checkout/commits?page=1>; rel="next"`,
		"always another":      `<http://%s/repos/acme/checkout/commits?page=77>; rel="next"`,
	} {
		a := newAskedGithub(t, 10)
		a.committed(1)
		host := strings.TrimPrefix(a.vendor.URL, "http://")
		a.vendor.Always(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			if strings.HasSuffix(r.URL.Path, "/commits") {
				w.Header().Set("Link", fmt.Sprintf(link, host))
			}
			next.ServeHTTP(w, r)
		})
		_, err := a.pull("commits")
		if asked := len(a.vendor.Requests()); asked > 4 || name == "the same page again" && err == nil {
			t.Errorf("%s: %d requests, %v", name, asked, err)
		}
	}
}

func TestGithubSaysWhoWeAre(t *testing.T) {
	t.Parallel()
	a := newAskedGithub(t, 10)
	a.vendor.Plan(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		w.Header().Set("Github-Authentication-Token-Expiration", "2026-12-01 10:00:00 UTC")
		w.Header().Set("X-Oauth-Scopes", "read:org, repo")
		next.ServeHTTP(w, r)
	})
	access, err := a.puller.Look(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if want := time.Date(2026, 12, 1, 10, 0, 0, 0, time.UTC); !access.ExpiresAt.Equal(want) {
		t.Errorf("expires at %v", access.ExpiresAt)
	}
	for _, p := range access.Permissions {
		if p.Granted == nil || !*p.Granted {
			t.Errorf("%s is not granted", p.Name)
		}
	}
	if len(access.Limits) != 1 || access.Limits[0].Most != 5000 {
		t.Errorf("limits: %+v", access.Limits)
	}
	want := []string{"commits acme/checkout", "pulls acme/checkout", "deployments acme/checkout", "runs acme/checkout", "compares acme/checkout", "releases acme/checkout", "incidents acme/checkout"}
	if diff := cmp.Diff(want, access.Streams); diff != "" {
		t.Error(diff)
	}
}

func TestGithubThatRefuses(t *testing.T) {
	t.Parallel()
	a := newAskedGithub(t, 10)
	a.vendor.Always(vendortest.Expired("another"))
	if _, err := a.puller.Look(t.Context()); !errors.Is(err, connectors.ErrRefused) {
		t.Errorf("a revoked token: %v", err)
	}
	a.vendor.Always(vendortest.UsedUp(a.clock.Now().Add(40 * time.Minute)))
	_, first := a.puller.Look(t.Context())
	_, err := a.pull("commits")
	if limit, ok := errors.AsType[*outgoing.LimitError](err); !ok || limit.Until.Sub(a.clock.Now()) != 40*time.Minute {
		t.Errorf("a limit that is used up: %v, before %v", err, first)
	}
	a.vendor.Always(nil)
	a.clock.Sleep(t.Context(), time.Hour)
	if _, err := a.puller.Look(t.Context()); err != nil {
		t.Errorf("after the limit's end: %v", err)
	}
}

func TestSettingsOfTheGithubInterface(t *testing.T) {
	t.Parallel()
	source, err := connectors.SourceNamed("github")
	if err != nil {
		t.Fatal(err)
	}
	for settings, field := range map[string]string{
		`{"api":{"token":"ghp_secret","repositories":["a/b"]}}`:                                  "api.token",
		`{"api":{"token":"${env:T}"}}`:                                                           "api.repositories",
		`{"api":{"token":"${env:T}","repositories":["a/../../user"]}}`:                           "api.repositories[0]",
		`{"api":{"token":"${env:T}","repositories":["../b"]}}`:                                   "api.repositories[0]",
		`{"api":{"token":"${env:T}","repositories":["a/b"],"history":"soon"}}`:                   "api.history",
		`{"api":{"token":"${env:T}","repositories":["a/b"],"url":"ftp://x"}}`:                    "api.url",
		`{"api":{"token":"${env:T}","repositories":["a/b"],"url":"https://u:p@github.example"}}`: "api.url",
	} {
		_, err := source.Open(json.RawMessage(settings))
		broken, ok := errors.AsType[evenkeel.FieldErrors](err)
		if !ok || broken[0].Field != field || strings.Contains(err.Error(), "ghp_secret") {
			t.Errorf("%s: %v, want %s", settings, err, field)
		}
	}
	puller, err := source.Pull(json.RawMessage(`{}`), connectors.Outside{})
	if puller != nil || err != nil {
		t.Errorf("without the setting: %v, %v", puller, err)
	}
}
