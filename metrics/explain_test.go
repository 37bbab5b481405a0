package metrics_test

import (
	"errors"
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

// drawParts derives a messy history for one application, or for two that
// share some of its facts.
func drawParts(t *rapid.T, q metrics.Query) (parts []metrics.Derived, ids []string) {
	in := drawInput(t)
	if rapid.Bool().Draw(t, "busy") {
		in = drawBusy(t)
	}
	twin := metrics.Input{Application: "other", Graphs: in.Graphs, PathClaims: in.PathClaims, Foreign: in.Foreign}
	twin.Deployments, ids = share(t, in.Deployments, ids)
	twin.Changes, ids = share(t, in.Changes, ids)
	twin.Incidents, ids = share(t, in.Incidents, ids)
	parts = append(parts, metrics.Derive(in, q.Policy))
	if rapid.Bool().Draw(t, "two applications") {
		parts = append(parts, metrics.Derive(twin, q.Policy))
	}
	return parts, ids
}

// drawBusy is a tidy history without branches in which most changes ship, to
// several environments one after another, with rollbacks, groups and incidents.
func drawBusy(t *rapid.T) metrics.Input {
	in := metrics.Input{Application: "shop", Foreign: map[string]bool{}}
	at := func(hour int) time.Time { return epoch.Add(time.Duration(hour) * time.Hour) }
	var nodes []evenkeel.Node
	hour, commits := 0, 0
	for k := range rapid.IntRange(2, 10).Draw(t, "rounds") {
		for range rapid.IntRange(1, 3).Draw(t, "merged") {
			node := evenkeel.Node{SHA: binarySHA(fmt.Sprint(commits)), Authored: at(hour), Committed: at(hour)}
			if commits > 0 && rapid.IntRange(0, 9).Draw(t, "gap") > 0 {
				node.Parents = []evenkeel.SHA{binarySHA(fmt.Sprint(commits - 1))}
			}
			nodes = append(nodes, node)
			hour += rapid.IntRange(1, 30).Draw(t, "hours")
			c := evenkeel.Change{Repository: repository, Number: commits + 1, MergeCommit: sha(fmt.Sprint(commits)), OpenedAt: at(hour - 1), MergedAt: at(hour + rapid.IntRange(0, 3).Draw(t, "merge"))}
			in.Changes = append(in.Changes, fact(evenkeel.KindChange, fmt.Sprint("c", commits), c))
			commits++
		}
		for n, environment := range []string{"staging", "production", "prod-eu"} {
			if rapid.IntRange(0, 3).Draw(t, "skipped") == 0 {
				continue
			}
			hour += rapid.IntRange(0, 20).Draw(t, "wait")
			d := evenkeel.Deployment{
				Environment: environment, Status: pick(t, "status", evenkeel.StatusSuccess, evenkeel.StatusSuccess, evenkeel.StatusSuccess, evenkeel.StatusFailure), Group: pick(t, "group", "", "", fmt.Sprint("g", k), "all"),
				Repository: repository, Commit: sha(fmt.Sprint(rapid.IntRange(max(0, commits-4), commits-1).Draw(t, "head"))), FinishedAt: at(hour),
			}
			in.Deployments = append(in.Deployments, fact(evenkeel.KindDeployment, fmt.Sprint("d", k, n), d))
			if pick(t, "trouble", true, false, false) {
				i := evenkeel.Incident{Environment: pick(t, "where", "", environment), OpenedAt: at(hour + 1), ResolvedAt: at(hour + rapid.IntRange(0, 40).Draw(t, "took")), CausedBy: pick(t, "cause", "", "", fmt.Sprint("d", k, n))}
				in.Incidents = append(in.Incidents, fact(evenkeel.KindIncident, fmt.Sprint("i", k, n), i))
			}
		}
	}
	in.Graphs = map[string]*evenkeel.Graph{repository: evenkeel.NewGraph(nodes)}
	return in
}

// share marks some facts as shared and returns these.
func share[T any](t *rapid.T, facts []evenkeel.Fact[T], ids []string) ([]evenkeel.Fact[T], []string) {
	var shared []evenkeel.Fact[T]
	for i := range facts {
		ids = append(ids, facts[i].ID)
		if facts[i].Shared = rapid.Bool().Draw(t, "shared"); facts[i].Shared {
			shared = append(shared, facts[i])
		}
	}
	return shared, ids
}

// figureOf is what a report says of a metric.
func figureOf(r metrics.Report, m metrics.Metric) (value, low, high *float64, n int) {
	switch m {
	case metrics.MetricFrequency:
		return r.Frequency.PerDay, r.Frequency.Low, r.Frequency.High, r.Frequency.Deployments
	case metrics.MetricLeadTime:
		return r.LeadTime.Median, r.LeadTime.Low, r.LeadTime.High, r.LeadTime.N
	case metrics.MetricFailRate:
		return r.FailRate.Value, r.FailRate.Low, r.FailRate.High, r.FailRate.N
	case metrics.MetricRecovery:
		return r.Recovery.Median, r.Recovery.Low, r.Recovery.High, r.Recovery.N
	}
	return r.Rework.Value, r.Rework.Low, r.Rework.High, r.Rework.N
}

// recomputed is the statistic of the values, from its definition.
func recomputed(statistic string, values []float64, days float64) float64 {
	n, sum := float64(len(values)), 0.0
	for _, v := range values {
		sum += v
	}
	switch statistic {
	case "rate":
		return sum / days
	case "share":
		return sum / n
	}
	slices.Sort(values)
	middle := len(values) / 2
	if len(values)%2 == 1 {
		return values[middle]
	}
	return (values[middle-1] + values[middle]) / 2
}

// elapsed is how many days of the window are over.
func elapsed(q metrics.Query) float64 {
	w := q.Window
	if end := q.AsOf.Add(1000); !q.AsOf.IsZero() && end.Before(w.To) {
		w.To = end
	}
	return max(0, w.Days())
}

// countsByReason adds up the report's exclusions from a metric.
func countsByReason(r metrics.Report, m metrics.Metric) map[string]int {
	counts := map[string]int{}
	for _, x := range r.Exclusions {
		if x.Metric == string(m) {
			counts[x.Reason] += x.Count
		}
	}
	return counts
}

func TestRowsGiveTheFigure(t *testing.T) {
	check(t, func(t *rapid.T) {
		q := drawQuery(t)
		parts, _ := drawParts(t, q)
		report := metrics.Compute(q, parts...)
		for _, m := range metrics.Metrics() {
			e, err := metrics.Explain(q, m, parts...)
			if err != nil {
				t.Fatal(err)
			}
			value, low, high, n := figureOf(report, m)
			same(t, string(m)+": figures", []*float64{value, low, high}, []*float64{e.Value, e.Low, e.High})
			var values []float64
			ids := map[string]bool{}
			for _, row := range e.Rows {
				if row.Included != (row.Value != nil) || row.Included != (row.Reason == "") {
					t.Fatalf("%s: a row is neither counted nor left out: %+v", m, row)
				}
				if row.Included {
					if ids[row.ID] {
						t.Fatalf("%s counts %s twice", m, row.ID)
					}
					ids[row.ID] = true
					values = append(values, *row.Value)
				}
			}
			same(t, string(m)+": n, counted rows", []int{n, n}, []int{e.N, len(values)})
			if value != nil {
				if got := recomputed(e.Statistic, values, elapsed(q)); math.Abs(got-*value) > 1e-9*max(1, math.Abs(*value)) {
					t.Fatalf("%s: rows give %v, the figure is %v", m, got, *value)
				}
			}
		}
	})
}

func TestRowsTellEveryExclusion(t *testing.T) {
	further := []string{
		metrics.ReasonFailedAttempt, metrics.ReasonGroup, metrics.ReasonInFuture, metrics.ReasonUnattributed, metrics.ReasonUnlinked,
		metrics.ReasonUnresolved, metrics.ReasonEarlier, metrics.ReasonNotShipped, metrics.ReasonBefore,
		metrics.ReasonCarried, metrics.ReasonCarrier,
	}
	check(t, func(t *rapid.T) {
		q := drawQuery(t)
		parts, _ := drawParts(t, q)
		report := metrics.Compute(q, parts...)
		for _, m := range metrics.Metrics() {
			e, _ := metrics.Explain(q, m, parts...)
			want := countsByReason(report, m)
			if m == metrics.MetricFailRate || m == metrics.MetricRework { // What is no deployment is in no share of them.
				for reason, n := range countsByReason(report, metrics.MetricFrequency) {
					want[reason] += n
				}
			}
			switch m {
			case metrics.MetricRecovery:
				want[metrics.ReasonUnresolved] = report.Recovery.Unresolved
			case metrics.MetricFrequency, metrics.MetricFailRate, metrics.MetricRework:
				want[metrics.ReasonFailedAttempt] = report.FailRate.FailedAttempts
			}
			rows, told := map[string]int{}, map[string]int{}
			excluded := map[[2]string]bool{}
			for _, row := range e.Rows {
				if !row.Included {
					rows[row.Reason]++
					excluded[[2]string{row.ID, row.Reason}] = true
				}
			}
			for _, x := range e.Exclusions {
				told[x.Reason] = x.Count
			}
			same(t, string(m)+": exclusions and rows", told, rows)
			for reason, n := range want {
				if rows[reason] != n {
					t.Fatalf("%s: %d rows of %s, the report says %d", m, rows[reason], reason, n)
				}
				delete(rows, reason)
			}
			for reason := range rows {
				if !slices.Contains(further, reason) {
					t.Fatalf("%s: %s is not in the report", m, reason)
				}
			}
			for _, x := range report.Exclusions {
				for _, id := range x.IDs {
					if x.Metric == string(m) && !excluded[[2]string{id, x.Reason}] {
						t.Fatalf("%s: %s of %s has no row", m, x.Reason, id)
					}
				}
			}
		}
	})
}

func TestTheChainNarrowsAndRowsAreInOrder(t *testing.T) {
	check(t, func(t *rapid.T) {
		q := drawQuery(t)
		parts, _ := drawParts(t, q)
		for _, m := range metrics.Metrics() {
			e, _ := metrics.Explain(q, m, parts...)
			same(t, "steps", 4, len(e.Chain))
			for i := 1; i < len(e.Chain); i++ {
				if e.Chain[i].Count > e.Chain[i-1].Count {
					t.Fatalf("%s: the chain widens: %v", m, e.Chain)
				}
			}
			same(t, "included", e.N, e.Chain[3].Count)
			sorted := slices.IsSortedFunc(e.Rows, func(a, b metrics.Row) int {
				if by := b.At.Compare(a.At); by != 0 {
					return by
				}
				return slices.Compare([]string{a.ID, a.Reason}, []string{b.ID, b.Reason})
			})
			if !sorted {
				t.Fatalf("%s: rows are out of order", m)
			}
			reversed := slices.Clone(parts)
			slices.Reverse(reversed)
			again, _ := metrics.Explain(q, m, reversed...)
			same(t, "the union in the other order", e, again)
		}
	})
}

// TestUsesAgreeWithRows compares what is said of single facts with the rows of
// one application's figure.
func TestUsesAgreeWithRows(t *testing.T) {
	check(t, func(t *rapid.T) {
		q := drawQuery(t)
		parts, ids := drawParts(t, q)
		all := metrics.UsesOf(q, ids, parts...)
		for _, part := range parts {
			for _, m := range metrics.Metrics() {
				e, _ := metrics.Explain(q, m, part)
				rows := map[string][]metrics.Row{}
				for _, row := range e.Rows {
					rows[row.ID] = append(rows[row.ID], row)
				}
				for _, id := range ids {
					for _, use := range all[id] {
						if use.Application == part.Application && use.Metric == m {
							agree(t, use, rows[id])
							delete(rows, id)
						}
					}
				}
				for id, left := range rows {
					t.Fatalf("%s counts or excludes %s, its uses do not tell: %+v", m, id, left)
				}
			}
		}
	})
}

func agree(t *rapid.T, use metrics.Use, rows []metrics.Row) {
	elsewhere := []string{metrics.ReasonOutside, metrics.ReasonNotProduction, metrics.ReasonElsewhere, metrics.ReasonDeployment, metrics.ReasonNotShipped}
	if use.Metric == metrics.MetricFailRate { // An incident counts through its deployment, which may come later.
		elsewhere = append(elsewhere, metrics.ReasonInFuture)
	}
	if len(rows) == 0 {
		if !slices.Contains(elsewhere, use.Reason) {
			t.Fatalf("no row, but the use is %+v", use)
		}
		return
	}
	if use.Reason == metrics.ReasonDeployment && use.Included {
		return
	}
	at := max(0, slices.IndexFunc(rows, func(row metrics.Row) bool { return row.Included }))
	want := metrics.Use{Application: use.Application, Metric: use.Metric, Included: rows[at].Included, Reason: rows[at].Reason, Value: rows[at].Value, At: rows[at].At}
	same(t, "use", want, use)
}

// TestEveryFactHasUses: whatever an application knows of deployments that
// ended, of its changes and of its incidents, its figures have an answer.
func TestEveryFactHasUses(t *testing.T) {
	check(t, func(t *rapid.T) {
		q := drawQuery(t)
		q.Window, q.Environment = evenkeel.Window{}, ""
		in := drawInput(t)
		if rapid.Bool().Draw(t, "busy") {
			in = drawBusy(t)
		}
		in.PathClaims = nil
		d := metrics.Derive(in, q.Policy)
		for _, f := range in.Deployments {
			if f.Value.Status == evenkeel.StatusRunning || (f.Value.Status == evenkeel.StatusFailure && f.Value.FinishedAt.IsZero() && f.Value.StartedAt.IsZero()) {
				continue
			}
			uses := metrics.UsesOf(q, []string{f.ID}, d)[f.ID]
			used(t, uses, 3)
			for _, u := range uses {
				if (u.Reason == metrics.ReasonNotProduction) != (q.Policy.Class(f.Value.Environment) != evenkeel.Production) {
					t.Fatalf("a deployment to %q: %+v", f.Value.Environment, u)
				}
			}
		}
		production := slices.ContainsFunc(in.Deployments, func(f evenkeel.Fact[evenkeel.Deployment]) bool {
			return q.Policy.Class(f.Value.Environment) == evenkeel.Production && f.Value.Status == evenkeel.StatusSuccess && !f.Value.FinishedAt.IsZero()
		})
		for _, f := range in.Changes {
			if production {
				used(t, metrics.UsesOf(q, []string{f.ID}, d)[f.ID], 1)
			}
		}
		for _, f := range in.Incidents {
			if !in.Foreign[f.ID] {
				used(t, metrics.UsesOf(q, []string{f.ID}, d)[f.ID], 2)
			}
		}
		same(t, "uses of an unknown fact", []metrics.Use{}, metrics.UsesOf(q, []string{"ffffffffffffffffffff"}, d)["ffffffffffffffffffff"])
	})
}

func used(t *rapid.T, uses []metrics.Use, least int) {
	if len(uses) < least {
		t.Fatalf("%d uses, want %d: %+v", len(uses), least, uses)
	}
	for _, u := range uses {
		if u.Reason == metrics.ReasonOutside || (!u.Included && u.Reason == "") {
			t.Fatalf("all time has no outside, and an exclusion a reason: %+v", u)
		}
	}
}

func TestPackedColumnsExplainTheSame(t *testing.T) {
	check(t, func(t *rapid.T) {
		q := drawQuery(t)
		d := metrics.Derive(drawInput(t), q.Policy)
		back, err := metrics.Unpack("shop", d.Pack())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range metrics.Metrics() {
			want, _ := metrics.Explain(q, m, d)
			got, _ := metrics.Explain(q, m, back)
			same(t, string(m), want, got)
		}
	})
}

// TestWhyAChangeIsNotInTheFigure: change 0 was there before the first
// deployment, change 1 ships to both environments, change 2 to one, change 3
// to none; change 4 was abandoned. Staging ships all but the last.
func TestWhyAChangeIsNotInTheFigure(t *testing.T) {
	t.Parallel()
	in := metrics.Input{Application: "shop"}
	var nodes []evenkeel.Node
	for i := range 4 {
		n := evenkeel.Node{SHA: binarySHA(fmt.Sprint(i)), Authored: epoch, Committed: epoch}
		if i > 0 {
			n.Parents = []evenkeel.SHA{binarySHA(fmt.Sprint(i - 1))}
		}
		nodes = append(nodes, n)
		in.Changes = append(in.Changes, fact(evenkeel.KindChange, fmt.Sprint(i), evenkeel.Change{Repository: repository, Number: i + 1, MergeCommit: sha(fmt.Sprint(i)), OpenedAt: epoch, MergedAt: epoch.Add(time.Duration(i) * time.Hour)}))
	}
	in.Changes = append(in.Changes, fact(evenkeel.KindChange, "4", evenkeel.Change{Repository: repository, Number: 5, OpenedAt: epoch}))
	in.Graphs = map[string]*evenkeel.Graph{repository: evenkeel.NewGraph(nodes)}
	for i, d := range []struct {
		environment string
		commit      int
	}{{"prod-eu", 0}, {"prod-us", 0}, {"prod-eu", 2}, {"prod-us", 1}, {"staging", 0}, {"staging", 3}} {
		in.Deployments = append(in.Deployments, fact(evenkeel.KindDeployment, fmt.Sprint(i), evenkeel.Deployment{Environment: d.environment, Status: evenkeel.StatusSuccess, Repository: repository, Commit: sha(fmt.Sprint(d.commit)), FinishedAt: epoch.Add(time.Duration(10+i) * time.Hour)}))
	}
	d := metrics.Derive(in, evenkeel.DefaultPolicy())
	e, err := metrics.Explain(year(), metrics.MetricLeadTime, d)
	if err != nil {
		t.Fatal(err)
	}
	got, want := map[string]string{}, map[string]string{"0": "shipped_before", "1": "counted", "2": "counted", "3": "not_shipped", "4": "not_shipped"}
	for _, row := range e.Rows {
		for _, c := range in.Changes {
			if c.ID == row.ID {
				got[c.ExternalID] = row.Reason + map[bool]string{true: "counted"}[row.Included]
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" || len(e.Rows) != 5 {
		t.Errorf("%d rows (-want +got):\n%s", len(e.Rows), diff)
	}
	steps := []metrics.Step{{Step: "known", Count: 5}, {Step: "in_scope", Count: 5}, {Step: "in_window", Count: 5}, {Step: "included", Count: 2}}
	if diff := cmp.Diff(steps, e.Chain); diff != "" {
		t.Errorf("chain (-want +got):\n%s", diff)
	}
	for environment, want := range map[string]string{"prod-us": "not_shipped", "": "", "staging": ""} {
		q := year()
		q.Environment = environment
		uses := metrics.UsesOf(q, []string{in.Changes[2].ID}, d)[in.Changes[2].ID]
		if len(uses) != 1 || uses[0].Reason != want || uses[0].Included != (want == "") {
			t.Errorf("change 2 in %q: %+v, want %q", environment, uses, want)
		}
	}
	q := year() // Change 2 shipped before this window, to prod-eu: it is not missing in prod-us.
	q.Window.From = epoch.Add(13 * time.Hour)
	if uses := metrics.UsesOf(q, []string{in.Changes[2].ID}, d)[in.Changes[2].ID]; len(uses) != 1 || uses[0].Reason != metrics.ReasonOutside {
		t.Errorf("change 2 in a later window: %+v", uses)
	}
	q = year() // Changes 1 and 2 are merged in this window and ship after it.
	q.Window.To = epoch.Add(11 * time.Hour)
	e, _ = metrics.Explain(q, metrics.MetricLeadTime, d)
	for _, row := range e.Rows {
		if row.ID == in.Changes[1].ID || row.ID == in.Changes[2].ID {
			t.Errorf("a change that ships later: %+v", row)
		}
	}
}

func TestAnUnknownMetricIsRefused(t *testing.T) {
	t.Parallel()
	if _, err := metrics.Explain(year(), "velocity"); !errors.Is(err, evenkeel.ErrInvalid) {
		t.Errorf("got %v, want ErrInvalid", err)
	}
}
