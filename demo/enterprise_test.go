package demo_test

import (
	"testing"

	"github.com/evenkeel-dev/evenkeel/demo"
)

func TestEnterpriseIsAsLargeAsPromised(t *testing.T) {
	t.Parallel()
	w := demo.Enterprise(2_400, 1, now)
	if g, a := len(w.Catalogue.Groups), len(w.Catalogue.Applications); g != 400 || a != 1200 {
		t.Errorf("%d groups and %d applications, want 400 and 1200", g, a)
	}
	if owned := len(w.Catalogue.Owned("enterprise")); owned != 1200 {
		t.Errorf("the company owns %d applications", owned)
	}
	moved, capabilities := 0, map[string]bool{}
	for _, a := range w.Catalogue.Applications {
		if len(a.Owners) > 0 {
			moved++
		}
		if err := a.CheckOwners(); err != nil {
			t.Errorf("%s: %v", a.Slug, err)
		}
		capabilities[a.Capability] = true
	}
	if moved != 120 || len(capabilities) != 60 {
		t.Errorf("%d applications changed hands, %d capabilities are served", moved, len(capabilities))
	}
	f := gather(w)
	repositories := map[string]bool{}
	for _, c := range f.changes {
		repositories[c.Repository] = true
	}
	if len(f.changes) != 2_400 || len(repositories) != 1200 {
		t.Errorf("%d changes in %d repositories", len(f.changes), len(repositories))
	}
}
