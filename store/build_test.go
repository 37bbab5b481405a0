package store_test

import (
	"testing"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/store"
)

// TestBuildsOfDeployedRepositories follows builds: those that have ended are
// read with the application that deploys from their repository, whoever claims
// it, and make its figures follow.
func TestBuildsOfDeployedRepositories(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		w := s.In("acme")
		shop, pay := register(t, w, "shop"), register(t, w, "pay", "repo:r/other")
		record(t, w, event("ci", "d1", hours(1), &evenkeel.Deployment{
			Application: "shop", Environment: "production", Status: evenkeel.StatusSuccess, Repository: repo, Commit: sha("a"), FinishedAt: hours(1),
		}))
		queued := &evenkeel.Build{Repository: repo, Commit: sha("b"), Pipeline: "ci.yml", Attempt: 1, QueuedAt: hours(1)}
		before := record(t, w, event("ci", "b1", hours(1), queued))
		if touched := must[map[string]int64](t)(w.Touched(t.Context(), before.Revision-1)); len(touched) != 0 {
			t.Errorf("a build that waits touches %v", touched)
		}
		ended := *queued
		ended.FinishedAt, ended.Result = hours(2), evenkeel.BuildSuccess
		after := record(t, w, event("ci", "b1", hours(2), &ended))
		if touched := must[map[string]int64](t)(w.Touched(t.Context(), before.Revision)); len(touched) != 1 || touched[shop] != after.Revision {
			t.Errorf("touched: %v, want shop alone", touched)
		}
		if builds := readFacts(t, w, shop).Builds; len(builds) != 1 || builds[0].Value.Result != evenkeel.BuildSuccess {
			t.Errorf("builds of shop: %+v", builds)
		}
		if builds := readFacts(t, w, pay).Builds; len(builds) != 0 {
			t.Errorf("builds of pay: %+v", builds)
		}
	})
}
