package openslo_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel/slo/openslo"
)

// TestImports compares documents and lints with files that were read through.
func TestImports(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"sloth", "sloth-resource", "pyrra"} {
		text, err := os.ReadFile(filepath.Join("testdata/import", name+".yaml"))
		if err != nil {
			t.Fatal(err)
		}
		s := openslo.Import(openslo.ImportOptions{}, openslo.File{Name: name + ".yaml", Text: text})
		written, err := openslo.YAML(s.Documents...)
		if err != nil {
			t.Fatal(err)
		}
		var lints strings.Builder
		for _, one := range s.Lints {
			lints.WriteString(one.String() + "\n")
		}
		golden(t, filepath.Join("testdata/import", name+".golden"), string(written)+"# lints\n"+lints.String())
		if again := readText(string(written)); len(again.Definitions) != len(s.Definitions) {
			t.Errorf("%s: %d definitions, and %d of the documents: %v", name, len(s.Definitions), len(again.Definitions), again.Err())
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(name, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s: %s", name, diff)
	}
}

// TestImportRefuses names what cannot be imported.
func TestImportRefuses(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct{ from, text, want string }{
		"another format":   {"pyrra", "version: prometheus/v1\nservice: a\n", "is a specification of Sloth, not of Pyrra"},
		"no format":        {"", "a: 1\n", "is neither a specification of Sloth nor of Pyrra"},
		"no SLOs":          {"", "version: prometheus/v1\nservice: a\n", "slos: error: is required and holds at least one SLO"},
		"target 100":       {"", "version: prometheus/v1\nservice: a\nslos:\n  - name: b\n    objective: 100\n    sli:\n      raw:\n        error_ratio_query: x[{{.window}}]\n", ":5:spec.objectives[0].targetPercent: error: 100 leaves no error budget"},
		"another spelling": {"", "version: prometheus/v1\nservice: a\nslos:\n  - name: b\n    objectiv: 99\n", `:5:slos[0].objectiv: error: is no field of Sloth; did you mean "objective"?`},
		"two units":        {"", "apiVersion: pyrra.dev/v1alpha1\nkind: ServiceLevelObjective\nmetadata: {name: a}\nspec:\n  target: '99'\n  window: 1d12h\n  indicator: {bool_gauge: {metric: up}}\n", `spec.window: error: "1d12h" is not a number above 0 and a unit`},
		"no indicator":     {"", "apiVersion: pyrra.dev/v1alpha1\nkind: ServiceLevelObjective\nmetadata: {name: a}\nspec: {target: '99', window: 28d}\n", "has none of ratio, latency, latencyNative and bool_gauge"},
	} {
		s := openslo.Import(openslo.ImportOptions{From: openslo.Format(one.from)}, openslo.File{Name: "a.yaml", Text: []byte(one.text)})
		if len(s.Definitions) > 0 {
			t.Errorf("%s: has a definition", name)
		}
		if err := s.Err(); err == nil || !strings.Contains(err.Error(), one.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
