package slo_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
)

func factor(t *testing.T, text string) slo.Factor {
	t.Helper()
	f, err := slo.ParseFactor(text)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// following a definition with one policy and no window set.
func following(t *testing.T, p slo.AlertPolicy) (slo.Definition, slo.AlertRow) {
	t.Helper()
	d := availability(t, slo.Occurrences)
	d.Alerts, d.Policies = "", []slo.AlertPolicy{p}
	rows := rowsOf(t, d)
	if len(rows) != 1 {
		t.Fatalf("%d rows", len(rows))
	}
	return d, rows[0]
}

// TestAPolicyAlerts: half an hour in which a tenth of all events fail, a burn of
// 100. Of an hour 100*m/60 exceeds 2 after two minutes (3.3), and five minutes
// later the alert fires. It ends when less than two bad minutes are left in the
// hour: after 89 minutes one is (1.7).
func TestAPolicyAlerts(t *testing.T) {
	t.Parallel()
	d, row := following(t, slo.AlertPolicy{Name: "high-priority", Severity: slo.Page, Factor: factor(t, "2"), Lookback: time.Hour, For: 5 * time.Minute})
	series := lived(d, 3, 2*time.Hour, func(m int) float64 { return when(m >= 0 && m < 30, 1000) })
	h := slo.ReaderOf(d, d.Objectives[0], series).Follow(row, slo.AlertHistory{}, start.Add(-time.Hour), start.Add(2*time.Hour))
	want := []slo.Alert{{
		Severity: slo.Page, Long: time.Hour, Short: time.Hour, Policy: "high-priority", State: slo.AlertResolved,
		Since: after(89), From: after(2), Fired: after(7), Until: after(89), Peak: 50,
	}}
	if diff := cmp.Diff(want, h.Past); diff != "" || h.Now != nil {
		t.Errorf("%s, now %v", diff, h.Now)
	}
	if row.Name() != "high-priority 1h" || want[0].Row() != row.Name() {
		t.Errorf("%q", row.Name())
	}
}

// TestAPolicyMeetsOrExceeds: 20 of 10,000 burn at 2 exactly.
func TestAPolicyMeetsOrExceeds(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct {
		meeting bool
		bad     float64
		want    bool
	}{"gt at it": {false, 20, false}, "gte at it": {true, 20, true}, "gte below": {true, 19.9, false}, "gt above": {false, 20.1, true}} {
		d, row := following(t, slo.AlertPolicy{Name: "p", Severity: slo.Ticket, Factor: factor(t, "2"), Meeting: one.meeting, Lookback: time.Hour})
		series := lived(d, 0, time.Hour, func(int) float64 { return one.bad })
		if r := slo.ReaderOf(d, d.Objectives[0], series).Read(row, start.Add(time.Hour)); r.Over != one.want {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// TestAPolicyThatNothingReaches: at 50 % nothing burns faster than 2, so that the
// policy alerts above an error ratio of 0.9; meeting 2 is possible.
func TestAPolicyThatNothingReaches(t *testing.T) {
	t.Parallel()
	for meeting, want := range map[bool]string{false: "1.8", true: "2"} {
		d, _ := following(t, slo.AlertPolicy{Name: "p", Severity: slo.Page, Factor: factor(t, "2"), Meeting: meeting, Lookback: time.Hour})
		d.Objectives[0].Target = target(t, "0.5")
		row := rowsOf(t, d)[0]
		if row.Factor.String() != want || row.Capped() == meeting {
			t.Errorf("meeting %t: %s", meeting, row.Factor)
		}
		if lints := slo.LintAlerts(d, d.Objectives[0]); (len(lints) == 1) == meeting {
			t.Errorf("meeting %t: %q", meeting, lints)
		}
	}
}

// TestAPolicyBesideAWindowSet keeps both; a guard holds for both.
func TestAPolicyBesideAWindowSet(t *testing.T) {
	t.Parallel()
	d := alerting(t, "workbook-30d")
	d.Guard = slo.Guard{MinEvents: 1e9}
	d.Policies = []slo.AlertPolicy{{Name: "slow", Severity: slo.Ticket, Factor: factor(t, "1"), Lookback: 72 * time.Hour}}
	rows := rowsOf(t, d)
	if len(rows) != 5 || rows[4].Name() != "slow 3d" || rows[4].Share != 0.1 {
		t.Fatalf("%+v", rows)
	}
	series := lived(d, 4, 0, func(int) float64 { return 1000 })
	for _, row := range rows {
		if r := slo.ReaderOf(d, d.Objectives[0], series).Read(row, start); r.Over || r.Held != slo.HeldByMinEvents {
			t.Errorf("%s: %+v", row.Name(), r)
		}
	}
}

// TestAPolicyAlertsOfSilence: data stop at minute 10 while nothing burns. The hour
// holds something until minute 69; at 70 nothing is known, and ten minutes later
// it counts. At minute 90 data come back, and it is over. Without the flag, and
// where nothing was ever measured, silence is none.
func TestAPolicyAlertsOfSilence(t *testing.T) {
	t.Parallel()
	d, row := following(t, slo.AlertPolicy{Name: "silent", Severity: slo.Page, Factor: factor(t, "2"), Lookback: time.Hour, For: 10 * time.Minute, NoData: new(true)})
	series := lived(d, 1, 2*time.Hour, func(m int) float64 { return when(m >= 10 && m < 90, -1) })
	want := []slo.Alert{{
		Severity: slo.Page, Long: time.Hour, Short: time.Hour, Policy: "silent", State: slo.AlertResolved,
		Since: after(91), From: after(70), Fired: after(80), Until: after(91), Blind: 20 * time.Minute,
	}}
	h := slo.ReaderOf(d, d.Objectives[0], series).Follow(row, slo.AlertHistory{}, start.Add(-time.Hour), start.Add(2*time.Hour))
	if diff := cmp.Diff(want, h.Past); diff != "" || h.Now != nil {
		t.Errorf("%s, now %v", diff, h.Now)
	}
	a := assess(t, d, series, after(85))
	if len(a.Alerts) != 1 || a.Alerts[0].State != slo.AlertNoData || a.Status != slo.StatusHealthy && a.Status != slo.StatusNoData {
		t.Errorf("%+v, %s: %s", a.Alerts, a.Status, a.Reason)
	}
	quiet, quietRow := following(t, slo.AlertPolicy{Name: "silent", Severity: slo.Page, Factor: factor(t, "2"), Lookback: time.Hour})
	nothing := slo.Gather(d, d.Objectives[0], nil, evenkeel.Window{From: start, To: after(120)})
	for name, h := range map[string]slo.AlertHistory{
		"without the flag": slo.ReaderOf(quiet, quiet.Objectives[0], series).Follow(quietRow, slo.AlertHistory{}, start, after(120)),
		"never measured":   slo.ReaderOf(d, d.Objectives[0], nothing).Follow(row, slo.AlertHistory{}, start, after(120)),
	} {
		if h.Now != nil || len(h.Past) > 0 {
			t.Errorf("%s: %+v", name, h)
		}
	}
}

// TestWhoIsToldByAPolicy: a flag that is not given tells; one that is false does
// not.
func TestWhoIsToldByAPolicy(t *testing.T) {
	t.Parallel()
	_, row := following(t, slo.AlertPolicy{Name: "p", Severity: slo.Page, Factor: factor(t, "2"), Lookback: time.Hour, Breaching: new(true), Resolved: new(false)})
	got := []bool{row.Tells(slo.AlertFiring), row.Tells(slo.AlertResolved), row.Tells(slo.AlertNoData), slo.AlertRow{}.Tells(slo.AlertResolved)}
	if diff := cmp.Diff([]bool{true, false, true, true}, got); diff != "" {
		t.Error(diff)
	}
}

// TestFactorsAreReadExactly: nothing is rounded, and nothing is too long to be
// multiplied by years.
func TestFactorsAreReadExactly(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"14.4": "14.4", "0": "0", "999999.999999": "999999.999999", "0.000001": "0.000001"} {
		if f := factor(t, text); f.String() != want {
			t.Errorf("%s: %s", text, f)
		}
	}
	for _, text := range []string{"", "-1", "1e3", "NaN", "Inf", "1000000", "0.0000001", "014", "2.", ".5", "14,4"} {
		if f, err := slo.ParseFactor(text); err == nil {
			t.Errorf("%q reads as %s", text, f)
		}
	}
}
