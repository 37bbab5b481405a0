package metrics_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
)

// drawInstant is an hour of a three-month span; sometimes it is unknown.
func drawInstant(t *rapid.T, label string) time.Time {
	n := rapid.IntRange(-30, 90*24).Draw(t, label)
	if n < 0 {
		return time.Time{}
	}
	return epoch.Add(time.Duration(n) * time.Hour)
}

func pick[T any](t *rapid.T, label string, values ...T) T {
	return rapid.SampledFrom(values).Draw(t, label)
}

// drawInput is a small, messy history: unknown commits, missing instants,
// groups, rollbacks, links to nowhere, cycles and shallow edges.
func drawInput(t *rapid.T) metrics.Input {
	in := metrics.Input{Application: "shop", Graphs: map[string]*evenkeel.Graph{}, Foreign: map[string]bool{}}
	commits := rapid.IntRange(0, 25).Draw(t, "commits")
	var nodes []evenkeel.Node
	name := func(i int) string { return fmt.Sprintf("c%d", i) }
	for i := range commits {
		n := evenkeel.Node{SHA: binarySHA(name(i)), Authored: drawInstant(t, "authored"), Committed: epoch}
		for range rapid.IntRange(0, 2).Draw(t, "parents") {
			n.Parents = append(n.Parents, binarySHA(name(rapid.IntRange(max(0, i-4), i+1).Draw(t, "parent"))))
		}
		if rapid.Bool().Draw(t, "detailed") {
			n.Paths, n.PatchID = []string{pick(t, "path", "pay/x", "web/y")}, pick(t, "patch", "", "p1", "p2")
		}
		if rapid.IntRange(0, 4).Draw(t, "picked") == 0 {
			n.Trailers = map[string][]string{pick(t, "trailer", "cherry-picked-from", "reverts"): {sha(name(rapid.IntRange(0, commits+1).Draw(t, "origin")))}}
		}
		nodes = append(nodes, n)
	}
	in.Graphs[repository] = evenkeel.NewGraph(nodes)
	if rapid.Bool().Draw(t, "built") {
		config := "github.com/acme/config"
		in.Graphs[config] = evenkeel.NewGraph([]evenkeel.Node{{SHA: binarySHA("g0"), Committed: epoch}, {SHA: binarySHA("g1"), Committed: epoch, Parents: []evenkeel.SHA{binarySHA("g0")}}})
		in.Artifacts = append(in.Artifacts, fact(evenkeel.KindArtifact, "sha256:1", evenkeel.Artifact{Artifact: "sha256:1", Repository: repository, Commit: sha("c1")}), fact(evenkeel.KindArtifact, "sha256:2", evenkeel.Artifact{Artifact: "sha256:2", Repository: repository, Commit: sha("c2")}))
		in.Changes = append(in.Changes, fact(evenkeel.KindChange, "bump", evenkeel.Change{Repository: config, MergeCommit: sha("g1"), MergedAt: drawInstant(t, "bumped")}))
	}
	if rapid.Bool().Draw(t, "claimed") {
		in.PathClaims = map[string][]evenkeel.PathClaim{repository: {{Application: "shop", Path: "pay"}, {Application: "other"}}}
	}
	commit := func() string { return sha(name(rapid.IntRange(0, commits+3).Draw(t, "commit"))) }
	for i := range rapid.IntRange(0, 20).Draw(t, "changes") {
		c := evenkeel.Change{Repository: repository, Number: i + 1, OpenedAt: drawInstant(t, "opened"), ReadyAt: drawInstant(t, "ready"), FirstReviewAt: drawInstant(t, "review"), ApprovedAt: drawInstant(t, "approved"), MergedAt: drawInstant(t, "merged"), Base: pick(t, "base", "", "main", "next"), RevertOf: pick(t, "revert", "", "", "#1", "3", commit())}
		if rapid.Bool().Draw(t, "has merge") {
			c.MergeCommit = commit()
		}
		for range rapid.IntRange(0, 2).Draw(t, "own") {
			c.Commits = append(c.Commits, evenkeel.ChangeCommit{SHA: commit(), AuthoredAt: drawInstant(t, "own authored")})
		}
		c.Number = pick(t, "number", c.Number, c.Number, 0)
		if rapid.Bool().Draw(t, "has head") {
			c.Head = commit()
		}
		in.Changes = append(in.Changes, fact(evenkeel.KindChange, fmt.Sprint("change", i), c))
	}
	for i := range rapid.IntRange(0, 25).Draw(t, "deployments") {
		d := evenkeel.Deployment{
			Environment: pick(t, "environment", "production", "production", "prod-eu", "staging", ""), Status: pick(t, "status", evenkeel.StatusSuccess, evenkeel.StatusSuccess, evenkeel.StatusSuccess, evenkeel.StatusFailure, evenkeel.StatusRunning, ""),
			Group: pick(t, "group", "", "", "", "g1", "g2"), StartedAt: drawInstant(t, "started"), FinishedAt: drawInstant(t, "finished"), Ref: pick(t, "ref", "", "main", "refs/heads/next"),
			RollbackOf: pick(t, "rollback", "", "", "", "d1", "test/d2", "nothing"), ChangeKind: pick(t, "kind", "", "", evenkeel.ChangeFix, evenkeel.ChangeRollback),
		}
		if rapid.Bool().Draw(t, "has commit") {
			d.Repository, d.Commit = repository, commit()
		}
		if in.Artifacts != nil && rapid.Bool().Draw(t, "has artifact") {
			d.Repository, d.Commit, d.Artifact = "github.com/acme/config", sha(pick(t, "bump", "g0", "g1")), pick(t, "artifact", "sha256:1", "sha256:2", "sha256:3")
		}
		in.Deployments = append(in.Deployments, fact(evenkeel.KindDeployment, fmt.Sprint("d", i), d))
	}
	for i := range rapid.IntRange(0, 10).Draw(t, "incidents") {
		v := evenkeel.Incident{
			Environment: pick(t, "incident environment", "", "production", "prod-eu", "staging"), OpenedAt: drawInstant(t, "incident"), DetectedAt: drawInstant(t, "detected"), MitigatedAt: drawInstant(t, "mitigated"),
			ResolvedAt: drawInstant(t, "resolved"), ReopenedAt: drawInstant(t, "reopened"), CausedBy: pick(t, "cause", "", "", "d1", "d3", "theirs", "nothing"),
		}
		incident := fact(evenkeel.KindIncident, fmt.Sprint("i", i), v)
		if v.CausedBy == "theirs" {
			in.Foreign[incident.ID] = true
		}
		in.Incidents = append(in.Incidents, incident)
	}
	drawLinks(t, &in)
	return in
}

func drawQuery(t *rapid.T) metrics.Query {
	p := evenkeel.DefaultPolicy()
	p.TimeZone = pick(t, "zone", "UTC", "Asia/Tokyo", "America/New_York")
	p.InferFailures = rapid.Bool().Draw(t, "infer")
	from := rapid.IntRange(0, 80*24).Draw(t, "from")
	to := rapid.IntRange(from+2, 92*24).Draw(t, "to")
	return metrics.Query{
		Window: evenkeel.Window{From: epoch.Add(time.Duration(from) * time.Hour), To: epoch.Add(time.Duration(to) * time.Hour)},
		Policy: p, Environment: pick(t, "scope", "", "production", "prod-eu", "staging", "unclassified"), AsOf: drawInstant(t, "as of"),
	}
}

func shuffled[T any](t *rapid.T, list []T) []T {
	if len(list) == 0 {
		return nil
	}
	out := append(slices.Clone(list), list[rapid.IntRange(0, len(list)-1).Draw(t, "repeated")])
	r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "shuffle"), 1))
	r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

func check(t *testing.T, property func(*rapid.T)) {
	t.Helper()
	t.Parallel()
	rapid.Check(t, property)
}

func same(t *rapid.T, what string, want, got any) {
	if d := cmp.Diff(want, got); d != "" {
		t.Fatalf("%s (-want +got):\n%s", what, d)
	}
}

func TestOrderAndRepetitionDoNotMatter(t *testing.T) {
	check(t, func(t *rapid.T) {
		in, q := drawInput(t), drawQuery(t)
		want := metrics.Derive(in, q.Policy).Pack()
		in.Deployments, in.Changes, in.Incidents = shuffled(t, in.Deployments), shuffled(t, in.Changes), shuffled(t, in.Incidents)
		same(t, "derived from shuffled facts", want, metrics.Derive(in, q.Policy).Pack())
	})
}

func TestTheZoneOfInputsDoesNotMatter(t *testing.T) {
	zone := time.FixedZone("somewhere", 9*3600)
	check(t, func(t *rapid.T) {
		in, q := drawInput(t), drawQuery(t)
		want := metrics.Derive(in, q.Policy).Pack()
		for i := range in.Deployments {
			in.Deployments[i].Value.FinishedAt = moved(in.Deployments[i].Value.FinishedAt, zone)
		}
		for i := range in.Changes {
			in.Changes[i].Value.OpenedAt = moved(in.Changes[i].Value.OpenedAt, zone)
			in.Changes[i].Value.MergedAt = moved(in.Changes[i].Value.MergedAt, zone)
		}
		for i := range in.Incidents {
			in.Incidents[i].Value.OpenedAt = moved(in.Incidents[i].Value.OpenedAt, zone)
		}
		same(t, "derived from moved instants", want, metrics.Derive(in, q.Policy).Pack())
	})
}

func moved(at time.Time, zone *time.Location) time.Time {
	if at.IsZero() {
		return at
	}
	return at.In(zone)
}

// counts are the additive members of a report.
func counts(r metrics.Report) map[string]int {
	return map[string]int{
		"deployments": r.Frequency.Deployments, "rollbacks": r.Frequency.Rollbacks, "redeployments": r.Frequency.Redeployments,
		"leads": r.LeadTime.N, "commits": r.LeadTime.PerCommit.N, "failed": r.FailRate.Failed, "attempts": r.FailRate.FailedAttempts,
		"inferred": r.FailRate.Inferred, "immature": r.FailRate.Immature, "recoveries": r.Recovery.N, "unresolved": r.Recovery.Unresolved,
		"from deployment": r.Recovery.FromDeployment.N, "rework": r.Rework.Rework, "opened": r.Incidents.Opened,
		"attributed": r.Incidents.Attributed, "unlinked": r.Incidents.Unlinked, "tried": r.FailRate.Attempts.N, "cancelled": r.FailRate.Attempts.Cancelled, "unattributed": r.Unattributed, "ancestry": r.Methods.Ancestry,
		"artifact": r.Methods.Artifact, "pick": r.Methods.Pick, "rewrite": r.Methods.Rewrite, "patch": r.Methods.Patch, "branch": r.Methods.Branch, "time": r.Methods.Time, "none": r.Methods.None,
	}
}

func TestWindowsAddUp(t *testing.T) {
	check(t, func(t *rapid.T) {
		in, q := drawInput(t), drawQuery(t)
		d := metrics.Derive(in, q.Policy)
		want := counts(metrics.Compute(q, d))
		left, right := q, q
		hours := int(q.Window.To.Sub(q.Window.From) / time.Hour)
		left.Window.To = q.Window.From.Add(time.Duration(rapid.IntRange(1, hours-1).Draw(t, "cut")) * time.Hour)
		right.Window.From = left.Window.To
		got := counts(metrics.Compute(left, d))
		for name, n := range counts(metrics.Compute(right, d)) {
			got[name] += n
		}
		same(t, "the two halves", want, got)
	})
}

func TestSeriesAddUpToTheReport(t *testing.T) {
	check(t, func(t *rapid.T) {
		in, q := drawInput(t), drawQuery(t)
		d := metrics.Derive(in, q.Policy)
		r := metrics.Compute(q, d)
		want := []int{r.Frequency.Deployments, r.Frequency.DeploymentDays, r.LeadTime.N, r.FailRate.Failed, r.Recovery.N, r.Rework.Rework}
		got, end := make([]int, 6), q.Window.From
		for _, b := range metrics.Series(q, pick(t, "grain", metrics.Day, metrics.Week, metrics.Month), d) {
			for i, n := range []int{b.Frequency.Deployments, b.Frequency.DeploymentDays, b.LeadTime.N, b.FailRate.Failed, b.Recovery.N, b.Rework.Rework} {
				got[i] += n
			}
			if !b.From.Equal(end) || !b.To.After(b.From) {
				t.Fatalf("bucket %s to %s does not follow %s", b.From, b.To, end)
			}
			end = b.To
		}
		same(t, "deployments, days, leads, failed, recoveries, rework", want, got)
		if !end.Equal(q.Window.To) {
			t.Fatalf("the last bucket ends at %s, the window at %s", end, q.Window.To)
		}
	})
}

func TestPackedColumnsComeBack(t *testing.T) {
	check(t, func(t *rapid.T) {
		in, q := drawInput(t), drawQuery(t)
		d := metrics.Derive(in, q.Policy)
		segments := d.Pack()
		slices.Reverse(segments)
		back, err := metrics.Unpack("shop", segments)
		if err != nil {
			t.Fatal(err)
		}
		slices.Reverse(segments)
		same(t, "packed again", segments, back.Pack())
		same(t, "report", jsonOf(t, metrics.Compute(q, d)), jsonOf(t, metrics.Compute(q, back)))
		for _, one := range in.Deployments {
			want, known := d.Outcome(one.ID)
			got, knownBack := back.Outcome(one.ID)
			same(t, "outcome", []any{want, known}, []any{got, knownBack})
		}
	})
}

func TestNothingIsNegative(t *testing.T) {
	check(t, func(t *rapid.T) {
		in, q := drawInput(t), drawQuery(t)
		d := metrics.Derive(in, q.Policy)
		notNegative(t, "report", jsonOf(t, metrics.Compute(q, d)))
		notNegative(t, "series", jsonOf(t, metrics.Series(q, metrics.Week, d)))
	})
}

func notNegative(t *rapid.T, path string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			notNegative(t, path+"."+name, member)
		}
	case []any:
		for i, member := range v {
			notNegative(t, fmt.Sprintf("%s[%d]", path, i), member)
		}
	case float64:
		if v < 0 {
			t.Fatalf("%s is %v", path, v)
		}
	}
}

func jsonOf(t *rapid.T, v any) any { return decoded(t, v) }

func TestAUnionCountsSharedFactsOnce(t *testing.T) {
	check(t, func(t *rapid.T) {
		in, q := drawInput(t), drawQuery(t)
		in.PathClaims = nil
		for i := range in.Deployments {
			in.Deployments[i].Shared = true
		}
		for i := range in.Changes {
			in.Changes[i].Shared = true
		}
		for i := range in.Incidents {
			in.Incidents[i].Shared = true
		}
		one := metrics.Derive(in, q.Policy)
		in.Application = "twin"
		two := metrics.Derive(in, q.Policy)
		want := jsonOf(t, metrics.Compute(q, one))
		same(t, "the union with itself", want, jsonOf(t, metrics.Compute(q, one, one)))
		same(t, "the union with a twin", want, jsonOf(t, metrics.Compute(q, one, two)))
		same(t, "the union in the other order", want, jsonOf(t, metrics.Compute(q, two, one)))
	})
}

// TestAncestryEqualsSetDifference checks the linear walk against the plain
// definition: a deployment ships what it reaches and no earlier one reached.
func TestAncestryEqualsSetDifference(t *testing.T) {
	check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 30).Draw(t, "commits")
		parents := make([][]int, n)
		var nodes []evenkeel.Node
		in := metrics.Input{Application: "shop"}
		for i := range n {
			node := evenkeel.Node{SHA: binarySHA(fmt.Sprint(i)), Authored: epoch, Committed: epoch}
			for range rapid.IntRange(0, min(i, 2)).Draw(t, "parents") {
				p := rapid.IntRange(0, i-1).Draw(t, "parent")
				parents[i], node.Parents = append(parents[i], p), append(node.Parents, binarySHA(fmt.Sprint(p)))
			}
			nodes = append(nodes, node)
			in.Changes = append(in.Changes, fact(evenkeel.KindChange, fmt.Sprint(i), evenkeel.Change{Repository: repository, Number: i + 1, MergeCommit: sha(fmt.Sprint(i)), OpenedAt: epoch}))
		}
		in.Graphs = map[string]*evenkeel.Graph{repository: evenkeel.NewGraph(nodes)}
		shippedBy := map[int]string{}
		reached := map[int]bool{}
		for k := range rapid.IntRange(1, 8).Draw(t, "deployments") {
			head := rapid.IntRange(0, n-1).Draw(t, "head")
			f := fact(evenkeel.KindDeployment, fmt.Sprint(k), evenkeel.Deployment{Environment: "production", Status: evenkeel.StatusSuccess, Repository: repository, Commit: sha(fmt.Sprint(head)), FinishedAt: epoch.Add(time.Duration(k+1) * time.Hour)})
			in.Deployments = append(in.Deployments, f)
			for commit := range reach(parents, head) {
				if !reached[commit] && k > 0 {
					shippedBy[commit] = f.ID
				}
				reached[commit] = true
			}
		}
		d := metrics.Derive(in, evenkeel.DefaultPolicy())
		for i, c := range in.Changes {
			got, _ := d.Shipment(c.ID, "")
			if got.Deployment != shippedBy[i] {
				t.Fatalf("change %d: shipped by %q, want %q", i, got.Deployment, shippedBy[i])
			}
		}
	})
}

func reach(parents [][]int, head int) map[int]bool {
	seen, stack := map[int]bool{head: true}, []int{head}
	for len(stack) > 0 {
		at := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for _, p := range parents[at] {
			if !seen[p] {
				seen[p] = true
				stack = append(stack, p)
			}
		}
	}
	return seen
}
