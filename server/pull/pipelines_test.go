package pull_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors/vendortest"
)

// pipelineVendor is a vendor of pipelines with one deployment, of which its
// webhook tells too.
type pipelineVendor struct {
	source, settings string
	fill             func(t *testing.T, vendor *vendortest.Lists)
	vendor           func(size int) *vendortest.Lists
	// webhooks are the deliveries that tell the same.
	webhooks []string
	// facts counts the deployments and changes that there are.
	facts int
}

func pipelineVendors() []pipelineVendor {
	return []pipelineVendor{
		{
			source:   "bitbucket",
			settings: `{"deployments":[{"pipeline":"deploy-*","branch":"main","environment":"production"}],"api":{"url":"URL","token":"${env:T}","repositories":["acme/*"]}}`,
			fill:     fillBitbucket, vendor: vendortest.NewBitbucket,
			webhooks: []string{"pr_created", "pr_approved", "pr_fulfilled", "status_created", "status_updated"}, facts: 2,
		},
		{
			source: "circleci",
			settings: `{"deployments":[{"job":"deploy-production","branch":"main","environment":"production","application":"checkout"}],` +
				`"api":{"url":"URL","token":"${env:T}","projects":["gh/acme/checkout"]}}`,
			fill: fillCircle, vendor: vendortest.NewCircleCI,
			webhooks: []string{"job", "workflow"}, facts: 1,
		},
		{
			source: "azure-devops",
			settings: `{"organisation":"acme","deployments":[{"pipeline":"checkout","job":"production","branch":"main","environment":"production"}],"environments":{"Prod":"production"},` +
				`"api":{"url":"URL","token":"${env:T}","projects":["*"]}}`,
			fill: fillAzure, vendor: vendortest.NewAzureDevOps,
			webhooks: []string{"pr_created", "pr_merged", "stage_running", "stage", "release_started", "release_completed"}, facts: 3,
		},
	}
}

// member is a part of the body of a delivery.
func member(t *testing.T, source, name string, path ...string) map[string]any {
	t.Helper()
	_, body := (&office{t: t, connection: evenkeel.Connection{Source: source}}).fixture(name)
	var at map[string]any
	if err := json.Unmarshal(body, &at); err != nil {
		t.Fatal(err)
	}
	for _, one := range path {
		inner, ok := at[one].(map[string]any)
		if !ok {
			t.Fatalf("%s has no %v", name, path)
		}
		at = inner
	}
	return at
}

const (
	bitbucketUUID = "{673a6070-3421-46c9-9d48-90745f7bfe8e}"
	azureID       = "4bc14d40-c903-45e2-872e-0462c7748079"
	azureGit      = "_apis/git/repositories/"
)

func fillBitbucket(t *testing.T, vendor *vendortest.Lists) {
	t.Helper()
	here := "repositories/acme/" + bitbucketUUID
	repository := member(t, "bitbucket", "status_updated", "repository")
	repository["mainbranch"] = map[string]any{"name": "main"}
	vendor.Put(here, repository)
	vendor.Add("repositories/acme", repository)
	vendor.Clear(here + "/commits/main")
	status := member(t, "bitbucket", "status_updated", "commit_status")
	commit, _ := status["commit"].(map[string]any)
	vendor.Add(fmt.Sprint(here, "/commit/", commit["hash"], "/statuses"), status)
	vendor.Add(here+"/pipelines", map[string]any{"uuid": "{44}", "created_on": "2026-03-02T09:14:00Z", "state": map[string]any{"name": "COMPLETED"}, "target": map[string]any{"commit": commit}})
	vendor.Add(here+"/pullrequests", member(t, "bitbucket", "pr_fulfilled", "pullrequest"))
	approval := member(t, "bitbucket", "pr_approved", "approval")
	vendor.Add(here+"/pullrequests/17/activity", map[string]any{"approval": approval}, map[string]any{"update": map[string]any{"state": "MERGED", "date": "2026-03-01T15:00:00+00:00"}})
	vendor.Clear(here + "/pullrequests/17/commits")
}

func fillCircle(t *testing.T, vendor *vendortest.Lists) {
	t.Helper()
	pipeline, workflow := member(t, "circleci", "workflow", "pipeline"), member(t, "circleci", "workflow", "workflow")
	vendor.Put("me", map[string]any{})
	vendor.Put("project/gh/acme/checkout", map[string]any{"id": "84996744"})
	vendor.Add("project/gh/acme/checkout/pipeline", pipeline)
	vendor.Add(fmt.Sprint("pipeline/", pipeline["id"], "/workflow"), workflow)
	vendor.Add(fmt.Sprint("workflow/", workflow["id"], "/job"), member(t, "circleci", "job", "job"))
}

func fillAzure(t *testing.T, vendor *vendortest.Lists) {
	t.Helper()
	vendor.Add("_apis/projects", map[string]any{"id": "p", "name": "Payments"})
	repository := map[string]any{"id": azureID, "name": "checkout", "remoteUrl": "https://acme@dev.azure.com/acme/Payments/_git/checkout"}
	vendor.Add("p/_apis/git/repositories", repository)
	vendor.Put(azureGit+azureID, repository)
	vendor.Add(azureGit+azureID+"/pullrequests", member(t, "azure-devops", "pr_merged", "resource"))
	build := member(t, "azure-devops", "build", "resource")
	build["id"] = 480
	vendor.Add("p/_apis/build/builds", build)
	vendor.Put("p/_apis/build/builds/480", build)
	vendor.Put("p/_apis/build/builds/480/timeline", map[string]any{"records": []any{map[string]any{
		"id": "c2c2c2c2-dddd-eeee-ffff-a3a3a3a3a3a3", "type": "Stage", "identifier": "production", "state": "completed", "result": "succeeded",
		"startTime": "2026-03-02T09:18:00Z", "finishTime": "2026-03-02T09:20:39.137Z",
	}}})
	vendor.Add("p/_apis/distributedtask/environments", map[string]any{"id": 12, "name": "Prod"})
	vendor.Add("p/_apis/distributedtask/environments/12/environmentdeploymentrecords", map[string]any{
		"id": 7, "stageName": "production", "result": "succeeded", "queueTime": "2026-03-02T09:18:00Z", "startTime": "2026-03-02T09:18:00Z", "finishTime": "2026-03-02T09:20:38Z", "owner": map[string]any{"id": 480},
	})
	release := member(t, "azure-devops", "release_completed", "resource", "release")
	made := member(t, "azure-devops", "release_completed", "resource", "deployment")
	made["release"], made["releaseEnvironment"] = release, member(t, "azure-devops", "release_completed", "resource", "environment")
	vendor.Add("p/_apis/release/deployments", made)
}

// asks runs a test on both kinds of database with a connection to the vendor.
func (p pipelineVendor) asks(t *testing.T, test func(t *testing.T, o *office, vendor *vendortest.Lists)) {
	t.Helper()
	fill := func() http.Handler {
		lists := p.vendor(10)
		p.fill(t, lists)
		return lists
	}
	eachOf(t, p.source, p.settings, time.Date(2026, 3, 5, 0, 0, 0, 0, time.UTC), fill, func(t *testing.T, o *office, vendor http.Handler) {
		lists, ok := vendor.(*vendortest.Lists)
		if !ok {
			t.Fatalf("%T", vendor)
		}
		test(t, o, lists)
	})
}

// facts are what is known, each as text by its id.
func (o *office) facts() map[string]string {
	o.t.Helper()
	w, known := o.store.In("acme"), map[string]string{}
	deployments, err := w.Deployments(o.t.Context(), evenkeel.Filter{Limit: 500})
	if err != nil {
		o.t.Fatal(err)
	}
	for _, d := range deployments.Items {
		known["deployment "+d.ID] = asText(o.t, d.Value)
	}
	changes, err := w.Changes(o.t.Context(), evenkeel.Filter{Limit: 500})
	if err != nil {
		o.t.Fatal(err)
	}
	for _, c := range changes.Items {
		known["change "+c.ID] = asText(o.t, c.Value)
	}
	return known
}

func asText(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestPipelinesThatAreAskedForAndToldAreOneFact(t *testing.T) {
	t.Parallel()
	for _, p := range pipelineVendors() {
		t.Run(p.source, func(t *testing.T) {
			t.Parallel()
			p.asks(t, func(t *testing.T, o *office, _ *vendortest.Lists) {
				o.readAll()
				for name, s := range o.streams() {
					if s.Error != "" || !s.Complete && name != "" {
						t.Errorf("stream %s: %+v", name, s)
					}
				}
				asked := o.facts()
				for _, name := range p.webhooks {
					o.webhook(name)
				}
				both := o.facts()
				if len(asked) != p.facts || len(both) != p.facts {
					t.Errorf("asked: %v\nboth: %v", asked, both)
				}
				for id, facts := range both {
					if strings.HasPrefix(id, "deployment ") && facts != asked[id] {
						t.Errorf("%s: asked %s, both %s", id, asked[id], facts)
					}
				}
				o.later()
				if diff := cmp.Diff(both, o.facts()); diff != "" {
					t.Errorf("read again: %s", diff)
				}
			})
		})
	}
}
