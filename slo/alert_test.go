package slo_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// lived is a series of days of minutes with 10,000 events each that ends at an
// hour after start; bad says how many of a minute were bad, counted from start,
// and less than 0 that it was not measured.
func lived(d slo.Definition, days int, until time.Duration, bad func(minute int) float64) *slo.Series {
	var list []evenkeel.Slice
	for m := -days * 24 * 60; m < int(until/time.Minute); m++ {
		if b := bad(m); b >= 0 {
			list = append(list, minute(m, 10000-b, 10000))
		}
	}
	return slo.Gather(d, d.Objectives[0], list, evenkeel.Window{From: start.AddDate(0, 0, -days), To: start.Add(until)})
}

func alerting(t *testing.T, set string) slo.Definition {
	t.Helper()
	d := availability(t, slo.Occurrences)
	d.Alerts = set
	return d
}

func rowsOf(t interface{ Fatal(args ...any) }, d slo.Definition) []slo.AlertRow {
	rows, err := slo.AlertRows(d, d.Objectives[0])
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func after(minutes int) time.Time { return start.Add(time.Duration(minutes) * time.Minute) }

// TestAlertsOverAnIncident: half an hour in which a tenth of all events fail, a
// burn of 100. An hour holds more than 14.4 after 9 minutes (100*9/60 = 15), 6
// hours more than 6 after 22 (100*22/360 = 6.1); a day would need 44 for 3. The
// short lookbacks let go 5 minutes after the end, and 29, when one bad minute
// of thirty is left (3.3).
func TestAlertsOverAnIncident(t *testing.T) {
	t.Parallel()
	d := alerting(t, "workbook-30d")
	series := lived(d, 3, 2*time.Hour, func(m int) float64 {
		if m >= 0 && m < 30 {
			return 1000
		}
		return 0
	})
	want := [][]slo.Alert{
		{{Severity: slo.Page, Long: time.Hour, Short: 5 * time.Minute, State: slo.AlertResolved, Since: after(35), From: after(9), Fired: after(9), Until: after(35), Peak: 50}},
		{{Severity: slo.Page, Long: 6 * time.Hour, Short: 30 * time.Minute, State: slo.AlertResolved, Since: after(59), From: after(22), Fired: after(22), Until: after(59), Peak: 100.0 * 30 / 360}},
		nil, nil,
	}
	for i, row := range rowsOf(t, d) {
		h := slo.ReaderOf(d, d.Objectives[0], series).Follow(row, slo.AlertHistory{}, start.Add(-time.Hour), start.Add(2*time.Hour))
		if diff := cmp.Diff(want[i], h.Past); diff != "" || h.Now != nil {
			t.Errorf("row %d: %s, now %v", i, diff, h.Now)
		}
	}
}

// TestABurnOfTheFactorDoesNotExceedIt: 144 of 10,000 burn at 14.4 exactly, and
// 145 at 14.5. A tool that rounds before it compares gets one of them wrong.
func TestABurnOfTheFactorDoesNotExceedIt(t *testing.T) {
	t.Parallel()
	d := alerting(t, "workbook-30d")
	row := rowsOf(t, d)[0]
	for bad, want := range map[float64]bool{144: false, 144.4: true, 145: true} {
		series := lived(d, 0, time.Hour, func(int) float64 { return bad })
		r := slo.ReaderOf(d, d.Objectives[0], series).Read(row, start.Add(time.Hour))
		if r.Over != want {
			t.Errorf("%v of 10,000 in every minute: %+v", bad, r)
		}
	}
}

// TestAlertsNeedBothLookbacks: an incident that is over for six minutes burns the
// hour and not the last five minutes; one that has just begun burns the five
// minutes and not the hour.
func TestAlertsNeedBothLookbacks(t *testing.T) {
	t.Parallel()
	d := alerting(t, "workbook-30d")
	row := rowsOf(t, d)[0]
	series := lived(d, 1, time.Hour, func(m int) float64 {
		if m >= 0 && m < 30 {
			return 1000
		}
		return 0
	})
	for minutes, want := range map[int][2]bool{2: {false, true}, 20: {true, true}, 36: {true, false}} {
		r := slo.ReaderOf(d, d.Objectives[0], series).Read(row, after(minutes))
		if got := [2]bool{*r.Long.Burn > 14.4, *r.Short.Burn > 14.4}; got != want || r.Over != (want[0] && want[1]) {
			t.Errorf("after %d minutes: %v, over %t", minutes, got, r.Over)
		}
	}
}

// TestWithoutDataNothingResolves: data stop in the middle of an incident and come
// back, well, after 40 minutes. From minute 25 on, the last five are unknown; a
// minute before, 20 of the hour's 56 known minutes are bad.
func TestWithoutDataNothingResolves(t *testing.T) {
	t.Parallel()
	d := alerting(t, "workbook-30d")
	row := rowsOf(t, d)[0]
	series := lived(d, 1, 2*time.Hour, func(m int) float64 {
		switch {
		case m >= 20 && m < 60:
			return -1
		case m >= 0 && m < 20:
			return 1000
		}
		return 0
	})
	h := slo.ReaderOf(d, d.Objectives[0], series).Follow(row, slo.AlertHistory{}, start, after(60))
	if h.Now == nil || h.Now.State != slo.AlertNoData || !h.Now.Since.Equal(after(25)) || !h.Now.Fired.Equal(after(9)) || !h.Now.Lasts() {
		t.Fatalf("without data: %+v", h.Now)
	}
	h = slo.ReaderOf(d, d.Objectives[0], series).Follow(row, h, start, after(120))
	want := []slo.Alert{{Severity: slo.Page, Long: time.Hour, Short: 5 * time.Minute, State: slo.AlertResolved, Since: after(61), From: after(9), Fired: after(9), Until: after(61), Peak: 100.0 * 20 / 56, Blind: 36 * time.Minute}}
	if diff := cmp.Diff(want, h.Past); diff != "" {
		t.Error(diff)
	}
}

// TestIdleIsKnown: where nothing happens after an incident, nothing fails.
func TestIdleIsKnown(t *testing.T) {
	t.Parallel()
	d := alerting(t, "workbook-30d")
	var list []evenkeel.Slice
	for m := range 40 {
		if m < 20 {
			list = append(list, minute(m, 90, 100))
		} else {
			list = append(list, minute(m, 0, 0))
		}
	}
	series := slo.Gather(d, d.Objectives[0], list, evenkeel.Window{From: start, To: after(40)})
	h := slo.ReaderOf(d, d.Objectives[0], series).Follow(rowsOf(t, d)[0], slo.AlertHistory{}, start, after(40))
	if h.Now != nil || len(h.Past) != 1 || !h.Past[0].Until.Equal(after(25)) {
		t.Errorf("%+v", h)
	}
}

// TestPendingWaits: Pyrra's fast row waits two minutes. A burn that ends within
// them is no alert; one that lasts fires two minutes after it began.
func TestPendingWaits(t *testing.T) {
	t.Parallel()
	d := alerting(t, "pyrra-28d")
	row := rowsOf(t, d)[0]
	long := lived(d, 1, time.Hour, func(m int) float64 {
		if m >= 0 {
			return 5000
		}
		return 0
	})
	// A burn of 500: an hour exceeds 14 after two minutes (16.7).
	for minutes, want := range map[int]slo.AlertState{1: "", 2: slo.AlertPending, 3: slo.AlertPending, 4: slo.AlertFiring} {
		h := slo.ReaderOf(d, d.Objectives[0], long).Follow(row, slo.AlertHistory{}, start, after(minutes))
		var got slo.AlertState
		if h.Now != nil {
			got = h.Now.State
		}
		if got != want {
			t.Errorf("after %d minutes: %q, want %q", minutes, got, want)
		}
	}
	read := func(m int, over bool) slo.AlertReading {
		burn := 20.0
		seen := slo.Sight{Burn: &burn, Known: true}
		return slo.AlertReading{At: after(m), Row: row, Long: seen, Short: seen, Over: over}
	}
	h := slo.AlertHistory{}.Step(read(1, true), time.Minute).Step(read(2, true), time.Minute).Step(read(3, false), time.Minute)
	if h.Now != nil || len(h.Past) > 0 {
		t.Errorf("a short burn: %+v", h)
	}
	// Nobody looked from the 2nd to the 30th minute: waiting begins again.
	h = slo.AlertHistory{}.Step(read(1, true), time.Minute).Step(read(2, true), time.Minute).Step(read(30, true), time.Minute)
	if h.Now.State != slo.AlertPending || !h.Now.From.Equal(after(30)) {
		t.Errorf("after a gap: %+v", h.Now)
	}
	// What fires goes on firing, and says how long nobody looked.
	h = h.Step(read(31, true), time.Minute).Step(read(32, true), time.Minute).Step(read(52, true), time.Minute)
	if h.Now.State != slo.AlertFiring || !h.Now.Fired.Equal(after(32)) || h.Now.Blind != 19*time.Minute {
		t.Errorf("after a gap while firing: %+v", h.Now)
	}
}

// TestHistoryIsAFold: in parts, over and over, and looked back at, it is the same.
func TestHistoryIsAFold(t *testing.T) {
	t.Parallel()
	d := alerting(t, "pyrra-1d")
	o := d.Objectives[0]
	rapid.Check(t, func(t *rapid.T) {
		phases := rapid.SliceOfN(rapid.SampledFrom([]float64{-1, 0, 10, 200, 4000}), 24, 24).Draw(t, "ten minutes each")
		series := lived(d, 0, 4*time.Hour, func(m int) float64 { return phases[m/10] })
		row := rowsOf(t, d)[rapid.IntRange(0, 2).Draw(t, "row")]
		part, end := after(rapid.IntRange(0, 240).Draw(t, "part")), after(240)
		whole := slo.ReaderOf(d, o, series).Follow(row, slo.AlertHistory{}, start, end)
		first := slo.ReaderOf(d, o, series).Follow(row, slo.AlertHistory{}, start, part)
		if diff := cmp.Diff(whole, slo.ReaderOf(d, o, series).Follow(row, first, start, end)); diff != "" && !part.Equal(start) {
			t.Fatal("in two parts:", diff)
		}
		if diff := cmp.Diff(whole, slo.ReaderOf(d, o, series).Follow(row, whole, start, end)); diff != "" {
			t.Fatal("again:", diff)
		}
		if now := first.Now; now != nil && now.State == slo.AlertFiring {
			resumed := slo.ReaderOf(d, o, series).Follow(row, slo.Resume(row, now.State, now.From, now.Peak, first.Seen), start, end)
			kept := slo.Alert{}
			if len(resumed.Past) > 0 {
				kept = resumed.Past[0]
			} else {
				kept = *resumed.Now
			}
			all := append(slices.Clone(whole.Past), fromNow(whole)...)
			if want := all[len(first.Past)]; !kept.From.Equal(want.From) || !kept.Until.Equal(want.Until) || kept.State != want.State || kept.Peak != want.Peak {
				t.Fatalf("resumed: %+v, want %+v", kept, want)
			}
		}
		if again := whole.Step(slo.ReaderOf(d, o, series).Read(row, part), time.Minute); !cmp.Equal(whole, again) {
			t.Fatal("an instant of the past changed the history")
		}
		now := slo.ReaderOf(d, o, series).Alert(slo.ReaderOf(d, o, series).Read(row, end))
		if (now == nil) != (whole.Now == nil) {
			t.Fatalf("looked back: %+v, followed: %+v", now, whole.Now)
		}
		if now != nil && whole.Now.From.After(end.Add(-row.Long)) && !now.From.Equal(whole.Now.From) {
			t.Fatalf("looked back: %+v, followed: %+v", now, whole.Now)
		}
	})
}

func fromNow(h slo.AlertHistory) []slo.Alert {
	if h.Now == nil {
		return nil
	}
	return []slo.Alert{*h.Now}
}

// TestGuards: one of ten in an hour burns at 100, and is one event.
func TestGuards(t *testing.T) {
	t.Parallel()
	for guard, want := range map[slo.Guard]string{
		{}:                 "",
		{MinEvents: 10}:    "",
		{MinEvents: 11}:    slo.HeldByMinEvents,
		{MinBad: 2}:        slo.HeldByMinBad,
		{Confidence: 0.95}: slo.HeldByConfidence, // It burns at 5.12 at least.
		{Confidence: 0.5}:  "",                   // At 67, of which one may be half sure.
	} {
		d := alerting(t, "workbook-30d")
		d.Guard = guard
		series := slo.Gather(d, d.Objectives[0], []evenkeel.Slice{minute(59, 9, 10)}, evenkeel.Window{From: start, To: after(60)})
		r := slo.ReaderOf(d, d.Objectives[0], series).Read(rowsOf(t, d)[0], after(60))
		if r.Held != want || r.Over != (want == "") {
			t.Errorf("%+v: held by %q, over %t", guard, r.Held, r.Over)
		}
	}
}

// TestUntilAlert: of 1200 good events in the hour k bad ones exceed 0.0144 where
// k > 0.0144*(1200+k), from 18 on. Of 60 good minutes 9 bad ones exceed 0.144.
func TestUntilAlert(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct {
		method slo.Method
		target string
		guard  slo.Guard
		want   float64
	}{
		"events":                   {slo.Occurrences, "0.999", slo.Guard{}, 18},
		"events, at least 20 bad":  {slo.Occurrences, "0.999", slo.Guard{MinBad: 20}, 20},
		"events, at least 1300":    {slo.Occurrences, "0.999", slo.Guard{MinEvents: 1300}, 100},
		"events, to be sure":       {slo.Occurrences, "0.999", slo.Guard{Confidence: 0.95}, 26},
		"slices":                   {slo.Timeslices, "0.99", slo.Guard{}, 9},
		"a target nothing exceeds": {slo.Timeslices, "0.9", slo.Guard{}, 55}, // Capped to 0.9 of 60 slices: more than 54.
	} {
		d := availability(t, one.method)
		d.Alerts, d.Guard, d.Objectives[0].Target = "workbook-30d", one.guard, target(t, one.target)
		var list []evenkeel.Slice
		for m := range 60 {
			n := 20.0
			list = append(list, minute(m, n, n))
		}
		series := slo.Gather(d, d.Objectives[0], list, evenkeel.Window{From: start, To: after(60)})
		got := slo.UntilAlert(d, d.Objectives[0], slo.ReaderOf(d, d.Objectives[0], series).Read(rowsOf(t, d)[0], after(60)))
		if got == nil || *got != one.want {
			t.Errorf("%s: %v, want %v", name, got, one.want)
		}
	}
}

// TestUntilAlertOfAQuietService: where nothing happened, the first failure pages,
// unless a guard wants more.
func TestUntilAlertOfAQuietService(t *testing.T) {
	t.Parallel()
	d := alerting(t, "workbook-30d")
	series := slo.Gather(d, d.Objectives[0], nil, evenkeel.Window{From: start, To: after(60)})
	r := slo.ReaderOf(d, d.Objectives[0], series).Read(rowsOf(t, d)[0], after(60))
	if got := slo.UntilAlert(d, d.Objectives[0], r); got == nil || *got != 1 {
		t.Errorf("%v", got)
	}
	d.Guard.MinBad = 3
	if got := slo.UntilAlert(d, d.Objectives[0], r); got == nil || *got != 3 {
		t.Errorf("with a guard: %v", got)
	}
}

// TestMoreBadEventsNeverCalmAnAlert, nor does it take more of them to page.
func TestMoreBadEventsNeverCalmAnAlert(t *testing.T) {
	t.Parallel()
	d := alerting(t, "workbook-30d")
	o := d.Objectives[0]
	rapid.Check(t, func(t *rapid.T) {
		bad := rapid.SliceOfN(rapid.IntRange(0, 60), 60, 60).Draw(t, "bad of 1000 by the minute")
		worse, row := rapid.IntRange(0, 59).Draw(t, "minute"), rowsOf(t, d)[rapid.IntRange(0, 3).Draw(t, "row")]
		read := func(more int) slo.AlertReading {
			var list []evenkeel.Slice
			for m, b := range bad {
				if m == worse {
					b += more
				}
				list = append(list, minute(m, float64(1000-b), 1000))
			}
			return slo.ReaderOf(d, o, slo.Gather(d, o, list, evenkeel.Window{From: start, To: after(60)})).Read(row, after(60))
		}
		before, then := read(0), read(rapid.IntRange(1, 500).Draw(t, "more"))
		if before.Over && !then.Over {
			t.Fatalf("%+v, then %+v", before, then)
		}
		if n, m := slo.UntilAlert(d, o, before), slo.UntilAlert(d, o, then); n != nil && (m == nil || *m > *n) {
			t.Fatalf("%v events until an alert, then %v", *n, m)
		}
	})
}
