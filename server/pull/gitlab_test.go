package pull_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
	"github.com/evenkeel-dev/evenkeel/connectors/vendortest"
	"github.com/evenkeel-dev/evenkeel/store/storetest"
)

// gitlabOffice is an office whose workspace has a connection to a GitLab too.
type gitlabOffice struct {
	*office
	gitlab   *vendortest.GitLab
	hooks    connectors.Receiver
	gitlabID string
}

const (
	gitlabSettings = `{"deployments":{"releases":{"environment":"production"},"jobs":[{"job":"deploy*","environment":"production"}]}%s}`
	gitlabCommit   = "279484c09fbe69ededfced8c1bb6e6d24616b468"
	gitlabProject  = "projects/30/"
)

func newGitlabOffice(t *testing.T, o *office) *gitlabOffice {
	t.Helper()
	g := &gitlabOffice{office: o, gitlab: vendortest.NewGitLab(2)}
	if err := o.clock.Sleep(t.Context(), time.Date(2026, 3, 20, 0, 0, 0, 0, time.UTC).Sub(o.clock.Now())); err != nil {
		t.Fatal(err)
	}
	vendor := vendortest.New(t, g.gitlab)
	project := map[string]any{"id": 30, "path_with_namespace": "Acme/shop/checkout", "web_url": "https://gitlab.example.com/Acme/shop/checkout", "default_branch": "main"}
	g.gitlab.Put("groups/acme", map[string]any{"id": 3})
	g.gitlab.Put("projects/30", project)
	g.gitlab.Add("groups/acme/projects", project)
	g.gitlab.Put("personal_access_tokens/self", map[string]any{"scopes": []string{"read_api"}, "expires_at": "2026-06-30"})
	settings := fmt.Appendf(nil, gitlabSettings, fmt.Sprintf(`,"api":{"url":%q,"token":"${env:T}","groups":["acme"]}`, vendor.URL))
	connection, err := o.store.In("acme").SaveConnection(t.Context(), evenkeel.Connection{Source: "gitlab", Name: "gitlab", Settings: settings})
	if err != nil {
		t.Fatal(err)
	}
	source, err := connectors.SourceNamed("gitlab")
	if err == nil {
		g.hooks, err = source.Open(settings)
	}
	if err != nil {
		t.Fatal(err)
	}
	g.gitlabID = connection.ID
	return g
}

// know puts what the fixtures of webhooks tell of into the GitLab.
func (g *gitlabOffice) know() {
	kim := map[string]any{"id": 51, "username": "kim-example"}
	g.gitlab.Add(gitlabProject+"deployments", map[string]any{
		"id": 15, "ref": "main", "sha": gitlabCommit, "status": "failed", "created_at": "2026-03-01T11:54:00.123Z", "updated_at": "2026-03-01T12:00:05.456Z",
		"user": kim, "environment": map[string]any{"name": "production"},
		"deployable": map[string]any{"id": 796, "started_at": "2026-03-01T11:55:00.400Z", "finished_at": "2026-03-01T12:00:00.700Z"},
	})
	g.gitlab.Add(gitlabProject+"merge_requests", map[string]any{
		"iid": 12, "title": "Pay faster", "state": "merged", "created_at": "2026-03-01T09:00:00.100Z", "updated_at": "2026-03-01T10:00:00.900Z",
		"merged_at": "2026-03-01T10:00:00.800Z", "sha": "da1560886d4f094c3e6c9ef40349f7d38b5d27d7", "merge_commit_sha": gitlabCommit,
		"source_branch": "pay-faster", "target_branch": "main", "labels": []string{"feature"}, "author": kim,
	})
	pipeline := map[string]any{"id": 31, "sha": gitlabCommit, "source": "push", "status": "failed", "created_at": "2026-03-01T11:00:00.500Z", "updated_at": "2026-03-01T11:05:01.000Z", "finished_at": "2026-03-01T11:05:00.600Z", "queued_duration": 12}
	g.gitlab.Add(gitlabProject+"pipelines", pipeline)
	g.gitlab.Put(gitlabProject+"pipelines/31", pipeline)
	g.gitlab.Add(gitlabProject+"releases", map[string]any{"tag_name": "v1.1.0", "created_at": "2026-03-01T11:55:12.300Z", "released_at": "2026-03-01T11:55:12.300Z", "commit": map[string]any{"id": gitlabCommit}})
	g.gitlab.Add(gitlabProject+"issues", map[string]any{
		"id": 301, "iid": 23, "state": "opened", "issue_type": "incident", "severity": "HIGH", "labels": []string{},
		"created_at": "2026-03-01T09:00:00.200Z", "updated_at": "2026-03-01T09:00:00.200Z",
	})
	job := map[string]any{
		"id": 1977, "name": "deploy 1/2", "status": "success", "ref": "main", "user": kim, "created_at": "2026-03-01T11:00:00.886Z",
		"started_at": "2026-03-01T11:01:00.500Z", "finished_at": "2026-03-01T11:04:00.250Z", "commit": map[string]any{"id": gitlabCommit}, "pipeline": map[string]any{"id": 2366, "sha": gitlabCommit},
	}
	g.gitlab.Add(gitlabProject+"jobs", job)
	g.gitlab.Add(gitlabProject+"pipelines/2366/jobs", job)
	g.gitlab.Add(gitlabProject+"repository/commits", map[string]any{"id": gitlabCommit, "parent_ids": []string{}, "authored_date": "2026-03-01T09:00:00.000Z", "committed_date": "2026-03-01T10:00:00.000Z"})
}

// hook delivers fixtures of webhooks.
func (g *gitlabOffice) hook(names ...string) {
	g.t.Helper()
	for _, name := range names {
		text, err := os.ReadFile("../../connectors/testdata/deliveries/gitlab/" + name + ".json")
		if err != nil {
			g.t.Fatal(err)
		}
		var sent struct {
			Headers map[string]string `json:"headers"`
			Body    json.RawMessage   `json:"body"`
		}
		if err := json.Unmarshal(text, &sent); err != nil {
			g.t.Fatal(err)
		}
		told, err := g.hooks.Parse(connectors.KeptHeader(sent.Headers), sent.Body)
		if err != nil {
			g.t.Fatal(err)
		}
		if _, err := g.store.In("acme").Deliver(g.t.Context(), []evenkeel.Delivery{{
			Connection: g.gitlabID, Source: "gitlab", Event: sent.Headers["X-Gitlab-Event"], Headers: sent.Headers, Body: sent.Body, Size: len(sent.Body),
			ReceivedAt: g.clock.Now(), Outcome: evenkeel.OutcomeRecorded, Events: told,
		}}); err != nil {
			g.t.Fatal(err)
		}
	}
}

// facts are all that are known, by kind and id.
func (g *gitlabOffice) facts() map[string]string {
	g.t.Helper()
	page, err := g.store.In("acme").Entries(g.t.Context(), evenkeel.EntryFilter{Limit: 500})
	if err != nil {
		g.t.Fatal(err)
	}
	facts := map[string]string{}
	for _, e := range page.Items {
		name := string(e.Kind) + " " + e.ExternalID
		if _, twice := facts[name]; twice {
			g.t.Errorf("%s is two facts", name)
		}
		facts[name] = string(e.Fields)
	}
	return facts
}

var gitlabHooks = []string{"deployment_running", "deployment_failed", "merge_request_open", "merge_request_merge", "pipeline_failed", "release_create", "incident_open", "job_success"}

// TestGitLabHooksAndAskingAreOneFact: whichever comes first, and whether the
// other comes at all, there is one fact of each thing, and it is the same.
func TestGitLabHooksAndAskingAreOneFact(t *testing.T) {
	t.Parallel()
	for kind, dsn := range map[string]func(testing.TB) string{"sqlite": storetest.SQLite, "postgres": storetest.Postgres} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			first, second := newGitlabOffice(t, newOffice(t, dsn(t))), newGitlabOffice(t, newOffice(t, dsn(t)))
			want := []string{"build pipeline:31", "change 12", "deployment deployment:15", "deployment job:1977", "deployment release:30@v1.1.0", "incident issue:301"}
			first.know()
			first.readAll()
			first.wants("asked", want)
			for name, s := range first.streams() {
				if strings.HasSuffix(name, " {30}") && (!s.Complete || s.Error != "") {
					t.Errorf("stream %s: %+v", name, s)
				}
			}
			first.hook(gitlabHooks...)
			first.wants("asked, then told", want)
			second.hook(gitlabHooks...)
			second.wants("told", want)
			second.know()
			second.readAll()
			second.wants("told, then asked", want)
			if diff := cmp.Diff(first.facts(), second.facts()); diff != "" {
				t.Errorf("the order matters (-asked first +told first)\n%s", diff)
			}
		})
	}
}

// wants compares the names of all facts.
func (g *gitlabOffice) wants(when string, want []string) {
	g.t.Helper()
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(g.facts()))); diff != "" {
		g.t.Errorf("%s (-want +got)\n%s", when, diff)
	}
}

// TestGitLabReadAgainSaysNothingNew: what is read again within the overlap is known.
func TestGitLabReadAgainSaysNothingNew(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		g := newGitlabOffice(t, o)
		g.know()
		g.readAll()
		before, err := o.store.In("acme").Revision(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			if err := o.clock.Sleep(t.Context(), time.Hour); err != nil {
				t.Fatal(err)
			}
			g.readAll()
		}
		if after, err := o.store.In("acme").Revision(t.Context()); err != nil || after != before {
			t.Errorf("revision %d after %d (%v)", after, before, err)
		}
	})
}

// TestARenamedGitLabProjectKeepsItsHistory: what it tells under its new path is
// of the project that applications claim, as are its webhooks.
func TestARenamedGitLabProjectKeepsItsHistory(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		g := newGitlabOffice(t, o)
		g.know()
		g.readAll()
		const kept = "gitlab.example.com/acme/shop/checkout"
		before := g.repositories()
		if len(before) == 0 || before["deployments of "+kept] == 0 {
			t.Fatalf("nothing is read before: %v", before)
		}
		moved := map[string]any{"id": 30, "path_with_namespace": "acme/pay/till", "web_url": "https://gitlab.example.com/acme/pay/till", "default_branch": "main"}
		g.gitlab.Put("projects/30", moved)
		g.gitlab.Add("groups/acme/projects", moved)
		g.gitlab.Add(gitlabProject+"deployments", map[string]any{
			"id": 16, "ref": "main", "sha": gitlabCommit, "status": "success", "created_at": "2026-03-20T11:54:00.123Z", "updated_at": "2026-03-20T12:00:05.456Z",
			"environment": map[string]any{"name": "production"}, "deployable": map[string]any{"id": 797, "finished_at": "2026-03-20T12:00:00.700Z"},
		})
		if err := o.clock.Sleep(t.Context(), 24*time.Hour); err != nil {
			t.Fatal(err)
		}
		g.readAll()
		held, err := o.store.Connection(t.Context(), g.gitlabID)
		if err != nil {
			t.Fatal(err)
		}
		if held.Names["30"] != "acme/shop/checkout" {
			t.Errorf("learned names: %v", held.Names)
		}
		hooks := *g.office
		hooks.connection = held
		hooks.told("merge_request_merge", "Acme/shop/checkout", "acme/pay/till", "2026-03-01 10:00:00 UTC", "2026-03-20 10:00:00 UTC")
		hooks.told("merge_request_merge", `"id": 30`, `"id": 31`, "f5e57ebc", "f5e57ebd")
		after := g.repositories()
		before["deployments of "+kept]++
		before["merged changes of "+kept+"~31"]++
		if diff := cmp.Diff(before, after); diff != "" {
			t.Errorf("after the rename (-want +got)\n%s", diff)
		}
	})
}
