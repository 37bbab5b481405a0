package pull_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors/vendortest"
)

// byRepository counts what is known by kind and repository, shortened by what
// they have in common.
func (o *office) byRepository(common string) map[string]int {
	o.t.Helper()
	page, err := o.store.In("acme").Entries(o.t.Context(), evenkeel.EntryFilter{Limit: 500})
	if err != nil {
		o.t.Fatal(err)
	}
	found := map[string]int{}
	for _, e := range page.Items {
		found[string(e.Kind)+" "+strings.TrimPrefix(e.Repository, common)]++
	}
	return found
}

func (o *office) wantsRepositories(when, common string, want map[string]int) {
	o.t.Helper()
	if diff := cmp.Diff(want, o.byRepository(common)); diff != "" {
		o.t.Errorf("%s (-want +got)\n%s", when, diff)
	}
}

// wantsToBeTold wants the connection to say which repository is kept under which name.
func (o *office) wantsToBeTold(note, id, kept string) {
	o.t.Helper()
	held, err := o.store.Connection(o.t.Context(), o.connection.ID)
	if err != nil {
		o.t.Fatal(err)
	}
	if access := string(o.streams()[""].Cursor); held.Names[id] != kept || !strings.Contains(access, note) {
		o.t.Errorf("names %v, access %s", held.Names, access)
	}
}

// changed is a record with other texts, by pairs of old and new text.
func changed(t *testing.T, record map[string]any, changes ...string) map[string]any {
	t.Helper()
	var other map[string]any
	if err := json.Unmarshal([]byte(strings.NewReplacer(changes...).Replace(asText(t, record))), &other); err != nil {
		t.Fatal(err)
	}
	return other
}

// TestARenamedBitbucketRepositoryKeepsItsHistory: whatever tells of it, and of
// the one that has its name now.
func TestARenamedBitbucketRepositoryKeepsItsHistory(t *testing.T) {
	t.Parallel()
	const (
		common  = "bitbucket.org/acme/"
		another = "{99999999-3421-46c9-9d48-90745f7bfe8e}"
		taken   = "checkout~99999999-3421-46c9-9d48-90745f7bfe8e"
		commit  = "1dc6aa69429bff4806ad6afe58d3d8f57e25973e"
		later   = "850a1519f25d14e968649cc420d1bd381715c05c"
	)
	renamed := []string{"acme/checkout", "acme/till"}
	p := pipelineVendors()[0]
	p.settings = strings.Replace(p.settings, `"branch":"main"`, `"branch":"main","repository":"bitbucket.org/acme/checkout"`, 1)
	p.asks(t, func(t *testing.T, o *office, lists *vendortest.Lists) {
		o.readAll()
		want := map[string]int{"build checkout": 1, "change checkout": 1, "deployment checkout": 1}
		o.wantsRepositories("at first", common, want)
		before := o.streams()["pulls acme/checkout "+bitbucketUUID]

		here := "repositories/acme/" + bitbucketUUID
		repository := changed(t, member(t, "bitbucket", "status_updated", "repository"), renamed...)
		repository["mainbranch"] = map[string]any{"name": "main"}
		lists.Clear("repositories/acme")
		lists.Add("repositories/acme", repository)
		lists.Put(here, repository)
		touched := append([]string{"2026-03-01T15:00:00+00:00", "2026-03-05T00:20:00+00:00"}, renamed...)
		lists.Clear(here + "/pullrequests")
		lists.Add(here+"/pullrequests", changed(t, member(t, "bitbucket", "pr_fulfilled", "pullrequest"), touched...))
		o.told("pr_fulfilled", touched...) // Before anybody has asked.
		o.told("status_updated", renamed...)
		o.told("status_updated", append([]string{commit, later, "results/44", "results/46"}, renamed...)...)
		o.told("pr_fulfilled", bitbucketUUID, another)
		o.told("status_updated", bitbucketUUID, another) // Of the same commit.
		want = map[string]int{"build checkout": 2, "change checkout": 1, "deployment checkout": 2, "build " + taken: 1, "change " + taken: 1}
		o.wantsRepositories("told after the renaming", common, want)

		there := "repositories/acme/" + another
		second := changed(t, member(t, "bitbucket", "status_updated", "repository"), bitbucketUUID, another)
		second["mainbranch"] = map[string]any{"name": "main"}
		lists.Add("repositories/acme", second)
		lists.Put(there, second)
		lists.Add(there+"/pullrequests", member(t, "bitbucket", "pr_fulfilled", "pullrequest"))
		for _, list := range []string{"/pullrequests/17/activity", "/pullrequests/17/commits", "/commits/main", "/deployments"} {
			lists.Clear(there + list)
		}
		for _, at := range []string{here, there} { // The statuses of a commit are read with every run on it.
			lists.Clear(at + "/commit/" + commit + "/statuses")
			status := member(t, "bitbucket", "status_updated", "commit_status")
			if at == here {
				status = changed(t, status, renamed...)
			}
			lists.Add(at+"/commit/"+commit+"/statuses", status)
			lists.Add(at+"/pipelines", map[string]any{"uuid": "{46}", "created_on": "2026-03-05T00:30:00Z", "state": map[string]any{"name": "COMPLETED"}, "target": map[string]any{"commit": map[string]any{"hash": commit}}})
		}
		o.later()
		o.wantsRepositories("asked after the renaming", common, want)
		o.wantsToBeTold("acme/till as acme/checkout", strings.Trim(bitbucketUUID, "{}"), "acme/checkout")
		after := o.streams()
		stream := after["pulls acme/till "+bitbucketUUID]
		if stream.Done != before.Done || !stream.Complete || stream.Error != "" || !bytes.Contains(stream.Cursor, []byte(`"until":"2026-03-05T00:20:00Z"`)) {
			t.Errorf("stream: %+v", stream)
		}
		if _, ruled := after["deployments acme/till "+bitbucketUUID]; ruled {
			t.Error("what a rule says is also read from Bitbucket's own deployments")
		}
		if _, left := after["pulls acme/checkout "+bitbucketUUID]; left {
			t.Error("the old name is still read")
		}
		known := o.facts()
		o.later()
		if diff := cmp.Diff(known, o.facts()); diff != "" {
			t.Errorf("read again: %s", diff)
		}
	})
}

// TestARenamedAzureRepositoryKeepsItsHistory: its project is renamed with it, and
// another project and repository have their names now.
func TestARenamedAzureRepositoryKeepsItsHistory(t *testing.T) {
	t.Parallel()
	const (
		common  = "dev.azure.com/acme/payments/_git/"
		another = "99999999-c903-45e2-872e-0462c7748079"
		taken   = "checkout~" + another
	)
	renamed := []string{"Payments/_git/checkout", "Billing/_git/till"}
	p := pipelineVendors()[2]
	p.settings = strings.NewReplacer(`"branch":"main"`, `"branch":"main","repository":"`+common+`checkout"`, `["*"]`, `["Payments"]`).Replace(p.settings)
	p.asks(t, func(t *testing.T, o *office, lists *vendortest.Lists) {
		o.readAll()
		want := map[string]int{"build checkout": 1, "change checkout": 1, "deployment checkout": 2}
		o.wantsRepositories("at first", common, want)

		lists.Clear("_apis/projects")
		lists.Add("_apis/projects", map[string]any{"id": "p", "name": "Billing"})
		repository := map[string]any{"id": azureID, "name": "till", "remoteUrl": "https://acme@dev.azure.com/acme/Billing/_git/till"}
		lists.Clear("p/_apis/git/repositories")
		lists.Add("p/_apis/git/repositories", repository)
		lists.Put(azureGit+azureID, repository)
		touched := append([]string{"2026-03-01T15:00:02Z", "2026-03-05T00:20:00Z"}, renamed...)
		o.told("pr_merged", touched...) // Before anybody has asked.
		o.told("build", append([]string{"2727068", "481"}, renamed...)...)
		o.told("release_completed", append([]string{`"id": 31`, `"id": 32`}, renamed...)...)
		o.told("pr_merged", azureID, another)
		o.told("build", azureID, another, "2727068", "482")
		want = map[string]int{"build checkout": 2, "change checkout": 1, "deployment checkout": 3, "build " + taken: 1, "change " + taken: 1}
		o.wantsRepositories("told after the renaming", common, want)

		lists.Add("_apis/projects", map[string]any{"id": "q", "name": "Payments"})
		second := map[string]any{"id": another, "name": "checkout", "remoteUrl": "https://acme@dev.azure.com/acme/Payments/_git/checkout"}
		lists.Add("q/_apis/git/repositories", second)
		lists.Put(azureGit+another, second)
		lists.Add(azureGit+another+"/pullrequests", member(t, "azure-devops", "pr_merged", "resource"))
		for _, list := range []string{"q/_apis/build/builds", "q/_apis/distributedtask/environments", "q/_apis/release/deployments"} {
			lists.Clear(list)
		}
		build := changed(t, member(t, "azure-devops", "build", "resource"), append([]string{"2026-03-02", "2026-03-05", "T09:1", "T00:1"}, renamed...)...)
		build["id"] = 483
		lists.Add("p/_apis/build/builds", build)
		lists.Put("p/_apis/build/builds/483/timeline", map[string]any{"records": []any{map[string]any{
			"id": "d3", "type": "Stage", "identifier": "production", "state": "completed", "result": "succeeded", "startTime": "2026-03-05T00:18:00Z", "finishTime": "2026-03-05T00:20:00Z",
		}}})
		o.later()
		want["build checkout"], want["deployment checkout"] = 3, 4
		o.wantsRepositories("asked after the renaming", common, want)
		o.told("stage", append([]string{`"id": 480`, `"id": 484`}, renamed...)...) // Which tells no id.
		o.told("stage", append([]string{`"id": 480`, `"id": 483`, "c2c2c2c2-dddd-eeee-ffff-a3a3a3a3a3a3", "d3"}, renamed...)...)
		want["deployment checkout"] = 5
		o.wantsRepositories("stages told after it is known", common, want)
		o.wantsToBeTold("dev.azure.com/acme/billing/_git/till as "+common+"checkout", azureID, common+"checkout")
		for _, name := range []string{"pulls Billing/till {" + azureID + "}", "pulls Payments/checkout {" + another + "}"} {
			if s := o.streams()[name]; !s.Complete || s.Error != "" {
				t.Errorf("stream %s: %+v", name, s)
			}
		}
		known := o.facts()
		o.later()
		if diff := cmp.Diff(known, o.facts()); diff != "" {
			t.Errorf("read again: %s", diff)
		}
	})
}
