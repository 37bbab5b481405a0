package metrics

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Direction says how a figure moved.
type Direction string

// The directions. A figure that is missing on either side has no value.
// Deployment frequency is higher or lower: whether that is good depends on how
// often the application is meant to be deployed.
const (
	Better        Direction = "better"
	Worse         Direction = "worse"
	Higher        Direction = "higher"
	Lower         Direction = "lower"
	NoClearChange Direction = "no_clear_change"
	NoValue       Direction = "no_value"
)

// minRelative is the least relative change that is worth telling.
const minRelative = 0.05

// Difference is how one figure changed. Absolute and Relative are nil where
// either side has no value; Relative also where the previous value is 0.
// Significant says that chance is an unlikely cause (5 %) and the change is at
// least 5 %; only then has Direction a direction.
type Difference struct {
	Absolute    *float64  `json:"absolute"`
	Relative    *float64  `json:"relative"`
	Direction   Direction `json:"direction"`
	Significant bool      `json:"significant"`
}

// Comparison holds the differences of the five figures.
type Comparison struct {
	Frequency Difference `json:"deployment_frequency"`
	LeadTime  Difference `json:"change_lead_time"`
	FailRate  Difference `json:"change_fail_rate"`
	Recovery  Difference `json:"failed_deployment_recovery_time"`
	Rework    Difference `json:"deployment_rework_rate"`
}

// Compare says how figures changed between two reports of Compute. Durations
// are judged by the Mann-Whitney rank test, rates by Newcombe's interval,
// frequency by the conditional test of two Poisson rates. Reports that were
// not made by Compute (read back from JSON) compare without significance.
func Compare(current, previous Report) Comparison {
	return Comparison{
		Frequency: difference(current.Frequency.PerDay, previous.Frequency.PerDay, Lower, Higher,
			ratesDiffer(current.Frequency.Deployments, previous.Frequency.Deployments, current.samples.days, previous.samples.days)),
		LeadTime: difference(current.LeadTime.Median, previous.LeadTime.Median, Better, Worse, ranksDiffer(current.samples.lead, previous.samples.lead)),
		FailRate: difference(current.FailRate.Value, previous.FailRate.Value, Better, Worse,
			sharesDiffer(current.FailRate.Failed, current.FailRate.N, previous.FailRate.Failed, previous.FailRate.N)),
		Recovery: difference(current.Recovery.Median, previous.Recovery.Median, Better, Worse, ranksDiffer(current.samples.recovery, previous.samples.recovery)),
		Rework: difference(current.Rework.Value, previous.Rework.Value, Better, Worse,
			sharesDiffer(current.Rework.Rework, current.Rework.N, previous.Rework.Rework, previous.Rework.N)),
	}
}

// difference judges a change by the directions that less and more are.
func difference(current, previous *float64, less, more Direction, unlikely bool) Difference {
	if current == nil || previous == nil {
		return Difference{Direction: NoValue}
	}
	absolute := *current - *previous
	d := Difference{Absolute: &absolute, Direction: NoClearChange}
	large := absolute != 0
	if *previous != 0 {
		relative := absolute / *previous
		d.Relative, large = &relative, math.Abs(relative) >= minRelative
	}
	d.Significant = unlikely && large
	switch {
	case !d.Significant:
	case absolute < 0:
		d.Direction = less
	default:
		d.Direction = more
	}
	return d
}

// samples are what Compare needs beyond a report's figures.
type samples struct {
	lead, recovery sample
	days           float64
}

// sample counts values by bin, ascending.
type sample []binned

type binned struct {
	bin   uint32
	count int
}

func newSample(values []int64) sample {
	if len(values) == 0 {
		return nil
	}
	var counts [binCount]int32
	for _, v := range values {
		counts[bin(v)]++
	}
	var s sample
	for b, n := range counts {
		if n > 0 {
			s = append(s, binned{uint32(b), int(n)})
		}
	}
	return s
}

func (s sample) size() (n float64) {
	for _, b := range s {
		n += float64(b.count)
	}
	return n
}

// ranksDiffer is the two-sided Mann-Whitney test at 5 % by the normal
// approximation with corrections for ties and continuity. Values of one bin
// (0.8 % wide) count as tied.
func ranksDiffer(a, b sample) bool {
	n1, n2 := a.size(), b.size()
	if n1 == 0 || n2 == 0 {
		return false
	}
	u, ties := rankSum(a, b)
	n := n1 + n2
	variance := n1 * n2 / 12 * (n + 1 - ties/(n*(n-1)))
	if !(variance > 0) {
		return false
	}
	z := (math.Abs(u-n1*n2/2) - 0.5) / math.Sqrt(variance)
	return z >= z95
}

// rankSum is the number of pairs in which a's value is greater (ties count
// half), and the sum of t^3 - t over groups of t tied values.
func rankSum(a, b sample) (u, ties float64) {
	bins := map[uint32][2]float64{}
	for _, one := range a {
		bins[one.bin] = [2]float64{float64(one.count)}
	}
	for _, one := range b {
		bins[one.bin] = [2]float64{bins[one.bin][0], float64(one.count)}
	}
	below := 0.0
	for _, key := range sortedKeys(bins) {
		x, y := bins[key][0], bins[key][1]
		u += x * (below + y/2)
		below += y
		t := x + y
		ties += t*t*t - t
	}
	return u, ties
}

// sharesDiffer says whether Newcombe's 95 % interval of the difference of two
// shares (built from their Wilson intervals) leaves out 0.
func sharesDiffer(k1, n1, k2, n2 int) bool {
	if n1 == 0 || n2 == 0 {
		return false
	}
	p1, p2 := float64(k1)/float64(n1), float64(k2)/float64(n2)
	l1, h1 := wilson(k1, n1, z95)
	l2, h2 := wilson(k2, n2, z95)
	low := p1 - p2 - math.Hypot(p1-*l1, *h2-p2)
	high := p1 - p2 + math.Hypot(*h1-p1, p2-*l2)
	return low > 0 || high < 0
}

// ratesDiffer is the two-sided conditional test at 5 % of two Poisson rates:
// given the sum of both counts, the first is binomial.
func ratesDiffer(k1, k2 int, days1, days2 float64) bool {
	if days1 <= 0 || days2 <= 0 || k1+k2 == 0 {
		return false
	}
	b := distuv.Binomial{N: float64(k1 + k2), P: days1 / (days1 + days2)}
	lower, upper := b.CDF(float64(k1)), 1-b.CDF(float64(k1-1))
	return 2*min(lower, upper) < 0.05
}
