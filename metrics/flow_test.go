package metrics_test

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
)

// after is an instant so many hours after the tests' beginning.
func after(hours float64) time.Time {
	return epoch.Add(time.Duration(hours * float64(time.Hour)))
}

// delivered is a history in which every change is a squash merge of its own
// commit m<n> on a trunk, in order.
type delivered struct {
	in    metrics.Input
	nodes []evenkeel.Node
	head  string
}

func newDelivered() *delivered {
	h := &delivered{in: metrics.Input{Application: "shop", Graphs: map[string]*evenkeel.Graph{}}}
	h.commit("base", 0)
	h.deploy("d0", 0, 0)
	return h
}

func (h *delivered) commit(name string, at float64) {
	n := evenkeel.Node{SHA: binarySHA(name), Authored: after(at), Committed: after(at)}
	if h.head != "" {
		n.Parents = []evenkeel.SHA{binarySHA(h.head)}
	}
	h.nodes, h.head = append(h.nodes, n), name
}

// change adds a change by the hours of its first commit, opening, first
// review, approval and merge.
func (h *delivered) change(number int, begun, opened, reviewed, approved, merged float64) *evenkeel.Change {
	name := fmt.Sprintf("m%d", number)
	h.commit(name, merged)
	h.in.Changes = append(h.in.Changes, fact(evenkeel.KindChange, name, evenkeel.Change{
		Repository: repository, Number: number, State: evenkeel.ChangeMerged, OpenedAt: after(opened), FirstReviewAt: after(reviewed), ApprovedAt: after(approved),
		MergedAt: after(merged), MergeCommit: sha(name), Commits: []evenkeel.ChangeCommit{{SHA: sha("own" + name), AuthoredAt: after(begun)}},
	}))
	return &h.in.Changes[len(h.in.Changes)-1].Value
}

func (h *delivered) deploy(id string, started, finished float64) {
	h.in.Deployments = append(h.in.Deployments, fact(evenkeel.KindDeployment, id, evenkeel.Deployment{
		Environment: "production", Status: evenkeel.StatusSuccess, Repository: repository, Commit: sha(h.head), StartedAt: after(started), FinishedAt: after(finished),
	}))
}

func (h *delivered) build(id, commit string, attempt int, queued, started, finished float64, result evenkeel.BuildResult) {
	h.in.Builds = append(h.in.Builds, fact(evenkeel.KindBuild, id, evenkeel.Build{
		Repository: repository, Commit: sha(commit), Pipeline: "ci", Attempt: attempt, QueuedAt: after(queued), StartedAt: after(started), FinishedAt: after(finished), Result: result,
	}))
}

func (h *delivered) derive() metrics.Derived {
	h.in.Graphs[repository] = evenkeel.NewGraph(h.nodes)
	return metrics.Derive(h.in, evenkeel.DefaultPolicy())
}

func (h *delivered) query(from, to float64) metrics.Query {
	return metrics.Query{Window: evenkeel.Window{From: after(from), To: after(to)}, Policy: evenkeel.DefaultPolicy()}
}

func flowOf(q metrics.Query, parts ...metrics.Derived) metrics.Flow {
	return metrics.FlowOf(q, parts, parts...)
}

func isNear(t *testing.T, what string, got *float64, want float64) {
	t.Helper()
	if got == nil || math.Abs(*got-want) > 1e-6*math.Max(1, math.Abs(want)) {
		t.Errorf("%s is %v, want %v", what, show(got), want)
	}
}

func show(v *float64) string {
	if v == nil {
		return "unknown"
	}
	return fmt.Sprint(*v)
}

// TestFlowEfficiencyIsARatioOfSums has one change that is nearly all work and
// short, and one that nearly all waits and is long: of 4 and 100 hours, 3 and 1
// are work. The ratio of sums is 4/104 = 3.8 %; the mean of ratios would be 38 %.
func TestFlowEfficiencyIsARatioOfSums(t *testing.T) {
	t.Parallel()
	h := newDelivered()
	h.change(1, 10, 12, 12.5, 13, 13.5) // Coding 2 h, pickup 0.5, review 0.5, merge wait 0.5.
	h.deploy("d1", 13.5, 14)            // Deploying 0.5 h, all of it running.
	h.change(2, 20, 20.25, 60, 60.25, 119.5)
	h.deploy("d2", 119.5, 120) // Coding 0.25 h, review 0.25 h, deploying 0.5 h.
	f := flowOf(h.query(1, 200), h.derive())
	isNear(t, "work", f.Efficiency.Work, 4*3600)
	isNear(t, "total", f.Efficiency.Total, 104*3600)
	isNear(t, "flow efficiency", f.Efficiency.Value, 4.0/104)
	if f.Efficiency.N != 2 || f.Changes != 2 || len(f.Exclusions) != 0 {
		t.Errorf("n %d of %d, exclusions %+v", f.Efficiency.N, f.Changes, f.Exclusions)
	}
	shares := 0.0
	for _, s := range f.Stages {
		if s.Share != nil {
			shares += *s.Share
		}
	}
	isNear(t, "sum of shares", &shares, 1)
}

// TestStagesAroundABuild splits the 10 hours from merge to shipment: the build
// of the merge commit fails, is run again and ends 4 hours after the merge,
// having run for 1; the deployment runs for 2 of the 6 hours that are left.
func TestStagesAroundABuild(t *testing.T) {
	t.Parallel()
	h := newDelivered()
	h.change(1, 10, 11, 12, 13, 14)
	h.build("b1", "m1", 1, 14.1, 14.5, 15.5, evenkeel.BuildFailure)
	h.build("b2", "m1", 2, 0, 17, 18, evenkeel.BuildSuccess)
	h.deploy("d1", 22, 24)
	f := flowOf(h.query(1, 200), h.derive())
	want := map[string][3]float64{ // Median, work and wait in hours.
		"coding": {1, 1, 0}, "pickup": {1, 0, 1}, "review": {1, 1, 0}, "merge_wait": {1, 0, 1}, "build": {4, 1, 3}, "deploy": {6, 2, 4},
	}
	for _, s := range f.Stages {
		isNear(t, s.Stage+" median", s.Median, want[s.Stage][0]*3600)
		isNear(t, s.Stage+" work", s.Work, want[s.Stage][1]*3600)
		isNear(t, s.Stage+" wait", s.Wait, want[s.Stage][2]*3600)
	}
	isNear(t, "flow efficiency", f.Efficiency.Value, 5.0/14)
	isNear(t, "wait for a machine", f.Builds.Wait, 0.4*3600)
	isNear(t, "run", f.Builds.Run, 3600)
	if got := f.Builds; got.N != 1 || got.Reruns.K != 1 || got.Reruns.N != 1 || *got.Coverage != 1 {
		t.Errorf("builds: %+v", got)
	}
}

// TestTheBuildThatMadeAChangeReady says which run ends the stage build.
func TestTheBuildThatMadeAChangeReady(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		builds func(h *delivered)
		build  float64 // Hours; negative is unknown.
	}{
		"the first that succeeded": {func(h *delivered) {
			h.build("b1", "m1", 1, 14, 14, 15, evenkeel.BuildSuccess)
			h.in.Builds[0].Value.Pipeline = "other"
			h.build("b2", "m1", 1, 14, 14, 18, evenkeel.BuildSuccess)
		}, 1},
		"that of the deployed commit":                     {func(h *delivered) { h.build("b1", "m2", 1, 16, 16, 17, evenkeel.BuildSuccess) }, 3},
		"one before the merge leaves nothing to wait for": {func(h *delivered) { h.build("b1", "m1", 1, 11, 11, 12, evenkeel.BuildSuccess) }, 0},
		"none that ended after the deployment":            {func(h *delivered) { h.build("b1", "m1", 1, 14, 14, 25, evenkeel.BuildSuccess) }, -1},
		"none that failed":                                {func(h *delivered) { h.build("b1", "m1", 1, 14, 14, 15, evenkeel.BuildFailure) }, -1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newDelivered()
			h.change(1, 10, 11, 12, 13, 14)
			h.commit("m2", 15)
			c.builds(h)
			h.deploy("d1", 22, 24)
			stage := flowOf(h.query(1, 200), h.derive()).Stages[4]
			if c.build < 0 {
				if stage.N != 0 || stage.Median != nil {
					t.Errorf("the build took %s", show(stage.Median))
				}
				return
			}
			isNear(t, "build", stage.Median, c.build*3600)
		})
	}
}

// TestAttemptsAreJoinedIntoRuns counts runs, their waits and repetitions.
func TestAttemptsAreJoinedIntoRuns(t *testing.T) {
	t.Parallel()
	h := newDelivered()
	h.build("a/1", "c1", 1, 1, 2, 3, evenkeel.BuildFailure) // Waits 1 h.
	h.build("a/2", "c1", 2, 0, 4, 7, evenkeel.BuildFailure) // Runs 3 h.
	h.build("b", "c2", 1, 1, 4, 5, evenkeel.BuildSuccess)   // Waits 3 h, runs 1 h.
	h.build("c", "c3", 0, 1, 3, 4, evenkeel.BuildSuccess)   // Two without numbers: run again.
	h.build("d", "c3", 0, 4, 5, 9, evenkeel.BuildSuccess)
	h.build("e", "c4", 3, 8, 8, 9, evenkeel.BuildSuccess) // Only the third is known: its first wait is not.
	h.build("f", "c5", 1, 1, 2, 3, evenkeel.BuildCancelled)
	h.build("g", "c6", 1, 1, 2, 3, evenkeel.BuildSkipped)
	h.in.Builds = append(h.in.Builds, fact(evenkeel.KindBuild, "h", evenkeel.Build{Repository: repository, Commit: sha("c7"), Pipeline: "ci", QueuedAt: after(1), StartedAt: after(2)}))
	b := flowOf(h.query(0, 100), h.derive()).Builds
	if b.N != 4 || b.Reruns.K != 3 || b.Reruns.N != 4 || b.Coverage != nil {
		t.Errorf("builds: %+v", b)
	}
	isNear(t, "wait of 1, 3 and 2 hours", b.Wait, 2*3600)
	isNear(t, "run of 3, 1, 4 and 1 hours", b.Run, 2*3600)
}

// TestWhatIsLeftOutOfFlowEfficiency gives each reason once.
func TestWhatIsLeftOutOfFlowEfficiency(t *testing.T) {
	t.Parallel()
	h := newDelivered()
	h.change(1, 10, 11, 12, 13, 14).Commits = nil // The squash tells nothing of its beginning.
	h.change(2, 10, 11, 12, 13, 14.5).FirstReviewAt = time.Time{}
	h.change(3, 10, 11, 12, 16, 15) // Approved after the merge.
	h.deploy("d1", 17, 18)
	h.change(4, 20, 21, 22, 23, 24)
	h.deploy("d2", 25, 26)
	h.in.Deployments[2].Value.StartedAt = time.Time{}
	f := flowOf(h.query(1, 100), h.derive())
	got := map[string]int{}
	for _, x := range f.Exclusions {
		got[x.Metric+" "+x.Reason] = x.Count
	}
	want := map[string]int{
		"flow_efficiency coding_unknown": 1, "flow_efficiency review_unknown": 1, "flow_efficiency stages_contradict": 1, "flow_efficiency running_time_unknown": 1,
	}
	if diff := cmp.Diff(want, got); diff != "" || f.Efficiency.Value != nil || *f.Efficiency.Coverage != 0 {
		t.Errorf("exclusions (-want +got)\n%s\n%+v", diff, f.Efficiency)
	}
}

// TestWorkInProgressThenAndNow counts what was on its way at past instants,
// whatever became of it later.
func TestWorkInProgressThenAndNow(t *testing.T) {
	t.Parallel()
	h := newDelivered()
	h.change(1, 10, 11, 12, 13, 14) // Shipped at 24.
	h.deploy("d1", 22, 24)
	h.change(2, 20, 21, 22, 23, 30) // Merged, never shipped.
	h.in.Changes = append(h.in.Changes,
		fact(evenkeel.KindChange, "given up", evenkeel.Change{Repository: repository, Number: 3, State: evenkeel.ChangeClosed, OpenedAt: after(15), ClosedAt: after(40)}),
		fact(evenkeel.KindChange, "open", evenkeel.Change{Repository: repository, Number: 4, State: evenkeel.ChangeOpen, OpenedAt: after(50)}),
		fact(evenkeel.KindChange, "elsewhere", evenkeel.Change{Repository: "github.com/acme/library", Number: 5, State: evenkeel.ChangeMerged, OpenedAt: after(60), MergedAt: after(70)}),
	)
	d := h.derive()
	for at, want := range map[float64][]float64{ // Ages in hours.
		5: nil, 10: nil, 11: {1}, 16: {6, 1}, 24: {14, 9, 4}, 25: {10, 5}, 35: {20, 15}, 41: {21}, 60: {40, 10}, 65: {45, 15, 5}, 80: {60, 30},
	} {
		wip := flowOf(h.query(at-1, at), d).WIP
		var ages []float64
		for _, o := range wip.Oldest {
			ages = append(ages, o.Age/3600)
		}
		if !slices.Equal(ages, want) || wip.N != len(want) {
			t.Errorf("at %v h: %v, want %v", at, ages, want)
		}
	}
	f := flowOf(h.query(79, 80), d)
	isNear(t, "median age", f.WIP.Median, 45*3600)
	isNear(t, "85th percentile", f.WIP.P85, (30+0.85*30)*3600)
	if want := []metrics.Exclusion{{Metric: "work_in_progress", Reason: "deployment_unknown", Count: 1, IDs: []string{evenkeel.FactID(evenkeel.KindChange, "test\x1felsewhere")}}}; cmp.Diff(want, f.Exclusions) != "" {
		t.Errorf("exclusions: %+v", f.Exclusions)
	}
}

// TestBatchesAndLongestWaits: one deployment ships three changes, another one.
func TestBatchesAndLongestWaits(t *testing.T) {
	t.Parallel()
	h := newDelivered()
	for i := range 3 {
		h.change(i+1, 10, 11, 12, 13, 14).Size = &evenkeel.Size{Files: 1, Added: 10 * (i + 1), Deleted: 1}
	}
	h.deploy("d1", 22, 24)
	h.change(4, 20, 21, 22, 23, 60)
	h.deploy("d2", 60, 70)
	d := h.derive()
	f := flowOf(h.query(1, 100), d)
	isNear(t, "changes of 3 and 1", f.Batch.Changes, 2)
	isNear(t, "lines of 11, 21 and 31", f.Batch.Lines, 21)
	if f.Batch.ChangesN != 2 || f.Batch.LinesN != 3 || f.PointsOf != 4 || len(f.Points) != 4 {
		t.Errorf("%+v, %d of %d points", f.Batch, len(f.Points), f.PointsOf)
	}
	if first := f.Longest[0]; first.Total != 50*3600 || first.Stage != "merge_wait" || *first.StageSeconds != 37*3600 || first.Others != 0 || f.Longest[1].Others != 2 {
		t.Errorf("longest: %+v", f.Longest)
	}
	var paged []metrics.LongChange
	for from, more := 0, true; more; from = len(paged) {
		var page []metrics.LongChange
		page, more = metrics.Longest(h.query(1, 100), "total", from, 2, d)
		paged = append(paged, page...)
	}
	if diff := cmp.Diff(f.Longest, paged); diff != "" {
		t.Errorf("pages (-whole +paged)\n%s", diff)
	}
}

// TestPointsKeepTheExtremes draws more changes than fit.
func TestPointsKeepTheExtremes(t *testing.T) {
	t.Parallel()
	h := newDelivered()
	for i := range 1300 {
		at := 10 + float64(i)
		length := 1 + math.Mod(float64(i)*7.3, 5)
		if i == 700 {
			length = 9
		}
		h.change(i+1, at-length, at-length/2, at-length/2, at-length/2, at)
		h.deploy(fmt.Sprint("d", i+1), at, at+0.5)
	}
	f := flowOf(h.query(1, 2000), h.derive())
	longest := slices.MaxFunc(f.Points, func(a, b metrics.FlowPoint) int { return int(a.Lead - b.Lead) })
	if f.PointsOf != 1300 || len(f.Points) > 500 || len(f.Points) < 400 || longest.Lead != 9.5*3600 {
		t.Errorf("%d of %d points, the longest %v", len(f.Points), f.PointsOf, longest)
	}
	if !slices.IsSortedFunc(f.Points, func(a, b metrics.FlowPoint) int { return a.At.Compare(b.At) }) {
		t.Error("points are not in order of time")
	}
}

// drawBuilds adds builds to a drawn history.
func drawBuilds(t *rapid.T, in *metrics.Input) {
	for i := range rapid.IntRange(0, 12).Draw(t, "builds") {
		in.Builds = append(in.Builds, fact(evenkeel.KindBuild, fmt.Sprint("b", i), evenkeel.Build{
			Repository: repository, Commit: sha(fmt.Sprintf("c%d", rapid.IntRange(0, 20).Draw(t, "built"))), Pipeline: pick(t, "pipeline", "ci", "lint"),
			Attempt: rapid.IntRange(0, 2).Draw(t, "attempt"), QueuedAt: drawInstant(t, "queued"), StartedAt: drawInstant(t, "build started"), FinishedAt: drawInstant(t, "build finished"),
			Result: pick(t, "result", evenkeel.BuildSuccess, evenkeel.BuildSuccess, evenkeel.BuildFailure, evenkeel.BuildCancelled, ""),
		}))
	}
	for i := range in.Changes {
		v := &in.Changes[i].Value
		v.State = pick(t, "state", evenkeel.ChangeOpen, evenkeel.ChangeMerged, evenkeel.ChangeClosed, "")
		v.Labels = pick(t, "labels", nil, []string{}, []string{"ai-assisted"}, []string{"dependencies"})
		in.Changes[i].Shared = rapid.Bool().Draw(t, "shared")
	}
}

// TestFlowDoesNotDependOnOrder: facts in another order, twice, packed and read
// again, and a union with itself give the same answers.
func TestFlowDoesNotDependOnOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		in := drawInput(rt)
		drawBuilds(rt, &in)
		q := metrics.Query{Window: evenkeel.Window{From: epoch, To: epoch.Add(time.Duration(rapid.IntRange(1, 100*24).Draw(rt, "to")) * time.Hour)}, Policy: evenkeel.DefaultPolicy(), Environment: pick(rt, "scope", "", "staging", "prod-eu")}
		d := metrics.Derive(in, q.Policy)
		flow, assisted := flowOf(q, d), metrics.AssistedOf(q, d)
		again := in
		again.Builds = append(slices.Clone(in.Builds), in.Builds...)
		again.Changes = append(slices.Clone(in.Changes), in.Changes...)
		slices.Reverse(again.Builds)
		slices.Reverse(again.Changes)
		packed, err := metrics.Unpack("shop", d.Pack())
		if err != nil {
			rt.Fatal(err)
		}
		other := metrics.Derive(metrics.Input{Application: "other"}, q.Policy)
		for name, parts := range map[string][]metrics.Derived{
			"another order": {metrics.Derive(again, q.Policy)}, "packed": {packed}, "with itself": {d, d}, "with an empty one": {other, d},
		} {
			if diff := cmp.Diff(flow, flowOf(q, parts...)); diff != "" {
				rt.Fatalf("%s: flow\n%s", name, diff)
			}
			if diff := cmp.Diff(assisted, metrics.AssistedOf(q, parts...)); diff != "" {
				rt.Fatalf("%s: assisted\n%s", name, diff)
			}
		}
		checkFlow(rt, flow)
	})
}

// checkFlow holds for every answer.
func checkFlow(t *rapid.T, f metrics.Flow) {
	if e := f.Efficiency; e.Value != nil && (*e.Value < 0 || *e.Value > 1 || *e.Work > *e.Total) {
		t.Fatalf("flow efficiency: %+v", e)
	}
	work, all := 0.0, 0.0
	for _, s := range f.Stages {
		if s.Work != nil {
			work, all = work+*s.Work, all+*s.Work+*s.Wait
		}
	}
	if f.Efficiency.N > 0 && (math.Abs(work-*f.Efficiency.Work) > 1e-3 || math.Abs(all-*f.Efficiency.Total) > 1e-3) {
		t.Fatalf("stages have %v of %v s, flow efficiency %v of %v", work, all, *f.Efficiency.Work, *f.Efficiency.Total)
	}
	left := 0
	for _, x := range f.Exclusions {
		if x.Metric == "flow_efficiency" {
			left += x.Count
		}
	}
	if f.Efficiency.N+left != f.Changes {
		t.Fatalf("%d counted and %d left out of %d changes", f.Efficiency.N, left, f.Changes)
	}
}

// TestASharedFlowCountsOnce: a change and a build of two applications count
// once in their union, and as often in each.
func TestASharedFlowCountsOnce(t *testing.T) {
	t.Parallel()
	both := make([]metrics.Derived, 2)
	var q metrics.Query
	for i, app := range []string{"shop", "pay"} {
		h := newDelivered()
		h.in.Application = app
		h.change(1, 10, 11, 12, 13, 14)
		h.build("b1", "m1", 1, 14, 15, 16, evenkeel.BuildSuccess)
		h.in.Deployments[0].ID = evenkeel.FactID(evenkeel.KindDeployment, app)
		h.deploy(app+"1", 20, 22+float64(i))
		h.in.Changes = append(h.in.Changes, fact(evenkeel.KindChange, "open", evenkeel.Change{Repository: repository, Number: 9, State: evenkeel.ChangeOpen, OpenedAt: after(15)}))
		h.in.Changes[0].Shared, h.in.Changes[1].Shared, h.in.Builds[0].Shared = true, true, true
		both[i], q = h.derive(), h.query(1, 100)
	}
	one, two, union := flowOf(q, both[0]), flowOf(q, both[1]), flowOf(q, both...)
	for name, f := range map[string]metrics.Flow{"shop": one, "pay": two, "both": union} {
		if f.Changes != 1 || f.Builds.N != 1 || f.WIP.N != 1 || f.PointsOf != 1 || f.Efficiency.N != 1 {
			t.Errorf("%s: %d changes, %d builds, %d in progress", name, f.Changes, f.Builds.N, f.WIP.N)
		}
	}
	isNear(t, "lead time of the earliest shipment", union.Lead.P50, 12*3600)
	// At 22.5 h one of them has it, so that it is in progress no more.
	if n := flowOf(metrics.Query{Window: evenkeel.Window{From: after(1), To: after(22.5)}, Policy: q.Policy}, both...).WIP.N; n != 1 {
		t.Errorf("%d in progress, want the open change alone", n)
	}
}
