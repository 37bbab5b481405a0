package demo_test

import (
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// commit is what a deployment delivers, by itself or by its artifact.
func (f *facts) commit(d *evenkeel.Deployment) string {
	if a := f.artifacts[d.Artifact]; a != nil && d.Commit == "" {
		return a.Commit
	}
	return d.Commit
}

func TestDeploymentsDeliverCommitsThatExist(t *testing.T) {
	t.Parallel()
	f := year()
	made := map[string]time.Time{}
	for _, list := range f.commits {
		for _, c := range list {
			made[c.SHA] = c.CommittedAt
		}
	}
	early := 0
	for i, d := range f.deployments {
		sha := f.commit(d)
		if sha == "" {
			continue
		}
		at, ok := made[sha]
		if !ok {
			t.Fatalf("%s delivers an unknown commit", f.ids[i])
		}
		if d.StartedAt.Before(at) {
			early++
		}
	}
	if early != 1 {
		t.Errorf("%d deployments began before their commit was made, want the one with the wrong clock", early)
	}
}

// reaches says whether commit to is an ancestor of commit from.
func reaches(g *evenkeel.Graph, from, to int32) bool {
	seen := map[int32]bool{from: true}
	for queue := []int32{from}; len(queue) > 0; queue = queue[1:] {
		if queue[0] == to {
			return true
		}
		for _, p := range g.Parents(queue[0]) {
			if !seen[p] && !g.Committed(p).Before(g.Committed(to)) {
				seen[p] = true
				queue = append(queue, p)
			}
		}
	}
	return false
}

func TestOnlyRollbacksGoBack(t *testing.T) {
	t.Parallel()
	f := year()
	back := 0
	for repository, commits := range f.commits {
		g := graph(t, commits)
		running := map[string]string{}
		for _, d := range f.sorted(repository) {
			key := d.Application + d.Origin + d.Environment
			before, okBefore := g.Index(running[key])
			after, okAfter := g.Index(f.commit(d))
			if okBefore && okAfter && before != after && d.ChangeKind != evenkeel.ChangeRollback && reaches(g, before, after) {
				t.Errorf("%s %s: a planned deployment at %v goes back from %s to %s", repository, key, d.FinishedAt, running[key], f.commit(d))
			}
			if okBefore && okAfter && d.ChangeKind == evenkeel.ChangeRollback && reaches(g, before, after) {
				back++
			}
			running[key] = f.commit(d)
		}
	}
	if back < 100 {
		t.Errorf("%d rollbacks go back, want at least 100", back)
	}
}

// sorted lists the successful production deployments from a repository.
func (f *facts) sorted(repository string) []*evenkeel.Deployment {
	var list []*evenkeel.Deployment
	for _, d := range f.deployments {
		from := d.Repository
		if a := f.artifacts[d.Artifact]; a != nil {
			from = a.Repository
		}
		if from == repository && d.Status == evenkeel.StatusSuccess && evenkeel.DefaultPolicy().Class(d.Environment) == evenkeel.Production {
			list = append(list, d)
		}
	}
	return list
}

func TestEveryStateOfDeliveryOccurs(t *testing.T) {
	t.Parallel()
	f := year()
	got := map[string]int{}
	type version struct{ app, environment, commit string }
	last := map[string]version{}
	for _, d := range f.deployments {
		got["status "+string(d.Status)]++
		got["environment "+d.Environment]++
		v := version{d.Application + d.Origin + d.Repository, d.Environment, f.commit(d)}
		if d.Status == evenkeel.StatusSuccess && d.Group == "" && v.commit != "" {
			if last[v.app+v.environment] == v {
				got["redeployment"]++
			}
			last[v.app+v.environment] = v
		}
		for name, is := range map[string]bool{
			"rollback": d.RollbackOf != "", "fix": d.ChangeKind == evenkeel.ChangeFix, "second attempt": d.Attempt > 1,
			"canary": d.Rollout == evenkeel.RolloutCanary && d.Group != "", "digest only": d.Artifact != "" && d.Commit == "" && d.Application == "",
			"digest of unknown origin": d.Artifact != "" && f.artifacts[d.Artifact] == nil, "without commit": d.Commit == "" && d.Artifact == "",
			"unclaimed": len(f.owners(d.Subject())) == 0, "from a release branch": len(d.Ref) > 8 && d.Ref[:8] == "release/",
		} {
			if is {
				got[name]++
			}
		}
	}
	for name, least := range map[string]int{
		"status failure": 300, "status cancelled": 20, "environment staging": 5000, "environment prod-eu": 150, "environment prod-us": 150,
		"environment perf-lab": 5, "environment ": 5, "environment dev": 5, "redeployment": 50, "rollback": 100, "fix": 100, "second attempt": 100,
		"canary": 200, "digest only": 500, "digest of unknown origin": 5, "without commit": 30, "unclaimed": 10, "from a release branch": 60,
	} {
		if got[name] < least {
			t.Errorf("%s: %d, want at least %d", name, got[name], least)
		}
	}
}

func TestApplicationsShowEveryState(t *testing.T) {
	t.Parallel()
	f := year()
	production := f.production()
	changes, last := map[string]int{}, map[string]time.Time{}
	for _, e := range f.events {
		for _, a := range f.owners(e.Payload.Subject()) {
			if e.Kind != evenkeel.KindDependency {
				last[a] = e.ObservedAt
			}
			if e.Kind == evenkeel.KindChange {
				changes[a]++
			}
		}
	}
	if n := len(production["carbon-report"]) + changes["carbon-report"]; n != 0 || !last["carbon-report"].IsZero() {
		t.Errorf("carbon-report has %d facts, want none", n)
	}
	if n := len(production["demand-forecast"]); n < 1 || n > 4 {
		t.Errorf("demand-forecast has %d deployments, want 1 to 4", n)
	}
	if quiet := now.Sub(last["fleet-analytics"]); quiet < 60*day || len(production["fleet-analytics"]) < 20 {
		t.Errorf("fleet-analytics: last fact %v ago, %d deployments; want more than 60 days and 20", quiet, len(production["fleet-analytics"]))
	}
	blind := 0
	for _, d := range production["document-store"] {
		if d.Commit == "" {
			blind++
		}
	}
	if share := float64(blind) / float64(len(production["document-store"])); share < 0.2 || share > 0.6 {
		t.Errorf("document-store: %.2f of the deployments lack a commit, want 0.2 to 0.6", share)
	}
}
