package views_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

func TestDefinitionsFollowThePolicy(t *testing.T) {
	t.Parallel()
	standard := evenkeel.DefaultPolicy()
	for _, m := range metrics.Metrics() {
		if views.DefinitionUnder(m, standard) != views.DefinitionOf(m) {
			t.Errorf("%s differs under the default policy", m)
		}
	}
	p := standard
	p.Aggregation, p.Start, p.Recovery = evenkeel.AggregateP90, evenkeel.StartMerged, evenkeel.RecoverFromDeployment
	for m, want := range map[metrics.Metric]string{
		metrics.MetricLeadTime: "90th percentile of (finish of the deployment - merged)",
		metrics.MetricRecovery: "90th percentile of (restored - finish of the failed deployment)",
	} {
		if got := views.DefinitionUnder(m, p).Formula; got != want {
			t.Errorf("%s: %s", m, got)
		}
	}
}

// TestPoliciesAreReadAsTheyAreWritten with every member.
func TestPoliciesAreReadAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	window, sunday, infer := 90*time.Minute, time.Sunday, false
	p := evenkeel.DefaultPolicy()
	p.Version, p.EffectiveFrom, p.Benchmark, p.Cadence = "", now.AddDate(0, -1, 0), "none", "weekly"
	p.Deployments = evenkeel.DeploymentRule{Sources: []string{"ci"}, ArtifactKinds: []evenkeel.ArtifactKind{evenkeel.ArtifactCode}}
	p.Bots = evenkeel.MarkRule{}
	p.Applications = map[string]evenkeel.Override{"shop": {FailureWindow: &window, WeekStart: &sunday, InferFailures: &infer, Deployments: &evenkeel.DeploymentRule{}, Unit: evenkeel.UnitCommit}}
	catalogue := evenkeel.Catalogue{Applications: []evenkeel.Application{{ID: "1", Slug: "shop"}}}
	read, err := views.ReadPolicy(views.PolicyBodyOf(p), catalogue, now)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(p, read); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	other := p
	other.FailureWindow = 24 * time.Hour
	if diff := cmp.Diff([]views.PolicyChange{{Member: "failure_window", Before: "3d", After: "1d"}}, views.PolicyDiff(p, other)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
