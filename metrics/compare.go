package metrics

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// Direction says how a figure moved.
type Direction string

// The directions. A figure that is missing on either side has no value.
// Deployment frequency is higher or lower: whether that is good depends on how
// often the application is meant to be deployed (see [Comparison.Toward]).
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
// least 5 %; only then has Direction a direction, and Reason is empty.
type Difference struct {
	Absolute    *float64  `json:"absolute"`
	Relative    *float64  `json:"relative"`
	Direction   Direction `json:"direction" enum:"better,worse,higher,lower,no_clear_change,no_value"`
	Significant bool      `json:"significant"`
	Reason      Unclear   `json:"reason" enum:",no_value,too_few,small_change,chance,definition_changed,many_compared"`
	// P is how likely chance makes a change as large as this one; nil where
	// nothing can be tested.
	P *float64 `json:"p" minimum:"0" maximum:"1"`
}

// Unclear says why a difference has no direction.
type Unclear string

// The reasons, empty where the direction is clear.
const (
	// UnclearNoValue: either side has no value.
	UnclearNoValue Unclear = "no_value"
	// UnclearTooFew: one side rests on fewer than five cases.
	UnclearTooFew Unclear = "too_few"
	// UnclearSmall: the change is below 5 %.
	UnclearSmall Unclear = "small_change"
	// UnclearChance: chance makes such changes often.
	UnclearChance Unclear = "chance"
	// UnclearDefinition: the two sides follow different versions of the policy.
	UnclearDefinition Unclear = "definition_changed"
	// UnclearMany: among so many comparisons some look like this by chance.
	UnclearMany Unclear = "many_compared"
)

// fewCases is the number of cases below which a side is too few to judge.
const fewCases = 5

// Comparison holds the differences of the five figures, and of the number of
// incidents.
type Comparison struct {
	Frequency Difference `json:"deployment_frequency"`
	LeadTime  Difference `json:"change_lead_time"`
	FailRate  Difference `json:"change_fail_rate"`
	Recovery  Difference `json:"failed_deployment_recovery_time"`
	Rework    Difference `json:"deployment_rework_rate"`
	Incidents Difference `json:"incidents"`
}

// all lists the differences.
func (c *Comparison) all() []*Difference {
	return []*Difference{&c.Frequency, &c.LeadTime, &c.FailRate, &c.Recovery, &c.Rework, &c.Incidents}
}

// Compare says how figures changed between two reports of Compute. Durations
// are judged by the Mann-Whitney rank test, rates by Newcombe's interval,
// frequency and incidents by the conditional test of two Poisson rates.
// Reports that were not made by Compute (read back from JSON) compare without
// significance. Reports of different versions of the policy have no direction.
func Compare(current, previous Report) Comparison {
	days, before := current.samples.days, previous.samples.days
	c := Comparison{
		Frequency: difference(current.Frequency.PerDay, previous.Frequency.PerDay, Lower, Higher,
			countTest(current.Frequency.Deployments, previous.Frequency.Deployments, days, before)),
		LeadTime: difference(current.LeadTime.Value, previous.LeadTime.Value, Better, Worse, rankTest(current.samples.lead, previous.samples.lead)),
		FailRate: difference(current.FailRate.Value, previous.FailRate.Value, Better, Worse,
			shareTest(current.FailRate.Failed, current.FailRate.N, previous.FailRate.Failed, previous.FailRate.N)),
		Recovery: difference(current.Recovery.Value, previous.Recovery.Value, Better, Worse, rankTest(current.samples.recovery, previous.samples.recovery)),
		Rework: difference(current.Rework.Value, previous.Rework.Value, Better, Worse,
			shareTest(current.Rework.Rework, current.Rework.N, previous.Rework.Rework, previous.Rework.N)),
		Incidents: difference(rate(current.Incidents.Opened, days), rate(previous.Incidents.Opened, before), Better, Worse,
			countTest(current.Incidents.Opened, previous.Incidents.Opened, days, before)),
	}
	if current.Policy.Version != previous.Policy.Version {
		c.withhold(UnclearDefinition)
	}
	return c
}

// rate is a number per day; nil where no time has elapsed.
func rate(n int, days float64) *float64 {
	if days <= 0 {
		return nil
	}
	v := float64(n) / days
	return &v
}

// withhold takes the direction of every difference that has a value.
func (c *Comparison) withhold(why Unclear) {
	for _, d := range c.all() {
		if d.Direction != NoValue {
			d.unclear(why)
		}
	}
}

func (d *Difference) unclear(why Unclear) {
	d.Direction, d.Significant, d.Reason = NoClearChange, false, why
}

// Toward judges a change of frequency by the wanted number of deployments per
// week: more is better while fewer than wanted were made, fewer is worse if
// fewer than wanted are left. Without a wish (nil) it stays higher or lower.
func (c Comparison) Toward(wanted *float64, current, previous Report) Comparison {
	if d := &c.Frequency; d.Significant && wanted != nil {
		side := 1
		if *d.Absolute < 0 {
			side = -1
		}
		d.Direction = cadenceDirection(wanted)(side, 7**previous.Frequency.PerDay, 7**current.Frequency.PerDay)
	}
	return c
}

// evidence is what a test says of two samples.
type evidence struct {
	// p is the chance of a difference as large; nil if there is no test.
	p *float64
	// unlikely says that chance is an unlikely cause.
	unlikely bool
	// few says that a side is too small to judge.
	few bool
}

// difference judges a change by the directions that less and more are.
func difference(current, previous *float64, less, more Direction, e evidence) Difference {
	if current == nil || previous == nil {
		return Difference{Direction: NoValue, Reason: UnclearNoValue}
	}
	absolute := *current - *previous
	d := Difference{Absolute: &absolute, Direction: more, Significant: true, P: e.p}
	if absolute < 0 {
		d.Direction = less
	}
	large := absolute != 0
	if *previous != 0 {
		relative := absolute / *previous
		d.Relative, large = &relative, math.Abs(relative) >= minRelative
	}
	switch {
	case e.unlikely && large:
	case e.few:
		d.unclear(UnclearTooFew)
	case !large:
		d.unclear(UnclearSmall)
	default:
		d.unclear(UnclearChance)
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
	if slices.IsSorted(values) {
		return sortedSample(values)
	}
	var counts [binCount]int32
	for _, v := range values {
		counts[bin(v)]++
	}
	return countedSample(counts[:])
}

// countedSample is the sample of values that are counted by bin.
func countedSample(counts []int32) (s sample) {
	for b, n := range counts {
		if n > 0 {
			s = append(s, binned{uint32(b), int(n)})
		}
	}
	return s
}

// sortedSample is the sample of ascending values, of which the bins ascend too.
func sortedSample(values []int64) (s sample) {
	for _, v := range values {
		b := bin(v)
		if len(s) == 0 || s[len(s)-1].bin != b {
			s = append(s, binned{b, 0})
		}
		s[len(s)-1].count++
	}
	return s
}

func (s sample) size() (n float64) {
	for _, b := range s {
		n += float64(b.count)
	}
	return n
}

// rankTest is the two-sided Mann-Whitney test at 5 % by the normal
// approximation with corrections for ties and continuity. Values of one bin
// (0.8 % wide) count as tied.
func rankTest(a, b sample) evidence {
	n1, n2 := a.size(), b.size()
	e := evidence{few: min(n1, n2) < fewCases}
	if n1 == 0 || n2 == 0 {
		return e
	}
	u, ties := rankSum(a, b)
	n := n1 + n2
	variance := n1 * n2 / 12 * (n + 1 - ties/(n*(n-1)))
	if !(variance > 0) {
		return e
	}
	z := (math.Abs(u-n1*n2/2) - 0.5) / math.Sqrt(variance)
	e.p, e.unlikely = twoSided(z), z >= z95
	return e
}

// twoSided is the chance of a normal score at least so far from 0.
func twoSided(z float64) *float64 {
	p := math.Erfc(max(z, 0) / math.Sqrt2)
	return &p
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

// shareTest says whether Newcombe's 95 % interval of the difference of two
// shares (built from their Wilson intervals) leaves out 0. Its p is that of
// the score test of equal shares.
func shareTest(k1, n1, k2, n2 int) evidence {
	e := evidence{few: min(n1, n2) < fewCases}
	if n1 == 0 || n2 == 0 {
		return e
	}
	p1, p2 := float64(k1)/float64(n1), float64(k2)/float64(n2)
	l1, h1 := wilson(k1, n1, z95)
	l2, h2 := wilson(k2, n2, z95)
	low := p1 - p2 - math.Hypot(p1-*l1, *h2-p2)
	high := p1 - p2 + math.Hypot(*h1-p1, p2-*l2)
	e.unlikely = low > 0 || high < 0
	both := float64(k1+k2) / float64(n1+n2)
	if deviation := math.Sqrt(both * (1 - both) * (1/float64(n1) + 1/float64(n2))); deviation > 0 {
		e.p = twoSided(math.Abs(p1-p2) / deviation)
	}
	return e
}

// countTest is the two-sided conditional test at 5 % of two Poisson rates:
// given the sum of both counts, the first is binomial.
func countTest(k1, k2 int, days1, days2 float64) evidence {
	e := evidence{few: k1+k2 <= fewCases}
	if days1 <= 0 || days2 <= 0 || k1+k2 == 0 {
		return e
	}
	b := distuv.Binomial{N: float64(k1 + k2), P: days1 / (days1 + days2)}
	lower, upper := b.CDF(float64(k1)), 1-b.CDF(float64(k1-1))
	p := min(1, 2*min(lower, upper))
	e.p, e.unlikely = &p, p < 0.05
	return e
}
