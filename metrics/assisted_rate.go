package metrics

import "math"

// compareRates is Mantel and Haenszel's risk difference over strata, with the
// greater of two variances: Sato's, and one that takes the changes of one
// deployment, which fail together, as one.
func compareRates(strata [][]markedChange, hit func(markedChange) bool) RateDifference {
	var t riskTable
	shares := map[ID]float64{}
	for _, one := range strata {
		t.add(one, hit, shares)
	}
	if t.assisted < minSide || t.other < minSide {
		return RateDifference{Verdict: ContrastTooFew}
	}
	difference := t.numerator / t.weight
	d := RateDifference{Difference: &difference, Verdict: ContrastUnclear}
	clustered := 0.0
	for _, id := range sortedIDs(shares) {
		clustered += shares[id] * shares[id]
	}
	variance := max((difference*t.p+t.q)/(t.weight*t.weight), clustered/(t.weight*t.weight))
	if !(variance > 0) { // Nothing failed, or everything: no variance can be told.
		return d
	}
	low, high := max(-1, difference-z95*math.Sqrt(variance)), min(1, difference+z95*math.Sqrt(variance))
	d.Low, d.High = &low, &high
	switch {
	case low > 0:
		d.Verdict = ContrastWorse
	case high < 0:
		d.Verdict = ContrastBetter
	}
	return d
}

// riskTable sums strata of two by two tables.
type riskTable struct {
	assisted, other   int
	numerator, weight float64
	// p and q are the terms of Sato's variance.
	p, q float64
}

// add takes a stratum in, and what each deployment's changes contribute to
// the numerator.
func (t *riskTable) add(changes []markedChange, hit func(markedChange) bool, shares map[ID]float64) {
	var a, b, n1, n0 float64
	for _, c := range changes {
		switch {
		case c.assisted:
			n1, a = n1+1, a+float64(count(hit(c)))
		default:
			n0, b = n0+1, b+float64(count(hit(c)))
		}
	}
	n := n1 + n0
	t.assisted, t.other = t.assisted+int(n1), t.other+int(n0)
	t.numerator += (a*n0 - b*n1) / n
	t.weight += n1 * n0 / n
	t.p += (n1*n1*b - n0*n0*a + n1*n0*(n0-n1)/2) / (n * n)
	t.q += (a*(n0-b) + b*(n1-a)) / (2 * n)
	for _, c := range changes {
		side := -n1 / n
		if c.assisted {
			side = n0 / n
		}
		shares[c.deployment] += side * (float64(count(hit(c))) - (a+b)/n)
	}
}
