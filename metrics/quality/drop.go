package quality

import (
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
)

// The rules of drops.
const (
	// judgedDays is how many whole days are judged.
	judgedDays = 14
	// week is the pattern that days are compared by.
	week = 7
	// leastDays is how many days below their limits make a drop.
	leastDays = 2
)

// Drop is a fall in volume that lasts.
type Drop struct {
	// Since is the first of the days.
	Since evenkeel.Day
	// Days is how many days in a row lie below what their weekday has. Days
	// that cannot be judged, such as a weekend without facts, are not among
	// them.
	Days int
	// Observed is how much there was on these days, Expected how much there
	// usually is.
	Observed int
	Expected float64
	// Weeks is the least number of earlier weeks that a day was compared with.
	Weeks int
}

// FindDrop compares the last whole days with the same weekdays of up to 26
// weeks before: it finds at least two days in a row, up to the last that can be
// judged, that lie below the limits of their weekday's chart. today is not
// judged. judged is false where no day has a limit that it could fall below,
// for then nothing can be said.
func FindDrop(days []evenkeel.DayCount, today evenkeel.Day) (drop Drop, found, judged bool) {
	if len(days) == 0 {
		return Drop{}, false, false
	}
	counts := make(map[evenkeel.Day]int, len(days))
	for _, d := range days {
		counts[d.Day] = d.N
	}
	charts := weekdayCharts(counts, days[0].Day, today)
	for day := today - 1; day >= today-judgedDays; day-- {
		c := charts[weekday(day)]
		if c.chart == nil {
			continue
		}
		limits := c.chart.Limits(metrics.Observation{Of: 1})
		if limits.Lower <= 0 {
			continue
		}
		judged = true
		if float64(counts[day]) >= limits.Lower {
			break
		}
		drop.add(day, counts[day], limits.Centre, c.weeks)
	}
	return drop, drop.Days >= leastDays, judged
}

func (d *Drop) add(day evenkeel.Day, observed int, expected float64, weeks int) {
	if d.Days == 0 || weeks < d.Weeks {
		d.Weeks = weeks
	}
	d.Since = day
	d.Days++
	d.Observed += observed
	d.Expected += expected
}

// weekdayChart is the chart of one weekday; its chart is nil where too little
// is known.
type weekdayChart struct {
	chart metrics.Chart
	weeks int
}

// weekdayCharts makes the charts from the weeks before the judged days, not
// before the first that is known.
func weekdayCharts(counts map[evenkeel.Day]int, first, today evenkeel.Day) (charts [week]weekdayChart) {
	for day := today - judgedDays; day < today-judgedDays+week; day++ {
		var baseline []metrics.Observation
		for back := metrics.BaselineWeeks; back > 0; back-- {
			if at := day - evenkeel.Day(back*week); at >= first {
				baseline = append(baseline, metrics.Observation{Value: float64(counts[at]), Count: counts[at], Of: 1})
			}
		}
		c := weekdayChart{weeks: len(baseline)}
		if len(baseline) >= metrics.ProvisionalWeeks {
			c.chart, _ = metrics.ChartOfCounts(baseline)
		}
		charts[weekday(day)] = c
	}
	return charts
}

// weekday numbers days by their place in the week; 1 January 1970 was a
// Thursday, which does not matter here.
func weekday(d evenkeel.Day) int { return ((int(d) % week) + week) % week }

// Start is the instant at which the drop began.
func (d Drop) Start() time.Time { return d.Since.Start() }
