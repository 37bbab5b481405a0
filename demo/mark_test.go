package demo_test

import (
	"slices"
	"testing"

	"github.com/evenkeel-dev/evenkeel"
)

// TestTheCompanyHasMarkedChanges counts the changes of the full year that are
// marked, and as what.
func TestTheCompanyHasMarkedChanges(t *testing.T) {
	t.Parallel()
	f := year()
	bots, labelled, trailers, unmarked := 0, 0, 0, 0
	for _, c := range f.changes {
		switch {
		case c.ActorKind == evenkeel.ActorBot:
			bots++
		case slices.Contains(c.Labels, "ai-assisted"):
			labelled++
		case c.Labels == nil && c.ActorKind == "":
			unmarked++
		}
	}
	for _, list := range f.commits {
		for _, c := range list {
			if c.Trailers["co-authored-by"] != nil || c.Trailers["assisted-by"] != nil {
				trailers++
			}
		}
	}
	n := len(f.changes)
	for what, part := range map[string][3]int{"of bots": {bots, 4, 14}, "labelled as assisted": {labelled, 1, 15}, "unmarked": {unmarked, 5, 30}} {
		if 100*part[0] < part[1]*n || 100*part[0] > part[2]*n {
			t.Errorf("%d of %d changes are %s, want %d to %d %%", part[0], n, what, part[1], part[2])
		}
	}
	if trailers < n/10 {
		t.Errorf("%d commits of %d changes have trailers", trailers, n)
	}
}
