package metrics

// The two-sided cumulative sum (CUSUM, Page 1954) over scores: shifts of one
// standard deviation are its aim.
const (
	// slack is what a score must exceed to add to the sum.
	slack = 0.5
	// decision is the sum that signals.
	decision = 4
	// most is what one score counts at most: a single odd week is told by the
	// limits and is no shift.
	most = 3
	// ceiling holds the sum, so that a series that went back is seen to have
	// gone back within a few weeks.
	ceiling = 1.5 * decision
)

// Shift is the state of the two sums after a score.
type Shift struct {
	// High and Low grow while scores are high, or low.
	High, Low float64
}

// Next adds a score.
func (s Shift) Next(score float64) Shift {
	z := min(max(score, -most), most)
	return Shift{min(max(0, s.High+z-slack), ceiling), min(max(0, s.Low-z-slack), ceiling)}
}

// Side is 1 while the high sum is beyond the decision, -1 while the low one
// is, and 0 otherwise.
func (s Shift) Side() int {
	switch {
	case s.High > decision:
		return 1
	case s.Low > decision:
		return -1
	}
	return 0
}
