package slo

// CompositeRule is how objectives with indicators of their own become one.
type CompositeRule string

// The composite rules.
const (
	// CompositeOpenSLO is the specification's: burns add up by weight where
	// events are counted, a slice is bad if it is bad for any member, ratios
	// fall by weight.
	CompositeOpenSLO CompositeRule = "openslo"
	// CompositeWeighted is the weighted mean of the members that have data.
	CompositeWeighted CompositeRule = "weighted"
	// CompositeWorst is the member that has the least budget left.
	CompositeWorst CompositeRule = "worst"
	// CompositeSerial is the product of the members: all are needed at once.
	CompositeSerial CompositeRule = "serial"
)
