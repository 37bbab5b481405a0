package slo_test

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// member is one objective of a composite: what it promises, its weight, and the
// good events of ten in each minute; below 0 nothing was measured, above 10
// nothing happened.
type member struct {
	target string
	weight float64
	good   []float64
}

// composite gathers ten minutes of members.
func composite(t interface{ Fatal(...any) }, rule slo.CompositeRule, method slo.Method, list []member) (slo.Definition, []slo.Tallies) {
	share, err := slo.ParseShare("0.9")
	if err != nil {
		t.Fatal(err)
	}
	d := slo.Definition{
		Name: "journey", Slice: time.Minute, Method: method, Composite: rule, Indicator: slo.Indicator{Kind: slo.GoodOfTotal},
		Window: slo.TimeWindow{Span: slo.Span{N: 10, Unit: slo.Minute}},
	}
	var tallies []slo.Tallies
	for _, m := range list {
		o := slo.Objective{Target: target(t, m.target), Weight: m.weight, SliceTarget: share}
		d.Objectives = append(d.Objectives, o)
		var slices []evenkeel.Slice
		for i, good := range m.good {
			switch {
			case good > 10:
				slices = append(slices, minute(i, 0, 0))
			case good >= 0:
				slices = append(slices, minute(i, good, 10))
			}
		}
		tallies = append(tallies, slo.Gather(d, o, slices, evenkeel.Window{From: start, To: at(10)}))
	}
	if err := d.Check(); err != nil {
		t.Fatal(err)
	}
	return d, tallies
}

func ten(good ...float64) []float64 {
	for len(good) < 10 {
		good = append(good, good[len(good)-1])
	}
	return good
}

// TestComposites works small journeys by hand. NaN stands for no value.
func TestComposites(t *testing.T) {
	t.Parallel()
	none := math.NaN()
	full, unknown, idle := ten(10), ten(-1), ten(11)
	// 95 % of events, and of every slice.
	most := ten(9.5)
	for _, one := range []struct {
		name                            string
		rule                            slo.CompositeRule
		method                          slo.Method
		list                            []member
		sli, target, consumed, coverage float64
		worst                           int
	}{
		// 1 - (1-0.95) - (1-0.95), the specification's example.
		{"ratios fall together", slo.CompositeOpenSLO, slo.RatioTimeslices, []member{{"0.95", 1, most}, {"0.95", 1, most}}, 0.9, 0.9, 1, 1, 0},
		{"by weight", slo.CompositeOpenSLO, slo.RatioTimeslices, []member{{"0.95", 0.5, most}, {"0.9", 1, ten(9)}}, 0.875, 0.875, 1, 1, 1},
		{"budgets greater than all", slo.CompositeOpenSLO, slo.RatioTimeslices, []member{{"0.4", 1, most}, {"0.5", 1, ten(0)}}, -0.05, none, none, 1, 1},
		// Slices 0 and 1 are bad for the one, 1 and 2 for the other: 3 of 10, of
		// which 2 would be the budget.
		{"bad for any", slo.CompositeOpenSLO, slo.Timeslices, []member{{"0.9", 1, ten(0, 0, 10)}, {"0.9", 5, ten(10, 0, 0, 10)}}, 0.7, 0.8, 1.5, 1, 1},
		// Slice 0 is bad whatever the other is, 1 is unknown, in 2 the other was
		// idle: 1 bad of 9.
		{"bad or unknown", slo.CompositeOpenSLO, slo.Timeslices, []member{{"0.9", 1, ten(0, 10)}, {"0.9", 1, ten(-1, -1, 11, 10)}}, 8.0 / 9, 0.8, 5.0 / 9, 0.9, 0},
		// 0.4 + 2*0.3: bad 4 and 3 of 100 events of a budget of 10.
		{"burns add up", slo.CompositeOpenSLO, slo.Occurrences, []member{{"0.9", 1, ten(9, 9, 9, 9, 10)}, {"0.9", 2, ten(9, 9, 9, 10)}}, none, none, 1, 1, 0},
		{"nothing is known of one", slo.CompositeOpenSLO, slo.Occurrences, []member{{"0.9", 1, full}, {"0.9", 1, unknown}}, none, none, none, 0.5, 0},
		{"nothing happened in one", slo.CompositeOpenSLO, slo.Occurrences, []member{{"0.9", 1, ten(9)}, {"0.9", 1, idle}}, none, none, 1, 1, 0},
		// (3*1 + 1*0.9)/4 of a promise of (3*0.95 + 0.9)/4 = 0.9375.
		{"weighted", slo.CompositeWeighted, slo.Occurrences, []member{{"0.95", 3, full}, {"0.9", 1, ten(9)}}, 0.975, 0.9375, 0.4, 1, 1},
		{"weighted over those with data", slo.CompositeWeighted, slo.Occurrences, []member{{"0.95", 3, full}, {"0.9", 1, ten(9)}, {"0.5", 4, unknown}}, 0.975, 0.9375, 0.4, 0.5, 1},
		{"weighted without data", slo.CompositeWeighted, slo.Occurrences, []member{{"0.9", 1, unknown}, {"0.9", 1, idle}}, none, none, none, 0.5, -1},
		// 5 of 100 spend half of 10 %, and 2.5 times 2 %.
		{"worst", slo.CompositeWorst, slo.Occurrences, []member{{"0.9", 9, most}, {"0.98", 1, most}, {"0.9", 1, unknown}}, 0.95, 0.98, 2.5, 10.0 / 11, 1},
		// Both spent all: 10 of 100 events of 10 %, and 50 of 50 %.
		{"equally bad", slo.CompositeWorst, slo.Occurrences, []member{{"0.9", 1, ten(9)}, {"0.5", 1, ten(5)}}, 0.5, 0.5, 1, 1, 1},
		{"equally bad, the other way round", slo.CompositeWorst, slo.Occurrences, []member{{"0.5", 1, ten(5)}, {"0.9", 1, ten(9)}}, 0.5, 0.5, 1, 1, 0},
		// 0.9*0.8 of a promise of 0.9*0.9.
		{"serial", slo.CompositeSerial, slo.Occurrences, []member{{"0.9", 1, ten(9)}, {"0.9", 1, ten(8)}}, 0.72, 0.81, 0.28 / 0.19, 1, 1},
		{"serial with an idle one", slo.CompositeSerial, slo.Occurrences, []member{{"0.9", 1, ten(9)}, {"0.9", 1, idle}}, 0.9, 0.81, 0.1 / 0.19, 1, 0},
		{"serial with an unknown one", slo.CompositeSerial, slo.Occurrences, []member{{"0.9", 1, ten(9)}, {"0.9", 1, unknown}}, none, none, none, 0.5, 0},
	} {
		d, tallies := composite(t, one.rule, one.method, one.list)
		c := slo.Compose(d, tallies, at(10))
		for what, pair := range map[string][2]float64{
			"SLI": {number(c.SLI), one.sli}, "target": {number(c.Target), one.target}, "consumed": {number(c.Consumed), one.consumed}, "coverage": {number(c.Coverage), one.coverage},
			"remaining": {number(c.Remaining), 1 - one.consumed}, "worst": {float64(c.Worst), float64(one.worst)},
		} {
			if !cmp.Equal(pair[0], pair[1], nearly) && !(math.IsNaN(pair[0]) && math.IsNaN(pair[1])) {
				t.Errorf("%s: %s %v, want %v", one.name, what, pair[0], pair[1])
			}
		}
	}
}

func number(v *float64) float64 {
	if v == nil {
		return math.NaN()
	}
	return *v
}

// TestCompositesHaveTargetsOfTheirOwn and say which members have no data.
func TestCompositesHaveTargetsOfTheirOwn(t *testing.T) {
	t.Parallel()
	d, tallies := composite(t, slo.CompositeWeighted, slo.Occurrences, []member{{"0.95", 3, ten(10)}, {"0.9", 1, ten(9)}, {"0.5", 4, ten(-1)}, {"0.5", 4, ten(11)}})
	d.CompositeTarget = target(t, "0.975")
	c := slo.Compose(d, tallies, at(10))
	if math.Abs(*c.Consumed-1) > 1e-12 || *c.Target != 0.975 {
		t.Errorf("consumed %v of %v", *c.Consumed, *c.Target)
	}
	for i, want := range []slo.Member{{Share: 0.75}, {Share: 0.25}, {NoData: true}, {Quiet: true}} {
		if m := c.Members[i]; m.Share != want.Share || m.NoData != want.NoData || m.Quiet != want.Quiet {
			t.Errorf("member %d: share %v, no data %v, quiet %v", i, m.Share, m.NoData, m.Quiet)
		}
	}
}

// TestCompositesBurn: over its whole window a composite burns what it consumed,
// and over the last of ten minutes what that one did.
func TestCompositesBurn(t *testing.T) {
	t.Parallel()
	d, tallies := composite(t, slo.CompositeWeighted, slo.Occurrences, []member{{"0.9", 1, ten(10, 10, 10, 10, 10, 10, 10, 10, 10, 7)}, {"0.9", 2, ten(10)}})
	for lookback, want := range map[time.Duration]float64{10 * time.Minute: 0.1, time.Minute: 1} {
		if burn := slo.CompositeReader(d, tallies).Burn(at(10), lookback); math.Abs(*burn-want) > 1e-12 {
			t.Errorf("%s: burns %v, want %v", lookback, *burn, want)
		}
	}
}

// TestOrderOfMembersChangesNothing, to the last digit, under any rule.
func TestOrderOfMembersChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rule := rapid.SampledFrom([]slo.CompositeRule{slo.CompositeOpenSLO, slo.CompositeWeighted, slo.CompositeWorst, slo.CompositeSerial}).Draw(t, "rule")
		method := rapid.SampledFrom([]slo.Method{slo.Occurrences, slo.Timeslices, slo.RatioTimeslices}).Draw(t, "method")
		var list []member
		for range rapid.IntRange(1, 6).Draw(t, "members") {
			m := member{target: rapid.SampledFrom([]string{"0.5", "0.9", "0.97", "0.999"}).Draw(t, "target"), weight: rapid.Float64Range(0.1, 9).Draw(t, "weight")}
			for _, good := range rapid.SliceOfN(rapid.IntRange(-1, 11), 10, 10).Draw(t, "good") {
				m.good = append(m.good, float64(good))
			}
			list = append(list, m)
		}
		d, tallies := composite(t, rule, method, list)
		one := slo.Compose(d, tallies, at(10))
		d, tallies = composite(t, rule, method, rapid.Permutation(list).Draw(t, "order"))
		other := slo.Compose(d, tallies, at(10))
		if !cmp.Equal(one.SLI, other.SLI) || !cmp.Equal(one.Target, other.Target) || !cmp.Equal(one.Consumed, other.Consumed) || !cmp.Equal(one.Coverage, other.Coverage) || !cmp.Equal(worst(one), worst(other)) {
			t.Fatalf("%+v\n%+v", one, other)
		}
	})
}

// worst is what the worst member promises, weighs and spent.
func worst(c slo.Composite) [3]float64 {
	if c.Worst < 0 {
		return [3]float64{}
	}
	m := c.Members[c.Worst]
	return [3]float64{m.Objective.Target.Budget(), m.Objective.Weight, *m.Result.Consumed}
}
