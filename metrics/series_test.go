package metrics_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
)

func instant(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestBucketsFollowTheCalendar(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		zone      string
		grain     metrics.Grain
		weekStart time.Weekday
		from, to  string
		want      []string // Starts, then the end of the last; "…" marks what is incomplete.
	}{
		"weeks begin on Monday": {
			"UTC", metrics.Week, time.Monday, "2024-01-01T00:00:00Z", "2024-01-15T00:00:00Z",
			[]string{"2024-01-01T00:00:00Z", "2024-01-08T00:00:00Z", "2024-01-15T00:00:00Z"},
		},
		"weeks begin on Sunday, edges are cut": {
			"UTC", metrics.Week, time.Sunday, "2024-01-01T00:00:00Z", "2024-01-15T00:00:00Z",
			[]string{"2024-01-01T00:00:00Z…", "2024-01-07T00:00:00Z", "2024-01-14T00:00:00Z…", "2024-01-15T00:00:00Z"},
		},
		"a week in which clocks go forward has 167 hours": {
			"America/New_York", metrics.Week, time.Monday, "2024-03-04T05:00:00Z", "2024-03-18T04:00:00Z",
			[]string{"2024-03-04T05:00:00Z", "2024-03-11T04:00:00Z", "2024-03-18T04:00:00Z"},
		},
		"days of 23 hours and of 25 hours": {
			"Europe/Berlin", metrics.Day, time.Monday, "2024-03-30T23:00:00Z", "2024-04-01T22:00:00Z",
			[]string{"2024-03-30T23:00:00Z", "2024-03-31T22:00:00Z", "2024-04-01T22:00:00Z"},
		},
		"a day whose midnight is skipped begins an hour later": {
			"Asia/Beirut", metrics.Day, time.Monday, "2024-03-29T22:00:00Z", "2024-03-31T21:00:00Z",
			[]string{"2024-03-29T22:00:00Z", "2024-03-30T22:00:00Z", "2024-03-31T21:00:00Z"},
		},
		"a day with two midnights begins with the first": {
			"America/Havana", metrics.Day, time.Monday, "2024-11-02T04:00:00Z", "2024-11-04T05:00:00Z",
			[]string{"2024-11-02T04:00:00Z", "2024-11-03T04:00:00Z", "2024-11-04T05:00:00Z"},
		},
		"months": {
			"Asia/Tokyo", metrics.Month, time.Monday, "2024-01-31T15:00:00Z", "2024-03-10T00:00:00Z",
			[]string{"2024-01-31T15:00:00Z", "2024-02-29T15:00:00Z…", "2024-03-10T00:00:00Z"},
		},
		"an empty window": {"UTC", metrics.Day, time.Monday, "2024-01-01T00:00:00Z", "2024-01-01T00:00:00Z", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q := metrics.Query{Window: evenkeel.Window{From: instant(t, c.from), To: instant(t, c.to)}, Policy: evenkeel.DefaultPolicy()}
			q.Policy.TimeZone, q.Policy.WeekStart = c.zone, c.weekStart
			var got []string
			buckets := metrics.Series(q, c.grain, metrics.Derived{})
			for i, b := range buckets {
				mark := ""
				if !b.Complete {
					mark = "…"
				}
				got = append(got, b.From.Format(time.RFC3339)+mark)
				if i == len(buckets)-1 {
					got = append(got, b.To.Format(time.RFC3339))
				}
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("buckets (-want +got):\n%s", d)
			}
		})
	}
}

func TestDeploymentDaysAreLocalDays(t *testing.T) {
	t.Parallel()
	in := deployments(23, 25, 47) // 1 January 23:00, 2 January 01:00 and 23:00 UTC.
	for zone, want := range map[string]int{"UTC": 2, "Asia/Tokyo": 2, "America/New_York": 2, "Asia/Kolkata": 2, "Pacific/Kiritimati": 2} {
		q := year()
		q.Policy.TimeZone = zone
		if got := metrics.Compute(q, metrics.Derive(in, q.Policy)).Frequency.DeploymentDays; got != want {
			t.Errorf("%s: %d days, want %d", zone, got, want)
		}
	}
	q := year()
	q.Policy.TimeZone = "Atlantic/Azores" // One hour behind UTC: 22:00, 00:00, 22:00.
	if got := metrics.Compute(q, metrics.Derive(in, q.Policy)).Frequency.DeploymentDays; got != 2 {
		t.Errorf("Azores: %d days, want 2", got)
	}
	q.Policy.TimeZone = "Pacific/Honolulu" // Ten behind: 13:00, 15:00 on the 1st, 13:00 on the 2nd.
	if got := metrics.Compute(q, metrics.Derive(deployments(23, 25), q.Policy)).Frequency.DeploymentDays; got != 1 {
		t.Errorf("Honolulu: %d days, want 1", got)
	}
}

func TestTheRunningBucketIsIncomplete(t *testing.T) {
	t.Parallel()
	q := year()
	q.Window.To = epoch.AddDate(0, 0, 14)
	q.AsOf = epoch.AddDate(0, 0, 9)
	buckets := metrics.Series(q, metrics.Week, metrics.Derive(deployments(1, 170, 300), q.Policy))
	got := []string{}
	for _, b := range buckets {
		got = append(got, fmt.Sprintf("%v %d", b.Complete, b.Frequency.Deployments))
	}
	if d := cmp.Diff([]string{"true 1", "false 1"}, got); d != "" {
		t.Errorf("complete and deployments (-want +got):\n%s", d)
	}
	if rate := *buckets[1].Frequency.PerDay; rate < 0.4999 || rate > 0.5001 {
		t.Errorf("one deployment in two elapsed days: %v per day", rate)
	}
}

func TestComparison(t *testing.T) {
	t.Parallel()
	spread := func(from, n int) []float64 {
		hours := make([]float64, n)
		for i := range hours {
			hours[i] = float64(from + i)
		}
		return hours
	}
	pair := func(current, previous metrics.Input) metrics.Comparison {
		return metrics.Compare(report(current), report(previous))
	}
	evenly := func(n int) metrics.Input {
		hours := make([]int, n)
		for i := range hours {
			hours[i] = i * 100
		}
		return deployments(hours...)
	}
	for name, c := range map[string]struct {
		got  metrics.Difference
		want metrics.Direction
	}{
		"shorter lead times":                      {pair(shipping(spread(1, 10)...), shipping(spread(20, 10)...)).LeadTime, metrics.Better},
		"longer lead times":                       {pair(shipping(spread(20, 10)...), shipping(spread(1, 10)...)).LeadTime, metrics.Worse},
		"three against three prove nothing":       {pair(shipping(1, 2, 3), shipping(20, 21, 22)).LeadTime, metrics.NoClearChange},
		"the same lead times":                     {pair(shipping(spread(1, 10)...), shipping(spread(1, 10)...)).LeadTime, metrics.NoClearChange},
		"no lead times before":                    {pair(shipping(1, 2, 3), deployments(1)).LeadTime, metrics.NoValue},
		"5 of 10 after 0 of 10 fail":              {pair(failing(5, 10), failing(0, 10)).FailRate, metrics.Worse},
		"3 of 10 after 1 of 10 are within chance": {pair(failing(3, 10), failing(1, 10)).FailRate, metrics.NoClearChange},
		"0 of 10 after 5 of 10 fail":              {pair(failing(0, 10), failing(5, 10)).FailRate, metrics.Better},
		"30 deployments after 10":                 {pair(evenly(30), evenly(10)).Frequency, metrics.Higher},
		"10 deployments after 30":                 {pair(evenly(10), evenly(30)).Frequency, metrics.Lower},
		"14 deployments after 10":                 {pair(evenly(14), evenly(10)).Frequency, metrics.NoClearChange},
		"34 deployments after 20":                 {pair(evenly(34), evenly(20)).Frequency, metrics.NoClearChange},
		"nothing known":                           {pair(metrics.Input{}, evenly(10)).Frequency, metrics.NoValue},
	} {
		if c.got.Direction != c.want || c.got.Significant != (c.want != metrics.NoClearChange && c.want != metrics.NoValue) {
			t.Errorf("%s: got %s (significant %v), want %s", name, c.got.Direction, c.got.Significant, c.want)
		}
	}
	d := pair(shipping(2), shipping(8)).LeadTime
	if *d.Absolute != -6*3600 || *d.Relative != -0.75 {
		t.Errorf("2 h after 8 h: absolute %v, relative %v", *d.Absolute, *d.Relative)
	}
	if d := pair(failing(5, 10), failing(0, 10)).FailRate; d.Relative != nil {
		t.Errorf("relative to zero is %v", *d.Relative)
	}
}
