package connectors_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/evenkeel-dev/evenkeel/connectors/vendortest"
	"github.com/evenkeel-dev/evenkeel/slo/openslo"
)

// TestTemplatesAreMeasured: the documents that are shown load without a remark,
// and Prometheus is asked for each of their metrics.
func TestTemplatesAreMeasured(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("../deploy/slo/*.yaml")
	if err != nil || len(paths) != 4 {
		t.Fatal(paths, err)
	}
	p := measurerOf(t, "prometheus", vendortest.New(t, fakePrometheus("15d")).URL, "")
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		set := openslo.Read(openslo.File{Name: path, Text: text})
		if len(set.Lints) > 0 || len(set.Definitions) == 0 {
			t.Errorf("%s: %v", path, set.Lints)
		}
		for _, d := range set.Definitions {
			a, err := p.Measure(t.Context(), question(d.Indicator, 3))
			if err != nil || len(a.Queries) != 2 || len(a.Notes) > 0 {
				t.Errorf("%s: %+v, %v", d.Name, a, err)
			}
		}
	}
}
