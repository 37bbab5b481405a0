package config_test

import (
	"encoding/json"
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/config"
)

// written is a folder with these files.
func written(t testing.TB, files map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	for name, text := range files {
		file := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// loaded loads a text that stands alone in x.yaml. What is said of it leaves the
// folder out.
func loaded(t testing.TB, text string) (c config.Config, said string) {
	t.Helper()
	folder := written(t, map[string]string{"x.yaml": text})
	c, err := config.Load(filepath.Join(folder, "x.yaml"))
	return c, without(folder, err)
}

// without is what an error says, without the folder of the files.
func without(folder string, err error) string {
	if err == nil {
		return ""
	}
	return strings.ReplaceAll(err.Error(), folder+string(filepath.Separator), "")
}

var update = flag.Bool("update", false, "rewrite the golden files")

func TestLoadReadsAFolder(t *testing.T) {
	t.Parallel()
	got, err := config.Load("testdata/good")
	if err != nil {
		t.Fatal(err)
	}
	policy := evenkeel.DefaultPolicy()
	policy.Version = got.Policy.Version
	policy.Environments = append([]evenkeel.EnvironmentRule{
		{Pattern: "eu-live-?", Class: evenkeel.Production}, {Pattern: "live", Class: evenkeel.Unclassified},
	}, policy.Environments...)
	policy.FailureWindow, policy.HotfixWindow = 72*time.Hour, 90*time.Minute
	policy.InferFailures, policy.TimeZone, policy.WeekStart = false, "Europe/Berlin", time.Sunday
	want := config.Config{
		Workspace: "northwind",
		Server:    config.Server{Listen: ":9090", PublicURL: "https://evenkeel.example.com"},
		Store:     config.Store{DSN: "postgres://evenkeel:${env:EVENKEEL_PASSWORD}@db.example.com/evenkeel?sslmode=verify-full"},
		Catalogue: evenkeel.Catalogue{
			Groups: []evenkeel.Group{
				{Slug: "northwind", Name: "Northwind Freight"},
				{Slug: "logistics", Name: "Logistics", Parent: "northwind"},
				{Slug: "routing", Name: "routing", Parent: "logistics"},
			},
			Capabilities: []evenkeel.Group{{Slug: "delivery", Name: "Delivery to the door"}, {Slug: "tracking", Name: "tracking", Parent: "delivery"}},
			Applications: []evenkeel.Application{
				{Slug: "checkout", Name: "Checkout", Group: "northwind", Tier: 1, Cadence: "daily", Claims: []string{"github:northwind/checkout", "argocd:prod/checkout"}},
				{Slug: "planner", Name: "planner", Group: "routing", Claims: []string{"repo:git.example.com/logistics/mono//services/planner"}},
				{Slug: "tracker", Name: "tracker", Group: "routing", Owners: []evenkeel.Ownership{
					{Group: "northwind"}, {Group: "logistics", From: time.Date(2026, 2, 28, 23, 0, 0, 0, time.UTC)}, {Group: "routing", From: time.Date(2026, 6, 1, 10, 0, 0, 0, time.UTC)},
				}, Capability: "tracking", Tier: 3, Cadence: "on-demand", Claims: []string{"repo:git.example.com/logistics/mono//services/tracker", "repo:git.example.com/logistics/mono"}},
			},
		},
		Policy: policy,
		Connections: []evenkeel.Connection{
			{
				Name: "northwind-github", Source: "github", Managed: "config", Settings: json.RawMessage(`{"incident_labels":["incident","outage"]}`),
				Secrets: []string{"${env:EVENKEEL_GITHUB_SECRET}", "${file:/run/secrets/github-hook-old}"},
			},
			{Name: "pager", Source: "signed", Managed: "config", Secrets: []string{"${env:EVENKEEL_PAGER_SECRET}"}},
		},
		Retention: config.Retention{Bodies: 28 * 24 * time.Hour},
		Notify: []config.Notifier{
			{Type: "alertmanager", URL: "https://alertmanager.example.com/prefix", Workspace: "northwind"},
			{Type: "webhook", URL: "${env:EVENKEEL_ALERT_HOOK}", Secret: "${file:/run/secrets/alert-hook}"},
		},
		Files: []string{
			"testdata/good/10-process.yaml", "testdata/good/20-groups.yaml", "testdata/good/30-applications.yaml",
			"testdata/good/40-policy.yaml", "testdata/good/45-connections.yaml", "testdata/good/47-notify.yaml", "testdata/good/50-empty.yaml",
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Load (-want +got)\n%s", diff)
	}
	if !strings.HasPrefix(got.Policy.Version, "config-") {
		t.Errorf("policy version %q does not say that the policy is configured", got.Policy.Version)
	}
}

func TestLoadFillsInWhatIsNotWritten(t *testing.T) {
	t.Parallel()
	file := filepath.Join(written(t, map[string]string{"evenkeel.yaml": "# Nothing.\n"}), "evenkeel.yaml")
	got, err := config.Load(file)
	want := config.Config{
		Workspace: "default", Server: config.Server{Listen: "localhost:8080"},
		Policy: evenkeel.DefaultPolicy(), Files: []string{file}, Retention: config.Retention{Bodies: config.DefaultBodies},
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
}

// TestProblems compares everything that is said of each file or folder below
// testdata/bad with the golden text beside it.
func TestProblems(t *testing.T) {
	t.Parallel()
	entries, err := os.ReadDir("testdata/bad")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if strings.HasSuffix(entry.Name(), ".golden") {
			continue
		}
		t.Run(entry.Name(), func(t *testing.T) {
			t.Parallel()
			_, err := config.Load(filepath.Join("testdata/bad", entry.Name()))
			var problems config.Problems
			if !errors.As(err, &problems) || !errors.Is(err, evenkeel.ErrInvalid) || len(problems) == 0 {
				t.Fatalf("no problems, but %v", err)
			}
			golden(t, filepath.Join("testdata/bad", entry.Name()+".golden"), without("testdata/bad", err)+"\n")
		})
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got)\n%s", name, diff)
	}
}

func TestProblemsNameFileLineAndColumn(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ text, want string }{
		"an unknown key is answered with the nearest": {
			"applications:\n  - slug: a\n    cliams: []\n",
			`x.yaml:3:5: applications[0]: unknown key "cliams"; did you mean "claims"?`,
		},
		"a claim of two applications names both": {
			"applications:\n  - {slug: a, claims: [github:acme/x]}\n  - {slug: b, claims: [github:acme/x]}\n",
			`x.yaml:3:24: applications[1].claims[0]: "github:acme/x" of application "b" is claimed by application "a" too, at x.yaml:2:24; let one of them claim a folder (repo:HOST/PATH//FOLDER) or drop one`,
		},
		"an unknown benchmark set is answered with the known": {
			"applications: [{slug: a}]\npolicy: {applications: {a: {benchmark: dora-2032}}}\n",
			`x.yaml:2:40: policy.applications.a.benchmark: "dora-2032" is not one of none, dora-2019, dora-2021, dora-2022, dora-2023, dora-2024, dora-2025; did you mean "dora-2022"?`,
		},
		"a column counts characters, not bytes": {
			"groups: [{name: Zürich, slug: Ü}]\n",
			`x.yaml:1:31: groups[0].slug: "Ü" is not a slug; use 1 to 63 of a-z, 0-9, '.', '_' and '-', with a letter or digit at both ends`,
		},
		"a broken text is placed on its line": {
			"groups:\n  - slug: a\n  - slug: b: c\n",
			`x.yaml:3:3: is not YAML near here: mapping values are not allowed in this context`,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, said := loaded(t, c.text); said != c.want {
				t.Errorf("got  %s\nwant %s", said, c.want)
			}
		})
	}
}

func TestProblemsAreSortedByPlace(t *testing.T) {
	t.Parallel()
	_, err := config.Load(written(t, map[string]string{
		"b.yaml": "policy: {week_start: noday}\nserver: {listen: x}\n",
		"a.yaml": "applications: [{slug: a, tier: 9, claims: [x]}]\n\n\n\nworkspace: A\n",
	}))
	var problems config.Problems
	if !errors.As(err, &problems) {
		t.Fatal(err)
	}
	var got []string
	for _, p := range problems {
		got = append(got, p.Where)
	}
	want := []string{"applications[0].tier", "applications[0].claims[0]", "workspace", "policy.week_start", "server.listen"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("places (-want +got)\n%s", diff)
	}
}

func TestLoadReportsWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	if _, err := config.Load("testdata/nowhere.yaml"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file gives %v", err)
	}
	large := written(t, map[string]string{"x.yaml": strings.Repeat("\n", config.MaxFile+1)})
	if _, err := config.Load(large); !errors.Is(err, evenkeel.ErrInvalid) {
		t.Errorf("a file over the limit gives %v", err)
	}
}

func TestPolicyVersionFollowsContent(t *testing.T) {
	t.Parallel()
	version := func(text string) string {
		c, said := loaded(t, text)
		if said != "" {
			t.Fatal(said)
		}
		return c.Policy.Version
	}
	if got := version("policy: {failure_window: 3d, week_start: monday}"); got != "default-1" {
		t.Errorf("a policy that says what the default says has version %q", got)
	}
	one, same := version("policy: {failure_window: 48h}"), version("workspace: other\npolicy: {failure_window: 2d}")
	if one != same {
		t.Errorf("equal policies have versions %q and %q", one, same)
	}
	for _, other := range []string{"policy: {failure_window: 49h}", "policy: {hotfix_window: 48h}", "environments: [{pattern: x, class: production}]"} {
		if version(other) == one {
			t.Errorf("%s has the version of another policy", other)
		}
	}
}

func TestExampleLoads(t *testing.T) {
	t.Parallel()
	c, err := config.Load("../deploy/example")
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Catalogue.Groups) < 5 || len(c.Catalogue.Applications) < 8 || c.Store.DSN == "" {
		t.Errorf("the example has %d groups and %d applications", len(c.Catalogue.Groups), len(c.Catalogue.Applications))
	}
	if got := c.Policy.Class("eu-live-1"); got != evenkeel.Production {
		t.Errorf("eu-live-1 is %s in the example", got)
	}
	if len(c.Notify) != 2 || c.Notify[1].Secret == "" {
		t.Errorf("the example tells %+v", c.Notify)
	}
	if len(c.ServiceLevels) != 2 || len(c.Remarks) != 0 {
		t.Errorf("the example has %d SLOs, remarked: %v", len(c.ServiceLevels), c.Remarks)
	}
}

// TestEveryMemberOfThePolicyIsRead states each of them once.
func TestEveryMemberOfThePolicyIsRead(t *testing.T) {
	t.Parallel()
	text := `applications: [{slug: shop}]
policy:
  effective_from: 2026-01-01
  deployments: {sources: ["github:*"], refs: [main], exclude_refs: ["x/*"], artifact_kinds: [code]}
  unit: commit
  start: merged
  aggregation: p90
  failure_window: 24h
  hotfix_window: 1w
  infer_failures: false
  recovery: deployment
  assisted: {trailers: ["ai: *"], labels: [ai], actors: [bot]}
  bots: {labels: []}
  time_zone: Europe/Berlin
  week_start: sunday
  benchmark: none
  cadence: daily
  applications:
    shop:
      environments: [{pattern: shop-live, class: production}]
      deployments: {}
      failure_window: 90m
      week_start: monday
      infer_failures: true
`
	c, said := loaded(t, text)
	if said != "" {
		t.Fatal(said)
	}
	window, monday, infer := 90*time.Minute, time.Monday, true
	want := evenkeel.Policy{
		Version: c.Policy.Version, EffectiveFrom: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Environments: evenkeel.DefaultPolicy().Environments,
		Deployments: evenkeel.DeploymentRule{Sources: []string{"github:*"}, Refs: []string{"main"}, ExcludeRefs: []string{"x/*"}, ArtifactKinds: []evenkeel.ArtifactKind{evenkeel.ArtifactCode}},
		Unit:        evenkeel.UnitCommit, Start: evenkeel.StartMerged, Aggregation: evenkeel.AggregateP90,
		FailureWindow: 24 * time.Hour, HotfixWindow: 7 * 24 * time.Hour, Recovery: evenkeel.RecoverFromDeployment,
		Assisted: evenkeel.MarkRule{Trailers: []string{"ai: *"}, Labels: []string{"ai"}, Actors: []string{"bot"}},
		Bots:     evenkeel.MarkRule{Actors: evenkeel.DefaultPolicy().Bots.Actors}, TimeZone: "Europe/Berlin", WeekStart: time.Sunday, Benchmark: "none", Cadence: "daily",
		Applications: map[string]evenkeel.Override{"shop": {
			Environments: []evenkeel.EnvironmentRule{{Pattern: "shop-live", Class: evenkeel.Production}}, Deployments: &evenkeel.DeploymentRule{},
			FailureWindow: &window, WeekStart: &monday, InferFailures: &infer,
		}},
	}
	if diff := cmp.Diff(want, c.Policy); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
