package demo

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"time"
)

// chance is a stream of random numbers of its own name, so that what happens
// in one repository never depends on another.
type chance struct{ *rand.Rand }

func newChance(seed uint64, name string) chance {
	sum := sha256.Sum256([]byte(name))
	return chance{rand.New(rand.NewPCG(seed, binary.LittleEndian.Uint64(sum[:8])))}
}

// often is true with probability p.
func (c chance) often(p float64) bool { return c.Float64() < p }

// spread draws from a log-normal distribution, in whole seconds. A greater
// sigma has longer tails.
func (c chance) spread(median time.Duration, sigma float64) time.Duration {
	return time.Duration(float64(median) * math.Exp(sigma*c.NormFloat64())).Truncate(time.Second)
}

// between draws evenly from [a, b), in whole seconds.
func (c chance) between(a, b time.Duration) time.Duration {
	return a + time.Duration(c.Float64()*float64(b-a)).Truncate(time.Second)
}

// count draws from a Poisson distribution with a mean below about 50.
func (c chance) count(mean float64) int {
	limit, product, n := math.Exp(-mean), c.Float64(), 0
	for product > limit {
		product *= c.Float64()
		n++
	}
	return n
}

// weighted draws an index with a probability proportional to its weight.
func (c chance) weighted(weights ...float64) int {
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	at := c.Float64() * sum
	for i, w := range weights {
		if at -= w; at < 0 {
			return i
		}
	}
	return len(weights) - 1
}
