package server_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/evenkeel-dev/evenkeel"
)

const devlakeSHA = "5f0c3a1de0b94c7f8a6b2d1c0e9f8a7b6c5d4e3f"

// devlakeDeployment is what a pipeline posts to DevLake.
func devlakeDeployment(id, repository, finished string) string {
	return fmt.Sprintf(`{"id":%q,"startedDate":"2026-11-20T10:00:00+00:00","finishedDate":%q,"result":"SUCCESS","environment":"PRODUCTION",
		"deploymentCommits":[{"repoUrl":%q,"refName":"main","commitSha":%q,"startedDate":"2026-11-20T10:00:00+00:00","finishedDate":%q}]}`, id, finished, repository, devlakeSHA, finished)
}

// A pipeline that posts to DevLake's address of its webhook, with its key, is
// in the figures: only the host is another.
func TestPipelinesOfDevLakeNeedOnlyAnotherHost(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.admin()
	if got := s.do("POST", "/api/v1/applications", admin, `{"slug":"checkout","name":"Checkout","claims":["repo:github.com/acme/checkout","devlake:1"]}`); got.status != 200 {
		t.Fatalf("register = %d %s", got.status, got.text)
	}
	c := s.connect("checkout-pipeline", "devlake", json.RawMessage(`{"webhook":"1"}`), secretName)
	const base = "/api/rest/plugins/webhook/connections/1/"
	for i, request := range []struct{ path, body string }{
		{base + "deployments", devlakeDeployment("7", "https://github.com/acme/checkout", "2026-11-20T10:10:00+00:00")},
		{base + "issues", `{"issueKey":"INC-1","title":"down","type":"INCIDENT","status":"IN_PROGRESS","originalStatus":"open","createdDate":"2026-11-20T11:00:00+00:00"}`},
		{base + "issue/INC-1/close", ""},
		{base + "pull_requests", `{"id":"p","baseRepoId":"webhook:1","status":"OPEN","displayTitle":"x","url":"https://github.com/acme/checkout/pull/3","pullRequestKey":3,"createdDate":"2026-11-20T09:00:00Z"}`},
	} {
		got := s.do("POST", request.path, "", request.body, "Authorization", "Bearer "+secretText)
		if got.status != 200 || got.json["outcome"] != "recorded" {
			t.Fatalf("request %d = %d %s", i, got.status, got.text)
		}
	}
	got := s.do("GET", "/api/v1/metrics/dora?application=checkout&from=2026-11-01&to=2026-11-30", admin, "")
	var dora struct {
		Frequency struct{ Deployments int } `json:"deployment_frequency"`
		FailRate  struct{ Failed, N int }   `json:"change_fail_rate"`
		Recovery  struct{ N int }           `json:"failed_deployment_recovery_time"`
	}
	if err := json.Unmarshal([]byte(got.text), &dora); err != nil || dora.Frequency.Deployments != 1 || dora.FailRate.Failed != 1 || dora.Recovery.N != 1 {
		t.Errorf("%v %+v %s", err, dora, got.text)
	}
	if again := s.do("POST", base+"deployments", "", devlakeDeployment("7", "https://github.com/acme/checkout", "2026-11-20T10:10:00+00:00"), "Authorization", "Bearer "+secretText); again.json["repeated"] != true {
		t.Errorf("again = %d %s", again.status, again.text)
	}
	if n := len(s.kept(c)); n != 4 {
		t.Errorf("%d deliveries are kept, want 4", n)
	}
	if unclaimed := s.do("POST", base+"deployments", "", devlakeDeployment("8", "https://github.com/acme/other", "2026-11-20T10:20:00+00:00"), "Authorization", "Bearer "+secretText); unclaimed.status != 200 {
		t.Fatalf("= %d %s", unclaimed.status, unclaimed.text)
	}
	if all := s.kept(c); all[0].Unclaimed { // Its origin, the webhook, is claimed.
		t.Errorf("%+v is unclaimed", all[0])
	}
	s.Close()
	if strings.Contains(s.log.String(), secretText) {
		t.Error("the log holds the key")
	}
}

// A repository that nobody claims is listed, and claimed later it counts.
func TestRepositoriesOfDevLakeCanBeClaimedLater(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.admin()
	c := s.connect("pipeline", "devlake", nil, secretName)
	got := s.do("POST", hookPath(c)+"/deployments", "", devlakeDeployment("7", "git@github.com:acme/checkout.git", "2026-11-20T10:10:00+00:00"), "Authorization", "Bearer "+secretText)
	if got.status != 202 || !s.kept(c)[0].Unclaimed {
		t.Fatalf("= %d %s", got.status, got.text)
	}
	if list := s.do("GET", "/api/v1/unclaimed", admin, ""); !strings.Contains(list.text, "github.com/acme/checkout") {
		t.Errorf("unclaimed: %s", list.text)
	}
	s.do("POST", "/api/v1/applications", admin, `{"slug":"checkout","name":"Checkout","claims":["repo:github.com/acme/checkout"]}`)
	if got := s.do("GET", "/api/v1/metrics/dora?application=checkout&from=2026-11-01&to=2026-11-30", admin, ""); !strings.Contains(got.text, `"deployments":1`) {
		t.Errorf("= %s", got.text)
	}
}

func TestDevLakesOwnAddresses(t *testing.T) {
	t.Parallel()
	s := start(t)
	c := s.connect("shop", "devlake", json.RawMessage(`{"webhook":"1"}`), secretName)
	s.connect("github", "github", nil, secretName)
	body := devlakeDeployment("7", "https://github.com/acme/checkout", "2026-11-20T10:10:00Z")
	right, basic := "Bearer "+secretText, "Basic "+base64.StdEncoding.EncodeToString([]byte("ci:"+secretText))
	for _, c := range []struct {
		path, key string
		want      int
	}{
		{"/api/rest/plugins/webhook/connections/1/deployments", right, 200},
		{"/api/rest/plugins/webhook/1/deployments", right, 200},
		{"/api/plugins/webhook/1/deployments", basic, 200},
		{"/api/plugins/webhook/connections/1/deployments", right, 200},
		{"/rest/plugins/webhook/connections/1/deployments", right, 200},
		{"/plugins/webhook/1/deployments", right, 200},
		{"/api/rest/plugins/webhook/connections/by-name/shop/deployments", right, 200},
		{"/api/rest/plugins/webhook/connections/" + c.ID + "/deployments", right, 200},
		{"/api/rest/plugins/webhook/connections/1/cicd_tasks", right, 200}, // Kept as rejected.
		{"/api/rest/plugins/webhook/connections/1/deployments", "", 401},
		{"/api/rest/plugins/webhook/connections/1/deployments", "Bearer wrong", 401},
		{"/api/rest/plugins/webhook/connections/2/deployments", right, 401},
		{"/api/rest/plugins/webhook/connections/github/deployments", right, 401}, // It is of another source.
		{"/api/rest/plugins/webhook/connections/" + c.ID + "/deployments", "Bearer wrong", 401},
		{"/api/rest/plugins/webhook/connections/1", right, 404},
		{"/api/rest/plugins/webhook/", right, 404},
		{"/api/rest/plugins/jenkins/connections/1/deployments", right, 401},
	} {
		header := []string{}
		if c.key != "" {
			header = []string{"Authorization", c.key}
		}
		if got := s.do("POST", c.path, "", body, header...); got.status != c.want {
			t.Errorf("%s with %q = %d %s, want %d", c.path, c.key, got.status, got.text, c.want)
		}
	}
	if n := len(s.kept(c)); n != 2 { // The one, eight times, and the rejected.
		t.Errorf("%d are kept, want 2", n)
	}
	if got := s.do("GET", "/api/rest/plugins/webhook/connections/1/deployments", "", ""); got.status == 200 {
		t.Errorf("GET = %d", got.status)
	}
}

// Two workspaces may each have a webhook 1: the key tells which it is.
func TestTheKeyOfDevLakeFindsTheWorkspace(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.connect("shop", "devlake", json.RawMessage(`{"webhook":"1"}`), secretName)
	other := evenkeel.Connection{Source: "devlake", Name: "shop", Secrets: []string{newSecretName}, Settings: json.RawMessage(`{"webhook":"1"}`), Managed: "api", CreatedAt: clock()}
	if _, err := s.store.In("other").SaveConnection(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	const path = "/api/rest/plugins/webhook/connections/1/deployments"
	body := devlakeDeployment("7", "https://github.com/acme/checkout", "2026-11-20T10:10:00Z")
	if got := s.do("POST", path, "", body, "Authorization", "Bearer "+newSecretText); got.status != 200 {
		t.Fatalf("= %d %s", got.status, got.text)
	}
	if s.facts() != 0 {
		t.Error("it is in the other workspace's neighbour")
	}
	page, err := s.store.In("other").Deliveries(t.Context(), evenkeel.DeliveryFilter{Limit: 10})
	if err != nil || len(page.Items) != 1 {
		t.Errorf("%d deliveries, %v", len(page.Items), err)
	}
	again := start(t)
	again.connect("a", "devlake", json.RawMessage(`{"webhook":"1"}`), secretName)
	again.connect("b", "devlake", json.RawMessage(`{"webhook":"1"}`), secretName)
	if got := again.do("POST", path, "", body, "Authorization", "Bearer "+secretText); got.status != 404 || !strings.Contains(got.text, "several") {
		t.Errorf("two with one key = %d %s", got.status, got.text)
	}
}
