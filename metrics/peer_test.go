package metrics_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
)

// compared answers by our rules and DevLake's over the same facts.
func compared(t rapid.TB, q metrics.Query, inputs ...metrics.Input) map[metrics.Metric]metrics.PeerFigure {
	t.Helper()
	project := metrics.NewPeerProject()
	var parts []metrics.Derived
	for _, in := range inputs {
		project.Add(in, q.Policy)
		parts = append(parts, metrics.Derive(in, q.Policy))
	}
	report, err := metrics.ComparePeer(q, project, parts...)
	if err != nil {
		t.Fatal(err)
	}
	figures := map[metrics.Metric]metrics.PeerFigure{}
	for _, f := range report.Figures {
		figures[f.Metric] = f
	}
	return figures
}

func utc(text string) time.Time {
	for _, layout := range []string{time.RFC3339, "2006-01-02 15:04:05", "2006-01-02 15:04", time.DateOnly} {
		if at, err := time.Parse(layout, text); err == nil {
			return at
		}
	}
	panic(text)
}

func peerQuery(from, to string) metrics.Query {
	return metrics.Query{Window: evenkeel.Window{From: utc(from), To: utc(to)}, Policy: evenkeel.DefaultPolicy()}
}

// success is a deployment to production.
func success(id, commit, started, finished string) evenkeel.Fact[evenkeel.Deployment] {
	d := evenkeel.Deployment{Environment: "production", Status: evenkeel.StatusSuccess, Repository: repository, Commit: sha(commit), FinishedAt: utc(finished)}
	if started != "" {
		d.StartedAt = utc(started)
	}
	return fact(evenkeel.KindDeployment, id, d)
}

// from is a fact as another source tells it.
func from[T any](source string, f evenkeel.Fact[T]) evenkeel.Fact[T] {
	f.Source = source
	return f
}

// straight is a graph of commits in a row, each written as "name instant".
func straight(commits ...string) map[string]*evenkeel.Graph {
	var nodes []evenkeel.Node
	for i := 0; i < len(commits); i += 2 {
		n := evenkeel.Node{SHA: binarySHA(commits[i]), Authored: utc(commits[i+1]), Committed: utc(commits[i+1])}
		if i > 0 {
			n.Parents = []evenkeel.SHA{binarySHA(commits[i-2])}
		}
		nodes = append(nodes, n)
	}
	return map[string]*evenkeel.Graph{repository: evenkeel.NewGraph(nodes)}
}

func merged(number int, merge, authored, opened, at string) evenkeel.Fact[evenkeel.Change] {
	return fact(evenkeel.KindChange, fmt.Sprint("change", number), evenkeel.Change{
		Repository: repository, Number: number, State: evenkeel.ChangeMerged, OpenedAt: utc(opened), MergedAt: utc(at), MergeCommit: sha(merge),
		Commits: []evenkeel.ChangeCommit{{SHA: sha(fmt.Sprint("own", number)), AuthoredAt: utc(authored)}},
	})
}

// lines shows the lines of a figure as "side reason" and count.
func lines(list []metrics.PeerLine) map[string]int {
	shown := map[string]int{}
	for _, line := range list {
		shown[string(line.Side)+" "+line.Reason] = line.Count
	}
	return shown
}

func wantLines(t *testing.T, what string, got []metrics.PeerLine, want map[string]int) {
	t.Helper()
	if diff := cmp.Diff(want, lines(got)); diff != "" {
		t.Errorf("%s (-want +got)\n%s", what, diff)
	}
}

func wantValue(t *testing.T, what string, got metrics.PeerValue, value float64, unit string, n int, band string) {
	t.Helper()
	if got.Value == nil || *got.Value != value || got.Unit != unit || got.N != n || got.Band != band {
		shown := "null"
		if got.Value != nil {
			shown = fmt.Sprint(*got.Value)
		}
		t.Errorf("%s: %s %s of %d (%s), want %v %s of %d (%s)", what, shown, got.Unit, got.N, got.Band, value, unit, n, band)
	}
}

// Six deployments on five days: two in the first week, none in the second,
// three days in the third, none in the two days of the fourth. The lower
// median of 2, 0, 3, 0 is 0, so the peer shows months: five days in January.
func TestSixDeploymentsAreMediumThere(t *testing.T) {
	t.Parallel()
	in := metrics.Input{Application: "shop"}
	for i, at := range []string{"2024-01-02 12:00", "2024-01-03 12:00", "2024-01-18 12:00", "2024-01-20 12:00", "2024-01-21 18:00", "2024-01-21 23:30"} {
		in.Deployments = append(in.Deployments, success(fmt.Sprint("d", i), "c", "", at))
	}
	f := compared(t, peerQuery("2024-01-02", "2024-01-23"), in)[metrics.MetricFrequency]
	wantValue(t, "ours", f.Ours, 6.0/21, "per_day", 6, "")
	wantValue(t, "theirs", f.Theirs, 5, "days_per_month", 6, "medium")
	wantLines(t, "lines", f.Lines, map[string]int{})
	wantLines(t, "rules", f.Rules, map[string]int{"rule several_on_one_day": 1, "rule weeks_without_deployment": 2, "rule weeks_cut_by_window": 2})
	if f.Both != 6 {
		t.Errorf("%d in both, want 6", f.Both)
	}
}

func TestDaysPerWeekAreALowerMedian(t *testing.T) {
	t.Parallel()
	// Four whole weeks from Monday 1 January 2024, each with so many days.
	for _, c := range []struct {
		days  []int
		value float64
		unit  string
		band  string
	}{
		{[]int{5, 5, 5, 5}, 5, "days_per_week", "elite"},
		{[]int{4, 5, 5, 7}, 5, "days_per_week", "elite"},
		{[]int{4, 4, 5, 7}, 4, "days_per_week", "high"}, // The lower of 4 and 5.
		{[]int{0, 1, 1, 2}, 1, "days_per_week", "high"},
		{[]int{0, 0, 1, 0}, 1, "days_per_month", "medium"},
		{[]int{0, 0, 0, 0}, 0, "days_per_month", "low"},
	} {
		// One is known from before, so that there are deployments at all.
		in := metrics.Input{Application: "shop", Deployments: []evenkeel.Fact[evenkeel.Deployment]{success("old", "c", "", "2023-06-01 12:00")}}
		for week, days := range c.days {
			for day := range days {
				at := utc("2024-01-01").AddDate(0, 0, 7*week+day)
				in.Deployments = append(in.Deployments, success(at.String(), "c", "", at.Format(time.RFC3339)))
			}
		}
		f := compared(t, peerQuery("2024-01-01", "2024-01-29"), in)[metrics.MetricFrequency]
		if f.Theirs.Value == nil || *f.Theirs.Value != c.value || f.Theirs.Unit != c.unit || f.Theirs.Band != c.band {
			t.Errorf("%v: %v", c.days, f.Theirs)
		}
	}
}

func TestWithoutDeploymentsThereIsNoFigure(t *testing.T) {
	t.Parallel()
	for metric, f := range compared(t, peerQuery("2024-01-01", "2024-02-01"), metrics.Input{Application: "shop"}) {
		if f.Theirs.Value != nil || f.Theirs.Band != "" || f.Ours.Value != nil {
			t.Errorf("%s: %v and %v, want none", metric, f.Ours, f.Theirs)
		}
	}
}

// The peer's calendar has 400 days: an older week of the window is not seen.
func TestTheirCalendarEnds(t *testing.T) {
	t.Parallel()
	in := metrics.Input{Application: "shop", Deployments: []evenkeel.Fact[evenkeel.Deployment]{
		success("seen", "c", "", "2023-11-28 12:00"), // The first of the 400 days before 1 January 2025.
		success("not", "c", "", "2023-11-27 12:00"),
	}}
	f := compared(t, peerQuery("2023-01-01", "2025-01-01"), in)[metrics.MetricFrequency]
	if got := lines(f.Rules)["rule beyond_400_days"]; got != 1 || f.Theirs.N != 2 {
		t.Errorf("%d beyond, n %d, want 1 and 2", got, f.Theirs.N)
	}
}

// Deployments that only one side counts: one without a commit, and a group
// that spans two applications.
func TestDeploymentsOfOneSide(t *testing.T) {
	t.Parallel()
	without := success("without", "c", "", "2024-01-02 12:00")
	without.Value.Repository, without.Value.Commit = "", ""
	member := func(id, at string) evenkeel.Fact[evenkeel.Deployment] {
		d := success(id, "c", "", at)
		d.Value.Group = "release-7"
		return d
	}
	shop := metrics.Input{Application: "shop", Deployments: []evenkeel.Fact[evenkeel.Deployment]{without, member("a", "2024-01-03 12:00")}}
	bank := metrics.Input{Application: "bank", Deployments: []evenkeel.Fact[evenkeel.Deployment]{member("b", "2024-01-03 13:00")}}
	f := compared(t, peerQuery("2024-01-01", "2024-02-01"), shop, bank)[metrics.MetricFrequency]
	wantLines(t, "lines", f.Lines, map[string]int{"ours no_commit": 1, "ours one_deployment_there": 1})
	if f.Ours.N != 3 || f.Theirs.N != 1 || f.Both != 1 {
		t.Errorf("%d, %d and %d in both; want 3, 1, 1", f.Ours.N, f.Theirs.N, f.Both)
	}
}

// A change authored at 10:00:30, opened at 11:00:00 (59.5 minutes: 60), merged
// at 12:00:01 (60.02: 61) and deployed at 12:10:02 (10.02: 11) takes 132
// minutes there; for us 2:09:32.
func TestTheirPhasesAreRoundedUp(t *testing.T) {
	t.Parallel()
	in := metrics.Input{
		Application: "shop", Graphs: straight("a", "2024-01-01 08:00", "b", "2024-01-02 12:00:01"),
		Changes:     []evenkeel.Fact[evenkeel.Change]{merged(1, "b", "2024-01-02 10:00:30", "2024-01-02 11:00", "2024-01-02 12:00:01")},
		Deployments: []evenkeel.Fact[evenkeel.Deployment]{success("d0", "a", "", "2024-01-01 09:00"), success("d1", "b", "2024-01-02 12:05", "2024-01-02 12:10:02")},
	}
	f := compared(t, peerQuery("2024-01-01", "2024-02-01"), in)[metrics.MetricLeadTime]
	wantValue(t, "ours", f.Ours, 2*3600+9*60+32, "seconds", 1, "")
	wantValue(t, "theirs", f.Theirs, 132*60, "seconds", 1, "elite")
	wantLines(t, "rules", f.Rules, map[string]int{"both rounded_up": 1})
}

// Merged an hour before it was opened: that phase is skipped there, so that
// the sum is 240 (coding) + 120 (deploy) minutes; for us 300.
func TestTheirNegativePhasesAreSkipped(t *testing.T) {
	t.Parallel()
	in := metrics.Input{
		Application: "shop", Graphs: straight("a", "2024-01-01 08:00", "b", "2024-01-02 12:00"),
		Changes:     []evenkeel.Fact[evenkeel.Change]{merged(1, "b", "2024-01-02 09:00", "2024-01-02 13:00", "2024-01-02 12:00")},
		Deployments: []evenkeel.Fact[evenkeel.Deployment]{success("d0", "a", "", "2024-01-01 09:00"), success("d1", "b", "2024-01-02 13:30", "2024-01-02 14:00")},
	}
	f := compared(t, peerQuery("2024-01-01", "2024-02-01"), in)[metrics.MetricLeadTime]
	wantValue(t, "ours", f.Ours, 300*60, "seconds", 1, "")
	wantValue(t, "theirs", f.Theirs, 360*60, "seconds", 1, "elite")
	wantLines(t, "rules", f.Rules, map[string]int{"both phase_skipped": 1})
}

// Two pipelines deploy the same commit: the one that started first counts
// there although it ended last.
func TestTheEarliestStartedDeploymentShipsThere(t *testing.T) {
	t.Parallel()
	in := metrics.Input{
		Application: "shop", Graphs: straight("a", "2024-01-01 08:00", "b", "2024-01-02 08:00"),
		Changes: []evenkeel.Fact[evenkeel.Change]{merged(1, "b", "2024-01-02 06:00", "2024-01-02 07:00", "2024-01-02 08:00")},
		Deployments: []evenkeel.Fact[evenkeel.Deployment]{
			success("d0", "a", "", "2024-01-01 09:00"), success("d1", "b", "2024-01-02 10:00", "2024-01-02 12:00"),
			from("other", success("e0", "a", "", "2024-01-01 09:30")), from("other", success("e1", "b", "2024-01-02 09:30", "2024-01-02 13:00")),
		},
	}
	f := compared(t, peerQuery("2024-01-01", "2024-02-01"), in)[metrics.MetricLeadTime]
	wantValue(t, "ours", f.Ours, 6*3600, "seconds", 1, "")
	wantValue(t, "theirs", f.Theirs, 7*3600, "seconds", 1, "elite")
	wantLines(t, "rules", f.Rules, map[string]int{"both other_deployment": 1})
}

// What only we count, a reason each, and the lower median there.
func TestChangesOfOneSide(t *testing.T) {
	t.Parallel()
	noRequest := merged(0, "b", "2024-01-02 07:00", "2024-01-02 07:00", "2024-01-02 08:00")
	squashed := merged(2, "elsewhere", "2024-01-03 06:00", "2024-01-03 07:00", "2024-01-03 08:00")
	squashed.Value.Commits[0].SHA = sha("c")
	nameless := merged(3, "", "2024-01-03 06:00", "2024-01-03 07:00", "2024-01-03 08:30")
	nameless.Value.Commits[0].SHA = sha("d")
	rollback := success("back", "a", "", "2024-01-05 09:00")
	in := metrics.Input{
		Application: "shop",
		Graphs:      straight("a", "2024-01-01 08:00", "b", "2024-01-02 08:00", "c", "2024-01-03 08:00", "d", "2024-01-03 08:30", "e", "2024-01-04 08:00", "f", "2024-01-04 09:00"),
		Changes: []evenkeel.Fact[evenkeel.Change]{
			noRequest, squashed, nameless,
			merged(4, "e", "2024-01-04 07:00", "2024-01-04 07:00", "2024-01-04 08:00"),
			merged(5, "f", "2024-01-04 08:00", "2024-01-04 08:00", "2024-01-04 09:00"),
			merged(6, "a", "2024-01-01 07:00", "2024-01-01 07:00", "2024-01-01 08:00"),
		},
		Deployments: []evenkeel.Fact[evenkeel.Deployment]{
			success("d0", "b", "", "2024-01-02 09:00"), success("d1", "f", "2024-01-04 10:00", "2024-01-04 10:00"),
			rollback, success("d2", "f", "2024-01-06 10:00", "2024-01-06 10:00"),
		},
	}
	in.Deployments[0] = success("d0", "a", "", "2024-01-01 09:00")
	f := compared(t, peerQuery("2024-01-01", "2024-02-01"), in)[metrics.MetricLeadTime]
	wantLines(t, "lines", f.Lines, map[string]int{"ours no_change_request": 1, "ours merge_commit_unknown": 1, "ours no_merge_commit": 1})
	// Changes 4 and 5 took three and two hours there: the lower median is two.
	wantValue(t, "theirs", f.Theirs, 2*3600, "seconds", 2, "elite")
	if f.Ours.N != 5 || f.Both != 2 {
		t.Errorf("ours %d, both %d", f.Ours.N, f.Both)
	}
}

// A rollback before the first deployment makes the next one ship again what
// the first held: the peer then counts a change of our baseline.
func TestABaselineShipsAfterARollbackThere(t *testing.T) {
	t.Parallel()
	in := metrics.Input{
		Application: "shop", Graphs: straight("a", "2024-01-01 08:00", "b", "2024-01-02 08:00", "c", "2024-01-05 08:00"),
		Changes: []evenkeel.Fact[evenkeel.Change]{merged(1, "b", "2024-01-02 06:00", "2024-01-02 07:00", "2024-01-02 08:00")},
		Deployments: []evenkeel.Fact[evenkeel.Deployment]{
			success("d0", "b", "", "2024-01-03 09:00"), success("back", "a", "", "2024-01-04 09:00"), success("d1", "c", "", "2024-01-05 09:00"),
		},
	}
	f := compared(t, peerQuery("2024-01-01", "2024-02-01"), in)[metrics.MetricLeadTime]
	wantLines(t, "lines", f.Lines, map[string]int{"theirs shipped_before": 1})
	wantValue(t, "theirs", f.Theirs, 75*3600, "seconds", 1, "high")
}

func opened(id, at, resolved string) evenkeel.Fact[evenkeel.Incident] {
	v := evenkeel.Incident{OpenedAt: utc(at)}
	if resolved != "" {
		v.ResolvedAt = utc(resolved)
	}
	return fact(evenkeel.KindIncident, id, v)
}

// Incidents 50 days after a deployment, of another application, at the instant
// of a deployment, by a link, and two of one deployment.
func TestTheirFailuresHaveNoAgeAndNoApplication(t *testing.T) {
	t.Parallel()
	linked := opened("linked", "2024-03-20 10:00", "")
	linked.Value.CausedBy = "s1"
	shop := metrics.Input{
		Application: "shop",
		Deployments: []evenkeel.Fact[evenkeel.Deployment]{success("s1", "a", "", "2024-01-02 12:00"), success("s2", "b", "", "2024-03-10 12:00"), success("s3", "c", "", "2024-03-15 12:00")},
		Incidents: []evenkeel.Fact[evenkeel.Incident]{
			opened("old", "2024-02-22 04:48", "2024-02-24 04:48"), // 50.7 days after s1; 48 hours long.
			opened("same", "2024-03-10 12:00", ""),                // As s2 ends: ours lay it to s2, theirs to s1.
			linked,                                                // Ours to s1, theirs to b1.
		},
	}
	bank := metrics.Input{
		Application: "bank",
		Deployments: []evenkeel.Fact[evenkeel.Deployment]{success("b1", "a", "", "2024-03-19 12:00")},
		Incidents: []evenkeel.Fact[evenkeel.Incident]{
			opened("b", "2024-03-17 12:00", "2024-03-17 13:00"),  // Theirs to s3, of another application.
			opened("b2", "2024-03-19 13:00", "2024-03-19 15:00"), // Both to b1, with
			opened("b3", "2024-03-19 14:00", ""),                 // this one.
		},
	}
	figures := compared(t, peerQuery("2024-01-01", "2024-04-01"), shop, bank)
	f := figures[metrics.MetricFailRate]
	// Ours: s1 by link, s2 by the instant, b1. Theirs: s1, s3, b1.
	wantValue(t, "ours", f.Ours, 0.75, "share", 4, "")
	wantValue(t, "theirs", f.Theirs, 0.75, "share", 4, "low")
	wantLines(t, "lines", f.Lines, map[string]int{"ours same_instant": 1, "theirs incident_of_other_application": 1})
	wantLines(t, "rules", f.Rules, map[string]int{
		"rule older_than_window": 1, "rule other_deployment": 1, "rule link_not_read": 1, "rule incident_of_other_application": 1, "rule same": 2,
	})
	r := figures[metrics.MetricRecovery]
	// Theirs: 52.7 days from s1, 2 d 1 h from s3, 3 h from b1; ours: only b2, 2 h.
	wantValue(t, "recovery, ours", r.Ours, 2*3600, "seconds", 1, "")
	wantValue(t, "recovery, theirs", r.Theirs, 49*3600, "seconds", 3, "medium")
	wantLines(t, "recovery lines", r.Lines, map[string]int{"theirs older_than_window": 1, "theirs incident_of_other_application": 1})
	wantLines(t, "recovery rules", r.Rules, map[string]int{"both clock_from_deployment": 1})
}

// The peer needs both ends of a recovery in the window; we place it at the end.
func TestTheirRecoveryNeedsTheDeploymentInTheWindow(t *testing.T) {
	t.Parallel()
	mitigated := opened("mitigated", "2024-01-10 12:00", "")
	mitigated.Value.MitigatedAt = utc("2024-01-10 13:00")
	in := metrics.Input{
		Application: "shop",
		Deployments: []evenkeel.Fact[evenkeel.Deployment]{success("before", "a", "", "2023-12-31 12:00"), success("within", "b", "", "2024-01-10 11:00")},
		Incidents:   []evenkeel.Fact[evenkeel.Incident]{opened("i", "2023-12-31 13:00", "2024-01-01 13:00"), mitigated},
	}
	f := compared(t, peerQuery("2024-01-01", "2024-02-01"), in)[metrics.MetricRecovery]
	if f.Ours.N != 2 || f.Theirs.N != 0 || f.Theirs.Value != nil {
		t.Errorf("%v and %v", f.Ours, f.Theirs)
	}
	wantLines(t, "lines", f.Lines, map[string]int{"ours deployed_in_other_window": 1, "ours mitigated_not_resolved": 1})
}

// Production environments are one chain there.
func TestProductionIsOneEnvironmentThere(t *testing.T) {
	t.Parallel()
	eu := func(f evenkeel.Fact[evenkeel.Deployment]) evenkeel.Fact[evenkeel.Deployment] {
		f.Value.Environment = "prod-eu"
		return f
	}
	in := metrics.Input{
		Application: "shop", Graphs: straight("a", "2024-01-01 08:00", "b", "2024-01-02 08:00"),
		Changes:     []evenkeel.Fact[evenkeel.Change]{merged(1, "b", "2024-01-02 06:00", "2024-01-02 07:00", "2024-01-02 08:00")},
		Deployments: []evenkeel.Fact[evenkeel.Deployment]{success("d0", "a", "", "2024-01-01 09:00"), eu(success("e0", "b", "", "2024-01-02 09:00"))},
	}
	// For us e0 is the first of prod-eu, a baseline; there it follows d0.
	f := compared(t, peerQuery("2024-01-01", "2024-02-01"), in)[metrics.MetricLeadTime]
	wantLines(t, "lines", f.Lines, map[string]int{"theirs shipped_before": 1})
	wantValue(t, "theirs", f.Theirs, 3*3600, "seconds", 1, "elite")
}

func TestUnknownPeersAreNamed(t *testing.T) {
	t.Parallel()
	if _, err := metrics.ParsePeer("devlake-2021"); err == nil {
		t.Error("an unknown peer is taken")
	}
	if p, err := metrics.ParsePeer("devlake-2023"); err != nil || p != metrics.PeerDevLake2023 {
		t.Errorf("%q, %v", p, err)
	}
}

// drawRules varies what a policy may choose.
func drawRules(t *rapid.T, p evenkeel.Policy) evenkeel.Policy {
	p.Unit = pick(t, "unit", evenkeel.UnitChange, evenkeel.UnitCommit)
	p.Start = pick(t, "start", evenkeel.StartFirstCommit, evenkeel.StartCommitted, evenkeel.StartOpened, evenkeel.StartReady, evenkeel.StartMerged)
	p.Aggregation = pick(t, "aggregation", evenkeel.AggregateMedian, evenkeel.AggregateP75, evenkeel.AggregateP90, evenkeel.AggregateMean)
	p.Recovery = pick(t, "clock", evenkeel.RecoverFromFailure, evenkeel.RecoverFromDeployment)
	if rapid.Bool().Draw(t, "narrow") {
		p.Deployments.ExcludeRefs = []string{"next"}
	}
	return p
}

// drawProject draws two applications of one repository, and facts they share.
func drawProject(t *rapid.T) []metrics.Input {
	shop, bank := drawInput(t), drawInput(t)
	bank.Application = "bank"
	for i := range bank.Deployments {
		bank.Deployments[i] = renamed(evenkeel.KindDeployment, bank.Deployments[i])
	}
	for i := range bank.Incidents {
		bank.Incidents[i] = renamed(evenkeel.KindIncident, bank.Incidents[i])
	}
	for i := range bank.Changes {
		bank.Changes[i] = renamed(evenkeel.KindChange, bank.Changes[i])
	}
	bank.Foreign = map[string]bool{}
	return []metrics.Input{shop, bank}
}

func renamed[T any](k evenkeel.Kind, f evenkeel.Fact[T]) evenkeel.Fact[T] {
	f.ExternalID = "bank" + f.ExternalID
	f.ID = evenkeel.FactID(k, f.ExternalID)
	return f
}

// TestTheDifferenceAddsUp: whatever the facts, the rows of ours less the lines
// of ours and with the lines of theirs are the rows of theirs, and what both
// count is accounted for by the rules.
func TestTheDifferenceAddsUp(t *testing.T) {
	check(t, func(t *rapid.T) {
		q := drawQuery(t)
		q.Policy = drawRules(t, q.Policy)
		figures := compared(t, q, drawProject(t)...)
		for _, metric := range slices.Sorted(maps.Keys(figures)) {
			f := figures[metric]
			sums := map[metrics.PeerSide]int{}
			for _, line := range slices.Concat(f.Lines, f.Rules) {
				sums[line.Side] += line.Count
				if line.Count == 0 || len(line.Evidence) != min(line.Count, 20) && line.Side != metrics.SideRule || line.Reason == "" || line.Reason == metrics.PeerOutOfScope {
					t.Fatalf("%s: line %+v", metric, line)
				}
			}
			if f.Ours.Rows-sums[metrics.SideOurs]+sums[metrics.SideTheirs] != f.Theirs.Rows || f.Both+sums[metrics.SideTheirs] != f.Theirs.Rows {
				t.Fatalf("%s: %d - %d + %d is not %d; both %d", metric, f.Ours.Rows, sums[metrics.SideOurs], sums[metrics.SideTheirs], f.Theirs.Rows, f.Both)
			}
			if (metric == metrics.MetricLeadTime || metric == metrics.MetricRecovery) && sums[metrics.SideBoth] != f.Both {
				t.Fatalf("%s: rules hold for %d of %d", metric, sums[metrics.SideBoth], f.Both)
			}
		}
	})
}

// TestTheOrderOfApplicationsDoesNotMatter holds for everything but the graphs,
// of which the larger is taken.
func TestTheOrderOfApplicationsDoesNotMatter(t *testing.T) {
	check(t, func(t *rapid.T) {
		q, project := drawQuery(t), drawProject(t)
		q.Environment = ""
		project[1].Graphs = project[0].Graphs
		other := []metrics.Input{project[1], project[0]}
		for i := range other {
			other[i].Deployments, other[i].Changes, other[i].Incidents = shuffled(t, other[i].Deployments), shuffled(t, other[i].Changes), shuffled(t, other[i].Incidents)
		}
		same(t, "figures", compared(t, q, project...), compared(t, q, other...))
	})
}

// TestTheirDifferenceIsASetDifference compares the walk with sets of ancestors.
func TestTheirDifferenceIsASetDifference(t *testing.T) {
	check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 25).Draw(t, "commits")
		parents := make([][]int, n)
		var nodes []evenkeel.Node
		name := func(i int) string { return fmt.Sprintf("c%d", i) }
		in := metrics.Input{Application: "shop"}
		for i := range n {
			node := evenkeel.Node{SHA: binarySHA(name(i)), Authored: epoch, Committed: epoch}
			for range rapid.IntRange(0, 2).Draw(t, "parents") {
				if i > 0 {
					p := rapid.IntRange(0, i-1).Draw(t, "parent")
					parents[i] = append(parents[i], p)
					node.Parents = append(node.Parents, binarySHA(name(p)))
				}
			}
			nodes = append(nodes, node)
			in.Changes = append(in.Changes, fact(evenkeel.KindChange, name(i), evenkeel.Change{Repository: repository, Number: i + 1, MergeCommit: sha(name(i)), OpenedAt: epoch, MergedAt: epoch}))
		}
		in.Graphs = map[string]*evenkeel.Graph{repository: evenkeel.NewGraph(nodes)}
		before, after := rapid.IntRange(0, n-1).Draw(t, "before"), rapid.IntRange(0, n-1).Draw(t, "after")
		in.Deployments = []evenkeel.Fact[evenkeel.Deployment]{
			success("d0", name(before), "", "2030-01-01"), success("d1", name(after), "", "2030-01-02"),
		}
		want := 0
		old := reach(parents, before)
		for commit := range reach(parents, after) {
			if !old[commit] {
				want++
			}
		}
		if got := compared(t, peerQuery("2029-01-01", "2031-01-01"), in)[metrics.MetricLeadTime].Theirs.N; got != want {
			t.Fatalf("%d changes, want %d", got, want)
		}
	})
}
