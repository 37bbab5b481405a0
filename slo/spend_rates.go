package slo

import (
	"cmp"
	"math"
	"slices"
	"sort"
	"time"
)

// What is thought of changes and of the world before anything was seen: of a
// score of changes one does harm, in three and a half days excess begins twice
// by itself, and two harms came as late as the policy says.
const (
	priorChanges = 20.0
	priorTime    = 84 * time.Hour
	priorAlone   = 2.0
	priorHarms   = 2.0
)

// alike is the logarithm of how many times one excess is as strong as another
// that is still much like it: four times.
const alike = 2 * math.Ln2

// hearing is what speaks for whom of one stretch.
type hearing struct {
	// owner is whom word or cohorts name; without one the suspects are weighed,
	// changes and incidents.
	owner               owner
	suspects, incidents []suspect
	// anywhere is the likelihood of all beginnings, and nobody how well chance
	// explains one, beside a change that begins in its slice.
	anywhere, nobody float64
	// likelihood is that of each beginning, from slice lo on.
	lo         int
	likelihood []float64
	// strength is the logarithm of how many times the ratio before it had.
	strength float64
}

// changed is how probable it is that a change brought a stretch about.
func (h hearing) changed() float64 {
	if len(h.owner.causes) > 0 {
		return 1
	}
	changes, others := h.sides()
	return changes / (changes + others)
}

// sides are how much speaks for changes, and for all else.
func (h hearing) sides() (changes, others float64) {
	others = h.nobody * h.anywhere
	for _, one := range h.suspects {
		changes += one.weight
	}
	for _, one := range h.incidents {
		others += one.weight
	}
	return changes, others
}

// weigh learns from all stretches how often a change does harm that is about as
// strong as each, how often that comes by itself, and how soon after a change it
// comes. Where changes are many and excess is seldom near one, being near one
// proves little. Who did a harm and these follow from each other, and are found
// by turns.
func (s *suspects) weigh(list []hearing) {
	order := make([]*hearing, len(list))
	for i := range list {
		order[i] = &list[i]
	}
	slices.SortStableFunc(order, func(a, b *hearing) int { return cmp.Compare(a.strength, b.strength) })
	changes, measured := s.seen()
	for _, h := range order {
		h.nobody = priorAlone * changes / measured * sum(s.fades)
	}
	by := make([]float64, len(list)+1) // before each in order, how many had a change
	for range 20 {
		for i, h := range order {
			by[i+1] = by[i] + h.changed()
		}
		s.fade(s.learnt(order))
		odds := changes / measured * sum(s.fades)
		for _, h := range order {
			lo := sort.Search(len(order), func(k int) bool { return order[k].strength >= h.strength-alike })
			hi := sort.Search(len(order), func(k int) bool { return order[k].strength > h.strength+alike })
			harm := by[hi] - by[lo]
			h.nobody = odds * (priorAlone + float64(hi-lo) - harm) / (1 + harm)
			s.weights(h)
		}
	}
}

// learnt is the delay, in slices, that halves how likely a change is the cause:
// the policy's if two harms were seen with it, and those of this service.
func (s *suspects) learnt(order []*hearing) float64 {
	n := priorHarms
	all := n * float64(s.policy.HalfLife) / float64(s.step) / math.Ln2
	for _, h := range order {
		if len(h.owner.causes) > 0 {
			continue
		}
		changes, others := h.sides()
		for _, one := range h.suspects {
			n, all = n+one.weight/(changes+others), all+one.delayed/(changes+others)
		}
	}
	return all / n * math.Ln2
}

// seen is how many changes and measured slices there were, those that are
// thought of before included.
func (s *suspects) seen() (changes, measured float64) {
	changes, measured = priorChanges, float64(priorTime)/float64(s.step)
	for k, c := range s.causes {
		if c.Kind != CauseIncident && s.begins[k] >= 0 && s.begins[k] < len(s.n) {
			changes++
		}
	}
	for _, n := range s.n {
		if n > 0 {
			measured++
		}
	}
	return changes, measured
}

// fade sets in how many slices a change becomes half as likely the cause.
func (s *suspects) fade(half float64) {
	s.fades = make([]float64, s.reach()+1)
	for d := range s.fades {
		s.fades[d] = math.Exp2(-float64(d) / half)
	}
}

// reach is how many slices after its change harm may begin.
func (s *suspects) reach() int { return max(1, s.slices(s.policy.Onset)) }
