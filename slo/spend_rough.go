package slo

import (
	"slices"
	"time"
)

// The variation of the ratio is looked at in blocks of a quarter of an hour, or
// as long as it takes for a score of bad events, but no longer than a quarter
// of a day. Those of a week are remembered, and a few are needed.
const (
	roughBlock  = 15 * time.Minute
	roughEvents = 20
	roughLong   = time.Hour
	roughPast   = 7 * 24 * time.Hour
	roughFew    = 12
	// roughest is the share of blocks that are below what is usual.
	roughest = 0.8
)

// roughness is how much the ratio varies by itself from one block of time to
// another: by the hour of the day, or because errors come in bursts. It looks
// at everything, excess too, of which a part as small as changes make does not
// move the quantile that it takes.
type roughness struct {
	block, keep int
	least       float64 // trials that a block needs
	ratios      []float64
	sorted      []float64
	n, x        float64
	slices      int
}

func newRoughness(a *account) *roughness {
	n, x := sum(a.n), sum(a.x)
	if x == 0 {
		return nil
	}
	block := max(1, a.slices(roughBlock), int(roughEvents*float64(len(a.x))/x))
	if time.Duration(block)*a.step > roughLong {
		return nil
	}
	return &roughness{block: block, keep: a.slices(roughPast) / block, least: roughEvents / 4 * n / x}
}

// add takes one slice.
func (r *roughness) add(n, x float64) {
	if r == nil {
		return
	}
	r.n, r.x, r.slices = r.n+n, r.x+x, r.slices+1
	if r.slices < r.block {
		return
	}
	if r.n > 0 && r.n >= r.least {
		r.push(r.x / r.n)
	}
	r.n, r.x, r.slices = 0, 0, 0
}

func (r *roughness) push(ratio float64) {
	r.ratios = append(r.ratios, ratio)
	at, _ := slices.BinarySearch(r.sorted, ratio)
	r.sorted = slices.Insert(r.sorted, at, ratio)
	if k := len(r.ratios) - r.keep - 1; k >= 0 {
		at, _ := slices.BinarySearch(r.sorted, r.ratios[k])
		r.sorted = slices.Delete(r.sorted, at, at+1)
	}
}

// times is how many times a ratio blocks usually have at most, 1 at least.
func (r *roughness) times(ratio float64) float64 {
	if r == nil || len(r.sorted) < roughFew || ratio <= 0 {
		return 1
	}
	return max(1, r.sorted[int(roughest*float64(len(r.sorted)))]/ratio)
}
