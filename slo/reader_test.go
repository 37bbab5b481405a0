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

// journey is a composite of members that each promise 99.9 % of events over 30
// days, by their weights.
func journey(t *testing.T, rule slo.CompositeRule, weights ...float64) slo.Definition {
	t.Helper()
	d := alerting(t, "workbook-30d")
	one := d.Objectives[0]
	d.Composite, d.Objectives = rule, nil
	for i, w := range weights {
		one.Name, one.Weight = string(rune('a'+i)), w
		d.Objectives = append(d.Objectives, one)
	}
	return d
}

// steady is three days of a share of errors, as [lived] has it.
func steady(d slo.Definition, bad float64) slo.Tallies {
	return lived(d, 3, 0, func(int) float64 { return bad })
}

func compositeRows(t interface{ Fatal(args ...any) }, d slo.Definition) []slo.AlertRow {
	rows, err := slo.CompositeRows(d)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// TestCompositesAlertByTheirOwnBurn is worked by hand. Of 10,000 events a minute
// 200 fail of the one member, a burn of 20, and of the other as many as are named,
// of whom 100 are a burn of 10. A page needs more than 14.4.
func TestCompositesAlertByTheirOwnBurn(t *testing.T) {
	t.Parallel()
	for _, one := range []struct {
		name    string
		rule    slo.CompositeRule
		weights []float64
		bad     [2]float64
		burn    float64
		over    bool
	}{
		// 1-0.98*0.99 = 0.0298 of 1-0.999*0.999 = 0.001999; with 80 0.02784.
		{"in a row", slo.CompositeSerial, []float64{1, 1}, [2]float64{200, 100}, 0.0298 / 0.001999, true},
		{"in a row, less", slo.CompositeSerial, []float64{1, 1}, [2]float64{200, 80}, 0.02784 / 0.001999, false},
		{"the worst", slo.CompositeWorst, []float64{1, 1}, [2]float64{200, 100}, 20, true},
		{"the worst is at the factor", slo.CompositeWorst, []float64{1, 1}, [2]float64{144, 100}, 14.4, false},
		{"the mean", slo.CompositeWeighted, []float64{1, 1}, [2]float64{200, 100}, 15, true},
		{"the mean is at the factor", slo.CompositeWeighted, []float64{1, 1}, [2]float64{200, 88}, 14.4, false},
		{"the mean by weight", slo.CompositeWeighted, []float64{1, 3}, [2]float64{200, 100}, 12.5, false},
		{"burns by weight", slo.CompositeOpenSLO, []float64{0.5, 0.5}, [2]float64{200, 100}, 15, true},
		{"burns that add up", slo.CompositeOpenSLO, []float64{1, 1}, [2]float64{100, 44}, 14.4, false},
	} {
		d := journey(t, one.rule, one.weights...)
		r := slo.CompositeReader(d, []slo.Tallies{steady(d, one.bad[0]), steady(d, one.bad[1])}).Read(compositeRows(t, d)[0], start)
		if !cmp.Equal(number(r.Long.Burn), one.burn, nearly) || !cmp.Equal(r.Long.Burn, r.Short.Burn) || r.Over != one.over || !r.Known() {
			t.Errorf("%s: %+v, burns %v", one.name, r, number(r.Long.Burn))
		}
	}
}

// TestCompositesAlertOverAnIncident: half an hour in which a tenth of the events of
// the one member fails, and none of the other. The mean burns at 50: 14.4 of the
// hour are passed after 18 minutes (50*18/60 = 15), and the five minutes are below
// 14.4 when the last but one of them is over: 50*2/5 = 20, 50*1/5 = 10.
func TestCompositesAlertOverAnIncident(t *testing.T) {
	t.Parallel()
	d := journey(t, slo.CompositeWeighted, 1, 1)
	row := compositeRows(t, d)[0]
	failing := lived(d, 3, 2*time.Hour, func(m int) float64 { return when(m >= 0 && m < 30, 1000) })
	well := lived(d, 3, 2*time.Hour, func(int) float64 { return 0 })
	reader := slo.CompositeReader(d, []slo.Tallies{well, failing})
	h := reader.Follow(row, slo.AlertHistory{}, start.Add(-time.Hour), after(120))
	want := []slo.Alert{{Severity: slo.Page, Long: time.Hour, Short: 5 * time.Minute, State: slo.AlertResolved, Since: after(34), From: after(18), Fired: after(18), Until: after(34), Peak: 25}}
	if diff := cmp.Diff(want, h.Past, nearly); diff != "" || h.Now != nil {
		t.Error(diff, h.Now)
	}
}

// TestAMemberWithoutDataResolvesNothing: the one member fails from minute 0 to 30,
// while data of the other stop from 20 to 60. Nobody knows from minute 25 on, when
// nothing of the last five minutes is known, that the whole does not burn: the page
// is without data from when what is known no longer exceeds until the other is
// back. In a row there is no value at all.
func TestAMemberWithoutDataResolvesNothing(t *testing.T) {
	t.Parallel()
	for rule, want := range map[slo.CompositeRule][3]int{slo.CompositeWeighted: {18, 35, 61}, slo.CompositeWorst: {9, 35, 61}, slo.CompositeSerial: {18, 25, 61}} {
		d := journey(t, rule, 1, 1)
		row := compositeRows(t, d)[0]
		failing := lived(d, 3, 2*time.Hour, func(m int) float64 { return when(m >= 0 && m < 30, 1000) })
		silent := lived(d, 3, 2*time.Hour, func(m int) float64 { return when(m >= 20 && m < 60, -1) })
		reader := slo.CompositeReader(d, []slo.Tallies{failing, silent})
		before := reader.Follow(row, slo.AlertHistory{}, start.Add(-time.Hour), after(60))
		if a := before.Now; a == nil || a.State != slo.AlertNoData || !a.From.Equal(after(want[0])) || !a.Since.Equal(after(want[1])) {
			t.Errorf("%s: after an hour %+v", rule, a)
		}
		h := reader.Follow(row, before, start, after(120))
		if len(h.Past) != 1 || !h.Past[0].Until.Equal(after(want[2])) {
			t.Errorf("%s: after two hours %+v", rule, h)
		}
		r := reader.Read(row, after(50))
		if diff := cmp.Diff([]string{"b"}, r.Short.Lacks); diff != "" || r.Known() || r.Over {
			t.Errorf("%s: %s, %+v", rule, diff, r)
		}
	}
}

// TestCompositesWithoutAValue burn at none, never at 0, and say why.
func TestCompositesWithoutAValue(t *testing.T) {
	t.Parallel()
	for rule, burn := range map[slo.CompositeRule]float64{slo.CompositeSerial: math.NaN(), slo.CompositeOpenSLO: math.NaN(), slo.CompositeWeighted: 0, slo.CompositeWorst: 0} {
		d := journey(t, rule, 1, 1)
		never := lived(d, 3, 0, func(int) float64 { return -1 })
		a, err := slo.CompositeReader(d, []slo.Tallies{steady(d, 0), never}).Assess(start)
		if err != nil {
			t.Fatal(err)
		}
		if got := number(a.Burn["1h"]); got != burn && !(math.IsNaN(got) && math.IsNaN(burn)) {
			t.Errorf("%s: burns %v", rule, got)
		}
		if a.Status != slo.StatusNoData || a.Reason.Text != "nothing was measured of b" || a.Forecast != nil || a.Composite.Unforeseen.Text != "nothing was measured of b" || !cmp.Equal(a.Composite.Lacks["1h"], []string{"b"}) {
			t.Errorf("%s: %s, %s, forecast %+v, %q, lacks %v", rule, a.Status, a.Reason, a.Forecast, a.Composite.Unforeseen, a.Composite.Lacks)
		}
	}
	// Budgets of 60 % and 50 % are more than there is.
	d := journey(t, slo.CompositeOpenSLO, 1, 1)
	d.Method, d.Objectives[0].Target, d.Objectives[1].Target = slo.RatioTimeslices, target(t, "0.4"), target(t, "0.5")
	a, err := slo.CompositeReader(d, []slo.Tallies{steady(d, 0), steady(d, 0)}).Assess(start)
	const why = "the budgets of its members come to all there is, or more: it promises nothing as one"
	if err != nil || a.Status != slo.StatusNoData || a.Reason.Text != why || len(a.Readings) > 0 || a.Composite.Unforeseen.Text != why {
		t.Errorf("%s, %s, %+v, %q, %v", a.Status, a.Reason, a.Readings, a.Composite.Unforeseen, err)
	}
}

// TestGuardsOfComposites: of one member 200 of 10,000 fail in each minute of an
// hour, a burn of 20, and of the other 1 of 10 in all, of 100. The mean is 60.
// Ten events are too few: without them it is 10, below 14.4.
func TestGuardsOfComposites(t *testing.T) {
	t.Parallel()
	few := func(d slo.Definition) slo.Tallies {
		return slo.Gather(d, d.Objectives[0], []evenkeel.Slice{minute(-2, 9, 10)}, evenkeel.Window{From: start.AddDate(0, 0, -3), To: start})
	}
	for held, guard := range map[string]slo.Guard{"": {}, slo.HeldByMinEvents: {MinEvents: 11}, slo.HeldByMinBad: {MinEvents: 10, MinBad: 2}, slo.HeldByConfidence: {Confidence: 0.99}} {
		d := journey(t, slo.CompositeWeighted, 1, 1)
		d.Guard = guard
		r := slo.CompositeReader(d, []slo.Tallies{steady(d, 200), few(d)}).Read(compositeRows(t, d)[0], start)
		if math.Abs(*r.Long.Burn-60) > 1e-9 || r.Over != (held == "") || r.Held != held {
			t.Errorf("%+v: %+v", guard, r)
		}
	}
}

// TestRowsOfCompositesAreCapped: nothing burns faster than all being bad. In a row
// that is 1 of 1-0.9*0.9 = 0.19; the mean of 90 % and 95 % 1 of 0.075; the worst is
// the one that promises more; burns add up.
func TestRowsOfCompositesAreCapped(t *testing.T) {
	t.Parallel()
	for rule, want := range map[slo.CompositeRule]float64{slo.CompositeSerial: 4.736842, slo.CompositeWeighted: 12, slo.CompositeWorst: 14.4, slo.CompositeOpenSLO: 14.4} {
		d := journey(t, rule, 1, 1)
		d.Objectives[0].Target, d.Objectives[1].Target = target(t, "0.9"), target(t, "0.9")
		if rule != slo.CompositeSerial {
			d.Objectives[1].Target = target(t, "0.95")
		}
		if row := compositeRows(t, d)[0]; math.Abs(row.Factor.Float()-want) > 1e-9 || row.Capped() != (want < 14.4) {
			t.Errorf("%s: %+v, %v", rule, row, row.Factor)
		}
	}
}

// TestMembersWithSlicesOfTheirOwn are looked at where slices of all of them end:
// of one every minute counts, of the other every five, and a bad minute makes those
// bad. At 99 % the one burns at 4 of 20 minutes, 20, and the other at 2 of 4 slices,
// 50; five minutes before that it is 1 of 20 and 1 of 4.
func TestMembersWithSlicesOfTheirOwn(t *testing.T) {
	t.Parallel()
	d := journey(t, slo.CompositeWorst, 1, 1)
	d.Method = slo.Timeslices
	for i := range d.Objectives {
		d.Objectives[i].Target, d.Objectives[i].SliceTarget = target(t, "0.99"), target(t, "0.99")
	}
	d.Objectives[1].SliceWindow = 5 * time.Minute
	var members []slo.Tallies
	for _, o := range d.Objectives {
		var list []evenkeel.Slice
		for m := -30; m < 0; m++ {
			list = append(list, minute(m, 10000-when(m >= -6 && m < -2, 10000), 10000))
		}
		members = append(members, slo.Gather(d, o, list, evenkeel.Window{From: after(-30), To: start}))
	}
	row := slo.AlertRow{Long: 20 * time.Minute, Short: 20 * time.Minute, Factor: slo.NewFactor(24, 1)}
	for at, want := range map[time.Time]float64{start: 50, after(-5).Add(4 * time.Minute): 25, after(-5): 25} {
		if r := slo.CompositeReader(d, members).Read(row, at); !r.At.Equal(at.Truncate(5*time.Minute)) || math.Abs(*r.Long.Burn-want) > 1e-9 || !r.Over {
			t.Errorf("%s: %s, %v", at, r.At, *r.Long.Burn)
		}
	}
}

// TestForecastOfComposites: of one member 0.55 of the budget was spent 26 days ago,
// 0.30 ten days ago and 0.05 in the last day, a burn of 1.5: 0.9 is spent, and 1
// after 48 hours. The other spends nothing. The worse of them goes the same way to
// the minute; the mean never gets there.
func TestForecastOfComposites(t *testing.T) {
	t.Parallel()
	now := start.AddDate(0, 0, 30)
	of := func(rule slo.CompositeRule) *slo.Forecast {
		d := journey(t, rule, 1, 1)
		failing := spentByDay(d, map[int]float64{3: 0.55, 20: 0.30, 29: 0.05})
		return slo.CompositeReader(d, []slo.Tallies{spentByDay(d, nil), failing}).Predict(now)
	}
	alone := availability(t, slo.Occurrences)
	want := slo.ReaderOf(alone, alone.Objectives[0], spentByDay(alone, map[int]float64{3: 0.55, 20: 0.30, 29: 0.05})).Predict(now)
	if want.Exhausts.At == nil || !near(*want.Exhausts.At, now.Add(48*time.Hour)) || want.Thaws.At == nil {
		t.Fatalf("alone: %+v", want)
	}
	got := of(slo.CompositeWorst)
	if !cmp.Equal(got.Exhausts, want.Exhausts) || !cmp.Equal(got.Thaws, want.Thaws) || math.Abs(got.Basis.Middle-1.5) > 1e-9 || got.Basis.Count.Total != 2*want.Basis.Count.Total {
		t.Errorf("the worst: %+v, want %+v", got.Exhausts, want.Exhausts)
	}
	if f := of(slo.CompositeWeighted); f.Exhausts.At != nil || f.Thaws.At != nil || math.Abs(f.Basis.Middle-0.75) > 1e-9 {
		t.Errorf("the mean: %+v", f.Exhausts)
	}
}

// TestForecastOfACompositeInACalendar: of two in a row that promise 99 % nothing
// failed for nine days of November in Berlin, then 3.7 % for a day, and so on. Both
// promise 0.9801 together, and fall below it when each falls below 99 %: after x days
// with 0.037 (1 + x) = 0.01 (10 + x), 56 hours. It begins anew in December.
func TestForecastOfACompositeInACalendar(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	d := journey(t, slo.CompositeSerial, 1, 1)
	d.Window = slo.TimeWindow{Span: slo.Span{N: 1, Unit: slo.Month}, Start: time.Date(2026, 1, 1, 0, 0, 0, 0, berlin)}
	for i := range d.Objectives {
		d.Objectives[i].Target = target(t, "0.99")
	}
	begin := time.Date(2026, 11, 1, 0, 0, 0, 0, berlin)
	// The month begins an hour before start, which is in UTC.
	failing := lived(d, 1, 239*time.Hour, func(m int) float64 { return when(m >= 215*60, 370) })
	reader := slo.CompositeReader(d, []slo.Tallies{failing, failing})
	f := reader.Predict(start.Add(239 * time.Hour))
	if want := begin.AddDate(0, 0, 10).Add(56 * time.Hour); f.Exhausts.At == nil || !near(*f.Exhausts.At, want) {
		t.Errorf("exhausts at %v, want %v", f.Exhausts.At, want)
	}
	if want := begin.AddDate(0, 1, 0); f.Thaws.At == nil || !f.Thaws.At.Equal(want) || !f.Until.Equal(want) {
		t.Errorf("thaws at %v, until %v", f.Thaws.At, f.Until)
	}
	if e := f.Exhausts; e.Earliest == nil || e.Latest == nil || e.Earliest.After(*e.At) || e.At.After(*e.Latest) {
		t.Errorf("%+v", e)
	}
}

// TestForecastNeedsEveryMember: nothing is known of the last day of the one, from
// which its burn would be taken.
func TestForecastNeedsEveryMember(t *testing.T) {
	t.Parallel()
	d := journey(t, slo.CompositeWeighted, 1, 1)
	stopped := lived(d, 30, 0, func(m int) float64 { return when(m >= -24*60, -1) })
	a, err := slo.CompositeReader(d, []slo.Tallies{lived(d, 30, 0, func(int) float64 { return 1 }), stopped}).Assess(start)
	if err != nil || a.Forecast != nil || a.Composite.Unforeseen.Text != "nothing was counted of b of late" || a.Status != slo.StatusNoData || a.Reason.Text != "nothing was measured of b of late" {
		t.Errorf("%+v, %q, %s, %s, %v", a.Forecast, a.Composite.Unforeseen, a.Status, a.Reason, err)
	}
}

// anyComposite draws a composite, and what was measured of its members every five
// minutes of 26 hours before start.
func anyComposite(t *rapid.T, members int) (slo.Definition, []slo.Tallies, [][]evenkeel.Slice) {
	d := slo.Definition{
		Name: "journey", Slice: 5 * time.Minute, Alerts: "derived-1d", Window: slo.TimeWindow{Span: slo.Span{N: 1, Unit: slo.Day}}, Indicator: slo.Indicator{Kind: slo.GoodOfTotal},
		Composite: rapid.SampledFrom([]slo.CompositeRule{slo.CompositeOpenSLO, slo.CompositeWeighted, slo.CompositeWorst, slo.CompositeSerial}).Draw(t, "rule"),
		Method:    rapid.SampledFrom([]slo.Method{slo.Occurrences, slo.Timeslices, slo.RatioTimeslices}).Draw(t, "method"),
		Guard:     rapid.SampledFrom([]slo.Guard{{}, {MinEvents: 200}, {MinBad: 3}, {Confidence: 0.9}}).Draw(t, "guard"),
	}
	if rapid.Bool().Draw(t, "calendar") {
		d.Window.Start = start.AddDate(0, 0, -9).Add(7 * time.Hour)
	}
	var tallies []slo.Tallies
	var measured [][]evenkeel.Slice
	for i := range members {
		o := slo.Objective{Name: string(rune('a' + i)), Target: target(t, rapid.SampledFrom([]string{"0.9", "0.97", "0.99"}).Draw(t, "target")), Weight: rapid.Float64Range(0.1, 3).Draw(t, "weight"), SliceTarget: target(t, "0.9")}
		var list []evenkeel.Slice
		for at := -26 * 12; at < 0; {
			length, good := rapid.IntRange(2, 90).Draw(t, "length"), float64(rapid.SampledFrom([]int{-1, 0, 5, 8, 9, 10, 10, 10}).Draw(t, "good"))
			for end := min(0, at+length); at < end; at++ {
				if good >= 0 {
					list = append(list, minute(5*at, good, 10))
				}
			}
		}
		d.Objectives, measured = append(d.Objectives, o), append(measured, list)
		tallies = append(tallies, slo.Gather(d, o, list, evenkeel.Window{From: after(-26 * 60), To: start}))
	}
	return d, tallies, measured
}

// assessed is where it stands, with the alerts that began in the last hours.
func assessed(t *rapid.T, r slo.Reader) slo.Assessment {
	rows, err := r.Rows()
	if err != nil {
		t.Fatal(err)
	}
	var alerts []slo.Alert
	for _, row := range rows {
		if h := r.Follow(row, slo.AlertHistory{}, after(-300), start); h.Now != nil {
			alerts = append(alerts, *h.Now)
		}
	}
	a, err := r.AssessKnowing(start, alerts, nil)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestACompositeOfOneIsThatOne: its burn, what its rows say, its alerts, their
// history and its forecast, under any rule.
func TestACompositeOfOneIsThatOne(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d, tallies, _ := anyComposite(t, 1)
		d.Objectives[0].Weight = 1
		one, all := slo.ReaderOf(d, d.Objectives[0], tallies[0]), slo.CompositeReader(d, tallies)
		alike(t, "alone", assessed(t, one), assessed(t, all))
		for i, row := range compositeRows(t, d) {
			want := one.Follow(rowsOf(t, d)[i], slo.AlertHistory{}, after(-600), start)
			if diff := cmp.Diff(want, all.Follow(row, slo.AlertHistory{}, after(-600), start)); diff != "" {
				t.Fatal(diff)
			}
		}
	})
}

// TestACompositeOfTwins is each of them where the rule is a mean or the worst.
func TestACompositeOfTwins(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d, tallies, _ := anyComposite(t, 1)
		d.Composite = rapid.SampledFrom([]slo.CompositeRule{slo.CompositeWeighted, slo.CompositeWorst}).Draw(t, "mean or worst")
		if d.Method == slo.RatioTimeslices { // Sums of fractions meet a factor or miss it by their dust.
			return
		}
		twin := d.Objectives[0]
		twin.Name = "twin"
		one := assessed(t, slo.ReaderOf(d, d.Objectives[0], tallies[0]))
		d.Objectives = append(d.Objectives, twin)
		both := assessed(t, slo.CompositeReader(d, []slo.Tallies{tallies[0], tallies[0]}))
		if one.Composite = both.Composite; one.Forecast != nil && both.Forecast != nil {
			both.Forecast.Basis.Count = one.Forecast.Basis.Count // It is that of both.
		}
		for i := range one.Readings {
			both.Readings[i].Long.Count, both.Readings[i].Short.Count = one.Readings[i].Long.Count, one.Readings[i].Short.Count
		}
		alike(t, "twins", one, both)
	})
}

// alike compares all but what a composite does not have or says in other words.
func alike(t *rapid.T, what string, want, got slo.Assessment) {
	type said struct {
		Burn                               map[string]*float64
		SLI, Consumed, Remaining, Coverage *float64
		Readings                           []slo.AlertReading
		Alerts                             []slo.Alert
		Forecast                           *slo.Forecast
		Status                             slo.Status
	}
	say := func(a slo.Assessment) said {
		s := said{Burn: a.Burn, SLI: a.SLI, Consumed: a.Consumed, Remaining: a.Remaining, Coverage: a.Coverage, Readings: a.Readings, Alerts: a.Alerts, Forecast: a.Forecast, Status: a.Status}
		if s.Status == slo.StatusTooFewEvents { // A composite counts no events.
			s.Status = slo.StatusHealthy
		}
		return s
	}
	if diff := cmp.Diff(say(want), say(got), nearly, cmp.AllowUnexported(slo.Factor{}), cmp.Comparer(func(_, _ []string) bool { return true })); diff != "" {
		t.Fatal(what, diff)
	}
}

// TestOrderOfMembersChangesNoAlert, no burn and no forecast, to the last digit.
func TestOrderOfMembersChangesNoAlert(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d, tallies, _ := anyComposite(t, rapid.IntRange(2, 4).Draw(t, "members"))
		one := assessed(t, slo.CompositeReader(d, tallies))
		other, moved := d, []slo.Tallies(nil)
		other.Objectives = nil
		for _, i := range rapid.Permutation([]int{0, 1, 2, 3}[:len(tallies)]).Draw(t, "order") {
			other.Objectives, moved = append(other.Objectives, d.Objectives[i]), append(moved, tallies[i])
		}
		same := assessed(t, slo.CompositeReader(other, moved))
		if diff := cmp.Diff([]any{one.Burn, one.Readings, one.Alerts, one.Forecast, one.Status, one.Reason, one.Composite.Lacks}, []any{same.Burn, same.Readings, same.Alerts, same.Forecast, same.Status, same.Reason, same.Composite.Lacks}, cmp.AllowUnexported(slo.Factor{})); diff != "" {
			t.Fatal(diff)
		}
	})
}

// TestBadEventsSlowNothing: with more bad events in the place of good ones a
// composite burns no slower, alerts no less and is exhausted no later.
func TestBadEventsSlowNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d, tallies, measured := anyComposite(t, rapid.IntRange(1, 3).Draw(t, "members"))
		before := assessed(t, slo.CompositeReader(d, tallies))
		k := rapid.IntRange(0, len(tallies)-1).Draw(t, "member")
		from := rapid.IntRange(-26*60, -1).Draw(t, "from")
		var list []evenkeel.Slice
		for _, s := range measured[k] {
			if good := max(0, *s.Good-3); !s.At.Before(after(from)) {
				s.Good = &good
			}
			list = append(list, s)
		}
		worse := append([]slo.Tallies(nil), tallies...)
		worse[k] = slo.Gather(d, d.Objectives[k], list, evenkeel.Window{From: after(-26 * 60), To: start})
		then := assessed(t, slo.CompositeReader(d, worse))
		for lookback, burn := range before.Burn {
			if now := then.Burn[lookback]; burn != nil && (now == nil || *now < *burn-1e-9) {
				t.Fatalf("%s: %v, then %v", lookback, number(burn), number(now))
			}
		}
		for i, r := range before.Readings {
			if r.Over && !then.Readings[i].Over {
				t.Fatalf("%+v, then %+v", r, then.Readings[i])
			}
		}
		if a, b := before.Forecast, then.Forecast; a != nil && a.Exhausts.At != nil && *then.Remaining > 0 && (b == nil || b.Exhausts.At == nil || b.Exhausts.At.After(a.Exhausts.At.Add(time.Minute))) {
			t.Fatalf("exhausts at %s, then %+v", a.Exhausts.At, b)
		}
	})
}
