package metrics

import (
	"math"
	"slices"
)

// ranker finds order statistics of one sample of non-negative values.
type ranker interface {
	size() int
	// prepare is called with the ranks that will be asked for, counted from 0.
	prepare(ranks []int)
	// at is the value of a prepared rank.
	at(rank int) int64
	sample() sample
}

// selection finds order statistics of one sample of non-negative values.
type selection struct {
	values []int64
	n      int
	sorted bool
	starts []int32 // By bin, how many values lie in lower bins.
	bins   map[uint32][]int64
}

// small is the sample size up to which sorting is faster than binning.
const small = 2048

// binCount is the number of bins: the upper half of a float32's bits.
const binCount = 1 << 15

// bin maps a non-negative value to its bin. Bins keep the order of values and
// are 0.8 % wide.
func bin(v int64) uint32 { return math.Float32bits(float32(v)) >> 16 }

// newSelection prepares a sample; it may reorder values.
func newSelection(values []int64) *selection {
	s := &selection{values: values, n: len(values)}
	if len(values) <= small {
		slices.Sort(values)
		s.sorted = true
		return s
	}
	s.starts, s.bins = make([]int32, binCount+1), map[uint32][]int64{}
	for _, v := range values {
		s.starts[bin(v)+1]++
	}
	for i := range binCount {
		s.starts[i+1] += s.starts[i]
	}
	return s
}

// prepare sorts the bins that hold the ranks.
func (s *selection) prepare(ranks []int) {
	if s.sorted {
		return
	}
	for _, r := range ranks {
		b := s.binOf(r)
		if _, ok := s.bins[b]; !ok {
			s.bins[b] = make([]int64, 0, s.starts[b+1]-s.starts[b])
		}
	}
	wanted := make([]bool, binCount)
	for b := range s.bins {
		wanted[b] = true
	}
	for _, v := range s.values {
		if b := bin(v); wanted[b] {
			s.bins[b] = append(s.bins[b], v)
		}
	}
	for _, list := range s.bins {
		slices.Sort(list)
	}
}

func (s *selection) size() int { return s.n }

func (s *selection) sample() sample { return newSample(s.values) }

// binOf is the bin that holds the value of a rank, counted from 0.
func (s *selection) binOf(rank int) uint32 {
	at, _ := slices.BinarySearch(s.starts, int32(rank)+1)
	return uint32(at - 1)
}

// at is the value of a prepared rank.
func (s *selection) at(rank int) int64 {
	if s.sorted {
		return s.values[rank]
	}
	b := s.binOf(rank)
	return s.bins[b][rank-int(s.starts[b])]
}

// summary describes a sample of durations, in seconds.
type summary struct {
	n                int
	median, p75, p90 *float64
	// value is the figure that an aggregation makes, low and high its interval.
	value, low, high *float64
}

// summarise is summaryOf values, without an interval.
func summarise(values []int64) summary { return summaryOf(newSelection(values), 0) }

// summaryOf computes type 7 quantiles (linear interpolation between order
// statistics) and the order-statistic interval of the quantile at a level; 0
// is none.
func summaryOf(s ranker, level float64) summary {
	n := s.size()
	if n == 0 {
		return summary{}
	}
	low, high, enclosed := enclosing(n, level)
	ranks := []int{0}
	if enclosed {
		ranks = []int{low - 1, high - 1}
	}
	for _, p := range []float64{0.5, 0.75, 0.9} {
		below, _ := position(n, p)
		ranks = append(ranks, below, min(below+1, n-1))
	}
	s.prepare(ranks)
	out := summary{n: n, median: quantile(s, 0.5), p75: quantile(s, 0.75), p90: quantile(s, 0.9)}
	if enclosed {
		out.low, out.high = secondsOf(s.at(low-1)), secondsOf(s.at(high-1))
	}
	return out
}

// position is where a type 7 quantile lies: after so many order statistics,
// and how far towards the next.
func position(n int, p float64) (below int, fraction float64) {
	h := float64(n-1) * p
	below = min(int(h), n-1)
	return below, h - float64(below)
}

func quantile(s ranker, p float64) *float64 {
	below, fraction := position(s.size(), p)
	low, high := float64(s.at(below)), float64(s.at(min(below+1, s.size()-1)))
	v := (low + fraction*(high-low)) / 1e6
	return &v
}
