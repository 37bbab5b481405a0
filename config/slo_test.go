package config_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/config"
)

const inlineSLO = `slos:
  - slos
  - apiVersion: openslo/v1
    kind: SLO
    metadata: {name: checkout-errors}
    spec:
      service: checkout
      indicatorRef: errors
      timeWindow:
        - {duration: 1M, isRolling: true}
      budgetingMethod: Occurrences
      objectives:
        - target: 0.99
`

const sliFile = `apiVersion: openslo/v1
kind: SLI
metadata: {name: errors}
spec:
  ratioMetric:
    counter: true
    bad: {metricSource: {type: Prometheus, spec: {query: sum(errors)}}}
    total: {metricSource: {type: Prometheus, spec: {query: sum(all)}}}
`

// TestSLOsOfAConfiguration: documents stand in the configuration and in files
// beside it, and refer to one another; each is kept as one of its own.
func TestSLOsOfAConfiguration(t *testing.T) {
	t.Parallel()
	folder := written(t, map[string]string{
		"10-slos.yaml": inlineSLO, "slos/slis.yaml": sliFile, "slos/.hidden.yaml": "a: [", "slos/deeper/no.yaml": "a: [",
	})
	c, err := config.Load(folder)
	if err != nil {
		t.Fatal(err)
	}
	want := []evenkeel.ServiceLevelChange{{
		ID: "checkout-errors", Application: "checkout", By: "config", Source: evenkeel.ServiceLevelSource{Kind: evenkeel.FromConfig, Name: filepath.Join(folder, "10-slos.yaml")},
		Document: `apiVersion: openslo/v1
kind: SLO
metadata:
  name: checkout-errors
spec:
  service: checkout
  indicator:
    metadata:
      name: errors
    spec:
      ratioMetric:
        counter: true
        bad:
          metricSource:
            type: Prometheus
            spec:
              query: sum(errors)
        total:
          metricSource:
            type: Prometheus
            spec:
              query: sum(all)
  timeWindow:
    - duration: 1M
      isRolling: true
  budgetingMethod: Occurrences
  objectives:
    - target: 0.99
`,
	}}
	if diff := cmp.Diff(want, c.ServiceLevels); diff != "" {
		t.Error(diff)
	}
	if len(c.Remarks) != 1 || !strings.HasPrefix(c.Remarks[0].String(), folder+"/10-slos.yaml:10:spec.timeWindow[0].duration: warning: a rolling window of 1M is taken as 30 days") {
		t.Errorf("%v", c.Remarks)
	}
}

// TestWrongSLOsOfAConfiguration: what is wrong with a document is a problem of
// the configuration, by the line where it stands.
func TestWrongSLOsOfAConfiguration(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct{ text, want string }{
		"a wrong document": {strings.Replace(inlineSLO, "target: 0.99", "target: 1", 1), "evenkeel.yaml:13:1: spec.objectives[0].target: 1 leaves no error budget; give 0.9999 (99.99 %) or less"},
		"a wrong file":     {strings.Replace(inlineSLO, "  - slos\n", "  - slos\n  - wrong.yaml\n", 1), `wrong.yaml:2:1: kind: "SLX" is no kind of OpenSLO v1; did you mean "SLO"?`},
		"no file":          {strings.Replace(inlineSLO, "  - slos\n", "  - slos\n  - missing\n", 1), `evenkeel.yaml:3:5: slos[1]: "missing" is no file and no folder of *.yaml files; paths are relative to this file`},
		"a file elsewhere": {strings.Replace(inlineSLO, "  - slos\n", "  - slos\n  - ../elsewhere\n", 1), `evenkeel.yaml:3:5: slos[1]: "../elsewhere" lies outside the folder of the configuration`},
	} {
		folder := written(t, map[string]string{
			"evenkeel.yaml": one.text, "slos/slis.yaml": sliFile, "wrong.yaml": "apiVersion: openslo/v1\nkind: SLX\nmetadata: {name: a}\n",
		})
		_, err := config.Load(filepath.Join(folder, "evenkeel.yaml"))
		if !errors.Is(err, evenkeel.ErrInvalid) || !strings.Contains(err.Error(), one.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
