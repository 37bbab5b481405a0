package slo_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// TestIncidentsSpendTheirOwnMinutes, by hand: slices of five minutes; a stood from
// 2 to 7, b from 5 to 12, c since 25, up to 40. The first slice is a's alone (3
// minutes), the second of both (5), the third b's (2), and 15 minutes are c's, of
// which a correction leaves out five.
func TestIncidentsSpendTheirOwnMinutes(t *testing.T) {
	t.Parallel()
	d := byIncidents(t, slo.Occurrences)
	o := d.Objectives[0]
	list := []slo.Outage{outage("c", 25, 0), outage("b", 5, 12), outage("a", 2, 7)}
	window := evenkeel.Window{From: at(0), To: at(40)}
	tallies := slo.Corrected(slo.MinutesOf(d, o, list, window), d, o, []slo.Correction{{From: at(30), To: at(35), Mode: slo.ExcludeSlices}})
	s := slo.SpendOf(d, o, tallies, window, list)
	got := map[string]float64{}
	for _, e := range s.Entries {
		ids := string(e.Kind)
		for _, c := range e.Causes {
			ids += " " + c.ID
		}
		got[ids] = e.Bad
		if e.Minutes != e.Bad || e.Low != e.Bad || e.High != e.Bad {
			t.Errorf("%+v", e)
		}
	}
	if diff := cmp.Diff(map[string]float64{"incident a": 3, "joint a b": 5, "incident b": 2, "incident c": 10}, got); diff != "" || s.Bad != 20 || s.Unattributed != 0 {
		t.Errorf("%v of %v left\n%s", s.Unattributed, s.Bad, diff)
	}
}

// TestIncidentsSpendAllOfIt: what incidents spent adds up to what was consumed,
// to the last bit and in any order, and nothing is left.
func TestIncidentsSpendAllOfIt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		d, list, known := drawIncidents(t, r)
		o := d.Objectives[0]
		s := slo.SpendOf(d, o, slo.MinutesOf(d, o, list, known...), evenkeel.Window{From: at(0), To: at(3000)}, list)
		if s.Unattributed != 0 {
			r.Fatalf("%v of %v is left", s.Unattributed, s.Bad)
		}
		parts := slices.Clone(s.Entries)
		rand.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
		sum := 0.0
		for _, e := range parts {
			sum += e.Bad
			if e.Bad <= 0 || e.Share <= 0 || e.Share > 1 {
				r.Fatalf("%+v", e)
			}
		}
		if sum != s.Bad {
			r.Fatalf("%v, want %v", sum, s.Bad)
		}
	})
}
