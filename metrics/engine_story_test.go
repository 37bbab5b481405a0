package metrics_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
)

// telling is a history that goes on: what happens is told as it happens, but
// for some things that come late, twice, or are corrected.
type telling struct {
	random *rand.Rand
	now    time.Time
	// delta is what is told in this step.
	delta   evenkeel.FactsDelta
	heads   []string // Of main, the last one last.
	open    []int
	changes []evenkeel.Change
	// kept are commits that are told later.
	kept      []evenkeel.Node
	down      []int
	incidents []evenkeel.Incident
	running   []evenkeel.Fact[evenkeel.Deployment]
	deployed  []evenkeel.Fact[evenkeel.Deployment]
	n         int
	// messy is one of how many happenings is out of the ordinary.
	messy int
}

func (s *telling) one(of int) bool { return s.random.IntN(of) == 0 }

func (s *telling) odd() bool { return s.one(s.messy) }

func (s *telling) name(what string) string {
	s.n++
	return fmt.Sprint(what, s.n)
}

// commit makes a commit; now and then it is told of later.
func (s *telling) commit(name string, parents ...string) {
	n := evenkeel.Node{SHA: binarySHA(name), Authored: s.now.Add(-time.Duration(s.random.IntN(50)) * time.Minute), Committed: s.now}
	for _, p := range parents {
		n.Parents = append(n.Parents, binarySHA(p))
	}
	if s.one(2) {
		n.Paths, n.PatchID = []string{[]string{"pay/x", "web/y"}[s.random.IntN(2)]}, s.name("patch")
	}
	if s.odd() {
		n.PatchID = "patch0"
		if s.one(2) {
			n.Trailers = map[string][]string{"cherry-picked-from": {sha(s.heads[s.random.IntN(len(s.heads))])}}
		}
	}
	if s.odd() {
		n.Parents = append(n.Parents, binarySHA(s.name("nowhere")))
	}
	if s.one(6) {
		s.kept = append(s.kept, n)
		return
	}
	s.delta.Nodes[repository] = append(s.delta.Nodes[repository], n)
}

func (s *telling) tell(i int) {
	s.delta.Changes = append(s.delta.Changes, fact(evenkeel.KindChange, fmt.Sprint("c", i), s.changes[i]))
}

func (s *telling) begin() {
	i := len(s.changes)
	c := evenkeel.Change{Repository: repository, Number: i + 1, State: evenkeel.ChangeOpen, OpenedAt: s.now, Base: "main"}
	base := s.heads[len(s.heads)-1]
	for range 1 + s.random.IntN(3) {
		tip := s.name("work")
		s.commit(tip, base)
		base = tip
		c.Commits = append(c.Commits, evenkeel.ChangeCommit{SHA: sha(tip), AuthoredAt: s.now.Add(-time.Duration(s.random.IntN(100)) * time.Minute).Truncate(time.Second)})
	}
	c.Head = sha(base)
	if s.one(4) {
		c.Labels = []string{"ai"}
	}
	if s.odd() {
		c.RevertOf = fmt.Sprint("#", 1+s.random.IntN(i+1))
	}
	if s.odd() && i > 0 {
		c.Commits = append(c.Commits, s.changes[i-1].Commits...)
	}
	s.changes, s.open = append(s.changes, c), append(s.open, i)
	s.tell(i)
}

func (s *telling) goOn() {
	if len(s.open) == 0 {
		return
	}
	n := s.random.IntN(len(s.open))
	i := s.open[n]
	c := &s.changes[i]
	switch s.random.IntN(6) {
	case 0:
		c.FirstReviewAt = s.now
	case 1:
		c.ApprovedAt = s.now
	case 2:
		c.Size = &evenkeel.Size{Added: s.random.IntN(100)}
	default:
		s.finish(c)
		s.open = append(s.open[:n], s.open[n+1:]...)
	}
	s.tell(i)
}

// finish merges a change, in one of the ways of hosts, or closes it.
func (s *telling) finish(c *evenkeel.Change) {
	if s.one(10) {
		c.State, c.ClosedAt = evenkeel.ChangeClosed, s.now
		return
	}
	c.State, c.MergedAt = evenkeel.ChangeMerged, s.now
	main, merge := s.heads[len(s.heads)-1], s.name("merge")
	s.n++
	c.MergeCommit = sha(merge)
	switch s.random.IntN(4) {
	case 0:
		s.commit(merge, main)
	case 1:
		for i, own := range c.Commits {
			rebased := fmt.Sprint(merge, "r", i)
			if i == len(c.Commits)-1 {
				rebased = merge
			}
			s.commit(rebased, main)
			if list := s.delta.Nodes[repository]; len(list) > 0 && list[len(list)-1].SHA == binarySHA(rebased) {
				list[len(list)-1].Authored = own.AuthoredAt
			}
			main = rebased
		}
		if s.one(2) {
			c.MergeCommit = ""
		}
	default:
		s.commit(merge, main, c.Head)
	}
	s.heads = append(s.heads, merge)
	if s.odd() {
		c.MergedAt = c.MergedAt.AddDate(0, 0, -1-s.random.IntN(20))
	}
	if s.odd() {
		c.Base = []string{"", "next"}[s.random.IntN(2)]
	}
}

func (s *telling) push() {
	name := s.name("push")
	s.commit(name, s.heads[len(s.heads)-1])
	s.heads = append(s.heads, name)
	if s.one(2) {
		s.changes = append(s.changes, evenkeel.Change{Repository: repository, State: evenkeel.ChangeMerged, MergedAt: s.now, MergeCommit: sha(name), Base: "main"})
		s.tell(len(s.changes) - 1)
	}
}

func (s *telling) deploy() {
	d := evenkeel.Deployment{Environment: []string{"production", "production", "prod-eu", "staging", fmt.Sprint("pr-", s.random.IntN(4))}[s.random.IntN(5)], Status: evenkeel.StatusSuccess, FinishedAt: s.now}
	d.Repository, d.Commit, d.Ref = repository, sha(s.heads[len(s.heads)-1]), "main"
	if s.one(2) {
		d.StartedAt = s.now.Add(-5 * time.Minute)
	}
	switch s.random.IntN(12) {
	case 0:
		d.Commit = sha(s.heads[s.random.IntN(len(s.heads))])
	case 1:
		d.ChangeKind = evenkeel.ChangeFix
	case 2:
		d.Commit, d.ChangeKind = sha(s.heads[max(0, len(s.heads)-3)]), evenkeel.ChangeRollback
	case 3:
		d.Status = evenkeel.StatusFailure
	case 4:
		d.Status, d.FinishedAt = evenkeel.StatusRunning, time.Time{}
	}
	id := s.name("d")
	if s.one(8) {
		d.Artifact = s.name("sha256:")
		s.delta.Artifacts = append(s.delta.Artifacts, fact(evenkeel.KindArtifact, d.Artifact, evenkeel.Artifact{Artifact: d.Artifact, Repository: repository, Commit: d.Commit}))
		d.Repository, d.Commit, d.Ref = "", "", ""
	}
	if s.odd() && d.Artifact != "" {
		d.Repository, d.Commit = repository, sha(s.heads[0])
	}
	if s.odd() {
		d.FinishedAt = s.now.AddDate(0, 0, -s.random.IntN(10))
	}
	if s.odd() {
		d.Commit = sha(s.name("unheard"))
	}
	if s.odd() {
		d.Group = []string{"g1", "g2"}[s.random.IntN(2)]
	}
	if len(s.deployed) > 0 && s.odd() {
		d.RollbackOf = s.deployed[s.random.IntN(len(s.deployed))].ExternalID
	}
	if s.odd() {
		d.RollbackOf = fmt.Sprint("d", s.n+3)
	}
	f := fact(evenkeel.KindDeployment, id, d)
	if d.Status == evenkeel.StatusRunning {
		s.running = append(s.running, f)
	}
	s.deployed = append(s.deployed, f)
	s.delta.Deployments = append(s.delta.Deployments, f)
}

func (s *telling) run() {
	if len(s.running) == 0 {
		return
	}
	f := s.running[0]
	s.running = s.running[1:]
	f.Value.Status, f.Value.FinishedAt = evenkeel.StatusSuccess, s.now
	s.delta.Deployments = append(s.delta.Deployments, f)
}

func (s *telling) fail() {
	v := evenkeel.Incident{Environment: []string{"", "production", "prod-eu", "staging", "pr-2"}[s.random.IntN(5)], OpenedAt: s.now.Add(-time.Duration(s.random.IntN(90)) * time.Minute)}
	if s.odd() && len(s.deployed) > 0 {
		v.CausedBy = s.deployed[s.random.IntN(len(s.deployed))].ExternalID
	}
	if s.odd() {
		v.CausedBy = fmt.Sprint("d", s.n+2)
	}
	s.incidents, s.down = append(s.incidents, v), append(s.down, len(s.incidents))
	s.delta.Incidents = append(s.delta.Incidents, fact(evenkeel.KindIncident, fmt.Sprint("i", len(s.incidents)-1), v))
}

func (s *telling) restore() {
	if len(s.down) == 0 {
		return
	}
	i := s.down[0]
	v := &s.incidents[i]
	v.ResolvedAt = s.now
	s.down = s.down[1:]
	f := fact(evenkeel.KindIncident, fmt.Sprint("i", i), *v)
	if s.odd() {
		s.delta.Away = append(s.delta.Away, f.ID)
		return
	}
	s.delta.Incidents = append(s.delta.Incidents, f)
}

func (s *telling) build() {
	b := evenkeel.Build{Repository: repository, Commit: sha(s.heads[max(0, len(s.heads)-1-s.random.IntN(3))]), Pipeline: "ci", Attempt: 1, QueuedAt: s.now.Add(-time.Hour), StartedAt: s.now.Add(-time.Minute), FinishedAt: s.now, Result: evenkeel.BuildSuccess}
	if s.one(3) {
		b.Result = evenkeel.BuildFailure
	}
	if len(s.changes) > 0 && s.one(3) {
		b.Commit = s.changes[s.random.IntN(len(s.changes))].Head
	}
	if s.one(5) {
		b.Attempt = 2
	}
	s.delta.Builds = append(s.delta.Builds, fact(evenkeel.KindBuild, s.name("b"), b))
}

// mend tells of something old in another way.
func (s *telling) mend() {
	switch s.random.IntN(6) {
	case 0:
		if len(s.changes) > 0 {
			i := s.random.IntN(len(s.changes))
			s.changes[i].MergedAt = s.changes[i].MergedAt.Add(-time.Hour)
			s.tell(i)
		}
	case 1:
		if len(s.deployed) > 0 {
			f := s.deployed[s.random.IntN(len(s.deployed))]
			f.Value.Environment = "production"
			s.delta.Deployments = append(s.delta.Deployments, f)
		}
	case 2:
		if len(s.changes) > 0 {
			s.delta.Away = append(s.delta.Away, fact(evenkeel.KindChange, fmt.Sprint("c", s.random.IntN(len(s.changes))), evenkeel.Change{}).ID)
		}
	case 3:
		if len(s.incidents) > 0 {
			i := s.random.IntN(len(s.incidents))
			s.incidents[i].OpenedAt = s.incidents[i].OpenedAt.AddDate(0, 0, -3)
			s.delta.Incidents = append(s.delta.Incidents, fact(evenkeel.KindIncident, fmt.Sprint("i", i), s.incidents[i]))
		}
	case 4:
		if len(s.changes) > 0 {
			i := s.random.IntN(len(s.changes))
			s.changes[i].Labels = append([]string{s.name("label")}, s.changes[i].Labels...)
			s.tell(i)
		}
	default:
		if len(s.changes) > 0 {
			i := s.random.IntN(len(s.changes))
			s.changes[i].Commits = s.changes[i].Commits[:len(s.changes[i].Commits)/2]
			s.tell(i)
		}
	}
}

// step is what happens next.
func (s *telling) step() evenkeel.FactsDelta {
	s.delta = evenkeel.FactsDelta{Nodes: map[string][]evenkeel.Node{}}
	if s.one(2) {
		s.delta.Nodes[repository], s.kept = append(s.delta.Nodes[repository], s.kept...), nil
	}
	for range 1 + s.random.IntN(3) {
		s.now = s.now.Add(time.Duration(s.random.IntN(20*60)) * time.Minute)
		happenings := []func(){s.begin, s.begin, s.goOn, s.goOn, s.goOn, s.push, s.deploy, s.deploy, s.deploy, s.run, s.fail, s.restore, s.build, s.build}
		if s.odd() {
			happenings = []func(){s.mend}
		}
		happenings[s.random.IntN(len(happenings))]()
	}
	return s.delta
}

// TestAnEngineThatAppendsEqualsDerivingAnew tells engines histories as they
// happen. After every step the results are those of deriving from all that is
// known; nearly always because what was told was appended, and now and then for
// each of the reasons why it could not be.
func TestAnEngineThatAppendsEqualsDerivingAnew(t *testing.T) {
	t.Parallel()
	reasons, appended, steps := map[string]int{}, 0, 0
	for seed := range uint64(300) {
		s := &telling{random: rand.New(rand.NewPCG(seed, 7)), now: epoch, heads: []string{"root"}, messy: []int{1000, 40, 12}[seed%3]}
		a, n := s.follow(t, seed)
		steps += n
		for why, n := range a.Anew {
			reasons[why] += n
		}
		appended += a.Appended
	}
	t.Logf("%d of %d steps were appended; the others: %v", appended, steps, reasons)
	if appended*10 < steps*6 {
		t.Errorf("only %d of %d steps were appended", appended, steps)
	}
	for _, why := range []string{
		"read anew", "a late deployment", "a deployment that was told before", "a deployment that others name", "a deployment of a group", "a rollback of another environment",
		"the first deployment of an environment", "a commit that was deployed before it was known", "a copy of a commit", "the first gap of a graph",
		"a change that was merged otherwise", "a change of old, or one that is reverted", "a revert that differs", "a change that shares commits with another", "a change with copies",
		"a commit that several changes name", "the first build of a repository", "a fact that was withdrawn",
	} {
		if reasons[why] == 0 {
			t.Errorf("nothing was derived anew because of %s", why)
		}
	}
}

func (s *telling) follow(t *testing.T, seed uint64) (metrics.Following, int) {
	t.Helper()
	now := known{deployments: map[string]evenkeel.Fact[evenkeel.Deployment]{}, changes: map[string]evenkeel.Fact[evenkeel.Change]{}, incidents: map[string]evenkeel.Fact[evenkeel.Incident]{}}
	like, policy := metrics.Input{Application: "shop"}, evenkeel.DefaultPolicy()
	policy.InferFailures = s.one(2)
	if s.one(3) {
		like.PathClaims = map[string][]evenkeel.PathClaim{repository: {{Application: "shop", Path: "pay"}, {Application: "other"}}}
	}
	nodes := []evenkeel.Node{{SHA: binarySHA("root"), Authored: epoch, Committed: epoch}}
	like.Graphs = map[string]*evenkeel.Graph{repository: evenkeel.NewGraph(nodes)}
	rules, packs := []metrics.PolicyFrom{{Policy: policy}}, map[string]int64{repository: 0}
	engine := metrics.NewEngine(like, packs, rules)
	total := metrics.Following{Anew: map[string]int{}}
	sum := func() {
		one := engine.Following()
		total.Appended += one.Appended
		for why, n := range one.Anew {
			total.Anew[why] += n
		}
	}
	saved := map[[2]string]evenkeel.Segment{}
	for step := range 60 {
		delta := s.step()
		now.take(delta)
		nodes = append(nodes, delta.Nodes[repository]...)
		like.Builds, like.Artifacts = append(like.Builds, delta.Builds...), append(like.Artifacts, delta.Artifacts...)
		in := now.input(like)
		in.Graphs = map[string]*evenkeel.Graph{repository: evenkeel.NewGraph(nodes)}
		if !engine.Add(delta) {
			sum()
			total.Anew["read anew"]++
			engine, saved = metrics.NewEngine(in, packs, rules), map[[2]string]evenkeel.Segment{}
		}
		want := metrics.Derive(in, policy).Pack()
		if got := engine.Derived().Pack(); !slices.EqualFunc(want, got, equalSegments) {
			t.Fatalf("story %d, step %d (%v, before %v): %s", seed, step, engine.Following(), total, explain(t, want, got))
		}
		changed, gone := engine.Save()
		for _, one := range gone {
			delete(saved, [2]string{one.Environment, one.Month})
		}
		for _, one := range changed {
			saved[[2]string{one.Environment, one.Month}] = one
		}
		if len(saved) != len(want) {
			t.Fatalf("story %d, step %d: %d segments were given out, want %d", seed, step, len(saved), len(want))
		}
		for _, one := range want {
			if !equalSegments(one, saved[[2]string{one.Environment, one.Month}]) {
				t.Fatalf("story %d, step %d: what was saved of %s %s differs", seed, step, one.Environment, one.Month)
			}
		}
	}
	sum()
	return total, 60
}

func equalSegments(a, b evenkeel.Segment) bool {
	return a.Environment == b.Environment && a.Month == b.Month && bytes.Equal(a.Data, b.Data)
}

// explain names the columns that differ.
func explain(t *testing.T, want, got []evenkeel.Segment) string {
	t.Helper()
	a, err := metrics.Unpack("shop", want)
	if err != nil {
		t.Fatal(err)
	}
	b, err := metrics.Unpack("shop", got)
	if err != nil {
		t.Fatal(err)
	}
	return cmp.Diff(metrics.Columns(a), metrics.Columns(b))
}
