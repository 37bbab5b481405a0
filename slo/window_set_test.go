package slo_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel/slo"
)

func target(t interface{ Fatal(args ...any) }, text string) slo.Target {
	one, err := slo.ParseTarget(text)
	if err != nil {
		t.Fatal(err)
	}
	return one
}

// rowText writes a row as "page 1h/5m 14.4 2% 0s".
func rowText(r slo.AlertRow) string {
	return strings.Join([]string{string(r.Severity), r.Name(), r.Factor.String(), percent(r.Share), r.For.String()}, " ")
}

func percent(share float64) string {
	return strings.TrimRight(strings.TrimRight(strconv.FormatFloat(100*share, 'f', 4, 64), "0"), ".") + "%"
}

// TestWindowSets are the published tables, and lengths worked by hand: a factor
// is the share of the budget times the window over the long lookback.
func TestWindowSets(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][]string{
		"workbook-30d": {"page 1h/5m 14.4 2% 0s", "page 6h/30m 6 5% 0s", "ticket 1d/2h 3 10% 0s", "ticket 3d/6h 1 10% 0s"},
		"workbook-28d": {"page 1h/5m 13.44 2% 0s", "page 6h/30m 5.6 5% 0s", "ticket 1d/2h 2.8 10% 0s", "ticket 3d/6h 0.9333333333333333 10% 0s"},
		"workbook-7d":  {"page 1h/5m 13.44 8% 0s", "page 6h/30m 3.5 12.5% 0s", "ticket 1d/2h 1.4 20% 0s", "ticket 3d/6h 0.98 42% 0s"},
		"sloth-30d":    {"page 1h/5m 14.4 2% 0s", "page 6h/30m 6 5% 0s", "ticket 1d/2h 3 10% 0s", "ticket 3d/6h 1 10% 0s"},
		"pyrra-28d":    {"page 1h/5m 14 2.0833% 2m0s", "page 6h/30m 7 6.25% 15m0s", "ticket 1d/2h 2 7.1429% 1h0m0s", "ticket 4d/6h 1 14.2857% 3h0m0s"},
		"pyrra-7d":     {"page 15m/1m 14 2.0833% 1m0s", "page 90m/8m 7 6.25% 4m0s", "ticket 6h/30m 2 7.1429% 15m0s", "ticket 1d/90m 1 14.2857% 45m0s"},
		"derived-90d":  {"page 1h/5m 43.2 2% 0s", "page 6h/30m 18 5% 0s", "ticket 1d/2h 9 10% 0s", "ticket 3d/6h 3 10% 0s"},
		"derived-14d":  {"page 1h/5m 13.44 4% 0s", "page 6h/30m 3.5 6.25% 0s", "ticket 1d/2h 1.4 10% 0s", "ticket 3d/6h 0.98 21% 0s"},
		"derived-1Y":   {"page 1h/5m 43.2 0.4932% 0s", "page 6h/30m 18 1.2329% 0s", "ticket 1d/2h 9 2.4658% 0s", "ticket 3d/6h 3 2.4658% 0s"},
		"derived-1d":   {"page 12m/1m 9.6 8% 0s", "page 48m/4m 3.75 12.5% 0s", "ticket 204m/17m 1.411764705882353 20% 0s", "ticket 612m/51m 0.9882352941176471 42% 0s"},
		// The lookbacks of an hour and of 6, and of a day and of 3, are the least ones.
		"derived-45m": {"page 12m/1m 0.3 8% 0s", "ticket 12m/1m 0.75 20% 0s"},
		"pyrra-1h":    {"page 1m/1m 7 11.6667% 1m0s", "ticket 2m/1m 2 6.6667% 1m0s", "ticket 9m/1m 1 15% 1m0s"},
	} {
		set, err := slo.ParseWindowSet(name)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range set.Rows {
			got = append(got, rowText(r))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s has %q, want %q", name, got, want)
		}
	}
}

// TestRowsAreToldApart: of no length do two rows have the same lookbacks and
// severity, by which their alerts are known.
func TestRowsAreToldApart(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		span := slo.Span{N: rapid.IntRange(1, 3000).Draw(t, "minutes"), Unit: slo.Minute}
		set, err := slo.ParseWindowSet(rapid.SampledFrom([]string{"derived-", "pyrra-"}).Draw(t, "kind") + span.String())
		if err != nil {
			t.Fatal(err)
		}
		names := map[string]bool{}
		for _, r := range set.Rows {
			name := string(r.Severity) + " " + r.Name()
			if names[name] {
				t.Fatalf("%s has several rows %s", set.Name, name)
			}
			names[name] = true
		}
	})
}

// TestDerivedMeetsTheNamed: where a set has a name, the derived one is the same.
func TestDerivedMeetsTheNamed(t *testing.T) {
	t.Parallel()
	for derived, named := range map[string]string{"derived-30d": "workbook-30d", "derived-7d": "workbook-7d", "derived-1M": "sloth-30d"} {
		a, err := slo.ParseWindowSet(derived)
		if err != nil {
			t.Fatal(err)
		}
		b, err := slo.ParseWindowSet(named)
		if err != nil {
			t.Fatal(err)
		}
		for i := range a.Rows {
			if rowText(a.Rows[i]) != rowText(b.Rows[i]) {
				t.Errorf("%s has %q, %s has %q", derived, rowText(a.Rows[i]), named, rowText(b.Rows[i]))
			}
		}
	}
}

// TestDerivedFactorsAreUseful: at no length does a healthy service alert, or a
// slower row ask for a faster burn.
func TestDerivedFactorsAreUseful(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		span := slo.Span{N: rapid.IntRange(1, 400).Draw(t, "days"), Unit: slo.Day}
		set, err := slo.ParseWindowSet("derived-" + span.String())
		if err != nil {
			t.Fatal(err)
		}
		before := 1e9
		for _, r := range set.Rows {
			f := r.Factor.Float()
			if f < 0.98 || f > before || r.Share > 0.5 || r.Long != 12*r.Short || r.Long > span.Fixed() {
				t.Fatalf("%s: %s", set.Name, rowText(r))
			}
			before = f
		}
	})
}

func TestWindowSetsThatAreNone(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "workbook", "workbook-42d", "sloth-7d", "google-30d", "pyrra-", "pyrra-0d", "derived-1x", "30d"} {
		if _, err := slo.ParseWindowSet(name); err == nil || !strings.Contains(err.Error(), "workbook-28d") {
			t.Errorf("%q: %v", name, err)
		}
	}
	if set, err := slo.ParseWindowSet(slo.NoAlerts); err != nil || len(set.Rows) > 0 {
		t.Errorf("none has rows: %v, %v", set, err)
	}
}

func TestDefaultWindowSet(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"30d": "workbook-30d", "4w": "workbook-28d", "1w": "workbook-7d", "1M": "workbook-30d", "1Q": "derived-1Q", "12h": "derived-12h"} {
		span, err := slo.ParseSpan(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := slo.DefaultWindowSet(slo.TimeWindow{Span: span}); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

// TestUnreachableRowsAreCapped at the targets where the factors of the workbook
// stop making sense: 1-1/14.4 = 0.9306, 1-1/6 = 0.8333 and 1-1/3 = 0.6667.
func TestUnreachableRowsAreCapped(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"0.931": 0, "0.93": 1, "0.834": 1, "0.833": 2, "0.667": 2, "0.66": 3, "0": 4} {
		d := availability(t, slo.Occurrences)
		d.Alerts, d.Objectives[0].Target = "workbook-30d", target(t, text)
		rows, err := slo.AlertRows(d, d.Objectives[0])
		if err != nil {
			t.Fatal(err)
		}
		capped := 0
		for _, r := range rows {
			if r.Capped() {
				capped++
				if got := r.Factor.Threshold(d.Objectives[0].Target); got != 0.9 {
					t.Errorf("%s: capped to an error ratio of %v", text, got)
				}
			}
		}
		if lints := slo.LintAlerts(d, d.Objectives[0]); capped != want || len(lints) != want {
			t.Errorf("%s: %d rows are capped, %d lints, want %d: %v", text, capped, len(lints), want, lints)
		}
	}
}

func TestLintAlertsNamesTheSetThatFits(t *testing.T) {
	t.Parallel()
	d := availability(t, slo.Timeslices)
	d.Alerts, d.Window.Span, d.Objectives[0].SliceWindow = "workbook-30d", slo.Span{N: 7, Unit: slo.Day}, time.Hour
	text := fmt.Sprintln(slo.LintAlerts(d, d.Objectives[0]))
	for _, want := range []string{"workbook-7d fits", "the lookback of 5m is shorter than a counted slice of 1h"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %q", want, text)
		}
	}
}
