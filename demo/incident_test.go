package demo_test

import (
	"slices"
	"testing"

	"github.com/evenkeel-dev/evenkeel"
)

func TestEverySortOfIncidentOccurs(t *testing.T) {
	t.Parallel()
	f := year()
	got := map[string]int{}
	for _, i := range f.incidents {
		linked := i.CausedBy != ""
		for name, is := range map[string]bool{
			"linked": linked, "unlinked": !linked, "reopened": !i.ReopenedAt.IsZero(), "open": i.ResolvedAt.IsZero(),
			"resolved before opened": !i.ResolvedAt.IsZero() && i.ResolvedAt.Before(i.OpenedAt),
			"several applications":   len(i.Applications) > 1, "no application": i.Application == "" && len(i.Applications) == 0,
			"foreign": linked && i.Application != "" && !slices.Contains(f.causes(i), i.Application),
		} {
			if is {
				got[name]++
			}
		}
		if linked && f.causes(i) == nil {
			t.Errorf("an incident of %q names the unknown deployment %q", i.Application, i.CausedBy)
		}
	}
	for name, span := range map[string][2]int{
		"linked": {200, 2000}, "unlinked": {100, 1000}, "reopened": {5, 200}, "open": {1, 30}, "resolved before opened": {1, 1},
		"several applications": {5, 200}, "no application": {1, 1}, "foreign": {3, 100},
	} {
		if got[name] < span[0] || got[name] > span[1] {
			t.Errorf("%s: %d, want %d to %d", name, got[name], span[0], span[1])
		}
	}
}

// causes are the applications of the deployment that an incident names.
func (f *facts) causes(i *evenkeel.Incident) []string {
	if n := slices.Index(f.ids, i.CausedBy); n >= 0 {
		return f.owners(f.deployments[n].Subject())
	}
	return nil
}

func TestSomeIncidentsFollowNoDeployment(t *testing.T) {
	t.Parallel()
	f := year()
	production := f.production()
	quiet := 0
	for _, i := range f.incidents {
		recent := slices.ContainsFunc(production[i.Application], func(d *evenkeel.Deployment) bool {
			age := i.OpenedAt.Sub(d.FinishedAt)
			return age >= 0 && age <= evenkeel.DefaultPolicy().FailureWindow
		})
		if i.CausedBy == "" && !recent {
			quiet++
		}
	}
	if quiet < 10 {
		t.Errorf("%d incidents cannot be laid to a deployment, want at least 10", quiet)
	}
}
