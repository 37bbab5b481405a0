package metrics_test

import (
	"encoding/json"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
)

// TestPoolsChangeNoAnswer asks questions of moving windows about results of
// which one is exchanged now and then: by results of other facts, by some of
// its own rows, or by none. Two parts share all their facts. Every report, and
// every comparison by what a report keeps to itself, is that without pools.
func TestPoolsChangeNoAnswer(t *testing.T) {
	t.Parallel()
	policy := evenkeel.DefaultPolicy()
	whole := []metrics.Derived{
		metrics.Derive(history(1, 16_000), policy), metrics.Derive(history(2, 12_000), policy), metrics.Derive(shared("app0003"), policy),
		metrics.Derive(shared("twin"), policy), metrics.Derive(history(4, 3_000), policy),
	}
	parts := append([]metrics.Derived{}, whole...)
	random := rand.New(rand.NewPCG(5, 6))
	var pools, others metrics.Pools
	for range 40 {
		at := random.IntN(len(parts))
		switch random.IntN(5) {
		case 0:
			parts[at] = whole[at].Within([]evenkeel.Window{{From: clockOf(random.IntN(300))}})
		case 1:
			parts[at] = whole[at]
		case 2:
			parts[at] = whole[at].Within([]evenkeel.Window{{To: clockOf(200 + random.IntN(160))}})
		}
		q := quarter()
		q.Policy.Unit = []evenkeel.ChangeUnit{evenkeel.UnitChange, evenkeel.UnitCommit}[random.IntN(2)]
		q.Policy.Aggregation = []evenkeel.Aggregation{evenkeel.AggregateMedian, evenkeel.AggregateP75, evenkeel.AggregateMean}[random.IntN(3)]
		q.Window = evenkeel.Window{From: clockOf(random.IntN(60)), To: clockOf(300 + random.IntN(60)).Add(time.Duration(random.IntN(3600)) * time.Second)}
		before := q
		before.Window = q.Window.Previous()
		joined := metrics.Join(q.Environment, parts...)
		want, got := joined.Compute(q), joined.ComputeIn(&pools, q)
		sameJSON(t, want, got)
		series, controls := joined.Trend(q, metrics.Week, nil)
		again, remembered := joined.TrendIn(&pools, q, metrics.Week, nil)
		sameJSON(t, []any{series, controls}, []any{again, remembered})
		earlier := joined.ComputeIn(&others, before)
		if d := cmp.Diff(metrics.Compare(want, joined.Compute(before)), metrics.Compare(got, earlier)); d != "" {
			t.Fatal(d)
		}
		if want.LeadTime.N < 1000 {
			t.Fatalf("%d changes are too few to compare", want.LeadTime.N)
		}
	}
}

// shared is a history whose changes and deployments two applications hold.
func shared(application string) metrics.Input {
	in := history(3, 9_000)
	in.Application = application
	for i := range in.Changes {
		in.Changes[i].Shared = true
	}
	for i := range in.Deployments {
		in.Deployments[i].Shared = true
	}
	return in
}

// clockOf is so many days into the year of histories.
func clockOf(days int) time.Time { return quarter().Window.To.AddDate(0, 0, days-365) }

func sameJSON(t *testing.T, want, got any) {
	t.Helper()
	a, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	if string(a) != string(b) {
		t.Fatal(cmp.Diff(string(a), string(b)))
	}
}
