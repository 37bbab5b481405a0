package connectors_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
	"github.com/evenkeel-dev/evenkeel/connectors/outgoing"
	"github.com/evenkeel-dev/evenkeel/connectors/vendortest"
)

const (
	gitlabHere = "projects/30"
	gitlabSHA  = "279484c09fbe69ededfced8c1bb6e6d24616b468"
)

// askedGitlab is a GitLab below a path, with one project in a group, and a
// connection to it.
type askedGitlab struct {
	*asked
	gitlab *vendortest.GitLab
}

// gitlabProject is the project of the fixtures, as its list tells of it.
func gitlabProject(change map[string]any) map[string]any {
	project := map[string]any{
		"id": 30, "path_with_namespace": "Acme/shop/checkout", "web_url": "https://gitlab.example.com/Acme/shop/checkout",
		"default_branch": "main", "archived": false, "empty_repo": false, "ci_config_path": "",
	}
	maps.Copy(project, change)
	return project
}

// gitlabStream names a list of that project.
func gitlabStream(kind string) string { return kind + " Acme/shop/checkout {30}" }

func newAskedGitlab(t *testing.T, page int, api string) *askedGitlab {
	t.Helper()
	g := vendortest.NewGitLab(page)
	g.Put("groups/acme", map[string]any{"id": 3})
	g.Put(gitlabHere, gitlabProject(nil))
	g.Add("groups/acme/projects", gitlabProject(nil))
	g.Put("personal_access_tokens/self", map[string]any{"id": 4, "name": "of Kim", "scopes": []string{"read_api"}, "expires_at": "2026-06-30", "active": true})
	if api == "" {
		api = `"groups":["acme"]`
	}
	settings := `{"deployments":{"jobs":[{"job":"deploy*","environment":"production"}],"releases":{"environment":"production"}},
		"environments":[{"tier":"production","environment":"live-*","name":"production"}],"api":{"url":"URL/gitlab","token":"${env:T}",` + api + `}}`
	return &askedGitlab{ask(t, "gitlab", time.Date(2026, 3, 20, 0, 0, 0, 0, time.UTC), g, settings), g}
}

// pull reads a list of the project on.
func (a *askedGitlab) pull(kind string) ([]evenkeel.Event, error) {
	a.t.Helper()
	return a.asked.pull(gitlabStream(kind))
}

func (a *askedGitlab) mustPull(kind string) []evenkeel.Event {
	a.t.Helper()
	return a.asked.mustPull(gitlabStream(kind))
}

// person is somebody as GitLab describes them everywhere.
func person(id int, name string) map[string]any {
	return map[string]any{"id": id, "username": name, "name": "Kim Example", "web_url": "https://gitlab.example.com/" + name, "email": "kim@example.org"}
}

// The records of the fixtures as the interface tells of them.
func gitlabDeployment(change map[string]any) map[string]any {
	deployment := map[string]any{
		"id": 15, "iid": 2, "ref": "main", "sha": gitlabSHA, "status": "failed", "created_at": "2026-03-01T11:54:00.123Z", "updated_at": "2026-03-01T12:00:05.456Z",
		"user": person(51, "kim-example"), "environment": map[string]any{"id": 9, "name": "production"},
		"deployable": map[string]any{"id": 796, "started_at": "2026-03-01T11:55:00.000Z", "finished_at": "2026-03-01T12:00:00.000Z"},
	}
	maps.Copy(deployment, change)
	return deployment
}

func gitlabRequest(change map[string]any) map[string]any {
	request := map[string]any{
		"id": 99, "iid": 12, "project_id": 30, "title": "Pay faster", "description": "", "state": "merged", "draft": false, "squash": false,
		"created_at": "2026-03-01T09:00:00.000Z", "updated_at": "2026-03-01T10:00:00.000Z", "merged_at": "2026-03-01T10:00:00.000Z", "closed_at": nil,
		"sha": "da1560886d4f094c3e6c9ef40349f7d38b5d27d7", "merge_commit_sha": gitlabSHA, "squash_commit_sha": nil,
		"source_branch": "pay-faster", "target_branch": "main", "labels": []string{"feature"}, "author": person(51, "kim-example"),
	}
	maps.Copy(request, change)
	return request
}

func gitlabJob(change map[string]any) map[string]any {
	job := map[string]any{
		"id": 1977, "name": "deploy 1/2", "stage": "deploy", "status": "success", "ref": "main", "tag": false, "user": person(51, "kim-example"),
		"created_at": "2026-03-01T11:00:00.886Z", "started_at": "2026-03-01T11:01:00.500Z", "finished_at": "2026-03-01T11:04:00.250Z",
		"commit": map[string]any{"id": gitlabSHA, "author_email": "kim@example.org"}, "pipeline": map[string]any{"id": 2366, "sha": gitlabSHA},
	}
	maps.Copy(job, change)
	return job
}

func gitlabIssue(change map[string]any) map[string]any {
	issue := map[string]any{
		"id": 301, "iid": 23, "title": "Checkout is down", "state": "opened", "type": "INCIDENT", "issue_type": "incident", "severity": "HIGH", "labels": []string{},
		"created_at": "2026-03-01T09:00:00.000Z", "updated_at": "2026-03-01T09:00:00.000Z", "closed_at": nil, "moved_to_id": nil, "author": person(51, "kim-example"),
	}
	maps.Copy(issue, change)
	return issue
}

// TestGitLabAskedSaysWhatItsWebhooksSay: what a webhook told of, in whichever
// of GitLab's three forms of time, the interface tells in the same words.
func TestGitLabAskedSaysWhatItsWebhooksSay(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		stream   string
		fixtures []string
		there    map[string]any
		final    bool
	}{
		"a deployment": {"deployments", []string{"deployment_running", "deployment_failed"}, map[string]any{"deployments": gitlabDeployment(nil)}, false},
		"a pipeline": {"pipelines", []string{"pipeline_failed"}, map[string]any{
			"pipelines": map[string]any{"id": 31, "updated_at": "2026-03-01T11:05:01.000Z", "status": "failed"},
			"pipelines/31": map[string]any{
				"id": 31, "sha": gitlabSHA, "source": "push", "status": "failed", "created_at": "2026-03-01T11:00:00.000Z", "started_at": "2026-03-01T11:00:12.000Z",
				"finished_at": "2026-03-01T11:05:00.000Z", "queued_duration": 12, "user": person(51, "kim-example"),
			},
		}, false},
		"a release": {"releases", []string{"release_create"}, map[string]any{"releases": map[string]any{
			"tag_name": "v1.1.0", "created_at": "2026-03-01T11:55:12.000Z", "released_at": "2026-03-01T11:55:12.000Z", "upcoming_release": false,
			"commit": map[string]any{"id": gitlabSHA}, "author": person(51, "kim-example"),
		}}, false},
		"a job": {"jobs", []string{"job_success"}, map[string]any{
			"jobs": gitlabJob(nil), "pipelines/2366/jobs": gitlabJob(nil),
			"deployments": gitlabDeployment(map[string]any{"updated_at": "2026-03-01T11:04:01.000Z"}), // Of another job.
		}, false},
		"an incident":     {"incidents", []string{"incident_open"}, map[string]any{"issues": gitlabIssue(nil)}, false},
		"a merge request": {"merge-requests", []string{"merge_request_merge"}, map[string]any{"merge_requests": gitlabRequest(nil)}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAskedGitlab(t, 100, "")
			for address, record := range test.there {
				if strings.HasSuffix(address, "/31") {
					a.gitlab.Put(gitlabHere+"/"+address, record)
				} else {
					a.gitlab.Add(gitlabHere+"/"+address, record)
				}
			}
			got := a.mustPull(test.stream)
			for _, fixture := range test.fixtures {
				d := gitlabNamed(t, fixture)
				told, err := a.reads.Parse(d.header(), d.bytes(t))
				if err != nil {
					t.Fatal(err)
				}
				if test.final { // The rest is told by another action.
					told = slices.DeleteFunc(told, func(e evenkeel.Event) bool { return !e.Final })
				}
				holdsAll(t, got, told)
			}
			if text := asText(got...); strings.Contains(text, "kim") {
				t.Errorf("a person is named: %s", text)
			}
		})
	}
}

func TestGitLabAskedForAMergeRequestKnowsItsCommitsAndReviews(t *testing.T) {
	t.Parallel()
	a := newAskedGitlab(t, 2, "")
	one := gitlabHere + "/merge_requests/12"
	a.gitlab.Add(gitlabHere+"/merge_requests", gitlabRequest(nil))
	for _, commit := range [][2]string{{"a", "2026-02-27T08:00:00.000+01:00"}, {"b", "2026-02-28T08:00:00.000+01:00"}, {"c", "2026-03-01T08:00:00.000+01:00"}} {
		a.gitlab.Add(one+"/commits", map[string]any{"id": strings.Repeat(commit[0], 40), "authored_date": commit[1], "committed_date": commit[1], "author_name": "Kim Example"})
	}
	for i, note := range []struct {
		at, body string
		system   bool
		author   map[string]any
	}{
		{"10:30:00", "approved this merge request", true, person(6, "sam-example")}, // After the merge.
		{"09:50:00", "approved this merge request", true, person(6, "sam-example")},
		{"09:40:00", "unapproved this merge request", true, person(6, "sam-example")},
		{"09:35:00", "approved this merge request", true, person(6, "sam-example")},
		{"09:30:00", "I like it, Kim", false, person(6, "sam-example")},
		{"09:20:00", "marked this merge request as **ready**", true, person(51, "kim-example")},
		{"09:15:00", "see above", false, person(51, "kim-example")},
		{"09:10:00", "lint: fine", false, person(8, "project_30_bot_1234")},
		{"09:05:00", "changed the description", true, person(6, "sam-example")},
	} {
		a.gitlab.Add(one+"/notes", map[string]any{"id": 100 - i, "system": note.system, "body": note.body, "author": note.author, "created_at": "2026-03-01T" + note.at + ".000Z"})
	}
	got := a.mustPull("merge-requests")
	if len(got) == 0 {
		t.Fatal("nothing is told")
	}
	at := func(text string) time.Time { v, _ := time.Parse(time.RFC3339, text); return v }
	want := &evenkeel.Change{
		Repository: "gitlab.example.com/acme/shop/checkout", Number: 12, OpenedAt: at("2026-03-01T09:00:00Z"), ReadyAt: at("2026-03-01T09:20:00Z"),
		FirstReviewAt: at("2026-03-01T09:30:00Z"), ApprovedAt: at("2026-03-01T09:50:00Z"), Base: "main", Head: "da1560886d4f094c3e6c9ef40349f7d38b5d27d7",
		Labels: []string{"feature"}, ActorKind: evenkeel.ActorHuman,
		Commits: []evenkeel.ChangeCommit{
			{SHA: strings.Repeat("a", 40), AuthoredAt: at("2026-02-27T07:00:00Z")},
			{SHA: strings.Repeat("b", 40), AuthoredAt: at("2026-02-28T07:00:00Z")},
			{SHA: strings.Repeat("c", 40), AuthoredAt: at("2026-03-01T07:00:00Z")},
		},
	}
	if diff := cmp.Diff(evenkeel.Payload(want), got[0].Payload); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestGitLabAskedForADraft(t *testing.T) {
	t.Parallel()
	a := newAskedGitlab(t, 10, "")
	a.gitlab.Add(gitlabHere+"/merge_requests", gitlabRequest(map[string]any{"state": "opened", "draft": true, "merged_at": nil, "merge_commit_sha": nil}))
	a.gitlab.Add(gitlabHere+"/merge_requests/12/notes", map[string]any{"id": 1, "system": true, "body": "marked this merge request as **ready**", "author": person(51, "kim"), "created_at": "2026-03-01T09:20:00.000Z"})
	got := a.mustPull("merge-requests")
	change, _ := got[0].Payload.(*evenkeel.Change)
	if !change.ReadyAt.IsZero() || !slices.Contains(got[0].Cleared, "ready_at") || change.State != evenkeel.ChangeOpen {
		t.Errorf("a request that is a draft again: %s", asText(got...))
	}
}

// TestGitLabDeploymentsBringWhatTheyShipped: merge requests that were last
// touched before the past that is read are known by the deployments that
// shipped them, and others are not asked for twice.
func TestGitLabDeploymentsBringWhatTheyShipped(t *testing.T) {
	t.Parallel()
	a := newAskedGitlab(t, 10, `"groups":["acme"],"history":"30d"`)
	a.gitlab.Add(gitlabHere+"/deployments", gitlabDeployment(map[string]any{"status": "success"}))
	shipped := gitlabHere + "/deployments/15/merge_requests"
	a.gitlab.Add(shipped, gitlabRequest(map[string]any{"id": 98, "iid": 11, "created_at": "2026-01-01T09:00:00.000Z", "updated_at": "2026-01-01T10:00:00.000Z", "merged_at": "2026-01-01T10:00:00.000Z"}))
	a.gitlab.Add(shipped, gitlabRequest(nil))
	var numbers []int
	for _, e := range a.mustPull("deployments") {
		if change, ok := e.Payload.(*evenkeel.Change); ok && e.Final {
			numbers = append(numbers, change.Number)
		}
	}
	if diff := cmp.Diff([]int{11}, numbers); diff != "" {
		t.Errorf("requests that came with the deployment: %s", diff)
	}
}

func TestGitLabDeploymentsAreOfTheirTier(t *testing.T) {
	t.Parallel()
	a := newAskedGitlab(t, 1, "")
	a.gitlab.Add(gitlabHere+"/environments", map[string]any{"id": 9, "name": "live-eu", "tier": "production"})
	a.gitlab.Add(gitlabHere+"/environments", map[string]any{"id": 10, "name": "live-test", "tier": "testing"})
	for id, environment := range []string{"live-eu", "live-test"} {
		a.gitlab.Add(gitlabHere+"/deployments", gitlabDeployment(map[string]any{"id": 20 + id, "environment": map[string]any{"name": environment}}))
	}
	named := map[string]string{}
	for _, e := range a.mustPull("deployments") {
		if d, ok := e.Payload.(*evenkeel.Deployment); ok && d.Environment != "" {
			named[e.ID] = d.Environment
		}
	}
	if diff := cmp.Diff(map[string]string{"deployment:20": "production", "deployment:21": "live-test"}, named); diff != "" {
		t.Error(diff)
	}
}

// TestGitLabDeploymentsWithoutAJob have no times but their own, and what
// nothing runs of is nothing yet.
func TestGitLabDeploymentsWithoutAJob(t *testing.T) {
	t.Parallel()
	at := func(text string) time.Time { v, _ := time.Parse(time.RFC3339, text); return v }
	for name, test := range map[string]struct {
		change         map[string]any
		started, ended time.Time
	}{
		"made and then ended": {map[string]any{"deployable": nil, "status": "success"}, at("2026-03-01T11:54:00.123Z"), at("2026-03-01T12:00:05.456Z")},
		"made as it ended":    {map[string]any{"deployable": nil, "status": "success", "created_at": "2026-03-01T12:00:05.400Z"}, time.Time{}, at("2026-03-01T12:00:05.456Z")},
		"running":             {map[string]any{"deployable": nil, "status": "running", "updated_at": "2026-03-01T11:54:00.123Z"}, at("2026-03-01T11:54:00.123Z"), time.Time{}},
		"blocked":             {map[string]any{"status": "blocked"}, time.Time{}, time.Time{}},
	} {
		a := newAskedGitlab(t, 10, "")
		a.gitlab.Add(gitlabHere+"/deployments", gitlabDeployment(test.change))
		var started, ended time.Time
		for _, e := range a.mustPull("deployments") {
			d, _ := e.Payload.(*evenkeel.Deployment)
			if !d.StartedAt.IsZero() {
				started = d.StartedAt
			}
			if !d.FinishedAt.IsZero() {
				ended = d.FinishedAt
			}
		}
		if !started.Equal(test.started) || !ended.Equal(test.ended) {
			t.Errorf("%s: from %v to %v", name, started, ended)
		}
	}
}

// TestGitLabJobsWithAnEnvironment are told by their deployments alone: GitLab
// does not say so of the job, and one deployment would be two.
func TestGitLabJobsWithAnEnvironment(t *testing.T) {
	t.Parallel()
	a := newAskedGitlab(t, 10, "")
	a.gitlab.Add(gitlabHere+"/jobs", gitlabJob(nil))
	a.gitlab.Add(gitlabHere+"/deployments", gitlabDeployment(map[string]any{
		"updated_at": "2026-03-01T11:04:02.000Z", "deployable": map[string]any{"id": 1977, "started_at": "2026-03-01T11:01:00.500Z"},
	}))
	if got := a.mustPull("jobs"); len(got) != 0 {
		t.Errorf("told: %s", asText(got...))
	}
}

func TestGitLabJobsThatRunAgainAndThatRunStill(t *testing.T) {
	t.Parallel()
	a := newAskedGitlab(t, 1, "")
	first := gitlabJob(map[string]any{"id": 1970, "status": "failed"})
	running := gitlabJob(map[string]any{"status": "running", "finished_at": nil})
	for _, job := range []map[string]any{first, running, gitlabJob(map[string]any{"id": 1990, "name": "test"}), gitlabJob(map[string]any{"id": 1991, "ref": "topic"})} {
		a.gitlab.Add(gitlabHere+"/jobs", job)
		a.gitlab.Add(gitlabHere+"/pipelines/2366/jobs", job)
	}
	groups := func(events []evenkeel.Event) map[string]string {
		found := map[string]string{}
		for _, e := range events {
			if d, ok := e.Payload.(*evenkeel.Deployment); ok && d.Group != "" {
				found[e.ID] = d.Group + " " + string(d.Status)
			}
		}
		return found
	}
	want := map[string]string{"job:1970": "pipeline:2366/0/production ", "job:1977": "pipeline:2366/1/production running"}
	if diff := cmp.Diff(want, groups(a.mustPull("jobs"))); diff != "" {
		t.Errorf("first (-want +got)\n%s", diff)
	}
	a.pass(24 * time.Hour)
	a.gitlab.Put(gitlabHere+"/jobs/1977", gitlabJob(nil))
	a.gitlab.Clear(gitlabHere + "/jobs") // Others have pushed it far down.
	d := gitlabNamed(t, "job_success")
	told, err := a.reads.Parse(d.header(), d.bytes(t))
	if err != nil {
		t.Fatal(err)
	}
	holdsAll(t, a.mustPull("jobs"), told[1:])
	asked := len(a.vendor.Requests())
	a.mustPull("jobs")
	if now := len(a.vendor.Requests()) - asked; now != 2 {
		t.Errorf("%d requests for jobs that have ended, want the project and the list", now)
	}
}

func TestGitLabAskedForAnIncidentKnowsItsStory(t *testing.T) {
	t.Parallel()
	at := func(text string) time.Time { v, _ := time.Parse(time.RFC3339, "2026-03-01T"+text+"Z"); return v }
	marked := []map[string]any{{"id": 1, "action": "add", "label": nil, "created_at": "2026-03-01T09:10:00.000Z"}, {"id": 2, "action": "add", "label": map[string]any{"name": "Incident"}, "created_at": "2026-03-01T09:30:00.000Z"}}
	states := []map[string]any{{"id": 1, "state": "closed", "created_at": "2026-03-01T10:00:00.000Z"}, {"id": 2, "state": "reopened", "created_at": "2026-03-01T11:00:00.000Z"}, {"id": 3, "state": "closed", "created_at": "2026-03-01T12:00:00.000Z"}}
	closed := map[string]any{"state": "closed", "closed_at": "2026-03-01T12:00:00.000Z", "updated_at": "2026-03-01T12:00:00.000Z"}
	with := func(more map[string]any) map[string]any {
		all := map[string]any{}
		maps.Copy(all, closed)
		maps.Copy(all, more)
		return all
	}
	plain := map[string]any{"type": "ISSUE", "issue_type": "issue", "labels": []string{"incident", "severity::critical"}, "severity": "UNKNOWN"}
	for name, test := range map[string]struct {
		issue          map[string]any
		states, labels []map[string]any
		want           *evenkeel.Incident
	}{
		"by type":                {with(nil), states, marked, &evenkeel.Incident{OpenedAt: at("09:00:00"), ReopenedAt: at("11:00:00"), ResolvedAt: at("12:00:00"), Severity: "high"}},
		"by label":               {with(plain), states[:1], marked, &evenkeel.Incident{OpenedAt: at("09:30:00"), ResolvedAt: at("12:00:00"), Severity: "critical"}},
		"marked after it closed": {with(plain), []map[string]any{{"state": "closed", "created_at": "2026-03-01T09:20:00.000Z"}}, marked, &evenkeel.Incident{OpenedAt: at("09:00:00"), ResolvedAt: at("12:00:00"), Severity: "critical"}},
		"an issue like others":   {map[string]any{"type": "ISSUE", "issue_type": "issue"}, nil, nil, nil},
	} {
		a := newAskedGitlab(t, 2, "")
		a.gitlab.Add(gitlabHere+"/issues", gitlabIssue(test.issue))
		for _, one := range slices.Backward(test.states) {
			a.gitlab.Add(gitlabHere+"/issues/23/resource_state_events", one)
		}
		for _, one := range slices.Backward(test.labels) {
			a.gitlab.Add(gitlabHere+"/issues/23/resource_label_events", one)
		}
		got := a.mustPull("incidents")
		if test.want == nil && len(got) == 0 {
			continue
		}
		if test.want == nil || len(got) != 1 {
			t.Errorf("%s: %s", name, asText(got...))
			continue
		}
		test.want.Repository = "gitlab.example.com/acme/shop/checkout"
		if diff := cmp.Diff(evenkeel.Payload(test.want), got[0].Payload); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestGitLabIncidentsThatAreNone: a label that was taken away takes the
// incident back, which in the past was never told.
func TestGitLabIncidentsThatAreNone(t *testing.T) {
	t.Parallel()
	a := newAskedGitlab(t, 10, "")
	plain := map[string]any{"type": "ISSUE", "issue_type": "issue", "labels": []string{}}
	a.gitlab.Add(gitlabHere+"/issues", gitlabIssue(plain))
	marks := gitlabHere + "/issues/23/resource_label_events"
	a.gitlab.Add(marks, map[string]any{"id": 2, "action": "remove", "label": map[string]any{"name": "incident"}, "created_at": "2026-03-01T10:00:00.000Z"})
	a.gitlab.Add(marks, map[string]any{"id": 1, "action": "add", "label": map[string]any{"name": "incident"}, "created_at": "2026-03-01T09:00:00.000Z"})
	if got := a.mustPull("incidents"); len(got) != 0 {
		t.Errorf("told of the past: %s", asText(got...))
	}
	plain["updated_at"] = "2026-03-02T09:00:00.000Z"
	a.gitlab.Add(gitlabHere+"/issues", gitlabIssue(plain))
	a.gitlab.Add(gitlabHere+"/issues", gitlabIssue(map[string]any{"id": 302, "iid": 24, "issue_type": "issue", "type": "ISSUE", "updated_at": "2026-03-02T09:00:00.000Z"}))
	got := a.mustPull("incidents")
	if len(got) != 1 || got[0].ID != "issue:301" || !got[0].Deleted {
		t.Errorf("told: %s", asText(got...))
	}
}

func TestGitLabCommits(t *testing.T) {
	t.Parallel()
	a := newAskedGitlab(t, 10, "")
	a.gitlab.Add(gitlabHere+"/repository/commits", map[string]any{
		"id": gitlabSHA, "parent_ids": []string{strings.Repeat("a", 40), strings.Repeat("b", 40)}, "authored_date": "2026-03-01T10:00:00.000+02:00",
		"committed_date": "2026-03-01T12:00:00.000+02:00", "author_email": "kim@example.org", "message": "Fix\n\n(cherry picked from commit " + strings.Repeat("c", 40) + ")",
	})
	got := a.mustPull("commits")
	if len(got) != 1 {
		t.Fatalf("told: %s", asText(got...))
	}
	commit, _ := got[0].Payload.(*evenkeel.Commit)
	want := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	if len(commit.Parents) != 2 || !commit.CommittedAt.Equal(want) || !commit.AuthoredAt.Equal(want.Add(-2*time.Hour)) || len(commit.Trailers) == 0 {
		t.Errorf("told: %s", asText(got...))
	}
}

// piped adds a pipeline of some minute.
func (a *askedGitlab) piped(id int, updated time.Time) {
	at := updated.UTC().Format("2006-01-02T15:04:05.000Z")
	a.gitlab.Add(gitlabHere+"/pipelines", map[string]any{"id": id, "updated_at": at})
	a.gitlab.Put(fmt.Sprintf("%s/pipelines/%d", gitlabHere, id), map[string]any{"id": id, "sha": gitlabSHA, "source": "push", "status": "success", "created_at": at, "finished_at": at})
}

// TestGitLabPagesNeverLieDeep: after fifty pages the next are counted from the
// instant that was reached, and nothing is lost where many records share one.
func TestGitLabPagesNeverLieDeep(t *testing.T) {
	t.Parallel()
	a := newAskedGitlab(t, 3, "")
	const many = 420
	for id := 1; id <= many; id++ { // Seven share each instant.
		a.piped(id, time.Date(2026, 3, 1, 0, id/7, 0, 0, time.UTC))
	}
	found := shas(a.mustPull("pipelines"))
	for id := 1; id <= many; id++ {
		if found[fmt.Sprintf("pipeline:%d", id)] == 0 {
			t.Errorf("pipeline %d is missing", id)
		}
	}
	for _, request := range a.vendor.Requests() {
		query := request.URL.Query()
		if number, err := strconv.Atoi(query.Get("page")); err == nil && number > 55 {
			t.Errorf("page %d was asked for", number)
		}
		if strings.HasSuffix(request.URL.Path, "/pipelines") && (query.Get("order_by") != "updated_at" || query.Get("updated_after") == "") {
			t.Errorf("%s: GitLab wants filter and order together", request.URL)
		}
	}
}

func TestGitLabGoesOnWhereItStood(t *testing.T) {
	t.Parallel()
	a := newAskedGitlab(t, 10, "")
	for id := 1; id <= 35; id++ {
		a.piped(id, time.Date(2026, 3, 1, 0, id, 0, 0, time.UTC))
	}
	a.vendor.Always(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if r.URL.Query().Get("page") == "3" {
			vendortest.Status(http.StatusForbidden)(w, r, next)
			return
		}
		next.ServeHTTP(w, r)
	})
	first, err := a.pull("pipelines")
	if err == nil || len(first) != 20 || first[0].ID != "pipeline:35" {
		t.Fatalf("%d pipelines before the refusal, %v", len(first), err)
	}
	a.vendor.Always(nil)
	for id := 36; id <= 39; id++ { // These move the pages on.
		a.piped(id, time.Date(2026, 3, 1, 0, id, 0, 0, time.UTC))
	}
	a.piped(3, time.Date(2026, 3, 1, 0, 40, 0, 0, time.UTC)) // It ran again.
	found := shas(append(first, a.mustPull("pipelines")...))
	found2 := shas(a.mustPull("pipelines"))
	for id := 1; id <= 39; id++ {
		if name := fmt.Sprintf("pipeline:%d", id); found[name]+found2[name] == 0 {
			t.Errorf("pipeline %d is missing", id)
		}
	}
	asked := len(a.vendor.Requests())
	if news := shas(a.mustPull("pipelines")); len(news) != 16 { // That of 40, and those from 25 to 39.
		t.Errorf("%d pipelines within the overlap: %v", len(news), news)
	}
	after := a.vendor.Requests()[asked+1].URL.Query().Get("updated_after") // After the project.
	if after != "2026-03-01T00:25:00.000Z" {
		t.Errorf("what is known is asked for again, from %s on", after)
	}
}

// TestGitLabSaysHowFarItIs: the first page tells how many records there are.
func TestGitLabSaysHowFarItIs(t *testing.T) {
	t.Parallel()
	a := newAskedGitlab(t, 10, "")
	for id := 1; id <= 25; id++ {
		a.piped(id, time.Date(2026, 3, 1, 0, id, 0, 0, time.UTC))
	}
	a.piped(26, time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC)) // Before the history.
	var steps [][2]int
	if err := a.puller.Pull(t.Context(), gitlabStream("pipelines"), nil, func(_ context.Context, page connectors.Page) error {
		steps = append(steps, [2]int{page.Done, page.Total})
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([][2]int{{10, 25}, {20, 25}, {25, 25}}, steps); diff != "" {
		t.Error(diff)
	}
}

func TestGitLabProjectsOfGroups(t *testing.T) {
	t.Parallel()
	a := newAskedGitlab(t, 2, `"groups":["acme","*"],"projects":["Other/tool"],"exclude":["acme/archive","*/sandbox-*"],"include":["acme","mine"]`)
	a.gitlab.Put("projects/Other%2Ftool", gitlabProject(map[string]any{"id": 90, "path_with_namespace": "Other/tool"}))
	for id, path := range []string{"acme/shop/search", "acme/archive/2020/old", "acme/sandbox-kim", "acme/shop/web", "acme/gone"} {
		a.gitlab.Add("groups/acme/projects", gitlabProject(map[string]any{"id": 31 + id, "path_with_namespace": path, "archived": path == "acme/gone"}))
	}
	for id, path := range []string{"mine/one", "yours/two", "mine/three"} {
		a.gitlab.Add("projects", gitlabProject(map[string]any{"id": 60 + id, "path_with_namespace": path}))
	}
	access, err := a.puller.Look(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var read []string
	for _, name := range access.Streams {
		if name, of := strings.CutPrefix(name, "merge-requests "); of {
			read = append(read, name)
		}
	}
	if diff := cmp.Diff([]string{"Acme/shop/checkout {30}", "acme/shop/search {31}", "acme/shop/web {34}", "mine/one {60}", "mine/three {62}", "Other/tool {90}"}, read); diff != "" {
		t.Error(diff)
	}
	for _, request := range a.vendor.Requests() {
		query := request.URL.Query()
		if strings.HasSuffix(request.URL.Path, "/projects") && (query.Get("archived") != "false" || strings.Contains(request.URL.Path, "groups") == (query.Get("pagination") == "keyset")) {
			t.Errorf("asked: %s", request.URL)
		}
	}
}

// TestGitLabGroups: groups with the repositories of their own, and nobody.
func TestGitLabGroups(t *testing.T) {
	t.Parallel()
	a := newAskedGitlab(t, 1, `"groups":["acme"],"exclude":["acme/archive"]`)
	a.gitlab.Put("groups/acme", map[string]any{"id": 3, "full_path": "Acme", "name": "Acme Inc"})
	a.gitlab.Add("groups/acme/descendant_groups", map[string]any{"id": 4, "full_path": "Acme/shop", "name": "Shop"})
	a.gitlab.Add("groups/acme/descendant_groups", map[string]any{"id": 5, "full_path": "Acme/archive", "name": "Archive"})
	a.gitlab.Add("groups/acme/projects", gitlabProject(map[string]any{"id": 31, "path_with_namespace": "Acme/shop/apps", "web_url": "https://gitlab.example.com/Acme/shop/apps"}))
	a.gitlab.Add("groups/acme/projects", gitlabProject(map[string]any{"id": 32, "path_with_namespace": "Acme/archive/old"}))
	grouped, ok := a.puller.(connectors.Grouped)
	if !ok {
		t.Fatalf("%T knows no groups", a.puller)
	}
	groups, err := grouped.Groups(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := []connectors.Group{
		{Path: "Acme", Name: "Acme Inc"},
		{Path: "Acme/archive", Name: "Archive", Parent: "Acme"},
		{Path: "Acme/shop", Name: "Shop", Parent: "Acme", Repositories: []string{"gitlab.example.com/acme/shop/apps", "gitlab.example.com/acme/shop/checkout"}},
	}
	if diff := cmp.Diff(want, groups); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for _, request := range a.vendor.Requests() {
		if strings.Contains(request.URL.Path, "members") {
			t.Errorf("people were asked for: %s", request.URL)
		}
	}
}

// TestGitLabIsAskedForWhatAProjectHas: what is switched off is no failing stream.
func TestGitLabIsAskedForWhatAProjectHas(t *testing.T) {
	t.Parallel()
	a := newAskedGitlab(t, 10, `"groups":["acme"],"feature_flags":true`)
	a.gitlab.Add("groups/acme/projects", gitlabProject(map[string]any{
		"id": 31, "path_with_namespace": "acme/wiki", "empty_repo": true, "merge_requests_access_level": "disabled", "builds_access_level": "disabled", "environments_access_level": "private",
	}))
	access, err := a.puller.Look(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, kind := range []string{"commits", "merge-requests", "deployments", "pipelines", "jobs", "releases", "incidents", "feature-flags"} {
		want = append(want, kind+" Acme/shop/checkout {30}")
	}
	for _, kind := range []string{"deployments", "releases", "incidents", "feature-flags"} {
		want = append(want, kind+" acme/wiki {31}")
	}
	if diff := cmp.Diff(want, access.Streams); diff != "" {
		t.Error(diff)
	}
}

// TestAGitLabProjectThatWasRenamed keeps its streams and where they stand.
func TestAGitLabProjectThatWasRenamed(t *testing.T) {
	t.Parallel()
	a := newAskedGitlab(t, 10, "")
	before, err := a.puller.Look(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for id, day := range []string{"01", "05"} {
		a.gitlab.Add(gitlabHere+"/deployments", gitlabDeployment(map[string]any{"id": 15 + id, "updated_at": "2026-03-" + day + "T12:00:00.000Z"}))
	}
	a.mustPull("deployments")
	moved := gitlabProject(map[string]any{"path_with_namespace": "acme/pay/till", "web_url": "https://gitlab.example.com/acme/pay/till"})
	a.gitlab.Add("groups/acme/projects", moved)
	a.gitlab.Put(gitlabHere, moved)
	a.pass(time.Hour)
	after, err := a.puller.Look(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(before.Streams) != len(after.Streams) || !slices.EqualFunc(before.Streams, after.Streams, connectors.SameStream) || slices.Equal(before.Streams, after.Streams) {
		t.Errorf("other streams: %v, then %v", before.Streams, after.Streams)
	}
	a.gitlab.Add(gitlabHere+"/deployments", gitlabDeployment(map[string]any{"id": 17, "updated_at": "2026-03-10T12:00:00.000Z"}))
	news := shas(a.mustPull("deployments"))
	if news["deployment:15"] != 0 || news["deployment:17"] == 0 {
		t.Errorf("read: %v", news)
	}
	for _, e := range a.mustPull("deployments") {
		if d, _ := e.Payload.(*evenkeel.Deployment); d.Repository != "" && d.Repository != "gitlab.example.com/acme/pay/till" {
			t.Errorf("of %s", d.Repository)
		}
	}
}

func TestGitLabFlags(t *testing.T) {
	t.Parallel()
	a := newAskedGitlab(t, 1, `"groups":["acme"],"feature_flags":true`)
	flag := func(name string, active bool, updated string) {
		a.gitlab.Add(gitlabHere+"/feature_flags", map[string]any{"name": name, "active": active, "created_at": "2026-03-01T09:00:00.000Z", "updated_at": updated, "strategies": []any{}})
	}
	pull := func() (told []string) {
		for _, e := range a.mustPull("feature-flags") {
			f, _ := e.Payload.(*evenkeel.FlagChange)
			on := "?"
			if f.After != nil && f.After.On != nil {
				on = fmt.Sprint(*f.After.On)
			}
			told = append(told, fmt.Sprintf("%s %s %s %s", f.Flag, f.Action, on, f.At.Format(time.RFC3339)))
		}
		slices.Sort(told)
		return told
	}
	flag("new-basket", false, "2026-03-01T09:00:00.000Z")
	flag("old-basket", true, "2026-03-02T09:00:00.000Z")
	want := []string{"new-basket created false 2026-03-01T09:00:00Z", "old-basket changed true 2026-03-02T09:00:00Z", "old-basket created ? 2026-03-01T09:00:00Z"}
	if diff := cmp.Diff(want, pull()); diff != "" {
		t.Errorf("first (-want +got)\n%s", diff)
	}
	if again := pull(); len(again) != 0 {
		t.Errorf("told again: %v", again)
	}
	a.gitlab.Clear(gitlabHere + "/feature_flags")
	flag("new-basket", true, "2026-03-03T09:00:00.000Z")
	if diff := cmp.Diff([]string{"new-basket enabled true 2026-03-03T09:00:00Z", "old-basket archived ? 2026-03-20T00:00:00Z"}, pull()); diff != "" {
		t.Errorf("then (-want +got)\n%s", diff)
	}
	d := gitlabNamed(t, "feature_flag_on")
	if told, err := a.reads.Parse(d.header(), d.bytes(t)); !errors.Is(err, evenkeel.ErrIgnored) {
		t.Errorf("the webhook tells of the switch as well: %s, %v", asText(told...), err)
	}
}

func TestGitLabSaysWhoWeAre(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		put     map[string]any
		granted string
		expires time.Time
	}{
		"a token that may":     {nil, "yes", time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC)},
		"a token that may all": {map[string]any{"personal_access_tokens/self": map[string]any{"scopes": []string{"api"}, "expires_at": nil}}, "yes", time.Time{}},
		"a token that may not": {map[string]any{"personal_access_tokens/self": map[string]any{"scopes": []string{"read_user", "read_repository"}}}, "no", time.Time{}},
		"a token of OAuth": {
			map[string]any{"personal_access_tokens/self": nil, "/gitlab/oauth/token/info": map[string]any{"scope": []string{"read_api"}, "expires_in": 7200}},
			"yes", time.Date(2026, 3, 20, 2, 0, 0, 0, time.UTC),
		},
		"an older GitLab": {map[string]any{"personal_access_tokens/self": nil, "version": map[string]any{"version": "14.0"}}, "unknown", time.Time{}},
	} {
		a := newAskedGitlab(t, 10, "")
		for address, record := range test.put {
			if record != nil {
				a.gitlab.Put(address, record)
			} else {
				a.vendor.Always(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
					if strings.HasSuffix(r.URL.Path, "/self") {
						vendortest.Status(http.StatusBadRequest)(w, r, next)
						return
					}
					next.ServeHTTP(w, r)
				})
			}
		}
		access, err := a.puller.Look(t.Context())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		granted := "unknown"
		if p := access.Permissions[0]; p.Granted != nil {
			granted = map[bool]string{true: "yes", false: "no"}[*p.Granted]
		}
		if granted != test.granted || !access.ExpiresAt.Equal(test.expires) || strings.Contains(access.Identity, "Kim") {
			t.Errorf("%s: granted %s, expires at %v, %s", name, granted, access.ExpiresAt, access.Identity)
		}
		if len(access.Limits) != 1 || access.Limits[0].Most != 2000 {
			t.Errorf("%s: limits %+v", name, access.Limits)
		}
	}
}

// TestGoGitLabIsHeldBack: what the library does wrong does not happen.
func TestGoGitLabIsHeldBack(t *testing.T) {
	t.Parallel()
	t.Run("the token stays with its host", func(t *testing.T) {
		t.Parallel()
		a := newAskedGitlab(t, 10, "")
		var leaked http.Header
		other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { leaked = r.Header }))
		defer other.Close()
		a.vendor.Always(vendortest.Redirect(other.URL))
		if _, err := a.pull("pipelines"); !errors.Is(err, outgoing.ErrElsewhere) || leaked != nil {
			t.Errorf("%v, and the other host got %v", err, leaked)
		}
	})
	t.Run("it neither tries again nor waits itself", func(t *testing.T) {
		t.Parallel()
		a := newAskedGitlab(t, 10, "")
		a.vendor.Plan(vendortest.TooMany(http.StatusTooManyRequests, 40*time.Second))
		a.vendor.Always(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			w.Header().Set("Ratelimit-Limit", "1") // Its own limiter would wait for minutes.
			next.ServeHTTP(w, r)
		})
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		for range 4 {
			if err := a.puller.Pull(ctx, gitlabStream("pipelines"), nil, func(context.Context, connectors.Page) error { return nil }); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff([]time.Duration{40 * time.Second}, a.clock.Slept()); diff != "" || len(a.vendor.Requests()) != 9 {
			t.Errorf("%d requests, pauses %s", len(a.vendor.Requests()), diff)
		}
	})
	t.Run("a malformed Link is none", func(t *testing.T) {
		t.Parallel()
		for _, link := range []string{`<http://x>; rel`, `;`, `<>;rel=next`, `<http://%s>; rel="next"`, `<a>;b=c,<d>;`} {
			a := newAskedGitlab(t, 10, "")
			a.vendor.Always(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
				w.Header().Set("Link", link)
				next.ServeHTTP(w, r)
			})
			if _, err := a.pull("jobs"); err != nil {
				t.Errorf("%s: %v", link, err)
			}
		}
	})
	t.Run("a link leads nowhere else", func(t *testing.T) {
		t.Parallel()
		a := newAskedGitlab(t, 1, "")
		a.gitlab.Add(gitlabHere+"/jobs", gitlabJob(map[string]any{"name": "test"}))
		a.vendor.Always(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			w.Header().Set("Link", `<https://evil.example/api/v4/user?cursor=7>; rel="next"`)
			next.ServeHTTP(w, r)
		})
		a.mustPull("jobs")
		last := a.vendor.Requests()[len(a.vendor.Requests())-1]
		if last.URL.Path != "/gitlab/api/v4/projects/30/jobs" || last.URL.Query().Get("cursor") != "7" {
			t.Errorf("the next page was %s", last.URL)
		}
	})
	t.Run("parts of a second count", func(t *testing.T) {
		t.Parallel()
		a := newAskedGitlab(t, 10, "")
		a.piped(1, time.Date(2026, 3, 1, 0, 0, 0, 987_000_000, time.UTC))
		a.mustPull("pipelines")
		asked := len(a.vendor.Requests())
		a.mustPull("pipelines")
		if after := a.vendor.Requests()[asked+1].URL.Query().Get("updated_after"); after != "2026-02-28T23:45:00.987Z" {
			t.Errorf("asked for what changed after %s", after)
		}
	})
}

func TestAGitLabThatLiesAboutPagesIsLeft(t *testing.T) {
	t.Parallel()
	serial := 0
	for name, test := range map[string]struct {
		stream string
		most   int
		lie    vendortest.Fault
	}{
		"the same page again": {"pipelines", 4, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			w.Header().Set("X-Next-Page", "1")
			next.ServeHTTP(w, r)
		}},
		"one page under every number": {"merge-requests", 8, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			w.Header().Set("X-Next-Page", "77")
			next.ServeHTTP(w, r)
		}},
		"deeper than there is": {"merge-requests", 8, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			w.Header().Set("X-Next-Page", "501")
			next.ServeHTTP(w, r)
		}},
		"a keyset without end": {"jobs", 4, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			w.Header().Set("Link", `<http://x/?cursor=99999>; rel="next"`)
			next.ServeHTTP(w, r)
		}},
		"comments without end": {"merge-requests", 40, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			if !strings.HasSuffix(r.URL.Path, "/notes") {
				next.ServeHTTP(w, r)
				return
			}
			serial++
			w.Header().Set("X-Next-Page", fmt.Sprint(serial+1))
			notes := strings.Repeat(fmt.Sprintf(`{"id":%d,"system":true,"created_at":"2026-03-01T09:00:00Z"},`, serial), 100)
			fmt.Fprintf(w, "[%s]", strings.TrimSuffix(notes, ","))
		}},
		"an empty page before others": {"pipelines", 4, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			if !strings.HasSuffix(r.URL.Path, "/pipelines") {
				next.ServeHTTP(w, r)
				return
			}
			w.Header().Set("X-Next-Page", "2")
			fmt.Fprint(w, "[]")
		}},
	} {
		a := newAskedGitlab(t, 10, "")
		a.piped(1, time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC))
		a.gitlab.Add(gitlabHere+"/merge_requests", gitlabRequest(nil))
		a.gitlab.Add(gitlabHere+"/jobs", gitlabJob(map[string]any{"name": "test"}))
		a.vendor.Always(test.lie)
		_, err := a.pull(test.stream)
		if asked := len(a.vendor.Requests()); asked > test.most || err == nil && name != "comments without end" {
			t.Errorf("%s: %d requests, %v", name, asked, err)
		}
		a.vendor.Always(nil)
		a.gitlab.Add(gitlabHere+"/jobs", gitlabJob(map[string]any{"id": 1980, "name": "test"}))
		if _, err := a.pull(test.stream); err != nil {
			t.Errorf("%s, and then the truth: %v", name, err)
		}
	}
}

// TestAGroupIsReadNoDeeperThanGitLabGoes: by numbers of pages it gives 50,000.
func TestAGroupIsReadNoDeeperThanGitLabGoes(t *testing.T) {
	t.Parallel()
	a := newAskedGitlab(t, 10, "")
	number := 0
	a.vendor.Always(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if !strings.HasSuffix(r.URL.Path, "/groups/acme/projects") {
			next.ServeHTTP(w, r)
			return
		}
		number++
		w.Header().Set("X-Next-Page", fmt.Sprint(number+1))
		fmt.Fprintf(w, `[{"id":%d}]`, number)
	})
	if _, err := a.puller.Look(t.Context()); err == nil || number != 500 {
		t.Errorf("%d pages were read, %v", number, err)
	}
}

// TestGitLabThatMisbehaves runs what every client of an interface has to survive.
func TestGitLabThatMisbehaves(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"pipelines", "merge-requests", "jobs", "feature-flags"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			survives(t, func(t *testing.T) *asked {
				a := newAskedGitlab(t, 2, `"groups":["acme"],"feature_flags":true`)
				for id := 1; id <= 5; id++ {
					a.piped(id, time.Date(2026, 3, id, 0, 0, 0, 0, time.UTC))
					job := gitlabJob(map[string]any{"id": 1970 + id, "name": fmt.Sprint("deploy ", id)})
					a.gitlab.Add(gitlabHere+"/jobs", job)
					a.gitlab.Add(gitlabHere+"/pipelines/2366/jobs", job)
					a.gitlab.Add(gitlabHere+"/merge_requests", gitlabRequest(map[string]any{"id": 90 + id, "iid": id}))
					a.gitlab.Add(gitlabHere+"/feature_flags", map[string]any{"name": fmt.Sprint("flag-", id), "created_at": "2026-03-01T09:00:00.000Z", "updated_at": "2026-03-01T09:00:00.000Z"})
				}
				return a.asked
			}, gitlabStream(kind))
		})
	}
}

// TestGitLabKeysetThatWasForgotten: a page of jobs whose key GitLab does not
// know any more has the list read from its top again.
func TestGitLabKeysetThatWasForgotten(t *testing.T) {
	t.Parallel()
	a := newAskedGitlab(t, 1, "")
	for id := 1; id <= 3; id++ {
		job := gitlabJob(map[string]any{"id": 1970 + id, "name": fmt.Sprint("deploy ", id)})
		a.gitlab.Add(gitlabHere+"/jobs", job)
		a.gitlab.Add(gitlabHere+"/pipelines/2366/jobs", job)
	}
	refusals := []vendortest.Fault{vendortest.Status(http.StatusForbidden), vendortest.Status(http.StatusBadRequest)}
	a.vendor.Always(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if r.URL.Query().Get("cursor") != "" && len(refusals) > 0 {
			refusals[0](w, r, next)
			refusals = refusals[1:]
			return
		}
		next.ServeHTTP(w, r)
	})
	first, err := a.pull("jobs")
	if err == nil || len(first) == 0 {
		t.Fatalf("the reading was not interrupted: %v", err)
	}
	found := shas(append(first, a.mustPull("jobs")...))
	if len(found) != 3 {
		t.Errorf("told: %v", found)
	}
}

func TestGitLabThatRefuses(t *testing.T) {
	t.Parallel()
	a := newAskedGitlab(t, 10, "")
	refuses(t, a.asked)
	a.vendor.Always(nil)
	a.look()
	if err := a.puller.Pull(t.Context(), "pipelines acme/gone {31}", nil, nil); err == nil || !strings.Contains(err.Error(), "projects/31 is not there") {
		t.Errorf("a project that is gone: %v", err)
	}
	for _, stream := range []string{"pipelines ../user", "pipelines a {-1}", "pipelines a {..}", "keys a {30}", "pipelines"} {
		if err := a.puller.Pull(t.Context(), stream, nil, nil); !errors.Is(err, evenkeel.ErrNotFound) {
			t.Errorf("%s: %v", stream, err)
		}
	}
}

func TestSettingsOfTheGitlabInterface(t *testing.T) {
	t.Parallel()
	for settings, field := range map[string]string{
		`{"api":{"token":"glpat-secret","groups":["acme"]}}`:                                     "api.token",
		`{"api":{"token":"${env:T}"}}`:                                                           "api.groups",
		`{"api":{"token":"${env:T}","groups":["acme/../../user"]}}`:                              "api.groups[0]",
		`{"api":{"token":"${env:T}","groups":["acme","shop/*"]}}`:                                "api.groups[1]",
		`{"api":{"token":"${env:T}","projects":["acme/*"]}}`:                                     "api.projects[0]",
		`{"api":{"token":"${env:T}","projects":["checkout"]}}`:                                   "api.projects[0]",
		`{"api":{"token":"${env:T}","groups":["acme"],"exclude":["["]}}`:                         "api.exclude[0]",
		`{"api":{"token":"${env:T}","groups":["acme"],"include":[""]}}`:                          "api.include[0]",
		`{"api":{"token":"${env:T}","groups":["acme"],"history":"soon"}}`:                        "api.history",
		`{"api":{"token":"${env:T}","groups":["acme"],"url":"ftp://x"}}`:                         "api.url",
		`{"api":{"token":"${env:T}","groups":["acme"],"url":"https://u:p@gitlab.example"}}`:      "api.url",
		`{"api":{"token":"${env:T}","groups":["acme"],"url":"https://gitlab.example/api/v4"}}`:   "api.url",
		`{"api":{"token":"${env:T}","groups":["acme"],"url":"https://gitlab.example/a/../b"}}`:   "api.url",
		`{"api":{"token":"${env:T}","groups":["acme"],"url":"https://gitlab.example/?x=1"}}`:     "api.url",
		`{"api":{"token":"${env:T}","groups":["acme"],"projects":["../user"]}}`:                  "api.projects[0]",
		`{"api":{"token":"${env:T}","groups":["acme"],"url":"https://gitlab.example/a%2Fb/"}}`:   "",
		`{"api":{"token":"${env:T}","groups":["acme"],"url":"https://gitlab.example:8443/git"}}`: "",
	} {
		_, err := gitlabSource(t).Open(json.RawMessage(settings))
		broken, _ := errors.AsType[evenkeel.FieldErrors](err)
		if field == "" && err == nil {
			continue
		}
		if len(broken) != 1 || broken[0].Field != field || strings.Contains(err.Error(), "glpat-secret") {
			t.Errorf("%s: %v, want %s", settings, err, field)
		}
	}
	if puller, err := gitlabSource(t).Pull(json.RawMessage(`{}`), connectors.Outside{}); puller != nil || err != nil {
		t.Errorf("without the setting: %v, %v", puller, err)
	}
}
