package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/evenkeel-dev/evenkeel/server/views"
)

// shipped is a machine on which a shop was deployed twice from main, once from
// a branch of experiments, and the last deployment was followed by an incident.
func shipped(t *testing.T) (m machine, configured func(policy string) string) {
	t.Helper()
	m = newMachine(t)
	folder := t.TempDir()
	configured = func(policy string) string {
		file := filepath.Join(folder, "evenkeel.yaml")
		if err := os.WriteFile(file, []byte("applications:\n  - {slug: shop, name: Shop}\n"+policy), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	m.must("apply", "-f", configured(""))
	events := strings.Join([]string{
		`{"kind":"deployment","id":"1","source":"ci","application":"shop","environment":"production","ref":"main","status":"success","version":"1.0","finished_at":"2026-11-02T09:00:00Z"}`,
		`{"kind":"deployment","id":"2","source":"ci","application":"shop","environment":"production","ref":"experiment/a","status":"success","version":"1.1","finished_at":"2026-11-09T10:00:00Z"}`,
		`{"kind":"deployment","id":"3","source":"ci","application":"shop","environment":"production","ref":"main","status":"success","version":"1.2","finished_at":"2026-11-16T10:00:00Z"}`,
		`{"kind":"incident","id":"i","source":"pager","application":"shop","opened_at":"2026-11-16T11:00:00Z"}`,
	}, "\n")
	if got := m.runWith(events, "import", "events", "-"); got.code != exitOK {
		t.Fatal(got.stderr)
	}
	return m, configured
}

const (
	withoutExperiments = "policy:\n  deployments:\n    exclude_refs: [\"experiment/*\"]\n"
	withoutAnything    = "policy:\n  deployments:\n    sources: [nobody]\n"
)

func versionsOf(m machine) (versions []views.PolicyVersion) {
	m.t.Helper()
	var answer struct{ Items []views.PolicyVersion }
	if err := json.Unmarshal([]byte(m.must("policy", "list", "--json")), &answer); err != nil {
		m.t.Fatal(err)
	}
	return answer.Items
}

func TestPolicyIsTriedBeforeItIsApplied(t *testing.T) {
	t.Parallel()
	m, configured := shipped(t)
	file := configured(withoutExperiments)
	before := len(versionsOf(m))

	var preview views.PolicyPreview
	if err := json.Unmarshal([]byte(m.must("policy", "preview", "-f", file, "--json")), &preview); err != nil {
		t.Fatal(err)
	}
	whole := preview.Whole
	if whole.Before.Deployments != 3 || whole.After.Deployments != 2 || whole.Before.Failures != 1 || whole.After.Failures != 1 || preview.Removed.Total != 1 || preview.Nothing {
		t.Errorf("preview %+v", preview)
	}
	for _, args := range [][]string{{"policy", "preview", "-f", file}, {"apply", "-f", file, "--dry-run"}} {
		out := m.must(args...)
		for _, want := range []string{"2 deployments", "3 -> 2", "no longer counted: 1", "deployments.exclude_refs: ", "experiment/*"} {
			if !strings.Contains(out, want) {
				t.Errorf("%v: %q is missing:\n%s", args, want, out)
			}
		}
	}
	if now := len(versionsOf(m)); now != before {
		t.Errorf("trying made %d versions of %d", now, before)
	}
	m.must("apply", "-f", file)
	if now := versionsOf(m); len(now) != before+1 || !now[0].InForce || now[0].Author != "config" {
		t.Errorf("applied: %+v", now)
	}
}

func TestPolicyVersionsAreListedShownAndCompared(t *testing.T) {
	t.Parallel()
	m, configured := shipped(t)
	m.must("apply", "-f", configured(withoutExperiments))
	versions := versionsOf(m)
	latest, first := versions[0].Version, versions[len(versions)-1].Version

	if out := m.must("policy", "list"); !strings.Contains(out, latest+" (in force)") || !strings.Contains(out, "configuration applied") || !strings.Contains(out, "always") {
		t.Errorf("list:\n%s", out)
	}
	if out := m.must("policy", "show", latest); !strings.HasPrefix(out, "version "+latest+" by config: configuration applied\n") || !strings.Contains(out, "deployments.exclude_refs: experiment/*\n") {
		t.Errorf("show:\n%s", out)
	}
	var differ struct{ Items []views.PolicyChange }
	if err := json.Unmarshal([]byte(m.must("policy", "diff", first, latest, "--json")), &differ); err != nil {
		t.Fatal(err)
	}
	if len(differ.Items) != 1 || differ.Items[0].Member != "deployments.exclude_refs" || differ.Items[0].Before != "" || differ.Items[0].After != "experiment/*" {
		t.Errorf("diff %+v", differ.Items)
	}
	if out := m.must("policy", "diff", latest, latest); out != "no difference\n" {
		t.Errorf("diff with itself: %q", out)
	}
}

func TestPoliciesThatCannotBeMeantAreRefusedAtTheCommandLine(t *testing.T) {
	t.Parallel()
	m, configured := shipped(t)
	nothing := configured(withoutAnything)
	if out := m.must("apply", "-f", nothing, "--dry-run"); !strings.Contains(out, "3 -> 0") || !strings.Contains(out, "warning: ") {
		t.Errorf("dry run of a policy that counts nothing:\n%s", out)
	}
	if got := m.run("apply", "-f", nothing); got.code != exitInvalid || !strings.Contains(got.stderr, "--force") {
		t.Errorf("apply: exit %d: %s", got.code, got.stderr)
	}
	before := len(versionsOf(m))
	m.must("apply", "-f", nothing, "--force")
	if now := len(versionsOf(m)); now != before+1 {
		t.Errorf("--force made %d versions of %d", now, before)
	}
	for args, code := range map[string]int{
		"policy show 99":       exitNotFound,
		"policy diff 99 98":    exitNotFound,
		"policy show":          exitUsage,
		"policy diff 1":        exitUsage,
		"policy list surprise": exitUsage,
	} {
		if got := m.run(strings.Fields(args)...); got.code != code {
			t.Errorf("%s: exit %d, want %d: %s", args, got.code, code, got.stderr)
		}
	}
	unknown := configured("policy:\n  time_zone: Mars/Olympus\n")
	for _, args := range [][]string{{"policy", "preview", "-f", unknown}, {"apply", "-f", unknown, "--dry-run"}} {
		if got := m.run(args...); got.code != exitInvalid || !strings.Contains(got.stderr, "time_zone") || !strings.Contains(got.stderr, "Mars/Olympus") {
			t.Errorf("%v: exit %d: %s", args, got.code, got.stderr)
		}
	}
}
