package metrics

import (
	"cmp"
	"math"
	"slices"
)

// logValue is the logarithm of one change's value.
type logValue struct {
	value   float64
	cluster ID
}

// logStratum holds the logarithms of both sides of a stratum, ascending.
type logStratum struct{ assisted, other []logValue }

// logsOf takes logarithms of what is known; a value below 1 (a microsecond, a
// line) is taken as 1. Strata that lose a side are left out.
func logsOf(alike [][]markedChange, of func(markedChange) int64) []logStratum {
	var list []logStratum
	for _, one := range alike {
		var s logStratum
		for _, c := range one {
			v := of(c)
			if v < 0 {
				continue
			}
			l := logValue{math.Log(float64(max(v, 1))), c.deployment}
			if c.assisted {
				s.assisted = append(s.assisted, l)
			} else {
				s.other = append(s.other, l)
			}
		}
		if len(s.assisted) > 0 && len(s.other) > 0 {
			slices.SortFunc(s.assisted, compareLogValues)
			slices.SortFunc(s.other, compareLogValues)
			list = append(list, s)
		}
	}
	return list
}

func compareLogValues(a, b logValue) int {
	return cmp.Or(cmp.Compare(a.value, b.value), a.cluster.compare(b.cluster))
}

// weight is that of van Elteren's test: locally most powerful where the shift
// is the same everywhere.
func (s logStratum) weight() float64 { return 1 / float64(len(s.assisted)+len(s.other)+1) }

// compareLogs says how many times as great the assisted side is: the shift of
// logarithms at which van Elteren's stratified rank sum is as great as expected
// (Hodges and Lehmann's estimator), with the shifts that its test does not
// reject at 5 % as the interval. Changes of one deployment are not independent;
// where they make the rank sum vary more than independent ones would, the
// interval widens accordingly.
func compareLogs(strata []logStratum, less, more Contrast) RatioResult {
	assisted, other, variance := 0, 0, 0.0
	for _, s := range strata {
		a, o := float64(len(s.assisted)), float64(len(s.other))
		assisted, other = assisted+len(s.assisted), other+len(s.other)
		variance += a * o * s.weight() / 12
	}
	if assisted < minSide || other < minSide {
		return RatioResult{Verdict: ContrastTooFew}
	}
	t := vanElteren{strata, reachOf(strata)}
	shift := (t.above(0) + t.below(0)) / 2
	deviation := z95 * math.Sqrt(max(variance, t.clustered(shift)))
	r := RatioResult{Ratio: exponential(shift), Low: exponential(t.above(deviation)), High: exponential(t.below(-deviation)), Verdict: ContrastUnclear}
	switch {
	case r.Low == nil || r.High == nil || math.Abs(*r.Ratio-1) < minRelative:
	case *r.Low > 1:
		r.Verdict = more
	case *r.High < 1:
		r.Verdict = less
	}
	return r
}

// exponential is nil for a shift without an end.
func exponential(shift float64) *float64 {
	if math.IsInf(shift, 0) {
		return nil
	}
	v := math.Exp(shift)
	return &v
}

// vanElteren is the stratified rank sum as a function of how far the assisted
// side is shifted down; it never rises.
type vanElteren struct {
	strata []logStratum
	// reach is further than any two values of a stratum are apart.
	reach float64
}

func reachOf(strata []logStratum) float64 {
	reach := 0.0
	for _, s := range strata {
		a, o := s.assisted, s.other
		reach = max(reach, a[len(a)-1].value-o[0].value, o[len(o)-1].value-a[0].value)
	}
	return reach + 1
}

// at is the weighted sum, over the strata, of the pairs in which the assisted
// value is greater (equal ones count half), less what chance makes of it.
func (t vanElteren) at(shift float64) float64 {
	total := 0.0
	for _, s := range t.strata {
		var pairs float64
		below, upto := 0, 0
		for _, a := range s.assisted {
			v := a.value - shift
			for below < len(s.other) && s.other[below].value < v {
				below++
			}
			for upto = max(upto, below); upto < len(s.other) && s.other[upto].value <= v; {
				upto++
			}
			pairs += float64(below+upto) / 2
		}
		total += s.weight() * (pairs - float64(len(s.assisted)*len(s.other))/2)
	}
	return total
}

// shiftSteps halve the reach until a ratio is known to one in 100,000.
const shiftSteps = 24

// above is the last shift at which the sum is above a level; infinite where it
// always is, or never.
func (t vanElteren) above(level float64) float64 {
	if t.at(-t.reach) <= level {
		return math.Inf(-1)
	}
	last, _ := t.turn(func(sum float64) bool { return sum > level })
	return last
}

// below is the first shift at which the sum is below a level.
func (t vanElteren) below(level float64) float64 {
	if t.at(t.reach) >= level {
		return math.Inf(1)
	}
	_, first := t.turn(func(sum float64) bool { return sum >= level })
	return first
}

// turn encloses where a condition that holds for small shifts ends: the last
// shift tried at which it holds, and the first at which it does not.
func (t vanElteren) turn(holds func(sum float64) bool) (low, high float64) {
	low, high = -t.reach, t.reach
	for range shiftSteps {
		mid := (low + high) / 2
		if holds(t.at(mid)) {
			low = mid
		} else {
			high = mid
		}
	}
	return low, high
}

// clustered estimates the variance of the sum where changes of one deployment
// go together: the sum of the squares of the deployments' shares in it.
func (t vanElteren) clustered(shift float64) float64 {
	shares := map[ID]float64{}
	for _, s := range t.strata {
		s.share(shift, shares)
	}
	variance := 0.0
	for _, id := range sortedIDs(shares) {
		variance += shares[id] * shares[id]
	}
	return variance
}

// share adds what each change contributes to the sum.
func (s logStratum) share(shift float64, shares map[ID]float64) {
	type ranked struct {
		logValue
		side float64
	}
	n := float64(len(s.assisted) + len(s.other))
	part := float64(len(s.assisted)) / n
	all := make([]ranked, 0, int(n))
	for _, a := range s.assisted {
		all = append(all, ranked{logValue{a.value - shift, a.cluster}, 1 - part})
	}
	for _, o := range s.other {
		all = append(all, ranked{o, -part})
	}
	slices.SortFunc(all, func(a, b ranked) int { return compareLogValues(a.logValue, b.logValue) })
	for from := 0; from < len(all); {
		to := from + 1
		for to < len(all) && all[to].value == all[from].value {
			to++
		}
		rank := float64(from+1+to) / 2
		for _, one := range all[from:to] {
			shares[one.cluster] += s.weight() * one.side * (rank - (n+1)/2)
		}
		from = to
	}
}

// sortedIDs orders keys, so that sums of floating-point numbers come out the same.
func sortedIDs[V any](m map[ID]V) []ID {
	ids := make([]ID, 0, len(m))
	for id := range m {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, ID.compare)
	return ids
}
