package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/evenkeel-dev/evenkeel/connectors/vendortest"
)

// asking is a configuration with a connection that asks a vendor.
func asking(t *testing.T) (m machine, vendor *vendortest.Server, file string) {
	t.Helper()
	vendor = vendortest.New(t, vendortest.NewGitHub(10))
	vendor.Always(vendortest.Expired("good"))
	file = filepath.Join(t.TempDir(), "evenkeel.yaml")
	text := fmt.Sprintf("connections:\n- {name: acme, source: github, secrets: [\"${env:HOOK}\"], settings: {api: {url: %q, token: \"${env:GITHUB_TOKEN}\", repositories: [acme/checkout]}}}\n"+
		"- {name: hooks, source: github, secrets: [\"${env:HOOK}\"]}\n", vendor.URL)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	m = newMachine(t)
	m.env["GITHUB_TOKEN"] = "good"
	return m, vendor, file
}

func TestAConnectionIsTriedBeforeItIsApplied(t *testing.T) {
	t.Parallel()
	m, _, file := asking(t)
	var tried triedConnection
	if err := json.Unmarshal([]byte(m.must("connection", "test", "acme", "-f", file, "--json")), &tried); err != nil {
		t.Fatal(err)
	}
	if tried.Name != "acme" || len(tried.Streams) != 6 || len(tried.Permissions) != 6 || len(tried.Limits) != 1 || tried.ExpiresAt != nil {
		t.Errorf("got %+v", tried)
	}
	text := m.must("connection", "test", "acme", "-f", file)
	if !strings.Contains(text, "pull_requests: read") || !strings.Contains(text, "the vendor does not say") {
		t.Errorf("got %s", text)
	}
}

func TestAConnectionThatIsRefused(t *testing.T) {
	t.Parallel()
	m, vendor, file := asking(t)
	vendor.Always(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		w.Header().Set("X-Oauth-Scopes", "read:org")
		next.ServeHTTP(w, r)
	})
	for name, test := range map[string]struct {
		arguments []string
		code      int
		says      string
	}{
		"a token that may too little": {[]string{"acme", "-f", file}, exitDenied, "does not grant metadata: read"},
		"an unknown name":             {[]string{"other", "-f", file}, exitNotFound, `no connection "other"`},
		"one that asks nobody":        {[]string{"hooks", "-f", file}, exitInvalid, "asks no vendor"},
		"no name":                     {[]string{"-f", file}, exitUsage, "name of one connection"},
	} {
		if got := m.run(append([]string{"connection", "test"}, test.arguments...)...); got.code != test.code || !strings.Contains(got.stderr, test.says) {
			t.Errorf("%s: code %d, %s", name, got.code, got.stderr)
		}
	}
	vendor.Always(vendortest.Expired("another"))
	if got := m.run("connection", "test", "acme", "-f", file); got.code != exitDenied || !strings.Contains(got.stderr, "revoked") || strings.Contains(got.stderr, "good") {
		t.Errorf("a revoked token: code %d, %s", got.code, got.stderr)
	}
	m.env["GITHUB_TOKEN"] = ""
	if got := m.run("connection", "test", "acme", "-f", file); got.code != exitInvalid || !strings.Contains(got.stderr, "api.token") {
		t.Errorf("without the variable: code %d, %s", got.code, got.stderr)
	}
}

func TestConnectionsOfOtherVendorsAreTried(t *testing.T) {
	t.Parallel()
	jenkins := vendortest.NewJenkins()
	jenkins.Make("deploy", vendortest.JenkinsJob)
	circle, bitbucket, azure := vendortest.NewCircleCI(10), vendortest.NewBitbucket(10), vendortest.NewAzureDevOps(10)
	circle.Put("me", map[string]any{"name": "Kim"})
	circle.Put("project/gh/acme/checkout", map[string]any{"id": "p"})
	circle.Clear("project/gh/acme/checkout/pipeline")
	bitbucket.Add("repositories/acme", map[string]any{"uuid": "{u}", "full_name": "acme/checkout"})
	azure.Add("_apis/projects", map[string]any{"id": "p", "name": "Payments"})
	azure.Clear("p/_apis/build/builds")
	gitlab := vendortest.NewGitLab(10)
	gitlab.Put("personal_access_tokens/self", map[string]any{"name": "Kim", "scopes": []string{"read_api"}, "expires_at": "2099-06-30"})
	gitlab.Put("projects/acme%2Fcheckout", map[string]any{"id": 30, "path_with_namespace": "acme/checkout"})
	for source, test := range map[string]struct {
		vendor   http.Handler
		settings string
		says     string
	}{
		"gitlab":       {gitlab, `api: {url: "URL/gitlab", token: "${env:TOKEN}", projects: [acme/checkout]}`, "credentials end at 2099-06-30T00:00:00Z"},
		"circleci":     {circle, `api: {url: "URL", token: "${env:TOKEN}", projects: [gh/acme/checkout]}`, "view gh/acme/checkout"},
		"bitbucket":    {bitbucket, `deployments: [{pipeline: deploy, environment: production}], api: {url: "URL", token: "${env:TOKEN}", repositories: ["acme/*"]}`, "pullrequest"},
		"azure-devops": {azure, `api: {url: "URL", token: "${env:TOKEN}", projects: [Payments]}`, "Build (read)"},
		"jenkins":      {jenkins, `api: {url: "URL/jenkins/", user: evenkeel, token: "${env:TOKEN}", jobs: ["*"]}`, "a user of Jenkins 2.504.3"},
		"statuspage":   {&vendortest.Statuspage{Page: map[string]any{"id": "p1", "name": "Acme"}}, `api: {url: "URL"}`, "a visitor of the page Acme"},
		"pagerduty":    {vendortest.NewPagerDuty(), `api: {url: "URL", token: "${env:TOKEN}"}`, "an API key for 127.0.0.1"},
		"argocd":       {&vendortest.ArgoCD{}, `api: {url: "URL", token: "${env:TOKEN}"}`, "an account of 127.0.0.1"},
	} {
		t.Run(source, func(t *testing.T) {
			t.Parallel()
			vendor := vendortest.New(t, test.vendor)
			file := filepath.Join(t.TempDir(), "evenkeel.yaml")
			text := fmt.Sprintf("connections:\n- {name: one, source: %s, secrets: [], settings: {%s}}\n", source, strings.ReplaceAll(test.settings, "URL", vendor.URL))
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			m := newMachine(t)
			m.env["TOKEN"] = "good"
			if text := m.must("connection", "test", "one", "-f", file); !strings.Contains(text, test.says) || !strings.Contains(text, " lists can be read") || strings.Contains(text, "\n0 lists") || strings.Contains(text, "Kim") {
				t.Errorf("got %s", text)
			}
			vendor.Always(vendortest.Status(http.StatusUnauthorized))
			if got := m.run("connection", "test", "one", "-f", file); got.code != exitDenied || !strings.Contains(got.stderr, "revoked") || strings.Contains(got.stderr, "good") {
				t.Errorf("a revoked token: code %d, %s", got.code, got.stderr)
			}
		})
	}
}
