package slo_test

import (
	"testing"
	"time"
	_ "time/tzdata"

	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel/slo"
)

func zone(t interface{ Fatal(...any) }, name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// calendar reads "2026-03-08T00:00:00 America/New_York" apart.
func calendar(t *testing.T, span, start, name string) slo.TimeWindow {
	t.Helper()
	s, err := slo.ParseSpan(span)
	if err != nil {
		t.Fatal(err)
	}
	from, err := time.ParseInLocation(time.DateTime, start, zone(t, name))
	if err != nil {
		t.Fatal(err)
	}
	return slo.TimeWindow{Span: s, Start: from}
}

// TestCalendarWindows has windows worked by hand: days of daylight saving,
// month ends, leap years, before the first start, and beginnings that clocks
// skip or show twice. Beginnings and ends are in UTC.
func TestCalendarWindows(t *testing.T) {
	t.Parallel()
	for _, one := range []struct{ span, start, zone, at, from, to string }{
		// Midnight in New York is 05:00 UTC in winter and 04:00 in summer.
		{"1d", "2026-01-01 00:00:00", "America/New_York", "2026-03-08 12:00:00", "2026-03-08 05:00:00", "2026-03-09 04:00:00"},
		{"1d", "2026-01-01 00:00:00", "America/New_York", "2026-11-01 12:00:00", "2026-11-01 04:00:00", "2026-11-02 05:00:00"},
		{"1w", "2026-01-05 00:00:00", "Europe/Berlin", "2026-03-29 12:00:00", "2026-03-22 23:00:00", "2026-03-29 22:00:00"},
		// From the 31st of January: February ends sooner, March does not.
		{"1M", "2024-01-31 00:00:00", "UTC", "2024-02-15 00:00:00", "2024-01-31 00:00:00", "2024-02-29 00:00:00"},
		{"1M", "2024-01-31 00:00:00", "UTC", "2024-03-01 00:00:00", "2024-02-29 00:00:00", "2024-03-31 00:00:00"},
		{"1M", "2024-01-31 00:00:00", "UTC", "2024-04-30 00:00:00", "2024-04-30 00:00:00", "2024-05-31 00:00:00"},
		{"1M", "2024-01-31 00:00:00", "UTC", "2025-02-28 00:00:00", "2025-02-28 00:00:00", "2025-03-31 00:00:00"},
		// The last moment belongs to the window that ends.
		{"1M", "2026-01-01 00:00:00", "UTC", "2026-01-31 23:59:59", "2026-01-01 00:00:00", "2026-02-01 00:00:00"},
		{"1M", "2026-01-01 00:00:00", "UTC", "2026-02-01 00:00:00", "2026-02-01 00:00:00", "2026-03-01 00:00:00"},
		// Before the first start, windows go on backwards.
		{"1M", "2026-01-31 00:00:00", "UTC", "2023-03-05 00:00:00", "2023-02-28 00:00:00", "2023-03-31 00:00:00"},
		{"1Q", "2026-01-01 00:00:00", "UTC", "2025-12-31 00:00:00", "2025-10-01 00:00:00", "2026-01-01 00:00:00"},
		{"3d", "2026-01-01 00:00:00", "UTC", "2025-12-31 23:59:59", "2025-12-29 00:00:00", "2026-01-01 00:00:00"},
		// From a leap day.
		{"1Y", "2024-02-29 00:00:00", "UTC", "2025-06-01 00:00:00", "2025-02-28 00:00:00", "2026-02-28 00:00:00"},
		{"1Y", "2024-02-29 00:00:00", "UTC", "2027-12-01 00:00:00", "2027-02-28 00:00:00", "2028-02-29 00:00:00"},
		// Two months, two weeks.
		{"2M", "2026-01-31 00:00:00", "UTC", "2026-05-01 00:00:00", "2026-03-31 00:00:00", "2026-05-31 00:00:00"},
		{"2w", "2026-01-05 00:00:00", "UTC", "2026-01-19 00:00:00", "2026-01-19 00:00:00", "2026-02-02 00:00:00"},
		// New York skips 02:30 on 2026-03-08: the day begins when clocks are put
		// forward, at 07:00 UTC, and ends at 02:30 the day after, 06:30 UTC.
		{"1d", "2026-03-01 02:30:00", "America/New_York", "2026-03-08 12:00:00", "2026-03-08 07:00:00", "2026-03-09 06:30:00"},
		// It shows 01:30 twice on 2026-11-01: the day begins the first time.
		{"1d", "2026-10-20 01:30:00", "America/New_York", "2026-11-01 05:45:00", "2026-11-01 05:30:00", "2026-11-02 06:30:00"},
		// São Paulo skipped midnight on 2018-11-04, the first of a month of windows
		// from the 4th: 03:00 UTC.
		{"1M", "2018-01-04 00:00:00", "America/Sao_Paulo", "2018-11-20 00:00:00", "2018-11-04 03:00:00", "2018-12-04 02:00:00"},
		// Apia skipped the whole 30th of December 2011: no window begins in it.
		{"1d", "2011-12-01 00:00:00", "Pacific/Apia", "2011-12-30 09:59:59", "2011-12-29 10:00:00", "2011-12-30 10:00:00"},
		{"1d", "2011-12-01 00:00:00", "Pacific/Apia", "2011-12-30 10:00:00", "2011-12-30 10:00:00", "2011-12-31 10:00:00"},
		// Hours and minutes of the calendar have no daylight saving.
		{"6h", "2026-03-08 00:00:00", "America/New_York", "2026-03-08 12:00:00", "2026-03-08 11:00:00", "2026-03-08 17:00:00"},
	} {
		at, _ := time.Parse(time.DateTime, one.at)
		got := calendar(t, one.span, one.start, one.zone).At(at)
		from, to := got.From.UTC().Format(time.DateTime), got.To.UTC().Format(time.DateTime)
		if from != one.from || to != one.to {
			t.Errorf("%s from %s in %s at %s: %s to %s, want %s to %s", one.span, one.start, one.zone, one.at, from, to, one.from, one.to)
		}
	}
}

func TestDaysOfDaylightSaving(t *testing.T) {
	t.Parallel()
	w := calendar(t, "1d", "2026-01-01 00:00:00", "America/New_York")
	for day, minutes := range map[string]float64{"2026-03-08": 1380, "2026-03-09": 1440, "2026-11-01": 1500} {
		at, _ := time.Parse(time.DateTime, day+" 12:00:00")
		got := w.At(at)
		if n := got.To.Sub(got.From).Minutes(); n != minutes {
			t.Errorf("%s has %v minutes, want %v", day, n, minutes)
		}
	}
}

func TestRollingWindows(t *testing.T) {
	t.Parallel()
	for span, days := range map[string]float64{"28d": 28, "4w": 28, "1M": 30, "1Q": 90, "1Y": 365, "12h": 0.5} {
		s, err := slo.ParseSpan(span)
		if err != nil {
			t.Fatal(err)
		}
		w := slo.TimeWindow{Span: s}.At(start)
		if !w.To.Equal(start) || w.Days() != days {
			t.Errorf("%s: %v to %v", span, w.From, w.To)
		}
	}
}

// TestCalendarWindowsTileTime: wherever one begins, every instant lies in one
// window, which begins where the one before it ends, in any zone.
func TestCalendarWindowsTileTime(t *testing.T) {
	t.Parallel()
	names := []string{"UTC", "America/New_York", "Europe/Berlin", "Pacific/Apia", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Sao_Paulo", "Africa/Casablanca", "America/St_Johns"}
	rapid.Check(t, func(t *rapid.T) {
		loc := zone(t, rapid.SampledFrom(names).Draw(t, "zone"))
		span := slo.Span{N: rapid.IntRange(1, 5).Draw(t, "n"), Unit: rapid.SampledFrom([]slo.Unit{slo.Hour, slo.Day, slo.Week, slo.Month, slo.Quarter, slo.Year}).Draw(t, "unit")}
		anchor := time.Unix(rapid.Int64Range(0, 2e9).Draw(t, "start"), 0).In(loc)
		w := slo.TimeWindow{Span: span, Start: anchor}
		at := time.Unix(rapid.Int64Range(0, 2e9).Draw(t, "at"), 0)
		one := w.At(at)
		if !one.Contains(at) {
			t.Fatalf("%v is not in %v", at, one)
		}
		for range 20 {
			next := w.At(one.To)
			if !next.From.Equal(one.To) || !next.To.After(next.From) {
				t.Fatalf("after %v comes %v", one, next)
			}
			if back := w.Before(next.From); !back.From.Equal(one.From) || !back.To.Equal(one.To) {
				t.Fatalf("before %v is %v, not %v", next, back, one)
			}
			one = next
		}
	})
}

func TestSpansAndTargetsThatAreNone(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "d", "0d", "-1d", "+5m", "5 m", "5.5m", "5s", "5D", "11Y", "4000d", "9999999999d", "1m "} {
		if s, err := slo.ParseSpan(text); err == nil {
			t.Errorf("span %q was read as %v", text, s)
		}
	}
	for _, text := range []string{"", "1", "1.0", "-0.1", "99.9", "1/2", "0x1p-2", "0_9", "NaN", "Inf", "1e-999999", "0.1e9", "0.12345678901234567", " 0.9"} {
		if s, err := slo.ParseTarget(text); err == nil {
			t.Errorf("target %q was read as %v", text, s)
		}
	}
}
