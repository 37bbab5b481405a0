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

func at(n int) time.Time { return start.Add(time.Duration(n) * time.Minute) }

// readings are one total per minute; below -1 there is none, -1 is a negative
// reading.
func readings(values ...float64) (list []evenkeel.Slice) {
	for i, v := range values {
		if v >= -1 {
			list = append(list, evenkeel.Slice{At: at(i), Total: &v})
		}
	}
	return list
}

// totals are the amounts by minute.
func totals(list []evenkeel.Slice) map[int]float64 {
	out := map[int]float64{}
	for _, s := range list {
		if s.Total != nil {
			out[int(s.At.Sub(start)/time.Minute)] = *s.Total
		}
	}
	return out
}

// of are instants at which something happened to one counter.
func of(field string, instants []time.Time) (list []slo.CounterEvent) {
	for _, at := range instants {
		list = append(list, slo.CounterEvent{At: at, Fields: []string{field}})
	}
	return list
}

const none = -2

// TestIncreases works readings by hand. The first row is that of Prometheus's
// increase() of 0 10 20 5 15, which is 35.
func TestIncreases(t *testing.T) {
	t.Parallel()
	before, later := start.Add(-time.Hour), at(2)
	for _, one := range []struct {
		name     string
		since    time.Time
		readings []float64
		want     map[int]float64
		resets   []time.Time
		born     []time.Time
		gaps     []evenkeel.Window
	}{
		{"a reset counts from 0", start, []float64{0, 10, 20, 5, 15}, map[int]float64{1: 10, 2: 10, 3: 5, 4: 10}, []time.Time{at(3)}, nil, nil},
		{"what was there before is not counted", time.Time{}, []float64{1000, 1001}, map[int]float64{1: 1}, nil, nil, nil},
		{"a series that is new began at 0", before, []float64{1, 3}, map[int]float64{0: 1, 1: 2}, nil, []time.Time{at(0)}, nil},
		{"one that was there at the beginning did not", later, []float64{none, none, 7, 9}, map[int]float64{3: 2}, nil, nil, nil},
		{"nothing happened", start, []float64{4, 4, 4}, map[int]float64{1: 0, 2: 0}, nil, nil, nil},
		{"a short gap", start, []float64{0, 10, none, none, 40}, map[int]float64{1: 10, 4: 30}, nil, nil, nil},
		{"a long gap", start, []float64{0, 10, none, none, none, none, none, 70}, map[int]float64{1: 10, 7: 60}, nil, nil, []evenkeel.Window{{From: at(2), To: at(7)}}},
		{"a reset within a gap", start, []float64{0, 10, none, 3}, map[int]float64{1: 10, 3: 3}, []time.Time{at(3)}, nil, nil},
		{"a reset to 0", start, []float64{0, 10, 0, 2}, map[int]float64{1: 10, 2: 0, 3: 2}, []time.Time{at(2)}, nil, nil},
		{"a negative reading is none", start, []float64{0, 10, -1, 30}, map[int]float64{1: 10, 2: -1, 3: 20}, nil, nil, nil},
		{"not a number is none", start, []float64{0, 10, math.Inf(1), 30}, map[int]float64{1: 10, 2: math.Inf(1), 3: 20}, nil, nil, nil},
	} {
		got := slo.Increases(readings(one.readings...), slo.Counting{Slice: time.Minute, Since: one.since})
		if diff := cmp.Diff(one.want, totals(got.Slices)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", one.name, diff)
		}
		if !cmp.Equal(got.Resets, of("total", one.resets)) || !cmp.Equal(got.Born, of("total", one.born)) || !cmp.Equal(got.Gaps, one.gaps) {
			t.Errorf("%s: resets %v, born %v, gaps %v", one.name, got.Resets, got.Born, got.Gaps)
		}
	}
}

// TestCountersGoTogether has a counter of errors that is born with the first
// error, at minute 2, and is not read at minute 3: the errors of both minutes
// then belong to the requests of both minutes.
func TestCountersGoTogether(t *testing.T) {
	t.Parallel()
	got := slo.Increases([]evenkeel.Slice{
		{At: at(4), Bad: new(5.0), Total: new(500.0)},
		{At: at(0), Total: new(100.0)},
		{At: at(1), Total: new(200.0)},
		{At: at(2), Bad: new(1.0), Total: new(300.0)},
		{At: at(3), Total: new(400.0), Value: new(0.25)},
	}, slo.Counting{Slice: time.Minute, Since: start})
	want := []evenkeel.Slice{
		{At: at(1), Bad: new(0.0), Total: new(100.0)},
		{At: at(2), Bad: new(1.0), Total: new(100.0)},
		{At: at(3), Value: new(0.25)},
		{At: at(4), Bad: new(4.0), Total: new(200.0)},
	}
	if diff := cmp.Diff(want, got.Slices); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if !cmp.Equal(got.Born, of("bad", []time.Time{at(2)})) {
		t.Errorf("born %v", got.Born)
	}
}

// TestIncreasesAddUp: without resets, amounts add up to the last reading less
// the first, whatever readings are missing, repeated or out of order.
func TestIncreasesAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		grown := rapid.SliceOfN(rapid.IntRange(0, 1000), 2, 30).Draw(t, "grown")
		first := float64(rapid.IntRange(0, 100000).Draw(t, "first"))
		var list []evenkeel.Slice
		sum := first
		for i, n := range grown {
			sum += float64(n)
			reading := sum
			edge := i == 0 || i == len(grown)-1
			for range rapid.IntRange(0, 2).Draw(t, "copies") {
				list = append(list, evenkeel.Slice{At: at(i), Total: &reading})
			}
			if edge {
				list = append(list, evenkeel.Slice{At: at(i), Total: &reading})
			}
		}
		list = rapid.Permutation(list).Draw(t, "order")
		got := slo.Increases(list, slo.Counting{Slice: time.Minute})
		var all float64
		for _, n := range totals(got.Slices) {
			all += n
		}
		if want := sum - first - float64(grown[0]); all != want {
			t.Fatalf("%v, want %v", all, want)
		}
	})
}

// TestIncreasesAreNeverNegative, whatever is reset, missing or nonsense: each is
// the reading less the usable one before it, or the reading itself.
func TestIncreasesAreNeverNegative(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.IntRange(-3, 50), 1, 40).Draw(t, "readings")
		list := make([]float64, len(values))
		for i, v := range values {
			list[i] = float64(v)
		}
		got := totals(slo.Increases(readings(list...), slo.Counting{Slice: time.Minute}).Slices)
		last, known := 0.0, false
		for i, v := range list {
			amount, there := got[i]
			switch {
			case v < -1:
				if there {
					t.Fatalf("%v in minute %d, which has no reading", amount, i)
				}
			case v == -1:
				if amount != -1 {
					t.Fatalf("minute %d lost what is unusable", i)
				}
			default:
				want := v - last
				if v < last {
					want = v
				}
				if there != known || known && amount != want {
					t.Fatalf("%v in minute %d, want %v", amount, i, want)
				}
				last, known = v, true
			}
		}
	})
}
