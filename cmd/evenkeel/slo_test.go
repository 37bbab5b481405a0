package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/evenkeel-dev/evenkeel/slo/openslo"
)

// checkoutSLO is an SLO of three minutes and more.
const checkoutSLO = `apiVersion: openslo/v1
kind: SLO
metadata:
  name: checkout-availability
spec:
  service: checkout
  indicator:
    metadata:
      name: availability
    spec:
      ratioMetric:
        counter: false
        good: {metricSource: {type: Prometheus, spec: {query: good}}}
        total: {metricSource: {type: Prometheus, spec: {query: total}}}
  timeWindow:
    - duration: 30d
      isRolling: true
  budgetingMethod: Occurrences
  objectives:
    - target: 0.9
      op: gt
`

func written(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestSLOLint(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	file := written(t, "slo.yaml", checkoutSLO)
	r := m.run("slo", "lint", file)
	if r.code != exitOK || !strings.Contains(r.stdout, file+":21:spec.objectives[0].op: note: has no meaning for a ratio") || !strings.Contains(r.stdout, "1 SLOs in 1 files can be evaluated; 0 errors") {
		t.Errorf("exit %d\n%s%s", r.code, r.stdout, r.stderr)
	}
	folder := m.run("slo", "lint", "--json", filepath.Dir(file))
	var answer linted
	if err := json.Unmarshal([]byte(folder.stdout), &answer); err != nil || !answer.OK || len(answer.SLOs) != 1 {
		t.Errorf("%v %s", err, folder.stdout)
	}
	wrong := m.runWith(strings.Replace(checkoutSLO, "target: 0.9", "target: 1", 1), "slo", "lint", "-", "--json")
	answer = linted{}
	if err := json.Unmarshal([]byte(wrong.stdout), &answer); err != nil || wrong.code != exitInvalid || answer.OK || len(answer.SLOs) != 0 {
		t.Errorf("%v exit %d %s", err, wrong.code, wrong.stdout)
	}
	at := -1
	for i, one := range answer.Lints {
		if one.Severity == openslo.Error {
			at = i
		}
	}
	want := openslo.Lint{File: "-", Line: 20, Field: "spec.objectives[0].target", Severity: openslo.Error, Text: "1 leaves no error budget", Fix: "give 0.9999 (99.99 %) or less"}
	if at < 0 || answer.Lints[at] != want {
		t.Errorf("%+v", answer.Lints)
	}
	for name, args := range map[string][]string{"no file": {"slo", "lint"}, "an unknown flag": {"slo", "lint", "--jsn", file}} {
		if r := m.run(args...); r.code != exitUsage {
			t.Errorf("%s: exit %d", name, r.code)
		}
	}
	if r := m.run("slo", "lint", t.TempDir()); r.code != exitNotFound {
		t.Errorf("an empty folder: exit %d", r.code)
	}
	if r := m.runWith(strings.Replace(checkoutSLO, "30d", "1M", 1), "slo", "lint", "-", "--strict"); r.code != exitInvalid {
		t.Errorf("a warning with --strict: exit %d", r.code)
	}
}

func TestSLOImportPrintsDocuments(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	sloth := "version: prometheus/v1\nservice: checkout\nslos:\n  - name: errors\n    objective: 99.9\n    sli:\n      events:\n        error_query: sum(increase(e[{{.window}}]))\n        total_query: sum(increase(t[{{.window}}]))\n"
	r := m.runWith(sloth, "slo", "import", "--window", "28d", "-")
	if r.code != exitOK || !strings.Contains(r.stdout, "targetPercent: 99.9\n") || !strings.Contains(r.stdout, "duration: 28d\n") || !strings.Contains(r.stderr, "-:4:slos[0]: note: takes its window from Sloth's command line; 28d is taken") {
		t.Errorf("exit %d\n%s%s", r.code, r.stdout, r.stderr)
	}
	if again := m.runWith(r.stdout, "slo", "lint", "-", "--strict"); again.code != exitOK {
		t.Errorf("exit %d\n%s", again.code, again.stdout)
	}
	if r := m.runWith(sloth, "slo", "import", "--from", "pyrra", "-"); r.code != exitInvalid {
		t.Errorf("another format: exit %d", r.code)
	}
	for _, flags := range [][]string{{"--from", "nobl9"}, {"--window", "30 d"}} {
		if r := m.runWith(sloth, append([]string{"slo", "import", "-"}, flags...)...); r.code != exitUsage {
			t.Errorf("%v: exit %d", flags, r.code)
		}
	}
}
