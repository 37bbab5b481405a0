package slo

import (
	"cmp"
	"math"
	"slices"
	"sort"
)

// byTiming weighs the changes that a stretch may have begun with. A change
// explains a beginning in slice s by the likelihood that it was s, halved for
// every half-life that s came after it. Incidents explain it as well as the
// policy says, and one that was opened before as a change does.
func (s *suspects) byTiming(one stretch, earliest int, incidents, innocent []int) hearing {
	reach := s.reach()
	lo, likelihood := s.onset(one, earliest, reach)
	h := hearing{anywhere: sum(likelihood), lo: lo, likelihood: likelihood, strength: strength(one)}
	first := sort.SearchInts(s.begins, lo-reach)
	for k := first; k < len(s.causes) && s.begins[k] < lo+len(likelihood); k++ {
		if s.causes[k].Kind != CauseIncident && !slices.Contains(innocent, k) && s.begins[k]+reach >= lo {
			h.suspects = append(h.suspects, suspect{cause: k})
		}
	}
	for _, k := range incidents {
		if s.policy.Incident*h.anywhere > 0 {
			h.incidents = append(h.incidents, suspect{cause: k})
		}
	}
	s.weights(&h)
	return h
}

// weights sets how much speaks for each suspect.
func (s *suspects) weights(h *hearing) {
	for i := range h.suspects {
		one := &h.suspects[i]
		one.weight, one.delayed = s.weight(s.begins[one.cause], h)
	}
	for i := range h.incidents {
		one := &h.incidents[i]
		before, _ := s.weight(s.begins[one.cause]+1, h)
		one.weight = max(s.policy.Incident*h.anywhere, before)
	}
}

func strength(one stretch) float64 { return math.Log(one.ratio / one.before.Ratio()) }

// suspect is a cause and how much speaks for it; delayed is that times how many
// slices later.
type suspect struct {
	cause           int
	weight, delayed float64
}

// weight is how well a change in a slice explains a beginning.
func (s *suspects) weight(begin int, h *hearing) (w, delayed float64) {
	for at := max(begin, h.lo); at < min(begin+len(s.fades), h.lo+len(h.likelihood)); at++ {
		one := h.likelihood[at-h.lo] * s.fades[at-begin]
		w, delayed = w+one, delayed+one*float64(at-begin)
	}
	return w, delayed
}

// onset is how likely a stretch began in each slice from lo on, beside the
// likeliest.
func (s *suspects) onset(one stretch, earliest, reach int) (lo int, likelihood []float64) {
	lo = max(earliest, one.from-reach)
	hi := min(one.alarm, one.from+reach)
	base := one.before.Ratio()
	per, log := one.ratio-base, math.Log(one.ratio/base)
	likelihood = make([]float64, hi-lo+1)
	gain := 0.0 // of beginning at one.from over beginning later
	for i := one.from; i <= hi; i++ {
		likelihood[i-lo] = math.Exp(min(0, -gain))
		gain += (s.x[i]*log - s.n[i]*per) / one.before.Spread
	}
	gain = 0
	for i := one.from - 1; i >= lo; i-- {
		gain += (s.x[i]*log - s.n[i]*per) / one.before.Spread
		likelihood[i-lo] = math.Exp(min(0, gain))
	}
	return lo, likelihood
}

// decide is the smallest set of suspects that is as sure as the policy wants;
// nobody, if it is not that sure that it was any of them. Equals go together. An
// incident tells of what came by itself, and takes the place of nobody.
func (s *suspects) decide(h hearing) owner {
	if len(h.owner.causes) > 0 {
		return h.owner
	}
	list, all, nobody := slices.Clone(h.suspects), 0.0, h.nobody*h.anywhere
	for _, one := range h.incidents {
		list = append(list, suspect{cause: one.cause, weight: one.weight + nobody})
	}
	if len(h.incidents) > 0 {
		nobody = 0
	}
	slices.SortStableFunc(list, func(a, b suspect) int { return cmp.Compare(b.weight, a.weight) })
	for _, one := range list {
		all += one.weight
	}
	if all == 0 || all < s.policy.Confidence*(all+nobody) {
		return owner{}
	}
	o, so := owner{basis: BasisTiming}, 0.0
	for i, one := range list {
		if one.weight == 0 {
			break
		}
		if so >= s.policy.Confidence*all && one.weight < list[i-1].weight*(1-1e-9) {
			break
		}
		so += one.weight
		o.causes = append(o.causes, one.cause)
	}
	slices.Sort(o.causes)
	o.sure = so / (all + nobody)
	if !slices.ContainsFunc(o.causes, func(k int) bool { return s.causes[k].Kind != CauseIncident }) {
		o.basis = BasisIncident
	}
	return o
}
