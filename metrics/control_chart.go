package metrics

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Observation is one week of a control chart. Charts of durations read Value,
// charts of counts and of proportions read Count and Of.
type Observation struct {
	// Value is the figure of the week: seconds, a count or a share.
	Value float64
	// Count is how often something happened.
	Count int
	// Of is what Count is out of: cases for a proportion, weeks for a count.
	Of float64
}

// Limits are what a week is expected to stay within, in the units of the
// figure. A value on a limit is within it.
type Limits struct {
	Centre, Lower, Upper float64
}

// Chart judges weeks by a baseline that does not change.
type Chart interface {
	// Limits of one week; they depend on Of, not on what was observed.
	Limits(o Observation) Limits
	// Score is how far a week lies from the centre, in standard deviations.
	Score(o Observation) float64
}

const (
	// d2 turns a mean moving range of two into a standard deviation: 2/√π.
	d2 = 1.1283791670955126
	// tail is the chance to lie beyond one limit of three standard deviations.
	tail = 0.0013498980316300933
)

// movingRange is the mean distance of neighbours, 0 below two values.
func movingRange(values []float64) float64 {
	sum := 0.0
	for i := 1; i < len(values); i++ {
		sum += math.Abs(values[i] - values[i-1])
	}
	return sum / max(1, float64(len(values)-1))
}

func mean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / max(1, float64(len(values)))
}

// Individuals is the individuals and moving range chart (XmR, Shewhart and
// Wheeler): centre ± 2.66 times the mean moving range, which is three standard
// deviations of mean moving range / 1.128.
type Individuals struct {
	Centre, Sigma float64
	// Log says that both are of natural logarithms.
	Log bool
}

// NewIndividuals makes the chart from baseline values in their order; log
// takes their logarithms first. Sigma is 0 where the values never differ.
func NewIndividuals(baseline []float64, log bool) Individuals {
	c := Individuals{Log: log}
	scaled := make([]float64, len(baseline))
	for i, v := range baseline {
		scaled[i] = c.scale(v)
	}
	c.Centre, c.Sigma = mean(scaled), movingRange(scaled)/d2
	return c
}

// scale takes the logarithm of durations; less than a second counts as one.
func (c Individuals) scale(v float64) float64 {
	if c.Log {
		return math.Log(max(v, 1))
	}
	return v
}

func (c Individuals) unscale(v float64) float64 {
	if c.Log {
		return math.Exp(v)
	}
	return max(v, 0)
}

// Limits are the same for every week, and never below 0.
func (c Individuals) Limits(Observation) Limits {
	return Limits{c.unscale(c.Centre), c.unscale(c.Centre - 3*c.Sigma), c.unscale(c.Centre + 3*c.Sigma)}
}

// Score is (value - centre) / sigma.
func (c Individuals) Score(o Observation) float64 { return (c.scale(o.Value) - c.Centre) / c.Sigma }

// Counts is the chart of rare counts (c chart; u chart with unequal exposure).
// Its limits are exact: what one Poisson count in 741 exceeds, allowing for
// how much of it the baseline has shown (gamma-Poisson prediction with
// Jeffreys' prior). They tend to u ± 3 √(u/exposure).
type Counts struct {
	// Count was seen in Exposure weeks of the baseline.
	Count    int
	Exposure float64
	// Spread is how much more the baseline varies than Poisson counts; at least 1.
	Spread float64
}

// NewCounts makes the chart from baseline weeks.
func NewCounts(baseline []Observation) Counts {
	c := Counts{Spread: 1}
	for _, o := range baseline {
		c.Count += o.Count
		c.Exposure += o.Of
	}
	c.Spread = spread(c, baseline)
	return c
}

func (c Counts) prediction(o Observation) prediction {
	// A gamma-Poisson count has P(0) = (b/(b+t))^a and
	// P(k+1) = P(k) (a+k)/(k+1) t/(b+t).
	a, b, t := float64(c.Count)+0.5, c.Exposure, o.Of
	return prediction{
		first: a * math.Log(b/(b+t)), end: math.MaxInt32,
		ratio: func(k float64) float64 { return (a + k) / (k + 1) * t / (b + t) },
	}
}

// Limits are counts of the week's exposure.
func (c Counts) Limits(o Observation) Limits {
	return c.prediction(o).limits(float64(c.Count)/c.Exposure*o.Of, c.Spread)
}

// Score is the normal score of the count among those expected.
func (c Counts) Score(o Observation) float64 { return c.prediction(o).score(o.Count) / c.Spread }

// Proportions is the chart of shares (p chart) with limits of each week's own
// number of cases. They are exact: what one binomial count in 741 exceeds,
// allowing for how much of it the baseline has shown (beta-binomial prediction
// with Jeffreys' prior). They tend to p ± 3 √(p(1-p)/n). What varies more than
// that by nature has its limits widened (Laney 2002).
type Proportions struct {
	// Count of Of cases in the baseline.
	Count, Of int
	// Spread is how much more the baseline varies than binomial counts; at least 1.
	Spread float64
}

// NewProportions makes the chart from baseline weeks.
func NewProportions(baseline []Observation) Proportions {
	c := Proportions{Spread: 1}
	for _, o := range baseline {
		c.Count += o.Count
		c.Of += int(o.Of)
	}
	c.Spread = spread(c, baseline)
	return c
}

func (c Proportions) prediction(o Observation) prediction {
	// A beta-binomial count has P(0) = B(a, b+n)/B(a, b) and
	// P(k+1) = P(k) (n-k)/(k+1) (a+k)/(b+n-k-1).
	a, b, n := float64(c.Count)+0.5, float64(c.Of-c.Count)+0.5, o.Of
	return prediction{
		first: logBeta(a, b+n) - logBeta(a, b), end: int(n),
		ratio: func(k float64) float64 { return (n - k) / (k + 1) * (a + k) / (b + n - k - 1) },
	}
}

func logBeta(a, b float64) float64 {
	x, _ := math.Lgamma(a)
	y, _ := math.Lgamma(b)
	z, _ := math.Lgamma(a + b)
	return x + y - z
}

// Limits are shares of the week's cases.
func (c Proportions) Limits(o Observation) Limits {
	counts := c.prediction(o).limits(float64(c.Count)/float64(c.Of)*o.Of, c.Spread)
	return Limits{counts.Centre / o.Of, counts.Lower / o.Of, min(counts.Upper/o.Of, 1)}
}

// Score is the normal score of the count among those expected.
func (c Proportions) Score(o Observation) float64 { return c.prediction(o).score(o.Count) / c.Spread }

// spread is the standard deviation of the baseline's own scores by their mean
// moving range (Laney's sigma of z), at least 1.
func spread(c Chart, baseline []Observation) float64 {
	scores := make([]float64, len(baseline))
	for i, o := range baseline {
		scores[i] = c.Score(o)
	}
	return max(1, movingRange(scores)/d2)
}

// prediction is the distribution of a count that is yet to come, by the
// logarithm of its chance to be 0 and the ratio of each chance to the last.
type prediction struct {
	first float64
	ratio func(k float64) float64
	// end is the greatest possible count.
	end int
}

// each gives every count with the chance of less and of exactly as much,
// until f has seen enough.
func (p prediction) each(f func(k int, less, exactly float64) bool) {
	less, logged := 0.0, p.first
	for k := 0; k <= p.end; k++ {
		exactly := math.Exp(logged)
		if !f(k, less, exactly) {
			return
		}
		less += exactly
		logged += math.Log(p.ratio(float64(k)))
	}
}

// limits are the least and the greatest count that are not beyond a tail,
// their distance from the centre stretched by spread.
func (p prediction) limits(centre, spread float64) Limits {
	lower, upper := 0, 0
	p.each(func(k int, less, exactly float64) bool {
		if less+exactly <= tail {
			lower = k + 1
		}
		upper = k
		return 1-less-exactly > tail
	})
	return Limits{centre, max(0, centre-spread*(centre-float64(lower))), centre + spread*(float64(upper)-centre)}
}

// score is the normal quantile of the chance of less and half of as much.
func (p prediction) score(count int) (z float64) {
	p.each(func(k int, less, exactly float64) bool {
		if k < count {
			return true
		}
		middle := min(max(less+exactly/2, 1e-12), 1-1e-12)
		z = distuv.UnitNormal.Quantile(middle)
		return false
	})
	return z
}
