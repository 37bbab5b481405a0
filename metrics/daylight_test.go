package metrics_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
)

// Every line is worked by hand from the transitions of the tz database:
//
//   - Berlin 2026: 29 March 01:00Z +1 becomes +2, 25 October 01:00Z +2 becomes +1.
//   - Santiago 2026: 5 April 03:00Z -3 becomes -4 (midnight happens twice, the
//     evening of the 4th is repeated), 6 September 04:00Z -4 becomes -3
//     (00:00 of the 6th does not exist).
//   - Lord Howe 2026: 4 April 15:00Z +11 becomes +10:30, 3 October 15:30Z
//     +10:30 becomes +11.
func TestDaysOverClockChanges(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		zone, from, to string
		deployed       []string
		days           []string // Start, hours, deployments and deployment days of each day.
		weeks          []string
		deploymentDays int
		windowDays     float64
	}{
		"Berlin, 25 hours": {
			"Europe/Berlin", "2026-10-24T00:00:00+02:00", "2026-10-27T00:00:00+01:00",
			// 00:00 and 02:30 twice and 23:59:59 are of the 25th, 24 h after its start too; then the 26th.
			[]string{"2026-10-24T21:59:59Z", "2026-10-24T22:00:00Z", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-10-25T22:00:00Z", "2026-10-25T22:59:59Z", "2026-10-25T23:00:00Z"},
			[]string{"2026-10-24T00:00:00+02:00 24h 1 in 1", "2026-10-25T00:00:00+02:00 25h 5 in 1", "2026-10-26T00:00:00+01:00 24h 1 in 1"},
			[]string{"2026-10-24T00:00:00+02:00 49h 6 in 2", "2026-10-26T00:00:00+01:00 24h 1 in 1"},
			3, 73. / 24,
		},
		"Berlin, 23 hours": {
			"Europe/Berlin", "2026-03-28T00:00:00+01:00", "2026-03-31T00:00:00+02:00",
			[]string{"2026-03-28T22:59:59Z", "2026-03-28T23:00:00Z", "2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z", "2026-03-29T21:59:59Z", "2026-03-29T22:00:00Z"},
			[]string{"2026-03-28T00:00:00+01:00 24h 1 in 1", "2026-03-29T00:00:00+01:00 23h 4 in 1", "2026-03-30T00:00:00+02:00 24h 1 in 1"},
			[]string{"2026-03-28T00:00:00+01:00 47h 5 in 2", "2026-03-30T00:00:00+02:00 24h 1 in 1"},
			3, 71. / 24,
		},
		"Santiago, no midnight": {
			"America/Santiago", "2026-09-05T00:00:00-04:00", "2026-09-08T00:00:00-03:00",
			// 23:59:59 of the 5th, then 01:00 of the 6th, its first instant.
			[]string{"2026-09-06T03:59:59Z", "2026-09-06T04:00:00Z", "2026-09-07T02:59:59Z", "2026-09-07T03:00:00Z"},
			[]string{"2026-09-05T00:00:00-04:00 24h 1 in 1", "2026-09-06T01:00:00-03:00 23h 2 in 1", "2026-09-07T00:00:00-03:00 24h 1 in 1"},
			[]string{"2026-09-05T00:00:00-04:00 47h 3 in 2", "2026-09-07T00:00:00-03:00 24h 1 in 1"},
			3, 71. / 24,
		},
		"Santiago, an evening twice": {
			"America/Santiago", "2026-04-04T00:00:00-03:00", "2026-04-06T00:00:00-04:00",
			// 23:30 of the 4th at -3, and 23:30 of the 4th at -4 an hour later.
			[]string{"2026-04-05T02:30:00Z", "2026-04-05T03:30:00Z", "2026-04-05T04:00:00Z"},
			[]string{"2026-04-04T00:00:00-03:00 25h 2 in 1", "2026-04-05T00:00:00-04:00 24h 1 in 1"},
			[]string{"2026-04-04T00:00:00-03:00 49h 3 in 2"},
			2, 49. / 24,
		},
		"Lord Howe, 24.5 hours": {
			"Australia/Lord_Howe", "2026-04-04T00:00:00+11:00", "2026-04-07T00:00:00+10:30",
			// 24 h after its start it is 23:30 of the 5th still.
			[]string{"2026-04-04T12:59:59Z", "2026-04-04T13:00:00Z", "2026-04-05T13:00:00Z", "2026-04-05T13:29:59Z", "2026-04-05T13:30:00Z"},
			[]string{"2026-04-04T00:00:00+11:00 24h 1 in 1", "2026-04-05T00:00:00+11:00 24.5h 3 in 1", "2026-04-06T00:00:00+10:30 24h 1 in 1"},
			[]string{"2026-04-04T00:00:00+11:00 48.5h 4 in 2", "2026-04-06T00:00:00+10:30 24h 1 in 1"},
			3, 72.5 / 24,
		},
		"Lord Howe, 23.5 hours": {
			"Australia/Lord_Howe", "2026-10-03T00:00:00+10:30", "2026-10-06T00:00:00+11:00",
			[]string{"2026-10-03T13:29:59Z", "2026-10-03T13:30:00Z", "2026-10-04T12:59:59Z", "2026-10-04T13:00:00Z"},
			[]string{"2026-10-03T00:00:00+10:30 24h 1 in 1", "2026-10-04T00:00:00+10:30 23.5h 2 in 1", "2026-10-05T00:00:00+11:00 24h 1 in 1"},
			[]string{"2026-10-03T00:00:00+10:30 47.5h 3 in 2", "2026-10-05T00:00:00+11:00 24h 1 in 1"},
			3, 71.5 / 24,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q := metrics.Query{Window: evenkeel.Window{From: instant(t, c.from), To: instant(t, c.to)}, Policy: evenkeel.DefaultPolicy(), AsOf: instant(t, c.to).AddDate(1, 0, 0)}
			q.Policy.TimeZone = c.zone
			in := metrics.Input{Application: "shop"}
			for i, at := range c.deployed {
				in.Deployments = append(in.Deployments, fact(evenkeel.KindDeployment, fmt.Sprint(i),
					evenkeel.Deployment{Environment: "production", Status: evenkeel.StatusSuccess, FinishedAt: instant(t, at)}))
			}
			d := metrics.Derive(in, q.Policy)
			if got := spans(metrics.Series(q, metrics.Day, d), q.Policy.Location()); !cmp.Equal(got, c.days) {
				t.Errorf("days (-want +got):\n%s", cmp.Diff(c.days, got))
			}
			if got := spans(metrics.Series(q, metrics.Week, d), q.Policy.Location()); !cmp.Equal(got, c.weeks) {
				t.Errorf("weeks (-want +got):\n%s", cmp.Diff(c.weeks, got))
			}
			f := metrics.Compute(q, d).Frequency
			want := float64(len(c.deployed)) / c.windowDays
			if f.Deployments != len(c.deployed) || f.DeploymentDays != c.deploymentDays || f.PerDay == nil || !near(*f.PerDay, want, 1e-9) {
				t.Errorf("%d deployments on %d days, want %d on %d, %.6f a day", f.Deployments, f.DeploymentDays, len(c.deployed), c.deploymentDays, want)
			}
		})
	}
}

// spans writes buckets as start, length, deployments and deployment days. The
// deployments of a bucket per day are checked against its true length.
func spans(buckets []metrics.Bucket, zone *time.Location) (found []string) {
	for _, b := range buckets {
		hours := b.To.Sub(b.From).Hours()
		line := fmt.Sprintf("%s %gh %d in %d", b.From.In(zone).Format(time.RFC3339), hours, b.Frequency.Deployments, b.Frequency.DeploymentDays)
		if b.Frequency.PerDay == nil || !near(*b.Frequency.PerDay, float64(b.Frequency.Deployments)*24/hours, 1e-9) {
			line += " with another rate per day"
		}
		found = append(found, line)
	}
	return found
}
