package slo_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// hundred is a minute of a hundred events; one of a thousand is bad, in the
// fifth of every ten minutes.
func hundred(n int) evenkeel.Slice {
	if n%10 == 5 {
		return minute(n, 99, 100)
	}
	return minute(n, 100, 100)
}

// day is a day of baseline and six hours, of which some minutes are replaced.
func day(replace map[int]float64) []evenkeel.Slice {
	var list []evenkeel.Slice
	for n := range 1800 {
		one := hundred(n)
		if bad, ok := replace[n]; ok {
			one = minute(n, 100-bad, 100)
		}
		list = append(list, one)
	}
	return list
}

// from is a run of minutes with the same number of bad events of a hundred.
func from(n, length int, bad float64) map[int]float64 {
	m := map[int]float64{}
	for k := n; k < n+length; k++ {
		m[k] = bad
	}
	return m
}

func deployment(id string, n int) slo.Cause {
	return slo.Cause{Kind: slo.CauseDeployment, ID: id, Title: id, At: at(n)}
}

func incident(id string, n, until int, causedBy string) slo.Cause {
	return slo.Cause{Kind: slo.CauseIncident, ID: id, Title: id, At: at(n), Until: at(until), CausedBy: causedBy}
}

// sixHours spends from the second day's beginning on.
var sixHours = evenkeel.Window{From: at(1440), To: at(1800)}

func spend(t *testing.T, list []evenkeel.Slice, causes []slo.Cause, cohorts ...slo.Cohort) slo.Spending {
	t.Helper()
	d := availability(t, slo.Occurrences)
	series := slo.Gather(d, d.Objectives[0], list, evenkeel.Window{From: start, To: sixHours.To})
	return slo.Spend(d, d.Objectives[0], series, sixHours, causes, cohorts, slo.DefaultSpendPolicy())
}

// booked is what each set of causes spent.
func booked(s slo.Spending) map[string]float64 {
	m := map[string]float64{}
	for _, e := range s.Entries {
		var ids []string
		for _, c := range e.Causes {
			ids = append(ids, c.ID)
		}
		m[strings.Join(ids, "+")] = e.Bad
	}
	return m
}

// TestSpendByHand: a day has 144 bad of 144,000 events, so that the ratio
// before is 144.5/144,000. Twenty minutes with ten bad of a hundred have
// 200 - 2,000*144.5/144,000 = 197.99 too many. Of 2,000 events the baseline has
// 0 to 5 bad ones with 95 %. The other 340 minutes have 34 bad events, so that
// 234 were consumed.
func TestSpendByHand(t *testing.T) {
	t.Parallel()
	s := spend(t, day(from(1500, 20, 10)), []slo.Cause{deployment("d1", 1500), deployment("d2", 1600)})
	if s.Bad != 234 || s.Unattributed != 36 || len(s.Entries) != 1 {
		t.Fatalf("bad %v, unattributed %v, %d entries", s.Bad, s.Unattributed, len(s.Entries))
	}
	e := s.Entries[0]
	if e.Bad != 198 || e.Low != 195 || e.High != 200 || e.Minutes != 20 || e.Kind != slo.CauseDeployment || e.Causes[0].ID != "d1" {
		t.Errorf("%+v", e)
	}
	if math.Abs(e.Share-198.0/234) > 1e-15 || math.Abs(e.Evidence.Before-144.5/144000) > 1e-15 || e.Evidence.During != 0.1 {
		t.Errorf("share %v, %+v", e.Share, e.Evidence)
	}
	if v := e.Evidence; v.Basis != slo.BasisTiming || !v.From.Equal(at(1500)) || v.Delay != 0 || v.Low < 0.00084 || v.Low > 0.00086 || v.High < 0.00117 || v.High > 0.00119 {
		t.Errorf("evidence %+v", v)
	}
	if last := s.LastSpender(); last == nil || last.Causes[0].ID != "d1" {
		t.Errorf("last spender %+v", last)
	}
}

func TestSpendDecides(t *testing.T) {
	t.Parallel()
	bad := from(1500, 20, 10)
	for _, one := range []struct {
		name   string
		causes []slo.Cause
		want   map[string]float64
	}{
		{"nobody was there", nil, map[string]float64{}},
		{"half an hour before is nearer than two hours", []slo.Cause{deployment("old", 1380), deployment("new", 1490)}, map[string]float64{"new": 198}},
		{"a change that came after the beginning", []slo.Cause{deployment("late", 1505)}, map[string]float64{}},
		{"a change an hour before", []slo.Cause{deployment("early", 1440)}, map[string]float64{}},
		{"two changes in one minute", []slo.Cause{deployment("a", 1500), deployment("b", 1500)}, map[string]float64{"a+b": 198}},
		{"two changes three minutes apart", []slo.Cause{deployment("a", 1497), deployment("b", 1500)}, map[string]float64{"a+b": 198}},
		{"two changes twenty minutes apart", []slo.Cause{deployment("a", 1480), deployment("b", 1500)}, map[string]float64{"b": 198}},
		{"an incident alone", []slo.Cause{incident("i", 1504, 1520, "")}, map[string]float64{"i": 198}},
		{"an incident of another day", []slo.Cause{incident("i", 1604, 1620, "")}, map[string]float64{}},
		{"an incident after a change", []slo.Cause{incident("i", 1504, 1520, ""), deployment("d", 1500)}, map[string]float64{"d": 198}},
		{"an incident that was laid to an earlier change", []slo.Cause{incident("i", 1504, 1520, "old"), deployment("old", 1440), deployment("d", 1500)}, map[string]float64{"old": 198}},
		{"an incident that was laid to something unknown", []slo.Cause{incident("i", 1504, 1520, "gone")}, map[string]float64{"i": 198}},
	} {
		got := booked(spend(t, day(bad), one.causes))
		if !cmp.Equal(got, one.want) {
			t.Errorf("%s: %v, want %v", one.name, got, one.want)
		}
	}
}

// TestSpendJoinsRecordsOfOneDeployment: a canary and the rest are one cause, by
// whichever of them an incident names it; groups of elsewhere are others.
func TestSpendJoinsRecordsOfOneDeployment(t *testing.T) {
	t.Parallel()
	canary, rest := deployment("canary", 1500), deployment("rest", 1502)
	canary.Group, rest.Group = "g", "g"
	for _, causes := range [][]slo.Cause{{canary, rest}, {rest, canary}, {canary, rest, incident("i", 1504, 1520, "rest")}} {
		if got := booked(spend(t, day(from(1500, 20, 10)), causes)); !cmp.Equal(got, map[string]float64{"canary": 198}) {
			t.Errorf("%v", got)
		}
	}
	canary.Environment, rest.Environment, rest.At = "prod-eu", "prod-us", canary.At
	if got := booked(spend(t, day(from(1500, 20, 10)), []slo.Cause{canary, rest})); got["canary+rest"] != 198 {
		t.Errorf("two regions: %v", got)
	}
}

// TestSpendAsksWhere: a cause of another environment is none; one that does not
// say where it was may be.
func TestSpendAsksWhere(t *testing.T) {
	t.Parallel()
	d := availability(t, slo.Occurrences)
	d.Environment = "production"
	series := slo.Gather(d, d.Objectives[0], day(from(1500, 20, 10)), evenkeel.Window{From: start, To: sixHours.To})
	for environment, want := range map[string]float64{"staging": 0, "production": 198, "": 198} {
		c := deployment("d", 1500)
		c.Environment = environment
		s := slo.Spend(d, d.Objectives[0], series, sixHours, []slo.Cause{c}, nil, slo.DefaultSpendPolicy())
		if got := booked(s)["d"]; got != want {
			t.Errorf("in %q: %v, want %v", environment, got, want)
		}
	}
}

// TestSpendRises: the second change makes a bad thing worse. Of its forty bad
// events a minute ten were there before it.
func TestSpendRises(t *testing.T) {
	t.Parallel()
	bad := from(1500, 60, 10)
	for n := range from(1540, 20, 0) {
		bad[n] = 50
	}
	s := spend(t, day(bad), []slo.Cause{deployment("a", 1500), deployment("b", 1540)})
	got := booked(s)
	if math.Abs(got["b"]-20*40) > 20 || math.Abs(got["a"]-600) > 20 || got["a"]+got["b"]+s.Unattributed != s.Bad {
		t.Errorf("%v of %v", got, s.Bad)
	}
	again := booked(spend(t, day(bad), []slo.Cause{deployment("a", 1500)}))
	if again["a"] != got["a"]+got["b"] {
		t.Errorf("without the second change %v, with it %v", again, got)
	}
}

// TestSpendEndsAtTheHorizon: excess that lasts is laid to a change for an hour.
func TestSpendEndsAtTheHorizon(t *testing.T) {
	t.Parallel()
	d := availability(t, slo.Occurrences)
	list := day(from(1500, 300, 10))
	series := slo.Gather(d, d.Objectives[0], list, evenkeel.Window{From: start, To: sixHours.To})
	p := slo.DefaultSpendPolicy()
	p.Horizon = time.Hour
	s := slo.Spend(d, d.Objectives[0], series, sixHours, []slo.Cause{deployment("d", 1500)}, nil, p)
	if got := booked(s); got["d"] != math.Round(600-6000*144.5/144000) {
		t.Errorf("%v", got)
	}
}

// TestSpendCountsSlices: of the twenty minutes all are bad minutes.
func TestSpendCountsSlices(t *testing.T) {
	t.Parallel()
	causes := []slo.Cause{deployment("d", 1500)}
	for method, want := range map[slo.Method]float64{
		// No minute before was below 99 %: 20 - 20*0.5/1440.
		slo.Timeslices: 20,
		// 2 - 20*144.5/144,000, a multiple of 2^-48 or so.
		slo.RatioTimeslices: 2 - 20*144.5/144000,
	} {
		d := availability(t, method)
		series := slo.Gather(d, d.Objectives[0], day(from(1500, 20, 10)), evenkeel.Window{From: start, To: sixHours.To})
		s := slo.Spend(d, d.Objectives[0], series, sixHours, causes, nil, slo.DefaultSpendPolicy())
		if got := booked(s)["d"]; math.Abs(got-want) > 1e-9 || got+s.Unattributed != s.Bad {
			t.Errorf("%s: %v of %v, want %v", method, got, s.Bad, want)
		}
	}
}

// cohorts are two versions that share the traffic of the last hour by halves;
// bad is how many of fifty events were bad with each.
func cohorts(t *testing.T, old, young float64) []slo.Cohort {
	t.Helper()
	d := availability(t, slo.Occurrences)
	version := func(name string, bad float64) slo.Cohort {
		var list []evenkeel.Slice
		for n := 1500; n < 1520; n++ {
			list = append(list, minute(n, 50-bad, 50))
		}
		return slo.Cohort{Dimension: "version", Name: name, Tallies: slo.Gather(d, d.Objectives[0], list, evenkeel.Window{From: start, To: sixHours.To})}
	}
	return []slo.Cohort{version("1", old), version("2", young)}
}

func TestSpendComparesCohorts(t *testing.T) {
	t.Parallel()
	release := deployment("release", 1500)
	release.Dimension, release.Cohort = "version", "2"
	both := []slo.Cause{release, {Kind: slo.CauseFlagChange, ID: "flag", At: at(1500)}, incident("i", 1502, 1520, "")}
	list := day(from(1500, 20, 10))
	for _, one := range []struct {
		name       string
		old, young float64
		causes     []slo.Cause
		want       map[string]float64
	}{
		{"only the new version is bad", 0, 10, both, map[string]float64{"release": 198}},
		{"both are as bad, so it is the flag", 5, 5, both, map[string]float64{"flag": 198}},
		{"both are as bad, and there is only the incident", 5, 5, []slo.Cause{release, both[2]}, map[string]float64{"i": 198}},
		{"both are as bad, and nothing else is known", 5, 5, []slo.Cause{release}, map[string]float64{}},
		// Of 200 the new version has 160-40.5 more than it would have had.
		{"the new version is worse", 2, 8, both, map[string]float64{"release": 119}},
	} {
		got := booked(spend(t, list, one.causes, cohorts(t, one.old, one.young)...))
		for key, want := range one.want {
			if math.Abs(got[key]-want) > 2 {
				t.Errorf("%s: %v, want %v", one.name, got, one.want)
			}
		}
		if len(got) != len(one.want) {
			t.Errorf("%s: %v, want %v", one.name, got, one.want)
		}
	}
}

// TestSpendNeedsABaseline: with nothing before it, nothing is too much.
func TestSpendNeedsABaseline(t *testing.T) {
	t.Parallel()
	var list []evenkeel.Slice
	for n := 1500; n < 1520; n++ {
		list = append(list, minute(n, 90, 100))
	}
	s := spend(t, list, []slo.Cause{deployment("d", 1500)})
	if s.Bad != 200 || s.Unattributed != 200 || len(s.Entries) != 0 {
		t.Errorf("%+v", s)
	}
	if none := spend(t, nil, []slo.Cause{deployment("d", 1500)}); none.Bad != 0 || len(none.Entries) != 0 || none.LastSpender() != nil {
		t.Errorf("without measurements: %+v", none)
	}
}
