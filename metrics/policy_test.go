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

// under is the report of 2024 by a policy, after its segments were packed and
// read back.
func under(t *testing.T, in metrics.Input, p evenkeel.Policy) metrics.Report {
	t.Helper()
	derived, err := metrics.Unpack(in.Application, metrics.Derive(in, p).Pack())
	if err != nil {
		t.Fatal(err)
	}
	q := year()
	q.Policy = p
	return metrics.Compute(q, derived)
}

func excluded(r metrics.Report) map[string]int {
	counts := map[string]int{}
	for _, e := range r.Exclusions {
		counts[e.Reason] = e.Count
	}
	return counts
}

// TestWhichDeploymentsCount: five deployments a day apart.
//
//	0  github:acme   main           code
//	1  github:acme   release/1.0    config
//	2  argocd:prod   (no ref)       (no kind: code)
//	3  ci            refs/heads/main  schema, failed
//	4  github:acme   main-old       infrastructure
func TestWhichDeploymentsCount(t *testing.T) {
	t.Parallel()
	in := deployments(0, 24, 48, 72, 96)
	for i, d := range []struct {
		source, ref string
		kind        evenkeel.ArtifactKind
	}{
		{"github:acme", "main", evenkeel.ArtifactCode},
		{"github:acme", "refs/tags/release/1.0", evenkeel.ArtifactConfig},
		{"argocd:prod", "", ""},
		{"ci", "refs/heads/main", evenkeel.ArtifactSchema},
		{"github:acme", "MAIN-old", evenkeel.ArtifactInfrastructure},
	} {
		in.Deployments[i].Source = d.source
		in.Deployments[i].Value.Ref, in.Deployments[i].Value.ArtifactKind = d.ref, d.kind
	}
	in.Deployments[3].Value.Status = evenkeel.StatusFailure
	for name, want := range map[string]struct {
		rule     evenkeel.DeploymentRule
		counted  int
		attempts int
		left     map[string]int
	}{
		"nothing is narrowed": {evenkeel.DeploymentRule{}, 4, 1, map[string]int{}},
		"sources":             {evenkeel.DeploymentRule{Sources: []string{"github:*"}}, 3, 0, map[string]int{"rule_source": 2}},
		"refs":                {evenkeel.DeploymentRule{Refs: []string{"main"}}, 1, 1, map[string]int{"rule_ref": 3}},
		"refs with a slash":   {evenkeel.DeploymentRule{Refs: []string{"release/*"}}, 1, 0, map[string]int{"rule_ref": 4}},
		"excluded refs":       {evenkeel.DeploymentRule{ExcludeRefs: []string{"main*"}}, 2, 0, map[string]int{"rule_ref": 3}},
		"artifact kinds":      {evenkeel.DeploymentRule{ArtifactKinds: []evenkeel.ArtifactKind{evenkeel.ArtifactCode}}, 2, 0, map[string]int{"rule_artifact_kind": 3}},
		"the first that fails is named": {
			evenkeel.DeploymentRule{Sources: []string{"ci"}, Refs: []string{"nowhere"}, ArtifactKinds: []evenkeel.ArtifactKind{evenkeel.ArtifactCode}},
			0, 0,
			map[string]int{"rule_source": 4, "rule_ref": 1},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := evenkeel.DefaultPolicy()
			p.Deployments = want.rule
			r := under(t, in, p)
			if r.Frequency.Deployments != want.counted || r.FailRate.FailedAttempts != want.attempts {
				t.Errorf("%d deployments and %d failed attempts, want %d and %d", r.Frequency.Deployments, r.FailRate.FailedAttempts, want.counted, want.attempts)
			}
			got := excluded(r)
			if diff := cmp.Diff(want.left, got); diff != "" {
				t.Errorf("left out (-want +got)\n%s", diff)
			}
			if want.counted == 0 && r.Frequency.PerDay != nil {
				t.Errorf("nothing counts, and %v per day", *r.Frequency.PerDay)
			}
			e, err := metrics.Explain(metrics.Query{Window: year().Window, Policy: p}, metrics.MetricFrequency, metrics.Derive(in, p))
			if err != nil {
				t.Fatal(err)
			}
			shown := map[string]int{}
			for _, row := range e.Rows {
				shown[row.Reason]++
			}
			for reason, n := range want.left {
				if shown[reason] != n {
					t.Errorf("explained as %v, want %d of %s", shown, n, reason)
				}
			}
		})
	}
}

// TestWhatIsLeftOutShipsNothing: the change of a deployment that does not
// count ships with the next one that does.
func TestWhatIsLeftOutShipsNothing(t *testing.T) {
	t.Parallel()
	in := deployments(0, 24, 48)
	for i := range in.Deployments {
		in.Deployments[i].Value.Repository, in.Deployments[i].Value.Commit = repository, sha(fmt.Sprint(i))
	}
	in.Deployments[1].Value.ArtifactKind = evenkeel.ArtifactConfig
	in.Changes = append(in.Changes, fact(evenkeel.KindChange, "c", evenkeel.Change{Repository: repository, Number: 1, OpenedAt: epoch.Add(12 * time.Hour), MergedAt: epoch.Add(18 * time.Hour)}))
	p := evenkeel.DefaultPolicy()
	if got := *under(t, in, p).LeadTime.Value; got != 12*3600 {
		t.Errorf("%v s, want 12 h", got)
	}
	p.Deployments.ArtifactKinds = []evenkeel.ArtifactKind{evenkeel.ArtifactCode}
	if got := *under(t, in, p).LeadTime.Value; got != 36*3600 {
		t.Errorf("%v s, want 36 h", got)
	}
}

// TestWhereLeadTimeBegins: committed 1:00, opened 3:00, ready 6:00, merged
// 10:00, shipped 24:00 of the first day; and a change of which only the
// opening (4:00) and the merge (10:00) are known.
func TestWhereLeadTimeBegins(t *testing.T) {
	t.Parallel()
	at := func(hour int) time.Time { return epoch.Add(time.Duration(hour) * time.Hour) }
	in := deployments(0, 24)
	for i := range in.Deployments {
		in.Deployments[i].Value.Repository, in.Deployments[i].Value.Commit = repository, sha(fmt.Sprint(i))
	}
	in.Changes = []evenkeel.Fact[evenkeel.Change]{
		fact(evenkeel.KindChange, "whole", evenkeel.Change{
			Repository: repository, Number: 1, OpenedAt: at(3), ReadyAt: at(6), MergedAt: at(10), Commits: []evenkeel.ChangeCommit{{SHA: sha("w"), AuthoredAt: at(1)}},
		}),
		fact(evenkeel.KindChange, "bare", evenkeel.Change{Repository: repository, Number: 2, OpenedAt: at(4), MergedAt: at(10)}),
	}
	for start, want := range map[evenkeel.LeadStart]struct {
		hours   float64 // The mean of both.
		n, lost int
	}{
		"": {21.5, 2, 0}, evenkeel.StartFirstCommit: {21.5, 2, 0}, evenkeel.StartCommitted: {23, 1, 1},
		evenkeel.StartOpened: {20.5, 2, 0}, evenkeel.StartReady: {19, 2, 0}, evenkeel.StartMerged: {14, 2, 0},
	} {
		p := evenkeel.DefaultPolicy()
		p.Start, p.Aggregation = start, evenkeel.AggregateMean
		r := under(t, in, p)
		if r.LeadTime.N != want.n || *r.LeadTime.Value != want.hours*3600 || excluded(r)["start_unknown"] != want.lost {
			t.Errorf("%q: %v s of %d, %v", start, *r.LeadTime.Value, r.LeadTime.N, excluded(r))
		}
	}
}

// TestHowManyDurationsBecomeOne: lead times of 1 to 40 hours. Type 7 gives
// p75 = 30.25 h and p90 = 36.1 h, the mean is 20.5 h. The intervals are those
// of order statistics: of Bin(40, 3/4), P(X < 24) = 0.0116 <= 0.025 < P(X < 25)
// = 0.0262, and P(X >= 36) = 0.0160 <= 0.025 < P(X >= 35) = 0.0433, so the
// 24th and 36th; of Bin(40, 9/10), P(X < 32) = 0.0155 < P(X < 33) = 0.0419 and
// P(X >= 40) = 0.0148 < P(X >= 39) = 0.0805, so the 32nd and 40th.
func TestHowManyDurationsBecomeOne(t *testing.T) {
	t.Parallel()
	var hours []float64
	for i := range 40 {
		hours = append(hours, float64(i+1))
	}
	in := shipping(hours...)
	for aggregation, want := range map[evenkeel.Aggregation][]float64{
		evenkeel.AggregateMedian: {20.5, 14, 27}, evenkeel.AggregateP75: {30.25, 24, 36}, evenkeel.AggregateP90: {36.1, 32, 40}, evenkeel.AggregateMean: {20.5},
	} {
		p := evenkeel.DefaultPolicy()
		p.Aggregation = aggregation
		l := under(t, in, p).LeadTime
		got := []float64{*l.Value / 3600}
		if l.Low != nil {
			got = append(got, *l.Low/3600, *l.High/3600)
		}
		if l.Statistic != metrics.Statistic(aggregation) || !closeTo(got, want) {
			t.Errorf("%s: %s %v, want %v", aggregation, l.Statistic, got, want)
		}
		if *l.Median != 20.5*3600 || *l.P75 != 30.25*3600 {
			t.Errorf("%s: median %v, p75 %v", aggregation, *l.Median, *l.P75)
		}
		q := year()
		q.Policy = p
		e, err := metrics.Explain(q, metrics.MetricLeadTime, metrics.Derive(in, p))
		if err != nil || *e.Value != *l.Value || e.Statistic != string(aggregation) {
			t.Errorf("%s: explained as %s %v, %v", aggregation, e.Statistic, e.Value, err)
		}
		buckets := metrics.Series(q, metrics.Month, metrics.Derive(in, p))
		if got := buckets[0].LeadTime.Value; got == nil || *got != *l.Value {
			t.Errorf("%s: the bucket says %v", aggregation, got)
		}
	}
}

func closeTo(got, want []float64) bool {
	return slices.EqualFunc(got, want, func(a, b float64) bool { return a-b < 1e-9 && b-a < 1e-9 })
}

// TestRecoveryByEitherClock: a deployment finishes at 0:00; one incident from
// 2:00 to 5:00, one of which no start is known until 4:00 and that names the
// deployment, and one that was restored before the deployment finished.
func TestRecoveryByEitherClock(t *testing.T) {
	t.Parallel()
	at := func(hour int) time.Time { return epoch.Add(time.Duration(hour) * time.Hour) }
	in := deployments(10)
	in.Incidents = []evenkeel.Fact[evenkeel.Incident]{
		fact(evenkeel.KindIncident, "plain", evenkeel.Incident{OpenedAt: at(12), ResolvedAt: at(15)}),
		fact(evenkeel.KindIncident, "no start", evenkeel.Incident{ResolvedAt: at(14), CausedBy: "0"}),
		fact(evenkeel.KindIncident, "before", evenkeel.Incident{OpenedAt: at(7), ResolvedAt: at(9), CausedBy: "0"}),
	}
	for clock, want := range map[evenkeel.RecoveryClock]struct {
		hours  float64
		n      int
		reason map[string]int
	}{
		evenkeel.RecoverFromFailure:    {2.5, 2, map[string]int{"failure_start_unknown": 1}},
		evenkeel.RecoverFromDeployment: {4.5, 2, map[string]int{"restored_before_deployment": 1}},
	} {
		p := evenkeel.DefaultPolicy()
		p.Recovery = clock
		r := under(t, in, p)
		if r.Recovery.N != want.n || *r.Recovery.Value != want.hours*3600 || r.Recovery.Clock != clock {
			t.Errorf("%s: %v s of %d", clock, *r.Recovery.Value, r.Recovery.N)
		}
		if diff := cmp.Diff(want.reason, excluded(r)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", clock, diff)
		}
		q := year()
		q.Policy = p
		e, err := metrics.Explain(q, metrics.MetricRecovery, metrics.Derive(in, p))
		if err != nil || e.N != want.n || *e.Value != want.hours*3600 {
			t.Errorf("%s: explained as %d, %v", clock, e.N, err)
		}
		for reason := range want.reason {
			if !slices.ContainsFunc(e.Rows, func(r metrics.Row) bool { return r.Reason == reason }) {
				t.Errorf("%s: no row says %s", clock, reason)
			}
		}
	}
}

// TestLeadTimePerCommit: the commits are counted, shown and explained.
func TestLeadTimePerCommit(t *testing.T) {
	t.Parallel()
	in := history(1, 40)
	p := evenkeel.DefaultPolicy()
	p.Unit = evenkeel.UnitCommit
	r := under(t, in, p)
	if r.LeadTime.Of != evenkeel.UnitCommit || r.LeadTime.N != r.LeadTime.PerCommit.N || *r.LeadTime.Value != *r.LeadTime.PerCommit.Median {
		t.Errorf("%+v", r.LeadTime)
	}
	q := year()
	q.Policy = p
	e, err := metrics.Explain(q, metrics.MetricLeadTime, metrics.Derive(in, p))
	if err != nil || e.N != r.LeadTime.N {
		t.Fatal(e.N, err)
	}
	n := 0
	for _, row := range e.Rows {
		if row.Included && row.Kind == evenkeel.KindCommit {
			n++
		}
	}
	if n != e.N {
		t.Errorf("%d rows of %d commits", n, e.N)
	}
}

// TestSplicingTheSameRulesChangesNothing at any instant.
func TestSplicingTheSameRulesChangesNothing(t *testing.T) {
	check(t, func(t *rapid.T) {
		in, q := drawInput(t), drawQuery(t)
		derived := metrics.Derive(in, q.Policy)
		spliced := metrics.Splice(derived, metrics.Derive(in, q.Policy), drawInstant(t, "break"))
		same(t, "segments", segmentsOf(derived), segmentsOf(spliced))
	})
}

// segmentsOf lists packed segments; environments of which no fact is known
// have none.
func segmentsOf(d metrics.Derived) map[string]string {
	texts := map[string]string{}
	for _, s := range d.Pack() {
		texts[s.Environment+" "+s.Month] = string(s.Data)
	}
	return texts
}

// TestASpliceIsMadeOfItsSides: before the break everything is as under the
// old rules, after it deployments are as under the new ones, and no change
// ships twice.
func TestASpliceIsMadeOfItsSides(t *testing.T) {
	check(t, func(t *rapid.T) {
		in, q := drawInput(t), drawQuery(t)
		after := q.Policy
		after.FailureWindow, after.Start = time.Hour, evenkeel.StartOpened
		after.Environments = append([]evenkeel.EnvironmentRule{{Pattern: pick(t, "pattern", "prod*", "s*", "nothing"), Class: pick(t, "class", evenkeel.Staging, evenkeel.Production)}}, after.Environments...)
		after.Deployments.ExcludeRefs = []string{"main"}
		at := drawInstant(t, "break")
		old, young := metrics.Derive(in, q.Policy), metrics.Derive(in, after)
		spliced := metrics.Splice(old, young, at)
		back, err := metrics.Unpack(in.Application, spliced.Pack())
		if err != nil {
			t.Fatal(err)
		}
		same(t, "read back", segmentsOf(spliced), segmentsOf(back))
		first := metrics.Query{Window: evenkeel.Window{From: epoch.AddDate(-50, 0, 0), To: at}, Policy: q.Policy}
		second := metrics.Query{Window: evenkeel.Window{From: at, To: epoch.AddDate(50, 0, 0)}, Policy: after}
		if at.IsZero() || !first.Window.From.Before(at) || !at.Before(second.Window.To) {
			return
		}
		want, got := metrics.Compute(first, old), metrics.Compute(first, back)
		same(t, "before", counts(want), counts(got))
		want, got = metrics.Compute(second, young), metrics.Compute(second, back)
		if want.Frequency.Deployments != got.Frequency.Deployments || want.FailRate.Failed != got.FailRate.Failed || got.LeadTime.N > want.LeadTime.N {
			t.Fatalf("after: %+v\n%+v", want.Frequency, got.Frequency)
		}
		whole := metrics.Query{Policy: after, Window: evenkeel.Window{From: first.Window.From, To: second.Window.To}}
		e, err := metrics.Explain(whole, metrics.MetricLeadTime, back)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, row := range e.Rows {
			if row.Included && seen[row.ID] {
				t.Fatalf("%s ships twice", row.ID)
			}
			seen[row.ID] = seen[row.ID] || row.Included
		}
	})
}

// TestAChangeAcrossABreak: by the old rule only deployment 2 ships the change,
// by the new one deployment 1 did. Broken between them, it ships with neither,
// and that is said; broken before both or after both it ships once.
func TestAChangeAcrossABreak(t *testing.T) {
	t.Parallel()
	in := deployments(0, 24, 48, 72)
	for i := range in.Deployments {
		in.Deployments[i].Value.Repository, in.Deployments[i].Value.Commit = repository, sha(fmt.Sprint(i))
	}
	in.Deployments[1].Value.ArtifactKind = evenkeel.ArtifactConfig
	in.Changes = append(in.Changes, fact(evenkeel.KindChange, "c", evenkeel.Change{Repository: repository, Number: 1, OpenedAt: epoch.Add(12 * time.Hour), MergedAt: epoch.Add(18 * time.Hour)}))
	strict, open := evenkeel.DefaultPolicy(), evenkeel.DefaultPolicy()
	strict.Deployments.ArtifactKinds = []evenkeel.ArtifactKind{evenkeel.ArtifactCode}
	for _, want := range []struct {
		old, young evenkeel.Policy
		hour       int
		n          int
		hours      float64
		changed    int
	}{
		{strict, open, 36, 0, 0, 1}, // Open shipped it at 24, strict not before 48.
		{strict, open, 20, 1, 12, 0},
		{strict, open, 60, 1, 36, 0},
		{open, strict, 36, 1, 12, 0}, // Shipped at 24, not again at 48.
		{open, strict, 20, 1, 36, 0},
		{open, strict, 60, 1, 12, 0},
	} {
		r := metrics.Compute(year(), metrics.Splice(metrics.Derive(in, want.old), metrics.Derive(in, want.young), epoch.Add(time.Duration(want.hour)*time.Hour)))
		if r.LeadTime.N != want.n || excluded(r)["definition_changed"] != want.changed || (want.n > 0 && *r.LeadTime.Value != want.hours*3600) {
			t.Errorf("break at %d: %d changes, %v", want.hour, r.LeadTime.N, excluded(r))
		}
	}
}

// TestFiguresAcrossABreakHaveNoDirection, whatever they are.
func TestFiguresAcrossABreakHaveNoDirection(t *testing.T) {
	t.Parallel()
	in := history(1, 400)
	q := year()
	q.Window = evenkeel.Window{From: epoch.AddDate(0, 6, 0), To: epoch.AddDate(0, 9, 0)}
	derived := metrics.Derive(in, q.Policy)
	for _, one := range []struct {
		at   time.Time
		want string
	}{{epoch.AddDate(0, 7, 0), "1, 2"}, {epoch.AddDate(0, 4, 0), "2"}, {epoch.AddDate(0, 6, 0), "2"}} {
		q.Versions = []metrics.Since{{Version: "1"}, {From: one.at, Version: "2"}}
		before := q
		before.Window = q.Window.Previous()
		r := metrics.Compute(q, derived)
		c := metrics.Compare(r, metrics.Compute(before, derived))
		if r.Policy.Version != one.want || c.Frequency.Direction != metrics.NoClearChange || c.Frequency.Reason != metrics.UnclearDefinition {
			t.Errorf("break %s: versions %q, %+v", one.at, r.Policy.Version, c.Frequency)
		}
	}
}
