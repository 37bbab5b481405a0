package slo_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// TestSpendIsOfPieces: measurements that come hour by hour, in any order and some
// hours first without a part of theirs, are the same ledger as those that come as
// one series; so are those of its cohorts.
func TestSpendIsOfPieces(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		d := draw(t, r)
		o, whole := d.definition.Objectives[0], window(d.window.To)
		list := drawTraffic(r, "traffic", d.causes)
		d.series = slo.Gather(d.definition, o, list, whole)
		want := d.spend(d.causes)
		d.series = inPieces(r, d.definition, list, whole)
		if diff := cmp.Diff(want, d.spend(d.causes)); diff != "" {
			r.Errorf("in pieces:\n%s", diff)
		}
		apart := drawTraffic(r, "cohort", nil)
		d.cohorts = []slo.Cohort{{Dimension: "version", Name: "1", Tallies: slo.Gather(d.definition, o, apart, whole)}, {Dimension: "version", Name: "2", Tallies: slo.Gather(d.definition, o, list, whole)}}
		want = d.spend(d.causes)
		d.cohorts[0].Tallies = inPieces(r, d.definition, apart, whole)
		if diff := cmp.Diff(want, d.spend(d.causes)); diff != "" {
			r.Errorf("a cohort in pieces:\n%s", diff)
		}
	})
}

// inPieces puts the slices of each hour into a series, in any order of hours.
func inPieces(r *rapid.T, d slo.Definition, list []evenkeel.Slice, whole evenkeel.Window) *slo.Series {
	var hours []evenkeel.Window
	for from := whole.From; from.Before(whole.To); from = from.Add(time.Hour) {
		hours = append(hours, evenkeel.Window{From: from, To: from.Add(time.Hour)})
	}
	hours[len(hours)-1].To = whole.To
	series := slo.Gather(d, d.Objectives[0], nil, whole)
	for _, hour := range rapid.Permutation(hours).Draw(r, "hours") {
		var mine []evenkeel.Slice
		for _, one := range list {
			if hour.Contains(one.At) {
				mine = append(mine, one)
			}
		}
		if half := len(mine) / 2; hour.From.Unix()/3600%3 == 0 {
			series.Put(mine[half:], hour)
		}
		series.Put(mine, hour)
	}
	return series
}

// eras are some days of a service with harm now and then.
type eras struct {
	list   []evenkeel.Slice
	causes []slo.Cause
	// harms are when harm began and ended, in minutes.
	harms [][2]int
}

// eraMinutes is how long such a service runs.
const eraMinutes = 8 * 1440

// drawEras has any traffic and holes, and one share of bad events, but for harm of
// at most three quarters of an hour that comes twelve hours after the last at
// least, each with a change of its own a moment before. Other changes do nothing,
// and lie hours away.
func drawEras(r *rapid.T) (e eras) {
	per := rapid.IntRange(20, 40).Draw(r, "events per bad one")
	harm := map[int]int{}
	for n := 1440 + 720; ; {
		n += rapid.IntRange(0, 1440).Draw(r, "calm")
		length, bad := rapid.IntRange(10, 45).Draw(r, "length"), rapid.IntRange(8, per*9/10).Draw(r, "bad")
		if n+length > eraMinutes {
			break
		}
		for k := n; k < n+length; k++ {
			harm[k] = bad
		}
		e.causes = append(e.causes, deployment(fmt.Sprint("harm ", n), n-rapid.IntRange(0, 3).Draw(r, "delay")), deployment(fmt.Sprint("nothing ", n), n+360))
		e.harms = append(e.harms, [2]int{n, n + length})
		n += length + 720
	}
	seed, level := rapid.Uint32().Draw(r, "traffic"), 1
	next := func(n uint32) int { // Drawing each number would take long.
		seed = seed*1664525 + 1013904223
		return int(seed >> 16 % n)
	}
	for n := range eraMinutes {
		if next(200) == 0 {
			level = 1 + next(50)
		}
		if harm[n] == 0 && harm[n+1] == 0 && next(40) == 0 {
			continue
		}
		k := 1 + next(uint32(level))
		bad := max(1, harm[n])
		e.list = append(e.list, minute(n, float64(k*(per-bad)), float64(k*per)))
	}
	return e
}

// TestSpendOfAPartIsThatOfTheWhole: what is laid to a change of [a,c) is what is
// laid to it of [a,b) or of [b,c), if its harm lies in one of them and away from b:
// it ended an hour before b, by when its end is known, or it begins a baseline and
// a horizon after b. How sure it is learned from the whole window, and its share is
// of all of it: they may differ. Nearer to b nothing is promised, as the days before
// b are known to the whole alone. Where shares go up and down by themselves that
// reaches a week beyond b, as far back as roughness looks; here they do not.
func TestSpendOfAPartIsThatOfTheWhole(t *testing.T) {
	t.Parallel()
	compared := 0
	rapid.Check(t, func(r *rapid.T) {
		e := drawEras(r)
		if len(e.harms) < 2 {
			return
		}
		d, p := availability(t, slo.Occurrences), slo.DefaultSpendPolicy()
		series := slo.Gather(d, d.Objectives[0], e.list, window(at(eraMinutes)))
		// A day before b there is time for a baseline before the next harm.
		b := e.harms[rapid.IntRange(0, len(e.harms)-2).Draw(r, "cut")][1] + rapid.IntRange(10, 600).Draw(r, "after") + 1440
		b = min(b, eraMinutes)
		spend := func(from, to int) slo.Spending {
			return slo.Spend(d, d.Objectives[0], series, evenkeel.Window{From: at(from), To: at(to)}, e.causes, nil, p)
		}
		whole, first, last := spend(1440, eraMinutes), spend(1440, b), spend(b, eraMinutes)
		if whole.Bad != first.Bad+last.Bad {
			r.Errorf("%v are not %v and %v", whole.Bad, first.Bad, last.Bad)
		}
		before := func(e slo.SpendEntry) bool { return e.To.Before(at(b - 60)) }
		after := func(e slo.SpendEntry) bool { return !e.From.Before(at(b).Add(p.Baseline + p.Horizon)) }
		for _, part := range []struct {
			name  string
			of    slo.Spending
			holds func(slo.SpendEntry) bool
		}{{"[a,b)", first, before}, {"[b,c)", last, after}} {
			want, got := only(whole, part.holds), only(part.of, part.holds)
			compared += len(want)
			if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(slo.SpendEntry{}, "Share"), cmpopts.IgnoreFields(slo.SpendEvidence{}, "Sure"), cmpopts.EquateEmpty()); diff != "" {
				r.Errorf("the whole and %s, cut at %d (-whole +part)\n%s", part.name, b, diff)
			}
		}
		if len(whole.Entries) != len(e.harms) {
			r.Errorf("%d entries of %d harms", len(whole.Entries), len(e.harms))
		}
	})
	if compared == 0 {
		t.Error("nothing was ever compared")
	}
}

// only are entries in the order of time.
func only(s slo.Spending, holds func(slo.SpendEntry) bool) []slo.SpendEntry {
	list := slices.DeleteFunc(slices.Clone(s.Entries), func(e slo.SpendEntry) bool { return !holds(e) })
	slices.SortFunc(list, func(x, y slo.SpendEntry) int { return x.From.Compare(y.From) })
	return list
}
