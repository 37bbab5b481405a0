package metrics_test

import (
	"testing"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
)

// Each history below has one row that only one side counts, for one reason.
func TestOneReasonEach(t *testing.T) {
	t.Parallel()
	graph := straight("a", "2024-01-01 08:00", "b", "2024-01-02 08:00", "c", "2024-01-03 08:00")
	change := merged(1, "b", "2024-01-02 06:00", "2024-01-02 07:00", "2024-01-02 08:00")
	first := success("d0", "a", "", "2024-01-01 09:00")
	incident := func(adjust func(*evenkeel.Incident)) []evenkeel.Fact[evenkeel.Incident] {
		f := opened("i", "2024-01-02 12:00", "")
		adjust(&f.Value)
		return []evenkeel.Fact[evenkeel.Incident]{f}
	}
	for name, c := range map[string]struct {
		in     metrics.Input
		adjust func(*evenkeel.Policy)
		metric metrics.Metric
		want   map[string]int
	}{
		"an artifact leads to the commit": {
			in: metrics.Input{
				Graphs: graph, Changes: []evenkeel.Fact[evenkeel.Change]{change},
				Deployments: []evenkeel.Fact[evenkeel.Deployment]{first, image("d1", "2024-01-02 12:00")},
				Artifacts:   []evenkeel.Fact[evenkeel.Artifact]{fact(evenkeel.KindArtifact, "x", evenkeel.Artifact{Artifact: "sha256:1", Repository: repository, Commit: sha("b")})},
			},
			metric: metrics.MetricLeadTime, want: map[string]int{"ours deployment_by_artifact": 1},
		},
		"the deployment is the first of its pipeline there": {
			in: metrics.Input{
				Graphs: graph, Changes: []evenkeel.Fact[evenkeel.Change]{change},
				Deployments: []evenkeel.Fact[evenkeel.Deployment]{first, from("other", success("e0", "b", "", "2024-01-02 12:00"))},
			},
			metric: metrics.MetricLeadTime, want: map[string]int{"ours first_deployment_there": 1},
		},
		"a copy of the merge commit is deployed, not itself": {
			in: metrics.Input{
				Graphs:      branched(),
				Changes:     []evenkeel.Fact[evenkeel.Change]{merged(1, "side", "2024-01-02 06:00", "2024-01-02 07:00", "2024-01-02 08:00")},
				Deployments: []evenkeel.Fact[evenkeel.Deployment]{first, success("d1", "b", "", "2024-01-02 12:00")},
			},
			metric: metrics.MetricLeadTime, want: map[string]int{"ours found_by_own_commits": 1},
		},
		"it was never merged": {
			in: metrics.Input{
				Graphs:      graph,
				Changes:     []evenkeel.Fact[evenkeel.Change]{unmerged(merged(1, "b", "2024-01-02 06:00", "2024-01-02 07:00", "2024-01-02 08:00"))},
				Deployments: []evenkeel.Fact[evenkeel.Deployment]{first, success("d1", "b", "", "2024-01-02 12:00")},
			},
			metric: metrics.MetricLeadTime, want: map[string]int{"ours not_merged": 1},
		},
		"a rule of ours leaves the deployment out": {
			in:     metrics.Input{Deployments: []evenkeel.Fact[evenkeel.Deployment]{first, onRef(success("d1", "b", "", "2024-01-02 12:00"), "next")}},
			adjust: func(p *evenkeel.Policy) { p.Deployments.ExcludeRefs = []string{"next"} },
			metric: metrics.MetricFrequency, want: map[string]int{"theirs rule_ref": 1},
		},
		"an incident of staging": {
			in:     metrics.Input{Deployments: []evenkeel.Fact[evenkeel.Deployment]{first}, Incidents: incident(func(v *evenkeel.Incident) { v.Environment = "staging" })},
			metric: metrics.MetricFailRate, want: map[string]int{"theirs incident_of_other_environment": 1},
		},
		"an incident before every deployment": {
			in:     metrics.Input{Deployments: []evenkeel.Fact[evenkeel.Deployment]{success("d1", "b", "", "2024-01-05 12:00")}, Incidents: incident(func(v *evenkeel.Incident) { v.CausedBy = "d1" })},
			metric: metrics.MetricFailRate, want: map[string]int{"ours link_not_read": 1},
		},
		"only a rollback tells": {
			in:     metrics.Input{Graphs: graph, Deployments: []evenkeel.Fact[evenkeel.Deployment]{first, success("d1", "b", "", "2024-01-02 12:00"), success("d2", "a", "", "2024-01-02 13:00")}},
			metric: metrics.MetricFailRate, want: map[string]int{"ours no_incident": 1},
		},
		"opened again after its end": {
			in: metrics.Input{Deployments: []evenkeel.Fact[evenkeel.Deployment]{first}, Incidents: incident(func(v *evenkeel.Incident) {
				v.ResolvedAt, v.ReopenedAt = utc("2024-01-02 13:00"), utc("2024-01-02 14:00")
			})},
			metric: metrics.MetricRecovery, want: map[string]int{"theirs not_restored_here": 1},
		},
		"resolved in the window, mitigated after it": {
			in: metrics.Input{Deployments: []evenkeel.Fact[evenkeel.Deployment]{first}, Incidents: incident(func(v *evenkeel.Incident) {
				v.MitigatedAt, v.ResolvedAt = utc("2024-02-05 12:00"), utc("2024-01-02 13:00")
			})},
			metric: metrics.MetricRecovery, want: map[string]int{"theirs restored_in_other_window": 1},
		},
		"mitigated in the window, resolved after it": {
			in: metrics.Input{Deployments: []evenkeel.Fact[evenkeel.Deployment]{first}, Incidents: incident(func(v *evenkeel.Incident) {
				v.MitigatedAt, v.ResolvedAt = utc("2024-01-02 13:00"), utc("2024-03-01 13:00")
			})},
			metric: metrics.MetricRecovery, want: map[string]int{"ours resolved_in_other_window": 1},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q := peerQuery("2024-01-01", "2024-02-01")
			if c.adjust != nil {
				c.adjust(&q.Policy)
			}
			c.in.Application = "shop"
			wantLines(t, "lines", compared(t, q, c.in)[c.metric].Lines, c.want)
		})
	}
}

// image is a deployment of an artifact that names no commit.
func image(id, finished string) evenkeel.Fact[evenkeel.Deployment] {
	return fact(evenkeel.KindDeployment, id, evenkeel.Deployment{
		Environment: "production", Status: evenkeel.StatusSuccess, Repository: repository, Artifact: "sha256:1", FinishedAt: utc(finished),
	})
}

func onRef(f evenkeel.Fact[evenkeel.Deployment], ref string) evenkeel.Fact[evenkeel.Deployment] {
	f.Value.Ref = ref
	return f
}

func unmerged(f evenkeel.Fact[evenkeel.Change]) evenkeel.Fact[evenkeel.Change] {
	f.Value.State, f.Value.MergedAt = evenkeel.ChangeOpen, f.Value.ClosedAt
	return f
}

// branched is a graph whose commit "b" is a cherry-pick of "side".
func branched() map[string]*evenkeel.Graph {
	at := utc("2024-01-01 08:00")
	node := func(name string, parents ...string) evenkeel.Node {
		n := evenkeel.Node{SHA: binarySHA(name), Authored: at, Committed: at}
		for _, p := range parents {
			n.Parents = append(n.Parents, binarySHA(p))
		}
		return n
	}
	pick := node("b", "a")
	pick.Trailers = map[string][]string{"cherry picked from commit": {sha("side")}}
	return map[string]*evenkeel.Graph{repository: evenkeel.NewGraph([]evenkeel.Node{node("a"), pick, node("side", "a")})}
}

func BenchmarkComparePeer(b *testing.B) {
	in := history(0, 100_000)
	q := quarter()
	q.Window.From = q.Window.To.AddDate(-1, 0, 0)
	part := metrics.Derive(in, q.Policy)
	for b.Loop() {
		project := metrics.NewPeerProject()
		project.Add(in, q.Policy)
		if _, err := metrics.ComparePeer(q, project, part); err != nil {
			b.Fatal(err)
		}
	}
}
