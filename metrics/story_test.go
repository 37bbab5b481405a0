package metrics_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
)

// TestStoriesAddUpToOutcomes: what stories tell is what outcomes, shipments
// and attributions tell.
func TestStoriesAddUpToOutcomes(t *testing.T) {
	check(t, func(t *rapid.T) {
		q := drawQuery(t)
		in := drawBusy(t)
		d := metrics.Derive(in, q.Policy)
		for _, f := range in.Deployments {
			outcome, known := d.Outcome(f.ID)
			story, told := metrics.StoryOf(f.ID, 72*time.Hour, d)
			same(t, "known", known, told)
			same(t, "changes, method", []any{outcome.Changes, outcome.Method}, []any{len(story.Shipped), story.Method})
			for _, s := range story.Shipped {
				if shipment, _ := d.Shipment(s.Change, f.Value.Environment); f.Value.Environment != "production" { // Which is the class.
					same(t, "lead time", shipment.LeadSeconds, s.LeadSeconds)
				}
			}
			if story.TakesBack != "" {
				back, _ := metrics.StoryOf(story.TakesBack, 0, d)
				if back.TakenBackBy == "" || !outcome.Rollback {
					t.Fatalf("%s takes back %s, which is taken back by %q", f.ID, story.TakesBack, back.TakenBackBy)
				}
			}
			for _, i := range story.Incidents {
				a, _ := d.Attribution(i.Incident)
				if i.Attributed {
					rep, _ := metrics.StoryOf(*a.Deployment, 72*time.Hour, d)
					same(t, "the deployment's own story", rep, story)
					same(t, "rung", a.Rung, i.Rung)
				}
			}
		}
	})
}

func TestTheStoryOfARollback(t *testing.T) {
	t.Parallel()
	in := deployments(0, 10, 12)
	names := []string{"a", "b", "a"}
	for i := range in.Deployments {
		in.Deployments[i].Value.Repository, in.Deployments[i].Value.Commit = repository, sha(names[i])
	}
	in.Graphs = map[string]*evenkeel.Graph{repository: evenkeel.NewGraph([]evenkeel.Node{
		{SHA: binarySHA("a"), Authored: epoch, Committed: epoch}, {SHA: binarySHA("b"), Authored: epoch, Committed: epoch, Parents: []evenkeel.SHA{binarySHA("a")}},
	})}
	in.Changes = []evenkeel.Fact[evenkeel.Change]{fact(evenkeel.KindChange, "1", evenkeel.Change{Repository: repository, Number: 1, MergeCommit: sha("b"), OpenedAt: epoch.Add(4 * time.Hour)})}
	for i, hour := range []int{11, 13, 200} {
		in.Incidents = append(in.Incidents, fact(evenkeel.KindIncident, fmt.Sprint(i), evenkeel.Incident{OpenedAt: epoch.Add(time.Duration(hour) * time.Hour)}))
	}
	d := metrics.Derive(in, evenkeel.DefaultPolicy())
	got, _ := metrics.StoryOf(in.Deployments[1].ID, 72*time.Hour, d)
	incident := metrics.RungIncident
	want := metrics.Story{
		Shipped: []metrics.Shipped{{Change: in.Changes[0].ID, LeadSeconds: seconds(10), Method: metrics.MethodAncestry, Confidence: metrics.ConfidenceCertain}},
		Commits: 1, Method: metrics.MethodAncestry, Confidence: metrics.ConfidenceCertain,
		Incidents:   []metrics.Followed{{Incident: in.Incidents[0].ID, Attributed: true, Rung: &incident}, {Incident: in.Incidents[1].ID}},
		TakenBackBy: in.Deployments[2].ID,
	}
	slices.SortFunc(got.Incidents, func(a, b metrics.Followed) int {
		return slices.Index(ids(in.Incidents), a.Incident) - slices.Index(ids(in.Incidents), b.Incident)
	})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if back, _ := metrics.StoryOf(in.Deployments[2].ID, 0, d); back.TakesBack != in.Deployments[1].ID || len(back.Shipped) != 0 {
		t.Errorf("the rollback: %+v", back)
	}
	if _, ok := metrics.StoryOf("unknown", 0, d); ok {
		t.Error("an unknown id has a story")
	}
}

func ids[T any](facts []evenkeel.Fact[T]) (list []string) {
	for _, f := range facts {
		list = append(list, f.ID)
	}
	return list
}
