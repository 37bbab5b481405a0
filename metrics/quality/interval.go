package quality

import (
	"math"
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
)

// The rules of intervals.
const (
	// HistoryDays is how far back is looked: the days that are judged for a drop
	// and the weeks that they are compared with.
	HistoryDays = judgedDays + week*metrics.BaselineWeeks
	// RecentDays is what is called lately.
	RecentDays   = 90
	secondsOfDay = 24 * 60 * 60
	// leastGaps is how many gaps make an interval.
	leastGaps = 5
	// leastSilence is never too long.
	leastSilence = 7 * 24 * time.Hour
	// patience is how many long gaps a silence may last.
	patience = 3
)

// Interval is how long something usually keeps silent.
type Interval struct {
	// Usual is the median gap between days with a fact.
	Usual time.Duration
	// Limit is the longest silence that is not remarkable: three times the gap
	// that nine of ten do not exceed, and a week at least.
	Limit time.Duration
	// Gaps is how many it rests on.
	Gaps int
}

// UsualInterval finds the interval of what was on some days, in ascending
// order; false where there are fewer than five gaps.
func UsualInterval(days []evenkeel.DayCount) (Interval, bool) {
	gaps := make([]float64, 0, len(days))
	for i := 1; i < len(days); i++ {
		gaps = append(gaps, float64(days[i].Day-days[i-1].Day))
	}
	if len(gaps) < leastGaps {
		return Interval{Gaps: len(gaps)}, false
	}
	slices.Sort(gaps)
	limit := lengthOf(patience * quantile(gaps, 0.9))
	return Interval{Usual: lengthOf(quantile(gaps, 0.5)), Limit: max(limit, leastSilence), Gaps: len(gaps)}, true
}

func lengthOf(days float64) time.Duration {
	return time.Duration(math.Round(days*secondsOfDay)) * time.Second
}

// quantile interpolates linearly between order statistics (type 7); there is
// at least one value, and they ascend.
func quantile(sorted []float64, p float64) float64 {
	at := float64(len(sorted)-1) * p
	below := int(at)
	above := min(below+1, len(sorted)-1)
	return sorted[below] + (at-float64(below))*(sorted[above]-sorted[below])
}

// Silence is how long something has been silent, and whether that is
// remarkable.
type Silence struct {
	Interval
	For time.Duration
	// Known says that there is a usual interval to compare with.
	Known   bool
	TooLong bool
}

// SilenceOf judges the time since the last instant by the days before.
func SilenceOf(days []evenkeel.DayCount, last, now time.Time) Silence {
	s := Silence{For: now.Sub(last)}
	s.Interval, s.Known = UsualInterval(days)
	s.TooLong = s.Known && s.For > s.Limit
	return s
}

// Merge adds up counts by day; the result ascends.
func Merge(lists ...[]evenkeel.DayCount) []evenkeel.DayCount {
	if len(lists) == 1 {
		return lists[0]
	}
	sums := map[evenkeel.Day]int{}
	for _, list := range lists {
		for _, d := range list {
			sums[d.Day] += d.N
		}
	}
	merged := make([]evenkeel.DayCount, 0, len(sums))
	for day, n := range sums {
		merged = append(merged, evenkeel.DayCount{Day: day, N: n})
	}
	slices.SortFunc(merged, func(a, b evenkeel.DayCount) int { return int(a.Day - b.Day) })
	return merged
}

// since keeps the counts of a day and later ones.
func since(days []evenkeel.DayCount, from evenkeel.Day) []evenkeel.DayCount {
	at, _ := slices.BinarySearchFunc(days, from, func(d evenkeel.DayCount, day evenkeel.Day) int { return int(d.Day - day) })
	return days[at:]
}

// total adds up counts.
func total(days []evenkeel.DayCount) (n int) {
	for _, d := range days {
		n += d.N
	}
	return n
}
