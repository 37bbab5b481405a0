package metrics

import "slices"

const (
	// manySeries is how many comparisons may be read side by side as they are.
	manySeries = 50
	// falseShare is the share of false ones that is accepted among those told.
	falseShare = 0.05
)

// Discoveries says which of many tests hold, so that of those that hold a
// share q at most is expected to be chance (Benjamini and Hochberg 1995): with
// p in order, all up to the last one with p(i) <= q i/m.
func Discoveries(p []float64, q float64) []bool {
	sorted := slices.Sorted(slices.Values(p))
	limit := -1.0
	for i, v := range sorted {
		if v <= q*float64(i+1)/float64(len(sorted)) {
			limit = v
		}
	}
	hold := make([]bool, len(p))
	for i, v := range p {
		hold[i] = v <= limit
	}
	return hold
}

// Screen takes the directions of differences that are no discoveries where
// more than 50 are looked at together, as in a long table. Fewer stay as they
// are.
func Screen(list []*Comparison) {
	var tested []*Difference
	var p []float64
	for _, c := range list {
		for _, d := range c.all() {
			if d.P != nil && d.Reason != UnclearDefinition {
				tested, p = append(tested, d), append(p, *d.P)
			}
		}
	}
	if len(tested) <= manySeries {
		return
	}
	for i, holds := range Discoveries(p, falseShare) {
		if tested[i].Significant && !holds {
			tested[i].unclear(UnclearMany)
		}
	}
}
